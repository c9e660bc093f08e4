"""The environment of a Python that a test starts."""

from __future__ import annotations

import os
from pathlib import Path


def finding(*folders: Path) -> dict[str, str]:
    """This one's, where folders are searched before this checkout (see ``conftest``) and the installed packages."""
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, folders), *([before] if before else [])])}
