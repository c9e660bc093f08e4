"""帮扶页: what a teacher who helps reads, and what comes back of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.class_page_school import EDITION, figures, frames, prizes, ranking
from tests.support.drawn import looks_like
from tests.support.fake_book import FakeBook
from tests.support.returned_pages import (
    CALL,
    HERE,
    NOW,
    SECRET,
    TALK,
    THERE,
    book,
    collect,
    entries,
    facts,
    filled,
    ledger,
    page,
    put,
    rows,
    said,
)
from xlbangfu.actions import make_pages
from xlbangfu.documents.class_page import TeacherPage, class_pages, teacher_pages
from xlbangfu.documents.class_page.fill_in import LOG_SHEET
from xlbangfu.documents.class_page.page import page_id
from xlbangfu.documents.class_page.page_rendering import as_bytes
from xlbangfu.documents.class_page.page_template import INFO_SHEET
from xlbangfu.documents.page_code import CODE_NAME
from xlbangfu.errors import BadArgument, UnreadableFile
from xlbangfu.mail.encryption import encrypt
from xlbangfu.rules import returns
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.helpers import helpers
from xlbangfu.rules.page_kinds import TEACHER_PAGE
from xlbangfu.rules.school import School
from xlbangfu.rules.teacher_reports import teacher_reports
from xlbangfu.schema import (
    COLLECTED,
    CONTACTS,
    LOG,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    ROSTER,
    RUNS,
    TEACHERS,
)

QIAN, CHEN = "T02 钱老师", "T01 陈班"
OWN_TALK = {name: value for name, value in TALK.items() if name != "教师"}


def school(**changed: pl.DataFrame) -> School:
    given = frames()
    return School.of(
        given | {table: changed[table.name] for table in given if table.name in changed}, today=EDITION.date()
    )


def pages(of: School | None = None, **more: Any) -> dict[str, TeacherPage]:
    made = teacher_pages(
        *(of or school(), ranking(), figures(), prizes()),
        **({"edition": EDITION, "number": 100, "secret": SECRET} | more),
    )
    return {one.name: one for one in made}


def cells(one: TeacherPage, tmp_path: Path) -> str:
    """All that stands in the workbook."""
    workbook = openpyxl.load_workbook(put(tmp_path, as_bytes(one)))
    return "\n".join(
        str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    )


class TestWhoHelps:
    def test_a_pairing_that_runs_makes_a_student_ones_own_whatever_the_class(self) -> None:
        looks_like(
            helpers(school()).select("教师", "学号"),
            """
            教师       | 学号
            T01 陈班   | 0102
            T02 钱老师 | 0101
            T03 冯主任 | 0104
            """,
        )

    @pytest.mark.parametrize(
        "changed",
        [{"状态": "结束"}, {"结束日期": date(2026, 5, 19)}, {"开始日期": date(2026, 5, 21)}, {"教师": "T05 离老师"}],
        ids=["ended", "over", "not yet", "who is away"],
    )
    def test_others_are_nobodys_own(self, changed: dict[str, Any]) -> None:
        mine = pl.col("结对编号") == "P1"
        sheet = frames()[PAIRINGS].with_columns(
            pl.when(mine).then(pl.lit(value)).otherwise(name).alias(name) for name, value in changed.items()
        )

        assert "0101" not in helpers(school(结对=sheet))["学号"].to_list()


class TestWhatItShows:
    def test_only_the_teachers_own_students(self, tmp_path: Path) -> None:
        names = dict(frames()[ROSTER].select("学号", "姓名").iter_rows())
        own = {label: set(those) for label, those in helpers(school()).group_by("教师").agg("学号").iter_rows()}
        for label, one in pages().items():
            text = cells(one, tmp_path)
            there = {number for number, name in names.items() if number in text or name in text}
            assert there - {"0105"} == own[label]  # a peer helper of the own class may be named

    def test_the_plan_with_its_measures(self) -> None:
        (student,) = pages()[QIAN].students

        assert (student.phase, student.measures) == ("实施帮扶", "补")
        assert "13900001111" not in student.goal

    def test_a_class_page_has_no_measures(self) -> None:
        assert {one.measures for one in page().students} == {""}

    def test_in_words_what_the_teacher_wrote_of_others_only_that_it_was_and_of_counselling_not_by_whom(self) -> None:
        given = frames()[LOG]
        more = [
            {
                "日期": date(2026, 5, 19),
                "学号": "0101",
                "教师": "陈班",
                "类型": "家访",
                "内容": "别人的话",
                "下次安排": "别人的安排",
            },
            {"日期": date(2026, 5, 20), "学号": "0101", "教师": QIAN, "类型": "心理咨询", "内容": "咨询的话"},
        ]
        added = pl.DataFrame([dict.fromkeys(given.columns) | row for row in more], schema=given.schema)
        found = pages(school(记录=pl.concat([given, added])))[QIAN].entries

        assert [(one.kind, one.by, one.said, one.next) for one in found] == [
            ("心理咨询", "", "", ""),
            ("家访", "陈班", "", ""),
            ("谈心", "钱老师", "谈了学习", ""),
        ]

    def test_what_the_teacher_wrote_without_what_it_tells_of_the_home(self) -> None:
        log = frames()[LOG].with_columns(内容=pl.lit("背了单词；奶奶住院"))
        (*_, last) = pages(school(记录=log))[QIAN].entries

        assert last.said == "背了单词；（略，见总表）"

    def test_what_the_teacher_owes_and_not_what_colleagues_owe(self) -> None:
        owed = pl.DataFrame(
            [
                {"学号": "0101", "姓名": "=王明", "类型": "谈心", "责任教师": QIAN, "是否过期": "是", "距今天数": 9},
                {"学号": "0101", "姓名": "=王明", "类型": "家访", "责任教师": CHEN, "是否过期": "是", "距今天数": 40},
            ]
        )
        late = CONTACTS.empty().join(owed, on=owed.columns, how="full", coalesce=True).select(CONTACTS.names)
        one = pages(contacts=late)[QIAN]

        assert [line for late_one in one.overdue or () for line in late_one.lines] == [("钱老师", "谈心9天")]
        assert one.students[0].overdue == "谈心"

    def test_nobody_without_a_pairing_has_one(self) -> None:
        with pytest.raises(BadArgument, match="没有正在执行的结对"):
            pages(teachers=["T04"])
        assert list(pages(teachers=["钱老师"])) == [QIAN]


def teacher_book(settings: dict[str, str] | None = None) -> FakeBook:
    """The workbook that has made teacher pages at EDITION."""
    one = book(settings)
    note = f"帮扶页 3 份（教师:校验码）{CHEN}:0123456789ab、{QIAN}:0123456789ab、T03 冯主任:0123456789ab"
    one.sheets[RUNS.name].append([EDITION, "帮扶页", 3.0, 0.0, "王老师", 0.1, note, ""])
    return one


def back(
    log: list[dict[str, Any]], *, of: str = QIAN, change: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    return filled(log, of=pages()[of], change=change)


class TestComingBack:
    def test_every_entry_is_the_teachers_own_and_the_contacts_owed_count_it(self, tmp_path: Path) -> None:
        one = teacher_book()
        before = contacts(School.of(one.read(*frames()), today=NOW.date()))
        outcome = collect(one, put(tmp_path, back([OWN_TALK])))

        (entry,) = entries(one)
        assert (entry["教师"], entry["学号"], entry["班级"], entry["内容"]) == (QIAN, "0101", HERE, TALK["内容"])
        assert "1 位教师的帮扶页，写入 1 行" in outcome.sentence
        after = contacts(School.of(one.read(*frames()), today=NOW.date()))
        of_talks = (pl.col("学号") == "0101") & (pl.col("类型") == "谈心")
        assert after.filter(of_talks)["已做"].item() == before.filter(of_talks)["已做"].item() + 1

    def test_the_ledger_says_whose_page_it_was_and_a_second_time_nothing_comes_of_it(self, tmp_path: Path) -> None:
        one, file = teacher_book(), put(tmp_path, back([OWN_TALK]))
        collect(one, file)
        collect(one, file, days=1)

        assert ledger(one) == [("交回", None), ("新增", entries(one)[0]["记录编号"])]
        assert {(row["班级"], row["教师"]) for row in rows(one, COLLECTED)} == {(None, QIAN)}
        assert len(entries(one)) == 1

    def test_the_same_contact_from_the_class_page_too_is_one(self, tmp_path: Path) -> None:
        one = teacher_book()
        collect(one, put(tmp_path, back([OWN_TALK])))
        collect(one, put(tmp_path, filled([TALK])), days=1)

        assert len(entries(one)) == 1

    def test_a_corrected_page_corrects_its_entry(self, tmp_path: Path) -> None:
        one = teacher_book()
        collect(one, put(tmp_path, back([OWN_TALK])))
        collect(one, put(tmp_path, back([OWN_TALK | {"内容": "谈了升学"}])), days=1)

        assert [entry["内容"] for entry in entries(one)] == ["谈了升学"]

    @pytest.mark.parametrize("whose", ["0102 欧阳若兮", "0201 郑二", "0101、0103"])
    def test_a_student_who_is_not_the_teachers_own_is_refused(self, tmp_path: Path, whose: str) -> None:
        one = teacher_book()
        collect(one, put(tmp_path, back([OWN_TALK | {"学生": whose}])))

        assert entries(one) == []
        assert "不是和您结对的学生" in said(one)

    def test_a_student_whose_pairing_ended_since_may_still_be_told_of(self, tmp_path: Path) -> None:
        one = teacher_book()
        at = one.sheets[PAIRINGS.name][0].index("状态")
        one.sheets[PAIRINGS.name][1][at] = "结束"
        collect(one, put(tmp_path, back([OWN_TALK])))

        assert len(entries(one)) == 1

    def test_what_is_not_to_be_filled_in_is_seen(self, tmp_path: Path) -> None:
        def change(workbook: openpyxl.Workbook) -> None:
            workbook["近期记录"]["E4"] = "改了"

        one = teacher_book()
        collect(one, put(tmp_path, back([OWN_TALK], change=change)))

        assert "“近期记录”改过" in said(one)


def of_a_colleague(workbook: openpyxl.Workbook) -> None:
    found = facts(workbook)
    found["教师"].value = CHEN
    found["页编号"].value = page_id(found["学校"].value, CHEN, EDITION)


def of_a_class(workbook: openpyxl.Workbook) -> None:
    found = facts(workbook)
    found["页种"].value = "班级页"
    workbook[INFO_SHEET]["A30"], workbook[INFO_SHEET]["B30"] = "班级", HERE
    found["页编号"].value = page_id(found["学校"].value, HERE, EDITION)


def with_another_student(workbook: openpyxl.Workbook) -> None:
    workbook[INFO_SHEET]["D3"] = "0103 李想"


def without_code(workbook: openpyxl.Workbook) -> None:
    facts(workbook)[CODE_NAME].value = None


def of_no_kind(workbook: openpyxl.Workbook) -> None:
    facts(workbook)["页种"].value = "别的页"


class TestForged:
    @pytest.mark.parametrize(
        "change",
        [of_a_colleague, of_a_class, with_another_student, without_code, of_no_kind],
        ids=lambda one: one.__name__,
    )
    def test_a_page_that_says_it_is_another_is_refused(
        self, tmp_path: Path, change: Callable[[openpyxl.Workbook], None]
    ) -> None:
        one = teacher_book()
        with pytest.raises(UnreadableFile):
            collect(one, put(tmp_path, back([OWN_TALK], change=change)), agrees=True)
        assert entries(one) == []

    def test_of_another_workbook_it_is_asked_about_and_tells_of_todays_own_students_only(self, tmp_path: Path) -> None:
        foreign = pages(edition=EDITION + timedelta(days=1), secret="K99999999999999999999999999999999")[QIAN]
        strangers = OWN_TALK | {"学生": "0103 李想"}

        def change(workbook: openpyxl.Workbook) -> None:
            workbook[INFO_SHEET]["D3"] = "0103 李想"

        one = teacher_book()
        with pytest.raises(UnreadableFile, match="不是这个总表做的"):
            collect(one, put(tmp_path, filled([OWN_TALK], of=foreign)))
        collect(one, put(tmp_path, filled([OWN_TALK, strangers], of=foreign, change=change)), agrees=True)

        assert [entry["学号"] for entry in entries(one)] == ["0101"]

    def test_a_teacher_who_is_gone_is_named(self, tmp_path: Path) -> None:
        one = teacher_book()
        del one.sheets[TEACHERS.name][2]
        with pytest.raises(UnreadableFile, match="T02 钱老师 的帮扶页，“教师”表里没有"):
            collect(one, put(tmp_path, back([OWN_TALK])))

    def test_where_there_is_a_password_for_the_teacher_an_open_page_is_asked_about(self, tmp_path: Path) -> None:
        one = teacher_book()
        one.sheets[PASSWORDS.name].append(["", "桃李不言", QIAN])
        with pytest.raises(UnreadableFile, match="不一定是本人交的"):
            collect(one, put(tmp_path, back([OWN_TALK])))
        collect(one, put(tmp_path, encrypt(back([OWN_TALK]), "桃李不言")))

        assert len(entries(one)) == 1


class TestStates:
    def test_an_older_edition_handed_in_late_adds_what_is_missing_and_puts_nothing_back(self, tmp_path: Path) -> None:
        one, later = teacher_book(), EDITION + timedelta(days=1)
        newer = pages(edition=later, number=101)[QIAN]
        visit = OWN_TALK | {"类型": "家访", "内容": "去过"}
        collect(one, put(tmp_path, filled([OWN_TALK | {"内容": "后来的话"}], of=newer), "新.xlsx"))
        collect(one, put(tmp_path, back([OWN_TALK | {"内容": "后来的话"}, visit]), "旧.xlsx"), days=1)

        assert sorted(entry["内容"] for entry in entries(one)) == ["去过", "后来的话"]

    @pytest.mark.parametrize("kept", [0.1, 0.5, 0.98])
    def test_a_file_cut_off_is_refused_and_the_others_are_taken(self, tmp_path: Path, kept: float) -> None:
        one, whole = teacher_book(), back([OWN_TALK])
        broken = put(tmp_path, whole[: int(kept * len(whole))], "坏.xlsx")
        collect(one, broken, put(tmp_path, whole, "好.xlsx"))

        assert len(entries(one)) == 1
        assert "坏.xlsx" in said(one)


class TestOutAndBack:
    def test_a_page_that_was_made_is_waited_for_until_it_is_back(self, tmp_path: Path) -> None:
        one = teacher_book()
        outcome = collect(one, put(tmp_path, back([OWN_TALK])))

        (line,) = [line for line in outcome.details if line.startswith("还没有交回")]
        assert CHEN in line
        assert QIAN not in line

    def test_made_pages_are_read_from_the_run_ledger(self) -> None:
        made = returns.made(teacher_book().read(RUNS)[RUNS], TEACHER_PAGE)

        assert set(made["教师"]) == {CHEN, QIAN, "T03 冯主任"}

    def test_the_class_page_tells_who_sent_what(self, tmp_path: Path) -> None:
        one = teacher_book()
        collect(one, put(tmp_path, back([OWN_TALK, OWN_TALK | {"类型": "心理咨询", "内容": "已进行"}])))
        read = one.read(*frames(), COLLECTED, RUNS)
        now = School.of(read, today=NOW.date())
        told = teacher_reports(now, returns.made(read[RUNS], TEACHER_PAGE), read[COLLECTED])
        (mine, other) = class_pages(
            now, ranking(), figures(), prizes(), classes=[HERE, THERE], edition=EDITION, reports=told
        )

        assert [(report.teacher, report.waiting, report.count, report.last) for report in mine.reports] == [
            ("陈班", True, 0, ""),
            ("钱老师", False, 2, "05-19 谈心 =王明"),
        ]
        assert other.reports == ()
        workbook = openpyxl.load_workbook(put(tmp_path, as_bytes(mine)))
        shown = [row[0].value for row in workbook["重点关爱学生"].iter_rows(max_col=1)]
        assert "钱老师（=王明）：05-22 交回，本学期报来 2 条，最近 05-19 谈心 =王明" in shown
        assert "陈班（欧阳若兮）：05-20 发出的还没有交回" in shown


def crowd(teachers: int) -> FakeBook:
    """A workbook in which so many teachers help two students each."""
    one = book()
    people = [
        {"工号": f"H{at:03}", "姓名": f"帮{at:03}", "角色": "任课教师", "任教班级": HERE, "在岗": "是"}
        for at in range(teachers)
    ]
    pupils = [
        {"学号": f"9{at:03}", "姓名": f"生{at:03}", "班级": HERE, "在籍状态": "在读", "帮扶类别": "学困"}
        for at in range(2 * teachers)
    ]
    pairs = [
        {"结对编号": f"Q{at}", "学号": f"9{at:03}", "类型": "一对一", "教师": f"H{at // 2:03}", "状态": "执行"}
        for at in range(2 * teachers)
    ]
    for table, added in ((TEACHERS, people), (ROSTER, pupils), (PAIRINGS, pairs)):
        grid = one.sheets[table.name]
        grid += [[row.get(name, "") for name in grid[0]] for row in added]
    return one


def test_sixty_teachers_get_one_each_and_what_they_write_is_collected_once(tmp_path: Path) -> None:
    one = crowd(60).at(tmp_path)
    outcome = make_pages.teacher_pages(one, replace(CALL, out=tmp_path / "帮扶页"))
    files = sorted(path for path in (tmp_path / "帮扶页").glob("H*.xlsx"))

    assert len(files) == 60
    assert "63 个帮扶页" in outcome.sentence
    for at, path in enumerate(files):
        workbook = openpyxl.load_workbook(path)
        sheet = workbook[LOG_SHEET]
        assert [cell.value for cell in sheet[3]][:3] == ["日期", "学生", "类型"]
        for row, number in enumerate((2 * at, 2 * at + 1), 4):
            for column, value in enumerate((datetime(2026, 5, 21), f"9{number:03}", "辅导"), 1):
                sheet.cell(row, column, value)
            sheet.cell(row, 1 + [cell.value for cell in sheet[3]].index("内容"), f"第 {number} 题")
        workbook.save(path)
    collect(one, *files, days=1)
    collect(one, *files, days=2)

    brought = entries(one)
    assert len(brought) == 120
    assert {(entry["教师"], entry["学号"]) for entry in brought} == {
        (f"H{at // 2:03} 帮{at // 2:03}", f"9{at:03}") for at in range(120)
    }


def test_without_a_pairing_no_page_and_a_sentence(tmp_path: Path) -> None:
    one = book().at(tmp_path)
    del one.sheets[PAIRINGS.name][1:]
    outcome = make_pages.teacher_pages(one, replace(CALL, out=tmp_path / "帮扶页"))

    assert "还没有教师有正在执行的结对" in outcome.sentence
    assert outcome.rows == 0


def test_a_plan_of_another_student_is_on_no_page_of_this_teacher() -> None:
    plans = frames()[PLANS].with_columns(学号=pl.lit("0103"), _student=pl.lit("0103"))

    assert {student.measures for one in pages(school(计划=plans)).values() for student in one.students} == {""}


def test_the_last_day_to_give_back_is_that_of_the_setting() -> None:
    assert pages()[QIAN].edition.due == EDITION.date() + timedelta(days=7)
