"""质量分析 and 学校一页: sheets that are drawn as a whole from what was just worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from xlbangfu.actions.call import Call, Outcome, folder_beside
from xlbangfu.actions.checked_school import FOR_MARKS, Checked, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.pdf_files import maker_on, staged_pdfs
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import PDF, QUALITY_EXAM
from xlbangfu.errors import BadArgument
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS, EXAMS, ORGANISATION, PROBLEMS, PROGRESS, QUALITY, SCHOOL_PAGE, SUPPORT, View

if TYPE_CHECKING:
    from xlbangfu.rules.class_quality import YearQuality


class Drawn(Struct, frozen=True, kw_only=True):
    """A view as a workbook of its one sheet; ``rows`` is how many classes or questions are on it."""

    view: View
    content: bytes
    rows: int
    sentence: str


def quality(book: Book, call: Call) -> Outcome:
    """质量分析: the classes of each 年级 beside each other, in the latest exam or the one that was chosen (DOMAIN rule 3)."""
    checked = read_checked(book, call, needs=FOR_MARKS)

    book.progress("比较各班", 0.5)
    return _show(book, call, "quality", checked, draw_quality(checked, call))


def briefing(book: Book, call: Call) -> Outcome:
    """学校一页: one page for the head, without a student's name."""
    checked = read_checked(book, call)

    book.progress("汇总全校", 0.5)
    return _show(book, call, "briefing", checked, draw_briefing(book, checked, call))


def draw_quality(checked: Checked, call: Call) -> Drawn:
    """Raises BadArgument for an exam that no 年级 has figures of."""
    from xlbangfu.documents.views import quality_view

    school = checked.school
    years = _years(school, call.option(QUALITY_EXAM))
    content = quality_view(years, school.settings, today=school.today, made=call.now)
    rows = sum(len(year.classes) for year in years)
    return Drawn(view=QUALITY, content=content, rows=rows, sentence=_quality_summary(years))


def draw_briefing(book: Book, checked: Checked, call: Call) -> Drawn:
    """组织 and 保障, which are not checked, are read for who answers."""
    from xlbangfu.documents.views import school_view
    from xlbangfu.rules.class_quality import quality as quality_of
    from xlbangfu.rules.head_questions import head_questions
    from xlbangfu.rules.school_report import finding, school_report

    school = checked.school
    told = book.read(ORGANISATION, SUPPORT)
    ranked = ranks(school)
    follow = followed(school, ranked.ranking)
    report = school_report(school, follow[CONTACTS], follow[PROGRESS])
    whole = School(school.settings, {**school.frames, **told}, school.today)
    questions = head_questions(whole, report, follow[CONTACTS], quality_of(school, ranked.figures))
    content = school_view(report, questions, school.settings, today=school.today, made=call.now)
    return Drawn(
        view=SCHOOL_PAGE, content=content, rows=len(questions), sentence=f"“学校一页”做好了：{finding(report)}"
    )


def _show(book: Book, call: Call, action: str, checked: Checked, drawn: Drawn) -> Outcome:
    """The view in the workbook, and as a PDF where one was asked for."""
    book.show({drawn.view: drawn.content})
    sheets = {PROBLEMS: checked.sheet}
    if not call.option(PDF):
        outcome = outcome_of(action, checked, call, rows=drawn.rows, sentence=drawn.sentence)
        return write(book, call, outcome, checked, sheets)
    with staged_pdfs({drawn.view: drawn.content}, [], folder_beside(book.path, "pdf"), maker_on(book)) as made:
        sentence = f"{drawn.sentence}PDF 在文件夹“{made.folder.name}”。"
        outcome = outcome_of(action, checked, call, rows=drawn.rows, sentence=sentence, files=tuple(made.files))
        return write(book, call, outcome, checked, sheets, stage=made)


def _years(school: School, typed: str) -> Sequence[YearQuality]:
    from xlbangfu.rules.class_quality import quality as quality_of

    chosen = typed or school.settings.quality_exam or ""
    years = quality_of(school, ranks(school).figures, chosen=chosen)
    if chosen and not years:
        where = "" if typed else "设置「质量分析考试」写的"
        known = "、".join(school[EXAMS]["考试编号"].drop_nulls().to_list()[-6:])
        raise BadArgument(
            f"{where}“{chosen}”没有可以分析的成绩；“考试”里最近的是 {known or '（还没有）'}，改好再做一次。"
        )
    return years


def _quality_summary(years: Sequence[YearQuality]) -> str:
    from xlbangfu.rules.quality_findings import headline

    if not years:
        return "还没有可以分析的考试：在“考试”登记、导入成绩以后再点。"
    return "“质量分析”做好了。" + "；".join(headline(year) for year in years) + "。"
