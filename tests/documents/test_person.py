"""One student's data: exported without anybody else's, deleted everywhere, and told where it still is."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from email.message import EmailMessage
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from msgspec.structs import replace

from tests.support.drawn import frame, school
from tests.support.fake_book import FakeBook
from tests.support.rows import row_of
from tests.support.workbooks_made import make, parts, rebuild, sheet_path
from xlbangfu.actions import Call, delete_person, export_person
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.pending_writes import Writes
from xlbangfu.book.port import Book
from xlbangfu.book.safety import journal
from xlbangfu.book.safety.backup import backups
from xlbangfu.cli import main
from xlbangfu.documents.person import parts_naming, traces
from xlbangfu.errors import BadArgument, WriteFailed, WrongWorkbook
from xlbangfu.ooxml import shared_strings
from xlbangfu.rules import personal
from xlbangfu.rules.expiry import expired, rows_of
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    AWARDS,
    COLLECTED,
    FILES,
    LOG,
    PAIRINGS,
    PLANS,
    RANKING,
    RECALLS,
    ROSTER,
    RUNS,
    SCREENING,
    SUSPECTS,
    TABLES,
    Table,
)

CALL = Call(user="王老师", now=datetime(2026, 6, 30, 10, 20), agrees=lambda _: True, asks=lambda _: "0101")
Grid = list[list[Any]]


def rows(table: Table, *records: dict[str, Any]) -> Grid:
    return [list(table.names), *([record.get(name) or "" for name in table.names] for record in records)]


def sheets() -> dict[str, Grid]:
    """初一1班: 0101 钱多多 is tracked, helps 0102, and was in a group session with 0102 and 0103."""
    listed = {"班级": "初一1班", "在籍状态": "在读"}
    return {
        "名册": rows(
            ROSTER,
            {"学号": "0101", "姓名": "钱多多", **listed, "帮扶类别": "学困", "列入日期": date(2026, 3, 1)},
            {"学号": "0102", "姓名": "孙小美", **listed},
            {"学号": "0103", "姓名": "周大力", **listed},
            {"学号": "10101", "姓名": "吴长号", **listed},
        ),
        "档案": rows(FILES, {"姓名": "钱多多", "班级": "初一1班", "住址": "青石巷 3 号"}),
        "结对": rows(
            PAIRINGS,
            {"结对编号": "P1", "学号": "0101", "类型": "一对一", "状态": "执行", "开始日期": date(2026, 3, 1)},
            {"结对编号": "P2", "学号": "0102", "类型": "学习帮手", "学习帮手": "0101", "状态": "执行",
             "开始日期": date(2026, 3, 1)},
        ),
        "记录": rows(
            LOG,
            {"记录编号": "J1", "日期": date(2026, 4, 1), "学号": "0101", "类型": "谈心", "内容": "和孙小美闹了别扭"},
            {"记录编号": "J2", "日期": date(2026, 4, 2), "学号": "0101、0102、0103", "类型": "辅导", "内容": "一起做题"},
            {"记录编号": "J3", "日期": date(2026, 4, 3), "学号": "0101", "类型": "心理咨询", "内容": "睡不着"},
            {"记录编号": "J4", "日期": date(2026, 4, 4), "学号": "0102", "类型": "谈心", "内容": "说起钱多多"},
            {"记录编号": "J5", "日期": date(2026, 4, 5), "学号": "10101", "类型": "谈心", "内容": "不是他"},
        ),
        "缺勤": rows(
            ABSENCES,
            {"日期": date(2026, 4, 7), "学号": "0101", "节次": "全天", "类型": "旷课", "去向": "青石巷网吧"},
            {"日期": date(2026, 4, 7), "学号": "0102", "节次": "全天", "类型": "病假"},
        ),
        "劝返": rows(
            RECALLS,
            {"学号": "0101", "疑似日期": date(2026, 4, 7), "情形": "连续旷课", "劝返日期": date(2026, 4, 8)},
            {"学号": "0103", "疑似日期": date(2026, 4, 7), "情形": "连续旷课", "说明": "常和钱多多一起"},
        ),
        "疑似辍学": rows(SUSPECTS, {"学号": "0101", "姓名": "钱多多", "变化": "劝返中"}),
        "活动": rows(ACTIVITIES, {"日期": date(2026, 5, 1), "名称": "朗诵", "类型": "合唱", "参与学生": "0102，0101"}),
        "排名": rows(RANKING, {"考试编号": "期中", "学号": "0101", "姓名": "钱多多", "年级名次": 88.0, "等级": "D"}),
        "排查": rows(SCREENING, {"学号": "0102", "姓名": "孙小美", "备注": "无关"}),
        "荣誉": rows(AWARDS, {"日期": date(2026, 5, 2), "荣誉": "进步奖", "学号": "0101", "姓名": "钱多多"}),
        "运行记录": rows(
            RUNS,
            {"时间": datetime(2026, 5, 1, 8, 0), "操作": "导入", "说明": "学号0101 钱多多有两行；0102 好的"},
            {"时间": datetime(2026, 5, 2, 8, 0), "操作": "收回班级页", "说明": "更正前的内容：记录 J1：内容 摔了门；J4：时长 5"},
            {"时间": datetime(2026, 5, 3, 8, 0), "操作": "收回班级页", "说明": "更正前的内容：记录 J5：时长 7"},
        ),
        "收回记录": rows(
            COLLECTED,
            {"时间": datetime(2026, 5, 2, 8, 0), "班级": "初一1班", "页号": "x", "工作表": "填报评价", "行": 4.0,
             "做法": "更正", "编号": "2026-04、0101、班主任", "身份码": "d4", "内容码": "c4"},
            *({"时间": datetime(2026, 5, 2, 8, 0), "班级": "初一1班", "页号": "x", "工作表": "填报记录", "行": row,
               "做法": "新增", "编号": entry, "身份码": f"d{row:g}", "内容码": f"c{row:g}"}
              for row, entry in ((5.0, "J1"), (6.0, "J2"), (7.0, "J5"))),
        ),
    }  # fmt: skip


def fake(folder: Path) -> FakeBook:
    return FakeBook(sheets(), path=folder / "总表.xlsm")


def everything(book: Book) -> str:
    """Every cell of every sheet but the front page."""
    frames = book.read(*(table for table in TABLES if table.name != "控制台"))
    return "\n".join(str(cell) for table in frames for row in frames[table].iter_rows() for cell in row)


class TestDeletion:
    def test_nothing_of_the_student_is_left_on_any_sheet_but_what_staff_wrote_of_others(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        outcome = delete_person.person_delete(book, CALL)

        assert outcome is not None
        left = everything(book)
        assert "青石巷" not in left
        assert left.replace("说起钱多多", "").replace("常和钱多多一起", "").count("钱多多") == 0
        assert "0101" not in left.replace("10101", "")
        assert any("“记录”第 5 行" in line for line in outcome.details)
        assert "程序看不到" in outcome.details[-1]  # what was put into other folders
        assert book.forgets

    def test_what_a_corrected_page_replaced_goes_too_and_that_of_others_stays(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        delete_person.person_delete(book, CALL)

        told = book.read(RUNS)[RUNS]["说明"].to_list()
        assert not any("摔了门" in text for text in told)
        assert "更正前的内容：记录 J5：时长 7" in told
        assert re.fullmatch("2026-04、删-[0-9a-f]{8}、班主任", book.read(COLLECTED)[COLLECTED]["编号"][0])

    def test_no_code_is_left_from_which_the_students_entries_and_marks_could_be_tried_out(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        delete_person.person_delete(book, CALL)

        codes = dict(book.read(COLLECTED)[COLLECTED].select("行", "身份码").iter_rows())
        assert codes == {4: None, 5: None, 6: None, 7: "d7"}  # marks, J1, the group session J2; J5 is another's

    def test_the_mark_is_drawn_by_chance_and_staff_are_told_it(self, tmp_path: Path) -> None:
        marks = set()
        for _ in range(3):
            book = fake(tmp_path)
            outcome = delete_person.person_delete(book, CALL)
            assert outcome is not None
            mark = re.findall("删-[0-9a-f]{8}", outcome.details[0])[0]
            assert mark in book.read(RUNS)[RUNS]["说明"][-1]
            marks.add(mark)
        assert len(marks) == 3

    def test_others_keep_every_row_of_theirs(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        delete_person.person_delete(book, CALL)

        frames = book.read(ROSTER, LOG, ABSENCES, RECALLS, ACTIVITIES, PAIRINGS, SCREENING)
        assert frames[ABSENCES]["学号"].to_list() == ["0102"]
        assert frames[RECALLS]["学号"].to_list() == ["0103"]
        assert frames[ROSTER]["学号"].to_list() == ["0102", "0103", "10101"]
        assert frames[LOG].select("记录编号", "学号").rows() == [("J2", "0102、0103"), ("J4", "0102"), ("J5", "10101")]
        assert frames[ACTIVITIES]["参与学生"].to_list() == ["0102"]
        assert frames[PAIRINGS].select("结对编号", "学习帮手", "状态").rows() == [("P2", None, "执行")]
        assert frames[SCREENING]["备注"].to_list() == ["无关"]

    def test_both_questions_are_asked_and_they_differ(self, tmp_path: Path) -> None:
        asked: list[str] = []

        def agrees(question: str) -> bool:
            asked.append(question)
            return True

        delete_person.person_delete(fake(tmp_path), replace(CALL, agrees=agrees))

        first, second = asked
        assert "现在还在帮扶名单上" in first
        assert "学习帮手" in first
        assert "记录 2 行" in first
        assert "缺勤 1 行、劝返 1 行" in first
        assert "不能撤销" in second

    @pytest.mark.parametrize("answers", [[False], [True, False]])
    def test_a_no_to_either_changes_nothing(self, answers: list[bool], tmp_path: Path) -> None:
        book = fake(tmp_path)
        before = everything(book)
        waiting = iter(answers)

        call = replace(CALL, agrees=lambda _: next(waiting))

        assert delete_person.person_delete(book, call) is None
        assert (everything(book), book.saves) == (before, 0)

    def test_the_ledger_has_a_mark_and_neither_number_nor_name(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        delete_person.person_delete(book, CALL)

        old, *_, new = book.read(RUNS)[RUNS]["说明"]
        assert "学生代号" in new
        mark = new.split("学生代号 ")[1].split("；")[0]
        assert re.fullmatch("删-[0-9a-f]{8}", mark)
        assert old == f"学号{mark} {mark}有两行；0102 好的"

    def test_the_journal_of_an_earlier_action_goes_too(self, tmp_path: Path) -> None:
        workbook = tmp_path / "总表.xlsm"
        place = journal.place_of(workbook)
        place.parent.mkdir()
        place.write_bytes(b"PK")

        delete_person.person_delete(fake(tmp_path), CALL)

        assert not place.exists()

    def test_an_open_book_that_forgets_notes_nothing_to_take_back(self, tmp_path: Path) -> None:
        noted = journal.Journal("person_delete")
        writes = Writes(amended={LOG: [pl.DataFrame({"记录编号": ["J2"], "学号": ["0102"]})]})
        old = fake(tmp_path).read(LOG)[LOG]
        noted.note(LOG, writes, old)

        noted.forget()
        noted.note(LOG, writes, old)
        noted.write(tmp_path / "总表.xlsm")

        assert journal.read(tmp_path / "总表.xlsm") is None

    def test_a_number_that_nobody_has_is_refused(self, tmp_path: Path) -> None:
        for number, said in (("0999", "没有学号“0999”"), ("", "没有写学号")):
            with pytest.raises(BadArgument, match=said):
                delete_person.person_delete(fake(tmp_path), replace(CALL, asks=lambda _, n=number: n))

    @pytest.mark.parametrize("table", ["档案", "活动", "成绩"])
    def test_a_renamed_sheet_that_would_still_have_the_student_stops_it(self, table: str, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets[f"{table}（旧）"] = book.sheets.pop(table)

        with pytest.raises(WrongWorkbook, match=f"没有工作表“{table}”"):
            delete_person.person_delete(book, CALL)
        assert book.saves == 0

    def test_two_students_with_one_number_are_not_guessed_between(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["名册"][2][0] = "0101"

        with pytest.raises(BadArgument, match="第 2、3 行"):
            delete_person.person_delete(book, CALL)

    def test_a_student_entered_twice_goes_twice(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["名册"].append(list(book.sheets["名册"][1]))

        delete_person.person_delete(book, CALL)

        assert book.read(ROSTER)[ROSTER].height == 3

    def test_rows_of_one_who_left_the_roster_long_ago_can_still_be_deleted(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        del book.sheets["名册"][1]
        del book.sheets["档案"][1]

        delete_person.person_delete(book, CALL)

        left = everything(book).replace("10101", "")
        assert "0101" not in left
        assert book.read(LOG)[LOG]["记录编号"].to_list() == ["J2", "J4", "J5"]

    def test_a_row_that_may_be_somebody_elses_stops_it(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["档案"].append(row_of(FILES, "0101", "孙小美", blank=""))

        with pytest.raises(BadArgument, match="“档案”第 3 行"):
            delete_person.person_delete(book, CALL)
        assert book.saves == 0

    def test_a_shared_row_without_its_own_key_stops_it(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["记录"][2][0] = "J4"

        with pytest.raises(BadArgument, match="“记录”第 3 行的“记录编号”"):
            delete_person.person_delete(book, CALL)


@pytest.mark.damaged
class TestInTheFile:
    def test_no_part_of_the_closed_file_has_the_student_any_more(self, tmp_path: Path) -> None:
        given = sheets()
        given["记录"][4][given["记录"][0].index("内容")] = "别的事"
        given["劝返"][2][given["劝返"][0].index("说明")] = "别的事"
        path = make(tmp_path / "总表.xlsx", given)
        assert "钱多多".encode() in parts(path)["xl/sharedStrings.xml"]

        delete_person.person_delete(ClosedBook(path), CALL)

        for name, data in parts(path).items():
            assert "钱多多".encode() not in data, name
            assert "青石巷".encode() not in data, name
            assert b"0101" not in data.replace(b"10101", b""), name
        assert openpyxl.load_workbook(path)["名册"]["B3"].value == "孙小美"
        assert parts_naming(path, ("0101",)) == []

    def test_shared_texts_stay_where_a_deletion_does_not_ask_for_it(self, tmp_path: Path) -> None:
        path = make(tmp_path / "总表.xlsx", sheets())
        book = ClosedBook(path)
        book.delete(ROSTER, pl.DataFrame({"学号": ["0101"]}))
        book.save()

        assert "青石巷".encode() in parts(path)["xl/sharedStrings.xml"]

    def test_a_pivot_cache_that_still_names_the_student_is_told(self, tmp_path: Path) -> None:
        path = make(tmp_path / "总表.xlsx", sheets())
        rebuild(path, {"xl/pivotCache/pivotCacheRecords1.xml": b"<r><s v='0101'/></r>"})

        outcome = delete_person.person_delete(ClosedBook(path), CALL)

        assert outcome is not None
        assert any("数据透视表缓存" in line for line in outcome.details)

    def test_an_entry_in_use_is_never_emptied(self) -> None:
        xml = b'<sst count="3"><si><t>a</t></si><si><r><t>b</t></r></si><si><t/></si></sst>'
        cells = b'<c r="A1" s="2" t="s"><v>1</v></c><c r="B1" t="str"><f>1</f><v>0</v></c><c r="C1"><v>0</v></c>'

        assert shared_strings.used([cells]) == {1}
        assert shared_strings.without_unused(xml, {1}) == (
            b'<sst count="3"><si><t/></si><si><r><t>b</t></r></si><si><t/></si></sst>'
        )

    @pytest.mark.parametrize("cells", [b'<c r="A1" t="s"><is/><v>1</v></c>', b'<c r="A1" t="s"><v>9</v></c>'])
    def test_a_file_that_cannot_be_understood_is_left_alone(self, cells: bytes, tmp_path: Path) -> None:
        path = make(tmp_path / "总表.xlsx", sheets())
        part = sheet_path(path, "校历")
        before = parts(path)[part]
        if b">9<" in cells:
            cells = cells.replace(b">9<", b">99999<")
        rebuild(path, {part: before.replace(b"</sheetData>", b'<row r="90">' + cells + b"</row></sheetData>")})
        old = path.read_bytes()
        book = ClosedBook(path)
        book.delete(ROSTER, pl.DataFrame({"学号": ["0101"]}))
        book.forget()

        with pytest.raises(WriteFailed, match="共用文字"):
            book.save()
        assert path.read_bytes() == old


def block(rows: list[list[Any]], title: str) -> dict[str, list[str]]:
    """The fields of a table that stands on the first sheet; each name is followed by the values of the records."""
    first = next(at for at, row in enumerate(rows) if row[0] == title) + 1
    told: dict[str, list[str]] = {}
    for row in takewhile(lambda row: row[0], rows[first:]):
        name = ""
        for place, cell in enumerate(row):
            if cell and (place == 0 or (place == 3 and row[4])):
                told[name := cell] = []
            elif cell:
                told[name].append(cell)
    return told


class TestExport:
    def exported(self, book: Book, tmp_path: Path) -> dict[str, list[list[Any]]]:
        (path,) = export_person.person_export(book, replace(CALL, out=tmp_path / "个人信息")).files
        opened = openpyxl.load_workbook(path)
        return {one.title: [[cell.value for cell in row] for row in one.iter_rows()] for one in opened}

    def test_every_row_of_theirs_is_in_it_and_nothing_of_anybody_else(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        found = self.exported(book, tmp_path)

        text = str(found)
        assert list(found) == ["个人信息"]
        titles = ["名册", "档案", "结对", "记录", "排名", "荣誉", "活动", "运行记录"]
        assert [row[0] for row in found["个人信息"] if row[0] in titles and not any(row[1:])] == titles
        assert "青石巷 3 号" in text
        for other in ("孙小美", "周大力", "0102", "0103", "说起"):
            assert other not in text
        told = block(found["个人信息"], "记录")
        assert told["学号"] == ["0101", "0101", "0101、■■■、■■■"]
        assert told["内容"][0] == "和■■■闹了别扭"

    def test_counselling_ranks_and_the_inside_word_do_not_go_to_parents(self, tmp_path: Path) -> None:
        text = str(self.exported(fake(tmp_path), tmp_path))

        assert "睡不着" not in text
        assert "（内容保密）" in text
        assert "学困" not in text
        assert "88" not in text
        assert "名次" not in text.replace("名次不列出", "")

    def test_ranks_are_in_it_where_the_school_shows_them(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["设置"].append(["班级页名次显示", "名次", ""])

        found = self.exported(book, tmp_path)

        assert block(found["个人信息"], "排名")["年级名次"] == ["88"]

    def test_the_ledger_tells_who_exported_whom_and_nothing_of_the_data(self, tmp_path: Path) -> None:
        book = fake(tmp_path)

        self.exported(book, tmp_path)

        said, codes = book.read(RUNS)[RUNS].select("说明", "校验码").row(-1)
        assert "0101" in said
        assert re.fullmatch("个人信息:[0-9a-f]{12}", codes)
        assert not re.search("[0-9a-f]{12}", said)
        assert "钱多多" not in said
        assert "青石巷" not in said

    def test_a_doubtful_row_is_left_out_and_told(self, tmp_path: Path) -> None:
        book = fake(tmp_path)
        book.sheets["档案"].append(row_of(FILES, "0101", "孙小美", 住址="别家的地址", blank=""))

        outcome = export_person.person_export(book, replace(CALL, out=tmp_path))

        assert "“档案”第 3 行" in outcome.details[0]
        cells = openpyxl.load_workbook(outcome.files[0])["个人信息"].iter_rows(values_only=True)
        assert "别家的地址" not in [cell for row in cells for cell in row]


class TestTraces:
    def test_pages_mails_and_calendars_are_looked_into(self, tmp_path: Path) -> None:
        workbook = tmp_path / "总表.xlsx"
        page = make(tmp_path / "甲.xlsx", {"名册": rows(ROSTER, {"学号": "0101", "姓名": "钱多多"})}).read_bytes()
        mail = EmailMessage()
        mail["Subject"] = "初一1班"
        mail.set_content("见附件")
        mail.add_attachment(page, maintype="application", subtype="octet-stream", filename="页.xlsx")
        held = {
            "班级页/初一1班.xlsx": page,
            "班级页/初一2班.xlsx": make(tmp_path / "乙.xlsx").read_bytes(),
            "邮件/初一1班.eml": mail.as_bytes(),
            "日程/李老师.ics": "SUMMARY:和钱多\r\n 多谈心".encode(),
            "日程/长号.ics": b"SUMMARY:10101",
            "个人信息/个人信息_0101.xlsx": b"",
            "加密/x": b"",
            "班级页/加密.xlsx": b"\xd0\xcf\x11\xe0 secret",
            "寄信记录.jsonl": '{"学生": "0101"}'.encode(),
            "总表.xlsx": page,
            "总表 - 副本.xlsm": page,
            "~xlbangfu_12_34.tmp": page,
            "~$总表.xlsx": "钱多多".encode(),
        }
        for name, data in held.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)

        found = {(str(one.path.relative_to(tmp_path)), one.certain) for one in traces(workbook, ("0101", "钱多多"))}

        assert found == {
            ("班级页/初一1班.xlsx", True),
            ("邮件/初一1班.eml", True),
            ("日程/李老师.ics", True),
            ("个人信息/个人信息_0101.xlsx", True),
            ("班级页/加密.xlsx", False),
            ("寄信记录.jsonl", True),
            ("总表 - 副本.xlsm", True),
            ("~xlbangfu_12_34.tmp", True),
            ("甲.xlsx", True),  # which staff may have imported
        }

    def test_a_broken_or_nested_file_is_no_trouble(self, tmp_path: Path) -> None:
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as packed:
            packed.writestr("甲.txt", "钱多多")
        outer = io.BytesIO()
        with zipfile.ZipFile(outer, "w") as packed:
            packed.writestr("里.zip", inner.getvalue())
        folder = tmp_path / "班级页"
        folder.mkdir()
        (folder / "一起.zip").write_bytes(outer.getvalue())
        (folder / "坏.xlsx").write_bytes(b"PK broken")

        found = {(one.path.name, one.certain) for one in traces(tmp_path / "总表.xlsx", ("钱多多",))}

        assert found == {("一起.zip", True), ("坏.xlsx", False)}


def test_what_is_past_its_time_is_found_by_the_last_day_of_all() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 退出日期
        01   | 早走 | 1班  | 转出     | 2023-06-29 | 学困     | 2022-09-01 |
        02   | 刚好 | 1班  | 转出     | 2023-06-30 |          |            |
        03   | 回访 | 1班  | 转出     | 2022-06-29 |          |            |
        04   | 退出 | 1班  | 在读     |            | 学困     | 2021-09-01 | 2022-07-01
        05   | 在帮 | 1班  | 在读     |            | 学困     | 2021-09-01 |
    """
    log = """
        记录编号 | 日期       | 学号    | 类型
        J1       | 2022-10-01 | 01      | 谈心
        J2       | 2024-10-01 | 03、05  | 家访
        J3       | 2022-05-01 | 04      | 谈心
    """
    one = school({"名册": roster, "记录": log, "成绩": "考试编号 | 学号 | 语文"})

    found = expired(one, one[ROSTER])

    assert found.select("学号", "事由", "最后日期").rows() == [
        ("04", "退出帮扶", date(2022, 7, 1)),
        ("01", "离校", date(2023, 6, 29)),
    ]
    assert rows_of(one, "01", "离校") == {"名册": [2], "记录": [2]}
    assert rows_of(one, "04", "退出帮扶") == {"记录": [4]}


