"""Books: the spreadsheets that are open in one LibreOffice."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice.bridge import UnoException, file_path, file_url, properties, property_sequence, struct
from xlbangfu.book.libreoffice.cell_areas import FetchedCells
from xlbangfu.book.libreoffice.defined_names import Names
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking, says_what_it_lacks
from xlbangfu.book.libreoffice.number_formats import NumberFormats
from xlbangfu.book.libreoffice.ranges import Range
from xlbangfu.book.libreoffice.sheet_objects import Sheet, Sheets
from xlbangfu.book.light_xlwings import base_classes

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.apps import App

_SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
_FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".xlt": "MS Excel 97 Vorlage/Template",
    ".ods": "calc8",
}
_AS_CONFIGURED_WITHOUT_ASKING = 7  # MacroExecMode.USE_CONFIG_REJECT_CONFIRMATION
_WITHOUT_MACROS = 0  # MacroExecMode.NEVER_EXECUTE
_PDF_QUALITY = {"standard": 90, "minimum": 50}
_MM100_PER_POINT = 2540 / 72
_FONT_UNITS = 1000


@says_what_it_lacks
class Books(base_classes.Books):
    def __init__(self, app: "App") -> None:
        self.app = app

    @property
    def api(self) -> Any:
        return self.app.xl.getComponents()

    def __iter__(self) -> "Iterator[Book]":
        """In the order in which they were opened."""
        components, documents = self.api.createEnumeration(), []
        while components.hasMoreElements():
            component = components.nextElement()
            if _is_spreadsheet(component):
                documents.append(component)
        documents.sort(key=lambda document: int(document.RuntimeUID))
        return (Book(self.app, document) for document in documents)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, name_or_index: str | int) -> "Book":
        for number, book in enumerate(self, 1):
            if number == name_or_index or book.name.lower() == str(name_or_index).lower():
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name_or_index: str | int) -> bool:
        try:
            self(name_or_index)
        except KeyError:
            return False
        return True

    @property
    def active(self) -> "Book":
        component = self.app.xl.getCurrentComponent()
        if component is not None and _is_spreadsheet(component):
            return Book(self.app, component)
        books = list(self)
        if not books:
            raise OfficeError("No workbook is open.")
        return books[-1]

    def add(self) -> "Book":
        return self._load("private:factory/scalc", {})

    def open(
        self,
        fullname: str,
        update_links: bool | None = None,
        read_only: bool | None = None,
        format: Any = None,
        password: str | None = None,
        *others: Any,
        **more: Any,
    ) -> "Book":
        if update_links or format is not None or any(value is not None for value in (*others, *more.values())):
            raise lacking("Opening a book with other options than read_only and password")
        options = {"ReadOnly": read_only, "Password": password, "MacroExecutionMode": _AS_CONFIGURED_WITHOUT_ASKING}
        return self._load(file_url(fullname), options)

    def open_aside(self, fullname: str) -> "Book":
        """A book without a window, behind those that are in front; xlwings itself has no word for it.

        LibreOffice 7.4 may fall over where a window that is still drawing its charts is closed.
        """
        options = {"Hidden": True, "MacroExecutionMode": _WITHOUT_MACROS}
        return Book(self.app, self._loaded(file_url(fullname), options))

    def _load(self, url: str, options: dict[str, Any]) -> "Book":
        hidden = None if self.app.shows_new_books else True
        book = Book(self.app, self._loaded(url, {**options, "Hidden": hidden}))
        book.frame.activate()
        return book

    def _loaded(self, url: str, options: dict[str, Any]) -> Any:
        try:
            document = self.app.xl.loadComponentFromURL(url, "_blank", 0, properties(options))
        except UnoException as error:
            raise OfficeError(f"LibreOffice can't open {url}: {error}") from error
        if document is None or not _is_spreadsheet(document):
            raise OfficeError(f"LibreOffice can't open {url}: it is no workbook, or someone else has it open.")
        if self.app.manual_calculation is not None:
            document.enableAutomaticCalculation(not self.app.manual_calculation)
        return document


@says_what_it_lacks
class Book(base_classes.Book):
    """One open spreadsheet. `api` is its UNO document model."""

    def __init__(self, app: "App", document: Any) -> None:
        self._app = app
        self.xl = document
        self.latest_cells: FetchedCells | None = None

    @property
    def app(self) -> "App":
        return self._app

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def controller(self) -> Any:
        return self.xl.getCurrentController()

    @property
    def frame(self) -> Any:
        return self.controller.getFrame()

    @property
    def window(self) -> Any:
        return self.frame.getContainerWindow()

    @cached_property
    def sheet_container(self) -> Any:
        """It always knows the sheets as they are."""
        return self.xl.getSheets()

    @cached_property
    def name_container(self) -> Any:
        """It always knows the names as they are."""
        return self.xl.NamedRanges

    @cached_property
    def sheet_handles(self) -> dict[str, Any]:
        """UNO sheets fetched before, by the name that they had then (see ``Sheets.handle``)."""
        return {}

    @cached_property
    def table_handles(self) -> dict[str, Any]:
        """UNO database ranges fetched before. LibreOffice itself finds the range of one by its name, each time."""
        return {}

    @cached_property
    def formats(self) -> NumberFormats:
        return NumberFormats(self.xl)

    @cached_property
    def epoch(self) -> datetime:
        """The day that the document counts dates from."""
        null = self.xl.NullDate
        return datetime(null.Year, null.Month, null.Day)

    @cached_property
    def digit_width(self) -> float:
        """The width of a digit of the default font, in 1/100 mm: what LibreOffice takes a column width's unit for."""
        style = self.xl.getStyleFamilies().getByName("CellStyles").getByName("Default")
        font = struct("awt.FontDescriptor", Name=style.CharFontName, Height=_FONT_UNITS)
        device = self.window.getFont(font)
        widest = max(device.getCharWidth(digit) for digit in "0123456789")
        return float(widest / _FONT_UNITS * style.CharHeight * _MM100_PER_POINT)

    @property
    def name(self) -> str:
        return Path(self.fullname).name

    @property
    def fullname(self) -> str:
        """The path, or the title of a book that was never saved."""
        location = self.xl.getURL()
        return file_path(location) if location else str(self.xl.getTitle())

    def lock_file(self) -> Path | None:
        """Where LibreOffice notes that it has the file open."""
        return _lock_of(Path(self.fullname)) if self.xl.hasLocation() and not self.xl.isReadonly() else None

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    def range_at(self, address: Any) -> Range:
        """The range of a UNO cell range address."""
        sheet = Sheet(self, self.xl.getSheets().getByIndex(address.Sheet))
        return sheet.at(address)

    def activate(self) -> None:
        self.app.activate()
        self.frame.activate()
        if self.window.isVisible():
            self.window.toFront()

    def close(self) -> None:
        """Close without saving."""
        self.app.book_closed(self)
        self.xl.setModified(False)
        self.xl.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if path is None and self.xl.hasLocation():
            self._store(self.xl.store)
            return
        target = Path(path if path is not None else self.name + ".xlsx").resolve()
        self._store(self.xl.storeAsURL, file_url(str(target)), _how_to_store(target, password))

    def save_copy(self, path: str) -> None:
        """Write a copy; the open book keeps its own name."""
        target = Path(path).resolve()
        self._store(self.xl.storeToURL, file_url(str(target)), _how_to_store(target, None))

    def to_pdf(self, path: str, quality: str) -> None:
        self.export_pdf(path, quality)

    def export_pdf(self, path: str, quality: str, selection: Any = None) -> None:
        options = {"Quality": _PDF_QUALITY[quality], "Selection": selection}
        how = {"FilterName": "calc_pdf_Export", "FilterData": property_sequence(options)}
        self._store(self.xl.storeToURL, file_url(str(Path(path).resolve())), properties(how))

    def _store(self, store: Any, *arguments: Any) -> None:
        try:
            store(*arguments)
        except UnoException as error:
            raise OfficeError(f"LibreOffice can't write {arguments[0] if arguments else self.fullname}.") from error


def _lock_of(path: Path) -> Path:
    return path.with_name(f".~lock.{path.name}#")


def _is_spreadsheet(component: Any) -> bool:
    return hasattr(component, "supportsService") and bool(component.supportsService(_SPREADSHEET))


def _how_to_store(target: Path, password: str | None) -> tuple[Any, ...]:
    name = _FILTERS.get(target.suffix.lower())
    if name is None:
        raise lacking(f"Saving as {target.suffix or target.name}")
    return properties({"FilterName": name, "Password": password})
