"""The story of a term, month by month, at a made-up school of 240 students: from a list of nobody to the year-end numbers.

Staff's hands are ``Office``: it types rows into the input sheets, ticks what was proposed, and presses buttons (the
commands, on a closed file). The program does the rest. Read it from top to bottom; each step is a test of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.rules.numbers import half_up
from xlbangfu.schema import (
    APPRAISAL,
    AWARDS,
    CONDUCT,
    CONTACTS,
    EXAMS,
    FILES,
    HONOURS,
    LOG,
    OUTBOX,
    PAIRINGS,
    PLANS,
    PRIZES,
    PROBLEMS,
    PROGRESS,
    PROPOSALS,
    ROSTER,
    RUNS,
    SCHEDULE,
    SCORES,
    SCREENING,
    SETTINGS,
    Table,
    state_of,
    subjects_in,
)

pytestmark = pytest.mark.slow

LAST_TERM = ("2025上期中", "2025上期末")
TRACKING = ("帮扶类别", "困难类型", "重点", "困难学科", "成因", "列入日期", "退出日期")


class Office:
    """The people of the office and their one workbook."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.book = folder, folder / "帮扶总表.xlsm"
        self._whole_year = sample.make(students=240, classes=6, exams=4, logs=0).frames
        template.build(
            self.book, frames=_last_term(self._whole_year), host="libreoffice", created=datetime(2026, 2, 20)
        )
        self.types(SETTINGS, 项目="学期开始", 值="2026-02-23")

    def today_is(self, day: date) -> None:
        self.day = day
        self.types(SETTINGS, 项目="计算日期", 值=f"{day}")

    def types(self, table: Table, **row: str) -> None:
        """Change one row of 设置."""
        book = ClosedBook(self.book)
        book.amend(table, pl.DataFrame([row]))
        book.save()

    def writes(self, table: Table, rows: list[dict[str, Any]]) -> None:
        book = ClosedBook(self.book)
        book.append(table, pl.DataFrame(rows, schema_overrides=_known(table, rows)))
        book.save()

    def ticks(self, table: Table, column: str, wanted: pl.Expr) -> int:
        """A √ in each row of an output sheet that staff agree with."""
        rows = self[table].filter(wanted)
        book = ClosedBook(self.book)
        book.amend(table, rows.select(*table.keys, pl.lit("√").alias(column)))
        book.save()
        return rows.height

    def presses(self, *command: str) -> None:
        name, *options = command
        where = ["--out", str(self.folder / name)] if name in ("run", "calendar", "mail", "slips", "register") else []
        assert main([name, str(self.book), *where, *options]) == 0, command

    def __getitem__(self, table: Table) -> pl.DataFrame:
        return ClosedBook(self.book).read(table)[table]

    @property
    def tracked(self) -> pl.DataFrame:
        on_list = (pl.col("帮扶类别") == "学困") & (pl.col("在籍状态") == "在读") & pl.col("退出日期").is_null()
        return self[ROSTER].filter(on_list)

    def says(self, caption: str) -> int:
        """The number of a tile on the front page."""
        book = load_workbook(self.book, data_only=True)
        sheet, cell = next(iter(book.defined_names[f"控制台_{caption}"].destinations))
        return int(book[sheet][cell].value)

    def teacher_of(self) -> dict[str, str]:
        running = self[PAIRINGS].filter((pl.col("类型") == "一对一") & (pl.col("状态") == "执行"))
        return dict(running.select("学号", "教师").iter_rows())

    def brings_marks(self, exam: str) -> Path:
        """The file of an exam as a marking platform hands it out, with totals and places nobody asked for."""
        marks = self._whole_year[SCORES].filter(pl.col("考试编号") == exam)
        subjects = subjects_in(marks)
        cells = [pl.coalesce(pl.col(state_of(name)), pl.col(name).cast(pl.String)).alias(name) for name in subjects]
        path = self.folder / f"{exam}.csv"
        marks.select("学号", "姓名", "班级", *cells, pl.lit(300).alias("总分")).write_csv(path)
        held = self._whole_year[EXAMS].filter(pl.col("考试编号") == exam)
        self.writes(EXAMS, held.to_dicts())
        return path


