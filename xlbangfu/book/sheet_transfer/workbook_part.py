"""What ``xl/workbook.xml`` says: the sheets and their order, the defined names, that all is to be computed anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.attributes import quoted
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.xml_text import unescape

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKSHEET = f"{_OFFICE}/worksheet"
_SHEETS = late_pattern(rb"<sheets\b[^>]*>(.*?)</sheets>", re.DOTALL)
_SHEET = late_pattern(rb"<sheet\s[^>]*?(?:/>|></sheet>)", re.DOTALL)
_NAME = late_pattern(rb"<definedName\s([^>]*)>([^<]*)</definedName>")
_LOCAL = late_pattern(rb'(\slocalSheetId=")(\d+)(")')
_PLACE = late_pattern(rb'(\s(?:activeTab|firstSheet)=")(\d+)(")')
_AFTER_NAMES = (
    rb"<(?:calcPr|oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr|"
    rb"webPublishObjects|extLst)\b|</workbook>"
)


class WorkbookPart:
    """The part as it is to be."""

    def __init__(self, xml: bytes) -> None:
        if b"<workbook" not in xml or not _SHEETS.search(xml):
            raise WrongWorkbook("总表的内部写法不认识，没有改动；请用 Excel 打开总表另存一次，再做一次。")
        self.xml = xml

    @property
    def _tags(self) -> list[bytes]:
        return [found[0] for found in _SHEET.finditer(self.xml)]

    @property
    def sheets(self) -> list[str]:
        """The names of all sheets in their order, chart sheets too."""
        return [_attribute(tag, "name") for tag in self._tags]

    def add_sheet(self, name: str, identity: str, *, after: Sequence[str], hidden: bool) -> None:
        """Put a sheet in right after the last of some that are there; the first one where none is."""
        tags = self._tags
        there = [place for place, sheet in enumerate(self.sheets) if sheet in after]
        at = max(there, default=-1) + 1
        number = max(int(_attribute(tag, "sheetId")) for tag in tags) + 1
        state = ' state="hidden"' if hidden else ""
        known = f'xmlns:r="{_OFFICE}"'
        explained = "" if known.encode() in self.xml[: self.xml.index(b"<sheets")] else f"{known} "
        relation = f"{explained}r:id={quoted(identity)}"
        made = f'<sheet name={quoted(name)} sheetId="{number}"{state} {relation}/>'.encode()
        self._put_sheets([*tags[:at], made, *tags[at:]])
        self.xml = _LOCAL.sub(lambda found: _moved(found, at), self.xml)
        self.xml = _PLACE.sub(lambda found: _moved(found, at), self.xml)

    def show_first(self) -> None:
        """Let the first sheet be in front when the workbook is opened."""
        self.xml = _PLACE.sub(rb"\g<1>0\3", self.xml)

    def rename_sheet(self, name: str, new: str) -> None:
        """Call a sheet otherwise; names that hold on it alone, such as what is printed of it, follow."""
        place = f'localSheetId="{self.sheets.index(name)}"'.encode()
        before, after = (f"{text}!".encode() for text in (name, f"'{new}'"))
        reference = f"'{name}'!".encode()
        self.xml = _NAME.sub(
            lambda found: found[0].replace(reference, before).replace(before, after) if place in found[1] else found[0],
            self.xml,
        )
        tags = [
            re.sub(rb"""\sname=(["']).*?\1""", b" name=" + quoted(new).encode(), tag, count=1)
            if _attribute(tag, "name") == name
            else tag
            for tag in self._tags
        ]
        self._put_sheets(tags)

    def names(self) -> dict[str, str]:
        """The defined names that hold for the whole workbook."""
        found = {}
        for attributes, target in _NAME.findall(self.xml):
            tag = b"<n " + attributes + b">"
            if b"localSheetId" not in attributes:
                found[_attribute(tag, "name")] = unescape(target.decode())
        return found

    def set_names(self, names: Mapping[str, str], *, hidden: bool = False) -> None:
        """Define names; one that is there gets another meaning, its other attributes stay."""

        def changed(found: re.Match[bytes]) -> bytes:
            name = _attribute(b"<n " + found[1] + b">", "name")
            if b"localSheetId" in found[1] or name not in names:
                return found[0]
            return b"<definedName " + found[1] + b">" + escape(names[name]).encode() + b"</definedName>"

        there = self.names()
        self.xml = _NAME.sub(changed, self.xml)
        for name, target in names.items():
            if name not in there:
                self._append_name(f"name={quoted(name)}" + (' hidden="1"' if hidden else ""), target)

    def set_print_names(self, sheet: str, targets: Mapping[str, str]) -> None:
        """What is printed of a sheet and what is repeated on its pages: these names of its own and no others of the kind."""
        place = f'localSheetId="{self.sheets.index(sheet)}"'.encode()
        gone = (b'"_xlnm.Print_Area"', b'"_xlnm.Print_Titles"')

        def kept(found: re.Match[bytes]) -> bytes:
            mine = place in found[1] and any(name in found[1] for name in gone)
            return b"" if mine else found[0]

        self.xml = _NAME.sub(kept, self.xml)
        self.xml = self.xml.replace(b"<definedNames></definedNames>", b"")
        for name, target in targets.items():
            self._append_name(f"name={quoted(name)} {place.decode()}", target)

    def show_sheet(self, name: str) -> None:
        """Let a sheet be hidden no more."""
        tags = [
            re.sub(rb"""\sstate=["']\w+["']""", b"", tag) if _attribute(tag, "name") == name else tag
            for tag in self._tags
        ]
        self._put_sheets(tags)

    def print_names(self, sheet: str) -> dict[str, str]:
        """What is printed of a sheet and what is repeated on its pages."""
        place = f'localSheetId="{self.sheets.index(sheet)}"'.encode()
        names = {
            _attribute(b"<n " + found[0] + b">", "name"): found[1]
            for found in _NAME.findall(self.xml)
            if place in found[0]
        }
        return {name: unescape(target.decode()) for name, target in names.items() if name.startswith("_xlnm.Print_")}

    def compute_on_opening(self) -> None:
        """Let whoever opens the workbook work out its formulas."""
        found = re.search(rb"<calcPr\b[^>]*?/>", self.xml)
        if found is None:
            self._insert(_AFTER_NAMES, b'<calcPr fullCalcOnLoad="1"/>')
        elif b"fullCalcOnLoad" not in found[0]:
            self.xml = self.xml.replace(found[0], found[0][:-2].rstrip() + b' fullCalcOnLoad="1"/>', 1)

    def _append_name(self, attributes: str, target: str) -> None:
        made = f"<definedName {attributes}>{escape(target)}</definedName>".encode()
        self.xml = re.sub(rb"<definedNames\s*/>", b"<definedNames></definedNames>", self.xml)
        if b"</definedNames>" not in self.xml:
            self._insert(_AFTER_NAMES, b"<definedNames></definedNames>")
        self.xml = self.xml.replace(b"</definedNames>", made + b"</definedNames>", 1)

    def _insert(self, before: bytes, addition: bytes) -> None:
        following = re.search(before, self.xml)
        assert following is not None  # the end of the root element at the latest
        self.xml = self.xml[: following.start()] + addition + self.xml[following.start() :]

    def _put_sheets(self, tags: Sequence[bytes]) -> None:
        body = _SHEETS.search(self.xml)
        assert body is not None  # looked for at the beginning
        self.xml = self.xml[: body.start(1)] + b"".join(tags) + self.xml[body.end(1) :]


def _moved(found: re.Match[bytes], at: int) -> bytes:
    """A sheet's number after one was put in before it."""
    place = int(found[2])
    return found[1] + b"%d" % (place + (place >= at)) + found[3]


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rb"""\s%b=(["'])(.*?)\1""" % name.encode(), tag)
    return unescape(found[2].decode()) if found else ""
