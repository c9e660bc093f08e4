"""Rows from Python: appended and amended as every action does it, validated first, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, check_frames, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.book.row_matching import in_order
from xlbangfu.errors import BadArgument
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.completion import complete
from xlbangfu.rules.row_changes import RowChanges, row_changes
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import DEFECTS, KEY, LAYOUT, PROBLEMS, ROW, SCORES, SUBJECTS, Table, subjects_in

NAME = "write_rows"
_SHOWN = 5  # records or problems that a refusal names


def write_rows(
    book: Book, call: Call, table: Table, rows: pl.DataFrame, *, overwrites: bool = False, writes: bool = True
) -> Outcome:
    """Append the rows that an input sheet lacks and fill empty cells of those it has, known by the table's keys.

    ``rows`` is typed by the schema and may lack columns; ROW is the place of each, for messages. A cell that says something
    else already is amended only if ``overwrites``. What ``writes`` is False for is only looked at.

    Raises BadArgument, with nothing written, for a column that the workbook lacks, two rows that name one record, cells that
    differ, and rows that would be in error.
    """
    before = read_checked(book, call, needs=(table,), completes=False)
    changes = _changes(table, rows, before, call, overwrites=overwrites)

    after = _after(table, before, changes, call)
    frames = {**before.frames, table: after}
    checked = check_frames(book, call, {**frames, PROBLEMS: book.read(PROBLEMS)[PROBLEMS]})
    _check_sound(before, checked)
    outcome = outcome_of(
        NAME,
        checked,
        call,
        rows=changes.new.height + _cells((*changes.filled, *changes.differing)),
        sentence=_sentence(table, changes, rows.height, writes=writes) + _warned(checked.warnings - before.warnings),
    )

    if not writes or not outcome.rows:
        return outcome
    if changes.new.height:
        book.append(table, _new_records(table, before, after))
    for frame in (*changes.filled, *changes.differing):
        book.amend(table, frame)
    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def _changes(table: Table, rows: pl.DataFrame, before: Checked, call: Call, *, overwrites: bool) -> RowChanges:
    frames = before.frames
    _check_columns(table, rows, frames)
    whole = rows.with_columns(
        pl.lit(None, dtype=column.type.dtype).alias(column.name) for column in table if column.name not in rows.columns
    )
    known = School.of(frames, today=call.today)[table].with_columns(frames[table][KEY])
    meant = School.of({**frames, table: whole}, today=call.today)[table]
    named = {*rows.columns, *table.keys, "学号", "姓名", "班级", STUDENT}
    meant = meant.select(name for name in meant.columns if name in named)
    changes = row_changes(table, meant, known, frames[DEFECTS])
    if changes.doubled:
        places = "、".join(map(str, changes.doubled[:_SHOWN]))
        raise BadArgument(
            f"第 {places} 行（从 0 数）写的是“{table.name}”的同一条，内容却不同，什么也没有写；请只留一行。"
        )
    if changes.differing and not overwrites:
        raise BadArgument(_differing_sentence(table, changes))
    return changes


def _check_columns(table: Table, rows: pl.DataFrame, frames: Mapping[Table, pl.DataFrame]) -> None:
    """Raise BadArgument for a column of the schema that this workbook has not yet, and for a subject that is none."""
    there = set(frames[LAYOUT].filter(pl.col("工作表") == table.name)["列"])
    given = [name for name in rows.columns if name in table and rows[name].null_count() < rows.height]
    if lacking := [name for name in given if name not in there]:
        raise BadArgument(
            f"这个总表的“{table.name}”没有列“{'、'.join(lacking)}”，什么也没有写；请先升级总表，再写一次。"
        )
    if table == SCORES:
        known = {*frames[SUBJECTS]["科目"].drop_nulls(), *there}
        if unknown := [name for name in subjects_in(rows) if name not in known]:
            raise BadArgument(
                f"“科目”表里没有“{'、'.join(unknown)}”，什么也没有写；列名请和“科目”表一致，或者先在那里加上。"
            )


def _differing_sentence(table: Table, changes: RowChanges) -> str:
    """Which cells differ, by row and column of the sheet and never by what they say."""
    cells = [
        f"第 {row} 行的{next(name for name in frame.columns if name not in (ROW, KEY))}"
        for frame in changes.differing
        for row in frame[ROW].head(_SHOWN)
    ]
    count = _cells(changes.differing)
    more = f" 等 {count} 格" if count > _SHOWN else ""
    return (
        f"“{table.name}”里已经写着别的：{'、'.join(cells[:_SHOWN])}{more}，什么也没有写；"
        "要照您的改，写 overwrite=True，不改的把那一格留空。"
    )


def _after(table: Table, before: Checked, changes: RowChanges, call: Call) -> pl.DataFrame:
    """The table as it will read: cells amended, new records below, with what nobody need type."""
    amendments = [*changes.filled, *changes.differing]
    _, amended = in_order(amendments, before.frames[table])
    last = amended[ROW].max()
    first = (last if isinstance(last, int) else 1) + 1
    key = pl.concat_str(
        pl.lit(table.name), *(pl.col(name).cast(pl.String).fill_null("") for name in table.keys), separator="|"
    )
    columns = [name for name in changes.new.columns if not name.startswith("_")]
    new = changes.new.select(columns).with_columns(
        (pl.int_range(pl.len(), dtype=pl.Int64) + first).alias(ROW), key.alias(KEY)
    )
    after = {**before.frames, table: pl.concat([amended, new], how="diagonal")}
    return complete(after, School.of(after, today=call.today)).of(after)[table]


def _new_records(table: Table, before: Checked, after: pl.DataFrame) -> pl.DataFrame:
    """The records below those that were there, in the columns of the sheet."""
    last = before.frames[table][ROW].max()
    new = after.filter(pl.col(ROW) > (last if isinstance(last, int) else 1))
    return new.select(name for name in new.columns if not name.startswith("_"))


def _check_sound(before: Checked, checked: Checked) -> None:
    """Raise BadArgument for an 错误 that was not there before."""
    same = ["编号", "工作表", "键", "列"]
    new = trouble.errors(checked.problems).join(
        trouble.errors(before.problems), on=same, how="anti", nulls_equal=True, maintain_order="left"
    )
    if not new.height:
        return
    named = [f"{row['工作表']}{row['列'] or ''}：{row['问题']}，{row['怎么改']}" for row in new.head(_SHOWN).to_dicts()]
    more = f"；等 {new.height} 处" if new.height > _SHOWN else ""
    raise BadArgument(f"照这样写，校验会多出错误，什么也没有写：{'；'.join(named)}{more}。")


def _cells(frames: Sequence[pl.DataFrame]) -> int:
    return sum(frame.height for frame in frames)


def _sentence(table: Table, changes: RowChanges, came: int, *, writes: bool) -> str:
    filled, changed = _cells(changes.filled), _cells(changes.differing)
    parts = [
        f"新增 {changes.new.height} 行" if changes.new.height else "",
        f"补上 {filled} 格" if filled else "",
        f"改了 {changed} 格" if changed else "",
    ]
    done = "，".join(part for part in parts if part)
    if not done:
        return f"“{table.name}”里本来就有这 {came} 行，没有要写的。"
    return f"{'写进' if writes else '还没有写，会写进'}“{table.name}”：{done}。"


def _warned(more: int) -> str:
    return f"校验会多 {more} 个警告，请看一眼。" if more > 0 else ""
