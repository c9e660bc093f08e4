"""The VBA project of the master workbook, made from macros/*.bas and the catalog without Excel.

The .bas files are UTF-8 and say what they say in Chinese. A VBA project stores text in one code page, so Chinese would
turn into question marks wherever Windows has another one: ``ascii_source`` writes every such character as ``ChrW(n)``.
"""

from __future__ import annotations

import re
import zipfile
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Literal

import xlbangfu
from xlbangfu.book.macros import button_subs
from xlbangfu.book.macros.xlwings_vba import adapted
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.errors import BangfuError

Host = Literal["excel", "libreoffice", "wps"]
MODULES: dict[str, tuple[str, ...]] = {
    "excel": ("Buttons", "LaunchExcel"),
    "libreoffice": ("Buttons", "LaunchLibreOffice"),
    "wps": ("Buttons", "LaunchWps"),
}
_LITERAL = re.compile(r'"(?:[^"]|"")*"')
_STRETCH = re.compile(r"[^\x00-\x7f]|[\x00-\x7f]+")


def vba_project(host: Host, *, sheets: int = 1) -> bytes:
    """The vbaProject.bin for a workbook with so many sheets; the same bytes for the same arguments.

    Raises BangfuError if ``host`` is excel and xlwings, whose VBA module goes in too, is not installed.
    """
    sources = modules_of(host)

    from pyopenvba import ExcelFile

    with temporary_folder() as folder:
        path = folder / "macros.xlsm"
        path.write_bytes(plain_workbook(sheets))
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            for name, source in sources.items():
                project.add_module(name, source)
            book.save()
        with zipfile.ZipFile(path) as package:
            return package.read("xl/vbaProject.bin")


def modules_of(host: Host) -> dict[str, str]:
    """The modules for a program by name, as they go into a project."""
    sources = {name: ascii_source(macro_text(name)) for name in MODULES[host]}
    if host == "excel":
        sources["xlwings"] = adapted(xlwings_text())
    return sources


def macro_text(name: str) -> str:
    """A module as it is in macros/, or made from the catalog."""
    if name == button_subs.NAME:
        return button_subs.text()
    return macro_file(f"{name}.bas")


def macro_file(name: str) -> str:
    """A file of macros/."""
    return (_macros() / name).read_text(encoding="utf-8")


def _macros() -> Path:
    """The folder of the .bas files: inside the installed package, beside the package in a checkout."""
    package = Path(xlbangfu.__file__).parent
    shipped = package / "macros"
    return shipped if shipped.is_dir() else package.parent / "macros"


def xlwings_text() -> str:
    """The VBA module of the installed xlwings, found without importing xlwings (it imports pandas)."""
    package = find_spec("xlwings")
    if package is None or not package.submodule_search_locations:
        raise BangfuError(
            "没有安装 xlwings，做不出 Excel 用的按钮：请运行 pip install xlwings，或者加上 --host libreoffice。"
        )
    return (Path(package.submodule_search_locations[0]) / "xlwings.bas").read_text(encoding="ascii")


def macro_in(book: Path, module: str) -> str | None:
    """The text of a module of a workbook's project; None where there is none or the file can't be read."""
    from pyopenvba import ExcelFile

    try:
        with ExcelFile(book) as file:
            return str(file.get_module(module)) if module in file.module_names() else None
    except Exception:  # zipfile raises much more than BadZipFile on encrypted and damaged members
        return None


def ascii_source(source: str) -> str:
    r"""VBA whose string literals are pure ASCII, with the line ends that VBA has.

    >>> ascii_source('MsgBox "好 ok"')
    'MsgBox ChrW(22909) & " ok"'
    """
    text = _LITERAL.sub(lambda found: _ascii_literal(found[0]), source)
    return "\r\n".join(text.splitlines())


def _ascii_literal(literal: str) -> str:
    if literal.isascii():
        return literal
    parts = _STRETCH.findall(literal[1:-1])
    return " & ".join(f'"{part}"' if part.isascii() else f"ChrW({ord(part)})" for part in parts)


def plain_workbook(sheets: int) -> bytes:
    """A workbook of so many empty sheets."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        for _ in range(sheets):
            workbook.add_worksheet()
    return content.getvalue()
