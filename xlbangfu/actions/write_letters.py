"""家长信: a letter for each student's parents."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.pdf_files import pdfs_if_wanted
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES
from xlbangfu.schema import AWARDS, PROBLEMS
from xlbangfu.settings import Settings


def slips(book: Book, call: Call) -> Outcome:
    """家长信: a letter for each student's parents, one workbook a class, without ranks or the name of any list."""
    from xlbangfu.documents.slips import slips as letters_of
    from xlbangfu.documents.slips import staged_slips
    from xlbangfu.rules.ranking import rank

    checked, out = read_checked(book, call), call.folder(book, "slips")
    awards = book.read(AWARDS)[AWARDS]

    book.progress("写家长信", 0.5)
    made = letters_of(checked.school, rank(checked.school), awards, classes=call.option(CLASSES) or None, made=call.now)
    with staged_slips(
        made, out, progress=lambda share: book.progress("写家长信", 0.5 + 0.2 * share), pdfs=pdfs_if_wanted(book, call)
    ) as staged:
        index = staged.index
        letters = int(index["学生数"].sum())
        outcome = outcome_of(
            "slips",
            checked,
            call,
            rows=letters,
            sentence=_summary(letters, index.height, out),
            files=staged.files,
            details=_left_for_the_pen(checked.school.settings, letters),
        )
        codes = codes_of(index.select("班级", "sha256").iter_rows())
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, codes=codes, stage=staged.stage)


def _summary(letters: int, classes: int, out: Path) -> str:
    if not letters:
        return "没有要写家长信的学生：看看“名册”的帮扶类别，或设置里的“家长信对象”。"
    return f"{letters} 份家长信，{classes} 个班，在文件夹“{out.resolve().name}”，打印后沿虚线裁开；回执都在离纸下边 60 毫米处，一摞可以一刀裁。"


def _left_for_the_pen(settings: Settings, letters: int) -> tuple[str, ...]:
    blank = [
        name
        for name, said in (("家长信电话", settings.slip_phone), ("家长信接待时间", settings.slip_hours))
        if not said
    ]
    return (f"设置里没有写{'和'.join(f'「{name}」' for name in blank)}，信上留了线，可以用笔写。",) * bool(
        letters and blank
    )
