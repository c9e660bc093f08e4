"""发件邮箱: the address and its 授权码, tried and kept, and a mail to oneself. No terminal is needed for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.window.form_view import Field
from xlbangfu.window.job import Talk

if TYPE_CHECKING:
    from xlbangfu.actions import Outcome
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.settings import Settings

ADDRESS, CODE, SERVER = "发件邮箱", "授权码", "发件服务器"
TITLE, YES = "发件邮箱", "登录并寄测试信给自己"
WORDS = (
    "授权码不是邮箱密码：在网页版邮箱的“设置”里开启“SMTP”后给的一串字。它只存进这台电脑的钥匙串，不写进总表。"
    "登录成功以后，设置「发件邮箱」和设置「发信方式」（SMTP）替您写好，再寄一封没有学生资料的信给自己。"
)


def fields(settings: Settings) -> list[Field]:
    return [
        Field(name=ADDRESS, value=settings.mail_address or "", help="学校寄信用的邮箱，如 jiaowu@163.com"),
        Field(name=CODE, secret=True, help="从网页版邮箱复制过来，粘在这里"),
        Field(
            name=SERVER,
            value=settings.mail_server or "",
            help="QQ、163、126、腾讯企业邮箱空着；学校自己的写 smtp.school.cn:465",
        ),
    ]


def fault_in(values: Mapping[str, str]) -> str:
    """What is wrong with the answers, as a sentence; empty where nothing is."""
    from xlbangfu.mail.presets import server_of

    if "@" not in values[ADDRESS]:
        return "请写完整的邮箱地址，如 jiaowu@163.com。"
    if not values[CODE]:
        return "请填授权码。"
    if server_of(values[ADDRESS], values[SERVER]) is None:
        return "不知道这个邮箱从哪个服务器寄；请填“发件服务器”，如 smtp.school.cn:465，问邮箱管理员。"
    return ""


def read_settings(path: Path, talk: Talk) -> Settings:
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.schema import SETTINGS
    from xlbangfu.settings import Settings

    talk("读取总表", 0.3)
    return Settings.of(ClosedBook(path).read(SETTINGS)[SETTINGS])


def log_in(path: Path, values: Mapping[str, str], talk: Talk) -> Outcome | None:
    """Try the 授权码, keep it, write the settings, and send the trial. Raises CannotSend; nothing is kept or written then."""
    from xlbangfu.actions import Call, perform
    from xlbangfu.book.closed.closed_book import ClosedBook
    from xlbangfu.catalog import TEST
    from xlbangfu.mail.login import address_and_server, try_and_keep

    book = ClosedBook(path, action="send", progress=talk)
    book.check_free()
    talk("试登录", 0.1)
    address, server = address_and_server(_with(read_settings(path, talk), values))
    try_and_keep(address, "".join(values[CODE].split()), server)
    _write_settings(book, values)
    trial = ClosedBook(path, action="send", progress=talk)
    return perform("send", trial, Call.here(agrees=talk.agrees, options={TEST: address}))


def _with(settings: Settings, values: Mapping[str, str]) -> Settings:
    from msgspec.structs import replace

    return replace(settings, mail_address=values[ADDRESS], mail_server=values[SERVER] or None)


def _write_settings(book: ClosedBook, values: Mapping[str, str]) -> None:
    import polars as pl

    from xlbangfu.schema import SETTINGS
    from xlbangfu.settings.parsers import MAIL_SMTP

    wanted = {ADDRESS: values[ADDRESS], SERVER: values[SERVER] or None, "发信方式": MAIL_SMTP}
    book.amend(SETTINGS, pl.DataFrame({"项目": list(wanted), "值": list(wanted.values())}))
    book.save()
