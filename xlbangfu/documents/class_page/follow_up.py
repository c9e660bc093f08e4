"""What is overdue and by whom, what comes next, how far each student came, and the honours of the term.

From 落实, 日程, 进展 and 荣誉, each of which may be missing. Of counselling only that it is owed: not by whom, for that is
between the counsellor and the student. What results say is not told where 「班级页名次显示」 shows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import polars as pl

from xlbangfu.documents.class_page.page import WITHOUT, Appointment, Overdue
from xlbangfu.documents.class_page.page_students import COUNSELLING, Staff
from xlbangfu.documents.class_page.verdict import Step
from xlbangfu.documents.privacy import goal, neutral
from xlbangfu.rules.school import School
from xlbangfu.schema import EXAMS, SEPARATOR, YES

WEEK = 7
COUNSELLOR, NOBODY = "心理教师", "还没有人负责"
NO_CLASS = ""


class FollowUp(NamedTuple):
    """The rows that a page needs, by class or by student; ``overdue`` is None where 落实 was not reckoned."""

    overdue: Mapping[str, list[dict[str, Any]]] | None
    coming: Mapping[str, list[dict[str, Any]]]
    next: Mapping[str, tuple[date, str]]
    steps: Mapping[str, Step]
    honours: Mapping[str, list[tuple[str, str, str]]]  # by class: 荣誉, 学号, 姓名


def follow_up(
    school: School,
    students: pl.DataFrame,
    *,
    contacts: pl.DataFrame | None,
    schedule: pl.DataFrame | None,
    progress: pl.DataFrame | None,
    awards: pl.DataFrame | None,
) -> FollowUp:
    """What the pages of these students (学号, 班级) tell; ``awards`` is 荣誉, the others are rows as the rules make them."""
    here, public_name = students.select("学号", "班级"), school.settings.public_name
    coming = _coming(schedule, here, school.today)
    return FollowUp(
        overdue=None if contacts is None else _by_room(_late(contacts, here)),
        coming=_by_room(coming.filter(pl.col("日期") < school.today + timedelta(days=WEEK))),
        next={row["学号"]: (row["日期"], goal(row["事项"], public_name)) for row in _first(coming)},
        steps=_steps(progress, here, school),
        honours=_honours(awards, school.settings.term, public_name),
    )


def typed_teachers(found: FollowUp) -> list[str | None]:
    """The teachers whom the rows name, as typed."""
    owing = [row["责任教师"] for rows in (found.overdue or {}).values() for row in rows]
    return owing + [row["教师"] for rows in found.coming.values() for row in rows]


def overdue(
    rows: Sequence[Mapping[str, Any]], staff: Staff, homeroom: str, key_students: Collection[str]
) -> tuple[Overdue, ...]:
    """One a student: key students first, then those for whom most is owed. 心理教师 stands for whoever counsels."""
    owed: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        owed.setdefault(row["学号"], []).append(row)
    order = sorted(owed, key=lambda number: (number not in key_students, -len(owed[number]), number))
    return tuple(
        Overdue(
            student=_name(owed[number][0]),
            key=number in key_students,
            count=len(owed[number]),
            lines=_owing(owed[number], staff, homeroom),
        )
        for number in order
    )


def _owing(rows: Sequence[Mapping[str, Any]], staff: Staff, homeroom: str) -> tuple[tuple[str, str], ...]:
    """Who owes a student something and what, the homeroom teacher first."""
    by_teacher = _grouped(rows, lambda row: _who(row, staff, homeroom), lambda row: row["类型"] + _since(row))
    order = sorted(by_teacher, key=lambda who: (who != homeroom, -len(by_teacher[who]), who))
    return tuple((who or NOBODY, SEPARATOR.join(by_teacher[who])) for who in order)


def _who(row: Mapping[str, Any], staff: Staff, homeroom: str) -> str:
    name = staff.name(row["责任教师"])
    return COUNSELLOR if row["类型"] == COUNSELLING and name != homeroom else name


def _grouped(
    rows: Sequence[Mapping[str, Any]],
    head: Callable[[Mapping[str, Any]], str],
    lines: Callable[[Mapping[str, Any]], str],
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(head(row), []).append(lines(row))
    return found


def _name(row: Mapping[str, Any]) -> str:
    return row["姓名"] or row["学号"] or ""


def _since(row: Mapping[str, Any]) -> str:
    """How long ago the last one was, of counselling nothing."""
    if row["类型"] == COUNSELLING:
        return ""
    return "没做过" if row["距今天数"] is None else f"{row['距今天数']}天"


def student_overdue(rows: Sequence[Mapping[str, Any]], staff: Staff, homeroom: str) -> dict[str, str]:
    """By 学号: a line for each who owes something, with what it is."""
    lines: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        lines.setdefault(row["学号"], {}).setdefault(_who(row, staff, homeroom), []).append(row["类型"])
    return {
        number: "\n".join((f"{who}：" if who else "") + SEPARATOR.join(kinds) for who, kinds in owed.items())
        for number, owed in lines.items()
    }


def appointments(
    found: FollowUp, class_name: str, staff: Staff, homeroom: str, public_name: str
) -> tuple[Appointment, ...]:
    """The week's, by day and time; those of one time and matter stand together. What names no student is the homeroom
    teacher's own."""
    own = [row for row in found.coming.get(NO_CLASS, ()) if homeroom and staff.name(row["教师"]) == homeroom]
    rows = [*found.coming.get(class_name, ()), *own]
    return _in_days(rows, public_name, lambda row: staff.name(row["教师"]))


