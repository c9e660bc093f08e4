"""One command of the program in a process of its own, with little memory and little time, and what came of it."""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

MEMORY = 1 << 30  # bytes
SECONDS = 60
OUTPUT, PEAK = "说了什么.txt", "内存.txt"
_PRELOADED = ["xlbangfu.cli.main", "xlbangfu.cli.making", "polars", "python_calamine", "openpyxl", __name__]


@dataclass(frozen=True)
class End:
    """``code`` is negative for a signal, None where time was up; ``memory`` the most that it held, in bytes."""

    code: int | None
    said: str
    memory: int


def run(arguments: Sequence[str], folder: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> End:
    """``xlbangfu …`` in a folder. What it says goes to a file there."""
    process = _server().Process(target=_inside, args=(list(arguments), str(folder), memory))
    process.start()
    process.join(seconds)
    late = process.exitcode is None
    if late:
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
    context.set_forkserver_preload(_PRELOADED)
    return context


def _inside(arguments: list[str], folder: str, memory: int) -> None:
    os.chdir(folder)
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
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
