"""控制台, the front page: what to do next, the numbers, the buttons in the order of a term, and where to fill in what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from xlbangfu import catalog, console
from xlbangfu.book.template import trends
from xlbangfu.schema import BY_NAME, CONSOLE, INPUTS, LEDGERS, OUTPUTS, Table
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.layout import Layout

FIRST, LAST, TILES = 1, 7, 7  # columns B to H
DEEP, PALE, ACCENT, SOFT = "#1F4E78", "#EAF2F9", "#FFF8E1", "#7F7F7F"
_STRUCTURED = re.compile(r"T_(\w+)\[(\w+)\]")


def write(
    workbook: Workbook, sheet: Worksheet, formats: Formats, *, layout: Layout, settings: Settings, today: date
) -> None:
    """The whole page; each cell that actions change gets the defined name that ``console`` declares."""
    page = _Page(workbook, sheet, formats)
    page.set_up()
    page.text(1, console.TITLE, console.title(settings), formats.make(bold=True, font_size=22, font_color=DEEP))
    page.line(2, "内部资料：学生的成绩、名次和家庭情况不得公布、不得外传。", formats.make(font_color=SOFT))
    advice = console.next_step(layout.frames, today=settings.as_of or today, settings=settings)
    page.labelled(4, "下一步", console.NEXT, advice, big=True)
    row = page.tiles(6, layout)
    for name, value in _texts(layout, settings, today).items():
        page.labelled(row, console.TEXTS[name], name, value)
        row += 1
    row = page.buttons(row + 1)
    row = trends.write(workbook, sheet, formats, layout=layout, row=row + 1)
    page.contents(row + 1)
    sheet.activate()
    sheet.set_first_sheet()


def _texts(layout: Layout, settings: Settings, today: date) -> Mapping[str, str]:
    known = console.texts(layout.frames, settings.as_of or today)
    usual = {
        console.LAST_EXAM: "还没有考试",
        console.OFFICE: "在“组织”“保障”填好谁负责什么",
        console.LAST_RUN: "还没有操作",
        console.RESULT: "—",
    }
    return usual | known


class _Page:
    """The sheet while it is being laid out; rows are counted from 0."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, formats: Formats) -> None:
        self._workbook, self._sheet, self._make = workbook, sheet, formats.make

    def set_up(self) -> None:
        sheet = self._sheet
        sheet.set_tab_color(DEEP)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 2.5)
        sheet.set_column(FIRST, LAST, 15)
        sheet.set_column(LAST + 1, LAST + 1, 2.5)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C内部资料&R&D")
        sheet.set_row(1, 36)

    def text(self, row: int, name: str, text: str, look: Format) -> None:
        self._sheet.write_string(row, FIRST, text, look)
        self._name(name, row, FIRST)

    def line(self, row: int, text: str, look: Format) -> None:
        self._sheet.write_string(row, FIRST, text, look)

    def heading(self, row: int, text: str) -> None:
        self._sheet.set_row(row, 24)
        self.line(row, text, self._make(bold=True, font_size=13, font_color=DEEP))

    def labelled(self, row: int, label: str, name: str, text: str, *, big: bool = False) -> None:
        """A caption and, to the end of the row, one text."""
        ground = {"bg_color": ACCENT, "bottom": 1, "bottom_color": "#F0C36D"} if big else {"bg_color": PALE}
        size = {"font_size": 14, "bold": True} if big else {}
        self._sheet.set_row(row, 46 if big else 22)
        self._sheet.write_string(row, FIRST, label, self._make(font_color=DEEP, align="center", **ground, **size))
        look = self._make(text_wrap=True, align="left", **ground, **size)
        self._sheet.merge_range(row, FIRST + 1, row, LAST, text, look)
        self._name(name, row, FIRST + 1)

    def tiles(self, row: int, layout: Layout) -> int:
        """The counts, seven a line: the number large, its caption under it."""
        values = console.counts(layout.frames)
        number = self._make(font_size=20, bold=True, align="center", font_color=DEEP, bg_color=PALE)
        caption = self._make(align="center", font_color=SOFT, bg_color=PALE)
        for position, count in enumerate(console.COUNTS):
            top, column = row + 3 * (position // TILES), FIRST + position % TILES
            self._sheet.set_row(top, 34)
            formula = _STRUCTURED.sub(lambda found: layout.cells(BY_NAME[found[1]], found[2]), count.formula)
            self._sheet.write_formula(top, column, formula, number, values.get(count.name, 0))
            self._sheet.write_string(top + 1, column, count.label, caption)
            self._name(count.name, top, column)
        return row + 3 * -(-len(console.COUNTS) // TILES)

    def buttons(self, row: int) -> int:
        """One button an action, with what it does beside it."""
        for group in catalog.GROUPS:
            self.heading(row, group)
            row += 1
            for action in (action for action in catalog.ACTIONS if action.group == group):
                self._button(row, action)
                row += 1
        return row

    def _button(self, row: int, action: catalog.Action) -> None:
        self._sheet.set_row(row, 33)
        options = {
            "macro": action.macro,
            "caption": action.label,
            "width": 200,
            "height": 34,
            "x_offset": 4,
            "y_offset": 5,
        }
        self._sheet.insert_button(row, FIRST, options)
        look = self._make(text_wrap=True, align="left", font_color=SOFT)
        self._sheet.merge_range(row, FIRST + 2, row, LAST, action.help, look)

    def contents(self, row: int) -> None:
        """Where to fill in what: a link to each sheet that is always in sight."""
        self.heading(row, "各工作表（点名字跳过去）")
        legend = "深色表头必填，浅色选填；红格是错误，黄格是提醒，原因写在“校验”里；点格子时会说明怎么填。"
        self.line(row + 1, legend, self._make(font_color=SOFT))
        filled = [table for table in OUTPUTS if table in catalog.FILLED]
        for place, table in enumerate((*INPUTS, *filled, *LEDGERS), start=row + 2):
            self._link(place, table)

    def _link(self, row: int, table: Table) -> None:
        link = self._make(font_color="#0563C1", underline=1, align="center")
        self._sheet.set_row(row, 18)
        self._sheet.write_url(row, FIRST, f"internal:{table.name}!A1", link, table.name)
        self._sheet.write_string(row, FIRST + 1, table.help, self._make(font_color=SOFT))

    def _name(self, name: str, row: int, column: int) -> None:
        self._workbook.define_name(name, f"={CONSOLE.name}!${'ABCDEFGH'[column]}${row + 1}")
