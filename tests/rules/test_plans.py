"""Plans of four phases (DOMAIN rule 7)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school
from xlbangfu.documents import privacy
from xlbangfu.rules.difficulty_causes import CAUSES, PRIVATE_CAUSES
from xlbangfu.rules.plans import PHASES, phases, plan_rows
from xlbangfu.rules.school import School
from xlbangfu.schema import PLANS
from xlbangfu.settings import Settings
from xlbangfu.settings.times import Length

TEACHERS = """
    工号 | 姓名 | 角色   | 在岗
    T1   | 甲师 | 班主任 | 是
    T2   | 乙师 | 任课教师 | 是
"""
CLASSES = """
    班级 | 年级 | 班主任
    1班  | 初一 | T1
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 困难学科   | 列入日期
    01   | 王一 | 1班  | 在读     | 学困     | 学习     | 语文、数学 | 2025-09-10
"""
PAIRINGS = """
    结对编号 | 学号 | 类型   | 教师    | 开始日期   | 状态
    P1       | 01   | 一对一 | T2 乙师 | 2025-09-15 | 执行
"""


def made(roster: str = ROSTER, pairings: str = PAIRINGS, plans: str = "计划编号 | 学号", **of: str) -> School:
    sheets = {
        "名册": roster,
        "教师": TEACHERS,
        "班级": CLASSES,
        "结对": pairings,
        "计划": plans,
        "成绩": "考试编号 | 学号",
    }
    term = {"学期开始": "2026-03-02", "学期结束": "2026-06-30"}
    return school(sheets, **(term | of))


def test_four_phases_follow_each_other_and_the_last_two_take_turns_to_the_end_of_the_term() -> None:
    looks_like(
        plan_rows(made()),
        """
            计划编号 | 学号 | 姓名 | 班级 | 阶段     | 负责人  | 开始       | 结束       | 完成 | 阶段效果
            JH00001  | 01   | 王一 | 1班  | 摸底调查 | T2 乙师 | 2026-03-02 | 2026-03-08 | 否   |
            JH00002  | 01   | 王一 | 1班  | 制定方案 | T2 乙师 | 2026-03-09 | 2026-03-22 | 否   |
            JH00003  | 01   | 王一 | 1班  | 实施帮扶 | T2 乙师 | 2026-03-23 | 2026-04-22 | 否   |
            JH00004  | 01   | 王一 | 1班  | 评估调整 | T2 乙师 | 2026-04-23 | 2026-05-22 | 否   |
            JH00005  | 01   | 王一 | 1班  | 实施帮扶 | T2 乙师 | 2026-05-23 | 2026-06-22 | 否   |
            JH00006  | 01   | 王一 | 1班  | 评估调整 | T2 乙师 | 2026-06-23 | 2026-06-30 | 否   |
        """,
    )


def test_a_plan_begins_on_the_day_of_listing_where_that_is_in_the_term() -> None:
    listed_late = plan_rows(made(ROSTER.replace("2025-09-10", "2026-06-20")))

    looks_like(
        listed_late,
        """
            阶段     | 开始       | 结束
            摸底调查 | 2026-06-20 | 2026-06-30
        """,
    )


def test_texts_go_by_difficulty_and_name_subject_and_teacher() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 困难学科
        01   | 王一 | 1班  | 在读     | 学困     | 学习     | 语文，数学
        02   | 王二 | 1班  | 在读     | 学困     | 行为规范 |
        03   | 王三 | 1班  | 在读     | 学困     | 双重     | 英语
        04   | 王四 | 1班  | 在读     | 学困     |          |
    """
    texts = {
        "学习目标": "{学科}及格",
        "行为目标": "{姓名}守纪",
        "学习措施·摸底调查": "{教师}看卷",
        "行为措施·摸底调查": "问{班级}",
    }
    looks_like(
        plan_rows(made(roster, **texts)).filter(pl.col("阶段") == "摸底调查"),
        """
            学号 | 目标               | 措施             | 负责人
            01   | 语文、数学及格     | 乙师看卷         | T2 乙师
            02   | 王二守纪           | 问1班            | T1 甲师
            03   | 英语及格；王三守纪 | 甲师看卷；问1班  | T1 甲师
            04   | 困难学科及格       | 甲师看卷         | T1 甲师
        """,
    )


