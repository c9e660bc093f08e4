"""文书: Word papers filled from the workbook, one kind or several at a time (DOMAIN rule 12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.paper_choice import TEMPLATES_WORD, chosen_papers, month_of, wanted_papers
from xlbangfu.actions.pdf_files import paper_pdfs_if_wanted
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES, MONTH
from xlbangfu.schema import AWARDS, CONTACTS, PROGRESS, RANKING

if TYPE_CHECKING:
    from xlbangfu.documents.papers.paper import Paper
    from xlbangfu.documents.papers.paper_files import Staged
    from xlbangfu.documents.papers.paper_source import Source


def paper(book: Book, call: Call) -> Outcome | None:
    """The papers that were asked for, of one reading of the workbook; None if staff thought better of it."""
    from xlbangfu.documents.papers.paper_files import TEMPLATES, staged_papers

    words = wanted_papers(call)
    if not words:
        return None
    if words == (TEMPLATES_WORD,):
        return templates(book, call)
    chosen, make_pdfs = chosen_papers(words), paper_pdfs_if_wanted(book, call)
    month_of(call.option(MONTH), call.today)  # a wrong one is told before anything is read
    by_marks = any(one.by_marks for one in chosen)
    checked, out = read_checked(book, call, marks=by_marks), call.folder(book, "paper")

    book.progress("算要写的数", 0.45)
    source = source_of(book, call, checked, by_marks=by_marks)
    with staged_papers(
        chosen,
        source,
        out,
        book.path.parent / TEMPLATES,
        progress=lambda name, share: book.progress(f"写{name}", 0.5 + 0.2 * share),
        pdfs=make_pdfs,
    ) as staged:
        outcome = outcome_of(
            "paper",
            checked,
            call,
            rows=len(staged.digests),
            sentence=_summary(staged, out),
            files=staged.files,
            details=_details(staged, source),
            asked=bool(staged.unfit),
        )
        codes = codes_of(staged.digests)
        return write(book, call, outcome, checked, checked.sheets, codes=codes, stage=staged.stage)


def templates(book: Book, call: Call) -> Outcome:
    """The templates of all papers into 文书模板 beside the workbook, for the school to change; those it has stay."""
    from xlbangfu.documents.papers.paper_files import TEMPLATES, staged_templates
    from xlbangfu.documents.papers.paper_list import PAPERS

    checked = read_checked(book, call, marks=False)

    folder = call.out or book.path.parent / TEMPLATES
    with staged_templates(PAPERS, folder, made=call.now) as staged:
        kept = len(PAPERS) - len(staged.files)
        there = f"，已有的 {kept} 份没有动" if kept else ""
        sentence = (
            f"{len(staged.files)} 份模板在文件夹“{folder.resolve().name}”{there}；用 Word 或 WPS 改字、改样式，花括号里的留着，"
            "以后的文书照它做；删掉一份，就又用程序自己的。"
        )
        outcome = outcome_of(
            "paper", checked, call, rows=len(staged.files), sentence=sentence, files=tuple(staged.files)
        )
        return write(book, call, outcome, checked, checked.sheets, stage=staged)


def source_of(book: Book, call: Call, checked: Checked, *, by_marks: bool = True) -> Source:
    """What the papers of today are filled from; 排名, 落实 and 进展 are reckoned only for one that is ``by_marks``."""
    from xlbangfu.documents.papers.paper_source import Source
    from xlbangfu.rules.ranking import rank

    school = checked.school
    ranking = rank(school) if by_marks else RANKING.empty()
    follow = followed(school, ranking) if by_marks else {}
    return Source(
        school=school,
        ranking=ranking,
        contacts=follow.get(CONTACTS, CONTACTS.empty()),
        progress=follow.get(PROGRESS, PROGRESS.empty()),
        awards=book.read(AWARDS)[AWARDS],
        made=call.now,
        month=month_of(call.option(MONTH), school.today),
        classes=call.option(CLASSES),
        there=_made_before(call.folder(book, "paper")),
    )


def _made_before(folder: Path) -> list[str]:
    """Names of the papers there; those that a program has open leave a file beside that is none."""
    return sorted(path.name for path in folder.glob("*.docx") if not path.name.startswith(("~", ".")))


def _summary(staged: Staged, out: Path) -> str:
    """What was made and who may read it, or why nothing was."""
    made, names = staged.made, [name for name, _ in staged.digests]
    if not made:
        return "；".join(_undone(staged)) + "。"
    told = f"在文件夹“{out.resolve().name}”，用 Word 或 WPS 打开，字可以改"
    if len(made) > 1:
        count = f"{len(made)} 种文书共 {len(names)} 份" if len(names) > len(made) else f"{len(made)} 份文书"
        return f"{count}{told}。{'；'.join(_by_readers(made))}。"
    first = f"“{names[0]}”" if len(names) == 1 else f"{len(names)} 份{made[0].name}"
    return f"{first}{told}；{made[0].readers}。"


def _by_readers(made: Sequence[Paper]) -> Iterator[str]:
    """Who may read which papers: those for outside together, those that stay inside together."""
    kinds = list(dict.fromkeys(one.readers for one in made))
    for readers, group in groupby(sorted(made, key=lambda one: kinds.index(one.readers)), lambda one: one.readers):
        yield f"{'、'.join(one.name for one in group)}：{readers}"


def _undone(staged: Staged) -> list[str]:
    return [f"没有做{one.name}：{why.rstrip('。')}" for one, why in staged.undone.items()]


def _details(staged: Staged, source: Source) -> tuple[str, ...]:
    """What was not made beside what was, and the names that were taken out."""
    undone = tuple(f"{told}。" for told in _undone(staged)) if staged.made else ()
    if not source.unnamed:
        return undone
    said = f"组织、保障、活动等里有 {len(set(source.unnamed))} 处写了学生姓名，文书里换成了“某同学”，请看一遍。"
    return (*undone, said)
