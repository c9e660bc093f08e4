"""What all pages of one kind and edition have in common: a workbook made by XlsxWriter once, with every sheet's frame and no rows.

What differs from page to page stands in it as a token (``@…@``) or as a known piece of XML; ``page_rendering`` puts the page in.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO

from msgspec import Struct
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from xlbangfu import house_look
from xlbangfu.documents.class_page import fill_in
from xlbangfu.documents.class_page.page import Edition
from xlbangfu.documents.class_page.page_sheets import SHEETS, Framing
from xlbangfu.documents.look import CLASS_NAME, cell_styles
from xlbangfu.house_look import CONFIDENTIAL
from xlbangfu.ooxml.archive import Archive, packed
from xlbangfu.rules.page_kinds import PageKind

INFO_SHEET, ID_NAME, EDITION_NAME, VERSION = "页信息", "页编号", "版次", "2"
KIND_NAME = "页种"
PAGE_ID = "@页编号@"
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
_DATA = re.compile(r"<sheetData>.*</sheetData>|<sheetData/>", re.DOTALL)


class PageTemplate(Struct, frozen=True):
    """``frames``: of each sheet, and of 页信息 at the end, the XML before and after its rows. ``styles``: the number of each cell style. ``named``:
    the parts, by path, that name whose page it is. ``book``: the workbook part. ``fixed``: the parts that never
    differ, deflated once for all pages."""

    frames: list[tuple[str, str]]
    styles: dict[str, int]
    named: dict[str, str]
    book: str
    fixed: Archive


@lru_cache(maxsize=2)
def page_template(kind: PageKind, edition: Edition) -> PageTemplate:
    """The template of an edition's pages of a kind."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True, "strings_to_urls": False, **house_look.workbook_options()})
    house_look.put_theme(workbook)
    styles = cell_styles(workbook)
    _properties(workbook, kind, edition)
    signed = house_look.signed(edition.school, edition.made.date())
    for sheet in SHEETS[kind]:
        sheet.frame(Framing(workbook, edition, styles, signed))
    _information(workbook, styles)
    workbook.close()
    return _taken_apart(buffer, list(styles))


def identity(kind: PageKind, edition: Edition, page_id: str, name: str) -> Sequence[tuple[str, str]]:
    """What tells where a page comes from when it is back: on 页信息 and in the file's properties."""
    return (
        (ID_NAME, page_id),
        ("学校", edition.school),
        (kind.owner, name),
        ("学期", edition.term),
        ("制表时间", edition.made.isoformat(timespec="seconds")),
        ("版本", VERSION),
        (EDITION_NAME, str(edition.number)),
        (KIND_NAME, kind.word),
    )


def _properties(workbook: Workbook, kind: PageKind, edition: Edition) -> None:
    workbook.set_properties(
        {
            "title": f"{CLASS_NAME} {edition.public_name}{kind.word}",
            "subject": edition.term,
            "company": edition.school,
            "comments": CONFIDENTIAL,
            "created": edition.made,
        }
    )
    for name, value in identity(kind, edition, PAGE_ID, CLASS_NAME):
        workbook.set_custom_property(name, value, "text")


def _information(workbook: Workbook, styles: dict[str, Format]) -> None:
    """页信息, hidden. In the template its column A shows each style once, so that the styles' numbers can be read."""
    sheet: Worksheet = workbook.add_worksheet(INFO_SHEET)
    for row, style in enumerate(styles.values()):
        sheet.write_blank(row, 0, None, style)
    workbook.define_name(ID_NAME, f"={INFO_SHEET}!$B$1")
    for letter, name in fill_in.LISTS.items():
        workbook.define_name(name, f"={INFO_SHEET}!{list_range(letter, 0)}")
    sheet.protect()
    sheet.very_hidden()


def list_range(letter: str, entries: int) -> str:
    """Where a drop-down's list stands on 页信息, below its name; an empty list is one empty cell."""
    return f"${letter}$2:${letter}${max(entries, 1) + 1}"


def _taken_apart(workbook: BytesIO, styles: list[str]) -> PageTemplate:
    with zipfile.ZipFile(workbook) as package:
        parts = {name: package.read(name).decode() for name in package.namelist()}
    sheets = [
        parts.pop(f"xl/worksheets/sheet{number}.xml")
        for number in range(1, 1 + sum(name.startswith("xl/worksheets/sheet") for name in parts))
    ]
    numbers = [int(number) for number in re.findall(r'<c r="A\d+" s="(\d+)"', sheets[-1])]
    return PageTemplate(
        frames=[_around(xml) for xml in sheets],
        styles=dict(zip(styles, numbers, strict=True)),
        named={name: parts.pop(name) for name in ("docProps/core.xml", "docProps/custom.xml")},
        book=parts.pop(BOOK),
        fixed=Archive(packed({name: [text.encode()] for name, text in parts.items()})),
    )


def _around(xml: str) -> tuple[str, str]:
    before, after = _DATA.split(xml)
    return re.sub(r"<dimension [^>]*/>", "", before), after
