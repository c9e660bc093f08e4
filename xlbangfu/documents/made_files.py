"""Whether a file is still as the program made it: what staff have saved since, or have open, is theirs."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from itertools import count
from pathlib import Path

from xlbangfu.late_pattern import late_pattern

_SAVED = late_pattern(rb"<dcterms:(created|modified)[^>]*>([^<]*)<")


def as_made(path: Path) -> bool:
    """Whether no one has the workbook open or has saved it since it was made.

    Every spreadsheet program moves the "modified" date when it saves; on Windows an open file cannot be opened to write.
    """
    try:
        with path.open("r+b") as file, zipfile.ZipFile(file) as package:
            dates = dict(_SAVED.findall(package.read("docProps/core.xml")))
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    return b"created" in dates and dates.get(b"created") == dates.get(b"modified")


def free_place(first: Path, taken: Collection[str] = (), *, over: bool = False) -> Path:
    """The first of name, name_2, name_3 … that is not ``taken`` (case folded) and where nothing of the staff's is; ``over``
    says that whatever is there is replaced."""
    for number in count(1):
        path = first if number == 1 else first.with_stem(f"{first.stem}_{number}")
        if path.name.casefold() not in taken and (over or not path.exists() or as_made(path)):
            return path
    raise AssertionError("count never ends")
