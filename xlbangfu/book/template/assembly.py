"""The workbook's package: what XlsxWriter made, with the records put into it, in the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec import Struct

from xlbangfu.book import version
from xlbangfu.book.macros import wps_part
from xlbangfu.book.macros.vba import Host
from xlbangfu.book.page_digest import digest
from xlbangfu.book.safety.atomic_save import put_in_place
from xlbangfu.book.safety.permissions import only_mine
from xlbangfu.book.template import record_rows, ribbon
from xlbangfu.book.template.record_rows import Planted
from xlbangfu.book.value_lists import stored
from xlbangfu.errors import WriteFailed
from xlbangfu.late_pattern import late_pattern
from xlbangfu.ooxml import archive
from xlbangfu.ooxml.archive import Archive, Content
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_RELATIONS = "xl/_rels/workbook.xml.rels"
_NO_DIGEST = "0" * 12  # until the front page is written
_FIRST_RECORD = late_pattern(rb'<row r="2".*?</row>', re.DOTALL)
_STYLE = late_pattern(rb's="(\d+)"')


class Filling(Struct, frozen=True, kw_only=True):
    """The records of one sheet."""

    frame: pl.DataFrame
    columns: Sequence[Column]
    planted: Sequence[Planted] = ()


def define_version(workbook: Workbook) -> None:
    """The hidden name that says which version made the workbook; ``write`` puts the digest of the front page into it."""
    workbook.define_name(version.NAME, f"={version.stamp(_NO_DIGEST)}")


def write(path: Path, content: BytesIO, fillings: Mapping[int, Filling], *, host: Host) -> None:
    """Write the workbook; ``fillings`` goes by the sheet's number, from 1; for Excel the tab on its ribbon is added, for WPS
    its macros. Nobody else on this computer can read it. Raises WriteFailed."""
    source = Archive(content.getvalue())
    parts: dict[str, Callable[[bytes], Iterator[bytes]]] = {
        _part(number): partial(_filled, filling=filling) for number, filling in fillings.items()
    }
    parts["xl/workbook.xml"] = partial(_stamped, digest=digest(Package(content.getvalue())))
    if host == "excel":
        parts["_rels/.rels"] = ribbon.linked
    if host == "wps":
        parts |= {_RELATIONS: wps_part.linked, "[Content_Types].xml": wps_part.declared}
    changes: dict[str, Content] = {name: change(source.read(name)) for name, change in parts.items()}
    _store_lists(Package(content.getvalue()), changes)
    if host == "excel":
        changes[ribbon.PART] = [ribbon.xml()]
    if host == "wps":
        changes[wps_part.PART] = [wps_part.content().encode()]
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with only_mine(), unfinished.open("wb") as target:
            archive.write(source, changes, frozenset(), target)
        put_in_place(unfinished, path)
    except OSError as problem:
        raise WriteFailed(f"不能写“{path}”：请确认文件夹存在、可以写，而且这个文件没有打开着。") from problem
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _stamped(workbook: bytes, *, digest: str) -> Iterator[bytes]:
    name = f'<definedName name="{version.NAME}"'.encode()
    hidden = workbook.replace(name, name + b' hidden="1"')
    yield hidden.replace(_NO_DIGEST.encode(), digest.encode())


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _store_lists(package: Package, changes: dict[str, Content]) -> None:
    """Let 名单 remember what its formulas come to with the records."""

    def read(path: str) -> bytes:
        if path not in changes:
            return package.archive.read(path)
        whole = b"".join(changes[path])
        changes[path] = [whole]
        return whole

    if done := stored.renewed(package, read, stored.SOURCES):
        changes[done.path] = [done.xml]


def _filled(sheet: bytes, filling: Filling) -> Iterator[bytes]:
    """The sheet's part with the records in place of its one blank row, whose styles they take over."""
    first = _FIRST_RECORD.search(sheet)
    assert first is not None, "every sheet has a blank record with the styles"
    styles = [style.decode() for style in _STYLE.findall(first[0])]
    last = str(filling.frame.height + 1).encode()
    yield re.sub(rb'(?<=<dimension ref="A1:)([A-Z]+)\d+', rb"\g<1>" + last, sheet[: first.start()], count=1)
    yield from record_rows.chunks(filling.frame, filling.columns, styles, filling.planted)
    # Links leave a cell in each of their rows; those rows are among the records already.
    yield sheet[sheet.index(b"</sheetData>") :]
