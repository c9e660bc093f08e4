"""The list of schools that should send: any table that 导入 reads, with the columns 学校代码 and 学校名称 (or 学校)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlbangfu.documents.importing.grid import Value
from xlbangfu.documents.importing.reading import read_file
from xlbangfu.errors import BadArgument, UnreadableFile

_NAMES = ("学校名称", "学校")


def expected_schools(path: Path) -> dict[str, str]:
    """学校代码 → name. Raises BadArgument."""
    try:
        grids = read_file(path).grids
    except UnreadableFile as problem:
        raise BadArgument(f"打不开名单：{problem}") from problem
    rows = [[_text(cell) for cell in row] for row in grids[0].rows]
    for at, row in enumerate(rows):
        if "学校代码" in row:
            code = row.index("学校代码")
            name = next((row.index(title) for title in _NAMES if title in row), code)
            return {cell: _cell(cells, name) for cells in rows[at + 1 :] if (cell := _cell(cells, code))}
    raise BadArgument(f"名单“{path.name}”里没有“学校代码”这一列，请加上，再做一次。")


def _cell(row: Sequence[str], at: int) -> str:
    """A row ends with its last cell that has something in it."""
    return row[at] if at < len(row) else ""


def _text(cell: Value) -> str:
    return (
        str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str("" if cell is None else cell).strip()
    )
