"""Who is looked at in 排查, and what is said only of some (DOMAIN rule 4)."""

from __future__ import annotations

import polars as pl

from tests.support.drawn import looks_like, school
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen


def proposals(one: School) -> pl.DataFrame:
    return screen(one, rank(one))


def test_a_student_whose_class_is_not_among_the_classes_is_looked_at_all_the_same() -> None:
    """02 is in a class without a row in 班级: no 年级 and no exam, but behaviour marks like those of 01."""
    one = school(
        {
            "名册": """
                学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别
                02   | 乙   | 9班  | 在读     |
                03   | 丙   | 9班  | 在读     | 学困
                01   | 甲   | 1班  | 在读     |
            """,
            "评价": """
                月份    | 学号 | 评价人 | 纪律 | 品德
                2026-04 | 01   | 班主任 | 2    | 2
                2026-05 | 01   | 班主任 | 2    | 2
                2026-04 | 02   | 班主任 | 2    | 2
                2026-05 | 02   | 班主任 | 2    | 2
            """,
            "成绩": "考试编号 | 学号",
        }
    )

    looks_like(
        proposals(one).sort("学号"),
        """
            学号 | 年级 | 班级 | 变化 | 建议类别 | 困难类型
            01   | 初一 | 1班  | 新增 | 学困     | 行为规范
            02   |      | 9班  | 新增 | 学困     | 行为规范
            03   |      | 9班  | 保留 | 学困     |
        """,
    )


def test_weak_subjects_are_told_of_tracked_students_only() -> None:
    """All of them are weakest in 数学; 02 is cared for, 03 borderline, 04 may leave the list."""
    marks = ["考试编号 | 学号 | 语文 | 数学"]
    for exam in ("期中", "期末"):
        marks += [f"{exam} | 01 | 5 | 0", f"{exam} | 02 | 90 | 20", f"{exam} | 03 | 90 | 20", f"{exam} | 04 | 90 | 20"]
        marks += [f"{exam} | {number} | 90 | 80" for number in range(10, 30)]
    students = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 留守"]
    students += ["01 | 甲 | 1班 | 在读 | 学困 | 学习 |", "02 | 乙 | 1班 | 在读 | 关爱 | | 是"]
    students += ["03 | 丙 | 1班 | 在读 | 边缘 | |", "04 | 丁 | 1班 | 在读 | 学困 | 学习 |"]
    students += [f"{number} | 生{number} | 1班 | 在读 | | |" for number in range(10, 30)]
    one = school({"名册": "\n".join(students), "成绩": "\n".join(marks)}, 排查百分位="3%")

    looks_like(
        proposals(one).sort("学号"),
        """
            学号 | 变化   | 建议类别 | 重点 | 困难学科
            01   | 保留   | 学困     | 是   | 语文、数学
            02   | 保留   | 关爱     |      |
            03   | 保留   | 边缘     |      |
            04   | 可退出 | 学困     |      |
        """,
    )


MARKED_DOWN = """
    月份    | 学号 | 评价人 | 纪律 | 品德
    2026-04 | 11   | 班主任 | 1    | 2
    2026-05 | 11   | 班主任 | 1    | 2
    2026-04 | 21   | 班主任 | 1    | 2
    2026-05 | 21   | 班主任 | 1    | 2
    2026-04 | 31   | 班主任 | 1    | 2
    2026-05 | 31   | 班主任 | 1    | 2
"""


