"""Sentences on a terminal, whatever code page it has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence


def say(lines: Sequence[str]) -> None:
    """Print lines; a terminal that lacks a character shows a question mark, never an error."""
    out = sys.stdout
    encoding = out.encoding or "utf-8"
    for line in lines:
        out.write(line.encode(encoding, errors="replace").decode(encoding) + "\n")


def readable_streams() -> None:
    """Make both streams forgiving, whatever code page the terminal has."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
