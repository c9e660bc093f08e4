"""Mails as .eml files in a folder: what is previewed, and byte for byte what is carried (but for its Date)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Protocol

from xlbangfu.errors import WriteFailed, disk_trouble
from xlbangfu.file_names import in_a_name
from xlbangfu.mail.ledger import Entry
from xlbangfu.mail.message import Message, Sender, as_bytes, owners_of

_BETWEEN = "｜"
ATTACHMENTS = "附件"  # the folder, inside that of the mails, in which what they bring lies open to be looked at


class MailFiles(Protocol):
    """Where mails are written to: takes a name in the folder of the mails, replaces what is there."""

    def __call__(self, name: str, data: bytes) -> object: ...


def write_eml(messages: Sequence[Message], folder: Path, *, sender: Sender, now: datetime) -> list[Entry]:
    """``make_eml`` into a folder. Raises WriteFailed; what was written until then stays."""

    def write(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    try:
        return make_eml(messages, write, sender=sender, now=now)
    except OSError as problem:
        raise WriteFailed(f"写不了文件夹“{folder}”（{disk_trouble(problem)}）；换一个文件夹，再做一次。") from problem


def make_eml(messages: Sequence[Message], write: MailFiles, *, sender: Sender, now: datetime) -> list[Entry]:
    """One .eml a message, its attachments in 附件; the entries with which ``Ledger.plan`` enters them."""
    taken: set[str] = set()
    return [_written(message, write, taken, sender, now) for message in messages]


def read_eml(entry: Entry, folder: Path) -> bytes | None:
    """The mail of an entry, None where it is gone or no longer what was previewed."""
    try:
        data = (folder / entry.file).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == entry.digest else None


def attached(entry: Entry, folder: Path) -> dict[str, bytes]:
    """What is attached to the mail of an entry, by whose page it is; nothing where the mail is gone, changed or without an
    attachment."""
    mail = read_eml(entry, folder)
    if mail is None or not entry.attachment:
        return {}
    parts = message_from_bytes(mail, policy=policy.default).iter_attachments()
    return {owner: bytes(part.get_content()) for owner, part in zip(entry.owners, parts, strict=False)}


def discard(old: Sequence[Entry], new: Sequence[Entry], folder: Path) -> None:
    """Take away files of mails that a newer preview replaced, so that nobody sends them by mistake; only our own."""
    kept = {name for entry in new for name in _names(entry)}
    for entry in old:
        if entry.file and read_eml(entry, folder) is not None:
            (folder / entry.file).unlink(missing_ok=True)
            for name in _names(entry):
                if name not in kept:
                    (folder / ATTACHMENTS / name).unlink(missing_ok=True)


def _names(entry: Entry) -> list[str]:
    """The names of what an entry's mail brings."""
    return [name for name in entry.attachment.split(_BETWEEN) if name]


def _written(message: Message, write: MailFiles, taken: set[str], sender: Sender, now: datetime) -> Entry:
    data = as_bytes(message, sender=sender, now=now)
    name = _free_name(f"{in_a_name(owners_of(message.class_name)[0])}_{message.kind}_{now:%Y-%m-%d}", taken)
    for attachment in message.attachments:
        write(f"{ATTACHMENTS}/{attachment.name}", attachment.data)
    write(name, data)
    return Entry(
        key=message.key,
        kind=message.kind,
        edition=now.isoformat(timespec="seconds"),
        page=message.page,
        class_name=message.class_name,
        recipient=message.recipient,
        address=message.address,
        sender=sender.address,
        subject=message.subject,
        attachment=_BETWEEN.join(attachment.name for attachment in message.attachments),
        size=len(data),
        encrypted=message.encrypted,
        file=name,
        digest=hashlib.sha256(data).hexdigest(),
    )


def _free_name(stem: str, taken: set[str]) -> str:
    for number in count(1):
        name = f"{stem}.eml" if number == 1 else f"{stem}_{number}.eml"
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
    raise AssertionError("count never ends")
