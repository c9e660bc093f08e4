"""Ranges in a real LibreOffice."""

from typing import Any

import pytest

pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

from xlbangfu.book.libreoffice import OfficeError

pytest_plugins = ["tests.support.libreoffice_app"]
pytestmark = pytest.mark.office


@pytest.mark.parametrize(
    ("what", "address"),
    [
        ("A1", "$A$1"),
        ("$B$2:c3", "$B$2:$C$3"),
        ("C3:B2", "$B$2:$C$3"),
        ("A:B", "$A:$B"),
        ("2:3", "$2:$3"),
        ("Sheet1!A1", "$A$1"),
        ((2, 3), "$C$2"),
    ],
)
def test_a_range_is_found_by_address_or_place(sheet: Any, what: Any, address: str) -> None:
    assert sheet.range(what).address == address


@pytest.mark.parametrize("what", ["没有", "Sheet9!A1", "XFE1", "A1048577"])
def test_what_is_no_range_is_refused(sheet: Any, what: str) -> None:
    with pytest.raises((OfficeError, KeyError)):
        sheet.range(what)


def test_ctrl_and_an_arrow_key_stop_at_the_edges_of_what_is_filled(sheet: Any) -> None:
    sheet["A2:A4"].value = [["x"], [1], ['=""']]
    sheet["A7"].value = 1
    ends = [sheet[start].end("down").address for start in ("A1", "A2", "A4", "A5", "A7", "B1")]
    assert ends == ["$A$2", "$A$4", "$A$7", "$A$7", "$A$1048576", "$B$1048576"]
    assert [sheet[start].end("up").address for start in ("A9", "A7", "A4")] == ["$A$7", "$A$4", "$A$2"]
    assert sheet["D2"].end("left").address == "$A$2"


def test_the_used_range_is_what_is_filled(sheet: Any) -> None:
    assert sheet.used_range.address == "$A$1"
    sheet["B2:C4"].value = 1
    assert sheet.used_range.address == "$B$2:$C$4"
    assert sheet["B2"].current_region.address == "$B$2:$C$4"


@pytest.mark.parametrize(
    "code", ["General", "0.00", "yyyy-mm-dd", "@", "#,##0;[Red]-0", 'yyyy"年"m"月"d"日"', "[h]:mm"]
)
def test_a_number_format_comes_back_as_excel_spells_it(sheet: Any, code: str) -> None:
    sheet["A1:B2"].number_format = code
    assert sheet["A1:B2"].number_format == code
    sheet["A1"].number_format = "0.000"
    assert sheet["A1:B2"].number_format is None


def test_looks_are_kept(sheet: Any) -> None:
    cells = sheet["A1:B2"]
    cells.color, cells.font.bold, cells.font.size, cells.font.color = "#102030", True, 14, (255, 0, 0)
    cells.font.name, cells.font.italic, cells.wrap_text = "Noto Sans CJK SC", True, True
    cells.horizontal_alignment, cells.vertical_alignment = "center", "top"
    cells.column_width, cells.row_height = 20, 30
    assert (cells.color, cells.font.bold, cells.font.size, cells.font.color) == ((16, 32, 48), True, 14, (255, 0, 0))
    assert (cells.font.name, cells.font.italic, cells.wrap_text) == ("Noto Sans CJK SC", True, True)
    assert (cells.horizontal_alignment, cells.vertical_alignment) == ("center", "top")
    assert (cells.column_width, cells.row_height) == (20.0, 30.0)
    assert sheet["A1"].api.CharWeightAsian == sheet["A1"].api.CharWeight


def test_clearing_takes_contents_or_formats_or_both(sheet: Any) -> None:
    for how, value, color in (("clear_contents", None, (1, 2, 3)), ("clear_formats", 5.0, None), ("clear", None, None)):
        sheet["A1"].value, sheet["A1"].color = 5, (1, 2, 3)
        getattr(sheet["A1"], how)()
        assert (sheet["A1"].value, sheet["A1"].color) == (value, color)


def test_a_merged_cell_shows_the_first_content(sheet: Any) -> None:
    sheet["A1:B2"].value = [[None, "x"], ["y", None]]
    sheet["A1:B2"].merge()
    assert (sheet["A1"].value, sheet["A1"].merge_area.address, sheet["A1"].merge_cells) == ("x", "$A$1:$B$2", True)
    sheet["A1:B2"].unmerge()
    assert sheet["A1:B2"].value == [["x", None], [None, None]]


def test_rows_and_cells_are_inserted_and_deleted(sheet: Any) -> None:
    sheet["A1"].value = [[1, 2], [3, 4]]
    sheet["1:1"].insert("down")
    assert sheet["A1:B3"].value == [[None, None], [1.0, 2.0], [3.0, 4.0]]
    sheet["A2"].delete("up")
    assert sheet["A1:B3"].value == [[None, None], [3.0, 2.0], [None, 4.0]]
    sheet["B1:B3"].copy(sheet["D1"])
    assert sheet["D1:D3"].value == [None, 2.0, 4.0]


def test_a_link_within_the_book_is_spelt_as_in_excel(book: Any, sheet: Any) -> None:
    book.sheets.add("名 册")
    sheet["A1"].add_hyperlink("#'名 册'!B5", "跳")
    sheet["A2"].add_hyperlink("https://example.org/")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("跳", "#'名 册'!B5")
    assert sheet["A2"].hyperlink == "https://example.org/"
    with pytest.raises(OfficeError, match="hyperlink"):
        _ = sheet["A3"].hyperlink


def test_a_note_is_added_changed_and_deleted(sheet: Any) -> None:
    assert sheet["B2"].note is None
    sheet["B2"].add_note("甲")
    sheet["B2"].note.text = "乙"
    assert [(note.text, note.location.address) for note in sheet.notes] == [("乙", "$B$2")]
    sheet["B2"].note.delete()
    assert sheet["B2"].note is None


def test_a_protected_sheet_refuses_every_change(sheet: Any) -> None:
    sheet["A1"].value = 1
    sheet.impl.protect("口令")
    for change in (
        lambda: setattr(sheet["A1"], "value", 2),
        lambda: setattr(sheet["A1"], "color", (1, 2, 3)),
        lambda: setattr(sheet["A1"], "number_format", "0"),
        lambda: sheet["A1"].clear_contents(),
        lambda: sheet["A1"].clear(),
        lambda: sheet["A1"].delete(),
        lambda: sheet["A1:B1"].merge(),
    ):
        with pytest.raises(OfficeError, match="protected"):
            change()
    with pytest.raises(OfficeError, match="password"):
        sheet.impl.unprotect("x")
    sheet.impl.unprotect("口令")
    sheet["A1"].value = 2
    assert sheet["A1"].value == 2.0


@pytest.mark.parametrize("member", ["borders", "conditional_formats", "data_validation", "characters", "formula2"])
def test_what_is_missing_says_so(sheet: Any, member: str) -> None:
    with pytest.raises(NotImplementedError, match=f"Range.{member} is not available in the LibreOffice engine"):
        getattr(sheet["A1"], member)
