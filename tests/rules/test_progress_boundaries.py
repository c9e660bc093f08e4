"""Which rows 进展 has, what they say, and which months count (DOMAIN rule 9)."""

from __future__ import annotations

import polars as pl
import pytest

from tests.rules.test_progress import came, marked, placed, row
from tests.support.drawn import looks_like, school
from xlbangfu.rules.progress import BETTER, STEPS, latest, with_changes
from xlbangfu.rules.ranking import rank

TWO_CLASSES = "班级 | 年级\n2班 | 初一\n1班 | 初一"


def test_better_are_the_two_steps_above_steady() -> None:
    assert [step for step in STEPS if step in BETTER] == ["进步", "显著进步"]


def test_changes_have_six_places() -> None:
    """01 is above one of three, and then above two of seven."""
    marks = ["考试编号 | 学号 | 语文", *(f"期初 | 0{number} | {mark}" for number, mark in ((1, 50), (2, 40), (3, 60)))]
    marks += [f"期中 | 0{number} | {mark}" for number, mark in enumerate((50, 40, 30, 60, 70, 80, 90), start=1)]

    found = with_changes(rank(school({"成绩": "\n".join(marks)})))

    assert found.filter(pl.col("考试编号") == "期中", pl.col("学号") == "01")["变化"].to_list() == [-4.761905]


def test_a_missed_exam_shows_no_baseline_and_no_change() -> None:
    found = row(placed({"期末": 20, "下期中": "缺考"}))

    assert (found["百分位"], found["基线百分位"], found["变化"], found["进展"]) == (None, None, None, "数据不足")


def test_a_place_among_another_year_of_students_is_no_baseline() -> None:
    """01 repeats the year: in 期初 among the year above."""
    one = school(
        {
            "名册": """
                学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别
                01   | 甲   | 低班 | 在读     | 学困
                02   | 乙   | 低班 | 在读     |
                07   | 丙   | 高班 | 在读     |
                08   | 丁   | 高班 | 在读     |
            """,
            "班级": "班级 | 年级\n低班 | 初一\n高班 | 初二",
            "成绩": """
                考试编号 | 学号 | 考时班级 | 语文
                期初     | 01   | 高班     | 50
                期初     | 02   |          | 50
                期初     | 07   |          | 60
                期初     | 08   |          | 40
                期中     | 01   |          | 90
                期中     | 02   |          | 80
            """,
        }
    )

    looks_like(
        came(one),
        """
            考试编号 | 百分位   | 基线百分位 | 变化 | 进展     | 依据
            期中     | 0.5      |            |      | 数据不足 | 年级后 50%，前面没有可比的考试
            期初     | 0.333333 |            |      | 数据不足 | 年级后 33%，前面没有可比的考试
        """,
    )


def test_an_exam_of_an_earlier_school_year_is_shown_only_where_there_is_none_since() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        旧期末   | 2025-08-31 | 旧   | 期末
        期初     | 2025-09-01 | 上   | 月考
        今天     | 2026-06-30 | 下   | 月考
    """
    listed = "学困 | 学习 | 2025-03-01"

    since = came(placed({"旧期末": 20, "期初": 30, "今天": 40}, listed=listed, 考试=exams))
    before = came(placed({"旧期末": 20}, listed=listed, 考试=exams))

    assert since["考试编号"].to_list() == ["今天", "期初"]
    assert before.select("考试编号", "建议转化").rows() == [("旧期末", "否")]


@pytest.mark.parametrize("kind", ["单元", "竞赛"])
def test_a_quiz_or_a_contest_is_no_exam_of_the_trends(kind: str) -> None:
    exams = f"考试编号 | 日期 | 类型\n期中 | 2025-11-10 | 期中\n赛 | 2025-12-10 | {kind}"

    assert came(placed({"期中": 20, "赛": 60}, 考试=exams))["考试编号"].to_list() == ["期中"]


def test_those_without_an_exam_come_last_by_class_and_number() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 退出日期   | 异动日期
        03   | 丙   | 2班  | 在读     | 学困     |            |
        01   | 甲   | 2班  | 在读     | 学困     |            |
        02   | 乙   | 1班  | 在读     | 学困     |            |
        04   | 丁   | 1班  | 转出     | 学困     |            | 2026-03-01
        05   | 戊   | 1班  | 在读     | 学困     | 2026-03-01 |
        06   | 己   | 1班  | 在读     | 关爱     |            |
        09   | 庚   | 2班  | 在读     | 学困     |            |
    """
    found = came(school({"名册": roster, "班级": TWO_CLASSES, "成绩": "考试编号 | 学号 | 语文\n期中 | 09 | 50"}))

    looks_like(
        found,
        """
            考试编号 | 学号 | 姓名 | 班级 | 进展     | 建议转化
            期中     | 09   | 庚   | 2班  | 数据不足 | 否
                     | 02   | 乙   | 1班  | 数据不足 | 否
                     | 01   | 甲   | 2班  | 数据不足 | 否
                     | 03   | 丙   | 2班  | 数据不足 | 否
        """,
    )


