"""发件箱 as the ledger has it: one row for the latest mail of a kind to each class or teacher."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime
from math import ceil

import polars as pl

from xlbangfu.mail.ledger import OUT, REPLACED, SENDING, UNKNOWN, WAITING, Entry
from xlbangfu.mail.message import PAGE, TEST
from xlbangfu.schema import NO, OUTBOX, YES

_KB = 1024


def outbox_sheet(entries: Sequence[Entry], classes: Sequence[str]) -> pl.DataFrame:
    """The frame of 发件箱 from all of the ledger's ``entries`` (``Ledger.entries``): classes in the order given, then the
    teachers."""
    shown = latest(entries)
    places = {class_name: place for place, class_name in enumerate(classes)}
    shown.sort(key=lambda entry: (places.get(entry.owners[0], len(places)), entry.whose, entry.kind))
    rows = [_row(entry, _before(entry, entries), places) for entry in shown]
    return pl.DataFrame(rows, schema=OUTBOX.frame_schema)


def latest(entries: Sequence[Entry]) -> list[Entry]:
    """Of each kind the latest mail to each class and teacher that no newer preview replaced; trials are left out."""
    there = [one for one in entries if one.state != REPLACED and one.kind != TEST]
    shown = {slot: one for one in there for slot in one.slots}
    return list({one.key: one for one in shown.values()}.values())


def _row(entry: Entry, before: str, classes: Container[str]) -> dict[str, object]:
    of_class = entry.kind == PAGE or entry.owners[0] in classes
    return {
        "班级": entry.owners[0] if of_class else None,
        "种类": entry.kind,
        "收件人": entry.recipient or None,
        "邮箱": entry.address or None,
        "主题": entry.subject or None,
        "附件": entry.attachment or None,
        "大小": ceil(entry.size / _KB) or None,
        "加密": (YES if entry.encrypted else NO) if entry.attachment else None,
        "状态": entry.state,
        "时间": datetime.fromisoformat(entry.changed) if entry.changed else None,
        "说明": "；".join(part for part in (entry.answer, before) if part) or None,
        "邮件编号": entry.key,
    }


def _before(entry: Entry, entries: Sequence[Entry]) -> str:
    """What became of the earlier mail of that kind, while this one waits."""
    if entry.state != WAITING:
        return ""
    states = (*OUT, UNKNOWN, SENDING)
    earlier = [one for one in entries if one.slots & entry.slots and one.key != entry.key and one.state in states]
    return f"上一版 {earlier[-1].changed[:10]} {earlier[-1].state}" if earlier else ""
