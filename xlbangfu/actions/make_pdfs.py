"""做PDF: the views and the papers that are there as PDF, by the spreadsheet program of this computer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xlbangfu.actions.call import Call, Outcome, folder_beside
from xlbangfu.actions.checked_school import read_checked
from xlbangfu.actions.draw_views import draw_briefing, draw_quality
from xlbangfu.actions.pdf_files import maker_on, staged_pdfs
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.schema import PROBLEMS

_INDEX = "目录.xlsx"
_PAPERS = ("pages", "teacher_pages", "slips")


def pdf(book: Book, call: Call) -> Outcome:
    """做PDF: 质量分析 and 学校一页 drawn anew, and the latest pages and letters in their folders, each as a PDF."""
    make = maker_on(book)
    checked = read_checked(book, call)

    book.progress("汇总全校", 0.4)
    drawn = [draw_quality(checked, call), draw_briefing(book, checked, call)]
    views = {one.view: one.content for one in drawn}
    papers = [path for action in _PAPERS for path in latest(folder_beside(book.path, action))]
    out = call.folder(book, "pdf")
    with staged_pdfs(views, papers, out, make) as made:
        sentence = f"{len(made.files)} 份 PDF 在文件夹“{out.resolve().name}”：{_contents(papers)}"
        outcome = outcome_of("pdf", checked, call, rows=len(made.files), sentence=sentence, files=tuple(made.files))
        book.show(views)
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, stage=made)


def latest(folder: Path) -> list[Path]:
    """The newest workbook of each class or teacher in a folder of papers; what a program has open leaves a file beside it that is none.

    A name begins with whose it is, then _."""
    files = [path for path in folder.glob("*.xlsx") if path.name != _INDEX and not path.name.startswith(("~", "."))]
    by_class: dict[str, Path] = {}
    for path in sorted(files, key=lambda path: (path.stat().st_mtime, path.name)):
        by_class[path.name.partition("_")[0]] = path
    return sorted(by_class.values())


def _contents(papers: Sequence[Path]) -> str:
    more = f"、班级页、帮扶页和家长信 {len(papers)} 份" if papers else "；班级页、帮扶页、家长信还没有做"
    return f"质量分析、学校一页{more}。"
