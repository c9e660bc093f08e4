"""Calendars as files: all made beside first, then put in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.documents.calendar.events import TeacherCalendar, as_bytes
from xlbangfu.documents.staging import Stage, disk_errors_explained, stage
from xlbangfu.file_names import in_a_name
from xlbangfu.schema import TRACKED

if TYPE_CHECKING:
    from icalendar import Component


class Staged(Struct, frozen=True):
    """Calendars made but not yet in their place: where each will be, and 工号 beside the sha256 of its file."""

    files: tuple[Path, ...]
    digests: tuple[tuple[str, str], ...]
    stage: Stage


@contextmanager
def staged_calendars(calendars: Sequence[TeacherCalendar], folder: Path) -> Iterator[Staged]:
    """One .ics a teacher made beside; put in their place when the block ends well, thrown away when it raises.

    A file of the same name is replaced: it is the same teacher's. A teacher without events gets one only where there is a
    former one. Raises WriteFailed.
    """
    with stage(folder, label="日程") as made:
        with disk_errors_explained(folder):
            digests = tuple(_made(made, calendars))
        yield Staged(tuple(made.files), digests, made)


def file_name(calendar: TeacherCalendar) -> str:
    """姓名_对外称谓日程_工号, in what every file system takes."""
    outside = calendar.edition.public_name.replace(TRACKED, "")
    return "_".join(in_a_name(part) for part in (calendar.name, outside + "日程", calendar.number)) + ".ics"


def _made(made: Stage, calendars: Sequence[TeacherCalendar]) -> Iterator[tuple[str, str]]:
    for calendar in calendars:
        path = made.place(file_name(calendar), over=True)
        if calendar.items or path.exists():
            data = as_bytes(calendar, called_off(path, calendar))
            made.write(path, data)
            yield calendar.number, hashlib.sha256(data).hexdigest()


def called_off(path: Path, calendar: TeacherCalendar) -> list[Component]:
    """The events of the file of the last time that are still to come and that the calendar has no more; none where there is
    no such file, or it is no calendar."""
    from icalendar import Calendar

    try:
        old = Calendar.from_ical(path.read_bytes())
    except (OSError, ValueError):
        return []
    due = {item.uid for item in calendar.items}
    events = (event for event in old.walk("VEVENT") if str(event.get("uid")) not in due)
    return [event for event in events if _day(event) >= calendar.edition.today]


def _day(event: Component) -> date:
    start = event.get("dtstart")
    day = start.dt if start is not None else date.min
    return day.date() if isinstance(day, datetime) else day
