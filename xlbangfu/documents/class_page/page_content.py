"""What each class page shows, decided on plain data; what pages of either kind know of a student.

A page carries its own class only: the students on it are of the class today, a peer helper of another class is left
out, and ranks are not even in the page's data where 「班级页名次显示」 does not show them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.documents.class_page import page_students as about
from xlbangfu.documents.class_page.class_results import class_results
from xlbangfu.documents.class_page.follow_up import (
    FollowUp,
    appointments,
    follow_up,
    honours_told,
    overdue,
    student_overdue,
    typed_teachers,
)
from xlbangfu.documents.class_page.page import ClassPage, Edition, ExamFigures, Report, Student, page_id
from xlbangfu.documents.class_page.page_progress import Progress, ranking_exams
from xlbangfu.documents.class_page.page_progress import progress as course
from xlbangfu.documents.class_page.page_sheets import REGULAR_FORMS
from xlbangfu.documents.class_page.page_tasks import Week, tasks
from xlbangfu.documents.privacy import goal, neutral
from xlbangfu.errors import BadArgument
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import people
from xlbangfu.rules.class_names import Found
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, CONDUCT


@asks_much
def class_pages(
    school: School,
    ranking: pl.DataFrame,
    figures: pl.DataFrame,
    prizes: pl.DataFrame,
    *,
    classes: Sequence[str] | None = None,
    edition: datetime,
    number: int = 0,
    secret: str = "",
    contacts: pl.DataFrame | None = None,
    schedule: pl.DataFrame | None = None,
    progress: pl.DataFrame | None = None,
    awards: pl.DataFrame | None = None,
    reports: pl.DataFrame | None = None,
) -> list[ClassPage]:
    """One page a class, in the order of 班级; ``classes`` names those wanted, None wants all.

    ``school`` is already without its errors; the other frames are 排名, 班级汇总 and 帮扶排名, and, where there are any, 落实,
    日程, 进展, the ledger 荣誉 and the frame of ``teacher_reports``: without them a page says nothing of these. Days are counted to
    ``school.today``; ``edition`` is when the pages are made, and with school and class it makes their ids;
    ``number`` and ``secret`` are of 制页台账 (see ``documents.page_code``). Raises BadArgument for a class that 班级 does not have.
    """
    class_names = _rooms(school, classes)
    roll = about.looked_after(school, school.today, [class_name["班级"] for class_name in class_names])
    follow = follow_up(school, roll, contacts=contacts, schedule=schedule, progress=progress, awards=awards)
    made = edition_of(school, edition, number, secret)
    facts = gather(school, class_names, roll, follow, ranking, figures, prizes, made)

    told = reports_by_class(reports)
    return [replace(_page(facts, class_name), reports=told.get(class_name["班级"], ())) for class_name in class_names]


class Facts(Struct, frozen=True, kw_only=True):
    """All frames asked once; the pages only look up."""

    talk_days: int
    edition: Edition
    roll: Mapping[str, list[tuple[Any, ...]]]  # by class
    everyone: Mapping[str, tuple[str, ...]]  # "学号 姓名" by class
    contacts: Mapping[str, dict[str, Any]]
    pairings: Mapping[str, about.Pairing]
    helpers: Mapping[tuple[str, str], str]
    plans: Mapping[str, about.Phase]
    staff: about.Staff
    progress: Progress
    results: Mapping[str, tuple[ExamFigures, ...]]
    exams: Sequence[dict[str, Any]]  # latest first
    marked: frozenset[str]
    follow: FollowUp


def gather(
    school: School,
    class_names: Sequence[Mapping[str, Any]],
    roll: pl.DataFrame,
    follow: FollowUp,
    ranking: pl.DataFrame,
    figures: pl.DataFrame,
    prizes: pl.DataFrame,
    edition: Edition,
) -> Facts:
    day = school.today
    names = [class_name["班级"] for class_name in class_names]
    contacts = about.contacts(school, day, roll["学号"])
    pairings = about.pairings(school, day, roll["学号"])
    exams = ranking_exams(school, day)
    by_room: dict[str, list[tuple[Any, ...]]] = {name: [] for name in names}
    for row in roll.iter_rows():
        by_room[row[2]].append(row)
    typed = [class_name[role] for class_name in class_names for role in ("班主任", "包班行政")]
    typed += [teacher for pairing in pairings.values() for teacher in pairing.teachers]
    typed += [contact["教师"] for contact in contacts.values()]
    typed += typed_teachers(follow)
    return Facts(
        talk_days=school.settings.talk_days,
        edition=edition,
        roll=by_room,
        everyone=about.everyone(school, day, names),
        contacts=contacts,
        pairings=pairings,
        helpers=about.helper_names(school, [one for pairing in pairings.values() for one in pairing.helpers]),
        plans=about.plans(school, day, roll["学号"]),
        staff=about.Staff(school, typed),
        progress=course(school, exams, roll, ranking, prizes, day, follow.steps),
        results=class_results(school, exams, figures, names),
        exams=exams.reverse().with_columns(people.split(pl.col("_grades"))).to_dicts(),
        marked=_marked(school, f"{day:%Y-%m}"),
        follow=follow,
    )


def edition_of(school: School, made: datetime, number: int, secret: str) -> Edition:
    settings = school.settings
    return Edition(
        made=made,
        day=school.today,
        due=school.today + timedelta(days=settings.return_days),
        school=neutral(settings.school, settings.public_name),
        term=settings.term,
        year_start=settings.year_start,
        year_end=settings.year_end,
        public_name=settings.public_name,
        shown=settings.shown_ranks,
        priorities=settings.priorities,
        number=number,
        secret=secret,
    )


def _page(facts: Facts, class_name: Mapping[str, Any]) -> ClassPage:
    name, edition, follow = class_name["班级"], facts.edition, facts.follow
    homeroom = facts.staff.name(class_name["班主任"])
    late = follow.overdue.get(name, ()) if follow.overdue is not None else None
    owed = student_overdue(late or (), facts.staff, homeroom)
    honours = follow.honours.get(name, ())
    students = tuple(
        replace(student_of(facts, *row), overdue=owed.get(row[0], ""), honours=_own(honours, row[0]))
        for row in facts.roll[name]
    )
    pairs = [facts.pairings[one.number] for one in students if one.number in facts.pairings]
    return ClassPage(
        edition=edition,
        id=page_id(edition.school, name, edition.made),
        name=name,
        homeroom=homeroom,
        overdue=None
        if late is None
        else overdue(late, facts.staff, homeroom, {one.number for one in students if one.key}),
        appointments=appointments(follow, name, facts.staff, homeroom, edition.public_name),
        honours=honours_told(honours),
        tasks=tasks(students, week_of(facts, [class_name["年级"]], REGULAR_FORMS[ClassPage.kind])),
        students=students,
        roll=facts.everyone.get(name, ()),
        trend=facts.progress.trends.get(name, ()),
        subjects=facts.progress.subjects.get(name, ()),
        figures=facts.results.get(name, ()),
        teachers=facts.staff.labels(
            name,
            [class_name["班主任"], class_name["包班行政"], *(teacher for pair in pairs for teacher in pair.teachers)],
        ),
    )


def reports_by_class(reports: pl.DataFrame | None) -> dict[str, tuple[Report, ...]]:
    """What teachers' pages brought, by class."""
    found: dict[str, list[Report]] = {}
    for row in reports.iter_rows(named=True) if reports is not None else ():
        last = f"{row['日期']:%m-%d} {row['类型']} {row['谁']}" if row["日期"] else ""
        report = Report(
            teacher=row["教师姓名"] or row["教师"],
            students=tuple(row["学生"]),
            out=row["发出"],
            came=row["交回"],
            count=row["条数"],
            last=last,
        )
        found.setdefault(row["班级"], []).append(report)
    return {name: tuple(those) for name, those in found.items()}


