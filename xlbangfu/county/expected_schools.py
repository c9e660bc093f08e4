"""The list of schools that should send: any workbook or CSV with the columns 学校代码 and 学校名称 (or 学校)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from xlbangfu.errors import BadArgument

_NAMES = ("学校名称", "学校")


def expected_schools(path: Path) -> dict[str, str]:
    """学校代码 → name. Raises BadArgument."""
    try:
        rows = _csv(path) if path.suffix.lower() == ".csv" else _sheet(path)
    except Exception as problem:  # a file from outside, whatever reads it
        raise BadArgument(f"打不开名单“{path.name}”；请核对是不是 xlsx 或 csv，再做一次。") from problem
    for at, row in enumerate(rows):
        if "学校代码" in row:
            code = row.index("学校代码")
            name = next((row.index(title) for title in _NAMES if title in row), code)
            return {cells[code]: cells[name] for cells in rows[at + 1 :] if cells[code]}
    raise BadArgument(f"名单“{path.name}”里没有“学校代码”这一列，请加上，再做一次。")


def _csv(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    return [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]


def _sheet(path: Path) -> list[list[str]]:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
