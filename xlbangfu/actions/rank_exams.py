"""刷新排名: what an exam came to, worked out again."""

from __future__ import annotations

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import FOR_MARKS, Checked, Ranked, ranks, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.actions.validate_book import problems_summary
from xlbangfu.book.port import Book
from xlbangfu.schema import PROBLEMS


def refresh(book: Book, call: Call) -> Outcome:
    """刷新排名: validate, then ranks, class figures and prizes (DOMAIN rules 1, 2, 3, 5)."""
    checked = read_checked(book, call, needs=FOR_MARKS)

    book.progress("计算名次", 0.5)
    ranked = ranks(checked.school)
    outcome = outcome_of("refresh", checked, call, rows=ranked.rows, sentence=ranking_summary(checked, ranked))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, **ranked.sheets})


def ranking_summary(checked: Checked, ranked: Ranked) -> str:
    """How many exams were ranked, who won, and the problems found before."""
    exams = ranked.ranking["考试编号"].n_unique()
    awarded = ranked.prizes.filter(pl.col("奖项").str.ends_with("等奖")).height
    done = "排好名次" if checked.school.settings.shows_places else "算好等级"
    return f"{exams} 次考试{done}（{ranked.ranking.height} 行），{awarded} 人次获进步奖。{problems_summary(checked)}"
