"""WPS as it runs: its workbooks through xlwings's Windows engine, by the COM members that it shares with Excel.

WPS itself has not run this. What is asked of it is in ``MEMBERS`` and nothing else (a test compares), so that a version can be
checked by the list; a member that does not answer is told in a sentence, or done without where staff lose nothing by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live.host import ExcelOnWindows
from xlbangfu.book.live.host_ui import ExcelUI
from xlbangfu.book.live.place import place_of
from xlbangfu.errors import BangfuError, BookLocked

PROGRAMS = ("Ket.Application", "ET.Application")
"""The names under which WPS's spreadsheets, new and old, can be found while they run."""
MEMBERS = (
    "Application.AutoCorrect",
    "Application.Calculation",
    "Application.DisplayAlerts",
    "Application.Hwnd",
    "Application.ScreenUpdating",
    "Application.Selection",
    "Application.StatusBar",
    "Application.Workbooks",
    "AutoCorrect.AutoExpandListRange",
    "AutoCorrect.AutoFillFormulasInLists",
    "AutoFilter.FilterMode",
    "AutoFilter.ShowAllData",
    "ListObject.AutoFilter",
    "ListObject.Range",
    "ListObject.Resize",
    "ListObject.ShowAutoFilter",
    "Name.RefersTo",
    "Names.Item",
    "PageSetup.LeftFooter",
    "PageSetup.RightFooter",
    "Range.Address",
    "Range.Areas",
    "Range.AutoFilter",
    "Range.ClearHyperlinks",
    "Range.Column",
    "Range.Columns",
    "Range.Count",
    "Range.Formula",
    "Range.MergeArea",
    "Range.MergeCells",
    "Range.NumberFormat",
    "Range.Row",
    "Range.Rows",
    "Range.Select",
    "Range.SpecialCells",
    "Range.Value",
    "Range.Worksheet",
    "Rows.Count",
    "Sheets.Item",
    "Sheets.Parent",
    "Workbook.ActiveSheet",
    "Workbook.Application",
    "Workbook.Close",
    "Workbook.FullName",
    "Workbook.Names",
    "Workbook.ReadOnly",
    "Workbook.SaveCopyAs",
    "Workbook.Saved",
    "Workbook.Worksheets",
    "Workbooks.Open",
    "Worksheet.Activate",
    "Worksheet.Copy",
    "Worksheet.Delete",
    "Worksheet.FilterMode",
    "Worksheet.ListObjects",
    "Worksheet.Name",
    "Worksheet.PageSetup",
    "Worksheet.Parent",
    "Worksheet.Protect",
    "Worksheet.ProtectContents",
    "Worksheet.ProtectDrawingObjects",
    "Worksheet.ProtectScenarios",
    "Worksheet.Protection",
    "Worksheet.Range",
    "Worksheet.ShowAllData",
    "Worksheet.Unprotect",
    "Worksheet.UsedRange",
    "Worksheet.Visible",
)


class Wps(ExcelOnWindows):
    """Filters, links, footers and helpful options that it can't be asked for are left as they are."""

    name = "WPS"

    def show_all_rows(self, sheet: xlwings.Sheet) -> None:
        self._unless_lacking(lambda: super(Wps, self).show_all_rows(sheet))

    def hidden_rows(self, cells: xlwings.Range, rows: Collection[int]) -> set[int]:
        """Nothing where it does not answer: that ticks stand in hidden rows is then not said."""
        found: set[int] = set()
        self._unless_lacking(lambda: found.update(super(Wps, self).hidden_rows(cells, rows)))
        return found

    def clear_links(self, cells: xlwings.Range) -> None:
        self._unless_lacking(lambda: super(Wps, self).clear_links(cells))

    def left_footer(self, sheet: xlwings.Sheet) -> str:
        """Nothing where it does not answer, as of a footer that is not the program's: it stays as it is."""
        said = [""]
        self._unless_lacking(lambda: said.insert(0, super(Wps, self).left_footer(sheet)))
        return said[0]

    def right_footer(self, sheet: xlwings.Sheet) -> str:
        said = ["?"]
        self._unless_lacking(lambda: said.insert(0, super(Wps, self).right_footer(sheet)))
        return said[0]

    def write_plainly(self, app: xlwings.App) -> Callable[[], object]:
        ways_back: list[Callable[[], object]] = []
        self._unless_lacking(lambda: ways_back.append(super(Wps, self).write_plainly(app)))
        return lambda: [put_back() for put_back in ways_back]

    def _unless_lacking(self, call: Callable[[], object]) -> None:
        try:
            call()
        except Exception as error:  # a member that does not answer is an error of pywin32's or of Python's
            if not self.unanswered(error):
                raise


class WpsUI(ExcelUI):
    """WPS, one of whose buttons has left a request."""

    def __init__(self, workbook: str) -> None:
        self.host = Wps()
        try:
            self.book = _called(running_wps(), workbook)
        except BangfuError:
            raise
        except Exception as error:  # pywin32's own errors, and AttributeErrors of members that WPS lacks
            member = self.host.unanswered(error)
            why = f"这一版 WPS 没有程序要用的“{member}”" if member else "WPS 没有应答，可能正在编辑单元格或开着对话框"
            raise BookLocked(
                f"{why}，什么也没有改动；请按回车结束编辑再点一次，还不行就更新 WPS，或者用“帮扶窗口”。"
            ) from error


def running_wps() -> Any:
    """The WPS that runs, as pywin32 hands it out. Raises BookLocked where none does."""
    from win32com.client import GetActiveObject

    for name in PROGRAMS:
        with suppress(Exception):  # an error of pywin32's where no program goes by that name
            return GetActiveObject(name)
    raise BookLocked("没有找到正在运行的 WPS 表格，什么也没有改动；请用 WPS 打开总表，再点一次按钮。")


def _called(program: Any, workbook: str) -> xlwings.Book:
    """The book that the button is in, which need not be in front any more."""
    from xlwings import _xlwindows

    engine: Any = _xlwindows
    app = xlwings.App(impl=engine.App(xl=engine.COMRetryObjectWrapper(program)))
    wanted = _plain(workbook)
    for book in app.books:
        if _plain(str(book.impl.xl.FullName)) == wanted:
            place_of(book)  # says what is to be done where it is open from the internet
            return book
    raise BookLocked(f"“{wanted.rpartition('/')[2]}”已经关掉或另存了，什么也没有改动；请在打开的总表里再点一次。")


def _plain(path: str) -> str:
    return path.replace("\\", "/").casefold()
