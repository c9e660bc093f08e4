"""结对建议 and 采纳结对: who should answer for whom, and what staff agreed to (DOMAIN rule 6)."""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.choose_rows import asked_with, hidden_ticks
from xlbangfu.actions.foresight import amended
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules.completion import complete
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
_NOT_PAIRED, _TEACHER_AWAY = "V51", "V56"


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
    checked, sheet, open_points = _read_needed(book, call)

    accepted = accept(checked.school, sheet, checked.frames[PAIRINGS]["结对编号"])
    hidden = hidden_ticks(book, PROPOSALS, ticked(sheet, PROPOSALS))
    if accepted.pairings.height and not call.agrees(asked_with(hidden, _question(accepted))):
        return None
    checked = _as_accepted(checked, accepted, open_points)
    outcome = outcome_of(
        "pair_accept",
        checked,
        call,
        rows=accepted.pairings.height,
        sentence=_acceptance_summary(accepted) + hidden,
        details=accepted.refused,
    )

    if accepted.pairings.height:
        book.append(PAIRINGS, accepted.pairings)
    if accepted.ended.height:
        book.amend(PAIRINGS, accepted.ended)
    if accepted.classes.height:
        book.amend(CLASSES, accepted.classes)
    sheets = {PROBLEMS: checked.problems, PROPOSALS: accepted.sheet}
    return write(book, call, outcome, checked, sheets, note=_note(accepted))


def _read_needed(book: Book, call: Call) -> tuple[Checked, pl.DataFrame, pl.DataFrame]:
    """The sheets that accepting needs, without their bad rows; 结对建议; and the problems that accepting may solve.

    The problems of the first are those that 校验 shows."""
    from xlbangfu.rules.validation import validate

    book.progress("读总表", 0.0)
    frames = book.read(*_NEEDED)
    written = book.read(PROPOSALS, PROBLEMS, RUNS)
    sheet = written[PROPOSALS]
    if not ticked(sheet, PROPOSALS).height:
        raise BadArgument("“结对建议”里没有打 √ 的行：先点“结对建议”，看过后在“采纳”一列打 √，再点“采纳结对”。")
    school = School.of(frames, today=call.today)
    completion = complete(frames, school)
    frames, school = completion.of(frames), completion.of_school(school)
    found = validate(school, frames[DEFECTS])
    shown = written[PROBLEMS].select(PROBLEMS.names)
    return (
        Checked({**frames, RUNS: written[RUNS]}, school.without(found), shown, completion=completion),
        sheet,
        found.filter(pl.col("编号").is_in([_NOT_PAIRED, _TEACHER_AWAY])),
    )


def _as_accepted(checked: Checked, accepted: Accepted, open_points: pl.DataFrame) -> Checked:
    """The workbook as it will be: with the new pairings and without the complaints that they, and the old ones that end,
    solve."""
    new = accepted.pairings
    paired = new.filter(pl.col("类型") == ONE_TO_ONE)["学号"].implode()
    ended = pl.concat_str(pl.lit(f"{PAIRINGS.name}|"), accepted.ended["结对编号"]).implode()
    solved = ((pl.col("编号") == _NOT_PAIRED) & pl.col("学号").is_in(paired)) | (
        (pl.col("编号") == _TEACHER_AWAY) & pl.col("键").is_in(ended)
    )
    shown = checked.problems
    again = pl.col("编号").is_in(shown["编号"].implode()).fill_null(False)
    left = as_sheet(open_points.filter(~solved.fill_null(False), again), checked.frames[LAYOUT])
    stays = ~pl.col("编号").is_in([_NOT_PAIRED, _TEACHER_AWAY]).fill_null(False)
    pairings = amended(PAIRINGS, pl.concat([checked.frames[PAIRINGS], new], how="diagonal"), accepted.ended)
    return replace(
        checked,
        frames={**checked.frames, PAIRINGS: pairings},
        problems=pl.concat([shown.filter(stays), left]),
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
    cells = f"，并填上 {accepted.classes.height} 个班的“包班行政”" if accepted.classes.height else ""
    left = first_lines(accepted.refused)
    refused = [f"另有 {len(left)} 行已不成立，不写："] if left else []
    return "\n".join(
        [
            f"要把 {accepted.pairings.height} 行写进“结对”吗（{listed}）{cells}{_ended_words(accepted)}？",
            *refused,
            *left,
        ]
    )


def _acceptance_summary(accepted: Accepted) -> str:
    refused = f"{len(accepted.refused)} 行已不成立，还在“结对建议”里，原因写在“理由”。" if accepted.refused else ""
    if not accepted.pairings.height:
        return f"没有写进“结对”。{refused}"
    cells = f"，“班级”里的包班行政填上 {accepted.classes.height} 个" if accepted.classes.height else ""
    return f"{accepted.pairings.height} 行写进“结对”{cells}{_ended_words(accepted)}。{refused}"


def _ended_words(accepted: Accepted) -> str:
    return f"，不在岗的教师原来的 {accepted.ended.height} 行改成结束" if accepted.ended.height else ""


def _note(accepted: Accepted) -> str:
    """Which pairings were added, by key."""
    numbers, ended = accepted.pairings["结对编号"], accepted.ended["结对编号"]
    parts = (("结对编号", numbers), ("结束", ended))
    return "；".join(f"{words} {SEPARATOR.join(found)}" for words, found in parts if found.len())
