"""The six numbers of the front page and the lines below them."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from tests.support.drawn import frame
from xlbangfu.front_page import counts, figures
from xlbangfu.front_page.figures import BACK, BETTER, OVERDUE, WAITING
from xlbangfu.schema import CONTACTS, HONOURS, PROGRESS, PROPOSALS, SCREENING
from xlbangfu.settings import Settings

DUE = "学号 | 类型 | 是否过期\n01 | 谈心 | 是\n01 | 辅导 | 是\n02 | 谈心 | 否\n03 | 谈心 | 是"
TERM = Settings(term="2025-2026下", term_start=date(2026, 2, 25), term_end=date(2026, 7, 10))


def test_overdue_contacts_are_told_with_how_many_students_they_are_of() -> None:
    assert figures.lines({CONTACTS: frame(CONTACTS, DUE)}) == {OVERDUE.line: "项，2 人"}


@pytest.mark.parametrize(
    ("drawn", "line"),
    [
        ("下期中 | 01 | 进步\n下期中 | 02 | 稳定\n下期中 | 03 | 数据不足\n上期末 | 01 | 退步", "2 人里 1 人；上次 0%"),
        ("下期中 | 01 | 进步\n下期中 | 02 | 显著进步", "2 人里 2 人"),
        ("下期中 | 01 | 数据不足", "最近一次还不能比"),
        ("", "最近一次考试"),
    ],
)
def test_who_progressed_is_told_of_those_who_can_be_compared(drawn: str, line: str) -> None:
    progress = frame(PROGRESS, f"考试编号 | 学号 | 进展\n{drawn}") if drawn else PROGRESS.empty()

    assert figures.lines({PROGRESS: progress}) == {BETTER.line: line}


def test_classes_that_owe_their_page_are_told_with_the_last_day() -> None:
    went = [datetime(2026, 6, 29, 9), datetime(2026, 6, 30, 9)]
    waiting = pl.DataFrame({"班级": ["1班", "2班"], "班主任": ["甲", "乙"], "时间": went})

    assert figures.pages_out(waiting, 7) == {WAITING: "2", BACK.line: "个班，最晚 7月7日"}
    assert figures.pages_out(waiting.clear(), 7) == {WAITING: "0", BACK.line: "个班"}


def test_rows_wait_until_they_are_ticked_or_declined() -> None:
    waiting = counts.counts(
        {
            SCREENING: frame(SCREENING, "学号 | 变化 | 采纳\n01 | 新增 |\n02 | 新增 | √\n03 | 待定 | 否\n04 | 可退出 |\n05 | 保留 |"),
            PROPOSALS: frame(PROPOSALS, "学号 | 类型 | 采纳\n01 | 一对一 |\n02 | 一对一 | √"),
            HONOURS: frame(HONOURS, "学号 | 荣誉 | 采纳\n01 | 勤奋之星 | √"),
        }
    )  # fmt: skip

    assert [waiting[f"控制台_{name}"] for name in figures.TO_TICK.values()] == [2, 1, 0]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 2, 25), "2025-2026下　第 1 周　2026-02-25"),
        (date(2026, 3, 1), "2025-2026下　第 1 周　2026-03-01"),  # a Sunday
        (date(2026, 3, 2), "2025-2026下　第 2 周　2026-03-02"),
        (date(2026, 8, 1), "2025-2026下　2026-08-01"),  # the term is over
    ],
)
def test_the_page_says_the_week_of_the_term(day: date, said: str) -> None:
    assert counts.when(TERM, day) == said


def test_links_find_a_hidden_sheet_by_its_whole_name() -> None:
    away = counts.away([PROGRESS, CONTACTS])

    assert "、落实、" in away and "、进展、" in away and "、排名、" not in away
    assert counts.away([]) == "、"
