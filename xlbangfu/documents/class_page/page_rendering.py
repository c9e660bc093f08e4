"""A page put into its edition's template: the bytes of a workbook, the same each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from xlbangfu.documents.class_page import fill_in
from xlbangfu.documents.class_page.checksum import PREFIX, digest
from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.page_sheets import SHEETS, Content, titles
from xlbangfu.documents.class_page.page_template import (
    BOOK,
    INFO_SHEET,
    PageTemplate,
    identity,
    list_range,
    page_template,
)
from xlbangfu.documents.class_page.template_tokens import PAGE_ID
from xlbangfu.documents.class_page.workbook_frame import put_in
from xlbangfu.documents.look import CLASS_NAME, in_a_line
from xlbangfu.documents.page_code import CODE_NAME, code_of
from xlbangfu.ooxml.archive import packed
from xlbangfu.ooxml.between import between, with_between, without_between
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.row_xml import NO_CELL, Row, sheet_data

_IN_HEADER = 60  # signs of the name in the header; Excel mends a file whose page header has more than 255


def as_bytes(page: ClassPage) -> bytes:
    """The workbook of one page."""
    template = page_template(page.kind, page.edition)
    return packed({name: [text.encode()] for name, text in _own_parts(page, template)}, template.fixed)


def _own_parts(page: ClassPage, template: PageTemplate) -> Iterator[tuple[str, str]]:
    """The parts that are not the same in every page: path and text."""
    for name, text in template.named.items():
        yield name, put_in(text, {CLASS_NAME: escape(page.name), PAGE_ID: page.id})
    contents = [sheet.content(page) for sheet in SHEETS[page.kind]]
    yield BOOK, _with_sheets_to_show(page, _with_ranges(page, template.book, contents))
    made = [*contents, Content(_information(page, contents))]
    for number, (frame, content) in enumerate(zip(template.frames, made, strict=True), 1):
        yield f"xl/worksheets/sheet{number}.xml", _sheet(page, template, frame, content)


def _sheet(page: ClassPage, template: PageTemplate, frame: tuple[str, str], content: Content) -> str:
    before, after = content.finish(*frame)
    named = after.replace(CLASS_NAME, in_a_line(page.title[:_IN_HEADER]))
    return before + sheet_data(content.rows, template.styles) + named


def _with_sheets_to_show(page: ClassPage, book: str) -> str:
    """The workbook part with the sheets put away on which nothing stands, and nothing is to be filled in. LibreOffice prints
    a hidden sheet that has something to print."""
    for at, sheet in enumerate(SHEETS[page.kind]):
        if not sheet.needed(page):
            book = book.replace(f' sheetId="{at + 1}"', f' state="hidden" sheetId="{at + 1}"')
            book = without_between(book, _print_area(at), "</definedName>")
    return book


def _with_ranges(page: ClassPage, book: str, contents: Sequence[Content]) -> str:
    """The workbook part with the defined names as long as the page's lists, and what goes to paper of its sheets."""
    for letter, entries in _lists(page).items():
        empty, full = (f"{INFO_SHEET}!{list_range(letter, count)}<" for count in (0, len(entries)))
        book = book.replace(empty, full)
    for at, content in enumerate(contents):
        if content.printed:
            framed, _, _ = (between(book, _print_area(at), "<") or "").rpartition("!")
            book = with_between(book, _print_area(at), "<", f"{framed}!{content.printed}")
    return book


def _print_area(at: int) -> str:
    """What stands in the workbook part before the range of a sheet (from 0) that goes to paper."""
    return f'<definedName name="_xlnm.Print_Area" localSheetId="{at}">'


def _lists(page: ClassPage) -> dict[str, tuple[str, ...]]:
    """The drop-downs' lists by their column on 页信息."""
    entries = {
        fill_in.STUDENT_LIST: tuple(one.label for one in page.students),
        fill_in.TEACHER_LIST: page.teachers,
        fill_in.PRIORITY_LIST: page.edition.priorities,
        fill_in.MONTH_LIST: fill_in.months(page.edition),
        fill_in.ROLL_LIST: page.roll,
    }
    return {letter: entries[name] for letter, name in fill_in.LISTS.items()}


def _information(page: ClassPage, contents: Sequence[Content]) -> list[Row | None]:
    """页信息: the identity, the digests of the locked sheets and the code over both in columns A and B, the lists under
    their names from column D."""
    facts = [*identity(page.kind, page.edition, page.id, page.name), *_checksums(page, contents)]
    if page.edition.secret:
        facts.append((CODE_NAME, code_of(page.edition.secret, dict(facts), [one.label for one in page.students])))
    lists = [(fill_in.LISTS[letter], *entries) for letter, entries in _lists(page).items()]
    columns = (*zip(*facts, strict=True), (), *lists)
    return [
        Row(15, [("prose", text) if text else NO_CELL for text in texts])
        for texts in zip_longest(*columns, fillvalue="")
    ]


def _checksums(page: ClassPage, contents: Sequence[Content]) -> Iterator[tuple[str, str]]:
    """The name of each locked sheet and the digest of what it shows."""
    for sheet, title, content in zip(SHEETS[page.kind], titles(page.kind, page.edition), contents, strict=True):
        if not sheet.form:
            yield PREFIX + title, digest([value for _, value in row.cells] for row in content.rows if row)
