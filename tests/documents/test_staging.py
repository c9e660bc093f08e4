"""Files that follow the workbook: all of them or none, whenever the program is stopped, and nobody else's are touched."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.workbooks_made import make
from xlbangfu.actions.waiting_files import place_waiting_files
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.backup import FOLDER
from xlbangfu.book.safety.folder_lock import locked
from xlbangfu.book.safety.temporary import PREFIX
from xlbangfu.documents import placement
from xlbangfu.documents.placement import LEDGER, RUN, Placement
from xlbangfu.documents.staging import Stage, stage
from xlbangfu.errors import FilesNotPlaced, FolderInUse, WriteFailed
from xlbangfu.schema import RUNS

NAMES = ("初一1班.xlsx", "初一2班.xlsx", "附件/初一3班.xlsx")
MADE = datetime(2026, 6, 30, 10)


class Killed(BaseException):
    """The end of the process, as far as a test in it can have it."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return make(tmp_path / "总表.xlsx")


def save(book: Path, ran: datetime = MADE) -> None:
    one = ClosedBook(book)
    one.append(RUNS, pl.DataFrame({"时间": [ran], "操作": ["班级页"]}))
    one.save()


def make_files(book: Path, text: str = "新", *, names: tuple[str, ...] = NAMES, ran: datetime = MADE) -> None:
    with staged(book, text, names) as made, made.following(book, "pages", ran):
        save(book, ran)


@contextmanager
def staged(book: Path, text: str, names: tuple[str, ...] = NAMES) -> Iterator[Stage]:
    with stage(book.parent / "班级页", label="班级页") as made:
        for name in names:
            made.replace(name, f"{text} {name}".encode())
        yield made


