"""Tasks of a teacher as the events of an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

import polars as pl
from msgspec import Struct

from xlbangfu.rules.dues import SERIES
from xlbangfu.rules.schedule import END, KIND, START, SUBJECT
from xlbangfu.schema import SEPARATOR, TRACKED

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event

ZONE = "Asia/Shanghai"
_WITH_SUBJECT = pl.coalesce(pl.format("{}（{}）", "姓名", SUBJECT), "姓名")
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class Edition(Struct, frozen=True, kw_only=True):
    """When and for which school calendars are made: ``made`` is a time of this computer, ``today`` the day from which tasks
    are still to come."""

    school: str
    public_name: str
    made: datetime
    today: date

    @property
    def stamp(self) -> datetime:
        return self.made.astimezone(UTC).replace(microsecond=0)

    @property
    def sequence(self) -> int:
        """A later edition has a higher number, whatever became of the earlier one: minutes since 2020."""
        return max(0, int((self.stamp - _EPOCH).total_seconds() // 60))

    def neutral(self, text: str) -> str:
        """A text that staff typed, such as the name of an exam, without the word that stays inside."""
        return text.replace(TRACKED, self.public_name)


class Item(Struct, frozen=True, kw_only=True):
    """One event: the day, from when to when (None: all day), what, and with whom
    (beside the name, what is tutored)."""

    uid: str
    day: date
    start: time | None
    end: time | None
    what: str
    students: tuple[str, ...]

    @property
    def title(self) -> str:
        """As a phone shows it.

        >>> Item(uid="", day=date(2026, 3, 6), start=None, end=None, what="家访", students=("甲", "乙")).title
        '家访：甲、乙'
        """
        return f"{self.what}：{SEPARATOR.join(self.students)}" if self.students else self.what


class TeacherCalendar(Struct, frozen=True, kw_only=True):
    """The events of one teacher, by day."""

    number: str
    name: str
    items: tuple[Item, ...]
    edition: Edition


def teacher_calendars(tasks: pl.DataFrame, edition: Edition, others: Sequence[str] = ()) -> list[TeacherCalendar]:
    """One calendar for each teacher among ``tasks`` (``schedule.COLUMNS``), by 工号; students with the same task at the same
    time are one event. ``others`` are teachers ("工号 姓名") who may have none, so that former events are called off.
    """
    same = ["教师", KIND, SERIES, "日期", START, END, "事项"]
    events = (
        tasks.drop_nulls("教师")
        .group_by(same, maintain_order=True)
        .agg(_WITH_SUBJECT.drop_nulls().alias("姓名"))
        .sort("教师", "日期", START, KIND, SERIES, nulls_last=True)
    )
    rows_of = {str(teacher): rows for (teacher,), rows in events.group_by("教师", maintain_order=True)}
    everyone = sorted({*rows_of, *others})
    return [_calendar(who, rows_of[who].iter_rows(named=True) if who in rows_of else (), edition) for who in everyone]


def _calendar(teacher: str, rows: Iterable[dict[str, object]], edition: Edition) -> TeacherCalendar:
    number, _, name = teacher.partition(" ")
    items = tuple(
        Item(
            uid=uid(edition.school, number, str(row[KIND]), str(row[SERIES])),
            day=row["日期"],  # type: ignore[arg-type]  # a cell of the column, which is of dates
            start=row[START],  # type: ignore[arg-type]  # of times
            end=row[END],  # type: ignore[arg-type]
            what=edition.neutral(str(row["事项"])),
            students=tuple(row["姓名"]),  # type: ignore[arg-type]  # a list of names
        )
        for row in rows
    )
    return TeacherCalendar(number=number, name=name, items=items, edition=edition)


def uid(*parts: str) -> str:
    """The number that an event keeps however often it is made, or moved.

    >>> uid("示范学校", "0001", "辅导", "2026-03-02") == uid("示范学校", "0001", "辅导", "2026-03-02")
    True
    """
    return f"{uuid5(NAMESPACE_URL, 'xlbangfu:' + '|'.join(parts))}@xlbangfu"


def as_bytes(calendar: TeacherCalendar, called_off: Sequence[Component] = ()) -> bytes:
    """The file. ``called_off`` are events of the file of the last time that are not due any more."""
    from icalendar import Calendar

    edition = calendar.edition
    made = Calendar()
    made.add("prodid", "-//xlbangfu//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"{edition.public_name}日程 {calendar.name}")
    made.add("x-wr-timezone", ZONE)
    _add_zone(made)
    for item in calendar.items:
        made.add_component(_event(item, edition))
    for event in called_off:
        made.add_component(_cancelled(event, edition))
    return bytes(made.to_ical())


def _add_zone(made: Calendar) -> None:
    from icalendar import Timezone, TimezoneStandard

    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(standard)
    made.add_component(zone)


def _event(item: Item, edition: Edition) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", item.uid)
    event.add("summary", item.title)
    event.add("dtstamp", edition.stamp)
    event.add("last-modified", edition.stamp)
    event.add("sequence", edition.sequence)
    event.add("status", "CONFIRMED")
    if item.start and item.end:
        for name, moment in (("dtstart", item.start), ("dtend", item.end)):
            event.add(name, datetime.combine(item.day, moment), parameters={"TZID": ZONE})
    else:
        event.add("dtstart", item.day)
        event.add("dtend", item.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    return event


def _cancelled(event: Component, edition: Edition) -> Event:
    from icalendar import Event

    off = Event()
    for name in ("uid", "summary", "dtstart", "dtend"):
        if name in event:
            off.add(name, event[name], encode=False)
    off.add("dtstamp", edition.stamp)
    off.add("last-modified", edition.stamp)
    off.add("sequence", edition.sequence)
    off.add("status", "CANCELLED")
    off.add("transp", "TRANSPARENT")
    return off
