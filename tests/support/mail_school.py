"""A school whose pages are mailed over a real server on this machine, and a look at what arrived."""

from __future__ import annotations

import socket
import ssl
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from tests.support.layers import is_encrypted
from tests.support.mail_server import CODE, USER
from xlbangfu import sample
from xlbangfu.book import template
from xlbangfu.book.closed.closed_book import ClosedBook
from xlbangfu.mail.encryption import decrypt
from xlbangfu.schema import CLASSES, OUTBOX, PASSWORDS, ROSTER, SETTINGS, TEACHERS

Taken = list[tuple[str, bytes]]  # recipient, mail


def school(folder: Path, *, students: int, classes: int, locked: int) -> Path:
    """A master of a made-up school; the first ``locked`` classes have a 口令."""
    path = folder / "帮扶总表.xlsm"
    frames = dict(sample.make(students=students, classes=classes, exams=2, logs=60).frames)
    rooms = frames[CLASSES]["班级"][:locked]
    codes = [password(class_name) for class_name in rooms]
    frames[PASSWORDS] = passwords(rooms, codes)
    template.build(path, frames=frames, created=datetime(2026, 6, 30))
    return path


def passwords(rooms: pl.Series, codes: Sequence[str]) -> pl.DataFrame:
    """The frame of 口令 for those classes."""
    rows = {"班级": rooms, "口令": codes, "教师": [None] * rooms.len()}
    return pl.DataFrame(rows, schema=PASSWORDS.frame_schema)


def password(class_name: str) -> str:
    return f"{class_name}-口令-7Kq"


def set_up(book: Path, **settings: str) -> None:
    opened = ClosedBook(book)
    opened.amend(SETTINGS, pl.DataFrame({"项目": list(settings), "值": list(settings.values())}))
    opened.save()


def smtp_settings(port: int, security: str) -> dict[str, str]:
    server = f"localhost:{port} {security}"
    return {"发信方式": "SMTP", "发件邮箱": USER, "发件服务器": server, "每分钟封数": "600"}


def outbox(book: Path) -> pl.DataFrame:
    return ClosedBook(book).read(OUTBOX)[OUTBOX]


def tick(book: Path, rooms: Sequence[str] = ()) -> None:
    """√ for these classes, for all where none is named."""
    rows = outbox(book).filter(pl.lit(not rooms) | pl.col("班级").is_in(list(rooms)))
    opened = ClosedBook(book)
    opened.amend(OUTBOX, rows.select("班级", "种类", "邮件编号").with_columns(发送=pl.lit("√")))
    opened.save()


@contextmanager
def smtp_server(served: Path, *, implicit: bool) -> Iterator[tuple[int, Taken]]:
    """Aiosmtpd with TLS and a login: its port, and what it took."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    taken: Taken = []

    class Handler:
        async def handle_DATA(self, *about: Any) -> str:
            *_, envelope = about
            taken.extend((to, envelope.content) for to in envelope.rcpt_tos)
            return "250 queued"

    def authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (USER.encode(), CODE.encode())
        return AuthResult(success=right, handled=False)  # the server itself says 535

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(served)
    how = {"ssl_context": context} if implicit else {"tls_context": context, "require_starttls": True}
    controller = Controller(
        Handler(),
        hostname="localhost",
        port=free_port(),
        authenticator=authenticator,
        auth_required=True,
        auth_require_tls=not implicit,
        **how,
    )
    controller.start()
    try:
        yield controller.port, taken
    finally:
        controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def parsed(mail: bytes) -> EmailMessage:
    message = message_from_bytes(mail, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def attachment(mail: bytes) -> tuple[str, bytes]:
    """The one attachment: its name and its bytes."""
    (part,) = parsed(mail).iter_attachments()
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return part.get_filename() or "", data


def check_arrivals(book: Path, taken: Taken) -> None:
    """Every class's mail arrived once at its homeroom teacher's address, with a page of that class only."""
    frames = ClosedBook(book).read(CLASSES, TEACHERS, ROSTER, PASSWORDS)
    address = dict(frames[TEACHERS].select("工号", "邮箱").iter_rows())
    homeroom = {
        class_name: address[typed.split()[0]]
        for class_name, typed in frames[CLASSES].select("班级", "班主任").iter_rows()
    }
    locked = set(frames[PASSWORDS]["班级"])
    arrived, students = [], 0
    for to, mail in taken:
        name, data = attachment(mail)
        class_name = name.split("_")[0]
        arrived.append((class_name, to))
        assert is_encrypted(data) == (class_name in locked)
        students += _own_students(
            class_name, decrypt(data, password(class_name)) if class_name in locked else data, frames[ROSTER]
        )
    assert Counter(arrived) == Counter(homeroom.items())
    assert students >= len(taken) / 2


def _own_students(class_name: str, page: bytes, roster: pl.DataFrame) -> int:
    """How many students of the class the page names by number; it names nobody else's."""
    from openpyxl import load_workbook

    texts = {
        str(cell)
        for sheet in load_workbook(BytesIO(page), read_only=True).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    }
    everything = "\n".join(texts)
    own = roster.filter(pl.col("班级") == class_name)
    there = {number for number in roster["学号"] if number in everything}
    assert there <= set(own["学号"]), class_name
    return len(there)
