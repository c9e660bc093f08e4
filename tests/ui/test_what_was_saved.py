"""A command that ends badly says whether the workbook was written before."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli.main import main
from xlbangfu.errors import WriteFailed
from xlbangfu.schema import RUNS


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 1))
    return path


def sentence(book: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch, *, first: bool) -> str:
    """What ``validate`` ends with where that comes before its save or after it."""
    save = ClosedBook.save

    def failing(self: ClosedBook) -> None:
        if not first:
            save(self)
        raise problem

    monkeypatch.setattr(ClosedBook, "save", failing)
    assert main(["validate", str(book)]) == 2
    monkeypatch.setattr(ClosedBook, "save", save)
    return "已经写好" if ClosedBook(book).read(RUNS)[RUNS].height else "没有"


@pytest.mark.parametrize(
    "problem", [KeyboardInterrupt(), WriteFailed("写不了“班级页”。"), RuntimeError(), OSError(28, "")]
)
@pytest.mark.parametrize("first", [True, False])
def test_the_sentence_agrees_with_the_disk(
    problem: BaseException,
    *,
    first: bool,
    book: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    state = sentence(book, problem, monkeypatch, first=first)
    told = capsys.readouterr().err

    assert ("总表已经写好，后面的没有做完" in told) == (state == "已经写好") == (not first)
    assert not (state == "已经写好" and "没有改动" in told)
