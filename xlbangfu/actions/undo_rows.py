"""撤销上次 where the last action was a click in the open workbook: what it wrote is taken back row by row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import polars as pl
from msgspec import Struct

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Frames, read_checked
from xlbangfu.actions.foresight import amended, deleted
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.book.row_matching import is_own_rank
from xlbangfu.book.safety import journal as journals
from xlbangfu.book.safety.journal import AMENDED, APPENDED, FILLED, REPLACED, Entry
from xlbangfu.book.staff_cells import kept
from xlbangfu.catalog import BY_NAME
from xlbangfu.errors import BadArgument
from xlbangfu.schema import DEFECTS, INPUTS, KEY, ROW, RUNS, SCORES, Table

_NAMED = 10  # rows left alone that the answer names
_DIGITS = 9


class NothingNoted(BadArgument):
    """The journal has nothing that could be taken back by key."""


class Reversal(Struct, frozen=True):
    """One table: the frame to write (for APPENDED the keys to delete, for FILLED the rows as they are beside what
    they were), how many rows go back,
    the KEYs of those left."""

    table: Table
    how: str
    frame: pl.DataFrame
    rows: int
    left: list[str]


def undo_rows(book: Book, call: Call) -> Outcome:
    """Put back what was there before the last action; a row changed since stays as it is and is named.

    The journal beside the workbook says what it was. Raises NothingNoted if there is nothing to take back.
    """
    found = journals.read(book.path)
    if found is None or found.action not in BY_NAME:
        raise NothingNoted("没有可以撤销的操作：这里只能撤销最近一次点按钮做的；更早的请关闭总表，从“备份”文件夹取回。")
    label = BY_NAME[found.action].label
    tables = {entry.table for entry in found.entries}
    frames = _with_own_ranks(book.read(*tables, RUNS), found.entries)
    _check_last(frames[RUNS], label, found.ran)

    taken = [reverse(entry, frames[entry.table]) for entry in found.entries]

    foreseen = all(map(_can_be_foreseen, taken))
    for filled in (False, True):  # rows that were filled lose keys by which others are put back first
        for part in _to_write(taken, frames):
            if (part.how == FILLED) is filled:
                _write(book, part)
        if not foreseen:
            book.apply()
    after = partial(_put_back, taken) if foreseen else dict
    checked = read_checked(book, call, marks=SCORES in tables, needs=(), completes=False, after=after)
    left = [key for part in taken for key in part.left]
    rows = sum(part.rows for part in taken)
    outcome = outcome_of("undo", checked, call, rows=rows, sentence=_summary(label, rows, left))
    return write(book, call, outcome, checked, {})


def _with_own_ranks(frames: Frames, entries: Sequence[Entry]) -> dict[Table, pl.DataFrame]:
    """The frames with the ranks by subject, which a read leaves out, as they were written; the newest entry comes first."""
    answer = dict(frames)
    for entry in (one for one in entries if one.how == REPLACED):
        now = answer[entry.table]
        ranks = [name for name in entry.is_now.columns if is_own_rank(entry.table, name) and name not in now.columns]
        if ranks:
            keys = _keys(entry, now)
            written = entry.is_now.select(*keys, *ranks).unique(keys, keep="first")
            answer[entry.table] = now.join(written, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return answer


def reverse(entry: Entry, now: pl.DataFrame) -> Reversal:
    """What undoes one entry, given the table as it stands now."""
    reversals = {
        REPLACED: _reverse_replaced,
        APPENDED: _reverse_appended,
        AMENDED: _reverse_amended,
        FILLED: _reverse_filled,
    }
    return reversals[entry.how](entry, now)


def _reverse_appended(entry: Entry, now: pl.DataFrame) -> Reversal:
    """Rows that are as they were appended go; others with their key stay."""
    same, left = _same_and_left(entry, now, [name for name in entry.is_now.columns if name in now.columns])
    return Reversal(entry.table, APPENDED, same.select(_keys(entry, now)), same.height, left)


def _reverse_amended(entry: Entry, now: pl.DataFrame) -> Reversal:
    """Rows that hold what was put in get back what they held."""
    same, left = _same_and_left(entry, now, entry.was.columns)
    keys = _keys(entry, entry.was)
    back = entry.was.join(same.select(keys), on=keys, how="semi", nulls_equal=True)
    return Reversal(entry.table, AMENDED, back, back.height, left)


def _reverse_filled(entry: Entry, now: pl.DataFrame) -> Reversal:
    """Rows that hold what was filled in are as bare as they were, whatever else changed in them; others stay."""
    names = entry.is_now.columns
    before = entry.was.rename({name: _before(name) for name in names})
    pairs = pl.concat([entry.is_now, before], how="horizontal").unique(names, keep="first")
    back = now.join(pairs, on=names, how="inner", nulls_equal=True, maintain_order="left")
    left = entry.is_now.join(back, on=names, how="anti", nulls_equal=True)
    key = [pl.col(name).cast(pl.String).fill_null("") for name in entry.table.keys]
    changed = left.select(pl.concat_str(pl.lit(entry.table.name), *key, separator="|")).to_series()
    return Reversal(entry.table, FILLED, back, back.height, changed.to_list())


def _before(name: str) -> str:
    return f"{name}·旧"


def _reverse_replaced(entry: Entry, now: pl.DataFrame) -> Reversal:
    """The old records again, but for those that someone has changed since; staff's own columns stay in any case."""
    kept = {column.name for column in entry.table if column.kept}
    names = [name for name in entry.is_now.columns if name in now.columns and name not in kept]
    same = _alike(now).join(_alike(entry.is_now.select(names)), on=names, how="semi", nulls_equal=True)
    changed = now.join(same, on=ROW, how="anti")
    keys = _keys(entry, now)
    old = entry.was.join(changed.select(keys), on=keys, how="anti", nulls_equal=True)
    frame = pl.concat([old, changed.drop(KEY, ROW)], how="diagonal_relaxed")
    return Reversal(entry.table, REPLACED, frame, old.height, changed[KEY].to_list())


