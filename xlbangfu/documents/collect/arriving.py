"""What arrives: files, folders with files in them, and mails (.eml) with pages attached.

A folder is searched with the folders in it, and only files that can be pages are looked at; a file that staff named is
always looked at. Nothing that arrives is trusted: sizes and numbers are limited before anything is opened.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import Message
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from xlbangfu.documents.class_page import INDEX_NAME
from xlbangfu.errors import BadArgument, UnreadableFile, disk_trouble
from xlbangfu.late_pattern import late_pattern

KINDS = (".xlsx", ".xls", ".et", ".eml")
_PAGES = KINDS[:3]
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_BYTES, _MOST_MAIL = 20 << 20, 100 << 20
_MOST_FILES = 5_000
_DEEPEST = 50  # forwards within forwards
_BOUNDARY = late_pattern(rb"boundary\s*=", re.IGNORECASE)
_MOST_BOUNDARIES = 200


class Arrived(Struct, frozen=True, kw_only=True, dict=True):
    """One file as staff know it: ``mail.eml·page.xlsx`` for an attachment. ``named`` tells that staff named the file
    itself, not a folder or mail that it was in; ``open_in`` says who has it open."""

    name: str
    data: bytes
    named: bool
    open_in: str = ""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Refused(Struct, frozen=True, kw_only=True):
    """A file that was not taken as a whole, and why; ``why`` is a sentence for staff."""

    name: str
    why: str


def arrived(paths: Sequence[Path]) -> Iterator[Arrived | Refused]:
    """Every file that may be a page, in the order given and by name within a folder.

    Raises BadArgument for a folder with far too many files in it.
    """
    for path in paths:
        if path.is_dir():
            for inside in _inside(path):
                yield from _of_file(inside, named=False)
        else:
            yield from _of_file(path, named=True)


def _inside(folder: Path) -> list[Path]:
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders.sort()
        found += [Path(place, name) for name in sorted(names) if _may_be_page(name)]
        if len(found) > _MOST_FILES:
            raise BadArgument(f"文件夹“{folder.name}”里文件太多，请把交回的页单独放在一个文件夹里。")
    return found


def _may_be_page(name: str) -> bool:
    return name.lower().endswith(KINDS) and not name.startswith(("~$", ".")) and name != INDEX_NAME


def _of_file(path: Path, *, named: bool) -> Iterator[Arrived | Refused]:
    name = _printable(path.name)
    try:
        data = _bytes(path, name)
    except UnreadableFile as problem:
        yield Refused(name=name, why=str(problem))
        return
    if path.suffix.lower() == ".eml":
        yield from _of_mail(name, data)
    else:
        yield Arrived(name=name, data=data, named=named, open_in=_open_in(path))


def _bytes(path: Path, name: str) -> bytes:
    most = _MOST_MAIL if path.suffix.lower() == ".eml" else _MOST_BYTES
    try:
        if path.stat().st_size > most:
            raise UnreadableFile(f"“{name}”太大（超过 {most >> 20} MB），不像交回的页，请核对是不是选错了文件。")
        if not path.is_file():
            raise UnreadableFile(f"“{name}”不是文件，请选填表人交来的那份文件。")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as problem:
        raise UnreadableFile(f"打不开“{name}”（{disk_trouble(problem)}），请关掉正在用它的程序再收。") from problem
    if not data:
        raise UnreadableFile(f"“{name}”是空文件，请填表人重新交一份。")
    return data


def _open_in(path: Path) -> str:
    """The program that has the page open, by the lock file that it puts beside."""
    locks = {f"~${path.name}": "Excel 或 WPS", f".~lock.{path.name}#": "LibreOffice"}
    return next((program for name, program in locks.items() if path.with_name(name).exists()), "")


def _of_mail(name: str, data: bytes) -> Iterator[Arrived | Refused]:
    """The pages attached to a mail; mails forwarded inside it are looked into as well."""
    found = 0
    mail = _mail(data)
    if mail is None:
        yield Refused(name=name, why=f"邮件“{name}”的格式读不懂，请填表人把填好的文件作为附件重新发来。")
        return
    for part in _parts(mail):
        content = _content(part)
        inside = _attachment_name(part)
        if not (inside.lower().endswith(_PAGES) or content.startswith((_ZIP, _OLE))):
            continue
        found += 1
        shown = f"{name}·{inside or f'附件{found}'}"
        if len(content) > _MOST_BYTES:
            yield Refused(name=shown, why=f"“{shown}”太大，不像交回的页，请核对是不是发错了附件。")
        else:
            yield Arrived(name=shown, data=content, named=False)
    if not found:
        yield Refused(name=name, why=f"邮件“{name}”里没有 .xlsx 附件，请填表人把填好的文件作为附件重新发来。")


def _parts(mail: Message) -> Iterator[Message]:
    """The parts of a mail that hold no other parts; none of those that lie deeper than any mail program puts them."""
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        payload = part.get_payload()
        if not part.is_multipart():
            yield part
        elif isinstance(payload, list) and depth < _DEEPEST:
            waiting += [(one, depth + 1) for one in reversed(payload) if isinstance(one, Message)]


def _mail(data: bytes) -> Message | None:
    """The mail, with its headers as they stand where they cannot be taken apart; None where it is nested without end."""
    if len(_BOUNDARY.findall(data)) > _MOST_BOUNDARIES:
        return None
    for way in (policy.default, policy.compat32):
        with suppress(Exception):  # the parser stumbles over broken headers with whatever it has in hand
            return message_from_bytes(data, policy=way)
    return None


def _content(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # headers of the part that cannot be read, as above
        return b""
    return payload if isinstance(payload, bytes) else b""


def _attachment_name(part: Message) -> str:
    """The attachment's name without any folder in it, short enough to show; empty where it cannot be read."""
    try:
        name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    except Exception:  # headers of the part that cannot be read, as above
        return ""
    return _printable(name)[-80:]


def _printable(name: str) -> str:
    """A name without signs that break a line or turn the writing round: the end that staff see is the end.

    >>> _printable("page\u202excod.xlsx")
    'pagexcod.xlsx'
    """
    return "".join(sign for sign in name if sign.isprintable())
