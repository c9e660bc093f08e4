"""Where spreadsheet programs differ and xlwings does not level it: protection, filters, links, copies, their errors.

One seam for three programs. Only the LibreOffice side has been run; the others keep to Microsoft's object model.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

from xlbangfu.book.light_xlwings import xlwings
from xlbangfu.book.live import error_values
from xlbangfu.book.paper_signature import plain
from xlbangfu.late_pattern import late_pattern

BUSY = (-2147418111, -2146777998)  # Excel: call rejected; a cell is being edited
GONE = (-2147023174, -2147023170, -2147417848)  # Excel: server unavailable, call failed, object disconnected
_FILTER_VALUES, _VISIBLE = 7, 12  # xlFilterValues, xlCellTypeVisible
_UNKNOWN = late_pattern(r"<unknown>\.(\w+)")
ATTEMPTS = 20  # of xlwings itself; without a limit it would ask a busy Excel for ever


class Host(Protocol):
    """One spreadsheet program, as far as it is special. ``Any`` stands for its own objects."""

    name: str
    swift: bool
    """Whether it copies an open workbook and measures rows in a moment, and gains by calculating only after all writes."""
    copies_open_state: bool
    """Whether a copy has what is not saved yet."""

    def is_busy(self, error: BaseException) -> bool:
        """Whether it may work in a moment: a cell is being edited, a dialog is open."""

    def is_gone(self, error: BaseException) -> bool:
        """Whether the program, or the workbook in it, was closed."""

    def is_refusal(self, error: BaseException) -> bool:
        """Whether the program refused a call, as it does with a protected or merged cell."""

    def unanswered(self, error: BaseException) -> str:
        """The member that the program does not have, where that is the trouble; else nothing."""

    def is_read_only(self, book: xlwings.Book) -> bool: ...

    def is_unchanged(self, book: xlwings.Book) -> bool:
        """Whether the file on disk is what is open."""

    def save_copy(self, book: xlwings.Book, path: Path) -> None: ...

    def open_aside(self, app: xlwings.App, path: Path) -> xlwings.Book:
        """Another workbook, to take something over from, which staff need not see."""

    def copy_sheet(self, sheet: xlwings.Sheet, after: xlwings.Sheet) -> None:
        """A copy of a sheet of one workbook into another; which of its sheets is in front then is the program's."""

    def tabs(self, book: xlwings.Book) -> Mapping[str, xlwings.Sheet]:
        """The sheets by name, with as few calls as it takes."""

    def refers_to(self, names: Any, name: str) -> str:
        """What a defined name of the book's ``names`` stands for, "" where there is none."""

    def save(self, book: xlwings.Book) -> None: ...

    def outside_undo(self, book: xlwings.Book) -> AbstractContextManager[object]:
        """What is written meanwhile is nothing that the program's own undo knows, which is empty afterwards.

        It could not take back all of it, and what staff did before would come back over it.
        """

    def show_all_rows(self, sheet: xlwings.Sheet) -> None:
        """Take filters off: a write must reach hidden rows too."""

    def show_only(self, cells: xlwings.Range, column: int, values: Sequence[str], others: Sequence[str]) -> None:
        """Filter a list, whose cells these are, header and all, by its column (from 1): where that holds one of the values
        and none of the others that it may hold."""

    def is_filtered(self, sheet: xlwings.Sheet) -> bool:
        """Whether a filter is in force."""

    def hidden_rows(self, cells: xlwings.Range, rows: Collection[int]) -> set[int]:
        """Those of the rows that are hidden in these cells, whose first row, the header, is not."""

    def write_plainly(self, app: xlwings.App) -> Callable[[], object]:
        """Let the program add nothing to what is written from now on; the answer gives its own ways back."""

    def keeping_heights(self, cells: xlwings.Range) -> AbstractContextManager[object]:
        """What is written to these cells meanwhile leaves each row as high as it is, unless a text may take several lines."""

    def clear_links(self, cells: xlwings.Range) -> None: ...

    def left_footer(self, sheet: xlwings.Sheet) -> str:
        """The left part of a sheet's footer, with or without the signs for its type."""

    def right_footer(self, sheet: xlwings.Sheet) -> str:
        """The right part, likewise."""

    def put_right_footer(self, sheet: xlwings.Sheet, right: str) -> None:
        """Another right part, as ``house_look.footer_part`` makes it."""

    def unprotect(self, sheet: xlwings.Sheet) -> Any:
        """What ``protect`` needs to put the protection back, or None where there is none.

        Any exception but those of ``is_busy`` and ``is_gone`` says that it has a password.
        """

    def protect(self, sheet: xlwings.Sheet, how: Any) -> None: ...


