"""Show a file or a folder in the program that the system has for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def show(path: Path) -> bool:
    """Whether it could be shown."""
    if not path.exists():
        return False
    try:
        if sys.platform == "win32":
            os.startfile(path)
        else:
            subprocess.Popen(["open" if sys.platform == "darwin" else "xdg-open", path])
    except OSError:
        return False
    return True
