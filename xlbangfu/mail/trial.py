"""A harmless mail to oneself: does it arrive, and does its Chinese attachment keep its name?"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from xlbangfu.mail.mail_wording import as_html, as_text
from xlbangfu.mail.message import TEST, Attachment, Message

_BODY = "这是一封测试邮件，没有任何学生资料。请看附件的名字是不是“测试附件.xlsx”，能不能打开。"


def trial(address: str, now: datetime) -> Message:
    """The mail; each is another one, as told by ``now``."""
    return Message(
        kind=TEST,
        page=now.isoformat(),
        class_name="测试",
        recipient="",
        address=address,
        subject="测试邮件：看看收不收得到",
        text=as_text(_BODY, {}, encrypted=False),
        html=as_html(_BODY, {}, encrypted=False),
        attachments=(Attachment(name="测试附件.xlsx", data=_workbook()),),
    )


def _workbook() -> bytes:
    from xlsxwriter.workbook import Workbook

    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("测试").write_string(0, 0, "附件打开了。")
    return buffer.getvalue()