class LibreOffice:
    """Through our engine; what it lacks is asked of UNO."""

    name = "LibreOffice"
    swift = False
    copies_open_state = True

    def is_busy(self, error: BaseException) -> bool:  # noqa: ARG002 - LibreOffice answers while a cell is edited
        return False

    def is_gone(self, error: BaseException) -> bool:
        from xlbangfu.book.libreoffice import GONE as gone

        return isinstance(error, gone) and "dispose" in f"{type(error).__name__} {error}".lower()

    def is_refusal(self, error: BaseException) -> bool:
        from xlbangfu.book.libreoffice.bridge import UnoException, UnoRuntimeException

        return isinstance(error, xlwings.XlwingsError | UnoException | UnoRuntimeException)

    def unanswered(self, error: BaseException) -> str:  # noqa: ARG002 - what our engine lacks says so itself
        return ""

    def is_read_only(self, book: xlwings.Book) -> bool:
        return bool(book.api.isReadonly())

    def is_unchanged(self, book: xlwings.Book) -> bool:
        return not book.api.isModified()

    def save_copy(self, book: xlwings.Book, path: Path) -> None:
        book.impl.save_copy(str(path))

    def open_aside(self, app: xlwings.App, path: Path) -> xlwings.Book:
        return xlwings.Book(impl=app.impl.books.open_aside(str(path)))

    def copy_sheet(self, sheet: xlwings.Sheet, after: xlwings.Sheet) -> None:
        sheet.impl.copy_behind(None, after.impl)

    def tabs(self, book: xlwings.Book) -> Mapping[str, xlwings.Sheet]:
        """All names in one call."""
        return {name: book.sheets[name] for name in book.api.getSheets().getElementNames()}

    def refers_to(self, names: Any, name: str) -> str:
        """Found once: to see whether it is there and to fetch it would be twice."""
        found = names.impl.find(name)
        return found.refers_to if found is not None else ""

    def save(self, book: xlwings.Book) -> None:
        book.save()

    @contextmanager
    def outside_undo(self, book: xlwings.Book) -> Iterator[None]:
        """It notes formats and tables that a program changes, and no values: half a step, a hundred times."""
        manager = book.api.getUndoManager()
        manager.lock()
        try:
            yield
        finally:
            manager.unlock()
            manager.clear()

    def show_all_rows(self, sheet: xlwings.Sheet) -> None:
        """LibreOffice writes to hidden rows like to others, but hidden they would stay, whatever they hold then."""
        for table in sheet.tables:
            table.impl.show_all()

    def show_only(self, cells: xlwings.Range, column: int, values: Sequence[str], others: Sequence[str]) -> None:  # noqa: ARG002 - the values are enough
        for table in cells.sheet.tables:
            if table.impl.range.block[:2] == cells.impl.block[:2]:
                table.impl.show_only(column, values)

    def is_filtered(self, sheet: xlwings.Sheet) -> bool:
        return any(table.impl.is_filtered for table in sheet.tables)

    def hidden_rows(self, cells: xlwings.Range, rows: Collection[int]) -> set[int]:
        areas = cells.api.queryVisibleCells().getRangeAddresses()
        return {*rows}.difference(*(range(area.StartRow + 1, area.EndRow + 2) for area in areas))

    def write_plainly(self, app: xlwings.App) -> Callable[[], object]:  # noqa: ARG002 - it adds nothing of its own
        return _nothing

    @contextmanager
    def keeping_heights(self, cells: xlwings.Range) -> Iterator[None]:
        """To measure all rows again takes it three times as long as to write them."""
        document = cells.sheet.book.api
        measures = document.IsAdjustHeightEnabled
        document.IsAdjustHeightEnabled = measures and not cells.impl.is_plain_type
        try:
            yield
        finally:
            document.IsAdjustHeightEnabled = measures

    def clear_links(self, cells: xlwings.Range) -> None:
        """A link is part of the cell's text here and goes with it."""

    def left_footer(self, sheet: xlwings.Sheet) -> str:
        from xlbangfu.book.libreoffice import page_footers

        return page_footers.left(sheet.book.api, sheet.api)

    def right_footer(self, sheet: xlwings.Sheet) -> str:
        from xlbangfu.book.libreoffice import page_footers

        return page_footers.right(sheet.book.api, sheet.api)

    def put_right_footer(self, sheet: xlwings.Sheet, right: str) -> None:
        from xlbangfu.book.libreoffice import page_footers

        page_footers.put_right(sheet.book.api, sheet.api, plain(right))

    def unprotect(self, sheet: xlwings.Sheet) -> Any:
        if not sheet.impl.protected:
            return None
        sheet.impl.unprotect("")
        return True

    def protect(self, sheet: xlwings.Sheet, how: Any) -> None:  # noqa: ARG002 - it has no options to keep
        sheet.impl.protect("")


