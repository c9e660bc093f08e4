"""Files that staff send, read to grids: .xlsx, .xlsm, .xls, .et, .ods, text tables, web pages and XML 2003 under any name."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.documents.importing.grid import File

__all__ = ["read_file"]


def read_file(path: Path) -> File:
    """The sheets of a file, hidden ones too.

    Raises UnreadableFile with one sentence for what is no table, is encrypted, broken or hostile.
    """
    raise NotImplementedError(path)
