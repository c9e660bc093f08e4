"""What the macros call: find the workbook whose button was clicked, run the action, say in a sentence what happened.

Excel calls ``run`` through xlwings; LibreOffice starts ``python -P -m xlbangfu.buttons ACTION PIPE [WORKBOOK]``.
Packages are imported late, so that a missing one can be named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.errors import BadArgument, BangfuError, fallback_dialog
from xlbangfu.errors.messages import log, sentence_of

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
    return click(action, ui)


def click(action: str, ui: HostUI) -> int:
    """Run one action where staff sit, and say there what happened; 0 if it ran, 2 if it could not."""
    try:
        outcome = _run(action, ui)
    except (BangfuError, OSError, ImportError) as problem:
        ui.say(sentence_of(problem), failed=True)
    except Exception as problem:  # the outermost door: staff get a sentence, the log gets the traceback
        ui.say(f"程序出错，没有写完的改动已经退回；请把“{log(problem)}”交给维护人员。", failed=True)
    else:
        if outcome is not None:
            ui.say(_message(outcome, Path(ui.book.fullname)))
        return 0
    return 2


def _run(action: str, ui: HostUI) -> Outcome | None:
    """The action on the workbook whose button was clicked; None if staff thought better of it."""
    from xlbangfu.actions import Call, perform
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
                return None
        return perform(action, book, Call.here(agrees=ui.agrees, asks=ui.asks, files=files))


def _message(outcome: Outcome, book: Path) -> str:
    from xlbangfu.actions.call import first_lines
    from xlbangfu.book.version import version_in

    version = version_in(book)
    offer = [version.offer] if version and version.offer else []
    return "\n".join([*first_lines(outcome.details), outcome.sentence, f"下一步：{outcome.next_step}", *offer])


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
