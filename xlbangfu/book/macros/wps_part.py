"""The part of a workbook with WPS's macros in JavaScript: one function a button, and the launcher that they call.

WPS keeps such macros as plain XML, a ``codemodule`` for each module. Ours is one of them; those of the staff's stay.
Validators of Open XML object to the part, so only a workbook whose buttons are for WPS has it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xlbangfu.book.macros.vba import macro_file
from xlbangfu.book.sheet_transfer.package_draft import Draft
from xlbangfu.book.sheet_transfer.relations import before_end
from xlbangfu.catalog import ACTIONS
from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.cell_xml import escape
from xlbangfu.ooxml.package import Package

PART = "xl/JDEData.bin"
RELATION = "http://www.wps.cn/officeDocument/2018/jdeExtension"
KIND = "jdeExtension"
CONTENT_TYPE = "application/octet-stream"
MODULE = "Bangfu"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<document version="2.0"><name>Project</name>'
    '<property desc="" lock="false" password="" /><activemodule>1</activemodule></document>'
)
_MODULES = late_pattern(r"<codemodule\b[^>]*>.*?</codemodule>", re.DOTALL)
_ID = late_pattern(r'<codemodule\b[^>]*\bid="(\d+)"')


def javascript() -> str:
    """The module as WPS runs it."""
    functions = (f'function {action.macro}() {{\n    BangfuLaunch("{action.name}");\n}}\n' for action in ACTIONS)
    return "\n".join([macro_file("LaunchWps.js"), *functions])


def content(there: str = _EMPTY) -> str:
    """The part with this version's module, in the place of an older one."""
    others = without_ours(there)
    number = max((int(found) for found in _ID.findall(others)), default=0) + 1
    code = escape(javascript()).replace("\n", "&#x0A;")
    window = '<window cursorpos="0" actived="true" visible="true" />'
    module = f'<codemodule name="{MODULE}" id="{number}">{window}<codetext>{code}</codetext></codemodule>'
    return before_end(others.encode(), b"document", module.encode()).decode()


def without_ours(there: str) -> str:
    """The part without the program's module."""
    return _MODULES.sub(lambda found: "" if f'name="{MODULE}"' in found[0].partition(">")[0] else found[0], there)


def linked(relations: bytes) -> Iterator[bytes]:
    """A new workbook's relationships with one to the part."""
    link = f'<Relationship Id="rIdBangfuWps" Type="{RELATION}" Target="{posixpath.basename(PART)}"/>'
    yield before_end(relations, b"Relationships", link.encode())


def declared(types: bytes) -> Iterator[bytes]:
    """A new workbook's content types with that of the part."""
    yield before_end(types, b"Types", f'<Override PartName="/{PART}" ContentType="{CONTENT_TYPE}"/>'.encode())


def is_in(package: Package) -> bool:
    """Whether a workbook has the program's module for WPS."""
    path = package.part_of(KIND)
    return path is not None and f'name="{MODULE}"'.encode() in package.archive.read(path)


def renew(draft: Draft, *, wanted: bool) -> None:
    """Give a workbook the module, or take it out; the part goes with it unless staff have modules in it.

    Raises WrongWorkbook where the part is written in a way that is not known.
    """
    part = draft.package.workbook_part
    path = next((relation.path for relation in draft.relations(part) if relation.type == RELATION), None)
    old = _text_of(draft, path) if path else ""
    if wanted:
        _put(draft, part, path, old, content(old or _EMPTY))
    elif path:
        left = without_ours(old)
        if _MODULES.search(left):
            _put(draft, part, path, old, left)
        else:
            draft.unrelate(part, path)
            draft.remove(path)


def _put(draft: Draft, part: str, path: str | None, old: str, new: str) -> None:
    if path is None:
        path = draft.free_path(PART) if PART in draft else PART
        draft.relate(part, RELATION, path)
        draft.declare(path, CONTENT_TYPE)
    if new != old:
        draft.put(path, new.encode())


def _text_of(draft: Draft, path: str) -> str:
    text = draft.read(path).decode("utf-8", errors="replace")
    if "<document" not in text or "\ufffd" in text:
        raise WrongWorkbook(
            "总表里的 WPS 宏写法不认识，换不了按钮，没有改动；请在 WPS 的宏编辑器里把学校自己的宏导出、删掉，存好，再做一次。"
        )
    return text
