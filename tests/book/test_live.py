"""The open workbook: the same cells as the closed one, nothing half written, everything else as it was."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from msgspec.structs import replace
from polars.testing import assert_frame_equal

from xlbangfu import actions, sample
from xlbangfu.actions import Call, import_files, make_pages, rank_exams, undo_last, validate_book
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.book.safety import backup
from xlbangfu.errors import BadArgument, BangfuError, BookLocked, WriteFailed, WrongWorkbook
from xlbangfu.schema import CLASS_FIGURES, CONSOLE, PRIZES, PROBLEMS, RANKING, ROSTER, RUNS, SCORES, TABLES

pytestmark = pytest.mark.office

NOW = datetime(2026, 6, 30, 10, 0)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.support.live_office import office_in

    with office_in(tmp_path_factory.mktemp("office")) as app:
        yield app


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A master without problems, and one with one of each."""
    made = {}
    for troubled in (False, True):
        made[troubled] = tmp_path_factory.mktemp("总表") / "总表.xlsm"
        school = sample.make(students=90, classes=3, exams=2, logs=20, seed=3, with_problems=troubled)
        template.build(made[troubled], frames=school.frames, planted=school.planted, host="libreoffice", created=NOW)
    return made


@pytest.fixture
def master(masters: dict[bool, Path]) -> Path:
    return masters[False]


@pytest.fixture
def book(office: Any, master: Path, tmp_path: Path) -> Iterator[Any]:
    """The xlwings book of a copy of the master."""
    yield from opened_copy(office, master, tmp_path)


@pytest.fixture
def troubled(office: Any, masters: dict[bool, Path], tmp_path: Path) -> Iterator[Any]:
    """The same with problems."""
    yield from opened_copy(office, masters[True], tmp_path)


def opened_copy(office: Any, master: Path, folder: Path) -> Iterator[Any]:
    path = folder / master.name
    shutil.copy(master, path)
    made = office.books.open(path)
    yield made
    made.close()


def live(book: Any, action: str = "") -> Any:
    from xlbangfu.book.live.live_book import LiveBook

    return LiveBook(book, action=action)


def call() -> Call:
    return Call(user="测试", now=NOW, agrees=lambda _: True, clock=lambda: 0.0)


def everything(book: Any) -> dict[str, Any]:
    """What stands in all cells, how far tables reach, which sheets are seen and protected."""
    return {
        sheet.name: (
            sheet.used_range.address,
            sheet.used_range.formula,
            [(table.name, table.range.address) for table in sheet.tables],
            sheet.visible,
            sheet.impl.protected,
        )
        for sheet in book.sheets
    }


@pytest.mark.parametrize(
    "action", ["validate", "refresh", "screen", "pair", "plan", "calendar", "follow", "honours", "appraise"]
)
def test_the_same_action_gives_the_same_cells_live_and_closed(troubled, masters, tmp_path, action):
    book, closed = troubled, tmp_path / "合上的.xlsm"
    shutil.copy(masters[True], closed)
    given = replace(call(), out=tmp_path / "页")

    outcome = actions.perform(action, live(book, action), given)
    assert actions.perform(action, ClosedBook(closed, action=action), given) == outcome

    there, here = ClosedBook(closed).read(*TABLES), live(book).read(*TABLES)
    for table in TABLES:
        if table is not CONSOLE:
            assert here[table].to_dicts() == there[table].to_dicts(), table.name
    page = book.sheets["控制台"]
    assert page.range("控制台_上次结果").value == outcome.sentence
    assert page.range("控制台_校验错误").value == outcome.errors


def test_class_pages_and_the_whole_run_work_on_an_open_book(book, tmp_path):
    for number, action in enumerate((make_pages.pages, make_pages.run)):
        outcome = action(live(book, action.__name__), replace(call(), out=tmp_path / "班级页"))
        assert all(path.exists() for path in outcome.files)
        assert live(book).read(RUNS)[RUNS].height == number + 1


def test_what_was_written_is_there_after_saving_and_opening_again(book, office, tmp_path):
    rank_exams.refresh(live(book), call())
    here = live(book).read(*TABLES)
    book.save()
    there = ClosedBook(Path(book.fullname)).read(*TABLES)
    for table in (PROBLEMS, RANKING, PRIZES, CLASS_FIGURES, ROSTER, SCORES):
        assert_frame_equal(there[table], here[table])  # but for the sixteenth digit, which LibreOffice does not save


def test_links_in_the_problem_list_jump_to_their_cell(troubled):
    book = troubled
    validate_book.validate(live(book), call())
    place = PROBLEMS.names.index("单元格") + 1
    cell = book.sheets["校验"].range((2, place))
    sheet, _, address = cell.value.rpartition("!")
    assert cell.formula == f'=HYPERLINK("#\'{sheet}\'!{address}","{cell.value}")'


