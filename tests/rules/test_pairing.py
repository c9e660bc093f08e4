"""结对建议: who should answer for whom, and what may be accepted (DOMAIN rule 6)."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import frame, looks_like, school, with_settings
from xlbangfu.rules.pairing import Proposed, accept, propose
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, PAIRINGS, PROPOSALS, ROSTER, TEACHERS

TEACHERS_DRAWN = """
    工号 | 姓名 | 角色             | 任教科目 | 任教班级  | 帮扶上限 | 在岗
    T1   | 甲   | 班主任、任课教师 | 语文     | 1班       |          | 是
    T2   | 乙   | 任课教师         | 数学     | 1班       |          | 是
    T3   | 丙   | 任课教师         | 数学     | 2班       |          | 是
    T4   | 丁   | 行政             |          |           |          | 是
    T5   | 戊   | 任课教师         | 英语     | 1班       |          | 否
    T6   | 己   | 任课教师         | 美术     | 2班、3班  |          | 是
"""
CLASSES_DRAWN = """
    班级 | 年级 | 班主任 | 包班行政
    1班  | 初一 | T1     | T4
    2班  | 初一 |        | T4
    3班  | 初二 |        | T4
"""
WARDS = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 困难学科 | 留守
    01   | 王一 | 1班  | 在读     | 学困     |      | 数学     |
"""


def drawn(**sheets: str) -> School:
    """The school above; sheets by name in place of its own."""
    given = {"教师": TEACHERS_DRAWN, "班级": CLASSES_DRAWN, "名册": WARDS} | sheets
    return school(given)


def row_of(student: str, *, key: bool = False, subject: str = "数学", room: str = "1班", left: bool = False) -> str:
    cells = (student, f"生{student}", room, "在读", "学困", "是" if key else "", subject, "是" if left else "")
    return " | ".join(cells)


def roster(*rows: str) -> str:
    return "\n".join(["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 困难学科 | 留守", *rows])


def of(proposed: Proposed, kind: str) -> pl.DataFrame:
    return proposed.rows.filter(pl.col("类型") == kind)


def accepted_by(one: School, sheet: pl.DataFrame) -> School:
    """The school after every row was ticked and accepted."""
    done = accept(one, sheet.with_columns(采纳=pl.lit("√")), one[PAIRINGS]["结对编号"])
    frames = {**one.frames, PAIRINGS: pl.concat([one[PAIRINGS], done.pairings], how="diagonal")}
    return School.of(frames, today=one.today)


@pytest.mark.parametrize(
    ("ward", "teacher", "price", "why"),
    [
        (row_of("01", subject="数学"), "T2 乙", 0, "本班数学教师，教的是困难学科；手上 0 名，采纳后 1 名"),
        (row_of("01", subject=""), "T1 甲", 1, "本班班主任；手上 0 名，采纳后 1 名"),
        (row_of("01", subject="英语"), "T1 甲", 1, "本班班主任；手上 0 名，采纳后 1 名"),
        (row_of("01", key=True, subject="英语"), "T4 丁", 0, "重点学生，由行政帮扶；手上 0 名，采纳后 1 名"),
        (row_of("01", room="3班", subject="英语"), "T6 己", 4, "本年级教师；手上 0 名，采纳后 1 名"),
    ],
)
def test_the_nearest_teacher_is_proposed_and_the_row_says_why(ward: str, teacher: str, price: float, why: str) -> None:
    found = of(propose(drawn(名册=roster(ward))), "一对一")

    assert found.select("教师", "代价", "理由").rows() == [(teacher, price, why)]


def test_a_teacher_of_the_weak_subject_in_the_year_goes_before_others_of_the_year() -> None:
    """In 2班 nobody is homeroom teacher; 英语 is taught there by nobody, in 1班 by T7."""
    teachers = TEACHERS_DRAWN + "    T7 | 庚 | 任课教师 | 英语 | 1班 | | 是\n"

    found = of(propose(drawn(教师=teachers, 名册=roster(row_of("01", room="2班", subject="英语")))), "一对一")

    assert found.select("教师", "代价", "帮扶学科").rows() == [("T7 庚", 2.0, "英语")]


