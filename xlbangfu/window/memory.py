"""What the window remembers from one time to the next: ~/.xlbangfu/window.json."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

PAGES = "班级页"


def file() -> Path:
    return Path.home() / ".xlbangfu" / "window.json"


class Memory(Struct, frozen=True, kw_only=True):
    """The workbook, and where its class pages go if not beside it."""

    book: Path | None = None
    out: Path | None = None

    @property
    def pages_folder(self) -> Path | None:
        """Where class pages go; None as long as there is no workbook."""
        return self.out or (self.book.parent / PAGES if self.book else None)

    def with_book(self, book: Path) -> Memory:
        """Another workbook has its pages beside it again."""
        return self if book == self.book else replace(self, book=book, out=None)

    def with_out(self, out: Path) -> Memory:
        return replace(self, out=out)


def load(path: Path) -> Memory:
    """What was remembered; nothing where the file is not there, is broken, or its workbook is gone."""
    remembered: Any = None
    with suppress(OSError, ValueError):
        remembered = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(remembered, dict):
        return Memory()
    book, out = (Path(remembered[name]) if isinstance(remembered.get(name), str) else None for name in ("book", "out"))
    if book is None or not book.is_file():
        return Memory()
    return Memory(book=book, out=out)


def save(path: Path, memory: Memory) -> None:
    """Remember; a home that can't be written to is no reason to stop."""
    remembered = {name: str(value) for name in ("book", "out") if (value := getattr(memory, name))}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(remembered, ensure_ascii=False, indent=1), encoding="utf-8")
