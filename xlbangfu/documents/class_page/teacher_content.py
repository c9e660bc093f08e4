"""What each teacher's page shows, decided on plain data: the teacher's own students only, in whatever class they are.

A student is told of as on the class page. Beyond that who helps reads the plan's measures and what the teacher wrote down; what
colleagues wrote is only named, and of counselling nobody reads more than that it took place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from msgspec.structs import replace

from xlbangfu.documents.class_page import page_students as about
from xlbangfu.documents.class_page.follow_up import follow_up, overdue, own_appointments, own_overdue
from xlbangfu.documents.class_page.page import Entry, Student, TeacherPage, page_id
from xlbangfu.documents.class_page.page_content import Facts, edition_of, gather, student_of, week_of
from xlbangfu.documents.class_page.page_progress import LAST
from xlbangfu.documents.class_page.page_sheets import REGULAR_FORMS
from xlbangfu.documents.class_page.page_tasks import own_tasks
from xlbangfu.documents.privacy import goal
from xlbangfu.errors import BadArgument
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import people
from xlbangfu.rules.helpers import LABEL, helpers, staff
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, LOG, ROSTER, SEPARATOR, TEACHERS, YES

_ENTRIES = 3  # of each student


@asks_much
def teacher_pages(
    school: School,
    ranking: pl.DataFrame,
    figures: pl.DataFrame,
    prizes: pl.DataFrame,
    *,
    teachers: Sequence[str] | None = None,
    edition: datetime,
    number: int = 0,
    secret: str = "",
    contacts: pl.DataFrame | None = None,
    schedule: pl.DataFrame | None = None,
    progress: pl.DataFrame | None = None,
) -> list[TeacherPage]:
    """One page for each teacher with a running pairing, in the order of 教师; ``teachers`` names those wanted, None wants all.

    The frames are those of ``class_pages``. Raises BadArgument for a teacher who is not one of them.
    """
    own = _wanted(school, teachers)
    roll = _roll(school, own["学号"])
    follow = follow_up(school, roll, contacts=contacts, schedule=schedule, progress=progress, awards=None)
    made = edition_of(school, edition, number, secret)
    rooms = [{"班级": name, "班主任": None, "包班行政": None} for name in roll["班级"].unique(maintain_order=True)]
    facts = gather(school, rooms, roll, follow, ranking, figures, prizes, made)
    students = {row[0]: student_of(facts, *row) for rows in facts.roll.values() for row in rows}
    entries = _entries(school, roll["学号"], facts)
    grades = dict(school[CLASSES].select("班级", "年级").iter_rows())

    rows = own.group_by(LABEL, "工号", maintain_order=True).agg("学号").iter_rows()
    return [
        _page(facts, label, who, [students[one] for one in those if one in students], entries, grades)
        for label, who, those in rows
    ]


def _wanted(school: School, teachers: Sequence[str] | None) -> pl.DataFrame:
    own = helpers(school)
    if teachers is None:
        return own
    numbers = people.teacher_ids(pl.Series(list(teachers), dtype=pl.String), school[TEACHERS]).to_list()
    paired = set(own["工号"])
    if lost := [name for name, one in zip(teachers, numbers, strict=True) if one not in paired]:
        raise BadArgument(
            f"“{SEPARATOR.join(lost)}”没有正在执行的结对，或“教师”表里找不到：写工号或不重名的姓名，再看看“结对”。"
        )
    return own.filter(pl.col("工号").is_in(numbers))


def _roll(school: School, numbers: pl.Series) -> pl.DataFrame:
    """学号, 姓名, 班级, 重点, 困难学科 of those students; key students first."""
    columns = ("学号", "姓名", pl.col("班级").fill_null(""), (pl.col("重点") == YES).fill_null(False), "困难学科")
    mine = (
        school[ROSTER].filter(pl.col("学号").is_in(numbers.implode())).unique("学号", keep="first", maintain_order=True)
    )
    return mine.select(columns).sort(~pl.col("重点"), "班级", "学号")


def _page(
    facts: Facts,
    label: str,
    number: str,
    own: Sequence[Student],
    entries: Mapping[str, Sequence[tuple[str, Entry]]],
    grades: Mapping[str, str | None],
) -> TeacherPage:
    edition, staff_names = facts.edition, facts.staff
    own = sorted(own, key=lambda one: (not one.key, one.class_name, one.number))
    numbers = {one.number for one in own}
    late = own_overdue(facts.follow, number, numbers, staff_names)
    name = label.removeprefix(number).strip() or label
    trend = _trend(facts, own)
    subjects = tuple(dict.fromkeys(name for one in own for name in facts.progress.subjects.get(one.class_name, ())))
    students = tuple(
        replace(
            _on_one_scale(facts, one, trend, subjects),
            measures=goal(facts.plans.get(one.number, about.NO_PHASE).measures, edition.public_name),
            overdue=_owed(late or (), one.number),
        )
        for one in own
    )
    return TeacherPage(
        edition=edition,
        id=page_id(edition.school, label, edition.made),
        name=label,
        homeroom=name,
        overdue=None if late is None else overdue(late, staff_names, name, {one.number for one in own if one.key}),
        appointments=own_appointments(facts.follow, number, numbers, staff_names, edition.public_name),
        honours=(),
        tasks=own_tasks(
            students, week_of(facts, {grades.get(one.class_name) for one in own}, REGULAR_FORMS[TeacherPage.kind])
        ),
        students=students,
        roll=tuple(one.label for one in students),
        trend=trend,
        subjects=subjects,
        figures=(),
        teachers=(),
        entries=tuple(_readable(who, entry, number) for one in own for who, entry in entries.get(one.number, ())),
    )


def _owed(late: Sequence[Mapping[str, Any]], number: str) -> str:
    """The kinds of contact that are overdue for a student."""
    return SEPARATOR.join(row["类型"] for row in late if row["学号"] == number)


def _trend(facts: Facts, own: Sequence[Student]) -> tuple[str, ...]:
    """The last exams of all the students' classes; their names begin with the day."""
    slots = {slot for one in own for slot in facts.progress.trends.get(one.class_name, ())}
    return tuple(sorted(slots))[-LAST:]


