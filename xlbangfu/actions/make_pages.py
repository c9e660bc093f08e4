"""班级页, 帮扶页 and 一键完成: the files for 班主任 and for who helps, alone or after all that an exam asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, Ranked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.page_editions import PageEdition, enter, next_edition
from xlbangfu.actions.pages_out import reports
from xlbangfu.actions.pdf_files import pdfs_if_wanted
from xlbangfu.actions.rank_exams import ranking_summary
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES, TEACHERS_WANTED
from xlbangfu.rules.page_kinds import CLASS_PAGE, TEACHER_PAGE, PageKind
from xlbangfu.schema import AWARDS, CONTACTS, PASSWORDS, PROBLEMS, PROGRESS, Table
from xlbangfu.settings import Settings

if TYPE_CHECKING:
    from xlbangfu.documents.class_page import ClassPage, TeacherPage

_OPEN = "它们没有加密，在办公室打印、当面给；要拷走或发出去的，用“预览邮件”做的附件，有口令的已经加密。"


def pages(book: Book, call: Call) -> Outcome:
    """班级页: one workbook per class for its 班主任, and an index of what was made."""
    checked = read_checked(book, call).told

    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    return _write_class_pages(book, call, "pages", checked, ranked, follow, {})


def teacher_pages(book: Book, call: Call) -> Outcome:
    """帮扶页: one workbook for each teacher with a running pairing, and an index of what was made."""
    checked = read_checked(book, call).told

    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)
    edition = next_edition(book, call)
    made = teacher_pages_of(checked, ranked, follow, call.option(TEACHERS_WANTED) or None, edition)

    return _write_pages(book, call, "teacher_pages", TEACHER_PAGE, made, edition, checked, ranked, {})


def run(book: Book, call: Call) -> Outcome:
    """一键完成: validate, refresh, follow and pages in one go, from one reading and with one writing."""
    checked = read_checked(book, call).told

    book.progress("计算名次", 0.4)
    ranked = ranks(checked.school)
    follow = followed(checked.school, ranked.ranking)

    sheets = {PROBLEMS: checked.sheet, **ranked.sheets, **follow}
    return _write_class_pages(book, call, "run", checked, ranked, follow, sheets)


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
        reports=reports(book, checked),
    )


def teacher_pages_of(
    checked: Checked,
    ranked: Ranked,
    follow: Mapping[Table, pl.DataFrame],
    teachers: Sequence[str] | None,
    edition: PageEdition,
) -> list[TeacherPage]:
    """The pages of the teachers who help, as ``pages_of`` makes those of classes."""
    from xlbangfu.documents.class_page import teacher_pages as pages_for
    from xlbangfu.rules.schedule import schedule

    return pages_for(
        checked.school,
        ranked.ranking,
        ranked.figures,
        ranked.prizes,
        teachers=teachers,
        edition=edition.made,
        number=edition.number,
        secret=edition.secret,
        contacts=follow[CONTACTS],
        progress=follow[PROGRESS],
        schedule=schedule(checked.school),
    )


def ranks_shown(settings: Settings, user: str) -> str:
    """Who chose that pages show ranks, for 运行记录 (DOMAIN, Privacy); empty where they do not by choice."""
    return f"班级页名次显示选的是“名次”（操作人 {user}）；" if settings.page_ranks == "名次" else ""


def _write_class_pages(
    book: Book,
    call: Call,
    action: str,
    checked: Checked,
    ranked: Ranked,
    follow: Mapping[Table, pl.DataFrame],
    sheets: dict[Table, pl.DataFrame],
) -> Outcome:
    book.progress("做班级页", 0.5)
    edition = next_edition(book, call)
    made = pages_of(book, checked, ranked, follow, call.option(CLASSES) or None, edition)
    return _write_pages(book, call, action, CLASS_PAGE, made, edition, checked, ranked, sheets)


def _write_pages(
    book: Book,
    call: Call,
    action: str,
    kind: PageKind,
    made: Sequence[ClassPage],
    edition: PageEdition,
    checked: Checked,
    ranked: Ranked,
    sheets: dict[Table, pl.DataFrame],
) -> Outcome:
    """Build the pages beside, write the workbook, and only then put the pages in their place."""
    from xlbangfu.documents.class_page import staged_pages

    out = call.folder(book, action)
    with staged_pages(
        made,
        out,
        kind=kind,
        progress=lambda share: book.progress(f"做{kind.word}", 0.5 + 0.2 * share),
        pdfs=pdfs_if_wanted(book, call),
    ) as staged:
        outcome = outcome_of(
            action,
            checked,
            call,
            rows=ranked.rows if sheets else staged.index.height,
            sentence=_summary(kind, checked, ranked, staged.index.height, out),
            files=tuple(staged.files),
        )
        if made:
            enter(book, edition)
        return write(
            book,
            call,
            outcome,
            checked,
            sheets,
            note=f"{ranks_shown(checked.school.settings, call.user)}{kind.word} {staged.index.height} 份",
            codes=codes_of(staged.index.select(kind.owner, "sha256").iter_rows()),
            stage=staged.stage,
        )


def _summary(kind: PageKind, checked: Checked, ranked: Ranked, made: int, out: Path) -> str:
    from xlbangfu.documents.class_page import NOTE_NAME

    if kind == TEACHER_PAGE and not made:
        return "还没有教师有正在执行的结对，没有做帮扶页；先在“结对”里写上，或点“结对建议”。"
    open_ones = _OPEN if made and checked.school[PASSWORDS]["口令"].drop_nulls().len() else ""
    note = f"“{NOTE_NAME}”可以贴到教师群，只有各班人数。" if made and kind == CLASS_PAGE else ""
    return f"{made} 个{kind.word}在文件夹“{out.resolve().name}”。{note}{open_ones}{ranking_summary(checked, ranked)}"
