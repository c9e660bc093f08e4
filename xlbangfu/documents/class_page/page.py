"""What one page shows: plain frozen data, nothing that the page may not carry.

``None`` is an empty cell; shares run from 0 to 1; days count back from the edition's day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID, uuid5

from msgspec import Struct

from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind

_NAMESPACE = UUID("9b3c0c8e-52a7-5a52-8d0b-6c3f0b7f6a11")
BY_LEVEL, BY_RANK, WITHOUT = "等级与进退", "名次", "不显示"


class Task(Struct, frozen=True, kw_only=True):
    """One thing to do this week, the most pressing first; ``who`` names the students."""

    what: str
    who: tuple[str, ...]
    due: date | None = None
    late: bool = False
    gives_back: bool = False  # it is sending the page back


class Overdue(Struct, frozen=True, kw_only=True):
    """What is overdue for one student: who owes it, and what with the days since the last one, a line a person."""

    student: str
    key: bool
    count: int  # of contacts
    lines: tuple[tuple[str, str], ...]


class Appointment(Struct, frozen=True, kw_only=True):
    """Something to do on a day to come; ``who`` names the students, a text for each teacher, none where it is for none."""

    day: date
    time: str
    what: str
    who: tuple[str, ...] = ()


class Student(Struct, frozen=True, kw_only=True):
    """One student looked after. ``trend`` has one value for each name in the page's ``trend``, null where there is none;
    ``subjects_told`` one text for each of its ``subjects``. ``step``, ``status``, ``change`` and ``prize`` are of one exam
    and come from one verdict."""

    number: str
    name: str
    key: bool
    class_name: str = ""
    subjects: str = ""
    teacher: str = ""
    helper: str = ""
    phase: str = ""
    goal: str = ""
    measures: str = ""  # of the phase, only on the page of who helps
    phase_end: date | None = None
    contacts: int = 0  # this term
    last_contact: date | None = None
    last_kind: str = ""
    last_by: str = ""
    last_talk: date | None = None
    days_since: int | None = None
    overdue: str = ""
    next_day: date | None = None
    next_what: str = ""
    step: str = ""  # 显著进步 to 退步, where results may be told
    status: str = ""  # the step in words
    honours: str = ""
    trend: tuple[float | None, ...] = ()
    subjects_told: tuple[str, ...] = ()
    levels: str = ""
    target: str = ""  # the level that the plan aims at in an exam, and what became of it, in words
    target_rate: float | None = None  # the score rate at which that level begins, where a trend can reach it
    change: str = ""
    prize: str = ""
    prize_basis: str = ""  # whom it was won among, where the step is no progress
    grade_rank: int | None = None
    class_rank: int | None = None

    @property
    def label(self) -> str:
        """How the drop-downs name the student: "学号 姓名"."""
        return f"{self.number} {self.name}"


class Entry(Struct, frozen=True, kw_only=True):
    """A contact that was written down; what was said only where the reader wrote it, and never of counselling."""

    student: str
    day: date
    kind: str
    by: str = ""
    said: str = ""
    next: str = ""


class Report(Struct, frozen=True, kw_only=True):
    """What a teacher's page brought for a class: when it went out and came back last, how many entries this term, and the
    latest of them."""

    teacher: str
    students: tuple[str, ...]
    out: datetime | None
    came: datetime | None
    count: int = 0
    last: str = ""

    @property
    def waiting(self) -> bool:
        """Whether the page is out and not back."""
        return self.came is None or (self.out is not None and self.came < self.out)


class FigureRow(Struct, frozen=True, kw_only=True):
    """A subject of one exam: the class beside its 年级 (mean, and shares of 优秀, 及格, 低分)."""

    subject: str
    expected: int | None
    sat: int | None
    own: tuple[float | None, float | None, float | None, float | None]
    grade: tuple[float | None, float | None, float | None, float | None]
    place: int | None = None  # of the class in its 年级, only where ranks may be shown


class ExamFigures(Struct, frozen=True, kw_only=True):
    title: str
    rows: tuple[FigureRow, ...]


class Edition(Struct, frozen=True, kw_only=True):
    """What all pages made at one time have in common. ``number`` counts the editions of a workbook; without a ``secret``
    pages carry no code."""

    made: datetime
    day: date  # that days are counted to
    due: date  # back by
    school: str
    term: str
    year_start: date
    year_end: date
    public_name: str
    shown: str  # 等级与进退, 名次 or 不显示
    priorities: tuple[str, ...]
    number: int = 0
    secret: str = ""

    def __repr__(self) -> str:
        return f"Edition({self.number}, {self.made})"  # the secret stands in no log

    @property
    def month(self) -> str:
        return f"{self.day:%Y-%m}"

    @property
    def by_exam(self) -> bool:
        """Whether trends are score rates by exam; else they are behaviour marks, 1 to 5, by month."""
        return self.shown != WITHOUT

    @property
    def students_title(self) -> str:
        """The name of the students' sheet: 「对外称谓」 without what Excel refuses in a sheet name."""
        return "".join(" " if sign in "[]:*?/\\'" else sign for sign in self.public_name)[:28] + "学生"


class ClassPage(Struct, frozen=True, kw_only=True):
    """Everything that one page shows, and the id by which it can come back."""

    kind: ClassVar[PageKind] = CLASS_PAGE

    edition: Edition
    id: str
    name: str  # of the class
    homeroom: str  # the name of who fills it in
    overdue: tuple[Overdue, ...] | None  # None: nobody has reckoned it
    appointments: tuple[Appointment, ...]  # of the week
    honours: tuple[str, ...]  # of anyone in the class, this term
    tasks: tuple[Task, ...]
    students: tuple[Student, ...]
    trend: tuple[str, ...]  # what the values of the students' trends are called
    subjects: tuple[str, ...]  # of the latest exam, those that the class sat
    figures: tuple[ExamFigures, ...]  # the latest exam first
    teachers: tuple[str, ...]  # "工号 姓名"
    roll: tuple[
        str, ...
    ] = ()  # of whom absences may be told: the whole class, on a teacher's page own students; "学号 姓名"
    reports: tuple[Report, ...] = ()  # of the teachers who help someone in the class

    @property
    def title(self) -> str:
        """Whose page it is, as its headings say."""
        return self.name


class TeacherPage(ClassPage, frozen=True, kw_only=True):
    """The page of a teacher who helps: the same, of the teacher's own students in whatever class. ``name`` is the teacher as
    "工号 姓名"; ``entries`` are the last ones of each student."""

    kind: ClassVar[PageKind] = TEACHER_PAGE

    entries: tuple[Entry, ...] = ()

    @property
    def title(self) -> str:
        return self.homeroom


def page_id(school: str, name: str, made: datetime) -> str:
    """The id of the page of a class: of the same school, class and second it is always the same.

    >>> page_id("育才中学", "初二1班", datetime(2026, 5, 20, 8, 30))
    'f0b32e5a-5922-5cb6-baae-c84d23fe8a6f'
    """
    return str(uuid5(_NAMESPACE, f"{school}|{name}|{made.isoformat(timespec='seconds')}"))
