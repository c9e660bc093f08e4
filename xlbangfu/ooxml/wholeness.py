"""Whether the parts that a workbook needs are there and well-formed, whoever would read them and whatever it overlooks."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from xml.parsers import expat

from xlbangfu.errors import NotAWorkbook
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.plain_rows import looked_through, outside_rows, without_streamed_rows

_TYPES, _ROOT = "[Content_Types].xml", "_rels/.rels"
_DRAWN = ".vml"
_KINDS = ("styles", "theme", "sharedStrings", "worksheet")
_MOST = 8 << 20  # bytes inflated; of the rows of a larger sheet their reader tells
_FEW = 1 << 16  # bytes that a parser goes through in less time than polars is asked in


def check_parts(package: Package, only: Collection[str] | None = None) -> None:
    """Raise NotAWorkbook for the first part that is missing or broken: Excel would offer to repair the workbook.

    ``only`` are the names of the sheets that will be read, where the workbook is not to be written.
    """
    aside = () if only is None else {part.path for name, part in package.sheets.items() if name not in only}
    for path in dict.fromkeys(_needed(package, only)):
        member = package.archive.members.get(path)
        if member is None:
            raise NotAWorkbook(f"文件里缺了 {path}，已损坏。")
        if path not in aside and not _is_whole(package, path):
            raise NotAWorkbook(f"文件里的 {path} 已损坏。")


def _needed(package: Package, only: Collection[str] | None) -> Iterator[str]:
    yield from (_TYPES, _ROOT, package.workbook_part)
    yield from _with_relations(package, package.workbook_part, _KINDS)
    for part in package.sheets.values() if only is None else ():
        yield from _with_relations(package, part.path, ("table",))
    if only is None:
        yield from (path for path in package.archive.members if path.endswith((".xml", ".rels", _DRAWN)))


def _with_relations(package: Package, part: str, kinds: tuple[str, ...]) -> Iterator[str]:
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in package.archive.members:
        yield relations
    yield from (path for kind, path, _ in package.related(part) if kind in kinds)


def _is_whole(package: Package, path: str) -> bool:
    if package.archive.members[path].info.file_size > _MOST:
        around = without_streamed_rows(package.archive.stream(path))
        return (around is not None and _parses(around)) or _parses(package.archive.read(path))
    xml = package.archive.read_ahead(path)
    if path.endswith(_DRAWN):  # Excel writes <br> there, which is no XML
        return xml.rstrip().endswith(b"</xml>")
    if len(xml) < _FEW:
        return _parses(xml)
    around, near = looked_through(xml)
    whole = _is_either_whole(around, xml)
    if whole and near:
        package.near_sheets.add(path)
    return whole


def is_well_formed(xml: bytes) -> bool:
    """Whether a part parses, which plain rows of a sheet do whoever reads them."""
    return _is_either_whole(outside_rows(xml), xml)


def _is_either_whole(around: bytes | None, xml: bytes) -> bool:
    """Whether what stands around plain rows parses, which says it of a large part in less time, or else the part."""
    return (around is not None and _parses(around)) or _parses(xml)


def _parses(xml: bytes) -> bool:
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):  # the latter for encodings that expat does not know
        return False
    return True
