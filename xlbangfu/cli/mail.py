"""The commands that send: ``mail`` and ``mail-login``."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.catalog import BY_NAME
from xlbangfu.cli.shared import Commands, answer, perform
from xlbangfu.errors import BadArgument
from xlbangfu.terminal import Bar

if TYPE_CHECKING:
    from xlbangfu.settings import Settings


def register(commands: Commands) -> None:
    """Add the commands."""
    mail = commands.on_book("mail", f"{BY_NAME['mail'].help}；加 --send 就寄出", _mail)
    mail.add_argument("--out", metavar="文件夹", type=Path, help="邮件放在哪里（默认总表旁边的“邮件”）")
    mail.add_argument("--send", action="store_true", help=BY_NAME["send"].help)
    mail.add_argument("--resume", action="store_true", help="接着寄上次没寄完的，不看打 √")
    mail.add_argument("--dry-run", action="store_true", help="只说会寄给谁，不寄")
    mail.add_argument("--test", metavar="邮箱", default="", help="给自己寄一封没有学生资料的测试邮件")
    mail.add_argument(
        "--confirm",
        metavar="班级=已发|重发",
        action="append",
        default=[],
        help="登记“待确认”的邮件：问过收件人后写 初一1班=已发 或 初一1班=重发，可写多次",
    )
    mail.add_argument("--yes", action="store_true", help="两次确认都回答“是”（定时任务用）")
    commands.on_book(
        "mail-login",
        "存发件邮箱的授权码（放进系统的钥匙串，不写进总表），先试登录一次",
        _login,
    )


def _mail(options: Namespace, bar: Bar) -> int:
    more = {"resume": options.resume, "dry_run": options.dry_run, "test": options.test, "confirm": options.confirm}
    if options.send or any(more.values()):
        return perform(options, "send", bar, **more)
    return perform(options, "mail", bar)


def _login(options: Namespace, bar: Bar) -> int:
    from xlbangfu.mail.login import address_and_server
    from xlbangfu.mail.secrets import keep
    from xlbangfu.mail.smtp import Mailbox, SmtpOutlet

    address, server = address_and_server(_settings(options.book))
    code = _typed_code(f"{address} 的授权码（{server.code_help}）：")
    bar("试登录", 0.5)
    outlet = SmtpOutlet(Mailbox(address=address, auth_code=code, server=server))
    outlet.check()
    outlet.close()
    keep(address, code)
    said = f"登录成功，“{address}”的授权码已存进这台电脑的钥匙串。"
    answer(options, {"address": address, "server": server.host}, [said, "下一步：xlbangfu mail 总表 --test 自己的邮箱"])
    return 0


def _settings(book: Path) -> Settings:
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.cli.shared import is_no_folder
    from xlbangfu.schema import SETTINGS
    from xlbangfu.settings import Settings

    is_no_folder(book)
    return Settings.of(ClosedBook(book).read(SETTINGS)[SETTINGS])


def _typed_code(question: str) -> str:
    """What is typed without being shown; from a pipe its first line. Raises BadArgument for nothing."""
    from getpass import getpass

    code = getpass(question) if sys.stdin.isatty() else sys.stdin.readline()
    if not code.strip():
        raise BadArgument("没有输入授权码，什么都没有存。")
    return "".join(code.split())
