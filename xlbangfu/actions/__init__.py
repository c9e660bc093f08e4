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
from xlbangfu.errors import BadArgument

if TYPE_CHECKING:
    from xlbangfu.actions.importing import import_files, plan_import
    from xlbangfu.actions.season import pages, refresh, run, validate
    from xlbangfu.actions.undoing import undo
    from xlbangfu.book.port import Book

__all__ = [
    "HOMES",
    "Call",
    "Outcome",
    "function_of",
    "import_files",
    "pages",
    "perform",
    "plan_import",
    "refresh",
    "run",
    "undo",
    "validate",
]

HOMES: dict[str, str] = {
    "import_": "importing",
    "import_files": "importing",
    "plan_import": "importing",
    "pages": "season",
    "refresh": "season",
    "run": "season",
    "validate": "season",
    "undo": "undoing",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"xlbangfu.actions.{HOMES[name]}"), name)


def function_of(name: str) -> str:
    """What the function of an action is called; ``import`` is a word of the language."""
    return "import_" if name == "import" else name


def perform(
    name: str, book: Book, call: Call, *, workbook: Path, out: Path | None = None, files: Sequence[Path] = ()
) -> Outcome | None:
    """Do the action of that name in the catalog, giving it what it asks for: ``workbook`` (where the book is), ``out``
    (the folder for what it makes, by default the action's own beside the workbook), ``files``.

    Raises BadArgument for an action that the catalog has and no module does yet.
    """
    function = function_of(name)
    if function not in HOMES:
        raise BadArgument(f"“{BY_NAME[name].label}”在这个版本里还没有，总表没有改动；请先用别的按钮。")
    action = __getattr__(function)
    given = {"workbook": workbook, "out": out or workbook.parent / BY_NAME[name].out, "files": files}
    wanted = signature(action).parameters
    outcome: Outcome | None = action(book, call, **{key: value for key, value in given.items() if key in wanted})
    return outcome