def test_a_second_run_with_fewer_problems_leaves_no_row_of_the_first(troubled):
    book = troubled
    validate_book.validate(live(book), call())
    many = live(book).read(PROBLEMS)[PROBLEMS]
    short = live(book)
    short.replace({PROBLEMS: many.head(2).drop("_row", "_key")})
    short.save()
    assert live(book).read(PROBLEMS)[PROBLEMS].height == 2
    assert book.sheets["校验"].tables["T_校验"].range.shape[0] == 3


def test_input_sheets_stay_as_they_are(book):
    before = everything(book)
    rank_exams.refresh(live(book), call())
    after = everything(book)
    for table in TABLES:
        if table.kind.value == "input":
            assert after[table.name] == before[table.name]


def test_text_that_looks_like_a_formula_stays_text_in_any_column(book):
    sheet = book.sheets["名册"]
    sheet.range("B2:B200").number_format = "General"
    writing = live(book)
    writing.append(
        ROSTER, pl.DataFrame({"学号": ["x1", "x2"], "姓名": ["=1+1", "＝cmd|'/C'!A1"], "班级": ["-2", "+3"]})
    )
    writing.amend(ROSTER, pl.DataFrame({"学号": [sheet.range("A2").value], "姓名": ["@12"]}))
    writing.save()
    frame = live(book).read(ROSTER)[ROSTER]
    assert frame.select("姓名", "班级").rows()[-2:] == [("=1+1", "-2"), ("＝cmd|'/C'!A1", "+3")]
    assert frame["姓名"][0] == "@12"


def test_staffs_own_cells_go_with_their_records_and_formulas_stay(book):
    rank_exams.refresh(live(book), call())
    sheet = book.sheets["排名"]
    width = sheet.used_range.shape[1]
    sheet.range((1, width + 1)).value = "我的话"
    sheet.range((3, width + 1)).value = "记住他"
    sheet.range((4, width + 1)).formula = "=1+2"
    frame = live(book).read(RANKING)[RANKING].drop("_row", "_key")
    student = frame["学号"][1]
    again = live(book)
    again.replace({RANKING: frame.reverse()})
    again.save()

    rows = sheet.used_range.options(ndim=2).value
    marked = [row for row in rows[1:] if row[width] == "记住他"]
    assert [row[RANKING.names.index("学号")] for row in marked] == [student]
    assert sheet.range((4, width + 1)).formula == "=1+2"


def test_a_protected_output_sheet_is_written_and_protected_again(book):
    book.sheets["排名"].impl.protect("")
    rank_exams.refresh(live(book), call())
    assert book.sheets["排名"].impl.protected
    assert live(book).read(RANKING)[RANKING].height


def test_a_sheet_with_a_password_stops_everything_in_one_sentence(book):
    book.sheets["帮扶排名"].impl.protect("秘密")
    book.sheets["排名"].impl.protect("")
    before = everything(book)
    with pytest.raises(WriteFailed, match=r"帮扶排名.*密码"):
        rank_exams.refresh(live(book), call())
    assert everything(book) == before


def test_a_deleted_sheet_is_named_and_nothing_is_written(book):
    book.sheets["排名"].delete()
    before = everything(book)
    with pytest.raises(WrongWorkbook, match="没有工作表“排名”"):
        rank_exams.refresh(live(book), call())
    assert everything(book) == before


def test_a_failure_half_way_is_taken_back(troubled, monkeypatch):
    from xlbangfu.book.live import named_ranges

    book = troubled
    validate_book.validate(live(book), call())
    before = everything(book)

    def fail(*_: Any) -> None:
        raise RuntimeError("the worst moment")

    monkeypatch.setattr(named_ranges, "write", fail)
    appended = live(book)
    appended.append(ROSTER, pl.DataFrame({"学号": ["x1"], "姓名": ["新"]}))
    appended.amend(ROSTER, pl.DataFrame({"学号": [book.sheets["名册"].range("A9").value], "姓名": ["改"]}))
    empty = live(book).read(PROBLEMS)[PROBLEMS].drop("_row", "_key").head(1)
    appended.replace({PROBLEMS: empty, CONSOLE: pl.DataFrame({"项目": ["控制台_下一步"], "值": ["x"]})})
    with pytest.raises(RuntimeError):
        appended.save()
    after = everything(book)
    assert {name: after[name] for name in before if after[name] != before[name]} == {}


