"""Import: what staff's own files hold, shown first, then written; what is unclear is asked in 导入核对."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome, first_lines
from xlbangfu.actions.checked_school import check_frames
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules.school import School
from xlbangfu.schema import INPUTS, LAYOUT, MEMORY, PROBLEMS, REVIEW, RUNS, Table

if TYPE_CHECKING:
    from xlbangfu.documents.importing import ImportPlan

_LISTED, _NOWHERE = "，也列在“导入核对”里", "，这个总表是旧版做的，还没有“导入核对”：先升级总表，再导入一次"
_SHOWN_QUESTIONS, _SHOWN_PROBLEMS = 8, 5


def plan_import(
    book: Book,
    call: Call,
    files: Sequence[Path],
    *,
    exam: str | None = None,
    answers: Mapping[str, str] | None = None,
) -> ImportPlan:
    """What an import would write and ask, without writing it (DOMAIN rule 13).

    Answers are those of 导入核对 and 导入记忆; ``answers``, by question id, go before them.
    """
    from xlbangfu.documents.importing import plan_import as plan
    from xlbangfu.documents.importing.review import answers_of

    frames = book.read(*INPUTS, REVIEW, MEMORY)
    known = answers_of(frames[REVIEW], frames[MEMORY])
    known = replace(known, by_id={**known.by_id, **(answers or {})})
    school = School.of(
        {table: frame for table, frame in frames.items() if table not in (REVIEW, MEMORY)}, today=call.today
    )
    return replace(plan(files, school, exam=exam, answers=known), has_review=_has(frames, REVIEW))


def import_(book: Book, call: Call) -> Outcome | None:
    """导入: show what the files hold and what is asked, write after a yes; None if staff thought better of it."""
    plan = plan_import(book, call, call.files)

    if not call.agrees("\n".join([*first_lines(summary(plan)), "", "要写进总表吗？"])):
        return None
    return import_files(book, call, plan, files=call.files)


def summary(plan: ImportPlan, *, problems: int = _SHOWN_PROBLEMS) -> list[str]:
    """What staff read before anything is written: a line a sheet, then what is asked, then what cannot be used."""
    from xlbangfu.documents.importing.review import question_line

    asked = [question_line(question) for question in plan.questions[:_SHOWN_QUESTIONS]]
    more = len(plan.questions) - len(asked)
    recalled = plan.answers.recalled
    refused = plan.problem_lines()
    hidden = len(refused) - problems
    return [
        *plan.lines,
        *(
            [f"按以前的回答决定了 {len(recalled)} 处：" + "、".join(f"{q.about}→{a}" for q, a in recalled[:6])]
            if recalled
            else []
        ),
        *([f"有 {len(plan.questions)} 个问题要您回答（{_where_to_answer(plan)}）："] if asked else []),
        *asked,
        *([f"……还有 {more} 个"] if more > 0 else []),
        *([f"有 {len(refused)} 处不能用或要核对{_LISTED if plan.has_review else _NOWHERE}："] if refused else []),
        *refused[:problems],
        *([f"……还有 {hidden} 处"] if hidden > 0 else []),
        *(f"“{name}”像成绩表，但这次一个分数也没有导入。" for name in plan.without_marks),
    ]


def import_files(book: Book, call: Call, plan: ImportPlan, *, files: Sequence[Path] = ()) -> Outcome:
    """导入: write what the plan holds, what is asked and what was learned, in one save; the workbook as it then is is
    validated first."""
    from xlbangfu.documents.importing.review import learned_rows, review_rows

    book.progress("读总表", 0.0)
    before = book.read(*INPUTS, REVIEW, MEMORY, PROBLEMS, RUNS)
    checked = check_frames(book, call, _after(before, plan))
    names = {path.name for path in files} | {fault.where.partition("·")[0] for fault in plan.faults}
    review = review_rows(plan, before[REVIEW], names | {question.file for question in plan.questions})
    new, changed = learned_rows(plan, before[MEMORY], call.now)
    checked = replace(checked, frames={**checked.frames, REVIEW: review})
    outcome = outcome_of("import", checked, call, rows=plan.rows, sentence=_sentence(plan), details=(*summary(plan),))

    for table, frame in plan.appends.items():
        book.append(table, frame)
    for table, frame in (*plan.amends.items(), *plan.fills):
        book.amend(table, frame)
    sheets: dict[Table, pl.DataFrame] = {PROBLEMS: checked.sheet}
    if _has(before, REVIEW):
        sheets[REVIEW] = review
    if _has(before, MEMORY) and new.height:
        book.append(MEMORY, new)
    if _has(before, MEMORY) and changed.height:
        book.amend(MEMORY, changed)
    return replace(write(book, call, outcome, checked, sheets), asked=plan.exit_code == 1)


def _where_to_answer(plan: ImportPlan) -> str:
    return "写进“导入核对”，在那里选好答案，再导入一次" if plan.has_review else _NOWHERE.removeprefix("，")


def _sentence(plan: ImportPlan) -> str:
    asked, refused = len(plan.questions), plan.problems.height
    open_points = [f"有 {asked} 个问题要您回答" if asked else "", f"{refused} 处没有写入或要核对" if refused else ""]
    more = "，".join(part for part in open_points if part)
    place = "，在“导入核对”里；选好答案后再导入同一份文件，就接着导" if asked else "，列在“导入核对”里"
    place = place if plan.has_review else _NOWHERE
    done = f"导入{plan.contents}" if plan.contents else "没有新的内容要导入"
    return done + (f"，另{more}{place}" if more else "") + "。"


def _has(frames: Mapping[Table, pl.DataFrame], table: Table) -> bool:
    """Whether the workbook has the sheet: one made by an older version does not."""
    return table.name in set(frames[LAYOUT]["工作表"])


def _after(frames: Mapping[Table, pl.DataFrame], plan: ImportPlan) -> dict[Table, pl.DataFrame]:
    """The frames as they are once the plan is written."""
    from xlbangfu.actions.foresight import amended, appended

    after = dict(frames)
    for table, frame in plan.appends.items():
        after[table] = appended(table, after[table], frame)
    for table, frame in (*plan.amends.items(), *plan.fills):
        after[table] = amended(table, after[table], frame)
    return after