def there(book: Path) -> dict[str, str]:
    """What stands in the folder: of each file the word that it begins with."""
    out = book.parent / "班级页"
    paths = (path for path in out.rglob("*") if path.is_file() and PREFIX not in str(path))
    return {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8").split()[0] for path in paths}


def left(book: Path) -> list[str]:
    return [path.name for path in book.parent.rglob("*") if PREFIX in path.name or "待放" in path.name]


def killed_at_file(number: int) -> Callable[[Placement, placement.WaitingFile], list[Path]]:
    put, count = Placement._put, iter(range(100))

    def dying(self: Placement, file: placement.WaitingFile) -> list[Path]:
        if next(count) == number:
            raise Killed
        return put(self, file)

    return dying


def all_new(word: str = "新") -> dict[str, str]:
    return dict.fromkeys(NAMES, word)


def test_files_are_there_once_the_workbook_is_written_and_not_before(book: Path) -> None:
    with staged(book, "新") as made, made.following(book, "pages", MADE):
        assert not any(path.exists() for path in made.files)
        save(book)
    assert there(book) == all_new()
    assert left(book) == []


def test_a_workbook_that_could_not_be_written_gets_no_files(book: Path) -> None:
    make_files(book, "旧")
    with pytest.raises(WriteFailed), staged(book, "新") as made, made.following(book, "pages", MADE):
        raise WriteFailed("no")
    assert there(book) == all_new("旧")
    assert left(book) == []


@pytest.mark.parametrize("record", [RUN, LEDGER])
def test_nothing_waits_where_no_file_was_made(book: Path, record: str) -> None:
    with pytest.raises(WriteFailed), staged(book, "", ()) as made, made.following(book, "remind", MADE, record=record):
        raise WriteFailed("磁盘满了。")

    assert not list(book.parent.glob(f"**/{PREFIX}*"))


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_what_was_stopped_between_two_files_is_finished_by_the_next_action(
    number: int, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(book, "旧", ran=datetime(2026, 5, 1))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Placement, "_put", killed_at_file(number))
        make_files(book)
    assert list(there(book).values()).count("新") >= number

    said = place_waiting_files(ClosedBook(book))

    assert said == (f"上次的班级页没有放完，这次先放好了 {len(NAMES) - number} 个文件。",)
    assert there(book) == all_new()
    assert left(book) == []
    assert place_waiting_files(ClosedBook(book)) == ()


def test_what_was_stopped_before_the_workbook_was_written_is_thrown_away(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_files(book, "旧", ran=datetime(2026, 5, 1))
    monkeypatch.setattr(Placement, "withdraw", lambda self: None)
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    with pytest.raises(Killed), staged(book, "新") as made, made.following(book, "pages", MADE):
        raise Killed
    monkeypatch.undo()
    assert left(book)

    assert place_waiting_files(ClosedBook(book)) == ()
    assert there(book) == all_new("旧")
    assert left(book) == []


def test_a_file_that_cannot_be_placed_is_told_apart_from_the_workbook(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = Placement._put

    def open_elsewhere(self: Placement, file: placement.WaitingFile) -> list[Path]:
        if file.name == NAMES[0]:
            raise PermissionError(13, "in use")
        return put(self, file)

    with monkeypatch.context() as patch, pytest.raises(FilesNotPlaced, match=r"^总表已写好；班级页没有放好：“初一1班"):
        patch.setattr(Placement, "_put", open_elsewhere)
        make_files(book)
    assert there(book) == dict.fromkeys(NAMES[1:], "新")
    assert ClosedBook(book).read(RUNS)[RUNS].height == 1

    with monkeypatch.context() as patch:
        patch.setattr(Placement, "_put", open_elsewhere)
        (said,) = place_waiting_files(ClosedBook(book))
    assert said.startswith("上次的班级页还没有放好")
    place_waiting_files(ClosedBook(book))
    assert there(book) == all_new()


def test_older_files_that_wait_never_take_the_place_of_newer_ones(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Placement, "_put", killed_at_file(0))
        make_files(book, "旧", ran=datetime(2026, 5, 1))

    make_files(book, names=NAMES[:1])
    place_waiting_files(ClosedBook(book))

    assert there(book) == all_new("旧") | {NAMES[0]: "新"}


def test_a_page_that_staff_saved_meanwhile_stays_theirs(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        monkeypatch.context() as patch,
        pytest.raises(Killed),
        stage(book.parent / "班级页", label="班级页") as made,
    ):
        patch.setattr(Placement, "_put", killed_at_file(0))
        made.put(NAMES[0], b"new")
        with made.following(book, "pages", MADE):
            save(book)
    (book.parent / "班级页" / NAMES[0]).write_text("班主任的")

    place_waiting_files(ClosedBook(book))

    assert there(book) == {NAMES[0]: "班主任的", "初一1班_2.xlsx": "new"}


def test_a_file_that_the_disk_lost_is_never_placed(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Placement, "_put", killed_at_file(0))
        make_files(book)
    (waiting,) = (book.parent / "班级页").glob(f"{PREFIX}*")
    (waiting / NAMES[0]).write_bytes(b"\0")

    (said,) = place_waiting_files(ClosedBook(book))

    assert "请再做一次“班级页”" in said
    assert NAMES[0] not in there(book)
    place_waiting_files(ClosedBook(book))
    assert there(book) == dict.fromkeys(NAMES[1:], "新")


def test_the_whole_folder_may_be_moved_in_between(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Placement, "_put", killed_at_file(1))
        make_files(book)
    moved = book.parent.rename(book.parent.with_name("别处")) / book.name

    place_waiting_files(ClosedBook(moved))

    assert there(moved) == all_new()
    assert left(moved) == []


@pytest.mark.parametrize("text", ["", "没有这个文件夹", "\0", "班级页/坏的", "班级页/~xlbangfu_坏的"])
def test_a_pointer_that_leads_nowhere_stops_nothing(text: str, book: Path) -> None:
    mark = {"label": "", "action": "", "ran": "2026-06-30", "record": "", "files": [{"name": "../../总表.xlsx"}]}
    for name in ("坏的", "~xlbangfu_坏的"):
        bad = book.parent / "班级页" / name
        bad.mkdir(parents=True)
        (bad / "待放.json").write_text(json.dumps(mark))
    (book.parent / FOLDER).mkdir()
    (book.parent / FOLDER / "总表.待放_1.txt").write_text(text)
    before = book.read_bytes()

    assert place_waiting_files(ClosedBook(book)) == ()
    assert book.read_bytes() == before
    assert bad.is_dir()


@pytest.mark.parametrize("kept", ["待放.json", "总表.待放_"])
def test_a_note_that_could_not_be_deleted_goes_at_the_next_action(
    kept: str, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name.startswith(kept):
            raise PermissionError(errno.EACCES, "", str(path))
        true(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        make_files(book)
    assert there(book) == all_new()

    place_waiting_files(ClosedBook(book))
    assert left(book) == []
    assert there(book) == all_new()


def die(folder: Path) -> None:
    with stage(folder, label="班级页") as made:
        made.put("没做完.xlsx", b"half")
        os._exit(9)


def test_what_was_killed_before_the_workbook_was_asked_for_goes_at_the_next_action(book: Path) -> None:
    child = multiprocessing.get_context("spawn").Process(target=die, args=(book.parent / "班级页",))
    child.start()
    child.join(60)
    older = book.parent / "班级页" / ".班级页暂存"
    older.mkdir()
    os.utime(older, (0, 0))
    assert left(book)

    place_waiting_files(ClosedBook(book))

    assert list((book.parent / "班级页").iterdir()) == []


def hold(folder: Path, is_held: object, may_end: object) -> None:
    with stage(folder, label="班级页") as made:
        made.put("别人的.xlsx", b"theirs")
        is_held.set()  # type: ignore[attr-defined]  # an event
        may_end.wait(30)  # type: ignore[attr-defined]


def test_two_at_once_wait_for_each_other_and_keep_their_files(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = book.parent / "班级页"
    context = multiprocessing.get_context("spawn")
    is_held, may_end = context.Event(), context.Event()
    other = context.Process(target=hold, args=(folder, is_held, may_end))
    other.start()
    assert is_held.wait(60)
    try:
        with pytest.raises(FolderInUse, match="班级页"), locked(folder, patience=0):
            pass
    finally:
        may_end.set()
    make_files(book)  # waits until the other is done
    other.join(60)

    assert there(book) == all_new() | {"别人的.xlsx": "theirs"}
    assert left(book) == []