def test_when_the_near_ones_are_full_the_next_is_proposed_and_that_is_said() -> None:
    wards = roster(*(row_of(f"0{number}") for number in range(1, 6)))

    found = of(propose(with_settings(drawn(名册=wards), 每师上限="2")), "一对一")

    assert Counter(found["教师"]) == {"T2 乙": 2, "T1 甲": 2, "T3 丙": 1}
    assert found.filter(pl.col("教师") != "T2 乙")["理由"].str.contains("更合适的教师名额已满").all()
    assert not found.filter(pl.col("教师") == "T2 乙")["理由"].str.contains("更合适").any()


def test_the_prices_of_the_settings_hold() -> None:
    found = of(propose(with_settings(drawn(), 结对代价="5/0/9/9/9/9")), "一对一")

    assert found.select("教师", "代价").rows() == [("T1 甲", 0.0)]


def test_what_runs_stays_and_counts_as_load_and_what_ended_does_not() -> None:
    pairings = """
        结对编号 | 学号 | 类型   | 教师  | 开始日期   | 状态 | 锁定
        JD0001   | 01   | 一对一 | T2 乙 | 2026-03-01 | 执行 | 是
        JD0002   | 02   | 一对一 | 乙    | 2026-03-01 | 结束 |
    """
    found = of(propose(drawn(名册=roster(row_of("01"), row_of("02")), 结对=pairings)), "一对一")

    assert found.select("学号", "理由").rows() == [("02", "本班数学教师，教的是困难学科；手上 1 名，采纳后 2 名")]


def test_who_left_or_is_off_the_list_gets_nobody() -> None:
    gone = "01 | 王一 | 1班 | 转出 | 学困 | | 数学 |"
    other = "02 | 王二 | 1班 | 在读 | 边缘 | | 数学 |"

    assert propose(drawn(名册=roster(gone, other))).rows.is_empty()


def test_what_cannot_be_covered_is_a_row_without_teacher_and_says_what_would_cover_it() -> None:
    wards = roster(
        row_of("01"), row_of("02", key=True), *(row_of(f"1{n}", room="2班", subject="英语") for n in range(6))
    )

    proposed = propose(with_settings(drawn(名册=wards), 每师上限="1"))

    rows = of(proposed, "一对一")
    assert rows["教师"].count() == 5
    assert rows.filter(pl.col("教师").is_null())["理由"].unique().to_list() == [
        "排不上：在岗教师的名额已满，全校还差 3 个"
    ]
    assert proposed.short == (
        "一对一还差 3 个名额（初一 3；困难学科 英语 3）：把“设置”的「每师上限」提到 2 就够，或增加在岗教师。",
        "8 名学生的学习帮手没有排：还没有他们困难学科的成绩，导入成绩后再点一次。",
    )
    enough = propose(with_settings(drawn(名册=wards), 每师上限="2"))
    assert of(enough, "一对一")["教师"].null_count() == 0


def test_where_places_are_short_key_students_go_first() -> None:
    wards = roster(row_of("01"), row_of("02"), row_of("03", key=True), row_of("04"))
    one = with_settings(drawn(教师=_only("T2"), 名册=wards), 每师上限="1")

    assert of(propose(one), "一对一").drop_nulls("教师")["学号"].to_list() == ["03"]


def test_a_school_without_teachers_on_duty_is_told_so() -> None:
    proposed = propose(drawn(教师=_only("T5")))

    assert proposed.short[0] == "一对一还差 1 个名额（初一 1；困难学科 数学 1）：“教师”表里没有在岗的教师。"
    assert proposed.balance.sentence == ""


def test_balance_is_least_median_and_most_before_and_after() -> None:
    proposed = propose(drawn(名册=roster(*(row_of(f"0{number}") for number in range(1, 5)))))

    assert proposed.balance.sentence == (
        "每位在岗教师一对一的学生：现在最少 0、居中 0、最多 0；全部采纳后最少 0、居中 0、最多 3。"
    )


MARKS = """
    考试编号 | 学号 | 数学
    期末     | 11   | 10
    下期中   | 11   | 90
    下期中   | 12   | 95
    下期中   | 13   | 95
    下期中   | 14   | 50
    下期中   | 15   | 40
    下期中   | 01   | 20
"""
CLASSMATES = (
    "11 | 帮甲 | 1班 | 在读 | | | |",
    "12 | 帮乙 | 1班 | 转出 | | | |",
    "13 | 帮丙 | 1班 | 在读 | 学困 | | |",
    "14 | 帮丁 | 1班 | 在读 | | | |",
    "15 | 帮戊 | 2班 | 在读 | | | |",
)


