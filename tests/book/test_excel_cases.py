"""What Excel does in its own way, met in the open workbook: filters, lists that help, newer errors, OneDrive, its end.

Excel is the fake one (``tests.support.fake_excel``) under xlwings's real Windows engine.
"""

from __future__ import annotations

import ast
import atexit
import inspect
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from tests.support.fake_excel import Application, Workbook, another, as_xlwings, com_error, open_workbook
from tests.support.fake_excel.engine import engine
from tests.support.fake_excel.programs import AUTOMATIC
from tests.support.fake_excel.ranges import Range
from tests.support.fake_excel.typed import ERRORS
from xlbangfu import sample
from xlbangfu.book import light_xlwings, template
from xlbangfu.book.live import live_book, mac_values
from xlbangfu.book.live.live_book import LiveBook
from xlbangfu.errors import BookLocked, WriteFailed
from xlbangfu.schema import DEFECTS, FILES, LOG, PROBLEMS, ROSTER, SCORES

NOW = datetime(2026, 6, 30, 10, 0)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("总表") / "总表.xlsm"
    school = sample.make(students=60, classes=2, exams=2, logs=20)
    template.build(path, frames=school.frames, created=NOW)
    return open_workbook(Application(), path)


@pytest.fixture
def opened(master: Workbook, tmp_path: Path) -> Workbook:
    """An Excel of the test's own with the master open."""
    book = another(master)
    book.path = tmp_path / master.path.name
    book.path.write_bytes(master.path.read_bytes())
    book.full_name = str(book.path)
    return book


def live(opened: Workbook) -> LiveBook:
    return LiveBook(as_xlwings(opened), action="validate")


def a_problem(message: str = "试") -> pl.DataFrame:
    row = {"级别": "警告", "问题": message, "工作表": "名册"}
    return pl.DataFrame([{name: row.get(name) for name in PROBLEMS.names}], schema=PROBLEMS.frame_schema)


def in_the_list(opened: Workbook, name: str) -> Callable[[], None]:
    return lambda: setattr(opened.app, "selected", Range(opened.sheet(name), (2, 1, 2, 1)))


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("also_the_sheet", [False, True])
def test_rows_that_a_list_filters_out_are_written_all_the_same(
    opened: Workbook, inside: bool, also_the_sheet: bool
) -> None:
    sheet = opened.sheet(FILES.name)
    (table,) = sheet.tables
    table.filtered, sheet.filtered = True, also_the_sheet
    opened.active = sheet if inside else opened.sheet(LOG.name)
    if inside:
        in_the_list(opened, FILES.name)()
    book = live(opened)
    students = book.read(FILES)[FILES].select(*FILES.keys, pl.lit("写上").alias("备注"))

    book.amend(FILES, students)
    book.save()

    assert set(live(opened).read(FILES)[FILES]["备注"]) == {"写上"}
    assert (table.filtered, sheet.filtered) == (False, False)


