"""一分三率 of every class and 年级 in every exam (DOMAIN rule 3)."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.schema import ABSENT, CLASS_FIGURES, EXEMPT

MARKS = """
    考试编号 | 学号 | 考时班级 | 语文 | 数学
    期中     | 01   | 1班      | 85   | 60
    期中     | 02   | 1班      | 60   | 39.9
    期中     | 03   | 1班      | 缺考 | 90
    期中     | 04   | 2班      | 84.9 | 免考
    期中     | 05   | 2班      | 40   |
    期中     | 06   | 2班      | 20   | 100
"""


def figures(one: School) -> pl.DataFrame:
    return class_figures(one, rank(one))


def test_a_line_is_inside_excellent_and_passing_and_outside_low() -> None:
    looks_like(
        figures(school({"成绩": MARKS})).filter(pl.col("科目") == "语文"),
        """
            班级 | 应考 | 实考 | 缺考 | 免考 | 未录 | 平均分  | 最高分 | 最低分 | 优秀率   | 及格率 | 低分率 | 年级排名
                 | 6    | 5    | 1    | 0    | 0    | 57.98   | 85     | 20     | 0.2      | 0.6    | 0.2    |
            1班  | 3    | 2    | 1    | 0    | 0    | 72.5    | 85     | 60     | 0.5      | 1      | 0      | 1
            2班  | 3    | 3    | 0    | 0    | 0    | 48.3    | 84.9   | 20     | 0        | 0.333333 | 0.333333 | 2
        """,
    )


def test_who_has_not_every_counted_mark_is_beside_the_total_not_in_it() -> None:
    looks_like(
        figures(school({"成绩": MARKS})).filter(pl.col("科目") == "总分"),
        """
            班级 | 应考 | 实考 | 缺考 | 免考 | 未录 | 平均分  | 最高分 | 最低分 | 优秀率 | 及格率   | 低分率 | 年级排名
                 | 6    | 3    | 1    | 1    | 1    | 121.633 | 145    | 99.9   | 0      | 0.666667 | 0      |
            1班  | 3    | 2    | 1    | 0    | 0    | 122.45  | 145    | 99.9   | 0      | 0.5      | 0      | 1
            2班  | 3    | 1    | 0    | 1    | 1    | 120     | 120    | 120    | 0      | 1        | 0      | 2
        """,
    )


def test_rows_come_by_exam_then_class_then_subject_with_the_whole_year_first() -> None:
    looks_like(
        figures(school({"成绩": MARKS})),
        """
            考试编号 | 年级 | 班级 | 科目
            期中     | 初一 |      | 语文
            期中     | 初一 |      | 数学
            期中     | 初一 |      | 总分
            期中     | 初一 | 1班  | 语文
            期中     | 初一 | 1班  | 数学
            期中     | 初一 | 1班  | 总分
            期中     | 初一 | 2班  | 语文
            期中     | 初一 | 2班  | 数学
            期中     | 初一 | 2班  | 总分
        """,
    )


def test_classes_of_one_mean_share_a_place_and_leave_a_gap() -> None:
    marks = """
        考试编号 | 学号 | 考时班级 | 语文
        期中     | 01   | 1班      | 70.1
        期中     | 02   | 1班      | 70.2
        期中     | 03   | 2班      | 70.15
        期中     | 04   | 3班      | 60
        期中     | 05   | 4班      | 缺考
    """
    classes = "班级 | 年级\n" + "\n".join(f"{number}班 | 初一" for number in range(1, 5))
    result = figures(school({"成绩": marks, "班级": classes}))

    assert result.filter(pl.col("科目") == "语文")["年级排名"].to_list() == [None, 1, 1, 3, None]


def test_a_subject_that_does_not_count_has_its_row_and_no_part_in_the_total() -> None:
    subjects = """
        年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
             | 语文 | 100  | 85     | 60     | 40     | 是
             | 体育 | 30   | 25     | 18     | 12     | 否
    """
    marks = """
        考试编号 | 学号 | 语文 | 体育
        期中     | 01   | 70   | 30
        期末     | 01   |      | 20
    """
    looks_like(
        figures(school({"成绩": marks, "科目": subjects})).filter(pl.col("班级") == "1班"),
        """
            考试编号 | 科目 | 平均分
            期末     | 体育 | 20
            期中     | 语文 | 70
            期中     | 体育 | 30
            期中     | 总分 | 70
        """,
    )


def test_a_column_of_totals_that_staff_added_is_not_taken_for_a_subject() -> None:
    marks = """
        考试编号 | 学号 | 语文 | 总分
        期中     | 01   | 70   | 999
    """
    result = figures(school({"成绩": marks}))

    assert result.filter(pl.col("班级") == "1班").select("科目", "平均分").rows() == [("语文", 70), ("总分", 70)]


def test_tracked_and_key_students_are_those_of_the_exams_day_in_the_class_of_that_day() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 重点 | 列入日期   | 退出日期
        01   | 甲   | 1班  | 在读     |            | 学困     | 是   | 2025-11-10 |
        02   | 乙   | 1班  | 在读     |            | 学困     | 否   |            | 2025-11-10
        03   | 丙   | 2班  | 在读     |            | 学困     | 否   | 2025-11-11 |
        04   | 丁   | 2班  | 在读     |            | 边缘     | 否   |            |
        05   | 戊   | 2班  | 在读     |            | 学困     | 是   |            |
        06   | 己   | 2班  | 辍学     | 2025-10-08 | 学困     | 是   |            |
    """
    marks = """
        考试编号 | 学号 | 考时班级 | 语文
        期初     | 01   | 2班      | 50
        期初     | 02   | 1班      | 50
        期中     | 01   | 2班      | 50
        期中     | 02   | 1班      | 50
    """
    looks_like(
        figures(school({"成绩": marks, "名册": roster})).filter(pl.col("科目") == "总分"),
        """
            考试编号 | 班级 | 帮扶人数 | 重点人数
            期中     |      | 2        | 2
            期中     | 1班  | 0        | 0
            期中     | 2班  | 2        | 2
            期初     |      | 3        | 2
            期初     | 1班  | 1        | 0
            期初     | 2班  | 2        | 2
        """,
    )


