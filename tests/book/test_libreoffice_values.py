"""Values through a real LibreOffice: they come back as they do from Excel."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

from xlbangfu.book.libreoffice import OfficeError

pytest_plugins = ["tests.support.libreoffice_app"]
pytestmark = pytest.mark.office


def test_each_kind_of_value_comes_back_as_from_excel(sheet: Any) -> None:
    moment = dt.datetime(2025, 9, 1, 12, 30, 15)

    sheet["A1"].value = [[1, 2.5, "王", True, False, None, "", moment, dt.date(2025, 9, 2), Decimal("0.5")]]

    expected = [1.0, 2.5, "王", True, False, None, None, moment, dt.datetime(2025, 9, 2), 0.5]
    got = sheet["A1:J1"].value
    assert got == expected
    assert [type(value) for value in got] == [type(value) for value in expected]


def test_every_millisecond_of_a_date_survives(sheet: Any) -> None:
    moments = [dt.datetime(2025, 12, 31, 23, 59, 59, 999000), dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)]
    sheet["A1"].options(transpose=True).value = moments
    assert sheet["A1:A3"].value == moments


def test_a_time_zone_is_cut_off(sheet: Any) -> None:
    sheet["A1"].value = dt.datetime(2025, 9, 1, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert sheet["A1"].value == dt.datetime(2025, 9, 1, 8)


def test_a_date_brings_a_format_only_where_there_is_none(sheet: Any) -> None:
    sheet["B1"].number_format = "yyyy-mm-dd"
    sheet["A1"].value = [dt.datetime(2025, 9, 1), dt.datetime(2025, 9, 1), dt.datetime(2025, 9, 1, 8)]
    assert [cell.number_format for cell in sheet["A1:C1"]] == ["m/d/yyyy", "yyyy-mm-dd", "m/d/yyyy h:mm"]


def test_a_time_of_day_alone_is_a_number_as_in_excel(sheet: Any) -> None:
    sheet["A1"].value = 0.5
    sheet["A1"].number_format = "hh:mm"
    assert sheet["A1"].value == 0.5


def test_text_cells_keep_text_and_make_text_of_numbers(sheet: Any) -> None:
    sheet["A1:A5"].number_format = "@"
    sheet["A1"].value = [["0012"], ["=王"], ["+1"], ["2025-9-1"], [5]]
    assert sheet["A1:A5"].value == ["0012", "=王", "+1", "2025-9-1", "5"]
    assert sheet["A2"].formula == "=王"


def test_other_cells_read_text_as_if_it_was_typed(sheet: Any) -> None:
    sheet["A1"].value = [["0012", "=1+1", "25%", "2025-9-1", "TRUE", "'007"]]
    assert sheet["A1:F1"].value == [12.0, 2.0, 0.25, dt.datetime(2025, 9, 1), True, "007"]
    assert sheet["C1"].number_format == "0%"


def test_a_cell_that_held_true_can_hold_a_number_again(sheet: Any) -> None:
    sheet["A1"].value = True
    assert sheet["A1"].number_format == "General"
    sheet["A1"].value = 1
    assert sheet["A1"].value == 1.0
    assert sheet["A1"].value is not True


def test_errors_are_none_or_their_text(sheet: Any) -> None:
    sheet["A1"].value = [["=1/0", "=NA()", "=nosuch(1)", "=1E200^2", '=1+"a"', "=SUM(B1 C2)", "x"]]
    assert sheet["A1:G1"].value == [None] * 6 + ["x"]
    names = sheet["A1:G1"].options(err_to_str=True).value
    assert names == ["#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#VALUE!", "#NULL!", "x"]
    assert sheet["A1"].expand("right").shape == (1, 7)


def test_formulas_come_back_as_excel_spells_them(book: Any, sheet: Any) -> None:
    book.sheets.add("初一 1班")
    formulas = ["=SUM(B1,'初一 1班'!A1)", '=IF(B1="",TRUE,FALSE)', "=RANK.EQ(1,{1,2})", '=TEXTJOIN(",",TRUE,B1:B2)']
    sheet["A1"].options(transpose=True).formula = formulas
    assert [row[0] for row in sheet["A1:A4"].formula] == formulas
    assert sheet["A1:A4"].value == [0.0, True, 2.0, None]


def test_one_formula_for_a_range_moves_its_references_along(sheet: Any) -> None:
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["C1:D2"].formula = "=A1*2"
    assert sheet["C1:D2"].value == [[2.0, 4.0], [6.0, 8.0]]
    assert sheet["D2"].formula == "=B2*2"


def test_what_is_no_formula_is_refused_and_not_left_behind(sheet: Any) -> None:
    with pytest.raises(OfficeError, match="not a formula"):
        sheet["A1"].value = "=1+"
    assert sheet["A1"].value is None


def test_an_array_formula_is_one_for_its_range(sheet: Any) -> None:
    sheet["A1"].value = [[1, 4], [2, 5], [3, 6]]
    sheet["D1"].formula_array = "=SUM(A1:A3*B1:B3)"
    assert (sheet["D1"].value, sheet["D1"].formula_array, sheet["D1"].has_array) == (32.0, "=SUM(A1:A3*B1:B3)", True)


def test_a_missing_value_of_a_frame_is_an_empty_cell(sheet: Any) -> None:
    sheet["A1"].value = [[float("nan"), 1.0]]
    assert sheet["A1:B1"].value == [None, 1.0]
    with pytest.raises(ValueError, match="infinite"):
        sheet["A1"].value = float("inf")
    with pytest.raises(TypeError, match="can't hold a set"):
        sheet["A1"].value = {1}


def test_a_long_table_goes_in_and_out_in_few_calls(sheet: Any) -> None:
    rows = [[f"名{number}", float(number), dt.datetime(2025, 9, 1), None] for number in range(5000)]
    sheet["A1"].value = rows
    assert sheet["A1"].resize(5000, 4).value == rows
