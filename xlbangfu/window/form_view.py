"""A few lines to fill in, with what each is for: a new workbook, the mailbox."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from tkinter import ttk

from msgspec import Struct

from xlbangfu.window.widgets import button

_WRAP = 560  # pixels
_WIDTH = 44  # characters of a line


class Field(Struct, frozen=True, kw_only=True):
    """A line of a form. ``browse`` gets what stands there and answers what shall stand there ("" for no change)."""

    name: str
    value: str = ""
    help: str = ""
    secret: bool = False
    choices: tuple[str, ...] = ()
    browse: Callable[[str], str] | None = None


class FormView(tk.Toplevel):
    """``check`` answers what is wrong with the lines ("" for nothing); then the view closes and ``decided`` gets them."""

    def __init__(
        self,
        parent: tk.Misc,
        title: str,
        words: str,
        fields: Sequence[Field],
        yes: str,
        *,
        check: Callable[[Mapping[str, str]], str],
        decided: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__(parent)
        self._check, self._decided = check, decided
        self.title(title)
        over = parent.winfo_toplevel()
        self.transient(over)
        self.geometry(f"+{over.winfo_rootx() + 40}+{over.winfo_rooty() + 40}")
        ground = ttk.Frame(self, padding=16)
        ground.pack(fill="both", expand=True)
        ttk.Label(ground, text=title, style="Title.TLabel").pack(anchor="w")
        ttk.Label(ground, text=words, wraplength=_WRAP, justify="left").pack(anchor="w", pady=(4, 10))
        self.entries: dict[str, ttk.Entry] = {}
        self._lines(ground, fields)
        self.fault = ttk.Label(ground, text="", style="Bad.TLabel", wraplength=_WRAP, justify="left")
        self.fault.pack(anchor="w", pady=(8, 0))
        self._buttons(ground, yes)
        self.bind("<Escape>", lambda _: self.destroy())
        self.grab_set()

    @property
    def values(self) -> dict[str, str]:
        return {name: entry.get().strip() for name, entry in self.entries.items()}

    def _lines(self, ground: ttk.Frame, fields: Sequence[Field]) -> None:
        frame = ttk.Frame(ground)
        frame.pack(fill="x")
        frame.columnconfigure(1, weight=1)
        for row, field in enumerate(fields):
            ttk.Label(frame, text=field.name).grid(row=2 * row, column=0, sticky="w", padx=(0, 10), pady=(6, 0))
            entry = self.entries[field.name] = self._entry(frame, field)
            entry.grid(row=2 * row, column=1, sticky="ew", pady=(6, 0))
            if field.browse:
                more = button(frame, f"选{field.name}…", lambda one=field: self._browse(one))  # type: ignore[misc]
                more.grid(row=2 * row, column=2, padx=(8, 0), pady=(6, 0))
            ttk.Label(frame, text=field.help, style="Soft.TLabel", wraplength=_WRAP - 100, justify="left").grid(
                row=2 * row + 1, column=1, columnspan=2, sticky="w"
            )
        next(iter(self.entries.values())).focus_set()

    def _entry(self, frame: ttk.Frame, field: Field) -> ttk.Entry:
        if field.choices:
            entry: ttk.Entry = ttk.Combobox(frame, values=list(field.choices), width=_WIDTH)
        else:
            entry = ttk.Entry(frame, width=_WIDTH, show="●" if field.secret else "")
        entry.insert(0, field.value)
        entry.xview_moveto(1 if field.browse else 0)  # the end of a path is what tells
        entry.bind("<Return>", lambda _: self._agreed())
        return entry

    def _browse(self, field: Field) -> None:
        assert field.browse is not None
        entry = self.entries[field.name]
        if chosen := field.browse(entry.get().strip()):
            entry.delete(0, "end")
            entry.insert(0, chosen)
            entry.xview_moveto(1)

    def _buttons(self, ground: ttk.Frame, yes: str) -> None:
        row = ttk.Frame(ground)
        row.pack(fill="x", pady=(10, 0))
        button(row, "取消", self.destroy).pack(side="right")
        button(row, yes, self._agreed, style="Action.TButton").pack(side="right", padx=8)

    def _agreed(self) -> None:
        if fault := self._check(self.values):
            self.fault.configure(text=fault)
            return
        values = self.values
        self.destroy()
        self._decided(values)
