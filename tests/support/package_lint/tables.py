"""Excel tables: ids, names, columns that agree with the cells above them, ranges that touch nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tests.support.package_lint.container import repeated
from tests.support.package_lint.opened_package import (
    MAIN,
    RELATION_ID,
    OpenedPackage,
    Sheet,
    column_number,
    corners,
    overlap,
    relations_path,
)
from tests.support.package_lint.styles import StyleCounts
from tests.support.package_lint.workbook_part import is_name

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
Place = tuple[int, int, int, int]


class OfSheet(NamedTuple):
    """The ids and names of the tables of one sheet, and their faults."""

    ids: list[str]
    names: list[str]
    faults: list[str]


_KNOWN: dict[tuple[object, ...], OfSheet] = {}  # by the digests of all that is read for it


def table_faults(package: OpenedPackage, counts: StyleCounts) -> list[str]:
    found, ids, names = [], [], []
    for sheet in package.worksheets:
        one = _of_sheet(package, sheet, counts)
        ids += one.ids
        names += one.names
        found += [f"{sheet.name}: {fault}" for fault in one.faults]
    defined = [one.get("name", "") for one in package.workbook.iterfind(f"{MAIN}definedNames/{MAIN}definedName")]
    found += [f"two tables have the id {one}" for one in repeated(ids)]
    found += [f"two tables or names are called {one}" for one in repeated([*names, *set(defined)])]
    return [*found, *(f"a table is called {name}" for name in names if not is_name(name))]


def _of_sheet(package: OpenedPackage, sheet: Sheet, counts: StyleCounts) -> OfSheet:
    related = (one.target for one in package.relations(sheet.path).values())
    read = (sheet.path, relations_path(sheet.path), *related, package.related("sharedStrings") or "")
    known_by = (counts, *map(package.digest, read))
    if known_by not in _KNOWN:
        tree = package.xml(sheet.path)
        tables = list(_tables(package, sheet, tree))
        ids, names = ([table.get(key, "") for table in tables] for key in ("id", "displayName"))
        _KNOWN[known_by] = OfSheet(ids, names, list(_on_sheet(package, tree, tables, counts)))
    return _KNOWN[known_by]


def _tables(package: OpenedPackage, sheet: Sheet, tree: Element) -> Iterator[Element]:
    relations = package.relations(sheet.path)
    for one in tree.iterfind(f"{MAIN}tableParts/{MAIN}tablePart"):
        relation = relations.get(one.get(RELATION_ID, ""))
        if relation and relation.target in package.parts:
            yield package.xml(relation.target)


def _on_sheet(package: OpenedPackage, tree: Element, tables: list[Element], counts: StyleCounts) -> Iterator[str]:
    places: list[Place] = []
    for table in tables:
        place = corners(table.get("ref", ""))
        if place is None:
            yield f"the table {table.get('displayName')} stands on {table.get('ref')}"
            continue
        places.append(place)
        yield from (
            f"the table {table.get('displayName')} {fault}" for fault in _one(package, tree, table, place, counts)
        )
    if any(overlap(one, other) for one, other in combinations(places, 2)):
        yield "two tables overlap"
    merged = [corners(one.get("ref", "")) for one in tree.iterfind(f"{MAIN}mergeCells/{MAIN}mergeCell")]
    if any(overlap(one, other) for one in places for other in merged if other):
        yield "there are merged cells in a table"


def _one(package: OpenedPackage, tree: Element, table: Element, place: Place, counts: StyleCounts) -> Iterator[str]:
    columns = list(table.iterfind(f"{MAIN}tableColumns/{MAIN}tableColumn"))
    declared = table.find(f"{MAIN}tableColumns")
    if declared is None or int(declared.get("count", len(columns))) != len(columns) != place[2] - place[0] + 1:
        yield "has another number of columns than it says"
    if len(columns) != place[2] - place[0] + 1:
        yield f"has {len(columns)} columns on {table.get('ref')}"
    names = [one.get("name", "") for one in columns]
    yield from (f"has two columns {name}" for name in repeated(names))
    yield from (f"has the id {one} for two columns" for one in repeated(one.get("id", "") for one in columns))
    if place[3] - place[1] < int(table.get("headerRowCount", 1)):
        yield "has no row below its header"
    filter_ = table.find(f"{MAIN}autoFilter")
    if filter_ is not None and filter_.get("ref") != table.get("ref"):
        yield "is filtered on another range"
    if any(int(one.get(name, -1)) >= counts.conditions for one in columns for name in ("dataDxfId", "headerRowDxfId")):
        yield "has a format that is not there"
    heads = _heads(package, tree, place[1])
    for at, name in enumerate(names, place[0]):
        if heads.get(at) != _unescaped(name):
            yield f"has the column {name}, and the cell says {heads.get(at)}"


def _heads(package: OpenedPackage, tree: Element, row: int) -> dict[int, str]:
    """The texts of a row by column."""
    heads: dict[int, str] = {}
    column = 0
    for cell in _row(tree, row):
        letters = re.sub(r"\d", "", cell.get("r", ""))
        column = column_number(letters) if letters else column + 1
        heads[column] = _text(cell, package.shared_texts)
    return heads


def _row(tree: Element, wanted: int) -> list[Element]:
    """The cells of a row; rows that leave their number out follow the one before."""
    number = 0
    for row in tree.iterfind(f"{MAIN}sheetData/{MAIN}row"):
        number = int(row.get("r", number + 1))
        if number == wanted:
            return list(row)
    return []


def _text(cell: Element, texts: tuple[str, ...]) -> str:
    value = cell.findtext(f"{MAIN}v") or ""
    if cell.get("t") == "s":
        return _unescaped(texts[int(value)]) if value.isdecimal() and int(value) < len(texts) else ""
    inline = cell.find(f"{MAIN}is")
    return _unescaped("".join(inline.itertext())) if inline is not None else value


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
