"""What a process sets for itself that does one thing and ends, as a command and a click do."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_MANY = 200_000  # objects made and not yet let go
# polars imports it to ask for a plug-in of Iceberg; half of what makes e-mails comes with it.
_SELDOM_USED = "importlib.metadata"


def collect_garbage_seldom() -> None:
    """Look for garbage in circles a three-hundredth as often: importing makes many objects that stay, and next to no circles.
    Call it before the imports; it took a twentieth of a run to look through them again and again."""
    gc.set_threshold(_MANY)


def import_late(name: str = _SELDOM_USED) -> None:
    """Let a module be imported when something in it is asked for, and not when it is named; call it before it is."""
    if name in sys.modules:
        return
    parent, _, short = name.rpartition(".")
    waiting = ModuleType(name)

    def attribute(wanted: str) -> Any:
        if sys.modules.get(name) is waiting:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    vars(waiting)["__getattr__"] = attribute  # of the module (PEP 562)
    sys.modules[name] = waiting
    setattr(import_module(parent), short, waiting)
