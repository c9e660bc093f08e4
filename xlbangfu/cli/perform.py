"""The commands of buttons: the action of the catalog on the closed workbook, and what came of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.arguments import values
from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import call_of, finish, open_book, report_refusal
from xlbangfu.declarations import Action


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
    place = [f"{action.out}放在：{call.folder(book, name).resolve()}"] if action.out and outcome.files else []
    return finish(options, outcome, place)
