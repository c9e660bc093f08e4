"""What every command shares: how it is added, how it opens the workbook, asks back and answers."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbangfu.catalog import BY_NAME
from xlbangfu.errors import BadArgument
from xlbangfu.terminal import Bar, ChineseParser, say

if TYPE_CHECKING:
    from xlbangfu.actions import Call, Outcome
    from xlbangfu.book.closed.closed_book import ClosedBook

Command = Callable[[Namespace, Bar], int]


class Commands:
    """Where each family of commands adds its own."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers
        self.helps: dict[str, str] = {}

    def add(self, name: str, help: str, run: Command) -> ChineseParser:
        """A command; ``run`` answers with the exit code."""
        made: ChineseParser = self._subparsers.add_parser(name, description=help)
        self.helps[name] = help
        made.add_argument("--json", action="store_true", help="结果写成 JSON，给别的程序读")
        made.set_defaults(command=run)
        return made

    def on_book(self, name: str, help: str, run: Command) -> ChineseParser:
        """A command whose first argument is the workbook, ``options.book``."""
        made = self.add(name, help, run)
        made.add_argument("book", metavar="总表", type=Path, help="帮扶总表.xlsm")
        return made


def perform(
    options: Namespace, action: str, bar: Bar, *, files: Sequence[Path] = (), advice: Sequence[str] = (), **more: Any
) -> int:
    """Do an action of the catalog on the closed workbook and say what came of it; ``options.out`` where it has one.

    ``more`` goes to the action as it is. Exit code 1 where staff were asked and said no.
    """
    from xlbangfu import actions

    outcome = actions.perform(
        action,
        open_book(options, action, bar),
        call_of(options),
        workbook=options.book,
        out=getattr(options, "out", None),
        files=files,
        **more,
    )
    return said_no(options, action) if outcome is None else finish(options, outcome, advice)


def add_out(command: ChineseParser, action: str) -> None:
    """``--out``, the folder for what the action makes; see ``folder_of``."""
    name = BY_NAME[action].out
    command.add_argument("--out", metavar="文件夹", type=Path, help=f"{name}放在哪里（默认总表旁边的“{name}”文件夹）")


def folder_of(options: Namespace, action: str) -> Path:
    """Where the files go: where ``--out`` says, else where a click would put them, beside the workbook."""
    out: Path | None = options.out
    return out or options.book.parent / BY_NAME[action].out


def open_book(options: Namespace, action: str, bar: Bar) -> ClosedBook:
    """The closed workbook. Raises BadArgument for a folder, BookLocked when it is open somewhere."""
    from xlbangfu.book.closed.closed_book import ClosedBook

    is_no_folder(options.book)
    book = ClosedBook(options.book, action=action, progress=bar)
    book.check_free()
    return book


def said_no(options: Namespace, action: str) -> int:
    """Say that nothing was done, since staff were asked and did not say yes, or could not be asked: exit code 1."""
    why = "" if _can_be_asked(options) else "这一步要先答应，这里没有人回答；看好了，在命令后面加 --yes。"
    answer(options, {"action": action, "done": False, "exit_code": 1}, [f"没有做，总表没有改动。{why}"])
    return 1


def call_of(options: Namespace) -> Call:
    """Whoever typed the command; a question is answered by ``--yes``, at the terminal, or else with no."""
    from xlbangfu.actions import Call

    if getattr(options, "yes", False):
        return Call.here(agrees=lambda _: True)
    return Call.here(agrees=_typed_yes, asks=_typed) if _can_be_asked(options) else Call.here()


def finish(options: Namespace, outcome: Outcome, advice: Sequence[str] = ()) -> int:
    """Say what an action did; the answer is the exit code."""
    facts = asdict(outcome) | {"files": [str(path) for path in outcome.files], "exit_code": outcome.exit_code}
    lines = [
        *outcome.details,
        outcome.sentence,
        f"下一步：{outcome.next_step}",
        *advice,
        *offer_of(getattr(options, "book", None)),
    ]
    answer(options, facts, lines)
    return outcome.exit_code


def offer_of(book: Path | None) -> list[str]:
    """What to say of a workbook that another version of the program made."""
    from xlbangfu.book.version import version_in

    version = version_in(book) if book else None
    return [version.offer] if version and version.offer else []


def answer(options: Namespace, facts: dict[str, Any], lines: Sequence[str]) -> None:
    """One JSON object for programs, lines for people."""
    say([json.dumps(facts, ensure_ascii=True, default=str)] if options.json else lines)


def is_no_folder(path: Path) -> None:
    if path.is_dir():
        raise BadArgument(f"“{path}”是文件夹；请写总表的文件名，例如 {path / '帮扶总表.xlsm'}。")


def _can_be_asked(options: Namespace) -> bool:
    return not options.json and sys.stdin.isatty()


def _typed_yes(question: str) -> bool:
    say([question])
    return input("回答 是 或 否：").strip().lower() in ("是", "y", "yes")


def _typed(question: str) -> str:
    return input(question + " ").strip()
