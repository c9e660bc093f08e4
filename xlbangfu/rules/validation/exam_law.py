"""考试 that the rules on daily exams do not allow, by 年级 (DOMAIN rule 16).

教育部, 30 August 2021 (义务教育学校考试管理) and 17 December 2025 (中小学日常考试管理, which goes before it): exams of a whole 年级;

* grades 1 and 2 sit no paper exam; in the other compulsory grades a term has one 期末, in 初中 also one 期中 at most
  (``exam_checks`` finds the second one of a kind);
* the last 年级 of 初中 and of 高中 may have one or two 模拟 while it revises, no other 年级 any;
* no exam across schools or of a district but for those last years;
* 高中 is to hold few: no number is given, so none is checked.

竞赛 is not for a whole 年级. A 年级 that cannot be told follows 「学段」, and where that is 高中 no exam is one of 义务教育.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import polars as pl

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.class_names import ClassNames, FoundGrade
from xlbangfu.rules.class_spelling import first_year
from xlbangfu.rules.grades import HIGH, PRIMARY, Ladder
from xlbangfu.rules.people import split
from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import found
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, EXAMS, ROW, SEPARATOR

MIDTERM, MOCK, CONTEST = "期中", "模拟", "竞赛"
OFTEN = ("月考", "单元", "摸底")
COMPULSORY = "义务教育"
MOST_MOCKS = 2
_NO_PAPER = 2  # the last grade without paper exams
_LAST_YEARS = (9, 12)
_ACROSS = late_pattern("联考|统考|统测|跨校|联合考试|区域|抽测|抽考")


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """One 警告 for each exam that is not allowed, with what is not and for which 年级."""
    frame = sheets.clean(EXAMS).drop_nulls("类型")
    reasons = dict(_reasons(sheets, frame))
    if reasons:
        bad = frame.filter(pl.col(ROW).is_in(list(reasons)))
        why = pl.col(ROW).replace_strict(reasons, return_dtype=pl.String)
        yield found(checks.NOT_ALLOWED, EXAMS, bad, "类型", why=why)


def _reasons(sheets: Sheets, frame: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Excel row and why, the earlier exams first."""
    school = sheets.school
    usual = sheets.clean(CLASSES)["年级"].drop_nulls().unique(maintain_order=True).to_list()
    compulsory, mocks = school.settings.stage == COMPULSORY, Counter[tuple[str, int]]()
    columns = frame.select(ROW, "考试编号", "名称", "类型", "学期", split(pl.col("年级")).alias("_grades"))
    for exam in columns.join(frame.select(ROW, "日期"), on=ROW).sort("日期", nulls_last=True).iter_rows(named=True):
        levels = _levels(school.class_names, exam, usual, first_year(exam["学期"], school.today))
        if levels and not compulsory:
            levels = {level: name for level, name in levels.items() if level > _LAST_YEARS[0]}
        if levels:
            said = list(_against(exam, levels, school.class_names.ladder, mocks))
        else:
            said = [_OFTEN] if compulsory and exam["类型"] in OFTEN else []
        if said:
            yield exam[ROW], "；".join(said)


def _levels(names: ClassNames, exam: dict[str, Any], usual: list[str], year: int) -> dict[int, str]:
    """The levels that the exam is for, each with its 年级 as written; those that cannot be told are left out."""
    grades = exam["_grades"] or usual
    read = {grade: names.find_grade(grade, school_year=year) for grade in grades}
    return {known.level: grade for grade, known in read.items() if isinstance(known, FoundGrade)}


_OFTEN = "义务教育阶段每学期只有一次期末、初中至多再有一次期中"


def _against(
    exam: dict[str, Any], levels: dict[int, str], ladder: Ladder, mocks: Counter[tuple[str, int]]
) -> Iterator[str]:
    kind, compulsory = exam["类型"], {level: name for level, name in levels.items() if ladder.stage_of(level) != HIGH}
    if kind == CONTEST:
        return
    if young := [name for level, name in levels.items() if level <= _NO_PAPER]:
        yield f"{SEPARATOR.join(young)} 不进行纸笔考试"
    if compulsory and kind in OFTEN:
        yield _OFTEN
    if kind == MIDTERM and (small := _of_primary(levels, ladder)):
        yield f"{SEPARATOR.join(small)} 是小学，每学期只有一次期末"
    if kind == MOCK:
        yield from _mock(exam, levels, mocks)
    others = [name for level, name in levels.items() if level not in _LAST_YEARS]
    if others and _ACROSS.search(exam["名称"] or ""):
        yield f"{SEPARATOR.join(others)} 不是毕业年级，不得参加区域性或跨校的考试"


def _of_primary(levels: dict[int, str], ladder: Ladder) -> list[str]:
    return [name for level, name in levels.items() if level > _NO_PAPER and ladder.stage_of(level) == PRIMARY]


def _mock(exam: dict[str, Any], levels: dict[int, str], mocks: Counter[tuple[str, int]]) -> Iterator[str]:
    if others := [name for level, name in levels.items() if level not in _LAST_YEARS]:
        yield f"{SEPARATOR.join(others)} 不是毕业年级，没有模拟考试"
    last = [level for level in levels if level in _LAST_YEARS]
    mocks.update((exam["学期"] or "", level) for level in last)
    if any(mocks[exam["学期"] or "", level] > MOST_MOCKS for level in last):
        yield f"总复习阶段的模拟考试至多 {MOST_MOCKS} 次"
