"""Sheets of marks: whose, in which exam, which subjects; what fits goes into the ledger, what does not is noted or asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.documents.importing import heading_words, students, subjects, words
from xlbangfu.documents.importing.accounts import TOTALS, Paper
from xlbangfu.documents.importing.chosen import learn_choices
from xlbangfu.documents.importing.columns import Block, Column, Content, Fate
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.exam_words import ExamWords
from xlbangfu.documents.importing.exams import Sitting, ask_again, ask_other, find_exam, is_declined
from xlbangfu.documents.importing.heading_words import Score
from xlbangfu.documents.importing.mark_ledger import BLOCK, EXAM, FILE_ROW, MARK, STATE, SUBJECT, Ledger, ResolvedMarks
from xlbangfu.documents.importing.marks import AS_NOUGHT, Marks, noughts_question, read_marks
from xlbangfu.documents.importing.students import Matched
from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import ABSENT, ROSTER, SCORES, SEPARATOR

_DAY_COLUMN = "考试日期"
_DAYS_OF_AN_EXAM = timedelta(days=4)
_LEAST_THERE = 5  # marks, to say that most of them differ
_GROUPED = 20  # so many rows that mean nobody are told together


class Tally(Struct):
    """What is said of one block in the end."""

    number: int
    block: Block
    exams: list[str] = field(default_factory=list)
    matched: int = 0
    nobody: int = 0
    held: int = 0
    ways: list[str] = field(default_factory=list)
    bad: int = 0
    declined: bool = False  # staff said of all its exams that they are not imported


def plan(draft: Draft, ledger: Ledger, block: Block, papers: Sequence[Paper], forced: str | None, number: int) -> Tally:
    """Take one block of marks in; ``forced`` is the 考试编号 that the caller asked for."""
    tally = Tally(number, block)
    taken = [paper for paper in by_subject(draft, block, papers) if subjects.takes(draft, block, paper)]
    grade = draft.grade_named(_grade_said(block))
    marks = read_marks(draft, block, taken, subjects.full_marks(draft, grade))
    tally.bad = sum(column.bad for column in marks)
    every = list(_by_exam(block, marks))
    if forced and len({key for key, _, _ in every}) > 1:
        raise BadArgument(
            f"“{block.title}”里不止一次考试，不能都算作 {forced}；请去掉 --exam 再导入，或先把考试拆成几份文件。"
        )
    alone = len({key for key, _, _ in every if not heading_words.MOMENT.fullmatch(key)}) < 2
    people = students.Matcher(draft, block)
    tally.declined = bool(every) and all(
        is_declined(draft, block, labels(block), group=group, alone=alone) for group, _, _ in every
    )
    for group, rows, columns in every:
        sitting = find_exam(draft, block, labels(block), forced, group=group, alone=alone)
        if sitting is None:
            continue
        matched = people.match(sitting.term.year, rows)
        if (
            forced is None
            and matched.elsewhere * 2 > rows.sum()
            and ask_again(
                draft,
                block,
                labels(block),
                group=group,
                alone=alone,
                thought=f"有 {matched.elsewhere} 人现在不在文件写的年级，可能是别的学年的考试",
            )
        ):
            continue
        found = _marks(draft, tally, sitting, matched, columns)
        counts = [ledger.differing(frame) for frame in found] if forced is None else []
        there, differing = sum(count for count, _ in counts), sum(count for _, count in counts)
        if (
            there >= _LEAST_THERE
            and 2 * differing > there
            and ask_other(
                draft,
                block,
                labels(block),
                sitting,
                group=group,
                alone=alone,
                thought=f"{sitting.number} 已有 {there} 个分数，和文件不同的有 {differing} 个：可能是另一次考试；"
                f"是更正就选 {sitting.number}，不同的会逐个列出，不改",
            )
        ):
            continue
        _take(draft, tally, sitting, matched)
        for frame in found:
            ledger.add(frame)
        learn_choices(draft, block, columns, matched.rows)
    return tally


def labels(block: Block) -> list[str]:
    """Where the exam may be named, the nearest first."""
    sheet = [block.grid.sheet] if ExamWords.of(block.grid.sheet).names_exam else []
    return [text for text in (*sheet, *block.titles, block.stem) if text]


def _grade_said(block: Block) -> str:
    said = ExamWords.together(labels(block)).grades
    return said[0] if len(said) == 1 else ""


def by_subject(draft: Draft, block: Block, papers: Sequence[Paper]) -> list[Paper]:
    """The papers; of a long table one for each subject that its rows name."""
    if block.content is not Content.LONG_SCORES:
        return list(papers)
    rows: dict[str, set[int]] = {}
    for index, subject in enumerate(_subjects_of_rows(draft, block)):
        if subject:
            rows.setdefault(subject, set()).add(index)
    return [
        replace(paper, subject=subject, records=frozenset(mine)) for paper in papers for subject, mine in rows.items()
    ]


def _by_exam(block: Block, marks: Sequence[Marks]) -> list[tuple[str, pl.Series, list[Marks]]]:
    """The marks by exam: what the headings or the rows say of it, which records, which columns."""
    height = len(block.records)
    named = _named(block)
    found: list[tuple[str, pl.Series, list[Marks]]] = []
    groups = list(dict.fromkeys(column.paper.exam for column in marks))
    together = "" in groups and all(_says_the_title(block, group) for group in groups if group)
    for group in [""] if together else groups:
        columns = [column for column in marks if together or column.paper.exam == group]
        for text in dict.fromkeys(named):
            rows = pl.Series([other == text for other in named], dtype=pl.Boolean)
            found.append((text or group, rows if height else pl.Series([], dtype=pl.Boolean), columns))
    return found


def _says_the_title(block: Block, group: str) -> bool:
    """Whether a heading names the exam of the title and no other: 语文期中 and 数学 under the title 期中."""
    title = ExamWords.together(labels(block))
    if heading_words.MOMENT.fullmatch(group):
        return False
    return bool(title.kinds) and ExamWords.of(group).filled(title) == title


def _named(block: Block) -> list[str | None]:
    """What each record says of its exam: the name, and the first of its days beside it."""
    names = block.texts(words.EXAM)
    days = [ExamWords.of(text).day if text else None for text in block.texts(_DAY_COLUMN)]
    first: dict[tuple[str | None, date], date] = {}
    for name, day in sorted(
        {(name, day) for name, day in zip(names, days, strict=True) if day}, key=lambda one: one[1]
    ):
        near = [known for (other, known) in first if other == name and day - known <= _DAYS_OF_AN_EXAM]
        first[name, day] = first[name, near[-1]] if near else day
    said = [first[name, day].isoformat() if day else None for name, day in zip(names, days, strict=True)]
    return [" ".join(part for part in pair if part) or None for pair in zip(names, said, strict=True)]


def _take(draft: Draft, tally: Tally, sitting: Sitting, matched: Matched) -> None:
    """What is said of one exam, of the students that the records mean."""
    if matched.rows.height:
        sitting.register()
    tally.exams.append(sitting.number)
    tally.matched += matched.rows[STUDENT].n_unique()
    tally.held += matched.held
    tally.nobody += len(matched.nobody)
    tally.ways += students.ways_said(matched.rows)
    _tell_nobody(draft, tally.block, matched.nobody)


def _marks(
    draft: Draft, tally: Tally, sitting: Sitting, matched: Matched, columns: Sequence[Marks]
) -> list[pl.DataFrame]:
    """The marks of one exam as the ledger takes them, a frame a column."""
    block, found = tally.block, []
    subject_of_row = _subjects_of_rows(draft, block) if block.content is Content.LONG_SCORES else None
    for column in columns:
        frame = pl.DataFrame(
            {MARK: column.numbers, STATE: column.states}, schema={MARK: pl.Float64, STATE: pl.String}
        ).with_row_index(students.INDEX)
        if subject_of_row is not None:
            frame = frame.filter(subject_of_row == column.paper.subject)
        joined = matched.rows.join(frame, on=students.INDEX, how="inner", maintain_order="left")
        found.append(
            joined.with_columns(
                pl.lit(tally.number).alias(BLOCK),
                pl.lit(sitting.number).alias(EXAM),
                pl.lit(column.paper.subject).alias(SUBJECT),
            )
        )
    return found


def _subjects_of_rows(draft: Draft, block: Block) -> pl.Series:
    """The subject of each record of a long table; empty for a total and where none is named."""
    known: dict[str | None, str] = {None: ""}
    texts = block.texts(words.SUBJECT)
    for text in set(filter(None, texts)):
        read = heading_words.read([text], draft.subjects)
        known[text] = "" if read.total or read.score is Score.NOT else read.subject or text
    return pl.Series([known[text] for text in texts], dtype=pl.String)


def _tell_nobody(draft: Draft, block: Block, nobody: Sequence[tuple[int, str, str | None, str | None]]) -> None:
    for row, why, number, name in nobody:
        draft.refuse(
            block.title,
            row,
            words.NUMBER if number else words.NAME,
            f"{why}，这一行没有导入",
            "改好文件或先在“名册”里补上，再导入一次",
            cell=f"第 {row} 行",
            kind="名册里对不上" if len(nobody) > _GROUPED else "",
            学号=number,
            姓名=name,
        )


def ask_noughts(draft: Draft, ledger: Ledger, tallies: Sequence[Tally]) -> None:
    """Ask, once a file, what 0 in every subject is; no mark of theirs goes in before."""
    found = ledger.noughts()
    blocks = {tally.number: tally.block for tally in tallies}
    for (file,), part in found.with_columns(
        pl.col(BLOCK).replace_strict({n: b.grid.file for n, b in blocks.items()}, return_dtype=pl.String).alias("_file")
    ).group_by("_file", maintain_order=True):
        answer = draft.answers.ask(
            noughts_question(str(file), "", f"{part.height} 人各科都是 0 分", part["姓名"].to_list())
        )
        if answer != AS_NOUGHT:
            ledger.replace_noughts(part, ABSENT if answer == ABSENT else None)


def tell(draft: Draft, tallies: Sequence[Tally], resolved: ResolvedMarks) -> None:
    """What became of the marks: a line a block, what differs from the sheet, what the files contradict each other in."""
    _tell_conflicts(draft, tallies, resolved.conflicting)
    _tell_differing(draft, tallies, resolved.differing)
    for row in resolved.unsafe.iter_rows(named=True):
        what = f"{row[EXAM]} 这一行里有读不出的格子或有重复的行，文件里的分数没有补进去"
        draft.warn(SCORES.name, row["_row"], EXAM, what, "先改好这一行，再导入一次", 学号=row["学号"], 姓名=row["姓名"])
    for tally in tallies:
        draft.lines.append(_line(tally, resolved.counts.get(tally.number, {})))


def _tell_conflicts(draft: Draft, tallies: Sequence[Tally], conflicting: pl.DataFrame) -> None:
    blocks = {tally.number: tally.block for tally in tallies}
    shown = conflicting.with_columns(
        pl.coalesce(STATE, pl.col(MARK).cast(pl.String).str.strip_suffix(".0")).alias("_shown")
    )
    for (exam, number, subject), part in shown.group_by([EXAM, STUDENT, SUBJECT], maintain_order=True):
        places = [
            f"{blocks[block].title} 第 {row} 行是 {mark}"
            for block, row, mark in part.select(BLOCK, FILE_ROW, "_shown").iter_rows()
        ]
        first = part.row(0, named=True)
        draft.refuse(
            blocks[first[BLOCK]].title,
            first[FILE_ROW],
            str(subject),
            f"{first['姓名']} {exam} {subject}有两个不同的分数（{'；'.join(places[:3])}），都没有导入",
            "改成一个再导入",
            cell=f"第 {first[FILE_ROW]} 行",
            学号=str(number),
            姓名=first["姓名"],
        )


def _tell_differing(draft: Draft, tallies: Sequence[Tally], differing: pl.DataFrame) -> None:
    names = dict(draft.rows(ROSTER).select("学号", "姓名").iter_rows())
    blocks = {tally.number: tally.block for tally in tallies}
    for row in differing.iter_rows(named=True):
        what = f"{row[EXAM]} {row['科目']}在“成绩”表里是 {row['总表']}，文件里是 {row['文件']}，没有改"
        draft.warn(
            blocks[row[BLOCK]].title,
            row[FILE_ROW],
            row["科目"],
            what,
            "核对试卷，要改就直接在“成绩”表里改",
            cell=f"第 {row[FILE_ROW]} 行",
            学号=row[STUDENT],
            姓名=names.get(row[STUDENT]),
        )


def _line(tally: Tally, count: dict[str, int]) -> str:
    block = tally.block
    exams = SEPARATOR.join(dict.fromkeys(tally.exams))
    head = [
        f"{block.title}：认作成绩{f'（{exams}）' if exams else ''}，表头在第 {block.header[0] + 1} 行",
        f"用了 {SEPARATOR.join(column.typed for column in block.columns if column.fate is Fate.TAKEN)}",
        left_out(block.columns),
    ]
    if not exams:
        why = "有问题等回答，分数还没有导入" if block.records else "表头下面没有学生"
        why = "回答是不导入" if tally.declined else why
        return "；".join(part for part in (*head, why) if part) + "。"
    parts = [
        *head,
        f"对上 {tally.matched} 人{'（' + '，'.join(tally.ways) + '）' if tally.ways else ''}，没对上 {tally.nobody} 行",
        f"等班级回答 {tally.held} 行" if tally.held else "",
        f"新增 {count.get('new', 0)} 行，已有 {_there(count)} 行，补上未录 {count.get('filled', 0)} 行",
        f"与总表不同 {count['differing']} 格" if count.get("differing") else "",
        f"不能用 {tally.bad} 格" if tally.bad else "",
        f"表尾 {block.footers} 行略去" if block.footers else "",
    ]
    return "；".join(part for part in parts if part) + "。"


def _there(count: dict[str, int]) -> int:
    return max(0, count.get("all", 0) - count.get("new", 0) - count.get("filled", 0))


def left_out(columns: Sequence[Column]) -> str:
    """The columns that are not used, in groups: 没有用 总分和名次共 12 列、备注."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        if column.fate is Fate.LEFT_OUT and column.typed:
            groups.setdefault(column.why, []).append(column.typed)
    ranks = groups.pop("名次、等级之类", []) + groups.pop(TOTALS, [])
    said = [f"总分和名次共 {len(ranks)} 列"] if len(ranks) > 1 else ranks
    for why, names in groups.items():
        shown = SEPARATOR.join(names[:3]) + (f"等 {len(names)} 列" if len(names) > 3 else "")
        said.append(f"{shown}（{why}）" if why != "不用" else shown)
    asked = [column.typed or "没有表头的一列" for column in columns if column.fate is Fate.ASKED]
    parts = [f"没有用 {SEPARATOR.join(said)}" if said else "", f"等回答 {SEPARATOR.join(asked)}" if asked else ""]
    return "；".join(part for part in parts if part)
