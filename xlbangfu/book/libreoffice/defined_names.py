"""Defined names, of the book and of single sheets. A sheet's own name is spelt Sheet1!name, as in Excel."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice.bridge import UnoException, UnoRuntimeException, struct
from xlbangfu.book.libreoffice.formulas import quoted, to_excel, to_office, unquoted
from xlbangfu.book.libreoffice.lacking import OfficeError, says_what_it_lacks
from xlbangfu.book.light_xlwings import base_classes

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.books import Book
    from xlbangfu.book.libreoffice.ranges import Range
    from xlbangfu.book.libreoffice.sheet_objects import Sheet


@says_what_it_lacks
class Names(base_classes.Names):
    """The names of a book (its sheets' own among them), or those of one sheet."""

    def __init__(self, book: "Book", sheet: "Sheet | None" = None) -> None:
        self._book = book
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._ranges(self._sheet)

    def _ranges(self, sheet: "Sheet | None") -> Any:
        return sheet.xl.NamedRanges if sheet else self._book.name_container

    def __iter__(self) -> "Iterator[Name]":
        if self._sheet is None:
            yield from self._of(self.api, None)
        for sheet in self._book.sheets if self._sheet is None else (self._sheet,):
            yield from self._of(self._ranges(sheet), sheet)

    def _of(self, named_ranges: Any, sheet: "Sheet | None") -> "Iterator[Name]":
        for name in named_ranges.getElementNames():
            yield Name(self._book, named_ranges, name, sheet)

    def snapshot(self) -> "list[tuple[str, Name]]":
        return [(name.name, name) for name in self]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, name_or_index: str | int) -> "Name":
        if isinstance(name_or_index, int):
            return list(self)[name_or_index - 1]
        found = self.find(name_or_index)
        if found is None:
            raise KeyError(name_or_index)
        return found

    def contains(self, name_or_index: str | int) -> bool:
        if isinstance(name_or_index, int):
            return 1 <= name_or_index <= len(self)
        return self.find(name_or_index) is not None

    def find(self, name: str) -> "Name | None":
        """A name as spelt, or without its sheet where only one has it."""
        sheet, local = self._scope(name)
        ranges = self._ranges(sheet)
        for spelling in ranges.getElementNames():
            if spelling.lower() == local.lower():
                return Name(self._book, ranges, spelling, sheet)
        return None

    def add(self, name: str, refers_to: str) -> "Name":
        sheet, local = self._scope(name)
        ranges = self._ranges(sheet)
        if existing := self.find(name):
            existing.delete()
        origin = struct("table.CellAddress", Sheet=sheet.index - 1 if sheet else 0)
        try:
            ranges.addNewByName(local, _content(refers_to), origin, 0)
        except (UnoException, UnoRuntimeException) as error:
            raise OfficeError(f"{local!r} can't be a name.") from error
        return Name(self._book, ranges, local, sheet)

    def _scope(self, name: str) -> "tuple[Sheet | None, str]":
        scope, mark, local = name.rpartition("!")
        return (self._book.sheets(unquoted(scope)) if mark else self._sheet), local


@says_what_it_lacks
class Name(base_classes.Name):
    """One name. LibreOffice itself finds what it stands for by its spelling, each time, so it is fetched when needed."""

    def __init__(self, book: "Book", owner: Any, spelling: str, sheet: "Sheet | None") -> None:
        self._book = book
        self._owner = owner
        self._spelling = spelling
        self._sheet = sheet

    @cached_property
    def xl(self) -> Any:
        return self._owner.getByName(self._spelling)

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return f"{quoted(self._sheet.name)}!{self._spelling}" if self._sheet else self._spelling

    @name.setter
    def name(self, value: str) -> None:
        self.xl.setName(value.rpartition("!")[2])
        self._spelling = str(self.xl.getName())

    @property
    def refers_to(self) -> str:
        return to_excel("=" + self.xl.getContent())

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.xl.setContent(_content(value))

    @property
    def refers_to_range(self) -> "Range":
        address = self.address
        if address is None:
            raise OfficeError(f"The name {self.name} refers to no range.")
        return self._book.range_at(address)

    @property
    def address(self) -> Any:
        """The UNO address that the name stands for, or None."""
        cells = self.xl.getReferredCells()
        return cells.getRangeAddress() if cells is not None else None

    def delete(self) -> None:
        self._owner.removeByName(self._spelling)


def _content(refers_to: str) -> str:
    """Without an equals sign it is a text, as in Excel."""
    if not refers_to.startswith("="):
        return '"' + refers_to.replace('"', '""') + '"'
    return to_office(refers_to)[1:]
