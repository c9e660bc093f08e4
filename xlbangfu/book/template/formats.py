"""How cells look: a handful of formats, each made once per workbook."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xlbangfu.book.row_heights import wrapped
from xlbangfu.schema import Column, Kind, Type

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

FONT = "等线"
DEFAULT_FONT = {"font_name": FONT, "font_size": 11}
INK, LINK, LINE = "#262626", "#0563C1", "#BFBFBF"
PALE = {Kind.INPUT: "#DDEBF7", Kind.OUTPUT: "#E2EFDA", Kind.LEDGER: "#EDEDED", Kind.MEMORY: "#FFF2CC"}
CENTRED = (Type.DATE, Type.TIME, Type.MONTH, Type.YESNO)


class Formats:
    """The formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self.make = cache(self._make)

    def _make(self, **properties: str | int | float | bool) -> Format:
        return self._workbook.add_format({"font_name": FONT, "valign": "vcenter", **properties})

    def header(self, column: Column, kind: Kind) -> Format:
        """A heading: white on the tab's colour where the cell must be filled, dark on a pale ground elsewhere."""
        needed = column.must_be_filled
        return self.make(
            bold=needed,
            font_color="#FFFFFF" if needed else INK,
            bg_color=kind.colour if needed else PALE[kind],
            border=1,
            border_color=LINE,
            align="center",
            text_wrap=True,
        )

    def cell(self, column: Column) -> Format:
        """A record's cell, and every cell below it that is still empty."""
        if column.type is Type.LINK:
            return self.make(font_color=LINK, underline=1)
        if wrapped(column):
            return self.make(num_format=column.number_format, text_wrap=True)
        if column.type in CENTRED or column.choices:
            return self.make(num_format=column.number_format, align="center")
        return self.make(num_format=column.number_format)

    @property
    def heading(self) -> Format:
        return self._workbook.add_format({"bold": True, "bg_color": "#EEF4FA", "font_color": "#1F4E78"})

    @property
    def error(self) -> Format:
        return self._workbook.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})

    @property
    def warning(self) -> Format:
        return self._workbook.add_format({"bg_color": "#FFEB9C", "font_color": "#7F6000"})