PLACES: dict[str, int | str | None] = {"期中": 20, "期末": 20, "下期中": 20}


@pytest.mark.parametrize(
    ("months", "final", "midterm"),
    [
        ({"m2025_11": 2, "m2025_12": 5}, (3.0, "进步"), (None, "稳定")),  # the month before the exam
        ({"m2025_12": 2, "m2026_01": 5}, (3.0, "进步"), (None, "稳定")),  # the month of the exam
        (
            {"m2025_12": 5, "m2026_02": 2},
            (None, "稳定"),
            (None, "稳定"),
        ),  # after one, and before the month before the next
        ({"m2026_02": 5, "m2026_03": 2}, (None, "稳定"), (-3.0, "退步")),
        ({"m2026_05": 2, "m2026_06": 5}, (None, "稳定"), (3.0, "进步")),  # the latest exam: to today
        ({"m2026_04": 2, "m2026_05": 5, "m2026_06": 3}, (None, "稳定"), (-2.0, "退步")),  # the last month decides
    ],
)
def test_behaviour_counts_from_the_month_before_an_exam_to_its_own(
    months: dict[str, float], final: tuple[float | None, str], midterm: tuple[float | None, str]
) -> None:
    one = placed(PLACES, 评价=marked(**months))

    assert [(row(one, exam)["行为变化"], row(one, exam)["进展"]) for exam in ("期末", "下期中")] == [final, midterm]


@pytest.mark.parametrize(
    ("places", "months", "evidence"),
    [
        (
            {"期末": 17, "下期中": 7},
            {},
            "年级后 7%，比 期末 降 10 个百分点",
        ),
        (
            {"期末": 4, "下期中": 5},
            {},
            "年级后 5%，比 期末 升 1 个百分点",
        ),
        (
            {"期末": 3, "下期中": 3},
            {"m2026_05": 5, "m2026_06": 4.5},
            "年级后 3%，和 期末 一样。2026-06 行为评价比上个月低 0.5 分，下调一档",
        ),
        (
            {"期末": 3, "下期中": 5},
            {"m2026_05": 2, "m2026_06": 4},
            "年级后 5%，比 期末 升 2 个百分点。2026-06 行为评价比上个月高 2 分，上调一档",
        ),
        (
            {"期末": 3, "下期中": 5},
            {"m2026_05": 2, "m2026_06": 2.5},
            "年级后 5%，比 期末 升 2 个百分点。2026-06 行为评价比上个月高 0.5 分，上调一档",
        ),
        (
            {"期末": 60, "下期中": 60},
            {},
            "年级前 40%，和 期末 一样。建议转化：连续两次期中期末过关：期末达到班平均、下期中达到班平均",
        ),
    ],
)
def test_the_evidence_says_the_exam_the_behaviour_and_why_a_turn_around_is_proposed(
    places: dict[str, int | str | None], months: dict[str, float], evidence: str
) -> None:
    found = row(placed(places, 评价=marked(**months)))

    assert found["依据"] == evidence


def test_a_turn_around_is_proposed_in_the_latest_row_alone() -> None:
    found = came(placed({"期中": 60, "期末": 60, "下期中": 60}))

    assert found.select("考试编号", "建议转化").rows() == [("下期中", "是"), ("期末", None), ("期中", None)]
    assert found["依据"].str.contains("建议转化").to_list() == [True, False, False]


def test_the_exams_that_do_not_count_for_turning_around_are_named_in_the_latest_row_alone() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        期末     | 2026-01-20 | 上   | 期末
        三月     | 2026-03-10 | 下   | 月考
        下期中   | 2026-04-20 | 下   | 期中
    """
    found = came(placed({"期末": 60, "三月": 60, "下期中": 60}, listed="学困 | 学习 | 2026-02-01", 考试=exams))

    assert found.select("考试编号", pl.col("依据").str.split("。").list.get(1, null_on_oob=True)).rows() == [
        ("下期中", "期末 在列入之前，转化不算这次"),
        ("三月", None),
    ]


def test_exams_of_one_day_and_more_students_keep_the_order_of_the_ranking() -> None:
    roster = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别"]
    roster += [
        f"{number} | 生{number} | {name} | 在读 | 学困"
        for number, name in ((4, "1班"), (3, "2班"), (2, "1班"), (1, "2班"))
    ]
    marks = ["考试编号 | 学号 | 语文"]
    marks += [f"{exam} | {number} | {number * 10}" for exam in ("期初", "期中") for number in (1, 2, 3, 4)]
    one = school({"名册": "\n".join(roster), "成绩": "\n".join(marks), "班级": "班级 | 年级\n2班 | 初二\n1班 | 初一"})

    assert came(one).select("考试编号", "班级", "学号").rows() == [
        ("期中", "2班", "1"), ("期中", "2班", "3"), ("期中", "1班", "2"), ("期中", "1班", "4"),
        ("期初", "2班", "1"), ("期初", "2班", "3"), ("期初", "1班", "2"), ("期初", "1班", "4"),
    ]  # fmt: skip


def test_who_left_the_list_before_an_exam_has_no_row_of_it() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期   | 退出日期
        01   | 甲   | 1班  | 在读     | 学困     | 2025-09-10 | 2025-11-10
        02   | 乙   | 1班  | 在读     | 学困     | 2025-11-10 |
        03   | 丙   | 1班  | 在读     | 边缘     |            |
    """
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(
        f"{exam} | 0{n} | 50" for exam in ("期初", "期中") for n in (1, 2, 3)
    )

    found = came(school({"名册": roster, "成绩": marks}))

    assert found.filter(pl.col("考试编号").is_not_null()).select("考试编号", "学号").rows() == [
        ("期中", "02"),
        ("期初", "01"),
    ]


