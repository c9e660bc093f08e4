"""pip as the one way to fetch and build: it knows the mirrors and the cache of whoever makes the package."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


class BundleFailure(Exception):
    """One sentence: why there is no package and what to do."""


def pip(command: str, folder: Path, *options: str) -> None:
    """``pip download`` or ``pip wheel`` into a folder. Raises BundleFailure with pip's last word."""
    into = "--wheel-dir" if command == "wheel" else "--dest"
    quiet = ("--quiet", "--disable-pip-version-check", "--no-deps", into, str(folder))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pip", command, *quiet, *options],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
    )  # fmt: skip
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        last = errors[-1] if errors else done.stderr.strip()[-300:]
        raise BundleFailure(f"下载或打包没有成功，请检查网络，再运行一次。pip 说：{last}")
