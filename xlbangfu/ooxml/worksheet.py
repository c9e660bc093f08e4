"""A worksheet part cut where it may be changed: what stands before its rows, the rows, and what follows them.

Everything is bytes and stays as it was unless a method says otherwise. Rows and cells may lack their ``r`` attribute
and the elements may have a prefix.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain

from msgspec import Struct

from xlbangfu.errors import NotAWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.addresses import column_index, letters

_ROOT = late_pattern(rb"<(?:([\w.-]+):)?worksheet[\s>]")
_ROW_NUMBER = late_pattern(rb'\br\s*=\s*["\'](\d+)["\']')
_CELL_PLACE = late_pattern(rb'\sr\s*=\s*["\']([A-Z]+)\d+["\']')
_BEGINNING = late_pattern(rb'r="([A-Z]{1,3})\d')  # of a cell's address
_STYLE = late_pattern(rb'\ss\s*=\s*["\'](\d+)["\']')
# What may follow hyperlinks in a worksheet, so that they go in before the first of them.
_AFTER_LINKS = (
    rb"printOptions|pageMargins|pageSetup|headerFooter|rowBreaks|colBreaks|customProperties|cellWatches|ignoredErrors|"
    rb"smartTags|drawing|legacyDrawing|legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|"
    rb"extLst"
)


class Cell(Struct, frozen=True):
    """One cell of a row: its column (from 0) and its XML."""

    column: int
    xml: bytes

    @property
    def style(self) -> str:
        found = _STYLE.search(self.xml, 0, self.xml.index(b">"))
        return found[1].decode() if found else ""

    @property
    def filled(self) -> bool:
        """Whether it holds anything besides its style."""
        return not self.xml.endswith(b"/>") and re.search(rb"<(?:[\w.-]+:)?(?:v|f|is)\b", self.xml) is not None

    @property
    def formula(self) -> bool:
        return re.search(rb"<(?:[\w.-]+:)?f\b", self.xml) is not None


class Row(Struct, frozen=True):
    """One row as it stands: its number and where its element begins and ends in the body."""

    number: int
    start: int
    end: int


class SheetPart:
    """The XML of one worksheet."""

    def __init__(self, xml: bytes | bytearray, *, name: str) -> None:
        root = _ROOT.search(xml)
        given = re.match(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding=["']([\w-]+)""", xml)
        if given and given[1].lower() not in (b"utf-8", b"us-ascii"):
            root = None
        if root is None or xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in xml[: root.start()]:
            raise NotAWorkbook(f"工作表“{name}”的内部格式不认识，请用 Excel 打开它另存一次。")
        self.name = name
        self.prefix = root[1].decode() + ":" if root[1] else ""
        self._tag = self.prefix.encode()
        opening = re.compile(rb"<" + self._tag + rb"sheetData\s*(/?)>").search(xml)
        if opening is None:
            raise NotAWorkbook(f"工作表“{name}”里没有数据区，请用 Excel 打开它另存一次。")
        closing = b"</" + self._tag + b"sheetData>"
        end = opening.end() if opening[1] else xml.rfind(closing)
        if end < 0:
            raise NotAWorkbook(f"工作表“{name}”的内部格式不完整，请用 Excel 打开它另存一次。")
        self.head = bytes(xml[: opening.start()])
        self.tail = bytes(xml[end if opening[1] else end + len(closing) :])
        self._source, self._low, self._high = xml, opening.end(), end
        self._made: Iterable[bytes] | None = None

    def put_rows(self, *rows: Iterable[bytes]) -> None:
        """Let these be the rows from now on; they are made when they are asked for, and the old ones are let go."""
        self._made = chain(*rows)
        self._source = b""

    def _settle(self) -> bytes | bytearray:
        """The bytes in which the rows stand between ``_low`` and ``_high``; rows still to be made are made now."""
        if self._made is not None:
            self._source = b"".join(self._made)
            self._low, self._high, self._made = 0, len(self._source), None
        return self._source

    def between(self, start: int | None, end: int | None) -> bytes:
        """The rows' XML from one place to another; None is where they begin or end."""
        source = self._settle()
        return bytes(source[self._low if start is None else start : self._high if end is None else end])

    def xml(self) -> Iterator[bytes]:
        yield self.head
        yield b"<%bsheetData>" % self._tag
        if self._made is None:
            yield self.between(None, None)
        else:
            yield from self._made
        yield b"</%bsheetData>" % self._tag
        yield self.tail

    @cached_property
    def _row_tag(self) -> re.Pattern[bytes]:
        return re.compile(rb"<" + self._tag + rb"row\b([^>]*)>")

    @cached_property
    def _cell_tag(self) -> re.Pattern[bytes]:
        return re.compile(rb"<" + self._tag + rb"c\b[^>]*>")

    def rows(self, start: int | None = None, number: int = 0) -> Iterator[Row]:
        """The rows from a place on; ``number`` is the row before it."""
        source, closing = self._settle(), b"</" + self._tag + b"row>"
        start = self._low if start is None else start
        while found := self._row_tag.search(source, start, self._high):
            given = _ROW_NUMBER.search(found[1])
            number = int(given[1]) if given else number + 1
            start = found.end() if found[1].endswith(b"/") else self._end(source, closing, found.end())
            yield Row(number, found.start(), start)

    def _end(self, xml: bytes | bytearray, closing: bytes, start: int) -> int:
        at = xml.find(closing, start)
        if at < 0:
            raise NotAWorkbook(f"工作表“{self.name}”的内部格式不完整，请用 Excel 打开它另存一次。")
        return at + len(closing)

    def rows_after(self, number: int) -> Iterator[Row]:
        """The rows below row ``number``, without looking at those above where their numbers are written."""
        at = self._settle().find(b'<%brow r="%d"' % (self._tag, number), self._low, self._high)
        rows = self.rows(at, number - 1) if at >= 0 else self.rows()
        return (row for row in rows if row.number > number)

    def row(self, number: int) -> Row | None:
        at = self._settle().find(b'<%brow r="%d"' % (self._tag, number), self._low, self._high)
        found = next(self.rows(at, number - 1) if at >= 0 else self.rows_after(number - 1), None)
        return found if found and found.number == number else None

    def row_xml(self, row: Row) -> bytes:
        return self.between(row.start, row.end)

    def cells(self, row: Row) -> list[Cell]:
        """The cells of a row from left to right."""
        xml, found, column = self.row_xml(row), [], -1
        at = xml.index(b">") + 1
        closing = b"</" + self._tag + b"c>"
        while opening := self._cell_tag.search(xml, at):
            place = _CELL_PLACE.search(opening[0])
            column = column_index(place[1].decode()) if place else column + 1
            at = opening.end() if opening[0].endswith(b"/>") else self._end(xml, closing, opening.end())
            found.append(Cell(column, xml[opening.start() : at]))
        return found

    def reach(self, row: Row) -> int:
        """The column (from 0) of the last cell of a row, -1 if it has none; quick, for it looks at no other cell."""
        source = self._settle()
        at = source.rfind(b"<%bc " % self._tag, row.start, row.end)
        place = _CELL_PLACE.match(source, at + len(self._tag) + 2) if at >= 0 else None
        return column_index(place[1].decode()) if place else max((cell.column for cell in self.cells(row)), default=-1)

    def rightmost(self) -> int:
        """The last column (from 0) that any row has a cell in, -1 if there is none."""
        ends = self._row_ends()
        if ends is None:
            return max((self.reach(row) for row in self.rows()), default=-1)
        return max(map(column_index, ends), default=-1)

    def _row_ends(self) -> set[str] | None:
        """The columns that rows end in; None where a row is not as programs usually write it."""
        source, closing, opening = self._settle(), b"</%brow>" % self._tag, b"<%bc " % self._tag
        addresses, start = set(), self._low
        while (end := source.find(closing, start, self._high)) >= 0:
            at = source.rfind(opening, start, end) + len(opening)
            if at < start:
                return None
            addresses.add(bytes(source[at : at + 7]))
            start = end + len(closing)
        found = [_BEGINNING.match(address) for address in addresses]
        return {place[1].decode() for place in found if place} if all(found) else None

    def splice(self, changed: dict[int, Callable[[Row | None], bytes]]) -> None:
        """Put other XML in the place of some rows, made from the row as it stands (None: there is none yet)."""
        done: list[bytes] = []
        at: int | None = None
        for number in sorted(changed):
            row = self.row(number)
            following = row or next(self.rows_after(number), None)
            start = following.start if following else None
            done += [self.between(at, start), changed[number](row)]
            at = row.end if row else start if start is not None else self._high
        self.put_rows([*done, self.between(at, None)])

    def row_with(self, row: Row | None, number: int, changes: dict[int, bytes]) -> bytes:
        """A row with some cells put in the place of what stands there; its attributes and other cells stay."""
        cells = {cell.column: self.placed(cell, number) for cell in self.cells(row)} if row else {}
        opening = self.row_xml(row).split(b">", 1)[0].rstrip(b"/") if row else b"<%brow" % self._tag
        if not _ROW_NUMBER.search(opening):
            opening = opening.replace(b"row", b'row r="%d"' % number, 1)
        if b"spans" in opening:
            opening = re.sub(rb'\s+spans\s*=\s*["\'][^"\']*["\']', b"", opening)
        cells |= changes
        inner = b"".join(cells[column] for column in sorted(cells))
        return opening + b">" + inner + b"</%brow>" % self._tag

    def placed(self, cell: Cell, number: int) -> bytes:
        """A cell's XML with the address of its column and row ``number``."""
        address = b' r="%s%d"' % (letters(cell.column).encode(), number)
        opening, closing = cell.xml.split(b">", 1)
        opening = _CELL_PLACE.sub(b"", opening)
        at = 1 + len(self._tag) + 1
        return opening[:at] + address + opening[at:] + b">" + closing

    def column_styles(self) -> dict[int, str]:
        """The style of each column as ``<cols>`` has it."""
        styles: dict[int, str] = {}
        for found in re.finditer(rb"<" + self._tag + rb"col\s([^>]*)>", self.head):
            given = dict(re.findall(rb'(\w+)\s*=\s*["\']([^"\']*)["\']', found[1]))
            if b"style" in given and int(given[b"max"]) - int(given[b"min"]) < 1000:
                for column in range(int(given[b"min"]), int(given[b"max"]) + 1):
                    styles[column - 1] = given[b"style"].decode()
        return styles

    def set_dimension(self, columns: int, last_row: int) -> None:
        """Say that the cells reach at least this far."""
        pattern = rb"(<" + self._tag + rb'dimension\s[^>]*?ref\s*=\s*["\'])([^"\']*)(["\'])'

        def widened(found: re.Match[bytes]) -> bytes:
            end = re.fullmatch(rb"(?:[A-Z]+\d+:)?([A-Z]+)(\d+)", found[2])
            right = max(columns, column_index(end[1].decode()) + 1 if end else 0)
            ref = f"A1:{letters(right - 1)}{max(last_row, 1)}"
            return found[1] + ref.encode() + found[3]

        self.head = re.sub(pattern, widened, self.head, count=1)

    def set_filter(self, last_row: int) -> None:
        """Let the sheet's own autofilter, if it has one, reach to the last row."""
        pattern = rb"(<" + self._tag + rb'autoFilter\s[^>]*?ref\s*=\s*["\'][A-Z]+\d+:[A-Z]+)(\d+)'
        self.tail = re.sub(pattern, lambda found: found[1] + b"%d" % last_row, self.tail, count=1)

    def set_links(self, column: int, links: Iterable[tuple[int, str]]) -> None:
        """The links inside the workbook that one column has: row number and location. Other columns keep theirs."""
        section = re.compile(rb"<" + self._tag + rb"hyperlinks\b[^>]*>(.*?)</" + self._tag + rb"hyperlinks>", re.DOTALL)
        found = section.search(self.tail)
        ours = re.compile(rb'\sref\s*=\s*["\']' + letters(column).encode() + rb"(?!1[\"':])\d+")
        single = re.compile(
            rb"<" + self._tag + rb"hyperlink\b[^>]*?(?:/>|>.*?</" + self._tag + rb"hyperlink>)", re.DOTALL
        )
        kept = [link for link in single.findall(found[1]) if not ours.search(link)] if found else []
        made = kept + [
            f'<{self.prefix}hyperlink ref="{letters(column)}{row}" location="{location}"/>'.encode()
            for row, location in links
        ]
        xml = b"<%bhyperlinks>%b</%bhyperlinks>" % (self._tag, b"".join(made), self._tag) if made else b""
        if found:
            self.tail = self.tail[: found.start()] + xml + self.tail[found.end() :]
            return
        first_after = rb"<(?:" + self._tag + rb"(?:" + _AFTER_LINKS + rb")\b|/" + self._tag + rb"worksheet>|mc:)"
        following = re.search(first_after, self.tail)
        at = following.start() if following else 0
        self.tail = self.tail[:at] + xml + self.tail[at:]


def declared_width(xml: bytes) -> int | None:
    """How many columns the sheet says that its cells reach over, None if it does not say."""
    found = re.search(rb"""<(?:[\w.-]+:)?dimension\s[^>]*?ref=["']A1:([A-Z]+)\d+["']""", xml)
    return column_index(found[1].decode()) + 1 if found else None


def outline(chunks: Iterable[bytes]) -> bytes | None:
    """A sheet's XML without most of its rows: the first ones, and what follows the last.

    None if that can't be told from the first chunk and the last ones, of which the very last may be short.
    """
    stream = iter(chunks)
    first = next(stream, b"")
    end = b"".join(deque(stream, maxlen=3))
    closing = re.search(rb"</(?:[\w.-]+:)?sheetData>", end)
    rows = [found.end() for found in re.finditer(rb"</(?:[\w.-]+:)?row>", first)]
    if closing is None or len(rows) < 2:
        return None
    return first[: rows[-1]] + end[closing.start() :]
