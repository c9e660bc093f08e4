"""选考: nobody lacks a subject that was not chosen, and the tracks of 高中 are ranked apart (DOMAIN rule 2)."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import looks_like, school
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.recent_exams import recent_results

SUBJECTS = """
    年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分 | 选考
         | 语文 | 100  | 85     | 60     | 40     | 是       |
         | 物理 | 100  | 85     | 60     | 40     | 是       | 是
         | 历史 | 100  | 85     | 60     | 40     | 是       | 是
         | 化学 | 100  | 85     | 60     | 40     | 是       | 是
"""
CLASSES = """
    班级 | 年级
    1班  | 高一
    2班  | 高一
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 选科
    01   | 甲   | 1班  | 在读     | 物理、化学
    02   | 乙   | 1班  | 在读     | 物理，化学
    03   | 丙   | 2班  | 在读     | 历史、化学
    04   | 丁   | 2班  | 在读     | 历史、化学
"""
MARKS = """
    考试编号 | 学号 | 语文 | 物理 | 历史 | 化学
    期中     | 01   | 80   | 70   |      | 60
    期中     | 02   | 90   | 50   | 99   | 50
    期中     | 03   | 85   |      | 65   | 70
    期中     | 04   | 60   |      | 缺考 | 70
"""


def high_school(**more: str):
    return school({"成绩": MARKS, "班级": CLASSES, "科目": SUBJECTS, "名册": ROSTER}, **more)


def test_a_subject_not_chosen_is_not_lacked_and_the_tracks_are_ranked_apart() -> None:
    looks_like(
        rank(high_school()),
        """
        学号 | 总分 | 满分 | 年级名次 | 班级名次 | 百分位 | 物理名次 | 历史名次 | 说明
        01   | 210  | 300  | 1        | 1        | 0.5    | 1        |          |
        02   | 190  | 300  | 2        | 2        | 0      | 2        |          |
        03   | 220  | 300  | 1        | 1        | 0      |          | 1        |
        04   | 130  | 300  |          |          |        |          |          | 缺考：历史
        """,
    )


def test_the_school_may_rank_the_whole_grade_together() -> None:
    looks_like(
        rank(high_school(选考排名="全年级")),
        """
        学号 | 年级名次 | 班级名次
        03   | 1        | 1
        01   | 2        | 1
        02   | 3        | 2
        04   |          |
        """,
    )


def test_who_has_not_chosen_a_subject_is_no_examinee_of_it() -> None:
    figures = class_figures(high_school(), rank(high_school())).filter(pl.col("班级").is_null())
    looks_like(
        figures,
        """
        科目 | 应考 | 实考 | 缺考 | 未录 | 平均分 | 及格率
        语文 | 4    | 4    | 0    | 0    | 78.75  | 1
        物理 | 2    | 2    | 0    | 0    | 60     | 0.5
        历史 | 2    | 1    | 1    | 0    | 65     | 1
        化学 | 4    | 4    | 0    | 0    | 62.5   | 0.75
        总分 | 4    | 3    | 1    | 0    | 206.667 | 1
        """,
    )


def test_who_has_not_chosen_a_subject_does_not_fail_it() -> None:
    results = recent_results(high_school(), rank(high_school())).sort("学号")
    assert results["_failed"].to_list() == ["", "物理、化学", "", "历史"]
    assert results["_pass_rate"].drop_nulls().unique().to_list() == [0.6]


@pytest.mark.parametrize("chosen", ["", "化学"])
def test_without_a_first_choice_a_student_is_ranked_with_those_like_him(chosen: str) -> None:
    roster = ROSTER.replace("物理，化学", chosen or "      ")
    ranked = rank(school({"成绩": MARKS, "班级": CLASSES, "科目": SUBJECTS, "名册": roster}))
    one = ranked.row(by_predicate=pl.col("学号") == "02", named=True)
    assert one["年级名次"] == 1
    assert one["满分"] == (200 if chosen else 100)


def test_a_subject_may_be_optional_in_one_grade_only() -> None:
    subjects = SUBJECTS.replace("         | 历史 |", "    高二 | 历史 |")
    looks_like(
        rank(school({"成绩": MARKS, "班级": CLASSES, "科目": subjects, "名册": ROSTER})).sort("学号"),
        """
        学号 | 总分 | 满分
        01   | 210  | 300
        02   | 190  | 300
        03   | 155  | 200
        04   | 130  | 200
        """,
    )


def test_a_school_without_optional_subjects_is_ranked_as_before() -> None:
    looks_like(
        rank(
            school(
                {
                    "成绩": MARKS,
                    "班级": CLASSES,
                    "科目": SUBJECTS.replace("是       | 是", "是       |"),
                    "名册": ROSTER,
                }
            )
        ),
        """
        学号 | 总分 | 年级名次 | 说明
        02   | 289  | 1        |
        01   | 210  |          | 未录：历史
        03   | 220  |          | 未录：物理
        04   | 130  |          | 缺考：历史；未录：物理
        """,
    )
