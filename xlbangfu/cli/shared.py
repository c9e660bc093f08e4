"""What every command shares: how it opens the workbook, asks back and answers."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.declarations import Option
from xlbangfu.errors import BadArgument
from xlbangfu.terminal import say

if TYPE_CHECKING:
    from xlbangfu.actions import Call, Outcome
    from xlbangfu.book.closed.closed_book import ClosedBook


def open_book(options: Namespace, action: str, bar: Bar) -> ClosedBook:
    """The closed workbook. Raises BadArgument for a folder, BookLocked when it is open somewhere."""
    from xlbangfu.actions.waiting_files import place_waiting_files
    from xlbangfu.book.closed.closed_book import ClosedBook

    is_no_folder(options.book)
    book = ClosedBook(options.book, action=action, progress=bar)
    book.check_free()
    for line in place_waiting_files(book):
        sys.stderr.write(f"{line}\n")
    return book


def report_refusal(options: Namespace, action: str) -> int:
    """Say that nothing was done, since staff were asked and did not say yes, or could not be asked: exit code 1."""
    why = "" if can_be_asked(options) else "这一步要先答应，这里没有人回答；看好了，在命令后面加 --yes。"
    answer(options, {"action": action, "done": False, "exit_code": 1}, [f"没有做，总表没有改动。{why}"])
    return 1


def call_of(options: Namespace, typed: Mapping[Option[Any], Any] | None = None) -> Call:
    """Whoever typed the command, with what; a question is answered by ``--yes``, at the terminal, or else with no.

    ``typed`` is what was typed of the action's own options.
    """
    from xlbangfu.actions import Call

    call = Call.here(files=getattr(options, "files", ()), out=getattr(options, "out", None), options=typed)
    if getattr(options, "yes", False):
        return replace(call, agrees=lambda _: True)
    if can_be_asked(options):
        return replace(call, agrees=_typed_yes, asks=_typed)
    return replace(call, agrees=_unanswered)


def finish(
    options: Namespace, outcome: Outcome, advice: Sequence[str] = (), *, more: Mapping[str, Any] | None = None
) -> int:
    """Say what an action did; the answer is the exit code. ``more`` are facts for machines only."""
    facts = asdict(outcome) | {"files": [str(path) for path in outcome.files], "exit_code": outcome.exit_code}
    facts |= more or {}
    lines = [
        *outcome.details,
        outcome.sentence,
        *([f"下一步：{outcome.next_step}"] if outcome.next_step else []),
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


def can_be_asked(options: Namespace) -> bool:
    """Whether somebody sits at a terminal."""
    return not options.json and sys.stdin.isatty()


def _typed_yes(question: str) -> bool:
    say([question])
    return input("回答 是 或 否：").strip().lower() in ("是", "y", "yes")


def _unanswered(question: str) -> bool:
    """No, where nobody sits at a terminal; what would be done is still there to be read before ``--yes``."""
    sys.stderr.write(f"{question}\n（没有人回答，当作“否”。）\n")
    return False


def _typed(question: str) -> str:
    return input(question + " ").strip()
