"""撤销上次 on a closed workbook: the copy from before the last action comes back, after a yes."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from xlbangfu import actions
from xlbangfu.actions import Call, delete_person, import_files, undo_last
from xlbangfu.actions.undo_rows import NothingNoted
from xlbangfu.book import template
from xlbangfu.book.closed import closed_book
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import atomic_save, backup
from xlbangfu.book.safety.backup import FOLDER, backups, other_states
from xlbangfu.cli.main import main
from xlbangfu.errors import WriteFailed
from xlbangfu.schema import RETURNED, ROSTER, RUNS, SETTINGS

asked: list[str] = []


def yes(question: str) -> bool:
    asked.append(question)
    return True


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=datetime(2026, 6, 1))
    asked.clear()
    return path


def imported(path: Path, number: str) -> None:
    file = path.with_name(f"{number}.csv")
    file.write_text(f"学号,姓名,班级\n{number},新来的{number},初一1班\n", encoding="utf-8")
    book = ClosedBook(path, action="import")
    import_files.import_files(book, Call.here(), import_files.plan_import(book, Call.here(), [file]))


def students(path: Path) -> list[str]:
    return ClosedBook(path).read(ROSTER)[ROSTER]["学号"].to_list()


def labels(path: Path) -> list[str]:
    return ClosedBook(path).read(RUNS)[RUNS]["操作"].to_list()


def undone(path: Path, call: Call) -> actions.Outcome | None:
    return undo_last.undo(ClosedBook(path, action="undo"), call)


def test_copies_are_as_private_as_the_workbook_whoever_asks_for_them(book: Path) -> None:
    book.chmod(0o600)

    imported(book, "001")
    undone(book, Call.here(agrees=yes))

    copies = list((book.parent / FOLDER).iterdir())
    assert len(copies) > 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in [book, *copies]} == {0o600}


def test_the_last_action_is_taken_back_and_the_ledger_says_so(book: Path) -> None:
    imported(book, "001")
    imported(book, "002")

    outcome = undone(book, Call.here(agrees=yes))

    assert outcome is not None
    assert "已撤销“导入”" in outcome.sentence
    assert "手工改的也一起退回" in asked[0]
    assert students(book) == ["001"]
    assert labels(book) == ["导入", "取回备份"]


@pytest.mark.parametrize("group", ["all", "care", "new"])
def test_sheets_that_were_shown_or_put_away_since_are_not_in_the_way(group: str, book: Path) -> None:
    imported(book, "001")
    imported(book, "002")
    option = [] if group == "all" else [f"--{group}"]
    assert [main(["sheets", str(book), *option]) for _ in range(2)] == [0, 0]

    outcome = undone(book, Call.here(agrees=yes))

    assert outcome is not None
    assert "已撤销“导入”" in outcome.sentence
    assert students(book) == ["001"]


def test_without_a_yes_nothing_happens(book: Path) -> None:
    imported(book, "001")
    before = book.read_bytes()

    assert undone(book, Call.here()) is None
    assert book.read_bytes() == before


def test_what_was_taken_back_is_still_in_a_copy(book: Path) -> None:
    imported(book, "001")
    undone(book, Call.here(agrees=yes))

    assert students(book) == []
    assert students(backups(book)[0].path) == ["001"]


def test_only_the_last_action_goes_back_and_not_the_undoing(book: Path) -> None:
    imported(book, "001")
    undone(book, Call.here(agrees=yes))

    with pytest.raises(NothingNoted, match="只能退回最近的一次"):
        undone(book, Call.here(agrees=yes))


def test_an_action_that_saved_twice_goes_back_whole_and_the_one_before_it_stays(book: Path) -> None:
    imported(book, "001")
    named(book, "一")
    run = pl.DataFrame([{"时间": datetime(2026, 6, 1, 9), "操作": "校验"}])
    named(book, "二", run)

    undone(book, Call.here(agrees=yes))

    assert ClosedBook(book).read(SETTINGS)[SETTINGS].filter(pl.col("值").is_in(["一", "二"])).is_empty()
    assert labels(book) == ["导入", "取回备份"]


def named(path: Path, name: str, run: pl.DataFrame | None = None) -> None:
    """One save of a 校验 that changes a setting."""
    book = ClosedBook(path, action="validate")
    book.amend(SETTINGS, pl.DataFrame({"项目": ["学校名称"], "值": [name]}))
    if run is not None:
        book.append(RUNS, run)
    book.save()


def test_a_person_who_was_deleted_does_not_come_back(book: Path) -> None:
    imported(book, "001")
    call = Call.here(agrees=yes, asks=lambda _: "001")
    assert delete_person.person_delete(ClosedBook(book, action="person_delete"), call)

    with pytest.raises(NothingNoted, match="不能撤销"):
        undone(book, call)
    assert students(book) == []


def test_without_its_copy_an_action_stays(book: Path) -> None:
    imported(book, "001")
    for copy in backups(book):
        copy.path.unlink()

    with pytest.raises(NothingNoted, match="不在“备份”文件夹里"):
        undone(book, Call.here(agrees=yes))
    assert students(book) == ["001"]


class Killed(BaseException):
    """What a test raises where the program is killed: nothing that comes after it happens."""


def stopped_at(monkeypatch: pytest.MonkeyPatch, place: object, name: str, *, call: int = 1) -> None:
    """Kill the program at that call of a function."""
    function, calls = getattr(place, name), iter(range(1, 1_000))

    def counted(*values: object, **named_values: object) -> object:
        if next(calls) == call:
            raise Killed
        return function(*values, **named_values)

    monkeypatch.setattr(place, name, counted)


def test_an_action_stopped_before_it_changed_the_workbook_is_not_in_the_way(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(book, "001")
    before = book.read_bytes()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stopped_at(patch, atomic_save, "put_in_place")
        named(book, "二")
    assert book.read_bytes() == before

    assert "validate" not in [copy.action for copy in other_states(book)]
    undone(book, Call.here(agrees=yes))

    assert "导入" in asked[-1]
    assert students(book) == []


def test_an_action_stopped_between_its_saves_goes_back_whole(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(book, "001")
    before = book.read_bytes()
    for name in "一二":
        named(book, name)

    undone(book, Call.here(agrees=yes))

    assert "校验" in asked[-1] and "没有做完就停了" in asked[-1]
    assert students(book) == ["001"]
    assert labels(book) == ["导入", "取回备份"]
    assert before in [copy.path.read_bytes() for copy in backups(book)]


def test_a_deletion_stopped_between_its_saves_does_not_come_back(book: Path) -> None:
    imported(book, "001")
    half = ClosedBook(book, action="person_delete")
    half.delete(ROSTER, pl.DataFrame({"学号": ["001"]}))
    half.save()

    with pytest.raises(NothingNoted, match="不能撤销"):
        undone(book, Call.here(agrees=yes))


@pytest.mark.parametrize(
    ("place", "name", "back"),
    [
        (atomic_save, "put_in_place", False),
        (undo_last, "note_restored", False),
        (closed_book, "make_as_private", True),
    ],
)
def test_a_way_back_that_was_stopped_is_gone_once_and_not_twice(
    place: object, name: str, *, back: bool, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("001", "002"):
        imported(book, number)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stopped_at(patch, place, name)
        undone(book, Call.here(agrees=yes))

    if back:
        with pytest.raises(NothingNoted, match="只能退回最近的一次"):
            undone(book, Call.here(agrees=yes))
    else:
        undone(book, Call.here(agrees=yes))
    assert students(book) == ["001"]


def test_copies_that_the_list_does_not_tell_of_are_no_unfinished_action(book: Path) -> None:
    for number in ("001", "002"):
        imported(book, number)
    (book.parent / FOLDER / "总表.备份记录.jsonl").unlink()

    with pytest.raises(NothingNoted, match="不在“备份”文件夹里"):
        undone(book, Call.here(agrees=yes))


def taken_back(book: Path) -> int:
    return main(["restore", str(book), "--take", "1"])


def test_a_workbook_that_is_gone_comes_back_with_its_row_in_one_save(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("001", "002"):
        imported(book, number)
    book.unlink()
    before = atomic_save.saves_of(book)

    assert taken_back(book) == 0

    assert atomic_save.saves_of(book) == before + 1
    assert students(book) == ["001"]
    assert labels(book)[-1] == "取回备份"
    assert "取回之前的那份" not in capsys.readouterr().out


def test_a_workbook_that_is_gone_stays_gone_where_it_cannot_be_written_whole(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(book, "001")
    book.unlink()
    with monkeypatch.context() as patch, pytest.raises(Killed):
        stopped_at(patch, atomic_save, "put_in_place")
        taken_back(book)
    assert not book.exists()

    assert taken_back(book) == 0
    assert labels(book)[-1] == "取回备份"


def test_a_workbook_that_came_back_in_the_meantime_is_not_written_over(book: Path) -> None:
    imported(book, "001")
    there = book.read_bytes()
    book.unlink()
    back = ClosedBook(book).go_back(backups(book)[0])
    back.append(RUNS, pl.DataFrame({"操作": ["取回备份"]}))
    book.write_bytes(there)

    with pytest.raises(WriteFailed, match="又出现了"):
        back.save()
    assert book.read_bytes() == there


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_workbook_that_comes_back_is_as_private_as_its_copy(book: Path) -> None:
    book.chmod(0o600)
    imported(book, "001")
    book.unlink()

    assert taken_back(book) == 0

    assert stat.S_IMODE(book.stat().st_mode) == 0o600


def returned(path: Path, day: int, *, how_many: int = 2) -> None:
    """One 上报: its numbers and its row of 运行记录."""
    moment = datetime(2026, 6, day, 9)
    book = ClosedBook(path, action="return")
    rows = [
        {"时间": moment, "学期": "2025-2026下", "编号": f"K{n}", "群体": "全校", "分子": n} for n in range(how_many)
    ]
    book.append(RETURNED, pl.DataFrame(rows, schema=RETURNED.frame_schema))
    book.append(RUNS, pl.DataFrame([{"时间": moment, "操作": "上报"}]))
    book.save()


def numbers_told(path: Path) -> list[tuple[int, str]]:
    rows = ClosedBook(path).read(RETURNED)[RETURNED].select(pl.col("时间").dt.day(), "编号").rows()
    return [(int(day), str(number)) for day, number in rows]


def test_what_the_bureau_was_told_stays_noted_where_the_return_is_taken_back(book: Path) -> None:
    returned(book, 1)
    returned(book, 2)

    outcome = undone(book, Call.here(agrees=yes))

    assert outcome is not None and "已经报给教育局的 2 行没有退" in outcome.sentence
    assert "收不回来" in asked[-1]
    assert numbers_told(book) == [(1, "K0"), (1, "K1"), (2, "K0"), (2, "K1")]
    assert "没有退" in ClosedBook(book).read(RUNS)[RUNS]["说明"][-1]


def test_a_copy_from_before_any_return_brings_none_back_into_forgetting(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(book, "001")
    returned(book, 1)
    returned(book, 2, how_many=3)

    assert main(["restore", str(book), "--take", "3"]) == 0

    assert "5 行没有退" in capsys.readouterr().out
    assert students(book) == [] and len(numbers_told(book)) == 5
    assert main(["restore", str(book), "--take", "1"]) == 0
    assert len(numbers_told(book)) == 5 and "没有退" not in capsys.readouterr().out


def test_a_copy_that_has_no_place_for_it_says_what_is_lost(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    older = Path(__file__).parents[1] / "data" / "总表-0.2.0.xlsm"
    backup.keep(book, older.read_bytes(), action="upgrade", changes=())
    returned(book, 1)

    assert main(["restore", str(book), "--take", "2"]) == 0
    assert "已经报过的 2 行带不过去" in capsys.readouterr().out


@pytest.mark.parametrize("action", [backup.BUTTONS_BACK, backup.BUTTONS_TURNED])
def test_a_copy_from_before_the_buttons_were_changed_says_that_no_row_was(
    action: str, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup.keep(book, book.read_bytes() + b"-", action=action, changes=())

    assert main(["restore", str(book)]) == 0
    assert f"“{action}”之前的总表" in (said := capsys.readouterr().out)
    assert "它改了：只有按钮，各张表的行都没有动" in said
