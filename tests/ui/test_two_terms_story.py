"""Two terms of a small school as one story, read from top to bottom: from a new workbook to the pages of the term after.

``Office`` is whoever works with the workbook: it hands in files, ticks what was proposed, types what happened and presses
buttons (the actions, on a closed file).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from docx import Document

from xlbangfu import actions, sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import PAPER, TERM_END, TERM_START
from xlbangfu.declarations import Option
from xlbangfu.sample.filled_page import fill_class_page, fill_teacher_page, fullest
from xlbangfu.schema import (
    ABSENCES,
    AWARDS,
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    HONOURS,
    LOG,
    PAIRINGS,
    PAST,
    PLANS,
    PROBLEMS,
    PROPOSALS,
    RANKING,
    RECALLS,
    ROSTER,
    SCORES,
    SCREENING,
    SUBJECTS,
    TEACHERS,
    Table,
    state_of,
    subjects_in,
)

BEFORE = ("2025上期中", "2025上期末")
WHOLE_YEAR = sample.make(students=60, classes=6, exams=4, logs=0, seed=4).frames


@dataclass
class Office:
    """The people of the office and their one workbook."""

    book: Path
    day: date = date(2026, 2, 25)
    answers: list[str] = field(default_factory=list)

    def presses(self, name: str, *files: Path, **typed: Any) -> actions.Outcome:
        named: dict[str, Option[Any]] = {"paper": PAPER, "start": TERM_START, "end": TERM_END}
        call = actions.Call(
            user="林老师",
            now=datetime.combine(self.day, time(9)),
            agrees=self._agrees,
            files=files,
            options={named[key]: value for key, value in typed.items()},
        )
        outcome = actions.perform(name, ClosedBook(self.book, action=name), call)
        assert outcome is not None, name
        return outcome

    def _agrees(self, question: str) -> bool:
        self.answers.append(question)
        return "分班" not in question.splitlines()[0]  # no new division of the classes

    def types(self, table: Table, rows: list[dict[str, Any]]) -> None:
        book = ClosedBook(self.book)
        known = {name: dtype for name, dtype in table.frame_schema.items() if name in rows[0]}
        book.append(table, pl.DataFrame(rows, schema_overrides=known))
        book.save()

    def ticks(self, table: Table, wanted: pl.Expr) -> int:
        book = ClosedBook(self.book)
        rows = book.read(table)[table].filter(wanted)
        book.amend(table, rows.select(*table.keys, pl.lit("√").alias("采纳")))
        book.save()
        return rows.height

    def hands_in(self, files: dict[str, pl.DataFrame]) -> None:
        """Files of the school's own, with the columns that they have; nothing in them is unclear."""
        paths = [self.book.with_name(f"{name}.csv") for name in files]
        for path, frame in zip(paths, files.values(), strict=True):
            frame.select(column for column in frame.columns if frame[column].null_count() < frame.height).write_csv(
                path
            )
        outcome = self.presses("import", *paths)
        assert not outcome.asked, outcome.details

    def hands_in_marks(self, *exams: str) -> None:
        held = pl.col("考试编号").is_in(exams)
        self.types(EXAMS, WHOLE_YEAR[EXAMS].filter(held).to_dicts())
        marks = WHOLE_YEAR[SCORES].filter(held)
        cells = [pl.coalesce(state_of(name), pl.col(name).cast(pl.String)).alias(name) for name in subjects_in(marks)]
        file = marks.select("考试编号", "学号", "姓名", "班级", *cells)
        self.hands_in({exam: file.filter(pl.col("考试编号") == exam).drop("考试编号") for exam in exams})
        entered = self[SCORES].filter(held).select("考试编号", "学号")
        assert set(entered.iter_rows()) == set(marks.select("考试编号", "学号").iter_rows())

    def __getitem__(self, table: Table) -> pl.DataFrame:
        return ClosedBook(self.book).read(table)[table]

    @property
    def tracked(self) -> set[str]:
        here = (pl.col("帮扶类别") == "学困") & (pl.col("在籍状态") == "在读") & pl.col("退出日期").is_null()
        return set(self[ROSTER].filter(here)["学号"])

    @property
    def running(self) -> pl.DataFrame:
        return self[PAIRINGS].filter(pl.col("状态") == "执行")


