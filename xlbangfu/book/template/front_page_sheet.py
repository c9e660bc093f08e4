"""控制台, the front page: what to do next and a button that does it, six numbers, the buttons in the order of a term.

Rows are counted from 0. What is above the fold of a small screen (1366×768) stands in twelve columns of one width; below it
come the trends, the other numbers, what each button does and where to fill in what.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from xlbangfu.book.template import front_page_charts, front_page_lists
from xlbangfu.book.template.page_cells import PER_BUTTON, Look, PageCells
from xlbangfu.catalog import ACTIONS, BY_NAME, GROUPS
from xlbangfu.front_page import counts, figures
from xlbangfu.front_page.figures import FIGURES, Figure
from xlbangfu.house_look import (
    BAD,
    BRAND,
    CONFIDENTIAL,
    FIGURE,
    FINDING,
    LINE,
    MUTED,
    NOTE,
    PAST,
    TINT,
    TITLE,
    WARN,
    WHITE,
)
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from xlbangfu.book.template.formats import Formats
    from xlbangfu.book.template.sheet_layout import Layout
    from xlbangfu.declarations import Action
    from xlbangfu.schema import Table

NO_BUTTONS = "看不到按钮时：关闭总表，在帮扶窗口点“打开总表”（或者运行 xlbangfu open 总表），按钮就补回来。"  # LibreOffice's own save loses them
_NEXT, _UNDO = "next", "undo"  # the buttons that stand apart from those of their group
_ABOVE = 9  # rows before the buttons
_HIGH = {0: 34, 1: 50, 2: 22, 3: 38, 4: 6, 5: 20, 6: 36, 7: 20, 8: 6}  # pixels
_BUTTON_ROW = 34


def write(
    workbook: Workbook,
    sheet: Worksheet,
    formats: Formats,
    *,
    layout: Layout,
    settings: Settings,
    today: date,
    hidden: Collection[Table],
) -> None:
    """The whole page; each cell that actions change gets the defined name that ``front_page`` declares."""
    page = PageCells(workbook, sheet, formats)
    page.set_up(signed=settings.school)
    values = counts.counts(layout.frames)
    page.known |= {count.name: str(values.get(count.name, 0)) for count in counts.EVERY_COUNT}
    for row, pixels in _HIGH.items():
        sheet.set_row_pixels(row, pixels)
    _head(page, settings, today)
    _next(page, layout, settings, today)
    _last(page, layout, settings, today)
    page.text("A", 5, counts.away(hidden), name=counts.AWAY, **_HELPER)
    _figures(page)
    below = _buttons(page, _ABOVE)
    page.text("B", below, NO_BUTTONS, font_color=MUTED, font_size=NOTE)
    below = front_page_charts.write(workbook, sheet, formats, layout=layout, row=below + 1)
    front_page_lists.write(page, below + 1, layout=layout)
    sheet.activate()
    sheet.set_first_sheet()


def _head(page: PageCells, settings: Settings, today: date) -> None:
    page.text("B", 0, counts.title(settings), name=counts.TITLE, bold=True, font_size=TITLE, font_color=BRAND)
    day = settings.as_of or today
    page.text("H", 0, counts.when(settings, day), name=counts.WHEN, font_color=MUTED)
    page.text("M", 0, CONFIDENTIAL, font_color=BAD, font_size=NOTE, align="right")


def _next(page: PageCells, layout: Layout, settings: Settings, today: date) -> None:
    """The sentence, a link to the sheet that it speaks of, and the button that does what it says."""
    step = counts.proposed(layout.frames, today=settings.as_of or today, settings=settings)
    page.text("B", 1, "下一步", bold=True, font_size=FINDING, font_color=WHITE, bg_color=BRAND, align="center")
    look: Look = {"bg_color": WARN, "text_wrap": True}
    page.text("C:I", 1, step.sentence, name=counts.NEXT, bold=True, font_size=12, indent=1, **look)
    page.text("A", 1, step.sheet.name if step.sheet else "", name=counts.GO, **_HELPER)
    link = f'=IF({counts.GO}="","",HYPERLINK("#\'"&{counts.GO}&"\'!A1","→ “"&{counts.GO}&"”"))'
    page.formula("J:K", 1, link, font_color=BRAND, underline=1, align="center", **look)
    page.text("L:M", 1, BY_NAME[_NEXT].label, font_color=MUTED, font_size=NOTE, align="center", **look)
    page.button("L", 1, BY_NAME[_NEXT], columns=2, high=_HIGH[1])


def _last(page: PageCells, layout: Layout, settings: Settings, today: date) -> None:
    found = counts.texts(layout.frames, settings.as_of or today)
    page.text("B:D", 2, "还没有操作", name=counts.LAST_RUN, **_ONE_LINE)
    saved = "在打开的总表里点按钮以后，按 Ctrl+S 才存进文件"
    page.text("E:H", 2, saved, name=counts.SAVED, **_ONE_LINE)
    exam = found.get(counts.LAST_EXAM, "还没有考试")
    page.text("I:M", 2, exam, name=counts.LAST_EXAM, **_ONE_LINE)
    result: Look = {"font_color": MUTED, "font_size": NOTE, "text_wrap": True, "valign": "top"}
    page.text("B:M", 3, "按钮做完了什么，写在这里。", name=counts.RESULT, **result)


def _figures(page: PageCells) -> None:
    """Six numbers, each under a caption that leads to its sheet, with a line below."""
    page.rule(4, "BCDEFGHIJKLM", bottom=5, bottom_color=BRAND)
    page.text("A", 6, "", name=figures.WAITING, **_HELPER)
    page.text("A", 7, "", name=figures.AT_RISK, **_HELPER)
    for place, figure in enumerate(FIGURES):
        columns = "BCDEFGHIJKLM"[2 * place : 2 * place + 2]
        across = f"{columns[0]}:{columns[1]}"
        page.link(across, 5, f"{figure.label} ›", figure.sheet, away=figure.label, bg_color=TINT, indent=1)
        _number(page, across, figure)
        if figure.note:
            page.formula(across, 7, figure.note, name=figure.line, **_LINE)
        else:
            page.text(across, 7, figure.usual, name=figure.line, **_LINE)


_HELPER: Look = {
    "num_format": ";;;",
    "font_size": NOTE,
    "font_color": WHITE,
}  # for what formulas speak of and nobody reads
_ONE_LINE: Look = {"font_color": MUTED, "font_size": NOTE, "shrink": True}  # of names and times of any length
_LINE: Look = {"font_color": MUTED, "font_size": NOTE, "bg_color": TINT, "indent": 1}


def _number(page: PageCells, across: str, figure: Figure) -> None:
    look: Look = {"font_size": FIGURE, "bold": True, "bg_color": TINT, "align": "left", "indent": 1}
    look |= {"num_format": "0%" if figure.share else "0"}
    page.formula(across, 6, figure.formula, name=figure.name, **look)
    page.colour(across[0], 6, alarming=figure.alarming)


def _buttons(page: PageCells, row: int) -> int:
    """A row for each group; the first one after them."""
    apart = {_NEXT, _UNDO}
    rows = [(group, [one for one in ACTIONS if one.group == group and one.name not in apart]) for group in GROUPS]
    filled = [(group, actions) for group, actions in rows if actions]
    for group, actions in filled:
        for place in range(0, len(actions), PER_BUTTON):
            page.high(row, _BUTTON_ROW)
            last = group == filled[-1][0] and place + PER_BUTTON >= len(actions)
            _row(page, row, group if place == 0 else "", actions[place : place + PER_BUTTON], undo=last)
            row += 1
    return row


def _row(page: PageCells, row: int, group: str, actions: Sequence[Action], *, undo: bool) -> None:
    line: Look = {"bottom": 1, "bottom_color": LINE}
    page.rule(row, "BCDEFGHIJKLM", **line)
    page.text("B", row, group, bold=True, font_color=BRAND, **line)
    placed = dict(zip("CDEFGHIJKLM", actions, strict=False))
    if undo and "M" not in placed:
        placed["M"] = BY_NAME[_UNDO]
    for letter, action in placed.items():
        page.text(letter, row, action.label, font_color=PAST, font_size=NOTE, align="center", **line)
        page.button(letter, row, action, high=_BUTTON_ROW)
