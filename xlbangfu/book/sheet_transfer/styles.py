"""The looks of one workbook's cells made available in another: what is there already is used, the rest is appended.

``xl/styles.xml`` numbers its fonts, fills, borders and formats by their order, so nothing that is there may move.
"""

from __future__ import annotations

import re

from msgspec import Struct, field

from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern

_PARTS = {"fonts": "font", "fills": "fill", "borders": "border", "cellXfs": "xf", "dxfs": "dxf"}
_NUMBER_FORMAT = late_pattern(rb"<numFmt\s[^>]*?/>")
_FIRST_CUSTOM = 164
# Excel saves a format that it knows by its number: these are the ones that the master uses.
_BUILT_IN = {0: b"General", 1: b"0", 2: b"0.00", 9: b"0%", 10: b"0.00%", 49: b"@"}
# In a style sheet these follow the formats for conditions.
_AFTER_DXFS = rb"<(?:tableStyles|colors|extLst)\b|</styleSheet>"


class _Section(Struct):
    """One numbered list of the part: its elements, and those that are to be appended."""

    name: str
    items: list[bytes]
    new: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, xml: bytes, name: str) -> _Section:
        body = re.search(rb"<%b\b[^>]*>(.*?)</%b>" % (name.encode(), name.encode()), xml, re.DOTALL)
        child = _PARTS[name].encode()
        items = re.findall(rb"<%b\b(?:[^>]*/>|.*?</%b>)" % (child, child), body[1], re.DOTALL) if body else []
        return cls(name, items)

    def place(self, item: bytes) -> int:
        """Where an element stands; it is appended where no equal one does."""
        everything = [*self.items, *self.new]
        if item in everything:
            return everything.index(item)
        self.new.append(item)
        return len(everything)

    def added_to(self, xml: bytes) -> bytes:
        if not self.new:
            return xml
        name, addition = self.name.encode(), b"".join(self.new)
        count = len(self.items) + len(self.new)
        xml = re.sub(rb"(<%b\b[^>]*?/>)" % name, _opened, xml, count=1)
        if not re.search(rb"<%b\b" % name, xml):  # only the formats for conditions may be lacking
            following = re.search(_AFTER_DXFS, xml)
            at = following.start() if following else len(xml)
            xml = xml[:at] + b'<%b count="0"></%b>' % (name, name) + xml[at:]
        xml = re.sub(rb"(<%b\b[^>]*?\bcount=[\"'])\d+" % name, rb"\g<1>%d" % count, xml, count=1)
        return xml.replace(b"</%b>" % name, addition + b"</%b>" % name, 1)


