"""What stands on 控制台 below the fold: the other numbers, what each button does, and the sheets in four groups."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from xlbangfu import sheet_groups
from xlbangfu.book.template.page_cells import Look, PageCells
from xlbangfu.catalog import ACTIONS, FILLED, GROUPS
from xlbangfu.front_page import counts
from xlbangfu.house_look import BRAND, INK, MUTED, NOTE, SECTION
from xlbangfu.late_pattern import late_pattern
from xlbangfu.schema import BY_NAME, Kind, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlbangfu.book.template.sheet_layout import Layout

_PAIRS = ("BC", "DE", "FG", "HI", "JK", "LM")
_HALVES = (("B", "C:G"), ("H", "I:M"))
_QUARTERS = (("B", "C:D"), ("E", "F:G"), ("H", "I:J"), ("K", "L:M"))
_STRUCTURED = late_pattern(r"T_(\w+)\[(\w+)\]")
_CHARACTER, _LINE, _COLUMN = 13.5, 17, 72  # pixels of a Chinese character of 9 points, of its line, of a column
_HEADING = 28
LEGEND = (
    "每张表左上角的标题可以点，点一下回到这里；名字后面没有 › 的收起来了，点上面“工作表”一行的按钮打开。"
    "深蓝表头由您填，带＊的必填；浅色表头是程序写的；红格是错误，黄格是提醒，原因写在“校验”里。"
)


def write(page: PageCells, row: int, *, layout: Layout) -> None:
    """Everything from ``row`` on."""
    row = _numbers(page, _heading(page, row, "数字"), layout, counts.COUNTS)
    row = _numbers(page, _heading(page, row, "特殊群体（在读人数，一人可以属于几个）"), layout, counts.GROUP_COUNTS)
    page.text("B:M", row, "在“组织”“保障”填好谁负责什么", name=counts.OFFICE, font_color=MUTED)
    row = _help(page, _heading(page, row + 1, "每个按钮做什么"))
    row = _heading(page, row, "各工作表（点名字跳过去）")
    page.high(row, 2 * _LINE)
    page.text("B:M", row, LEGEND, font_color=MUTED, font_size=NOTE, text_wrap=True)
    _sheets(page, row + 1)


def _heading(page: PageCells, row: int, text: str) -> int:
    page.high(row, _HEADING)
    page.text("B", row, text, bold=True, font_size=SECTION, font_color=BRAND)
    return row + 1


def _numbers(page: PageCells, row: int, layout: Layout, numbers: Sequence[counts.Count]) -> int:
    """Six a row, each beside its caption."""
    values = counts.counts(layout.frames)
    for place, count in enumerate(numbers):
        at, pair = row + place // len(_PAIRS), _PAIRS[place % len(_PAIRS)]
        formula = _STRUCTURED.sub(lambda found: layout.cells(BY_NAME[found[1]], found[2]), count.formula)
        page.text(pair[0], at, count.label, font_color=MUTED)
        number: Look = {"bold": True, "align": "left", "num_format": "0"}
        page.formula(pair[1], at, formula, name=count.name, value=values.get(count.name, 0), **number)
    return row + -(-len(numbers) // len(_PAIRS))


def _help(page: PageCells, row: int) -> int:
    """Two a row, in the order of the buttons."""
    ordered = [action for group in GROUPS for action in ACTIONS if action.group == group]
    for place in range(0, len(ordered), len(_HALVES)):
        beside = ordered[place : place + len(_HALVES)]
        page.high(row, max(_lines(action.help, 5) for action in beside) * _LINE + 2)
        for (label, help), action in zip(_HALVES, beside, strict=False):
            page.text(label, row, action.label, font_color=INK, valign="top")
            page.text(help, row, action.help, font_color=MUTED, font_size=NOTE, text_wrap=True, valign="top")
        row += 1
    return row


def _sheets(page: PageCells, row: int) -> None:
    """A link to each sheet that may be in sight, four side by side."""
    groups = [[table for table in tables if _is_filled(table)] for tables in sheet_groups.GROUPS.values()]
    for (name, _), title in zip(_QUARTERS, sheet_groups.GROUPS, strict=True):
        page.text(name, row, title, bold=True, font_color=BRAND)
    for at, beside in enumerate(zip_longest(*groups), start=row + 1):
        page.high(at, max(_lines(table.help, 2) for table in beside if table) * _LINE + 2)
        for (name, help), table in zip(_QUARTERS, beside, strict=True):
            if table:
                page.link(name, at, f"{table.name} ›", table, away=table.name, valign="top")
                page.text(help, at, table.help, font_color=MUTED, font_size=NOTE, text_wrap=True, valign="top")


def _is_filled(table: Table) -> bool:
    """Whether there is an action that fills it, if it is the program's."""
    return table.kind is not Kind.OUTPUT or table in FILLED


def _lines(text: str, columns: int) -> int:
    return -(-int(len(text) * _CHARACTER) // (columns * _COLUMN))
