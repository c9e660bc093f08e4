"""落实与进展: contacts made against contacts owed, and how each student is doing."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS, PROBLEMS, PROGRESS, YES, Table


def follow(book: Book, call: Call) -> Outcome:
    """Write 落实 and 进展 (DOMAIN rules 8 and 9)."""
    from xlbangfu.rules.ranking import rank

    checked = read_checked(book, call)

    book.progress("看落实和进展", 0.5)
    sheets = followed(checked.school, rank(checked.school))
    rows = sum(sheet.height for sheet in sheets.values())
    outcome = outcome_of(
        "follow",
        checked,
        call,
        rows=rows,
        sentence=_summary(sheets),
        details=special_groups_told(checked.school, sheets),
    )

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, **sheets})


@asks_much
def followed(school: School, ranking: pl.DataFrame) -> dict[Table, pl.DataFrame]:
    """落实 and 进展 of a school that is without errors; ``ranking`` is its 排名."""
    from xlbangfu.rules.contacts import contacts
    from xlbangfu.rules.progress import progress

    return {CONTACTS: contacts(school), PROGRESS: progress(school, ranking)}


def special_groups_told(school: School, sheets: dict[Table, pl.DataFrame]) -> tuple[str, ...]:
    """Their counts by themselves; nothing where none of them is helped."""
    from xlbangfu.rules.group_figures import group_figures

    figures = [one for one in group_figures(school, sheets[CONTACTS], sheets[PROGRESS]) if one.tracked]
    if not figures:
        return ()
    told = "、".join(f"{one.name} {one.tracked}/{one.better}/{one.overdue}" for one in figures)
    return (f"其中特殊群体（在帮扶人数/有进步人数/过期项数；一名学生可以属于几个）：{told}。",)


def _summary(sheets: dict[Table, pl.DataFrame]) -> str:
    owed, moved = sheets[CONTACTS], sheets[PROGRESS]
    late = owed.filter(pl.col("是否过期") == YES)
    leaves = moved.filter(pl.col("建议转化") == YES)["学号"].n_unique()
    if not owed.height:
        return "没有要落实的：名册里还没有帮扶学生，先点“排查”。"
    return (
        f"{owed['学号'].n_unique()} 名帮扶学生：{late.height} 项帮扶过期（{late['学号'].n_unique()} 人），列在“落实”最前面；"
        f"{leaves} 人可以考虑转化，依据在“进展”里。"
    )
