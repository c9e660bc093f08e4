"""Tables (Excel's ListObjects): LibreOffice knows them as database ranges, without a style."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from xlbangfu.book.libreoffice import row_filters
from xlbangfu.book.libreoffice.bridge import UnoException, UnoRuntimeException
from xlbangfu.book.libreoffice.lacking import OfficeError, lacking, says_what_it_lacks
from xlbangfu.book.light_xlwings import base_classes

if TYPE_CHECKING:
    from xlbangfu.book.libreoffice.ranges import Range
    from xlbangfu.book.libreoffice.sheet_objects import Sheet

_DEFAULT_STYLE = "TableStyleMedium2"


@says_what_it_lacks
class Tables(base_classes.Tables):
    """The tables of one sheet."""

    def __init__(self, sheet: "Sheet") -> None:
        self._sheet = sheet

    @property
    def api(self) -> Any:
        return self._sheet.book.xl.DatabaseRanges

    def __iter__(self) -> "Iterator[Table]":
        """From the top down, since LibreOffice does not keep the order in which they were made."""
        here = self._sheet.index - 1
        found = [(candidate.getDataArea(), candidate) for candidate in self._handles()]
        on_sheet = [(area.StartRow, area.StartColumn, candidate) for area, candidate in found if area.Sheet == here]
        for _, _, table in sorted(on_sheet, key=lambda place: place[:2]):
            yield Table(self._sheet, table)

    def _handles(self) -> list[Any]:
        """The database ranges of the whole book."""
        ranges, known = self.api, self._sheet.book.table_handles
        names = ranges.getElementNames()
        known.update({name: ranges.getByName(name) for name in names if name not in known})
        return [known[name] for name in names]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, name_or_index: str | int) -> "Table":
        found = self.find(name_or_index) if isinstance(name_or_index, str) else None
        if isinstance(name_or_index, int):
            found = next((table for number, table in enumerate(self, 1) if number == name_or_index), None)
        if found is None:
            raise KeyError(name_or_index)
        return found

    def __contains__(self, name: str) -> bool:
        return self.find(name) is not None

    def find(self, name: str) -> "Table | None":
        return next((table for table in self if table.name.lower() == name.lower()), None)

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool | None = None,
        destination: Any = None,
        table_style_name: str | None = None,
        name: str | None = None,
    ) -> "Table":
        if any(value is not None for value in (source_type, link_source, destination)):
            raise lacking("A table with an outside source")
        if has_headers is False or table_style_name not in (None, _DEFAULT_STYLE):
            raise lacking("A table without headers or with a style of its own")
        if source.impl.shape[0] == 1:
            raise lacking("A table that has no row yet")
        name = name or self._new_name()
        try:
            self.api.addNewByName(name, source.impl.xl.getRangeAddress())
        except (UnoException, UnoRuntimeException) as error:
            raise OfficeError(f"{name!r} can't be a table's name here.") from error
        table = self(name)
        table.show_autofilter = True
        return table

    def _new_name(self) -> str:
        names = {name.lower() for name in self.api.getElementNames()}
        number = 1
        while f"table{number}" in names:
            number += 1
        return f"Table{number}"


@says_what_it_lacks
class Table(base_classes.Table):
    """One table. `api` is its UNO database range."""

    def __init__(self, sheet: "Sheet", xl: Any) -> None:
        self._sheet = sheet
        self.xl = xl

    @property
    def parent(self) -> "Sheet":
        return self._sheet

    @property
    def api(self) -> Any:
        return self.xl

    @property
    def name(self) -> str:
        return str(self.xl.getName())

    @name.setter
    def name(self, value: str) -> None:
        self._sheet.book.table_handles.clear()
        self.xl.setName(value)

    @property
    def display_name(self) -> str:
        return self.name

    @display_name.setter
    def display_name(self, value: str) -> None:
        self.name = value

    @property
    def range(self) -> "Range":
        return self.parent.at(self.xl.getDataArea())

    @property
    def header_row_range(self) -> "Range | None":
        row, column, _, columns = self.range.block
        return self.parent.range((row, column, 1, columns)) if self.show_headers else None

    @property
    def totals_row_range(self) -> "Range | None":
        row, column, rows, columns = self.range.block
        return self.parent.range((row + rows - 1, column, 1, columns)) if self.show_totals else None

    @property
    def data_body_range(self) -> "Range | None":
        row, column, rows, columns = self.range.block
        body = rows - self.show_headers - self.show_totals
        return self.parent.range((row + self.show_headers, column, body, columns)) if body else None

    @property
    def show_headers(self) -> bool:
        return bool(self.xl.ContainsHeader)

    @show_headers.setter
    def show_headers(self, _value: bool) -> None:
        raise lacking("Adding or taking away the header row of a table")

    @property
    def show_totals(self) -> bool:
        return bool(self.xl.TotalsRow)

    @show_totals.setter
    def show_totals(self, _value: bool) -> None:
        raise lacking("Adding or taking away the totals row of a table")

    @property
    def show_autofilter(self) -> bool:
        return bool(self.xl.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        self.xl.AutoFilter = bool(value)

    @property
    def is_filtered(self) -> bool:
        return row_filters.is_on(self.xl)

    def show_only(self, column: int, values: Sequence[str]) -> None:
        """The records whose cell in a column (from 1) is one of the texts; xlwings itself has no word for it."""
        row_filters.show_only(self.xl, column, values)

    def show_all(self) -> None:
        if self.is_filtered:
            row_filters.show_all(self.xl, self.range.xl)

    def resize(self, range: Any) -> None:
        """The header stays in its row."""
        self.xl.setDataArea(range.impl.xl.getRangeAddress())

    @property
    def columns(self) -> "TableColumns":
        return TableColumns(self)


@says_what_it_lacks
class TableColumns(base_classes.TableColumns):
    def __init__(self, table: Table) -> None:
        self._table = table

    @property
    def parent(self) -> Table:
        return self._table

    @property
    def api(self) -> Any:
        return self.parent.api

    def __len__(self) -> int:
        return int(self.parent.range.shape[1])

    def __iter__(self) -> "Iterator[TableColumn]":
        header = self.parent.header_row_range
        if header is None:
            raise lacking("The columns of a table without headers")
        for number, name in enumerate(header.rows_of_values()[0], 1):
            yield TableColumn(self.parent, number, str(name))

    def __call__(self, key: str | int) -> "TableColumn":
        for column in self:
            if key in (column.name, column.index):
                return column
        raise KeyError(key)

    def __contains__(self, key: str | int) -> bool:
        return any(key in (column.name, column.index) for column in self)


@says_what_it_lacks
class TableColumn(base_classes.TableColumn):
    def __init__(self, table: Table, index: int, name: str) -> None:
        self._table = table
        self._index = index
        self._name = name

    @property
    def index(self) -> int:
        return self._index

    @property
    def name(self) -> str:
        return self._name

    @property
    def range(self) -> "Range":
        return self._within(self._table.range)

    @property
    def data_body_range(self) -> "Range | None":
        body = self._table.data_body_range
        return self._within(body) if body is not None else None

    def _within(self, cells: "Range") -> "Range":
        row, column, rows, _ = cells.block
        return self._table.parent.range((row, column + self.index - 1, rows, 1))