def test_two_terms_lose_no_student_no_pairing_and_no_file(tmp_path: Path) -> None:
    # February: a new workbook, and the files that the school has
    book = tmp_path / "帮扶总表.xlsm"
    template.build(book, created=datetime(2026, 2, 25))
    office = Office(book)
    _settle_in(office)
    office.hands_in_marks(*BEFORE)

    # who needs help, who helps, and what is planned
    office.presses("screen")
    listed = office.ticks(SCREENING, (pl.col("变化") == "新增") & (pl.col("建议类别") == "学困"))
    office.presses("screen_accept")
    tracked = office.tracked
    assert len(tracked) == listed > 3
    office.presses("pair")
    office.ticks(PROPOSALS, pl.col("类型").is_not_null())
    office.presses("pair_accept")
    teachers = dict(office.running.filter(pl.col("类型") == "一对一").select("学号", "教师").iter_rows())
    office.presses("plan")
    assert set(teachers) == set(office[PLANS]["学号"]) == tracked

    # spring: contacts, marks, somebody who stays away, an exam, pages out and back
    office.day = date(2026, 4, 30)
    office.types(LOG, _contacts(teachers))
    office.types(CONDUCT, _behaviour(tracked))
    office.hands_in_marks("2025下期中")
    away = _stays_away(office)
    pages, own_pages = office.presses("run").files, office.presses("teacher_pages").files
    assert {path.name.split("_")[0] for path in pages if path.suffix == ".xlsx"} == {
        *office[CLASSES]["班级"],
        "目录.xlsx",
    }
    assert set(office[RANKING]["考试编号"]) == {*BEFORE, "2025下期中"}
    _come_back(office, pages, own_pages)

    # July: honours, the term in papers, an end to it
    office.day = date(2026, 7, 8)
    office.presses("honours")
    office.ticks(HONOURS, pl.col("顺序") == 1)
    office.presses("honours_accept")
    assert office[AWARDS].height > 0
    _check_summary(office, away)

    old, kept = office.book.read_bytes(), _kept_by_key(office)
    made = office.presses("next_term", start="2026-09-01", end="2027-01-22").files
    assert office.book.read_bytes() == old

    # September: nobody and nothing lost, and the pages of the new term
    autumn = Office(next(path for path in made if path.suffix == ".xlsm"), day=date(2026, 9, 7))
    assert _kept_by_key(autumn) == kept
    assert set(autumn[RECALLS]["学号"]) == {away}
    pages = autumn.presses("run").files
    frames = ClosedBook(autumn.book).read(PAST, CLASSES, LOG, PROBLEMS)
    past = dict(frames[PAST].select("项目", "带过来").iter_rows())
    assert (past["学生"], past["档案"]) == (autumn[ROSTER].height, autumn[FILES].height)
    assert set(frames[CLASSES]["年级"]) == {"初二", "初三"}
    assert frames[LOG].is_empty()
    rooms = {path.name.split("_")[0] for path in pages if path.suffix == ".xlsx"} - {"目录.xlsx"}
    assert rooms == set(frames[CLASSES]["班级"])
    assert frames[PROBLEMS].filter(pl.col("级别") == "错误").is_empty()


def _settle_in(office: Office) -> None:
    known = ("学号", "姓名", "性别", "班级", "在籍状态", "异动日期", "留守", "家庭困难", "寄宿")
    office.types(SUBJECTS, WHOLE_YEAR[SUBJECTS].to_dicts())
    roster = WHOLE_YEAR[ROSTER].select(known)
    office.hands_in({"教师": WHOLE_YEAR[TEACHERS], "班级": WHOLE_YEAR[CLASSES], "名册": roster})


