"""The VBA project of the master workbook, made from macros/*.bas and the catalog without Excel.

The .bas files are UTF-8 and say what they say in Chinese. A VBA project stores text in one code page, so Chinese would
turn into question marks wherever Windows has another one: ``ascii_source`` writes every such character as ``ChrW(n)``.
"""

from __future__ import annotations

import zipfile
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import xlbangfu
from xlbangfu.book.macros import button_subs
from xlbangfu.book.macros.uncompiled import as_source
from xlbangfu.book.macros.xlwings_vba import adapted
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.errors import BangfuError
from xlbangfu.late_pattern import late_pattern

Host = Literal["excel", "libreoffice", "wps"]
MODULES: dict[str, tuple[str, ...]] = {
    "excel": ("Buttons", "LaunchExcel"),
    "libreoffice": ("Buttons", "LaunchLibreOffice"),
    "wps": ("Buttons", "LaunchWps"),
}
DICTIONARY = "Dictionary"
_LITERAL = late_pattern(r'"(?:[^"]|"")*"')
_STRETCH = late_pattern(r"[^\x00-\x7f]|[\x00-\x7f]+")


def vba_project(host: Host, *, sheets: int = 1) -> bytes:
    """The vbaProject.bin for a workbook with so many sheets; the same bytes for the same arguments.

    Raises BangfuError if ``host`` is excel and xlwings, whose VBA module goes in too, is not installed.
    """
    return _project(tuple(modules_of(host).items()), sheets)


@lru_cache(maxsize=8)  # packing it takes as long as a third of a master, and several masters may be made at once
def _project(sources: tuple[tuple[str, str], ...], sheets: int) -> bytes:
    from pyopenvba import ExcelFile

    with temporary_folder() as folder:
        path = folder / "macros.xlsm"
        path.write_bytes(plain_workbook(sheets))
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            for name, source in sources:
                add_module(project, name, source)
            book.save()
        with zipfile.ZipFile(path) as package:
            return as_source(package.read("xl/vbaProject.bin"))


def modules_of(host: Host) -> dict[str, str]:
    """The modules for a program by name, as they go into a project."""
    sources = {name: ascii_source(macro_text(name)) for name in MODULES[host]}
    if host == "excel":
        sources["xlwings"] = with_line_ends(adapted(_xlwings_file("xlwings.bas")))
        sources[DICTIONARY] = dictionary_text()
    return sources


def add_module(project: Any, name: str, source: str) -> None:
    """Put a module into a project of pyOpenVBA's, as a class where it is one."""
    from pyopenvba.vba import VBAModuleKind

    kind = VBAModuleKind.other if name == DICTIONARY else VBAModuleKind.standard
    project.add_module(name, source, kind=kind)


def dictionary_text() -> str:
    """The class that xlwings's module takes in the place of Scripting.Dictionary on a Mac, as it stands in a project."""
    from pyopenvba.vba import normalize_class_source

    return str(normalize_class_source(with_line_ends(_xlwings_file("addin", "Dictionary.cls"))))


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


def _xlwings_file(*path: str) -> str:
    """VBA of the installed xlwings, found without importing xlwings (it imports pandas)."""
    package = find_spec("xlwings")
    if package is None or not package.submodule_search_locations:
        raise BangfuError(
            "没有安装 xlwings，做不出 Excel 用的按钮：请运行 pip install xlwings，或者加上 --host libreoffice。"
        )
    return Path(package.submodule_search_locations[0], *path).read_text(encoding="ascii")


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
    'MsgBox ChrW(22909) & " ok"\r\n'
    """
    return with_line_ends(_LITERAL.sub(lambda found: _ascii_literal(found[0]), source))


def with_line_ends(source: str) -> str:
    r"""VBA with the line ends that VBA has, also after the last line.

    >>> with_line_ends("Sub A()\nEnd Sub")
    'Sub A()\r\nEnd Sub\r\n'
    """
    return "".join(f"{line}\r\n" for line in source.splitlines())


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
