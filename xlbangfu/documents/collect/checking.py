"""Which filled rows of a page can be taken: every cell of a row is right, or the row is not taken at all.

A log entry needs 日期, 学生, 教师, 类型 and 内容; its students are of the page's class today, on a teacher's page own students; a date is in the school year
and not in the future. A behaviour mark needs 月份, one 学生 and 评价人, an absence 日期, one 学生, 节次 and 类型. A row of marks without a mark and without 说明 is
none, be the student in it already or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from msgspec import Struct

from xlbangfu.documents.class_page.fill_in import STUDENT_COLUMN
from xlbangfu.documents.collect.complaints import Complaint, Place, found
from xlbangfu.documents.collect.forms import ABSENCE_FORM, BY_FORM, CONDUCT_FORM, LOG_FORM, MARKS, OWN_LOG_FORM
from xlbangfu.documents.collect.identity import Identity
from xlbangfu.documents.collect.naming import ELSEWHERE, HOW_MANY, LOST, own_students, with_students
from xlbangfu.rules import problems
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind
from xlbangfu.rules.people import split, teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.rules.validation.date_checks import MONTH
from xlbangfu.schema import LOG, NO, ROW, SEPARATOR, TEACHERS, YES, Column, Defect, Table, Type

TEACHER = "_teacher"  # the 工号 that a row's teacher means
_LONGEST = 32_000  # signs that a cell of Excel holds, with some to spare
_READ_ANYWAY = (Defect.NUMBER_AS_TEXT, Defect.DATE_AS_TEXT)
_UNREAD = {
    Defect.FORMULA_ERROR: ("公式出错（{}），读不出内容", "把公式换成内容本身"),
    Defect.NUMBER_AS_ID: ("{} 是读不全的数字", "从下拉里选学生，或把格子设成文本再写学号"),
    Defect.NOT_A_DATE: ("“{}”不是日期", "写成 2025-09-01 的样子"),
    Defect.NOT_A_NUMBER: ("“{}”不是数字", "只写数字，不写单位"),
    Defect.MERGED: ("格子合并过（{}）", "取消合并，一次联系写一行，每格填全"),
}


class Rows(Struct, frozen=True, kw_only=True):
    """The rows of a form that can be taken, with what naming found, and TEACHER; how many were filled in; and what is
    wrong with the others."""

    place: Place
    good: pl.DataFrame
    count: int
    problems: pl.DataFrame

    @property
    def refused(self) -> int:
        return self.count - self.good.height


def checked_rows(place: Place, school: School, page: Identity, *, today: date) -> Rows:
    """The filled rows of one form of a page, checked."""
    form = place.filled.form
    frame = _marked(place) if form == CONDUCT_FORM else place.filled.frame
    staff = BY_FORM[form].staff
    if staff and staff not in frame.columns:
        frame = frame.with_columns(pl.lit(page.owner).alias(staff))
    number = teacher_ids(frame[staff], school[TEACHERS]) if staff else pl.lit(None, dtype=pl.String)
    named = with_students(frame, school, own_students(page, school), page.students)
    frame = named.with_columns(number.alias(TEACHER))
    rules = (*_RULES[form](school, today), _of_others(page.kind))
    wrong = problems.collect(_unread(place, frame), found(place, frame, (*rules, *_usual(place))))
    wrong = wrong.unique(["行", "列"], keep="first", maintain_order=True)
    good = frame.filter(~pl.col(ROW).is_in(wrong["行"].implode()))
    return Rows(place=place, good=good, count=frame.height, problems=wrong)


def _marked(place: Place) -> pl.DataFrame:
    """The rows of marks in which something was marked, or could not be read."""
    odd = place.filled.defects.filter(pl.col("列").is_in([*MARKS, "说明"]))[ROW].drop_nulls()
    filled = pl.any_horizontal(pl.col(*MARKS, "说明").is_not_null())
    return place.filled.frame.filter(filled | pl.col(ROW).is_in(odd.implode()))


def _unread(place: Place, frame: pl.DataFrame) -> pl.DataFrame:
    """Cells that could not be read, as problems; a number or date typed as text can."""
    odd = place.filled.defects.filter(pl.col(ROW).is_not_null(), ~pl.col("缺陷").is_in(_READ_ANYWAY))
    odd = odd.filter(pl.col(ROW).is_in(frame[ROW].implode()))
    asked = [
        Complaint(
            when=(pl.col("缺陷") == kind) & (pl.col("列") == column), column=column, what=what, remedy=remedy,
            value=pl.col("原值"),
        )
        for column, kind in odd.select("列", "缺陷").unique(maintain_order=True).iter_rows()
        for what, remedy in [_UNREAD.get(kind, ("“{}”读不出", "重新填这一格"))]
    ]  # fmt: skip
    return found(place, odd, asked)


def _usual(place: Place) -> Iterator[Complaint]:
    """What is asked of every form: from the list, within bounds, not too long."""
    for column in place.filled.form:
        cell = pl.col(column.name)
        if column.choices and not column.many:
            yield _not_listed(~cell.is_in(column.choices), column.name, column.choices)
        if column.choices and column.many:
            yield _not_listed(_other_part(column, column.choices), column.name, column.choices)
        if column.type is Type.YESNO:
            yield _not_listed(~cell.is_in([YES, NO]), column.name, (YES, NO))
        if column.low is not None and column.high is not None:
            bounds = f"{column.low:g} 到 {column.high:g}"
            yield Complaint(
                when=~cell.is_between(column.low, column.high),
                column=column.name,
                what=f"{{}} 不在 {bounds} 之间",
                remedy=f"“{column.name}”填 {bounds}",
            )
        if column.type in (Type.TEXT, Type.LONG, Type.ID):
            yield Complaint(
                when=cell.str.len_chars() > _LONGEST, column=column.name, what="文字太长", remedy="写短一些再交"
            )


def _not_listed(when: pl.Expr, column: str, choices: Sequence[str]) -> Complaint:
    return Complaint(when=when, column=column, what="“{}”不在可选的里面", remedy=f"选 {SEPARATOR.join(choices)}")


def _other_part(column: Column, choices: Sequence[str]) -> pl.Expr:
    """Whether any part of a cell is none of the choices."""
    return split(pl.col(column.name)).list.set_difference(pl.lit(["", *choices])).list.len() > 0


def _needed(names: Sequence[str]) -> Iterator[Complaint]:
    for name in names:
        yield Complaint(when=pl.col(name).is_null(), column=name, what="没有填", remedy=f"填上“{name}”")


def _students(one_only: bool) -> Iterator[Complaint]:
    yield Complaint(
        when=(pl.col(LOST) != "").fill_null(False),
        column=STUDENT_COLUMN,
        what="“{}”找不到或不止一人",
        remedy="从下拉里选学生，或写“学号 姓名”，几个人用、隔开",
        value=pl.col(LOST),
    )
    if one_only:
        yield Complaint(when=pl.col(HOW_MANY) > 1, column=STUDENT_COLUMN, what="{} 不止一人", remedy="一行写一名学生")


def _of_others(kind: PageKind) -> Complaint:
    """A student of whom this page may not tell."""
    what, remedy = {
        CLASS_PAGE: ("{} 现在不在本班", "改成本班学生；转了班的，请把这次联系报给现在的班主任"),
        TEACHER_PAGE: ("{} 不是和您结对的学生", "改成这份帮扶页上的学生；别的学生请把这次联系报给他的班主任"),
    }[kind]
    when = (pl.col(ELSEWHERE) != "").fill_null(False)
    return Complaint(when=when, column=STUDENT_COLUMN, what=what, remedy=remedy, value=pl.col(ELSEWHERE))


def _log_rules(school: School, today: date) -> Iterator[Complaint]:
    settings = school.settings
    yield from _needed(["日期", STUDENT_COLUMN, "教师", "类型", "内容"])
    yield from _students(one_only=False)
    yield from _days(school, today, "改成联系的那一天")
    yield Complaint(
        when=pl.col("教师").is_not_null() & pl.col(TEACHER).is_null(),
        column="教师",
        what="“{}”在“教师”表里找不到或有同名",
        remedy="从下拉里选，或写“工号 姓名”",
    )
    yield _not_listed(_other_part(LOG["优先类"], settings.priorities), "优先类", settings.priorities)


def _days(school: School, today: date, remedy: str) -> Iterator[Complaint]:
    """A day in the school year that has come."""
    settings = school.settings
    yield Complaint(
        when=~pl.col("日期").is_between(settings.year_start, settings.year_end),
        column="日期",
        what=f"{{}} 不在学年 {settings.year_start} 到 {settings.year_end} 之内",
        remedy="改对日期",
    )
    yield Complaint(when=pl.col("日期") > today, column="日期", what="{} 还没有到", remedy=remedy)


def _conduct_rules(school: School, today: date) -> Iterator[Complaint]:
    settings, month = school.settings, pl.col("月份")
    yield from _needed(["月份", STUDENT_COLUMN, "评价人"])
    yield from _students(one_only=True)
    yield Complaint(when=~month.str.contains(MONTH), column="月份", what="“{}”不是月份", remedy="写成 2025-09 的样子")
    first, last = f"{settings.year_start:%Y-%m}", f"{min(settings.year_end, today):%Y-%m}"
    yield Complaint(
        when=month.str.contains(MONTH) & ~month.is_between(pl.lit(first), pl.lit(last)),
        column="月份",
        what=f"{{}} 不在本学年到今天之内（{first} 到 {last}）",
        remedy="改对月份",
    )


def _absence_rules(school: School, today: date) -> Iterator[Complaint]:
    yield from _needed(["日期", STUDENT_COLUMN, "节次", "类型"])
    yield from _students(one_only=True)
    yield from _days(school, today, "改成没来的那一天")


_RULES: Mapping[Table, Callable[[School, date], Iterator[Complaint]]] = {
    LOG_FORM: _log_rules,
    OWN_LOG_FORM: _log_rules,
    CONDUCT_FORM: _conduct_rules,
    ABSENCE_FORM: _absence_rules,
}
