"""The frames of pages and of their index, drawn with XlsxWriter: ``python workbooks/build.py`` puts them into frames/, where a test
compares them, and no run of the program draws any."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu import house_look
from xlbangfu.documents.class_page import fill_in, index
from xlbangfu.documents.class_page.page_sheets import SHEETS, Framing
from xlbangfu.documents.class_page.page_template import ID_NAME, INFO_SHEET, facts, list_range
from xlbangfu.documents.class_page.template_tokens import CREATED, MADE, NUMBER, PAGE_ID, PUBLIC_NAME, SCHOOL, TERM
from xlbangfu.documents.class_page.workbook_frame import INDEX_FRAME, PAGE_FRAMES, WorkbookFrame
from xlbangfu.documents.look import CLASS_NAME, cell_styles
from xlbangfu.house_look import CONFIDENTIAL
from xlbangfu.ooxml.between import without_between
from xlbangfu.rules.page_kinds import PAGE_KINDS, PageKind

_CREATED = datetime.fromisoformat(CREATED)
_ROWS, _NO_ROWS = ("<sheetData>", "</sheetData>"), "<sheetData/>"


def frames() -> dict[str, WorkbookFrame]:
    """Every frame by its name."""
    return {PAGE_FRAMES[kind.word]: _page_frame(kind) for kind in PAGE_KINDS} | {INDEX_FRAME: _index_frame()}


def _page_frame(kind: PageKind) -> WorkbookFrame:
    """Of the pages of a kind: every sheet, and 页信息 at the end."""
    workbook, buffer = _begun()
    styles = cell_styles(workbook)
    _properties(workbook, kind)
    for sheet in SHEETS[kind]:
        sheet.frame(Framing(workbook, styles))
    return _taken_apart(workbook, buffer, _information(workbook), styles)


def _index_frame() -> WorkbookFrame:
    workbook, buffer = _begun()
    workbook.set_properties({"title": index.TITLE_TOKEN, "created": _CREATED})
    styles = {name: style for name, style in cell_styles(workbook).items() if name in index.STYLES}
    return _taken_apart(workbook, buffer, index.frame(workbook), styles)


def _begun() -> tuple[Workbook, BytesIO]:
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_urls": False, **house_look.workbook_options()})
    house_look.put_theme(workbook)
    return workbook, buffer


def _properties(workbook: Workbook, kind: PageKind) -> None:
    workbook.set_properties(
        {
            "title": f"{CLASS_NAME} {PUBLIC_NAME}{kind.word}",
            "subject": TERM,
            "company": SCHOOL,
            "comments": CONFIDENTIAL,
            "created": _CREATED,
        }
    )
    for name, value in facts(
        kind, page_id=PAGE_ID, school=SCHOOL, name=CLASS_NAME, term=TERM, made=MADE, number=NUMBER
    ):
        workbook.set_custom_property(name, value, "text")


def _information(workbook: Workbook) -> Worksheet:
    """页信息, hidden."""
    sheet: Worksheet = workbook.add_worksheet(INFO_SHEET)
    workbook.define_name(ID_NAME, f"={INFO_SHEET}!$B$1")
    for letter, name in fill_in.LISTS.items():
        workbook.define_name(name, f"={INFO_SHEET}!{list_range(letter, 0)}")
    sheet.protect()
    sheet.very_hidden()
    return sheet


def _taken_apart(workbook: Workbook, buffer: BytesIO, last: Worksheet, styles: dict[str, Format]) -> WorkbookFrame:
    """Column A of the last sheet shows each style once, so that the styles have numbers, and these can be read."""
    for row, style in enumerate(styles.values()):
        last.write_blank(row, 0, None, style)
    workbook.close()
    with zipfile.ZipFile(buffer) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(workbook.worksheets()) + 1)]
    sheets = [parts.pop(name) for name in names]
    numbers = (int(cell.split('"')[3]) for cell in sheets[-1].split("<c ")[1:])
    return WorkbookFrame(list(_around(sheets)), dict(zip(styles, numbers, strict=True)), parts)


def _around(sheets: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The XML before and after the rows of each."""
    for xml in sheets:
        rowless = xml.replace(_NO_ROWS, "".join(_ROWS))
        before, after = without_between(rowless, "<dimension ", "/>").split(_ROWS[0])
        yield before, after.partition(_ROWS[1])[2]
