"""xlwings as a click needs it, without the libraries that it imports wherever it finds them.

xlwings looks for pandas, numpy, matplotlib and others to convert from and to them; nothing here hands it any of that, and
their import takes longer than all the rest of a click. So they can't be found while xlwings is imported, and can be
afterwards: pairing imports numpy when it runs. A program that has imported one of them already keeps it, and xlwings
converts with it; where xlwings itself is there already, nothing changes.

All of xlbangfu takes xlwings from here; the macros import this module before they import xlwings (``macros``).
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import cast

__all__ = ["HEAVY", "base_classes", "hidden", "xlwings"]

HEAVY = ("PIL", "cryptography", "matplotlib", "numpy", "pandas", "plotly")


@contextmanager
def hidden(packages: Sequence[str]) -> Iterator[None]:
    """Those of the packages that are not imported yet can't be imported here: an attempt is an ImportError."""
    absent = [name for name in packages if name not in sys.modules]
    nothing = cast("ModuleType", None)  # what the import system takes for "not to be found"
    sys.modules.update(dict.fromkeys(absent, nothing))
    try:
        yield
    finally:
        for name in absent:
            if sys.modules.get(name) is None:
                sys.modules.pop(name, None)


with suppress(ImportError):  # where it is missing, whoever needs it says so
    import polars  # noqa: F401 - xlwings imports it, too, and it looks for numpy only once, when it is imported

with hidden(HEAVY):
    import xlwings
    from xlwings import base_classes


def leave_other_programs_running(windows_engine: ModuleType | None) -> None:
    """xlwings ends every Excel without a window when this Python ends, also those that others have started."""
    if windows_engine is not None:
        atexit.unregister(windows_engine.cleanup)


leave_other_programs_running(sys.modules.get("xlwings._xlwindows"))
