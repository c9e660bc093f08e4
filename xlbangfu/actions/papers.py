"""Papers made from the workbook: letters for parents, and the register bound for the office."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.reading import ranks, read_checked
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.schema import AWARDS, PROBLEMS


def slips(book: Book, call: Call, *, out: Path, classes: Sequence[str] = ()) -> Outcome:
    """家长信: a letter for each student's parents, one workbook a class, without ranks or the name of any list."""
    from xlbangfu.documents.slips import slips as letters_of
    from xlbangfu.documents.slips import staged_slips

    checked = read_checked(book, call)
    awards = book.read(AWARDS)[AWARDS]

    book.progress("写家长信", 0.5)
    made = letters_of(checked.school, ranks(checked.school).ranking, awards, classes=classes or None, made=call.now)
    with staged_slips(made, out, progress=lambda share: book.progress("写家长信", 0.5 + 0.4 * share)) as (index, files):
        letters = int(index["学生数"].sum())
        outcome = outcome_of(
            "slips", checked, call, rows=letters, sentence=_slips_said(letters, index.height, out), files=files
        )
        note = f"家长信 {index.height} 份（班级:校验码）{_marks(index)}" if index.height else ""
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, note=note)


def register(book: Book, call: Call, *, out: Path) -> Outcome:
    """档案册: everything of each tracked student, a page each, in one workbook for the office."""
    from xlbangfu.documents.register import register_of, staged_register

    checked = read_checked(book, call)
    awards = book.read(AWARDS)[AWARDS]

    book.progress("编档案册", 0.5)
    ranked = ranks(checked.school)
    made = register_of(checked.school, ranked.ranking, ranked.prizes, awards, made=call.now)
    with staged_register(made, out, progress=lambda share: book.progress("编档案册", 0.6 + 0.3 * share)) as staged:
        said = f"档案册共 {len(made.students)} 名学生，在文件夹“{out.resolve().name}”；内部资料，不要外传。"
        outcome = outcome_of("register", checked, call, rows=len(made.students), sentence=said, files=(staged.path,))
        note = f"导出档案册 {len(made.students)} 人（校验码）{staged.digest[:12]}"
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, note=note)


def _slips_said(letters: int, classes: int, out: Path) -> str:
    if not letters:
        return "没有要写家长信的学生：看看“名册”的帮扶类别，或设置里的“家长信对象”。"
    return f"{letters} 份家长信，{classes} 个班，在文件夹“{out.resolve().name}”，打印后沿虚线剪开。"


def _marks(index: pl.DataFrame) -> str:
    return "、".join(f"{class_name}:{digest[:12]}" for class_name, digest in index.select("班级", "sha256").iter_rows())