def test_the_program_is_as_it_was_also_after_an_error(book):
    app = book.app
    book.sheets["名册"].activate()
    book.sheets["名册"].range("C5:D6").select()
    for action, error in (("refresh", None), ("refresh", WrongWorkbook)):
        if error:
            book.sheets["排名"].delete()
        try:
            with live(book, action) as opened:
                actions.perform(action, opened, call())
        except BangfuError as problem:
            assert type(problem) is error
        assert (app.screen_updating, app.status_bar, app.calculation) == (True, False, "automatic")
        assert (book.sheets.active.name, app.selection.address) == ("名册", "$C$5:$D$6")


def test_a_read_only_book_is_not_written(office, master, tmp_path):
    path = tmp_path / master.name
    shutil.copy(master, path)
    made = office.books.open(path, read_only=True)
    try:
        with pytest.raises(WriteFailed, match="只读"):
            validate_book.validate(live(made), call())
    finally:
        made.close()


def test_a_book_that_was_never_saved_is_not_written(office):
    made = office.books.add()
    try:
        with pytest.raises(WriteFailed, match="另存为"):
            live(made).check_free()
    finally:
        made.close()


def test_a_copy_is_kept_before_each_write(book):
    validate_book.validate(live(book, "validate"), call())
    (copy,) = backup.backups(Path(book.fullname))
    assert copy.action == "validate"
    assert ("校验", 0) in [(change.sheet, change.before) for change in copy.changes]


def test_before_staffs_sheets_are_written_unsaved_work_is_kept_too(book):
    book.sheets["名册"].range("B2").value = "没存过的"
    writing = live(book, "import")
    writing.append(ROSTER, pl.DataFrame({"学号": ["x1"]}))
    writing.save()
    (copy,) = backup.backups(Path(book.fullname))
    assert ClosedBook(copy.path).read(ROSTER)[ROSTER]["姓名"][0] == "没存过的"


@pytest.mark.slow
def test_calls_into_the_program_follow_the_sheets_and_not_the_rows(office, tmp_path, monkeypatch):
    import xlwings

    counted: list[int] = []
    for students in (60, 600):
        path = tmp_path / f"{students}.xlsm"
        school = sample.make(students=students, classes=3, exams=2, logs=students, seed=3)
        template.build(path, frames=school.frames, host="libreoffice", created=NOW)
        made = office.books.open(path)
        calls: Counter[str] = Counter()
        with monkeypatch.context() as patch:
            for kind in (xlwings.Range, xlwings.Sheet, xlwings.Book, xlwings.App):
                _count(patch, kind, calls)
            rank_exams.refresh(live(made), call())
        made.close()
        counted.append(calls.total())
    assert counted[1] - counted[0] < 10, "a few for what there is more to say of, none for each of 540 students"


def _count(patch: pytest.MonkeyPatch, kind: type, calls: Counter[str]) -> None:
    plain = kind.__getattribute__

    def counting(self: Any, name: str) -> Any:
        calls[name] += 1
        return plain(self, name)

    patch.setattr(kind, "__getattribute__", counting)


def test_libreoffice_closed_in_the_middle_is_one_sentence(master, tmp_path):
    from tests.support.live_office import office_in

    path = tmp_path / master.name
    shutil.copy(master, path)
    before = path.read_bytes()
    with office_in(tmp_path / "office") as app:
        opened = live(app.books.open(path))
        opened.read(ROSTER)
        app.kill()
        opened.append(ROSTER, pl.DataFrame({"学号": ["x1"]}))
        with pytest.raises(BookLocked, match="中途关掉"):
            opened.save()
    assert path.read_bytes() == before


def test_undo_takes_back_what_the_last_action_wrote(book):
    rank_exams.refresh(live(book, "refresh"), call())
    first = live(book).read(*TABLES)
    sheet = book.sheets["成绩"]
    sheet.range("F2").value = 1.0
    rank_exams.refresh(live(book, "refresh"), call())
    assert not live(book).read(RANKING)[RANKING].equals(first[RANKING])

    outcome = undo_last.undo(live(book, "undo"), call())

    for table in (PROBLEMS, RANKING, PRIZES, CLASS_FIGURES):
        now = live(book).read(table)[table]
        assert now.drop("_row", "_key").to_dicts() == first[table].drop("_row", "_key").to_dicts(), table.name
    assert "已撤销“刷新排名”" in outcome.sentence
    assert live(book).read(RUNS)[RUNS]["操作"].to_list() == ["刷新排名", "刷新排名", "撤销上次"]
    assert sheet.range("F2").value == 1.0
    with pytest.raises(BadArgument, match="没有可以撤销"):
        undo_last.undo(live(book, "undo"), call())


