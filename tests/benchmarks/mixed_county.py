"""A county of a thousand schools, as they hand in: ``python -m tests.benchmarks.mixed_county --schools 1000`` (by hand).

Returns of two terms and masters, some damaged, doubled or of an older version; ``xlbangfu county`` is killed in the middle, run
again, run a second time, and once more after a few files changed. Every figure of 汇总.xlsx is compared with one plain pandas
computation over all returns, a master's being the one that its own button makes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from msgspec.structs import replace

from tests.support.mixed_county import EVERY, TERM, computed, differences, plain_rows, shown, write_mixed
from xlbangfu.county.made_county import made_return
from xlbangfu.documents.bureau_return import as_bytes

CHANGED = 5


def main(schools: int, workers: int, every: int) -> None:
    with TemporaryDirectory() as place:
        folder, out, keep = Path(place) / "收到的", Path(place) / "汇总.xlsx", Path(place) / "已读"
        command = [sys.executable, "-m", "xlbangfu", "county", str(folder), "--out", str(out), "--keep", str(keep)]
        command += ["--workers", str(workers)]
        masters = write_mixed(folder, schools, every)
        files = sum(path.is_file() for path in folder.rglob("*"))
        print(f"{schools} schools, {files} files, {len(masters)} of them masters", flush=True)

        print(f"killed when {_killed(command, keep, files // 2)} of them were read", flush=True)
        _told("went on", command, keep)
        _told("second run", command, keep)
        _compare(folder, out, Path(place))
        for number in range(CHANGED):
            made = replace(made_return(number), school=f"改了名的学校{number}")
            next((folder / TERM).glob(f"上报_{made.code}_*")).write_bytes(as_bytes(made))
        _told(f"{CHANGED} changed", command, keep)


def _killed(command: Sequence[str], keep: Path, enough: int) -> int:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and _read(keep) < enough:
        sleep(0.02)
    process.kill()
    process.wait()
    return _read(keep)


def _read(keep: Path) -> int:
    return sum(1 for _ in keep.rglob("*.json"))


def _told(name: str, command: Sequence[str], keep: Path) -> None:
    before, start = _read(keep), perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    print(
        f"{name}: {perf_counter() - start:.1f} s, {_read(keep) - before} files read. {done.stdout.strip()}", flush=True
    )


def _compare(folder: Path, out: Path, place: Path) -> None:
    start = perf_counter()
    plain = computed(plain_rows(folder, place))
    seconds = perf_counter() - start
    found = differences(plain, shown(out))
    figures = sum(map(len, (plain.whole, plain.groups, plain.schools, plain.trend)))
    print(f"plain pandas: {seconds:.1f} s; {figures} figures and rows compared, {len(found)} differ", flush=True)
    if found:
        raise SystemExit("\n".join(found[:20]))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--schools", type=int, default=1000)
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--every", type=int, default=EVERY, help="of so many schools one hands in its master")
    typed = arguments.parse_args()
    main(typed.schools, typed.workers, typed.every)
