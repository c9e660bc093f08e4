"""Pages on real files: the closed workbook by the command line, pages saved by LibreOffice."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.cli import main
from xlbangfu.documents.class_page.fill_in import CONDUCT_SHEET, LOG_SHEET
from xlbangfu.schema import COLLECTED, CONDUCT, LOG, PROBLEMS, RUNS, SETTINGS

DAY = datetime(2026, 6, 24)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sample school whose pages were made."""
    folder = tmp_path_factory.mktemp("school")
    master = folder / "帮扶总表.xlsm"
    size = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"]
    assert main(["new", str(master), "--sample", *size]) == 0
    assert main(["pages", str(master), "--out", str(folder / "页")]) == 0
    return folder


@pytest.fixture
def school(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "学校")
    return tmp_path / "学校"


def fill(school: Path, *, content: str = "谈近期的学习", effect: object = 4) -> Path:
    """The page of the first class with students, filled in: one log entry and one row of marks."""
    for path in sorted((school / "页").glob("初*.xlsx")):
        workbook = openpyxl.load_workbook(path)
        student, teacher = (workbook["页信息"].cell(2, column).value for column in (4, 5))
        if student:
            break
    entry = [DAY, student, teacher, "谈心", "学生", "学校", "学习", 30, content, None, None, effect, "下周再谈"]
    for column, value in enumerate(entry, 1):
        workbook[LOG_SHEET].cell(4, column, value)
    spare = next(row for row in range(4, 99) if workbook[CONDUCT_SHEET].cell(row, 2).value is None)
    for column, value in enumerate(["2026-06", student, "家长", "家长甲", 3, 4, 4.5, 5, None, 4, "在家认真"], 1):
        workbook[CONDUCT_SHEET].cell(spare, column, value)
    filled = school / "交回" / path.name
    filled.parent.mkdir(exist_ok=True)
    workbook.save(filled)
    return filled


def master(school: Path) -> Path:
    return school / "帮扶总表.xlsm"


def brought(school: Path) -> tuple[int, int]:
    """How many log entries and marks pages brought."""
    frames = ClosedBook(master(school)).read(LOG, CONDUCT)
    return (
        sum(str(number).startswith("S") for number in frames[LOG]["记录编号"]),
        sum(name == "家长甲" for name in frames[CONDUCT]["评价人姓名"]),
    )


def saved_by_office(path: Path, kind: str) -> Path:
    """The page opened and saved by LibreOffice, as .xlsx or .xls."""
    out = path.parent / kind
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / f"{path.stem}.{kind.split(':')[0]}"


def test_a_folder_is_collected_once_by_the_command_line(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fill(school)
    before = ClosedBook(master(school)).read(LOG)[LOG].height

    assert main(["collect", str(master(school)), str(school / "交回")]) == 0
    assert main(["collect", str(master(school)), str(school / "交回")]) == 0

    assert brought(school) == (1, 1)
    frames = ClosedBook(master(school)).read(LOG, RUNS, COLLECTED)
    assert frames[LOG].height == before + 1
    assert frames[RUNS]["操作"].to_list() == ["班级页", "收回班级页", "收回班级页"]
    assert frames[COLLECTED]["做法"].to_list() == ["交回", "新增", "新增"]
    assert "还没有交回" in capsys.readouterr().out


def test_a_corrected_page_amends_its_row_in_the_closed_workbook(school: Path) -> None:
    main(["collect", str(master(school)), str(fill(school))])

    assert main(["collect", str(master(school)), str(fill(school, content="谈家庭作业"))]) == 0

    frames = ClosedBook(master(school)).read(LOG, RUNS)
    assert frames[LOG].row(-1, named=True)["内容"] == "谈家庭作业"
    assert any("内容 原为“谈近期的学习”" in note for note in frames[RUNS]["说明"])


def test_refused_rows_are_listed_with_their_cell(school: Path) -> None:
    assert main(["collect", str(master(school)), str(fill(school, effect=9))]) == 1

    first = ClosedBook(master(school)).read(PROBLEMS)[PROBLEMS].row(0, named=True)
    assert (first["级别"], first["编号"], first["单元格"], first["列"]) == ("错误", "收回", "L4", "效果")
    assert brought(school) == (0, 1)


def test_a_dry_run_and_a_refused_file_leave_every_byte(school: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = master(school).read_bytes()
    broken = fill(school)
    assert main(["collect", str(master(school)), str(broken), "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] is False
    broken.write_bytes(broken.read_bytes()[:2000])

    assert main(["collect", str(master(school)), str(broken)]) == 2

    assert master(school).read_bytes() == before
    assert "不能用" in capsys.readouterr().err


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "xls"])
def test_a_page_saved_by_libreoffice_is_collected_once(school: Path, kind: str) -> None:
    saved = saved_by_office(fill(school), kind)

    assert main(["collect", str(master(school)), str(saved)]) == 0
    assert main(["collect", str(master(school)), str(saved)]) == 0

    assert brought(school) == (1, 1)
    assert ClosedBook(master(school)).read(PROBLEMS)[PROBLEMS].height == 0


@pytest.mark.office
def test_the_same_page_saved_by_another_program_is_the_same_page(school: Path) -> None:
    plain = fill(school)
    main(["collect", str(master(school)), str(plain)])
    old = saved_by_office(plain, "xls")

    assert main(["collect", str(master(school)), str(old.rename(old.with_suffix(".et")))]) == 0

    assert brought(school) == (1, 1)


def test_settings_have_the_words_of_a_reminder(school: Path) -> None:
    names = ClosedBook(master(school)).read(SETTINGS)[SETTINGS]["项目"].to_list()

    assert {"催交主题", "催交正文"} <= set(names)
