"""What the front page says of 组织, 保障 and 荣誉."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tests.support.drawn import frame
from xlbangfu.front_page import counts
from xlbangfu.schema import AWARDS, EXAMS, ORGANISATION, SUPPORT

LED = "职务 | 姓名\n副组长 | 乙\n组长 | 甲"
RISKS = """
    类别 | 事项     | 责任人 | 状态
    风险 | 请假     |        | 有预案
    风险 | 情绪     | 政教处 |
    风险 | 停电     |        | 已解除
    资源 | 教室     |        |
    风险 | 辅导中断 |        |
"""


@pytest.mark.parametrize(
    ("led", "risks", "said"),
    [
        (LED, RISKS, "组长 甲；2 项风险没有责任人，请在“保障”填上"),
        (LED, RISKS.replace("|        |", "| 总务处 |"), "组长 甲"),
        ("职务 | 姓名", "类别 | 事项", "还没有组长，请在“组织”填上"),
    ],
)
def test_the_page_says_who_leads_and_which_risks_nobody_answers_for(led: str, risks: str, said: str) -> None:
    assert counts.office(frame(ORGANISATION, led), frame(SUPPORT, risks)) == said


def test_running_risks_without_anyone_are_a_number() -> None:
    assert counts.counts({SUPPORT: frame(SUPPORT, RISKS)}) == {"控制台_风险缺人": 2}


def test_the_latest_honours_are_those_of_the_last_day() -> None:
    given = frame(AWARDS, "日期 | 荣誉\n2026-01-20 | 勤奋之星\n2026-06-30 | 学业进步生\n2026-06-30 | 品德优秀生")

    assert counts.counts({AWARDS: given}) == {"控制台_荣誉人次": 3, "控制台_最近荣誉": 2}
    assert counts.counts({AWARDS: AWARDS.empty()}) == {"控制台_荣誉人次": 0, "控制台_最近荣誉": 0}


def test_texts_come_from_the_sheets_that_were_read() -> None:
    exams = frame(EXAMS, "考试编号 | 名称 | 日期\n期中 | 期中考试 | 2026-05-06")

    assert counts.texts({EXAMS: exams}, date(2026, 6, 30)) == {counts.LAST_EXAM: "期中考试（2026-05-06）"}
    assert counts.texts({ORGANISATION: pl.DataFrame()}, date(2026, 6, 30)) == {}