def test_dropouts_are_those_of_the_exams_term_over_the_roll_at_its_start() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期
        01   | 甲   | 1班  | 在读     |
        02   | 乙   | 1班  | 辍学     | 2025-10-08
        03   | 丙   | 1班  | 辍学     | 2026-02-23
        04   | 丁   | 1班  | 转出     | 2026-03-01
        05   | 戊   | 2班  | 在读     |
    """
    exams = """
        考试编号 | 日期       | 学期       | 类型
        旧       | 2025-06-20 | 2024-2025下 | 期末
        上       | 2025-11-10 | 2025-2026上 | 期中
        下       | 2026-04-20 | 2025-2026下 | 期中
    """
    marks = "考试编号 | 学号 | 语文\n" + "\n".join(f"{exam} | {who} | 50" for exam in "旧上下" for who in ("01", "05"))
    looks_like(
        figures(school({"成绩": marks, "名册": roster, "考试": exams}, 学期="2025-2026下")).filter(
            pl.col("科目") == "总分"
        ),
        """
            考试编号 | 班级 | 辍学人数 | 辍学率
            下       |      | 1        | 0.25
            下       | 1班  | 1        | 0.333333
            下       | 2班  | 0        | 0
            上       |      | 1        | 0.2
            上       | 1班  | 1        | 0.25
            上       | 2班  | 0        | 0
            旧       |      |          |
            旧       | 1班  |          |
            旧       | 2班  |          |
        """,
    )


def test_head_counts_stand_beside_the_total_only() -> None:
    result = figures(school({"成绩": MARKS})).filter(pl.col("科目") != "总分")

    heads = result.select("帮扶人数", "重点人数", "辍学人数", "辍学率")
    assert heads.null_count().row(0) == (result.height,) * 4


def test_a_school_without_marks_has_no_figures() -> None:
    result = figures(school({"成绩": "考试编号 | 学号"}))

    assert_frame_equal(result, CLASS_FIGURES.empty())


ENTRY = st.one_of(st.integers(0, 100).map(float), st.sampled_from([ABSENT, EXEMPT, None]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["1班", "2班"]), ENTRY, ENTRY), min_size=1, max_size=15))
def test_everyone_is_counted_once_and_classes_add_up_to_their_year(sittings: list[tuple[object, ...]]) -> None:
    lines = ["考试编号 | 学号 | 考时班级 | 语文 | 数学"]
    for number, row in enumerate(sittings):
        lines.append(f"期中 | {number:02d} | " + " | ".join("" if cell is None else str(cell) for cell in row))
    result = figures(school({"成绩": "\n".join(lines)}))

    parts = result.select(pl.sum_horizontal("实考", "缺考", "免考", "未录"))
    assert parts.to_series().to_list() == result["应考"].to_list()
    for _, subject in result.group_by("科目"):
        whole, classes = subject.filter(pl.col("班级").is_null()), subject.filter(pl.col("班级").is_not_null())
        for name in ("应考", "实考", "缺考", "免考", "未录"):
            assert classes[name].sum() == whole[name].item()
        seated = subject.filter(pl.col("实考") > 0)
        assert seated.filter(~pl.col("平均分").is_between("最低分", "最高分")).height == 0
        assert seated.filter(pl.col("优秀率") > pl.col("及格率")).height == 0


def test_the_input_is_the_same_afterwards() -> None:
    one = school({"成绩": MARKS})
    ranking = rank(one)
    before = {table: sheet.clone() for table, sheet in one.frames.items()}, ranking.clone()

    class_figures(one, ranking)

    assert_frame_equal(ranking, before[1])
    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[0][table])
