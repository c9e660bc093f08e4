"""Bad input, end to end: whatever stands in the master or in a file, staff get a sentence or problem rows, and lose nothing.

Each test spoils a real master as staff or another program would, and runs a command on it. What stops the command is one
Chinese sentence on standard error, exit code 2, and a book that is the same to the byte. What does not is a problem row
that names the sheet, the cell and the column, and every part that is not the program's own is the same to the byte.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.support.spoil import (
    EMPTY,
    edit_sheet,
    error,
    formula,
    number,
    part_of,
    put_on_sheets,
    rebuild,
    records,
    rename_sheet,
    rows_of,
    set_cells,
    sheets_of,
    staff_parts,
    text,
)
from tests.support.workbooks_made import parts
from xlbangfu import cli
from xlbangfu.actions.checked_school import ALL
from xlbangfu.errors import messages
from xlbangfu.schema import BY_NAME, INPUTS, OUTPUTS, PROBLEMS

pytestmark = pytest.mark.damaged
ENGLISH = re.compile(r"[A-Za-z]{4,}")
NAMES_OF_THINGS = re.compile(
    r"Excel|WPS|LibreOffice|DOCTYPE|xlbangfu|--[a-z-]+|[\w/-]*\.(?:xlsx|xlsm|xls|csv)\b|“[^”]*”"
)
FORMULA_SIGNS = tuple(
    sign.replace("1", "9731")
    for sign in ("=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://example.com/1")', "{=1}", "http://example.com/1")
)
WITH_CLASSES = ("班级", "教师", "名册", "成绩", "结对", "记录", "档案", "计划", "评价", "缺勤", "劝返")
WITH_STUDENTS = WITH_CLASSES[2:]
ENTITY = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def _a_failure_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outermost door writes a log and says so; here what it caught fails the test."""

    def fail(problem: BaseException) -> NoReturn:
        raise problem  # what ``main`` is handling

    monkeypatch.setattr(messages, "log", fail)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("总表") / "帮扶总表.xlsm"
    size = ["--students", "120", "--classes", "3", "--exams", "2", "--logs", "40"]
    assert cli.main(["new", str(path), "--sample", *size]) == 0
    return path


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("空表") / "帮扶总表.xlsm"
    assert cli.main(["new", str(path)]) == 0
    return path


@pytest.fixture
def book(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample, tmp_path / "总表.xlsm"))


