"""The commands of buttons: the action of the catalog on the closed workbook, and what came of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.arguments import values
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import call_of, finish, open_book, report_refusal
from xlbangfu.declarations import Action

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome


def perform_meant(actions: Sequence[Action], options: Namespace, bar: Bar) -> int:
    """Do the action that was meant among those of one command."""
    return perform(meant_action(actions, options).name, options, bar)


def meant_action(actions: Sequence[Action], options: Namespace) -> Action:
    """The one of which something was typed, else the first."""
    typed = (action for action in actions[1:] if any(values(options, action.own_options).values()))
    return next(typed, actions[0])


def perform(name: str, options: Namespace, bar: Bar) -> int:
    """Do the action; exit code 1 where staff were asked and said no."""
    from xlbangfu import actions

    action = BY_NAME[name]
    book, call = open_book(options, name, bar), call_of(options, values(options, action.own_options))
    outcome = actions.perform(name, book, call)
    if outcome is None:
        return report_refusal(options, name)
    place = _place(action.out, call.folder(book, name).resolve(), outcome) if action.out and outcome.files else []
    return finish(options, outcome, place)


def _place(name: str, folder: Path, outcome: Outcome) -> list[str]:
    """Where the files are: in the action's own folder, or in one of their own, as templates are."""
    first = outcome.files[0].resolve()
    if folder in first.parents:
        return [f"{name}放在：{folder}"]
    return [f"{first.parent.name}放在：{first.parent}"]
