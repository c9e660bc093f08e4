"""What a sheet of marks of 高中 says of 选考: the subjects that each student has marks in, and those that a dash leaves out.

Asked once a sheet, for it decides who is ranked; then 科目 gets its 选考 and 名册 its 选科, where they are empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from msgspec import Struct

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.choices import OPTIONAL, choice_texts, chosen_subjects
from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.marks import Marks
from xlbangfu.documents.importing.questions import SCHOOL, Ask, Question
from xlbangfu.documents.importing.students import INDEX
from xlbangfu.rules.people import STUDENT
from xlbangfu.schema import ROSTER, SEPARATOR, SUBJECTS, YES

BY_MARKS, BY_COLUMN = "是选考，按有分的科目写选科", "是选考，按选科组合一列写选科"
NOT_OPTIONAL = "不是选考，没有分就是缺"
_LEAST_SUBJECTS = 4
_CHOSEN = 3
_NEARLY_ALL = 0.8
_HIGH = 10
_SHOWN = 3


class _Choice(Struct, frozen=True):
    """What a record says: the optional subjects with a mark, and those that 选科组合 names (None: it says nothing)."""

    student: str
    marked: tuple[str, ...]
    written: tuple[str, ...] | None


def learn_choices(draft: Draft, block: Block, marks: Sequence[Marks], rows: pl.DataFrame) -> None:
    """Put to staff what a sheet says of 选考, and write it after a yes; ``rows`` are the records with their students."""
    optional = {words.subject(name, draft.subjects) or name for name in OPTIONAL}
    columns = [one for one in marks if one.paper.subject in optional]
    choices = _choices(draft, block, columns, rows)
    if not _are_optional(draft, columns, choices):
        return
    names = [one.paper.subject for one in columns]
    answer = _ask(draft, block, names, choices)
    if answer not in (BY_MARKS, BY_COLUMN):
        return
    grades = {draft.grade_of(room) for room in _rooms(draft, choices).values()}
    _mark_subjects(draft, block, names, grades - {""})
    _fill_choices(draft, block, choices, by_column=answer == BY_COLUMN)


def _choices(draft: Draft, block: Block, columns: Sequence[Marks], rows: pl.DataFrame) -> list[_Choice]:
    written = choice_texts(block)
    found = []
    for index, student in rows.select(INDEX, STUDENT).iter_rows():
        marked = tuple(one.paper.subject for one in columns if one.numbers[index] is not None or one.states[index])
        text = written[index]
        named = chosen_subjects(text, draft.subjects) if text else None
        found.append(_Choice(student, marked, tuple(named) if named else None))
    return found


def _rooms(draft: Draft, choices: Sequence[_Choice]) -> dict[str, str]:
    students = {one.student for one in choices}
    roster = draft.rows(ROSTER).filter(pl.col("学号").is_in(list(students)))
    return dict(roster.select("学号", "班级").drop_nulls().iter_rows())


def _are_optional(draft: Draft, columns: Sequence[Marks], choices: Sequence[_Choice]) -> bool:
    """Whether students of 高中 have marks in three of at least four of these subjects, nearly all of them."""
    if len({one.paper.subject for one in columns}) < _LEAST_SUBJECTS or not choices:
        return False
    levels = {one.name: one.level or 0 for one in draft.classes.classes}
    if not all(levels.get(room, 0) >= _HIGH for room in _rooms(draft, choices).values()):
        return False
    return sum(len(one.marked) == _CHOSEN for one in choices) >= _NEARLY_ALL * len(choices)


def _ask(draft: Draft, block: Block, names: Sequence[str], choices: Sequence[_Choice]) -> str | None:
    written = any(one.written is not None for one in choices)
    differing = [one for one in choices if one.written is not None and set(one.written) != set(one.marked)]
    said = "每人只有三科有分，像是选考"
    if differing:
        said += f"；选科组合一列和成绩对不上的有 {len(differing)} 人"
    people = dict(draft.rows(ROSTER).select("学号", "姓名").iter_rows())
    shown = [f"{people.get(one.student)}：{SEPARATOR.join(one.marked)}" for one in (differing or choices)[:_SHOWN]]
    return draft.answers.ask(
        Question(
            ask=Ask.PROPOSAL,
            file=block.grid.file,
            sheet=block.grid.sheet,
            about=f"{SEPARATOR.join(names)}是不是选考",
            sample=tuple(shown),
            thought=said,
            choices=(BY_MARKS, *((BY_COLUMN,) if written else ()), NOT_OPTIONAL),
            shape=SCHOOL,
        )
    )


def _mark_subjects(draft: Draft, block: Block, names: Sequence[str], grades: set[str]) -> None:
    """选考 of the subjects: on their rows where 高中 has them alone, else on rows of these grades."""
    alone = all((one.level or _HIGH) >= _HIGH for one in draft.classes.classes)
    rows = draft.rows(SUBJECTS).filter(pl.col("科目").is_in(list(names)))
    marked: list[str] = []
    for row in rows.iter_rows(named=True):
        if row["选考"] is None and (alone or row["年级"] in grades):
            draft.fill(SUBJECTS, (row["年级"], row["科目"]), {"选考": YES})
            marked.append(row["科目"])
    if not alone:
        marked += _add_rows(draft, rows, grades)
    if marked:
        draft.lines.append(f"{block.title}：“科目”表 {SEPARATOR.join(dict.fromkeys(marked))} 的选考写上“是”。")


def _add_rows(draft: Draft, rows: pl.DataFrame, grades: set[str]) -> list[str]:
    """Rows of 科目 for these grades, where only the row for all has the subject."""
    own = set(rows.select("年级", "科目").iter_rows())
    for_all = rows.filter(pl.col("年级").is_null()).to_dicts()
    made = [
        row | {"年级": grade, "选考": YES}
        for row in for_all
        for grade in sorted(grades)
        if (grade, row["科目"]) not in own
    ]
    draft.append(SUBJECTS, pl.DataFrame(made, schema=SUBJECTS.frame_schema) if made else SUBJECTS.empty())
    return [row["科目"] for row in made]


def _fill_choices(draft: Draft, block: Block, choices: Sequence[_Choice], *, by_column: bool) -> None:
    """选科 of the students who have none; what differs from 名册 is told, once a sheet."""
    there: Mapping[str, tuple[str | None, str | None]] = {
        number: (name, chosen) for number, name, chosen in draft.rows(ROSTER).select("学号", "姓名", "选科").iter_rows()
    }
    filled, differing = 0, []
    for one in choices:
        subjects = one.written if by_column else one.marked
        name, known = there[one.student]
        if not subjects or (known and set(known.split(SEPARATOR)) == set(subjects)):
            continue
        if known:
            differing.append(f"{name} 名册 {known}，文件 {SEPARATOR.join(subjects)}")
        else:
            draft.fill(ROSTER, (one.student,), {"选科": SEPARATOR.join(subjects)})
            filled += 1
    if filled:
        draft.lines.append(f"{block.title}：“名册”给 {filled} 人写上选科。")
    if differing:
        what = f"{len(differing)} 人的选科和名册不同（{'；'.join(differing[:_SHOWN])}），没有改"
        draft.warn(block.title, None, "选科", what, "确实改选了，就在“名册”表里改选科")
