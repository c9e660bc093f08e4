"""How the cells of the master look: a handful of formats, each made once per workbook, of the look of the house."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xlbangfu.book.row_heights import wrapped
from xlbangfu.house_look import (
    BODY,
    BRAND,
    ERROR,
    FONT,
    INK,
    LINE,
    MUTED,
    REQUIRED,
    TINT,
    WARN,
    WHITE,
    WRONG,
    aligned,
)
from xlbangfu.schema import Column, Kind, Type

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

_BESIDE_BUTTON = 2  # of a heading at the right, where the filter's button lies over the cell


class Formats:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.make = cache(self._make)

    def _make(self, **properties: str | int | float | bool) -> Format:
        return self._workbook.add_format({"font_name": FONT, "valign": "vcenter", **properties})

    def header(self, column: Column, kind: Kind) -> Format:
        """A heading: white on dark where staff fill the cells, with ＊ where they must; else dark on pale with a rule below."""
        at = aligned(column)
        beside = {"indent": _BESIDE_BUTTON} if at["align"] == "right" else {}
        usual = {"bold": True, "font_size": BODY, "text_wrap": True, **at, **beside}
        if kind is not Kind.INPUT and not column.kept:
            return self.make(font_color=INK, bg_color=TINT, bottom=2, bottom_color=BRAND, **usual)
        needed = {"num_format": REQUIRED} if column.must_be_filled else {}
        return self.make(font_color=WHITE, bg_color=BRAND, bottom=2, bottom_color=BRAND, **usual, **needed)

    def corner(self, column: Column) -> Format:
        """The first heading, which is a link: programs that give links a colour of their own show it on pale ground only."""
        needed = {"num_format": REQUIRED} if column.must_be_filled else {}
        rule = {"bg_color": TINT, "bottom": 2, "bottom_color": BRAND}
        return self.make(
            bold=True, font_size=BODY, font_color=BRAND, text_wrap=True, **aligned(column), **rule, **needed
        )

    def cell(self, column: Column) -> Format:
        """A record's cell, and every cell below it that is still empty; it stands at the top, beside one of several lines."""
        usual = {"font_size": BODY, "font_color": INK, "valign": "top", "bottom": 1, "bottom_color": LINE}
        if column.type is Type.LINK:
            return self.make(**usual | {"font_color": BRAND, "underline": 1})
        lines = {"text_wrap": True} if wrapped(column) else {}
        return self.make(num_format=column.number_format, **usual, **aligned(column), **lines)

    @property
    def heading(self) -> Format:
        return self._workbook.add_format({"bold": True, "bg_color": TINT, "font_color": BRAND})

    @property
    def note(self) -> Format:
        return self._workbook.add_format({"font_color": MUTED})

    @property
    def error(self) -> Format:
        return self._workbook.add_format({"bg_color": ERROR, "font_color": WRONG, "bold": True})

    @property
    def warning(self) -> Format:
        return self._workbook.add_format({"bg_color": WARN, "font_color": INK})
