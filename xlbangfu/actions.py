"""One function an action: read, decide, write, with a blank line between the three.

Each takes any ``Book`` and a ``Call`` (who asked, when), and answers with an ``Outcome``. Each refreshes the front page
控制台 and adds one row to 运行记录. Import late what only one action needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu import catalog, console
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    CLASS_FIGURES,
    CLASSES,
    CONSOLE,
    DEFECTS,
    EXAMS,
    INPUTS,
    LAYOUT,
    PRIZES,
    PROBLEMS,
    RANKING,
    RUNS,
    Table,
)

if TYPE_CHECKING:
    from xlbangfu.documents.importing import ImportPlan


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who asked for an action, and when."""

    user: str
    now: datetime
    clock: Callable[[], float] = perf_counter
    started: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", self.clock())

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def seconds(self) -> float:
        """How long it has run, in seconds."""
        return round(self.clock() - self.started, 2)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an action did: ``sentence`` and ``next_step`` are for staff, the rest for machines."""

    action: str
    sentence: str
    next_step: str
    rows: int = 0
    errors: int = 0
    warnings: int = 0
    files: tuple[Path, ...] = ()
    details: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def problems(self) -> int:
        return self.errors + self.warnings

    @property
    def exit_code(self) -> int:
        """0 fine, 1 when there are 错误 (a 警告 is usable and does not count)."""
        return 1 if self.errors else 0


@dataclass(frozen=True)
class Checked:
    """A workbook that was read and validated. ``school`` is without what is in error."""

    frames: Mapping[Table, pl.DataFrame]
    school: School
    problems: pl.DataFrame

    @property
    def errors(self) -> int:
        return trouble.errors(self.problems).height

    @property
    def warnings(self) -> int:
        return self.problems.height - self.errors

    @property
    def sheet(self) -> pl.DataFrame:
        """The problems as 校验 shows them."""
        return trouble.as_sheet(self.problems, self.frames[LAYOUT])


@dataclass(frozen=True)
class Ranked:
    """The results of an exam season: 排名, 班级汇总 and 帮扶排名."""

    ranking: pl.DataFrame
    figures: pl.DataFrame
    prizes: pl.DataFrame

    @property
    def sheets(self) -> dict[Table, pl.DataFrame]:
        return {RANKING: self.ranking, CLASS_FIGURES: self.figures, PRIZES: self.prizes}

    @property
    def rows(self) -> int:
        return self.ranking.height + self.figures.height + self.prizes.height


def validate(book: Book, call: Call) -> Outcome:
    """校验: check every sheet and list the problems (DOMAIN rule 1)."""
    checked = read_checked(book, call)

    outcome = _outcome("validate", checked, call, rows=checked.problems.height, sentence=_problems_said(checked))

    return _write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def refresh(book: Book, call: Call) -> Outcome:
    """刷新排名: validate, then ranks, class figures and prizes (DOMAIN rules 1, 2, 3, 5)."""
    checked = read_checked(book, call)

    book.progress("计算名次", 0.5)
    ranked = ranks(checked.school)
    outcome = _outcome("refresh", checked, call, rows=ranked.rows, sentence=_ranked_said(checked, ranked))

    return _write(book, call, outcome, checked, {PROBLEMS: checked.sheet, **ranked.sheets})


def pages(book: Book, call: Call, *, out: Path, classes: Sequence[str] = ()) -> Outcome:
    """班级页: one workbook per class for its 班主任, and an index of what was made."""
    checked = read_checked(book, call)
    _known_classes(checked.school, classes)

    ranked = ranks(checked.school)

    return _write_pages(book, call, "pages", checked, ranked, {}, out, classes)


def run(book: Book, call: Call, *, out: Path) -> Outcome:
    """一键完成: validate, refresh and pages in one go, from one reading and with one writing."""
    checked = read_checked(book, call)

    book.progress("计算名次", 0.4)
    ranked = ranks(checked.school)

    return _write_pages(book, call, "run", checked, ranked, {PROBLEMS: checked.sheet, **ranked.sheets}, out, ())


def plan_import(book: Book, call: Call, files: Sequence[Path], *, exam: str | None = None) -> ImportPlan:
    """What an import would write, without writing it (DOMAIN rule 13)."""
    from xlbangfu.documents.importing import plan_import as plan

    frames = book.read(*INPUTS)
    return plan(files, School.of(frames, today=call.today), exam=exam)


def import_files(book: Book, call: Call, plan: ImportPlan) -> Outcome:
    """导入: append what the plan holds, then validate the workbook as it now is.

    Two writes: what was imported stands even if the check after it could not be written.
    """
    for table, frame in plan.appends.items():
        book.append(table, frame)
    for table, frame in plan.amends.items():
        book.amend(table, frame)
    book.save()
    checked = read_checked(book, call)

    refused = plan.problems
    rows = sum(frame.height for frame in (*plan.appends.values(), *plan.amends.values()))
    merged = Checked(checked.frames, checked.school, trouble.collect(refused, checked.problems))
    said = f"导入 {rows} 行" + (f"，另有 {refused.height} 处没有写入，列在“校验”最前面" if refused.height else "")
    outcome = _outcome("import", merged, call, rows=rows, sentence=said + "。", details=tuple(plan.lines))

    return _write(book, call, outcome, merged, {PROBLEMS: merged.sheet})


def read_checked(book: Book, call: Call) -> Checked:
    """Read all input sheets and validate them."""
    from xlbangfu.rules.validation import validate as check

    book.progress("读取工作簿", 0.0)
    frames = book.read(*INPUTS)
    book.progress("校验", 0.3)
    school = School.of(frames, today=call.today)
    found = check(school, frames[DEFECTS])
    return Checked(frames, school.without(found), found)


def ranks(school: School) -> Ranked:
    """排名, 班级汇总 and 帮扶排名 of a school that is without errors."""
    from xlbangfu.rules.class_figures import class_figures
    from xlbangfu.rules.prizes import award
    from xlbangfu.rules.ranking import rank

    ranking = rank(school)
    return Ranked(ranking, class_figures(school, ranking), award(school, ranking))


def _known_classes(school: School, wanted: Iterable[str]) -> None:
    have = set(school[CLASSES]["班级"].drop_nulls())
    unknown = [name for name in wanted if name not in have]
    if unknown:
        raise BadArgument(
            f"“班级”表里没有 {'、'.join(unknown)}；请照表里的写法写班级名，如 {min(have, default='初一1班')}。"
        )


def _write_pages(
    book: Book,
    call: Call,
    action: str,
    checked: Checked,
    ranked: Ranked,
    sheets: dict[Table, pl.DataFrame],
    out: Path,
    classes: Sequence[str],
) -> Outcome:
    """Build the pages beside, write the workbook, and only then put the pages in their place."""
    from xlbangfu.documents.class_page import class_pages, staged_pages

    book.progress("生成班级页", 0.5)
    made = class_pages(
        checked.school, ranked.ranking, ranked.figures, ranked.prizes, classes=classes or None, edition=call.now
    )
    with staged_pages(made, out, progress=lambda share: book.progress("生成班级页", 0.5 + 0.4 * share)) as staged:
        outcome = _outcome(
            action,
            checked,
            call,
            rows=ranked.rows if sheets else staged.index.height,
            sentence=_pages_said(checked, ranked, staged.index.height, out),
            files=tuple(staged.files),
            pages_made=True,
        )
        return _write(book, call, outcome, checked, sheets, note=_export_note(checked.school, staged.index, call))


def _export_note(school: School, index: pl.DataFrame, call: Call) -> str:
    """Who exported what, by key and hash, without the data (DOMAIN, Privacy)."""
    chosen = f"班级页名次显示选的是“名次”（操作人 {call.user}）；" if school.settings.page_ranks == "名次" else ""
    marks = "、".join(f"{name}:{digest[:12]}" for name, digest in index.select("班级", "sha256").iter_rows())
    return f"{chosen}班级页 {index.height} 份（班级:校验码）{marks}"


def _outcome(
    action: str,
    checked: Checked,
    call: Call,
    *,
    rows: int,
    sentence: str,
    files: tuple[Path, ...] = (),
    details: tuple[str, ...] = (),
    pages_made: bool = False,
) -> Outcome:
    frames = {**checked.frames, PROBLEMS: checked.problems}
    return Outcome(
        action=action,
        sentence=sentence,
        next_step=console.next_step(frames, pages_made=pages_made),
        rows=rows,
        errors=checked.errors,
        warnings=checked.warnings,
        files=files,
        details=details,
        seconds=call.seconds,
    )


def _problems_said(checked: Checked) -> str:
    if not checked.problems.height:
        return "全部检查过，没有问题。"
    return f"发现 {checked.errors} 个错误、{checked.warnings} 个警告，列在“校验”里。"


def _ranked_said(checked: Checked, ranked: Ranked) -> str:
    exams = ranked.ranking["考试编号"].n_unique()
    awarded = ranked.prizes.filter(pl.col("奖项").str.ends_with("等奖")).height
    return f"{exams} 次考试排好名次（{ranked.ranking.height} 行），{awarded} 人次获进步奖。{_problems_said(checked)}"


def _pages_said(checked: Checked, ranked: Ranked, made: int, out: Path) -> str:
    return f"{made} 个班级页在“{out}”。{_ranked_said(checked, ranked)}"


def _write(
    book: Book,
    call: Call,
    outcome: Outcome,
    checked: Checked,
    sheets: dict[Table, pl.DataFrame],
    *,
    note: str = "",
) -> Outcome:
    """Write the sheets, the front page and one row of 运行记录, all or none."""
    book.progress("写回工作簿", 0.9)
    book.replace({**sheets, CONSOLE: _front_page(call, outcome, checked, sheets)})
    book.append(RUNS, _run_row(call, outcome, note))
    book.save()
    book.progress("完成", 1.0)
    return outcome


def _front_page(call: Call, outcome: Outcome, checked: Checked, sheets: Mapping[Table, pl.DataFrame]) -> pl.DataFrame:
    label = catalog.BY_NAME[outcome.action].label
    texts = {
        console.NEXT: outcome.next_step,
        console.LAST_EXAM: console.last_exam(checked.frames[EXAMS], checked.school.today),
        console.LAST_RUN: f"{call.now:%Y-%m-%d %H:%M} {call.user} 做了“{label}”，用时 {call.seconds} 秒",
        console.RESULT: outcome.sentence,
    }
    numbers = {name: str(value) for name, value in console.counts({**checked.frames, **sheets}).items()}
    cells = texts | numbers
    return pl.DataFrame({"项目": list(cells), "值": list(cells.values())}, schema=CONSOLE.frame_schema)


def _run_row(call: Call, outcome: Outcome, note: str) -> pl.DataFrame:
    row = {
        "时间": call.now.replace(microsecond=0),
        "操作": catalog.BY_NAME[outcome.action].label,
        "行数": outcome.rows,
        "问题数": outcome.problems,
        "操作人": call.user,
        "用时": call.seconds,
        "说明": " ".join(part for part in (outcome.sentence, *outcome.details, note) if part)[:30000],
    }
    return pl.DataFrame([row], schema=RUNS.frame_schema)
