"""The files of one action on their way to their place: all of them get there, whenever the program is stopped.

They wait in a folder beside. Before the workbook is written, a mark with their names and checksums is put to them, and a
pointer to it into 备份 beside the workbook; after it, they are renamed one by one. What finds a mark later (see
``actions.waiting_files``) looks whether the workbook has the action, and finishes or withdraws it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from contextlib import suppress
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import Any, NoReturn

from msgspec import Struct
from msgspec.structs import asdict

from xlbangfu.book.safety.backup import FOLDER as BACKUPS
from xlbangfu.book.safety.backup import write_whole
from xlbangfu.book.safety.temporary import PREFIX, clear_left
from xlbangfu.documents.made_files import free_place
from xlbangfu.errors import FilesNotPlaced, disk_trouble

_MARK = "待放.json"
_FORGOTTEN = 30 * 86_400  # seconds after which a mark that no workbook points to goes
RUN, LEDGER = "运行记录", "发件账"  # where it stands that the action was done
_TEXTS = ("label", "action", "ran", "record")
_BROKEN = (OSError, ValueError, TypeError, KeyError, RecursionError)


class WaitingFile(Struct, frozen=True):
    """One file by its name, its sha256, and whether it replaces whatever is there."""

    name: str
    digest: str
    over: bool = False


class Placement(Struct, frozen=True):
    """``files`` that wait in the folder ``waiting`` for their place in its parent, for an action on ``workbook``. ``action``
    and ``ran`` (ISO, to the second) are what ``record`` has of it once it is done."""

    workbook: Path
    waiting: Path
    label: str
    action: str
    ran: str
    record: str
    files: tuple[WaitingFile, ...]

    @property
    def folder(self) -> Path:
        return self.waiting.parent

    def announce(self) -> None:
        """Put the mark; the pointer first, for one without a mark means nothing. Raises OSError."""
        self._pointer.parent.mkdir(exist_ok=True)
        write_whole(self._pointer, _seen_from(self.workbook.parent, self.waiting).encode())
        content = {name: getattr(self, name) for name in _TEXTS} | {"files": [asdict(file) for file in self.files]}
        write_whole(self.waiting / _MARK, json.dumps(content, ensure_ascii=False).encode())

    def finish(self) -> tuple[Path, ...]:
        """Put every file in its place and take the mark away; the answer is where those went that were not there yet.

        Raises FilesNotPlaced where one cannot be put there, once the others are; the mark then stays.
        """
        placed: list[Path] = []
        refused: dict[str, OSError] = {}
        for file in self.files:
            try:
                placed += self._put(file)
            except OSError as problem:
                refused[file.name] = problem
        if refused:
            self._refuse(refused)
        self.withdraw()
        return tuple(placed)

    def _refuse(self, refused: dict[str, OSError]) -> NoReturn:
        (name, problem), *others = refused.items()
        more = f"等 {len(refused)} 个文件" if others else ""
        raise FilesNotPlaced(
            self.label, f"“{name}”{more}写不了（{disk_trouble(problem)}）", "请关掉它，再做任何一步，就会接着放好。"
        ) from problem

    def withdraw(self) -> None:
        """Throw away what still waits. Never raises: what cannot be deleted now goes later."""
        for path in (self.waiting / _MARK, self._pointer):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        shutil.rmtree(self.waiting, ignore_errors=True)

    def _put(self, file: WaitingFile) -> list[Path]:
        """Nothing where it is in its place already, or a later one of that name is."""
        source = self.waiting / file.name
        if not source.exists():
            return []
        if hashlib.sha256(source.read_bytes()).hexdigest() != file.digest:
            source.unlink()
            raise FilesNotPlaced(self.label, f"“{file.name}”在磁盘上坏了", f"请再做一次“{self.label}”。")
        target = self.folder / file.name
        if target.parent != self.folder:
            target.parent.mkdir(exist_ok=True)
        target = target if file.over else free_place(target)
        source.replace(target)
        for older in self.folder.glob(f"{PREFIX}*"):
            if older != self.waiting:
                (older / file.name).unlink(missing_ok=True)
        return [target]

    @property
    def _pointer(self) -> Path:
        tail = self.waiting.name.removeprefix(PREFIX)
        return self.workbook.parent / BACKUPS / f"{self.workbook.stem}.待放_{tail}.txt"


def placements_of(workbook: Path) -> list[Placement]:
    """What still waits of the workbook's actions, the oldest first. A pointer to nothing goes; never raises."""
    found = []
    with suppress(OSError):
        for pointer in sorted((workbook.parent / BACKUPS).glob(f"{escape(workbook.stem)}.待放_*.txt")):
            placement = _behind(pointer, workbook)
            if placement is not None:
                found.append(placement)
    return sorted(found, key=lambda one: one.ran)


def clear_waiting(folder: Path) -> None:
    """Delete what killed processes left in the folder before they put a mark to it. Never raises."""
    clear_left(folder, f"{PREFIX}*", spares=_is_marked)
    clear_left(folder, ".*暂存")  # of earlier versions


def _is_marked(waiting: Path) -> bool:
    mark = waiting / _MARK
    return mark.exists() and time.time() - mark.stat().st_mtime < _FORGOTTEN


def _behind(pointer: Path, workbook: Path) -> Placement | None:
    """What a pointer, which is data from outside, leads to; one that leads to nothing goes."""
    with suppress(*_BROKEN):
        waiting = workbook.parent / pointer.read_text(encoding="utf-8")
        if not waiting.name.startswith(PREFIX):
            return None
        if (waiting / _MARK).exists():
            return _read(workbook, waiting)
        clear_waiting(waiting.parent)
        if not waiting.exists():
            pointer.unlink()
    return None


def _read(workbook: Path, waiting: Path) -> Placement:
    content = json.loads((waiting / _MARK).read_text(encoding="utf-8"))
    texts = {name: str(content[name]) for name in _TEXTS}
    datetime.fromisoformat(texts["ran"])
    return Placement(workbook, waiting, files=tuple(map(_file, content["files"])), **texts)


def _file(content: Any) -> WaitingFile:
    """Raises ValueError for a name that leads out of the folder."""
    name = Path(content["name"])
    if name.is_absolute() or ".." in name.parts:
        raise ValueError(content["name"])
    return WaitingFile(str(content["name"]), str(content["digest"]), bool(content["over"]))


def _seen_from(folder: Path, path: Path) -> str:
    """The way from the folder to what is in it, so that both may be moved; else the whole way."""
    path, folder = path.absolute(), folder.absolute()
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
