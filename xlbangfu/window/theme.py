"""Fonts and colours: a font that has Chinese on each system, sharp on high-resolution screens."""

from __future__ import annotations

import sys
import tkinter as tk
from contextlib import suppress
from tkinter import font, ttk

FONTS = (
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "AR PL UMing CN",
    "SimSun",
)
SIZE = 11
DEEP, SOFT, GOOD, BAD, GROUND, BEHIND = "#1F4E78", "#5F6B7A", "#1B7F3B", "#B3261E", "#FFFFFF", "#F1F4F7"
_DIALOGS = {
    "&Open": "打开(&O)",
    "&Save": "保存(&S)",
    "&Cancel": "取消(&C)",
    "&OK": "确定(&O)",
    "&Yes": "是(&Y)",
    "&No": "否(&N)",
    "&Directory:": "文件夹(&D)：",
    "&Selection:": "选中(&S)：",
    "File &name:": "文件名(&N)：",
    "File &names:": "文件名(&N)：",
    "Files of &type:": "类型(&T)：",
}
_NAMED = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")


def sharpen() -> None:
    """Tell Windows that the window draws itself at full resolution; call it before there is a window."""
    if sys.platform == "win32":
        import ctypes

        with suppress(AttributeError, OSError):  # older than Windows 8.1
            ctypes.windll.shcore.SetProcessDpiAwareness(1)


def dress(root: tk.Tk) -> None:
    """Give every widget a Chinese font, and the styles that the window uses."""
    there = set(font.families(root))
    family = next((name for name in FONTS if name in there), None)
    for name in _NAMED:
        named = font.nametofont(name, root=root)
        named.configure(size=SIZE, family=family or named.actual("family"))
    style = ttk.Style(root)
    if sys.platform.startswith("linux"):
        _dress_plain(root, style)
    base = font.nametofont("TkDefaultFont", root=root).actual("family")
    style.configure("Title.TLabel", font=(base, SIZE + 5, "bold"), foreground=DEEP)
    style.configure("Soft.TLabel", foreground=SOFT)
    style.configure("Bad.TLabel", foreground=BAD)
    style.configure("Group.TLabel", font=(base, SIZE, "bold"), foreground=DEEP)
    style.configure("Action.TButton", padding=(6, 2))


def _dress_plain(root: tk.Tk, style: ttk.Style) -> None:
    """Where no system draws the widgets and the dialogs: a quiet theme, and Tk's own dialogs in Chinese."""
    style.theme_use("clam")
    style.configure(".", background=BEHIND)
    style.configure("TProgressbar", background=DEEP)
    root.configure(background=BEHIND)
    root.tk.call("msgcat::mclocale", "zh_cn")
    for english, chinese in _DIALOGS.items():
        root.tk.call("namespace", "eval", "::tk", ["msgcat::mcset", "zh_cn", english, chinese])
