"""What the macros call: find the workbook whose button was clicked, run the action, say in a sentence what happened.

Excel calls ``run`` through xlwings; LibreOffice starts ``python -P -m xlbangfu.buttons ACTION PIPE [WORKBOOK]``.
Packages are imported late, so that a missing one can be named.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.errors import BadArgument, BangfuError, fallback_dialog
from xlbangfu.errors.messages import sentence_after, sentence_of

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome
    from xlbangfu.book.live.host_ui import HostUI


def run(action: str, pipe: str = "", book: str = "") -> int:
    """Run one action on the calling workbook; 0 if it ran, 2 if it could not.

    ``pipe`` and ``book`` name the LibreOffice and the file that called; without them it is Excel.
    """
    try:
        from xlbangfu.book.live.host_ui import host_ui_of

        ui = host_ui_of(pipe, book)
    except ImportError as problem:
        fallback_dialog.show(sentence_of(problem), pipe)
        return 2
    except BangfuError as problem:
        fallback_dialog.show(str(problem), pipe)
        return 2
    from xlbangfu.book.safety.atomic_save import saves_of

    path, saved = None, 0
    try:
        path = Path(ui.book.fullname)
        saved = saves_of(path)
        outcome = _run(action, ui)
        said = _message(outcome, path) if outcome else ""
    except Exception as problem:  # the outermost door: staff get a sentence, the log gets the traceback
        ui.say(sentence_after(problem, is_written=saves_of(path) > saved), failed=True)
        return 2
    if said:
        ui.say(said)
    return 0


def _run(action: str, ui: HostUI) -> Outcome | None:
    """The action on the workbook whose button was clicked; None if staff thought better of it."""
    from xlbangfu.actions import Call, perform
    from xlbangfu.actions.waiting_files import place_waiting_files
    from xlbangfu.book.live.live_book import LiveBook
    from xlbangfu.catalog import BY_NAME

    if action not in BY_NAME:
        raise BadArgument(f"没有“{action}”这个操作，请用“体检”（xlbangfu doctor）看看宏和程序是不是同一版本。")
    with LiveBook(ui.book, action=action) as book:
        book.check_free()
        book.progress(BY_NAME[action].label, 0.0)
        files: list[Path] = []
        if kinds := BY_NAME[action].files:
            files = ui.choose_files(f"{BY_NAME[action].label}：选文件（可以多选）", kinds)
            if not files:
                return None
        placed = place_waiting_files(book)
        outcome = perform(action, book, Call.here(agrees=ui.agrees, asks=ui.asks, files=files))
        return outcome and replace(outcome, details=(*placed, *outcome.details))


def _message(outcome: Outcome, book: Path) -> str:
    from xlbangfu.actions.call import first_lines
    from xlbangfu.book.version import version_in

    version = version_in(book)
    offer = [version.offer] if version and version.offer else []
    return "\n".join([*first_lines(outcome.details), outcome.sentence, f"下一步：{outcome.next_step}", *offer])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
