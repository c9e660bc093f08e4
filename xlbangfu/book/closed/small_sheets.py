"""python-calamine on the sheets of a file that are not read straight from their XML.

It holds a copy of what it is given. So the large sheets are left out, until one of them is asked for after all.
"""

from __future__ import annotations

import io
from typing import Any

from xlbangfu.book.reading import fast_reader
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.package import Package, Part


class SmallSheets:
    """The sheets of a package as python-calamine gives them."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._absent = frozenset(part.path for part in package.sheets.values() if self._is_large(part))
        self._reader: Any = None

    def __getitem__(self, part: Part) -> Any:
        if part.path in self._absent:
            self._absent, self._reader = frozenset(), None
        if self._reader is None:
            from python_calamine import CalamineWorkbook

            self._reader = CalamineWorkbook.from_filelike(self._file())
        return self._reader.get_sheet_by_name(part.name)

    def _is_large(self, part: Part) -> bool:
        return self._package.archive.members[part.path].info.file_size >= fast_reader.LEAST

    def _file(self) -> io.BytesIO:
        if not self._absent:
            return io.BytesIO(self._package.archive.data[:])
        target = io.BytesIO()
        archive.write(self._package.archive, {}, self._absent, target)
        target.seek(0)
        return target
