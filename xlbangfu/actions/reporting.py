"""What every action ends with: its sheets, the front page 控制台 and one row of 运行记录, written together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu import catalog
from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked
from xlbangfu.book.port import Book
from xlbangfu.front_page import counts, trend_charts
from xlbangfu.front_page.next_step import Run
from xlbangfu.schema import CONSOLE, PROBLEMS, RUNS, Table

if TYPE_CHECKING:
    from xlbangfu.documents.staging import Stage


def outcome_of(
    action: str,
    checked: Checked,
    call: Call,
    *,
    rows: int,
    sentence: str,
    files: tuple[Path, ...] = (),
    details: tuple[str, ...] = (),
) -> Outcome:
    frames = {**checked.frames, PROBLEMS: checked.causes}
    return Outcome(
        action=action,
        sentence=sentence + checked.completion.sentence,
        next_step=counts.next_step(
            frames,
            today=checked.school.today,
            settings=checked.school.settings,
            now=Run(action, call.today, rows),
        ),
        rows=rows,
        errors=checked.errors,
        warnings=checked.warnings,
        files=files,
        details=details,
        seconds=call.seconds,
    )


def write(
    book: Book,
    call: Call,
    outcome: Outcome,
    checked: Checked,
    sheets: dict[Table, pl.DataFrame],
    *,
    note: str = "",
    stage: Stage | None = None,
) -> Outcome:
    """Write the sheets, what staff need not type, the front page and one row of 运行记录, all or none; the files of ``stage``
    follow."""
    book.progress("写回工作簿", 0.9)
    for table, frame in checked.completion.amendments:
        book.amend(table, frame)
    book.replace({**sheets, CONSOLE: _front_page(call, outcome, checked, sheets)})
    book.append(RUNS, _run_row(call, outcome, note))
    with stage.following(book.path, outcome.action, call.now) if stage else nullcontext():
        book.save()
    book.progress("完成", 1.0)
    return outcome


def _front_page(call: Call, outcome: Outcome, checked: Checked, sheets: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    label = catalog.LABELS[outcome.action]
    texts = {
        counts.TITLE: counts.title(checked.school.settings),
        counts.NEXT: outcome.next_step,
        counts.LAST_RUN: f"{call.now:%Y-%m-%d %H:%M} {call.user} 做了“{label}”，用时 {call.seconds} 秒",
        counts.RESULT: outcome.sentence,
        counts.SAVED: f"{call.now:%Y-%m-%d %H:%M} 已经存进文件",
    }
    frames = {**checked.frames, **sheets}
    texts |= counts.texts(frames, checked.school.today)
    numbers = {name: str(value) for name, value in counts.counts(frames).items()}
    cells = texts | numbers | trend_charts.cells(frames)
    return pl.DataFrame({"项目": list(cells), "值": list(cells.values())}, schema=CONSOLE.frame_schema)


def _run_row(call: Call, outcome: Outcome, note: str) -> pl.DataFrame:
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": catalog.LABELS[outcome.action],
        "行数": outcome.rows,
        "问题数": outcome.problems,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": " ".join(part for part in (outcome.sentence, *outcome.details, note) if part)[:30000],
    }
    return pl.DataFrame([row], schema=RUNS.frame_schema)