def _last_term(frames: dict[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
    """The school as the term begins: last term's exams are there, nobody is on a list, nothing was written yet."""
    blank = [pl.lit(None, dtype=ROSTER.frame_schema[name]).alias(name) for name in TRACKING]
    before = {
        ROSTER: frames[ROSTER].with_columns(blank),
        EXAMS: frames[EXAMS].filter(pl.col("考试编号").is_in(LAST_TERM)),
        SCORES: frames[SCORES].filter(pl.col("考试编号").is_in(LAST_TERM)),
    }
    empty = {table: table.empty() for table in (FILES, PAIRINGS, PLANS, LOG, CONDUCT)}
    return {**frames, **before, **empty}


def _known(table: Table, rows: list[dict[str, Any]]) -> dict[str, pl.DataType]:
    return {name: dtype for name, dtype in table.frame_schema.items() if name in rows[0]}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield Office(tmp_path_factory.mktemp("学期"))


def test_in_february_the_list_is_empty(office: Office) -> None:
    office.today_is(date(2026, 2, 24))
    office.presses("validate")
    assert office.says("帮扶学生") == 0
    assert office.says("在读学生") > 200


def test_screening_proposes_and_only_what_was_ticked_is_listed(office: Office) -> None:
    office.presses("screen")
    assert office.tracked.is_empty()
    proposed = office.ticks(SCREENING, "采纳", (pl.col("变化") == "新增") & (pl.col("建议类别") == "学困"))
    office.presses("screen", "--accept", "--yes")

    tracked = office.tracked
    assert tracked.height == proposed == office.says("帮扶学生") > 5
    assert set(tracked["列入日期"]) == {office.day}
    assert set(tracked["学号"]) == set(office[FILES]["学号"]), "each has a file now"
    assert tracked.filter(pl.col("重点") == "是").height == office.says("其中重点")
    assert "screen" not in office[RUNS]["操作"].to_list()


def test_each_gets_a_teacher_and_no_teacher_too_many(office: Office) -> None:
    office.presses("pair")
    office.ticks(PROPOSALS, "采纳", pl.col("类型").is_not_null())
    office.presses("pair", "--accept", "--yes")

    teachers = office.teacher_of()
    assert set(teachers) == set(office.tracked["学号"])
    assert pl.Series(list(teachers.values())).value_counts()["count"].max() <= 3
    office.presses("pair")
    assert office[PROPOSALS].filter(pl.col("类型") == "一对一").is_empty(), "nothing more to propose"


def test_plans_have_four_phases_and_dates_on_school_days(office: Office) -> None:
    office.presses("plan", "--yes")
    plans = office[PLANS]
    assert set(plans["阶段"]) == {"摸底调查", "制定方案", "实施帮扶", "评估调整"}
    assert set(plans["学号"]) == set(office.tracked["学号"])
    office.presses("plan", "--yes")
    assert office[PLANS].height == plans.height, "making them again adds none"

    office.presses("calendar")
    days = office[SCHEDULE]["日期"]
    assert days.max() <= date(2026, 7, 15)
    assert not days.is_in([date(2026, 5, 1), date(2026, 6, 19)]).any(), "holidays are free"
    files = list((office.folder / "calendar").glob("*.ics"))
    assert len(files) >= len(set(office.teacher_of().values()))


@pytest.mark.parametrize("month", [3, 4, 5, 6])
def test_month_by_month_contacts_and_marks_are_written_down(office: Office, month: int) -> None:
    last = date(2026, month, 30)
    office.today_is(last)
    before = office[LOG].height
    office.writes(LOG, _contacts(office, month))
    office.writes(CONDUCT, _marks(office, month))
    if month == 4:
        office.presses("import", str(office.brings_marks("2025下期中")))
    if month == 6:
        office.presses("import", str(office.brings_marks("2025下期末")))
    office.presses("follow")

    contacts = office[CONTACTS]
    assert office[LOG].height > before
    assert set(contacts["学号"]) == set(office.tracked["学号"])
    assert contacts["应做"].min() >= 0  # type: ignore[operator]  # a number
    made = contacts.filter(pl.col("类型") == "谈心")["已做"].sum()
    assert made == office[LOG].filter(pl.col("类型") == "谈心").height
    assert office[PROBLEMS].filter(pl.col("级别") == "错误").is_empty()


def test_after_the_midterm_there_are_ranks_pages_mails_and_stars(office: Office) -> None:
    office.today_is(date(2026, 4, 30))
    office.presses("run")
    assert office[PRIZES].filter(pl.col("考试编号") == "2025下期中").height > 0
    assert len(list((office.folder / "run").glob("*.xlsx"))) == 6 + 1  # one a class, and 目录

    office.presses("mail")
    outbox = office[OUTBOX]
    assert outbox.height == 6
    assert not outbox["主题"].str.contains("学困").any()

    office.presses("honours")
    assert office[HONOURS]["荣誉"].n_unique() > 1


def test_at_the_end_staff_agree_on_honours_and_turn_arounds(office: Office) -> None:
    office.today_is(date(2026, 6, 30))
    office.presses("run")
    office.presses("follow")
    office.presses("honours")
    ticked = office.ticks(HONOURS, "采纳", pl.col("顺序") == 1)
    office.presses("honours", "--accept", "--yes")
    prizes = office[PRIZES].filter(pl.col("奖项").str.ends_with("等奖"))

    awarded = office[AWARDS]
    assert awarded.height >= ticked > 0
    assert awarded.height <= ticked + prizes.height
    assert not awarded["荣誉"].str.contains("学困").any(), "an honour never names the list"
    office.presses("honours")
    office.presses("honours", "--accept", "--yes")
    assert office[AWARDS].height == awarded.height, "nothing is honoured twice"

    office.presses("screen")
    leaving = office.ticks(SCREENING, "采纳", pl.col("变化") == "可退出")
    on_list = office.tracked.height
    if leaving:
        office.presses("screen", "--accept", "--yes")
    assert office.tracked.height == on_list - leaving


def test_everybody_is_held_to_account_with_every_part_shown(office: Office) -> None:
    office.presses("appraise")
    teachers = office[APPRAISAL].filter(pl.col("对象") == "教师", pl.col("总分").is_not_null())
    assert teachers.height > 0
    for row in teachers.to_dicts():
        parts = [row[name] for name in ("记录完整", "落实", "学生进展", "满意度") if row[name] is not None]
        assert half_up(pl.Series([sum(parts)]), 1)[0] == pytest.approx(row["总分"], abs=0.11), row


def test_parents_and_the_office_get_their_papers(office: Office) -> None:
    office.presses("slips")
    office.presses("register")
    assert list((office.folder / "slips").glob("*.xlsx"))
    assert list((office.folder / "register").glob("*.xlsx"))


def test_the_numbers_of_the_year_end_summary_come_out_of_the_workbook(office: Office) -> None:
    office.presses("validate")
    roster, log = office[ROSTER], office[LOG]
    listed = roster.filter(pl.col("列入日期").is_not_null())
    tracked = office.tracked
    assert office.says("帮扶学生") == tracked.height
    assert office.says("其中重点") == tracked.filter(pl.col("重点") == "是").height
    assert office.says("一对一结对") == len(office.teacher_of()) >= tracked.height
    assert office.says("帮扶记录") == log.height > 300
    assert office.says("荣誉人次") == office[AWARDS].height
    assert listed.height - tracked.height == listed.filter(pl.col("退出日期").is_not_null()).height
    assert set(office[PROGRESS]["进展"]) <= {"显著进步", "进步", "稳定", "退步", "数据不足"}
    done = set(office[RUNS]["操作"])
    assert {"排查", "采纳排查", "采纳结对", "制定计划", "日程", "导入", "一键完成", "预览邮件", "确认荣誉"} <= done


def _contacts(office: Office, month: int) -> list[dict[str, Any]]:
    """Every week a talk and a lesson by the student's teacher, once a month a word with the parents."""
    first = date(2026, month, 2)
    rows: list[dict[str, Any]] = []
    for student, teacher in sorted(office.teacher_of().items()):
        for week in range(4):
            day = first + timedelta(days=7 * week + (4 - first.weekday()) % 7)
            rows.append(_entry(len(rows), month, day, student, teacher, "谈心", "聊了聊这一周"))
            rows.append(_entry(len(rows), month, day, student, teacher, "辅导", "讲了错题"))
        rows.append(_entry(len(rows), month, first, student, teacher, "家长沟通", "电话说了近况"))
    return rows


def _entry(place: int, month: int, day: date, student: str, teacher: str, kind: str, content: str) -> dict[str, Any]:
    return {
        "记录编号": f"M{month}-{place:04d}",
        "日期": day,
        "学号": student,
        "教师": teacher,
        "类型": kind,
        "沟通对象": "父母" if kind == "家长沟通" else "学生",
        "内容": content,
        "下次安排": "下周再看",
    }


def _marks(office: Office, month: int) -> list[dict[str, Any]]:
    """Behaviour gets a little better every month."""
    mark = float(min(5, month - 0.5))
    names = ("学习态度", "作业", "纪律", "品德", "参与", "帮扶满意度")
    return [
        {"月份": f"2026-{month:02d}", "学号": student, "评价人": "班主任", **dict.fromkeys(names, mark)}
        for student in office.tracked["学号"].to_list()
    ]