def test_a_filter_that_can_not_be_taken_off_is_no_reason_to_stop_before_the_write(
    opened: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> None:
        raise com_error(-2147352567, "发生意外。", (0, "Microsoft Excel", "不行", "", 0, -2146827284), None)

    sheet = opened.sheet(LOG.name)
    sheet.filtered = True
    monkeypatch.setattr(type(sheet), "ShowAllData", refuse)
    book = live(opened)
    before = book.read(LOG)[LOG]

    book.append(LOG, before.head(1))
    book.save()

    assert live(opened).read(LOG)[LOG].height == before.height + 1


def test_lists_neither_grow_nor_fill_columns_by_themselves_and_may_afterwards(opened: Workbook) -> None:
    options = opened.app.correction
    book = live(opened)
    book.replace({PROBLEMS: a_problem()})
    seen: list[tuple[bool, bool]] = []
    write = opened.sheet(PROBLEMS.name).write

    def note(*given: Any, **how: Any) -> None:
        seen.append((options.AutoFillFormulasInLists, options.AutoExpandListRange))
        write(*given, **how)

    opened.sheet(PROBLEMS.name).write = note  # type: ignore[method-assign]  # to look on
    book.save()

    assert set(seen) == {(False, False)}
    assert (options.AutoFillFormulasInLists, options.AutoExpandListRange) == (True, True)


def test_what_staff_turned_off_stays_off(opened: Workbook) -> None:
    opened.app.correction.AutoExpandListRange = False
    book = live(opened)
    book.replace({PROBLEMS: a_problem()})
    book.save()
    assert (opened.app.correction.AutoFillFormulasInLists, opened.app.correction.AutoExpandListRange) == (True, False)


def test_options_come_back_when_a_write_fails(opened: Workbook) -> None:
    opened.sheet(PROBLEMS.name).protected = True
    opened.sheet(PROBLEMS.name).password = "x"
    book = live(opened)
    book.replace({PROBLEMS: a_problem()})
    with pytest.raises(WriteFailed, match="设了保护密码"):
        book.save()
    options = opened.app.correction
    assert (options.AutoFillFormulasInLists, options.AutoExpandListRange) == (True, True)
    assert (opened.app.Calculation, opened.app.ScreenUpdating) == (AUTOMATIC, True)
    assert opened.sheet(PROBLEMS.name).protected


@pytest.mark.parametrize("error", sorted(ERRORS))
def test_every_error_that_a_cell_can_show_is_told_as_one(opened: Workbook, error: str) -> None:
    sheet = opened.sheet(SCORES.name)
    place = (3, SCORES.names.index("学号") + 1)
    sheet.cells[place].value = error
    found = live(opened).read(SCORES)[DEFECTS]
    assert error in str(found.rows())


def test_sheets_that_are_protected_without_a_password_are_written_and_protected_as_they_were(opened: Workbook) -> None:
    sheet = opened.sheet(PROBLEMS.name)
    sheet.Protect(Contents=True, AllowSorting=True)
    book = live(opened)
    book.replace({PROBLEMS: a_problem()})
    book.save()
    assert sheet.protected
    assert sheet.allowed["AllowSorting"] is True and sheet.allowed["AllowFiltering"] is False
    assert live(opened).read(PROBLEMS)[PROBLEMS].height == 1


def test_a_text_that_is_too_long_for_many_at_once_is_written_by_itself(opened: Workbook) -> None:
    text = "长" * 9_000
    book = live(opened)
    book.replace({PROBLEMS: a_problem(text)})
    book.save()
    assert live(opened).read(PROBLEMS)[PROBLEMS]["问题"].to_list() == [text]


def test_a_busy_excel_is_waited_for(opened: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_book, "_PAUSE", 0.0)
    book = live(opened)
    opened.app.busy = 60
    assert book.read(ROSTER)[ROSTER].height == 60


def test_an_excel_that_stays_busy_is_told(opened: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_book, "PATIENCE", 0.0)
    book = live(opened)
    opened.app.busy = 10**6
    with pytest.raises(BookLocked, match="正在编辑单元格"):
        book.read(ROSTER)


def test_an_excel_that_was_closed_is_told(opened: Workbook) -> None:
    book = live(opened)
    opened.app.gone = True
    with pytest.raises(BookLocked, match="中途关掉"):
        book.read(ROSTER)


def test_a_workbook_open_from_onedrive_is_told_with_what_to_do(
    opened: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OneDriveConsumer", "OneDrive"):
        monkeypatch.delenv(name, raising=False)
    opened.full_name = "https://d.docs.live.net/abc123/Desktop/总表.xlsm"
    with pytest.raises(WriteFailed, match=r"同步盘.*移到本机不同步的文件夹"):
        live(opened).check_free()


def test_a_workbook_that_is_read_only_or_not_yet_on_a_disk_is_told(opened: Workbook) -> None:
    opened.read_only = True
    with pytest.raises(WriteFailed, match="只读"):
        live(opened).check_free()
    opened.full_name = "工作簿1"
    with pytest.raises(WriteFailed, match="另存为"):
        live(opened).check_free()


def test_a_chart_that_is_selected_does_not_matter(opened: Workbook) -> None:
    opened.app.selected = opened.app.correction  # an object that has no address
    book = live(opened)
    book.replace({PROBLEMS: a_problem()})
    book.save()
    assert live(opened).read(PROBLEMS)[PROBLEMS].height == 1


def test_other_excels_are_left_running_when_this_python_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    unregistered: list[object] = []
    monkeypatch.setattr(atexit, "unregister", unregistered.append)
    light_xlwings.leave_other_programs_running(engine())
    assert unregistered == [engine().cleanup]
    light_xlwings.leave_other_programs_running(None)


class MacCells:
    """A range of Excel on macOS, as far as its values go: a cell in error comes empty and shows its error."""

    def __init__(self, values: list[list[Any]], shown: list[list[str]]) -> None:
        self.values, self.shown = values, shown
        self.api = SimpleNamespace(string_value=SimpleNamespace(get=lambda: self._as_apple_events(shown)))

    def _as_apple_events(self, rows: list[list[Any]]) -> Any:
        if len(rows) > 1:
            return rows
        return rows[0] if len(rows[0]) > 1 else rows[0][0]

    def options(self, **how: Any) -> Any:
        assert "err_to_str" not in how
        return SimpleNamespace(value=self.values)

    def __getitem__(self, where: tuple[slice, slice]) -> MacCells:
        return MacCells(self.values[where[0]], self.shown[where[0]])


@pytest.mark.parametrize("height", [1, 2, 5])
@pytest.mark.parametrize("width", [1, 3])
@pytest.mark.parametrize("most", [1, 2, 100])
def test_errors_are_seen_on_macos_without_the_option_of_xlwings(height: int, width: int, most: int) -> None:
    values: list[list[Any]] = [[float(row * width + column) for column in range(width)] for row in range(height)]
    shown = [[str(cell) for cell in row] for row in values]
    values[-1][-1], shown[-1][-1] = None, "#SPILL!"

    read = mac_values.rows_of(MacCells(values, shown), most)  # type: ignore[arg-type]  # as much of one as is asked

    assert read[-1][-1] == "#SPILL!"
    assert read[:-1] == values[:-1]


def test_that_option_fails_on_macos_for_more_than_one_row() -> None:
    """xlwings's own function, taken out of its module for macOS; when this fails, ``mac_values`` may go."""
    xlwings_folder = Path(inspect.getfile(light_xlwings.xlwings)).parent
    tree = ast.parse((xlwings_folder / "_xlmac.py").read_text(encoding="utf-8"))
    (function,) = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "ensure_2d")
    made: dict[str, Any] = {}
    exec(compile(ast.Module([function], []), "_xlmac", "exec"), made)
    assert made["ensure_2d"](1.0) == [[1.0]]
    assert made["ensure_2d"]([1.0, 2.0]) == [[1.0, 2.0]]
    assert made["ensure_2d"]([[1.0], [2.0]]) is None
