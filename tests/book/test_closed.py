"""The closed book: what a write does to the parts of the file, beyond the values."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.rows import row_of
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BangfuError, NotAWorkbook, WriteFailed, WrongWorkbook
from xlbangfu.house_look import row_height
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import (
    ACTIVITIES,
    CALENDAR,
    CONSOLE,
    DEFECTS,
    EXAMS,
    PROBLEMS,
    RANKING,
    ROSTER,
    ROW,
    SCORES,
    SCREENING,
    Defect,
)

PROBLEM = pl.DataFrame(
    {"级别": ["错误", "警告"], "编号": ["V01", "V02"], "单元格": ["成绩!B7", "王's 表!A1"], "定位": ["a", "b"]}
)


def saved(path: Path, *writes: tuple[str, object, object]) -> Path:
    """The book after some writes: (verb, table, frame)."""
    book = ClosedBook(path, action="试")
    for verb, table, frame in writes:
        if verb == "replace":
            book.replace({table: frame})  # type: ignore[dict-item]
        else:
            getattr(book, verb)(table, frame)
    book.save()
    return path


def sheet(path: Path, name: str, *, values: bool = False) -> Worksheet:
    found = openpyxl.load_workbook(path, data_only=values)[name]
    assert isinstance(found, Worksheet)
    return found


def xml(path: Path, name: str) -> str:
    return parts(path)[sheet_path(path, name)].decode()


def area(names: Sequence[str], last: int) -> str:
    """The cells from the headings to the last row, as A1:G2."""
    return f"A1:{letters(len(names) - 1)}{last}"


def students(*numbers: str) -> pl.DataFrame:
    return pl.DataFrame({"学号": numbers, "姓名": [f"名{number}" for number in numbers]})


def test_the_table_the_dimension_and_the_filter_reach_to_the_last_row(tmp_path):
    path = saved(make(tmp_path / "书.xlsx"), ("append", ROSTER, students("1", "2", "3")))

    found = sheet(path, "名册")
    table = found.tables["T_名册"]
    assert (table.ref, table.autoFilter.ref, found.dimensions) == (area(ROSTER.names, 4),) * 3


def test_new_rows_look_like_the_first_one(tmp_path):
    path = saved(make(tmp_path / "书.xlsx"), ("append", ROSTER, students("1", "2")))
    formats = [cell.number_format for cell in sheet(path, "名册")[3]]
    assert formats == [column.number_format for column in ROSTER]


def test_text_stays_text_whatever_it_begins_with(tmp_path):
    names = ["=1+1", "+86", "-1", "@王", "'王", "007", "1e5", "", " 王 ", "a\nb", "_x000B_", "\x0b", "<&>", "]]>"]
    path = saved(
        make(tmp_path / "书.xlsx"), ("append", EXAMS, pl.DataFrame({"考试编号": map(str, range(14)), "名称": names}))
    )

    cells = [sheet(path, "考试").cell(row, 2) for row in range(2, 16)]
    assert {cell.data_type for cell in cells if cell.value is not None} <= {"s", "inlineStr"}
    read = ClosedBook(path).read(EXAMS)[EXAMS]["名称"].to_list()
    assert read == [name.strip() or None for name in names]


def test_text_too_long_for_a_cell_is_refused(tmp_path):
    path = make(tmp_path / "书.xlsx")
    with pytest.raises(WriteFailed, match="名称"):
        saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["1"], "名称": ["长" * 32_768]})))


def test_numbers_that_are_no_numbers_are_empty_cells(tmp_path):
    marks = pl.DataFrame({"考试编号": ["1"] * 3, "语文": [float("nan"), float("inf"), 1e300], "语文·状态": [None] * 3})
    path = saved(make(tmp_path / "书.xlsx"), ("append", SCORES, marks))
    assert [cell.value for cell in sheet(path, "成绩")[letters(len(SCORES.names))]] == ["语文", None, None, 1e300]


JUMP = letters(PROBLEMS.names.index("单元格"))


@pytest.mark.damaged
def test_a_problem_is_a_link_that_jumps_to_its_cell(tmp_path):
    path = saved(make(tmp_path / "书.xlsx"), ("replace", PROBLEMS, PROBLEM))
    assert [cell.hyperlink.location for cell in sheet(path, "校验")[JUMP][1:]] == ["'成绩'!B7", "'王''s 表'!A1"]

    saved(path, ("replace", PROBLEMS, PROBLEM.head(1)))
    assert re.findall('<hyperlink ref="(\\w+)"', xml(path, "校验")) == [f"{JUMP}2"]
    saved(path, ("replace", PROBLEMS, PROBLEM.clear()))
    assert "hyperlink" not in xml(path, "校验")


def test_links_of_the_staffs_own_stay(tmp_path):
    path = make(tmp_path / "书.xlsx")
    book = parts(path)[sheet_path(path, "校验")].decode()
    own = f'<hyperlinks><hyperlink ref="H1" location="A1"/><hyperlink ref="{JUMP}1" location="A2"/><hyperlink ref="{JUMP}2" location="A3"></hyperlink></hyperlinks>'
    rebuild(path, {sheet_path(path, "校验"): book.replace("<pageMargins", own + "<pageMargins").encode()})
    saved(path, ("replace", PROBLEMS, PROBLEM.head(1)))
    assert re.findall(r'ref="(\w+)" location="([^"]+)"', xml(path, "校验").split("<hyperlinks>")[1]) == [
        ("H1", "A1"), (f"{JUMP}1", "A2"), (f"{JUMP}2", "'成绩'!B7"),
    ]  # fmt: skip


def test_an_output_sheet_is_shown_when_it_is_written_and_others_stay_hidden(tmp_path):
    path = make(tmp_path / "书.xlsx", hidden=("排名", "校验", "名册"))
    saved(path, ("replace", RANKING, pl.DataFrame({"考试编号": ["1"]})), ("append", ROSTER, students("1")))
    states = {name: sheet(path, name).sheet_state for name in ("排名", "校验", "名册")}
    assert states == {"排名": "visible", "校验": "hidden", "名册": "visible"}


def test_columns_beyond_the_schema_become_columns_of_the_table(tmp_path):
    frame = pl.DataFrame({"考试编号": ["1"], "学号": ["01"], "年级名次": [3], "语文名次": [1], "数学名次": [2]})
    path = saved(make(tmp_path / "书.xlsx"), ("replace", RANKING, frame))

    found = sheet(path, "排名")
    table = found.tables["T_排名"]
    width = len(RANKING.names)
    assert table.column_names == [*RANKING.names, "语文名次", "数学名次"]
    assert [cell.value for cell in found[2]][width:] == [1, 2]
    assert found.cell(2, width + 1).number_format == "0"
    assert len({column.id for column in table.tableColumns}) == width + 2


def test_a_rank_column_of_a_subject_that_is_gone_is_emptied(tmp_path):
    path = saved(make(tmp_path / "书.xlsx"), ("replace", RANKING, pl.DataFrame({"学号": ["1"], "音乐名次": [1]})))
    saved(path, ("replace", RANKING, pl.DataFrame({"学号": ["1"], "语文名次": [5]})))
    found = sheet(path, "排名")
    beside = (len(RANKING.names) + 1, len(RANKING.names) + 2)
    assert {found.cell(1, column).value: found.cell(2, column).value for column in beside} == {
        "音乐名次": None,
        "语文名次": 5,
    }


def test_an_output_sheet_whose_columns_were_moved_or_lost_is_still_filled_right(tmp_path):
    header = [name for name in reversed(SCREENING.names) if name != "理由"]
    path = make(tmp_path / "书.xlsx", {"排查": [header]})
    saved(path, ("replace", SCREENING, pl.DataFrame({"学号": ["1"], "姓名": ["甲"], "理由": ["三科不及格"]})))

    frame = ClosedBook(path).read(SCREENING)[SCREENING]
    assert frame.select("学号", "姓名", "理由").rows() == [("1", "甲", "三科不及格")]
    assert sheet(path, "排查").tables["T_排查"].column_names == [*header, "理由"]


def test_staffs_own_columns_keep_their_place_and_go_with_their_record(tmp_path):
    header = [*SCREENING.names, "家访日"]
    rows = [[*row_of(SCREENING, number), f"周{number}"] for number in ("1", "2", "3")]
    path = make(tmp_path / "书.xlsx", {"排查": [header, *rows]})
    saved(path, ("replace", SCREENING, pl.DataFrame({"学号": ["3", "9", "1"]})))

    column = [cell.value for cell in list(sheet(path, "排查").columns)[len(header) - 1]]
    assert column == ["家访日", "周3", None, "周1", "周2"]
    assert sheet(path, "排查").tables["T_排查"].ref == area(header, 4)


def test_a_formula_of_the_staff_stays_in_its_row(tmp_path):
    header = [*SCREENING.names, "双倍"]
    rows = [[*row_of(SCREENING, number), f"{{=LEN(A{number}2)}}"] for number in ("1", "2")]
    path = make(tmp_path / "书.xlsx", {"排查": [header, *rows]})
    saved(path, ("replace", SCREENING, pl.DataFrame({"学号": ["2", "1", "5"]})))

    assert [cell.value for cell in list(sheet(path, "排查").columns)[len(header) - 1]] == [
        "双倍",
        "=LEN(A12)",
        "=LEN(A22)",
        None,
    ]


def test_a_new_column_stays_clear_of_cells_beside_the_table(tmp_path):
    path = make(tmp_path / "书.xlsx")
    part = sheet_path(path, "排名")
    beside, next_one = letters(len(RANKING.names)), letters(len(RANKING.names) + 1)
    cell = f'<c r="{beside}2"><v>7</v></c>'
    there = parts(path)[part].decode().replace("</row></sheetData>", f"{cell}</row></sheetData>")
    rebuild(path, {part: there.encode()})
    saved(path, ("replace", RANKING, pl.DataFrame({"考试编号": ["1"], "语文名次": [5]})))

    found = sheet(path, "排名")
    assert found[f"{beside}3"].value or found[f"{beside}2"].value == 7
    assert (found[f"{next_one}1"].value, found[f"{next_one}2"].value) == ("语文名次", 5)
    assert found.tables["T_排名"].ref == area(RANKING.names, 2)


def test_blank_rows_below_the_last_record_are_filled_first_and_keep_what_else_is_in_them(tmp_path):
    header = [*EXAMS.names, "我的备注"]
    path = make(
        tmp_path / "书.xlsx",
        {
            "考试": [
                header,
                [*row_of(EXAMS, "a"), None],
                [*row_of(EXAMS), "留着"],
                [*row_of(EXAMS), None],
                [*row_of(EXAMS), None],
            ]
        },
    )
    saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["b", "c"], "日期": [date(2025, 9, 1), None]})))

    found = sheet(path, "考试")
    assert [(row[0].value, row[len(EXAMS.names)].value) for row in found.iter_rows(min_row=2)] == [
        ("a", None),
        ("b", "留着"),
        ("c", None),
        (None, None),
    ]
    assert found["C3"].is_date
    assert found.tables["T_考试"].ref == area(header, 5)


def test_rows_put_into_blank_rows_are_as_high_as_their_texts_but_where_staff_set_the_height(tmp_path):
    path = make(
        tmp_path / "总表.xlsx", {"活动": [["日期", "名称", "类型", "成果"], ["", "", "", ""], ["", "", "", ""]]}
    )
    part = sheet_path(path, "活动")
    rebuild(path, {part: parts(path)[part].replace(b'<row r="3"', b'<row ht="99" customHeight="1" r="3"')})
    held = [
        {"日期": date(2026, 5, day), "名称": f"第{day}次", "类型": "其他", "成果": "行\n" * 5 + "行"}
        for day in (1, 2, 3)
    ]
    book = ClosedBook(path)
    book.append(ACTIVITIES, pl.DataFrame(held))
    book.save()

    heights = [sheet(path, "活动").row_dimensions[row].height for row in (2, 3, 4)]
    assert heights == [row_height(6), 99, row_height(6)]


def test_rows_that_are_not_touched_keep_every_byte(tmp_path):
    path = make(tmp_path / "书.xlsx", {"名册": [ROSTER.names, *(row_of(ROSTER, f"{i}") for i in range(1, 6))]})
    part = sheet_path(path, "名册")
    marked = parts(path)[part].decode().replace('<row r="3"', '<row  r="3" ht="33.5" customHeight="1"')
    rebuild(path, {part: marked.encode()})
    before = re.findall(r"<row .*?</row>", xml(path, "名册"))
    saved(path, ("append", ROSTER, students("9")), ("amend", ROSTER, pl.DataFrame({"学号": ["4"], "重点": ["是"]})))

    after = re.findall(r"<row .*?</row>", xml(path, "名册"))
    assert [old == new for old, new in zip(before, after, strict=False)] == [True] * 4 + [False, True]
    assert len(after) == 7


def test_formulas_of_the_front_page_keep_themselves_and_get_their_values(tmp_path):
    page = pl.DataFrame({"项目": ["控制台_人数", "控制台_有无", "控制台_下一步"], "值": ["1234", "有", "=先填<名册>"]})
    path = saved(make(tmp_path / "书.xlsx"), ("replace", CONSOLE, page))

    formulas, values = sheet(path, "控制台"), sheet(path, "控制台", values=True)
    assert (formulas["C5"].value, formulas["C6"].value) == ("=COUNTA(名册!$A$2:$A$99)", '=IF(C5>0,"有","无")')
    assert (values["C5"].value, values["C6"].value, values["B3"].value) == (1234, "有", "=先填<名册>")
    assert values["B2"].value == "帮扶总表"
    saved(
        path,
        (
            "replace",
            CONSOLE,
            pl.DataFrame({"项目": ["控制台_下一步"], "值": [None]}, schema={"项目": pl.String, "值": pl.String}),
        ),
    )
    assert sheet(path, "控制台", values=True)["B3"].value is None


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_cells_without_addresses_and_elements_with_a_prefix_are_understood(tmp_path, prefix):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, *(row_of(EXAMS, f"{i}", f"第{i}次") for i in (1, 2))]})
    part = sheet_path(path, "考试")
    bare = re.sub(r' (?:r|spans)="[^"]*"', "", parts(path)[part].decode())
    if prefix:
        bare = re.sub(r"<(/?)(?=[a-zA-Z])", rf"<\1{prefix}", bare).replace("xmlns=", "xmlns:x=")
        bare = bare.replace("<x:tablePart ", '<x:tablePart r:id="rId1" ') if "r:id" not in bare else bare
    rebuild(path, {part: bare.encode()})
    saved(
        path,
        ("amend", EXAMS, pl.DataFrame({"考试编号": ["2"], "名称": ["期末"]})),
        ("append", EXAMS, pl.DataFrame({"考试编号": ["3"]})),
    )
    assert ClosedBook(path).read(EXAMS)[EXAMS].select("考试编号", "名称", ROW).rows() == [
        ("1", "第1次", 2), ("2", "期末", 3), ("3", None, 4),
    ]  # fmt: skip
    assert sheet(path, "考试")["B3"].value == "期末"


def test_a_book_that_counts_days_from_1904_keeps_doing_so(tmp_path):
    path = make(tmp_path / "书.xlsx")
    workbook = parts(path)["xl/workbook.xml"].replace(b"<workbookPr", b'<workbookPr date1904="1"')
    rebuild(path, {"xl/workbook.xml": workbook})
    saved(path, ("append", CALENDAR, pl.DataFrame({"日期": [date(2025, 9, 1)], "类别": ["放假"]})))

    frame = ClosedBook(path).read(CALENDAR)[CALENDAR]
    assert frame.select("日期", "_key").row(0) == (date(2025, 9, 1), "校历|44439")
    assert sheet(path, "校历")["A2"].value.date() == date(2025, 9, 1)


@pytest.mark.damaged
def test_formulas_in_error_and_merged_cells_are_defects(tmp_path):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "a", "{=NA()}"), row_of(EXAMS, "b", "乙")]})
    part = sheet_path(path, "考试")
    there = parts(path)[part].decode()
    there = there.replace('<c r="B2" s="1"><f>NA()</f><v>#N/A</v>', '<c r="B2" t="str"><f>NA()</f><v>#N/A</v>')
    there = re.sub(r'(<c r="B2"[^>]*?) t="\w+"', r'\1 t="e"', there)
    there = there.replace("<pageMargins", '<mergeCells count="1"><mergeCell ref="D2:D3"/></mergeCells><pageMargins')
    rebuild(path, {part: there.encode()})

    frames = ClosedBook(path).read(EXAMS)
    assert frames[DEFECTS].rows() == [
        ("考试", 2, "名称", "#N/A", Defect.FORMULA_ERROR), ("考试", 2, "学期", "D2:D3", Defect.MERGED),
    ]  # fmt: skip
    assert frames[EXAMS]["名称"].to_list() == [None, "乙"]


def test_a_formula_that_is_written_over_leaves_the_calculation_chain(tmp_path):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "a", "{=1+1}")]})
    number = re.search(r'name="考试" sheetId="(\d+)"', parts(path)["xl/workbook.xml"].decode())[1]
    _with_calc_chain(path, f'<c r="C5" i="1"/><c r="C6"/><c r="B2" i="{number}"/>')
    saved(path, ("amend", EXAMS, pl.DataFrame({"考试编号": ["a"], "名称": ["期中"]})))
    assert re.findall(r'r="(\w+)" i="(\d+)"', parts(path)["xl/calcChain.xml"].decode()) == [("C5", "1"), ("C6", "1")]


def test_a_calculation_chain_with_nothing_left_goes_with_all_that_tells_of_it(tmp_path):
    path = make(tmp_path / "书.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "a", "{=1+1}")]})
    number = re.search(r'name="考试" sheetId="(\d+)"', parts(path)["xl/workbook.xml"].decode())[1]
    _with_calc_chain(path, f'<c r="B2" i="{number}"/>')
    saved(path, ("delete", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert not [name for name, data in parts(path).items() if b"calcChain" in data or "calcChain" in name]
    assert sheet(path, "考试")["B2"].value is None


@pytest.mark.damaged
def test_formulas_of_an_output_sheet_that_is_rewritten_leave_the_calculation_chain_and_the_staffs_own_stay(tmp_path):
    header = [*SCREENING.names, "双倍"]
    own = letters(len(SCREENING.names))
    rows = [[*row_of(SCREENING, "1", "{=1+1}"), "{=LEN(A2)}"]]
    path = make(tmp_path / "书.xlsx", {"排查": [header, *rows]})
    number = re.search(r'name="排查" sheetId="(\d+)"', parts(path)["xl/workbook.xml"].decode())[1]
    _with_calc_chain(path, f'<c r="B2" i="{number}"/><c r="{own}2"/><c r="B2" i="99"/>')
    saved(path, ("replace", SCREENING, pl.DataFrame({"学号": ["1"], "姓名": ["甲"]})))
    chain = parts(path)["xl/calcChain.xml"].decode()
    assert re.findall(r'r="(\w+)" i="(\d+)"', chain) == [(f"{own}2", number), ("B2", "99")]


def test_a_large_output_sheet_is_rewritten_from_its_ends_and_comes_out_the_same(tmp_path, monkeypatch):
    from xlbangfu.book.closed import changes
    from xlbangfu.ooxml import archive

    first = pl.DataFrame({"考试编号": ["a"] * 300, "学号": map(str, range(300)), "语文名次": range(300)})
    second = pl.DataFrame({"考试编号": ["b"] * 200, "学号": map(str, range(200)), "语文名次": range(200)})
    one = saved(make(tmp_path / "一.xlsx"), ("replace", RANKING, first))
    other = tmp_path / "二.xlsx"
    other.write_bytes(one.read_bytes())
    saved(one, ("replace", RANKING, second))
    monkeypatch.setattr(archive, "_CHUNK", 3_000)
    monkeypatch.setattr(archive, "_AT_ONCE", 0)
    monkeypatch.setattr(changes, "_LARGE", 0)
    loaded: list[str] = []
    monkeypatch.setattr(archive.Archive, "load", lambda _, name: loaded.append(name))
    saved(other, ("replace", RANKING, second))

    assert parts(one) == parts(other)
    assert loaded == []


def _with_calc_chain(path: Path, cells: str) -> None:
    there = parts(path)
    chain = f'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{cells}</calcChain>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    types = (
        there["[Content_Types].xml"]
        .decode()
        .replace("</Types>", f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>')
    )
    relation = '<Relationship Id="rId999" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Relationships>'
    relations = there["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", relation)
    rebuild(path, {
        "xl/calcChain.xml": chain.encode(), "[Content_Types].xml": types.encode(), "xl/_rels/workbook.xml.rels": relations.encode(),
    })  # fmt: skip


def test_deleting_empties_staffs_own_cells_of_the_row_too(tmp_path):
    header = [*EXAMS.names, "我的备注"]
    path = make(tmp_path / "书.xlsx", {"考试": [header, [*row_of(EXAMS, "a"), "秘密"], [*row_of(EXAMS, "b"), None]]})
    saved(path, ("delete", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert [cell.value for cell in sheet(path, "考试")[2]] == [None] * len(header)
    assert sheet(path, "考试")["A2"].number_format == "@"


@pytest.mark.damaged
def test_parts_are_found_whatever_their_names_and_their_order(tmp_path):
    path = make(tmp_path / "书.xlsx")
    there, old = parts(path), sheet_path(path, "考试")
    relations = there["xl/_rels/workbook.xml.rels"].decode().replace(old.removeprefix("xl/"), "/xl/odd/表.xml")
    types = there["[Content_Types].xml"].decode().replace(old, "xl/odd/表.xml")
    own = old.replace("worksheets/", "worksheets/_rels/") + ".rels"
    rebuild(path, {
        old: None, own: None, "xl/odd/表.xml": there[old], "[Content_Types].xml": types.encode(), "xl/_rels/workbook.xml.rels": relations.encode(),
        "xl/odd/_rels/表.xml.rels": there[own].replace(b"../tables", b"/xl/tables"),
    })  # fmt: skip
    saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert sheet(path, "考试")["A2"].value == "a"
    assert sheet(path, "考试").tables["T_考试"].ref == area(EXAMS.names, 2)


@pytest.mark.damaged
def test_a_sheet_with_no_excel_table_is_written_all_the_same(tmp_path):
    path = make(tmp_path / "书.xlsx")
    part = sheet_path(path, "考试")
    there = parts(path)[part].decode()
    bare = re.sub(r"<tableParts.*?</tableParts>", "", there).replace(
        "<pageMargins", '<autoFilter ref="A1:G2"/><pageMargins'
    )
    rebuild(path, {part: bare.encode(), part.replace("worksheets/", "worksheets/_rels/") + ".rels": None})
    saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a", "b", "c"]})))
    assert sheet(path, "考试").auto_filter.ref == "A1:G4"


def test_a_sheet_whose_header_is_gone_and_one_with_a_totals_row_are_refused(tmp_path):
    path = make(tmp_path / "书.xlsx", {"考试": [["甲", "乙"]]})
    with pytest.raises(WrongWorkbook, match="第 1 行"):
        saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))

    path = make(tmp_path / "书二.xlsx")
    with_totals = {
        name: data.replace("displayName=\"T_考试\"".encode(), "displayName=\"T_考试\" totalsRowCount=\"1\"".encode())
        for name, data in parts(path).items() if name.startswith("xl/tables/")
    }  # fmt: skip
    rebuild(path, with_totals)
    with pytest.raises(WrongWorkbook, match="汇总行"):
        saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))


@pytest.mark.damaged
def test_a_filter_in_force_on_an_output_sheet_is_taken_off_as_no_row_is_hidden_any_more(tmp_path):
    path = make(tmp_path / "书.xlsx")
    filtered = {
        name: data.replace(b'<autoFilter ref="A1:K2"/>', b'<autoFilter ref="A1:K2"><filterColumn colId="0"><filters><filter val="x"/></filters></filterColumn></autoFilter><sortState ref="A2:K2"><sortCondition ref="A2"/></sortState>')
        for name, data in parts(path).items() if name.startswith("xl/tables/") and "T_校验".encode() in data
    }  # fmt: skip
    assert any(b"sortState" in data for data in filtered.values())
    rebuild(path, filtered)
    saved(path, ("replace", PROBLEMS, PROBLEM))
    table = sheet(path, "校验").tables["T_校验"]
    assert (table.autoFilter.ref, table.autoFilter.filterColumn, table.sortState) == ("A1:K3", [], None)


def test_a_book_saved_by_someone_else_in_the_meantime_is_left_alone(tmp_path):
    path = make(tmp_path / "书.xlsx")
    book = ClosedBook(path)
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    book.read(EXAMS)
    theirs = make(tmp_path / "别人.xlsx", {"考试": [EXAMS.names, row_of(EXAMS, "z")]}).read_bytes()
    path.write_bytes(theirs)
    with pytest.raises(WriteFailed, match="别人"):
        book.save()
    assert path.read_bytes() == theirs


def test_a_write_that_fails_leaves_the_book_and_no_litter(tmp_path, monkeypatch):
    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BangfuError, match="原来"):
        saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir() if item.name != "备份"] == ["书.xlsx"]


def test_a_part_that_came_out_different_is_noticed_and_the_book_kept(tmp_path, monkeypatch):
    from xlbangfu.book.safety import atomic_save

    path = make(tmp_path / "书.xlsx")
    before = path.read_bytes()
    right = atomic_save.write

    def wrong(source, changes, removed, target):
        styles = source.members["xl/styles.xml"]
        data = bytearray(source.data)
        data[styles.data + 5] ^= 1
        source.data = memoryview(bytes(data))
        right(source, changes, removed, target)
        source.data = memoryview(before)

    monkeypatch.setattr(atomic_save, "write", wrong)
    with pytest.raises(WriteFailed, match="styles"):
        saved(path, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert path.read_bytes() == before


def test_a_link_to_the_book_stays_a_link(tmp_path):
    path = make(tmp_path / "书.xlsx")
    link = tmp_path / "快捷.xlsx"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this system lets no user make links")
    saved(link, ("append", EXAMS, pl.DataFrame({"考试编号": ["a"]})))
    assert link.is_symlink()
    assert sheet(path, "考试")["A2"].value == "a"


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(NotAWorkbook, match="找不到"):
        ClosedBook(tmp_path / "没有.xlsx").read(EXAMS)


def test_progress_is_passed_on():
    said = []
    ClosedBook(Path("x.xlsx"), progress=lambda text, done: said.append((text, done))).progress("读取", 0.5)
    assert said == [("读取", 0.5)]