def _own(honours: Sequence[tuple[str, str, str]], number: str) -> str:
    return about.listed(honour for honour, whose, _ in honours if whose == number)


def student_of(
    facts: Facts, number: str, name: str | None, class_name: str, key: bool, subjects: str | None
) -> Student:
    public_name = facts.edition.public_name
    pairing = facts.pairings.get(number, about.Pairing([], []))
    phase = facts.plans.get(number, about.NO_PHASE)
    coming = facts.follow.next.get(number, (None, ""))
    return Student(
        number=number,
        name=name or "",
        key=key,
        class_name=class_name,
        subjects=neutral(subjects, public_name),
        teacher=about.listed(facts.staff.name(teacher) for teacher in pairing.teachers),
        helper=about.listed(facts.helpers.get((class_name, helper), "") for helper in pairing.helpers),
        phase=phase.name,
        goal=goal(phase.goal, public_name),
        phase_end=phase.end,
        next_day=coming[0],
        next_what=coming[1],
        **_contact(facts, number),
        **facts.progress.fields.get(number, {}),
    )


def _contact(facts: Facts, number: str) -> dict[str, Any]:
    """The last contact; of counselling only that it took place."""
    contact = facts.contacts.get(number)
    if contact is None:
        return {}
    private = contact["类型"] == about.COUNSELLING
    return {
        "contacts": contact["次数"],
        "last_contact": contact["日期"],
        "last_kind": contact["类型"] or "",
        "last_by": "" if private else facts.staff.name(contact["教师"]),
        "last_talk": contact["谈心"],
        "days_since": (facts.edition.day - contact["日期"]).days,
    }


def week_of(facts: Facts, grades: Collection[str | None], forms: tuple[str, ...]) -> Week:
    """The week of a page whose students are of these 年级."""
    exam = next((one for one in facts.exams if not one["_grades"] or set(grades) & set(one["_grades"])), None)
    return Week(
        day=facts.edition.day,
        due=facts.edition.due,
        month=facts.edition.month,
        exam=exam["类型"] if exam else "",
        exam_day=exam["日期"] if exam else None,
        talk_days=facts.talk_days,
        marked=facts.marked,
        reckoned=facts.follow.overdue is not None,
        forms=forms,
    )


def _marked(school: School, month: str) -> frozenset[str]:
    """The students whom the homeroom teacher has marked for that month."""
    rows = school[CONDUCT].filter((pl.col("月份") == month) & (pl.col("评价人") == "班主任"))
    return frozenset(rows[STUDENT].drop_nulls())


def _rooms(school: School, classes: Sequence[str] | None) -> list[dict[str, Any]]:
    known = school[CLASSES].filter(pl.col("班级").is_not_null())
    class_names = known.unique(subset=["班级"], keep="first", maintain_order=True)
    if classes is not None:
        found = {name.strip(): school.class_names.find(name) for name in classes}
        missing = sorted(name for name, one in found.items() if not isinstance(one, Found))
        if missing:
            raise BadArgument(f"班级表里没有“{'、'.join(missing)}”，请按班级表的写法写班级。")
        wanted = [one.class_name for one in found.values() if isinstance(one, Found)]
        class_names = class_names.filter(pl.col("班级").is_in(wanted))
    return class_names.select("班级", "年级", "班主任", "包班行政").to_dicts()
