"""新学期 as staff do it: by the command on a file, told first, done after a yes; the old workbook stays byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from xlbangfu import sample
from xlbangfu.actions import Call
from xlbangfu.actions.begin_term import next_term
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import DIVISION, NEW_BOOK, TERM_END, TERM_START
from xlbangfu.cli import main
from xlbangfu.errors import BadArgument
from xlbangfu.schema import (
    AWARDS,
    CLASSES,
    EDITIONS,
    EXAMS,
    FILES,
    INPUTS,
    LOG,
    MEMORY,
    OUTPUTS,
    PAIRINGS,
    PAST,
    PLANS,
    PROBLEMS,
    RANKING,
    ROSTER,
    RUNS,
    SCORES,
    SETTINGS,
    TABLES,
    TEACHERS,
)

NOW = datetime(2026, 7, 12, 9)
MADE = "帮扶总表-2026-2027上.xlsm"
SECRET = "不出总表的密钥"


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school at the end of its year, with results, a tick, a remark and a column and a sheet of the staff's own."""
    path = tmp_path_factory.mktemp("学年末") / "帮扶总表.xlsm"
    frames = dict(sample.make(students=120, classes=6, exams=4, logs=60).frames)
    template.build(path, frames=frames, host="libreoffice", created=NOW)
    assert main(["refresh", str(path)]) == 0
    book = ClosedBook(path)
    edition = {"版次": 7, "制表时间": NOW, "密钥": SECRET}
    book.append(EDITIONS, pl.DataFrame([edition], schema=EDITIONS.frame_schema))
    remembered = {"提问": "列", "列或词": "语", "回答": "语文", "表头": "全校"}
    book.append(MEMORY, pl.DataFrame([remembered], schema_overrides=MEMORY.frame_schema))
    teacher = book.read(PAIRINGS)[PAIRINGS].filter(pl.col("状态") == "执行", pl.col("类型") == "一对一")["教师"][0]
    book.amend(TEACHERS, pl.DataFrame({"工号": [teacher.split()[0]], "在岗": ["否"]}))
    book.save()
    return path


@pytest.fixture
def book(school: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(school, tmp_path / school.name))


@dataclass
class Desk:
    """Who is asked, what they were told, and what they answer."""

    yes: bool = True
    days: str = ""
    told: list[str] = field(default_factory=list)

    def call(self, **options: object) -> Call:
        named = {"start": TERM_START, "end": TERM_END, "to": NEW_BOOK, "classes": DIVISION}
        typed = {named[name]: value for name, value in options.items()}
        return Call(user="林老师", now=NOW, agrees=self._agrees, asks=self._asks, options=typed)

    def _agrees(self, question: str) -> bool:
        self.told.append(question)
        return "分班" not in question.splitlines()[0] and self.yes

    def _asks(self, question: str) -> str:
        self.told.append(question)
        return self.days


@pytest.fixture(scope="module")
def made(school: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Desk]:
    """The old workbook, the new one, and who was asked."""
    old = Path(shutil.copy(school, tmp_path_factory.mktemp("新学年") / school.name))
    desk = Desk(days="2026年8月31日—2027-01-22")
    assert next_term(ClosedBook(old), desk.call()) is not None
    return old, old.with_name(MADE), desk


def frames_of(path: Path) -> dict[object, pl.DataFrame]:
    return ClosedBook(path).read(*TABLES[1:])


def test_the_old_workbook_stays_byte_for_byte(school: Path, made: tuple[Path, Path, Desk]) -> None:
    old, new, _ = made
    assert old.read_bytes() == school.read_bytes()
    assert sorted(path.name for path in old.parent.iterdir()) == sorted([old.name, new.name])


def test_staff_are_told_before_anything_is_made(made: tuple[Path, Path, Desk]) -> None:
    *_, said = made[2].told
    for words in (
        "2026-08-31 至 2027-01-22",
        "初一1班 → 初二1班",
        "初三1班、初三2班，",
        "结束结对（教师不在岗）",
        MADE,
    ):
        assert words in said


