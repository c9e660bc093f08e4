"""A return read back: by the school before it leaves, by the bureau when it came."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import polars as pl

from xlbangfu.documents.bureau_return.bureau_return import DIGEST, FORMAT, MACHINE, SCHEMA, BureauReturn, digest_of
from xlbangfu.errors import NotAWorkbook, UnreadableFile
from xlbangfu.ooxml.one_reading import check_one_reading, reach
from xlbangfu.ooxml.package import Package
from xlbangfu.rules.indicators import FIGURES

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 4 << 20, 32 << 20, 2_000
MOST_CELLS = 702 * 9_999  # of the block from A1 to the last value


def read_return(data: bytes) -> tuple[BureauReturn, bool]:
    """The return in a file, and whether it still says what the school's program wrote.

    Raises UnreadableFile, with the reason and no name of the file, for whatever is none, or is of a newer version.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(data)
    _check_reach(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        if MACHINE not in book.sheet_names:
            raise UnreadableFile(f"没有“{MACHINE}”这张表，不是上报文件")
        rows = book.get_sheet_by_name(MACHINE).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile) as problem:
        raise UnreadableFile("打不开，不是完整的 xlsx 文件") from problem
    return _return_of([[_plain(cell) for cell in row] for row in rows])


def _check_size(data: bytes) -> None:
    """What unpacks to more than a return can be is not unpacked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            unpacked = sum(member.file_size for member in package.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise UnreadableFile("打不开，不是完整的 xlsx 文件") from problem
    if len(data) > MOST_BYTES or unpacked > MOST_UNPACKED:
        raise UnreadableFile("太大，不是上报文件")


def _check_reach(data: bytes) -> None:
    """A value far out would make the reader ask for more memory than there is, which ends the process."""
    try:
        package = Package(data)
        check_one_reading(package)
        part = package.sheets.get(MACHINE)
        if part is not None and reach(package.archive.read(part.path), MOST_CELLS) > MOST_CELLS:
            raise UnreadableFile("太大，不是上报文件")
    except NotAWorkbook as problem:
        raise UnreadableFile(f"打不开：{problem}") from problem


def _plain(cell: Any) -> str | int | None:
    """Text and whole numbers, as they were written; a spreadsheet program may have made a number of text."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, int) else str(cell).strip() or None


def _return_of(rows: Sequence[list[str | int | None]]) -> tuple[BureauReturn, bool]:
    start = next((at for at, row in enumerate(rows) if row[:2] == ["编号", "指标"]), None)
    head = {str(row[0]): row[1] for row in rows[:start] if len(row) > 1 and row[0]}
    if start is None or head.get("格式") != FORMAT:
        raise UnreadableFile("不是 xlbangfu 的上报文件")
    version = head.get("格式版本")
    if not isinstance(version, int) or version > SCHEMA:
        raise UnreadableFile(f"是更新的格式（{version}），请先升级这台电脑上的 xlbangfu")
    body = [row for row in rows[start + 1 :] if any(row)]
    try:
        found = _from_cells(head, body)
    except (KeyError, ValueError, TypeError, pl.exceptions.PolarsError) as problem:
        raise UnreadableFile("“机读”这张表缺了内容或改过，请学校重新做一份") from problem
    width = len(FIGURES) + 1
    written = [[name, value] for name, value in head.items() if name != DIGEST]
    return found, head.get(DIGEST) == digest_of([*written, *(row[:width] for row in body)])


def _from_cells(head: Mapping[str, str | int | None], body: Sequence[Sequence[Any]]) -> BureauReturn:
    figures = pl.DataFrame([dict(zip(FIGURES, row, strict=False)) for row in body], schema=_as_typed(), strict=True)
    return BureauReturn(
        code=_text(head, "学校代码"),
        school=_text(head, "学校名称"),
        stage=_text(head, "学段"),
        term=_text(head, "学期"),
        day=date.fromisoformat(_text(head, "统计日")),
        made=datetime.fromisoformat(_text(head, "制表时间")),
        errors=int(head["错误数"] or 0),
        figures=figures.with_columns(pl.col("截至").str.to_date(), pl.col("说明").fill_null("")),
        schema=int(head["格式版本"] or 0),
        program=_text(head, "程序版本"),
    )


def _text(head: Mapping[str, str | int | None], name: str) -> str:
    value = head[name]
    if value is None:
        raise ValueError(name)
    return str(value)


def _as_typed() -> dict[str, pl.DataType]:
    return FIGURES | {"截至": pl.String()}