def _same_and_left(entry: Entry, now: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, list[str]]:
    """The rows that hold what was written, and the KEYs of those with its row keys that do not any more."""
    written = entry.is_now.select(names)
    alike = _alike(now).join(_alike(written), on=names, how="semi", nulls_equal=True)
    keys = [name for name in entry.table.keys if name in names]
    mine = now.join(written.select(keys), on=keys, how="semi", nulls_equal=True)
    return now.join(alike, on=ROW, how="semi"), mine.join(alike, on=ROW, how="anti")[KEY].to_list()


def _keys(entry: Entry, frame: pl.DataFrame) -> list[str]:
    return [name for name in entry.table.keys if name in frame.columns]


def _alike(frame: pl.DataFrame) -> pl.DataFrame:
    """Numbers as precise as matters: LibreOffice saves fifteen digits, where a frame has seventeen."""
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(_DIGITS))


def _can_be_foreseen(part: Reversal) -> bool:
    """Whether it is known without reading them anew what the input sheets and 校验 will hold: then one save does it all."""
    if part.how == REPLACED:
        return part.table not in INPUTS
    return part.how == APPENDED or (part.how == AMENDED and not part.table.subjects)


def _put_back(taken: Sequence[Reversal], frames: Frames) -> Frames:
    """Frames as they will be read once all is taken back."""
    after = dict(frames)
    for part in (one for one in taken if one.table in frames and (one.how == REPLACED or one.frame.height)):
        was = after[part.table]
        after[part.table] = _with(part, was)
        after[DEFECTS] = _still_odd(after[DEFECTS], part, was)
    return after


def _with(part: Reversal, was: pl.DataFrame) -> pl.DataFrame:
    if part.how == REPLACED:
        numbered = part.frame.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW), pl.lit(None, pl.String).alias(KEY))
        return pl.concat([was.clear(), numbered], how="diagonal_relaxed")
    return (deleted if part.how == APPENDED else partial(amended, part.table))(was, part.frame)


def _still_odd(defects: pl.DataFrame, part: Reversal, was: pl.DataFrame) -> pl.DataFrame:
    """The defects but those of cells that are written over."""
    rows = was if part.how == REPLACED else was.join(part.frame, on=_keys_in(part), how="semi", nulls_equal=True)
    mine = [pl.col("工作表") == part.table.name, pl.col(ROW).is_in(rows[ROW].implode())]
    if part.how == AMENDED:
        mine.append(pl.col("列").is_in(part.frame.columns))
    return defects.filter(~pl.all_horizontal(mine).fill_null(False))


def _keys_in(part: Reversal) -> list[str]:
    return [name for name in part.table.keys if name in part.frame.columns]


def _to_write(taken: Sequence[Reversal], frames: Frames) -> list[Reversal]:
    """All but sheets that hold already what they held; of one that was rewritten twice, what it held first."""
    first = {part.table: part for part in taken if part.how == REPLACED}
    rewritten = [part for part in first.values() if not _stands(part, frames[part.table])]
    return [*(part for part in taken if part.how != REPLACED), *rewritten]


def _stands(part: Reversal, now: pl.DataFrame) -> bool:
    """Whether the sheet holds already, row for row, what it is to hold again."""
    there, wanted = now.drop(ROW, KEY), kept(part.table, part.frame, now)
    if {*there.columns} != {*wanted.columns} or now[ROW].to_list() != [*range(2, now.height + 2)]:
        return False
    return _alike(wanted.select(there.columns)).equals(_alike(there))


def _write(book: Book, part: Reversal) -> None:
    if part.how == REPLACED:
        book.replace({part.table: part.frame})
    elif part.how == APPENDED and part.frame.height:
        book.delete(part.table, part.frame)
    elif part.how == AMENDED and part.frame.height:
        book.amend(part.table, part.frame)
    elif part.how == FILLED:
        for name in (name for name in part.table.names if _before(name) in part.frame.columns):
            changed = part.frame.filter(pl.col(name).ne_missing(pl.col(_before(name))))
            if changed.height:
                book.amend(part.table, changed.select(ROW, KEY, pl.col(_before(name)).alias(name)))


def _check_last(runs: pl.DataFrame, label: str, ran: str) -> None:
    done = runs.select("操作", pl.col("时间").cast(pl.Datetime("us"))).rows()
    if not done or done[-1][0] != label or str(done[-1][1]) != ran:
        raise NothingNoted("最近一次操作不是在打开的总表里做的；请保存并关闭总表，在帮扶窗口里点“撤销上次”。")


def _summary(label: str, rows: int, left: list[str]) -> str:
    sentence = f"已撤销“{label}”，退回 {rows} 行。"
    if left:
        more = "等" if len(left) > _NAMED else ""
        sentence += f"有 {len(left)} 行之后被人改过，没有动：{'、'.join(left[:_NAMED])}{more}。"
    return sentence
