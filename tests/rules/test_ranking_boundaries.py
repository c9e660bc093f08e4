"""The rows of 排名 at its edges (DOMAIN rule 2)."""

from __future__ import annotations

from tests.support.drawn import looks_like, school
from xlbangfu.rules.ranking import rank


def test_who_has_no_rank_comes_after_the_last_that_has_one() -> None:
    looks_like(
        rank(school({"成绩": "考试编号 | 学号 | 语文\n期中 | 01 | 缺考\n期中 | 02 | 50"})),
        """
            学号 | 年级名次
            02   | 1
            01   |
        """,
    )


def test_a_class_that_belongs_to_no_year_leaves_the_year_empty_and_is_ranked_by_itself() -> None:
    found = rank(school({"成绩": "考试编号 | 学号 | 今班 | 语文\n期中 | 01 | 9班 | 50\n期中 | 02 | 1班 | 60"}))

    looks_like(
        found.sort("学号"),
        """
            学号 | 年级 | 班级 | 年级名次 | 班级名次
            01   |      | 9班  | 1        | 1
            02   | 初一 | 1班  | 1        | 1
        """,
    )


def test_a_newcomer_who_is_exempt_from_a_subject_is_told_both() -> None:
    marks = """
        考试编号 | 学号 | 语文 | 数学
        期初     | 01   | 50   | 50
        期中     | 01   | 50   | 50
        期中     | 02   | 免考 | 40
    """
    assert rank(school({"成绩": marks}))["说明"].to_list() == [None, None, "免考：语文；无基线"]


def test_standard_scores_and_gaps_have_six_places() -> None:
    marks = "考试编号 | 学号 | 语文\n期中 | 01 | 90\n期中 | 02 | 70\n期中 | 03 | 70"

    found = rank(school({"成绩": marks}))

    assert found.select("标准分", "与班均差").rows() == [
        (1.414214, 13.333333),
        (-0.707107, -6.666667),
        (-0.707107, -6.666667),
    ]


def test_who_has_no_rank_comes_before_the_next_year() -> None:
    marks = "考试编号 | 学号 | 今班 | 语文\n" + "\n".join(
        f"期中 | {number} | {name} | {mark}"
        for number, name, mark in (("01", "1班", 90), ("02", "1班", "缺考"), ("03", "2班", 80), ("04", "2班", 70))
    )
    found = rank(school({"成绩": marks, "班级": "班级 | 年级\n1班 | 初一\n2班 | 初二"}))

    assert found["学号"].to_list() == ["01", "02", "03", "04"]
