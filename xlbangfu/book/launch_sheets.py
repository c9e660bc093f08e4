"""Sheets by which xlwings would start something else: settings that name another interpreter, code in a sheet.

Our macros pass them over (``xlwings_vba``), those of earlier versions and of other workbooks do not; whoever has put one
into a school's workbook was up to something, so the buttons do nothing and say so. The closed book, which starts
nothing, is written all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlbangfu.errors import WrongWorkbook

SETTINGS_SHEET, CODE_ENDING = "xlwings.conf", ".py"


def launch_sheets(names: Iterable[str]) -> list[str]:
    """Those of a workbook's sheets, in whatever case: Excel does not tell cases apart.

    >>> launch_sheets(["名册", "XLWINGS.conf", "a.py"])
    ['XLWINGS.conf', 'a.py']
    """
    return [name for name in names if name.casefold() == SETTINGS_SHEET or name.casefold().endswith(CODE_ENDING)]


def check_no_launch_sheet(title: str, names: Iterable[str]) -> None:
    """Raise WrongWorkbook where there is one."""
    if found := launch_sheets(names):
        raise WrongWorkbook(
            f"“{title}”里有工作表“{'”“'.join(found)}”，它能让按钮启动别的程序，所以什么也没有做；"
            "请问清是谁放的，删掉它（看不到时先取消隐藏），保存，再点一次。"
        )
