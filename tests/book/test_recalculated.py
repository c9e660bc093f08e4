"""What the workbook shows, beside what an engine of other people's works out: stored values, drop-downs, red cells.

The workbook is a school with a mark that is too high, after 校验 on the closed file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.support.recalculated import Recalculated, Value
from xlbangfu import actions, sample
from xlbangfu.actions.call import Call
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import CLASSES, EXAMS, PROBLEMS, ROSTER, SCORES, SUBJECTS, TEACHERS, Table

pytestmark = pytest.mark.slow
CALL = Call(user="王老师", now=datetime(2026, 6, 30, 9), clock=lambda: 0.0)
FRONT = "控制台"
TOO_HIGH = 980.0


@pytest.fixture(scope="module")
def frames() -> dict[Table, pl.DataFrame]:
    found = dict(sample.make(students=24, classes=2, exams=2, logs=10).frames)
    scores = found[SCORES]
    subject = scores.columns[scores.columns.index("语文")]
    found[SCORES] = scores.with_columns(
        pl.when(pl.int_range(pl.len()) == 3).then(TOO_HIGH).otherwise(pl.col(subject)).alias(subject)
    )
    return found


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, frames: dict[Table, pl.DataFrame]) -> Path:
    path = tmp_path_factory.mktemp("referee") / "总表.xlsm"
    template.build(path, frames=frames, created=datetime(2026, 6, 30))
    actions.perform("validate", ClosedBook(path, action="validate"), CALL)
    return path


@pytest.fixture(scope="module")
def engine(book: Path) -> Recalculated:
    return Recalculated(book)


def stored(path: Path, sheet: str) -> dict[str, Value]:
    """What the file itself says that its formulas come to, by address; formulas without a value are left out."""
    package = Package(path.read_bytes())
    xml = package.archive.read(package.sheets[sheet].path)
    with_value = set(re.findall(rb'<c r="([A-Z]+\d+)"[^>]*><f\b[^>]*>[^<]*</f><v>', xml))
    shown = openpyxl.load_workbook(path, data_only=True)[sheet]
    found = {address.decode(): shown[address.decode()].value for address in with_value}
    return {
        address: float(value) if isinstance(value, int | float) else value or "" for address, value in found.items()
    }


def test_no_formula_is_without_a_value_which_protected_view_and_wps_show(book: Path, tmp_path: Path) -> None:
    """Nor after an action that has nothing to say about the trends, of which some are empty."""
    path = Path(shutil.copy(book, tmp_path))
    for action in ("follow", "sheets"):
        actions.perform(action, ClosedBook(path, action=action), CALL)
    package = Package(path.read_bytes())

    for sheet in (FRONT, LISTS):
        xml = package.archive.read(package.sheets[sheet].path)
        formulas = re.findall(rb'<c r="([A-Z]+\d+)"[^>]*><f\b', xml)
        with_value = re.findall(rb'<c r="([A-Z]+\d+)"[^>]*><f\b[^>]*>[^<]*</f><v>', xml)
        assert formulas and set(formulas) - {*with_value} == set()


def differences(path: Path, engine: Recalculated, sheet: str) -> dict[str, tuple[Value, Value]]:
    ours, theirs = stored(path, sheet), engine.values(sheet)
    return {address: (value, theirs[address]) for address, value in ours.items() if value != theirs[address]}


@pytest.mark.parametrize("sheet", [FRONT, LISTS])
def test_what_the_file_shows_is_what_its_formulas_come_to(sheet: str, book: Path, engine: Recalculated) -> None:
    assert differences(book, engine, sheet) == {}


@pytest.mark.parametrize("sheet", [FRONT, LISTS])
def test_every_formula_has_a_value(sheet: str, book: Path, engine: Recalculated) -> None:
    assert stored(book, sheet).keys() == engine.values(sheet).keys()


def test_drop_downs_offer_what_staff_wrote_in_the_other_sheets(
    engine: Recalculated, frames: dict[Table, pl.DataFrame]
) -> None:
    helped = frames[ROSTER].filter(pl.col("帮扶类别").is_not_null())
    wanted = {
        "班级名单": frames[CLASSES]["班级"].to_list(),
        "考试名单": frames[EXAMS]["考试编号"].to_list(),
        "教师名单": [f"{number} {name}" for number, name in frames[TEACHERS].select("工号", "姓名").iter_rows()],
        "年级名单": frames[CLASSES]["年级"].unique(maintain_order=True).to_list(),
        "科目名单": frames[SUBJECTS]["科目"].unique(maintain_order=True).to_list(),
        "学生名单": [" ".join(one) for one in helped.select("姓名", "班级", "学号").iter_rows()],
        "优先项名单": ["安全", "学习", "生活", "活动"],
    }
    assert engine.lists(SCORES.name, wanted) == wanted


def test_a_drop_down_takes_what_it_offers_and_nothing_else(
    engine: Recalculated, frames: dict[Table, pl.DataFrame]
) -> None:
    column = SCORES.names.index("考试编号")
    assert engine.takes(SCORES.name, 1, column, frames[EXAMS]["考试编号"][0])
    assert not engine.takes(SCORES.name, 1, column, "没有这次考试")


def problems(book: Path) -> dict[str, set[str]]:
    """The cells that 校验 names, by sheet."""
    found: dict[str, set[str]] = {}
    frame = ClosedBook(book).read(PROBLEMS)[PROBLEMS]
    for sheet, cell in frame.select("工作表", "单元格").iter_rows():
        found.setdefault(sheet, set()).add(str(cell).rpartition("!")[2])
    return found


@pytest.mark.parametrize("table", [SCORES, ROSTER, TEACHERS, EXAMS], ids=lambda table: table.name)
def test_the_cells_that_validation_names_are_coloured_and_no_others(
    table: Table, book: Path, engine: Recalculated, frames: dict[Table, pl.DataFrame]
) -> None:
    there = problems(book).get(table.name, set())
    assert engine.coloured(table.name, rows=frames[table].height + 3, columns=len(table.names) + 12) == there
    assert there or table is not SCORES  # the mark that is too high


@pytest.fixture
def spoilt(book: Path) -> Iterator[Recalculated]:
    """The workbook for faults, worked out by itself."""
    yield Recalculated(book)


def test_planted_faults_are_seen(spoilt: Recalculated, book: Path) -> None:
    spoilt.put_formula(LISTS, 3, 0, '="x"')
    spoilt.put_text(TEACHERS.name, 1, TEACHERS.names.index("姓名"), "改了")
    spoilt.put_text(PROBLEMS.name, 1, PROBLEMS.names.index("定位"), "成绩|没有|语文")
    spoilt.work_out()

    assert {"A2", "A4"} <= differences(book, spoilt, LISTS).keys()
    cells = problems(book)[SCORES.name]
    assert spoilt.coloured(SCORES.name, rows=60, columns=20) != cells
    assert spoilt.lists(SCORES.name, ["教师名单"])["教师名单"][2] == "x"
