"""One function an action: read, decide, write, with a blank line between the three.

Each takes any ``Book`` and a ``Call`` (who asked, when), and answers with an ``Outcome``, or None where staff thought
better of it. Each refreshes the front page 控制台 and adds one row to 运行记录. What an action does not need is not
imported: this package finds each function in its module when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.catalog import BY_NAME

if TYPE_CHECKING:
    from xlbangfu.actions.appraising import appraise
    from xlbangfu.actions.collecting import collect, plan_collect
    from xlbangfu.actions.following import follow
    from xlbangfu.actions.honouring import honours, honours_accept
    from xlbangfu.actions.importing import import_files, plan_import
    from xlbangfu.actions.mailing import mail
    from xlbangfu.actions.pairing import pair, pair_accept
    from xlbangfu.actions.papers import register, slips
    from xlbangfu.actions.person import expired_lines, person_delete, person_export
    from xlbangfu.actions.planning import plan
    from xlbangfu.actions.reminding import remind
    from xlbangfu.actions.restoring import undo_closed
    from xlbangfu.actions.scheduling import calendar
    from xlbangfu.actions.screening import screen, screen_accept
    from xlbangfu.actions.season import pages, refresh, run, validate
    from xlbangfu.actions.sending import send
    from xlbangfu.actions.undoing import undo
    from xlbangfu.book.port import Book

__all__ = [
    "HOMES",
    "Call",
    "Outcome",
    "appraise",
    "calendar",
    "collect",
    "expired_lines",
    "follow",
    "honours",
    "honours_accept",
    "import_files",
    "mail",
    "pages",
    "pair",
    "pair_accept",
    "perform",
    "person_delete",
    "person_export",
    "plan",
    "plan_collect",
    "plan_import",
    "refresh",
    "register",
    "remind",
    "run",
    "screen",
    "screen_accept",
    "send",
    "slips",
    "undo",
    "undo_closed",
    "validate",
]

HOMES: dict[str, str] = {
    "appraise": "appraising",
    "collect": "collecting",
    "plan_collect": "collecting",
    "follow": "following",
    "honours": "honouring",
    "honours_accept": "honouring",
    "import_": "importing",
    "import_files": "importing",
    "plan_import": "importing",
    "mail": "mailing",
    "pair": "pairing",
    "pair_accept": "pairing",
    "register": "papers",
    "slips": "papers",
    "expired_lines": "person",
    "person_delete": "person",
    "person_export": "person",
    "plan": "planning",
    "remind": "reminding",
    "calendar": "scheduling",
    "screen": "screening",
    "screen_accept": "screening",
    "pages": "season",
    "refresh": "season",
    "run": "season",
    "validate": "season",
    "send": "sending",
    "undo": "undoing",
    "undo_closed": "restoring",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"xlbangfu.actions.{HOMES[name]}"), name)


def perform(
    name: str,
    book: Book,
    call: Call,
    *,
    workbook: Path,
    out: Path | None = None,
    files: Sequence[Path] = (),
    **more: Any,
) -> Outcome | None:
    """Do the action of that name in the catalog, giving it what it asks for: ``workbook`` (where the book is), ``out``
    (the folder for what it makes, by default the action's own beside the workbook), ``files``; ``more`` as it is.
    What it writes is as private as the workbook."""
    from xlbangfu.book.safety.permissions import as_private_as

    action = __getattr__("import_" if name == "import" else name)
    given = {"workbook": workbook, "out": out or workbook.parent / BY_NAME[name].out, "files": files}
    wanted = signature(action).parameters
    fitting = {key: value for key, value in given.items() if key in wanted}
    with as_private_as(workbook):
        outcome: Outcome | None = action(book, call, **fitting, **more)
    return outcome
