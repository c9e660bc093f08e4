"""The program's modules in a workbook's VBA project, in the place of older ones; all else in it stays as it is.

The project is taken apart and put together by pyOpenVBA. Afterwards it is compared with what was there: a module, form or
reference of the staff's that did not come through is a reason to leave the workbook alone.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from xlbangfu.book.macros.uncompiled import is_half_compiled, to_be_compiled
from xlbangfu.book.macros.vba import DICTIONARY, MODULES, Host, add_module, dictionary_text, modules_of, plain_workbook
from xlbangfu.book.safety.temporary import temporary_folder
from xlbangfu.errors import WrongWorkbook
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml.package import Package

_PART = "xl/vbaProject.bin"
_XLWINGS = "xlwings"
_OURS = frozenset(name for modules in MODULES.values() for name in modules) | {_XLWINGS, DICTIONARY}
_PROCEDURE = late_pattern(
    r"^[ \t]*(?:(?:Public|Private|Friend|Static)[ \t]+)*(?:Sub|Function|Property[ \t]+(?:Get|Let|Set))[ \t]+(\w+)",
    re.IGNORECASE | re.MULTILINE,
)
_PREFIX, _USUAL = "Bangfu_", frozenset({"Launch", "NotStarted", "Saving"})
# Streams that tell of all modules and are written anew with them.
_DIRECTORIES = {"dir", "_vba_project", "project", "projectwm"}


def project_with(package: Package, path: str, host: Host) -> bytes:
    """The workbook's project with this version's modules for a host; the same bytes where it has them already.

    Raises WrongWorkbook where something of the staff's would not stay: macros in one of our modules, a signature, a
    project that is locked or that can't be taken apart.
    """
    from pyopenvba.exceptions import PyOpenVBAError

    _check_unsigned(package, path)
    old = package.archive.read(path)
    try:
        new = _rebuilt(old, modules_of(host))
    except (PyOpenVBAError, KeyError, ValueError) as problem:
        raise WrongWorkbook(
            "总表里的宏加了密码或者写法不认识，换不了按钮，没有改动；请在 VBA 编辑器里去掉密码，存好，再做一次。"
        ) from problem
    if new != old and not _keeps(old, new):
        raise WrongWorkbook("换按钮会动到学校自己写的宏，没有改动；请把那些宏先导出、移走，换好以后再导入。")
    return new


def _check_unsigned(package: Package, path: str) -> None:
    folder, name = posixpath.split(path)
    links = posixpath.join(folder, "_rels", f"{name}.rels")
    if links in package.archive.members and b"vbaProjectSignature" in package.archive.read(links):
        raise WrongWorkbook(
            "总表里的宏有数字签名，换按钮会使它失效，没有改动；请在 VBA 编辑器的“工具→数字签名”里去掉，存好，再做一次。"
        )


def _rebuilt(old: bytes, wanted: dict[str, str]) -> bytes:
    from pyopenvba import ExcelFile

    with temporary_folder() as folder:
        file_path = folder / "macros.xlsm"
        file_path.write_bytes(_workbook_with(old))
        with ExcelFile(file_path) as file:
            there = {name: str(file.get_module(name)) for name in file.module_names()}
            _check_only_ours(there, wanted)
            if _same(there, wanted) and not is_half_compiled(old):
                return old
            project = file.vba_project()
            for name in sorted(_OURS & {*there} - {*wanted}):
                project.delete_module(name)
            for name, source in wanted.items():
                if name in there:
                    file.set_module(name, source)
                else:
                    add_module(project, name, source)
            file.save()
        with zipfile.ZipFile(file_path) as changed:
            return to_be_compiled(changed.read(_PART))


def _workbook_with(project: bytes) -> bytes:
    """A workbook of nothing but the project, for a library that takes files."""
    content = BytesIO(plain_workbook(1))
    with zipfile.ZipFile(content, "a") as package:
        package.writestr(_PART, project)
    return content.getvalue()


def _same(there: dict[str, str], wanted: dict[str, str]) -> bool:
    ours = {name: source for name, source in there.items() if name in _OURS}
    return ours.keys() == wanted.keys() and all(_lines(ours[name]) == _lines(wanted[name]) for name in wanted)


def _lines(source: str) -> list[str]:
    return [line.rstrip() for line in source.splitlines() if line.strip() and not line.startswith("Attribute ")]


def _check_only_ours(there: dict[str, str], wanted: dict[str, str]) -> None:
    """Raise WrongWorkbook where staff wrote macros of their own into one of the program's modules."""
    sources = [*wanted.values(), dictionary_text()] if DICTIONARY in there else wanted.values()
    known = {name for source in sources for name in _PROCEDURE.findall(source)} | _USUAL
    for module in sorted(_OURS & {*there} - {_XLWINGS}):
        own = [name for name in _PROCEDURE.findall(there[module]) if name not in known and not name.startswith(_PREFIX)]
        if own:
            raise WrongWorkbook(
                f"宏模块“{module}”里有学校自己写的“{'、'.join(own)}”，换按钮会丢掉它，没有改动；"
                "请在 VBA 编辑器里把它移到自己的模块，存好，再做一次。"
            )


def _keeps(old: bytes, new: bytes) -> bool:
    """Whether everything in the project but the program's modules is as it was."""
    from pyopenvba.cfb import CFB

    before, after = (dict(_streams(CFB.from_bytes(project))) for project in (old, new))
    ours = {name.lower() for name in _OURS}
    staffs = {
        path for path in before if path[-1].lower() not in ours | _DIRECTORIES and "__srp" not in path[-1].lower()
    }
    return all(after.get(path) == before[path] for path in staffs) and _references(old) == _references(new)


def _streams(container: Any, path: Sequence[str] = ()) -> Iterator[tuple[tuple[str, ...], bytes]]:
    for name in container.list_streams_at(path):
        yield (*path, name), container.get_stream_at(path, name)
    for name in container.list_storages_at(path):
        yield from _streams(container, (*path, name))


def _references(project: bytes) -> list[str]:
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_vba_project

    return [str(reference) for reference in parse_vba_project(CFB.from_bytes(project)).references]
