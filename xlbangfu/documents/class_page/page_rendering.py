"""A page put into its edition's template: the bytes of a workbook, the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from xlbangfu.documents.class_page import cover, fill_in, progress_sheet, results_sheet, student_sheet
from xlbangfu.documents.class_page.checksum import PREFIX, digest
from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.page_template import (
    BOOK,
    INFO_SHEET,
    PAGE_ID,
    SHEETS,
    PageTemplate,
    identity,
    list_range,
    page_template,
)
from xlbangfu.documents.look import CLASS_NAME
from xlbangfu.documents.page_code import CODE_NAME, code_of
from xlbangfu.ooxml.archive import packed
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.row_xml import Row, sheet_data

_ROWS = {
    "students": student_sheet.rows,
    "progress": progress_sheet.rows,
    "results": results_sheet.rows,
    "log": fill_in.log_rows,
    "conduct": fill_in.conduct_rows,
}
_IN_HEADER = 60  # signs of the class's name; Excel mends a file whose page header has more than 255


def as_bytes(page: ClassPage) -> bytes:
    """The workbook of one page."""
    template = page_template(page.edition)
    return packed({name: [text.encode()] for name, text in _own_parts(page, template)}, template.fixed)


def _own_parts(page: ClassPage, template: PageTemplate) -> Iterator[tuple[str, str]]:
    """The parts that are not the same in every page: path and text."""
    for name, text in template.named.items():
        yield name, text.replace(CLASS_NAME, escape(page.name)).replace(PAGE_ID, page.id)
    front = cover.laid_out(page)
    rows = {"cover": cover.rows(front)} | {name: make(page) for name, make in _ROWS.items()}
    yield BOOK, _with_sheets_to_show(page, _with_ranges(page, template.book, len(rows["progress"])))
    rows["information"] = _information(page, rows)
    for number, name in enumerate(SHEETS, 1):
        xml = _sheet(page, template, name, rows[name])
        yield f"xl/worksheets/sheet{number}.xml", _with_merges(xml, front) if name == "cover" else xml


def _sheet(page: ClassPage, template: PageTemplate, name: str, rows: list[Row | None]) -> str:
    before, after = template.frames[name]
    after = after.replace(CLASS_NAME, escape(page.name[:_IN_HEADER].replace("&", "&&")))
    if name == "progress":
        widths = progress_sheet.widths(page.edition, len(page.subjects), len(page.trend))
        before, after = _with_columns(before, widths), progress_sheet.with_sparklines(page, after)
    if name == "conduct":
        empty, full = (fill_in.conduct_block(count).replace("$", "") for count in (0, len(page.students)))
        after = after.replace(f':{empty}"', f':{full}"')
    return before + sheet_data(rows, template.styles) + after


def _with_merges(sheet: str, front: list[cover.Line]) -> str:
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in cover.joined(front))
    return sheet.replace("<printOptions", f"<mergeCells>{ranges}</mergeCells><printOptions", 1)


def _with_columns(frame: str, widths: list[float]) -> str:
    """The sheet with column widths as XlsxWriter writes them, five pixels of padding included."""
    each = (
        f'<col min="{at}" max="{at}" width="{width + 0.7109375}" customWidth="1"/>'
        for at, width in enumerate(widths, 1)
    )
    return re.sub("<cols>.*</cols>", f"<cols>{''.join(each)}</cols>", frame)


def _with_sheets_to_show(page: ClassPage, book: str) -> str:
    """The workbook part with the sheets put away on which nothing stands, and nothing is to be filled in. LibreOffice prints
    a hidden sheet that has something to print."""
    titles = [cover.TITLE, page.edition.students_title, progress_sheet.TITLE, results_sheet.TITLE, *fill_in.SHEETS]
    filled = [bool(page.students), bool(page.students and (page.trend or page.honours)), bool(page.figures)]
    for at, title in enumerate(titles):
        if not [True, *filled, bool(page.students), bool(page.students)][at]:
            book = book.replace(f'<sheet name="{escape(title)}"', f'<sheet name="{escape(title)}" state="hidden"')
            book = re.sub(f'<definedName name="_xlnm.Print_Area" localSheetId="{at}">[^<]*</definedName>', "", book)
    return book


def _with_ranges(page: ClassPage, book: str, progress_rows: int) -> str:
    """The workbook part with the defined names as long as the page's lists and its rows to mark."""
    for letter, entries in _lists(page).items():
        empty, full = (f"{INFO_SHEET}!{list_range(letter, count)}<" for count in (0, len(entries)))
        book = book.replace(empty, full)
    empty, full = (f"{fill_in.CONDUCT_SHEET}!$A$1:{fill_in.conduct_block(n)}<" for n in (0, len(page.students)))
    book = book.replace(empty, full)
    for at, area in ((1, student_sheet.printed(page)), (2, progress_sheet.printed(page, progress_rows))):
        book = re.sub(rf'(Print_Area" localSheetId="{at}">[^<]*!)[^<]*', rf"\g<1>{area}", book)
    return book


def _lists(page: ClassPage) -> dict[str, tuple[str, ...]]:
    """The drop-downs' lists by their column on 页信息."""
    entries = {
        fill_in.STUDENT_LIST: tuple(one.label for one in page.students),
        fill_in.TEACHER_LIST: page.teachers,
        fill_in.PRIORITY_LIST: page.edition.priorities,
        fill_in.MONTH_LIST: fill_in.months(page.edition),
    }
    return {letter: entries[name] for letter, name in fill_in.LISTS.items()}


def _information(page: ClassPage, template: Mapping[str, list[Row | None]]) -> list[Row | None]:
    """页信息: the identity, the digests of the locked sheets and the code over both in columns A and B, the lists under
    their names from column D."""
    facts = [*identity(page.edition, page.id, page.name), *_checksums(page, template)]
    if page.edition.secret:
        facts.append((CODE_NAME, code_of(page.edition.secret, dict(facts), [one.label for one in page.students])))
    lists = [(fill_in.LISTS[letter], *entries) for letter, entries in _lists(page).items()]
    rows: list[Row | None] = []
    for at in range(max(len(facts), *(len(entries) for entries in lists))):
        pair = facts[at] if at < len(facts) else ("", "")
        rows.append(
            Row(15, [("prose", text) for text in (*pair, "", *(one[at] if at < len(one) else "" for one in lists))])
        )
    return rows


def _checksums(page: ClassPage, template: Mapping[str, list[Row | None]]) -> Iterator[tuple[str, str]]:
    """The name of each locked sheet and the digest of what it shows."""
    titles = {
        "cover": cover.TITLE,
        "students": page.edition.students_title,
        "progress": progress_sheet.TITLE,
        "results": results_sheet.TITLE,
    }
    for name, title in titles.items():
        yield PREFIX + title, digest([value for _, value in row.cells] for row in template[name] if row)
