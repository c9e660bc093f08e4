"""Staff's hand on a screen of its own: a virtual display, a real LibreOffice on it, a mouse.

UNO is only asked to look and to wait; what an action starts with is always the mouse.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1400, 1300
PATIENCE = 120.0
LOADING = 300.0  # seconds that LibreOffice may take to start and to load


class Screen:
    """A virtual display; ``shot`` keeps pictures of it in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        reading, writing = os.pipe()
        # -noreset: a LibreOffice with a new profile starts twice, and would find a server that is being reset in between.
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-noreset", "-screen", "0", f"{WIDTH}x{HEIGHT}x24"],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"

    def close(self) -> None:
        self._server.terminate()
        self._server.wait(10)

    def do(self, *words: object) -> str:
        made = subprocess.run(
            ["xdotool", *map(str, words)], env=self.environment, capture_output=True, text=True, check=False
        )
        return made.stdout

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def click(self, x: int, y: int) -> None:
        """As slowly as a hand: a button that is still being drawn misses a quick one."""
        self.do("mousemove", x, y, "sleep", "0.3", "mousedown", "1", "sleep", "0.15", "mouseup", "1")

    def focus(self, title: str) -> None:
        """What a window manager would do when a window is clicked."""
        for number in self.do("search", "--onlyvisible", "--name", title).split():
            self.do("windowfocus", "--sync", number)

    def shot(self, name: str) -> Path:
        path = self.folder / f"{name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        return path

    def window(self, title: str) -> tuple[int, int, int, int] | None:
        """Place and size of the visible window with this title."""
        for number in self.do("search", "--onlyvisible", "--name", f"^{title}$").split():
            told = dict(
                line.split("=") for line in self.do("getwindowgeometry", "--shell", number).split() if "=" in line
            )
            if told:
                return int(told["X"]), int(told["Y"]), int(told["WIDTH"]), int(told["HEIGHT"])
        return None

    def confirm(self, title: str, *, leftwards: int = 0) -> None:
        """A click on the button at the middle of a message box's foot, or so many pixels left of it."""
        place = wait_for(lambda: self.window(title))

        def closed() -> bool:
            x, y, width, height = place
            self.click(x + width // 2 - leftwards, y + height - 17)
            return any(self._has_gone(title, place) for _ in range(10))

        wait_for(closed)

    def _has_gone(self, title: str, place: tuple[int, int, int, int]) -> bool:
        time.sleep(0.1)
        return self.window(title) != place


def wait_for(look: Callable[[], Any], patience: float = PATIENCE) -> Any:
    deadline = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError("what was waited for did not come")
        time.sleep(0.2)
    return found


class OpenBook:
    """A workbook opened by ``xlbangfu open`` on a screen."""

    def __init__(self, path: Path, home: Path, screen: Screen, *, python: str = sys.executable) -> None:
        self.path, self.home, self.screen, self._python = path, home, screen, python
        self.seen: Any = None  # what a test found last in the sheets, where nothing has been clicked or typed since
        self.open()

    def open(self) -> None:
        """As staff do, by the command."""
        environment = {**self.screen.environment, "HOME": str(self.home)}
        command = [self._python, "-m", "xlbangfu", "open", str(self.path)]
        self.answer = subprocess.run(
            command, env=environment, capture_output=True, text=True, encoding="utf-8", check=True, timeout=LOADING
        ).stdout
        from xlbangfu.book.libreoffice import connect

        self.app = connect(self._pipe())
        self.book = next(book for book in self.app.books if Path(book.fullname) == self.path)

    def save_by_keyboard(self) -> None:
        """Ctrl+S; nothing is asked."""
        self.screen.focus(self.path.name)
        self.screen.do("key", "ctrl+s")
        wait_for(lambda: not self.book.api.isModified())

    def close(self) -> None:
        """The workbook closed. LibreOffice itself stays or goes with its last one: to the answer it may owe nobody waits."""
        try:
            self.book.api.close(True)
        except Exception as gone:
            if type(gone).__name__ != "DisposedException":  # a class that only a running LibreOffice has
                raise

    @property
    def shapes(self) -> int:
        """How many things stand on 控制台."""
        return int(self.book.sheets["控制台"].api.getDrawPage().getCount())

    def click_and_dismiss(self, caption: str, titles: Sequence[str]) -> str:
        """A click, and Escape in whatever it opens; the title of the first window that came."""
        self.click(caption)
        there = wait_for(lambda: self._first_of(titles))
        first = str(there)
        while there:
            self.screen.focus(there)
            self.screen.do("key", "Escape")
            time.sleep(1.5)
            there = self._first_of(titles)
        return first

    def _first_of(self, titles: Sequence[str]) -> str:
        return next((title for title in titles if self.screen.window(title)), "")

    def _pipe(self) -> str:
        import zlib

        return f"xlbangfu{zlib.crc32(str(self.home / '.xlbangfu' / 'libreoffice').encode()):08x}"

    @property
    def log(self) -> str:
        path = self.home / ".xlbangfu" / "错误.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def place_of(self, caption: str) -> tuple[int, int]:
        """Where a button stands on the screen."""
        controller = self.book.api.getCurrentController()
        page = self.book.sheets["控制台"].api.getDrawPage()
        for index in range(page.getCount()):
            model = getattr(page.getByIndex(index), "Control", None)
            if model is not None and model.Label == caption:
                seen = controller.getControl(model).getAccessibleContext()
                corner, size = seen.getLocationOnScreen(), seen.getSize()
                return corner.X + size.Width // 2, corner.Y + size.Height // 2
        raise AssertionError(f"no button {caption}")

    def click(self, caption: str) -> None:
        """Click a button of 控制台; where the last action left staff elsewhere, they go back first."""
        if self.book.sheets.active.name != "控制台":
            self.book.sheets["控制台"].activate()
            time.sleep(1)
        self.screen.focus(self.path.name)
        self.screen.click(*self.place_of(caption))

    def runs(self) -> list[Any]:
        """What 运行记录 says was done."""
        column = self.book.sheets["运行记录"].used_range.options(ndim=2).value
        return [row[1] for row in column[1:] if row[1]]

    def quit(self) -> None:
        with suppress(Exception):  # it may be gone already, as some tests want it
            self.app.kill()


@contextmanager
def screen_in(folder: Path) -> Iterator[Screen]:
    folder.mkdir(parents=True, exist_ok=True)
    screen = Screen(folder)
    try:
        yield screen
    finally:
        screen.close()
