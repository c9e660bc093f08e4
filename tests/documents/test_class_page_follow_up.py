"""What a class page says of contacts owed, of days to come, of progress and of honours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.test_class_page import HERE, NEVER, THERE, text
from tests.support.class_page_school import EDITION, TRACKED_HERE, figures, prizes, ranking, school, sheet
from xlbangfu.documents.class_page import ClassPage, class_pages
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.schema import AWARDS, CONTACTS, KEY, LOG, PROGRESS, ROW, SCHEDULE, Table

TODAY = EDITION.date()
NAMES = {"0101": "=王明", "0102": "欧阳若兮", "0103": "李想", "0104": "赵静", "0201": "郑二", "0105": "帮手甲"}


def made_of(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return sheet(table, rows).drop(ROW, KEY)


def owed(number: str, kind: str, who: str | None, days: int | None = None, late: str = "是") -> dict[str, Any]:
    class_name = "初二1班" if number.startswith("01") else "初二2班"
    return {
        "学号": number, "姓名": NAMES.get(number), "班级": class_name, "类型": kind, "责任教师": who, "应做": 3, "已做": 1,
        "距今天数": days, "是否过期": late,
    }  # fmt: skip


def contacts() -> pl.DataFrame:
    return made_of(
        CONTACTS,
        [
            owed("0104", "谈心", "T02 钱老师"),
            owed("0101", "辅导", "T02 钱老师", 49),
            owed("0102", "谈心", "T02 钱老师", 10),
            owed("0103", "心理咨询", "T04 心老师", 33),
            owed("0104", "家访", "T01 陈班"),
            owed("0201", "谈心", "T02 钱老师", 20),
            owed("0101", "谈心", "T02 钱老师", 2, late="否"),
        ],
    )


def schedule() -> pl.DataFrame:
    def row(day: int, who: str, number: str | None, what: str, time: str | None = None) -> dict[str, Any]:
        day_ = TODAY + timedelta(days=day)
        return {"日期": day_, "时间": time, "教师": who, "学号": number, "姓名": NAMES.get(number or ""), "事项": what}

    return made_of(
        SCHEDULE,
        [
            row(-1, "T02 钱老师", "0101", "昨天的辅导"),
            row(2, "T02 钱老师", "0101", "每周辅导", "13:00-15:00"),
            row(2, "T02 钱老师", "0102", "每周辅导", "13:00-15:00"),
            row(2, "T02 钱老师", "0201", "每周辅导", "13:00-15:00"),
            row(1, "T01 陈班", "0104", "学困生家访"),
            row(5, "T01 陈班", None, "交流会"),
            row(5, "T02 钱老师", None, "教研组交流会"),
            row(8, "T01 陈班", "0103", "谈心，最晚这一天"),
        ],
    )


def progress() -> pl.DataFrame:
    def row(exam: str | None, number: str, step: str, ready: str | None = None) -> dict[str, Any]:
        return {
            "考试编号": exam,
            "学号": number,
            "进展": step,
            "建议转化": ready,
            "百分位": 0.0777,
            "依据": "百分位 7.7%",
        }

    return made_of(
        PROGRESS,
        [
            row("E1", "0101", "退步"),
            row("E2", "0101", "显著进步", "是"),
            row("E2", "0102", "稳定", "否"),
            row(None, "0103", "数据不足"),
        ],
    )


def awards() -> pl.DataFrame:
    def row(honour: str, number: str, class_name: str = HERE, term: str = "2025-2026下") -> dict[str, Any]:
        return {"日期": TODAY, "学期": term, "荣誉": honour, "学号": number, "姓名": NAMES[number], "班级": class_name}

    return made_of(
        AWARDS,
        [
            row("进步之星", "0101"),
            row("文明之星", "0105"),
            row("优秀学困生奖学金", "0101"),
            row("勤奋之星", "0102", term="2025-2026上"),
            row("守纪之星", "0201", THERE),
        ],
    )


def pages(settings_of: dict[str, str] | None = None, **more: pl.DataFrame | None) -> list[ClassPage]:
    given_frames = {"contacts": contacts(), "schedule": schedule(), "progress": progress(), "awards": awards()} | more
    return class_pages(school(settings_of), ranking(), figures(), prizes(), edition=EDITION, **given_frames)


def column(made: ClassPage, title: str, letter: str) -> list[object]:
    book = openpyxl.load_workbook(BytesIO(as_bytes(made)))
    return [cell.value for cell in book[title][letter]]


def cover(made: ClassPage) -> list[list[object]]:
    """What stands on the cover, row by row."""
    book = openpyxl.load_workbook(BytesIO(as_bytes(made)))
    rows = ([cell.value for cell in row if cell.value is not None] for row in book["封面"].iter_rows())
    return [row for row in rows if row]


def test_the_cover_says_first_what_to_do_this_week_then_what_is_overdue_a_row_a_student() -> None:
    told = cover(pages()[0])
    assert told[2:7] == [
        ["本周三件事"],
        ["做什么", "哪些学生", "期限", "完成"],
        ["先补上过期的 5 项", "=王明、赵静、欧阳若兮、李想", "尽快", "□"],
        ["期中考试后谈心（3 人）", "欧阳若兮、李想、赵静", "05-22 周五", "□"],
        ["计划阶段到期，写好阶段效果（1 人）", "=王明（实施帮扶 05-24）", "05-24 周日", "□"],
    ]
    assert told[7][0] == "另外：填 2026-05 的行为评价（3 人）；还没有一对一教师，报政教处安排（2 人）"
    assert told[8:14] == [
        ["已经过期：4 人 5 项"],
        ["学生", "谁来做", "补什么（距上次的天数）", "完成"],
        ["=王明 ★", "钱老师", "辅导49天", "□"],
        ["赵静", "陈班\n钱老师", "家访没做过\n谈心没做过", "□"],
        ["欧阳若兮", "钱老师", "谈心10天", "□"],
        ["李想", "心理教师", "心理咨询", "□"],
    ]


def test_of_counselling_only_that_it_is_owed() -> None:
    made = pages()[0]
    assert made.students[2].overdue == "心理教师：心理咨询"
    assert "心老师" not in text(made) and "33" not in "".join(str(one) for one in made.overdue or ())


def test_each_student_stands_with_what_is_overdue_and_what_comes_next() -> None:
    first, second, third, fourth = pages()[0].students
    assert (first.overdue, first.next_day, first.next_what) == ("钱老师：辅导", date(2026, 5, 22), "每周辅导")
    assert second.overdue == "钱老师：谈心"
    assert (third.next_day, third.next_what) == (date(2026, 5, 28), "谈心，最晚这一天")
    assert fourth.overdue == "钱老师：谈心\n陈班：家访"
    assert column(pages()[0], "重点关爱学生", "H")[3] == "05-22 每周辅导"


def test_the_week_to_come_is_by_day_and_students_of_one_lesson_stand_together() -> None:
    assert [(one.day.day, one.what, one.who, one.time) for one in pages()[0].appointments] == [
        (21, "重点关爱生家访", ("赵静（陈班）",), ""),
        (22, "每周辅导", ("=王明、欧阳若兮（钱老师）",), "13:00-15:00"),
        (25, "交流会", (), ""),
    ]
    assert ["05-22 周五", "13:00-15:00 每周辅导：=王明、欧阳若兮（钱老师）", "□"] in cover(pages()[0])


def test_how_far_a_student_came_is_a_word_and_never_a_number() -> None:
    made = pages()[0]
    assert [one.status for one in made.students] == ["显著进步\n可商议转化", "稳定", "数据不足", ""]
    assert any("有进步 1（2 人可比）" in str(row[0]) for row in cover(made))
    assert "0.0777" not in text(made) and "7.7%" not in text(made)
    assert [one.status for one in pages({"班级页名次显示": "不显示"})[0].students] == [""] * 4


def test_honours_of_the_term_are_named_by_their_outward_name() -> None:
    made = pages()[0]
    assert made.honours == ("进步之星：=王明", "文明之星：帮手甲", "优秀重点关爱生奖学金：=王明")
    assert made.students[0].honours == "进步之星、优秀重点关爱生奖学金"
    assert made.students[1].honours == ""


def test_with_contacts_reckoned_the_tasks_leave_the_weekly_contacts_to_them() -> None:
    assert not [task.what for task in pages()[0].tasks if "联系" in task.what]
    assert [task.what for task in pages(contacts=None)[0].tasks if "联系" in task.what]


def test_where_nothing_is_overdue_the_cover_says_so() -> None:
    none = contacts().with_columns(是否过期=pl.lit("否"))
    assert "应做的都做了，没有过期的" in column(pages(contacts=none)[0], "封面", "A")


def test_without_any_of_the_frames_a_page_is_as_before() -> None:
    made = pages(contacts=None, schedule=None, progress=None, awards=None)[0]
    assert (made.overdue, made.appointments, made.honours) == (None, (), ())
    assert "本周三件事" in column(made, "封面", "A")
    assert not [cell for cell in column(made, "封面", "A") if cell and "过期" in str(cell)]


def test_a_class_without_students_has_no_overdue_part() -> None:
    assert not [cell for cell in column(pages()[2], "封面", "A") if cell and "过期" in str(cell)]


def test_what_one_teacher_owes_one_student_is_one_line() -> None:
    rows = [owed("0101", kind, "T02 钱老师", days) for kind, days in (("谈心", 9), ("辅导", 12), ("家长沟通", None))]
    (only,) = pages(contacts=made_of(CONTACTS, rows))[0].overdue or ()
    assert (only.student, only.key) == ("=王明", True)
    assert only.lines == (("钱老师", "谈心9天、辅导12天、家长沟通没做过"),)


def test_a_contact_nobody_answers_for_is_said_so() -> None:
    bare = made_of(CONTACTS, [owed("0101", "谈心", None, 9)])
    (only,) = pages(contacts=bare)[0].overdue or ()
    assert only.lines == (("还没有人负责", "谈心9天"),)


def test_frames_that_went_in_are_as_they_were() -> None:
    makers: dict[str, Callable[[], pl.DataFrame]] = {
        "contacts": contacts, "schedule": schedule, "progress": progress, "awards": awards
    }  # fmt: skip
    given_frames = {name: make() for name, make in makers.items()}
    pages(**given_frames)
    assert all(given_frames[name].equals(make()) for name, make in makers.items())


KINDS = st.sampled_from(LOG["类型"].choices)
LATE = st.builds(
    owed,
    st.sampled_from(["0101", "0102", "0103", "0104", "0201", "0202"]),
    KINDS,
    st.sampled_from(["T01 陈班", "T02 钱老师", "T03 冯主任", None]),
    st.one_of(st.none(), st.integers(0, 99)),
    st.sampled_from(["是", "否"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(LATE, max_size=12), st.sampled_from(["", "名次", "不显示"]))
def test_a_page_tells_all_that_is_overdue_in_its_class_and_nothing_of_another(
    rows: list[dict[str, Any]], shown: str
) -> None:
    late = made_of(CONTACTS, rows)
    here, there, empty = pages({"班级页名次显示": shown}, contacts=late)

    for made, numbers in ((here, TRACKED_HERE), (there, ("0201", "0202")), (empty, ())):
        mine = [row for row in rows if row["学号"] in numbers and row["是否过期"] == "是"]
        assert sum(one.count for one in made.overdue or ()) == len(mine)
    told = text(here)
    assert "学困" not in told
    assert not [word for word in NEVER if word in told]
