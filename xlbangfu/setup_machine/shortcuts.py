"""Shortcuts on the desktop: the window, and the doctor."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlbangfu.setup_machine import master
from xlbangfu.setup_machine.place import Place
from xlbangfu.setup_machine.step import Step
from xlbangfu.windows_programs import POWERSHELL, system_program

NAME = "桌面快捷方式"
_LINK = (
    "$link = (New-Object -ComObject WScript.Shell).CreateShortcut($env:XLB_LINK); "
    "$link.TargetPath = $env:XLB_TARGET; $link.Arguments = $env:XLB_ARGUMENTS; "
    "$link.WorkingDirectory = $env:XLB_FOLDER; $link.Description = $env:XLB_HELP; $link.Save()"
)


@dataclass(frozen=True, kw_only=True)
class Shortcut:
    name: str
    help: str
    module: str
    arguments: tuple[str, ...] = ()
    console: bool = False


SHORTCUTS = (
    Shortcut(name="帮扶窗口", help="不用宏，也能做总表里每个按钮做的事", module="xlbangfu.window"),
    Shortcut(
        name="帮扶体检",
        help="按钮不灵时，查是什么原因、怎么办",
        module="xlbangfu.doctor",
        arguments=("--wait",),
        console=True,
    ),
)


def wanted(place: Place) -> tuple[Shortcut, ...]:
    """On Linux also one that opens the master: without ``xlbangfu open`` its buttons find no Python."""
    if place.platform != "linux":
        return SHORTCUTS
    book = str(master.folder_of(place) / master.FILE)
    opened = Shortcut(
        name="打开帮扶总表", help="在 LibreOffice 里打开，按钮可以用", module="xlbangfu", arguments=("open", book)
    )
    return (*SHORTCUTS, opened)


def write(place: Place) -> Step:
    """Make them, over those of an earlier setup."""
    try:
        place.desktop.mkdir(parents=True, exist_ok=True)
        for shortcut in wanted(place):
            _WRITERS[place.platform](place, shortcut)
    except UnicodeEncodeError:
        return Step(
            NAME,
            f"没有做成：程序所在的文件夹名字里有中文（{place.interpreter}）。请双击“安装-Windows.bat”重新安装。",
            False,
        )
    except OSError as problem:
        return Step(NAME, f"没有做成（{problem.strerror}），请检查能不能在桌面上新建文件：{place.desktop}。", False)
    names = "”“".join(shortcut.name for shortcut in wanted(place))
    return Step(NAME, f"桌面上有“{names}”了。")


def _windows(place: Place, shortcut: Shortcut) -> None:
    """A .lnk by PowerShell; where that is not allowed, a .bat that does the same."""
    folder = place.interpreter.parent
    target = folder / ("python.exe" if shortcut.console else "pythonw.exe")
    link = place.desktop / f"{shortcut.name}.lnk"
    more = {
        "XLB_LINK": str(link),
        "XLB_TARGET": str(target),
        "XLB_ARGUMENTS": " ".join(_arguments(shortcut)),
        "XLB_FOLDER": str(place.home),
        "XLB_HELP": shortcut.help,
    }
    command = [system_program(POWERSHELL), "-NoProfile", "-ExecutionPolicy", "Bypass", "-Command", _LINK]
    plain = place.desktop / f"{shortcut.name}.bat"
    if place.run(command, more) and link.exists():
        plain.unlink(missing_ok=True)
        return
    plain.write_bytes(_batch(place, shortcut, target))


def _batch(place: Place, shortcut: Shortcut, target: Path) -> bytes:
    """ASCII, because cmd in code page 936 misreads the rest: the user's folder is a variable, never a name."""
    start = "" if shortcut.console else 'start "" '
    command = f'{start}"{batch_path(place.home, target)}" {" ".join(_arguments(shortcut))}'
    return f"@echo off\r\n{command}\r\n".encode("ascii")


def batch_path(home: Path, target: Path) -> str:
    """A program as a batch file names it: the user's folder is a variable, never a name."""
    if target.is_relative_to(home):
        return "\\".join(("%USERPROFILE%", *(part.replace("%", "%%") for part in target.relative_to(home).parts)))
    return str(target).replace("%", "%%")


def _macos(place: Place, shortcut: Shortcut) -> None:
    path = place.desktop / f"{shortcut.name}.command"
    command = shlex.join([str(place.interpreter), *_arguments(shortcut)])
    path.write_text(f"#!/bin/bash\nexec {command}\n", encoding="utf-8", newline="\n")
    path.chmod(0o755)


def _linux(place: Place, shortcut: Shortcut) -> None:
    command = " ".join(_quoted(word) for word in (str(place.interpreter), *_arguments(shortcut)))
    entry = (
        "[Desktop Entry]\nType=Application\nVersion=1.0\n"
        f"Name={shortcut.name}\nComment={shortcut.help}\nExec={command}\n"
        f"Terminal={'true' if shortcut.console else 'false'}\nIcon=x-office-spreadsheet\nCategories=Office;\n"
    )
    menu = place.home / ".local/share/applications"
    menu.mkdir(parents=True, exist_ok=True)
    (menu / f"xlbangfu-{shortcut.module.rpartition('.')[2]}.desktop").write_text(entry, encoding="utf-8")
    path = place.desktop / f"{shortcut.name}.desktop"
    path.write_text(entry, encoding="utf-8")
    path.chmod(0o755)
    place.run(["gio", "set", str(path), "metadata::trusted", "true"], {})  # GNOME asks otherwise; elsewhere no gio


_WRITERS = {"windows": _windows, "macos": _macos, "linux": _linux}


def _arguments(shortcut: Shortcut) -> Sequence[str]:
    return ("-P", "-m", shortcut.module, *shortcut.arguments)


def _quoted(word: str) -> str:
    """A word of an Exec line of a desktop entry.

    >>> _quoted("/home/li ming/python"), _quoted("100%")
    ('"/home/li ming/python"', '"100%%"')
    """
    escaped = re.sub(r'(["`$])', r"\\\\\1", word.replace("\\", "\\" * 4)).replace("%", "%%")
    plain = word.replace("/", "").replace("-", "").replace(".", "").replace("_", "").isalnum()
    return word if plain else f'"{escaped}"'
