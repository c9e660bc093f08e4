"""``python -m tests.window_places FILE [BOOK]``: the real window, which also writes down where its buttons are.

FILE gets a JSON object a few times a second: ``buttons`` (text: its middle on the screen and whether it is enabled) of
every window that is there, the file dialogs too, ``entries`` (the middles of what can be typed in), ``result`` and ``bar``.
"""

from __future__ import annotations

import json
import sys
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xlbangfu.window import memory
from xlbangfu.window.app import App


def main() -> None:
    places, book = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    root = tk.Tk(className="xlbangfu")
    app = App(root, memory.file(), book)

    def write() -> None:
        beside = places.with_suffix(".new")
        beside.write_text(json.dumps(seen(root, app)), encoding="utf-8")
        beside.replace(places)
        root.after(80, write)

    write()
    root.mainloop()


def seen(root: tk.Tk, app: App) -> dict[str, Any]:
    buttons, entries = {}, []
    for path in walk(root, "."):
        kind = root.tk.call("winfo", "class", path)
        if not root.tk.call("winfo", "viewable", path):
            continue
        if kind in ("TButton", "Button"):
            on = kind == "Button" or not root.tk.call(path, "instate", "disabled")
            buttons[str(root.tk.call(path, "cget", "-text"))] = [*middle(root, path), bool(on)]
        elif kind in ("TEntry", "Entry") and str(root.tk.call(path, "cget", "-state")) == "normal":
            entries.append(middle(root, path))
    return {
        "buttons": buttons,
        "entries": entries,
        "result": app.view.result.content,
        "bar": float(app.view.bar["value"]),
    }


def walk(root: tk.Tk, path: str) -> Iterator[str]:
    yield path
    for child in root.tk.splitlist(root.tk.call("winfo", "children", path)):
        yield from walk(root, str(child))


def middle(root: tk.Tk, path: str) -> list[int]:
    across, down = (int(root.tk.call("winfo", f"root{axis}", path)) for axis in "xy")
    width, height = (int(root.tk.call("winfo", side, path)) for side in ("width", "height"))
    return [across + width // 2, down + height // 2]


if __name__ == "__main__":
    main()