def test_tracked_then_cared_for_then_borderline_and_classes_as_their_sheet_has_them() -> None:
    """11, 21 and 31 behave badly, 22 is at the bottom; 12 and 32 are left behind, 13 and 33 at the pass line."""
    one = school(
        {
            "名册": """
                学号 | 姓名 | 班级 | 在籍状态 | 留守
                33   | 庚   | 3班  | 在读     |
                32   | 己   | 3班  | 在读     | 是
                31   | 戊   | 3班  | 在读     |
                22   | 辛   | 2班  | 在读     |
                21   | 丁   | 2班  | 在读     |
                13   | 丙   | 1班  | 在读     |
                12   | 乙   | 1班  | 在读     | 是
                11   | 甲   | 1班  | 在读     |
            """,
            "班级": "班级 | 年级\n3班 | 初一\n1班 | 初一\n2班 | 初一",
            "评价": MARKED_DOWN,
            "成绩": "考试编号 | 学号 | 语文\n"
            + "\n".join(f"期中 | {who} | {mark}" for who, mark in {"22": 10, "13": 60, "33": 60}.items())
            + "\n"
            + "\n".join(f"期中 | {who} | 90" for who in (11, 12, 21, 31, 32)),
        }
    )

    looks_like(
        proposals(one),
        """
            学号 | 班级 | 变化 | 建议类别
            31   | 3班  | 新增 | 学困
            11   | 1班  | 新增 | 学困
            21   | 2班  | 新增 | 学困
            32   | 3班  | 新增 | 关爱
            12   | 1班  | 新增 | 关爱
            33   | 3班  | 新增 | 边缘
            13   | 1班  | 新增 | 边缘
            22   | 2班  | 待定 | 学困
        """,
    )


def test_a_class_that_stands_twice_among_the_classes_gives_one_row_a_student() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态\n11 | 甲 | 1班 | 在读\n21 | 乙 | 2班 | 在读"
    classes = "班级 | 年级\n2班 | 初一\n1班 | 初一\n1班 | 初二\n2班 | 初三"
    one = school({"名册": roster, "班级": classes, "评价": MARKED_DOWN, "成绩": "考试编号 | 学号"})

    assert proposals(one).select("学号", "年级").rows() == [("21", "初一"), ("11", "初一")]


def test_two_of_left_behind_poor_and_both_difficulties_make_a_student_key_whatever_is_left_blank() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 留守 | 家庭困难
        01   | 甲   | 1班  | 在读     | 学困     | 双重     | 是   |
        02   | 乙   | 1班  | 在读     | 学困     | 双重     |      | 是
        03   | 丙   | 1班  | 在读     | 学困     | 学习     | 是   | 是
        04   | 丁   | 1班  | 在读     | 学困     | 双重     |      |
        05   | 戊   | 1班  | 在读     | 学困     | 学习     | 是   |
        06   | 己   | 1班  | 在读     | 学困     | 学习     |      | 是
        07   | 庚   | 1班  | 在读     | 学困     |          | 是   |
        08   | 辛   | 1班  | 在读     | 学困     |          | 是   | 是
    """
    found = proposals(school({"名册": roster, "成绩": "考试编号 | 学号"}))

    assert dict(found.select("学号", "重点").rows()) == {
        "01": "是", "02": "是", "03": "是", "04": "否", "05": "否", "06": "否",
        "07": "否", "08": "是",
    }  # fmt: skip


def four_subjects(*rows: str) -> School:
    """01 beside 30 others who do well, in four subjects of 100; a row of 01's marks for each exam from 期初 on."""
    subjects = ["科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分"]
    subjects += [f"{name} | 100 | 85 | 60 | 40 | 是" for name in ("语文", "数学", "英语", "物理")]
    marks = ["考试编号 | 学号 | 语文 | 数学 | 英语 | 物理"]
    for exam, row in zip(("期初", "期中"), rows, strict=False):
        marks += [f"{exam} | {number} | 90 | 90 | 90 | 90" for number in range(10, 40)]
        marks.append(f"{exam} | 01 | {row}")
    return school({"科目": "\n".join(subjects), "成绩": "\n".join(marks)})


def of_01(one: School) -> dict[str, object]:
    return proposals(one).filter(pl.col("学号") == "01").row(0, named=True)


def test_three_failed_subjects_beside_one_not_entered_say_nothing() -> None:
    found = of_01(four_subjects("20 | 20 | 20 |", "20 | 20 | 20 |"))

    assert (found["变化"], found["重点"]) == ("待定", "否")
    assert found["理由"] == "最近 2 次考试都没有能算的成绩，看不出该不该列入"


