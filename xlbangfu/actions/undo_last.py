"""撤销上次: what the last action wrote goes back, by key or, where the file can, by the copy from before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.note_restored import note_restored
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.actions.undo_rows import NothingNoted, undo_rows
from xlbangfu.book.port import Book
from xlbangfu.catalog import ACTIONS, LABELS
from xlbangfu.schema import RUNS

if TYPE_CHECKING:
    from xlbangfu.book.safety.backup import Backup

FINAL = "person_delete"
SHOWING = {action.name for action in ACTIONS if action.group == "工作表"}  # what is in sight, not what is there
NOTHING_TO_UNDO = (
    "没有可以撤销的操作：只能退回最近的一次；更早的在总表旁边的“备份”文件夹里，用 xlbangfu restore 总表 看列表。"
)
_OUT = {  # what an action has let out
    "send": "已经寄出的邮件收不回来；",
    "return": "已经交出去的上报文件收不回来，“上报记录”也留着；",
}


def undo(book: Book, call: Call) -> Outcome | None:
    """撤销上次: by key where the last action was a click in the open workbook (see ``undo_rows``), else the copy from
    before it takes the file's place. What was typed since goes back too, so staff are asked; None if they say no.

    Raises NothingNoted where the last thing done left nothing to go back to, or may not be taken back.
    """
    try:
        return undo_rows(book, call)
    except NothingNoted:
        if not book.can_go_back:
            raise
        runs = book.read(RUNS)[RUNS]
    copy, question = _way_back(book.path, runs)
    if not call.agrees(question):
        return None

    label = LABELS[copy.action]
    return _go_back(book, call, copy, f"已撤销“{label}”，总表回到了它之前的样子；撤销之前的那份也留了备份。")


def _way_back(path: Path, runs: pl.DataFrame) -> tuple[Backup, str]:
    """The copy from before the last thing that changed the workbook, and what to ask: an action that has its row in
    运行记录, or one that was stopped before it wrote it. Of one that was stopped before it changed anything there is none."""
    from xlbangfu.book.closed.closed_book import RESTORED
    from xlbangfu.book.safety.backup import other_states

    copies = [copy for copy in other_states(path) if not _left_all_rows(copy)]
    if copies and _stopped(copies[0]):
        _check_not_final(copies[0].action)
        first = [*takewhile(lambda copy: _stopped(copy) and copy.action == copies[0].action, copies)][-1]
        return first, _question(first, copies[0].made, "，没有做完就停了")
    if copies and copies[0].action == RESTORED:
        raise NothingNoted(NOTHING_TO_UNDO)
    name, ran = _last(runs)
    copy = _copy_before(copies, name, runs.height)
    return copy, _question(copy, ran)


def _left_all_rows(copy: Backup) -> bool:
    """Whether the save that the copy was made before changed the buttons alone, or which sheets and rows are in sight."""
    from xlbangfu.book.safety.backup import BUTTONS_BACK, BUTTONS_TURNED

    return copy.action in (BUTTONS_BACK, BUTTONS_TURNED) or (copy.action in SHOWING and not copy.changes)


def _stopped(copy: Backup) -> bool:
    """Whether the save that the copy was made before wrote an action's records and not yet its row of 运行记录."""
    return copy.action in LABELS and bool(copy.changes) and _ledger_row(copy) is None


def _question(copy: Backup, ran: datetime, how: str = "") -> str:
    sent = _OUT.get(copy.action, "")
    state = f"那之前上次保存（{copy.saved:%H:%M}）" if copy.saved else "那之前"
    return (
        f"最近一次操作是“{LABELS[copy.action]}”（{ran.month}月{ran.day}日{ran:%H:%M}）{how}，总表会回到{state}的样子；{sent}"
        "那之后在总表里手工改的也一起退回，退回之前的总表另留一份备份。要退回吗？"
    )


def _last(runs: pl.DataFrame) -> tuple[str, datetime]:
    """The name and time of the last action, which must be one that can be taken back."""
    names = {label: name for name, label in LABELS.items()}
    rows = runs.select("操作", "时间").drop_nulls().rows()
    label, ran = rows[-1] if rows else ("", None)
    name = names.get(label, "")
    _check_not_final(name)
    if ran is None or name in ("", "undo"):
        raise NothingNoted(NOTHING_TO_UNDO)
    return name, ran


def _check_not_final(name: str) -> None:
    if name == FINAL:
        raise NothingNoted(f"“{LABELS[name]}”不能撤销。")


def _copy_before(copies: Sequence[Backup], name: str, row: int) -> Backup:
    """The copy from before the first save of the action whose row is that of 运行记录: its last save wrote the row."""
    saves = list(takewhile(lambda copy: copy.action == name and _stopped(copy), copies[1:]))
    if not copies or copies[0].action != name or _ledger_row(copies[0]) != row:
        raise NothingNoted(
            f"“{LABELS[name]}”之前的总表不在“备份”文件夹里，不能撤销；用 xlbangfu restore 总表 看还有哪些备份。"
        )
    return [copies[0], *saves][-1]


def _ledger_row(copy: Backup) -> int | None:
    """How many rows 运行记录 had after the save that this copy was made before, None if that save wrote none."""
    return next((change.after for change in copy.changes if change.sheet == RUNS.name), None)


def _go_back(book: Book, call: Call, copy: Backup, sentence: str) -> Outcome:
    book.progress("取回备份", 0.9)
    back = book.go_back(copy)
    checked = read_checked(back, call, needs=())
    told = note_restored(back, call, sentence, now=book)
    return replace(outcome_of("restore", checked, call, rows=0, sentence=told), action="undo")
