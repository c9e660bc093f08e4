"""A small school through a term: before each command that writes, the folder as it then is, and what the command comes to.

Every action of the catalogue is a scene (a test says so), and so is every other command that writes a workbook.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import polars as pl
from openpyxl import load_workbook
from pytest import MonkeyPatch

from tests.attack.faults import Faults
from tests.support.truants import play_truant
from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.main import main
from xlbangfu.documents.class_page.fill_in import FIRST_ROW, LOG_SHEET
from xlbangfu.documents.class_page.fill_in import LOG as LOG_COLUMNS
from xlbangfu.schema import HONOURS, OUTBOX, PROPOSALS, SCREENING, SUSPECTED, SUSPECTS, TRACKED, Table

BOOK, NEXT_TERMS = "总表.xlsm", "总表-2026-2027上.xlsm"
STUDENT = "88001"
OLD = Path(__file__).parents[1] / "data" / "总表-0.2.0.xlsm"


@dataclass(frozen=True)
class Scene:
    """A command: the words before and after the workbook's name; what staff do before it; the workbook that it writes."""

    name: str
    words: tuple[str, ...]
    before: Callable[[Path], None] | None = None
    writes: str = BOOK

    def arguments(self, folder: Path) -> list[str]:
        first, *rest = (word.format(folder=folder) for word in self.words)
        return [first, str(folder / BOOK), *rest]


@dataclass(frozen=True)
class Played:
    """A scene with the folder as it was before it and after it, and how many points it has at which it can fail."""

    scene: Scene
    before: Path
    after: Path
    points: tuple[str, ...]
    seconds: float


def ticked(table: Table, column: str, **wanted: str) -> Callable[[Path], None]:
    """A √ in the rows of an output sheet that have what is wanted."""

    def tick(folder: Path) -> None:
        book = ClosedBook(folder / BOOK)
        rows = book.read(table)[table].filter(*(pl.col(name) == value for name, value in wanted.items())).head(2)
        assert rows.height, f"nothing to tick in {table.name}"
        book.amend(table, rows.select(*table.keys).with_columns(pl.lit("√").alias(column)))
        book.save()

    return tick


def truant_for_three_days(folder: Path) -> None:
    play_truant(ClosedBook(folder / BOOK))


def new_roster(folder: Path) -> None:
    (folder / "roster.csv").write_text(f"学号,姓名,性别,班级\n{STUDENT},新来的,男,初一1班\n", encoding="utf-8")


def filled_page(folder: Path) -> None:
    """The page of a class with students on it, one contact filled in."""
    for page in sorted((folder / "班级页").glob("初*.xlsx")):
        workbook = load_workbook(page)
        students = [cell.value for cell in workbook["页信息"]["D"] if cell.value]
        teacher = next((cell.value for cell in workbook["页信息"]["E"][1:] if cell.value), None)
        if students and teacher:
            row = {"日期": sample.TODAY, "学生": students[-1], "教师": teacher, "类型": "谈心", "内容": "聊了聊"}
            for column, name in enumerate(LOG_COLUMNS, start=1):
                workbook[LOG_SHEET].cell(FIRST_ROW + 1, column, row.get(name))
            workbook.save(folder / "page.xlsx")
            return
    raise AssertionError("no class has students on its page")


def older_workbook(folder: Path) -> None:
    shutil.copyfile(OLD, folder / BOOK)


def no_workbook(folder: Path) -> None:
    (folder / BOOK).unlink()


