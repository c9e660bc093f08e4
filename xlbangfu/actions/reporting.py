"""What every action ends with: its sheets, the front page 控制台 and one row of 运行记录, written together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu import catalog
from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked
from xlbangfu.actions.pages_out import waiting_pages
from xlbangfu.book.paper_signature import Signature
from xlbangfu.book.port import Book
from xlbangfu.front_page import counts, figures, trend_charts
from xlbangfu.front_page.next_step import Run, proposed
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE
from xlbangfu.rules.places import as_allowed
from xlbangfu.rules.suspects import suspects
from xlbangfu.schema import BY_NAME, CONSOLE, PROBLEMS, RUNS, SEPARATOR, Table

_MOVES_PAGES = (
    "pages",
    "teacher_pages",
    "run",
    "send",
    "collect",
    "remind",
    "upgrade",
)  # after which other pages are out
_LONGEST = 30_000  # characters; a cell takes 32,767

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
    asked: bool = False,
) -> Outcome:
    step = proposed(
        {**checked.frames, PROBLEMS: checked.causes},
        today=checked.school.today,
        settings=checked.school.settings,
        now=Run(action, call.today, rows),
    )
    return Outcome(
        action=action,
        sentence=sentence + checked.completion.sentence,
        next_step=step.sentence,
        next_sheets=tuple(table.name for table in step.sheets),
        rows=rows,
        errors=checked.errors,
        warnings=checked.warnings,
        files=files,
        details=details,
        asked=asked,
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
    codes: str = "",
    stage: Stage | None = None,
) -> Outcome:
    """Write the sheets, what staff need not type, the front page and one row of 运行记录, all or none; the sheets of the next
    step are in sight, and the files of ``stage`` follow. ``note`` are words, ``codes`` (see ``codes_of``) stand by themselves.
    No place among others stands on the sheets where 「总表名次」 is 等级."""
    sheets = as_allowed(sheets, checked.school.settings)
    book.progress("写进总表", 0.9)
    for table, frame in checked.completion.amendments:
        book.amend(table, frame)
    run = _run_row(call, outcome, note, codes)
    settings = checked.school.settings
    book.sign(Signature(school=settings.school, day=checked.school.today, term=settings.term))
    book.replace(sheets)
    book.append(RUNS, run)
    book.reveal(*(BY_NAME[name] for name in outcome.next_sheets))
    book.replace({CONSOLE: _front_page(book, call, outcome, checked, sheets, run)})
    with stage.following(book.path, outcome.action, call.now) if stage else nullcontext():
        book.save()
    book.progress("完成", 1.0)
    return outcome


def _front_page(
    book: Book, call: Call, outcome: Outcome, checked: Checked, sheets: Mapping[Table, pl.DataFrame], run: pl.DataFrame
) -> pl.DataFrame:
    settings, today = checked.school.settings, checked.school.today
    label = catalog.LABELS[outcome.action]
    frames = {**checked.frames, **sheets}
    cells: dict[str, str | None] = {
        counts.TITLE: counts.title(settings),
        counts.WHEN: counts.when(settings, today),
        counts.NEXT: outcome.next_step,
        counts.GO: next(iter(outcome.next_sheets), ""),
        counts.LAST_RUN: f"上次：{label}，{call.now:%Y-%m-%d %H:%M} {call.user}",
        counts.RESULT: outcome.sentence,
        counts.SAVED: f"{call.now:%Y-%m-%d %H:%M} 已经存进文件",
        counts.AWAY: counts.away(book.hidden()),
        **counts.texts(frames, today),
        **{name: str(value) for name, value in counts.counts(frames).items()},
        **trend_charts.cells(frames),
        **figures.at_risk(suspects(checked.school)),
        **dict.fromkeys(figures.COMPUTED),
    }
    if outcome.action in _MOVES_PAGES:
        runs = pl.concat([checked.frames[RUNS].select(RUNS.names), run])
        waiting = waiting_pages(book, checked, runs)
        cells |= figures.pages_out(waiting[CLASS_PAGE], settings.return_days, waiting[TEACHER_PAGE].height)
    return pl.DataFrame({"项目": list(cells), "值": list(cells.values())}, schema=CONSOLE.frame_schema)


def write_sight(book: Book) -> None:
    """Save what is shown and hidden, with the links of the front page, which know it."""
    away = counts.away(book.hidden())
    book.replace({CONSOLE: pl.DataFrame({"项目": [counts.AWAY], "值": [away]}, schema=CONSOLE.frame_schema)})
    book.save()


def codes_of(files: Iterable[tuple[str, str]]) -> str:
    """The files that were made, by what they are of and hash, without the data (DOMAIN, Privacy).

    >>> codes_of([("初一1班", "0123456789abcdef"), ("初一2班", "fedcba9876543210")])
    '初一1班:0123456789ab、初一2班:fedcba987654'
    """
    return SEPARATOR.join(f"{name}:{digest[:12]}" for name, digest in files)


def _run_row(call: Call, outcome: Outcome, note: str, codes: str) -> pl.DataFrame:
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": catalog.LABELS[outcome.action],
        "行数": outcome.rows,
        "问题数": outcome.problems,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": " ".join(part for part in (outcome.sentence, *outcome.details, note) if part)[:_LONGEST],
        "校验码": codes[:_LONGEST] or None,
    }
    return pl.DataFrame([row], schema=RUNS.frame_schema)
