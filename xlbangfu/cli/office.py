"""The commands that have to do with the workbook as such: ``open``, ``host`` and ``upgrade``."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from xlbangfu.cli.shared import Commands, answer, call_of, finish, offer_of
from xlbangfu.cli.shared import open_book as open_closed
from xlbangfu.errors import NotAWorkbook
from xlbangfu.terminal import Bar


def register(commands: Commands) -> None:
    """Add the commands."""

    def open_book(options: Namespace, bar: Bar) -> int:
        _check_there(options.book)
        bar("打开总表", 0.2)
        lines = _open_with_system(options.book) if _is_excels() else _open_with_libreoffice(options.book)
        answer(options, {"book": str(options.book)}, [*lines, *offer_of(options.book)])
        return 0

    def change_host(options: Namespace, bar: Bar) -> int:
        from xlbangfu.book.macros.hosting import change_host as change

        bar("换按钮", 0.2)
        changed = change(options.book, options.host)
        name = {"excel": "Excel", "libreoffice": "LibreOffice"}[options.host]
        said = f"按钮已换成给 {name} 用的，别的都没有动。" if changed else f"按钮本来就是给 {name} 用的，没有改动。"
        answer(options, {"book": str(options.book), "host": options.host, "changed": changed}, [said])
        return 0

    def upgrade(options: Namespace, bar: Bar) -> int:
        from xlbangfu.actions.upgrading import upgrade as bring_to_this_version

        return finish(options, bring_to_this_version(open_closed(options, "upgrade", bar), call_of(options)))

    commands.on_book(
        "open", "打开总表，按钮可以直接用（Linux 上用 LibreOffice，Windows 和 macOS 上用 Excel）", open_book
    )
    commands.on_book("upgrade", "把旧版的总表升级到现在的程序：补上新的表、列和按钮，填好的和自己加的都不动", upgrade)
    host = commands.on_book("host", "把总表里的按钮换成给 Excel 或 LibreOffice 用的，别的都不动", change_host)
    host.add_argument("host", choices=("excel", "libreoffice"), help="excel 或 libreoffice")


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
    from xlbangfu.book.live.opening import excel_only_parts, open_in_libreoffice

    open_in_libreoffice(book)
    lines = [f"已打开“{book.name}”，从“控制台”开始点按钮。"]
    if parts := excel_only_parts(book):
        lines.append(f"注意：里面有只有 Excel 认识的内容（{'、'.join(parts)}），用 LibreOffice 保存会丢掉它们。")
    return lines
