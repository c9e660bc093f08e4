"""Where beside the workbook a student still is: pages, letters, mails, calendars, backups.

Files are looked into as far as they let: workbooks and other zip files part by part, mails with their attachments, texts.
Of one that is encrypted or of an unknown kind only the name tells, and it is said that it could not be looked into.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterator, Sequence
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

from msgspec import Struct

from xlbangfu.book.safety.backup import FOLDER as BACKUPS
from xlbangfu.book.safety.temporary import PREFIX
from xlbangfu.catalog import ACTIONS
from xlbangfu.ooxml.package import Package

FOLDERS = tuple(dict.fromkeys([*(action.out for action in ACTIONS if action.out), "收回", BACKUPS]))
_LEDGERS = (".json", ".jsonl", ".csv", ".txt", ".eml", ".sqlite")
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".zip")
_TEXTS = (".ics", ".htm", ".html", ".xml", ".rels", ".vml", *_LEDGERS)
_EDGE = (rb"(?<![0-9A-Za-z])", rb"(?![0-9A-Za-z])")
_OLE = b"\xd0\xcf\x11\xe0"
_MOST = 256 << 20  # bytes of one part; larger ones are no workbook of a school
_DEEPEST = 4  # a mail with a zip with a workbook


class Trace(Struct, frozen=True):
    """One file. ``certain`` is False where it could not be looked into."""

    path: Path
    certain: bool


def traces(workbook: Path, words: Sequence[str], *, known: Collection[Path] = ()) -> list[Trace]:
    """The files in the workbook's usual folders and the ledgers beside it that name the student, by path; those
    ``known`` are not looked into."""
    found = []
    for path in sorted(set(files_beside(workbook)).difference(known)):
        named = names(path.name, path.read_bytes(), words)
        if named is not False:
            found.append(Trace(path, named is True))
    return found


def parts_naming(workbook: Path, words: Sequence[str]) -> list[str]:
    """Where in a workbook's file the words still stand: sheets by the name on their tab, other parts by their own."""
    package = Package(workbook.read_bytes())
    tabs = {part.path: name for name, part in package.sheets.items()}
    found = [tabs.get(name, name) for name in package.archive.members if _says(package.archive.read(name), words)]
    return ["数据透视表缓存" if "pivotCache" in name else name for name in found]


def names(name: str, data: bytes, words: Sequence[str], depth: int = 0) -> bool | None:
    """Whether a file names the student; None where it can't be told."""
    if _says(name.encode(), words):
        return True
    kind = Path(name).suffix.lower()
    if data.startswith(b"PK"):
        return _in_zip(data, words, depth)
    if kind == ".eml":
        return _in_mail(data, words, depth)
    if kind in _TEXTS:
        return _says(data, words) or _says(data.replace(b"\r\n ", b"").replace(b"\n ", b""), words)
    return None if data.startswith(_OLE) or kind in (".pdf", ".et", ".xls") else _says(data, words)


def files_beside(workbook: Path) -> Iterator[Path]:
    """The files that may hold what came out of the workbook or went into it: its folders, and beside it ledgers, other
    workbooks and what a killed process left."""
    beside = workbook.parent
    for folder in FOLDERS:
        yield from (path for path in (beside / folder).rglob("*") if path.is_file())
    for path in beside.iterdir():
        kept = path.name.startswith(PREFIX) or path.suffix.lower() in (*_LEDGERS, *_WORKBOOKS)
        if kept and path.is_file() and path != workbook and not path.name.startswith("~$"):
            yield path


def _in_zip(data: bytes, words: Sequence[str], depth: int) -> bool | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            answers = [_in_part(package, info, words, depth) for info in package.infolist()]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return None
    return _any(answers)


def _in_part(package: zipfile.ZipFile, info: zipfile.ZipInfo, words: Sequence[str], depth: int) -> bool | None:
    if info.file_size > _MOST or depth > _DEEPEST or info.filename.endswith(".arrow"):
        return None
    return names(info.filename, package.read(info), words, depth + 1)


def _in_mail(data: bytes, words: Sequence[str], depth: int) -> bool | None:
    message = message_from_bytes(data, policy=policy.default)
    answers: list[bool | None] = [_says(" ".join(str(value) for value in message.values()).encode(), words)]
    for part in message.walk():
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            name = part.get_filename() or "text.txt"
            charset = part.get_content_charset() or "utf-8"
            if part.get_content_maintype() == "text":
                payload = payload.decode(charset, errors="replace").encode()
            answers.append(names(name, payload, words, depth + 1) if depth <= _DEEPEST else None)
    return _any(answers)


def _any(answers: Sequence[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def _says(data: bytes, words: Sequence[str]) -> bool:
    """Whether bytes of UTF-8 have a word; a number only where it is not part of a longer one."""
    return any(
        plain in data and (not plain.isascii() or re.search(_EDGE[0] + re.escape(plain) + _EDGE[1], data) is not None)
        for plain in (word.encode() for word in words)
    )
