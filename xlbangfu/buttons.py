"""What the macros call: find the workbook whose button was clicked, run the action, say in a sentence what happened.

Excel calls ``run`` through xlwings; LibreOffice starts ``python -m xlbangfu.buttons ACTION PIPE [WORKBOOK]``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from xlbangfu.catalog import BY_NAME
from xlbangfu.errors import BadArgument, BangfuError
from xlbangfu.failures import log, sentence_of

if TYPE_CHECKING:
    from xlbangfu.actions import Call, Outcome
    from xlbangfu.book.live import LiveBook
    from xlbangfu.book.live.desk import Desk

PAGES = "班级页"
Run = Callable[["LiveBook", "Call", "Desk"], "Outcome | None"]


def run(action: str, pipe: str = "", book: str = "") -> int:
    """Run one action on the calling workbook; 0 if it ran, 2 if it could not.

    ``pipe`` and ``book`` name the LibreOffice and the file that called; without them it is Excel.
    """
    from xlbangfu.book.live.desk import desk_of

    try:
        desk = desk_of(pipe, book)
    except BangfuError as problem:
        sys.stderr.write(f"{problem}\n")  # there is no window to say it in
        return 2
    try:
        outcome = _run(action, desk)
    except (BangfuError, OSError) as problem:
        desk.say(sentence_of(problem), failed=True)
    except Exception as problem:  # the outermost door: staff get a sentence, the log gets the traceback
        desk.say(f"程序出错，没有写完的改动已经退回；请把“{log(problem)}”交给维护人员。", failed=True)
    else:
        if outcome is not None:
            desk.say(_said(outcome))
        return 0
    return 2


def _run(action: str, desk: Desk) -> Outcome | None:
    """The action on the desk's workbook; None if staff thought better of it."""
    from xlbangfu.actions import Call
    from xlbangfu.book.live import LiveBook

    if action not in _ACTIONS:
        raise BadArgument(f"没有“{action}”这个操作，请用“体检”（xlbangfu doctor）看看宏和程序是不是同一版本。")
    with LiveBook(desk.book, action=action) as book:
        book.check_free()
        book.progress(BY_NAME[action].label, 0.0)
        return _ACTIONS[action](book, Call.here(), desk)


def _import(book: LiveBook, call: Call, desk: Desk) -> Outcome | None:
    from xlbangfu import actions

    files = desk.choose_files("选要导入的文件（可以多选）", ("*.xlsx", "*.xlsm", "*.xls", "*.csv"))
    if not files:
        return None
    plan = actions.plan_import(book, call, files)
    if not desk.agrees("\n".join([*_first(plan.lines), "", "要写进总表吗？"])):
        return None
    return actions.import_files(book, call, plan)


def _validate(book: LiveBook, call: Call, _: Desk) -> Outcome:
    from xlbangfu import actions

    return actions.validate(book, call)


def _refresh(book: LiveBook, call: Call, _: Desk) -> Outcome:
    from xlbangfu import actions

    return actions.refresh(book, call)


def _pages(book: LiveBook, call: Call, _: Desk) -> Outcome:
    from xlbangfu import actions

    return actions.pages(book, call, out=book.path.parent / PAGES)


def _all(book: LiveBook, call: Call, _: Desk) -> Outcome:
    from xlbangfu import actions

    return actions.run(book, call, out=book.path.parent / PAGES)


def _undo(book: LiveBook, call: Call, _: Desk) -> Outcome:
    from xlbangfu import actions

    return actions.undo(book, call, journal=book.path)


_ACTIONS: dict[str, Run] = {
    "import": _import,
    "validate": _validate,
    "refresh": _refresh,
    "pages": _pages,
    "run": _all,
    "undo": _undo,
}


def _said(outcome: Outcome) -> str:
    return "\n".join([*_first(outcome.details), outcome.sentence, f"下一步：{outcome.next_step}"])


def _first(lines: Sequence[str], most: int = 15) -> list[str]:
    """As many as a message box can show."""
    left = len(lines) - most
    return [*lines[:most], f"……另有 {left} 行，写在“运行记录”里。"] if left > 0 else list(lines)


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:4]))
