"""What a class page shows and, above all, what it does not: read from the finished file, part by part."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from xml.etree import ElementTree

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as run
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.class_page_school import (
    EDITION,
    RANKS,
    SECRETS,
    TRACKED_HERE,
    figures,
    frames,
    prizes,
    ranking,
    school,
    sheet,
)
from xlbangfu.documents.class_page import (
    INDEX_NAME,
    NOTE_NAME,
    ClassPage,
    class_pages,
    file_name,
    staged_pages,
    write_pages,
)
from xlbangfu.documents.class_page.fill_in import CONDUCT_SHEET, LOG_COLUMNS, LOG_SHEET
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.documents.class_page.progress_sheet import exam_columns as progress_columns
from xlbangfu.documents.class_page.progress_sheet import scale
from xlbangfu.errors import BadArgument
from xlbangfu.ooxml.row_xml import Row, sheet_data
from xlbangfu.rules.school import School
from xlbangfu.schema import CONDUCT, EXAMS, LOG, PLANS, ROSTER, TEACHERS, Table

HERE, THERE, EMPTY = "初二1班", "初二2班", "初三1班"
RANK_SHOWN = {"班级页名次显示": "名次"}
NEVER = ("留守", "家庭困难", "心老师", "失眠", "郑二", "吴二", "帮手乙", "周转", "149.5", *SECRETS)


NOT_HELPED = ("刘关", "孙退")  # classmates: nothing is told of them, but that one of them was absent may be filled in


def pages(settings: dict[str, str] | None = None, classes: Sequence[str] | None = None) -> list[ClassPage]:
    return class_pages(school(settings), ranking(), figures(), prizes(), classes=classes, edition=EDITION)


def page(settings: dict[str, str] | None = None) -> ClassPage:
    return pages(settings, [HERE])[0]


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def text(made: ClassPage) -> str:
    """Everything that stands in the file: names and content of all its parts, styles and theme aside."""
    found = parts(as_bytes(made))
    return file_name(made) + "".join(name + xml for name, xml in found.items() if name[3:9] not in ("styles", "theme/"))


def opened(made: ClassPage) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(as_bytes(made)))


def cells(of: Worksheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in of.iter_rows()]


def with_rows(table: Table, rows: list[dict[str, Any]]) -> School:
    return School.of(frames() | {table: sheet(table, rows)}, today=EDITION.date())


class TestPrivacy:
    @run(max_examples=40, deadline=None)
    @given(
        shown=st.sampled_from(["", "等级与进退", "名次", "不显示"]),
        stage=st.sampled_from(["义务教育", "高中"]),
        name=st.sampled_from(["", "重点关爱", "成长伙伴", "A&B<C>", "学[困"]),
        class_name=st.sampled_from([HERE, THERE, EMPTY]),
    )
    def test_no_part_of_a_page_tells_of_another_class_of_home_or_of_a_rank_not_to_be_shown(
        self, shown: str, stage: str, name: str, class_name: str
    ) -> None:
        given_settings = {"班级页名次显示": shown, "学段": stage, "对外称谓": name}
        made = pages(given_settings, [class_name])[0]

        exam_columns = text(made)

        foreign = (
            NEVER if class_name == HERE else ("王明", "欧阳若兮", "李想", "赵静", "帮手甲", *SECRETS, "留守", "心老师")
        )
        assert not [word for word in foreign if word in exam_columns]
        assert "学困" not in exam_columns
        own = {str(rank) for number, rank in RANKS.items() if number in {one.number for one in made.students}}
        allowed = (
            {*own, *(str(int(rank) + 1000) for rank in own), "6666", "6667"} if made.edition.shown == "名次" else set()
        )
        assert set(re.findall(r"\b(?:[78][123]\d\d|7999|666[67])\b", exam_columns)) <= allowed

    def test_of_classmates_who_are_not_helped_there_is_only_the_list_for_absences(self) -> None:
        cells = [(sheet.title, str(cell)) for sheet in opened(page()) for row in sheet.values for cell in row]
        assert {sheet for sheet, cell in cells if any(name in cell for name in NOT_HELPED)} == {"页信息"}
        assert text(page()).count(NOT_HELPED[0]) == 1

    def test_compulsory_schools_show_level_own_change_and_prize_but_no_rank_unless_the_school_says_so(self) -> None:
        first = page().students[0]
        assert (first.levels, first.change, first.prize, first.grade_rank) == (
            "E → D",
            "进步 5 名",
            "期中进步一等奖",
            None,
        )
        first = page(RANK_SHOWN).students[0]
        assert (first.grade_rank, first.class_rank) == (7101, 8101)

    def test_a_page_that_shows_nothing_of_exams_draws_the_behaviour_marks_instead(self) -> None:
        made = page({"班级页名次显示": "不显示"})
        assert made.trend == ("2026-04", "2026-05")
        assert made.students[0].trend == (3.5, 4.0)
        assert {(one.levels, one.change, one.prize) for one in made.students} == {("", "", "")}
        exam_columns = opened(made)["进步情况"]
        heads = [cell.value for cell in exam_columns[3]]
        assert heads == ["姓名", "评分\n最近", "走势", None, "2026-04", "2026-05"]

    def test_of_counselling_only_that_it_took_place(self) -> None:
        student = page().students[2]
        assert (student.last_kind, student.last_contact, student.last_by) == ("心理咨询", date(2026, 5, 19), "")

    def test_the_inside_word_and_telephone_numbers_leave_a_goal(self) -> None:
        assert page().students[0].goal == "摆脱重点关爱，数学及格；（略，见总表）"

    def test_a_peer_helper_of_another_class_is_left_out(self) -> None:
        assert [one.helper for one in page().students] == ["帮手甲", "", "", ""]

    def test_the_file_name_never_says_the_inside_word_even_where_the_school_chose_it(self) -> None:
        assert file_name(page({"对外称谓": "学困"})) == "初二1班_重点关爱_2026-05-20.xlsx"


class TestWhoIsOnThePage:
    def test_tracked_students_on_the_roll_today_key_students_first(self) -> None:
        assert tuple(one.number for one in page().students) == TRACKED_HERE
        assert [one.key for one in page().students] == [True, False, False, False]

    def test_days_count_to_the_day_that_the_school_reckons_by_not_to_the_clock(self) -> None:
        made = class_pages(school(), ranking(), figures(), prizes(), classes=[HERE], edition=datetime(2027, 1, 1))[0]
        assert (made.students[0].days_since, made.edition.month, made.edition.due) == (2, "2026-05", date(2026, 5, 27))

    def test_every_class_has_a_page_in_the_order_of_the_sheet_also_one_without_students(self) -> None:
        assert [(made.name, len(made.students)) for made in pages()] == [(HERE, 4), (THERE, 2), (EMPTY, 0)]

    def test_classes_can_be_chosen_and_an_unknown_one_is_refused_by_name(self) -> None:
        for spelled in ("初二２班", "八年级(2)班", "802", "八2"):
            assert [made.name for made in pages(classes=[spelled])] == [THERE]
        with pytest.raises(BadArgument, match="初九9班"):
            pages(classes=[HERE, "初九9班"])

    def test_a_group_session_counts_for_each_who_was_there_and_an_entry_of_tomorrow_for_none(self) -> None:
        contacts = {one.name: (one.contacts, one.days_since) for one in page().students}
        assert contacts == {"=王明": (2, 2), "欧阳若兮": (1, 10), "李想": (2, 1), "赵静": (0, None)}

    def test_only_running_one_to_one_pairings_name_the_teacher(self) -> None:
        assert [one.teacher for one in page().students] == ["钱老师", "陈班", "", ""]

    def test_the_plan_phase_shown_is_the_undone_one_that_began_last(self) -> None:
        first = page().students[0]
        assert (first.phase, first.phase_end) == ("实施帮扶", date(2026, 5, 24))

    def test_a_plan_whose_phases_are_all_done_says_so(self) -> None:
        done = {"计划编号": "L1", "学号": "0101", "阶段": "评估调整", "目标": "好", "措施": "好", "完成": "是"}
        made = class_pages(with_rows(PLANS, [done]), ranking(), figures(), prizes(), classes=[HERE], edition=EDITION)
        assert made[0].students[0].phase == "已完成"

    def test_the_drop_down_offers_the_teachers_of_the_class_who_are_on_duty(self) -> None:
        assert page().teachers == ("T01 陈班", "T02 钱老师", "T03 冯主任")

    def test_quizzes_and_exams_to_come_are_no_part_of_the_trend(self) -> None:
        made = page()
        assert made.trend == ("26.01.20\n期末", "26.05.15\n期中")
        assert made.students[0].trend == (0.31, 0.4375)

    def test_an_exam_with_a_subject_missed_leaves_a_gap_and_says_why(self) -> None:
        third = page().students[2]
        assert (third.trend, third.change) == ((0.31, None), "缺考：数学")

    def test_only_the_last_six_exams_are_drawn(self) -> None:
        days = [date(2026, 3, day) for day in range(1, 9)]
        exams = [{"考试编号": f"M{day.day}", "名称": "月考", "日期": day, "类型": "月考"} for day in days]
        rows = pl.concat(
            [ranking().filter(pl.col("考试编号") == "E1").with_columns(考试编号=pl.lit(e["考试编号"])) for e in exams]
        )
        made = class_pages(with_rows(EXAMS, exams), rows, figures(), prizes(), classes=[HERE], edition=EDITION)[0]
        assert [name[:8] for name in made.trend] == [f"26.03.0{day}" for day in range(3, 9)]

    def test_the_class_stands_beside_its_year_latest_exam_first(self) -> None:
        latest, before = page().figures
        assert [latest.title, before.title] == ["重点关爱班期中（2026-05-15）", "上学期期末（2026-01-20）"]
        assert (latest.rows[0].own[0], latest.rows[0].grade[0], latest.rows[0].place) == (72.5, 70.0, None)
        assert page(RANK_SHOWN).figures[0].rows[0].place == 6666

    def test_the_frames_that_went_in_are_as_they_were(self) -> None:
        given_school, others = school(), (ranking(), figures(), prizes())
        before = {table: frame.clone() for table, frame in given_school.frames.items()}
        class_pages(given_school, *others, edition=EDITION)
        assert all(given_school[table].equals(frame) for table, frame in before.items())
        assert all(one.equals(other) for one, other in zip(others, (ranking(), figures(), prizes()), strict=True))

    def test_a_school_with_no_marks_and_no_log_still_has_its_pages(self) -> None:
        bare = School.of({k: v for k, v in frames().items() if k not in (LOG, CONDUCT, EXAMS)}, today=EDITION.date())
        made = class_pages(bare, ranking().clear(), figures().clear(), prizes().clear(), edition=EDITION)
        assert all(parts(as_bytes(one)) for one in made)
        assert opened(made[0])["进步情况"]["A2"].value == "还没有可以画走势的考试。"


class TestThisWeek:
    def test_tasks_come_from_the_data_and_the_most_pressing_is_first(self) -> None:
        assert [(task.what, task.who, task.due) for task in page().tasks] == [
            ("两周以上没有联系，先联系（1 人）", ("赵静（无记录）",), date(2026, 5, 20)),
            ("期中考试后谈心（3 人）", ("欧阳若兮", "李想", "赵静"), date(2026, 5, 22)),
            ("计划阶段到期，写好阶段效果（1 人）", ("=王明（实施帮扶 05-24）",), date(2026, 5, 24)),
            ("本周联系一次（1 人）", ("欧阳若兮（10 天）",), date(2026, 5, 27)),
            ("填 2026-05 的行为评价（3 人）", ("欧阳若兮", "李想", "赵静"), date(2026, 5, 27)),
            ("填好“填报记录”“填报评价”，交回", (), date(2026, 5, 27)),
            ("还没有一对一教师，报政教处安排（2 人）", ("李想", "赵静"), None),
        ]

    def test_what_is_past_its_day_is_late_and_leads(self) -> None:
        late = School.of(frames(), today=date(2026, 5, 27))
        made = class_pages(late, ranking(), figures(), prizes(), classes=[HERE], edition=EDITION)[0]
        assert [(task.what[:6], task.late) for task in made.tasks][:3] == [
            ("期中考试后谈", True),
            ("计划阶段到期", True),
            ("两周以上没有", False),
        ]

    def test_a_long_list_of_names_is_cut_with_the_number_left_out(self) -> None:
        crowd = [
            {"学号": f"9{n:03d}", "姓名": f"生{n}", "班级": HERE, "在籍状态": "在读", "帮扶类别": "学困"}
            for n in range(20)
        ]
        made = class_pages(with_rows(ROSTER, crowd), ranking(), figures(), prizes(), classes=[HERE], edition=EDITION)[0]
        told = [cell.value for row in opened(made)["封面"].iter_rows() for cell in row if cell.value]
        named = next(str(cell) for cell in told if str(cell).startswith("生0"))
        assert len(made.tasks[0].who) == 20 and named.endswith(" 等 20 人")


class TestFile:
    def test_every_part_is_well_formed_typed_and_every_link_leads_somewhere(self) -> None:
        for made in (*pages(), *pages(RANK_SHOWN), *pages({"班级页名次显示": "不显示"})):
            found = parts(as_bytes(made))
            for name, xml in found.items():
                root = ElementTree.fromstring(xml)
                if name.endswith(".rels"):
                    base = dirname(dirname(name))
                    targets = [normpath(join(base, link.attrib["Target"])) for link in root]
                    assert set(targets) <= set(found), name
            types = set(re.findall(r'PartName="/([^"]*)"', found["[Content_Types].xml"]))
            assert types == {name for name in found if not name.endswith(".rels")} - {"[Content_Types].xml"}

    def test_each_student_with_a_result_has_a_sparkline_of_the_own_row_and_all_have_one_scale(self) -> None:
        xml = parts(as_bytes(page()))["xl/worksheets/sheet3.xml"]
        assert re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", xml) == [
            (f"进步情况!H{row}:I{row}", f"F{row}") for row in (4, 5, 6, 7)
        ]
        assert re.findall(r'manualMax="([^"]*)" manualMin="([^"]*)"', xml) == [("0.5", "0.2")]
        assert [cell.value for cell in opened(page())["进步情况"][4]][4:9] == [0.4375, None, None, 0.31, 0.4375]

    def test_who_has_a_target_gets_a_goal_line_on_the_scale_of_all_and_the_verdict_in_words(self) -> None:
        aims = [("0101", "E2", "C"), ("0102", "E2", "D"), ("0103", "E4", "E"), ("0104", "E2", "D")]
        plans = [
            {"计划编号": f"L{number}", "学号": number, "目标考试": exam, "目标等级": level, "目标百分位": 0.37}
            for number, exam, level in aims
        ]
        made = class_pages(with_rows(PLANS, plans), ranking(), figures(), prizes(), classes=[HERE], edition=EDITION)[0]
        sheet, xml = opened(made)["进步情况"], parts(as_bytes(made))["xl/worksheets/sheet3.xml"]
        groups = re.findall(
            r'Group (displayXAxis="1")?.*?manualMax="(.*?)" manualMin="(.*?)".*?<xm:f>(.*?)</xm:f>', xml
        )

        assert groups[0][0] == "" and {axis for axis, *_ in groups[1:]} == {'displayXAxis="1"'}
        low, high = scale(made)
        assert [(float(high) - float(low)) for _, high, low, _ in groups] == pytest.approx([high - low] * len(groups))
        goals = {one.name: one.target_rate for one in made.students if one.target_rate is not None}
        assert goals == {"=王明": 0.6, "欧阳若兮": 0.4, "赵静": 0.4}  # nothing is below E
        for _, top, _, cells in groups[1:]:
            (values,) = sheet[cells.partition("!")[2]]
            name = sheet.cell(values[0].row, 1).value
            rates = next(one.trend for one in made.students if one.name == name)
            assert [cell.value for cell in values] == [rate and pytest.approx(rate - goals[name]) for rate in rates]
            assert float(top) == pytest.approx(high - goals[name])
        words = {one.name: one.target for one in made.students}
        assert words == {
            "=王明": "期中目标等级C，还没到",
            "欧阳若兮": "期中目标等级D，达到了",
            "李想": "目标：期末到等级E",
            "赵静": "期中目标等级D，这次看不出",
        }
        assert "横线是目标" in str([row[0].value for row in sheet.iter_rows()])
        assert "37" not in str(words.values())

    def test_where_no_exam_is_told_there_is_no_goal_line_either(self) -> None:
        plan = sheet(PLANS, [{"计划编号": "L1", "学号": "0101", "目标考试": "E2", "目标等级": "C"}])
        silent = School.of(frames({"班级页名次显示": "不显示"}) | {PLANS: plan}, today=EDITION.date())
        made = class_pages(silent, ranking(), figures(), prizes(), classes=[HERE], edition=EDITION)[0]
        assert {(one.target, one.target_rate) for one in made.students} == {("", None)}

    @given(st.lists(st.lists(st.none() | st.floats(0, 1), min_size=2, max_size=2), min_size=1, max_size=6))
    def test_the_scale_holds_every_value_and_starts_below_the_lowest(self, trends: list[list[float | None]]) -> None:
        one = page().students[0]
        made = replace(page(), students=tuple(replace(one, trend=tuple(trend)) for trend in trends))
        low, high = scale(made)
        values = [value for trend in trends for value in trend if value is not None]
        assert 0 <= low < high
        assert all(low < value <= high or value == low == 0 for value in (round(one, 6) for one in values))

    def test_a_class_without_students_shows_no_sheet_that_is_empty_or_to_be_filled_in(self) -> None:
        assert "sparkline" not in "".join(parts(as_bytes(pages()[2])).values())
        book = opened(pages()[2])
        assert [one.title for one in book if one.sheet_state == "visible"] == ["封面"]
        assert any("不用填，也不用交回" in str(cell.value) for row in book["封面"].iter_rows() for cell in row)
        assert pages()[2].tasks == ()

    def test_what_is_printed_of_the_students_leaves_out_number_and_goal_which_stand_beside_it(self) -> None:
        one = opened(page())["重点关爱学生"]
        assert one.print_area == "'重点关爱学生'!$A$1:$J$7"
        heads = [cell.value for cell in one[3]]
        assert (heads.index("学号"), heads.index("阶段目标")) == (11, 12)
        assert not {"学号", "阶段目标"} & set(heads[:10])
        assert opened(page())["进步情况"].print_area == "'进步情况'!$A$1:$F$7"

    def test_everything_is_locked_but_the_two_sheets_to_fill_in(self) -> None:
        book = opened(page())
        assert all(book[name].protection.sheet for name in book.sheetnames)
        looked_at = [book[name] for name in book.sheetnames if name not in (LOG_SHEET, CONDUCT_SHEET)]
        assert all(cell.protection.locked for one in looked_at for row in one.iter_rows() for cell in row)
        for name in (LOG_SHEET, CONDUCT_SHEET):
            head = [cell for row in book[name].iter_rows(max_row=3) for cell in row]
            assert all(cell.protection.locked for cell in head)
        assert not any(book[LOG_SHEET].column_dimensions[letter].protection.locked for letter in "ABCDEFGHIJLM")
        to_mark = book[CONDUCT_SHEET][4]
        assert [cell.protection.locked for cell in to_mark[:4]] == [False, True, False, False]

    def test_the_sheets_to_fill_in_have_drop_downs_of_this_class(self) -> None:
        book = opened(page())
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book[LOG_SHEET].data_validations.dataValidation}
        assert (rules["A4"].type, rules["B4"].formula1, rules["C4"].formula1) == ("date", "学生名单", "教师名单")
        assert rules["D4"].formula1 == f'"{",".join(LOG["类型"].choices)}"'
        assert [cell.value for cell in book[LOG_SHEET][3]] == list(LOG_COLUMNS)

        def offered(name: str) -> list[object]:
            title, where = book.defined_names[name].attr_text.split("!")
            return [row[0].value for row in book[title][where.replace("$", "")]]

        assert offered("学生名单") == ["0101 =王明", "0102 欧阳若兮", "0103 李想", "0104 赵静"]
        assert offered("教师名单") == ["T01 陈班", "T02 钱老师", "T03 冯主任"]
        assert offered("优先项名单") == ["安全", "学习", "生活", "活动"]
        assert offered("月份名单") == ["2026-05", "2026-04"]

    def test_the_students_stand_in_the_behaviour_marks_already_and_the_frame_reaches_below_them(self) -> None:
        book = opened(page())
        exam_columns = cells(book[CONDUCT_SHEET])[3:]
        assert [row[:4] for row in exam_columns][:2] == [
            ["2026-05", "0101 =王明", "班主任", "陈班"],
            ["2026-05", "0102 欧阳若兮", "班主任", "陈班"],
        ]
        assert book[CONDUCT_SHEET].print_area == "'填报评价'!$A$1:$K$27"
        assert [str(one.sqref) for one in book[CONDUCT_SHEET].conditional_formatting] == ["A4:K27"]

    def test_a_hidden_sheet_a_name_and_the_properties_carry_the_id_by_which_the_page_comes_back(self) -> None:
        made = page()
        book = opened(made)
        assert book[INFO_SHEET].sheet_state == "veryHidden"
        assert book[INFO_SHEET]["B1"].value == made.id
        assert book.defined_names["页编号"].attr_text == f"{INFO_SHEET}!$B$1"
        properties = {one.name: one.value for one in book.custom_doc_props.props}
        assert properties["页编号"] == made.id
        assert (properties["班级"], properties["制表时间"]) == (HERE, "2026-05-20T08:30:00")
        assert book.properties.created == EDITION

    def test_ids_differ_by_class_and_edition_and_are_the_same_when_made_again(self) -> None:
        later = class_pages(school(), ranking(), figures(), prizes(), edition=EDITION.replace(hour=9))
        assert len({made.id for made in (*pages(), *later)}) == 6
        assert [made.id for made in pages()] == [made.id for made in pages()]

    def test_a_name_that_looks_like_a_formula_stays_text_everywhere(self) -> None:
        found = parts(as_bytes(page()))
        sheets = [xml for name, xml in found.items() if name.startswith("xl/worksheets/sheet")]
        assert not [xml for xml in sheets if "<f>" in xml]
        assert opened(page())["重点关爱学生"]["A4"].value == "=王明"
        assert opened(page())["重点关爱学生"]["A4"].data_type != "f"

    @given(st.text(alphabet=st.characters(), max_size=20))
    def test_any_text_makes_well_formed_cells(self, value: str) -> None:
        xml = sheet_data([Row(20, [("text", value)])], {"text": 1})
        ElementTree.fromstring(xml.encode())

    @given(
        st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)
    )
    def test_text_comes_back_from_a_cell_as_it_went_in(self, value: str) -> None:
        xml = sheet_data([Row(20, [("text", value)])], {"text": 1})
        found = ElementTree.fromstring(xml.encode()).findtext("row/c/is/t")
        assert found is not None
        assert re.sub(r"_x005F(_x[0-9a-fA-F]{4}_)", r"\1", found) == value

    def test_a_class_named_with_signs_of_xml_and_of_headers_is_written_as_it_is(self) -> None:
        made = replace(page(), name="A&B<1>班")
        book = opened(made)
        assert book["封面"]["A1"].value == "A&B<1>班　重点关爱班级页"
        assert "A&&B<1>班 班级成绩" in book["班级成绩"].oddHeader.left.text
        assert file_name(made) == "A&B_1_班_重点关爱_2026-05-20.xlsx"

    def test_sheets_are_a4_one_page_wide_with_the_header_repeated(self) -> None:
        book = opened(page())
        for name in book.sheetnames[:-1]:
            setup = book[name].page_setup
            assert (setup.paperSize, setup.fitToHeight, book[name].sheet_properties.pageSetUpPr.fitToPage) == (
                9,
                None if name == "封面" else 0,
                True,
            )
        assert all(book[name].print_title_rows == "$3:$3" for name in book.sheetnames[1:-1])
        assert "内部资料" in book["班级成绩"].oddFooter.left.text
        assert book["班级成绩"].oddFooter.right.text.endswith("育才中学 2026年5月20日")

    def test_the_same_page_is_the_same_bytes(self) -> None:
        assert as_bytes(page()) == as_bytes(page())

    @pytest.mark.office
    def test_libreoffice_prints_every_sheet_of_a_page(self, tmp_path: Path) -> None:
        write_pages(pages(classes=[HERE]), tmp_path)
        source = tmp_path / file_name(page())
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        soffice = shutil.which("soffice")
        assert soffice
        command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        pdf = source.with_suffix(".pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 6


class TestFolder:
    def test_the_index_names_each_file_with_its_size_and_hash(self, tmp_path: Path) -> None:
        index = write_pages(pages(), tmp_path)
        assert index.columns == ["班级", "班主任", "文件", "学生数", "过期", "页号", "大小", "sha256"]
        for row in index.iter_rows(named=True):
            data = (tmp_path / row["文件"]).read_bytes()
            assert (row["大小"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
        book = openpyxl.load_workbook(tmp_path / INDEX_NAME)
        assert [row[2] for row in cells(book["目录"])[3:]] == index["文件"].to_list()
        assert {path.name for path in tmp_path.iterdir()} == {INDEX_NAME, NOTE_NAME, *index["文件"]}

    def test_what_can_be_pasted_into_a_chat_has_counts_by_class_and_no_name(self, tmp_path: Path) -> None:
        write_pages(pages(), tmp_path)
        told = (tmp_path / NOTE_NAME).read_text(encoding="utf-8-sig")
        assert [line[:8] for line in told.splitlines()[1:3]] == ["初二1班：4 人", "初二2班：2 人"]
        assert "这次不用填：初三1班" in told and "5月27日 周三" in told
        names = [*frames()[ROSTER]["姓名"], *frames()[ROSTER]["学号"], *frames()[TEACHERS]["姓名"], "学困"]
        assert not [name for name in names if name in told]

    def test_what_only_a_machine_reads_stands_on_the_last_sheet_of_the_index(self, tmp_path: Path) -> None:
        index = write_pages(pages(), tmp_path)
        book = openpyxl.load_workbook(tmp_path / INDEX_NAME)
        read, checked = ("".join(str(cell) for row in cells(one) for cell in row) for one in book)

        assert book.sheetnames == ["目录", "校验码"]
        assert not [code for code in (*index["sha256"], *index["页号"]) if code in read]
        assert all(code in checked for code in (*index["sha256"], *index["页号"]))
        assert f"{index['学生数'].sum()} 名学生，{index['过期'].sum()} 项过期" in read
        assert " KB" in checked

    def test_made_again_a_page_that_nobody_touched_is_replaced(self, tmp_path: Path) -> None:
        write_pages(pages(), tmp_path)
        later = class_pages(school(), ranking(), figures(), prizes(), edition=EDITION.replace(hour=9))
        index = write_pages(later, tmp_path)
        assert len(list(tmp_path.iterdir())) == 5
        assert (tmp_path / index["文件"][0]).read_bytes() == as_bytes(later[0])

    def test_a_page_that_someone_filled_in_stays_and_the_new_one_takes_the_next_name(self, tmp_path: Path) -> None:
        write_pages(pages(classes=[HERE]), tmp_path)
        filled = tmp_path / file_name(page())
        book = openpyxl.load_workbook(filled)
        book[LOG_SHEET]["I4"] = "填好的内容"
        book.save(filled)
        kept = filled.read_bytes()
        index = write_pages(pages(), tmp_path)
        assert filled.read_bytes() == kept
        assert index["文件"][0] == "初二1班_重点关爱_2026-05-20_2.xlsx"

    def test_a_file_that_is_no_page_is_not_overwritten(self, tmp_path: Path) -> None:
        (tmp_path / file_name(page())).write_bytes(b"something else")
        assert write_pages(pages(classes=[HERE]), tmp_path)["文件"][0].endswith("_2.xlsx")

    def test_two_classes_whose_names_make_one_file_name_get_two_files(self, tmp_path: Path) -> None:
        twins = [replace(page(), name="初二/1班"), replace(page(), name="初二:1班")]
        assert write_pages(twins, tmp_path)["文件"].n_unique() == 2

    def test_nothing_is_left_behind_when_what_follows_fails(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError), staged_pages(pages(), tmp_path / "班级页") as staged:
            assert not any(path.exists() for path in staged.files)
            raise RuntimeError
        assert not (tmp_path / "班级页").exists()

    def test_progress_runs_to_one(self, tmp_path: Path) -> None:
        seen: list[float] = []
        write_pages(pages(), tmp_path, progress=seen.append)
        assert seen == [1 / 3, 2 / 3, 1.0]


@pytest.mark.parametrize(
    ("honours", "shown"),
    [
        ("学业进步生、期中进步一等奖", "期中进步一等奖\n学业进步生"),
        ("期末进步一等奖", "期中进步一等奖\n期末进步一等奖"),
        ("", "期中进步一等奖"),
    ],
)
def test_a_prize_that_is_in_the_ledger_already_is_named_once(honours: str, shown: str) -> None:
    one = page()
    column = next(value for heading, _, value in progress_columns(one.edition) if heading.startswith("奖项"))

    assert column(replace(one.students[0], prize="期中进步一等奖", honours=honours)) == shown
