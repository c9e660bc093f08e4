"""工作表: sheets taken out of hiding and put away, all of them or one group. Nothing on them changes, nothing is noted."""

from __future__ import annotations

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.reporting import write_sight
from xlbangfu.book.port import Book
from xlbangfu.catalog import BY_NAME
from xlbangfu.schema import Kind, Table
from xlbangfu.sheet_groups import group_of


def all_sheets(book: Book, call: Call) -> Outcome:
    """全部工作表: every sheet in sight, or, where they all are, those without records away."""
    return _turn(book, call, "sheets", only_empty=True)


def school_sheets(book: Book, call: Call) -> Outcome:
    """学校名单: this group in sight, or, where it is, away."""
    return _turn(book, call, "sheets_school")


def care_sheets(book: Book, call: Call) -> Outcome:
    """帮扶与成绩: this group in sight, or, where it is, away."""
    return _turn(book, call, "sheets_care")


def results_sheets(book: Book, call: Call) -> Outcome:
    """算出的结果: those of the group that were worked out in sight, or, where they are, away."""
    return _turn(book, call, "sheets_results")


def ledgers_sheets(book: Book, call: Call) -> Outcome:
    """各种记录: those of the group that hold something in sight, or, where they are, away."""
    return _turn(book, call, "sheets_ledgers")


def _turn(book: Book, call: Call, action: str, *, only_empty: bool = False) -> Outcome:
    label = BY_NAME[action].label
    tables = group_of(label)
    away = book.hidden()
    hidden = [table for table in tables if table in away]
    waiting = [table for table in hidden if table.kind is Kind.INPUT or _filled(book, table)]
    spare = [] if waiting else [table for table in tables if table not in hidden]
    spare = [table for table in spare if not (only_empty and _filled(book, table))]

    book.reveal(*waiting)
    book.hide(*spare)
    write_sight(book)
    turned = waiting or spare
    sentence = _sentence(label, turned, shown=bool(waiting), whole=not only_empty)
    return Outcome(action=action, sentence=sentence, next_step="", rows=len(turned), seconds=call.seconds)


def _filled(book: Book, table: Table) -> bool:
    return not book.read(table)[table].is_empty()


def _sentence(label: str, tables: list[Table], *, shown: bool, whole: bool) -> str:
    if not tables:
        return f"“{label}”没有可以打开或收起的工作表；程序还没有算过的结果表，点了相应的按钮才有。"
    names = "、".join(table.name for table in tables)
    if shown:
        return f"打开了 {len(tables)} 张工作表：{names}；再点一次“{label}”就收起。"
    what = "" if whole else "没有内容的"
    return f"收起了{what} {len(tables)} 张工作表：{names}；内容都在，再点一次“{label}”就打开。"
