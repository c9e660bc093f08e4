"""The workbook part: sheets, defined names, the calculation chain, the shared texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tests.support.package_lint.container import repeated
from tests.support.package_lint.opened_package import MAIN, OpenedPackage

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LONGEST_TEXT, _LONGEST_FORMULA, _LONGEST_NAME = 32_767, 8_192, 255
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[rR]\d*[cC]\d*|[rRcC]")


def workbook_faults(package: OpenedPackage) -> list[str]:
    return [
        *_sheet_faults(package),
        *_view_faults(package),
        *_name_faults(package),
        *_chain_faults(package),
        *_text_faults(package),
    ]


def _sheet_faults(package: OpenedPackage) -> Iterator[str]:
    yield from (f"two sheets are called {name}" for name in repeated(one.name for one in package.sheets))
    yield from (f"two sheets have the id {number}" for number in repeated(one.number for one in package.sheets))
    for one in package.sheets:
        if not one.path:
            yield f"{one.name}: no part belongs to it"
        if not 1 <= len(one.name) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", one.name) or one.name.lower() == "history":
            yield f"{one.name}: Excel takes no such name for a sheet"


def _view_faults(package: OpenedPackage) -> Iterator[str]:
    for view in package.workbook.iterfind(f"{MAIN}bookViews/{MAIN}workbookView"):
        at = int(view.get("activeTab", 0))
        if at >= len(package.sheets) or package.sheets[at].state != "visible":
            yield f"the active sheet ({at}) is hidden or not there"


def _name_faults(package: OpenedPackage) -> Iterator[str]:
    names = list(package.workbook.iterfind(f"{MAIN}definedNames/{MAIN}definedName"))
    scoped = [f"{one.get('name')}@{one.get('localSheetId', '')}" for one in names]
    yield from (f"the name {name} is defined twice" for name in repeated(scoped))
    for one in names:
        name, text = one.get("name", ""), one.text or ""
        if not is_name(name):
            yield f"{name}: Excel takes no such name"
        if not text.strip() or len(text) > _LONGEST_FORMULA:
            yield f"{name}: refers to nothing, or is too long"
        if int(one.get("localSheetId", 0)) >= len(package.sheets):
            yield f"{name}: belongs to a sheet that is not there"


def is_name(name: str) -> bool:
    """Whether Excel takes it for a name, of a range or of a table.

    >>> [is_name(name) for name in ("T_名册", "_xlnm.Print_Area", "A1", "R1C1", "1名", "有 空格", "")]
    [True, True, False, False, False, False, False]
    """
    if name.startswith("_xlnm."):
        return True
    fits = re.fullmatch(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*", name) is not None and len(name) <= _LONGEST_NAME
    return fits and not _LIKE_A_CELL.fullmatch(name)


def _chain_faults(package: OpenedPackage) -> Iterator[str]:
    path = package.related("calcChain")
    if path is None:
        return
    paths = {one.number: one.path for one in package.worksheets}
    formulas: dict[str, set[str]] = {}
    number = ""
    for cell in package.xml(path):
        number = cell.get("i") or number
        if number in paths and number not in formulas:
            cells = package.xml(paths[number]).iter(f"{MAIN}c")
            formulas[number] = {one.get("r", "") for one in cells if one.find(f"{MAIN}f") is not None}
        if cell.get("r") not in formulas.get(number, ()):
            yield f"calcChain: {number}!{cell.get('r')} has no formula"


def _text_faults(package: OpenedPackage) -> Iterator[str]:
    path = package.related("sharedStrings")
    if path is None:
        return
    table = package.xml(path)
    count = len(table.findall(f"{MAIN}si"))
    if int(table.get("uniqueCount", count)) != count:
        yield f"{path}: says that it has {table.get('uniqueCount')} texts and has {count}"
    for text in table:
        yield from (f"{path}: {fault}" for fault in text_faults(text))


def text_faults(element: Element) -> Iterator[str]:
    """Of a text with its runs: its length, and blanks at its ends that would be lost."""
    runs = list(element.iter(f"{MAIN}t"))
    if sum(len((run.text or "").encode("utf-16-le")) // 2 for run in runs) > _LONGEST_TEXT:
        yield "a text is longer than a cell holds"
    for run in runs:
        if run.text and run.text != run.text.strip() and run.get(_SPACE) != "preserve":
            yield f"the blanks of “{run.text[:20]}” are not kept"
