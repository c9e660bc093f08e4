"""Where this computer's user has the desktop, and where a new master lies best."""

from __future__ import annotations

import re
from pathlib import Path

from xlbangfu.doctor.machine import Machine
from xlbangfu.doctor.workbook_checks import is_in_cloud

_SHELL_FOLDERS = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


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


def master_folder(machine: Machine, desktop: Path, file: str) -> Path:
    """The desktop, or a folder of the user's own where the desktop is synchronised with a cloud."""
    return machine.home / "帮扶" if is_in_cloud(machine, desktop / file) else desktop
