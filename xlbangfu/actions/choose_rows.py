"""只看新增: of the sheets where staff tick, only the rows that wait for them are in sight, or all again. No cell changes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.reporting import write_sight
from xlbangfu.book.port import Book
from xlbangfu.schema import ROW, SEPARATOR, TABLES, RowChoice, Table

_SHEETS: dict[Table, RowChoice] = {table: table.new for table in TABLES if table.new}
_NAMES = "".join(f"“{table.name}”" for table in _SHEETS)


def only_new(book: Book, call: Call) -> Outcome:
    """只看新增: a filter on each sheet that has new rows; where any of the sheets is filtered, be it by hand, all filters off.

    The outcome's rows are those that are new and in sight, 0 where all are in sight again.
    """
    on = book.filtered(*_SHEETS)
    filtered = [table for table in _SHEETS if table in on]
    frames = book.read(*_SHEETS)
    new = {table: frames[table].filter(rows.condition).height for table, rows in _SHEETS.items()}
    chosen = {} if filtered else {table: count for table, count in new.items() if count}

    book.show_all(*filtered)
    for table in chosen:
        book.show_only(table, _SHEETS[table])
    book.reveal(*chosen)
    if filtered or chosen:
        write_sight(book)
    return Outcome(
        action="sheets_new",
        sentence=_off(filtered) if filtered else _on(chosen, frames),
        next_step="",
        rows=sum(chosen.values()),
        sheet=next((table.name for table in [*chosen, *filtered]), ""),
        seconds=call.seconds,
    )


def hidden_ticks(book: Book, table: Table, ticks: pl.DataFrame) -> str:
    """What is to be said of ticks in rows that staff do not see now, nothing where all are in sight: they count like others."""
    hidden = len(book.out_of_sight(table, ticks[ROW].to_list()))
    return f"打了 √ 的 {ticks.height} 行里有 {hidden} 行被筛选或隐藏着看不见，也一样算。" if hidden else ""


def asked_with(hidden: str, question: str) -> str:
    """A question with what ``hidden_ticks`` says on top."""
    return "\n".join(part for part in (hidden, question) if part)


def _off(tables: list[Table]) -> str:
    return f"{SEPARATOR.join(table.name for table in tables)}的行都显示了；再点一次“只看新增”就只显示等您定的。"


def _on(chosen: Mapping[Table, int], frames: Mapping[Table, pl.DataFrame]) -> str:
    if not chosen:
        return f"{_NAMES}里都没有等您定的“新增”，没有藏起什么。"
    listed = SEPARATOR.join(
        f"{table.name} {count} 行（另 {frames[table].height - count} 行先藏着）" for table, count in chosen.items()
    )
    return f"只显示等您定的：{listed}；看完再点一次“只看新增”就全部显示。"
