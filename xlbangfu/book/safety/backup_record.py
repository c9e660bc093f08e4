"""The list of the copies in 备份/: one JSON object a line, in the order in which the copies were made.

It is data from outside: people, sync software and other versions of the program write there too. What is not understood
is passed over and named, and stays in the file where it is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

_NO_JSON = (ValueError, RecursionError)


class Change(Struct, frozen=True):
    """What an action did to one sheet: how many records it had and has."""

    sheet: str
    before: int | None  # None: not counted
    after: int | None


class Line(Struct, frozen=True):
    """What the list tells of one copy."""

    file: str
    action: str
    changes: tuple[Change, ...]
    made: datetime | None = None  # None: as its name says
    saved: datetime | None = None  # see Backup


class Record(Struct, frozen=True):
    """The list as it could be read: by file name, in their order; and the numbers of lines that were not understood."""

    lines: dict[str, Line]
    unknown: list[int]


def read_record(path: Path) -> Record:
    """The list in a file; empty where there is none or it can't be read. Of two lines of one copy the later one holds."""
    lines: dict[str, Line] = {}
    unknown = []
    for number, text in enumerate(_texts(path), start=1):
        line = _line_of(_parsed(text))
        if line is None:
            unknown.append(number)
            continue
        lines.pop(line.file, None)
        lines[line.file] = line
    return Record(lines, unknown)


def append_line(path: Path, line: Line) -> None:
    """Add a line. Raises OSError."""
    times = {"made": line.made, "saved": line.saved}
    content = asdict(line) | {name: time and time.isoformat() for name, time in times.items()}
    content["changes"] = [asdict(change) for change in line.changes]
    text = json.dumps(content, ensure_ascii=False) + "\n"
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, 2)
            text = text if file.read(1) == b"\n" else f"\n{text}"  # a crash cut the last line short
        file.write(text.encode())


def lines_without(path: Path, gone: set[str]) -> bytes:
    """The file without the lines of these copies and without what is no JSON; what else it has stays as it is."""
    return "".join(f"{text}\n" for text in _texts(path) if _stays(_parsed(text), gone)).encode()


def _stays(content: Any, gone: set[str]) -> bool:
    line = _line_of(content)
    return content is not None and (line is None or line.file not in gone)


def _texts(path: Path) -> Iterator[str]:
    text = ""
    with suppress(OSError):
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return (line for line in text.split("\n") if line.strip())


def _parsed(text: str) -> Any:
    with suppress(*_NO_JSON):
        return json.loads(text)
    return None


def _line_of(content: Any) -> Line | None:
    """A line with what is known of it; None without a file's name. Keys and sheets that are unknown are passed over."""
    if not isinstance(content, dict) or not isinstance(content.get("file"), str):
        return None
    action, changes = content.get("action"), content.get("changes")
    return Line(
        file=content["file"],
        action=action if isinstance(action, str) else "",
        changes=tuple(_changes_of(changes if isinstance(changes, list) else ())),
        made=_time(content.get("made")),
        saved=_time(content.get("saved")),
    )


def _time(value: Any) -> datetime | None:
    with suppress(TypeError, ValueError):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return None


def _changes_of(changes: Sequence[Any]) -> Iterator[Change]:
    for one in changes:
        if isinstance(one, dict) and isinstance(one.get("sheet"), str):
            yield Change(one["sheet"], _count(one.get("before")), _count(one.get("after")))


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) else None
