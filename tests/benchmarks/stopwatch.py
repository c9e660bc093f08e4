"""One click in this process, with the time of each of its parts: ``python -m tests.benchmarks.stopwatch STARTED ACTION BOOK [PIPE]``.

STARTED is what ``time.monotonic`` said just before this process was begun. The answer is one JSON object: seconds by
part. A part's time is without the parts inside it; what belongs to none of them is "rest". Nothing in the product knows
of this: its functions are wrapped from here.
"""

from __future__ import annotations

import builtins
import importlib
import json
import sys
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

NOW = time.monotonic
BEGAN = NOW()

REST = "rest"
RULES = (
    "school.School.of",
    "ranking.rank",
    "class_figures.class_figures",
    "prizes.award",
    "contacts.contacts",
    "progress.progress",
    "schedule.schedule",
    "plans.plan_rows",
    "pairing.propose",
)
PARTS = {
    "command line": ("cli.main.parser",),
    "connecting": ("book.live.host_ui.host_ui_of",),
    "reading": ("book.closed.closed_book.ClosedBook.read", "book.live.live_book.LiveBook.read"),
    "validation": ("rules.validation.validate",),
    "rules": tuple(f"rules.{name}" for name in RULES),
    "front page": ("actions.reporting._front_page",),
    "writing": ("book.closed.closed_book.ClosedBook.save", "book.live.live_book.LiveBook.save"),
    "backup": ("book.safety.backup.keep", "book.safety.backup.expire"),
    "status bar": ("book.live.live_book.LiveBook.progress",),
}


class Stopwatch:
    """Seconds by part; the part begun last is charged."""

    def __init__(self, parts: dict[str, tuple[str, ...]]) -> None:
        self.seconds: dict[str, float] = {}
        self._waiting = {f"xlbangfu.{path}": part for part, paths in parts.items() for path in paths}
        self._parts = [REST]
        self._since = NOW()

    def around(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time charged to the part."""

        @wraps(function)
        def timed(*positional: Any, **named: Any) -> Any:
            self._turn()
            self._parts.append(part)
            try:
                return function(*positional, **named)
            finally:
                self._turn()
                self._parts.pop()

        return timed

    def importing(self, load: Callable[..., Any]) -> Callable[..., Any]:
        """An import, after which those of the functions that it has brought are timed from then on."""
        timed = self.around("imports", load)

        def loaded(*positional: Any, **named: Any) -> Any:
            module = timed(*positional, **named)
            for path, part in list(self._waiting.items()):
                self._wrap(path, part)
            return module

        return loaded

    def _wrap(self, path: str, part: str) -> None:
        home, _, name = path.rpartition(".")
        module, _, last = home.rpartition(".")
        owner: Any = getattr(sys.modules.get(module), last, None) if last[0].isupper() else sys.modules.get(home)
        if hasattr(owner, name):
            setattr(owner, name, self.around(part, getattr(owner, name)))
            del self._waiting[path]

    def _turn(self) -> None:
        now = NOW()
        part = self._parts[-1]
        self.seconds[part] = self.seconds.get(part, 0.0) + now - self._since
        self._since = now

    def stop(self) -> dict[str, float]:
        self._turn()
        return self.seconds


ASKING = ("plan",)  # commands that take --yes


def _shown(*_: Any, **__: Any) -> bool:
    """A message box whose button is pressed at once."""
    return True


def main(started: float, action: str, book: str, pipe: str = "") -> None:
    """Do the click, and say on the last line of standard error what its parts took."""
    watch = Stopwatch(PARTS)
    builtins.__import__ = watch.importing(builtins.__import__)
    importlib.import_module = watch.importing(importlib.import_module)
    if pipe:
        from xlbangfu import buttons
        from xlbangfu.book.live import host_ui

        host_ui.OfficeUI.say = _shown  # type: ignore[method-assign]  # nobody is there to close the box
        host_ui.OfficeUI.agrees = _shown  # type: ignore[method-assign,assignment]  # nor to answer
        code = buttons.run(action, pipe, book)
    else:
        from xlbangfu import cli

        code = cli.main([action, book, "--json", *(["--yes"] if action in ASKING else [])])
    seconds = {"interpreter": BEGAN - started} | watch.stop()
    sys.stderr.write(json.dumps(seconds) + "\n")
    if code not in (0, 1):
        raise SystemExit(f"{action} ended with {code}")


if __name__ == "__main__":
    main(float(sys.argv[1]), *sys.argv[2:])
