"""结对建议 and 采纳结对: who should answer for whom, and what staff agreed to (DOMAIN rule 6)."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules.pairing import Accepted, Proposed, accept, propose
from xlbangfu.rules.problems import as_sheet
from xlbangfu.rules.school import School
from xlbangfu.rules.ticks import ticked
from xlbangfu.schema import (
    CLASSES,
    DEFECTS,
    LAYOUT,
    ONE_TO_ONE,
    PAIRINGS,
    PROBLEMS,
    PROPOSALS,
    ROSTER,
    RUNS,
    SEPARATOR,
    SETTINGS,
    SUBJECTS,
    TEACHERS,
)

_NEEDED = (SETTINGS, SUBJECTS, TEACHERS, CLASSES, ROSTER, PAIRINGS)  # what accepting looks at: no marks, no logs
_NOT_PAIRED = "V51"


def pair(book: Book, call: Call) -> Outcome:
    """结对建议: propose teachers, helpers, proxy parents and patrons of classes; what staff have ticked stays."""
    checked = read_checked(book, call)
    sheet = book.read(PROPOSALS)[PROPOSALS]

    book.progress("排结对", 0.5)
    proposed = propose(checked.school, sheet)
    sentence, details = _proposals_summary(proposed), (*proposed.short, proposed.balance.sentence)
    outcome = outcome_of("pair", checked, call, rows=proposed.rows.height, sentence=sentence, details=details)

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, PROPOSALS: proposed.rows})


def pair_accept(book: Book, call: Call) -> Outcome | None:
    """采纳结对: what is ticked and still holds goes to 结对; None if staff thought better of it.

    Raises BadArgument where nothing is ticked.
    """
    checked, sheet, unpaired = _read_needed(book, call)

    accepted = accept(checked.school, sheet, checked.frames[PAIRINGS]["结对编号"])
    if accepted.pairings.height and not call.agrees(_question(accepted)):
        return None
    checked = _as_accepted(checked, accepted, unpaired)
    outcome = outcome_of(
        "pair_accept",
        checked,
        call,
        rows=accepted.pairings.height,
        sentence=_acceptance_summary(accepted),
        details=accepted.refused,
    )

    if accepted.pairings.height:
        book.append(PAIRINGS, accepted.pairings)
    if accepted.classes.height:
        book.amend(CLASSES, accepted.classes)
    sheets = {PROBLEMS: checked.problems, PROPOSALS: accepted.sheet}
    return write(book, call, outcome, checked, sheets, note=_note(accepted))


def _read_needed(book: Book, call: Call) -> tuple[Checked, pl.DataFrame, pl.DataFrame]:
    """The sheets that accepting needs, without their bad rows; 结对建议; and the problems of students without a pairing.

    The problems of the first are those that 校验 shows."""
    from xlbangfu.rules.validation import validate

    book.progress("读取工作簿", 0.0)
    frames = book.read(*_NEEDED)
    written = book.read(PROPOSALS, PROBLEMS, RUNS)
    sheet = written[PROPOSALS]
    if not ticked(sheet, PROPOSALS).height:
        raise BadArgument("“结对建议”里没有打 √ 的行：先点“结对建议”，看过后在“采纳”一列打 √，再点“采纳结对”。")
    school = School.of(frames, today=call.today)
    found = validate(school, frames[DEFECTS])
    shown = written[PROBLEMS].select(PROBLEMS.names)
    return (
        Checked({**frames, RUNS: written[RUNS]}, school.without(found), shown),
        sheet,
        found.filter(pl.col("编号") == _NOT_PAIRED),
    )


def _as_accepted(checked: Checked, accepted: Accepted, unpaired: pl.DataFrame) -> Checked:
    """The workbook as it will be: with the new pairings, and no complaint that those students have none."""
    new = accepted.pairings
    paired = new.filter(pl.col("类型") == ONE_TO_ONE)["学号"].implode()
    shown, are_unpaired = checked.problems, (pl.col("编号") == _NOT_PAIRED).fill_null(False)
    left = as_sheet(unpaired.filter(~pl.col("学号").is_in(paired)), checked.frames[LAYOUT])
    still_unpaired = left if shown.select(are_unpaired.any()).item() else left.clear()
    pairings = pl.concat([checked.frames[PAIRINGS], new], how="diagonal")
    return replace(
        checked,
        frames={**checked.frames, PAIRINGS: pairings},
        problems=pl.concat([shown.filter(~are_unpaired), still_unpaired]),
    )


def _proposals_summary(proposed: Proposed) -> str:
    counts = [(kind, proposed.count(kind)) for kind in PROPOSALS["类型"].choices]
    listed = SEPARATOR.join(f"{kind} {count}" for kind, count in counts if count)
    if not proposed.rows.height:
        return "该结对的都已经结对，没有新的建议。"
    open_rows = proposed.rows.height - sum(count for _, count in counts)
    unmet = f"另有 {open_rows} 行排不上，写明了原因。" if open_rows else ""
    return f"建议写在“结对建议”里：{listed or '没有能排上的'}；看过后在“采纳”打 √，再点“采纳结对”。{unmet}"


def _question(accepted: Accepted) -> str:
    kinds = accepted.pairings["类型"].value_counts(name="_count").sort("类型")
    listed = SEPARATOR.join(f"{kind} {count}" for kind, count in kinds.iter_rows())
    cells = f"，并填上 {accepted.classes.height} 个班空着的“包班行政”" if accepted.classes.height else ""
    left = first_lines(accepted.refused)
    refused = [f"另有 {len(left)} 行已不成立，不写："] if left else []
    return "\n".join([f"要把 {accepted.pairings.height} 行写进“结对”吗（{listed}）{cells}？", *refused, *left])


def _acceptance_summary(accepted: Accepted) -> str:
    refused = f"{len(accepted.refused)} 行已不成立，还在“结对建议”里，原因写在“理由”。" if accepted.refused else ""
    if not accepted.pairings.height:
        return f"没有写进“结对”。{refused}"
    cells = f"，“班级”里空着的包班行政填上 {accepted.classes.height} 个" if accepted.classes.height else ""
    return f"{accepted.pairings.height} 行写进“结对”{cells}。{refused}"


def _note(accepted: Accepted) -> str:
    """Which pairings were added, by key."""
    numbers = accepted.pairings["结对编号"]
    return f"结对编号 {SEPARATOR.join(numbers)}" if numbers.len() else ""
