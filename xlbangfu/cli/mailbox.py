"""The mailbox from which mails are sent: ``mail-login``."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.cli.progress_bar import Bar
from xlbangfu.cli.shared import answer, is_no_folder
from xlbangfu.errors import BadArgument

if TYPE_CHECKING:
    from xlbangfu.settings import Settings


def login(options: Namespace, bar: Bar) -> int:
    """``mail-login``: the password goes into the keyring of the system once the server took it."""
    from xlbangfu.mail.login import address_and_server, try_and_keep

    address, server = address_and_server(_settings(options.book))
    password = _typed_password(f"{address} 的授权码（{server.code_help}）：")
    bar("试登录", 0.5)
    try_and_keep(address, password, server)
    sentence = f"登录成功，“{address}”的授权码已存进这台电脑的钥匙串。"
    answer(
        options, {"address": address, "server": server.host}, [sentence, "下一步：xlbangfu mail 总表 --test 自己的邮箱"]
    )
    return 0


def _settings(book: Path) -> Settings:
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.schema import SETTINGS
    from xlbangfu.settings import Settings

    is_no_folder(book)
    return Settings.of(ClosedBook(book).read(SETTINGS)[SETTINGS])


def _typed_password(question: str) -> str:
    """What is typed without being shown; from a pipe its first line. Raises BadArgument for nothing."""
    from getpass import getpass

    password = getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    if not password.strip():
        raise BadArgument("没有输入授权码，什么都没有存。")
    return "".join(password.split())