def test_a_helper_is_a_free_classmate_at_the_top_in_the_weak_subject() -> None:
    """Of five marks of 1班 on the roll 11 is third behind a student who left and a tracked one; ⌈40 % of 4⌉ = 2."""
    one = with_settings(drawn(名册=roster(row_of("01"), *CLASSMATES), 成绩=MARKS), 帮手名次="40%")

    found = of(propose(one), "学习帮手")

    assert found.select("学号", "学习帮手", "帮扶学科", "理由").rows() == [
        ("01", "11 帮甲", "数学", "本班数学第 2 名（下期中，前 40%）")
    ]


def test_a_helper_helps_one_and_most_students_are_helped() -> None:
    """21 is best in both, 22 only in 语文: who needs 语文 gets 22, so that both are helped."""
    marks = (
        "考试编号 | 学号 | 语文 | 数学\n期中 | 21 | 90 | 90\n期中 | 22 | 80 | 0\n期中 | 01 | 1 | 1\n期中 | 02 | 1 | 1"
    )
    mates = ("21 | 帮甲 | 1班 | 在读 | | | |", "22 | 帮乙 | 1班 | 在读 | | | |")
    wards = roster(row_of("01", subject="语文、数学"), row_of("02", subject="数学"), *mates)

    found = of(propose(with_settings(drawn(名册=wards, 成绩=marks), 帮手名次="50%")), "学习帮手")

    assert found.select("学号", "学习帮手", "帮扶学科").rows() == [("01", "22 帮乙", "语文"), ("02", "21 帮甲", "数学")]


def test_who_gets_no_helper_is_counted_by_class() -> None:
    one = drawn(名册=roster(row_of("01"), row_of("02"), *CLASSMATES[:1]), 成绩=MARKS.replace("期末", "期初"))

    assert "1 名学生没有学习帮手（1班 1）" in propose(one).short[0]


def test_a_class_of_one_is_not_told_that_others_are_helped_already() -> None:
    marks = "考试编号 | 学号 | 数学\n期中 | 01 | 1\n期中 | 02 | 1\n期中 | 21 | 90\n期中 | 03 | 1"
    rows = roster(row_of("01", room="3班"), row_of("02"), row_of("03"), "21 | 帮甲 | 1班 | 在读 | | | |")

    told = propose(drawn(名册=rows, 成绩=marks)).short[0]

    assert "1 名学生没有学习帮手（1班 1）：本班该科靠前的同学都已在帮别人" in told
    assert "1 名学生没有学习帮手（3班 1）：本班该科靠前的没有不在帮扶名单里的同学" in told


def test_left_behind_students_get_a_proxy_parent_of_their_class_first() -> None:
    wards = roster(*(row_of(f"0{number}", left=True) for number in range(1, 6)))

    found = of(propose(with_settings(drawn(名册=wards), 代管上限="2")), "代管家长")

    assert Counter(found["教师"]) == {"T1 甲": 2, "T2 乙": 2, "T3 丙": 1}
    assert found["理由"][0] == "留守，本班班主任；手上 0 名，采纳后 2 名"


def test_each_class_gets_an_administrator_and_the_loads_are_even() -> None:
    teachers = TEACHERS_DRAWN + "    T7 | 庚 | 校长 | | | | 是\n"
    rooms = "班级 | 年级 | 班主任 | 包班行政\n1班 | 初一 | T1 | T4\n2班 | 初一 | |\n3班 | 初二 | |\n4班 | 初二 | |"
    pairings = "结对编号 | 班级 | 类型 | 教师 | 开始日期 | 状态\nJD1 | 2班 | 包班 | T4 | 2026-03-01 | 执行"

    found = of(propose(drawn(教师=teachers, 班级=rooms, 结对=pairings)), "包班")

    looks_like(
        found.select("班级", "教师", "理由"),
        """
            班级 | 教师  | 理由
            3班  | T7 庚 | 这个班还没有包班行政；校长手上 0 个班，采纳后 2 个班
            4班  | T7 庚 | 这个班还没有包班行政；校长手上 0 个班，采纳后 2 个班
        """,
    )


