"""Filters of tables, which here are filters of database ranges."""

from collections.abc import Sequence
from typing import Any

from xlbangfu.book.libreoffice.bridge import uno

_FIELD = "com.sun.star.sheet.TableFilterField2"


def is_on(table: Any) -> bool:
    return len(table.getFilterDescriptor().getFilterFields2()) > 0


def show_only(table: Any, column: int, values: Sequence[str]) -> None:
    """The rows whose cell in a column (from 1) is one of the texts."""
    _put(table, tuple(_field(column - 1, value, first=place == 0) for place, value in enumerate(values)))


def show_all(table: Any, cells: Any) -> None:
    """``cells`` are the table's: rows that a filter hid stay hidden when its fields are gone."""
    _put(table, ())
    cells.getRows().IsVisible = True


def _put(table: Any, fields: tuple[Any, ...]) -> None:
    descriptor = table.getFilterDescriptor()
    descriptor.ContainsHeader = True
    descriptor.setFilterFields2(fields)
    table.refresh()


def _field(place: int, value: str, *, first: bool) -> Any:
    field = uno.createUnoStruct(_FIELD)
    field.Connection = uno.Enum("com.sun.star.sheet.FilterConnection", "AND" if first else "OR")
    field.Operator = uno.getConstantByName("com.sun.star.sheet.FilterOperator2.EQUAL")
    field.Field, field.IsNumeric, field.StringValue = place, False, value
    return field
