"""One worksheet: the order of its elements, its rows and cells, and what is said of ranges of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.etree.ElementTree import Element

from tests.support.package_lint.cells import cell_faults
from tests.support.package_lint.opened_package import MAIN, RELATION_ID, OpenedPackage, corners, overlap
from tests.support.package_lint.styles import StyleCounts
from tests.support.package_lint.validations import validation_faults

ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]
_SEVERAL = ("conditionalFormatting",)
_MOST_LINKS = 65_530
_LONGEST_HEADER = 255


@dataclass(frozen=True)
class SheetContext:
    """What a sheet may refer to: formats, shared texts, its relations by id, the names of the sheets."""

    styles: StyleCounts
    shared_texts: int
    relations: frozenset[str]
    sheets: frozenset[str]


_KNOWN: dict[tuple[bytes, SheetContext], tuple[str, ...]] = {}


def sheet_faults(package: OpenedPackage, path: str, context: SheetContext) -> tuple[str, ...]:
    """The faults of one sheet's XML."""
    known_by = (package.digest(path), context)
    if known_by not in _KNOWN:
        _KNOWN[known_by] = _faults(package.xml(path), context)
    return _KNOWN[known_by]


def _faults(sheet: Element, context: SheetContext) -> tuple[str, ...]:
    return (
        *_order_faults(sheet),
        *_column_faults(sheet, context.styles.cells),
        *cell_faults(sheet, context.styles.cells, context.shared_texts),
        *_merge_faults(sheet),
        *_condition_faults(sheet, context.styles.conditions),
        *validation_faults(sheet),
        *_link_faults(sheet, context),
        *_part_faults(sheet, context.relations),
        *_header_faults(sheet),
    )


def _order_faults(sheet: Element) -> Iterator[str]:
    tags = [one.tag.removeprefix(MAIN) for one in sheet if one.tag.startswith(MAIN)]
    unknown = [tag for tag in tags if tag not in ORDER]
    yield from (f"has an element {tag}, which Excel does not know" for tag in unknown)
    places = [ORDER.index(tag) for tag in tags if tag in ORDER]
    if places != sorted(places):
        yield f"its elements are out of order: {' '.join(tags)}"
    yield from (f"has {tag} twice" for tag in set(tags) if tags.count(tag) > 1 and tag not in _SEVERAL)


def _column_faults(sheet: Element, formats: int) -> Iterator[str]:
    columns = sheet.find(f"{MAIN}cols")
    if columns is not None and not len(columns):
        yield "its list of columns is empty"
    last = 0
    for one in columns if columns is not None else ():
        first, until = int(one.get("min", 0)), int(one.get("max", 0))
        if first <= last or until < first or until > 16_384:
            yield f"the columns {first} to {until} overlap others, or are none"
        last = until
        if not 0 <= float(one.get("width", 8)) <= 255 or int(one.get("style", 0)) >= formats:
            yield f"the columns {first} to {until} have a width or a format that cannot be"


def _merge_faults(sheet: Element) -> Iterator[str]:
    merged = sheet.find(f"{MAIN}mergeCells")
    if merged is None:
        return
    if not len(merged) or int(merged.get("count", len(merged))) != len(merged):
        yield "the count of merged cells is wrong, or 0"
    places = [corners(one.get("ref", "")) for one in merged]
    if None in places:
        yield "a range of merged cells is none"
    if any(overlap(one, other) for one, other in combinations([place for place in places if place], 2)):
        yield "merged cells overlap"


def _condition_faults(sheet: Element, formats: int) -> Iterator[str]:
    for block in sheet.iterfind(f"{MAIN}conditionalFormatting"):
        if not all(corners(one) for one in block.get("sqref", "").split()):
            yield f"a condition stands on {block.get('sqref')}"
        for rule in block:
            if int(rule.get("dxfId", -1)) >= formats:
                yield f"a condition has the format {rule.get('dxfId')}, which is not there"
            if int(rule.get("priority", 0)) < 1:
                yield "a condition has no priority"


def _link_faults(sheet: Element, context: SheetContext) -> Iterator[str]:
    links = sheet.find(f"{MAIN}hyperlinks")
    if links is None:
        return
    if not 0 < len(links) <= _MOST_LINKS:
        yield f"has {len(links)} links"
    cells = [one.get("ref", "") for one in links]
    if len(set(cells)) != len(cells):
        yield "two links stand on one cell"
    for one in links:
        if one.get(RELATION_ID) is not None and one.get(RELATION_ID) not in context.relations:
            yield f"the link of {one.get('ref')} goes to a relation that is not there"
        name = one.get("location", "").rpartition("!")[0]
        if name and name.strip("'").replace("''", "'") not in context.sheets:
            yield f"the link of {one.get('ref')} goes to a sheet {name}, which is not there"


def _part_faults(sheet: Element, relations: frozenset[str]) -> Iterator[str]:
    for tag in ("drawing", "legacyDrawing", "picture", "tableParts/{0}tablePart"):
        for one in sheet.iterfind(MAIN + tag.format(MAIN)):
            if one.get(RELATION_ID) not in relations:
                yield f"{one.tag.removeprefix(MAIN)} goes to a relation that is not there"
    tables = sheet.find(f"{MAIN}tableParts")
    if tables is not None and (not len(tables) or int(tables.get("count", len(tables))) != len(tables)):
        yield "the count of tables is wrong, or 0"


def _header_faults(sheet: Element) -> Iterator[str]:
    for one in sheet.find(f"{MAIN}headerFooter") or ():
        if len((one.text or "").encode("utf-16-le")) // 2 > _LONGEST_HEADER:
            yield "a header or footer is too long"
