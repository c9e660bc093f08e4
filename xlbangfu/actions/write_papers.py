"""文书: Word papers filled from the workbook, one kind at a time (DOMAIN rule 12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.pdf_files import paper_pdfs_if_wanted
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import CLASSES, MONTH, PAPER
from xlbangfu.errors import BadArgument
from xlbangfu.schema import AWARDS, CONTACTS, PROGRESS, RANKING

if TYPE_CHECKING:
    from xlbangfu.documents.papers.paper import Paper
    from xlbangfu.documents.papers.paper_source import Source

TEMPLATES_WORD = "模板"


def paper(book: Book, call: Call) -> Outcome | None:
    """One kind of paper, after asking which; None if staff thought better of it."""
    from xlbangfu.documents.papers.paper_files import TEMPLATES, staged_papers

    wanted = _wanted(call)
    if wanted is None:
        return None
    if wanted == TEMPLATES_WORD:
        return templates(book, call)
    chosen, make_pdfs = _chosen(wanted), paper_pdfs_if_wanted(book, call)
    checked, out = read_checked(book, call, marks=chosen.by_marks), call.folder(book, "paper")

    book.progress(f"写{chosen.name}", 0.5)
    source = source_of(book, call, checked, by_marks=chosen.by_marks)
    files = chosen.fills(source)
    if not files:
        return _nothing(book, call, checked, chosen)
    with staged_papers(
        chosen,
        files,
        source,
        out,
        book.path.parent / TEMPLATES,
        progress=lambda share: book.progress(f"写{chosen.name}", 0.5 + 0.2 * share),
        pdfs=make_pdfs,
    ) as staged:
        outcome = outcome_of(
            "paper",
            checked,
            call,
            rows=len(files),
            sentence=_summary(chosen, [name for name, _ in staged.digests], out),
            files=staged.files,
            details=_details(source),
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

    school = checked.school
    ranking = ranks(school).ranking if by_marks else RANKING.empty()
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


def _made_before(folder: Path) -> tuple[str, ...]:
    """Names of the papers there; those that a program has open leave a file beside that is none."""
    return tuple(sorted(path.name for path in folder.glob("*.docx") if not path.name.startswith(("~", "."))))


def month_of(typed: str, today: date) -> date:
    """The first day of the month that was typed, else of today's. Raises BadArgument.

    >>> month_of("2026-6", date(2026, 9, 1)), month_of("", date(2026, 9, 8))
    (datetime.date(2026, 6, 1), datetime.date(2026, 9, 1))
    """
    if not typed:
        return today.replace(day=1)
    found = re.fullmatch(r"(20\d\d)[-年./](0?[1-9]|1[0-2])月?", typed.strip())
    if not found:
        raise BadArgument(f"--month 后面写年和月，如 {today:%Y-%m}；“{typed}”看不懂，改好再做一次。")
    return date(int(found[1]), int(found[2]), 1)


def _wanted(call: Call) -> str | None:
    """What was typed, or answered; None for no answer."""
    if typed := call.option(PAPER):
        return typed
    if not call.can_ask:
        raise BadArgument(f"请在总表后面写做哪一份文书：{'、'.join(_names())}。")
    choices = "\n".join(f"{number} {name}" for number, name in enumerate((*_names(), TEMPLATES_WORD), 1))
    return call.asks(f"做哪一份？写编号或名字（模板 = 拿出来改样子）：\n{choices}\n").strip() or None


def _chosen(wanted: str) -> Paper:
    """By its number or name. Raises BadArgument."""
    from xlbangfu.documents.papers.paper_list import PAPERS

    for number, one in enumerate(PAPERS, 1):
        if wanted in (str(number), one.name, one.title):
            return one
    raise BadArgument(f"没有“{wanted}”这份文书；可以做的是 {'、'.join(_names())}，再点一次。")


def _names() -> Sequence[str]:
    from xlbangfu.catalog import PAPERS

    return PAPERS


def _summary(chosen: Paper, names: Sequence[str], out: Path) -> str:
    first = f"“{names[0]}”" if len(names) == 1 else f"{len(names)} 份{chosen.name}"
    return f"{first}在文件夹“{out.resolve().name}”，用 Word 或 WPS 打开，字可以改；{chosen.readers}。"


def _details(source: Source) -> tuple[str, ...]:
    if not source.unnamed:
        return ()
    return (f"组织、保障、活动等里有 {len(set(source.unnamed))} 处写了学生姓名，文书里换成了“某同学”，请看一遍。",)


def _nothing(book: Book, call: Call, checked: Checked, chosen: Paper) -> Outcome:
    outcome = outcome_of("paper", checked, call, rows=0, sentence=f"没有做{chosen.name}：{chosen.nothing}")
    return write(book, call, outcome, checked, checked.sheets)
