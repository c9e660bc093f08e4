"""What makes Excel offer to repair a workbook, looked for in the package: ids, order, names, counts, references, lengths.

Rows and columns are counted from 1. A fault is a sentence that begins with the part. What was looked at once is not looked at
again: a test that writes one sheet of a large master pays for that sheet.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.support.package_lint.container import container_faults
from tests.support.package_lint.drawings import drawing_faults
from tests.support.package_lint.opened_package import OpenedPackage
from tests.support.package_lint.sheets import SheetContext, sheet_faults
from tests.support.package_lint.styles import StyleCounts, style_faults
from tests.support.package_lint.tables import table_faults
from tests.support.package_lint.workbook_part import workbook_faults

__all__ = ["is_package", "lint"]


def is_package(path: Path) -> bool:
    """Whether it is a workbook at all: neither encrypted nor empty."""
    return path.suffix.lower() in (".xlsx", ".xlsm") and zipfile.is_zipfile(path)


def lint(path: Path) -> list[str]:
    """The faults of a workbook, none where Excel has nothing to repair."""
    package = OpenedPackage.of(path)
    found = container_faults(package)
    if found or package.workbook_path is None:  # without its parts nothing more can be said
        return found or ["the package has no workbook"]
    found += workbook_faults(package)
    found += style_faults(package)
    counts = StyleCounts.of(package)
    for sheet in package.worksheets:
        context = SheetContext(
            styles=counts,
            shared_texts=package.shared_text_count,
            relations=frozenset(package.relations(sheet.path)),
            sheets=frozenset(one.name for one in package.sheets),
        )
        found += [f"{sheet.name}: {fault}" for fault in sheet_faults(package, sheet.path, context)]
    found += table_faults(package, counts)
    return [*found, *drawing_faults(package)]
