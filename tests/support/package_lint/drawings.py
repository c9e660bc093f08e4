"""Drawings: ids that come once in each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.package_lint.container import repeated
from tests.support.package_lint.opened_package import OpenedPackage

_SHAPE = "{urn:schemas-microsoft-com:vml}shape"
_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}cNvPr"


def drawing_faults(package: OpenedPackage) -> Iterator[str]:
    for name in package.parts:
        tag = _PROPERTIES if re.search(r"drawings/drawing\d+\.xml$", name) else _SHAPE if name.endswith(".vml") else ""
        ids = [one.get("id", "") for one in package.xml(name).iter(tag)] if tag else []
        yield from (f"{name}: the id {one} comes twice" for one in repeated(ids))