@pytest.fixture
def empty_book(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "总表.xlsm"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return command


def refused(run: Run, book: Path, *arguments: object, words: str) -> None:
    """The command stops with one Chinese sentence that has these words; no file changed and none was added."""
    before = {path: path.read_bytes() for path in book.parent.rglob("*") if path.is_file()}

    said = run(*arguments)

    assert said.code == 2, said
    assert said.out == ""
    assert re.search(words, said.err), said.err
    assert said.err.endswith("。\n")
    assert said.err.count("\n") == 1
    assert not ENGLISH.search(NAMES_OF_THINGS.sub("", said.err)), said.err
    assert {path: path.read_bytes() for path in book.parent.rglob("*") if path.is_file()} == before


def done(run: Run, book: Path, command: str = "run") -> list[dict[str, Any]]:
    """The command ran, nothing of the staff's changed, every page opens; the rows of 校验."""
    before = staff_parts(book)
    out = book.parent / "班级页"

    said = run(command, book, *(["--out", out] if command in ("run", "pages") else []))

    found = records(book, "校验")
    assert said.err == ""
    assert said.code == int(any(row["级别"] == "错误" for row in found)), said
    assert staff_parts(book) == before
    for page in out.glob("*.xlsx"):
        assert all(rows_of(page, sheet) for sheet in sheets_of(page))
    return found


def cells(found: Sequence[dict[str, Any]], *numbers: str) -> set[tuple[str, str]]:
    """(number of the check, 单元格) of the problems."""
    return {(row["编号"], row["单元格"]) for row in found if not numbers or row["编号"] in numbers}


def formulas(path: Path) -> dict[str, list[str]]:
    """The formulas of each part of a workbook, with those of its defined names, validations and charts."""
    found = {}
    for name, data in parts(path).items():
        if name.endswith(".xml"):
            xml = data.decode()
            found[name] = re.findall(r"<(?:c:)?(?:f|formula1|formula2|definedName)(?: [^>]*)?>([^<]*)<", xml)
    return found


# Files that are no master


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(500)


BAD_FILES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "空"),
    "a text": (lambda _: b"hello", "不是"),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(200), "不是"),
    "an old .xls": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "另存为"),
    "encrypted": (lambda _: encrypted(), "密码"),
    "truncated": (lambda whole: whole[: len(whole) // 2], "损坏"),
    "cut by a few bytes": (lambda whole: whole[:-30], "损坏"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_what_is_no_workbook_is_refused_as_master_and_as_file_to_import(run, book, kind):
    spoil, words = BAD_FILES[kind]
    other = book.with_name("名册.xlsx")
    other.write_bytes(spoil(book.read_bytes()))

    refused(run, book, "import", book, other, words=words)
    refused(run, book, "validate", other, words=words)
    refused(run, book, "run", other, "--out", book.parent / "班级页", words=words)


def test_a_zip_bomb_is_refused_wherever_it_comes_in(run, book):
    bomb = Path(shutil.copy(book, book.with_name("名册.xlsx")))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as target, target.open("xl/bomb.xml", "w") as member:
        for _ in range(70):
            member.write(b"0" * (1 << 20))

    refused(run, book, "validate", bomb, words="大得不正常")
    refused(run, book, "import", book, bomb, words="大得不正常")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "名册", "xl/sharedStrings.xml"])
def test_an_entity_bomb_is_refused_wherever_it_comes_in(run, book, part):
    bomb = Path(shutil.copy(book, book.with_name("名册.xlsx")))
    path = part if "/" in part else part_of(bomb, part)
    body = parts(bomb)[path]
    rebuild(bomb, {path: ENTITY + body[body.index(b"?>") + 2 :]})

    refused(run, book, "validate", bomb, words="恶意")
    refused(run, book, "import", book, bomb, words="恶意")


def test_a_folder_a_missing_file_and_a_missing_folder_are_named(run, book, tmp_path):
    missing, out = tmp_path / "没有.xlsm", tmp_path / "班级页"
    for command in (["validate"], ["refresh"], ["run", "--out", out], ["pages", "--out", out], ["restore"]):
        refused(run, book, command[0], missing, *command[1:], words="找不到")
        refused(run, book, command[0], tmp_path, *command[1:], words="文件夹")
    refused(run, book, "import", book, tmp_path / "没有.csv", words="找不到")
    refused(run, book, "import", book, tmp_path, words="文件")
    refused(run, book, "new", tmp_path / "没有" / "总表.xlsm", words="先建好")
    refused(run, book, "new", book, words="已经有了")
    refused(run, book, "new", tmp_path / "总表.xlsx", words=r"以 \.xlsm 结尾")
    refused(run, book, "demo", book, words="同名")


def test_an_out_folder_that_is_a_file_is_refused_before_anything_is_written(run, book, tmp_path):
    taken = tmp_path / "占着"
    taken.write_text("x", encoding="utf-8")

    refused(run, book, "run", book, "--out", taken, words="是文件，不是文件夹")
    refused(run, book, "pages", book, "--out", taken / "里面", words="是文件，不是文件夹")


def test_a_class_that_is_not_there_is_named(run, book, tmp_path):
    refused(run, book, "pages", book, "--out", tmp_path / "页", "--class", "初四9班", words="没有“初四9班”")


def test_a_run_that_is_refused_leaves_no_new_folder_and_keeps_an_old_one(run, book, tmp_path):
    rename_sheet(book, "排名", "旧排名")
    (tmp_path / "旧").mkdir()

    refused(run, book, "run", book, "--out", tmp_path / "新", words="排名")
    refused(run, book, "run", book, "--out", tmp_path / "旧", words="排名")

    assert not (tmp_path / "新").exists()
    assert (tmp_path / "旧").is_dir()


def test_a_read_only_book_is_refused(run, book, monkeypatch):
    """Whoever runs the tests may be allowed everything, so the system's answer is made up."""
    from xlbangfu.book.safety import locks

    book.chmod(0o444)
    monkeypatch.setattr(locks.os, "access", lambda *_: False)

    refused(run, book, "validate", book, words="只读")


@pytest.mark.parametrize(
    "arguments",
    [
        ["无此命令"],
        ["import", "总表.xlsm"],
        ["person", "总表.xlsm"],
        ["validate"],
        ["validate", "总表.xlsm", "--foo"],
        ["validate", "总表.xlsm", "--json=3"],
        ["restore", "总表.xlsm", "--take"],
        ["restore", "总表.xlsm", "--take", "一"],
        ["new", "总表.xlsm", "--students", "许多"],
        ["new", "总表.xlsm", "--host", "别的"],
        ["new", "总表.xlsm", "--h", "x"],
        ["new", "总表.xlsm", "--sample", "--students", "-4"],
        ["new", "总表.xlsm", "--sample", "--students", "2", "--classes", "3"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_said_in_chinese(run, arguments):
    said = run(*arguments)

    assert said.code == 2
    assert said.out == ""
    assert not ENGLISH.search(re.sub(r"'[a-z-]+'|--?[a-z]+|xlbangfu( \w+)?", "", said.err)), said.err


# Sheets and columns


@pytest.mark.parametrize("table", [table.name for table in INPUTS])
def test_a_renamed_input_sheet_is_one_error_and_nothing_is_lost(run, book, table):
    rename_sheet(book, table, f"{table}（旧）")

    found = done(run, book, "validate")

    assert ("V01", "") in cells(found)
    assert next(row for row in found if row["编号"] == "V01")["怎么改"].startswith(f"把改了名的工作表改回“{table}”")


@pytest.mark.parametrize("table", [table.name for table in ALL])
def test_what_would_come_without_a_sheet_never_takes_the_place_of_good_pages(run, book, tmp_path, table):
    pages = book.parent / "班级页"
    done(run, book)
    rename_sheet(book, table, f"{table}（旧）")

    refused(run, book, "run", book, "--out", pages, words=f"没有工作表“{table}”.*什么也没有改.*改回“{table}”")


@pytest.mark.parametrize("table", ["组织", "保障", "活动"])
def test_a_sheet_that_only_tells_something_stops_nothing(run, book, table):
    rename_sheet(book, table, f"{table}（旧）")

    assert ("V01", "") in cells(done(run, book))


@pytest.mark.parametrize("table", ["控制台", "校验", "排名", "帮扶排名", "班级汇总", "运行记录"])
def test_a_renamed_output_sheet_is_refused_with_its_name(run, book, tmp_path, table):
    rename_sheet(book, table, "我的表")

    refused(run, book, "run", book, "--out", tmp_path / "班级页", words=f"没有工作表“{table}”.*改回原名")


def test_an_output_sheet_that_is_not_needed_may_be_missing(run, book):
    rename_sheet(book, "排名", "我的表")

    assert done(run, book, "validate") == []


def indispensable_columns() -> list[tuple[str, str]]:
    return [
        (table, column)
        for table in ("科目", "班级", "名册", "考试", "成绩", "记录", "结对")
        for column in BY_NAME[table].required
    ]


@pytest.mark.parametrize(("table", "column"), indispensable_columns())
def test_a_renamed_column_is_a_problem_row_and_never_a_crash(run, book, table, column):
    at = BY_NAME[table].names.index(column)
    set_cells(book, table, {f"{chr(65 + at)}1": text("别的")})

    found = done(run, book, "validate")

    told = {(row["工作表"], row["列"]): row["编号"] for row in found if row["编号"] in ("V02", "V03")}
    assert list(told) == [(table, column)]
    if told[table, column] == "V02":
        refused(run, book, "run", book, "--out", book.parent / "页", words=f"“{table}”没有“{column}”这一列")
    if table in ("记录", "结对"):
        done(run, book, "refresh")  # ranks do not rest on them


def test_a_doubled_column_is_told_and_the_first_is_read(run, book):
    set_cells(book, "名册", {"S1": text("姓名"), "S2": text("别名")})

    found = done(run, book)

    assert cells(found) == {("V04", "名册!B1")}
    assert "别名" not in {row["姓名"] for row in records(book, "排名")}


def test_a_doubled_subject_is_told(run, book):
    set_cells(book, "成绩", {"G1": text("语文")})

    assert "V04" in {row["编号"] for row in done(run, book)}


def test_the_order_of_columns_does_not_matter(run, book):
    def swapped(xml: str) -> str:
        """姓名 and 性别 of 名册 in each other's place."""
        xml = re.sub(r'<c r="B(\d+)"', r'<c r="#\1"', xml)
        xml = re.sub(r'<c r="C(\d+)"', r'<c r="B\1"', xml)
        return re.sub(r'(<c r="#\d+".*?)(<c r="B\d+".*?)(?=<c r="D)', r"\2\1", xml).replace('r="#', 'r="C')

    expected = {row["学号"]: row["姓名"] for row in records(book, "名册")}
    edit_sheet(book, "名册", swapped)

    assert done(run, book) == []
    assert rows_of(book, "名册")[0][1:3] == ["性别", "姓名"]
    assert all(expected[row["学号"]] == row["姓名"] for row in records(book, "排名"))


def test_columns_of_the_staff_keep_their_values_and_formulas_on_sheets_of_both_kinds(run, book):
    done(run, book)
    for sheet, column in (("名册", "S"), ("排名", "AB"), ("运行记录", "H")):
        set_cells(book, sheet, {f"{column}1": text("我的列"), f"{column}2": formula("1+1", 2)})
    set_cells(book, "排名", {"AB3": text("记一笔")})
    noted = records(book, "排名")[1]["学号"]

    done(run, book)

    for sheet in ("名册", "排名", "运行记录"):
        assert 2 in [row["我的列"] for row in records(book, sheet)]
        assert "<f>1+1</f>" in parts(book)[part_of(book, sheet)].decode()
    assert next(row for row in records(book, "排名") if row["我的列"] == "记一笔")["学号"] == noted


def test_a_renamed_column_of_an_output_sheet_is_made_anew_and_the_old_one_stays(run, book):
    set_cells(book, "成绩", {"F5": text("没写")})
    done(run, book)
    note = get_column_letter(PROBLEMS.names.index("备注") + 1)
    set_cells(book, "校验", {f"{note}1": text("我的备注"), f"{note}2": text("问过了")})

    done(run, book)

    [row] = records(book, "校验")
    assert (row["我的备注"], row["备注"], row["单元格"]) == ("问过了", "", "成绩!F5")


def setting(book: Path, name: str) -> str:
    """The cell of 设置 that holds the value."""
    return f"B{next(at for at, row in enumerate(records(book, '设置'), 2) if row['项目'] == name)}"


def without_rows(xml: str) -> str:
    return re.sub(r"<sheetData>.*</sheetData>", "<sheetData/>", xml)


def header_only(xml: str) -> str:
    return re.sub(r'(<sheetData><row r="1".*?</row>).*</sheetData>', r"\1</sheetData>", xml)


@pytest.mark.parametrize("table", ["设置", "科目", "教师", "班级", "名册", "考试", "成绩", "记录"])
@pytest.mark.parametrize("emptied", [without_rows, header_only])
def test_an_input_sheet_with_nothing_on_it_is_no_crash(run, book, table, emptied):
    edit_sheet(book, table, emptied)

    found = done(run, book, "validate" if emptied is without_rows else "refresh")

    if emptied is without_rows:
        assert any(row["编号"] in ("V02", "V03") and row["工作表"] == table for row in found)
        refused(run, book, "run", book, "--out", book.parent / "页", words=f"工作表“{table}”没有")


def test_an_output_sheet_without_its_header_is_refused(run, book, tmp_path):
    edit_sheet(book, "排名", without_rows)

    refused(run, book, "run", book, "--out", tmp_path / "班级页", words="“排名”的第 1 行不是原来的标题")


def test_merged_cells_are_pointed_at_and_the_rest_of_the_table_is_read(run, book):
    merged = '<mergeCells count="2"><mergeCell ref="D2:D5"/><mergeCell ref="B7:C7"/></mergeCells>'

    def merge(xml: str) -> str:
        for address in ("D3", "D4", "D5", "C7"):
            xml = re.sub(rf'(<c r="{address}"[^>]*?) t="inlineStr">.*?</c>', r"\1/>", xml)
        return re.sub(r"(</sheetData>(?:<sheetProtection[^>]*>)?)", rf"\1{merged}", xml)

    edit_sheet(book, "名册", merge)

    found = done(run, book)

    assert cells(found, "V05") == {("V05", "名册!D2"), ("V05", "名册!B7")}
    assert cells(found, "V15") == {("V15", f"名册!D{row}") for row in (3, 4, 5)}
    assert {row["学号"] for row in records(book, "排名")} > {records(book, "名册")[10]["学号"]}


# Cells


def test_formulas_in_error_are_problems_of_their_cells(run, book):
    set_cells(book, "成绩", {"F5": error("VLOOKUP(1,A:A,2)"), "G5": error("1/0", "#DIV/0!")})
    set_cells(book, "名册", {"C9": error("A1")})

    found = done(run, book)

    assert cells(found) == {("V07", "成绩!F5"), ("V07", "成绩!G5"), ("V12", "名册!C9")}


def test_marks_that_are_no_marks_are_void_and_text_that_is_a_number_is_read(run, book):
    set_cells(
        book,
        "成绩",
        {
            "F5": text("88"),
            "F6": text("８８．５"),
            "F7": text("缺考"),
            "F8": text("优"),
            "F9": text("-5"),
            "F10": number(999),
            "F11": number(1e308),
            "F12": text("=90"),
            "F13": text("nan"),
            "F14": 't="b"><v>1</v>',
        },
    )
    names = {row: record["学号"] for row, record in enumerate(records(book, "成绩"), 2)}

    found = done(run, book)

    void = {("V11", f"成绩!F{row}") for row in (8, 12, 13, 14)} | {("V23", f"成绩!F{row}") for row in (9, 10, 11)}
    assert cells([row for row in found if row["级别"] == "错误"]) == void
    assert cells(found, "V13") >= {("V13", "成绩!F5"), ("V13", "成绩!F6")}
    notes = {row["学号"]: row["说明"] for row in records(book, "排名") if row["考试编号"] == "2025上期末"}
    assert [notes[names[row]] for row in (5, 6)] == ["", ""]
    assert "缺考" in notes[names[7]]
    assert all("未录" in notes[names[row]] for row in range(8, 15))


def test_a_student_number_that_lost_its_zeros_is_pointed_at_and_never_guessed(run, book):
    set_cells(book, "名册", {"A5": number(250104)})

    found = done(run, book)

    assert [row["问题"] for row in found if row["编号"] == "V94"] == [
        "“学号”里有 1 个比别的短（250104 → 0250104），开头的 0 可能已经丢了"
    ]
    lost = {cell for _, cell in cells(found) if cell.startswith("成绩")}
    assert lost == {"成绩!B5", "成绩!B124"}
    assert "0250104" not in {row["学号"] for row in records(book, "排名")}
    assert "250104" not in {row["学号"] for row in records(book, "排名")}


DATES = ("2026年3月1日", "2026.3.1", "20260301", "2026/3/1", "2026-3-1 14:30", "２０２６年３月１日", "2026年03月01日")
NO_DATES = ("三月一日", "2026-02-30", "3月1日", "26.3.1", "明天", "=TODAY()")


def test_dates_as_text_are_read_in_the_usual_forms_and_others_are_told(run, book):
    typed = {f"B{row}": text(day) for row, day in enumerate((*DATES, *NO_DATES), 2)}
    set_cells(book, "记录", typed | {"B20": number(20260301), "B21": number(99999999)})

    found = done(run, book)

    good, bad = [*range(2, 2 + len(DATES)), 20], [*range(2 + len(DATES), 2 + len(DATES) + len(NO_DATES)), 21]
    assert cells(found) == {("V14", "记录!B2")} | {("V09", f"记录!B{row}") for row in bad}
    assert (
        f"（同样的共 {len(good)} 处：B2、B3、B4、B5、B6 等）"
        in next(row for row in found if row["编号"] == "V14")["问题"]
    )


def test_an_exam_without_a_date_voids_what_refers_to_it(run, book):
    set_cells(book, "考试", {"C2": EMPTY})

    found = done(run, book)

    assert cells(found, "V15") == {("V15", "考试!C2")}
    assert {row["考试编号"] for row in records(book, "排名")} == {"2025下期末"}
    marks = sum(row["考试编号"] == records(book, "考试")[0]["考试编号"] for row in records(book, "成绩"))
    [cause] = [row for row in found if row["编号"] == "V15"]
    assert f"（“成绩”{marks} 处跟着不能用）" in cause["问题"]
    assert "V39" not in {row["编号"] for row in found}


def test_two_students_of_one_name_are_two_students(run, book):
    name = records(book, "名册")[0]["姓名"]
    set_cells(book, "名册", {"B3": text(name)})
    set_cells(book, "成绩", {"B2": EMPTY, "C3": text(name), "C122": text(name)})
    assert [row["学号"] for row in records(book, "成绩")][120] == "0250102"

    found = done(run, book)

    assert cells(found, "V33") == {("V33", "成绩!C2")}
    assert cells(found, "V47") == {("V47", "名册!B2"), ("V47", "名册!B3")}
    assert {row["学号"] for row in records(book, "排名") if row["姓名"] == name} == {"0250101", "0250102"}


def test_a_class_nobody_teaches_and_an_exam_nobody_sat_are_warnings(run, book):
    put_on_sheets(book, ("教师",), {"初三1班": "初二1班"})
    add_row(
        book, "考试", "考试编号", {"A": text("空考"), "B": text("空考"), "C": number(46000), "D": text("2025-2026上")}
    )

    found = done(run, book)

    assert [row["级别"] for row in found if row["编号"] in ("V65", "V66")] == ["警告", "警告"]
    assert {row["考试编号"] for row in records(book, "班级汇总")} == {"2025上期末", "2025下期末"}


def add_row(book: Path, sheet: str, key: str, row: dict[str, str]) -> None:
    at = len(records(book, sheet)) + 2
    made = "".join(f'<c r="{column}{at}" {inside}</c>' for column, inside in row.items())
    edit_sheet(book, sheet, lambda xml: xml.replace("</sheetData>", f'<row r="{at}">{made}</row></sheetData>'))
    assert records(book, sheet)[-1][key]


def test_ten_thousand_problems_of_one_kind_are_told_once_and_all_are_counted(run, book):
    student = next(row for row in records(book, "名册") if row["学号"] == "0230125")
    made = "".join(
        f'<row r="{row}"><c r="A{row}" {text(f"坏{row}")}</c><c r="B{row}" {text("某天")}</c>'
        f'<c r="C{row}" {text("0230125")}</c><c r="D{row}" {text(student["姓名"])}</c>'
        f'<c r="E{row}" {text(student["班级"])}</c><c r="F{row}" {text("0020")}</c><c r="G{row}" {text("谈心")}</c>'
        f'<c r="H{row}" {text("谈")}</c></row>'
        for row in range(100, 10_100)
    )
    edit_sheet(book, "记录", lambda xml: xml.replace("</sheetData>", f"{made}</sheetData>"))

    found = done(run, book)

    assert cells(found, "V09") == {("V09", "记录!B100")}
    told = next(row for row in found if row["编号"] == "V09")
    assert told["问题"].endswith("（同样的共 10000 处：B100、B101、B102、B103、B104 等）")


# Text that could be taken for something else


def test_nothing_that_staff_typed_becomes_a_formula_or_a_link_anywhere(run, book):
    expected, links = formulas(book), len(re.findall("<hyperlink ", parts(book)[part_of(book, "名册")].decode()))
    tracked = [row["姓名"] for row in records(book, "名册") if row["帮扶类别"] == "学困"]
    put_on_sheets(book, WITH_STUDENTS, dict(zip(tracked, FORMULA_SIGNS, strict=True)))
    put_on_sheets(book, WITH_CLASSES, {"初二1班": "=9731班", "初三1班": "@班9731"})
    put_on_sheets(book, ("科目", "教师", "名册", "结对"), {"语文": "-语文9731"})
    set_cells(book, "成绩", {"F1": text("-语文9731")})
    put_on_sheets(book, ("考试", "成绩"), {"2025下期末": "+9731期末", "2025—2026学年度第二学期期末考试": "=9731"})
    set_cells(book, "设置", {setting(book, "学校名称"): text("=9731")})
    entries = {f"{column}{row}": text(FORMULA_SIGNS[row % 7]) for row in range(2, 42) for column in "LMNP"}
    set_cells(book, "记录", entries)

    assert [row for row in done(run, book) if row["级别"] == "错误"] == []

    assert formulas(book) == expected
    assert len(re.findall("<hyperlink ", parts(book)[part_of(book, "名册")].decode())) == links
    names = {row["姓名"] for row in records(book, "排名")}
    assert set(FORMULA_SIGNS) <= names
    assert any("=9731班" in row["校验码"] for row in records(book, "运行记录"))
    made = sorted((book.parent / "班级页").glob("*.xlsx"))
    assert len(made) == 4
    for path in made:
        assert not any("9731" in one for part in formulas(path).values() for one in part)
        assert not any(b"example.com" in data for name, data in parts(path).items() if name.endswith(".rels"))
        assert any("9731" in str(cell) for sheet in sheets_of(path) for row in rows_of(path, sheet) for cell in row)


def test_rows_that_are_imported_stay_text(run, empty_book, tmp_path):
    expected = formulas(empty_book)
    file = tmp_path / "名 册.csv"
    rows = "".join(
        f'000{row},"{name.replace(chr(34), chr(34) * 2)}",初一1班,初一\n' for row, name in enumerate(FORMULA_SIGNS)
    )
    file.write_text(f"学号,姓名,班级,年级\n{rows}", encoding="utf-8-sig")

    assert run("import", empty_book, file).code == 0

    assert [row["姓名"] for row in records(empty_book, "名册")] == list(FORMULA_SIGNS)
    assert formulas(empty_book) == expected


STRANGE_NAMES = ("名" * 300, "😀👨‍👩‍👧", "a_x0001_b", "a_x000D_b", "<b>&\"'", "O'Brien|王", "\u202e倒")


def test_strange_names_come_out_as_they_went_in(run, book):
    tracked = [row["姓名"] for row in records(book, "名册") if row["帮扶类别"] == "学困"]
    put_on_sheets(book, WITH_STUDENTS, dict(zip(tracked, STRANGE_NAMES, strict=True)))
    typed = {row["学号"]: row["姓名"] for row in records(book, "名册")}

    assert done(run, book) == []

    assert all(typed[row["学号"]] == row["姓名"] for row in records(book, "排名"))


def test_names_that_look_like_something_else_are_names(run, book):
    names = ("null", "NaN", "None", "TRUE", "123", "2026-01-01")
    students = [row["姓名"] for row in records(book, "名册")]
    put_on_sheets(book, WITH_STUDENTS, dict(zip(students, names, strict=False)))

    assert done(run, book, "refresh") == []
    assert set(names) <= {row["姓名"] for row in records(book, "排名")}


def test_the_longest_text_that_a_cell_holds_is_carried(run, book):
    set_cells(book, "记录", {"H2": text("字" * 32767), "H3": text("😀" * 16383)})

    assert done(run, book) == []


# Names of files and pages


CLASS_NAMES = (
    ("CON", "NUL", "aux."),
    ("a:b", "a?b", "A_B"),
    ("../../../上级", "..\\上级", "C:\\上级"),
    ("班" * 300, "班" * 299 + "级", "😀" * 60),
    (".", "。", "-1"),
    ("&G&P", 'a&b<c>"', "_x0041_"),
)


@pytest.mark.parametrize("names", CLASS_NAMES)
def test_classes_whose_names_make_bad_or_equal_file_names_each_get_their_page(run, book, names):
    put_on_sheets(book, WITH_CLASSES, dict(zip(("初一1班", "初二1班", "初三1班"), names, strict=True)))

    assert [row for row in done(run, book) if row["级别"] == "错误"] == []

    folder = book.parent / "班级页"
    listed = [row[2] for row in rows_of(folder / "目录.xlsx", "目录")[3:]]
    assert {path.name for path in folder.iterdir()} == {*listed, "目录.xlsx", "群通知.txt"}
    assert len({name.casefold() for name in listed}) == 3
    for name in listed:
        assert not re.search(r'[\x00-\x1f<>:"/\\|?*]', name)
        assert len(name.encode()) <= 255
        assert not re.fullmatch(r"(?i)(con|nul|aux|prn|com\d|lpt\d)(\..*)?", name)
        for header in re.findall(r"<odd\w+>(.*?)</odd", parts(folder / name)["xl/worksheets/sheet1.xml"].decode()):
            assert len(header.replace("&amp;", "&")) <= 255
    assert {path.name for path in book.parent.iterdir()} == {"总表.xlsm", "班级页", "备份"}


@pytest.mark.parametrize("word", ["学困生", "学 困", "学\u200b困"])
def test_the_word_that_may_not_go_out_is_refused_as_the_word_that_goes_out(run, book, word):
    set_cells(book, "设置", {setting(book, "对外称谓"): text(word)})

    found = done(run, book)

    assert cells(found) == {("V24", f"设置!{setting(book, '对外称谓')}")}
    for path in (book.parent / "班级页").glob("*.xlsx"):
        assert "重点关爱" in path.name or path.name == "目录.xlsx"
        assert not any("学困".encode() in data for data in parts(path).values())


@pytest.mark.parametrize("word", ["a/b", "=关爱", "..", "称" * 300, "'[*?"])
def test_any_other_word_makes_pages_that_open(run, book, word):
    set_cells(book, "设置", {setting(book, "对外称谓"): text(word)})

    assert done(run, book) == []
    made = list((book.parent / "班级页").glob("*.xlsx"))
    assert len(made) == 4
    openpyxl.load_workbook(made[0])


def test_settings_of_nonsense_are_problem_rows_and_the_defaults_serve(run, book):
    nonsense = {
        "学年开始": "昨天",
        "学期开始": "2026-13-01",
        "计算日期": "99999",
        "学段": "大学",
        "班级页名次显示": "都显示",
        "等级线": "abc",
        "奖项比例": "1:2:3",
        "排查考试数": "两次",
        "排查百分位": "-8%",
        "每师上限": "很多",
        "考后谈心天数": "7.5",
        "每分钟封数": "nan",
        "备份份数": "0",
        "备份天数": "-1",
        "点完自动保存": "也许",
        "保存年限": "1e400",
    }
    at = {row[0]: f"B{place}" for place, row in enumerate(rows_of(book, "设置"), 1)}
    set_cells(book, "设置", {at[item]: text(value) for item, value in nonsense.items()})

    found = done(run, book)

    assert cells(found, "V24") == {("V24", f"设置!{at[item]}") for item in nonsense}
    assert len(records(book, "排名")) > 200


# Whole books


@pytest.mark.parametrize("command", ["validate", "refresh", "pages", "run"])
def test_an_empty_master_goes_through_every_command(run, empty_book, command):
    assert done(run, empty_book, command) == []


def test_a_roster_alone_is_enough_to_run(run, empty_book, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_text("学号,姓名,班级,年级\n0001,王一,初一1班,初一\n0002,李二,初一2班,初一\n", encoding="gb18030")

    assert run("import", empty_book, file).code == 0
    found = done(run, empty_book)

    assert {row["级别"] for row in found} == {"警告"}
    assert len(list((empty_book.parent / "班级页").glob("*.xlsx"))) == 3


@pytest.mark.parametrize("name", ["我的 总表（新）.xlsm", "总表.xlsx", "总 表"])
def test_a_book_of_any_name_is_taken_for_what_it_is(run, book, tmp_path, name):
    folder = tmp_path / "教务处 资料"
    folder.mkdir()

    assert done(run, book.rename(folder / name)) == []


def test_pages_may_go_beside_the_book_or_among_its_backups(run, book):
    for out in (book.parent, book.parent / "备份"):
        assert run("run", book, "--out", out).code == 0
        assert (out / "目录.xlsx").exists()
    said = run("restore", book)
    assert said.code == 0
    assert said.out.count("一键完成") == 2
    assert "目录" not in said.out


def records_of(book: Path) -> dict[str, list[dict[str, Any]]]:
    return {table.name: rows_of(book, table.name) for table in (*INPUTS, *OUTPUTS)}


def test_a_book_that_is_ruined_comes_back_from_its_backup(run, book):
    whole, records = book.read_bytes(), records_of(book)
    done(run, book)
    book.write_bytes(whole[:1000])
    refused(run, book, "restore", book, "--take", "2", words="共有 1 份")

    said = run("restore", book, "--take", "1")

    assert (said.code, said.err) == (0, "")
    assert records_of(book) == records


def test_a_book_that_is_gone_comes_back_from_its_backup(run, book):
    records = records_of(book)
    done(run, book)
    book.unlink()

    assert run("restore", book, "--take", "1").code == 0

    assert records_of(book) == records


def test_a_book_that_another_program_saved_keeps_its_values(run, book):
    """openpyxl writes shared strings and no macros, as Excel does in an .xlsx."""
    expected = {table.name: rows_of(book, table.name) for table in INPUTS}
    other = book.with_suffix(".xlsx")
    openpyxl.load_workbook(book).save(other)

    assert done(run, other) == []

    assert {table.name: rows_of(other, table.name) for table in INPUTS} == expected
    done(run, book)
    for table in OUTPUTS[1:]:
        assert records(other, table.name) == records(book, table.name)


@pytest.mark.office
@pytest.mark.slow
def test_a_book_that_libreoffice_saved_keeps_its_values(run, book, tmp_path):
    profile = f"-env:UserInstallation={(tmp_path / '办公').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "另存", book]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    other = tmp_path / "另存" / "总表.xlsx"

    assert done(run, other) == []

    assert {table.name: rows_of(other, table.name) for table in INPUTS} == {
        table.name: rows_of(book, table.name) for table in INPUTS
    }


def test_a_file_to_import_that_says_nothing_leaves_every_input_as_it_is(run, book, tmp_path):
    before = staff_parts(book)
    file = tmp_path / "成绩.csv"
    file.write_text(
        "考试编号,学号,姓名,语文\n2025上期末,9999999,无名氏,88\n2025上期末,0250101,,=1+1\n", encoding="utf-8"
    )

    said = run("import", book, file)

    assert said.code == 1
    assert staff_parts(book) == before
    listed = [(row["种类"], row["单元格"]) for row in records(book, "导入核对")]
    assert listed == [("错误", "D3"), ("错误", "第 2 行")]
    assert "location=\"'成绩" not in parts(book)[part_of(book, "校验")].decode()


def test_a_workbook_that_is_no_master_is_called_that(run: Run, tmp_path: Path) -> None:
    path, workbook = tmp_path / "通讯录.xlsx", openpyxl.Workbook()
    workbook.active.append(["姓名", "电话"])
    workbook.save(path)

    refused(run, path, "validate", path, words="“通讯录.xlsx”不是帮扶总表")
