"""What the window's buttons do, on the closed file. Everything is imported late: the window is there at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.window.job import Progress, Talk

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.documents.importing import ImportPlan
    from xlbangfu.documents.importing.questions import Question

IMPORT = "import"


class Planned(Struct, frozen=True):
    """An import that waits for a yes: what it would write, what is asked, and what of the files can't be used.

    ``again`` plans it once more with the answers that staff chose, by question id.
    """

    lines: Sequence[str]
    refused: Sequence[str]
    rows: int
    write: Callable[[Progress], Outcome]
    questions: Sequence[Question] = ()
    again: Callable[[Mapping[str, str], Progress], Planned] | None = None
    contents: str = ""  # the rows as staff count them


def run(
    name: str, path: Path, out: Path | None, talk: Talk, *, files: Sequence[Path] = (), goes_through: bool = False
) -> Outcome | None:
    """Any action but the import; ``out`` is where its files go, None for its own folder beside the workbook.

    None is the answer where staff were asked and said no. One that ``goes_through`` asks for no line of text.
    """
    from xlbangfu.actions import Call, perform
    from xlbangfu.actions.waiting_files import place_waiting_files

    call = Call.here(agrees=talk.agrees, files=files, out=out)
    if not goes_through:
        call = replace(call, asks=talk.asks)
    book = _book(name, path, talk)
    placed = place_waiting_files(book)
    outcome = perform(name, book, call)
    return outcome and replace(outcome, details=(*placed, *outcome.details))


def plan(path: Path, files: Sequence[Path], progress: Progress, *, answers: Mapping[str, str] | None = None) -> Planned:
    """What an import of these files would write and ask; nothing is written."""
    from xlbangfu.actions import Call
    from xlbangfu.actions.import_files import plan_import

    progress("读取总表和文件", 0.2)
    made = plan_import(_book(IMPORT, path, progress), Call.here(), files, answers=answers)
    return Planned(
        made.lines,
        made.problem_lines(),
        made.rows,
        lambda moved: _import(path, files, made, moved),
        questions=tuple(made.questions),
        contents=made.contents,
        again=lambda more, moved: plan(path, files, moved, answers={**(answers or {}), **more}),
    )


def upgrade(path: Path, progress: Progress) -> Outcome:
    """The workbook brought to this version of the program."""
    from xlbangfu.actions import Call
    from xlbangfu.actions.operator_name import with_operator
    from xlbangfu.actions.upgrade_book import upgrade as bring_to_this_version
    from xlbangfu.actions.waiting_files import place_waiting_files

    book = _book("upgrade", path, progress)
    placed = place_waiting_files(book)
    outcome = bring_to_this_version(book, with_operator(book, Call.here()))
    return replace(outcome, details=(*placed, *outcome.details))


def offer_of(path: Path) -> str:
    """What to tell staff of a workbook that another version of the program made; nothing if there is nothing to tell."""
    from xlbangfu.book.version import version_in

    version = version_in(path)
    return version.offer if version else ""


def open_book(path: Path, progress: Progress) -> list[str]:
    """The workbook shown in the program whose buttons it has, else in the one that the system has for it; what to tell."""
    from xlbangfu.actions.show_book import show_book
    from xlbangfu.errors import BangfuError, BookLocked, NotAWorkbook
    from xlbangfu.window import showing

    progress("打开总表", 0.2)
    try:
        return show_book(path)
    except (BookLocked, NotAWorkbook):
        raise
    except BangfuError as problem:
        if not showing.show(path):
            raise
        return [f"已打开“{path.name}”；里面的按钮现在用不了：{problem}"]


def examine(path: Path | None, progress: Progress) -> list[str]:
    """What the doctor finds, as lines."""
    from xlbangfu import doctor

    progress("体检", 0.3)
    return doctor.lines(doctor.examine(doctor.ThisMachine(), path))


def gather_returns(came: Path, out: Path, progress: Progress) -> list[str]:
    """汇总.xlsx of the returns in a folder, as lines; in this process, so that 停止 stops it."""
    from xlbangfu.county.rollup import Rollup, roll_up

    keep = out.with_name(f"{out.stem}_已读")
    return [*roll_up(Rollup(folders=(came,), out=out, keep=keep, workers=1), progress).lines, f"汇总在“{out}”。"]


def _import(path: Path, files: Sequence[Path], made: ImportPlan, progress: Progress) -> Outcome:
    from xlbangfu.actions import Call
    from xlbangfu.actions.import_files import import_files
    from xlbangfu.actions.operator_name import with_operator
    from xlbangfu.actions.waiting_files import place_waiting_files

    progress("写入总表", 0.1)
    book = _book(IMPORT, path, progress)
    placed = place_waiting_files(book)
    outcome = import_files(book, with_operator(book, Call.here()), made, files=files)
    return replace(outcome, details=(*placed, *outcome.details))


def _book(action: str, path: Path, progress: Progress) -> ClosedBook:
    from xlbangfu.book.closed.closed_book import ClosedBook

    book = ClosedBook(path, action=action, progress=progress)
    book.check_free()
    return book