class Styles:
    """``into`` and ``source`` are the style sheets of the workbook to be changed and of the one to be copied from."""

    def __init__(self, into: bytes, source: bytes) -> None:
        if b"<styleSheet" not in into:
            raise WrongWorkbook("总表的样式写法不认识，没有改动；请用 Excel 打开总表另存一次，再做一次。")
        self._into, self._source = into, source
        self._there = {name: _Section.of(into, name) for name in _PARTS}
        self._theirs = {name: _Section.of(source, name) for name in _PARTS}
        self._formats = _formats(into)
        self._new_formats: dict[bytes, int] = {}

    def cell(self, index: int) -> int:
        """The number in the workbook of a cell format of the source."""
        xf = self._theirs["cellXfs"].items[index]
        for attribute, name in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
            place = int(_attribute(xf, attribute))
            xf = _with(xf, attribute, self._there[name].place(self._theirs[name].items[place]))
        xf = _with(xf, "xfId", 0)
        xf = _with(xf, "numFmtId", self._number_format(int(_attribute(xf, "numFmtId"))))
        return self._there["cellXfs"].place(xf)

    def condition(self, index: int) -> int:
        """The number in the workbook of a format for conditions of the source."""
        return self._there["dxfs"].place(self._theirs["dxfs"].items[index])

    def with_number_format_of(self, index: int, other: int) -> int:
        """A cell format of the workbook, but showing numbers as another of its cell formats does."""
        sections = self._there["cellXfs"]
        every = [*sections.items, *sections.new]
        number = int(_attribute(every[other], "numFmtId"))
        if self._code(every[index]) == self._code(every[other]):
            return index
        changed = _with(every[index], "numFmtId", number)
        if b"applyNumberFormat" not in changed:
            changed = changed.replace(b"<xf ", b'<xf applyNumberFormat="1" ', 1)
        return sections.place(changed)

    def fill_of(self, index: int) -> bytes:
        """The colour of a cell format's ground as six hexadecimal digits, nothing where it has none."""
        fills = self._there["fills"]
        fill = [*fills.items, *fills.new][int(_attribute(self._format(index), "fillId"))]
        found = re.search(rb"""<fgColor\s[^>]*?rgb=["'](?:FF)?([0-9A-F]{6})["']""", fill)
        return found[1] if found else b""

    def is_bare(self, index: int) -> bool:
        """Whether a cell format has neither ground nor borders."""
        xf = self._format(index)
        return _attribute(xf, "borderId") == b"0" and not self.fill_of(index)

    def _format(self, index: int) -> bytes:
        formats = self._there["cellXfs"]
        return [*formats.items, *formats.new][index]

    def _code(self, xf: bytes) -> bytes:
        number = int(_attribute(xf, "numFmtId"))
        formats = self._formats | {place: code for code, place in self._new_formats.items()}
        return _BUILT_IN.get(number, formats.get(number, b"%d" % number)).replace(b"\\", b"")

    def xml(self) -> bytes:
        xml = self._with_number_formats()
        for section in self._there.values():
            xml = section.added_to(xml)
        return xml

    @property
    def changed(self) -> bool:
        return bool(self._new_formats) or any(section.new for section in self._there.values())

    def _number_format(self, number: int) -> int:
        if number < _FIRST_CUSTOM:
            return number
        code = _formats(self._source)[number]
        known = {text: place for place, text in self._formats.items()} | self._new_formats
        if code not in known:
            known[code] = self._new_formats[code] = max([_FIRST_CUSTOM - 1, *known.values()]) + 1
        return known[code]

    def _with_number_formats(self) -> bytes:
        xml, new = self._into, self._new_formats
        if not new:
            return xml
        made = b"".join(b'<numFmt numFmtId="%d" formatCode="%b"/>' % (place, code) for code, place in new.items())
        count = len(self._formats) + len(new)
        if not self._formats:
            xml = re.sub(rb"<numFmts\b[^>]*?(?:/>|></numFmts>)", b"", xml, count=1)
            opening = re.search(rb"<styleSheet\b[^>]*>", xml)
            assert opening is not None  # looked for above
            return xml[: opening.end()] + b'<numFmts count="%d">%b</numFmts>' % (count, made) + xml[opening.end() :]
        xml = re.sub(rb"(<numFmts\b[^>]*?\bcount=[\"'])\d+", rb"\g<1>%d" % count, xml, count=1)
        return xml.replace(b"</numFmts>", made + b"</numFmts>", 1)


def _opened(found: re.Match[bytes]) -> bytes:
    name = re.match(rb"<(\w+)", found[0])
    assert name is not None  # an element
    return found[0][:-2] + b"></" + name[1] + b">"


def _formats(xml: bytes) -> dict[int, bytes]:
    """The number formats that a style sheet defines, as they stand in it."""
    section = re.search(rb"<numFmts\b.*?</numFmts>", xml, re.DOTALL)
    tags = _NUMBER_FORMAT.findall(section[0]) if section else []
    return {int(_attribute(tag, "numFmtId")): _attribute(tag, "formatCode") for tag in tags}


def _attribute(tag: bytes, name: str) -> bytes:
    found = re.search(rb"""\s%b=(["'])(.*?)\1""" % name.encode(), tag)
    return found[2] if found else b"0"


def _with(tag: bytes, name: str, value: int) -> bytes:
    """The tag with another value of an attribute that it has."""
    return re.sub(rb"""(\s%b=)(["']).*?\2""" % name.encode(), rb'\g<1>"%d"' % value, tag, count=1)
