"""xlbangfu: 学困生帮扶 in one Excel workbook, with buttons, and for analysts as pandas DataFrames (``open_book``)."""

from __future__ import annotations

import sys

__version__ = "0.3.0"

# ``python -m xlbangfu…`` puts the current folder first on the path, and a polars.py beside a workbook would be imported
# from there. The launchers start Python with -P; this is for what is typed, and for the macros of earlier versions. While
# Python looks for the module that -m names, and only then, "-m" stands in argv.
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    del sys.path[0]

TYPE_CHECKING = False  # typing itself takes a click longer to import
if TYPE_CHECKING:
    from pathlib import Path

    from xlbangfu.analysis import SchoolBook

__all__ = ["__version__", "open_book"]


def open_book(path: str | Path) -> SchoolBook:
    """A master workbook for pandas: ``open_book("帮扶总表.xlsm")["成绩"]`` is a DataFrame. See ``xlbangfu.analysis.SchoolBook``.

    Raises NotAWorkbook for a file that is none, WrongWorkbook for a workbook that is no master, both with one Chinese
    sentence that says what to do.
    """
    from xlbangfu.analysis import SchoolBook  # here and not above: a click has no use for pandas

    return SchoolBook(path)
