"""What teachers and classes are held to account for (DOMAIN rule 11)."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import frame, looks_like, school, with_settings
from xlbangfu.rules.appraisal import PARTS, appraise
from xlbangfu.rules.school import School
from xlbangfu.schema import APPRAISAL, CONTACTS, PROGRESS

ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 退出日期
    01   | 甲   | 1班  | 在读     |            | 学困     | 2025-09-01 |
    02   | 乙   | 1班  | 在读     |            | 学困     | 2025-09-01 | 2026-05-10
    03   | 丙   | 2班  | 在读     |            | 学困     | 2025-09-01 |
    04   | 丁   | 2班  | 辍学     | 2026-04-01 |          |            |
    05   | 戊   | 2班  | 在读     |            |          |            |
"""
TEACHERS = """
    工号 | 姓名 | 角色     | 在岗
    T1   | 王   | 任课教师 | 是
    T2   | 李   | 任课教师 | 是
    T3   | 赵   | 任课教师 | 是
"""
PAIRINGS = """
    结对编号 | 学号 | 类型   | 教师  | 开始日期   | 结束日期   | 状态
    J1       | 01   | 一对一 | T1 王 | 2025-09-10 |            | 执行
    J2       | 02   | 一对一 | 王    | 2025-09-10 | 2026-05-10 | 结束
    J3       | 03   | 一对一 | T2    | 2025-09-10 |            | 执行
    J4       | 05   | 一对一 | T3    | 2025-09-10 | 2025-12-01 | 结束
"""
LOG = """
    记录编号 | 日期       | 学号 | 教师 | 类型 | 内容 | 下次安排
    L1       | 2026-03-02 | 01   | T1   | 谈心 | 谈   | 再谈
    L2       | 2026-03-09 | 01   | T1   | 谈心 | 谈   | 再谈
    L3       | 2026-03-16 | 02   | T1   | 谈心 | 谈   | 再谈
    L4       | 2026-03-23 | 01   | T1   | 谈心 | 谈   |
    L5       | 2025-10-09 | 03   | T3   | 谈心 | 谈   | 再谈
"""
CONDUCT = """
    月份    | 学号 | 评价人 | 帮扶满意度
    2026-03 | 01   | 家长   | 5
    2026-04 | 01   | 学生   | 3
    2025-12 | 01   | 家长   | 1
"""
OWED = """
    学号 | 类型 | 责任教师 | 应做 | 已做
    01   | 谈心 | T1 王    | 10   | 6
    02   | 谈心 | T1 王    | 10   | 9
    03   | 谈心 | T2 李    | 4    | 6
"""
CAME = """
    考试编号 | 学号 | 进展
    下期中   | 01   | 进步
    下期中   | 02   | 显著进步
    下期中   | 03   | 退步
    期末     | 03   | 进步
"""
SHEETS = {
    "名册": ROSTER,
    "教师": TEACHERS,
    "结对": PAIRINGS,
    "记录": LOG,
    "评价": CONDUCT,
    "成绩": "考试编号 | 学号",
}


def appraised(one: School, owed: str = OWED, came: str = CAME) -> pl.DataFrame:
    return appraise(one, frame(CONTACTS, owed), frame(PROGRESS, came))


def teachers(result: pl.DataFrame) -> pl.DataFrame:
    return result.filter(pl.col("对象") == "教师")


def classes(result: pl.DataFrame) -> pl.DataFrame:
    return result.filter(pl.col("对象") == "班级")


def test_the_four_parts_are_worth_thirty_thirty_thirty_and_ten() -> None:
    """王: 3 of 4 entries whole, 15 of 20 contacts, 1 and 0.8 for two students, 4 of 5 content."""
    looks_like(
        teachers(appraised(school(SHEETS))),
        """
            名称  | 总分 | 记录完整 | 落实 | 学生进展 | 满意度
            T1 王 | 80   | 22.5     | 22.5 | 27       | 8
            T2 李 | 50   |          | 50   | 0        |
        """,
    )


