"""A whole term's buttons on workbooks of 0.1.0 and 0.2.0 that were upgraded.

The judge is a workbook that this version made, with the same records: each button must leave the same on both.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from tests.support.older_workbooks import OLDER
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.schema import (
    COLLECTED,
    HONOURS,
    INPUTS,
    KEY,
    OUTBOX,
    PROBLEMS,
    PROPOSALS,
    ROSTER,
    ROW,
    SCREENING,
    SETTINGS,
    TABLES,
    Kind,
    Table,
)

pytestmark = pytest.mark.slow

DAY = date(2026, 7, 1)


class Desk:
    """A workbook and who works on it by commands."""

    def __init__(self, book: Path) -> None:
        self.book = book

    def presses(self, *command: str, codes: tuple[int, ...] = (0, 1)) -> None:
        name, *options = command
        where = ["--out", str(self.book.parent / name)] if name in OUT else []
        assert main([name, str(self.book), *options, *where]) in codes, command

    def ticks(self, table: Table, column: str) -> None:
        book = ClosedBook(self.book)
        rows = book.read(table)[table]
        book.amend(table, rows.select(*table.keys, pl.lit("√").alias(column)))
        book.save()

    def frames(self) -> dict[Table, pl.DataFrame]:
        """What stands on all sheets, without what differs from one run to the next."""
        found = ClosedBook(self.book).read(*COMPARED)
        found[PROBLEMS] = found[PROBLEMS].with_columns(pl.col("问题").str.replace_all(r"\b[A-Z]+(\d+)", "?${1}"))
        return {table: found[table].drop(ROW, KEY, *CHANCE.get(table.name, ()), strict=False) for table in COMPARED}


OUT = ("run", "pages", "calendar", "mail", "slips", "register")
COMPARED = tuple(table for table in TABLES[1:] if table.kind is not Kind.LEDGER)
# Columns that differ by chance, or because a column stands elsewhere.
CHANCE = {"校验": ("单元格",), "发件箱": ("时间", "大小", "邮件编号"), "设置": ("说明",)}
TERM = (
    ("validate",),
    ("screen",),
    ("screen", "--accept", "--yes"),
    ("pair",),
    ("pair", "--accept", "--yes"),
    ("plan", "--yes"),
    ("calendar",),
    ("follow",),
    ("refresh",),
    ("run",),
    ("mail",),
    ("honours",),
    ("honours", "--accept", "--yes"),
    ("appraise",),
    ("slips",),
    ("register",),
)
TICKED = {
    ("screen",): (SCREENING, "采纳"),
    ("pair",): (PROPOSALS, "采纳"),
    ("honours",): (HONOURS, "采纳"),
    ("mail",): (OUTBOX, "发送"),
}


@pytest.fixture(scope="module", params=OLDER)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, Desk]]:
    """The upgraded workbook, and one that this version made with its records."""
    old = tmp_path_factory.mktemp("旧") / "总表.xlsm"
    shutil.copyfile(OLDER[request.param], old)
    assert main(["upgrade", str(old)]) == 0
    book = ClosedBook(old)
    book.amend(SETTINGS, pl.DataFrame({"项目": ["计算日期"], "值": [f"{DAY}"]}))
    book.save()
    frames = ClosedBook(old).read(*INPUTS)
    new = tmp_path_factory.mktemp("新") / "总表.xlsm"
    template.build(new, frames={table: frames[table].drop(ROW, KEY) for table in INPUTS}, created=datetime(2026, 7, 1))
    yield Desk(old), Desk(new)


def test_a_file_is_imported_as_into_a_new_workbook(both: tuple[Desk, Desk], tmp_path: Path) -> None:
    known = ClosedBook(both[0].book).read(ROSTER)[ROSTER]
    arrivals = tmp_path / "新生.csv"
    arrivals.write_text(f"学号,姓名,性别,班级\n0249999,初来,男,{known['班级'][0]}\n", encoding="utf-8")
    for desk in both:
        desk.presses("import", str(arrivals))

    upgraded, new = (desk.frames()[ROSTER] for desk in both)
    assert upgraded.filter(pl.col("学号") == "0249999")["性别"].to_list() == ["男"]
    assert upgraded.select(sorted(upgraded.columns)).equals(new.select(sorted(new.columns)))


@pytest.mark.parametrize("command", TERM, ids=lambda command: " ".join(command))
def test_each_button_leaves_the_same_as_on_a_new_workbook(both: tuple[Desk, Desk], command: tuple[str, ...]) -> None:
    for desk in both:
        desk.presses(*command)
        if command in TICKED:
            desk.ticks(*TICKED[command])

    upgraded, new = (desk.frames() for desk in both)
    for table in COMPARED:
        if table.kind is Kind.INPUT or table.name in {one.name for one in written_by(command)}:
            mine, theirs = (frames[table].select(sorted(frames[table].columns)) for frames in (upgraded, new))
            assert mine.equals(theirs), table.name


def written_by(command: tuple[str, ...]) -> tuple[Table, ...]:
    """The output sheets that a command fills."""
    from xlbangfu.catalog import ACTIONS

    actions = [action for action in ACTIONS if action.command_name == command[0]]
    return next(action.fills for action in actions if bool(action.switch) == ("--accept" in command))


def test_what_staff_filled_in_comes_back_by_a_page(both: tuple[Desk, Desk]) -> None:
    upgraded, _ = both
    pages = sorted((upgraded.book.parent / "run").glob("*.xlsx"))
    page = next(path for path in pages if path.name != "目录.xlsx")

    upgraded.presses("collect", str(page))
    ledger = ClosedBook(upgraded.book).read(COLLECTED)[COLLECTED]
    assert ledger.height


def test_the_last_step_can_be_taken_back(both: tuple[Desk, Desk]) -> None:
    upgraded, _ = both
    before = upgraded.frames()
    upgraded.presses("honours")
    upgraded.presses("undo", "--yes", codes=(0,))

    after = upgraded.frames()
    assert all(after[table].equals(before[table]) for table in COMPARED if table.kind is Kind.INPUT)
