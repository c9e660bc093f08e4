"""Checking, ranking and the class pages: what a school does around an exam."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.following import followed
from xlbangfu.actions.reading import FOR_MARKS, Checked, Ranked, ranks, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.rules.school import School
from xlbangfu.schema import AWARDS, CONTACTS, PASSWORDS, PROBLEMS, PROGRESS, Table
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlbangfu.documents.class_page import ClassPage

_OPEN = "它们没有加密，在办公室打印、当面给；要拷走或发出去的，用“预览邮件”做的附件，有口令的班已经加密。"


def validate(book: Book, call: Call) -> Outcome:
    """校验: check every sheet and list the problems (DOMAIN rule 1)."""
    checked = read_checked(book, call, needs=())

    outcome = outcome_of("validate", checked, call, rows=checked.problems.height, sentence=_problems_said(checked))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def refresh(book: Book, call: Call) -> Outcome:
    """刷新排名: validate, then ranks, class figures and prizes (DOMAIN rules 1, 2, 3, 5)."""
    checked = read_checked(book, call, needs=FOR_MARKS)

    book.progress("计算名次", 0.5)
    ranked = ranks(checked.school)
    outcome = outcome_of("refresh", checked, call, rows=ranked.rows, sentence=_ranked_said(checked, ranked))

    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet, **ranked.sheets})


def pages(book: Book, call: Call, *, out: Path, classes: Sequence[str] = ()) -> Outcome:
    """班级页: one workbook per class for its 班主任, and an index of what was made."""
    checked = read_checked(book, call)

    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    return _write_pages(book, call, "pages", checked, ranked, follow, {}, out, classes)


def run(book: Book, call: Call, *, out: Path) -> Outcome:
    """一键完成: validate, refresh, follow and pages in one go, from one reading and with one writing."""
    checked = read_checked(book, call)

    book.progress("计算名次", 0.4)
    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    sheets = {PROBLEMS: checked.sheet, **ranked.sheets, **follow}
    return _write_pages(book, call, "run", checked, ranked, follow, sheets, out, ())


def pages_of(
    book: Book,
    call: Call,
    checked: Checked,
    ranked: Ranked,
    follow: Mapping[Table, pl.DataFrame],
    classes: Sequence[str] | None,
) -> list[ClassPage]:
    """The class pages as they leave, on paper, by hand or by mail; ``follow`` has 落实 and 进展, no ``classes`` means all."""
    from xlbangfu.documents.class_page import class_pages
    from xlbangfu.rules.schedule import schedule

    return class_pages(
        checked.school,
        ranked.ranking,
        ranked.figures,
        ranked.prizes,
        classes=classes,
        edition=call.now,
        contacts=follow[CONTACTS],
        progress=follow[PROGRESS],
        schedule=schedule(checked.school),
        awards=book.read(AWARDS)[AWARDS],
    )


def ranks_shown(settings: Settings, user: str) -> str:
    """Who chose that pages show ranks, for 运行记录 (DOMAIN, Privacy); empty where they do not by choice."""
    return f"班级页名次显示选的是“名次”（操作人 {user}）；" if settings.page_ranks == "名次" else ""


def _write_pages(
    book: Book,
    call: Call,
    action: str,
    checked: Checked,
    ranked: Ranked,
    follow: Mapping[Table, pl.DataFrame],
    sheets: dict[Table, pl.DataFrame],
    out: Path,
    classes: Sequence[str],
) -> Outcome:
    """Build the pages beside, write the workbook, and only then put the pages in their place."""
    from xlbangfu.documents.class_page import staged_pages

    book.progress("生成班级页", 0.5)
    made = pages_of(book, call, checked, ranked, follow, classes or None)
    with staged_pages(made, out, progress=lambda share: book.progress("生成班级页", 0.5 + 0.4 * share)) as staged:
        outcome = outcome_of(
            action,
            checked,
            call,
            rows=ranked.rows if sheets else staged.index.height,
            sentence=_pages_said(checked, ranked, staged.index.height, out),
            files=tuple(staged.files),
        )
        return write(book, call, outcome, checked, sheets, note=_export_note(checked.school, staged.index, call))


def _export_note(school: School, index: pl.DataFrame, call: Call) -> str:
    """Who exported what, by key and hash, without the data (DOMAIN, Privacy)."""
    chosen = ranks_shown(school.settings, call.user)
    marks = "、".join(f"{name}:{digest[:12]}" for name, digest in index.select("班级", "sha256").iter_rows())
    return f"{chosen}班级页 {index.height} 份（班级:校验码）{marks}"


def _problems_said(checked: Checked) -> str:
    left = checked.carried.height
    imported = f"另有 {left} 处导入或收回时没能用的，改好后再导入、再收，或删掉“校验”里那几行。" if left else ""
    if not checked.problems.height:
        return "全部检查过，没有问题。" + imported
    return f"发现 {checked.errors} 个错误、{checked.warnings} 个警告，列在“校验”里。{imported}"


def _ranked_said(checked: Checked, ranked: Ranked) -> str:
    exams = ranked.ranking["考试编号"].n_unique()
    awarded = ranked.prizes.filter(pl.col("奖项").str.ends_with("等奖")).height
    return f"{exams} 次考试排好名次（{ranked.ranking.height} 行），{awarded} 人次获进步奖。{_problems_said(checked)}"


def _pages_said(checked: Checked, ranked: Ranked, made: int, out: Path) -> str:
    open_ones = _OPEN if made and checked.school[PASSWORDS]["口令"].drop_nulls().len() else ""
    return f"{made} 个班级页在文件夹“{out.resolve().name}”。{open_ones}{_ranked_said(checked, ranked)}"