def test_of_many_rows_the_one_that_speaks_for_a_student_is_the_first_with_data() -> None:
    exams = [f"第{number}次" for number in range(40, 0, -1)]
    sheet = pl.DataFrame(
        {"考试编号": exam, "学号": f"{who:03}", "进展": "数据不足" if who % 2 and exam == exams[0] else "稳定"}
        for exam in exams
        for who in range(50)
    )

    found = latest(sheet)

    assert dict(found.select("学号", "考试编号").rows()) == {f"{who:03}": exams[who % 2] for who in range(50)}
    assert found["学号"].to_list()[:2] == ["000", "002"]


def test_of_two_exams_of_one_day_the_first_of_the_ranking_is_the_latest_and_each_is_shown_whole() -> None:
    exams = "考试编号 | 日期 | 类型\n甲 | 2025-11-10 | 期中\n乙 | 2025-11-10 | 月考"
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n01 | 甲 | 1班 | 在读 | 学困\n02 | 乙 | 1班 | 在读 | 学困"
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(f"{exam} | {who} | 50" for exam in "甲乙" for who in ("01", "02"))

    found = came(school({"考试": exams, "名册": roster, "成绩": marks}))

    assert found.select("考试编号", "学号", "建议转化").rows() == [
        ("乙", "01", "否"), ("乙", "02", "否"), ("甲", "01", None), ("甲", "02", None)
    ]  # fmt: skip


def test_each_student_has_the_change_of_behaviour_of_his_own_in_tenths_half_up() -> None:
    """01 rises by 2/3 and 02 falls by as much: three marks, of which two change by one."""
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n01 | 甲 | 1班 | 在读 | 学困\n02 | 乙 | 1班 | 在读 | 学困"
    months = """
        月份    | 学号 | 评价人 | 纪律 | 品德 | 参与
        2026-05 | 01   | 班主任 | 3    | 3    | 3
        2026-06 | 01   | 班主任 | 4    | 4    | 3
        2026-05 | 02   | 班主任 | 3    | 3    | 3
        2026-06 | 02   | 班主任 | 2    | 2    | 3
    """
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(
        f"{e} | {who} | 50" for e in ("期初", "下期中") for who in ("01", "02")
    )
    found = came(school({"名册": roster, "成绩": marks, "评价": months}))

    looks_like(
        found.filter(pl.col("考试编号") == "下期中"),
        """
            学号 | 变化 | 行为变化 | 进展 | 依据
            01   | 0    | 0.7      | 进步 | 年级末位，和 期初 一样。2026-06 行为评价比上个月高 0.7 分，上调一档
            02   | 0    | -0.7     | 退步 | 年级末位，和 期初 一样。2026-06 行为评价比上个月低 0.7 分，下调一档
        """,
    )


def test_an_exam_in_which_nothing_counts_has_no_place() -> None:
    subjects = "科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分\n语文 | 100 | 85 | 60 | 40 | 否"

    assert row(placed({"下期中": 20}, 科目=subjects))["依据"] == "这次没有名次（没有成绩）"


def test_the_last_month_decides_for_each_of_many_students() -> None:
    people = [f"{number:02}" for number in range(25)]
    given = {"2026-04": 3, "2026-05": 5, "2026-06": 4}
    months = ["月份 | 学号 | 评价人 | 纪律"]
    months += [f"{month} | {who} | 班主任 | {mark}" for who in people for month, mark in given.items()]
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n" + "\n".join(
        f"{who} | 生 | 1班 | 在读 | 学困" for who in people
    )
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(f"下期中 | {who} | 50" for who in people)

    found = came(school({"名册": roster, "成绩": marks, "评价": "\n".join(months)}))

    assert found["行为变化"].to_list() == [-1.0] * len(people)
