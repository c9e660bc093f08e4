"""Who should be on the list (DOMAIN rule 4)."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from tests.support.drawn import frame, looks_like, school, with_settings
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.screening import screen
from xlbangfu.schema import EXAMS, ROSTER, SCORES, SCREENING

FIFTY = [f"{number:02d}" for number in range(1, 51)]
Mark = float | str | None


def proposals(one: School) -> pl.DataFrame:
    return screen(one, rank(one))


def year_of_fifty(
    marks: dict[str, dict[str, Mark]], roster: dict[str, str] | None = None, months: str = "", **settings_of: str
) -> School:
    """Fifty students of 1班; in each exam each has 50 plus half the number in 语文 but for those named; ``roster`` says
    more of some: 帮扶类别 | 困难类型 | 留守 | 家庭困难 | 退出日期."""
    rows = ["考试编号 | 学号 | 语文"]
    for exam, said in marks.items():
        for number in FIFTY:
            mark = said.get(number, 50 + int(number) / 2)
            rows.append(f"{exam} | {number} | {'' if mark is None else mark}")
    people = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 困难类型 | 留守 | 家庭困难 | 退出日期"]
    people += [f"{number} | 生{number} | 1班 | {(roster or {}).get(number, '在读 | | | | |')}" for number in FIFTY]
    sheets = {"成绩": "\n".join(rows), "名册": "\n".join(people)}
    if months:
        sheets["评价"] = months
    return school(sheets, 边缘区间="0", **settings_of)


def listed(result: pl.DataFrame) -> list[str]:
    return result.filter(pl.col("建议类别") == "学困", pl.col("变化") != "可退出")["学号"].to_list()


def row(result: pl.DataFrame, number: str) -> dict[str, object]:
    return result.filter(pl.col("学号") == number).row(0, named=True)


class TestMarks:
    def test_below_eight_in_a_hundred_in_each_of_the_last_two_exams_is_new(self) -> None:
        """Of 50, at 01 to 04 fewer than 4 are worse; 05 has four worse, which is 8 % and not below it."""
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}))

        assert listed(result) == ["01", "02", "03", "04"]
        assert row(result, "04") | {"采纳": None} == {
            "学号": "04",
            "姓名": "生04",
            "年级": "初一",
            "班级": "1班",
            "变化": "新增",
            "建议类别": "学困",
            "困难类型": "学习",
            "重点": "否",
            "困难学科": "语文",
            "理由": "最近 2 次考试，都在年级后 8%",
            "依据": "月考 2025-09-10：年级后 6%，不及格 1 科（语文）\n期中 2025-11-10：年级后 6%，不及格 1 科（语文）",
            "采纳": None,
            "备注": None,
        }

    def test_the_bottom_four_in_a_hundred_are_key(self) -> None:
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}))

        assert [row(result, number)["重点"] for number in listed(result)] == ["是", "是", "否", "否"]
        assert row(result, "02")["理由"] == "最近 2 次考试，都在年级后 8%；重点：在年级后 4%"

    def test_once_above_the_line_is_not_proposed(self) -> None:
        assert listed(proposals(year_of_fifty({"期初": {}, "期中": {"01": 90}}))) == ["02", "03", "04"]

    def test_students_with_the_same_total_have_the_same_share_below_them(self) -> None:
        result = proposals(year_of_fifty({"期初": {}, "期中": {"04": 52.5, "05": 52.5, "06": 52.5}}))

        assert listed(result) == ["01", "02", "03", "04"]
        assert "年级后 6%，" in str(row(result, "04")["依据"]).split("\n")[1]

    def test_three_failed_subjects_in_each_exam_are_enough_whatever_the_place(self) -> None:
        marks = "考试编号 | 学号 | 语文 | 数学 | 英语\n" + "\n".join(
            f"{exam} | {who} | {first} | 59 | 缺考"
            for exam in ("期初", "期中")
            for who, first in (("01", "59.5"), ("02", "60"), ("03", "免考"))
        )
        result = proposals(school({"成绩": marks}, 排查百分位="0", 重点百分位="0"))

        looks_like(
            result.filter(pl.col("建议类别") == "学困"),
            """
                学号 | 变化 | 困难类型 | 理由
                01   | 新增 | 学习     | 最近 2 次考试，都有 3 科及以上不及格
            """,
        )
        assert str(row(result, "01")["依据"]).endswith("缺考 英语（按 0 分算），不及格 3 科（语文、数学、英语）")

    def test_either_condition_in_each_exam_will_do(self) -> None:
        marks = ["考试编号 | 学号 | 语文 | 数学"]
        marks += [f"期初 | {number} | {number} | 90" for number in FIFTY]
        marks += [f"期中 | {number} | {100 - int(number)} | 59" for number in FIFTY]
        result = proposals(school({"成绩": "\n".join(marks)}, 排查不及格科数="2", 边缘区间="0"))

        assert listed(result) == []  # in 期中 01 fails 数学 only
        marks[-50] = "期中 | 01 | 59 | 59"
        result = proposals(school({"成绩": "\n".join(marks)}, 排查不及格科数="2", 边缘区间="0"))
        assert row(result, "01")["理由"] == "最近 2 次考试，都达到条件（在年级后 8%，或 2 科及以上不及格）"

    def test_only_exams_of_the_terms_own_kind_count_and_only_those_held_by_today(self) -> None:
        exams = """
            考试编号 | 日期       | 类型
            期初     | 2025-09-10 | 月考
            期中     | 2025-11-10 | 期中
            周测     | 2025-12-10 | 单元
            奥赛     | 2025-12-11 | 竞赛
            下期末   | 2026-07-08 | 期末
        """
        one = year_of_fifty({"期初": {}, "期中": {}, "周测": {"01": 99}, "奥赛": {"01": 99}, "下期末": {"01": 99}})
        found = replace(one, frames={**one.frames, EXAMS: frame(EXAMS, exams)})

        assert listed(proposals(found)) == ["01", "02", "03", "04"]

    def test_two_exams_of_one_day_are_two_exams_in_the_order_of_their_numbers(self) -> None:
        one = year_of_fifty({"甲": {"01": 99}, "乙": {}, "丙": {}})
        exams = "考试编号 | 日期 | 类型\n甲 | 2025-09-10 | 月考\n乙 | 2025-11-10 | 期中\n丙 | 2025-11-10 | 月考"
        found = replace(one, frames={**one.frames, EXAMS: frame(EXAMS, exams)})

        assert listed(proposals(found)) == ["01", "02", "03", "04"]

    def test_with_fewer_exams_than_asked_who_meets_the_conditions_is_undecided_and_it_is_said(self) -> None:
        result = proposals(year_of_fifty({"期中": {}}))

        looks_like(
            result.filter(pl.col("建议类别") == "学困"),
            """
                学号 | 变化 | 困难类型 | 重点 | 理由
                01   | 待定 | 学习     | 是   | 最近 1 次能算的考试，在年级后 8%（应看 2 次，本年级只考过 1 次），还不能定；重点：在年级后 4%
                02   | 待定 | 学习     | 是   | 最近 1 次能算的考试，在年级后 8%（应看 2 次，本年级只考过 1 次），还不能定；重点：在年级后 4%
                03   | 待定 | 学习     | 否   | 最近 1 次能算的考试，在年级后 8%（应看 2 次，本年级只考过 1 次），还不能定
                04   | 待定 | 学习     | 否   | 最近 1 次能算的考试，在年级后 8%（应看 2 次，本年级只考过 1 次），还不能定
            """,
        )

    def test_a_year_without_exams_has_no_proposals_by_marks(self) -> None:
        classes = "班级 | 年级\n1班 | 初一\n2班 | 初二"
        roster = "学号 | 姓名 | 班级 | 在籍状态\n01 | 甲 | 1班 | 在读\n02 | 乙 | 2班 | 在读"
        one = school({"名册": roster, "班级": classes, "成绩": "考试编号 | 学号 | 语文\n期中 | 01 | 20"})

        assert proposals(one)["学号"].to_list() == ["01"]

    def test_each_year_has_its_own_last_exams(self) -> None:
        classes = "班级 | 年级\n1班 | 初一\n2班 | 初二"
        roster = "学号 | 姓名 | 班级 | 在籍状态\n01 | 甲 | 1班 | 在读\n02 | 乙 | 2班 | 在读"
        marks = "考试编号 | 学号 | 语文\n期初 | 01 | 20\n期中 | 02 | 20\n期末 | 02 | 20"
        result = proposals(school({"名册": roster, "班级": classes, "成绩": marks}))

        assert [str(told).count("：") for told in result.sort("学号")["依据"]] == [1, 2]

    def test_a_missed_exam_counts_as_the_bottom(self) -> None:
        result = proposals(year_of_fifty({"期初": {"30": "缺考"}, "期中": {"30": "缺考"}}))

        assert (row(result, "30")["变化"], row(result, "30")["重点"]) == ("新增", "是")
        assert "年级末位，缺考 语文（按 0 分算）" in str(row(result, "30")["依据"])

    def test_one_missed_subject_is_no_marks_in_it_and_not_the_whole_exam(self) -> None:
        marks = ["考试编号 | 学号 | 语文 | 数学"]
        for exam in ("期初", "期中"):
            marks += [
                f"{exam} | {number} | {60 + int(number) / 2} | {'缺考' if number == '50' else 0}" for number in FIFTY
            ]
        result = proposals(school({"成绩": "\n".join(marks)}, 边缘区间="0"))

        assert "50" not in listed(result)

    def test_a_mark_not_entered_leaves_the_student_undecided(self) -> None:
        result = proposals(year_of_fifty({"期初": {}, "期中": {"01": None, "30": None}}))

        assert "30" not in listed(result)
        assert (row(result, "01")["变化"], row(result, "01")["理由"]) == (
            "待定",
            "最近 1 次能算的考试，在年级后 8%（应看 2 次，能算的只有 1 次），还不能定；重点：在年级后 4%",
        )
        assert str(row(result, "01")["依据"]).endswith("期中 2025-11-10：成绩没有录全，这次不算")

    def test_three_failed_subjects_do_not_decide_where_another_was_not_entered(self) -> None:
        marks = ["考试编号 | 学号 | 语文 | 数学 | 英语"]
        for exam in ("期初", "期中"):
            marks += [f"{exam} | 01 | 20 | 20 |", f"{exam} | 02 | 20 | 20 | 20"]
            marks += [f"{exam} | {number} | {60 + number} | 90 | 90" for number in range(10, 40)]
        result = proposals(school({"成绩": "\n".join(marks)}, 排查不及格科数="2", 边缘区间="0"))

        assert {number: row(result, number)["变化"] for number in ("01", "02")} == {"01": "待定", "02": "新增"}

    def test_of_whom_no_exam_says_anything_is_undecided_and_told_why(self) -> None:
        """30 is excused from everything, 31 has no row, 32 none in one exam and did well in the other."""
        one = year_of_fifty({"期初": {"30": "免考"}, "期中": {"30": "免考"}})
        gone = pl.col("学号").is_in(["31"]) | ((pl.col("学号") == "32") & (pl.col("考试编号") == "期中"))
        result = proposals(replace(one, frames={**one.frames, SCORES: one[SCORES].filter(~gone)}))

        looks_like(
            result.filter(pl.col("变化") == "待定"),
            """
                学号 | 变化 | 建议类别 | 困难类型 | 重点 | 理由
                30   | 待定 | 学困     | 学习     | 否   | 最近 2 次考试都没有能算的成绩，看不出该不该列入
                31   | 待定 | 学困     | 学习     | 否   | 最近 2 次考试都没有能算的成绩，看不出该不该列入
            """,
        )
        assert row(result, "30")["依据"] == "月考 2025-09-10：全部免考，这次不算\n期中 2025-11-10：全部免考，这次不算"
        assert str(row(result, "31")["依据"]).endswith("期中 2025-11-10：没有本年级这次考试的成绩，这次不算")

    def test_a_weak_subject_is_a_standard_deviation_below_the_year_in_the_latest_exam_sat(self) -> None:
        marks = ["考试编号 | 学号 | 语文 | 数学"]
        marks += [f"期初 | {number} | 50 | {int(number)}" for number in FIFTY]
        marks += [f"期中 | {number} | {int(number)} | {40 if number == '01' else 50}" for number in FIFTY]
        marks[-50] = "期中 | 01 | 缺考 | 缺考"
        result = proposals(school({"成绩": "\n".join(marks)}, 排查百分位="10%", 边缘区间="0"))

        assert dict(result.select("学号", "困难学科").iter_rows())["01"] == "数学"
        assert dict(result.select("学号", "困难学科").iter_rows())["02"] == "语文"

    def test_the_settings_hold(self) -> None:
        one = year_of_fifty({"期初": {}, "期中": {}})

        assert len(listed(proposals(with_settings(one, 排查百分位="20%", 边缘区间="0")))) == 10
        assert listed(proposals(with_settings(one, 排查不及格科数="1", 边缘区间="0")))[-1] == "19"
        assert row(proposals(with_settings(one, 重点百分位="8%", 边缘区间="0")), "04")["重点"] == "是"


MONTHS = """
    月份    | 学号 | 评价人   | 评价人姓名 | 纪律 | 品德
    2026-03 | 30   | 班主任   |            | 5    | 5
    2026-04 | 30   | 班主任   |            | 2    | 2
    2026-05 | 30   | 班主任   |            | 1    | 3
    2026-04 | 31   | 班主任   |            | 1    | 1
    2026-04 | 32   | 班主任   |            | 2    | 2
    2026-05 | 32   | 班主任   | 甲         | 2    | 2
    2026-05 | 32   | 任课教师 | 乙         | 3    | 2
    2026-04 | 01   | 班主任   |            | 2    | 1
    2026-05 | 01   | 班主任   |            | 2    | 2
    2025-05 | 33   | 班主任   |            | 1    | 1
    2025-06 | 33   | 班主任   |            | 1    | 1
