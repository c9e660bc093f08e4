"""Screening and accepting in the open workbook: the same cells as in the closed one, and 撤销上次 takes them back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from xlbangfu import sample
from xlbangfu.actions import Call, screen_students, undo_last
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.port import Book
from xlbangfu.schema import FILES, ROSTER, SCREENING, Table

pytestmark = pytest.mark.office

NOW = datetime(2026, 6, 30, 10, 0)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """A master that was screened with three rows ticked, one of them to leave, and a copy of it."""
    path, copy = tmp_path / "总表.xlsm", tmp_path / "另一本.xlsm"
    school = sample.make(students=90, classes=3, exams=2, logs=20)
    template.build(path, frames=school.frames, host="libreoffice", created=NOW)
    screen_students.screen(ClosedBook(path), Call(user="王老师", now=NOW))
    book = ClosedBook(path)
    rows = read(book, SCREENING)
    chosen = pl.concat([rows.filter(pl.col("变化") == "新增").head(2), rows.filter(pl.col("变化") == "可退出").head(1)])
    book.amend(SCREENING, chosen.select(*SCREENING.keys, 采纳=pl.lit("√")))
    book.save()
    shutil.copy(path, copy)
    return path, copy


def read(book: Book, table: Table) -> pl.DataFrame:
    return book.read(table)[table]


def test_accepting_live_writes_what_accepting_closed_does_and_can_be_taken_back(
    office: Any, paths: tuple[Path, Path]
) -> None:
    from xlbangfu.book.live.live_book import LiveBook

    path, copy = paths
    before = {table: read(ClosedBook(path), table) for table in (ROSTER, FILES)}
    call = Call(user="王老师", now=NOW + timedelta(minutes=1), agrees=lambda _: True)

    screen_students.screen_accept(ClosedBook(copy), call)
    opened = office.books.open(path)
    try:
        screen_students.screen_accept(LiveBook(opened, action="screen_accept"), call)
        live = {table: read(LiveBook(opened), table) for table in (ROSTER, FILES, SCREENING)}
        undo_last.undo(LiveBook(opened, action="undo"), call)
        taken_back = {table: read(LiveBook(opened), table) for table in before}
    finally:
        opened.close()

    assert not live[ROSTER].equals(before[ROSTER])
    for table, frame in live.items():
        assert_frame_equal(frame, read(ClosedBook(copy), table))
    for table, frame in before.items():
        assert_frame_equal(taken_back[table], frame)
