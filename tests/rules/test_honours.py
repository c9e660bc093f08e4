"""Who could be honoured, with the evidence (DOMAIN rule 10)."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school, with_settings
from xlbangfu.rules.honours import honours, scholarship, season, won_prizes
from xlbangfu.rules.prizes import award
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.stars import without_measure
from xlbangfu.schema import HONOURS

ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别
    01   | 甲   | 1班  | 在读     | 学困
    02   | 乙   | 1班  | 在读     |
    03   | 丙   | 1班  | 在读     | 学困
    04   | 丁   | 2班  | 在读     |
    05   | 戊   | 2班  | 辍学     |
"""
MARKS = "月份 | 学号 | 评价人 | 学习态度 | 作业 | 纪律 | 品德 | 参与"
EXAMS = """
    考试编号 | 日期       | 学期        | 类型
    上期末   | 2026-01-20 | 2025-2026上 | 期末
    下期中   | 2026-04-20 | 2025-2026下 | 期中
    下期末   | 2026-06-20 | 2025-2026下 | 期末
"""
SCORES = """
    考试编号 | 学号 | 语文
    上期末   | 01   | 10
    上期末   | 02   | 20
    上期末   | 03   | 30
    上期末   | 04   | 40
    下期中   | 01   | 20
    下期中   | 02   | 10
    下期中   | 03   | 40
    下期中   | 04   | 30
    下期末   | 01   | 35
    下期末   | 02   | 10
    下期末   | 03   | 30
    下期末   | 04   | 40
"""


def found(one: School) -> pl.DataFrame:
    ranking = rank(one)
    return honours(one, ranking, award(one, ranking), progress(one, ranking))


def term(marks: str = "", *, until: str = "期末", **settings_of: str) -> School:
    """A school in its second term, up to 期中 or 期末."""
    scores = SCORES if until == "期末" else "\n".join(line for line in SCORES.splitlines() if "下期末" not in line)
    exams = EXAMS if until == "期末" else "\n".join(line for line in EXAMS.splitlines() if "下期末" not in line)
    sheets = {"名册": ROSTER, "成绩": scores, "考试": exams, "评价": f"{MARKS}\n{marks}"}
    return school(sheets, **settings_of)


def test_the_season_is_midterm_until_the_terms_final_was_held() -> None:
    assert season(term(until="期中")) == "期中"
    assert season(term()) == "期末"
    assert season(term(评优时段="期中")) == "期中"


def test_a_star_goes_by_its_measure_and_each_class_chooses_among_its_own() -> None:
    marks = """
        2026-03 | 01 | 班主任 | 3 | 3 | 5 | 3 | 3
        2026-03 | 02 | 班主任 | 5 | 3 | 4 | 3 | 3
        2026-03 | 04 | 班主任 | 3 | 3 | 4 | 3 | 3
    """
    looks_like(
        found(term(marks, until="期中", 十星="守纪之星、学习之星、进步之星")),
        """
            荣誉     | 学号 | 班级 | 顺序 | 依据
            守纪之星 | 01   | 1班  | 1    | 本学期纪律平均 5 分
            守纪之星 | 02   | 1班  | 2    | 本学期纪律平均 4 分
            学习之星 | 02   | 1班  | 1    | 本学期学习态度平均 5 分
            进步之星 | 03   | 1班  | 1    | 下期中 在年级里的位置升 25 个百分点
            进步之星 | 01   | 1班  | 2    | 下期中 在年级里的位置升 25 个百分点
            守纪之星 | 04   | 2班  | 1    | 本学期纪律平均 4 分
        """,
    )


def test_marks_below_the_starting_score_or_of_another_term_make_no_candidate() -> None:
    marks = """
        2026-03 | 01 | 班主任 |  |  | 3.9 |  |
        2025-12 | 02 | 班主任 |  |  | 5   |  |
    """
    assert found(term(marks, until="期中", 十星="守纪之星")).height == 0
    assert found(term(marks, until="期中", 十星="守纪之星", 十星起评分="3.9"))["学号"].to_list() == ["01"]


def test_who_left_the_school_is_no_candidate() -> None:
    marks = "2026-03 | 05 | 班主任 |  |  | 5 |  |"

    assert found(term(marks, until="期中", 十星="守纪之星")).height == 0


def test_an_activity_star_counts_activities_of_the_term_and_gifts() -> None:
    sheets = {
        "名册": ROSTER,
        "成绩": "考试编号 | 学号",
        "活动": """
            日期       | 名称       | 类型     | 参与学生
            2026-03-10 | 春季运动会 | 其他     | 01、02
            2026-04-10 | 长跑       | 其他     | 02
            2025-10-10 | 秋季运动会 | 其他     | 01
            2026-03-11 | 读书会     | 兴趣小组 | 01
        """,
        "档案": "学号 | 特长\n03 | 跑步",
    }
    looks_like(
        found(school(sheets, 十星="体育之星", 十星依据="体育之星=活动:运动/跑", 十星候选="3")),
        """
            荣誉     | 学号 | 顺序 | 依据
            体育之星 | 02   | 1    | 本学期参加 2 次：春季运动会、长跑
            体育之星 | 01   | 2    | 本学期参加 1 次：春季运动会
            体育之星 | 03   | 3    | 特长：跑步
        """,
    )


