"""A short digest of what the program put on the front page 控制台, so that a later version sees what staff changed there."""

from __future__ import annotations

import hashlib

from xlbangfu.book.reading.headings import cell_text
from xlbangfu.ooxml.addresses import REFERENCE, letters
from xlbangfu.ooxml.package import Package
from xlbangfu.ooxml.worksheet import SheetPart
from xlbangfu.schema import CONSOLE


def digest(package: Package) -> str:
    """Of what stands on the front page as the program made it: the texts of all cells but those that actions write."""
    part = SheetPart(package.archive.read(package.sheets[CONSOLE.name].path), name=CONSOLE.name)
    ours = f"{CONSOLE.name}_"  # what the names of all cells that actions write begin with
    names = [target for name, target in package.names() if name.startswith(ours) and REFERENCE.fullmatch(target)]
    written = {target.replace("$", "") for target in names}
    lines = []
    for row in part.rows():
        for cell in part.cells(row):
            address = f"{letters(cell.column)}{row.number}"
            if cell.filled and f"{CONSOLE.name}!{address}" not in written:
                text = "=" if cell.formula else "".join(cell_text(package, cell).split())
                lines += [f"{address}={text}"] if text else []
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