def own_appointments(
    found: FollowUp, number: str, students: Collection[str], staff: Staff, public_name: str
) -> tuple[Appointment, ...]:
    """A teacher's week, with the teacher's own students or with none."""
    rows = [
        row
        for those in found.coming.values()
        for row in those
        if staff.number(row["教师"]) == number and (not row["学号"] or row["学号"] in students)
    ]
    return _in_days(rows, public_name, lambda _: "")


def own_overdue(
    found: FollowUp, number: str, students: Collection[str], staff: Staff
) -> list[Mapping[str, Any]] | None:
    """What a teacher owes the teacher's own students; None where nobody has reckoned it."""
    if found.overdue is None:
        return None
    late = [row for those in found.overdue.values() for row in those]
    return [row for row in late if row["学号"] in students and staff.number(row["责任教师"]) == number]


def _in_days(
    rows: Sequence[Mapping[str, Any]], public_name: str, teacher: Callable[[Mapping[str, Any]], str]
) -> tuple[Appointment, ...]:
    def same(row: Mapping[str, Any]) -> tuple[date, str, str]:
        return row["日期"], row["时间"] or "", goal(row["事项"], public_name)

    return tuple(
        Appointment(day=day, time=time, what=what, who=_with_teachers(list(those), teacher))
        for (day, time, what), those in groupby(sorted(rows, key=same), key=same)
    )


def _with_teachers(rows: Sequence[Mapping[str, Any]], teacher: Callable[[Mapping[str, Any]], str]) -> tuple[str, ...]:
    """Each teacher's students, as 王、李（钱老师）."""
    by_teacher = _grouped([row for row in rows if row["学号"]], teacher, _name)
    return tuple(
        SEPARATOR.join(dict.fromkeys(names)) + (f"（{name}）" if name else "") for name, names in by_teacher.items()
    )


def honours_told(found: Sequence[tuple[str, str, str]]) -> tuple[str, ...]:
    """Each honour with who has it."""
    given: dict[str, list[str]] = {}
    for honour, _, name in found:
        given.setdefault(honour, []).append(name)
    return tuple(f"{honour}：{SEPARATOR.join(names)}" for honour, names in given.items())


def _late(contacts: pl.DataFrame, here: pl.DataFrame) -> pl.DataFrame:
    """The overdue rows in the order of 落实, with the class that the student is in today."""
    late = contacts.filter(pl.col("是否过期") == YES).drop("班级")
    return late.join(here, on="学号", maintain_order="left").select(
        "班级", "学号", "姓名", "类型", "责任教师", "距今天数"
    )


def _coming(schedule: pl.DataFrame | None, here: pl.DataFrame, today: date) -> pl.DataFrame:
    names = ("日期", "时间", "教师", "学号", "姓名", "事项", "班级")
    if schedule is None:
        return pl.DataFrame(schema={**dict.fromkeys(names, pl.String), "日期": pl.Date})
    rows = (
        schedule.filter(pl.col("日期") >= today).drop("班级").join(here, on="学号", how="left", maintain_order="left")
    )
    named = pl.col("学号").is_null() | pl.col("班级").is_not_null()
    return rows.filter(named).sort("日期", maintain_order=True).select(names)


def _first(coming: pl.DataFrame) -> list[dict[str, Any]]:
    return coming.unique("学号", keep="first", maintain_order=True).to_dicts()


def _by_room(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_dicts():
        found.setdefault(row["班级"] or NO_CLASS, []).append(row)
    return found


def _steps(progress: pl.DataFrame | None, here: pl.DataFrame, school: School) -> dict[str, Step]:
    """By 学号: what 进展 says of the latest exam; nothing where results are not told."""
    if progress is None or school.settings.shown_ranks == WITHOUT:
        return {}
    line = school.settings.conduct_step
    latest = (
        progress.join(here.select("学号"), on="学号", how="semi")
        .join(school[EXAMS].select("考试编号", "日期"), on="考试编号", how="left", maintain_order="left")
        .sort("日期", descending=True, nulls_last=True, maintain_order=True)
        .unique("学号", keep="first", maintain_order=True)
        .drop_nulls("进展")
        .with_columns(
            _ready=(pl.col("建议转化") == YES).fill_null(False),
            _moved=(pl.col("行为变化") >= line).fill_null(False).cast(pl.Int8)
            - (pl.col("行为变化") <= -line).fill_null(False).cast(pl.Int8),
        )
    )
    return {
        number: Step(*rest) for number, *rest in latest.select("学号", "考试编号", "进展", "_ready", "_moved").rows()
    }


def _honours(awards: pl.DataFrame | None, term: str, public_name: str) -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    if awards is not None:
        rows = awards.filter((pl.col("学期") == term) & pl.col("荣誉").is_not_null() & pl.col("班级").is_not_null())
        for class_name, honour, number, name in rows.select("班级", "荣誉", "学号", "姓名").iter_rows():
            found.setdefault(class_name, []).append((neutral(honour, public_name), number or "", name or number or ""))
    return found
