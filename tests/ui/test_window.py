"""The window: its parts by themselves, and the whole with real clicks on a screen of its own."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from threading import Event

import polars as pl
import pytest
from msgspec.structs import replace

from tests.support import screen
from tests.support.older_workbooks import OLDER
from tests.support.truants import play_truant
from xlbangfu import actions, catalog, sample
from xlbangfu.actions import import_files, make_pages, show_book
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.errors import BookLocked, NotAWorkbook
from xlbangfu.errors.messages import sentence_of
from xlbangfu.schema import HONOURS, OUTBOX, PLANS, PROPOSALS, ROSTER, RUNS, SCREENING, SUSPECTED, SUSPECTS, Table
from xlbangfu.window import memory, plan_view, showing, workbook_jobs
from xlbangfu.window.job import Asked, Failed, Finished, Job, Moved, Progress, Talk
from xlbangfu.window.memory import Memory

NAME = "帮扶总表.xlsm"


def quiet(text: str, done: float) -> None:
    """Progress that nobody looks at."""


def talk(progress: Progress = quiet) -> Talk:
    """With nobody there who could be asked: a question is answered with no."""
    return Talk(progress, lambda asked: asked.answer(None))


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("school") / NAME
    template.build(path, frames=sample.make(students=120, classes=6, logs=60).frames, created=datetime(2026, 6, 30, 9))
    return path


@pytest.fixture
def book(request: pytest.FixtureRequest, school: Path, tmp_path: Path) -> Path:
    older = "older" in request.node.name
    return Path(shutil.copy(OLDER["0.1.0"] if older else school, tmp_path / NAME))


def runs(book: Path) -> list[str]:
    return ClosedBook(book).read(RUNS)[RUNS]["操作"].to_list()


def test_an_action_writes_the_workbook_and_its_pages(book: Path, tmp_path: Path) -> None:
    said: list[float] = []

    outcome = workbook_jobs.run("run", book, tmp_path / "页", talk(lambda _, done: said.append(done)))
    assert outcome is not None

    assert len(outcome.files) > 6
    assert runs(book) == ["一键完成"]
    assert said == sorted(said)
    assert said[-1] == 1


def test_an_import_is_planned_before_anything_is_written(book: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    roster = tmp_path / "roster.csv"
    roster.write_text("学号,姓名,班级\n99001,新来的,初一1班\n", encoding="utf-8")

    planned = workbook_jobs.plan(book, [roster], quiet)

    assert book.read_bytes() == before
    assert planned.rows == 1
    planned.write(quiet)
    assert "99001" in ClosedBook(book).read(ROSTER)[ROSTER]["学号"].to_list()


def test_a_workbook_that_is_open_is_refused_with_the_holders_name(book: Path) -> None:
    lock(book)

    with pytest.raises(BookLocked, match="张老师"):
        workbook_jobs.run("validate", book, book.parent, talk())


def test_what_the_files_hold_that_can_not_be_used_is_shown_too() -> None:
    planned = workbook_jobs.Planned(["认出 2 行"], [f"第 {row} 行" for row in range(300)], 2, lambda _: None)

    shown = plan_view.lines(planned)

    assert shown[0] == ("plain", "认出 2 行")
    assert ("bad", "有 300 处不能写入，会列在“导入核对”里：") in shown
    assert shown[-1] == ("soft", "……还有 100 处")


def test_a_job_tells_how_far_it_is_and_then_its_answer() -> None:
    def work(progress: Progress) -> int:
        progress("一半", 0.5)
        return 7

    assert ended(Job(work)) == [Moved("一半", 0.5), Finished(7)]


def test_a_question_of_the_work_waits_for_its_answer() -> None:
    answers = iter([True, " 0012 "])
    heard: list[object] = []

    def work(talk: Talk) -> list[object]:
        return [talk.agrees("写吗？"), talk.asks("学号？")]

    job = Job(work)
    job.start()
    while not (heard and isinstance(heard[-1], Finished)):
        for message in job.messages():
            heard.append(message)
            if isinstance(message, Asked):
                message.answer(next(answers))

    assert [(asked.question, asked.wants_text) for asked in heard if isinstance(asked, Asked)] == [
        ("写吗？", False),
        ("学号？", True),
    ]
    assert heard[-1] == Finished([True, "0012"])


def test_an_action_that_staff_say_no_to_writes_nothing(book: Path) -> None:
    plans = ClosedBook(book).read(PLANS)[PLANS]
    emptied = ClosedBook(book)
    emptied.delete(PLANS, plans.select("计划编号"))
    emptied.save()
    before = book.read_bytes()

    assert workbook_jobs.run("plan", book, None, talk()) is None
    assert book.read_bytes() == before


def test_a_job_that_fails_tells_staff_a_sentence_and_the_log_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    def work(progress: Progress) -> int:
        raise ZeroDivisionError("x")

    (failed,) = ended(Job(work))

    assert isinstance(failed, Failed)
    assert "错误.log" in failed.sentence
    assert "ZeroDivisionError" in (tmp_path / ".xlbangfu/错误.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(("done", "stops"), [(0.1, True), (0.89, True), (0.9, False), (1.0, False)])
def test_work_is_stopped_only_while_nothing_is_being_written(done: float, stops: bool) -> None:
    asked = Event()

    def work(progress: Progress) -> str:
        asked.wait(10)
        progress("写", done)
        return "写好了"

    job = Job(work)
    job.stop()
    asked.set()

    last = ended(job)[-1]
    assert last == (Failed("已停止，总表没有改动。") if stops else Finished("写好了"))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5])
def test_a_stopped_action_leaves_the_workbook_as_it_was(book: Path, tmp_path: Path, share: float) -> None:
    before = book.read_bytes()

    def work(progress: Progress) -> object:
        def stopping(text: str, done: float) -> None:
            if done >= share:
                job.stop()
            progress(text, done)

        return workbook_jobs.run("run", book, tmp_path / "页", talk(stopping))

    job = Job(work)

    assert ended(job)[-1] == Failed("已停止，总表没有改动。")
    assert book.read_bytes() == before
    assert not list((tmp_path / "页").glob("*.xlsx"))


def test_the_last_workbook_is_remembered(tmp_path: Path) -> None:
    book = tmp_path / NAME
    book.write_bytes(b"")
    file = tmp_path / ".xlbangfu" / "window.json"

    memory.save(file, Memory(book=book).with_out(tmp_path / "页"))

    assert memory.load(file) == Memory(book=book, out=tmp_path / "页")
    book.unlink()
    assert memory.load(file) == Memory()


@pytest.mark.parametrize("content", ["", "[]", '{"book": 3}', "{"])
def test_a_broken_memory_is_no_memory(tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.json"
    file.write_text(content, encoding="utf-8")

    assert memory.load(file) == Memory()


def test_pages_go_beside_the_workbook_unless_another_folder_was_chosen_for_it(tmp_path: Path) -> None:
    first = Memory().with_book(tmp_path / "甲" / NAME)

    assert Memory().pages_folder is None
    assert first.pages_folder == tmp_path / "甲" / "班级页"
    assert first.with_out(tmp_path / "别处").with_book(tmp_path / "甲" / NAME).pages_folder == tmp_path / "别处"
    assert (
        first.with_out(tmp_path / "别处").with_book(tmp_path / "乙" / NAME).pages_folder == tmp_path / "乙" / "班级页"
    )


def test_the_workbook_is_shown_in_the_program_whose_buttons_it_has(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show_book, "show_book", lambda path: [f"已打开“{path.name}”，按钮补回来了。"])

    assert workbook_jobs.open_book(book, quiet) == [f"已打开“{NAME}”，按钮补回来了。"]


def test_where_its_buttons_are_another_programs_it_is_shown_all_the_same(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(show_book.sys, "platform", "linux")
    monkeypatch.setattr(showing, "show", lambda path: not shown.append(path))

    (line,) = workbook_jobs.open_book(book, quiet)
    assert shown == [book]
    assert "里面的按钮现在用不了：" in line
    assert "xlbangfu host" in line


def test_a_workbook_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="找不到“"):
        workbook_jobs.open_book(tmp_path / "没有.xlsm", quiet)


def test_a_file_that_is_not_there_can_not_be_shown(tmp_path: Path) -> None:
    assert not showing.show(tmp_path / "没有")


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (BookLocked("请关闭它。"), "请关闭它。"),
        (FileNotFoundError(2, "No", "甲.xlsm"), "找不到“甲.xlsm”"),
        (PermissionError(13, "No", "甲.xlsm"), "没有权限读写“甲.xlsm”"),
        (OSError(28, "No", "甲.xlsm"), "读写“甲.xlsm”时出错"),
    ],
)
def test_an_exception_is_a_sentence(problem: Exception, words: str) -> None:
    assert sentence_of(problem).startswith(words)


def test_what_cannot_be_logged_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").touch()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")

    assert sentence_of(KeyError("学号")).endswith("交给维护人员：KeyError: '学号'")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    if screen.missing():
        if os.environ.get("XLBANGFU_REQUIRE_OFFICE") == "1":
            pytest.fail(screen.INSTALL)
        pytest.skip(screen.INSTALL)
    with screen.screen() as name:
        yield name


@pytest.fixture
def window(display: str, book: Path, tmp_path: Path) -> Iterator[screen.Driver]:
    driver = screen.Driver(display, book, tmp_path)
    yield driver
    driver.end()


def typed(window: screen.Driver, line: str) -> None:
    """Into the question that wants a line."""
    seen = window.wait(lambda seen: bool(seen["entries"]))
    window.type_into(seen["entries"][-1], line)
    window.click("确定")


def tick(book: Path, table: Table, column: str) -> None:
    """A √ in the first row, typed while the workbook is closed."""
    made = ClosedBook(book)
    rows = made.read(table)[table]
    if table is SUSPECTS:  # whoever is being brought back already has no row to write
        rows = rows.filter(pl.col("变化") == SUSPECTED)
    rows = rows.head(1)
    made.amend(table, rows.select(*table.keys, pl.lit("√").alias(column)))
    made.save()


TICKS = {
    "dropouts_accept": (SUSPECTS, "采纳"),
    "screen_accept": (SCREENING, "采纳"),
    "pair_accept": (PROPOSALS, "采纳"),
    "honours_accept": (HONOURS, "采纳"),
    "send": (OUTBOX, "发送"),
}
YES = {
    "screen_accept": 1,
    "dropouts_accept": 1,
    "pair_accept": 1,
    "plan": 1,
    "honours_accept": 1,
    "send": 2,
    "next_term": 1,
    "person_delete": 2,
}
LEAVE_AS_IT_IS = "next_term"  # makes a workbook beside
PASSED_ON = {"next": "排查"}  # what is due in the sample
NUMBERS = ("person_export", "person_delete")  # ask for a 学号


@pytest.mark.slow
@pytest.mark.parametrize("group", catalog.GROUPS)
def test_every_button_is_clicked_and_does_its_work(
    window: screen.Driver, book: Path, tmp_path: Path, group: str
) -> None:
    (tmp_path / "roster.csv").write_text("学号,姓名,班级\n99001,新来的,初一1班\n", encoding="utf-8")
    (tmp_path / "more.csv").write_text("学号,姓名,班级\n99002,又来的,初一1班\n", encoding="utf-8")
    import_files.import_files(
        ClosedBook(book), call(), import_files.plan_import(ClosedBook(book), call(), [tmp_path / "roster.csv"])
    )
    shutil.copy(next(iter(pages_of(book, tmp_path / "别处"))), tmp_path / "page.xlsx")
    if group == "平时":
        play_truant(ClosedBook(book))
    for action in (one for one in catalog.ACTIONS if one.group == group):
        if action.name in TICKS:
            tick(book, *TICKS[action.name])
        before = runs(book)
        if action.name == "undo":  # the copy from before the last click takes the workbook's place
            window.click("校验")
            window.wait(lambda seen: "用时" in seen["result"] and seen["buttons"]["校验"][2])
            window.click(action.label)
            window.wait(lambda seen: "是" in seen["buttons"])
            window.picture("撤销上次-问")
            window.click("是")
            window.wait(lambda seen: "已撤销“校验”" in seen["result"])
            assert runs(book) == [*before, "取回备份"]
            continue
        window.click(action.label)
        if action.files:
            choose(window, tmp_path / ("more.csv" if action.name == workbook_jobs.IMPORT else "page.xlsx"))
        if action.name == workbook_jobs.IMPORT:
            window.wait(lambda seen: "写入总表" in seen["buttons"])
            window.picture("导入-先看")
            window.click("写入总表")
        if action.name in NUMBERS:
            typed(window, "99001")
        if action.name == "paper":
            typed(window, "1")
        if action.name == LEAVE_AS_IT_IS:  # the usual days, no new division of classes
            typed(window, "")
            window.wait(lambda seen: "否" in seen["buttons"])
            window.click("否")
        for _ in range(YES.get(action.name, 0)):
            window.wait(lambda seen: "是" in seen["buttons"])
            window.picture(f"{action.label}-问")
            window.click("是")
            time.sleep(0.5)
        seen = window.wait(lambda seen: "用时" in seen["result"] and seen["buttons"]["校验"][2])
        window.picture(action.label)
        if action.group == "工作表" or action.name == LEAVE_AS_IT_IS:  # what is shown changes nothing that is noted
            assert runs(book) == before
            continue
        assert "下一步：" in seen["result"]
        assert runs(book) == [*before, PASSED_ON.get(action.name, action.label)]
        window.click("体检")
        window.wait(lambda seen: "Python" in seen["result"])


@pytest.mark.slow
def test_an_older_workbook_is_offered_an_upgrade_and_gets_it(window: screen.Driver, book: Path) -> None:
    window.wait(lambda seen: "点“升级总表”" in seen["result"])
    window.click("升级总表")
    seen = window.wait(lambda seen: "用时" in seen["result"])
    window.picture("升级总表")

    assert "总表已从 0.1.0 版升级到" in seen["result"]
    assert "点“升级总表”" not in seen["result"]
    assert runs(book)[-1] == "升级总表"


@pytest.mark.slow
def test_a_locked_workbook_must_be_closed_first_and_a_refused_import_writes_nothing(
    window: screen.Driver, book: Path, tmp_path: Path
) -> None:
    before = book.read_bytes()
    lock(book)
    window.click("校验")
    window.wait(lambda seen: "张老师" in seen["result"] and "关闭" in seen["result"])
    book.with_name(f".~lock.{NAME}#").unlink()
    (tmp_path / "roster.csv").write_text("学号,姓名,班级\n99001,新来的,初一1班\n", encoding="utf-8")

    window.click("导入")
    choose(window, tmp_path / "roster.csv")
    window.click("不写")

    window.wait(lambda seen: "没有导入" in seen["result"])
    assert book.read_bytes() == before


@pytest.mark.slow
def test_the_keyboard_alone_is_enough(window: screen.Driver, book: Path) -> None:
    place = [action.name for action in catalog.ACTIONS].index("validate") + 1
    window.key(f"ctrl+{place}")
    window.wait(lambda seen: "用时" in seen["result"])

    window.key("F1")
    window.wait(lambda seen: "Python" in seen["result"])

    assert runs(book) == ["校验"]


def test_the_window_is_whole_on_a_screen_of_768_lines(display: str, book: Path, tmp_path: Path) -> None:
    """Under it the task bar; a group of buttons stands in one line where that is wide enough, and else in two."""
    import tkinter as tk

    from xlbangfu.window import app as window

    root = tk.Tk(screenName=display)
    opened = window.App(root, tmp_path / "window.json", book)
    root.update()
    room = root.winfo_screenheight() - round(window.BARS * root.winfo_fpixels("1i"))
    low = max(one.winfo_rooty() + one.winfo_height() for one in opened.view.buttons.values())
    right = max(one.winfo_rootx() + one.winfo_width() for one in opened.view.buttons.values())
    result = opened.view.result

    assert (root.winfo_screenwidth(), root.winfo_screenheight()) == (1024, 768)
    assert low < result.winfo_rooty() and right <= 1024
    assert result.winfo_rooty() + result.winfo_height() <= root.winfo_rooty() + root.winfo_height() <= room
    opened.view.fit(1366)
    assert opened.view.winfo_reqheight() <= room and opened.view.winfo_reqwidth() <= 1366
    lines = {made.winfo_y() for _, group in opened.view._groups for made in group}
    assert len(lines) == sum(bool(group) for _, group in opened.view._groups)
    opened.view.fit(900)
    assert opened.view.winfo_reqwidth() <= 900
    root.destroy()


@pytest.mark.slow
def test_closing_in_the_middle_asks_and_then_waits_until_the_workbook_is_whole(
    display: str, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tkinter as tk

    from xlbangfu.window import app as window

    asked: list[bool] = [False, True]
    monkeypatch.setattr(window.messagebox, "askyesno", lambda *_, **__: asked.pop(0))
    root = tk.Tk(screenName=display)
    opened = window.App(root, tmp_path / "window.json", book)
    going = Event()

    def work(progress: Progress) -> None:
        going.wait(10)
        progress("再来", 0.5)

    opened._start("试", work, lambda _: None)
    opened.close()
    assert root.winfo_exists()

    opened.close()
    going.set()
    root.mainloop()
    with pytest.raises(tk.TclError):
        root.winfo_exists()
    assert asked == []


def call() -> actions.Call:
    return actions.Call(user="张", now=datetime(2026, 6, 30, 9))


def pages_of(book: Path, folder: Path) -> list[Path]:
    return [
        path
        for path in make_pages.pages(ClosedBook(book), replace(call(), out=folder)).files
        if path.name != "目录.xlsx"
    ]


def choose(window: screen.Driver, file: Path) -> None:
    """Type a file's name into the dialog that asks for it."""
    seen = window.wait(lambda seen: bool(seen["entries"]))
    window.type_into(seen["entries"][-1], str(file))
    window.key("Return")


def lock(book: Path) -> None:
    text = ",张老师,another-computer,01.09.2025 08:00,file:///x;"
    book.with_name(f".~lock.{book.name}#").write_text(text, encoding="utf-8")


def ended(job: Job) -> list[object]:
    job.start()
    job.join(60)
    return list(job.messages())
