"""What every kind of book does, so that an action can't tell which one it works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.fake_book import FakeBook, Grid
from tests.support.rows import row_of
from tests.support.workbooks_made import make
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.port import Book
from xlbangfu.book.reading import fast_reader
from xlbangfu.errors import WriteFailed, WrongWorkbook
from xlbangfu.ooxml.addresses import letters
from xlbangfu.schema import (
    CLASSES,
    CONSOLE,
    DEFECTS,
    EXAMS,
    FILES,
    KEY,
    LAYOUT,
    LOG,
    OUTBOX,
    PROBLEMS,
    RANKING,
    ROSTER,
    ROW,
    RUNS,
    SCORES,
    SCREENING,
    SETTINGS,
    Defect,
    RowChoice,
    Table,
)

ROSTER_GRID: Grid = [
    ROSTER.names,
    row_of(
        ROSTER,
        *("0001", "王小", "男", "初一1班", "在读"),
        帮扶类别="学困",
        困难类型="学习",
        重点="是",
        困难学科="数学",
        列入日期=date(2025, 9, 1),
    ),
    row_of(ROSTER, "0002", "李四", "女", "初一1班", "在读"),
    row_of(ROSTER, "0003", "=赵&<六>", "男", "初一2班", "转出", 异动日期=date(2025, 10, 8)),
]
SCORES_GRID: Grid = [
    [*SCORES.names, "语文", "数学"],
    [*row_of(SCORES, "期中", "0001", "王小", "初一1班"), 90.5, 80.0],
    [*row_of(SCORES, "期中", "0002"), "缺考", "abc"],
]

Make = Callable[..., Any]


class _Reopened:
    """A fake is its own file; a closed book is opened again, so that what is read was on the disk."""

    def __init__(self, kind: str, folder: Path, sheets: dict[str, Grid], office: Any = None) -> None:
        self.path = folder / "帮扶总表.xlsx"
        self.office = office
        self.fake = FakeBook(sheets) if kind == "fake" else None
        if self.fake is None:
            make(self.path, sheets)

    def book(self) -> Book:
        if self.office is not None:
            return self._live()
        return self.fake or ClosedBook(self.path)

    def _live(self) -> Book:
        from xlbangfu.book.live.live_book import LiveBook

        there = [book for book in self.office.books if Path(book.fullname) == self.path]
        return LiveBook(there[0] if there else self.office.books.open(self.path))

    def read(self, table: Table) -> pl.DataFrame:
        return self.book().read(table)[table]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture(params=["fake", "closed", "closed, read quickly", pytest.param("live", marks=pytest.mark.office)])
def make_book(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    if request.param == "closed, read quickly":
        monkeypatch.setattr(fast_reader, "LEAST", 0)
    office = request.getfixturevalue("office") if request.param == "live" else None
    yield lambda **sheets: _Reopened(request.param, tmp_path, sheets, office)
    for book in list(office.books) if office is not None else ():
        book.close()


def test_reading_gives_typed_frames_defects_and_layout(make_book):
    frames = make_book(名册=ROSTER_GRID, 成绩=SCORES_GRID).book().read(ROSTER, SCORES)

    assert frames[ROSTER].select("学号", "姓名", "异动日期", "列入日期", ROW, KEY).rows() == [
        ("0001", "王小", None, date(2025, 9, 1), 2, "名册|0001"),
        ("0002", "李四", None, None, 3, "名册|0002"),
        ("0003", "=赵&<六>", date(2025, 10, 8), None, 4, "名册|0003"),
    ]
    assert frames[SCORES].select("语文", "语文·状态", "数学", KEY).rows() == [
        (90.5, None, 80.0, "成绩|期中|0001|王小|初一1班"),
        (None, "缺考", None, "成绩|期中|0002||"),
    ]
    assert frames[DEFECTS].rows() == [("成绩", 3, "数学", "abc", Defect.NOT_A_MARK)]
    assert ("成绩", "数学", letters(len(SCORES.names) + 1)) in frames[LAYOUT].rows()


def test_a_missing_sheet_is_an_empty_frame_and_a_defect(make_book, tmp_path):
    made = make_book()
    if made.fake:
        del made.fake.sheets["考试"]
    else:
        from tests.support.workbooks_made import parts, rebuild

        workbook = parts(made.path)["xl/workbook.xml"].replace('name="考试"'.encode(), 'name="考试（旧）"'.encode())
        rebuild(made.path, {"xl/workbook.xml": workbook})
    frames = made.book().read(EXAMS)

    assert frames[EXAMS].height == 0
    assert dict(frames[EXAMS].schema) == {**EXAMS.frame_schema, ROW: pl.Int64, KEY: pl.String}
    assert frames[DEFECTS]["缺陷"].to_list() == [Defect.MISSING_SHEET]
    book = made.book()
    book.append(EXAMS, pl.DataFrame({"考试编号": ["a"]}))
    with pytest.raises(WrongWorkbook, match="考试"):
        book.save()


def test_nothing_is_written_before_save(make_book):
    made = make_book(名册=ROSTER_GRID)
    book = made.book()
    book.append(ROSTER, pl.DataFrame({"学号": ["0009"]}))
    assert book.read(ROSTER)[ROSTER].height == 3
    book.save()
    assert made.read(ROSTER)["学号"].to_list() == ["0001", "0002", "0003", "0009"]


def test_rows_go_after_the_last_record_in_the_order_given(make_book):
    made = make_book()
    for numbers in (["1"], ["2", "3"]):
        book = made.book()
        book.append(ROSTER, pl.DataFrame({"学号": numbers[:1], "姓名": ["=1+1"]}))
        for number in numbers[1:]:
            book.append(ROSTER, pl.DataFrame({"学号": [number], "列入日期": [date(2025, 9, 1)]}))
        book.save()

    assert made.read(ROSTER).select("学号", "姓名", "列入日期", ROW).rows() == [
        ("1", "=1+1", None, 2), ("2", "=1+1", None, 3), ("3", None, date(2025, 9, 1), 4),
    ]  # fmt: skip


def test_a_new_subject_gets_a_column_and_marks_keep_their_words(make_book):
    made = make_book(成绩=SCORES_GRID)
    book = made.book()
    marks = {"语文": [None, 70.0], "语文·状态": ["免考", None], "物理": [88.0, None], "物理·状态": [None, "缺考"]}
    book.append(SCORES, pl.DataFrame({"考试编号": ["期末", "期末"], "学号": ["1", "2"], **marks}))
    book.save()

    frame = made.read(SCORES)
    assert frame.columns[len(SCORES.names) :][:6] == ["语文", "语文·状态", "数学", "数学·状态", "物理", "物理·状态"]
    assert frame.select("语文", "语文·状态", "物理", "物理·状态").rows()[2:] == [
        (None, "免考", 88.0, None), (70.0, None, None, "缺考"),
    ]  # fmt: skip
    assert frame["物理"].to_list()[:2] == [None, None]


def test_amending_sets_the_named_cells_and_no_other(make_book):
    made = make_book(名册=ROSTER_GRID)
    before = made.read(ROSTER)
    book = made.book()
    book.amend(
        ROSTER,
        pl.DataFrame({"学号": ["0003", "0001"], "帮扶类别": ["学困", None], "退出日期": [None, date(2026, 1, 5)]}),
    )
    book.save()

    after = made.read(ROSTER)
    assert after.drop("帮扶类别", "退出日期").equals(before.drop("帮扶类别", "退出日期"))
    assert after.select("帮扶类别", "退出日期").rows() == [(None, date(2026, 1, 5)), (None, None), ("学困", None)]


def test_amending_a_row_that_is_not_there_changes_nothing(make_book):
    made = make_book(名册=ROSTER_GRID)
    before = made.read(ROSTER)
    book = made.book()
    book.append(ROSTER, pl.DataFrame({"学号": ["0010"]}))
    book.amend(ROSTER, pl.DataFrame({"学号": ["0001", "0099"], "重点": ["否", "否"]}))
    with pytest.raises(WriteFailed):
        book.save()
    assert made.read(ROSTER).equals(before)


LOG_GRID: Grid = [
    LOG.names,
    row_of(LOG, None, date(2026, 3, 2), "王小 初一1班 0001", 类型="谈心", 内容="甲"),
    row_of(LOG, "JL000007", date(2026, 3, 3), None, "李四", 类型="辅导", 内容="乙"),
]


def as_read(frame: pl.DataFrame, *rows: int, **cells: str | None) -> pl.DataFrame:
    """A frame to amend that names rows as they were read."""
    return frame.filter(pl.col(ROW).is_in(rows)).select(
        ROW, KEY, *(pl.lit(cell, dtype=pl.String).alias(name) for name, cell in cells.items())
    )


def test_rows_may_be_named_as_they_were_read_and_keys_set_before_others_go_by_them(make_book):
    made = make_book(记录=LOG_GRID)
    book = made.book()
    there = book.read(LOG)[LOG]
    book.amend(LOG, pl.DataFrame({"记录编号": ["JL000008"], "效果": [4]}))
    book.amend(LOG, as_read(there, 2, 记录编号="JL000008"))
    book.amend(LOG, as_read(there, 2, 学号="0001"))
    book.amend(LOG, as_read(there, 2, 3, 班级="初一1班"))
    book.save()

    after = made.read(LOG)
    assert after.select("记录编号", "学号", "姓名", "班级", "效果", "内容", KEY).rows() == [
        ("JL000008", "0001", None, "初一1班", 4, "甲", "记录|JL000008"),
        ("JL000007", None, "李四", "初一1班", None, "乙", "记录|JL000007"),
    ]


def test_a_row_that_is_not_as_it_was_read_stops_the_whole_save(make_book):
    made = make_book(记录=LOG_GRID)
    book = made.book()
    there = book.read(LOG)[LOG]
    before = made.read(LOG)
    book.amend(LOG, as_read(there, 2, 学号="0001"))
    book.amend(LOG, as_read(there.with_columns(pl.lit("记录|别的").alias(KEY)), 3, 学号="0002"))

    with pytest.raises(WriteFailed):
        book.save()

    assert made.read(LOG).equals(before)


def test_deleting_empties_the_rows_named(make_book):
    made = make_book(名册=ROSTER_GRID)
    book = made.book()
    book.delete(ROSTER, pl.DataFrame({"学号": ["0002"]}))
    book.save()
    assert made.read(ROSTER).select("学号", ROW).rows() == [("0001", 2), ("0003", 4)]

    book = made.book()
    book.append(ROSTER, pl.DataFrame({"学号": ["0004"]}))
    book.save()
    assert made.read(ROSTER).select("学号", ROW).rows() == [("0001", 2), ("0003", 4), ("0004", 5)]


def test_deleting_by_a_key_of_several_columns_matches_blanks_too(make_book):
    made = make_book(档案=[FILES.names, row_of(FILES, "01"), row_of(FILES, "01", "王")])
    book = made.book()
    book.delete(FILES, pl.DataFrame({"学号": ["01"], "姓名": [None]}, schema={"学号": pl.String, "姓名": pl.String}))
    book.save()
    assert made.read(FILES)[ROW].to_list() == [3]


def test_rewriting_an_output_sheet_leaves_nothing_of_the_old_rows(make_book):
    made = make_book()
    for height in (5, 2, 0, 3):
        book = made.book()
        students = [str(number) for number in range(height)]
        book.replace(
            {
                RANKING: pl.DataFrame(
                    {"考试编号": ["期中"] * height, "学号": students, "年级名次": range(height)},
                    schema={"考试编号": pl.String, "学号": pl.String, "年级名次": pl.Int64},
                )
            }
        )
        book.save()
        assert made.read(RANKING).select("学号", "年级名次").rows() == list(zip(students, range(height), strict=True))


def test_ticks_and_remarks_stay_with_their_record_when_an_output_sheet_is_rewritten(make_book):
    made = make_book(排查=[SCREENING.names, _tick("01", "√", "问过"), _tick("02", None, None), _tick("03", "√", None)])
    book = made.book()
    book.replace(
        {
            SCREENING: pl.DataFrame(
                {"学号": ["03", "04", "01", "02"], "姓名": ["c", "d", "a", "b"], "采纳": [None, "√", None, "√"]}
            )
        }
    )
    book.save()

    assert made.read(SCREENING).select("学号", "姓名", "采纳", "备注").rows() == [
        ("03", "c", "√", None), ("04", "d", "√", None), ("01", "a", "√", "问过"), ("02", "b", None, None),
    ]  # fmt: skip


def _tick(student: str, tick: str | None, remark: str | None) -> list[object]:
    return row_of(SCREENING, student, 采纳=tick, 备注=remark)


def test_records_of_one_key_keep_their_remarks_in_order(make_book):
    made = make_book()
    twice = pl.DataFrame({"定位": ["名册|1|学号"] * 2, "编号": ["V02"] * 2, "问题": ["甲", "乙"]})
    book = made.book()
    book.replace({PROBLEMS: twice.with_columns(备注=pl.Series(["一", "二"]))})
    book.save()
    book = made.book()
    book.replace({PROBLEMS: twice})
    book.save()
    assert made.read(PROBLEMS)["备注"].to_list() == ["一", "二"]


def test_dates_and_times_come_back_as_they_were(make_book):
    made = make_book()
    moments = [datetime(2025, 9, 1, 8, 30, 15), datetime(2025, 12, 31, 23, 59, 59), datetime(2026, 1, 1)]
    book = made.book()
    book.append(RUNS, pl.DataFrame({"时间": moments, "操作": ["甲", "乙", "丙"], "用时": [0.1, 1 / 3, 1e-7]}))
    book.save()
    frame = made.read(RUNS)
    assert frame["时间"].to_list() == moments
    assert frame["用时"].to_list() == [0.1, 1 / 3, 1e-7]


def test_two_tables_are_written_together_or_not_at_all(make_book):
    made = make_book(班级=[CLASSES.names, ["初一1班", "初一", None, None]])
    book = made.book()
    book.append(CLASSES, pl.DataFrame({"班级": ["初一2班"], "年级": ["初一"]}))
    book.replace({OUTBOX: pl.DataFrame({"班级": ["初一1班"], "大小": [12]})})
    book.append(RUNS, pl.DataFrame({"操作": ["试"]}))
    book.save()

    assert made.read(CLASSES)["班级"].to_list() == ["初一1班", "初一2班"]
    assert made.read(OUTBOX).select("班级", "大小").rows() == [("初一1班", 12)]
    assert made.read(RUNS)["操作"].to_list() == ["试"]


def test_a_save_with_nothing_to_write_is_fine_and_a_book_serves_more_than_once(make_book):
    made = make_book()
    book = made.book()
    book.save()
    for number in ("1", "2"):
        book.append(ROSTER, pl.DataFrame({"学号": [number]}))
        book.save()
    assert book.read(ROSTER)[ROSTER]["学号"].to_list() == ["1", "2"]


def test_the_front_page_takes_its_texts(make_book):
    book = make_book().book()
    book.replace({CONSOLE: pl.DataFrame({"项目": ["控制台_下一步", "控制台_没有这个"], "值": ["先填名册", "x"]})})
    book.save()


def test_frames_given_to_a_book_are_left_as_they_were(make_book):
    frame = pl.DataFrame({"学号": ["1"], "姓名": [" a&b "]})
    copy = frame.clone()
    book = make_book().book()
    book.append(ROSTER, frame)
    book.save()
    assert frame.equals(copy)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(TEXTS, TEXTS, st.none() | st.floats(allow_nan=False, allow_infinity=False), st.none() | st.dates(date(1950, 1, 1), date(2150, 1, 1))),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_whatever_is_written_is_read_back_the_same_however_it_is_read(tmp_path_factory, monkeypatch, rows):
    ids, texts, numbers, days = zip(*rows, strict=True)
    frame = pl.DataFrame(
        {"月份": ids, "说明": texts, "作业": numbers},
        schema={"月份": pl.String, "说明": pl.String, "作业": pl.Float64},
    )
    from xlbangfu.schema import CALENDAR, CONDUCT

    read = []
    for kind, least in (("fake", 0), ("closed", 1 << 30), ("closed", 0)):
        monkeypatch.setattr(fast_reader, "LEAST", least)
        made = _Reopened(kind, tmp_path_factory.mktemp("书"), {})
        book = made.book()
        book.append(CONDUCT, frame)
        book.append(CALENDAR, pl.DataFrame({"日期": days, "说明": texts}, schema={"日期": pl.Date, "说明": pl.String}))
        book.save()
        frames = made.book().read(CONDUCT, CALENDAR)
        read.append([frames[table].to_dicts() for table in (CONDUCT, CALENDAR, DEFECTS)])
    assert read[0] == read[1] == read[2]


def test_settings_are_read_as_text(make_book):
    made = make_book(
        设置=[
            SETTINGS.names,
            ["备份份数", 3.0, None],
            ["学期开始", date(2026, 2, 23), None],
            ["排查百分位", "8%", None],
        ]
    )
    assert made.read(SETTINGS)["值"].to_list() == ["3", "2026-02-23", "8%"]


def test_sheets_are_put_away_and_shown_at_save(make_book):
    made = make_book(名册=ROSTER_GRID)
    book = made.book()
    book.hide(EXAMS, SCORES)
    assert {EXAMS, SCORES} <= book.hidden()  # as it will be
    book.save()
    book = made.book()
    assert {EXAMS, SCORES} <= book.hidden()
    assert ROSTER not in book.hidden()

    book.reveal(EXAMS)
    book.save()
    assert EXAMS not in made.book().hidden()
    assert SCORES in made.book().hidden()
    assert made.read(ROSTER).height == 3


def test_what_is_filled_comes_into_sight_and_a_ledger_does_not(make_book):
    made = make_book()
    book = made.book()
    book.hide(EXAMS, SCREENING, RUNS)
    book.save()

    book = made.book()
    book.append(EXAMS, pl.DataFrame({"考试编号": ["期中"]}))
    book.replace({SCREENING: SCREENING.empty()})
    book.append(RUNS, pl.DataFrame({"操作": ["校验"]}))
    assert book.hidden() & {EXAMS, SCREENING, RUNS} == {RUNS}
    book.save()
    assert made.book().hidden() & {EXAMS, SCREENING, RUNS} == {RUNS}


SCREENING_GRID: Grid = [
    SCREENING.names,
    *(row_of(SCREENING, f"00{n}", 变化=change) for n, change in enumerate(("新增", "待定", "新增", "可退出", "保留"))),
]
NEW_ROWS = RowChoice("变化", ("新增", "待定"))


def test_a_filter_leaves_the_chosen_rows_in_sight_until_all_are_shown_and_no_cell_changes(make_book):
    made = make_book(排查=SCREENING_GRID)
    before = made.read(SCREENING)
    book = made.book()
    book.show_only(SCREENING, NEW_ROWS)
    book.save()

    book = made.book()
    assert (book.filtered(SCREENING, ROSTER), book.out_of_sight(SCREENING, {2, 5, 6})) == ({SCREENING}, {5, 6})
    assert made.read(SCREENING).equals(before)

    book.show_only(SCREENING, RowChoice("变化", ("可退出",)))
    book.save()
    assert made.book().out_of_sight(SCREENING, range(2, 7)) == {2, 3, 4, 6}

    book = made.book()
    book.show_all(SCREENING)
    book.save()
    assert (made.book().filtered(SCREENING), made.book().out_of_sight(SCREENING, range(2, 7))) == (set(), set())
    assert made.read(SCREENING).equals(before)


def test_what_is_written_over_a_filter_is_in_sight(make_book):
    made = make_book(排查=SCREENING_GRID)
    book = made.book()
    book.show_only(SCREENING, NEW_ROWS)
    book.save()

    book = made.book()
    book.replace({SCREENING: made.read(SCREENING).select(SCREENING.names).reverse()})
    book.save()

    assert made.read(SCREENING)["变化"].to_list() == ["保留", "可退出", "新增", "待定", "新增"]
    assert (made.book().filtered(SCREENING), made.book().out_of_sight(SCREENING, range(2, 7))) == (set(), set())
