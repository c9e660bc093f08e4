"""Calendars as files: all made beside first, then put in their place."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.documents.calendar.events import TeacherCalendar, as_bytes
from xlbangfu.errors import WriteFailed, disk_trouble
from xlbangfu.schema import TRACKED

if TYPE_CHECKING:
    from icalendar import Component

_BESIDE = ".日程暂存"
_LONGEST = 40  # characters of a part of a file name


@dataclass(frozen=True)
class Staged:
    """Calendars made but not yet in their place: where each will be, and 工号 beside the sha256 of its file."""

    files: tuple[Path, ...]
    digests: tuple[tuple[str, str], ...]


@contextmanager
def staged_calendars(calendars: Sequence[TeacherCalendar], folder: Path) -> Iterator[Staged]:
    """One .ics a teacher made beside; put in their place when the block ends well, thrown away when it raises.

    A file of the same name is replaced: it is the same teacher's. A teacher without events gets one only where there is a
    former one. Raises WriteFailed.
    """
    beside, is_new = folder / _BESIDE, not folder.exists()
    try:
        with _said(folder):
            shutil.rmtree(beside, ignore_errors=True)  # of a run that was killed
            beside.mkdir(parents=True)
            staged = _stage(calendars, folder, beside)
        yield staged
        for path in staged.files:
            with _said(path):
                (beside / path.name).replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # one that holds files stays
                folder.rmdir()


def file_name(calendar: TeacherCalendar) -> str:
    """姓名_对外称谓日程_工号, in what every file system takes."""
    outside = calendar.edition.public_name.replace(TRACKED, "")
    parts = (re.sub(r'[\x00-\x1f<>:"/\\|?*]', "_", part) for part in (calendar.name, outside + "日程", calendar.number))
    return "_".join(part[:_LONGEST].strip(" .") for part in parts) + ".ics"


def _stage(calendars: Sequence[TeacherCalendar], folder: Path, beside: Path) -> Staged:
    files, digests, taken = [], [], set[str]()
    for calendar in calendars:
        path = _free(folder / file_name(calendar), taken)
        if not calendar.items and not path.exists():
            continue
        data = as_bytes(calendar, called_off(path, calendar))
        (beside / path.name).write_bytes(data)
        files.append(path)
        digests.append((calendar.number, hashlib.sha256(data).hexdigest()))
    return Staged(tuple(files), tuple(digests))


def _free(path: Path, taken: set[str]) -> Path:
    """The path, or with a number where two teachers' names come out the same on this file system."""
    first, number = path, 1
    while path.name.casefold() in taken:
        number += 1
        path = first.with_stem(f"{first.stem}_{number}")
    taken.add(path.name.casefold())
    return path


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


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """A failure of the file system as a sentence."""
    try:
        yield
    except OSError as problem:
        raise WriteFailed(f"写不了“{path}”（{disk_trouble(problem)}）；请关掉它或换一个文件夹，再做一次。") from problem
