"""Everything that a file tells, however it is packed: zips in mails, headers, properties, databases, encrypted workbooks."""

from __future__ import annotations

import html
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from pathlib import Path

from xlbangfu.errors import BangfuError
from xlbangfu.mail.encryption import decrypt

Layer = tuple[str, str]  # where, text


def of_folder(folder: Path, passwords: Sequence[str] = ()) -> Iterator[Layer]:
    """The layers of every file in a folder, names and folders' names too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield from layers(str(path.relative_to(folder)), path.read_bytes(), passwords)


def is_encrypted(data: bytes) -> bool:
    """Whether the bytes are an encrypted workbook: an OLE file with an EncryptedPackage, of which a plain .xls has none."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data


def layers(name: str, data: bytes, passwords: Sequence[str] = ()) -> Iterator[Layer]:
    """Each text in a file with where it stands. Fails for an encrypted one that no password opens."""
    yield name, name
    yield name, data.decode("utf-8", "replace")
    if is_encrypted(data):
        yield from layers(f"{name} (decrypted)", _opened(data, passwords), passwords)
    elif data.startswith(b"PK\x03\x04"):
        yield from _of_zip(name, data, passwords)
    elif data.startswith(b"SQLite format 3"):
        with sqlite3.connect(":memory:") as base:
            base.deserialize(data)
            yield name, "\n".join(base.iterdump())
    elif name.endswith(".eml"):
        yield from _of_mail(name, data, passwords)
    elif name.endswith(".ics"):
        yield name, data.replace(b"\r\n ", b"").decode()
    else:
        yield name, html.unescape(re.sub("<[^>]*>", "", data.decode("utf-8", "replace")))


def _opened(data: bytes, passwords: Sequence[str]) -> bytes:
    for password in passwords:
        try:
            return decrypt(data, password)
        except BangfuError:
            continue
    raise AssertionError("no password opens it")


def _of_zip(name: str, data: bytes, passwords: Sequence[str]) -> Iterator[Layer]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        yield name, package.comment.decode("utf-8", "replace")
        for member in package.infolist():
            yield name, (member.extra + member.comment).decode("utf-8", "replace")
            yield from layers(f"{name}/{member.filename}", package.read(member), passwords)


def _of_mail(name: str, data: bytes, passwords: Sequence[str]) -> Iterator[Layer]:
    mail = message_from_bytes(data, policy=policy.default)
    for part in mail.walk():
        yield from ((f"{name} {header}", str(value)) for header, value in part.items())
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield from layers(f"{name}·{part.get_filename() or part.get_content_type()}", payload, passwords)
