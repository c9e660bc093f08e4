"""Files of marks: whose, in which exam, which subjects; what fits goes into the ledger, what does not is noted."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from xlbangfu.documents.importing import cells, students, words
from xlbangfu.documents.importing.body import Sheet
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.exams import Guess, find_exam
from xlbangfu.documents.importing.headings import Column
from xlbangfu.documents.importing.ledger import EXAM, FILE_ROW, Ledger, Settled
from xlbangfu.documents.importing.subjects import full_marks
from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import ROSTER, SCORES, SEPARATOR, state_of

_SHARES = {
    "优秀线": 0.85,
    "及格线": 0.6,
    "低分线": 0.4,
}  # of the full mark, for a subject that the school does not have


@dataclass
class _Tally:
    """What is said of a sheet in the end."""

    exams: list[str]
    matched: int = 0
    nobody: int = 0
    new: int = 0
    there: int = 0
    filled: int = 0
    differing: int = 0
    bad: int = 0

    def add(self, settled: Settled) -> None:
        self.new += settled.new
        self.there += settled.there
        self.filled += settled.filled
        self.differing += settled.differing.height


def plan(draft: Draft, ledger: Ledger, sheet: Sheet, exam: str | None) -> None:
    """Take one sheet of marks in; ``exam`` is the 考试编号 that the caller asked for."""
    header, body = sheet.header, sheet.body
    rows, how = _whose(draft, sheet)
    tally = _Tally([], matched=rows.height, nobody=len(body.rows) - rows.height)
    full = full_marks(draft)
    groups = list(dict.fromkeys(column.group for column in header.marks))
    for group in groups:
        marked, bad = _marks(draft, sheet, [c for c in header.marks if c.group == group], rows, full)
        tally.bad += bad
        for number, of_exam in _by_exam(draft, sheet, group, marked, exam):
            settled = ledger.settle(of_exam.drop("_exam").with_columns(pl.lit(number).alias(EXAM)))
            tally.exams.append(number)
            tally.add(settled)
            _note_differing(draft, sheet, settled.differing)
    draft.lines.append(_line(sheet, tally, how))


def _whose(draft: Draft, sheet: Sheet) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that mean a student (学号, 姓名 and 班级 of the roster, 考时班级), and how many were found in which way."""
    roster = draft.rows(ROSTER)
    grade = _grade_of(sheet)
    typed = pl.DataFrame(
        {
            "学号": sheet.texts(words.NUMBER),
            "姓名": sheet.texts(words.NAME),
            "班级": _classes(draft, sheet, grade),
            "考号": sheet.texts(words.CANDIDATE),
            "_exam": sheet.texts(words.EXAM),
            FILE_ROW: sheet.body.numbers,
        },
        schema=dict.fromkeys(("学号", "姓名", "班级", "考号", "_exam"), pl.String) | {FILE_ROW: pl.Int64},
    ).with_row_index("_index")
    found = students.with_roster(typed, roster)
    nobody = found.filter(pl.col(STUDENT).is_null())
    known_people = students.KnownStudents.of(roster if nobody.height else roster.clear())
    for row in nobody.iter_rows(named=True):
        why = known_people.why_nobody(row)
        who = {"学号": row["学号"], "姓名": row["姓名"]}
        draft.refuse(
            sheet.title,
            row[FILE_ROW],
            "学号",
            f"{why}，这一行没有导入",
            "改好文件或先在“名册”里补上，再导入一次",
            **who,
        )
    known = roster.select("学号", "姓名", "班级").unique(subset=["学号"], keep="first")
    rows = (
        found.filter(pl.col(STUDENT).is_not_null())
        .rename({"班级": "_then"})
        .select("_index", FILE_ROW, "_exam", STUDENT, students.HOW, "_then")
        .join(known, left_on=STUDENT, right_on="学号", how="left", maintain_order="left")
        .with_columns(
            pl.col(STUDENT).alias("学号"),
            pl.when(pl.col("_then") != pl.col("班级")).then(pl.col("_then")).alias("考时班级"),
        )
    )
    count = dict(rows.group_by(students.HOW).len().iter_rows())
    return rows.drop(students.HOW, "_then"), count


def _classes(draft: Draft, sheet: Sheet, grade: str) -> list[str | None]:
    """The class of each row, as the school writes it; that of the title or the sheet's name where there is no column."""
    if sheet.header.column(words.CLASS) is None:
        titles = (sheet.grid.sheet, *sheet.header.titles)
        whole = next((name for text in titles if (name := _class_in(draft, text, grade))), None)
        return [whole] * len(sheet.body.rows)
    found: dict[tuple[str, str], str] = {}
    answer: list[str | None] = []
    for typed, own in zip(sheet.texts(words.CLASS), sheet.texts(words.GRADE), strict=True):
        key = (typed or "", own or grade)
        if key not in found:
            found[key] = draft.classes.find(*key) or key[0]
        answer.append(found[key] or None)
    return answer


def _class_in(draft: Draft, text: str, grade: str) -> str | None:
    """The class that a title is about, if it names one with 班."""
    plain = words.text(text)
    for start in range(len(plain)):
        end = plain.find("班", start)
        if end < 0:
            return None
        found = draft.classes.find(plain[start : end + 1], grade)
        if found:
            return found
    return None


