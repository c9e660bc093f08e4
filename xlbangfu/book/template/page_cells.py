"""The cells of 控制台 while it is laid out: texts, formulas, links and buttons in columns of one width.

``across`` is a column (``"B"``) or several that are one cell (``"B:G"``); rows are counted from 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlbangfu.front_page import counts
from xlbangfu.front_page.shown import shown
from xlbangfu.house_look import A4, BAD, BODY, BRAND, INK, MOST_SIGNED, MUTED, NARROW, margins, signed_footer
from xlbangfu.ooxml.addresses import column_index
from xlbangfu.schema import CONSOLE, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.declarations import Action

MARGIN, WIDTH = 1.2, 9.7  # of column A, and of each of B to M
COLUMN = 73  # pixels of such a column by XlsxWriter's reckoning, by which it places what lies over cells
PER_BUTTON = 11  # buttons that a row has room for, in C to M

Look = dict[str, Any]  # the properties of a format


class PageCells:
    """The sheet that is laid out."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, formats: Formats) -> None:
        self._workbook, self._sheet, self._formats = workbook, sheet, formats
        self.known: dict[str, str | None] = {}  # the named cells by what they hold, for formulas that look at them

    def set_up(self, *, signed: str) -> None:
        sheet = self._sheet
        sheet.set_tab_color(BRAND)
        sheet.hide_gridlines(2)
        sheet.set_column("A:A", MARGIN)
        sheet.set_column("B:M", WIDTH)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(**margins(NARROW))
        sheet.set_footer(signed_footer(signed[:MOST_SIGNED]), {"scale_with_doc": False})

    def high(self, row: int, pixels: float) -> None:
        self._sheet.set_row_pixels(row, int(pixels))

    def text(self, across: str, row: int, text: str, *, name: str = "", **look: Any) -> None:
        """A text; ``name`` is the defined name of the cell."""
        made = self._format(look)
        first = self._merged(across, row, made)
        self.known[name] = text
        self._sheet.write_string(row, first, text, made) if text else self._sheet.write_blank(row, first, None, made)
        self._name(name, across, row)

    def formula(
        self, across: str, row: int, formula: str, *, name: str = "", value: float | None = None, **look: Any
    ) -> None:
        """A formula; without a ``value`` it shows what follows from the ``known`` cells, or nothing until it is worked out."""
        made = self._format(look)
        first = self._merged(across, row, made)
        follows = shown(formula, self.known) if value is None else None
        text = float(follows) if follows and follows.isdecimal() else follows or ""
        self._sheet.write_formula(row, first, formula, made, text if value is None else value)
        self._name(name, across, row)

    def link(self, across: str, row: int, text: str, table: Table, *, away: str, **look: Any) -> None:
        """A text that leads to a sheet, or ``away`` while that is hidden: a link to it would lead elsewhere or nowhere."""
        hidden = f'ISNUMBER(FIND("、{table.name}、",{counts.AWAY}))'
        formula = f'=IF({hidden},"{away}",HYPERLINK("#\'{table.name}\'!A1","{text}"))'
        self.formula(across, row, formula, font_color=BRAND, **look)

    def rule(self, row: int, columns: str, **look: Any) -> None:
        """Empty cells of one look."""
        made = self._format(look)
        for letter in columns:
            self._sheet.write_blank(row, column_index(letter), None, made)

    def colour(self, letter: str, row: int, *, alarming: bool) -> None:
        """Let a number be muted where it is nothing, and stand out where someone must act."""
        cell = f"{letter}{row + 1}"
        self._condition(cell, "==", MUTED)
        if alarming:
            self._condition(cell, ">", BAD)

    def button(self, letter: str, row: int, action: Action, *, columns: int = 1, high: int) -> None:
        """In front of its label, which programs that know no buttons show."""
        options = {
            "macro": action.macro,
            "caption": action.label,
            "width": columns * COLUMN - 2,
            "height": high - 4,
            "x_offset": 2,
            "y_offset": 2,
        }
        self._sheet.insert_button(f"{letter}{row + 1}", options)

    def _condition(self, cell: str, criteria: str, colour: str) -> None:
        look = self._workbook.add_format({"font_color": colour})
        self._sheet.conditional_format(cell, {"type": "cell", "criteria": criteria, "value": 0, "format": look})

    def _format(self, look: Look) -> Format:
        return self._formats.make(**{"font_color": INK, "font_size": BODY, **look})

    def _merged(self, across: str, row: int, look: Format) -> int:
        """The first column, after the others were made one cell with it."""
        first, _, last = across.partition(":")
        if last:
            self._sheet.merge_range(f"{first}{row + 1}:{last}{row + 1}", "", look)
        return column_index(first)

    def _name(self, name: str, across: str, row: int) -> None:
        if name:
            first = re.match("[A-Z]+", across)
            assert first is not None
            self._workbook.define_name(name, f"={CONSOLE.name}!${first[0]}${row + 1}")