def test_who_has_a_plan_in_the_term_left_or_is_done_gets_none() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期   | 退出日期   | 异动日期
        01   | 王一 | 1班  | 在读     | 学困     | 2025-09-10 |            |
        02   | 王二 | 1班  | 在读     | 学困     | 2025-09-10 |            |
        03   | 王三 | 1班  | 转出     | 学困     | 2025-09-10 |            | 2026-03-01
        04   | 王四 | 1班  | 在读     | 学困     | 2025-09-10 | 2026-05-01 |
        05   | 王五 | 1班  | 在读     | 边缘     |            |            |
    """
    plans = """
        计划编号 | 学号 | 阶段     | 开始       | 结束
        A7       | 01   | 摸底调查 | 2026-03-02 | 2026-06-26
        JH00041  | 02   | 评估调整 | 2025-12-01 | 2026-01-20
    """
    found = plan_rows(made(roster, plans=plans))

    assert found["学号"].unique().to_list() == ["02"]
    assert found["计划编号"][0] == "JH00042"


@pytest.mark.parametrize(
    ("phase", "ended", "today", "rest"),
    [
        ("摸底调查", "2026-05-10", "2026-05-01", "制定方案 2026-05-11 2026-05-24、实施帮扶 2026-05-25 2026-06-30"),
        ("实施帮扶", "2026-05-10", "2026-05-01", "评估调整 2026-05-11 2026-06-10、实施帮扶 2026-06-11 2026-06-30"),
        ("评估调整", "2026-05-10", "2026-05-01", "实施帮扶 2026-05-11 2026-06-10、评估调整 2026-06-11 2026-06-30"),
        ("评估调整", "2026-04-10", "2026-06-15", "实施帮扶 2026-06-15 2026-06-30"),
        ("评估调整", "2026-06-23", "2026-06-01", "实施帮扶 2026-06-24 2026-06-30"),
        ("评估调整", "2026-06-24", "2026-06-01", ""),
        ("评估调整", "", "2026-06-01", ""),
    ],
)
def test_a_plan_that_ends_before_the_term_goes_on_and_never_in_the_past(
    phase: str, ended: str, today: str, rest: str
) -> None:
    plans = f"计划编号 | 学号 | 阶段 | 开始 | 结束\nA7 | 01 | {phase} | 2026-03-02 | {ended}"
    one = made(plans=plans, 计算日期=today)

    found = plan_rows(one)

    said = [" ".join(map(str, row)) for row in found.select("阶段", "开始", "结束").iter_rows()]
    assert "、".join(said) == rest
    after = School.of({**one.frames, PLANS: pl.concat([one[PLANS], found], how="diagonal")}, today=one.today)
    assert_frame_equal(plan_rows(after), PLANS.empty())


def test_done_again_it_adds_nothing() -> None:
    one = made()
    first = plan_rows(one)
    again = School.of({**one.frames, PLANS: first}, today=one.today)

    assert_frame_equal(plan_rows(again), PLANS.empty())


@settings(deadline=None, max_examples=60)
@given(
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(-5, 300),
    st.tuples(*[st.builds(Length, st.integers(1, 40), st.sampled_from("天周月"))] * 4),
)
def test_phases_fill_the_term_without_gap_or_overlap(start: date, span: int, lengths: tuple[Length, ...]) -> None:
    last = start + timedelta(days=span)

    found = list(phases(start, last, lengths))

    assert bool(found) == (start <= last)
    for (_, _, end), (_, begin, _) in pairwise(found):
        assert begin == end + timedelta(days=1)
    if found:
        assert (found[0][1], found[-1][2]) == (start, last)
        assert [name for name, _, _ in found[:4]] == list(PHASES[: len(found)])


@pytest.mark.parametrize("lengths", ["两周", "1周、2周"])
def test_a_bad_length_leaves_the_default(lengths: str) -> None:
    assert_frame_equal(plan_rows(made(阶段时长=lengths)), plan_rows(made()))


def test_a_plan_is_for_one_subject_at_a_time_a_round_each() -> None:
    rows = plan_rows(made(学期结束="2026-09-01")).select("阶段", "措施")

    helped_in = ["、".join(word for word in ("语文", "数学") if word in text) for text in rows["措施"]]
    assert list(zip(rows["阶段"], helped_in, strict=True)) == [
        ("摸底调查", "语文、数学"),
        ("制定方案", "语文、数学"),
        ("实施帮扶", "语文"),
        ("评估调整", "语文"),
        ("实施帮扶", "数学"),
        ("评估调整", "数学"),
        ("实施帮扶", "语文"),
        ("评估调整", "语文"),
    ]


def test_a_plan_that_goes_on_begins_with_the_next_subject() -> None:
    had = """
        计划编号 | 学号 | 阶段     | 开始       | 结束
        JH00001  | 01   | 摸底调查 | 2026-03-02 | 2026-03-08
        JH00002  | 01   | 制定方案 | 2026-03-09 | 2026-03-22
        JH00003  | 01   | 实施帮扶 | 2026-03-23 | 2026-04-22
        JH00004  | 01   | 评估调整 | 2026-04-23 | 2026-05-10
    """
    assert "数学" in plan_rows(made(plans=had))["措施"][0]
    assert "语文" not in plan_rows(made(plans=had))["措施"][0]


def test_the_plan_follows_what_the_teacher_was_paired_for() -> None:
    paired = """
        结对编号 | 学号 | 类型   | 教师    | 帮扶学科 | 开始日期   | 状态
        P1       | 01   | 一对一 | T2 乙师 | 数学     | 2025-09-15 | 执行
    """
    assert not plan_rows(made(pairings=paired))["措施"].str.contains("语文").any()


CAUSED = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 困难学科 | 成因
    01   | 王一 | 1班  | 在读     | 学困     | 学习     | 语文     | 家庭、学习习惯、基础薄弱
    02   | 王二 | 1班  | 在读     | 学困     | 双重     | 语文     | 情绪，身体
    03   | 王三 | 1班  | 在读     | 学困     | 学习     | 语文     | 沉迷手机、其他
    04   | 王四 | 1班  | 在读     | 学困     | 学习     | 语文     |
"""
CAUSE_TEXTS = {
    "学习措施·实施帮扶": "辅导",
    "行为措施·实施帮扶": "谈心",
    "成因措施·基础": "{姓名}补{学科}",
    "成因措施·习惯": "打勾",
    "成因措施·家庭": "访〔周末〕",
    "成因措施·情绪": "听",
    "成因措施·身体": "换座位",
}


