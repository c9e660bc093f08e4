"""质量分析 and 学校一页: sheets that are drawn as a whole from what was just worked out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import FOR_MARKS, ranks, read_checked
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.reporting import outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.catalog import QUALITY_EXAM
from xlbangfu.errors import BadArgument
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS, EXAMS, ORGANISATION, PROBLEMS, PROGRESS, QUALITY, SCHOOL_PAGE, SUPPORT

if TYPE_CHECKING:
    from xlbangfu.rules.class_quality import YearQuality


def quality(book: Book, call: Call) -> Outcome:
    """质量分析: the classes of each 年级 beside each other, in the latest exam or the one that was chosen (DOMAIN rule 3)."""
    from xlbangfu.documents.views import quality_view

    checked = read_checked(book, call, needs=FOR_MARKS)

    book.progress("比较各班", 0.5)
    years = _years(checked.school, call.option(QUALITY_EXAM))
    sheet = quality_view(years, checked.school.settings, today=checked.school.today, made=call.now)
    rows = sum(len(year.classes) for year in years)
    outcome = outcome_of("quality", checked, call, rows=rows, sentence=_quality_summary(years))

    book.show({QUALITY: sheet})
    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def school_page(book: Book, call: Call) -> Outcome:
    """学校一页: one page for the head, without a student's name."""
    from xlbangfu.documents.views import school_view
    from xlbangfu.rules.class_quality import quality as quality_of
    from xlbangfu.rules.head_questions import head_questions
    from xlbangfu.rules.school_report import finding, school_report

    checked = read_checked(book, call)
    told = book.read(ORGANISATION, SUPPORT)

    book.progress("汇总全校", 0.5)
    school, ranked = checked.school, ranks(checked.school)
    follow = followed(school, ranked.ranking)
    report = school_report(school, follow[CONTACTS], follow[PROGRESS])
    whole = School(school.settings, {**school.frames, **told}, school.today)
    questions = head_questions(whole, report, follow[CONTACTS], quality_of(school, ranked.figures))
    sheet = school_view(report, questions, school.settings, today=school.today, made=call.now)
    outcome = outcome_of(
        "school_page", checked, call, rows=len(questions), sentence=f"“学校一页”做好了：{finding(report)}"
    )

    book.show({SCHOOL_PAGE: sheet})
    return write(book, call, outcome, checked, {PROBLEMS: checked.sheet})


def _years(school: School, typed: str) -> Sequence[YearQuality]:
    """Raises BadArgument for an exam that no 年级 has figures of."""
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