def shown(book: Any) -> dict[str, list[Any]]:
    """Every cell of the sheets that 刷新排名 fills, columns beyond the schema's too; blank rows at the end are none."""
    grids = {table.name: book.sheets[table.name].used_range.formula for table in (RANKING, CLASS_FIGURES, PRIZES)}
    return {name: [row for row in grid if any(row)] for name, grid in grids.items()}


def refresh_with_other_rows(book: Any) -> dict[str, list[Any]]:
    """What stood there before marks were changed, and one taken out, and the ranking refreshed; a word beside a record."""
    rank_exams.refresh(live(book, "refresh"), call())
    beside = book.sheets["排名"].used_range.shape[1] + 1
    for row, word in ((1, "我的话"), (3, "记住他")):
        book.sheets["排名"].range((row, beside)).value = word
    book.sheets["帮扶排名"].range((2, PRIZES.names.index("备注") + 1)).value = "谈过"
    before = shown(book)
    marks = book.sheets["成绩"]
    last = marks.used_range.shape[0]
    marks.range(f"F{last - 20}:F{last}").value = 1.0
    marks.range(f"A{last}:I{last}").value = None
    rank_exams.refresh(live(book, "refresh"), call())
    after = shown(book)
    assert [name for name in before if before[name] == after[name]] == []
    return before


def insert_a_row(sheet: Any) -> None:
    sheet.range("3:3").insert("down")


def filter_rows(sheet: Any) -> None:
    sheet.tables[0].impl.show_only(RANKING.names.index("等级") + 1, ["A"])


def sort_the_other_way(sheet: Any) -> None:
    cells = sheet.range((2, 1), sheet.used_range.shape)
    cells.value = cells.value[::-1]


@pytest.mark.parametrize("by_staff", [lambda _: None, insert_a_row, filter_rows, sort_the_other_way])
def test_undo_of_a_ranking_with_other_rows_leaves_every_cell_as_it_was(book, by_staff):
    before = refresh_with_other_rows(book)
    assert any("名次" in name for name in before["排名"][0] if name not in RANKING.names), "a rank by subject"
    by_staff(book.sheets["排名"])

    outcome = undo_last.undo(live(book, "undo"), call())

    assert "没有动" not in outcome.sentence
    assert shown(book) == before


def test_what_staff_changed_of_a_ranking_since_stays_with_its_ranks_by_subject(book):
    refresh_with_other_rows(book)
    sheet = book.sheets["排名"]
    sheet.range((5, RANKING.names.index("总分") + 1)).value = 1.5
    changed = shown(book)["排名"][4]

    outcome = undo_last.undo(live(book, "undo"), call())

    assert "有 1 行之后被人改过，没有动" in outcome.sentence
    assert [row for row in shown(book)["排名"] if row[5] == "1.5"] == [changed]


def test_rows_of_records_stay_as_high_as_they_are_but_for_a_text_of_several_lines(book, monkeypatch):
    rank_exams.refresh(live(book, "refresh"), call())
    monkeypatch.setattr("xlbangfu.book.live.range_writer._MANY_ROWS", 2)
    sheet = book.sheets["排名"]
    frame = live(book).read(RANKING)[RANKING].drop("_row", "_key")
    before = [sheet.api.getRows().getByIndex(row).Height for row in range(frame.height + 1)]

    again = live(book)
    several = pl.when(pl.int_range(pl.len()) == 9).then(pl.lit("一\n二\n三")).otherwise(pl.col("说明")).alias("说明")
    again.replace({RANKING: frame.reverse().with_columns(several)})
    again.save()

    after = [sheet.api.getRows().getByIndex(row).Height for row in range(frame.height + 1)]
    assert after[:10] == before[:10]
    assert after[10] > 2 * before[10]
    assert book.api.IsAdjustHeightEnabled


def test_undo_leaves_and_names_a_row_that_was_changed_since(book, tmp_path):
    school_file = tmp_path / "名册.csv"
    school_file.write_text(
        "学号,姓名,性别,班级\n77001,新来的,男,初一1班\n77002,也是新的,女,初一1班\n", encoding="utf-8"
    )
    opened = live(book, "import")
    plan = import_files.plan_import(opened, call(), [school_file])
    import_files.import_files(opened, call(), plan)
    frame = live(book).read(ROSTER)[ROSTER]
    (row,) = frame.filter(pl.col("学号") == "77002")["_row"].to_list()
    book.sheets["名册"].range((row, 3)).value = "男"

    outcome = undo_last.undo(live(book, "undo"), call())

    left = live(book).read(ROSTER)[ROSTER]["学号"].to_list()
    assert "77001" not in left
    assert "77002" in left
    assert "名册|77002" in outcome.sentence
