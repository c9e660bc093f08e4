"""Windows's own programs by their full paths: by a bare name, one in the current folder would be started before them."""

from __future__ import annotations

import os

TASK_LIST = "tasklist.exe"
POWERSHELL = r"WindowsPowerShell\v1.0\powershell.exe"


def system_program(name: str) -> str:
    """Where a program of System32 is."""
    windows = os.environ.get("SYSTEMROOT", r"C:\Windows")
    return rf"{windows}\System32\{name}"
