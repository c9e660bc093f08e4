"""Class pages that come back (DOMAIN, "Class pages"): valid rows once, bad rows named, nothing lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.class_page_school import EDITION
from tests.support.returned_pages import (
    HERE,
    LESSON,
    MARKS,
    TALK,
    THERE,
    book,
    collect,
    complaints,
    entries,
    filled,
    ledger,
    marks_of,
    notes,
    page,
    put,
    rows,
    said,
    saved_at,
)
from xlbangfu.documents.class_page.fill_in import LOG_SHEET
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.errors import UnreadableFile
from xlbangfu.mail.encryption import encrypt
from xlbangfu.schema import CONDUCT, KEY, LOG, PASSWORDS, RUNS

LATER = EDITION + timedelta(days=7)


class TestRowsAreTakenOnce:
    def test_a_filled_page_adds_its_log_entries_and_marks(self, tmp_path: Path) -> None:
        one = book()

        outcome = collect(one, put(tmp_path, filled([TALK, LESSON], {"0102": MARKS})))

        first, second = entries(one)
        assert {name: first[name] for name in ("记录编号", "日期", "学号", "姓名", "班级", "教师", "时长", "效果")} == {
            "记录编号": "S260520-001",
            "日期": date(2026, 5, 19),
            "学号": "0101",
            "姓名": "=王明",
            "班级": HERE,
            "教师": "T02 钱老师",
            "时长": 30.0,
            "效果": 4,
        }
        assert (second["学号"], second["姓名"], second["教师"]) == ("0102、0103", None, "T01 陈班")
        (marked,) = marks_of(one, "0102")
        assert (marked["评价人"], marked["评价人姓名"], marked["纪律"], marked["参与"]) == ("班主任", "陈班", 4.5, None)
        assert outcome.rows == 3
        assert "记录 2 条，评价 1 条" in outcome.details[0]
        assert "还没有交回：初二2班。" in outcome.details

    def test_the_same_file_again_adds_nothing(self, tmp_path: Path) -> None:
        one, file = book(), put(tmp_path, filled([TALK, LESSON], {"0102": MARKS}))
        collect(one, file)
        before = rows(one, LOG), rows(one, CONDUCT), ledger(one)

        outcome = collect(one, file, days=1)

        assert (rows(one, LOG), rows(one, CONDUCT), ledger(one)) == before
        assert outcome.rows == 0

    def test_a_copy_under_another_name_in_the_same_run_adds_nothing(self, tmp_path: Path) -> None:
        one, data = book(), filled([TALK])

        collect(one, put(tmp_path, data), put(tmp_path, data, "副本.xlsx"))

        assert len(entries(one)) == 1

    def test_rows_that_were_sorted_or_moved_are_the_same_rows(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK, LESSON])))

        collect(one, put(tmp_path, filled([{}, {}, LESSON, {}, TALK])), days=1)

        assert len(entries(one)) == 2

    def test_a_row_added_later_is_added_alone(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK])))

        collect(one, put(tmp_path, filled([LESSON, TALK])), days=1)

        assert [row["记录编号"] for row in entries(one)] == ["S260520-001", "S260520-002"]

    def test_a_row_written_twice_on_one_page_is_one_contact(self, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, filled([TALK, TALK])))

        assert len(entries(one)) == 1

    def test_an_older_edition_handed_in_late_is_taken_and_what_both_say_is_taken_once(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, filled([LESSON], of=newer)), days=8)

        collect(one, put(tmp_path, filled([TALK, LESSON])), days=9)

        assert [row["内容"] for row in entries(one)] == ["数学第三章", "谈了近期的学习"]

    def test_a_contact_that_may_be_the_same_is_taken_and_pointed_out(self, tmp_path: Path) -> None:
        one, newer = book(made=(EDITION, LATER)), page(edition=LATER)
        collect(one, put(tmp_path, filled([TALK])))

        collect(one, put(tmp_path, filled([TALK | {"内容": "谈了家庭作业"}], of=newer)), days=8)

        assert len(entries(one)) == 2
        assert complaints(one) == [("警告", "A4", "日期")]
        assert "S260520-001" in said(one)

    def test_rows_taken_back_by_undo_can_be_collected_again(self, tmp_path: Path) -> None:
        one, file = book(), put(tmp_path, filled([TALK]))
        collect(one, file)
        kept = [row for row in one.sheets[LOG.name] if not str(row[0]).startswith("S")]
        one.sheets[LOG.name] = kept
        one.sheets[RUNS.name].append([datetime(2026, 5, 22, 9), "撤销上次", 1.0, 0.0, "王老师", 0.1, "", ""])

        collect(one, file, days=1)

        assert len(entries(one)) == 1


class TestCorrections:
    def test_a_corrected_cell_amends_the_row_that_the_page_brought_and_keeps_the_old_value(
        self, tmp_path: Path
    ) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK], {"0102": MARKS})))

        outcome = collect(one, put(tmp_path, filled([TALK | {"效果": 2}], {"0102": MARKS | {"作业": 1}})), days=1)

        assert [row["效果"] for row in entries(one)] == [2]
        assert [row["作业"] for row in marks_of(one, "0102")] == [1.0]
        assert "S260520-001：效果 原为“4”" in notes(one)
        assert "作业 原为“4.0”" in notes(one)
        assert "更正 2 行" in outcome.sentence

    def test_a_corrected_date_is_a_correction_not_another_contact(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK, LESSON])))

        collect(one, put(tmp_path, filled([TALK | {"日期": datetime(2026, 5, 12)}, LESSON])), days=1)

        assert [row["日期"] for row in entries(one)] == [date(2026, 5, 12), date(2026, 5, 20)]

    def test_corrected_twice_is_corrected_twice(self, tmp_path: Path) -> None:
        one = book()
        for day, effect in enumerate((4, 2, 5)):
            collect(one, put(tmp_path, filled([TALK | {"效果": effect}])), days=day)

        assert [row["效果"] for row in entries(one)] == [5]

    def test_an_earlier_and_a_corrected_state_in_one_run_give_one_row(self, tmp_path: Path) -> None:
        one = book()
        first = put(tmp_path, saved_at(filled([TALK]), datetime(2026, 5, 21)), "乙.xlsx")
        second = put(tmp_path, saved_at(filled([TALK | {"效果": 1}]), datetime(2026, 5, 22)), "甲.xlsx")

        collect(one, second, first)

        assert [row["效果"] for row in entries(one)] == [1]

    def test_what_was_said_in_counselling_is_not_repeated_in_the_run_ledger(self, tmp_path: Path) -> None:
        one, talk = book(), TALK | {"类型": "心理咨询"}
        collect(one, put(tmp_path, filled([talk | {"内容": "失眠的事"}])))

        collect(one, put(tmp_path, filled([talk | {"内容": "已进行"}])), days=1)

        assert [row["内容"] for row in entries(one)] == ["已进行"]
        assert "失眠" not in notes(one)
        assert "内容 原为“（心理咨询，不记）”" in notes(one)

    def test_a_row_that_staff_changed_since_is_left_and_named(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK])))
        self.change(one, "内容", "办公室改过")

        collect(one, put(tmp_path, filled([TALK | {"效果": 1}])), days=1)

        assert [(row["内容"], row["效果"]) for row in entries(one)] == [("办公室改过", 4)]
        assert complaints(one) == [("警告", "A4", "日期")]
        assert "S260520-001" in said(one)

    def test_a_row_that_staff_changed_since_is_no_matter_where_the_page_says_nothing_new(self, tmp_path: Path) -> None:
        one, file = book(), put(tmp_path, filled([TALK]))
        collect(one, file)
        self.change(one, "内容", "办公室改过")

        collect(one, file, days=1)

        assert [row["内容"] for row in entries(one)] == ["办公室改过"]
        assert complaints(one) == []

    def test_a_row_that_staff_deleted_does_not_come_back(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK])))
        one.sheets[LOG.name] = [row for row in one.sheets[LOG.name] if not str(row[0]).startswith("S")]

        collect(one, put(tmp_path, filled([TALK])), days=1)
        assert entries(one) == []
        collect(one, put(tmp_path, filled([TALK | {"效果": 1}])), days=2)
        assert entries(one) == []
        assert "已经删去" in said(one)

    def test_a_row_deleted_on_the_page_stays_in_the_master_and_is_named(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK, LESSON])))

        collect(one, put(tmp_path, filled([TALK])), days=1)

        assert len(entries(one)) == 2
        assert "页上没有了，总表里没有删：S260520-002" in said(one)

    @staticmethod
    def change(one: Any, column: str, value: str) -> None:
        grid = one.sheets[LOG.name]
        grid[-1][grid[0].index(column)] = value


class TestBehaviourMarks:
    def test_a_row_of_marks_with_only_the_students_name_is_none(self, tmp_path: Path) -> None:
        one = book()

        outcome = collect(one, put(tmp_path, filled()))

        assert outcome.rows == 0
        assert complaints(one) == []
        assert ledger(one) == [("交回", None)]

    def test_a_mark_from_elsewhere_that_differs_is_reported_and_not_overwritten(self, tmp_path: Path) -> None:
        one = book()
        before = marks_of(one, "0101")
        filled_in = {"姓名": "=王明", "班级": HERE, KEY: f"评价|2026-05|0101|=王明|{HERE}|班主任|"}

        spare = {"月份": "2026-05", "学生": "0101 =王明", "评价人": "班主任", "评价人姓名": None} | MARKS
        collect(one, put(tmp_path, filled(marks={"0101": {"评价人姓名": None, **MARKS}, "12": spare})))

        assert [row | filled_in for row in before] == marks_of(one, "0101")
        assert "没有覆盖" in said(one)

    def test_others_marks_of_the_same_student_are_rows_of_their_own(self, tmp_path: Path) -> None:
        one = book()
        spare = {"月份": "2026-05", "学生": "0102 欧阳若兮", "评价人": "任课教师", "评价人姓名": "钱老师"} | MARKS

        collect(one, put(tmp_path, filled(marks={"0102": MARKS, "12": spare, "13": spare | {"评价人": "家长"}})))

        assert [row["评价人"] for row in marks_of(one, "0102")] == ["班主任", "任课教师", "家长"]

    def test_one_person_marking_a_student_twice_and_differently_counts_once(self, tmp_path: Path) -> None:
        one = book()
        spare = {"月份": "2026-05", "学生": "0102", "评价人": "班主任", "评价人姓名": "T01 陈班"} | MARKS

        collect(one, put(tmp_path, filled(marks={"0102": MARKS, "12": spare | {"纪律": 1}})))

        assert [row["纪律"] for row in marks_of(one, "0102")] == [4.5]
        assert ("警告", "A12", "月份") in complaints(one)


BAD_CELLS: list[tuple[str, Any, str]] = [
    ("日期", None, "A4"),
    ("日期", "昨天", "A4"),
    ("日期", datetime(2024, 5, 1), "A4"),
    ("日期", datetime(2026, 6, 1), "A4"),  # not yet
    ("学生", None, "B4"),
    ("学生", 101, "B4"),
    ("学生", "9999 谁", "B4"),
    ("学生", "0101 李想", "B4"),
    ("学生", "0201 郑二", "B4"),  # of another class
    ("学生", "0101、0201", "B4"),
    ("教师", "没有这人", "C4"),
    ("教师", None, "C4"),
    ("类型", "闲聊", "D4"),
    ("沟通对象", "学生、邻居", "E4"),
    ("场所", "网吧", "F4"),
    ("优先类", "吃饭", "G4"),
    ("时长", -5, "H4"),
    ("时长", "半小时", "H4"),
    ("内容", None, "I4"),
    ("内容", "  ", "I4"),
    ("内容", "=1/0", "I4"),  # no program has worked it out
    ("下次安排", "=A1", "M4"),
    ("效果", 6, "L4"),
    ("效果", 2.5, "L4"),
]


class TestBadRows:
    @pytest.mark.damaged  # openpyxl does not keep the blanks of a cell of blanks
    @pytest.mark.parametrize(("column", "value", "cell"), BAD_CELLS)
    def test_a_bad_cell_refuses_its_row_alone_and_is_named(
        self, column: str, value: Any, cell: str, tmp_path: Path
    ) -> None:
        one = book()

        collect(one, put(tmp_path, filled([TALK | {column: value}, LESSON])))

        assert [row["内容"] for row in entries(one)] == ["数学第三章"]
        assert complaints(one) == [("错误", cell, column)]
        assert said(one).startswith("初二1班.xlsx·填报记录 ")

    def test_a_bad_mark_refuses_its_row_alone(self, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, filled(marks={"0102": MARKS | {"作业": 8}, "0103": MARKS})))

        assert (marks_of(one, "0102"), len(marks_of(one, "0103"))) == ([], 1)
        assert complaints(one) == [("错误", "F5", "作业")]

    def test_a_name_alone_will_do_where_only_one_of_the_class_has_it(self, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, filled([TALK | {"学生": "李 想", "日期": "2026-5-19", "时长": "30"}])))

        assert [(row["学号"], row["日期"], row["时长"]) for row in entries(one)] == [("0103", date(2026, 5, 19), 30.0)]

    def test_what_was_refused_stays_in_the_list_until_the_same_page_comes_again(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK | {"内容": None}])))

        collect(one, put(tmp_path, filled([], of=page(THERE)), "二班.xlsx"), days=1)
        assert complaints(one) == [("错误", "I4", "内容")]
        collect(one, put(tmp_path, filled([TALK])), days=2)
        assert complaints(one) == []

    def test_a_mended_row_is_taken_when_it_comes_again(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK, LESSON | {"类型": "补课"}])))

        collect(one, put(tmp_path, filled([TALK, LESSON])), days=1)

        assert [row["内容"] for row in entries(one)] == ["谈了近期的学习", "数学第三章"]


class TestWhosePage:
    @pytest.mark.parametrize(
        ("settings", "change", "why"),
        [
            ({"学校名称": "别的中学"}, None, "别的中学"),
            ({}, lambda workbook: workbook[INFO_SHEET].cell(3, 2, "初二2班"), "被改过"),
            ({}, lambda workbook: workbook[INFO_SHEET].cell(5, 2, "昨天"), "被改过"),
            ({}, lambda workbook: workbook.remove(workbook[INFO_SHEET]), "不是班级页"),
        ],
    )
    def test_a_page_that_is_not_ours_is_refused_and_nothing_is_written(
        self, settings: dict[str, str], change: Callable[[openpyxl.Workbook], None] | None, why: str, tmp_path: Path
    ) -> None:
        one = book()
        before = {name: [list(row) for row in grid] for name, grid in one.sheets.items()}

        with pytest.raises(UnreadableFile, match=why):
            collect(one, put(tmp_path, filled([TALK], of=page(settings=settings), change=change)))

        assert one.sheets == before

    def test_a_page_that_this_workbook_does_not_remember_making_is_asked_about(self, tmp_path: Path) -> None:
        one, file = book(made=()), put(tmp_path, filled([TALK]))

        with pytest.raises(UnreadableFile, match="不是这个总表做的"):
            collect(one, file)
        collect(one, file, agrees=True)

        assert len(entries(one)) == 1

    def test_edits_outside_the_forms_are_ignored_and_named(self, tmp_path: Path) -> None:
        def change(workbook: openpyxl.Workbook) -> None:
            workbook["重点关爱学生"]["D4"] = "语文"
            workbook["班级成绩"].title = "成绩"

        one = book()
        collect(one, put(tmp_path, filled([TALK], change=change)))

        assert len(entries(one)) == 1
        assert "“重点关爱学生”改过、“班级成绩”不在了" in said(one)

    def test_an_added_sheet_is_named_unless_wps_added_it_and_a_renamed_form_is_none(self, tmp_path: Path) -> None:
        def change(workbook: openpyxl.Workbook) -> None:
            workbook.create_sheet("我的笔记")
            workbook.create_sheet("WpsReserved_CellImgList")
            rename(workbook, LOG_SHEET)

        one = book()

        collect(one, put(tmp_path, filled([TALK], change=change)))

        assert "没有收：多了“我的笔记”" in said(one)
        assert said(one).count("多了") == 1

    def test_a_renamed_form_is_known_by_its_headings(self, tmp_path: Path) -> None:
        one = book()

        collect(one, put(tmp_path, filled([TALK], change=lambda workbook: rename(workbook, LOG_SHEET))))

        assert len(entries(one)) == 1

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            (lambda workbook: workbook.remove(workbook[LOG_SHEET]), "没有找到“填报记录”"),
            (lambda workbook: workbook[LOG_SHEET].delete_cols(9), "缺“内容”"),
            (lambda workbook: workbook[LOG_SHEET].cell(3, 10, "内容"), "有两列“内容”"),
        ],
    )
    def test_a_form_without_its_headings_is_refused_and_the_other_is_taken(
        self, change: Callable[[openpyxl.Workbook], None], why: str, tmp_path: Path
    ) -> None:
        one = book()

        collect(one, put(tmp_path, filled([TALK], {"0102": MARKS}, change=change)))

        assert (entries(one), len(marks_of(one, "0102"))) == ([], 1)
        assert why in said(one)

    def test_columns_in_another_order_are_read_by_their_headings(self, tmp_path: Path) -> None:
        def change(workbook: openpyxl.Workbook) -> None:
            workbook[LOG_SHEET].move_range("A3:A4", cols=15)

        one = book()
        collect(one, put(tmp_path, filled([TALK], change=change)))

        assert [row["日期"] for row in entries(one)] == [date(2026, 5, 19)]


class TestHowItArrives:
    def test_a_folder_with_other_files_in_it(self, tmp_path: Path) -> None:
        inside = tmp_path / "交回" / "初二"
        inside.mkdir(parents=True)
        put(inside, filled([TALK]))
        put(inside, filled([LESSON | {"学生": "0201 郑二"}], of=page(THERE)), "二班.xlsx")
        put(inside, b"lock", "~$初二1班.xlsx")
        openpyxl.Workbook().save(inside / "课表.xlsx")
        one = book()

        outcome = collect(one, tmp_path / "交回")

        assert len(entries(one)) == 2
        assert any("课表.xlsx：不是班级页" in line for line in outcome.details)
        assert any("Excel 或 WPS还开着" in line for line in outcome.details)
        assert not any("还没有交回" in line for line in outcome.details)

    def test_mails_with_pages_attached(self, tmp_path: Path) -> None:
        one = book()

        collect(
            one, put(tmp_path, mail(filled([TALK]), filled([LESSON | {"学生": "0201"}], of=page(THERE))), "回复.eml")
        )

        assert sorted(row["班级"] for row in entries(one)) == [HERE, THERE]

    def test_a_mail_without_a_page_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"没有 \.xlsx 附件"):
            collect(book(), put(tmp_path, mail(), "回复.eml"))

    def test_an_encrypted_page_opens_with_its_classs_password(self, tmp_path: Path) -> None:
        one = book()
        one.sheets[PASSWORDS.name] += [[THERE, "别的口令", ""], [HERE, "桃李不言", ""]]

        outcome = collect(one, put(tmp_path, encrypt(filled([TALK]), "桃李不言")))

        assert len(entries(one)) == 1
        assert "桃李不言" not in notes(one) + " ".join(outcome.details)

    def test_an_encrypted_page_that_no_password_opens_is_refused(self, tmp_path: Path) -> None:
        one = book()
        one.sheets[PASSWORDS.name] += [[HERE, "桃李不言", ""]]

        with pytest.raises(UnreadableFile, match="口令都打不开"):
            collect(one, put(tmp_path, encrypt(filled([TALK]), "下自成蹊")))

    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b"", "空文件"),
            (b"PK\x03\x04 and no more", "不能用"),
            (b"<html></html>", "不是 Excel 文件"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "已损坏"),
        ],
    )
    def test_what_is_no_workbook_is_refused_with_a_sentence(self, data: bytes, why: str, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=why):
            collect(book(), put(tmp_path, data))

    def test_a_cell_in_the_far_corner_does_not_take_the_memory(self, tmp_path: Path) -> None:
        def change(workbook: openpyxl.Workbook) -> None:
            workbook[LOG_SHEET]["XFD1048576"] = "x"

        with pytest.raises(UnreadableFile, match="行或列太多"):
            collect(book(), put(tmp_path, filled([TALK], change=change)))

    def test_one_bad_file_does_not_keep_the_others_back(self, tmp_path: Path) -> None:
        one = book()

        outcome = collect(one, put(tmp_path, filled([TALK])), put(tmp_path, b"", "坏.xlsx"), tmp_path / "没有.xlsx")

        assert len(entries(one)) == 1
        assert outcome.errors == 2
        assert "坏.xlsx" in said(one)
        assert "没有.xlsx" in said(one)

    @pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")
    def test_signs_in_a_files_name_that_break_or_turn_a_line_are_not_shown(self, tmp_path: Path) -> None:
        one = book()

        outcome = collect(
            one, put(tmp_path, filled([TALK]), "页\n\x01\u202excod.xlsx"), put(tmp_path, b"", "坏\n.xlsx")
        )

        assert any("，页xcod.xlsx）" in line for line in outcome.details)
        assert "坏.xlsx" in said(one)

    def test_the_ledgers_hold_hashes_and_no_words_of_the_page(self, tmp_path: Path) -> None:
        one = book()
        collect(one, put(tmp_path, filled([TALK, LESSON], {"0102": MARKS})))

        written = " ".join(str(cell) for row in one.sheets["收回记录"][1:] for cell in row) + notes(one)
        assert "谈了近期的学习" not in written
        assert "王明" not in written


def rename(workbook: openpyxl.Workbook, sheet: str) -> None:
    workbook[sheet].title = "记录"


def mail(*attached: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "回复：班级页"
    message.set_content("见附件")
    for number, data in enumerate(attached):
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=f"班级页{number}.xlsx")
    return message.as_bytes()