def test_no_student_file_or_running_pairing_is_lost_by_its_key(made: tuple[Path, Path, Desk]) -> None:
    before, after = frames_of(made[0]), frames_of(made[1])
    leaving = before[ROSTER].filter(
        pl.col("班级").str.starts_with("初三") | (pl.col("在籍状态") == "转出"), pl.col("在籍状态") != "休学"
    )["学号"]
    counted = before[SCORES].filter(pl.col("考试编号").is_in(after[EXAMS]["考试编号"].implode()))["学号"]
    gone = {
        number
        for number, room, state in before[ROSTER].select("学号", "班级", "在籍状态").iter_rows()
        if number in set(leaving) and not (state == "转出" and number in set(counted) and not room.startswith("初三"))
    }

    assert set(after[ROSTER]["学号"]) == set(before[ROSTER]["学号"]) - gone
    assert after[ROSTER]["学号"].is_unique().all()
    assert set(after[FILES]["学号"]) == set(before[FILES]["学号"]) - gone
    running = before[PAIRINGS].filter(pl.col("状态") == "执行")
    kept = running.filter(~pl.col("学号").is_in(list(gone)).fill_null(False))
    patrons = kept.filter(pl.col("类型") == "包班", pl.col("班级").str.starts_with("初三"))["结对编号"]
    assert set(after[PAIRINGS]["结对编号"]) == set(kept["结对编号"]) - set(patrons)
    past = dict(after[PAST].select("项目", "带过来").iter_rows())
    assert past["学生"] == after[ROSTER].height
    assert past["结对"] == after[PAIRINGS].filter(pl.col("状态") == "执行").height


def test_what_went_on_and_what_stayed_add_up_for_every_sheet(made: tuple[Path, Path, Desk]) -> None:
    before, after = frames_of(made[0]), frames_of(made[1])
    rows = {name: (on, left) for name, on, left in after[PAST].select("项目", "带过来", "留在旧总表").iter_rows()}
    for table in (*INPUTS, AWARDS, RUNS):
        if table.name in rows and table is not PAIRINGS:
            assert sum(rows[table.name]) == before[table].height, table.name
    assert sum(rows["学生"]) == before[ROSTER].height
    assert sum(rows["结对"]) == before[PAIRINGS].height
    assert set(after[PAST]["旧总表"]) == {"帮扶总表.xlsm"}
    assert set(after[PAST]["学期"]) == {"2025-2026下"}


def test_the_new_workbook_begins_its_own_term(made: tuple[Path, Path, Desk]) -> None:
    after = frames_of(made[1])
    said = dict(after[SETTINGS].select("项目", "值").iter_rows())
    wanted = ("2026-2027", "2026-2027上", "2026-08-31", "2027-01-22", None)
    assert tuple(said[name] for name in ("学年", "学期", "学期开始", "学期结束", "计算日期")) == wanted
    assert (after[LOG].height, after[PLANS].height, after[AWARDS].height) == (0, 0, 0)
    assert after[RUNS]["操作"].to_list() == ["新学期"]
    assert [after[table].height for table in OUTPUTS[1:] if table is not PROBLEMS] == [0] * (len(OUTPUTS) - 2)
    assert after[PROBLEMS].filter(pl.col("级别") == "错误").height == 0


def test_the_secret_and_what_was_remembered_go_on(made: tuple[Path, Path, Desk]) -> None:
    after = frames_of(made[1])
    assert after[EDITIONS].select("版次", "密钥").rows() == [(7, SECRET)]
    assert after[MEMORY]["回答"].to_list() == ["语文"]


def test_the_first_class_pages_of_the_new_term_are_made(made: tuple[Path, Path, Desk], tmp_path: Path) -> None:
    book = Path(shutil.copy(made[1], tmp_path / "新.xlsm"))
    assert main(["run", str(book)]) == 0
    pages = {path.name.split("_")[0] for path in (tmp_path / "班级页").glob("*_*.xlsx")}
    assert pages == {"初二1班", "初二2班", "初三1班", "初三2班"}
    ranking = ClosedBook(book).read(RANKING)[RANKING]
    assert set(ranking["年级"]) == {"初一", "初二"}  # of the day


