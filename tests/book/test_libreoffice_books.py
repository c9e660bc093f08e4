"""Books, sheets, names and tables in a real LibreOffice."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xlbangfu.book.libreoffice", exc_type=ImportError)

import xlsxwriter
import xlwings

from xlbangfu.book.libreoffice import OfficeError

pytest_plugins = ["tests.support.libreoffice_app"]
pytestmark = pytest.mark.office


def test_a_saved_book_holds_the_same_when_it_is_opened_again(app: Any, book: Any, tmp_path: Path) -> None:
    book.sheets[0]["A1"].value = [["学号", True], ["'0012", 2.5]]
    path = tmp_path / "帮扶 总表.xlsx"
    book.save(path)
    assert (book.name, Path(book.fullname)) == (path.name, path)
    book.sheets[0]["C1"].value = 1
    book.impl.save_copy(str(tmp_path / "副本.xlsx"))
    assert Path(book.fullname) == path

    copy = app.books.open(tmp_path / "副本.xlsx")

    assert app.books.active == copy
    assert copy.sheets[0]["A1:C2"].value == [["学号", True, 1.0], ["0012", 2.5, None]]
    copy.close()


def test_macros_outlive_saving(app: Any, tmp_path: Path) -> None:
    from xlbangfu.book.macros.vba import vba_project

    project = tmp_path / "vbaProject.bin"
    project.write_bytes(vba_project("libreoffice"))
    path = tmp_path / "a.xlsm"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet()
        workbook.add_vba_project(str(project))
    book = app.books.open(path)
    book.sheets[0]["A1"].value = 1
    book.save()
    book.close()
    with zipfile.ZipFile(path) as package:
        assert "xl/vbaProject.bin" in package.namelist()


def test_an_unknown_kind_of_file_is_refused(book: Any, tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match=r"\.xlsb"):
        book.save(tmp_path / "a.xlsb")


def test_what_is_no_workbook_is_refused_with_a_sentence(app: Any, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(OfficeError, match="can't open"):
        app.books.open(tmp_path / "a.xlsx")


def test_a_book_becomes_a_pdf(book: Any, tmp_path: Path) -> None:
    book.sheets[0]["A1"].value = "王"
    book.to_pdf(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_the_calling_book_can_be_set(book: Any) -> None:
    book.set_mock_caller()
    assert xlwings.Book.caller() == book


def test_sheets_are_added_named_copied_hidden_and_deleted(book: Any) -> None:
    book.sheets.add("甲", after=1)
    assert (book.sheets.active.name, book.sheets["甲"].index) == ("甲", 2)
    book.sheets["甲"]["A1"].value = 1
    assert book.sheets["甲"].copy().name == "甲 (2)"
    assert book.sheets["甲 (2)"]["A1"].value == 1.0
    book.sheets["甲"].visible = False
    assert not book.sheets["甲"].visible
    with pytest.raises(OfficeError, match="hidden"):
        book.sheets["甲"].activate()
    book.sheets["甲 (2)"].move(before=book.sheets[0])
    book.sheets["甲"].delete()
    assert book.sheet_names == ["甲 (2)", "Sheet1"]
    assert "甲" not in book.sheets
    assert "sheet1" in book.sheets


def test_the_last_visible_sheet_stays(book: Any) -> None:
    with pytest.raises(OfficeError, match="last visible"):
        book.sheets[0].visible = False
    with pytest.raises(OfficeError, match="last visible"):
        book.sheets[0].delete()


def test_names_belong_to_the_book_or_to_a_sheet(book: Any) -> None:
    sheet = book.sheets[0]
    sheet["A1:B2"].name = "全部"
    sheet.names.add("本表", "=Sheet1!$C$3")
    assert [(name.name, name.refers_to) for name in book.names] == [
        ("全部", "=Sheet1!$A$1:$B$2"),
        ("Sheet1!本表", "=Sheet1!$C$3"),
    ]
    assert sheet.range("全部").address == "$A$1:$B$2"
    assert book.names["全部"].refers_to_range == sheet["A1:B2"]
    book.names["全部"].refers_to = "=Sheet1!$D$4"
    assert sheet["D4"].name.name == "全部"
    del book.names["全部"]
    assert "全部" not in book.names


def test_a_table_knows_its_parts_and_grows(book: Any) -> None:
    sheet = book.sheets[0]
    sheet["B2"].value = [["学号", "语文"], ["a", 1], ["b", 2]]
    table = sheet.tables.add(sheet["B2:C4"], name="成绩表")
    table.resize(sheet["B2:C6"])
    assert (table.range.address, table.header_row_range.address) == ("$B$2:$C$6", "$B$2:$C$2")
    assert table.data_body_range.address == "$B$3:$C$6"
    assert [column.name for column in table.columns] == ["学号", "语文"]
    assert sheet["C3"].table == table
    with pytest.raises(NotImplementedError):
        _ = table.table_style


def test_a_sheet_comes_over_from_a_book_without_a_window_and_nothing_else_comes_to_the_front(
    app: Any, book: Any, tmp_path: Path
) -> None:
    """Form buttons of the sheet in front are not left and come back to in one breath: LibreOffice 7.4 falls over it."""
    source = app.books.add()
    source.sheets[0].name = "来的"
    source.sheets[0].range("A1").value = "在"
    source.save(tmp_path / "来的.xlsx")
    source.close()
    front = book.sheets.active.name

    aside = app.impl.books.open_aside(str(tmp_path / "来的.xlsx"))
    made = aside.sheets("来的").copy_behind(None, book.sheets[0].impl)
    aside.close()

    assert (made.name, book.sheets["来的"].range("A1").value, book.sheets.active.name) == ("来的", "在", front)
