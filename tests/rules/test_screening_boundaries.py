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
    for exam in ("期初", "期中"):
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
