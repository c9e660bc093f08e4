"""xlwings's user configuration: which Python a click on a button starts, and that it finds no code in the workbook's folder.

Excel's VBA reads the file in the code page of the system and expands %VARIABLES%, so that a Chinese user name need not
stand in it. Other people's lines stay.
"""

from __future__ import annotations

import locale
from pathlib import Path

from xlbangfu.doctor.excel import FOLDER_ON_PATH, user_configuration, values
from xlbangfu.setup_machine.place import Place
from xlbangfu.setup_machine.step import Step

NAME = "按钮设置"
SERVER = "USE UDF SERVER"
_HOME = "%USERPROFILE%"


def write(place: Place, *, keep_alive: bool | None = None) -> Step:
    """Name this Python in the configuration; ``keep_alive`` None leaves that setting as it is."""
    path = user_configuration(place.machine)
    found = values(place.machine.text(path) or "")
    wanted = found | _wanted(place, keep_alive)
    if wanted != found:
        text = "".join(f'"{name}","{value}"\n' for name, value in wanted.items())
        encoding = locale.getencoding() if place.platform == "windows" else "utf-8"
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            return Step(
                NAME, f"Python 所在的文件夹（{place.interpreter}）名字里有系统写不出的字，请装到纯英文的文件夹。", False
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.replace(b"\n", b"\r\n") if place.platform == "windows" else data)
    return Step(NAME, _sentence(place, path, wanted))


def portable(interpreter: Path, home: Path) -> str:
    """The interpreter as Windows writes it, the user's folder as a variable.

    >>> portable(Path("C:/Users/li/.xlbangfu/venv/Scripts/python.exe"), Path("C:/Users/li"))
    '%USERPROFILE%\\\\.xlbangfu\\\\venv\\\\Scripts\\\\python.exe'
    """
    if interpreter.is_relative_to(home):
        inside = interpreter.relative_to(home).parts
        return "\\".join((_HOME, *inside))
    return str(interpreter)


def _wanted(place: Place, keep_alive: bool | None) -> dict[str, str]:
    if place.platform == "macos":
        return {"INTERPRETER_MAC": str(place.interpreter), FOLDER_ON_PATH: "False"}
    console = place.interpreter.with_name(place.interpreter.name.replace("pythonw", "python"))
    wanted = {"INTERPRETER_WIN": portable(console, place.home), FOLDER_ON_PATH: "False"}
    if keep_alive is not None:
        wanted[SERVER] = str(keep_alive)
    return wanted


def _sentence(place: Place, path: Path, wanted: dict[str, str]) -> str:
    interpreter_clause = f"总表里的按钮会用 {place.interpreter}（写在 {path}）"
    if place.platform != "windows":
        return f"{interpreter_clause}。"
    if wanted.get(SERVER, "").lower() == "true":
        return f"{interpreter_clause}；Excel 让 Python 一直开着，点按钮更快，更新程序之后请重新打开 Excel；不灵就运行 xlbangfu setup --no-keep-alive 关掉。"
    return f"{interpreter_clause}；想让按钮更快，可以运行 xlbangfu setup --keep-alive（--no-keep-alive 关掉）。"