class ExcelOnWindows:
    """Through COM."""

    name = "Excel"
    swift = True
    _helpful = ("AutoFillFormulasInLists", "AutoExpandListRange")
    copies_open_state = True
    _allowed = (
        "AllowFormattingCells",
        "AllowFormattingColumns",
        "AllowFormattingRows",
        "AllowInsertingColumns",
        "AllowInsertingRows",
        "AllowInsertingHyperlinks",
        "AllowDeletingColumns",
        "AllowDeletingRows",
        "AllowSorting",
        "AllowFiltering",
        "AllowUsingPivotTables",
    )

    def __init__(self) -> None:
        from xlwings import _xlwindows

        _xlwindows.N_COM_ATTEMPTS = ATTEMPTS
        error_values.teach(_xlwindows)

    def is_busy(self, error: BaseException) -> bool:
        return type(error).__name__ == "ExcelBusyError" or bool({*_codes(error)} & {*BUSY})

    def is_gone(self, error: BaseException) -> bool:
        return bool({*_codes(error)} & {*GONE})

    def is_refusal(self, error: BaseException) -> bool:
        return type(error).__name__ == "com_error" or isinstance(error, xlwings.XlwingsError)

    def unanswered(self, error: BaseException) -> str:
        """pywin32 names the member in an AttributeError, after which xlwings asks whether it is there at all."""
        link: BaseException | None = error
        while link is not None:
            found = _UNKNOWN.search(str(link)) if isinstance(link, AttributeError) else None
            if found:
                return found[1]
            link = link.__cause__ or link.__context__
        return ""

    def is_read_only(self, book: xlwings.Book) -> bool:
        return bool(book.api.ReadOnly)

    def is_unchanged(self, book: xlwings.Book) -> bool:
        return bool(book.api.Saved)

    def save_copy(self, book: xlwings.Book, path: Path) -> None:
        book.api.SaveCopyAs(str(path))

    def open_aside(self, app: xlwings.App, path: Path) -> xlwings.Book:
        return app.books.open(str(path))

    def copy_sheet(self, sheet: xlwings.Sheet, after: xlwings.Sheet) -> None:
        sheet.impl.copy(before=None, after=after.impl)

    def tabs(self, book: xlwings.Book) -> Mapping[str, xlwings.Sheet]:
        return {str(sheet.name): sheet for sheet in book.sheets}

    def refers_to(self, names: Any, name: str) -> str:
        """Asked for at once: to look first whether it is there is a call more."""
        found = ""

        def look() -> None:
            nonlocal found
            found = str(names.api.Item(name).RefersTo)

        self._try(look)
        return found

    def save(self, book: xlwings.Book) -> None:
        book.api.Save()

    def outside_undo(self, book: xlwings.Book) -> AbstractContextManager[object]:  # noqa: ARG002 - a macro empties Excel's undo
        return nullcontext()

    def show_all_rows(self, sheet: xlwings.Sheet) -> None:
        """Those of lists first: a sheet says that it is filtered where a list is, and can't take that filter off itself
        unless the active cell is in the list. One that stays all the same is told by the write that it stops."""
        for table in self._filtered_lists(sheet):
            self._try(table.AutoFilter.ShowAllData)
        if sheet.api.FilterMode:
            self._try(sheet.api.ShowAllData)

    def _filtered_lists(self, sheet: xlwings.Sheet) -> Iterator[Any]:
        return (table for table in sheet.api.ListObjects if table.ShowAutoFilter and table.AutoFilter.FilterMode)

    def show_only(self, cells: xlwings.Range, column: int, values: Sequence[str], others: Sequence[str]) -> None:  # noqa: ARG002 - the values are enough
        cells.api.AutoFilter(column, list(values), _FILTER_VALUES)

    def is_filtered(self, sheet: xlwings.Sheet) -> bool:
        return any(True for _ in self._filtered_lists(sheet)) or bool(sheet.api.FilterMode)

    def hidden_rows(self, cells: xlwings.Range, rows: Collection[int]) -> set[int]:
        """Excel refuses to look on a protected sheet, and where no column is in sight: then nothing is known of any row."""
        seen: set[int] = set()

        def look() -> None:
            for area in cells.api.SpecialCells(_VISIBLE).Areas:
                seen.update(range(area.Row, area.Row + area.Rows.Count))

        self._try(look)
        return {*rows} - seen if seen else set()

    def _try(self, call: Callable[[], object]) -> None:
        """A call whose refusal does not matter."""
        try:
            call()
        except Exception as error:  # each program has its own
            if self.is_busy(error) or self.is_gone(error) or not self.is_refusal(error):
                raise

    def write_plainly(self, app: xlwings.App) -> Callable[[], object]:
        """A list would grow over what is written below it, and fill a column with a formula written in one cell."""
        options = app.api.AutoCorrect
        was = {name: getattr(options, name) for name in self._helpful}
        for name, on in was.items():
            if on:
                setattr(options, name, False)

        def put_back() -> None:
            for name, on in was.items():
                if on:
                    setattr(options, name, True)

        return put_back

    keeping_heights = nullcontext  # it measures rows itself, in no time

    def clear_links(self, cells: xlwings.Range) -> None:
        cells.api.ClearHyperlinks()

    def left_footer(self, sheet: xlwings.Sheet) -> str:
        return str(sheet.api.PageSetup.LeftFooter)

    def right_footer(self, sheet: xlwings.Sheet) -> str:
        return str(sheet.api.PageSetup.RightFooter)

    def put_right_footer(self, sheet: xlwings.Sheet, right: str) -> None:
        """Excel asks the printer, and refuses where the computer has none: then the paper stays unsigned."""
        self._try(lambda: setattr(sheet.api.PageSetup, "RightFooter", right))

    def unprotect(self, sheet: xlwings.Sheet) -> Any:
        api = sheet.api
        if not (api.ProtectContents or api.ProtectDrawingObjects or api.ProtectScenarios):
            return None
        how = {name: bool(getattr(api.Protection, name)) for name in self._allowed}
        how |= {
            "DrawingObjects": bool(api.ProtectDrawingObjects),
            "Contents": bool(api.ProtectContents),
            "Scenarios": bool(api.ProtectScenarios),
        }
        api.Unprotect("")
        if api.ProtectContents:
            raise PermissionError(sheet.name)
        return how

    def protect(self, sheet: xlwings.Sheet, how: Any) -> None:
        sheet.api.Protect(**how)