SCENES = (
    Scene("import", ("import", "{folder}/roster.csv"), new_roster),
    Scene("validate", ("validate",)),
    Scene("refresh", ("refresh",)),
    Scene("screen", ("screen",)),
    Scene("screen_tick", ("screen", "--tick-new")),
    Scene("screen_accept", ("screen", "--accept", "--yes"), ticked(SCREENING, "采纳", 变化="新增", 建议类别=TRACKED)),
    Scene("pair", ("pair",)),
    Scene("pair_accept", ("pair", "--accept", "--yes"), ticked(PROPOSALS, "采纳", 类型="一对一")),
    Scene("undo", ("undo", "--yes")),
    Scene("plan", ("plan", "--yes")),
    Scene("calendar", ("calendar",)),
    Scene("dropouts", ("dropouts",), truant_for_three_days),
    Scene("dropouts_accept", ("dropouts", "--accept", "--yes"), ticked(SUSPECTS, "采纳", 变化=SUSPECTED)),
    Scene("follow", ("follow",)),
    Scene("pages", ("pages",)),
    Scene("teacher_pages", ("pages", "--teachers")),
    Scene("run", ("run",)),
    Scene("quality", ("quality",)),
    Scene("briefing", ("briefing",)),
    Scene("pdf", ("pdf",)),
    Scene("next", ("next", "--yes")),
    Scene("mail", ("mail",)),
    Scene("send", ("mail", "--send", "--yes"), ticked(OUTBOX, "发送", 状态="待发")),
    Scene("collect", ("collect", "{folder}/page.xlsx", "--yes"), filled_page),
    Scene("remind", ("remind",)),
    Scene("return", ("return",)),
    Scene("honours", ("honours",)),
    Scene("honours_accept", ("honours", "--accept", "--yes"), ticked(HONOURS, "采纳")),
    Scene("appraise", ("appraise",)),
    Scene("slips", ("slips",)),
    Scene("opinions", ("opinions",)),
    Scene("register", ("register",)),
    Scene("paper", ("paper", "简报")),
    Scene("next_term", ("next-term", "--yes"), writes=NEXT_TERMS),
    Scene("sheets", ("sheets",)),
    *(Scene(f"sheets_{group}", ("sheets", f"--{group}")) for group in ("school", "care", "results", "ledgers", "new")),
    Scene("person_export", ("person", STUDENT, "--export", "{folder}/个人信息")),
    Scene("person_delete", ("person", STUDENT, "--delete", "--yes", "--yes")),
    Scene("restore", ("restore", "--take", "2")),
    Scene("host", ("host", "excel")),
    Scene("upgrade", ("upgrade",), older_workbook),
    Scene("new", ("new",), no_workbook),
)


@cache
def plays() -> dict[str, Played]:
    """All scenes, each played once without a fault; the folders live as long as this process."""
    kept = Path(mkdtemp(prefix="attack-scenes-"))
    atexit.register(shutil.rmtree, kept, ignore_errors=True)
    school = kept / "学校"
    school.mkdir()
    frames = dict(sample.make(students=60, classes=2, exams=3, logs=20).frames)
    template.build(school / BOOK, frames=frames, host="libreoffice", created=datetime(2026, 6, 30))
    return {scene.name: _play(scene, school, kept) for scene in SCENES}


def _play(scene: Scene, school: Path, kept: Path) -> Played:
    if scene.before:
        scene.before(school)
    before, after = kept / f"{scene.name}-前", kept / f"{scene.name}-后"
    shutil.copytree(school, before)
    began = datetime.now()
    with Faults(school) as counted:
        said = command(scene.arguments(school))
    assert said.code in (0, 1), (scene.name, said)
    seconds = (datetime.now() - began).total_seconds()
    shutil.copytree(school, after)
    return Played(scene, before, after, tuple(counted.seen), seconds)


@dataclass(frozen=True)
class Said:
    """What a command ended with."""

    code: int
    out: str
    err: str


def command(arguments: Sequence[str]) -> Said:
    """A command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), _at_home_in(Path(arguments[1]).parent.parent):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())


@contextmanager
def _at_home_in(folder: Path) -> Iterator[None]:
    """Where the program would write its log, on a computer whose LibreOffice is quick."""
    with MonkeyPatch.context() as computer:
        computer.setenv("HOME", str(folder))
        computer.setenv("PATH", str(Path(__file__).parent / "office"), prepend=os.pathsep)
        yield


def outs() -> tuple[str, ...]:
    """The folders that actions put files in."""
    return tuple(dict.fromkeys(action.out for action in BY_NAME.values() if action.out))
