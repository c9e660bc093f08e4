"""What stands around a workbook: whose eyes it is for, where it is, and how long."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook, take_back
from xlbangfu.book.safety.backup import FOLDER, backups
from xlbangfu.book.safety.temporary import free_name, temporary_folder
from xlbangfu.cli.main import main
from xlbangfu.schema import EXAMS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of POSIX")


@pytest.fixture(autouse=True)
def _open_to_all() -> object:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def saved(path: Path, exam: str) -> None:
    book = ClosedBook(path, action="import")
    book.append(EXAMS, pl.DataFrame({"考试编号": [exam]}))
    book.save()


def test_what_belongs_to_a_workbook_that_became_private_becomes_private_at_the_next_save(tmp_path):
    path = make(tmp_path / "书.xlsx")
    path.chmod(0o644)
    saved(path, "a")
    other = make(tmp_path / "书_旧.xlsx")
    other.chmod(0o644)
    saved(other, "a")
    ours = [tmp_path / "书-发件.sqlite", tmp_path / "班级页" / "初一1班.xlsx", tmp_path / FOLDER / "书.撤销.zip"]
    for one in ours:
        one.parent.mkdir(exist_ok=True)
        one.write_bytes(b"x")
    assert {mode(one) for one in (*ours, backups(path)[0].path)} == {"0o644"}

    path.chmod(0o600)
    saved(path, "b")

    record = tmp_path / FOLDER / "书.备份记录.jsonl"
    assert {mode(one) for one in (*ours, record, *(copy.path for copy in backups(path)))} == {"0o600"}
    assert {mode(one) for one in (other, *(copy.path for copy in backups(other)))} == {"0o644"}


def test_a_new_workbook_is_for_its_maker_alone_and_so_is_one_that_comes_back(tmp_path):
    path = tmp_path / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 1))
    assert mode(path) == "0o600"

    saved(path, "a")
    path.unlink()
    take_back(path, backups(path)[0])
    assert mode(path) == "0o600"


def test_one_book_has_one_set_of_backups_whichever_link_it_is_opened_by(tmp_path, capsys):
    desk, office = tmp_path / "桌面", tmp_path / "办公室"
    for folder in (desk, office):
        folder.mkdir()
    path = office / "书.xlsx"
    template.build(path, created=datetime(2026, 6, 1))
    link = desk / "快捷.xlsx"
    link.symlink_to(path)

    assert ClosedBook(link).path == path
    assert main(["validate", str(link)]) == 0
    saved(link, "a")

    assert [one.name for one in desk.iterdir()] == [link.name]
    assert link.is_symlink()
    assert len(backups(path)) == 2
    assert main(["restore", str(link), "--take", "1"]) == 0
    assert ClosedBook(path).read(EXAMS)[EXAMS].is_empty()
    assert link.is_symlink()
    assert [one.name for one in desk.iterdir()] == [link.name]


GONE = """
import os, sys
from pathlib import Path
from xlbangfu.book.safety.temporary import free_name, temporary_folder
free_name(Path(sys.argv[1])).write_bytes(b"whole")
free_name(Path(sys.argv[1]).parent / "备份" / "x").write_bytes(b"whole")
with temporary_folder() as folder:
    (folder / "whole.xlsm").write_bytes(b"whole")
    print(folder, flush=True)
    os._exit(9)
"""


def test_whole_copies_of_a_killed_process_go_at_the_next_start(tmp_path):
    path = make(tmp_path / "书.xlsx")
    (tmp_path / FOLDER).mkdir()
    killed = subprocess.run([sys.executable, "-c", GONE, str(path)], capture_output=True, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    mine = free_name(path)
    mine.write_bytes(b"of a process that runs")

    ClosedBook(path).read(EXAMS)
    with temporary_folder():
        assert not left.exists()

    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([path.name, FOLDER, mine.name])
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_folder_of_somebody_elses_stays_however_old(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    theirs = tmp_path / "xlbangfu-试用"
    theirs.mkdir()
    os.utime(theirs, (time.time() - 10**6,) * 2)

    with temporary_folder():
        assert theirs.is_dir()
