"""One mail as plain data, and the bytes that it is sent as.

Attachments name themselves twice, so that every mail program shows the Chinese name: RFC 2231 in Content-Disposition,
RFC 2047 in the ``name`` of Content-Type. Python's own EmailMessage cuts long names into continuations, which QQ mail and
Outlook show as ``tcmime.bin``; these headers are therefore written here. Header names and values end in CRLF.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email import policy
from email.generator import BytesGenerator
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from io import BytesIO
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

PAGE, TEACHER_PAGE, REMINDER, TEST = "班级页", "帮扶页", "催交", "测试"
PAGES = (PAGE, TEACHER_PAGE)
_AND = "｜"  # between those whose pages one mail brings; no class and no teacher is called so
XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNFOLDED = policy.compat32.clone(linesep="\r\n", max_line_length=0)
_WORD_BYTES = 42  # of UTF-8 in one encoded word: 56 characters of base64, and 75 are allowed


class Attachment(Struct, frozen=True, kw_only=True):
    """A file as it is attached: its name without a folder, and its bytes."""

    name: str
    data: bytes


class Sender(Struct, frozen=True, kw_only=True):
    """Whose mailbox it is. No address: the mail program that opens the file puts its own."""

    address: str = ""
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] or "localhost"


class Message(Struct, frozen=True, kw_only=True):
    """One mail to one person. ``page`` is the id of the page that it brings or asks for; with kind, class and
    address it makes the ``key`` that no two mails share. ``class_name`` says whose pages: a class, a teacher, or both
    (``joined``)."""

    kind: str  # PAGE, TEACHER_PAGE, REMINDER or TEST
    page: str
    class_name: str
    recipient: str  # the person's name
    address: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    encrypted: bool = False

    @property
    def key(self) -> str:
        """What the ledger knows the mail by, a digest of sixteen figures."""
        return key_of(self.kind, self.page, self.class_name, self.address)


def joined(owners: Sequence[str]) -> str:
    """Several owners of pages as one text.

    >>> joined(["初一1班", "T1 王芳"])
    '初一1班｜T1 王芳'
    """
    return _AND.join(owners)


def owners_of(text: str) -> list[str]:
    """The owners that a text of ``joined`` names, in their order."""
    return text.split(_AND)


def key_of(kind: str, page: str, class_name: str, address: str) -> str:
    """The key of a mail.

    >>> len(key_of(PAGE, "1", "初一1班", "wang@example.cn"))
    16
    """
    return hashlib.sha256("|".join((kind, page, class_name, address.lower())).encode()).hexdigest()[:16]


def as_bytes(message: Message, *, sender: Sender, now: datetime) -> bytes:
    """The mail as it goes over the wire and into an .eml file. ``now`` without a zone is this computer's time.

    Without a sender's address it is marked X-Unsent, so that Outlook opens it as a draft.
    """
    mail = MIMEMultipart("mixed", boundary=f"=_{message.key}_mixed")
    for name, value in _headers(message, sender, now):
        mail[name] = value
    words = MIMEMultipart("alternative", boundary=f"=_{message.key}_words")
    words.attach(MIMEText(message.text, "plain", "utf-8"))
    words.attach(MIMEText(message.html, "html", "utf-8"))
    mail.attach(words)
    for attachment in message.attachments:
        mail.attach(_attached(attachment))
    buffer = BytesIO()
    BytesGenerator(buffer, mangle_from_=False, policy=_UNFOLDED).flatten(mail)
    return buffer.getvalue()


def redated(mail: bytes, now: datetime) -> bytes:
    """The same mail with another Date: it was made at the preview and goes out now."""
    return re.sub(
        rb"^Date: [^\r\n]*", b"Date: " + format_datetime(now.astimezone()).encode(), mail, count=1, flags=re.M
    )


def message_id(key: str, sender: Sender) -> str:
    """The same for the same mail, in the sender's domain."""
    return f"<{uuid5(NAMESPACE_URL, key)}@{sender.domain}>"


def encoded(text: str) -> Iterator[str]:
    """RFC 2047 encoded words, no letter cut in two; plain ASCII stays as it is.

    >>> list(encoded("a.xlsx"))
    ['a.xlsx']
    """
    if text.isascii():
        yield text
        return
    piece = ""
    for sign in text:
        if len((piece + sign).encode()) > _WORD_BYTES:
            yield Header(piece, "utf-8", maxlinelen=0).encode(maxlinelen=0)
            piece = ""
        piece += sign
    yield Header(piece, "utf-8", maxlinelen=0).encode(maxlinelen=0)


def one_line(text: str) -> str:
    """Text without line breaks, which would begin another header.

    >>> one_line("a\\r\\nBcc: b")
    'a Bcc: b'
    """
    return " ".join(text.split())


def _headers(message: Message, sender: Sender, now: datetime) -> Sequence[tuple[str, str]]:
    headers = [
        ("Date", format_datetime(now.astimezone())),
        ("Message-ID", message_id(message.key, sender)),
        ("Subject", "\n ".join(encoded(one_line(message.subject)))),
        ("To", formataddr((one_line(message.recipient), message.address), "utf-8")),
    ]
    if sender.address:
        return [*headers, ("From", formataddr((one_line(sender.name), sender.address), "utf-8"))]
    return [*headers, ("X-Unsent", "1")]


def _attached(attachment: Attachment) -> MIMEApplication:
    part = MIMEApplication(attachment.data, XLSX)
    name = one_line(attachment.name)
    part.replace_header("Content-Type", f'application/{XLSX};\n name="{chr(10).join(_indented(name))}"')
    part["Content-Disposition"] = f"attachment;\n filename*=UTF-8''{quote(name, safe='')}"
    return part


def _indented(name: str) -> Iterator[str]:
    for number, word in enumerate(encoded(name)):
        yield word if number == 0 else f" {word}"
