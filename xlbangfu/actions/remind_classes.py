"""催交: a mail made ready for each class whose page is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.posting import codes_of_mails, entries_of, mails_staged, refusals, write_outbox
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.rules import returns
from xlbangfu.rules.school import School
from xlbangfu.schema import COLLECTED, PROBLEMS, RUNS

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry
    from xlbangfu.mail.message import Message

_NEXT = "看“发件箱”里“催交”的几行，在“发送”打 √，再点“发送邮件”；已经当面说过的就不打。"
_NAMED = 12  # classes that the sentence names


def remind(book: Book, call: Call) -> Outcome:
    """催交: one .eml for each class whose page is more than 「收回期限」 days late, listed in 发件箱 to be ticked.

    A class that was reminded of the same page within as many days is left in peace; a reminder that was never sent and
    whose page has come back since is taken out of 发件箱.
    """
    from xlbangfu.documents.placement import LEDGER
    from xlbangfu.mail.ledger import OPEN, REPLACED, Ledger
    from xlbangfu.mail.message import REMINDER
    from xlbangfu.mail.outbox import discard

    checked, out = read_checked(book, call), call.folder(book, "remind")
    frames = book.read(COLLECTED, RUNS)
    with Ledger.opened(book.path) as ledger, mails_staged(out) as stage:
        ledger.recover(call.now)
        known = ledger.entries()

        late = _late_classes(checked.school, frames[RUNS], frames[COLLECTED], known, call)
        peace = _classes_in_peace(known, checked.school, call)
        due = late.filter(~pl.col("班级").is_in(list(peace)))
        messages, refused = _messages(checked, due, known, call)
        entries = entries_of(messages, stage, checked, call)
        outcome = outcome_of(
            "remind",
            checked,
            call,
            rows=len(entries),
            sentence=_summary(late["班级"].to_list(), len(entries), refused, sorted(peace & set(late["班级"]))),
            files=tuple(out / entry.file for entry in entries),
        )
        if entries:
            outcome = replace(outcome, next_step=_NEXT)

        with stage.following(book.path, "remind", call.now, record=LEDGER):
            for entry in known:
                if entry.kind == REMINDER and entry.state in OPEN and entry.class_name not in set(late["班级"]):
                    ledger.finish(entry.key, REPLACED, "已交回", call.now)
            discard(ledger.plan([*entries, *refused], call.now), entries, out)
            sheets = {PROBLEMS: checked.sheet}
            return write_outbox(book, call, checked, ledger, outcome, codes=codes_of_mails(entries), sheets=sheets)


def went_out(entries: Sequence[Entry]) -> pl.DataFrame:
    """When each class's page was last mailed, from the mail ledger: 班级, 时间."""
    from xlbangfu.mail.ledger import OUT
    from xlbangfu.mail.message import PAGE

    last = {
        one.class_name: datetime.fromisoformat(one.changed) for one in entries if one.kind == PAGE and one.state in OUT
    }
    return pl.DataFrame(list(last.items()), schema=returns.OUT, orient="row")


def _late_classes(
    school: School, runs: pl.DataFrame, collected: pl.DataFrame, known: Sequence[Entry], call: Call
) -> pl.DataFrame:
    out = returns.latest(went_out(known), returns.made(runs))
    return returns.late(school, returns.waiting(school, out, collected), call.today)


def _classes_in_peace(entries: Sequence[Entry], school: School, call: Call) -> set[str]:
    """The classes that were reminded within 「收回期限」 days."""
    from xlbangfu.mail.ledger import OUT
    from xlbangfu.mail.message import REMINDER

    since = call.now.replace(microsecond=0) - timedelta(days=school.settings.return_days)
    return {
        one.class_name
        for one in entries
        if one.kind == REMINDER and one.state in OUT and datetime.fromisoformat(one.changed) > since
    }


def _messages(
    checked: Checked, due: pl.DataFrame, known: Sequence[Entry], call: Call
) -> tuple[list[Message], list[Entry]]:
    """The mails, and what cannot be mailed with the reason."""
    from xlbangfu.mail.message import REMINDER
    from xlbangfu.mail.recipients import recipients

    to = due.join(recipients(checked.school, checked.frames), on="班级", how="inner", maintain_order="left")
    ready = to.filter(pl.col("拒绝").is_null()).to_dicts()
    counts = dict(returns.expected(checked.school).iter_rows())
    return list(_written_messages(ready, counts, known, checked)), refusals(to, REMINDER, call)


def _written_messages(
    ready: Sequence[dict[str, object]], counts: dict[str, int], known: Sequence[Entry], checked: Checked
) -> Iterator[Message]:
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.mail.mail_wording import filled, plain_html
    from xlbangfu.mail.message import REMINDER, Message

    settings = checked.school.settings
    for row in ready:
        class_name, name, due = str(row["班级"]), str(row["收件人"] or ""), row["应交"]
        assert hasattr(due, "month") and hasattr(due, "day")
        fields = {
            "班级": class_name,
            "学期": settings.term,
            "教师": name,
            "学校": settings.school,
            "期限": f"{due.month}月{due.day}日",
            "人数": str(counts.get(class_name, 0)),
        }
        body = neutral(filled(settings.remind_body, fields), settings.public_name)
        earlier = sum(one.kind == REMINDER and one.class_name == class_name for one in known)
        yield Message(
            kind=REMINDER,
            page=f"{row['时间']:%Y-%m-%dT%H:%M:%S}#{earlier + 1}",
            class_name=class_name,
            recipient=name,
            address=str(row["邮箱"]),
            subject=neutral(filled(settings.remind_subject, fields), settings.public_name),
            text="\r\n".join(body.splitlines()) + "\r\n",
            html=plain_html(body),
        )


def _summary(late: Sequence[str], ready: int, refused: Sequence[Entry], peace: Sequence[str]) -> str:
    if not late:
        return "没有过了期限还没交回的班。"
    more = f" 等 {len(late)} 个班" if len(late) > _NAMED else ""
    sentence = f"过期没交回：{'、'.join(late[:_NAMED])}{more}；准备了 {ready} 封催交邮件，列在“发件箱”，还没有寄出"
    sentence += f"；{'、'.join(peace[:_NAMED])} 刚催过，这次不催" if peace else ""
    return sentence + (f"；{len(refused)} 个班寄不了，原因写在“说明”里" if refused else "") + "。"
