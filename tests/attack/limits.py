"""One command of the program in a process of its own, with little memory and little time, and what came of it."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from pkgutil import walk_packages

MEMORY = 1 << 30  # bytes
SECONDS = 60  # of the processor; on a busy machine that may be much longer by the clock
_BY_THE_CLOCK = 600
OUTPUT, PEAK = "说了什么.txt", "内存.txt"
_LATE = (
    "actions",
    "book.closed",
    "book.reading",
    "cli",
    "doctor",
    "documents",
    "front_page",
    "rules",
)  # what commands import


@dataclass(frozen=True)
class End:
    """``code`` is negative for a signal, None where time was up; ``memory`` the most that it held, in bytes."""

    code: int | None
    said: str
    memory: int


def run(arguments: Sequence[str], folder: Path) -> End:
    """``xlbangfu …`` in a folder. What it says goes to a file there."""
    process = _server().Process(target=_inside, args=(list(arguments), str(folder)))
    process.start()
    process.join(_BY_THE_CLOCK)
    late = process.exitcode in (None, -signal.SIGXCPU)
    if process.exitcode is None:
        process.kill()
        process.join()
    said = folder / OUTPUT
    peak = folder / PEAK
    return End(
        code=None if late else process.exitcode,
        said=said.read_text(encoding="utf-8", errors="replace") if said.exists() else "",
        memory=int(peak.read_text()) if peak.exists() else 0,
    )


def _server() -> ForkServerContext:
    """Forked from a process that has imported the program and done nothing yet: a case costs no start."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_modules()))
    return context


@cache
def _modules() -> tuple[str, ...]:
    """This module, and all that a command may import after it has begun."""
    import xlbangfu

    found = (module.name for module in walk_packages(xlbangfu.__path__, "xlbangfu."))
    late = tuple(f"xlbangfu.{part}" for part in _LATE)
    return (
        __name__,
        "python_calamine",
        "openpyxl",
        *(name for name in found if name.startswith(late) and not name.endswith("__main__")),
    )


def _inside(arguments: list[str], folder: str) -> None:
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.open(OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, descriptor in ((0, nothing), (1, out), (2, out)):
        os.dup2(descriptor, stream)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(at, mode) for at, mode in ((0, "r"), (1, "w"), (2, "w")))
    code = 70
    try:
        from xlbangfu.cli import main

        code = main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 70
    finally:
        for stream_object in (sys.stdout, sys.stderr):
            stream_object.flush()
        used = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        Path(PEAK).write_text(str(max(used) * 1024))
    os._exit(code)
