"""A sheet of the fresh master as a part of another workbook: its cells' looks and texts are those of the new place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property

from xlbangfu.book.sheet_transfer.copying import copy
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.styles import Styles
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import Package, elements

_ITEM = late_pattern(rb"<si>(.*?)</si>", re.DOTALL)
_STYLE = late_pattern(rb'(<(?:c|row)\s[^>]*?\bs=")(\d+)(")')
_COLUMN_STYLE = late_pattern(rb'(<col\s[^>]*?\bstyle=")(\d+)(")')
_CONDITION = late_pattern(rb'(\bdxfId=")(\d+)(")')
_SHARED = late_pattern(rb'<c (r="[A-Z]+\d+"(?: s="\d+")?) t="s"><v>(\d+)</v></c>')
_CODE_NAME = late_pattern(rb'\scodeName="[^"]*"')


class Source:
    """The fresh master, and what of it goes where: ``draft`` is the workbook that takes it over."""

    def __init__(self, package: Package, draft: Draft, styles: Styles) -> None:
        self.package = package
        self._draft = draft
        self.styles = styles

    def sheet(self, name: str) -> bytes:
        """A sheet's XML as it is to stand in the workbook, but for its relationships."""
        return self._adapted(self.package.archive.read(self.package.sheets[name].path))

    def copy_sheet(self, name: str, *, xml: bytes | None = None, target: str | None = None) -> str:
        """Take a sheet over, with tables, drawings and charts; ``xml`` in place of its own. The path that it has now."""
        path = self.package.sheets[name].path

        def edit(part: str, content: bytes) -> bytes:
            if part == path:
                return xml or self._adapted(content)
            return self._renumbered(content) if "/tables/" in part else content

        return copy(self._draft, self.package, path, edit, target=target)

    def replace_sheet(self, name: str, path: str, adjusted: Callable[[bytes, bytes], bytes]) -> None:
        """Put a sheet into the part of another one, whose drawings, charts and buttons go; the name by which macros know that
        sheet stays. ``adjusted`` gets the new XML and the old."""
        old = self._draft.read(path)
        for gone in list(dependents(self._draft, path)):
            self._draft.remove(gone)
        self._draft.remove(path)
        known = re.search(rb'<sheetPr\b[^>]*?(\scodeName="[^"]*")', old)
        xml = adjusted(self.sheet(name), old)
        xml = re.sub(rb"<sheetPr\b", lambda found: found[0] + (known[1] if known else b""), xml, count=1)
        self.copy_sheet(name, xml=xml, target=path)

    def _adapted(self, xml: bytes) -> bytes:
        xml = _CODE_NAME.sub(b"", xml, count=1)
        xml = _STYLE.sub(lambda found: found[1] + b"%d" % self.styles.cell(int(found[2])) + found[3], xml)
        xml = _COLUMN_STYLE.sub(lambda found: found[1] + b"%d" % self.styles.cell(int(found[2])) + found[3], xml)
        xml = _CONDITION.sub(lambda found: found[1] + b"%d" % self.styles.condition(int(found[2])) + found[3], xml)
        return _SHARED.sub(lambda found: _inline(found[1], self._texts[int(found[2])]), xml)

    @cached_property
    def _texts(self) -> list[bytes]:
        path = self.package.part_of("sharedStrings")
        return _ITEM.findall(self.package.archive.read(path)) if path else []

    def _renumbered(self, table: bytes) -> bytes:
        """A table with a number that no other table of the workbook has."""
        number = max(_table_numbers(self._draft), default=0) + 1
        return re.sub(rb'(<table\s[^>]*?\bid=")\d+', rb"\g<1>%d" % number, table, count=1)


def dependents(draft: Draft, part: str) -> Iterator[str]:
    """The parts that a part refers to, and those that they refer to."""
    for relation in draft.relations(part):
        if not relation.external and relation.path in draft:
            yield from dependents(draft, relation.path)
            yield relation.path


_SELECTED = b' tabSelected="1"'


def as_selected(xml: bytes, old: bytes) -> bytes:
    """A sheet's XML, in front only if the old sheet was."""
    return xml if _SELECTED in old else xml.replace(_SELECTED, b"", 1)


def _inline(place: bytes, text: bytes) -> bytes:
    return b"<c " + place + b' t="inlineStr"><is>' + text + b"</is></c>"


def _table_numbers(draft: Draft) -> Iterator[int]:
    there = {path for path in draft.package.archive.members if path not in draft.removed} | {*draft.parts}
    for path in there:
        if re.search(r"(?:^|/)tables/[^/]+\.xml$", path):
            yield int(elements(draft.read(path))[0].attributes.get("id", "0"))
