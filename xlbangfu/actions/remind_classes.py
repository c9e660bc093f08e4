"""催交: a mail made ready for each class or teacher whose page is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.posting import codes_of_mails, entries_of, mails_staged, refusals, write_outbox
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.rules import returns
from xlbangfu.rules.page_kinds import CLASS_PAGE, KIND, OWNER, PAGE_KINDS, PageKind
from xlbangfu.rules.school import School
from xlbangfu.schema import COLLECTED, PROBLEMS, RUNS

if TYPE_CHECKING:
    from xlbangfu.mail.ledger import Entry
    from xlbangfu.mail.message import Message

_NEXT = "看“发件箱”里“催交”的几行，在“发送”打 √，再点“发送邮件”；已经当面说过的就不打。"
_NAMED = 12  # classes and teachers that the sentence names


def remind(book: Book, call: Call) -> Outcome:
    """催交: one .eml for each class or teacher whose page is more than 「收回期限」 days late, listed in 发件箱 to be ticked.

    Whoever was reminded of the same page within as many days is left in peace; a reminder that was never sent and
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

        late = _late_pages(checked.school, frames[RUNS], frames[COLLECTED], known, call)
        peace = _in_peace(known, checked.school, call)
        due = late.filter(~pl.col(OWNER).is_in(list(peace)))
        messages, refused = _messages(checked, due, known, call)
        entries = entries_of(messages, stage, checked, call)
        outcome = outcome_of(
            "remind",
            checked,
            call,
            rows=len(entries),
            sentence=_summary(late[OWNER].to_list(), len(entries), refused, sorted(peace & set(late[OWNER]))),
            files=tuple(out / entry.file for entry in entries),
        )
        if entries:
            outcome = replace(outcome, next_step=_NEXT)

        with stage.following(book.path, "remind", call.now, record=LEDGER):
            for entry in known:
                if entry.kind == REMINDER and entry.state in OPEN and entry.class_name not in set(late[OWNER]):
                    ledger.finish(entry.key, REPLACED, "已交回", call.now)
            discard(ledger.plan([*entries, *refused], call.now), entries, out)
            sheets = {PROBLEMS: checked.sheet}
            return write_outbox(book, call, checked, ledger, outcome, codes=codes_of_mails(entries), sheets=sheets)


def went_out(entries: Sequence[Entry], kind: PageKind = CLASS_PAGE) -> pl.DataFrame:
    """When each owner's page was last mailed, from the mail ledger: the owner, 时间. Mails bring pages of both kinds; whose
    kind it is not, nobody asks for."""
    if not entries:
        return pl.DataFrame(schema=returns.out_schema(kind))
    from xlbangfu.mail.ledger import OUT
    from xlbangfu.mail.message import PAGES

    last = {
        owner: datetime.fromisoformat(one.changed)
        for one in entries
        if one.kind in PAGES and one.state in OUT
        for owner in one.owners
    }
    return pl.DataFrame(list(last.items()), schema=returns.out_schema(kind), orient="row")


def _late_pages(
    school: School, runs: pl.DataFrame, collected: pl.DataFrame, known: Sequence[Entry], call: Call
) -> pl.DataFrame:
    """OWNER, 时间, 应交 and 逾期天数 of the pages that are late, those of classes first."""
    late = []
    for kind in PAGE_KINDS:
        out = returns.latest(went_out(known, kind), returns.made(runs, kind))
        waiting = returns.waiting(school, out, collected, kind)
        late.append(returns.late(school, waiting, call.today).rename({kind.owner: OWNER}))
    return pl.concat(late)


def _in_peace(entries: Sequence[Entry], school: School, call: Call) -> set[str]:
    """Those who were reminded within 「收回期限」 days."""
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
    from xlbangfu.mail.recipients import page_recipients

    to = due.join(page_recipients(checked.school, checked.frames), on=OWNER, how="inner", maintain_order="left")
    ready = to.filter(pl.col("拒绝").is_null()).to_dicts()
    counts = {
        owner: count for kind in PAGE_KINDS for owner, count in returns.expected(checked.school, kind).iter_rows()
    }
    return list(_written_messages(ready, counts, known, checked)), refusals(to, REMINDER, call)


def _written_messages(
    ready: Sequence[dict[str, object]], counts: dict[str, int], known: Sequence[Entry], checked: Checked
) -> Iterator[Message]:
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.mail.mail_wording import TEACHER_LATE_BODY, TEACHER_LATE_SUBJECT, filled, plain_html
    from xlbangfu.mail.message import REMINDER, Message

    settings = checked.school.settings
    for row in ready:
        owner, name, due = str(row[OWNER]), str(row["收件人"] or ""), row["应交"]
        of_class = row[KIND] == CLASS_PAGE.word
        subject, text = (
            (settings.remind_subject, settings.remind_body) if of_class else (TEACHER_LATE_SUBJECT, TEACHER_LATE_BODY)
        )
        assert hasattr(due, "month") and hasattr(due, "day")
        fields = {
            "班级": owner,
            "学期": settings.term,
            "教师": name,
            "学校": settings.school,
            "期限": f"{due.month}月{due.day}日",
            "人数": str(counts.get(owner, 0)),
        }
        body = neutral(filled(text, fields), settings.public_name)
        earlier = sum(one.kind == REMINDER and one.class_name == owner for one in known)
        yield Message(
            kind=REMINDER,
            page=f"{row['时间']:%Y-%m-%dT%H:%M:%S}#{earlier + 1}",
            class_name=owner,
            recipient=name,
            address=str(row["邮箱"]),
            subject=neutral(filled(subject, fields), settings.public_name),
            text="\r\n".join(body.splitlines()) + "\r\n",
            html=plain_html(body),
        )


def _summary(late: Sequence[str], ready: int, refused: Sequence[Entry], peace: Sequence[str]) -> str:
    if not late:
        return "没有过了期限还没交回的。"
    more = f" 等 {len(late)} 份" if len(late) > _NAMED else ""
    sentence = f"过期没交回：{'、'.join(late[:_NAMED])}{more}；准备了 {ready} 封催交邮件，列在“发件箱”，还没有寄出"
    sentence += f"；{'、'.join(peace[:_NAMED])} 刚催过，这次不催" if peace else ""
    return sentence + (f"；{len(refused)} 份寄不了，原因写在“说明”里" if refused else "") + "。"
