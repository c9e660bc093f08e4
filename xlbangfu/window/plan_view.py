"""What an import would write, shown before it is written."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from xlbangfu.window.widgets import Line, Sheet, button
from xlbangfu.window.workbook_jobs import Planned

SHOWN = 200


class PlanView(tk.Toplevel):
    """Asks whether to write; ``decided`` is called with the answer."""

    def __init__(self, parent: tk.Misc, planned: Planned, decided: Callable[[bool], None]) -> None:
        super().__init__(parent)
        self._decided = decided
        self.title("导入：先看，再写")
        over = parent.winfo_toplevel()
        self.transient(over)
        self.geometry(f"+{over.winfo_rootx() + 40}+{over.winfo_rooty() + 40}")
        ground = ttk.Frame(self)
        ground.pack(fill="both", expand=True)
        self.protocol("WM_DELETE_WINDOW", lambda: self._answer(False))
        self.bind("<Escape>", lambda _: self._answer(False))
        summary = f"认出了下面这些，要写入 {planned.rows} 行。" if planned.rows else "没有新的内容要写。"
        ttk.Label(ground, text=summary, style="Title.TLabel").pack(anchor="w", padx=14, pady=(12, 6))
        sheet = Sheet(ground, height=18, width=72)
        sheet.show(lines(planned))
        sheet.pack(fill="both", expand=True, padx=14)
        self._buttons(ground, planned)
        self.grab_set()

    def _buttons(self, ground: ttk.Frame, planned: Planned) -> None:
        row = ttk.Frame(ground, padding=(14, 10))
        row.pack(fill="x")
        self.no = button(row, "不写", lambda: self._answer(False))
        self.no.pack(side="right")
        self.yes = button(row, "写入总表", lambda: self._answer(True), style="Action.TButton")
        self.yes.pack(side="right", padx=8)
        worth = planned.rows or planned.refused
        (self.yes if worth else self.no).focus_set()
        if not worth:
            self.yes.state(["disabled"])

    def _answer(self, yes: bool) -> None:
        self.grab_release()
        self.destroy()
        self._decided(yes)


def lines(planned: Planned) -> list[Line]:
    """What was recognised, then what can't be used."""
    shown: list[Line] = [("plain", line) for line in planned.lines]
    if planned.refused:
        shown.append(("bad", f"有 {len(planned.refused)} 处不能写入，会列在“校验”里："))
        shown += [("plain", line) for line in planned.refused[:SHOWN]]
        if len(planned.refused) > SHOWN:
            shown.append(("soft", f"……还有 {len(planned.refused) - SHOWN} 处"))
    return shown
