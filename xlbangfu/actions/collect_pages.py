"""收回班级页: what 班主任 and teachers filled in, taken into the master once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.pages_out import waiting_pages
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.page_kinds import CLASS_PAGE, PAGE_KINDS, PageKind
from xlbangfu.rules.personal import OLD_VALUES
from xlbangfu.rules.school import School
from xlbangfu.schema import COLLECTED, EDITIONS, INPUTS, LAYOUT, PROBLEMS, RUNS

if TYPE_CHECKING:
    from xlbangfu.documents.collect import CollectPlan

_MOST = 25_000  # signs of old values in one row of 运行记录; a cell of Excel holds 32,767
_NAMED = 12  # classes or teachers that the summary names


def plan_collect(
    book: Book, call: Call, files: Sequence[Path], *, agrees: Callable[[str], bool] | None = None
) -> CollectPlan:
    """What collecting these files would write, without writing it. Raises UnreadableFile where none of them is a page that
    can be taken."""
    from xlbangfu.documents.collect import plan_collect as plan
    from xlbangfu.mail.encryption import decrypt

    frames = book.read(*INPUTS, COLLECTED, RUNS, EDITIONS)
    school = School.of(frames, today=call.today)
    asked = agrees or call.agrees
    ledgers = frames[COLLECTED], frames[RUNS], frames[EDITIONS]
    return plan(files, school, *ledgers, decrypt=decrypt, now=call.now, agrees=asked)


def collect(book: Book, call: Call) -> Outcome:
    """收回班级页: the valid rows of pages that came back, their ledger and what was refused (DOMAIN, "Class pages").

    The mail ledger beside the workbook tells whose page is still out.
    What was collected, the check of it and the row of 运行记录 are one save.
    """
    book.progress("读取交回的文件", 0.0)
    plan = plan_collect(book, call, call.files)

    for table, frame in plan.appends.items():
        book.append(table, frame)
    for table, frame in plan.amends.items():
        book.amend(table, frame)
    book.append(COLLECTED, plan.ledger)
    for row in _old_values(call, plan):
        book.append(RUNS, row)
    book.apply()
    checked = _with_refused(read_checked(book, call, needs=()), plan)
    left = _waiting_line(book, checked)
    details = (*plan.lines, left) if left else tuple(plan.lines)
    outcome = outcome_of("collect", checked, call, rows=plan.rows, sentence=_summary(plan), details=details)
    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, codes="、".join(plan.hashes))


def _with_refused(checked: Checked, plan: CollectPlan) -> Checked:
    """The check with what was not taken in front; what earlier collects left stays, but for the pages collected now."""
    again = pl.col("定位").str.contains_any([*plan.pages, "文件|"])
    carried = checked.carried.filter((pl.col("编号") != trouble.COLLECTED) | ~again)
    frames = {**checked.frames, LAYOUT: pl.concat([checked.frames[LAYOUT], plan.layout])}
    return replace(checked, frames=frames, carried=carried, problems=trouble.collect(plan.problems, checked.problems))


def _old_values(call: Call, plan: CollectPlan) -> list[pl.DataFrame]:
    """The values that corrected pages replaced, as rows of 运行记录 of their own."""
    text = "；".join(plan.old_values)
    parts = [text[at : at + _MOST] for at in range(0, len(text), _MOST)]
    now = call.now.replace(microsecond=0)
    return [
        pl.DataFrame(
            [{"时间": now, "操作": "收回班级页", "行数": len(plan.old_values), "操作人": call.user, "说明": f"{OLD_VALUES}{part}"}],
            schema=RUNS.frame_schema,
        )
        for part in parts
    ]  # fmt: skip


def _waiting_line(book: Book, checked: Checked) -> str:
    """Whose page has not come back yet, as a line; the ledger of this run is read with the rest."""
    found = waiting_pages(book, checked, book.read(RUNS)[RUNS])
    lists = [_listed(kind, waiting[kind.owner].to_list()) for kind, waiting in found.items() if waiting.height]
    return f"还没有交回：{'；'.join(lists)}。" if lists else ""


def _listed(kind: PageKind, owners: Sequence[str]) -> str:
    more = f" 等 {len(owners)} {kind.measure}" if len(owners) > _NAMED else ""
    return f"{'、'.join(owners[:_NAMED])}{more}"


def _summary(plan: CollectPlan) -> str:
    refused = plan.problems.filter(pl.col("级别") == trouble.ERROR).select("工作表", "行").n_unique()
    new = sum(frame.height for frame in plan.appends.values())
    corrected = plan.rows - new
    came = [
        f"{count} {kind.measure}的{kind.word}"
        for kind in PAGE_KINDS
        if (count := sum(one == kind for one, _ in plan.owners)) or (kind == CLASS_PAGE and not plan.owners)
    ]
    sentence = f"收回 {'、'.join(came)}，写入 {new} 行"
    sentence += f"，更正 {corrected} 行" if corrected else ""
    return sentence + (f"，有 {refused} 处没有收，列在“校验”最前面" if refused else "") + "。"
