"""One LibreOffice for all tests that need an open workbook; it has no window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4


@contextmanager
def office_in(folder: Path) -> Iterator[Any]:
    """An xlwings app with a profile of its own."""
    with office_on(new_pipe(), folder) as app:
        yield app


def new_pipe() -> str:
    """The name of a pipe that no other test has."""
    return f"xlbangfutest{uuid4().hex[:12]}"


@contextmanager
def office_on(pipe: str, folder: Path) -> Iterator[Any]:
    """The same on a pipe that others can reach it by."""
    from xlbangfu.book.libreoffice import connect, start_office

    start_office(pipe, folder / "profile")
    app = connect(pipe)
    try:
        yield app
    finally:
        app.kill()