def test_what_is_left_of_a_student_who_is_no_longer_in_the_roster_is_found_too() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态\n01 | 在读 | 1班 | 在读"
    log = """
        记录编号 | 日期       | 学号   | 姓名 | 类型
        J1       | 2022-10-01 | 91     | 早走 | 谈心
        J2       | 2022-11-01 | 01、91 |      | 活动
        J3       | 2026-03-01 | 92     | 刚走 | 谈心
    """
    files = "学号 | 姓名 | 班级\n93 | 无期 | 1班\n91 | 早走 | 1班"
    one = school({"名册": roster, "记录": log, "档案": files, "成绩": "考试编号 | 学号 | 语文"})

    found = expired(one, one[ROSTER])

    assert found.rows() == [
        ("93", "无期", "1班", "已不在名册", None),
        ("91", "早走", "1班", "已不在名册", date(2022, 11, 1)),
    ]
    assert rows_of(one, "91", "已不在名册") == {"档案": [3], "记录": [2, 3]}


def test_absences_and_visits_go_with_who_left_but_not_before_the_last_of_them() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期
        01   | 早走 | 1班  | 转出     | 2022-03-01
        02   | 后访 | 1班  | 辍学     | 2022-03-01
        03   | 未了 | 1班  | 休学     | 2022-03-01
    """
    absences = """
        日期       | 学号 | 节次 | 类型
        2022-02-21 | 01   | 全天 | 旷课
        2021-02-21 | 91   | 全天 | 旷课
    """
    visits = """
        学号 | 疑似日期   | 情形     | 劝返日期   | 结果     | 上报日期
        01   | 2022-02-21 | 连续旷课 | 2022-02-24 | 转出     | 2022-03-05
        02   | 2022-02-21 | 连续旷课 | 2022-02-24 | 辍学     | 2023-07-01
        03   | 2022-02-21 | 连续旷课 | 2022-02-24 | 仍在劝返 |
    """
    one = school({"名册": roster, "缺勤": absences, "劝返": visits, "成绩": "考试编号 | 学号 | 语文"})

    found = expired(one, one[ROSTER])

    assert found.select("学号", "事由", "最后日期").rows() == [
        ("91", "已不在名册", date(2021, 2, 21)),
        ("01", "离校", date(2022, 3, 5)),
    ]
    assert rows_of(one, "01", "离校") == {"名册": [2], "缺勤": [2], "劝返": [2]}
    assert rows_of(one, "91", "已不在名册") == {"缺勤": [3]}


def test_of_who_is_still_here_each_absence_ages_by_itself_and_each_ended_case_as_a_whole() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期   | 退出日期
        01   | 在读 | 1班  | 在读     |          |            |
        02   | 未了 | 1班  | 在读     |          |            |
        03   | 退出 | 1班  | 在读     | 学困     | 2021-09-01 | 2022-07-01
    """
    absences = """
        日期       | 学号 | 节次 | 类型
        2023-06-29 | 01   | 全天 | 旷课
        2023-06-30 | 01   | 全天 | 旷课
        2022-06-29 | 02   | 全天 | 旷课
        2022-06-29 | 03   | 全天 | 病假
    """
    visits = """
        学号 | 疑似日期   | 情形     | 劝返日期   | 结果 | 复学日期
        01   | 2023-06-20 | 连续旷课 | 2023-06-21 |      |
        01   | 2023-06-20 | 连续旷课 | 2023-06-22 | 复学 | 2023-06-26
        01   | 2023-06-01 | 连续旷课 | 2023-06-02 |      |
        01   | 2023-06-01 | 连续旷课 | 2023-06-20 | 复学 | 2023-07-01
        02   | 2022-06-29 | 连续旷课 | 2022-06-30 |      |
    """
    one = school({"名册": roster, "缺勤": absences, "劝返": visits, "成绩": "考试编号 | 学号 | 语文"})

    found = expired(one, one[ROSTER])

    assert found.select("学号", "事由", "最后日期").rows() == [
        ("03", "多年前的缺勤和劝返", date(2022, 6, 29)),
        ("03", "退出帮扶", date(2022, 7, 1)),
        ("01", "多年前的缺勤和劝返", date(2023, 6, 29)),
    ]
    assert rows_of(one, "01", "多年前的缺勤和劝返") == {"缺勤": [2], "劝返": [2, 3]}
    assert rows_of(one, "03", "退出帮扶") == {}


