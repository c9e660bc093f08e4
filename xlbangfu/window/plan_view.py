"""What an import would write, shown before it is written, and what it asks: a drop-down a question."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from xlbangfu.window.widgets import Line, Sheet, button
from xlbangfu.window.workbook_jobs import Planned

if TYPE_CHECKING:
    from xlbangfu.documents.importing.questions import Question

SHOWN = 200
ASKED = 8  # questions that the view has room for
_WRAP = 430  # pixels


class PlanView(tk.Toplevel):
    """Asks whether to write; ``decided`` is called with the answer, and with what staff chose, by question id."""

    def __init__(self, parent: tk.Misc, planned: Planned, decided: Callable[[bool, dict[str, str]], None]) -> None:
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
        summary = f"认出了下面这些，要写入{planned.contents}。" if planned.rows else "没有新的内容要写。"
        ttk.Label(ground, text=summary, style="Title.TLabel").pack(anchor="w", padx=14, pady=(12, 6))
        sheet = Sheet(ground, height=10 if planned.questions else 18, width=72)
        sheet.show(lines(planned))
        sheet.pack(fill="both", expand=True, padx=14)
        self.answers: dict[str, ttk.Combobox] = {}
        if planned.questions:
            self._ask(ground, planned.questions)
        self._buttons(ground, planned)
        self.grab_set()

    def _ask(self, ground: ttk.Frame, questions: Sequence[Question]) -> None:
        """A line and a drop-down for each question; what is left open goes to 导入核对."""
        rows = ttk.Frame(ground, padding=(14, 8))
        rows.pack(fill="x")
        left = len(questions) - ASKED
        more = f"；另有 {left} 个，写入后在“导入核对”里答" if left > 0 else ""
        title = f"有 {len(questions)} 处看不准，请选一选；不选的不导入，留在“导入核对”里{more}。"
        ttk.Label(rows, text=title, wraplength=_WRAP + 180).grid(row=0, column=0, columnspan=2, sticky="w", pady=(0, 6))
        for row, question in enumerate(questions[:ASKED], start=1):
            label = ttk.Label(rows, text=_line(question), wraplength=_WRAP, justify="left")
            label.grid(row=row, column=0, sticky="w", pady=2)
            box = ttk.Combobox(rows, values=list(question.choices), width=24)
            box.grid(row=row, column=1, sticky="e", padx=(10, 0))
            self.answers[question.id] = box

    def _chosen(self) -> dict[str, str]:
        return {name: text for name, box in self.answers.items() if (text := box.get().strip())}

    def _buttons(self, ground: ttk.Frame, planned: Planned) -> None:
        row = ttk.Frame(ground, padding=(14, 10))
        row.pack(fill="x")
        self.no = button(row, "不写", lambda: self._answer(False))
        self.no.pack(side="right")
        self.yes = button(row, "写入总表", lambda: self._answer(True), style="Action.TButton")
        self.yes.pack(side="right", padx=8)
        worth = planned.rows or planned.refused or planned.questions
        (self.yes if worth else self.no).focus_set()
        if not worth:
            self.yes.state(["disabled"])

    def _answer(self, yes: bool) -> None:
        chosen = self._chosen()
        self.grab_release()
        self.destroy()
        self._decided(yes, chosen)


def _line(question: Question) -> str:
    sample = f"（{'、'.join(question.sample)}）" if question.sample else ""
    return f"{question.sheet or question.file} {question.ask.value}？“{question.about}”{sample}，{question.thought}"


def lines(planned: Planned) -> list[Line]:
    """What was recognised, then what can't be used."""
    shown: list[Line] = [("plain", line) for line in planned.lines]
    if planned.refused:
        shown.append(("bad", f"有 {len(planned.refused)} 处不能写入，会列在“导入核对”里："))
        shown += [("plain", line) for line in planned.refused[:SHOWN]]
        if len(planned.refused) > SHOWN:
            shown.append(("soft", f"……还有 {len(planned.refused) - SHOWN} 处"))
    return shown
