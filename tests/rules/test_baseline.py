"""Which exam an exam is compared with (DOMAIN, glossary)."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import looks_like, school
from xlbangfu.rules.baseline import compared
from xlbangfu.rules.school import School
from xlbangfu.rules.sittings import sittings

TWO_YEARS = """
    班级 | 年级
    低班 | 初一
    高班 | 初二
"""


def everyone_sits(*exams: str, student: str = "01", today: str = "1班") -> str:
    rows = [f"{exam} | {student} | {today} | 50" for exam in exams]
    return "\n".join(["考试编号 | 学号 | 今班 | 语文", *rows])


def baselines(of: School) -> pl.DataFrame:
    """考试编号, 年级, 基线考试 (null: none) for every exam and 年级 that sat it, by date."""
    found = compared(sittings(of)).select(pl.col("考试编号", "年级", "基线考试").cast(pl.String))
    return found.with_columns(pl.col("年级").replace("", None))


def chosen(exams: str, marks: str, **sheets: str) -> dict[str, str | None]:
    """考试编号 → 基线考试, for schools of one 年级."""
    result = baselines(school({"考试": exams, "成绩": marks, **sheets}))
    return dict(result.select("考试编号", "基线考试").iter_rows())


def test_the_last_final_of_an_earlier_term_goes_before_a_later_exam_of_this_term() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        上期中   | 2025-11-10 | 上   | 期中
        上期末   | 2026-01-20 | 上   | 期末
        下月考   | 2026-03-20 | 下   | 月考
        下期中   | 2026-04-20 | 下   | 期中
        下期末   | 2026-06-25 | 下   | 期末
    """
    assert chosen(exams, everyone_sits("上期中", "上期末", "下月考", "下期中", "下期末")) == {
        "上期中": None,
        "上期末": "上期中",
        "下月考": "上期末",
        "下期中": "上期末",
        "下期末": "上期末",
    }


def test_the_exam_that_is_named_goes_before_any_other() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型 | 基线考试
        摸底     | 2025-09-01 | 上   | 摸底 |
        上期末   | 2026-01-20 | 上   | 期末 | 摸底
        下期中   | 2026-04-20 | 下   | 期中 | 摸底
    """
    assert chosen(exams, everyone_sits("摸底", "上期末", "下期中")) == {
        "摸底": None,
        "上期末": "摸底",
        "下期中": "摸底",
    }


@pytest.mark.parametrize("named", ["乙", "丙", "没有"])
def test_an_exam_named_by_mistake_leaves_the_usual_one(named: str) -> None:
    """Itself, a later one, one that is not there."""
    exams = f"""
        考试编号 | 日期       | 学期 | 类型 | 基线考试
        甲       | 2025-09-30 | 上   | 月考 |
        乙       | 2025-11-10 | 上   | 期中 | {named}
        丙       | 2026-01-20 | 上   | 期末 |
    """
    assert chosen(exams, everyone_sits("甲", "乙", "丙"))["乙"] == "甲"


@pytest.mark.parametrize("kind", ["单元", "竞赛", "模拟", "摸底"])
def test_only_a_regular_exam_is_a_baseline_unless_named(kind: str) -> None:
    exams = f"""
        考试编号 | 日期       | 学期 | 类型
        月考     | 2025-09-30 | 上   | 月考
        别的     | 2025-10-20 | 上   | {kind}
        期中     | 2025-11-10 | 上   | 期中
    """
    assert chosen(exams, everyone_sits("月考", "别的", "期中")) == {"月考": None, "别的": "月考", "期中": "月考"}


def test_an_exam_on_the_same_day_is_not_before() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        上午     | 2025-09-30 | 上   | 月考
        下午     | 2025-09-30 | 上   | 月考
    """
    assert chosen(exams, everyone_sits("上午", "下午")) == {"上午": None, "下午": None}


def test_each_year_has_the_last_final_that_it_sat() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        期中     | 2025-11-10 | 上   | 期中
        期末     | 2026-01-20 | 上   | 期末
        下期中   | 2026-04-20 | 下   | 期中
    """
    low = everyone_sits("期中", "下期中", today="低班")
    high = everyone_sits("期中", "期末", "下期中", student="02", today="高班").split("\n", 1)[1]

    looks_like(
        baselines(school({"考试": exams, "成绩": f"{low}\n{high}", "班级": TWO_YEARS})),
        """
            考试编号 | 年级 | 基线考试
            期中     | 初一 |
            期中     | 初二 |
            期末     | 初二 | 期中
            下期中   | 初一 | 期中
            下期中   | 初二 | 期末
        """,
    )


def test_the_same_students_a_year_earlier_are_the_same_cohort() -> None:
    """Last year's 初一 are this year's 初二; last year's 初二 are other people."""
    exams = """
        考试编号 | 日期       | 学期 | 类型
        去年     | 2025-06-20 | 去   | 期末
        期中     | 2025-11-10 | 上   | 期中
    """
    marks = """
        考试编号 | 学号 | 今班 | 考时班级 | 语文
        去年     | 01   | 高班 | 低班     | 50
        去年     | 02   | 毕业 | 高班     | 50
        期中     | 01   | 高班 |          | 50
        期中     | 03   | 低班 |          | 50
    """
    looks_like(
        baselines(school({"考试": exams, "成绩": marks, "班级": TWO_YEARS})),
        """
            考试编号 | 年级 | 基线考试
            去年     | 初一 |
            去年     | 初二 |
            期中     | 初一 |
            期中     | 初二 | 去年
        """,
    )


def test_an_exam_that_nobody_sat_has_no_row_and_is_nobodys_baseline() -> None:
    exams = """
        考试编号 | 日期       | 学期 | 类型
        空       | 2025-09-30 | 上   | 月考
        期中     | 2025-11-10 | 上   | 期中
    """
    assert chosen(exams, everyone_sits("期中")) == {"期中": None}
