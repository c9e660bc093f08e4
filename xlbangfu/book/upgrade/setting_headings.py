"""The headings of groups in the 设置 of an older workbook: rows put in above the first setting of each group.

The order stays, and so does every cell. A heading is put in only where the settings of its group stand together. Where
something hangs on 设置 of which it is not known how Excel would move it, nothing is put in (``refusal``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from xlbangfu.book.safety.atomic_save import Changes
from xlbangfu.book.upgrade import moved_notes
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml import table_part
from xlbangfu.ooxml.addresses import letters
from xlbangfu.ooxml.attributes import between_quotes
from xlbangfu.ooxml.cell_xml import cell as cell_xml
from xlbangfu.ooxml.package import Package, Part
from xlbangfu.ooxml.row_insertion import Insertion
from xlbangfu.ooxml.worksheet import Row, SheetPart
from xlbangfu.schema import ROW, SETTINGS
from xlbangfu.settings import SettingGroup, is_heading
from xlbangfu.xml_text import unescape

_NAME = SETTINGS.name.encode()
_ELEMENT = late_pattern(rb"<([\w:.-]+)")
_AREAS = late_pattern(rb"""(\s(?:sqref|ref)=["'])([A-Z$\d: ]+)(["'])""")
_RULE = late_pattern(rb"<(conditionalFormatting|dataValidation)\b[^>]*?(?:/>|>.*?</\1>)", re.DOTALL)
_LOCATION = late_pattern(rb"""(\slocation=")([^"]*)(")""")
_KNOWN = frozenset(
    b"sheetProtection autoFilter mergeCells mergeCell conditionalFormatting cfRule formula colorScale cfvo color dataBar iconSet "
    b"dataValidations dataValidation formula1 formula2 hyperlinks hyperlink printOptions pageMargins pageSetup headerFooter "
    b"oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter drawing legacyDrawing tableParts tablePart "
    b"ignoredErrors ignoredError protectedRanges protectedRange".split()
)
_FORMULAS_IN = late_pattern(r"xl/(?:workbook|worksheets/[^/]+|charts/[^/]+|sharedStrings)\.xml")


def places(sheet: pl.DataFrame, groups: Sequence[SettingGroup]) -> dict[int, str]:
    """The headings that 设置 lacks, by the row above which each belongs: of groups of which something is there, in one piece."""
    group_of = {name: group.heading for group in groups for name, _, _ in group.rows}
    there = [(int(row), name or "") for name, row in sheet.select("项目", ROW).iter_rows()]
    runs: list[tuple[int, str]] = []
    for row, name in there:
        heading = group_of.get(name)
        if heading is not None and (not runs or runs[-1][1] != heading):
            runs.append((row, heading))
    pieces = [heading for _, heading in runs]
    known = {name for _, name in there if is_heading(name)}
    return {row: heading for row, heading in runs if pieces.count(heading) == 1 and heading not in known}


def refusal(package: Package, rows: Collection[int]) -> str:
    """What hangs on 设置 that nobody here can move, in a word for staff; nothing where all is known."""
    where = package.sheets[SETTINGS.name]
    xml = package.archive.read(where.path)
    part = SheetPart(xml, name=where.name)
    if part.prefix or b"<extLst" in xml or not all(_is_numbered(part.row_xml(row)) for row in part.rows()):
        return "内部写法不认识"
    if re.search(rb"""<f\b[^>]*\st=["'](?:shared|array|dataTable)""", xml):
        return "有数组公式或成片填充的公式"
    if {*_ELEMENT.findall(part.tail)} - _KNOWN or moved_notes.unknown(package, where) or len(where.tables) != 1:
        return "有别的表格、控件等东西"
    if any(_is_cut(area.decode(), rows) for area in re.findall(rb"""<mergeCell\b[^>]*\sref=["']([^"']+)""", part.tail)):
        return "有跨行合并的格子"
    if any(_looks_elsewhere(rule[0]) for rule in _RULE.finditer(part.tail)):
        return "有看着上下行变色或下拉的格子"
    return "有透视表、控件或跨表公式连着它" if any(_hangs_on(package, path) for path in package.archive.members) else ""


def _is_numbered(row: bytes) -> bool:
    return re.match(rb"""<row\b[^>]*?\sr=["']\d""", row) is not None


def _is_cut(area: str, rows: Collection[int]) -> bool:
    ends = [int(number) for number in re.findall(r"\d+", area)]
    return any(min(ends) < row <= max(ends) for row in rows)


def _looks_elsewhere(rule: bytes) -> bool:
    """Whether a rule looks, from each of its cells, at a row other than the cell's: it would not be the same for all."""
    top = re.search(rb"""\ssqref=["']\$?[A-Z]+\$?(\d+)""", rule)
    formulas = b" ".join(re.findall(rb"<formula[12]?>([^<]*)<", rule)).replace(b"&quot;", b'"')
    bare = b" ".join(formulas.split(b'"')[::2])
    rows = re.findall(rb"(?<![\w.!:$])\$?[A-Z]{1,3}(\d+)(?![\w.(])", bare)
    return top is None or any(row != top[1] for row in rows)


def _hangs_on(package: Package, path: str) -> bool:
    """Whether a part speaks of 设置 in a way that is not moved."""
    if not path.startswith("xl/") or not path.endswith((".xml", ".vml")):
        return False
    xml = _in_plain(package.archive.read(path))
    if _NAME not in xml:
        return False
    several = re.search(rb":(?:'?)%b'?!" % _NAME, xml) is not None  # a formula over sheets side by side
    elsewhere = not _FORMULAS_IN.fullmatch(path) and (_NAME + b"!" in xml or b'sheet="%b"' % _NAME in xml)
    return several or elsewhere


def changes(package: Package, headings: Mapping[int, str]) -> Changes:
    """The parts that change where the headings are put in above their rows."""
    where = package.sheets[SETTINGS.name]
    part = SheetPart(package.archive.read(where.path), name=where.name)
    insertion = Insertion(SETTINGS.name, headings, last=max(row.number for row in part.rows()))
    (table,) = where.tables
    xml = package.archive.read(table)
    extent = table_part.extent(xml)
    parts = {where.path: _sheet(part, insertion, headings)}
    parts[table] = table_part.resized(xml, right=extent.right, bottom=insertion.row(extent.bottom))
    parts |= moved_notes.moved(package, where, insertion)
    parts |= dict(_referring(package, insertion, where))
    return Changes({path: [data] for path, data in parts.items() if data != package.archive.read(path)})


def _sheet(part: SheetPart, insertion: Insertion, headings: Mapping[int, str]) -> bytes:
    rows = list(part.rows())
    made = [_rows(part, row, insertion, headings.get(row.number, "")) for row in rows]
    part.tail = _AREAS.sub(
        lambda found: found[1] + insertion.areas(found[2].decode()).encode() + found[3], _rules(part.tail, insertion)
    )
    part.put_rows(made)
    part.set_dimension(1, insertion.row(insertion.last))
    return b"".join(part.xml())


def _rows(part: SheetPart, row: Row, insertion: Insertion, heading: str) -> bytes:
    """A row where it stands afterwards, below its heading if it gets one."""
    number, xml = insertion.row(row.number), part.row_xml(row)
    xml = re.sub(rb"""(<row\b[^>]*?\sr=["'])\d+""", rb"\g<1>%d" % number, xml, count=1)
    xml = re.sub(rb"""(<c\b[^>]*?\sr=["'][A-Z]+)\d+""", rb"\g<1>%d" % number, xml)
    above = _heading_row(part, row, number - 1, heading) if heading else b""
    return above + insertion.formulas_in(xml, here=True)


def _heading_row(part: SheetPart, row: Row, number: int, heading: str) -> bytes:
    """As the row below it looks; 项目 is its first cell."""
    styles = {cell.column: cell.style for cell in part.cells(row)}
    cells = "".join(
        cell_xml(f"{letters(place)}{number}", heading if place == 0 else None, style)
        for place, style in sorted({0: styles.get(0, ""), **styles}.items())
    )
    return f'<row r="{number}">{cells}</row>'.encode()


def _rules(tail: bytes, insertion: Insertion) -> bytes:
    """Conditional formats and drop-downs with their formulas moved; what is for a whole column stays, and looks at its own row."""

    def moved(found: re.Match[bytes]) -> bytes:
        area = re.search(rb"""\ssqref=["']([^"' ]+)""", found[0])
        stays = area is not None and insertion.area(area[1].decode()) == area[1].decode()
        return insertion.formulas_in(found[0], here=True, relative=not stays)

    return _RULE.sub(moved, tail)


def _referring(package: Package, insertion: Insertion, where: Part) -> Iterator[tuple[str, bytes]]:
    """The other parts whose formulas, names and links speak of 设置."""
    for path in package.archive.members:
        if path != where.path and _FORMULAS_IN.fullmatch(path) and "sharedStrings" not in path:
            xml = package.archive.read(path)
            plain = _in_plain(xml)
            if _NAME + b"!" in plain or _NAME + b"'!" in plain:
                yield path, _with_links(insertion.formulas_in(xml, here=False), insertion)


def _with_links(xml: bytes, insertion: Insertion) -> bytes:
    def moved(found: re.Match[bytes]) -> bytes:
        old = unescape(found[2].decode())
        new = insertion.formula(old, here=False)
        return found[0] if new == old else found[1] + between_quotes(new).encode() + found[3]

    return _LOCATION.sub(moved, xml)


def _in_plain(xml: bytes) -> bytes:
    """XML to look into, its signs written as themselves, which some programs write as their numbers."""
    return (
        re.sub(rb"&#(\d{3,7});", lambda one: chr(int(one[1])).encode("utf-8", "replace"), xml) if b"&#" in xml else xml
    )