def test_an_exam_that_says_nothing_is_left_out_of_the_reason() -> None:
    found = of_01(four_subjects("90 | 20 | 20 | 20", "90 | 20 | |"))

    assert found["理由"] == (
        "最近 1 次能算的考试，在年级后 8%，也有 3 科及以上不及格（应看 2 次，能算的只有 1 次），还不能定；"
        "重点：在年级后 4%"
    )


def test_a_student_with_a_bad_and_a_missing_exam_is_undecided_and_with_a_good_and_a_missing_one_is_not_proposed() -> (
    None
):
    marks = ["考试编号 | 学号 | 语文"]
    for exam in ("期初", "期中"):
        marks += [f"{exam} | {number} | {60 + number}" for number in range(10, 40)]
    marks += ["期初 | 01 | 20", "期初 | 02 | 90"]
    found = proposals(school({"成绩": "\n".join(marks)}, 边缘区间="0"))

    assert dict(found.select("学号", "变化").rows()).get("01") == "待定"
    assert "02" not in found["学号"]


def test_a_borderline_student_without_any_total_stays() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n01 | 甲 | 1班 | 在读 | 边缘"
    found = proposals(school({"名册": roster, "成绩": "考试编号 | 学号"}))

    looks_like(
        found,
        """
            学号 | 变化 | 建议类别 | 理由
            01   | 保留 | 边缘     | 没有可用的总分，先保留
        """,
    )


def test_who_leaves_the_list_today_is_off_it_and_who_leaves_tomorrow_is_on_it() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 退出日期
        01   | 甲   | 1班  | 在读     | 学困     | 学习     | 2026-06-30
        02   | 乙   | 1班  | 在读     | 学困     | 学习     | 2026-07-01
    """
    found = proposals(school({"名册": roster, "成绩": "考试编号 | 学号"}))

    assert found.select("学号", "变化").rows() == [("02", "保留")]


def test_a_student_listed_without_saying_for_what_is_listed_for_the_marks() -> None:
    marks = "\n".join(f"{exam} | {number} | {50 + number}" for exam in ("期中", "期末") for number in range(10, 40))
    students = "\n".join(
        f"{number} | 生{number} | 1班 | 在读 | {'学困' if number == 30 else ''}" for number in range(10, 40)
    )
    one = school(
        {"名册": f"学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n{students}", "成绩": f"考试编号 | 学号 | 语文\n{marks}"}
    )
    found = proposals(one).filter(pl.col("学号") == "30").row(0, named=True)

    assert (found["变化"], found["理由"]) == (
        "可退出",
        "进展建议转化：连续两次期中期末过关：期中达到班平均、期末达到班平均",
    )


def test_a_student_listed_without_saying_for_what_is_told_of_the_exams_while_staying() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型\n01 | 甲 | 1班 | 在读 | 学困 |"
    found = proposals(school({"名册": roster, "成绩": "考试编号 | 学号"}))

    assert found["理由"].to_list() == ["还没有考试，先保留；转化还差：还没有考过期中或期末，要连续 2 次过关"]


def test_who_was_in_no_exam_is_undecided_unless_on_another_list_or_at_risk() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 留守
        01   | 甲   | 1班  | 在读     |          |
        02   | 乙   | 1班  | 在读     |          | 是
        03   | 丙   | 1班  | 在读     | 关爱     | 是
        04   | 丁   | 1班  | 在读     | 边缘     |
        10   | 戊   | 1班  | 在读     |          |
    """
    found = proposals(school({"名册": roster, "成绩": "考试编号 | 学号 | 语文\n期中 | 10 | 90"}))

    looks_like(
        found.filter(pl.col("学号") < "10").sort("学号"),
        """
            学号 | 变化 | 建议类别
            01   | 待定 | 学困
            02   | 新增 | 关爱
            03   | 保留 | 关爱
            04   | 保留 | 边缘
        """,
    )
