"""The styles: counts that are true, and numbers of fonts, fills and borders that exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tests.support.package_lint.container import repeated
from tests.support.package_lint.opened_package import MAIN, OpenedPackage

_COUNTED = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs")
_PARTS = (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))
_MOST = 65_490


@dataclass(frozen=True)
class StyleCounts:
    """How many cell formats and how many formats of conditions there are."""

    cells: int = 1
    conditions: int = 0

    @classmethod
    def of(cls, package: OpenedPackage) -> StyleCounts:
        path = package.related("styles")
        styles = package.xml(path) if path else None
        return cls(_count(styles, "cellXfs"), _count(styles, "dxfs")) if styles is not None else cls()


def style_faults(package: OpenedPackage) -> list[str]:
    path = package.related("styles")
    return [f"{path}: {fault}" for fault in _faults(package.xml(path))] if path else []


def _faults(styles: Element) -> Iterator[str]:
    for name in _COUNTED:
        group = styles.find(f"{MAIN}{name}")
        if group is not None and int(group.get("count", len(group))) != len(group):
            yield f"says that there are {group.get('count')} {name} and has {len(group)}"
    for format_ in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf"):
        for attribute, group_name in _PARTS:
            if int(format_.get(attribute, 0)) >= _count(styles, group_name):
                yield f"a format has the {attribute} {format_.get(attribute)}, which is not there"
    numbers = [one.get("numFmtId", "") for one in styles.iterfind(f"{MAIN}numFmts/{MAIN}numFmt")]
    yield from (f"the number format {one} comes twice" for one in repeated(numbers))
    if _count(styles, "cellXfs") > _MOST:
        yield "there are more formats than Excel takes"


def _count(styles: Element, group: str) -> int:
    found = styles.find(f"{MAIN}{group}")
    return 0 if found is None else len(found)
