"""意见表: forms for what parents and students say, to be entered on the page of the class."""

from __future__ import annotations

from pathlib import Path

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.pdf_files import pdfs_if_wanted
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES
from xlbangfu.schema import PROBLEMS


def opinions(book: Book, call: Call) -> Outcome:
    """意见表: for each student a half page for the parents and one for the student, one workbook a class."""
    from xlbangfu.documents.opinions import opinion_forms, staged_opinions

    checked, out = read_checked(book, call), call.folder(book, "opinions")

    made = opinion_forms(checked.school, classes=call.option(CLASSES) or None, made=call.now)
    with staged_opinions(
        made, out, progress=lambda share: book.progress("做意见表", 0.5 + 0.2 * share), pdfs=pdfs_if_wanted(book, call)
    ) as staged:
        index = staged.index
        students = int(index["学生数"].sum())
        outcome = outcome_of(
            "opinions",
            checked,
            call,
            rows=students,
            sentence=_summary(students, index.height, out),
            files=staged.files,
        )
        codes = codes_of(index.select("班级", "sha256").iter_rows())
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, codes=codes, stage=staged.stage)


def _summary(students: int, classes: int, out: Path) -> str:
    if not students:
        return "没有要填意见表的学生：看看“名册”的帮扶类别，或设置里的“家长信对象”。"
    return (
        f"{students} 名学生的意见表，{classes} 个班，在文件夹“{out.resolve().name}”：一人一张，上半家长、下半学生，沿虚线裁开。"
        "交回的由班主任填进班级页的“填报评价”，评价人选 家长 或 学生，“老师的帮助”填进“帮扶满意度”。"
    )