def test_each_cause_that_is_named_adds_its_measure_and_those_of_home_and_health_stand_in_brackets_for_the_office() -> (
    None
):
    carried = plan_rows(made(CAUSED, **CAUSE_TEXTS)).filter(pl.col("阶段") == "实施帮扶").unique("学号")

    looks_like(
        carried.sort("学号"),
        """
            学号 | 措施
            01   | 辅导；王一补语文；打勾；〔内部：访（周末）〕
            02   | 辅导；谈心；〔内部：听；换座位〕
            03   | 辅导
            04   | 辅导
        """,
    )


def test_a_cause_changes_no_other_phase() -> None:
    with_causes, without = (
        plan_rows(made(roster)).filter(pl.col("阶段") != "实施帮扶")
        for roster in (CAUSED, CAUSED.replace("家庭、学习习惯、基础薄弱", "").replace("情绪，身体", ""))
    )

    assert_frame_equal(with_causes, without)


def test_every_cause_of_the_list_but_the_rest_has_a_measure_of_its_own() -> None:
    measures = Settings().cause_measures

    assert [*measures, "其他"] == list(CAUSES)
    assert len(set(measures.values())) == len(measures)


@given(st.lists(st.sampled_from(CAUSES), unique=True), st.sampled_from(["", "差", "不好"]))
@settings(max_examples=20, deadline=None)
def test_what_leaves_of_a_plan_is_the_same_whether_or_not_a_cause_is_of_home_or_health(
    causes: list[str], words: str
) -> None:
    public = [cause for cause in causes if cause not in PRIVATE_CAUSES]

    def leaves(named: list[str]) -> str:
        cell = "、".join(f"{cause}{words}" for cause in named)
        rows = plan_rows(made(f"{ROSTER.rstrip()} | {cell}".replace("列入日期\n", "列入日期 | 成因\n")))
        measures = rows.filter(pl.col("阶段") == "实施帮扶")["措施"][0]
        return privacy.goal(measures, "重点关爱").removesuffix(privacy.LEFT_OUT)

    assert leaves(causes) == leaves(public)
