"""``python -P -m xlbangfu.window [BOOK]``: what the shortcut on the desktop starts, also under pythonw."""

from __future__ import annotations

import sys
from pathlib import Path

from xlbangfu.errors import BangfuError
from xlbangfu.window import open_window


def main() -> int:
    try:
        open_window(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except BangfuError as problem:
        if sys.stderr is not None:  # pythonw has none
            sys.stderr.write(f"{problem}\n")
        return 2
    return 0


sys.exit(main())
