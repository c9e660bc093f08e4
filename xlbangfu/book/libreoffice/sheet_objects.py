"""Sheets of a book."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice import a1_notation
from xlbangfu.book.libreoffice.bridge import IllegalArgument, UnoException, UnoRuntimeException
from xlbangfu.book.libreoffice.cell_areas import FetchedCells, block_of
from xlbangfu.book.libreoffice.defined_names import Names
from xlbangfu.book.libreoffice.formulas import unquoted
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking, says_what_it_lacks
from xlbangfu.book.libreoffice.notes import Note
from xlbangfu.book.libreoffice.ranges import Range
from xlbangfu.book.libreoffice.table_objects import Tables
from xlbangfu.book.light_xlwings import base_classes

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.books import Book

_LONGEST_NAME = 31


@says_what_it_lacks
class Sheets(base_classes.Sheets):
    def __init__(self, book: "Book") -> None:
        self._book = book

    @property
    def api(self) -> Any:
        return self._book.sheet_container

    @property
    def active(self) -> "Sheet":
        return Sheet(self._book, self._book.controller.getActiveSheet())

    def __call__(self, name_or_index: str | int) -> "Sheet":
        if isinstance(name_or_index, str):
            name = self._spelling(name_or_index)
            if name is None:
                raise KeyError(name_or_index)
            return Sheet(self._book, self.handle(name))
        if not 1 <= name_or_index <= len(self):
            raise KeyError(name_or_index)
        return Sheet(self._book, self.api.getByIndex(name_or_index - 1))

    def __contains__(self, name_or_index: str | int) -> bool:
        if isinstance(name_or_index, str):
            return self._spelling(name_or_index) is not None
        return 1 <= name_or_index <= len(self)

    def __len__(self) -> int:
        return int(self.api.getCount())

    def __iter__(self) -> "Iterator[Sheet]":
        for name in self.api.getElementNames():
            yield Sheet(self._book, self.handle(name))

    def handle(self, name: str) -> Any:
        """The UNO sheet of that name: to fetch it takes ten times as long as to see that one fetched before is it."""
        handles = self._book.sheet_handles
        if name not in handles or not _is_called(handles[name], name):
            handles[name] = self.api.getByName(name)
        return handles[name]

    def add(self, before: "Sheet | None" = None, after: "Sheet | None" = None, name: str | None = None) -> "Sheet":
        """A new sheet becomes the active one; by default it comes before the one that was."""
        position = after.index if after is not None else (before or self.active).index - 1
        name = name or self._new_name()
        self.insert(name, position)
        sheet = self(name)
        sheet.activate()
        return sheet

    def insert(self, name: str, position: int) -> None:
        self._book.sheet_handles.clear()
        try:
            self.api.insertNewByName(name, position)
        except UnoRuntimeException as error:
            raise OfficeError(f"{name!r} can't be added as a sheet.") from error

    def copy_name(self, name: str) -> str:
        """What Excel calls a copy: Sheet1 (2)."""
        number = 2
        while (made := f"{name[: _LONGEST_NAME - len(f' ({number})')]} ({number})") in self:
            number += 1
        return made

    def _new_name(self) -> str:
        number = len(self) + 1
        while f"Sheet{number}" in self:
            number += 1
        return f"Sheet{number}"

    def _spelling(self, name: str) -> str | None:
        names: tuple[str, ...] = self.api.getElementNames()
        return name if name in names else next((known for known in names if known.lower() == name.lower()), None)


@contextmanager
def _macros_apart(book: "Book") -> "Iterator[None]":
    """LibreOffice 7.4 looks for the macros of a sheet that comes into a workbook with macros, and falls over where it has none."""
    libraries = book.xl.BasicLibraries
    was = libraries.VBACompatibilityMode
    libraries.VBACompatibilityMode = False
    try:
        yield
    finally:
        libraries.VBACompatibilityMode = was


@says_what_it_lacks
class Sheet(base_classes.Sheet):
    """One sheet. `api` is its UNO spreadsheet."""

    def __init__(self, book: "Book", xl: Any) -> None:
        self._book = book
        self.xl = xl

    @property
    def book(self) -> "Book":
        return self._book

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.getName())

    @name.setter
    def name(self, value: str) -> None:
        try:
            self.xl.setName(value)
        except UnoRuntimeException as error:
            raise OfficeError(f"{value!r} can't be a sheet's name here.") from error

    @property
    def names(self) -> Names:
        return Names(self.book, self)

    @property
    def tables(self) -> Tables:
        return Tables(self)

    @property
    def notes(self) -> list[Note]:
        notes = self.xl.getAnnotations()
        positions = (notes.getByIndex(index).getPosition() for index in range(notes.getCount()))
        return [Note(Range(self, (at.Row + 1, at.Column + 1, 1, 1))) for at in positions]

    @property
    def index(self) -> int:
        return int(self.xl.getRangeAddress().Sheet) + 1

    def range(self, first: Any, last: Any = None) -> Range:
        """A range from an address, a name, a (row, column), a (row, column, rows, columns), or two corners."""
        if isinstance(first, int | float) and isinstance(last, int | float):
            first, last = (int(first), int(last)), None
        block = self._block(first)
        if last is not None:
            block = a1_notation.around(block, self._block(last))
        return Range(self, block)

    def _block(self, what: Any) -> a1_notation.Block:
        if isinstance(what, Range):
            return what.block
        if isinstance(what, tuple):
            block = what if len(what) == 4 else (*what, 1, 1)
            if 0 in block[:2]:
                raise IndexError("Rows and columns are counted from 1.")
            if not a1_notation.fits(block):
                raise OfficeError(f"There is no range {block} on a sheet.")
            return block
        found = a1_notation.parse(what)
        return found or self._named(what)

    def _named(self, text: str) -> a1_notation.Block:
        sheet, mark, rest = text.rpartition("!")
        if mark and a1_notation.parse(rest):
            if unquoted(sheet).lower() != self.name.lower():
                raise OfficeError(f"{text} is not on the sheet {self.name}.")
            return self._block(rest)
        name = self.names.find(text) or self.book.names.find(text)
        address = name.address if name else None
        if address is None and (table := self.tables.find(text)) is not None:
            body = table.data_body_range
            if body is not None:
                return body.block
        if address is None:
            if "," in text or "[" in text:
                raise lacking(f"The range {text}")
            raise OfficeError(f"{text!r} is neither an address nor a name on the sheet {self.name}.")
        if address.Sheet + 1 != self.index:
            raise OfficeError(f"The name {text} refers to another sheet than {self.name}.")
        return self.at(address).block

    def at(self, address: Any) -> Range:
        """The range of a UNO cell range address."""
        return Range(self, block_of(address))

    @property
    def cells(self) -> Range:
        return Range(self, (1, 1, a1_notation.ROWS, a1_notation.COLUMNS))

    @property
    def used_range(self) -> Range:
        cursor = self.xl.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        used = self.at(cursor.getRangeAddress())
        self.book.latest_cells = FetchedCells(self.xl, used.block, cursor)
        return used

    def activate(self) -> None:
        if not self.visible:
            raise OfficeError(f"The sheet {self.name} is hidden; show it before it is activated.")
        self.book.controller.setActiveSheet(self.xl)

    select = activate

    @property
    def visible(self) -> bool:
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        if not value and self.visible and sum(sheet.visible for sheet in self.book.sheets) == 1:
            raise OfficeError("The last visible sheet can't be hidden.")
        self.xl.IsVisible = bool(value)

    def clear(self) -> None:
        self.cells.clear()

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        self.cells.clear_formats()

    def autofit(self, axis: str | None = None) -> None:
        used = self.used_range
        used.autofit(axis)

    def delete(self) -> None:
        if self.visible and sum(sheet.visible for sheet in self.book.sheets) == 1:
            raise OfficeError("The last visible sheet can't be deleted.")
        self.book.sheet_handles.clear()
        self.book.sheets.api.removeByName(self.name)

    def copy(self, before: "Sheet | None", after: "Sheet | None") -> None:
        """The copy becomes the active sheet."""
        self.copy_behind(before, after).activate()

    def copy_behind(self, before: "Sheet | None", after: "Sheet | None") -> "Sheet":
        """A copy, the active sheet staying what it is; xlwings itself has no word for it.

        LibreOffice 7.4 falls over where a sheet with form buttons comes to the front and goes again before it has drawn them.
        """
        target = before or after
        if target is None:
            raise lacking("Copying a sheet into a new book")
        position = target.index - 1 if before else target.index
        sheets = target.book.sheets
        name = self.name if self.name not in sheets else sheets.copy_name(self.name)
        if target.book.xl == self.book.xl:
            sheets.api.copyByName(self.name, name, position)
        else:
            with _macros_apart(target.book):
                imported = sheets.api.importSheet(self.book.xl, self.name, position)
            sheets.api.getByIndex(imported).setName(name)
        return sheets(name)

    def move(self, before: "Sheet | None", after: "Sheet | None") -> None:
        target = before or after
        if target is None:
            raise lacking("Moving a sheet into a new book")
        self.book.sheets.api.moveByName(self.name, target.index - 1 if before else target.index)

    @property
    def protected(self) -> bool:
        return bool(self.xl.isProtected())

    def protect(self, password: str = "") -> None:
        self.xl.protect(password)

    def unprotect(self, password: str = "") -> None:
        try:
            self.xl.unprotect(password)
        except (IllegalArgument, UnoException) as error:
            raise OfficeError(f"The password of the sheet {self.name} is another.") from error


def _is_called(sheet: Any, name: str) -> bool:
    try:
        return bool(sheet.getName() == name)
    except (UnoException, UnoRuntimeException):
        return False
