"""A book that somebody has open is left alone, and who has it is said."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import locks
from xlbangfu.errors import BookLocked, WriteFailed
from xlbangfu.schema import EXAMS


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "总表.xlsx")


def owner_file(book: Path, name: str, *, wide: bool = True) -> Path:
    """The file that Excel keeps beside an open book: the name in two codes, padded with blanks."""
    narrow = name.encode("gb18030")
    data = bytes([len(narrow)]) + narrow.ljust(54, b" ")
    if wide:
        data += len(name).to_bytes(2, "little") + name.ljust(54).encode("utf-16-le")
    path = book.with_name(f"~${book.name}")
    path.write_bytes(data)
    return path


def libreoffice_file(book: Path, text: str) -> Path:
    path = book.with_name(f".~lock.{book.name}#")
    path.write_text(text, encoding="utf-8")
    return path


needs_posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows lets a stale owner file be told by opening it"
)


def test_a_free_book_is_free(book):
    ClosedBook(book).check_free()


@needs_posix
@pytest.mark.parametrize("wide", [True, False])
def test_the_holder_in_excel_or_wps_is_named(book, wide):
    lock = owner_file(book, "教务处小周", wide=wide)
    with pytest.raises(BookLocked, match="教务处小周") as told:
        locks.check_free(book)
    assert lock.name in str(told.value)


@needs_posix
@pytest.mark.parametrize("data", [b"", b"\x05", b"\xff" * 165, os.urandom(165)])
def test_an_owner_file_that_says_nothing_still_locks(book, data):
    book.with_name(f"~${book.name}").write_bytes(data)
    with pytest.raises(BookLocked, match="Excel 或 WPS"):
        locks.check_free(book)


def test_the_holder_in_libreoffice_is_named_with_the_computer(book):
    libreoffice_file(book, "周\\,老师,zhou,办公室电脑,01.09.2025 08:00,file:///profile;")
    with pytest.raises(BookLocked, match="周,老师（办公室电脑）"):
        locks.check_free(book)


def test_a_libreoffice_lock_with_no_full_name_gives_the_login(book):
    libreoffice_file(book, ",zhou,pc7,01.09.2025 08:00,file:///profile;")
    with pytest.raises(BookLocked, match="zhou（pc7）"):
        locks.check_free(book)


@pytest.mark.parametrize(("runs", "free"), [(False, True), (True, False), (None, False)])
def test_a_libreoffice_lock_of_this_computer_is_stale_only_if_libreoffice_surely_does_not_run(
    book, monkeypatch, runs, free
):
    libreoffice_file(book, f",zhou,{socket.gethostname()},01.09.2025 08:00,file:///profile;")
    monkeypatch.setattr(locks, "_office_runs", lambda: runs)
    if free:
        locks.check_free(book)
    else:
        with pytest.raises(BookLocked):
            locks.check_free(book)


def test_a_lock_of_another_computer_is_never_stale(book, monkeypatch):
    libreoffice_file(book, ",zhou,another,01.09.2025 08:00,file:///profile;")
    monkeypatch.setattr(locks, "_office_runs", lambda: False)
    with pytest.raises(BookLocked, match="another"):
        locks.check_free(book)


def test_whether_libreoffice_runs_can_be_told_here():
    assert locks._office_runs() in (True, False, None)


def test_a_locked_book_is_not_written_and_can_be_once_it_is_free(book):
    before = book.read_bytes()
    lock = libreoffice_file(book, "李,li,pc,,;")
    closed = ClosedBook(book)
    closed.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    with pytest.raises(BookLocked):
        closed.save()
    assert book.read_bytes() == before
    assert not (book.parent / "备份").exists()

    lock.unlink()
    closed.save()
    assert ClosedBook(book).read(EXAMS)[EXAMS].height == 1


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_book_is_not_replaced(book):
    book.chmod(0o444)
    with pytest.raises(WriteFailed, match="只读"):
        locks.check_free(book)


def test_a_book_that_another_program_holds_at_the_last_moment_is_left_as_it_is(book, monkeypatch):
    before = book.read_bytes()
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if Path(target).name == book.name:
            raise PermissionError(13, "sharing violation")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    closed = ClosedBook(book)
    closed.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    with pytest.raises(BookLocked, match="关闭"):
        closed.save()
    assert book.read_bytes() == before
    assert not list(book.parent.glob("*.tmp"))
