"""A screen that nobody looks at (Xvfb), a mouse and a keyboard (xdotool)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

INSTALL = "needs tkinter, Xvfb and xdotool: apt-get install python3-tk xvfb xdotool imagemagick fonts-noto-cjk"
PATIENCE = 40  # seconds


def missing() -> bool:
    return find_spec("_tkinter") is None or any(shutil.which(name) is None for name in ("Xvfb", "xdotool", "import"))


@contextmanager
def screen() -> Iterator[str]:
    """The name of a display of our own, on a number that is free."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class Driver:
    """A window in a process of its own, seen and used as a person would."""

    def __init__(self, display: str, book: Path | None, folder: Path) -> None:
        self._environment = {**os.environ, "DISPLAY": display, "HOME": str(folder)}
        self._places = folder / "places.json"
        self.folder = folder
        command = [
            sys.executable,
            "-m",
            "tests.support.window_places",
            str(self._places),
            *([str(book)] if book else []),
        ]
        self.process = subprocess.Popen(command, env=self._environment, cwd=Path(__file__).parents[2])
        self.wait(lambda seen: "校验" in seen["buttons"])

    def seen(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._places.read_text(encoding="utf-8"))
        return told

    def wait(self, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look until what is seen is so; fail with a picture after a while."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._places.exists() and until(seen := self.seen()):
                return seen
            time.sleep(0.1)
        self.picture("没有等到")
        raise AssertionError(f"not seen in {PATIENCE} s: {self.seen() if self._places.exists() else 'no window'}")

    def click(self, text: str) -> None:
        seen = self.wait(lambda seen: seen["buttons"].get(text, [0, 0, False])[2])
        across, down, _ = seen["buttons"][text]
        self._do("mousemove", str(across), str(down), "click", "1")

    def key(self, *keys: str) -> None:
        self._do("key", *keys)

    def type_into(self, place: list[int], text: str) -> None:
        self._do("mousemove", str(place[0]), str(place[1]), "click", "1")
        self._do("type", "--delay", "5", text)

    def picture(self, name: str) -> Path:
        path = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self._environment, check=True)
        return path

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()

    def _do(self, *command: str) -> None:
        subprocess.run(["xdotool", *command], env=self._environment, check=True)