def test_without_administrators_the_classes_are_told() -> None:
    rooms = "班级 | 年级 | 班主任 | 包班行政\n1班 | 初一 | T1 |"

    assert propose(drawn(教师=_only("T1"), 班级=rooms)).short[-1].startswith("1 个班没有包班行政")


def test_a_ticked_proposal_stays_though_staff_chose_another_teacher() -> None:
    one = drawn(名册=roster(row_of("01"), row_of("02")))
    sheet = propose(one).rows.with_columns(
        采纳=pl.when(pl.col("学号") == "01").then(pl.lit("√")),
        教师=pl.when(pl.col("学号") == "01").then(pl.lit("T6 己")),
    )

    again = of(propose(one, sheet), "一对一")

    assert again.select("学号", "教师", "采纳").rows() == [("01", "T6 己", "√"), ("02", "T2 乙", None)]


def test_a_refusal_that_no_longer_applies_is_taken_back() -> None:
    one = drawn()
    ticked = propose(one).rows.with_columns(采纳=pl.lit("√"))
    refused = accept(with_settings(one, 每师上限="0"), ticked, one[PAIRINGS]["结对编号"]).sheet
    assert refused["理由"].to_list() == ["没有采纳：教师的名额已满"]

    assert propose(one, refused).rows.select("采纳", "理由").rows() == [("√", "已打 √，现在可以采纳")]


def test_a_remark_stays_with_its_student_when_another_teacher_is_proposed() -> None:
    one = drawn()
    sheet = propose(one).rows.with_columns(备注=pl.lit("家长希望换人"), 教师=pl.lit("T6 己"))

    assert propose(one, sheet).rows["备注"].to_list() == ["家长希望换人"]


def test_of_equally_good_teachers_the_one_proposed_before_stays() -> None:
    teachers = TEACHERS_DRAWN + "    T7 | 庚 | 任课教师 | 数学 | 1班 | | 是\n"
    one = drawn(教师=teachers)

    for teacher in ("T2 乙", "T7 庚"):
        sheet = propose(one).rows.with_columns(教师=pl.lit(teacher))
        assert propose(one, sheet).rows["教师"].to_list() == [teacher]


def test_after_accepting_nothing_is_proposed_and_one_new_student_moves_nobody() -> None:
    wards = [row_of("01", left=True), row_of("02"), row_of("03", key=True, room="2班")]
    rooms = CLASSES_DRAWN.replace("T4", "  ")
    one = drawn(名册=roster(*wards), 班级=rooms)

    done = accepted_by(one, propose(one).rows)
    assert propose(done).rows.is_empty()

    with_new = {**done.frames, ROSTER: drawn(名册=roster(*wards, row_of("04")))[ROSTER]}
    after = propose(School.of(with_new, today=one.today))
    assert after.rows.select("学号", "类型").rows() == [("04", "一对一")]


def test_accepted_rows_are_pairings_that_begin_today_with_numbers_of_their_own() -> None:
    one = drawn(
        结对="结对编号 | 组名 | 类型 | 开始日期 | 状态\nJD0041 | 甲组 | 帮扶小组 | 2026-03-01 | 执行\nX9 | 乙组 | 帮扶小组 | 2026-03-01 | 执行"
    )

    done = accept(one, propose(one).rows.with_columns(采纳=pl.lit("√")), one[PAIRINGS]["结对编号"])

    looks_like(
        done.pairings,
        """
            结对编号 | 学号 | 姓名 | 班级 | 类型   | 教师  | 学习帮手 | 帮扶学科 | 开始日期   | 状态 | 锁定
            JD0042   | 01   | 王一 | 1班  | 一对一 | T2 乙 |          | 数学     | 2026-06-30 | 执行 |
        """,
    )
    assert done.sheet.is_empty()
    assert done.refused == ()


def test_an_accepted_patron_also_fills_the_empty_cell_of_the_class_only() -> None:
    rooms = "班级 | 年级 | 班主任 | 包班行政\n1班 | 初一 | T1 |\n2班 | 初一 | | 无此人"
    sheet = _sheet("班级 | 类型 | 教师 | 采纳\n1班 | 包班 | T4 丁 | √\n2班 | 包班 | T4 | √")

    done = accept(drawn(班级=rooms), sheet, pl.Series(["JD1"]))

    assert done.classes.rows() == [("1班", "T4 丁")]
    assert done.pairings["结对编号"].to_list() == ["JD0002"]
    assert done.refused == ("2班 包班：这个班已有包班行政",)


