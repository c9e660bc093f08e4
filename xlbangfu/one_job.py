"""What a process sets for itself that does one thing and ends, as a command and a click do."""

from __future__ import annotations

import gc

_MANY = 50_000  # objects made and not yet let go


def collect_garbage_seldom() -> None:
    """Look for garbage in circles a seventieth as often: importing makes many objects that stay, and next to no circles.
    Call it before the imports; it took a twentieth of a run to look through them again and again."""
    gc.set_threshold(_MANY)
