"""The part of an Excel table (ListObject) after its sheet was written: its range, its filter and its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.ooxml.attributes import between_quotes
from xlbangfu.ooxml.package import elements

_REF = late_pattern(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


class Extent(Struct, frozen=True):
    """Where a table stands: columns from 0, rows from 1, the header row included."""

    left: int
    top: int
    right: int
    bottom: int
    totals: bool

    @property
    def ref(self) -> str:
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@lru_cache
def extent(xml: bytes) -> Extent:
    """Raises NotAWorkbook for a part that is no table. A sheet's table is asked for its extent again and again."""
    root = next(iter(elements(xml)), None)
    attributes = root.attributes if root else {}
    if "ref" not in attributes:
        raise NotAWorkbook("文件里有一张表的范围已损坏，请用 Excel 打开它另存一次，或者从“备份”文件夹取回一份。")
    found = _REF.fullmatch(attributes["ref"])
    if found is None:  # a table of one cell
        return Extent(0, 1, 0, 1, totals=False)
    return Extent(
        column_index(found[1]),
        int(found[2]),
        column_index(found[3]),
        int(found[4]),
        totals=attributes.get("totalsRowCount", "0") != "0",
    )


def resized(xml: bytes, *, right: int, bottom: int, new: Sequence[str] = (), rewritten: bool = False) -> bytes:
    """The part with the range ending at column ``right`` and row ``bottom`` and ``new`` columns at the right end.

    ``rewritten`` says that all rows are new: filters in force and sorting are taken off, as no row is hidden any more.
    """
    was = extent(xml)
    now = Extent(was.left, was.top, right, bottom, was.totals)
    xml = re.sub(rb'(\sref\s*=\s*["\'])[^"\']*', rb"\g<1>" + now.ref.encode(), xml, count=1)
    xml = re.sub(
        rb'(<(?:[\w.-]+:)?autoFilter\b[^>]*?\sref\s*=\s*["\'])[^"\']*', rb"\g<1>" + now.ref.encode(), xml, count=1
    )
    if rewritten:
        xml = re.sub(
            rb"(<(?:[\w.-]+:)?autoFilter\b[^>/]*)>.*?</(?:[\w.-]+:)?autoFilter>", rb"\1/>", xml, flags=re.DOTALL
        )
        xml = re.sub(rb"<((?:[\w.-]+:)?sortState)\b(?:[^>]*/>|.*?</\1>)", b"", xml, count=1, flags=re.DOTALL)
    return _with_columns(xml, new) if new else xml


def is_filtered(xml: bytes) -> bool:
    return re.search(rb"<(?:[\w.-]+:)?filterColumn\b", xml) is not None


def filtered(xml: bytes, column: int, values: Sequence[str]) -> bytes:
    """The part with a filter that leaves the values of one column (from 0) and no other filter; without values with none."""
    opening = re.search(rb"<((?:[\w.-]+:)?)table\b[^>]*>", xml)
    assert opening is not None  # else it is no table
    prefix, ref = opening[1].decode(), extent(xml).ref
    wanted = "".join(f'<{prefix}filter val="{between_quotes(value)}"/>' for value in values)
    inner = f"<{prefix}filters>{wanted}</{prefix}filters>"
    chosen = f'<{prefix}filterColumn colId="{column}">{inner}</{prefix}filterColumn>' if values else ""
    made = f'<{prefix}autoFilter ref="{ref}">{chosen}</{prefix}autoFilter>'.encode()
    there = re.search(rb"<((?:[\w.-]+:)?autoFilter)\b[^>]*?(?:/>|>.*?</\1>)", xml, re.DOTALL)
    start, end = there.span() if there else (opening.end(), opening.end())
    return xml[:start] + made + xml[end:]


def _with_columns(xml: bytes, new: Sequence[str]) -> bytes:
    columns = [element for element in elements(xml) if element.name == "tableColumn"]
    following = max(int(column.attributes["id"]) for column in columns) + 1
    closing = re.search(rb"</((?:[\w.-]+:)?)tableColumns>", xml)
    assert closing is not None  # a table has at least one column
    prefix = closing[1].decode()
    made = "".join(
        f'<{prefix}tableColumn id="{following + index}" name="{between_quotes(name)}"/>'
        for index, name in enumerate(new)
    ).encode()
    xml = xml[: closing.start()] + made + xml[closing.start() :]
    count = len(columns) + len(new)
    return re.sub(rb'(tableColumns\b[^>]*?\scount\s*=\s*["\'])\d+', rb"\g<1>%d" % count, xml, count=1)