def test_every_part_is_explained_with_its_numbers() -> None:
    first, second = teachers(appraised(school(SHEETS)))["依据"]

    assert (
        first
        == "记录 4 条，写全 3 条（缺下次安排 1 条）；应做 20 次，已做 15 次；学生：显著进步 1 人、进步 1 人；满意度 4 分（2 份）；记录只有 4 条，不到 5 条，排在后面；各项满分依次 30、30、30、10"
    )
    assert (
        second
        == "应做 4 次，已做 6 次；学生：退步 1 人；没有记录，排在后面；记录完整、满意度没有数据，权重按比例分给其他部分；各项满分依次 50、50"
    )


def test_contacts_beyond_those_owed_count_no_more_than_full() -> None:
    result = teachers(appraised(school(SHEETS), owed="学号 | 责任教师 | 应做 | 已做\n01 | T1 | 10 | 30"))

    assert result.filter(pl.col("名称") == "T1 王")["落实"].to_list() == [30.0]


def test_a_teacher_is_who_had_a_student_or_wrote_an_entry_this_term() -> None:
    assert teachers(appraised(school(SHEETS)))["名称"].to_list() == ["T1 王", "T2 李"]
    wrote = {**SHEETS, "记录": LOG + "    L6 | 2026-03-02 | 03 | 赵 | 谈心 | 谈 | 再谈"}
    assert "T3 赵" in teachers(appraised(school(wrote)))["名称"].to_list()


def test_a_homeroom_teacher_who_owes_visits_and_made_none_is_appraised_and_has_nought_of_them() -> None:
    """赵 has no student and wrote nothing, and owes 45; one whole entry is whole, and still nothing of what is owed."""
    owed = OWED + "    03 | 家访 | T3 赵 | 45 | 0"
    wrote = {**SHEETS, "记录": LOG + "    L6 | 2026-03-02 | 03 | 赵 | 谈心 | 谈 | 再谈"}

    silent = teachers(appraised(school(SHEETS), owed=owed)).filter(pl.col("名称") == "T3 赵")
    once = teachers(appraised(school(wrote), owed=owed)).filter(pl.col("名称") == "T3 赵")

    assert silent.select("总分", "记录完整", "落实").rows() == [(0.0, None, 0.0)]
    assert once.select("总分", "记录完整", "落实").rows() == [(50.0, 50.0, 0.0)]


def test_without_any_data_there_is_no_score() -> None:
    bare = school({**SHEETS, "记录": "记录编号 | 日期", "评价": "月份 | 学号"})
    result = teachers(appraised(bare, owed="学号 | 责任教师", came="考试编号 | 学号"))

    assert result["总分"].to_list() == [None, None]
    assert result["依据"][0] == "没有记录，排在后面；记录完整、落实、学生进展、满意度没有数据，权重按比例分给其他部分"


def test_the_weights_and_the_worth_of_progress_are_settings() -> None:
    one = with_settings(school(SHEETS), 考核权重="0:0:100:0", 进展得分="1/0.5/0.2/0")

    assert teachers(appraised(one)).select("总分", "学生进展", "落实").row(0) == (75.0, 75.0, 0.0)


def test_a_part_of_no_weight_alone_gives_no_score() -> None:
    one = with_settings(school(SHEETS), 考核权重="100:0:0:0")

    assert dict(teachers(appraised(one)).select("名称", "总分").iter_rows()) == {"T1 王": 75.0, "T2 李": None}


@pytest.mark.parametrize("text", ["30:30:30:20", "30:30:40", "50:60:-10:0", "三成"])
def test_weights_that_do_not_add_up_are_refused_and_the_default_serves(text: str) -> None:
    one = with_settings(school(SHEETS), 考核权重=text)

    assert [name for _, name, _ in one.settings.bad] == ["考核权重"]
    assert one.settings.appraisal_weights == (30, 30, 30, 10)


def test_classes_show_turnaround_progress_and_dropout() -> None:
    looks_like(
        classes(appraised(school(SHEETS))),
        """
            名称 | 总分 | 转化率 | 进步率 | 辍学率   | 一票否决
            1班  |      | 0.5    | 1      | 0        |
            2班  |      | 0      | 0      | 0.333333 | 辍学率 33.3%（1 人）超过否决线 0%
        """,
    )


