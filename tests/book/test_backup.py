"""Backups: a copy from before each write, what the action then changed, how long copies stay, and the way back."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make
from xlbangfu.book.closed.closed_book import ClosedBook, take_back
from xlbangfu.book.safety import atomic_save, backup
from xlbangfu.book.safety.backup import Change, backups, expire, find, keep, not_understood
from xlbangfu.errors import BadArgument, NotAWorkbook, WriteFailed
from xlbangfu.schema import EXAMS, RANKING, SETTINGS

NOON = datetime(2025, 9, 1, 12)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "帮扶总表.xlsm"
    path.write_bytes(b"now")
    return path


def kept(book: Path, *ages: int) -> list[str]:
    """Copies of so many days ago."""
    return [
        keep(book, f"{age}".encode(), action="刷新", changes=[], now=NOON - timedelta(days=age)).path.name
        for age in ages
    ]


def test_a_copy_has_the_name_of_the_book_the_time_and_the_action(book):
    copy = keep(book, b"old", action="刷新 排名/奖项", changes=[Change("排名", 0, 66)], now=NOON)

    assert copy.path == book.parent / "备份" / "帮扶总表_20250901-120000_刷新排名奖项.xlsm"
    assert copy.path.read_bytes() == b"old"
    assert backups(book) == [copy]
    assert backups(book)[0].changes == (Change("排名", 0, 66),)
    assert backups(book)[0].size == 3


def test_two_copies_in_one_second_do_not_write_over_each_other(book):
    for number in range(3):
        keep(book, f"{number}".encode(), action="导入", changes=[], now=NOON)
    assert [copy.path.read_bytes() for copy in backups(book)] == [b"2", b"1", b"0"]


def test_the_newest_copies_stay_and_old_ones_go(book):
    names = kept(book, 200, 5, 4, 3, 2, 1)
    gone = expire(book, copies=3, days=180, now=NOON)

    assert sorted(path.name for path in gone) == sorted(names[:3])
    assert [copy.path.name for copy in backups(book)] == names[:2:-1]
    lines = (book.parent / "备份" / "帮扶总表.备份记录.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3


def test_copies_expire_by_age(book):
    kept(book, 400, 330, 260, 190, 110, 30)
    expire(book, copies=20, days=180, now=NOON)
    assert [copy.path.read_bytes() for copy in backups(book)] == [b"30", b"110"]


def test_a_clock_that_is_a_year_ahead_for_a_day_deletes_nothing(book):
    names = kept(book, *range(20, 0, -1))
    ahead = NOON + timedelta(days=365)
    ours = [
        keep(book, b"ahead %d" % hour, action="刷新", changes=[], now=ahead + timedelta(hours=hour)) for hour in (1, 2)
    ]

    assert expire(book, copies=30, days=180, now=ahead + timedelta(hours=2)) == []

    keep(book, b"right again", action="刷新", changes=[], now=NOON)
    assert expire(book, copies=30, days=180, now=NOON) == []
    newest, *others = [copy.path.name for copy in backups(book)]
    assert newest.startswith("帮扶总表_20250901-120000")
    assert others == [ours[1].path.name, ours[0].path.name, *names[::-1]]


def test_a_copy_made_by_a_clock_years_back_is_the_newest_and_stays(book):
    kept(book, 3, 2, 1)
    back = NOON - timedelta(days=3_000)
    behind = keep(book, b"behind", action="导入", changes=[Change("考试", 0, 1)], now=back)

    expire(book, copies=20, days=180, now=back)
    assert backups(book)[0] == behind

    keep(book, b"right again", action="刷新", changes=[], now=NOON)
    expire(book, copies=20, days=180, now=NOON)
    assert [copy.path.read_bytes() for copy in backups(book)] == [b"right again", b"behind", b"1", b"2", b"3"]


def test_copies_of_before_a_long_pause_go_once_the_new_time_has_gone_on_for_a_few_days(book):
    """A student who was deleted does not stay in them for good."""
    old = kept(book, 402, 401, 400)
    for age, gone in ((2, 0), (1, 0), (0, 3)):
        kept(book, age)
        assert len(expire(book, copies=20, days=180, now=NOON - timedelta(days=age))) == gone
    assert not [name for name in old if (book.parent / "备份" / name).exists()]


def test_a_state_that_is_there_already_is_kept_once_and_is_then_the_newest(book):
    kept(book, 3, 2)
    again = keep(book, b"3", action="导入", changes=[Change("考试", 0, 1)], now=NOON)

    assert [copy.path.read_bytes() for copy in backups(book)] == [b"3", b"2"]
    assert backups(book)[0] == again
    assert again.made == NOON


def test_a_copy_that_the_list_does_not_tell_of_stands_where_its_time_is(book):
    kept(book, 4, 2)
    (name,) = kept(book, 3)
    listed = book.parent / "备份" / "帮扶总表.备份记录.jsonl"
    listed.write_text("".join(listed.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")

    assert [copy.path.read_bytes() for copy in backups(book)] == [b"2", b"3", b"4"]
    assert backups(book)[1].path.name == name


def test_saves_that_fail_push_no_copy_out(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx")
    for exam in "abc":
        saved(path, "导入", exam)
    before = [copy.path.read_bytes() for copy in backups(path)]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_save, "put_in_place", full)
    for _ in range(5):
        book = ClosedBook(path, action="导入")
        book.keep = (4, 180)
        book.append(EXAMS, pl.DataFrame({"考试编号": ["d"]}))
        with pytest.raises(WriteFailed):
            book.save()

    assert exams(path) == ["a", "b", "c"]
    assert [copy.path.read_bytes() for copy in backups(path)] == [path.read_bytes(), *before]


def test_a_save_is_a_success_whether_old_copies_can_be_deleted_or_not(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx")
    saved(path, "导入", "a")

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(backup, "remove", refused)
    saved(path, "导入", "b")

    assert exams(path) == ["a", "b"]


def test_a_copy_that_a_killed_process_left_half_made_goes_once_it_is_an_hour_old(book):
    kept(book, 1)
    old, new = (book.parent / "备份" / name for name in ("~书.1.tmp", "~书.2.tmp"))
    for left in (old, new):
        left.write_bytes(b"whole")
    os.utime(old, (0, 0))

    backup.clear_temporary_copies(book)

    assert (old.exists(), new.exists()) == (False, True)


def test_copies_of_another_book_and_other_files_are_not_counted(book):
    other = book.with_name("帮扶总表_旧.xlsm")
    keep(other, b"other", action="", changes=[], now=NOON)
    (book.parent / "备份" / "随手放的.xlsm").write_bytes(b"x")
    kept(book, 1)
    expire(book, copies=1, days=1, now=NOON)

    assert len(backups(book)) == 1
    assert len(backups(other)) == 1
    assert (book.parent / "备份" / "随手放的.xlsm").exists()


def test_a_list_that_a_crash_cut_short_is_still_read(book):
    kept(book, 2)
    listed = book.parent / "备份" / "帮扶总表.备份记录.jsonl"
    with listed.open("a", encoding="utf-8") as file:
        file.write('{"file": "帮扶总表_2025')
    assert [copy.action for copy in backups(book)] == ["刷新"]
    listed.unlink()
    assert [copy.action for copy in backups(book)] == ["刷新"]


def test_a_book_with_no_backups_has_none(book):
    assert backups(book) == []
    assert expire(book, copies=1, days=1) == []


def test_a_copy_is_found_by_its_name_or_its_time(book):
    (name,) = kept(book, 1)
    assert find(book, name).path.name == name
    assert find(book, "20250831-120000").path.name == name
    with pytest.raises(BadArgument, match="没有备份"):
        find(book, "昨天")


def test_a_backup_that_can_not_be_made_stops_the_write(book, monkeypatch):
    def full(_: Path, __: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "write_whole", full)
    with pytest.raises(WriteFailed, match="备份"):
        keep(book, b"old", action="", changes=[])


def saved(path: Path, action: str, exam: str) -> None:
    book = ClosedBook(path, action=action)
    book.append(EXAMS, pl.DataFrame({"考试编号": [exam]}))
    book.replace({RANKING: pl.DataFrame({"考试编号": [exam]})})
    book.save()


def exams(path: Path) -> list[str]:
    return ClosedBook(path).read(EXAMS)[EXAMS]["考试编号"].to_list()


def test_each_save_keeps_the_book_as_it_was_and_says_what_changed(tmp_path):
    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()
    saved(path, "导入成绩", "a")

    (copy,) = backups(path)
    assert copy.path.read_bytes() == before
    assert copy.action == "导入成绩"
    assert {change.sheet: (change.before, change.after) for change in copy.changes} == {
        "考试": (0, 1),
        "排名": (None, 1),
    }


def test_the_settings_of_the_book_say_how_many_copies_stay(tmp_path):
    path = make(tmp_path / "书.xlsx", {"设置": [SETTINGS.names, ["备份份数", "2", None], ["备份天数", "9", None]]})
    for exam in "abcd":
        book = ClosedBook(path)
        book.read(SETTINGS)
        book.append(EXAMS, pl.DataFrame({"考试编号": [exam]}))
        book.save()
    assert book.keep == (2, 9)
    assert len(backups(path)) == 2


def test_a_backup_taken_back_is_the_book_as_it_was_and_the_present_one_is_kept(tmp_path):
    path = make(tmp_path / "书.xlsx")
    saved(path, "导入", "a")
    saved(path, "导入", "b")
    with_both, oldest = path.read_bytes(), backups(path)[-1]
    present = take_back(path, oldest)

    assert path.read_bytes() == oldest.path.read_bytes()
    assert exams(path) == []
    assert present.path.read_bytes() == with_both
    take_back(path, present)
    assert exams(path) == ["a", "b"]


def test_a_broken_book_can_be_replaced_by_its_backup(tmp_path):
    path = make(tmp_path / "书.xlsx")
    saved(path, "导入", "a")
    path.write_bytes(path.read_bytes()[:1000])
    take_back(path, backups(path)[0])
    assert exams(path) == []


def test_a_broken_backup_is_not_taken_back(tmp_path):
    path = make(tmp_path / "书.xlsx")
    saved(path, "导入", "a")
    (copy,) = backups(path)
    copy.path.write_bytes(copy.path.read_bytes()[:1000])
    with pytest.raises(NotAWorkbook):
        take_back(path, copy)
    assert exams(path) == ["a"]


def in_the_folder(book: Path, name: str, content: bytes | str) -> None:
    folder = book.parent / "备份"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


STRANGE_LINES = [
    '{"file": "帮扶总表_20250831-120000_刷新.xlsm", "action": "x", "changes": [{"sheet": "考试", "why": 1}], "new": {}}',
    '{"file": "帮扶总表_20250831-120000_刷新.xlsm", "changes": null, "action": 7}',
    '{"file": "帮扶总表_20250831-120000_刷新.xlsm", "changes": [1, "a", {"sheet": 2}, {"before": "x"}]}',
    '{"file": ["a"]}',
    '{"version": 9}',
    "7",
    "null",
    "[" * 10_000,
    '{"file": "帮扶总表_2025',
    "\udcff\udcfe".encode("utf-8", "surrogateescape").decode("latin-1"),
]


@pytest.mark.parametrize("line", STRANGE_LINES)
def test_a_strange_line_in_the_list_stops_neither_a_copy_nor_the_way_back(book, line):
    (name,) = kept(book, 1)
    listed = book.parent / "备份" / "帮扶总表.备份记录.jsonl"
    listed.write_bytes(listed.read_bytes() + line.encode())

    newest = keep(book, b"later", action="导入", changes=[Change("考试", 0, 1)], now=NOON)
    expire(book, copies=5, days=180, now=NOON)

    assert [copy.path.name for copy in backups(book)] == [newest.path.name, name]
    assert backups(book)[0] == newest


def test_what_a_later_version_wrote_in_the_list_stays_there(book):
    names = kept(book, 3, 2, 1)
    listed = book.parent / "备份" / "帮扶总表.备份记录.jsonl"
    theirs = f'{{"file": "{names[2]}", "changes": [], "digest": "abc"}}\n{{"version": 9}}\n'
    listed.write_bytes(listed.read_bytes() + theirs.encode())

    expire(book, copies=2, days=180, now=NOON)

    assert listed.read_text(encoding="utf-8").endswith(theirs)


@pytest.mark.parametrize("time", ["20251399-120000", "20250231-120000", "20250101-246161", "00000000-000000"])
def test_a_name_with_an_impossible_time_is_no_copy_and_is_named(book, time):
    (name,) = kept(book, 1)
    in_the_folder(book, f"帮扶总表_{time}_刷新.xlsm", b"x")
    in_the_folder(book, "帮扶总表.备份记录.jsonl", '{"version": 9}\n')

    expire(book, copies=1, days=1, now=NOON)

    assert [copy.path.name for copy in backups(book)] == [name]
    assert not_understood(book) == [f"帮扶总表_{time}_刷新.xlsm", "帮扶总表.备份记录.jsonl 第 1 行"]


def test_a_folder_with_the_name_of_a_copy_or_of_the_list_is_passed_over(book):
    for name in ("帮扶总表_20250831-120000_刷新.xlsm", "帮扶总表.备份记录.jsonl"):
        (book.parent / "备份" / name).mkdir(parents=True)

    assert backups(book) == []
    assert not_understood(book) == ["帮扶总表.备份记录.jsonl"]