"""


class TestConduct:
    def test_a_mean_of_two_or_less_in_each_of_the_last_two_months_is_new(self) -> None:
        """31 has one month only, 32 a mean above two in one, 33 was marked last school year."""
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}, months=MONTHS))

        assert listed(result) == ["01", "02", "03", "04", "30"]
        assert row(result, "30")["困难类型"] == "行为规范"
        assert row(result, "30")["理由"] == "2026-04、2026-05 纪律和品德平均都不高于 2 分"
        assert str(row(result, "30")["依据"]).endswith("2026-04 纪律和品德平均 2 分\n2026-05 纪律和品德平均 2 分")

    def test_both_difficulties_are_said_and_with_one_more_risk_the_student_is_key(self) -> None:
        one = year_of_fifty(
            {"期初": {}, "期中": {}},
            {"01": "在读 | | | | 是 |", "03": "在读 | | | 是 | 是 |"},
            MONTHS,
            重点百分位="0",
        )
        result = proposals(one)

        assert (row(result, "01")["困难类型"], row(result, "01")["重点"]) == ("双重", "是")
        assert str(row(result, "01")["理由"]).endswith("；重点：家庭困难、双重")
        assert str(row(result, "03")["理由"]).endswith("；重点：留守、家庭困难")
        assert row(result, "02")["重点"] == "否"


class TestWhoIsListedAlready:
    ROSTER = {  # noqa: RUF012 - read only
        "01": "在读 | 学困 | 学习 | | |",
        "20": "在读 | 学困 | 学习 | | |",
        "21": "在读 | 学困 | 学习 | | |",
        "22": "在读 | 学困 | 行为规范 | | |",
        "23": "在读 | 学困 | 行为规范 | | |",
        "24": "在读 | 学困 | 双重 | | |",
        "02": "休学 | 学困 | 学习 | | |",
        "03": "辍学 | | | | |",
        "04": "转出 | | | | |",
    }
    GOOD = """
        月份    | 学号 | 评价人 | 纪律 | 品德
        2026-04 | 23   | 班主任 | 4    | 4
        2026-05 | 23   | 班主任 | 4    | 4
    """

    def test_still_on_the_list_or_free_to_leave_with_the_reason(self) -> None:
        result = proposals(year_of_fifty({"期中": {}, "期末": {"21": 1}}, self.ROSTER, self.GOOD))

        looks_like(
            result.filter(pl.col("建议类别") == "学困"),
            """
                学号 | 变化   | 困难类型 | 重点 | 理由
                20   | 可退出 | 学习     |      | 进展建议转化：连续两次期中期末过关：期中没有达到列入条件、期末没有达到列入条件
                23   | 可退出 | 行为规范 |      | 进展建议转化：2026-04、2026-05 两个月纪律和品德平均都不低于 4 分
                01   | 保留   | 学习     | 是   | 仍达到列入条件：最近 2 次考试，都在年级后 8%；重点：在年级后 4%
                21   | 保留   | 学习     | 否   | 最近 2 次考试有 1 次达到列入条件，先保留；转化还差：期末低于班平均，也达到列入条件
                22   | 保留   | 行为规范 | 否   | 还没有行为评价，先保留；转化还差：还没有行为评价，要有 2 个月
                24   | 保留   | 双重     | 否   | 最近 2 次考试都没有达到列入条件；还没有行为评价，先保留；转化还差：还没有行为评价，要有 2 个月
            """,
        )

    def test_who_is_not_at_school_is_not_proposed(self) -> None:
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}, self.ROSTER))

        assert not {"02", "03", "04"} & set(result["学号"])

    def test_with_too_few_exams_nobody_leaves(self) -> None:
        result = proposals(year_of_fifty({"期中": {}}, self.ROSTER))

        assert row(result, "20")["理由"] == (
            "能算的考试只有 1 次，不够 2 次，先保留；转化还差：列入以后只考过 1 次期中或期末，要连续 2 次过关"
        )

    def test_two_exams_without_the_conditions_do_not_take_off_the_list_who_rule_nine_keeps(self) -> None:
        """期初 is a 月考, which rule 9 does not look at; and 期中 was before 20 was listed."""
        monthly = proposals(year_of_fifty({"期初": {}, "期中": {}}, self.ROSTER))
        one = year_of_fifty({"期中": {}, "期末": {}}, self.ROSTER)
        since = pl.when(pl.col("学号") == "20").then(pl.date(2025, 12, 1)).alias("列入日期")
        late = proposals(replace(one, frames={**one.frames, ROSTER: one[ROSTER].with_columns(since)}))

        assert (row(monthly, "20")["变化"], row(late, "20")["变化"], row(late, "21")["变化"]) == (
            "保留",
            "保留",
            "可退出",
        )
        assert str(row(late, "20")["理由"]).endswith("转化还差：列入以后只考过 1 次期中或期末，要连续 2 次过关")

    def test_without_a_row_in_the_last_exams_it_is_said_that_these_are_missing(self) -> None:
        one = year_of_fifty({"期中": {}, "期末": {}}, self.ROSTER)
        found = proposals(replace(one, frames={**one.frames, SCORES: one[SCORES].filter(pl.col("学号") != "20")}))

        assert row(found, "20")["变化"] == "保留"
        assert row(found, "20")["理由"] == (
            "最近 2 次考试都没有能算的成绩，先保留；"
            "转化还差：期中没有本年级这次考试的成绩、期末没有本年级这次考试的成绩"
        )

    def test_who_left_the_list_and_meets_the_conditions_again_is_new(self) -> None:
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}, {"01": "在读 | 学困 | 学习 | | | 2025-06-30"}))

        assert row(result, "01")["变化"] == "新增"
        assert str(row(result, "01")["依据"]).endswith("\n曾于 2025-06-30 退出")

    def test_who_left_the_list_and_is_fine_is_not_asked_about_again(self) -> None:
        roster = {"30": "在读 | 学困 | 学习 | 是 | | 2025-06-30"}

        assert "30" not in proposals(year_of_fifty({"期初": {}, "期中": {}}, roster))["学号"]


class TestOtherLists:
    def test_left_behind_or_poor_and_doing_fine_is_cared_for(self) -> None:
        roster = {
            "01": "在读 | | | 是 | |",
            "40": "在读 | | | 是 | |",
            "41": "在读 | 关爱 | | 是 | 是 |",
            "42": "在读 | 特长 | | 是 | |",
            "43": "在读 | 关爱 | | | |",
        }
        result = proposals(year_of_fifty({"期初": {}, "期中": {}}, roster))

        looks_like(
            result.filter(pl.col("建议类别") == "关爱"),
            """
                学号 | 变化 | 困难类型 | 重点 | 理由
                40   | 新增 |          |      | 留守，学习和行为没有达到列入条件
                41   | 保留 |          |      | 留守、家庭困难，学习和行为没有达到列入条件
            """,
        )
        assert row(result, "01")["建议类别"] == "学困"

    def test_within_five_points_of_the_pass_line_is_borderline(self) -> None:
        """Pass line 60 %: 55.0 and 65.0 are inside, 54.5 and 65.5 not; 30 and 31 are on the list already."""
        roster = {"09": "在读 | 边缘 | | | |", "30": "在读 | 边缘 | | | |", "31": "在读 | 边缘 | | | |"}
        one = with_settings(year_of_fifty({"期初": {}, "期中": {"09": 51}}, roster), 边缘区间="5")

        result = proposals(one).filter(pl.col("建议类别") == "边缘")

        assert result.filter(pl.col("变化") == "新增")["学号"].to_list() == [f"{n:02d}" for n in range(10, 30)]
        assert row(result, "10")["理由"] == "总分得分率 55%，在及格线 60% 上下 5 个百分点以内"
        assert row(result, "30")["变化"] == "保留"
        assert row(result, "09")["理由"] == "总分得分率 51%，低于及格线 60% 超过 5 个百分点，先保留"
        assert row(result, "31") | {"依据": ""} == row(result, "31") | {
            "依据": "",
            "变化": "可退出",
            "理由": "总分得分率 65.5%，已高出及格线 60% 超过 5 个百分点",
        }


MARKS = st.one_of(st.integers(0, 40).map(float), st.just("缺考"), st.just("免考"), st.none())
SHEET = st.lists(st.tuples(MARKS, MARKS, MARKS, MARKS), min_size=2, max_size=12)


def test_who_is_proposed_for_turning_around_may_leave_though_one_of_the_last_exams_was_bad() -> None:
    """20 was at the bottom in 期初 and is at the class mean in 期中 and 期末."""
    bad = {"20": 0.0}
    good = {"20": 80.0}

    one = year_of_fifty(
        {"期初": bad, "期中": good, "期末": good}, roster={"20": "在读 | 学困 | 学习 | | |"}, 排查考试数="3"
    )

    found = row(proposals(one), "20")
    assert found["变化"] == "可退出"
    assert found["理由"] == "进展建议转化：连续两次期中期末过关：期中达到班平均、期末达到班平均"


def test_who_is_at_the_class_mean_of_a_paper_that_everyone_failed_may_leave_and_the_school_decides() -> None:
    low = {number: 10 + int(number) / 10 for number in FIFTY} | {"20": 59.0}

    one = year_of_fifty({"期中": low, "期末": low}, roster={"20": "在读 | 学困 | 学习 | | |"}, 排查不及格科数="1")

    found = row(proposals(one), "20")
    assert found["变化"] == "可退出"
    assert str(found["理由"]) == (
        "进展建议转化：连续两次期中期末过关：期中达到班平均、期末达到班平均；"
        "但仍达到列入条件：最近 2 次考试，都有 1 科及以上不及格，由学校定"
    )


def small_school(rows: list[tuple[Mark, ...]], tracked: bool) -> School:
    """语文 and 数学 out of 100 in two exams; the pass line of 60 fails everyone, so the count is set to 2 and 3."""
    marks = ["考试编号 | 学号 | 语文 | 数学"]
    for number, (first, second, third, fourth) in enumerate(rows):
        for exam, pair in (("期初", (first, second)), ("期中", (third, fourth))):
            marks.append(f"{exam} | {number:02d} | " + " | ".join("" if mark is None else str(mark) for mark in pair))
    people = ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别"]
    people += [f"{number:02d} | 生{number} | 1班 | 在读 | {'学困' if tracked else ''}" for number in range(len(rows))]
    subjects = """
        科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分
        语文 | 40   | 35     | 20     | 10     | 是
        数学 | 40   | 35     | 20     | 10     | 是
    """
    return school(
        {"成绩": "\n".join(marks), "名册": "\n".join(people), "科目": subjects}, 排查百分位="25%", 排查不及格科数="2"
    )


@settings(max_examples=40, deadline=None)
@given(SHEET, st.integers(0, 3), st.one_of(st.integers(0, 40).map(float), st.just("缺考")), st.booleans())
def test_a_worse_score_never_leaves_the_list(
    rows: list[tuple[Mark, ...]], place: int, worse: Mark, tracked: bool
) -> None:
    mark = rows[0][place]
    if not isinstance(mark, float) or (isinstance(worse, float) and worse > mark):
        return
    lowered = [tuple(worse if at == place else old for at, old in enumerate(rows[0])), *rows[1:]]

    before, after = (set(listed(proposals(small_school(sheet, tracked)))) for sheet in (rows, lowered))

    assert "00" in after or "00" not in before


@settings(max_examples=10, deadline=None)
@given(SHEET)
def test_every_student_on_the_list_has_one_row_that_says_why(rows: list[tuple[Mark, ...]]) -> None:
    result = proposals(small_school(rows, tracked=True))

    assert result["学号"].to_list() == sorted(set(result["学号"]), key=result["学号"].to_list().index)
    assert result.height == len(rows)
    assert result["理由"].null_count() == 0 and (result["理由"] != "").all()


def test_an_empty_school_has_no_proposals() -> None:
    assert_frame_equal(proposals(school({"成绩": "考试编号 | 学号", "名册": "学号 | 姓名"})), SCREENING.empty())


def test_the_input_is_the_same_afterwards() -> None:
    one = year_of_fifty({"期初": {}, "期中": {}}, months=MONTHS)
    ranking = rank(one)
    before = {table: sheet.clone() for table, sheet in one.frames.items()}, ranking.clone()

    screen(one, ranking)

    assert_frame_equal(ranking, before[1])
    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[0][table])
