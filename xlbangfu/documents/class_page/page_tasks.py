"""What the homeroom teacher should do this week, from the students' own dates: the most pressing first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from xlbangfu.documents.class_page.page import Student, Task

WEEK, FORTNIGHT = 7, 14


class Week(Struct, frozen=True, kw_only=True):
    """When and against what the week is looked at. ``exam`` is the type of the last exam that ranks, ``marked`` the
    students who have the homeroom teacher's behaviour mark for ``month``; a page goes back by ``due``."""

    day: date
    due: date
    month: str
    exam: str
    exam_day: date | None
    talk_days: int
    marked: frozenset[str]
    reckoned: bool = False  # what is overdue stands above the tasks
    forms: tuple[str, ...] = ()  # the sheets to fill in

    def after(self, count: int) -> date:
        return self.day + timedelta(days=count)


Note = Callable[[Student], str]


def tasks(students: Sequence[Student], week: Week) -> tuple[Task, ...]:
    """The week's tasks: late ones first, then by day; sending the page back is one wherever there is a student to write of."""
    found = [
        *_talks(students, week),
        *_unheard(students, week),
        *_ended(_ending(students, week), week),
        *_task("还没有一对一教师，报政教处安排", [one for one in students if not one.teacher], week),
        *_task(
            f"填 {week.month} 的行为评价", [one for one in students if one.number not in week.marked], week, week.due
        ),
        *giving_back(students, week),
    ]
    return in_order(found)


def own_tasks(students: Sequence[Student], week: Week) -> tuple[Task, ...]:
    """Those of a teacher who helps: the same, without what only a homeroom teacher answers for."""
    ending = _ending(students, week)
    return in_order(
        [*_talks(students, week), *_unheard(students, week), *_ended(ending, week), *giving_back(students, week)]
    )


def in_order(found: Iterable[Task]) -> tuple[Task, ...]:
    """Late ones first, then by day."""
    return tuple(sorted(found, key=lambda task: (not task.late, task.due or date.max)))


def giving_back(students: Sequence[Student], week: Week) -> list[Task]:
    sheets = "".join(f"“{form}”" for form in week.forms)
    return [Task(what=f"填好{sheets}，交回", who=(), due=week.due, gives_back=True)] if students else []


def _talks(students: Sequence[Student], week: Week) -> list[Task]:
    """A talk after the exam, until two weeks past its last day: then the weekly contacts say what is owed."""
    if week.exam_day is None:
        return []
    until = week.exam_day + timedelta(days=week.talk_days)
    if week.day > until + timedelta(days=FORTNIGHT):
        return []
    untold = [one for one in students if one.last_talk is None or one.last_talk < week.exam_day]
    return _task(f"{week.exam}考试后谈心", untold, week, until)


def _unheard(students: Sequence[Student], week: Week) -> list[Task]:
    asked = () if week.reckoned else students
    silent = [one for one in asked if one.days_since is None or one.days_since > FORTNIGHT]
    quiet = [one for one in asked if one.days_since is not None and WEEK < one.days_since <= FORTNIGHT]
    return [
        *_task("两周以上没有联系，先联系", silent, week, week.day, _silence),
        *_task("本周联系一次", quiet, week, week.after(WEEK), _silence),
    ]


def _ending(students: Sequence[Student], week: Week) -> list[Student]:
    return [one for one in students if one.phase_end and one.phase_end <= week.after(WEEK)]


def _ended(ending: Sequence[Student], week: Week) -> list[Task]:
    return _task("计划阶段到期，写好阶段效果", ending, week, _earliest(ending), _phase)


def _task(
    what: str, those: Sequence[Student], week: Week, due: date | None = None, note: Note | None = None
) -> list[Task]:
    if not those:
        return []
    late = due is not None and due < week.day
    return [Task(what=f"{what}（{len(those)} 人）", who=_named(those, note), due=due, late=late)]


def _silence(student: Student) -> str:
    return "无记录" if student.days_since is None else f"{student.days_since} 天"


def _phase(student: Student) -> str:
    return f"{student.phase} {student.phase_end:%m-%d}"


def _earliest(students: Sequence[Student]) -> date | None:
    return min((one.phase_end for one in students if one.phase_end), default=None)


def _named(students: Sequence[Student], note: Note | None) -> tuple[str, ...]:
    return tuple(one.name + (f"（{note(one)}）" if note else "") for one in students)
