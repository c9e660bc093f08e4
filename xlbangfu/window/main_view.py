"""Where everything stands in the window. What the buttons do is in ``app``."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from xlbangfu import catalog
from xlbangfu.declarations import Action
from xlbangfu.window.widgets import PathRow, Sheet, button

FEWEST = 5  # buttons in a row
READY = "选好总表，点一个按钮。"
KEYS = "Tab 换到下一个按钮，回车或空格按下；Ctrl+1 到 Ctrl+9 按前九个按钮；Ctrl+O 选总表；Esc 停止。"


class MainView(ttk.Frame):
    """``commands`` names what each button calls: choose, new, out, open_book, open_out, doctor, stop and the actions."""

    def __init__(self, root: tk.Tk, commands: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(root, padding=(14, 8))
        self._commands = commands
        self.buttons: dict[str, ttk.Button] = {}
        self._head()
        self._paths()
        self._actions()
        self.hint = ttk.Label(self, text=KEYS, style="Soft.TLabel", wraplength=680, padding=(2, 6))
        self.hint.bind("<Configure>", lambda event: self.hint.configure(wraplength=event.width - 8))
        self.hint.pack(fill="x")
        self._progress()
        self.result = Sheet(self, height=5)
        self.result.pack(fill="both", expand=True, pady=(4, 0))

    def _paths(self) -> None:
        frame = ttk.Frame(self)
        frame.pack(fill="x", pady=(4, 2))
        self.book = PathRow(frame, 0, "总表")
        self.book.add(self._button(frame, "choose", "选择…"), 2)
        self.book.add(self._button(frame, "new", "新建…"), 3)
        self.out = PathRow(frame, 1, "班级页放在")
        self.out.add(self._button(frame, "out", "更改…"), 2)

    def _actions(self) -> None:
        """The buttons in the order and groups of 控制台; the hint says what one does while it has the pointer or the focus."""
        self._frame = ttk.Frame(self)
        self._frame.pack(fill="x", pady=4)
        self._groups: list[tuple[ttk.Label, list[ttk.Button]]] = []
        for group in catalog.GROUPS:
            actions = [action for action in catalog.ACTIONS if action.group == group]
            label = ttk.Label(self._frame, text=group if actions else "", style="Group.TLabel")
            self._groups.append((label, [self._action(action) for action in actions]))
        self._longest = max(len(made) for _, made in self._groups)
        self._arrange(FEWEST)

    def _action(self, action: Action) -> ttk.Button:
        made = self._button(self._frame, action.name, action.label, style="Action.TButton")
        self._explain(made, action.help)
        return made

    def fit(self, across: int) -> None:
        """Each group in a line of its own, where the screen is so many pixels wide: a screen of 768 lines is wide, not high."""
        for a_row in range(self._longest, FEWEST - 1, -1):
            self._arrange(a_row)
            if self.winfo_reqwidth() <= across:
                return

    def _arrange(self, a_row: int) -> None:
        for column in range(1, self._longest + 1):
            used = column <= a_row
            self._frame.columnconfigure(column, weight=int(used), uniform="actions" if used else "")
        row = 0
        for label, made in self._groups:
            label.grid(row=row, column=0, sticky="w", padx=(0, 10))
            for place, one in enumerate(made):
                one.grid(row=row + place // a_row, column=1 + place % a_row, sticky="ew", padx=2, pady=1)
            row += -(-len(made) // a_row)
        self.update_idletasks()

    def _explain(self, made: ttk.Button, help: str) -> None:
        for event in ("<Enter>", "<FocusIn>"):
            made.bind(event, lambda _: self.hint.configure(text=help), add=True)
        for event in ("<Leave>", "<FocusOut>"):
            made.bind(event, lambda _: self.hint.configure(text=KEYS), add=True)

    def _progress(self) -> None:
        frame = ttk.Frame(self)
        frame.pack(fill="x", pady=(2, 4))
        self.bar = ttk.Progressbar(frame, maximum=1.0)
        self.bar.pack(side="left", fill="x", expand=True)
        self.status = ttk.Label(frame, text=READY, width=26, anchor="w", padding=(10, 0))
        self.status.pack(side="left")
        self._button(frame, "stop", "停止").pack(side="left")

    def _head(self) -> None:
        """What is no action stands beside the title, which saves a row."""
        frame = ttk.Frame(self)
        frame.pack(fill="x")
        ttk.Label(frame, text="学困生帮扶", style="Title.TLabel").pack(side="left")
        for name, text in (
            ("doctor", "体检"),
            ("upgrade", "升级总表"),
            ("county", "汇总上报"),
            ("mailbox", "发件邮箱"),
            ("open_out", "打开班级页文件夹"),
            ("open_book", "打开总表"),
        ):
            self._button(frame, name, text).pack(side="right", padx=(8, 0))

    def _button(self, parent: tk.Misc, name: str, text: str, *, style: str = "TButton") -> ttk.Button:
        self.buttons[name] = button(parent, text, self._commands[name], style=style)
        return self.buttons[name]

    def enable(self, *, busy: bool, book: bool) -> None:
        """While something runs only 停止 can be pressed; without a workbook only what needs none."""
        needs_none = ("choose", "new", "doctor", "county")
        for name, made in self.buttons.items():
            on = busy if name == "stop" else not busy and (book or name in needs_none)
            made.state(["!disabled" if on else "disabled"])
