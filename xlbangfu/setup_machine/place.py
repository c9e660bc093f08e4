"""Where setup works: a platform, a home, a desktop, and a way to run a command. Tests make their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbangfu.doctor.desktop import desktop
from xlbangfu.doctor.machine import Machine, Platform

Run = Callable[[Sequence[str], Mapping[str, str]], bool]
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


def _run(command: Sequence[str], more: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(
            command, env={**os.environ, **more}, capture_output=True, timeout=_PATIENCE, creationflags=_NO_WINDOW
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
