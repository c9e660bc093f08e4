"""档案册: a page each for the office, marked on every page."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as run
from hypothesis import strategies as st
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from tests.support.class_page_school import prizes, ranking, school, sheet
from xlbangfu.cli import main
from xlbangfu.documents.register import Entry, Register, Section, file_name, register_fit, register_of, staged_register
from xlbangfu.documents.register.register_book import CONFIDENTIAL, CONTENTS, as_bytes
from xlbangfu.documents.register.register_fit import FITS, ROOM, fitted
from xlbangfu.documents.register.register_lines import height_of, page_lines
from xlbangfu.schema import AWARDS, LOG, ORGANISATION, ROSTER, SUPPORT

MADE = datetime(2026, 5, 20, 8, 30)


def made() -> Register:
    awards = sheet(AWARDS, [{"日期": date(2026, 5, 1), "荣誉": "进步之星", "学号": "0101", "确认人": "陈班"}])
    return register_of(school(), ranking(), prizes(), awards, made=MADE)


def section(entry: Entry, title: str) -> Section:
    return next(one for one in entry.sections if one.title == title)


def test_every_tracked_student_has_a_page_by_class_and_number() -> None:
    assert [one.number for one in made().students] == ["0101", "0102", "0103", "0104", "0201", "0202"]


def test_a_page_holds_the_file_the_pairings_the_plan_the_results_and_the_honours() -> None:
    one = made().students[0]

    assert ("住址", "幸福路 8 号") in one.long_facts
    assert ("联系电话", "13900001111") in one.facts
    assert (one.teacher, one.key) == ("钱老师", True)
    assert [row[:3] for row in section(one, "结对").rows] == [("一对一", "钱老师", ""), ("学习帮手", "", "帮手甲")]
    assert [row[0] for row in section(one, "计划").rows] == ["摸底调查", "实施帮扶", "评估调整"]
    assert section(one, "成绩").rows[1][1:] == ("2026-05-15", "", "D", "7101", "+5", "一等奖")
    assert section(one, "荣誉").rows == (("2026-05-01", "进步之星", "", "陈班"),)


TEXT = st.one_of(st.text(alphabet="好学生听说读写，。；3a\n", max_size=200), st.just("写得很长的话" * 60))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """A student of whom much or little is known."""
    one = made().students[0]
    sections = tuple(
        replace(
            part,
            rows=tuple(
                draw(st.lists(st.tuples(*[TEXT] * len(part.heads)), max_size=draw(st.sampled_from([0, 3, 30]))))
            ),
            note=draw(TEXT),
        )
        for part in one.sections
    )
    names = st.tuples(st.sampled_from(["住址", "备注", "家庭情况"]), TEXT)
    return replace(one, sections=sections, long_facts=tuple(draw(st.lists(names, max_size=9))))


@run(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(entry=entries())
def test_whatever_is_known_of_a_student_stands_on_one_page_which_says_what_it_had_no_room_for(entry: Entry) -> None:
    page = fitted(entry)

    assert height_of(page_lines(page)) <= ROOM
    for was, now in zip(entry.sections, page.sections, strict=True):
        assert bool(now.rows) == bool(was.rows)
        if len(now.rows) < len(was.rows):
            assert f"{now.title}另有{len(was.rows) - len(now.rows)}行" in page.left_out
    if (page.sections, page.long_facts) != (entry.sections, entry.long_facts):
        assert page.left_out


def test_what_gives_way_later_never_makes_a_page_higher() -> None:
    one = made().students[0]
    long = replace(one, sections=tuple(replace(part, rows=part.rows * 9) for part in one.sections))

    heights = [height_of(page_lines(register_fit._with(long, fit))) for fit in FITS]

    assert all(later <= earlier + 17 for earlier, later in pairwise(heights))


def test_a_page_that_has_room_says_all_of_it() -> None:
    one = made().students[0]

    assert one.left_out == ""
    assert fitted(one) == one


def test_of_counselling_there_is_only_that_it_took_place() -> None:
    contacts = section(made().students[2], "帮扶记录")

    assert contacts.rows[0] == ("2026-05-19", "心理咨询", "（内容保密）", "")
    with BytesIO(as_bytes(made())) as file:
        cells = [cell.value for one in openpyxl.load_workbook(file) for row in one.iter_rows() for cell in row]
    assert not [text for text in cells if isinstance(text, str) and ("失眠" in text or "心老师" in text)]


def test_a_group_session_stands_on_each_ones_page_without_the_others() -> None:
    for place in (1, 2):
        rows = section(made().students[place], "帮扶记录").rows
        assert ("2026-05-10", "辅导\n陈班", "谈了学习", "") in rows
        assert not [cell for row in rows for cell in row if "010" in cell]


def test_only_the_latest_contacts_are_listed_and_all_are_counted() -> None:
    days = [date(2026, 4, day) for day in range(1, 11)]
    rows = [{"记录编号": f"J{day:%d}", "日期": day, "学号": "0101", "类型": "辅导", "内容": "补"} for day in days]
    one = school({"档案册记录条数": "3"})
    many = type(one).of({**one.frames, LOG: sheet(LOG, rows)}, today=MADE.date())

    contacts = section(register_of(many, ranking(), prizes(), AWARDS.empty(), made=MADE).students[0], "帮扶记录")

    assert [row[0] for row in contacts.rows] == ["2026-04-10", "2026-04-09", "2026-04-08"]
    assert contacts.note == "共10次：辅导10；下面是最近3次"


def test_the_cover_has_the_counts_the_organisation_and_the_means() -> None:
    one = school()
    frames = {
        ORGANISATION: sheet(ORGANISATION, [{"职务": "组长", "姓名": "冯主任", "职责": "总负责"}]),
        SUPPORT: sheet(SUPPORT, [{"类别": "经费", "事项": "奖品", "金额": 500.0}]),
    }
    bound = register_of(
        type(one).of({**one.frames, **frames}, today=MADE.date()), ranking(), prizes(), AWARDS.empty(), made=MADE
    )

    counts, organisation, support = bound.cover
    assert dict(counts.rows)["在册学生"] == "6"
    assert organisation.rows == (("组长", "冯主任", "总负责"),)
    assert support.rows == (("经费", "奖品", "500", "", "", ""),)


def test_every_sheet_is_marked_internal_on_every_page_and_students_begin_on_a_new_one() -> None:
    book = openpyxl.load_workbook(BytesIO(as_bytes(made())))

    assert book.sheetnames == ["封面", "目录", "初二1班", "初二2班"]
    for one in book:
        assert CONFIDENTIAL in one.oddHeader.right.text
        assert CONFIDENTIAL in one.oddFooter.left.text
        assert one.page_setup.paperSize == 9
    class_name = book["初二1班"]
    starts = [row for row in range(1, class_name.max_row + 1) if "0102" in str(class_name.cell(row, 1).value)]
    assert next(at.id + 1 for at in class_name.row_breaks.brk) == starts[0]
    assert len(class_name.row_breaks.brk) == 3
    assert class_name.print_area.startswith("'初二1班'!$A$2:")


def test_the_table_of_contents_leads_to_each_page() -> None:
    book = openpyxl.load_workbook(BytesIO(as_bytes(made())))

    for row, one in enumerate(made().students, 3):
        cell = next(one for one in book[CONTENTS][row] if one.hyperlink)
        target, _, address = cell.hyperlink.location.rpartition("!")
        assert cell.value == one.name
        assert one.number in str(book[target.strip("'")][address].value)


def test_a_school_without_tracked_students_still_has_a_cover(tmp_path: Path) -> None:
    one = school()
    nobody = type(one).of({**one.frames, ROSTER: ROSTER.empty()}, today=MADE.date())

    with staged_register(register_of(nobody, ranking(), prizes(), AWARDS.empty(), made=MADE), tmp_path) as staged:
        pass

    assert openpyxl.load_workbook(staged.path).sheetnames == ["封面", "目录"]
    assert file_name(made()).startswith("档案册_")


def test_classes_with_names_that_are_no_sheet_names_each_get_their_sheet() -> None:
    one = made()
    odd = tuple(
        Entry(
            number=str(at),
            name="甲",
            class_name=class_name,
            key=False,
            teacher="",
            facts=(),
            long_facts=(),
            sections=(),
        )
        for at, class_name in enumerate(("初二/1班", "初二:1班", "", "目录", "班" * 40))
    )

    bound = Register(school=one.school, term=one.term, day=one.day, made=one.made, students=odd, cover=())

    assert openpyxl.load_workbook(BytesIO(as_bytes(bound))).sheetnames[2:] == [
        "初二_1班", "初二_1班_2", "未分班", "目录_2", "班" * 26,
    ]  # fmt: skip


def test_three_hundred_pages_take_seconds() -> None:
    one = made()
    many = tuple(student for student in one.students for _ in range(50))

    started = perf_counter()
    as_bytes(Register(school=one.school, term=one.term, day=one.day, made=one.made, students=many, cover=()))

    assert perf_counter() - started < 8


def test_the_frames_are_the_same_afterwards() -> None:
    one, ranked = school(), ranking()
    before = one[LOG].clone(), ranked.clone()
    register_of(one, ranked, prizes(), AWARDS.empty(), made=MADE)
    assert_frame_equal(one[LOG], before[0])
    assert_frame_equal(ranked, before[1])


def test_the_command_makes_one_file_and_writes_down_its_hash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import hashlib

    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.schema import RUNS

    book = tmp_path / "总表.xlsm"
    sizes = ["--students", "120", "--classes", "4", "--exams", "3", "--logs", "200"]
    assert main(["new", str(book), "--sample", *sizes]) == 0
    assert main(["register", str(book), "--out", str(tmp_path / "册")]) == 0

    assert "内部资料" in capsys.readouterr().out
    (path,) = (tmp_path / "册").iterdir()
    assert hashlib.sha256(path.read_bytes()).hexdigest()[:12] in ClosedBook(book).read(RUNS)[RUNS]["校验码"][0]
