"""The schools to measure with, and the time and memory of a whole process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Size:
    """A school to measure with, and what the project asks of it."""

    students: int
    classes: int
    exams: int
    logs: int
    share: float
    memory: int  # MB
    runs: int


SIZES = {
    "S": Size(1_200, 24, 4, 1_000, 0.14, 160, 5),
    "M": Size(3_000, 60, 12, 20_000, 0.10, 220, 3),
    "L": Size(12_000, 200, 24, 200_000, 0.07, 1_000, 1),
}


@dataclass(frozen=True)
class Taken:
    """Wall seconds, peak memory (MB) and seconds of processor time, user and system, of one whole process."""

    seconds: float
    memory: float
    processor: float


def taken(command: Sequence[str], environment: dict[str, str] | None = None) -> Taken:
    """Run a command and measure it from outside."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    if hasattr(os, "wait4"):
        _, status, usage = os.wait4(process.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        process.returncode = code
        memory = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        processor = usage.ru_utime + usage.ru_stime
    else:
        code, memory, processor = process.wait(), float("nan"), float("nan")
    seconds = time.perf_counter() - started
    if code not in (0, 1):
        raise SystemExit(f"{command} ended with {code}")
    return Taken(seconds, memory, processor)


def master(size: Size, folder: Path) -> Path:
    """A filled master of this size."""
    book = folder / "master.xlsm"
    numbers = ("students", "classes", "exams", "logs")
    options = [part for name in numbers for part in (f"--{name}", str(getattr(size, name)))]
    subprocess.run(
        [sys.executable, "-m", "xlbangfu", "new", str(book), "--sample", *options],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return book
