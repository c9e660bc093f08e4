"""Targets of a plan that an exam can tell of (DOMAIN rule 9)."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.drawn import looks_like, school, with_settings
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import LEVELS, rank
from xlbangfu.rules.school import School
from xlbangfu.rules.targets import AHEAD, AIM, ahead, in_view, judged, level_aims
from xlbangfu.schema import EXAMS

ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期
    01   | 王一 | 1班  | 在读     | 学困     | 2025-09-01
    02   | 王二 | 1班  | 在读     |          |
    03   | 王三 | 1班  | 在读     |          |
    04   | 王四 | 1班  | 在读     |          |
"""
MARKS = """
    考试编号 | 学号 | 语文
    下期中   | 01   | 60
    下期中   | 02   | 50
    下期中   | 03   | 70
    下期中   | 04   | 缺考
"""
AIMED = "计划编号 | 学号 | 阶段 | 开始 | 结束 | 目标考试 | 目标等级 | 目标百分位"


def aiming(*plans: str, **of: str) -> School:
    rows = [f"J{at} | {row}" for at, row in enumerate(plans)]
    return school({"名册": ROSTER, "成绩": MARKS, "计划": "\n".join([AIMED, *rows])}, **of)


def said(one: School, student: str = "01") -> str | None:
    rows = judged(rank(one), one).filter(pl.col("学号") == student, pl.col("考试编号") == "下期中")
    return rows[AIM].item()


@pytest.mark.parametrize(
    ("aim", "expected"),
    [
        ("下期中 | C |", "目标等级 C，达到了"),
        ("下期中 | D |", "目标等级 D，达到了"),
        ("下期中 | B |", "目标等级 B，还没到"),
        ("下期中 | | 0.3333", "目标百分位 33.3%，达到了"),
        ("下期中 | | 0.34", "目标百分位 34%，还没到"),
        ("下期中 | C | 0.34", "目标等级 C、百分位 34%，还没到"),
        ("下期中 | B | 0.3", "目标等级 B、百分位 30%，还没到"),
        ("下期中 | C | 0.3", "目标等级 C、百分位 30%，达到了"),
        ("下期中 | |", None),
        (" | C |", None),
    ],
)
def test_a_target_is_reached_where_all_that_it_names_is(aim: str, expected: str | None) -> None:
    one = aiming(f"01 | 评估调整 | 2026-03-02 | 2026-04-30 | {aim}")

    assert said(one) == expected


def test_who_was_absent_neither_reached_nor_missed_it() -> None:
    assert said(aiming("04 | 评估调整 | 2026-03-02 | 2026-04-30 | 下期中 | C |"), "04") == "目标等级 C，这次看不出"


def test_of_two_targets_for_one_exam_the_one_of_the_later_phase_holds() -> None:
    one = aiming(
        "01 | 评估调整 | 2026-04-02 | 2026-04-30 | 下期中 | B |",
        "01 | 实施帮扶 | 2026-03-02 | 2026-04-01 | 下期中 | E |",
    )

    assert said(one) == "目标等级 B，还没到"


def test_where_no_places_are_shown_a_percentile_is_neither_told_nor_judged() -> None:
    only_share, both = (
        with_settings(aiming(f"01 | 评估调整 | 2026-03-02 | 2026-04-30 | 下期中 | {aim}"), 总表名次="等级")
        for aim in ("| 0.9", "C | 0.9")
    )

    assert said(only_share) is None
    assert said(both) == "目标等级 C，达到了"


def test_progress_says_of_the_exam_whether_it_was_reached_and_in_the_latest_row_what_is_next() -> None:
    one = aiming(
        "01 | 实施帮扶 | 2026-03-02 | 2026-04-01 | 下期中 | C |",
        "01 | 评估调整 | 2026-05-02 | 2026-06-30 | 下期末 | B |",
    )
    coming = (
        one[EXAMS]
        .filter(pl.col("考试编号") == "下期中")
        .with_columns(考试编号=pl.lit("下期末"), 名称=pl.lit("下学期期末"), 日期=pl.lit(one.today).dt.offset_by("9d"))
    )
    with_coming = School.of({**one.frames, EXAMS: pl.concat([one[EXAMS], coming])}, today=one.today)

    looks_like(ahead(with_coming).rename({AHEAD: "下次"}), "学号 | 下次\n01 | 下学期期末 的目标等级 B")
    reason = progress(with_coming, rank(with_coming)).filter(pl.col("考试编号") == "下期中")["依据"].item()
    assert "目标等级 C，达到了。下学期期末 的目标等级 B" in reason


def test_what_leaves_the_office_says_of_each_level_whether_it_was_reached_and_looks_to_the_next_exam() -> None:
    one = aiming(
        "01 | 实施帮扶 | 2026-03-02 | 2026-04-01 | 下期中 | C | 0.99",
        "01 | 评估调整 | 2026-05-02 | 2026-06-30 | 下期末 | B |",
        "02 | 评估调整 | 2026-05-02 | 2026-06-30 | 下期中 | | 0.5",
        "03 | 评估调整 | 2026-05-02 | 2026-06-30 | 期末 | A |",
    )
    exams = pl.concat([one[EXAMS], one[EXAMS][:1].with_columns(考试编号=pl.lit("下期末"), 日期=pl.date(2026, 7, 9))])
    known = School.of({**one.frames, EXAMS: exams}, today=one.today)

    aims = level_aims(known, rank(known))

    assert {student: [(aim.exam, aim.level, aim.verdict) for aim in those] for student, those in aims.items()} == {
        "01": [("下期中", "C", "达到了"), ("下期末", "B", "")],
        "03": [("期末", "A", "这次看不出")],
    }
    assert (in_view(aims["01"]), in_view(aims["03"]), in_view(())) == (aims["01"][1], aims["03"][0], None)
    assert aims["01"][0].goal == "下期中总分到等级C（达到了）"


@given(st.sampled_from(LEVELS), st.sampled_from(LEVELS))
@settings(max_examples=15, deadline=None)
def test_a_lower_target_is_never_harder_to_reach(one: str, other: str) -> None:
    def reached(level: str) -> bool:
        return "达到了" in (said(aiming(f"01 | 评估调整 | 2026-03-02 | 2026-04-30 | 下期中 | {level} |")) or "")

    low, high = max(one, other), min(one, other)
    assert reached(low) or not reached(high)