def test_a_column_of_the_staffs_own_goes_with_its_row_and_leaves_with_it(book: Path) -> None:
    workbook = load_workbook(book, keep_vba=True)
    sheet = workbook[ROSTER.name]
    last = sheet.max_column + 1
    sheet.cell(1, last, "宿舍")
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, last, f"舍{sheet.cell(row, 1).value}")
    workbook.create_sheet("校车").cell(1, 1, "三号线")
    workbook.save(book)

    assert next_term(ClosedBook(book), Desk().call()) is not None
    rows = load_workbook(book.with_name(MADE))
    own = {row[0]: row[last - 1] for row in rows[ROSTER.name].iter_rows(min_row=2, values_only=True) if any(row)}
    assert own and all(text == f"舍{number}" for number, text in own.items())
    assert rows["校车"]["A1"].value == "三号线"


def test_a_no_makes_nothing(book: Path) -> None:
    assert next_term(ClosedBook(book), Desk(yes=False).call()) is None
    assert [path.name for path in book.parent.iterdir()] == [book.name]


@pytest.mark.parametrize(
    ("meddle", "options", "said"),
    [
        (lambda book: None, {"to": "{folder}/没有/新.xlsm"}, "这个文件夹"),
        (lambda book: None, {"to": "{folder}/新.xlsx"}, "结尾"),
        (lambda book: book.with_name("新.xlsm").touch(), {"to": "{folder}/新.xlsm"}, "已经有了"),
        (lambda book: None, {"start": "2026-06-01"}, "之后"),
        (lambda book: None, {"start": "九月一日"}, "不是日期"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_made(
    book: Path, meddle: Callable[[Path], None], options: dict[str, str], said: str
) -> None:
    meddle(book)
    there = sorted(book.parent.iterdir())
    typed = {name: value.format(folder=book.parent) for name, value in options.items()}
    with pytest.raises(BadArgument, match=said):
        next_term(ClosedBook(book), Desk().call(**{k: Path(v) if k == "to" else v for k, v in typed.items()}))
    assert sorted(book.parent.iterdir()) == there


def test_a_second_time_is_refused_under_any_name_and_so_is_a_term_that_has_just_begun(
    made: tuple[Path, Path, Desk],
) -> None:
    old, new, _ = made
    with pytest.raises(BadArgument, match="已经开过了"):
        next_term(ClosedBook(old), Desk().call(to=old.with_name("另一份.xlsm")))
    with pytest.raises(BadArgument, match="才结束"):
        next_term(ClosedBook(new), Desk().call())


def test_a_list_of_a_new_division_is_read_and_a_name_that_is_not_there_is_told(book: Path) -> None:
    roster = ClosedBook(book).read(ROSTER)[ROSTER]
    first = roster.filter(pl.col("班级") == "初一1班")["学号"][:3].to_list()
    path = book.with_name("分班.csv")
    path.write_text("学号,姓名,新班级\n" + "\n".join(f"{number},,八(2)班" for number in first), encoding="utf-8")
    assert next_term(ClosedBook(book), Desk().call(classes=path)) is not None
    after = ClosedBook(book.with_name(MADE)).read(ROSTER, CLASSES)
    assert after[ROSTER].filter(pl.col("学号").is_in(first))["班级"].to_list() == ["初二2班"] * 3

    path.write_text("姓名,原班级,新班级\n查无此人,初一1班,八(2)班\n", encoding="utf-8")
    book.with_name(MADE).unlink()
    with pytest.raises(BadArgument, match="查无此人"):
        next_term(ClosedBook(book), Desk().call(classes=path))


def test_the_command_takes_the_name_and_the_days(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = book.with_name("秋.xlsm")
    words = [str(book), str(target), "--start", "2026-09-02", "--end", "2027-01-20", "--yes"]
    assert main(["next-term", *words]) == 0
    assert "秋.xlsm" in capsys.readouterr().out
    assert ClosedBook(target).read(SETTINGS)[SETTINGS].filter(pl.col("项目") == "学期开始")["值"][0] == "2026-09-02"


def test_the_front_page_and_the_title_speak_of_the_new_term(made: tuple[Path, Path, Desk]) -> None:
    book = load_workbook(made[1], data_only=True)
    cells = {name: place for name, place in book.defined_names.items() if name.startswith("控制台_")}
    texts = {name: [book[sheet][cell].value for sheet, cell in place.destinations] for name, place in cells.items()}
    assert any("2026-2027上" in str(value) for values in texts.values() for value in values)
