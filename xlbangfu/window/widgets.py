"""Pieces of the window that know nothing of workbooks: a row with a path, a sheet of text."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from pathlib import Path
from tkinter import font, ttk

from xlbangfu.window import theme

Line = tuple[str, str]  # a tag (one of TAGS) and its text
TAGS = {"plain": "#222222", "soft": theme.SOFT, "good": theme.GOOD, "bad": theme.BAD, "next": theme.DEEP}


def button(parent: tk.Misc, text: str, command: Callable[[], None], *, style: str = "TButton") -> ttk.Button:
    """A button that Return presses too, and not only the space bar."""
    made = ttk.Button(parent, text=text, command=command, style=style)
    made.bind("<Return>", lambda _: made.invoke())
    made.bind("<KP_Enter>", lambda _: made.invoke())
    return made


class PathRow:
    """A caption, a path that can be read and copied, and buttons beside it."""

    def __init__(self, parent: tk.Misc, row: int, caption: str) -> None:
        self._parent, self._row = parent, row
        self._text = tk.StringVar(parent)
        ttk.Label(parent, text=caption).grid(row=row, column=0, sticky="w", padx=(0, 8), pady=3)
        entry = ttk.Entry(parent, textvariable=self._text, state="readonly")
        entry.grid(row=row, column=1, sticky="ew", pady=3)
        parent.columnconfigure(1, weight=1)
        self._entry = entry

    def add(self, made: ttk.Button, column: int) -> ttk.Button:
        made.grid(in_=self._parent, row=self._row, column=column, sticky="ew", padx=(6, 0), pady=3)
        return made

    def show(self, path: Path | None, otherwise: str) -> None:
        """The end of a long path is what tells: it is in sight."""
        self._text.set(str(path) if path else otherwise)
        self._entry.xview_moveto(1)


class Sheet(ttk.Frame):
    """Text to read and copy, with a scroll bar."""

    def __init__(self, parent: tk.Misc, *, height: int, width: int = 60) -> None:
        super().__init__(parent)
        family = font.nametofont("TkTextFont", root=self).actual("family")
        self.text = tk.Text(
            self, height=height, width=width, wrap="char", state="disabled", relief="flat", padx=10, pady=8, spacing3=3
        )
        self.text.configure(background=theme.GROUND, font="TkTextFont", takefocus=True, highlightthickness=1)
        for tag, colour in TAGS.items():
            self.text.tag_configure(tag, foreground=colour)
        for tag in ("good", "bad", "next"):
            self.text.tag_configure(tag, font=(family, theme.SIZE, "bold"))
        bar = ttk.Scrollbar(self, command=self.text.yview)
        self.text.configure(yscrollcommand=bar.set)
        self.text.pack(side="left", fill="both", expand=True)
        bar.pack(side="right", fill="y")

    def show(self, lines: Iterable[Line]) -> None:
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        for tag, line in lines:
            self.text.insert("end", line + "\n", tag)
        self.text.configure(state="disabled")

    @property
    def content(self) -> str:
        return self.text.get("1.0", "end").strip()
