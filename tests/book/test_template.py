"""The master workbook as it is on disk: what is opened here is the file, not what was asked of XlsxWriter."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import warnings
import xml.etree.ElementTree as ET
import zipfile
from datetime import date, datetime
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from xlbangfu import catalog, sample, schema
from xlbangfu.book import template
from xlbangfu.book.row_heights import MOST_LINES
from xlbangfu.book.template import record_rows
from xlbangfu.book.template.sheet_layout import Layout, reach
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.errors import WriteFailed
from xlbangfu.front_page import counts, next_step
from xlbangfu.house_look import row_height
from xlbangfu.ooxml.addresses import letters
from xlbangfu.sample.made import BrokenFormula, Fault, Planted
from xlbangfu.schema import (
    CLASSES,
    CONSOLE,
    EXAMS,
    LOG,
    PROBLEMS,
    ROSTER,
    SCORES,
    SETTINGS,
    SUPPORT,
    TEACHERS,
    Defect,
    Kind,
    Table,
    Type,
)
from xlbangfu.settings import is_heading, sheet_rows

CREATED = datetime(2026, 3, 1, 8, 30)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
build = partial(template.build, created=CREATED)


def frame(table: Table, *records: dict[str, Any]) -> pl.DataFrame:
    blank = dict.fromkeys(table.names)
    return pl.DataFrame([blank | record for record in records], schema=table.frame_schema)


SCHOOL: dict[Table, pl.DataFrame] = {
    TEACHERS: frame(
        TEACHERS,
        {"工号": "001", "姓名": "甲老师", "角色": "班主任", "在岗": "是"},
        {"工号": "002", "姓名": "乙老师", "角色": "行政、任课教师", "在岗": "否"},
    ),
    CLASSES: frame(
        CLASSES,
        {"班级": "初一1班", "年级": "初一", "班主任": "001 甲老师"},
        {"班级": "初二1班", "年级": "初二", "班主任": "002"},
        {"班级": "初二2班", "年级": "初二", "班主任": "甲老师"},
    ),
    ROSTER: frame(
        ROSTER,
        {"学号": "0012", "姓名": "=王", "班级": "初一1班", "在籍状态": "在读", "帮扶类别": "学困", "重点": "是"},
        {"学号": "0013", "姓名": "李<&>", "班级": "初二1班", "在籍状态": "转出", "异动日期": date(2026, 3, 2)},
    ),
    EXAMS: frame(
        EXAMS, {"考试编号": "期中", "名称": "期中考试", "日期": date(2025, 11, 6), "学期": "上", "类型": "期中"}
    ),
    SCORES: frame(SCORES, {"考试编号": "期中", "学号": "0012"}, {"考试编号": "期中", "学号": "0013"}).with_columns(
        pl.Series("语文", [97.5, None]), pl.Series("语文·状态", [None, "缺考"])
    ),
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "空表.xlsm"
    build(path)
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "总表.xlsm"
    build(path, frames=SCHOOL)
    return path


@pytest.fixture(scope="module")
def book(filled: Path) -> openpyxl.Workbook:
    return opened(filled)


def opened(path: Path, *, data_only: bool = False) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says that it leaves the macros and buttons alone
        return openpyxl.load_workbook(path, data_only=data_only)


def cells(path: Path, table: Table) -> list[list[Any]]:
    with CalamineWorkbook.from_path(str(path)) as workbook:
        return workbook.get_sheet_by_name(table.name).to_python(skip_empty_area=False)


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def sheet_part(path: Path, table: Table) -> str:
    return part(path, f"xl/worksheets/sheet{schema.TABLES.index(table) + 1}.xml")


def rules(book: openpyxl.Workbook, table: Table) -> dict[str, Any]:
    """The data validations of a sheet by the heading of their column."""
    sheet = book[table.name]
    return {
        sheet.cell(1, area.min_col).value: rule
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
    }


def test_there_is_one_sheet_a_table_and_the_front_page_comes_first(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == [*(table.name for table in schema.TABLES), LISTS]
    assert book.active is not None
    assert book.active.title == CONSOLE.name


@pytest.mark.parametrize("table", schema.TABLES[1:], ids=lambda table: table.name)
def test_each_sheet_is_an_excel_table_of_the_schema(book: openpyxl.Workbook, table: Table) -> None:
    sheet = book[table.name]
    found = sheet.tables[table.list_object]
    names = [column.name for column in found.tableColumns]
    assert names[: len(table.names)] == table.names
    assert [cell.value for cell in sheet[1]] == names
    height = SCHOOL[table].height if table in SCHOOL else max(1, len(sheet_rows()) if table is SETTINGS else 1)
    assert found.ref.endswith(str(height + 1))
    assert sheet.sheet_properties.tabColor.rgb.endswith(table.kind.colour[1:])


@pytest.mark.parametrize("table", schema.TABLES[1:], ids=lambda table: table.name)
def test_a_row_typed_below_the_last_has_the_columns_format(book: openpyxl.Workbook, table: Table) -> None:
    sheet = book[table.name]
    groups = list(sheet.column_dimensions.values())  # neighbours that look alike are one group
    for index, column in enumerate(table, start=1):
        below = next(group for group in groups if group.min <= index <= group.max)
        assert below.number_format == column.number_format
        assert sheet.cell(2, index).number_format == column.number_format


@pytest.mark.parametrize("table", schema.TABLES[1:], ids=lambda table: table.name)
def test_the_one_row_of_an_empty_sheet_carries_every_columns_style(empty: Path, table: Table) -> None:
    first = re.search(r'<row r="2".*?</row>', sheet_part(empty, table))
    assert first is not None
    assert len(re.findall(r'<c r="[A-Z]+2" s="\d+"', first[0])) == len(table.names)


@pytest.mark.parametrize("table", schema.TABLES[1:], ids=lambda table: table.name)
def test_each_sheet_is_ready_to_print_on_a4(book: openpyxl.Workbook, table: Table) -> None:
    sheet = book[table.name]
    assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth in (None, 1)) and sheet.page_setup.fitToHeight == 0
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes is not None
    assert bool(sheet.page_setup.blackAndWhite) is (table.kind is Kind.INPUT)


def test_what_has_never_run_is_hidden_and_what_has_is_shown(tmp_path: Path, book: openpyxl.Workbook) -> None:
    hidden = {name for name in book.sheetnames if book[name].sheet_state == "hidden"}
    step = next_step.proposed(SCHOOL, today=CREATED.date())
    needed = {CONSOLE, SETTINGS, *step.sheets, *(table for table in SCHOOL if SCHOOL[table].height)}
    assert hidden == {table.name for table in schema.TABLES if table not in needed} | {LISTS}
    build(
        tmp_path / "b.xlsm",
        frames={PROBLEMS: frame(PROBLEMS, {"级别": "错误", "单元格": "名册!A2", "定位": "名册|1|学号"})},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        checked = openpyxl.load_workbook(tmp_path / "b.xlsm")[PROBLEMS.name]
    assert checked.sheet_state == "visible"
    link = letters(PROBLEMS.names.index("单元格"))
    assert checked[f"{link}2"].hyperlink.location == "名册!A2"
    assert checked.column_dimensions[letters(PROBLEMS.names.index("定位"))].hidden


def test_records_are_read_back_as_they_were_given(filled: Path) -> None:
    roster = cells(filled, ROSTER)
    assert roster[1][:5] == ["0012", "=王", "", "初一1班", "在读"]
    assert roster[2][:6] == ["0013", "李<&>", "", "初二1班", "转出", date(2026, 3, 2)]
    assert cells(filled, SCORES) == [
        [*SCORES.names, "语文"],
        ["期中", "0012", "", "", "", 97.5],
        ["期中", "0013", "", "", "", "缺考"],
    ]


def test_settings_stand_as_text_with_the_term_of_the_day_and_their_explanations(empty: Path) -> None:
    sheet = cells(empty, SETTINGS)
    assert [tuple(row) for row in sheet[1:]] == sheet_rows(CREATED.date())
    assert all(row[2] for row in sheet[1:] if not is_heading(row[0]))


def test_a_planted_value_stands_raw_in_its_cell(tmp_path: Path) -> None:
    values: list[object] = [12, 3.5, True, "a<b", date(2026, 3, 2), datetime(2026, 3, 2, 6), None]
    pupils = frame(ROSTER, *({"学号": f"{number:04}", "姓名": "某"} for number in range(len(values))))
    planted = [
        Planted(table=ROSTER, row_index=index, column="学号", value=value, check="V00")
        for index, value in enumerate(values)
    ]
    build(tmp_path / "b.xlsm", frames={ROSTER: pupils}, planted=planted)
    assert [row[0] for row in cells(tmp_path / "b.xlsm", ROSTER)[1:]] == [12.0, 3.5, True, "a<b", 46083.0, 46083.25, ""]


def test_a_broken_formula_stands_with_its_error(tmp_path: Path) -> None:
    broken = BrokenFormula(formula='VLOOKUP("<某>",A:A,1,FALSE)', error="#N/A")
    planted = [Planted(table=CLASSES, row_index=1, column="年级", value=broken, check="V00")]
    build(tmp_path / "b.xlsm", frames=SCHOOL, planted=planted)
    assert opened(tmp_path / "b.xlsm")["班级"]["B3"].value == '=VLOOKUP("<某>",A:A,1,FALSE)'
    assert opened(tmp_path / "b.xlsm", data_only=True)["班级"]["B3"].value == "#N/A"


@pytest.fixture(scope="module")
def misshapen(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("misshapen") / "总表.xlsm"
    faults = [
        Fault(defect=Defect.MISSING_SHEET, table=SUPPORT, name="保障措施", check="V01"),
        Fault(defect=Defect.MISSING_COLUMN, table=CLASSES, column="班级", name="班名", check="V02"),
        Fault(defect=Defect.DOUBLED_COLUMN, table=CLASSES, column="班主任", check="V04"),
        Fault(defect=Defect.MERGED, table=CLASSES, column="年级", check="V05"),
    ]
    build(path, frames=SCHOOL, faults=faults)
    return opened(path)


def test_a_renamed_sheet_keeps_its_table_and_its_place(misshapen: openpyxl.Workbook) -> None:
    assert misshapen.sheetnames[schema.TABLES.index(SUPPORT)] == "保障措施"
    assert list(misshapen["保障措施"].tables) == ["T_保障"]
    assert misshapen["保障措施"].print_title_rows == "$1:$1"


def test_a_renamed_heading_is_renamed_in_the_table_too_and_its_records_stay(misshapen: openpyxl.Workbook) -> None:
    sheet = misshapen["班级"]
    assert [column.name for column in sheet.tables["T_班级"].tableColumns] == ["班名", *CLASSES.names[1:]]
    assert [cell.value for cell in sheet["A"]][:4] == ["班名", "初一1班", "初二1班", "初二2班"]


def test_a_doubled_heading_and_merged_cells_stand_outside_the_table(misshapen: openpyxl.Workbook) -> None:
    sheet = misshapen["班级"]
    assert [cell.value for cell in sheet[1]] == ["班名", *CLASSES.names[1:], "班主任"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["B6:D6"]
    assert sheet.tables["T_班级"].ref == "A1:D4"


def test_names_marks_and_drop_downs_survive_sheets_out_of_shape(
    misshapen: openpyxl.Workbook, book: openpyxl.Workbook
) -> None:
    def names(of: openpyxl.Workbook) -> dict[str, str]:
        return {name: found.attr_text for name, found in of.defined_names.items()}

    def marks(of: openpyxl.Workbook) -> list[list[str]]:
        return [rule.formula for area in of["班级"].conditional_formatting for rule in area.rules]

    def lists_of(of: openpyxl.Workbook) -> dict[str, str]:
        return {str(rule.sqref): rule.formula1 for rule in of["班级"].data_validations.dataValidation}

    assert names(misshapen) == names(book)
    assert marks(misshapen) == marks(book)
    assert lists_of(misshapen) == lists_of(book)


def test_the_same_arguments_give_the_same_bytes_with_fixed_dates(tmp_path: Path) -> None:
    for name in ("a.xlsm", "b.xlsm"):
        build(tmp_path / name, frames=SCHOOL, host="libreoffice")
    assert (tmp_path / "a.xlsm").read_bytes() == (tmp_path / "b.xlsm").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsm") as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {member.create_system for member in package.infolist()} == {3}
    assert "2026-03-01T08:30:00Z" in part(tmp_path / "a.xlsm", "docProps/core.xml")


def test_a_folder_that_is_not_there_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(WriteFailed, match="请确认文件夹存在"):
        build(tmp_path / "没有" / "b.xlsm")
    assert list(tmp_path.iterdir()) == []


def test_every_action_has_its_button_in_the_order_of_a_term(filled: Path) -> None:
    drawing = part(filled, "xl/drawings/vmlDrawing1.vml")
    macros = re.findall(r"<x:FmlaMacro>(?:\[0\]!)?(\w+)</x:FmlaMacro>", drawing)
    ordered = sorted(catalog.ACTIONS, key=lambda action: catalog.GROUPS.index(action.group))
    apart = {"Bangfu_Next", "Bangfu_Undo"}
    assert macros[0] == "Bangfu_Next" and macros[-1] == "Bangfu_Undo"
    assert macros[1:-1] == [action.macro for action in ordered if action.macro not in apart]
    assert all(f">{action.label}<" in drawing for action in ordered)


def test_each_count_of_the_front_page_is_a_formula_with_its_number(filled: Path, book: openpyxl.Workbook) -> None:
    shown = openpyxl.load_workbook(filled, data_only=True)[CONSOLE.name]
    expected = counts.counts(SCHOOL)
    assert expected["控制台_在读学生"] == 1
    for count in counts.COUNTS:
        address = book.defined_names[count.name].attr_text.split("!")[1].replace("$", "")
        assert str(book[CONSOLE.name][address].value).startswith("=")
        assert shown[address].value == expected.get(count.name, 0)


def test_the_front_page_says_what_to_do_next_where_actions_will_write_it(book: openpyxl.Workbook) -> None:
    address = book.defined_names[counts.NEXT].attr_text.split("!")[1].replace("$", "")
    assert book[CONSOLE.name][address].value == counts.next_step(SCHOOL)
    assert set(counts.TEXTS) <= set(book.defined_names)


def test_no_formula_is_volatile_or_newer_than_every_program(filled: Path) -> None:
    with zipfile.ZipFile(filled) as package:
        text = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    formulas = re.findall(r"<(?:f|formula|formula1|definedName)\b[^>]*>([^<]*)<", text)
    assert len(formulas) > len(counts.COUNTS)
    assert not [formula for formula in formulas if re.search(r"OFFSET|INDIRECT|TODAY|NOW\(|_xlfn", formula)]


@pytest.mark.parametrize(
    ("table", "column", "source"),
    [
        (ROSTER, "班级", "班级名单"),
        (CLASSES, "班主任", "教师名单"),
        (CLASSES, "年级", "年级名单"),
        (TEACHERS, "任教科目", "科目名单"),
        (SCORES, "考试编号", "考试名单"),
        (LOG, "优先类", "优先项名单"),
        (LOG, "班级", "班级名单"),
        (ROSTER, "性别", '"男,女"'),
        (ROSTER, "重点", '"是,否"'),
    ],
)
def test_a_drop_down_offers_what_the_other_sheet_holds(
    book: openpyxl.Workbook, table: Table, column: str, source: str
) -> None:
    rule = rules(book, table)[column]
    assert (rule.type, rule.formula1) == ("list", source)
    assert next(iter(rule.sqref.ranges)).max_row == reach(table)
    assert source.startswith('"') or source in book.defined_names


@pytest.mark.parametrize("table", schema.INPUTS[1:], ids=lambda table: table.name)
def test_only_fixed_lists_refuse_an_entry(book: openpyxl.Workbook, table: Table) -> None:
    for name, rule in rules(book, table).items():
        if not rule.showErrorMessage or name not in table:
            continue
        refuses = rule.errorStyle in (None, "stop") and rule.type is not None
        column = table[name]
        assert refuses == bool((column.choices and not column.many) or column.type is Type.YESNO)


@pytest.mark.parametrize("table", schema.INPUTS, ids=lambda table: table.name)
def test_help_is_shown_on_the_cells_it_is_about(book: openpyxl.Workbook, table: Table) -> None:
    shown = rules(book, table)
    first, *others = (column for column in table if not (table is SETTINGS and column.name == "值"))
    helped = [column for column in others if len(column.help) > 1]
    assert {column.name: shown[column.name].prompt for column in helped} == {
        column.name: column.help for column in helped
    }
    assert shown[first.name].prompt.startswith(table.help)
    assert len(first.help) < 2 or shown[first.name].prompt.endswith(first.help)


def test_whoever_opens_an_empty_input_sheet_reads_what_it_is_for(book: openpyxl.Workbook) -> None:
    for table in schema.INPUTS[1:]:
        sheet = book[table.name]
        rule = next(rule for rule in sheet.data_validations.dataValidation if "A2" in rule.sqref)
        assert rule.showInputMessage
        assert table.help in rule.prompt


def test_a_setting_with_fixed_choices_has_a_drop_down(book: openpyxl.Workbook) -> None:
    row = [name for name, _, _ in sheet_rows()].index("学段") + 2
    sheet = book[SETTINGS.name]
    rule = next(rule for rule in sheet.data_validations.dataValidation if f"B{row}" in rule.sqref)
    assert rule.formula1 == '"义务教育,高中"'


def test_what_is_only_offered_takes_any_other_words(book: openpyxl.Workbook) -> None:
    offering = [(table, column) for table in schema.INPUTS for column in table if column.offers]

    assert [(table.name, column.name) for table, column in offering] == [("名册", "成因")]
    for table, column in offering:
        rule = rules(book, table)[column.name]
        assert rule.formula1 == f'"{",".join(column.offers)}"'
        assert not rule.showErrorMessage
        assert not column.normalised, "free words are read as typed"


@pytest.mark.parametrize("table", schema.INPUTS, ids=lambda table: table.name)
def test_no_cell_has_two_validations(book: openpyxl.Workbook, table: Table) -> None:
    areas = [area for rule in book[table.name].data_validations.dataValidation for area in rule.sqref.ranges]
    assert not [(one, other) for one, other in combinations(areas, 2) if one.isdisjoint(other) is False]


def marks_of(book: openpyxl.Workbook, table: Table) -> tuple[Any, list[Any]]:
    """Where the marks of 校验 lie and their rules, without the headings of 设置."""
    [area] = book[table.name].conditional_formatting
    return area, [rule for rule in area.rules if not rule.formula[0].startswith("LEFT(")]


@pytest.mark.parametrize("table", schema.INPUTS, ids=lambda table: table.name)
def test_a_mark_goes_by_sheet_row_key_and_column(book: openpyxl.Workbook, table: Table) -> None:
    area, rules = marks_of(book, table)
    formulas = [rule.formula[0] for rule in rules]
    letters = [openpyxl.utils.get_column_letter(table.names.index(key) + 1) for key in table.keys]
    asked = "&".join([f'"{table.name}"', *(f'"|"&${letter}2' for letter in letters), '"|"', "A$1"])
    found = f"MATCH({asked},问题定位,0)"
    error, warning = formulas
    assert f'INDEX(问题级别,{found})="错误"' in error
    assert f"ISNUMBER({found})" in warning
    assert all(rule.stopIfTrue for rule in rules)
    assert next(iter(area.sqref.ranges)).max_row == reach(table)


@pytest.mark.parametrize("table", schema.INPUTS, ids=lambda table: table.name)
def test_marks_look_nothing_up_on_a_sheet_of_which_no_problem_is_listed(book: openpyxl.Workbook, table: Table) -> None:
    _, rules = marks_of(book, table)
    assert all(rule.formula[0].startswith(f"IF(问题数_{table.name}=0,") for rule in rules)
    [(sheet, cell)] = book.defined_names[f"问题数_{table.name}"].destinations
    assert re.fullmatch(rf'=COUNTIF\(校验!\$(\w+):\$\1,"{table.name}"\)', book[sheet][cell].value)


def test_a_subject_column_comes_with_each_subject_of_the_school(tmp_path: Path) -> None:
    subjects = frame(
        schema.SUBJECTS, {"科目": "语文"}, {"年级": "初二", "科目": "物理"}, {"年级": "初三", "科目": "物理"}
    )
    build(tmp_path / "b.xlsm", frames={schema.SUBJECTS: subjects})
    assert cells(tmp_path / "b.xlsm", SCORES)[0] == [*SCORES.names, "语文", "物理"]


def test_what_a_frame_has_beyond_the_schema_becomes_columns() -> None:
    ranking = schema.RANKING.empty().with_columns(语文名次=pl.lit(1, dtype=pl.Int64), _row=pl.lit(2))
    assert [column.name for column in Layout.of({schema.RANKING: ranking})[schema.RANKING]][-1] == "语文名次"


def xml_of(values: list[str | None]) -> ET.Element:
    column = schema.Column(name="内容", type=Type.LONG, width=10)
    text = b"".join(record_rows.chunks(pl.DataFrame({"内容": values}, schema={"内容": pl.String}), [column], ["7"], []))
    return ET.fromstring(b"<sheetData>" + text + b"</sheetData>")


def as_excel_reads(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))),
        min_size=1,
    )
)
def test_any_text_comes_back_from_the_sheet_as_it_was(values: list[str | None]) -> None:
    read: dict[str | None, str] = {
        cell.get("r"): as_excel_reads(found.text or "") for cell in xml_of(values).iter("c") for found in cell.iter("t")
    }
    assert read == {f"A{row}": value for row, value in enumerate(values, start=2) if value}  # "" is an empty cell


def test_a_row_is_as_high_as_its_wrapped_text() -> None:
    texts = ["短", "这里有十二个汉字要写三行", "一\n二", "这里有十二个汉字要写三行\n短", "很" * 5000]
    assert [row.get("ht") for row in xml_of(texts)] == [
        None,
        f"{row_height(3)}",
        f"{row_height(2)}",
        f"{row_height(4)}",
        f"{row_height(MOST_LINES)}",
    ]


def test_more_records_than_one_chunk_keep_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_rows, "CHUNK", 2)
    assert [row.get("r") for row in xml_of(list("甲乙丙丁戊"))] == ["2", "3", "4", "5", "6"]


@pytest.mark.slow
@pytest.mark.office
def test_libreoffice_counts_and_lists_what_was_added_below_and_above_the_table(filled: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(filled)
    book["班级"].insert_rows(2)
    _type(book["班级"], 2, "初三9班", "初三")
    _type(book["班级"], 6, "初三8班", "初三")
    _type(book["教师"], 4, "003", "丙老师")
    _type(book["名册"], 4, "0099", "某某", None, "初三8班", "在读")
    for row, formula in enumerate(PROBES, start=100):
        book[CONSOLE.name].cell(row, 1, formula)
    book.save(tmp_path / "typed.xlsx")
    shown = _recalculated(tmp_path / "typed.xlsx", tmp_path / "out")
    assert [shown.cell(row, 1).value for row in range(100, 100 + len(PROBES))] == list(PROBES.values())


PROBES: dict[str, Any] = {
    "=控制台_班级数": 5,
    "=控制台_在读学生": 2,
    "=控制台_帮扶学生": 1,
    "=控制台_其中重点": 1,
    "=ROWS(班级名单)": 5,
    "=INDEX(班级名单,1)": "初三9班",
    "=INDEX(班级名单,5)": "初三8班",
    "=ROWS(教师名单)": 3,
    "=INDEX(教师名单,3)": "003 丙老师",
    "=ROWS(年级名单)": 3,
    "=INDEX(年级名单,1)": "初三",
    "=INDEX(优先项名单,2)": "学习",
}


def _type(sheet: Any, row: int, *values: Any) -> None:
    for column, value in enumerate(values, start=1):
        sheet.cell(row, column, value)


def _recalculated(path: Path, out: Path) -> Any:
    profile = (out / "profile").as_uri()
    convert = [
        "soffice",
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(convert, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(out / path.name, data_only=True)[CONSOLE.name]


def test_a_master_does_not_depend_on_those_built_before_it(tmp_path: Path) -> None:
    first, second = tmp_path / "一.xlsm", tmp_path / "二.xlsm"
    template.build(first, host="libreoffice", created=CREATED)
    template.build(
        tmp_path / "样.xlsm", frames=sample.make(students=30, classes=3).frames, host="excel", created=CREATED
    )
    template.build(second, host="libreoffice", created=CREATED)

    assert second.read_bytes() == first.read_bytes()


def test_a_network_drive_that_renames_and_says_it_did_not_has_made_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = os.replace

    def replace(source: Path, target: Path) -> None:
        true(source, target)
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "replace", replace)
    template.build(tmp_path / "总表.xlsm", created=datetime(2026, 9, 1))

    assert [path.name for path in tmp_path.iterdir()] == ["总表.xlsm"]
