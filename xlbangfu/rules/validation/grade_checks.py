"""One 年级 under two spellings (七年级, 初一), which would be ranked as two; marks in a 选考 subject that was not chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.chosen_subjects import NOT_CHOSEN, optional_subjects, with_choices
from xlbangfu.rules.class_names import FoundGrade
from xlbangfu.rules.class_spelling import school_classes
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import found, whole
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, ROSTER, ROW, SCORES, SEPARATOR, state_of

_SHOWN = 3


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Classes whose 年级 is spelled otherwise than most of its classes have it (the first, of as many), and subjects with marks of students who have not chosen them."""
    yield from _spelled_twice(sheets)
    yield from _not_chosen(sheets)


def _spelled_twice(sheets: Sheets) -> Iterator[pl.DataFrame]:
    frame = sheets.clean(CLASSES)
    if frame["年级"].n_unique() < 2:
        return
    names = school_classes(frame, sheets.school.settings, sheets.school.today)
    rows = frame.select(ROW, "年级").drop_nulls().rows()
    levels = {grade: known.level for _, grade in rows if isinstance(known := names.find_grade(grade), FoundGrade)}
    times = Counter(grade for _, grade in rows if grade in levels)
    usual = {levels[grade]: grade for grade, _ in reversed(times.most_common())}
    odd = {row: usual[levels[grade]] for row, grade in rows if grade in levels and usual[levels[grade]] != grade}
    if odd:
        bad = frame.filter(pl.col(ROW).is_in(list(odd)))
        other = pl.col(ROW).replace_strict(odd, return_dtype=pl.String)
        yield found(checks.GRADE_TWICE, CLASSES, bad, "年级", other=other)


def _not_chosen(sheets: Sheets) -> Iterator[pl.DataFrame]:
    if not optional_subjects(sheets.school):
        return
    scores = sheets[SCORES]
    rooms = sheets.clean(ROSTER).select(学号="学号", _room="班级").unique("学号", keep="first")
    years = sheets.clean(CLASSES).select(_room="班级", 年级="年级").unique("_room", keep="first")
    marked = sheets.marked(scores)
    rows = (
        scores.select(pl.col(STUDENT).alias("学号"), *(name for one in marked for name in (one, state_of(one))))
        .join(rooms, on="学号", how="left", maintain_order="left")
        .join(years, on="_room", how="left", maintain_order="left")
    )
    chosen = with_choices(sheets.school, rows)
    for subject in marked:
        lost = (chosen[state_of(subject)] == NOT_CHOSEN).fill_null(False) & rows[subject].is_not_null()
        if lost.any():
            numbers = rows.filter(lost)["学号"].unique(maintain_order=True)
            yield whole(checks.MARK_NOT_CHOSEN, SCORES, subject, count=str(len(numbers)), who=_names(sheets, numbers))


def _names(sheets: Sheets, numbers: pl.Series) -> str:
    """The first few students, by name."""
    names = dict(sheets.clean(ROSTER).select("学号", "姓名").iter_rows())
    shown = SEPARATOR.join(names.get(number) or number for number in numbers[:_SHOWN])
    return shown + ("等" if len(numbers) > _SHOWN else "")
