"""This computer and its programs: ``setup``, ``doctor``, ``window``, ``open``, ``host`` and ``upgrade``."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, call_of, finish, is_no_folder, offer_of
from xlbangfu.cli.shared import open_book as open_closed
from xlbangfu.errors import NotAWorkbook
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
    _check_there(options.book)
    bar("打开总表", 0.2)
    lines = _open_with_system(options.book) if _is_excels() else _open_with_libreoffice(options.book)
    answer(options, {"book": str(options.book)}, [*lines, *offer_of(options.book)])
    return 0


def host(options: Namespace, bar: Bar) -> int:
    """``host``: the buttons for another program."""
    from xlbangfu.book.macros.hosting import change_host

    bar("换按钮", 0.2)
    changed = change_host(options.book, options.host)
    name = {"excel": "Excel", "libreoffice": "LibreOffice", "wps": "WPS"}[options.host]
    sentence = f"按钮已换成给 {name} 用的，别的都没有动。" if changed else f"按钮本来就是给 {name} 用的，没有改动。"
    answer(options, {"book": str(options.book), "host": options.host, "changed": changed}, [sentence])
    return 0


def upgrade(options: Namespace, bar: Bar) -> int:
    """``upgrade``: the workbook brought to this version of the program."""
    from xlbangfu.actions.upgrade_book import upgrade as bring_to_this_version

    return finish(options, bring_to_this_version(open_closed(options, "upgrade", bar), call_of(options)))


def _is_excels() -> bool:
    return sys.platform in ("win32", "darwin")


def _check_there(book: Path) -> None:
    if not book.is_file():
        raise NotAWorkbook(f"找不到“{book}”，请检查文件名和文件夹。")


def _open_with_system(book: Path) -> list[str]:
    import os
    import subprocess

    if sys.platform == "win32":
        os.startfile(book)
    else:
        subprocess.run(["open", str(book)], check=True)
    return [f"已打开“{book.name}”，从“控制台”开始。"]


def _open_with_libreoffice(book: Path) -> list[str]:
    from xlbangfu.book.live.open_workbook import excel_only_parts, open_in_libreoffice

    open_in_libreoffice(book)
    lines = [f"已打开“{book.name}”，从“控制台”开始点按钮。"]
    if parts := excel_only_parts(book):
        lines.append(f"注意：里面有只有 Excel 认识的内容（{'、'.join(parts)}），用 LibreOffice 保存会丢掉它们。")
    return lines
