"""The small window: the same actions on a closed workbook, for WPS and for anyone without macros."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.errors import BangfuError


class NoWindow(BangfuError):
    """There is no tkinter, or no screen."""


def open_window(book: Path | None = None) -> None:
    """Show the window until it is closed; with the last workbook if none is given. Raises NoWindow."""
    try:
        import tkinter as tk
    except ImportError:
        raise NoWindow(
            "这个 Python 没有 tkinter，窗口打不开：Debian/Ubuntu 上运行 sudo apt-get install python3-tk，"
            "Windows 和 macOS 上用 python.org 的 Python；或者直接用命令。"
        ) from None
    from xlbangfu.window import memory, theme
    from xlbangfu.window.app import App

    theme.sharpen()
    try:
        root = tk.Tk(className="xlbangfu")
    except tk.TclError as problem:
        raise NoWindow("这里没有图形界面，窗口打不开；请在电脑的桌面上打开它，或者直接用命令。") from problem
    App(root, memory.file(), book.absolute() if book else None)
    root.mainloop()