def _contacts(teachers: dict[str, str]) -> list[dict[str, Any]]:
    """A lesson and a talk a week from March to April."""
    fridays = [date(2026, 3, 6) + timedelta(days=7 * week) for week in range(8)]
    return [
        {"日期": day, "学号": student, "教师": teacher, "类型": kind, "内容": "讲错题，聊近况", "下次安排": "下周再看"}
        for student, teacher in sorted(teachers.items())
        for day in fridays
        for kind in ("辅导", "谈心")
    ]


def _behaviour(tracked: set[str]) -> list[dict[str, Any]]:
    marks = dict.fromkeys(("学习态度", "作业", "纪律", "品德", "参与", "帮扶满意度"), 4.0)
    return [{"月份": "2026-03", "学号": student, "评价人": "家长", **marks} for student in sorted(tracked)]


def _stays_away(office: Office) -> str:
    """A student of the first year is truant for three days, and a call brings nothing yet."""
    here = pl.col("班级").str.starts_with("初一") & pl.col("帮扶类别").is_null() & (pl.col("在籍状态") == "在读")
    student: str = office[ROSTER].filter(here)["学号"][0]
    days = (date(2026, 4, 27), date(2026, 4, 28), date(2026, 4, 29))
    office.types(ABSENCES, [{"日期": day, "学号": student, "节次": "全天", "类型": "旷课"} for day in days])
    visit = {"疑似日期": days[-1], "情形": "连续旷课", "劝返日期": days[-1], "方式": "电话", "结果": "仍在劝返"}
    office.types(RECALLS, [{"学号": student, **visit}])
    return student


def _come_back(office: Office, pages: tuple[Path, ...], own_pages: tuple[Path, ...]) -> None:
    """The fullest page of each kind comes back filled in, and is taken in."""
    came = [office.book.with_name("交回的班级页.xlsx"), office.book.with_name("交回的帮扶页.xlsx")]
    saved = datetime.combine(office.day, time(10))
    for fill, made, path in ((fill_class_page, pages, came[0]), (fill_teacher_page, own_pages, came[1])):
        fill(fullest(made), path, office.day, saved)
    before = office[LOG].height
    office.presses("collect", *came)
    assert office[LOG].height == before + 6


def _check_summary(office: Office, away: str) -> None:
    """The figures of 总结 and 月报 are those of the sheets."""
    report, paper = office.presses("paper", paper=("总结", "月报")).files
    document = Document(str(paper))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables[:2]]
    tracked = office.tracked
    log = office[LOG].filter(pl.col("日期") >= date(2026, 2, 23))
    assert re.findall(r"到2026年7月8日在帮扶(\d+)人", said) == [str(len(tracked))]
    assert sum(int(row[1]) for row in tables[0][1:]) == len(tracked)
    assert re.findall(r"共记下帮扶(\d+)次", said) == [str(log.height)]
    by_kind = dict(log.group_by("类型").len().iter_rows())
    assert {row[0]: int(row[1]) for row in tables[1][1:] if row[1] != "0"} == by_kind
    whole = Document(str(report)).tables[0]
    sums = [[cell.text for cell in row.cells] for row in whole.rows]
    on_roll = office[ROSTER].filter(pl.col("在籍状态") == "在读").height
    assert sum(int(row[1]) for row in sums[1:] if row[0] != "合计") == on_roll
    assert sum(int(row[-1]) for row in sums[1:] if row[0] != "合计") == len({away})


def _kept_by_key(office: Office) -> tuple[set[str], set[str], set[str]]:
    """Students on the roll, their files and running pairings, without those who graduate with 初三 of the first year."""
    leaving = set(WHOLE_YEAR[ROSTER].filter(pl.col("学号").str.starts_with("023"))["学号"])
    here = set(office[ROSTER].filter(pl.col("在籍状态") == "在读")["学号"]) - leaving
    files = set(office[FILES]["学号"]) - leaving
    rooms = (
        office[CLASSES].filter(pl.col("年级") != "初三")["班级"] if office.day.month < 8 else office[CLASSES]["班级"]
    )
    running = office.running.filter(
        pl.col("学号").is_in(list(here)).fill_null(False) | pl.col("班级").is_in(rooms.implode())
    )
    return here, files, set(running["结对编号"])
