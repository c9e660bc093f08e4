"""Which version of the program made a workbook: a hidden defined name says so, and before there was one the sheets do.

The name holds the version and a digest of the front page as that version made it, by which a later one tells whether
staff put something of their own there. Excel, WPS and LibreOffice keep a hidden name when they save.
"""

from __future__ import annotations

import zipfile
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from xlbangfu import __version__
from xlbangfu.late_pattern import late_pattern
from xlbangfu.xml_text import unescape

NAME = "帮扶版本"
UNSTAMPED, FIRST = "0.2.0", "0.1.0"
SINCE_UNSTAMPED = "收回记录"  # the sheet by which the two are told apart
OURS = ("控制台", "设置", "名册")
_STAMP = late_pattern(r'"?([\d.]+)(?: ([0-9a-f]*))?"?')
_DEFINED = late_pattern(r"""<(?:[\w.-]+:)?definedName\s[^>]*?\bname=["']([^"']*)["'][^>]*>([^<]*)<""")
_SHEET = late_pattern(r"""<(?:[\w.-]+:)?sheet\s[^>]*?\bname=["']([^"']*)["']""")


class Version(NamedTuple):
    """``number`` as in 0.2.0; ``stamped`` where the workbook says so itself; ``digest`` of the front page as made."""

    number: str
    stamped: bool = False
    digest: str = ""

    @classmethod
    def of(cls, names: Iterable[tuple[str, str]], sheets: Container[str]) -> Version:
        """From the defined names of a workbook and the names of its sheets."""
        text = next((target for name, target in names if name == NAME), "")
        found = _STAMP.fullmatch(text.strip().lstrip("="))
        if found:
            return cls(found[1], stamped=True, digest=found[2] or "")
        return cls(UNSTAMPED if SINCE_UNSTAMPED in sheets else FIRST)

    @property
    def older(self) -> bool:
        """Whether this version of the program may have something that the workbook lacks."""
        return not self.stamped or order_of(self.number) < order_of(__version__)

    def knew(self, since: str) -> bool:
        """Whether the version that made the workbook had what there is ``since`` another one."""
        return order_of(since) <= order_of(self.number)

    @property
    def newer(self) -> bool:
        """Whether a later program made the workbook."""
        return order_of(self.number) > order_of(__version__)

    def absence(self, sheet: str, since: str) -> str:
        """Why a sheet that must be written is not there, and what to do."""
        if self.knew(since):
            return f"没有工作表“{sheet}”，可能被改名或删除了；请改回原名，或从备份取回。"
        return f"还没有工作表“{sheet}”，没有改动：{self.offer}"

    @property
    def offer(self) -> str:
        """What to tell staff who have the workbook before them; nothing where it is of this version."""
        if self.newer:
            return f"这个总表是 {self.number} 版的程序做的，这里装着的是 {__version__}：请先更新程序，再用它。"
        if self.older:
            return (
                f"这个总表是 {self.number} 版做的，现在的程序是 {__version__}：关闭总表，在帮扶窗口点“升级总表”"
                "（或者运行 xlbangfu upgrade 总表），新的表、列和按钮就补上了，填好的都不动。"
            )
        return ""


def version_in(path: Path) -> Version | None:
    """The version of a master workbook on disk, looked up without reading the rest of it; None where it is none."""
    with suppress(Exception), zipfile.ZipFile(path) as package:  # zipfile raises much more than BadZipFile
        text = package.read("xl/workbook.xml").decode()
        sheets = {unescape(name) for name in _SHEET.findall(text)}
        names = ((unescape(name), unescape(target)) for name, target in _DEFINED.findall(text))
        return Version.of(names, sheets) if sheets & {*OURS} else None
    return None


def stamp(digest: str) -> str:
    """What the defined name refers to in a workbook of this version."""
    return f'"{__version__} {digest}"'


def order_of(number: str) -> tuple[int, ...]:
    """By which versions are put in order; nothing comes before all."""
    return tuple(int(part) for part in number.split(".") if part)
