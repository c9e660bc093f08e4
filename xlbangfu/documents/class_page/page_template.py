"""What all pages of one kind and edition have in common: the shipped frame of the kind, with what the edition puts into it.

What differs from page to page stands in it as a token (``@…@``) or as a known piece of XML; ``page_rendering`` puts the page in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from msgspec import Struct

from xlbangfu import house_look
from xlbangfu.documents.class_page import template_tokens as tokens
from xlbangfu.documents.class_page.page import Edition
from xlbangfu.documents.class_page.workbook_frame import PAGE_FRAMES, put_in, workbook_frame
from xlbangfu.documents.look import SIGNED, in_a_line
from xlbangfu.ooxml.archive import Archive, packed
from xlbangfu.ooxml.attributes import quoted
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.dates import serial
from xlbangfu.rules.page_kinds import PageKind

INFO_SHEET, ID_NAME, EDITION_NAME, VERSION = "页信息", "页编号", "版次", "2"
KIND_NAME = "页种"
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
_NAMED = ("docProps/core.xml", "docProps/custom.xml")


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
    frame = workbook_frame(PAGE_FRAMES[kind.word])
    on_sheets = _on_sheets(edition)
    parts = {name: put_in(xml, _in_parts(edition)) for name, xml in frame.parts.items()}
    return PageTemplate(
        frames=[(before, put_in(after, on_sheets)) for before, after in frame.sheets],
        styles=frame.styles,
        named={name: parts.pop(name) for name in _NAMED},
        book=parts.pop(BOOK),
        fixed=Archive(packed({name: [xml.encode()] for name, xml in parts.items()})),
    )


def identity(kind: PageKind, edition: Edition, page_id: str, name: str) -> Sequence[tuple[str, str]]:
    """What tells where a page comes from when it is back: on 页信息 and in the file's properties."""
    return facts(
        kind,
        page_id=page_id,
        school=edition.school,
        name=name,
        term=edition.term,
        made=edition.made.isoformat(timespec="seconds"),
        number=str(edition.number),
    )


def facts(
    kind: PageKind, *, page_id: str, school: str, name: str, term: str, made: str, number: str
) -> Sequence[tuple[str, str]]:
    """The same, of texts."""
    return (
        (ID_NAME, page_id),
        ("学校", school),
        (kind.owner, name),
        ("学期", term),
        ("制表时间", made),
        ("版本", VERSION),
        (EDITION_NAME, number),
        (KIND_NAME, kind.word),
    )


def list_range(letter: str, entries: int) -> str:
    """Where a drop-down's list stands on 页信息, below its name; an empty list is one empty cell."""
    return f"${letter}$2:${letter}${max(entries, 1) + 1}"


def _on_sheets(edition: Edition) -> dict[str, str]:
    """What the edition puts below the rows of its sheets: into header and footer, and where dates are looked at."""
    signed = house_look.signed(edition.school, edition.made.date())
    return {
        SIGNED: in_a_line(signed),
        tokens.STUDENTS_TITLE: in_a_line(edition.students_title),
        tokens.DAY: str(edition.day),
        tokens.YEAR_START: str(edition.year_start),
        tokens.YEAR_END: str(edition.year_end),
        tokens.FIRST_DAY: _number(edition.year_start),
        tokens.LAST_DAY: _number(edition.year_end),
    }


def _number(day: date) -> str:
    return f"{serial(day):g}"


def _in_parts(edition: Edition) -> dict[str, str]:
    """What the edition puts into the other parts."""
    title = edition.students_title
    is_plain = title.isidentifier() and not title[0].isascii()  # else it might read as the address of a cell
    within_names = title if is_plain else f"'{title}'"
    return {
        f'"{tokens.STUDENTS_TITLE}"': quoted(title),
        f"'{tokens.STUDENTS_TITLE}'": escape(within_names),
        tokens.STUDENTS_TITLE: escape(title),
        tokens.SCHOOL: escape(edition.school),
        tokens.TERM: escape(edition.term),
        tokens.PUBLIC_NAME: escape(edition.public_name),
        tokens.NUMBER: str(edition.number),
        tokens.MADE: edition.made.isoformat(timespec="seconds"),
        tokens.CREATED: f"{edition.made:%Y-%m-%dT%H:%M:%SZ}",
    }
