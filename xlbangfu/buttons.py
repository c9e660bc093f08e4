"""What the macros call: find the workbook whose button was clicked, run the action, say in a sentence what happened.

Excel calls ``run`` through xlwings; LibreOffice starts ``python -P -m xlbangfu.buttons ACTION PIPE [WORKBOOK]``, which
hands the click to the process that stands by, if there is one (``standby``).
Packages are imported late, so that a missing one can be named.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from xlbangfu.errors import BadArgument, BangfuError, fallback_dialog
from xlbangfu.errors.messages import sentence_after, sentence_of
from xlbangfu.one_job import collect_garbage_seldom, import_late

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome
    from xlbangfu.book.live.host_ui import HostUI

_ROOMS_OF_CLICKS = ("actions", "book.libreoffice", "book.live", "book.safety", "errors", "front_page", "rules")
_ON_THE_WAY = ("chinese_calendar", "getpass")  # what these import only when they run


def run(
    action: str, pipe: str = "", book: str = "", *, before_answer: Callable[[HostUI], None] = lambda _: None
) -> int:
    """Run one action on the calling workbook; 0 if it ran, 2 if it could not.

    ``pipe`` and ``book`` name the LibreOffice and the file that called; without them it is Excel. ``before_answer`` is
    called when the action is done and staff have not been told yet.
    """
    collect_garbage_seldom()
    import_late()
    try:
        from xlbangfu.book.live.host_ui import host_ui_of

        ui = host_ui_of(pipe, book)
    except ImportError as problem:
        fallback_dialog.show(sentence_of(problem), pipe)
        return 2
    except BangfuError as problem:
        fallback_dialog.show(str(problem), pipe)
        return 2
    return click(action, ui, before_answer=before_answer)


def click(action: str, ui: HostUI, *, before_answer: Callable[[HostUI], None] = lambda _: None) -> int:
    """Run one action where staff sit, and say there what happened; 0 if it ran, 2 if it could not."""
    answer, code = _done(action, ui)
    before_answer(ui)
    if answer:
        ui.say(answer, failed=code != 0)
    return code


def _done(action: str, ui: HostUI) -> tuple[str, int]:
    """What to tell staff, nothing if they thought better of it, and the exit code."""
    from xlbangfu.book.safety.atomic_save import saves_of

    path, saved = None, 0
    try:
        path = Path(ui.book.fullname)
        saved = saves_of(path)
        outcome, lines = _run(action, ui)
        if outcome:
            ui.look_at(outcome.landing)
        return (_message(outcome, path, lines) if outcome else ""), 0
    except Exception as problem:  # the outermost door: staff get a sentence, the log gets the traceback
        return sentence_after(problem, is_written=saves_of(path) > saved), 2


def _run(action: str, ui: HostUI) -> tuple[Outcome | None, list[str]]:
    """The action on the workbook whose button was clicked, None if staff thought better of it; and what to tell of the
    workbook."""
    from msgspec.structs import replace

    from xlbangfu.actions import Call, perform
    from xlbangfu.actions.waiting_files import place_waiting_files
    from xlbangfu.book.live import after_click
    from xlbangfu.book.live.live_book import LiveBook
    from xlbangfu.catalog import BY_NAME

    if action not in BY_NAME:
        raise BadArgument(f"没有“{action}”这个操作，请用“体检”（xlbangfu doctor）看看宏和程序是不是同一版本。")
    with LiveBook(ui.book, action=action, host=ui.host) as book:
        book.check_free()
        book.progress(BY_NAME[action].label, 0.0)
        files: list[Path] = []
        if kinds := BY_NAME[action].files:
            files = ui.choose_files(f"{BY_NAME[action].label}：选文件（可以多选）", kinds)
            if not files:
                return None, []
        placed = place_waiting_files(book)
        call = Call.here(agrees=ui.agrees, asks=ui.asks, chooses=ui.choose_files, files=files)
        outcome = perform(action, book, call)
        return outcome and replace(outcome, details=(*placed, *outcome.details)), after_click.finish(book)


def _message(outcome: Outcome, book: Path, lines: Sequence[str] = ()) -> str:
    from xlbangfu.actions.call import first_lines
    from xlbangfu.book.version import version_in

    version = version_in(book)
    offer = [version.offer] if version and version.offer else []
    following = [f"下一步：{outcome.next_step}"] if outcome.next_step else []
    return "\n".join([*first_lines(outcome.details), outcome.sentence, *lines, *following, *offer])


def main(words: Sequence[str]) -> int:
    """What LibreOffice starts for a click, and what stands by for the next one."""
    from xlbangfu.standby.hand_over import STAND_BY

    if words[:1] == [STAND_BY]:
        from xlbangfu.standby.waiting import stand_by

        _, pipe, office = words
        return stand_by(pipe, int(office), prepare=import_ahead, run=_clicked)
    action, pipe, book = [*words, "", "", ""][:3]
    code = _handed_over(action, pipe, book) if pipe else None
    return _clicked(action, pipe, book) if code is None else code


def _handed_over(action: str, pipe: str, book: str) -> int | None:
    from xlbangfu.standby.hand_over import STOPPED, StoppedHalfWay, hand_over

    try:
        return hand_over(action, pipe, book)
    except StoppedHalfWay:
        from xlbangfu.errors import fallback_dialog

        fallback_dialog.show(STOPPED, pipe)
        return 2


def _clicked(action: str, pipe: str, book: str) -> int:
    """The click, done in this process. While staff read the answer, somebody makes ready for the next."""

    def make_ready(ui: HostUI) -> None:
        from xlbangfu.standby.start import start

        with suppress(Exception):  # whatever stops it, the answer is to come; without it the next click is slower
            start(pipe, ui.book.app.pid, Path(ui.book.fullname))

    return run(action, pipe, book, before_answer=make_ready) if pipe else run(action)


def import_ahead() -> None:
    """Import what clicks need, sooner or later."""
    from importlib import import_module
    from pkgutil import walk_packages

    for room in _ROOMS_OF_CLICKS:
        package = import_module(f"xlbangfu.{room}")
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    for name in _ON_THE_WAY:
        import_module(name)


def entry() -> NoReturn:
    """What the macros start: ``main``, and then the end at once, for to take modules and frames apart takes a while."""
    code = main(sys.argv[1:])
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    entry()