REFUSED = {
    "学号 | 类型 | 教师\n09 | 一对一 | T2": "名册里没有这名学生，或有错误",
    "学号 | 类型 | 教师\n05 | 一对一 | T2": "学生已不在读",
    "学号 | 类型 | 教师\n11 | 一对一 | T2": "学生已不在帮扶名单里",
    "学号 | 类型 | 教师\n02 | 一对一 | T2": "学生已有执行中的同类结对",
    "学号 | 类型 | 教师\n01 | 一对一 |": "没有教师，请先填上",
    "学号 | 类型 | 教师\n01 | 一对一 | 无名氏": "教师在“教师”表里找不到",
    "学号 | 类型 | 教师\n01 | 一对一 | T5": "教师不在岗",
    "学号 | 类型 | 教师\n01 | 一对一 | T3": "教师的名额已满",
    "学号 | 类型 | 教师\n01 | 代管家长 | T2": "学生已不是留守",
    "学号 | 类型 | 教师\n01 | 结伴 | T2": "类型写法不对",
    "班级 | 类型 | 教师\n9班 | 包班 | T4": "没有这个班",
    "学号 | 类型 | 学习帮手\n01 | 学习帮手 |": "没有帮手，请先填上",
    "学号 | 类型 | 学习帮手\n01 | 学习帮手 | 99 谁": "帮手在名册里找不到或已不在读",
    "学号 | 类型 | 学习帮手\n01 | 学习帮手 | 12": "帮手不在同一个班",
    "学号 | 类型 | 学习帮手\n01 | 学习帮手 | 02": "帮手自己也在帮扶名单里",
    "学号 | 类型 | 学习帮手\n01 | 学习帮手 | 13": "帮手已在帮别的同学",
}


@pytest.mark.parametrize("drawing", REFUSED)
def test_what_no_longer_holds_stays_and_says_why(drawing: str) -> None:
    wards = roster(
        row_of("01"),
        row_of("02"),
        "05 | 赵五 | 1班 | 休学 | 学困 | | |",
        "11 | 钱甲 | 1班 | 在读 | | | |",
        "12 | 钱乙 | 2班 | 在读 | | | |",
        "13 | 钱丙 | 1班 | 在读 | | | |",
    )
    pairings = """
        结对编号 | 学号 | 类型     | 教师 | 学习帮手 | 开始日期   | 状态
        JD0001   | 02   | 一对一   | T3   |          | 2026-03-01 | 执行
        JD0002   | 02   | 学习帮手 |      | 13       | 2026-03-01 | 执行
    """
    one = with_settings(drawn(名册=wards, 结对=pairings), 每师上限="1")
    sheet = _sheet(drawing).with_columns(采纳=pl.lit("√"))

    done = accept(one, sheet, one[PAIRINGS]["结对编号"])

    assert done.pairings.is_empty()
    assert done.sheet["理由"].to_list() == [f"没有采纳：{REFUSED[drawing]}"]
    assert done.refused[0].endswith(REFUSED[drawing])


def test_every_row_that_is_in_order_is_taken_until_a_teacher_is_full() -> None:
    wards = roster(*(row_of(f"0{number}") for number in range(1, 5)))
    lines = [f"0{number} | 一对一 | T2 | √" for number in (4, 4, 1, 2, 3)]

    done = accept(drawn(名册=wards), _sheet("\n".join(["学号 | 类型 | 教师 | 采纳", *lines])), pl.Series(["JD0001"]))

    assert done.pairings["学号"].to_list() == ["04", "01", "02"]
    assert done.refused == ("04 一对一：前面已有一行", "03 一对一：教师的名额给前面的就满了")


def test_what_is_not_ticked_stays_as_it_is() -> None:
    one = drawn(名册=roster(row_of("01"), row_of("02")))
    sheet = propose(one).rows.with_columns(采纳=pl.when(pl.col("学号") == "02").then(pl.lit("v")), 备注=pl.lit("看过"))

    done = accept(one, sheet, pl.Series(["JD0001"]))

    assert_frame_equal(done.sheet, sheet.filter(pl.col("学号") == "01"))


