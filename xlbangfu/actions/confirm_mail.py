"""What a person found out about mails that were 待确认, written into the mail ledger."""

from __future__ import annotations

from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.posting import ANSWERS, ledger_of, write_outbox
from xlbangfu.actions.reporting import outcome_of
from xlbangfu.book.port import Book
from xlbangfu.catalog import CONFIRM
from xlbangfu.errors import BadArgument


def confirm_mail(book: Book, call: Call) -> Outcome:
    """Register what CONFIRM says of mails that are 待确认: ``班级=已发`` or ``班级=重发``. Raises BadArgument."""
    from xlbangfu.mail.ledger import UNKNOWN

    checked, done = read_checked(book, call), 0
    with ledger_of(book, call) as (ledger, _):
        for answer in call.option(CONFIRM):
            class_name, _, what = answer.rpartition("=")
            if what not in ANSWERS or not class_name:
                raise BadArgument(f"“{answer}”看不懂：请写成 初一1班=已发 或 初一1班=重发。")
            found = [
                entry
                for entry in ledger.entries()
                if entry.state == UNKNOWN
                and any(
                    checked.school.class_names.same_class(owner, class_name) or class_name in owner.split()
                    for owner in entry.owners
                )
            ]
            if not found:
                raise BadArgument(f"{class_name} 没有待确认的邮件，请看“发件箱”的“状态”。")
            ledger.settle(found, ANSWERS[what], f"{call.user} 确认：{what}", call.now)
            done += len(found)
        outcome = outcome_of("send", checked, call, rows=done, sentence=f"{done} 封待确认的邮件已按您说的登记。")
        outcome = replace(outcome, errors=0, next_step="要重发的在“发件箱”的“发送”打 √，再点“发送邮件”。")
        return write_outbox(book, call, checked, ledger, outcome)