def _on_one_scale(facts: Facts, one: Student, trend: Sequence[str], subjects: Sequence[str]) -> Student:
    """The student with a value for each of the page's exams and subjects, not only for those of the own class."""
    values = dict(zip(facts.progress.trends.get(one.class_name, ()), one.trend, strict=False))
    told = dict(zip(facts.progress.subjects.get(one.class_name, ()), one.subjects_told, strict=False))
    return replace(
        one,
        trend=tuple(values.get(slot) for slot in trend),
        subjects_told=tuple(told.get(subject, "") for subject in subjects),
    )


def _entries(school: School, numbers: pl.Series, facts: Facts) -> dict[str, list[tuple[str, Entry]]]:
    """By student the last entries, the latest first, each with the 工号 of who wrote it."""
    log = school[LOG].with_columns(people.split(pl.col("学号")).alias("_each")).explode("_each")
    mine = (
        log.with_columns(pl.coalesce(pl.col("_each"), pl.col(STUDENT)).alias("_who"))
        .filter(pl.col("_who").is_in(numbers.implode()), pl.col("日期") <= school.today)
        .sort("日期", maintain_order=True)
        .group_by("_who", maintain_order=True)
        .tail(_ENTRIES)
        .reverse()
    )
    labels = dict(staff(school).select("工号", "教师姓名").iter_rows())
    ids = people.teacher_ids(mine["教师"], school[TEACHERS]).to_list()
    names = dict(school[ROSTER].select("学号", "姓名").iter_rows())
    found: dict[str, list[tuple[str, Entry]]] = {}
    for who, row in zip(ids, mine.iter_rows(named=True), strict=True):
        entry = _entry(row, names.get(row["_who"]) or row["_who"], labels.get(who or "", row["教师"] or ""), facts)
        found.setdefault(row["_who"], []).append((who or "", entry))
    return found


def _entry(row: Mapping[str, Any], student: str, by: str, facts: Facts) -> Entry:
    private, public_name = row["类型"] == about.COUNSELLING, facts.edition.public_name
    return Entry(
        student=student,
        day=row["日期"],
        kind=row["类型"] or "",
        by="" if private else by,
        said="" if private else goal(row["内容"], public_name),
        next="" if private else goal(row["下次安排"], public_name),
    )


def _readable(who: str, entry: Entry, reader: str) -> Entry:
    return entry if who == reader else replace(entry, said="", next="")
