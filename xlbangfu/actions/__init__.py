"""One function an action: read, decide, write, with a blank line between the three.

Each takes any ``Book`` and a ``Call`` (who asked, when and with what), and answers with an ``Outcome``, or None where
staff thought better of it. Each refreshes the front page 控制台 and adds one row to 运行记录. The catalog names the
function of each; what an action does not need is not imported.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.catalog import BY_NAME

if TYPE_CHECKING:
    from xlbangfu.book.port import Book

__all__ = ["Call", "Outcome", "Run", "function_of", "perform"]

Run = Callable[["Book", Call], Outcome | None]


def perform(name: str, book: Book, call: Call) -> Outcome | None:
    """Do the action of that name in the catalog, under the name of whoever is at work. What it writes is as private as the workbook."""
    from xlbangfu.actions.operator_name import with_operator
    from xlbangfu.book.safety.permissions import as_private_as

    run = function_of(BY_NAME[name].run_with(call.options))
    with as_private_as(book.path):
        return run(book, with_operator(book, call))


def function_of(run: str) -> Run:
    """The function that the catalog names as "module:function"."""
    module, _, name = run.partition(":")
    found: Run = getattr(import_module(f"{__name__}.{module}"), name)
    return found