class ExcelOnMac:
    """Through Apple events."""

    name = "Excel"
    swift = True
    copies_open_state = False

    def is_busy(self, error: BaseException) -> bool:
        return "-1712" in str(error) or "-10000" in str(error)  # timed out; handler failed, as while a cell is edited

    def is_gone(self, error: BaseException) -> bool:
        return "-600" in str(error) or "-609" in str(error)  # not running; connection is invalid

    def is_refusal(self, error: BaseException) -> bool:
        return type(error).__name__ == "CommandError" or isinstance(error, xlwings.XlwingsError)

    def unanswered(self, error: BaseException) -> str:  # noqa: ARG002 - Excel has all that is asked
        return ""

    def is_read_only(self, book: xlwings.Book) -> bool:
        return bool(book.api.read_only.get())

    def is_unchanged(self, book: xlwings.Book) -> bool:
        return bool(book.api.saved.get())

    def save_copy(self, book: xlwings.Book, path: Path) -> None:
        """Apple events know no copy of an open workbook, so the file is copied as it was last saved."""
        path.write_bytes(Path(book.fullname).read_bytes())

    def open_aside(self, app: xlwings.App, path: Path) -> xlwings.Book:
        return app.books.open(str(path))

    def copy_sheet(self, sheet: xlwings.Sheet, after: xlwings.Sheet) -> None:
        sheet.impl.copy(before=None, after=after.impl)

    def tabs(self, book: xlwings.Book) -> Mapping[str, xlwings.Sheet]:
        return {str(sheet.name): sheet for sheet in book.sheets}

    def refers_to(self, names: Any, name: str) -> str:
        return str(names[name].refers_to) if name in names else ""

    def save(self, book: xlwings.Book) -> None:
        book.save()

    def outside_undo(self, book: xlwings.Book) -> AbstractContextManager[object]:  # noqa: ARG002 - a macro empties Excel's undo
        return nullcontext()

    def show_all_rows(self, sheet: xlwings.Sheet) -> None:
        if sheet.api.filter_mode.get():
            sheet.api.show_all_data()

    def show_only(self, cells: xlwings.Range, column: int, values: Sequence[str], others: Sequence[str]) -> None:
        """One condition: what is seen, or what is not, is of one kind on every sheet (a test says so)."""
        wanted = values[0] if len(values) == 1 else f"<>{others[0]}"
        cells.api.autofilter_range(field=column, criteria1=wanted)

    def is_filtered(self, sheet: xlwings.Sheet) -> bool:
        return bool(sheet.api.filter_mode.get())

    def hidden_rows(self, cells: xlwings.Range, rows: Collection[int]) -> set[int]:
        """An event for each row, so that only a filtered sheet is asked."""
        if not self.is_filtered(cells.sheet):
            return set()
        return {row for row in rows if cells.sheet.range(f"{row}:{row}").api.hidden.get()}

    def write_plainly(self, app: xlwings.App) -> Callable[[], object]:  # noqa: ARG002 - Apple events do not reach these options
        return _nothing

    keeping_heights = nullcontext  # as on Windows

    def clear_links(self, cells: xlwings.Range) -> None:
        cells.api.hyperlinks.delete()

    def left_footer(self, sheet: xlwings.Sheet) -> str:
        return str(sheet.api.page_setup_object.left_footer.get())

    def right_footer(self, sheet: xlwings.Sheet) -> str:
        return str(sheet.api.page_setup_object.right_footer.get())

    def put_right_footer(self, sheet: xlwings.Sheet, right: str) -> None:
        sheet.api.page_setup_object.right_footer.set(right)

    def unprotect(self, sheet: xlwings.Sheet) -> Any:
        if not sheet.api.protect_contents.get():
            return None
        sheet.api.unprotect()
        if sheet.api.protect_contents.get():
            raise PermissionError(sheet.name)
        return True

    def protect(self, sheet: xlwings.Sheet, how: Any) -> None:  # noqa: ARG002 - Apple events do not tell the options
        sheet.api.protect_worksheet()


def host_of(book: xlwings.Book) -> Host:
    """The program that has the book open."""
    if book.app.engine.name == "libreoffice":
        return LibreOffice()
    return ExcelOnMac() if sys.platform == "darwin" else ExcelOnWindows()


def _nothing() -> None:
    """What is to be put back where nothing was changed."""


def _codes(error: BaseException) -> list[Any]:
    """The error numbers of a COM error, its inner one too."""
    found: list[Any] = []
    for part in getattr(error, "args", ()):
        found += [*part] if isinstance(part, tuple) else [part]
    return [part for part in found if isinstance(part, int)]