ABILITY = st.sampled_from(["语文", "数学", "英语", "语文、数学", ""])


@st.composite
def any_school(draw: st.DrawFn) -> School:
    wards = [
        row_of(
            f"{number:02}", key=draw(st.booleans()), subject=draw(ABILITY), room=draw(_ROOM), left=draw(st.booleans())
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    mates = [
        f"{number} | 帮{number} | {draw(_ROOM)} | 在读 | | | |" for number in range(50, 50 + draw(st.integers(0, 5)))
    ]
    staff = [
        f"T{number} | 师{number} | {draw(_ROLE)} | {draw(ABILITY)} | {draw(_ROOM)} | {draw(_LIMIT)} | {draw(_DUTY)}"
        for number in range(draw(st.integers(1, 5)))
    ]
    marks = [f"期中 | {line.split(' | ')[0]} | {draw(_MARK)} | {draw(_MARK)}" for line in mates]
    drawing = {
        "名册": roster(*draw(st.permutations([*wards, *mates]))),
        "教师": "\n".join(
            ["工号 | 姓名 | 角色 | 任教科目 | 任教班级 | 帮扶上限 | 在岗", *draw(st.permutations(staff))]
        ),
        "班级": CLASSES_DRAWN.replace("T4", "  "),
        "成绩": "\n".join(["考试编号 | 学号 | 语文 | 数学", *marks]),
    }
    return with_settings(school(drawing), 每师上限=draw(st.sampled_from(["0", "1", "3"])), 帮手名次="60%")


_ROOM = st.sampled_from(["1班", "2班", "3班", "9班"])
_ROLE = st.sampled_from(["任课教师", "行政", "校长、任课教师"])
_LIMIT = st.sampled_from(["", "", "0", "2"])
_DUTY = st.sampled_from(["是", "是", "否"])
_MARK = st.integers(0, 5)


@settings(max_examples=20, deadline=None)
@given(any_school())
def test_no_teacher_is_over_the_limit_and_all_that_is_proposed_can_be_accepted(one: School) -> None:
    proposed = propose(one)
    filled = proposed.rows.filter(pl.any_horizontal(pl.col("教师", "学习帮手").is_not_null()))

    done = accept(one, filled.with_columns(采纳=pl.lit("√")), one[PAIRINGS]["结对编号"])

    assert done.refused == ()
    assert done.pairings.height == filled.height
    limits = dict(one[TEACHERS].select("工号", pl.col("帮扶上限").fill_null(one.settings.teacher_limit)).iter_rows())
    loads = Counter(cell.split()[0] for cell in of(proposed, "一对一")["教师"].drop_nulls())
    assert all(count <= limits[number] for number, count in loads.items())
    helpers = of(proposed, "学习帮手")["学习帮手"]
    assert helpers.n_unique() == helpers.len()
    left = propose(accepted_by(one, filled)).rows
    assert left.filter(pl.any_horizontal(pl.col("教师", "学习帮手").is_not_null())).is_empty()


@settings(max_examples=12, deadline=None)
@given(any_school(), st.randoms(use_true_random=False))
def test_sorting_the_sheets_changes_nothing(one: School, random: object) -> None:
    shuffled = {
        table: frame.sample(fraction=1, shuffle=True, seed=random.randrange(1000)) if table in _SORTED else frame  # type: ignore[attr-defined]
        for table, frame in one.frames.items()
    }

    assert_frame_equal(propose(School.of(shuffled, today=one.today)).rows, propose(one).rows)


_SORTED = (ROSTER, TEACHERS, CLASSES)


def test_the_sheets_are_the_same_afterwards() -> None:
    one = drawn()
    before = {table: frame.clone() for table, frame in one.frames.items()}

    propose(one)

    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[table])


def _only(number: str) -> str:
    head, *lines = TEACHERS_DRAWN.strip("\n").splitlines()
    return "\n".join([head, *(line for line in lines if line.strip().startswith(number))])


def _sheet(drawing: str) -> pl.DataFrame:
    """A drawn 结对建议."""
    return frame(PROPOSALS, drawing).select(PROPOSALS.names)
