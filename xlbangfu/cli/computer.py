"""This computer and its programs: ``setup``, ``doctor``, ``window``, ``open``, ``host`` and ``upgrade``."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish, is_no_folder, offer_of
from xlbangfu.cli.shared import open_book as open_closed
from xlbangfu.terminal import say


def setup(options: Namespace, bar: Bar) -> int:  # noqa: ARG001 - every command has the same shape
    from xlbangfu.doctor import ThisMachine
    from xlbangfu.setup_machine import Place, set_up

    steps = []
    for step in set_up(Place.here(ThisMachine()), keep_alive=options.keep_alive, on_desktop=not options.no_desktop):
        steps.append(step)
        if not options.json:
            say([step.line])
    code = int(not all(step.done for step in steps))
    if options.json:
        answer(options, {"steps": [asdict(step) for step in steps], "exit_code": code}, [])
    return code


def doctor(options: Namespace, bar: Bar) -> int:  # noqa: ARG001 - every command has the same shape
    from xlbangfu.doctor import ThisMachine, examine, exit_code, facts, lines

    if options.book:
        is_no_folder(options.book)
    found = examine(ThisMachine(), options.book and options.book.absolute())
    answer(options, facts(found), lines(found))
    return exit_code(found)


def window(options: Namespace, bar: Bar) -> int:  # noqa: ARG001 - every command has the same shape
    from xlbangfu.window import open_window

    open_window(options.book)
    return 0


def open_book(options: Namespace, bar: Bar) -> int:
    """``open``: the workbook in the program whose buttons it has."""
    from xlbangfu.actions.show_book import show_book

    bar("打开总表", 0.2)
    answer(options, {"book": str(options.book)}, [*show_book(options.book), *offer_of(options.book)])
    return 0


def host(options: Namespace, bar: Bar) -> int:
    """``host``: the buttons for another program, those that were lost put back."""
    from xlbangfu.book.macros.hosting import change_host
    from xlbangfu.book.upgrade.button_repair import mend

    bar("换按钮", 0.2)
    changed = change_host(options.book, options.host)
    repair = mend(options.book)
    name = {"excel": "Excel", "libreoffice": "LibreOffice", "wps": "WPS"}[options.host]
    same = f"按钮本来就是给 {name} 用的{'' if repair.back else '，没有改动'}。"
    lines = [f"按钮已换成给 {name} 用的，别的都没有动。" if changed else same, *filter(None, [repair.sentence])]
    facts = {"book": str(options.book), "host": options.host, "changed": changed, "put_back": repair.back}
    answer(options, facts, lines)
    return 0


def upgrade(options: Namespace, bar: Bar) -> int:
    """``upgrade``: the workbook brought to this version of the program."""
    from xlbangfu.actions.upgrade_book import upgrade as bring_to_this_version

    return finish(options, bring_to_this_version(open_closed(options, "upgrade", bar), call_of(options)))
