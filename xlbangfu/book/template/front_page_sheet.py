"""控制台, the front page: what to do next, the buttons in the order of a term, the numbers, and where to fill in what.

Rows are counted from 0. The buttons stand two a row with their help beside them, so that a small screen (1366×768)
shows the first parts of the term at once; the numbers stand right of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from xlbangfu import catalog
from xlbangfu.book.template import front_page_charts
from xlbangfu.declarations import Action
from xlbangfu.front_page import counts
from xlbangfu.schema import BY_NAME, CONSOLE, INPUTS, LEDGERS, MEMORIES, OUTPUTS, Table
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout

# Of the grid: the column of a button, and the first and the last of its help.
MARGIN, GROUP, GRID, GAP, CAPTION, NUMBER = "A", "B", (("C", "D", "F"), ("G", "H", "J")), "K", "L", "M"
WIDTHS = {MARGIN: 14, GROUP: 82, GAP: 14, CAPTION: 92, NUMBER: 62, "N": 14}
BUTTON, HELP = 116, 110  # pixels; a help has three columns
DEEP, PALE, ACCENT, SOFT, LINE = "#1F4E78", "#EAF2F9", "#FFF8E1", "#6B6B6B", "#D9E2EC"
COUNT_HIGH = 24  # points
NO_BUTTONS = "看不到按钮时：关闭总表，在帮扶窗口点“打开总表”（或者运行 xlbangfu open 总表），按钮就补回来。"  # LibreOffice's own save loses them
_A_CHARACTER, _A_LINE = 12, 13.5  # of a help text, in pixels across and points down
_STRUCTURED = re.compile(r"T_(\w+)\[(\w+)\]")


def write(
    workbook: Workbook, sheet: Worksheet, formats: Formats, *, layout: Layout, settings: Settings, today: date
) -> None:
    """The whole page; each cell that actions change gets the defined name that ``console`` declares."""
    page = _Page(workbook, sheet, formats)
    page.set_up()
    page.text(1, counts.TITLE, counts.title(settings), formats.make(bold=True, font_size=18, font_color=DEEP))
    advice = counts.next_step(layout.frames, today=settings.as_of or today, settings=settings)
    page.labelled(2, "下一步", counts.NEXT, advice, high=36, ground=ACCENT, bold=True)
    texts = _texts(layout, settings, today)
    for row, name in enumerate(texts, start=3):
        page.labelled(row, counts.TEXTS[name], name, texts[name], high=30 if name == counts.RESULT else 18)
    top = 4 + len(texts)
    below = page.numbers(top, layout, below=page.buttons(top))
    below = front_page_charts.write(workbook, sheet, formats, layout=layout, row=below + 1)
    page.contents(below + 1)
    sheet.activate()
    sheet.set_first_sheet()


def _texts(layout: Layout, settings: Settings, today: date) -> Mapping[str, str]:
    usual = {
        counts.RESULT: "—",
        counts.LAST_RUN: "还没有操作",
        counts.LAST_EXAM: "还没有考试",
        counts.OFFICE: "在“组织”“保障”填好谁负责什么",
        counts.SAVED: "在打开的总表里点按钮以后，按 Ctrl+S 才存进文件",
    }
    return usual | dict(counts.texts(layout.frames, settings.as_of or today))


class _Page:
    """The sheet while it is being laid out."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, formats: Formats) -> None:
        self._workbook, self._sheet, self._make = workbook, sheet, formats.make
        self._small = self._make(font_color=SOFT, font_size=9)

    def set_up(self) -> None:
        sheet = self._sheet
        sheet.set_tab_color(DEEP)
        sheet.hide_gridlines(2)
        for letter, pixels in WIDTHS.items():
            sheet.set_column_pixels(f"{letter}:{letter}", pixels)
        for button, first, last in GRID:
            sheet.set_column_pixels(f"{button}:{button}", BUTTON)
            sheet.set_column_pixels(f"{first}:{last}", HELP)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C内部资料&R&D")
        sheet.set_row(0, 14)
        sheet.write_string(
            f"{GROUP}1", f"内部资料：学生的成绩、名次和家庭情况不得公布、不得外传。　{NO_BUTTONS}", self._small
        )
        sheet.set_row(1, 30)

    def text(self, row: int, name: str, text: str, look: Format) -> None:
        self._sheet.write_string(f"{GROUP}{row + 1}", text, look)
        self._name(name, GROUP, row)

    def labelled(
        self, row: int, label: str, name: str, text: str, *, high: int, ground: str = PALE, bold: bool = False
    ) -> None:
        """A caption and, to the end of the row, one text."""
        size = 13 if bold else 10
        self._sheet.set_row(row, high)
        look = self._make(font_color=DEEP, bg_color=ground, font_size=min(size, 11), bold=bold, align="center")
        self._sheet.write_string(f"{GROUP}{row + 1}", label, look)
        first, last = GRID[0][0], NUMBER
        cell_format = self._make(bg_color=ground, font_size=size, bold=bold, align="left", text_wrap=True)
        self._sheet.merge_range(f"{first}{row + 1}:{last}{row + 1}", text, cell_format)
        self._name(name, first, row)

    def buttons(self, row: int) -> int:
        """Two actions a row; a new group begins a new row, under a line and with its name before it."""
        for group in catalog.GROUPS:
            actions = [action for action in catalog.ACTIONS if action.group == group]
            for place in range(0, len(actions), len(GRID)):
                beside = actions[place : place + len(GRID)]
                lines = max(-(-len(action.help) * _A_CHARACTER // (3 * HELP - 10)) for action in beside)
                self._sheet.set_row(row, max(28, lines * _A_LINE + 2))
                self._row_of(row, beside, group if place == 0 else "")
                row += 1
        return row

    def _row_of(self, row: int, actions: Sequence[Action], group: str) -> None:
        line = {"top": 1, "top_color": LINE} if group else {}
        self._sheet.write_string(f"{GROUP}{row + 1}", group, self._make(bold=True, font_color=DEEP, **line))
        for (letter, first, last), action in zip(GRID, [*actions, None], strict=False):
            behind = self._make(font_color=SOFT, font_size=9, align="left", valign="top", indent=1, **line)
            help = self._make(font_color=SOFT, font_size=9, text_wrap=True, **line)
            self._sheet.write_string(f"{letter}{row + 1}", action.label if action else "", behind)
            self._sheet.merge_range(f"{first}{row + 1}:{last}{row + 1}", action.help if action else "", help)
            if action:
                self._button(f"{letter}{row + 1}", action)

    def _button(self, cell: str, action: Action) -> None:
        """In front of its label, which programs that know no buttons show."""
        options = {
            "macro": action.macro,
            "caption": action.label,
            "width": BUTTON - 10,
            "height": 30,
            "x_offset": 3,
            "y_offset": 4,
        }
        self._sheet.insert_button(cell, options)

    def numbers(self, row: int, layout: Layout, *, below: int) -> int:
        """The counts, one a row, right of the buttons, whose rows end at ``below``."""
        values = counts.counts(layout.frames)
        line = {"bottom": 1, "bottom_color": LINE}
        caption = self._make(font_color=SOFT, font_size=10, bg_color=PALE, indent=1, **line)
        number = self._make(font_size=13, bold=True, align="center", font_color=DEEP, bg_color=PALE, **line)
        for count in counts.COUNTS:
            formula = _STRUCTURED.sub(lambda found: layout.cells(BY_NAME[found[1]], found[2]), count.formula)
            self._sheet.write_string(f"{CAPTION}{row + 1}", count.label, caption)
            self._sheet.write_formula(f"{NUMBER}{row + 1}", formula, number, values.get(count.name, 0))
            self._name(count.name, NUMBER, row)
            if row >= below:
                self._sheet.set_row(row, COUNT_HIGH)
            row += 1
        return max(row, below)

    def contents(self, row: int) -> None:
        """Where to fill in what: a link to each sheet that is always in sight."""
        self._sheet.set_row(row, 24)
        heading = self._make(bold=True, font_size=12, font_color=DEEP)
        self._sheet.write_string(f"{GROUP}{row + 1}", "各工作表（点名字跳过去）", heading)
        legend = "深色表头必填，浅色选填；红格是错误，黄格是提醒，原因写在“校验”里；点格子时会说明怎么填。"
        self._sheet.write_string(f"{GROUP}{row + 2}", legend, self._small)
        filled = [table for table in OUTPUTS if table in catalog.FILLED]
        for place, table in enumerate((*INPUTS, *filled, *MEMORIES, *LEDGERS), start=row + 2):
            self._link(place, table)

    def _link(self, row: int, table: Table) -> None:
        link = self._make(font_color="#0563C1", underline=1)
        self._sheet.set_row(row, 18)
        self._sheet.write_url(f"{GROUP}{row + 1}", f"internal:{table.name}!A1", link, table.name)
        self._sheet.write_string(f"{GRID[0][0]}{row + 1}", table.help, self._make(font_color=SOFT, font_size=10))

    def _name(self, name: str, column: str, row: int) -> None:
        self._workbook.define_name(name, f"={CONSOLE.name}!${column}${row + 1}")