def test_a_veto_is_over_its_line_not_at_it() -> None:
    one = school(SHEETS)
    vetoed = classes(appraised(with_settings(one, 辍学率否决线="30%", 转化率否决线="50%")))["一票否决"].to_list()

    assert vetoed == [None, "辍学率 33.3%（1 人）超过否决线 30%；转化率 0%（1 人中 0 人）低于否决线 50%"]
    assert classes(appraised(with_settings(one, 辍学率否决线="34%")))["一票否决"].to_list() == [None, None]


def test_no_veto_names_a_student() -> None:
    said = " ".join(classes(appraised(school(SHEETS))).select("一票否决", "依据").unpivot()["value"].drop_nulls())

    assert not [name for name in "甲乙丙丁戊" if name in said]


def test_progress_of_another_term_is_not_this_terms() -> None:
    old = appraised(school(SHEETS), came="考试编号 | 学号 | 进展\n期末 | 01 | 显著进步")

    assert teachers(old)["学生进展"].to_list() == [None, None]
    assert classes(old)["进步率"].to_list() == [None, None]


def test_an_empty_school_has_nothing_to_appraise() -> None:
    empty = school({"成绩": "考试编号 | 学号", "班级": "班级 | 年级"})

    assert_frame_equal(appraise(empty, CONTACTS.empty(), PROGRESS.empty()), APPRAISAL.empty())


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.booleans(), max_size=7),
    st.none() | st.tuples(st.integers(0, 30), st.integers(0, 40)),
    st.none() | st.sampled_from(["显著进步", "进步", "稳定", "退步", "数据不足"]),
    st.none() | st.integers(1, 5),
    st.sampled_from(["30:30:30:10", "25:25:25:25", "0:0:0:100", "33.3:33.3:33.3:0.1"]),
)
def test_the_parts_add_up_to_the_score_which_is_at_most_a_hundred(
    entries: list[bool], owed: tuple[int, int] | None, step: str | None, content: int | None, weights: str
) -> None:
    log = ["记录编号 | 日期 | 学号 | 教师 | 类型 | 内容 | 下次安排"]
    log += [f"L{at} | 2026-03-02 | 01 | T1 | 谈心 | 谈 | {'再谈' if whole else ''}" for at, whole in enumerate(entries)]
    marks = "月份 | 学号 | 评价人 | 帮扶满意度" + (f"\n2026-03 | 01 | 家长 | {content}" if content else "")
    one = school({**SHEETS, "记录": "\n".join(log), "评价": marks}, 考核权重=weights)
    contacts = "学号 | 责任教师 | 应做 | 已做" + (f"\n01 | T1 | {owed[0]} | {owed[1]}" if owed else "")
    came = "考试编号 | 学号 | 进展" + (f"\n下期中 | 01 | {step}" if step else "")

    result = teachers(appraised(one, contacts, came)).filter(pl.col("名称") == "T1 王").row(0, named=True)

    parts = [result[part] for part in PARTS if result[part] is not None]
    if result["总分"] is None:
        assert not parts
    else:
        assert sum(parts) == pytest.approx(result["总分"], abs=1e-9)
        assert 0 <= result["总分"] <= 100
        assert all(part >= 0 for part in parts)


def test_three_good_entries_do_not_make_anyone_the_first() -> None:
    log = ["记录编号 | 日期 | 学号 | 教师 | 类型 | 内容 | 下次安排"]
    log += [f"A{n} | 2026-03-0{n + 1} | 01 | T1 | 谈心 | 谈 | 再谈" for n in range(3)]
    log += [f"B{n} | 2026-03-0{n + 1} | 01 | T2 | 谈心 | 谈 | {'再谈' if n else ''}" for n in range(5)]
    few = school({**SHEETS, "记录": "\n".join(log)}, 考核权重="100:0:0:0")

    looks_like(teachers(appraised(few)), "名称 | 总分\nT2 李 | 80\nT1 王 | 100")
    looks_like(teachers(appraised(with_settings(few, 考核权重="100:0:0:0", 考核最少记录="3"))), "名称\nT1 王\nT2 李")
    looks_like(teachers(appraised(with_settings(few, 考核权重="0:100:0:0"))), "名称\nT2 李\nT1 王")
