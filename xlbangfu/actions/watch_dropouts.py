"""控辍保学 and 采纳控辍: who is 疑似辍学, the monthly figures, and what staff agreed to (DOMAIN rule 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.choose_rows import asked_with, hidden_ticks
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules.ticks import ticked, with_notes
from xlbangfu.schema import (
    ABSENCES,
    BEING_RECALLED,
    CLASSES,
    DROPOUT_MONTHS,
    RECALLS,
    ROSTER,
    SEPARATOR,
    SETTINGS,
    SUSPECT_CHANGES,
    SUSPECTED,
    SUSPECTS,
    Table,
)

if TYPE_CHECKING:
    from xlbangfu.rules.suspect_acceptance import Acceptance

_NEEDED = (SETTINGS, CLASSES, ROSTER, ABSENCES, RECALLS)
_ONLY_COMPULSORY = "控辍保学只管义务教育，这个总表里没有义务教育的学生（看设置「学段」和“班级”的年级）；没有要列出的。"


def dropouts(book: Book, call: Call) -> Outcome:
    """控辍保学: propose who is to be entered in 劝返 and whose row of 名册 is behind; 劝返 and 名册 are not touched.

    The outcome's rows are those that wait for a tick.
    """
    checked = read_checked(book, call, marks=False, needs=_NEEDED)
    sheets = _sheets(book, checked)

    found = sheets[SUSPECTS]
    waiting = found.filter(pl.col("变化") != BEING_RECALLED).height
    outcome = outcome_of("dropouts", checked, call, rows=waiting, sentence=_summary(checked, found))

    return write(book, call, outcome, checked, {**checked.sheets, **sheets})


def dropouts_accept(book: Book, call: Call) -> Outcome | None:
    """采纳控辍: the ticked rows of 疑似辍学 go to 劝返 and 名册; None if staff thought better of it.

    Raises BadArgument if nothing is ticked.
    """
    from xlbangfu.rules.suspect_acceptance import accept
    from xlbangfu.rules.suspects import suspects

    checked = read_checked(book, call, marks=False, needs=_NEEDED)
    before = book.read(SUSPECTS)[SUSPECTS]
    ticks = ticked(before, SUSPECTS)
    if not ticks.height:
        raise BadArgument("“疑似辍学”里没有打 √ 的行：先点“控辍保学”，看过后在“采纳”一列打 √，再点“采纳控辍”。")

    hidden = hidden_ticks(book, SUSPECTS, ticks)
    accepted = accept(ticks, suspects(checked.school), checked.school)
    if accepted.rows and not call.agrees(asked_with(hidden, _question(accepted, ticks))):
        return None

    if accepted.entered.height:
        book.append(RECALLS, accepted.entered)
    for frame in accepted.amends:
        book.amend(ROSTER, frame)
    book.apply()
    again = read_checked(book, call, marks=False, needs=())
    outcome = outcome_of(
        "dropouts_accept",
        again,
        call,
        rows=accepted.rows,
        sentence=_acceptance_summary(accepted) + hidden,
        details=_refused(accepted),
    )
    return write(book, call, outcome, again, {**again.sheets, **_sheets(book, again)}, note=_note(accepted))


def _sheets(book: Book, checked: Checked) -> dict[Table, pl.DataFrame]:
    """疑似辍学, with what staff noted of a student, and 控辍月报."""
    from xlbangfu.rules.dropout_months import dropout_months
    from xlbangfu.rules.suspects import suspects

    book.progress("看谁疑似辍学", 0.6)
    before = book.read(SUSPECTS)[SUSPECTS]
    found = with_notes(suspects(checked.school), before)
    return {SUSPECTS: found, DROPOUT_MONTHS: dropout_months(checked.school)}


def _summary(checked: Checked, found: pl.DataFrame) -> str:
    from xlbangfu.rules.compulsory import compulsory_students

    if not compulsory_students(checked.school).height:
        return _ONLY_COMPULSORY
    counts = dict(found["变化"].value_counts().iter_rows())
    parts = [f"{change} {counts[change]} 名" for change in SUSPECT_CHANGES if counts.get(change)]
    if not parts:
        return "没有疑似辍学、也没有在劝返的学生；缺勤平时记在“缺勤”，各月的数在“控辍月报”。"
    return f"控辍保学：{'，'.join(parts)}；“劝返”和“名册”没有改动，各月的数在“控辍月报”。"


def _question(accepted: Acceptance, ticks: pl.DataFrame) -> str:
    """What is about to be written, with the names of those concerned."""
    names = dict(ticks.select("学号", "姓名").iter_rows())
    entered = [(number, "列入劝返") for number in accepted.entered["学号"]]
    lines = [
        f"{what}：{number} {names.get(number) or ''}" for number, what in (*entered, *accepted.changed.iter_rows())
    ]
    return "\n".join([*first_lines(lines), "", f"{_counts(accepted)}，要写吗？"])


def _counts(accepted: Acceptance) -> str:
    parts = [
        f"{accepted.entered.height} 名学生列入“劝返”" if accepted.entered.height else "",
        f"{accepted.changed.height} 名学生改“名册”的在籍状态和异动日期" if accepted.changed.height else "",
    ]
    return "，".join(part for part in parts if part)


def _acceptance_summary(accepted: Acceptance) -> str:
    if not accepted.rows:
        return "打 √ 的行没有要写的（劝返中的不用打 √），什么也没有改。"
    entered = (
        "上门、打电话以后在“劝返”写上日期和结果。" if accepted.entered.height else "档案、结对、记录和成绩都还在。"
    )
    return f"{_counts(accepted)}；{entered}"


def _refused(accepted: Acceptance) -> tuple[str, ...]:
    """By 学号 only, for it goes into 运行记录."""
    left = accepted.refused
    return (f"没有采纳（情况有变，请看新的一行）：学号 {SEPARATOR.join(left)}。",) if left.len() else ()


def _note(accepted: Acceptance) -> str:
    """Whom it was, by key (DOMAIN, Privacy)."""
    entered = [(SUSPECTED, SEPARATOR.join(accepted.entered["学号"]))] if accepted.entered.height else []
    changed = [
        (change, SEPARATOR.join(rows["学号"]))
        for (change,), rows in accepted.changed.group_by("变化", maintain_order=True)
    ]
    return "；".join(f"{what} {numbers}" for what, numbers in (*entered, *changed))
