"""Click to result at S: whole processes, from the start to the end of each, and what each part of one took.

    python -m tests.benchmarks.clicks
    python -m tests.benchmarks.clicks --actions refresh plan --runs 9

A click on a closed file is ``xlbangfu ACTION``; a live one is what the macro starts, ``xlbangfu.buttons``, on a workbook
open in a LibreOffice without a window, up to the moment when its answer would be shown. Whole processes are timed
without the stopwatch; the parts come from further processes with it, and their sum is a little more.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.measuring import SIZES, master, taken

ACTIONS = ("refresh", "validate", "plan", "pair", "undo")
ONLY_LIVE = ("undo",)  # takes back what a button did
RUNS = 5
WARM, COLD = 0.8, 1.5  # seconds that ``refresh`` may take
_WITHOUT = "PYTHONDONTWRITEBYTECODE"

Parts = dict[str, float]


def clicks(folder: Path, *, actions: Sequence[str] = ACTIONS, runs: int = RUNS) -> Iterator[str]:
    """The lines to print; the first says how ``refresh`` does against what is asked of it."""
    book = master(SIZES["S"], folder)
    warm_up(book)
    if "refresh" in actions:
        yield _against_target(folder, book, runs)
    yield "closed file, seconds by part (median of the runs):"
    for action in actions:
        if action not in ONLY_LIVE:
            yield _line(action, [_parts(folder, book, action) for _ in range(runs)])
    if shutil.which("soffice") is None:
        return
    with _office(folder) as pipe:
        yield "open in LibreOffice, seconds by part:"
        for action in actions:
            yield _line(action, [_live_parts(folder, book, pipe, action) for _ in range(max(1, runs // 2))])


def warm_up(book: Path) -> None:
    """Rank the school, as staff have when they click again, with compiled files written whatever the environment says."""
    environment = {name: value for name, value in os.environ.items() if name != _WITHOUT}
    command = [sys.executable, "-m", "xlbangfu", "refresh", str(book), "--json"]
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def _against_target(folder: Path, book: Path, runs: int) -> str:
    command = [sys.executable, "-m", "xlbangfu", "refresh", str(_copy(book, folder)), "--json"]
    warm = [taken(command) for _ in range(runs)]
    cold = [
        taken(command, {"PYTHONPYCACHEPREFIX": str(folder / f"none{number}"), _WITHOUT: "1"})
        for number in range(max(1, runs // 2))
    ]
    return (
        f"click to result at S (refresh): {statistics.median(one.seconds for one in warm):.2f} s warm (at most {WARM}), "
        f"{statistics.median(one.processor for one in warm):.2f} s of processor; "
        f"{statistics.median(one.seconds for one in cold):.2f} s without .pyc files (at most {COLD}); "
        f"{max(one.memory for one in warm):.0f} MB"
    )


def _copy(book: Path, folder: Path) -> Path:
    copy = folder / "click.xlsm"
    shutil.copyfile(book, copy)
    return copy


def _parts(folder: Path, book: Path, action: str) -> Parts:
    return _stopped(action, _copy(book, folder))


def _live_parts(folder: Path, book: Path, pipe: str, action: str) -> Parts:
    """The click on a workbook freshly opened; before ``undo`` marks are changed and ranked, which it can take back."""
    from xlbangfu.book.libreoffice import connect

    copy = _copy(book, folder)
    opened = connect(pipe).books.open(str(copy))
    try:
        if action == "undo":
            _stopped("refresh", copy, pipe)
            _change_marks(opened)
            _stopped("refresh", copy, pipe)
        return _stopped(action, copy, pipe)
    finally:
        opened.close()


def _change_marks(book: Any) -> None:
    """Thirty marks of the newest exam, which move the ranks of its whole 年级."""
    sheet = book.sheets["成绩"]
    last, column = sheet.used_range.shape[0], sheet.used_range.value[0].index("数学") + 1
    sheet.range((last - 29, column), (last, column)).value = [[60.0 + number] for number in range(30)]


def _stopped(action: str, book: Path, pipe: str = "") -> Parts:
    """The parts of one click in a fresh process, with its whole time."""
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.stopwatch",
        str(started),
        action,
        str(book),
        *([pipe] * bool(pipe)),
    ]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    whole = time.monotonic() - started
    if done.returncode:
        raise SystemExit(done.stderr)
    parts: Parts = json.loads(done.stderr.splitlines()[-1])
    return {"whole": whole} | parts


def _line(action: str, runs: Sequence[Parts]) -> str:
    names = dict.fromkeys(name for parts in runs for name in parts)
    middle = {name: statistics.median(parts.get(name, 0.0) for parts in runs) for name in names}
    listed = ", ".join(f"{name} {seconds:.2f}" for name, seconds in middle.items() if name != "whole")
    return f"  {action}: {middle['whole']:.2f} = {listed}"


@contextmanager
def _office(folder: Path) -> Iterator[str]:
    """A LibreOffice without a window; the answer is the name of its pipe."""
    from xlbangfu.book.libreoffice import connect, start_office

    pipe = f"xlbangfubench{os.getpid()}"
    process = start_office(pipe, folder / "profile")
    try:
        app = connect(pipe)
        yield pipe
        app.kill()
    finally:
        process.kill()
        process.wait()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.clicks", description=__doc__)
    options.add_argument("--actions", nargs="+", choices=ACTIONS, default=ACTIONS)
    options.add_argument("--runs", type=int, default=RUNS)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for line in clicks(Path(temporary), actions=wanted.actions, runs=wanted.runs):
            print(line, flush=True)


if __name__ == "__main__":
    main()
