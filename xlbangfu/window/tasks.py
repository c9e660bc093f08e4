"""What the window's buttons do, on the closed file. Everything is imported late: the window is there at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.window.job import Progress

if TYPE_CHECKING:
    from xlbangfu.actions import Call, Outcome
    from xlbangfu.book.closed import ClosedBook
    from xlbangfu.documents.importing import ImportPlan

IMPORT = "import"


@dataclass(frozen=True)
class Planned:
    """An import that waits for a yes: what it would write, and what of the files can't be used."""

    lines: Sequence[str]
    refused: Sequence[str]
    rows: int
    write: Callable[[Progress], Outcome]


def run(name: str, path: Path, out: Path, progress: Progress) -> Outcome:
    """Any action but the import; ``out`` is for those that make files, the journal for undoing."""
    from inspect import signature

    from xlbangfu import actions

    action = getattr(actions, name)
    wanted = signature(action).parameters
    more = {name: value for name, value in (("out", out), ("journal", path)) if name in wanted}
    outcome: Outcome = action(_book(name, path, progress), _call(), **more)
    return outcome


def plan(path: Path, files: Sequence[Path], progress: Progress) -> Planned:
    """What an import of these files would write; nothing is written."""
    from xlbangfu import actions

    progress("读取总表和文件", 0.2)
    made = actions.plan_import(_book(IMPORT, path, progress), _call(), files)
    refused = [
        f"{row['工作表']} 第 {row['行']} 行 {row['列'] or ''}：{row['问题']}" for row in made.problems.to_dicts()
    ]
    rows = sum(frame.height for frame in (*made.appends.values(), *made.amends.values()))
    return Planned(made.lines, refused, rows, lambda moved: _import(path, made, moved))


def new_book(path: Path, progress: Progress) -> Path:
    """A fresh master workbook, its buttons for this computer's spreadsheet program."""
    from xlbangfu.book import template

    progress("新建总表", 0.2)
    linux = sys.platform.startswith("linux")
    template.build(path, host="libreoffice" if linux else "excel", created=datetime.now().replace(microsecond=0))
    return path


def examine(path: Path | None, progress: Progress) -> list[str]:
    """What the doctor finds, as lines."""
    from xlbangfu import doctor

    progress("体检", 0.3)
    return doctor.lines(doctor.examine(doctor.ThisMachine(), path))


def _import(path: Path, made: ImportPlan, progress: Progress) -> Outcome:
    from xlbangfu import actions

    progress("写入总表", 0.1)
    return actions.import_files(_book(IMPORT, path, progress), _call(), made)


def _book(action: str, path: Path, progress: Progress) -> ClosedBook:
    from xlbangfu.book.closed import ClosedBook

    book = ClosedBook(path, action=action, progress=progress)
    book.check_free()
    return book


def _call() -> Call:
    from xlbangfu.actions import Call

    return Call.here()
