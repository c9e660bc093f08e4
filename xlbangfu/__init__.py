"""xlbangfu: 学困生帮扶 in one Excel workbook, with buttons."""

import sys

__version__ = "0.3.0"

# ``python -m xlbangfu…`` puts the current folder first on the path, and a polars.py beside a workbook would be imported
# from there. The launchers start Python with -P; this is for what is typed, and for the macros of earlier versions. While
# Python looks for the module that -m names, and only then, "-m" stands in argv.
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    del sys.path[0]