def test_a_word_of_the_settings_is_no_pattern() -> None:
    sheets = {"名册": ROSTER, "成绩": "考试编号 | 学号", "档案": "学号 | 特长\n03 | 跑步"}

    assert found(school(sheets, 十星="体育之星", 十星依据="体育之星=活动:.*")).height == 0


def test_stars_without_a_measure_are_left_to_staff_and_named() -> None:
    one = term(until="期中", 十星="守纪之星、孝心之星")

    assert without_measure(one) == ["孝心之星"]
    assert "孝心之星" not in found(one)["荣誉"].to_list()


def test_no_more_stars_than_the_settings_allow_have_candidates() -> None:
    marks = "2026-03 | 01 | 班主任 | 5 | 5 | 5 | 5 | 5\n2026-03 | 02 | 班主任 | 5 | 5 | 5 | 5 | 5"
    one = term(marks, until="期中", 十星人数="2")

    assert found(one)["荣誉"].unique().sort().to_list() == ["学习之星", "进步之星"]


def test_at_the_final_the_largest_rise_of_each_class_is_honoured() -> None:
    looks_like(
        found(term()).filter(pl.col("荣誉") == "学业进步生"),
        """
            荣誉       | 学号 | 班级 | 顺序 | 依据
            学业进步生 | 01   | 1班  | 1    | 下期末 比 上期末 升 50 个百分点
        """,
    )


def test_at_the_final_conduct_goes_by_the_mean_of_both_marks_and_ties_are_all_listed() -> None:
    marks = """
        2026-03 | 01 | 班主任 |  |  | 4 | 5 |
        2026-03 | 02 | 班主任 |  |  | 5 | 4 |
        2026-03 | 03 | 班主任 |  |  | 4 | 4 |
    """
    result = found(term(marks, 品德优秀生人数="1")).filter(pl.col("荣誉") == "品德优秀生")

    assert result.select("学号", "顺序").rows() == [("01", 1), ("02", 1)]


def test_the_scholarship_is_for_tracked_students_who_rose_under_its_outward_name() -> None:
    looks_like(
        found(term()).filter(pl.col("荣誉") == "励志奖学金"),
        """
            荣誉       | 学号 | 年级 | 顺序 | 依据
            励志奖学金 | 01   | 初一 | 1    | 下期末 显著进步，升 50 个百分点；进步一等奖
        """,
    )


@pytest.mark.parametrize(
    ("name", "public", "outward"),
    [
        ("", "", "励志奖学金"),
        ("优秀{对外称谓}学生奖学金", "", "优秀重点关爱学生奖学金"),
        ("优秀{对外称谓}学生奖学金", "成长伙伴", "优秀成长伙伴学生奖学金"),
        ("优秀学困生奖学金", "", "励志奖学金"),
    ],
)
def test_no_outward_name_says_on_which_list_anyone_is(name: str, public: str, outward: str) -> None:
    assert scholarship(with_settings(term(), 奖学金名称=name, 对外称谓=public)) == outward


def test_prizes_of_the_terms_exams_are_ready_for_the_ledger() -> None:
    one = term()

    looks_like(
        won_prizes(one, award(one, rank(one))),
        """
            日期       | 荣誉           | 学号 | 班级 | 依据
            2026-06-20 | 期末进步一等奖 | 01   | 1班  | 下期末：进步 1 名
        """,
    )


@pytest.mark.parametrize("when", ["期中", "期末"])
def test_a_school_without_anything_has_no_candidates(when: str) -> None:
    assert_frame_equal(found(school({"成绩": "考试编号 | 学号"}, 评优时段=when)), HONOURS.empty())


def test_a_first_term_without_a_baseline_honours_conduct_only() -> None:
    exams = "考试编号 | 日期 | 学期 | 类型\n下期末 | 2026-06-20 | 2025-2026下 | 期末"
    scores = "考试编号 | 学号 | 语文\n下期末 | 01 | 35\n下期末 | 02 | 10"
    marks = f"{MARKS}\n2026-03 | 01 | 班主任 |  |  | 4 | 5 |"
    one = school({"名册": ROSTER, "成绩": scores, "考试": exams, "评价": marks})

    assert found(one)["荣誉"].to_list() == ["品德优秀生"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 5)] * 5), min_size=1, max_size=12))
def test_every_class_has_each_star_once_and_first_candidates_are_shared_out(marks: list[tuple[int, ...]]) -> None:
    roster = ["学号 | 姓名 | 班级 | 在籍状态"]
    given_marks = [MARKS]
    for number, five in enumerate(marks):
        roster.append(f"{number:02d} | 生{number} | {number % 2 + 1}班 | 在读")
        given_marks.append(f"2026-03 | {number:02d} | 班主任 | " + " | ".join(map(str, five)))
    sheets = {"名册": "\n".join(roster), "成绩": "考试编号 | 学号", "评价": "\n".join(given_marks)}

    result = found(school(sheets, 十星候选="10"))

    assert result.select("荣誉", "班级", "顺序").is_unique().all()
    assert result.select("荣誉", "学号").is_unique().all()
    for _, room in result.group_by("班级"):
        firsts = room.filter(pl.col("顺序") == 1)
        several = firsts.filter(pl.len().over("学号") > 1)
        for star in several.group_by("学号").agg(pl.col("荣誉").last())["荣誉"]:
            assert set(room.filter(pl.col("荣誉") == star)["学号"]) <= set(firsts["学号"])
