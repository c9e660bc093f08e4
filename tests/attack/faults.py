"""A file system that fails at one chosen point: every open, write, rename, fsync, delete and new folder in one folder.

For tests only: the functions of ``os``, ``io`` and ``sqlite3`` are put back when the block ends.
"""

from __future__ import annotations

import builtins
import io
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

_WRITES = set("wax+")
_CALLS = ("open", "replace", "rename", "unlink", "remove", "mkdir", "rmdir", "fsync", "chmod")
_TRUE_OPEN, _TRUE_CONNECT = io.open, sqlite3.connect


def failing(errno: int) -> Callable[[str], None]:
    """What happens at the point: the file system says no."""

    def fail(point: str) -> None:
        raise OSError(errno, os.strerror(errno), point)

    return fail


class Faults:
    """Counts the points that are reached in a folder; at number ``at`` (from 1) ``act`` is called, after the call was made
    where ``after`` (it says it failed, and has happened). ``seen`` are all points by kind."""

    def __init__(
        self, folder: Path, *, at: int = 0, act: Callable[[str], None] | None = None, after: bool = False
    ) -> None:
        self.seen: list[str] = []
        self._folder = str(folder.resolve())
        self._at, self._act, self._after = at, act, after
        self._true = {name: getattr(os, name) for name in _CALLS}

    def __enter__(self) -> Faults:
        for name in _CALLS:
            setattr(os, name, self._watched(name))
        io.open = builtins.open = self._opened  # type: ignore[assignment]  # a file system that can fail
        sqlite3.connect = self._connected  # type: ignore[assignment]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name, call in self._true.items():
            setattr(os, name, call)
        io.open = builtins.open = _TRUE_OPEN
        sqlite3.connect = _TRUE_CONNECT

    def reach(self, kind: str, call: Callable[[], Any] = lambda: None, failed: Callable[[], Any] = lambda: None) -> Any:
        """One point: the call, unless it is the one to fail, where ``failed`` is what is done of it all the same."""
        self.seen.append(kind)
        if len(self.seen) != self._at or self._act is None:
            return call()
        call() if self._after else failed()
        self._act(kind)
        return None

    def _watched(self, name: str) -> Callable[..., Any]:
        true = self._true[name]

        def call(*given: Any, **named: Any) -> Any:
            if not self._concerns(name, given, named):
                return true(*given, **named)
            return self.reach(name, lambda: true(*given, **named))

        return call

    def _concerns(self, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> bool:
        if name == "fsync":
            return True
        relative = any(value is not None for key, value in named.items() if key.endswith("dir_fd"))
        return relative or self._inside(given[0])

    def _inside(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.path.realpath(path).startswith(self._folder)

    def _opened(self, file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if not self._inside(file):
            return _TRUE_OPEN(file, mode, *given, **named)
        if not _WRITES & set(mode):
            return self.reach("read", lambda: _TRUE_OPEN(file, mode, *given, **named))
        raw = self.reach("create", lambda: _File(file, mode.replace("b", "").replace("t", ""), self))
        buffer = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        if "b" in mode:
            return buffer
        return io.TextIOWrapper(buffer, *given[1:], **{name: one for name, one in named.items() if name != "buffering"})

    def _connected(self, path: Any, *given: Any, **named: Any) -> sqlite3.Connection:
        faults = self

        class Connection(sqlite3.Connection):
            def execute(self, *words: Any) -> sqlite3.Cursor:
                if str(words[0]).startswith(("SELECT", "PRAGMA", "ROLLBACK")):
                    return super().execute(*words)
                try:
                    answer: sqlite3.Cursor = faults.reach("ledger", lambda: super(Connection, self).execute(*words))
                except OSError as problem:
                    raise sqlite3.OperationalError("disk I/O error") from problem
                return answer

        return _TRUE_CONNECT(path, *given, factory=Connection, **named)


class _File(io.FileIO):
    """A file of which half is written where a write fails."""

    def __init__(self, path: Any, mode: str, faults: Faults) -> None:
        self._faults = faults
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        whole = bytes(data)
        written: int = self._faults.reach(
            "write", lambda: super(_File, self).write(whole), lambda: super(_File, self).write(whole[: len(whole) // 2])
        )
        return written
