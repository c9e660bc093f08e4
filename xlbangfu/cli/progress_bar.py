"""A progress bar that appears only on long work."""

from __future__ import annotations

import sys
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Progress of long work on a terminal; nothing is shown in the first second, nor where no one looks.

    Use as a context manager; call it with a text and a share from 0 to 1.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._started = perf_counter()
        self._wanted = not quiet and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, text: str, done: float) -> None:
        if self._wanted and self._progress is None and perf_counter() - self._started > 1 and done < 1:
            self._show()
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=text, completed=done)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=1.0)
        self._progress.start()

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