def test_belongings_do_not_change_the_school() -> None:
    one = school({"名册": "学号 | 姓名 | 班级 | 在籍状态\n01 | 甲 | 1班 | 在读", "成绩": "考试编号 | 学号 | 语文"})
    plan = frame(PLANS, "计划编号 | 学号\nL1 | 01")
    whole = type(one).of({**one.frames, PLANS: plan}, today=one.today)
    before = whole[PLANS].clone()

    mine = personal.belongings(whole, personal.find(whole, "01"))

    assert {table.name: found.height for table, found in mine.own.items()} == {"名册": 1, "计划": 1}
    assert whole[PLANS].equals(before)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("person") / "总表.xlsm"
    sizes = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"]
    assert main(["new", str(book), "--sample", *sizes]) == 0
    return book


class TestCommand:
    @pytest.fixture
    def book(self, sample: Path, tmp_path: Path) -> Path:
        copy = tmp_path / sample.name
        copy.write_bytes(sample.read_bytes())
        return copy

    def number(self, book: Path) -> str:
        """A tracked student who is in a group session, if there is one."""
        frames = ClosedBook(book).read(LOG, ROSTER)
        shared = frames[LOG].filter(pl.col("学号").str.contains("、"))["学号"]
        tracked = frames[ROSTER].filter(pl.col("帮扶类别") == "学困")["学号"]
        return str(shared[0]).split("、")[0] if shared.len() else str(tracked[0])

    def test_a_deletion_wants_two_yeses(self, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before, number = book.read_bytes(), self.number(book)

        for yes in ([], ["--yes"]):
            assert main(["person", str(book), number, "--delete", *yes]) == 1
        assert book.read_bytes() == before
        assert "两遍" in capsys.readouterr().out

    def test_a_deleted_student_is_in_the_backups_and_pages_that_the_answer_lists(
        self, book: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        number = self.number(book)
        assert main(["run", str(book), "--out", str(book.parent / "班级页")]) == 0
        assert main(["person", str(book), number, "--export", str(book.parent / "个人信息")]) == 0

        assert main(["person", str(book), number, "--delete", "--yes", "--yes"]) == 0

        said = capsys.readouterr().out
        assert f"个人信息_{number}" in said
        assert "班级页/" in said
        assert "份备份里还有" in said
        assert parts_naming(book, (number,)) == []
        assert len(backups(book)) > 1

    def test_backups_go_with_the_student_where_that_is_asked_for(self, book: Path) -> None:
        number = self.number(book)
        assert main(["refresh", str(book)]) == 0

        assert main(["person", str(book), number, "--delete", "--backups", "--yes", "--yes"]) == 0

        assert not [copy for copy in backups(book) if parts_naming(copy.path, (number,))]

    def test_backups_can_go_later_as_the_answer_says(self, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
        number = self.number(book)
        assert main(["person", str(book), number, "--delete", "--yes", "--yes"]) == 0
        assert "--delete --backups" in capsys.readouterr().out

        assert main(["person", str(book), number, "--delete", "--backups"]) == 1
        assert main(["person", str(book), number, "--delete", "--backups", "--yes", "--yes"]) == 0

        assert backups(book)
        assert not [copy for copy in backups(book) if parts_naming(copy.path, (number,))]
        assert number not in "".join(ClosedBook(book).read(RUNS)[RUNS]["说明"])
        assert main(["person", str(book), number, "--delete", "--backups", "--yes", "--yes"]) == 2
        assert "都没有学号" in capsys.readouterr().err

    def test_what_is_past_its_time_is_listed_and_nothing_is_changed(
        self, book: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        opened = ClosedBook(book)
        gone = {
            "学号": ["0999"],
            "姓名": ["早走"],
            "班级": ["初一1班"],
            "在籍状态": ["转出"],
            "异动日期": [date(2020, 7, 1)],
        }
        opened.append(ROSTER, pl.DataFrame(gone))
        opened.save()
        before = book.read_bytes()

        assert main(["person", str(book), "--expired"]) == 0

        assert "0999 早走 初一1班：离校，最后一次 2020-07-01；名册 1 行" in capsys.readouterr().out
        assert book.read_bytes() == before

    def test_a_command_without_a_number_says_how_to_write_it(
        self, book: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["person", str(book), "--delete"]) == 2
        assert "学号" in capsys.readouterr().err
