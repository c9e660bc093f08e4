"""An older workbook that a school has used gets what this version has; what staff filled in and made stays as it was."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace
from pyopenvba import ExcelFile

from tests.support.foreign_parts import OWN
from tests.support.older_workbooks import (
    FORM,
    MODULE,
    MOVED,
    NOTE,
    OLDER,
    REMARK,
    SEAT,
    SEEN,
    changed_columns,
)
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from xlbangfu import __version__, catalog
from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.undo_last import undo
from xlbangfu.actions.upgrade_book import upgrade
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety.backup import backups
from xlbangfu.book.upgrade.page_renewal import OLD
from xlbangfu.book.value_lists import SHEET as LISTS
from xlbangfu.book.version import NAME, version_in
from xlbangfu.errors import WrongWorkbook
from xlbangfu.ooxml.addresses import column_index, letters
from xlbangfu.ooxml.archive import Archive
from xlbangfu.ooxml.package import Package
from xlbangfu.schema import (
    BY_NAME,
    CONSOLE,
    INPUTS,
    KEY,
    LOG,
    RANKING,
    ROSTER,
    ROW,
    RUNS,
    SCORES,
    SETTINGS,
    TABLES,
    Column,
    Kind,
    Table,
    Type,
)
from xlbangfu.settings import HEADING, declared, groups

NOW = datetime(2026, 7, 1, 10, 30)
CALL = Call(user="李老师", now=NOW, agrees=lambda _: True, clock=lambda: 0.0)
VERSIONS = ("0.1.0", "0.2.0")


def copy_of(version: str, folder: Path) -> Path:
    path = folder / "总表.xlsm"
    shutil.copyfile(OLDER[version], path)
    return path


def upgraded(path: Path) -> Outcome:
    return upgrade(ClosedBook(path, action="upgrade"), CALL)


@pytest.fixture(scope="module", params=VERSIONS)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Outcome]:
    """An older workbook, the same upgraded, and what was said."""
    path = copy_of(request.param, tmp_path_factory.mktemp("升级"))
    return OLDER[request.param], path, upgraded(path)


def test_every_sheet_and_column_of_this_version_is_there(both: tuple[Path, Path, Outcome]) -> None:
    workbook = openpyxl.load_workbook(both[1], read_only=True)

    for table in TABLES:
        headings = (
            [cell.value for cell in next(workbook[table.name].iter_rows(max_row=1))] if table is not CONSOLE else []
        )
        assert set(table.names) <= {*headings} or table is CONSOLE, table.name


def test_staffs_records_read_the_same_as_before(both: tuple[Path, Path, Outcome]) -> None:
    before, after = (ClosedBook(path).read(*INPUTS) for path in both[:2])

    assert [table.name for table in INPUTS if not reads_as_before(table, before, after)] == []


def reads_as_before(table: Table, before: Mapping[Table, pl.DataFrame], after: Mapping[Table, pl.DataFrame]) -> bool:
    """Whether the records are the same and in the same places, but for the headings of 设置 and what is new below it."""
    old, new = before[table], after[table]
    if table is SETTINGS:
        old, new = old.drop(ROW), without_headings(new).drop(ROW).head(old.height)
    return new.select(old.columns).equals(old)


def without_headings(sheet: pl.DataFrame) -> pl.DataFrame:
    return sheet.filter(~pl.col("项目").str.starts_with(HEADING))


def test_each_setting_stands_below_the_heading_of_its_group(both: tuple[Path, Path, Outcome]) -> None:
    group_of = {name: group.heading for group in groups() for name, _, _ in group.rows}
    above, seen = "", []
    for name in ClosedBook(both[1]).read(SETTINGS)[SETTINGS]["项目"]:
        above = name if name.startswith(HEADING) else above
        seen.append(above)
        assert name == above or above.removesuffix("】").removesuffix("·新增的") + "】" == group_of[name], name
    assert "“设置”分了组" in "".join(both[2].details) and len({*seen}) > len(groups())


def test_what_is_typed_beside_a_setting_is_told_of_that_setting(both: tuple[Path, Path, Outcome]) -> None:
    """The prompt of each cell is that of the setting in its row."""
    sheet = openpyxl.load_workbook(both[1])["设置"]
    prompts = {str(one.sqref): one.promptTitle for one in sheet.data_validations.dataValidation}

    for row in range(2, sheet.max_row + 1):
        name = sheet.cell(row, 1).value
        assert prompts.get(f"B{row}") == (None if name.startswith(HEADING) else name)


def test_staffs_order_of_columns_and_their_own_columns_stay(both: tuple[Path, Path, Outcome]) -> None:
    before, after = (openpyxl.load_workbook(path)["名册"] for path in both[:2])
    old = [cell.value for cell in before[1]]

    assert [cell.value for cell in after[1]][: len(old)] == old
    assert old.index(MOVED) != ROSTER.names.index(MOVED)
    for name in (SEAT, REMARK):
        column = old.index(name) + 1
        assert [after.cell(row, column).value for row in range(2, 42)] == [
            before.cell(row, column).value for row in range(2, 42)
        ]
    assert SEEN in [cell.value for cell in openpyxl.load_workbook(both[1])["排名"][1]]


def test_what_is_not_the_programs_keeps_its_compressed_bytes(both: tuple[Path, Path, Outcome]) -> None:
    old, new = (Archive(path.read_bytes()) for path in both[:2])
    own = {name for name in old.members if not is_ours(name, Package(both[0].read_bytes()))}

    assert {name for name in own if name not in new.members or old.raw(name) != new.raw(name)} == set()
    assert {"xl/pivotTables/pivotTable1.xml", "xl/slicers/slicer1.xml", "xl/media/image1.png"} <= own


def is_ours(name: str, package: Package) -> bool:
    """Whether the program made a part: its sheets and tables, the front page with what hangs on it, and the lists of all."""
    programs = [package.sheets[title] for title in (*BY_NAME, LISTS) if title in package.sheets]
    page = package.sheets[CONSOLE.name].path
    related = {target for part in reach(package, page) for target in (part, rels(part))}
    lists = {
        "[Content_Types].xml",
        "xl/theme/theme1.xml",
        "_rels/.rels",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    macros = {"xl/vbaProject.bin", "customUI/customUI14.xml"}
    outputs = [package.sheets[one.name] for one in TABLES if one.kind is Kind.OUTPUT and one.name in package.sheets]
    related |= {rels(part.path) for part in outputs}
    ours = {part.path for part in programs} | {table for part in programs for table in part.tables}
    return name in ours | related | lists | macros


def reach(package: Package, part: str) -> set[str]:
    """A part and all that it refers to."""
    found = {part}
    for _, target, _ in package.related(part):
        if target in package.archive.members:
            found |= reach(package, target)
    return found


def rels(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def test_on_the_programs_sheets_staffs_own_things_stay(both: tuple[Path, Path, Outcome]) -> None:
    old, new = (parts(path)[sheet_path(path, "名册")].decode() for path in both[:2])

    for piece in ("dataBar", "<sheetProtection", "<drawing", "<legacyDrawing", "x14:sparklineGroup", "<pageSetup"):
        (there,) = re.findall(rf"<[^<>]*{piece.lstrip('<')}\b[^>]*>", old)[:1]
        assert there in new
    assert openpyxl.load_workbook(both[1])["名册"]["B2"].comment.text == "家长来过电话"
    assert re.findall(r'<dataValidation [^>]*sqref="V2:V99".*?</dataValidation>', new)


def test_the_drop_downs_and_marks_are_those_of_a_new_workbook_at_the_places_of_this_one(
    both: tuple[Path, Path, Outcome], tmp_path: Path
) -> None:
    template.build(tmp_path / "新.xlsm", created=NOW)
    fresh = openpyxl.load_workbook(tmp_path / "新.xlsm")
    ours = openpyxl.load_workbook(both[1])

    for table in (table for table in INPUTS if table is not SCORES):
        for name in table.names:
            if (table, name) != (SETTINGS, "值"):
                assert drop_down(ours[table.name], name) == drop_down(fresh[table.name], name), (table.name, name)
        marks = [
            rule.formula[0] for rules in ours[table.name].conditional_formatting for rule in rules.rules if rule.formula
        ]
        assert sum("问题定位" in formula for formula in marks) == 2


def drop_down(sheet: openpyxl.worksheet.worksheet.Worksheet, name: str) -> tuple[object, ...] | None:
    """What the cell in row 2 of a column offers and says, formulas that name the column itself left out."""
    column = next(cell.column_letter for cell in sheet[1] if cell.value == name)
    for one in sheet.data_validations.dataValidation:
        if f"{column}2" in one.sqref:
            formula = (one.formula1 or "").replace(f"{column}2", "C2").replace(f"{column}$1", "C$1")
            return one.type, formula, one.promptTitle, one.prompt, one.error, one.errorStyle
    return None


def test_every_formula_and_name_that_a_new_workbook_has_is_there_for_the_places_of_this_one(
    both: tuple[Path, Path, Outcome], tmp_path: Path
) -> None:
    template.build(tmp_path / "新.xlsm", created=NOW)
    new, package = (dict(Package(path.read_bytes()).names()) for path in (tmp_path / "新.xlsm", both[1]))

    assert new.keys() <= package.keys()
    assert not [target for target in package.values() if "#REF!" in target]
    assert package[NAME].startswith(f'"{__version__} ')


def test_a_button_for_each_action_and_a_macro_for_each_button(both: tuple[Path, Path, Outcome]) -> None:
    with ExcelFile(both[1]) as file:
        subs = re.findall(r"Sub (Bangfu_\w+)", file.get_module("Buttons"))
        assert {action.macro for action in catalog.ACTIONS} <= set(subs)
        assert MODULE in file.module_names()
        assert FORM in file.module_names()
    vml = b"".join(data for name, data in parts(both[1]).items() if name.endswith(".vml")).decode()
    assert {action.macro for action in catalog.ACTIONS} <= set(re.findall(r"\[0\]!(\w+)", vml))


def test_all_settings_are_there_with_what_they_mean(both: tuple[Path, Path, Outcome]) -> None:
    sheet = ClosedBook(both[1]).read(SETTINGS)[SETTINGS]

    assert {item.name for item in declared()} == set(without_headings(sheet)["项目"])


def test_it_is_backed_up_noted_and_said(both: tuple[Path, Path, Outcome]) -> None:
    old, path, outcome = both
    (copy,) = backups(path)
    last = ClosedBook(path).read(RUNS)[RUNS].row(-1, named=True)

    assert copy.path.read_bytes() == old.read_bytes()
    assert (last["操作"], last["操作人"], last["时间"]) == ("升级总表", "李老师", NOW)
    assert outcome.sentence in last["说明"]
    assert all(line in last["说明"] for line in outcome.details)


def test_a_second_run_has_nothing_to_do(both: tuple[Path, Path, Outcome], tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    shutil.copyfile(both[1], path)
    before = path.read_bytes()

    assert "什么也不缺" in upgraded(path).sentence
    assert path.read_bytes() == before


def test_what_was_added_is_said_of_the_first_version(tmp_path: Path) -> None:
    said = "\n".join(upgraded(copy_of("0.1.0", tmp_path)).details)

    assert "收回记录" in said.splitlines()[0]
    assert "打 √ 和写备注的列挪到了姓名旁边" in said and "发件箱" in said
    assert "“设置”新的项目" in said
    assert "宏" in said


@pytest.mark.parametrize("version", VERSIONS)
def test_it_can_be_taken_back(version: str, tmp_path: Path) -> None:
    path = copy_of(version, tmp_path)
    before = ClosedBook(path).read(*INPUTS)
    upgraded(path)
    outcome = undo(ClosedBook(path, action="undo"), CALL)

    assert outcome is not None
    assert "已撤销“升级总表”" in outcome.sentence
    after = ClosedBook(path).read(*INPUTS)
    assert all(after[table].equals(before[table]) for table in INPUTS)
    assert parts(path)["xl/vbaProject.bin"] == parts(OLDER[version])["xl/vbaProject.bin"]


def test_a_page_that_staff_put_something_on_stays_beside_the_new_one(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    outcome = upgraded(path)

    assert any(OLD in line for line in outcome.details)
    names = openpyxl.load_workbook(path, read_only=True).sheetnames
    assert names[0] == CONSOLE.name
    old = Package(path.read_bytes()).sheets[OLD].path
    assert NOTE in b"".join(parts(path)[part] for part in reach(Package(path.read_bytes()), old)).decode(
        errors="ignore"
    )


def test_the_new_page_shows_its_numbers_also_where_nothing_works_out_formulas(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    upgraded(path)
    workbook = openpyxl.load_workbook(path, data_only=True)
    shown = {}
    for name in ("在读学生", "帮扶记录", "落实率1"):
        ((sheet, cell),) = workbook.defined_names[f"控制台_{name}"].destinations
        shown[name] = workbook[sheet][cell].value

    assert (shown["在读学生"], shown["帮扶记录"]) == (40, 60)
    assert 0 < shown["落实率1"] < 1


def test_the_charts_and_the_printed_part_of_the_page_that_stays_are_its_own(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    area = '<definedName name="_xlnm.Print_Area" localSheetId="0">控制台!$A$1:$M$60</definedName></definedNames>'
    workbook = parts(path)["xl/workbook.xml"].replace(b"</definedNames>", area.encode())
    upgraded(rebuild(path, {"xl/workbook.xml": workbook}))

    opened = openpyxl.load_workbook(path)
    assert opened[OLD].print_area.replace("$", "") == f"'{OLD}'!A1:M60"
    assert not opened[CONSOLE.name].print_area
    package = Package(path.read_bytes())
    charts = [part for part in reach(package, package.sheets[OLD].path) if part.startswith("xl/charts/chart")]
    assert len(charts) == 3
    assert all(f"<c:f>{CONSOLE.name}!" not in package.archive.read(part).decode() for part in charts)


@pytest.mark.parametrize("cell", ['<c r="K3"><f>COUNTA(名册!$A:$A)</f><v>41</v></c>', '<c r="K3"><v>12</v></c>'])
def test_a_formula_or_number_of_the_staffs_on_the_page_is_not_lost(cell: str, tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    page = sheet_path(path, CONSOLE.name)
    row = re.search(rb'<row r="3".*?</row>', parts(path)[page], re.DOTALL)
    assert row
    own = row[0].replace(b"</row>", cell.encode() + b"</row>")
    upgraded(rebuild(path, {page: parts(path)[page].replace(row[0], own)}))

    assert cell in parts(path)[Package(path.read_bytes()).sheets[OLD].path].decode()


def test_a_formula_of_the_staffs_that_looks_at_the_page_is_told(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    own = sheet_path(path, OWN)
    xml = parts(path)[own].replace("COUNTA(名册".encode(), "控制台!$C$7+COUNTA(名册".encode())
    outcome = upgraded(rebuild(path, {own: xml}))

    assert any(f"“{OWN}”里有公式指着“控制台”" in line for line in outcome.details)


def test_a_page_as_it_was_made_is_replaced(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    upgraded(path)

    assert OLD not in Package(path.read_bytes()).sheets
    chart = next(data for name, data in parts(path).items() if name.startswith("xl/charts/") and b"c:f>" in data)
    assert chart


@pytest.mark.parametrize("version", VERSIONS)
def test_older_workbooks_are_known_by_what_they_hold(version: str, tmp_path: Path) -> None:
    path = copy_of(version, tmp_path)
    found = version_in(path)

    assert found is not None
    assert (found.number, found.stamped, found.older) == (version, False, True)
    assert version in found.offer
    upgraded(path)
    now = version_in(path)
    assert now is not None
    assert (now.number, now.offer) == (__version__, "")


def test_a_new_workbook_says_its_version_and_lacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=NOW)

    found = version_in(path)
    assert found is not None
    assert (found.number, found.stamped, found.offer) == (__version__, True, "")
    assert "什么也不缺" in upgraded(path).sentence


def test_what_an_older_version_had_not_yet_is_not_called_renamed(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    book = ClosedBook(path)
    book.append(BY_NAME["收回记录"], pl.DataFrame({"页号": ["1"]}))

    with pytest.raises(WrongWorkbook, match="升级总表"):
        book.save()
    defects = ClosedBook(path).read(*TABLES[1:])
    kinds = set(defects[next(table for table in defects if table.name == "读取问题")]["缺陷"])
    assert "缺工作表" not in kinds
    assert "缺列" not in kinds


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_an_older_workbook_lacks_says_since_when_there_is_one(version: str) -> None:
    """Else a school would be told that it renamed or deleted what its version never had."""
    book = ClosedBook(OLDER[version])
    there = openpyxl.load_workbook(OLDER[version], read_only=True)
    for table in TABLES[1:]:
        if table.name not in there.sheetnames:
            assert table.since, table.name
            continue
        headings = {cell.value for cell in next(there[table.name].iter_rows(max_row=1))}
        for column in table:
            young = column.since or table.since
            assert column.name in headings or (young and not book.version.knew(young)), (table.name, column.name)


def later_version(*changes: tuple[Table, tuple[Column, ...]]) -> ExitStack:
    """This program with other columns in some tables, as a later one may have."""
    stack = ExitStack()
    for table, columns in changes:
        stack.enter_context(changed_columns(table, columns))
    return stack


CHOICE = Column(name="选修", type=Type.ID, refers="科目", many=True, help="可多个", since="99.0")
DAY = Column(name="建档日期", type=Type.DATE, since="99.0")


def test_columns_of_a_later_version_come_after_the_staffs_own(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    headings = [cell.value for cell in openpyxl.load_workbook(path)["名册"][1]]
    columns = (*ROSTER.columns[:5], CHOICE, *ROSTER.columns[5:], DAY)
    with later_version((ROSTER, columns)):
        outcome = upgraded(path)
        read = ClosedBook(path).read(ROSTER)[ROSTER]

    new = [column.name for column in columns if column.name not in headings]
    assert {"选修", "建档日期"} <= set(new)
    assert f"“名册”新的列（在最右边）：{'、'.join(new)}" in outcome.details
    assert read["选修"].null_count() == read.height == 40
    sheet = openpyxl.load_workbook(path)["名册"]
    assert [cell.value for cell in sheet[1]] == [*headings, *new]
    table = sheet.tables["T_名册"]
    assert [column.name for column in table.tableColumns] == [*headings, *new]
    first, last = (letters(len(headings) + place) for place in (0, len(new) - 1))
    day = letters([*headings, *new].index("建档日期"))
    assert table.ref == f"A1:{last}41"
    assert sheet[f"{first}1"].fill.fgColor.rgb == sheet["E1"].fill.fgColor.rgb
    assert sheet[f"{day}2"].number_format == "yyyy-mm-dd"
    assert sheet.column_dimensions[day].width > 9
    assert drop_down(sheet, "选修")[:2] == ("list", "科目名单")  # type: ignore[index]  # it has one
    marked = next(
        str(rules.sqref) for rules in sheet.conditional_formatting if "问题定位" in str(rules.rules[0].formula)
    )
    assert marked == f"A2:B20000 D2:Q20000 {first}2:{last}20000"


def test_a_new_column_goes_beyond_what_staff_have_right_of_the_table(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    part = sheet_path(path, "名册")
    note = '<c r="U7" t="inlineStr"><is><t>开学再核对</t></is></c></row>'
    row = re.search(rb'<row r="7".*?</row>', parts(path)[part], re.DOTALL)
    assert row
    rebuild(path, {part: parts(path)[part].replace(row[0], row[0].replace(b"</row>", note.encode()))})
    with later_version((ROSTER, (*ROSTER.columns, DAY))):
        upgraded(path)
        assert "建档日期" in ClosedBook(path).read(ROSTER)[ROSTER].columns

    sheet = openpyxl.load_workbook(path)["名册"]
    assert sheet["U7"].value == "开学再核对"
    assert "建档日期" in [cell.value for cell in sheet[1]][column_index("V") :], "right of what staff wrote"
    assert sheet.tables["T_名册"].ref == "A1:R41", "what stands between is not the table's"


def test_a_list_that_a_later_version_has_made_longer_is_renewed(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    choices = (*LOG["类型"].choices, "线上")
    columns = tuple(replace(column, choices=choices) if column.name == "类型" else column for column in LOG)
    with later_version((LOG, columns)):
        outcome = upgraded(path)

    assert any(line.startswith("新的下拉和输入提示") for line in outcome.details)
    assert "线上" in drop_down(openpyxl.load_workbook(path)["记录"], "类型")[1]  # type: ignore[operator, index]  # a formula


def test_a_number_format_of_a_later_version_is_put_on_an_output_sheet(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    columns = tuple(replace(column, decimals=3) if column.name == "标准分" else column for column in RANKING)
    with later_version((RANKING, columns)):
        assert any(line.startswith("新的数字格式：") and "排名·标准分" in line for line in upgraded(path).details)

    sheet = openpyxl.load_workbook(path)["排名"]
    place = next(cell.column for cell in sheet[1] if cell.value == "标准分")
    assert sheet.cell(2, place).number_format == "0.000"


@pytest.mark.damaged
def test_an_input_sheet_that_is_gone_comes_back_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    table = next(name for name, data in parts(path).items() if 'displayName="T_活动"'.encode() in data)
    rebuild(
        path,
        {
            "xl/workbook.xml": parts(path)["xl/workbook.xml"].replace('name="活动"'.encode(), 'name="别的"'.encode()),
            table: parts(path)[table].replace("T_活动".encode(), "T_别的".encode()),
        },
    )
    outcome = upgraded(path)

    assert any(line.startswith("新的工作表：") and "活动" in line for line in outcome.details)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames.index("活动") == workbook.sheetnames.index("劝返") + 1
    assert drop_down(workbook["活动"], "类型") is not None
    assert workbook["活动"].tables["T_活动"].ref == "A1:F2"
    assert "别的" in workbook.sheetnames
    assert workbook["名册"].print_title_rows == "$1:$1", (
        "names that go by the number of a sheet still mean the same one"
    )


# Where something of the staff's would not stay, nothing is done.


def refused(path: Path, match: str) -> None:
    before = path.read_bytes()
    with pytest.raises(WrongWorkbook, match=match):
        upgraded(path)
    assert path.read_bytes() == before
    assert not backups(path)


@pytest.mark.damaged
def test_a_sheet_that_was_renamed_is_named(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    workbook = parts(path)["xl/workbook.xml"].replace('<sheet name="名册"'.encode(), '<sheet name="花名册"'.encode())
    refused(rebuild(path, {"xl/workbook.xml": workbook}), "“名册”改名成了“花名册”")


def test_a_heading_that_every_version_has_is_missed(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx", {"名册": [[name if name != "学号" else "编号" for name in ROSTER.names]]})
    refused(path, "“名册”没有“学号”")


def test_a_sheet_of_the_staffs_that_has_the_name_of_a_new_one_is_not_written_into(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx", {"收回记录": [["班主任", "第几周", "收到"], ["张", 3, "是"]]})
    refused(path, "“收回记录”的第 1 行没有一个是这张表的标题")


def test_a_name_that_staff_use_for_something_else_is_not_taken_away(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    name = f'<definedName name="控制台_过期帮扶">{OWN}!$B$2</definedName></definedNames>'
    workbook = parts(path)["xl/workbook.xml"].replace(b"</definedNames>", name.encode())
    refused(rebuild(path, {"xl/workbook.xml": workbook}), "名称“控制台_过期帮扶”被学校用在别处")


def test_macros_that_are_signed_or_that_can_not_be_taken_apart_are_left_alone(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    links = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://x/vbaProjectSignature" Target="vbaProjectSignature.bin"/></Relationships>'
    refused(rebuild(path, {"xl/_rels/vbaProject.bin.rels": links, "xl/vbaProjectSignature.bin": b"?"}), "数字签名")

    path = copy_of("0.1.0", tmp_path)
    broken = parts(path)["xl/vbaProject.bin"][:700] + b"Module=LaunchExcel\r\n"
    refused(rebuild(path, {"xl/vbaProject.bin": broken}), "换不了按钮")


def test_staffs_macros_in_the_programs_module_are_not_lost(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    with ExcelFile(path) as file:
        file.set_module("Buttons", file.get_module("Buttons") + "\r\nPublic Sub PrintAll()\r\nEnd Sub\r\n")
        file.save()
    refused(path, "“Buttons”里有学校自己写的“PrintAll”")


def test_a_workbook_of_a_later_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "总表.xlsm"
    template.build(path, created=NOW)
    workbook = parts(path)["xl/workbook.xml"].replace(f'"{__version__} '.encode(), b'"99.0 ')
    refused(rebuild(path, {"xl/workbook.xml": workbook}), "先更新程序")


def test_a_shared_workbook_is_left_alone(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    where = "xl/_rels/workbook.xml.rels"
    link = b'<Relationship Id="rIdR" Type="http://x/revisionHeaders" Target="revisions/revisionHeaders.xml"/></Relationships>'
    links = parts(path)[where].replace(b"</Relationships>", link)
    refused(rebuild(path, {where: links, "xl/revisions/revisionHeaders.xml": b"<headers/>"}), "共享工作簿")


def test_a_drop_down_that_staff_made_longer_stays_and_is_told(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    part = sheet_path(path, "记录")
    own = parts(path)[part].replace('"辅导,谈心,家访'.encode(), '"晨读,辅导,谈心,家访'.encode())
    rebuild(path, {part: own})
    outcome = upgraded(path)

    assert any("学校自己改过的下拉没有动：记录·类型" in line for line in outcome.details)
    assert "晨读" in parts(path)[part].decode()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.damaged
def test_a_workbook_that_another_program_has_written_down_otherwise_is_upgraded(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    openpyxl.load_workbook(path, keep_vba=True).save(path)
    before = ClosedBook(path).read(*INPUTS)
    upgraded(path)

    after = ClosedBook(path).read(*INPUTS)
    assert [table.name for table in INPUTS if not reads_as_before(table, before, after)] == []
    assert "什么也不缺" in upgraded(path).sentence


def with_part(path: Path, owner: str, name: str, content: str, kind: str, content_type: str) -> Path:
    """The workbook with one more part that another refers to by rIdX, as Excel adds some when it saves."""
    there = parts(path)
    link = f'<Relationship Id="rIdX" Type="http://x/{kind}" Target="/{name}"/></Relationships>'
    override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    return rebuild(
        path,
        {
            name: content.encode(),
            rels(owner): there[rels(owner)].replace(b"</Relationships>", link.encode()),
            "[Content_Types].xml": there["[Content_Types].xml"].replace(b"</Types>", override.encode()),
        },
    )


@pytest.mark.damaged
def test_the_order_of_computing_that_excel_keeps_is_left_to_be_made_anew(tmp_path: Path) -> None:
    path, name = copy_of("0.2.0", tmp_path), "xl/calcChain.xml"
    chain = '<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="C5" i="1"/></calcChain>'
    upgraded(with_part(path, "xl/workbook.xml", name, chain, "calcChain", "application/x"))

    after = parts(path)
    assert name not in after
    assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]


def test_buttons_as_excel_writes_them_are_still_the_programs(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    shape = '<xdr:twoCellAnchor><xdr:sp macro="[0]!Bangfu_Import"><xdr:cNvPr id="1025" name="Button 1"/></xdr:sp></xdr:twoCellAnchor>'
    space = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    drawing = f'<xdr:wsDr xmlns:xdr="{space}">{shape}</xdr:wsDr>'
    page = sheet_path(path, CONSOLE.name)
    upgraded(with_part(path, page, "xl/drawings/drawing77.xml", drawing, "drawing", "application/x"))

    assert OLD not in Package(path.read_bytes()).sheets
    assert "xl/drawings/drawing77.xml" not in parts(path)


def test_drop_downs_with_the_marks_that_excel_gives_them_are_understood(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    part = sheet_path(path, "校历")
    space = b'<worksheet xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" '
    marked = parts(path)[part].replace(b"<worksheet ", space, 1)
    marked = marked.replace(b"<dataValidation ", b'<dataValidation xr:uid="{0A}" ')
    outcome = upgraded(rebuild(path, {part: marked}))

    assert not any("校历·类别" in line for line in outcome.details)
    lists = re.compile(rb'<dataValidation xr:uid="{0A}" type="list".*?</dataValidation>', re.DOTALL)
    assert lists.findall(parts(path)[part]) == lists.findall(marked) != []


def test_a_workbook_without_macros_gets_everything_else(tmp_path: Path) -> None:
    path = make(tmp_path / "总表.xlsx")
    outcome = upgraded(path)

    assert any("没有宏" in line for line in outcome.details)
    assert "xl/vbaProject.bin" not in parts(path)
    assert f"T_{RUNS.name}" in openpyxl.load_workbook(path)[RUNS.name].tables


def test_new_sheets_stand_where_a_new_workbook_has_them_and_outputs_are_hidden(tmp_path: Path) -> None:
    path = copy_of("0.1.0", tmp_path)
    upgraded(path)
    workbook = openpyxl.load_workbook(path)
    ours = [name for name in workbook.sheetnames if name in BY_NAME]

    assert ours == [table.name for table in TABLES]
    assert workbook["收回记录"].print_title_rows == "$1:$1"
    never_filled = [table for table in TABLES if table.kind is Kind.OUTPUT and table not in catalog.FILLED | {CONSOLE}]
    assert all(workbook[table.name].sheet_state == "hidden" for table in never_filled)


def test_the_file_is_as_any_zip_reader_expects(both: tuple[Path, Path, Outcome]) -> None:
    with zipfile.ZipFile(both[1]) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
    assert OWN in openpyxl.load_workbook(both[1]).sheetnames


TICKED = ("排查", "结对建议", "发件箱")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_staff_tick_moves_beside_the_name_with_its_ticks(version: str, tmp_path: Path) -> None:
    path = copy_of(version, tmp_path)
    tables = [BY_NAME[name] for name in TICKED]
    before = ClosedBook(path).read(*tables)
    upgraded(path)

    after, workbook = ClosedBook(path).read(*tables), openpyxl.load_workbook(path)
    for table in tables:
        old, new = before[table], after[table]
        assert new.select(old.columns).drop(ROW, KEY).equals(old.drop(ROW, KEY)), table.name
        assert [cell.value for cell in workbook[table.name][1]][: len(table.names)] == table.names


def test_a_sheet_with_something_of_the_staffs_keeps_its_order_and_is_told(tmp_path: Path) -> None:
    path = copy_of("0.2.0", tmp_path)
    part = sheet_path(path, "排查")
    sheet = parts(path)[part]
    row = re.search(rb'<row r="1".*?</row>', sheet, re.DOTALL)
    assert row is not None
    own = row[0].replace(b"</row>", b'<c r="Z1" t="inlineStr"><is><t>\xe6\x9c\xac\xe6\xa0\xa1</t></is></c></row>')
    outcome = upgraded(rebuild(path, {part: sheet.replace(row[0], own)}))

    headings = [cell.value for cell in openpyxl.load_workbook(path)["排查"][1]]
    assert headings.index("采纳") > headings.index("理由")
    assert any("排查" in line and "列的位置没有动" in line for line in outcome.details)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_sheet_leads_back_to_the_front_page(version: str, tmp_path: Path) -> None:
    path = copy_of(version, tmp_path)
    upgraded(path)

    workbook = openpyxl.load_workbook(path)
    for table in TABLES:
        if table is not CONSOLE:
            assert workbook[table.name]["A1"].hyperlink.location == f"{CONSOLE.name}!A1", table.name