def _grade_of(sheet: Sheet) -> str:
    return next((grade for text in _labels(sheet, "") if (grade := Guess.of(text).grade)), "")


def _labels(sheet: Sheet, group: str) -> list[str]:
    """Where the exam may be named, the nearest first."""
    titles = sorted(sheet.header.titles, key=len, reverse=True)
    return [text for text in (group, sheet.grid.sheet, *titles, sheet.grid.stem) if text]


def _by_exam(
    draft: Draft, sheet: Sheet, group: str, rows: pl.DataFrame, forced: str | None
) -> list[tuple[str, pl.DataFrame]]:
    """The rows by 考试编号; those whose exam cannot be told are left out, with a problem."""
    labels = _labels(sheet, group)
    answer = []
    if forced and (group or rows["_exam"].n_unique() > 1):
        raise BadArgument(
            f"“{sheet.title}”里不止一次考试，不能都算作 {forced}；请去掉 --exam 再导入，或先把考试拆成几份文件。"
        )
    for (typed,), part in rows.group_by("_exam", maintain_order=True):
        said = [str(typed), *labels] if typed else labels
        number = find_exam(draft, said, forced, where=sheet.title)
        if number:
            answer.append((number, part))
    return answer


def _marks(
    draft: Draft, sheet: Sheet, columns: list[Column], rows: pl.DataFrame, full: dict[str, float]
) -> tuple[pl.DataFrame, int]:
    """The rows with the marks of these columns, and how many cells could not be used."""
    indexes = rows["_index"].to_list()
    numbers, who = rows[FILE_ROW].to_list(), rows.select("学号", "姓名").rows()
    bad = 0
    marks: dict[str, pl.Series] = {}
    for column in columns:
        every = sheet.body.cells(column)
        read = [cells.mark(every[index]) for index in indexes]
        values, states = [mark for mark, _, _ in read], [state for _, state, _ in read]
        limit = full.get(column.subject, float("inf"))
        for place, (mark, _, odd) in enumerate(read):
            if odd or (mark is not None and not 0 <= mark <= limit):
                what = f"{column.subject} «{odd or words.text(mark)}» " + (
                    "不是分数" if odd else f"不在 0 到满分 {limit:g} 之间"
                )
                who_there = dict(zip(("学号", "姓名"), who[place], strict=True))
                remedy = "填分数、缺考或免考，没有成绩就空着，改好再导入"
                draft.refuse(sheet.title, numbers[place], column.typed, f"{what}，这一格没有导入", remedy, **who_there)
                values[place] = None
                bad += 1
        marks[column.subject] = pl.Series(column.subject, values, dtype=pl.Float64)
        marks[state_of(column.subject)] = pl.Series(state_of(column.subject), states, dtype=pl.String)
    return rows.drop("_index").hstack(list(marks.values())), bad


def _note_differing(draft: Draft, sheet: Sheet, differing: pl.DataFrame) -> None:
    names = dict(draft.rows(ROSTER).select("学号", "姓名").iter_rows())
    for row in differing.iter_rows(named=True):
        what = f"{row[EXAM]} {row['科目']}在“成绩”表里是 {row['总表']}，文件里是 {row['文件']}，没有改"
        number = row[STUDENT]
        draft.warn(
            sheet.title,
            row[FILE_ROW],
            row["科目"],
            what,
            "核对试卷，要改就直接在“成绩”表里改",
            学号=number,
            姓名=names.get(number),
        )


def note_unsafe(draft: Draft, rows: pl.DataFrame) -> None:
    """Say which rows of 成绩 could not be completed."""
    for row in rows.iter_rows(named=True):
        what = f"{row[EXAM]} 这一行里有读不出的格子或有重复的行，文件里的分数没有补进去"
        draft.warn(SCORES.name, row["_row"], EXAM, what, "先改好这一行，再导入一次", 学号=row["学号"], 姓名=row["姓名"])


def _line(sheet: Sheet, tally: _Tally, how: dict[str, int]) -> str:
    header, body = sheet.header, sheet.body
    used = [column.typed if not column.group else f"{column.group}{column.typed}" for column in header.columns]
    found = [f"其中 {how[way]} 人{text}" for way, text in _WAYS.items() if how.get(way)]
    parts = [
        f"{sheet.title}：认作成绩（{SEPARATOR.join(dict.fromkeys(tally.exams)) or '考试不明'}），表头在第 {header.first + 1} 行",
        f"用了 {SEPARATOR.join(used)}",
        f"没有用 {SEPARATOR.join(header.left_out)}" if header.left_out else "",
        f"对上 {tally.matched} 人{'（' + '，'.join(found) + '）' if found else ''}，没对上 {tally.nobody} 行",
        f"新增 {tally.new} 行，已有 {tally.there} 行，补上未录 {tally.filled} 行",
        f"与总表不同 {tally.differing} 格" if tally.differing else "",
        f"不能用 {tally.bad} 格" if tally.bad else "",
        f"表尾 {body.footers} 行略去" if body.footers else "",
    ]
    return "；".join(part for part in parts if part) + "。"


_WAYS = {
    students.BY_CANDIDATE: "按考号和姓名对上",
    students.BY_ZEROS: "的学号补回了开头的 0",
    students.BY_MOVE: "考试时在别的班",
}
