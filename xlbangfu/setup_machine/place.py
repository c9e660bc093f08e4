"""Where setup works: a platform, a home, a desktop, and a way to run a command. Tests make their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbangfu.doctor.machine import Machine, Platform

Run = Callable[[Sequence[str], Mapping[str, str]], bool]
_SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
_PATIENCE = 120  # seconds
if sys.platform == "win32":
    _NO_WINDOW = subprocess.CREATE_NO_WINDOW
else:
    _NO_WINDOW = 0


@dataclass(frozen=True, kw_only=True)
class Place:
    """``run`` starts a command with more environment variables and says whether it went well."""

    platform: Platform
    home: Path
    desktop: Path
    interpreter: Path
    machine: Machine
    run: Run

    @classmethod
    def here(cls, machine: Machine) -> Place:
        """This computer and its user."""
        return cls(
            platform=machine.platform,
            home=machine.home,
            desktop=desktop(machine),
            interpreter=machine.interpreter.path,
            machine=machine,
            run=_run,
        )


def desktop(machine: Machine) -> Path:
    """The user's desktop, wherever Windows or the Linux desktop has put it."""
    if machine.platform == "windows":
        folder = machine.registry(_SHELL_FOLDERS, "Desktop")
        if isinstance(folder, str) and folder:
            return Path(re.sub(r"%([^%]+)%", lambda found: machine.environment(found[1]) or found[0], folder))
    if machine.platform == "linux":
        names = machine.text(machine.home / ".config/user-dirs.dirs") or ""
        found = re.search(r'^XDG_DESKTOP_DIR="([^"]+)"', names, re.MULTILINE)
        if found:
            return Path(found[1].replace("$HOME", str(machine.home)))
        if machine.exists(machine.home / "桌面"):
            return machine.home / "桌面"
    return machine.home / "Desktop"


def _run(command: Sequence[str], more: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(
            command, env={**os.environ, **more}, capture_output=True, timeout=_PATIENCE, creationflags=_NO_WINDOW
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
