"""What goes into 荣誉, exactly once."""

from __future__ import annotations

from datetime import date

import polars as pl

from tests.support.drawn import frame, looks_like
from xlbangfu.rules.awards import changed_prizes, new_honours, new_prizes, recorded
from xlbangfu.schema import AWARDS, HONOURS

TERM, DAY = "2025-2026下", date(2026, 6, 30)
CHOSEN = frame(
    HONOURS,
    """
    荣誉     | 学号 | 姓名 | 班级 | 依据
    进步之星 | 01   | 甲   | 1班  | 升 5 个百分点
    守纪之星 | 01   | 甲   | 1班  | 纪律 5 分
    进步之星 | 02   | 乙   | 1班  | 升 4 个百分点
""",
)
WON = frame(
    AWARDS,
    """
    日期       | 荣誉           | 学号 | 姓名 | 班级 | 依据
    2026-04-20 | 期中进步一等奖 | 01   | 甲   | 1班  | 下期中：进步 3 名
    2026-06-20 | 期末进步二等奖 | 01   | 甲   | 1班  | 下期末：进步 1 名
""",
)
LEDGER = frame(
    AWARDS,
    """
    日期       | 学期        | 荣誉           | 学号 | 姓名 | 班级 | 确认人
    2026-05-01 | 2025-2026下 | 进步之星       | 01   | 甲   | 1班  | 王老师
    2025-12-01 | 2025-2026上 | 守纪之星       | 01   | 甲   | 1班  | 王老师
    2026-04-20 | 2025-2026下 | 期中进步二等奖 | 01   | 甲   | 1班  | 王老师
""",
)


def test_an_honour_is_recorded_once_a_term_whatever_the_day() -> None:
    looks_like(
        new_honours(CHOSEN, LEDGER, term=TERM, day=DAY, by="李老师"),
        """
            日期       | 学期        | 荣誉     | 学号 | 姓名 | 班级 | 依据         | 确认人
            2026-06-30 | 2025-2026下 | 守纪之星 | 01   | 甲   | 1班  | 纪律 5 分    | 李老师
            2026-06-30 | 2025-2026下 | 进步之星 | 02   | 乙   | 1班  | 升 4 个百分点 | 李老师
        """,
    )


def test_a_prize_is_recorded_once_an_exam_and_one_that_changed_since_stays() -> None:
    looks_like(
        new_prizes(WON, LEDGER, term=TERM, by="李老师"),
        """
            日期       | 荣誉           | 学号 | 确认人
            2026-06-20 | 期末进步二等奖 | 01   | 李老师
        """,
    )
    assert changed_prizes(WON, LEDGER) == 1


def test_a_second_run_adds_nothing() -> None:
    ledger = LEDGER.select(AWARDS.names)
    first = new_honours(CHOSEN, ledger, term=TERM, day=DAY, by="李老师")
    prizes = new_prizes(WON, ledger, term=TERM, by="李老师")
    after = pl.concat([ledger, first, prizes])

    assert new_honours(CHOSEN, after, term=TERM, day=date(2026, 7, 1), by="张老师").height == 0
    assert new_prizes(WON, after, term=TERM, by="张老师").height == 0
    assert recorded(CHOSEN, after, TERM).all()


def test_the_same_honour_ticked_twice_is_one() -> None:
    twice = pl.concat([CHOSEN, CHOSEN])

    assert new_honours(twice, AWARDS.empty(), term=TERM, day=DAY, by="李老师").height == CHOSEN.height
