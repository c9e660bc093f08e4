"""A question that an action puts back to staff: yes or no, or a line of text."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from xlbangfu.window.widgets import button

_WRAP = 520  # pixels


class AskView(tk.Toplevel):
    """``answer`` is True or False, or the text (None where staff thought better of it), once the view is closed."""

    def __init__(self, parent: tk.Misc, title: str, question: str, *, wants_text: bool) -> None:
        super().__init__(parent)
        self.answer: bool | str | None = None if wants_text else False
        self.title(title)
        over = parent.winfo_toplevel()
        self.transient(over)
        self.geometry(f"+{over.winfo_rootx() + 60}+{over.winfo_rooty() + 60}")
        ground = ttk.Frame(self, padding=16)
        ground.pack(fill="both", expand=True)
        ttk.Label(ground, text=question, wraplength=_WRAP, justify="left").pack(anchor="w", pady=(0, 12))
        self.entry = ttk.Entry(ground, width=36) if wants_text else None
        if self.entry is not None:
            self.entry.pack(fill="x", pady=(0, 12))
        self._buttons(ground, wants_text=wants_text)
        self.protocol("WM_DELETE_WINDOW", self.destroy)
        self.bind("<Escape>", lambda _: self.destroy())
        self.grab_set()

    def _buttons(self, ground: ttk.Frame, *, wants_text: bool) -> None:
        row = ttk.Frame(ground)
        row.pack(fill="x")
        no = button(row, "取消" if wants_text else "否", self.destroy)
        no.pack(side="right")
        yes = button(row, "确定" if wants_text else "是", self._agreed, style="Action.TButton")
        yes.pack(side="right", padx=8)
        if self.entry is not None:
            self.entry.bind("<Return>", lambda _: self._agreed())
            self.entry.focus_set()
        else:
            no.focus_set()  # a hasty Enter agrees to nothing

    def _agreed(self) -> None:
        self.answer = self.entry.get() if self.entry is not None else True
        self.destroy()
