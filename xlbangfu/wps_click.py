"""``python -P -m xlbangfu.wps_click NUMBER``: what the launcher for WPS starts when a button was clicked.

The macro leaves a request of that number, which names the action and the workbook; it is read once and removed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import time

from xlbangfu import buttons
from xlbangfu.errors import BadArgument, BangfuError, fallback_dialog
from xlbangfu.errors.messages import sentence_of

_FRESH = 600.0  # seconds that a request left by a click may wait; older ones are of clicks that came to nothing
_NOT_READ = "没有读到 WPS 里点了哪个按钮，什么也没有改动；请再点一次，还不行就运行“体检”（xlbangfu doctor）。"


@dataclass(frozen=True)
class Request:
    action: str
    workbook: str


def folder() -> Path:
    """Where the macros of WPS leave requests; the launcher is there, too (``setup_machine.wps_launcher``)."""
    return Path.home() / ".xlbangfu" / "wps"


def take(number: str) -> Request:
    """The request of a click; it and those that nobody took are removed. Raises BadArgument where there is none."""
    for path in folder().glob("*.json"):
        if time() - path.stat().st_mtime > _FRESH:
            path.unlink(missing_ok=True)
    if not number.isdecimal():
        raise BadArgument(_NOT_READ)
    path = folder() / f"{number}.json"
    try:
        said = json.loads(path.read_bytes())
        path.unlink()
        return Request(str(said["action"]), str(said["workbook"]))
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise BadArgument(_NOT_READ) from problem


def run(number: str) -> int:
    """Do what was clicked; 0 if it ran, 2 if it could not."""
    try:
        request = take(number)

        from xlbangfu.book.live.wps import WpsUI

        ui = WpsUI(request.workbook)
    except (BangfuError, ImportError) as problem:
        fallback_dialog.show(sentence_of(problem), "")
        return 2
    return buttons.click(request.action, ui)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1] if len(sys.argv) > 1 else ""))
