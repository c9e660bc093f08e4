"""班级页 and 一键完成: the files for 班主任, alone or after all that an exam asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, Ranked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.page_editions import PageEdition, enter, next_edition
from xlbangfu.actions.pdf_files import pdfs_if_wanted
from xlbangfu.actions.rank_exams import ranking_summary
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES
from xlbangfu.schema import AWARDS, CONTACTS, PASSWORDS, PROBLEMS, PROGRESS, Table
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlbangfu.documents.class_page import ClassPage

_OPEN = "它们没有加密，在办公室打印、当面给；要拷走或发出去的，用“预览邮件”做的附件，有口令的班已经加密。"


def pages(book: Book, call: Call) -> Outcome:
    """班级页: one workbook per class for its 班主任, and an index of what was made."""
    checked = read_checked(book, call)

    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    return _write_pages(book, call, "pages", checked, ranked, follow, {})


def run(book: Book, call: Call) -> Outcome:
    """一键完成: validate, refresh, follow and pages in one go, from one reading and with one writing."""
    checked = read_checked(book, call)

    book.progress("计算名次", 0.4)
    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    sheets = {PROBLEMS: checked.sheet, **ranked.sheets, **follow}
    return _write_pages(book, call, "run", checked, ranked, follow, sheets)


def pages_of(
    book: Book,
    checked: Checked,
    ranked: Ranked,
    follow: Mapping[Table, pl.DataFrame],
    classes: Sequence[str] | None,
    edition: PageEdition,
) -> list[ClassPage]:
    """The class pages as they leave, on paper, by hand or by mail; ``follow`` has 落实 and 进展, no ``classes`` means all.
    Whoever makes them enters the edition."""
    from xlbangfu.documents.class_page import class_pages
    from xlbangfu.rules.schedule import schedule

    return class_pages(
        checked.school,
        ranked.ranking,
        ranked.figures,
        ranked.prizes,
        classes=classes,
        edition=edition.made,
        number=edition.number,
        secret=edition.secret,
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
) -> Outcome:
    """Build the pages beside, write the workbook, and only then put the pages in their place."""
    from xlbangfu.documents.class_page import staged_pages

    book.progress("做班级页", 0.5)
    out = call.folder(book, action)
    edition = next_edition(book, call)
    made = pages_of(book, checked, ranked, follow, call.option(CLASSES) or None, edition)
    with staged_pages(
        made,
        out,
        progress=lambda share: book.progress("做班级页", 0.5 + 0.2 * share),
        pdfs=pdfs_if_wanted(book, call),
    ) as staged:
        outcome = outcome_of(
            action,
            checked,
            call,
            rows=ranked.rows if sheets else staged.index.height,
            sentence=_summary(checked, ranked, staged.index.height, out),
            files=tuple(staged.files),
        )
        enter(book, edition)
        return write(
            book,
            call,
            outcome,
            checked,
            sheets,
            note=f"{ranks_shown(checked.school.settings, call.user)}班级页 {staged.index.height} 份",
            codes=codes_of(staged.index.select("班级", "sha256").iter_rows()),
            stage=staged.stage,
        )


def _summary(checked: Checked, ranked: Ranked, made: int, out: Path) -> str:
    from xlbangfu.documents.class_page import NOTE_NAME

    open_ones = _OPEN if made and checked.school[PASSWORDS]["口令"].drop_nulls().len() else ""
    note = f"“{NOTE_NAME}”可以贴到教师群，只有各班人数。" if made else ""
    return f"{made} 个班级页在文件夹“{out.resolve().name}”。{note}{open_ones}{ranking_summary(checked, ranked)}"
