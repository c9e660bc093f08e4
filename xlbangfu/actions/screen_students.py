"""Screening: proposals with reasons, and the ticked ones taken into 名册."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.choose_rows import asked_with, hidden_ticks
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules.screening_words import LEAVES, PENDING, STAYS
from xlbangfu.rules.ticks import ticked, with_notes
from xlbangfu.schema import BORDERLINE, CARED, FILES, NEW, PROBLEMS, ROSTER, SCREENING, SEPARATOR, TRACKED, YES

if TYPE_CHECKING:
    from xlbangfu.rules.screening_acceptance import Acceptance

_NAMED = 20


def screen(book: Book, call: Call) -> Outcome:
    """排查: who should be on the list, still is, or may leave it (DOMAIN rule 4); 名册 is not touched.

    The outcome's rows are those that wait for staff: 新增, 待定 and 可退出.
    """
    checked = read_checked(book, call)
    before = book.read(SCREENING)[SCREENING]

    proposals = _proposals(book, checked)
    undecided = proposals.filter(pl.col("变化") != STAYS).height
    outcome = outcome_of("screen", checked, call, rows=undecided, sentence=_proposals_summary(proposals))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, SCREENING: with_notes(proposals, before)})


def screen_tick(book: Book, call: Call) -> Outcome:
    """新增打√: a √ for each 新增 of 排查 whose 采纳 is empty, for staff to look over; only 采纳排查 writes 名册.

    待定 and 可退出 are never ticked by this, and what staff wrote into 采纳 stays, be it a no. Raises BadArgument if there
    is no 新增.
    """
    checked = read_checked(book, call, needs=())
    proposals = book.read(SCREENING)[SCREENING]
    new = proposals.filter(pl.col("变化") == NEW)
    if not new.height:
        raise BadArgument("“排查”里没有“新增”：先点“排查”；待定、可退出的请一行一行看过再自己打 √。")

    bare = new.filter(pl.col("采纳").is_null())
    sentence = _ticks_summary(bare.height, new.height)
    outcome = outcome_of("screen_tick", checked, call, rows=new.height, sentence=sentence)

    if bare.height:
        book.amend(SCREENING, bare.select(*SCREENING.keys, pl.lit("√").alias("采纳")))
    return write(book, call, outcome, checked, checked.sheets)


def _ticks_summary(ticked_now: int, new: int) -> str:
    done = f"给 {ticked_now} 名“新增”打了 √" if ticked_now else "“新增”都打过了，没有再打"
    left = f"；另 {new - ticked_now} 名您已经填过，没有动" if 0 < ticked_now < new else ""
    return f"{done}{left}；请一行一行看理由，不同意的去掉 √，再点“采纳排查”；名册还没有改动。"


def screen_accept(book: Book, call: Call) -> Outcome | None:
    """采纳排查: write what the ticked rows of 排查 say into 名册, and an empty row of 档案 for each new student.

    None if staff thought better of it. Two writes: what was accepted stands even if the new 排查 could not be written.
    Raises BadArgument if nothing is ticked.
    """
    from xlbangfu.rules.screening_acceptance import accept

    checked = read_checked(book, call)
    before = book.read(SCREENING)[SCREENING]
    ticks = ticked(before, SCREENING)
    if not ticks.height:
        raise BadArgument("“排查”里没有打 √ 的行：先点“排查”，看过后在“采纳”一列打 √，再点“采纳排查”。")

    hidden = hidden_ticks(book, SCREENING, ticks)
    decided = accept(ticks, _proposals(book, checked), checked.frames, today=checked.school.today)
    if decided.rows and not call.agrees(asked_with(hidden, _question(decided, ticks))):
        return None

    for frame in decided.amends:
        book.amend(ROSTER, frame)
    if decided.files.height:
        book.append(FILES, decided.files)
    book.apply()
    again = read_checked(book, call, needs=())
    proposals = _proposals(book, again)
    outcome = outcome_of(
        "screen_accept",
        again,
        call,
        rows=decided.rows,
        sentence=_acceptance_summary(decided) + hidden,
        details=_untouched_lines(decided),
    )
    sheets = {PROBLEMS: again.sheet, SCREENING: with_notes(proposals, before)}
    return write(book, call, outcome, again, sheets, note=_note(decided))


def _proposals(book: Book, checked: Checked) -> pl.DataFrame:
    from xlbangfu.rules.ranking import rank
    from xlbangfu.rules.screening import screen as decide

    book.progress("排查", 0.5)
    return decide(checked.school, rank(checked.school))


def _proposals_summary(proposals: pl.DataFrame) -> str:
    if not proposals.height:
        return "没有要列入、也没有可退出的学生；有了考试成绩或两个月的行为评价再排查。"
    new = proposals.filter(pl.col("变化") == NEW)
    pending = proposals.filter(pl.col("变化") == PENDING).height
    keys = new.filter(pl.col("重点") == YES).height
    parts = [
        f"新增 {new.height} 名" + _by_category(new) if new.height else "没有新增",
        f"其中重点 {keys} 名" if keys else "",
        f"待定 {pending} 名" if pending else "",
        f"可退出 {proposals.filter(pl.col('变化') == LEAVES).height} 名",
        f"保留 {proposals.filter(pl.col('变化') == STAYS).height} 名",
    ]
    return "排查建议：" + "，".join(part for part in parts if part) + "；名册没有改动。"


def _question(decided: Acceptance, ticks: pl.DataFrame) -> str:
    """What is about to be written, with the names of those concerned."""
    names = dict(ticks.select("学号", "姓名").iter_rows())

    def named(label: str, numbers: pl.Series) -> list[str]:
        return [f"{label}：{number} {names.get(number) or ''}" for number in numbers]

    lines = [
        *named("列入", decided.listed["学号"]),
        *named("退出", decided.leaving),
        *named("补填", decided.filled),
    ]
    return "\n".join([*first_lines(lines), "", f"把 {_counts(decided)}，要写进名册吗？"])


def _counts(decided: Acceptance) -> str:
    parts = [
        f"{decided.listed.height} 名学生列入{_by_category(decided.listed)}" if decided.listed.height else "",
        f"{decided.leaving.len()} 名退出" if decided.leaving.len() else "",
        f"{decided.filled.len()} 名补填空着的格子" if decided.filled.len() else "",
        f"{decided.files.height} 名各建一行空档案" if decided.files.height else "",
    ]
    return "、".join(part for part in parts if part)


def _by_category(students: pl.DataFrame) -> str:
    counts = dict(students["建议类别"].value_counts().iter_rows())
    return f"（{SEPARATOR.join(f'{kind} {counts[kind]}' for kind in (TRACKED, CARED, BORDERLINE) if kind in counts)}）"


def _acceptance_summary(decided: Acceptance) -> str:
    done = f"名册已写好：{_counts(decided)}。" if decided.rows else "打 √ 的行没有要写进名册的，名册没有改动。"
    left = f"有 {decided.refused.height} 行没有采纳。" if decided.refused.height else ""
    return done + left


def _untouched_lines(decided: Acceptance) -> tuple[str, ...]:
    """By 学号 only, for it goes into 运行记录: what was not accepted and why, what of the staff's own stays."""
    refused = [
        f"没有采纳（{why[0]}）：学号 {_listed(rows['学号'])}。"
        for why, rows in decided.refused.group_by("原因", maintain_order=True)
    ]
    kept = [
        f"名册里已填的{column[0]}与建议不同，没有改：学号 {_listed(rows['学号'])}。"
        for column, rows in decided.kept.group_by("列", maintain_order=True)
    ]
    return (*refused, *kept)


def _listed(numbers: pl.Series) -> str:
    more = f" 等 {numbers.len()} 名" if numbers.len() > _NAMED else ""
    return SEPARATOR.join(numbers.head(_NAMED)) + more


def _note(decided: Acceptance) -> str:
    """Whom it was, by key (DOMAIN, Privacy)."""
    parts = (("列入", decided.listed["学号"]), ("退出", decided.leaving), ("补填", decided.filled))
    return "；".join(f"{label} {SEPARATOR.join(numbers)}" for label, numbers in parts if numbers.len())
