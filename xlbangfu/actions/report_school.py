"""上报: the school's return to the bureau (DOMAIN rule 14)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from xlbangfu.actions.call import Call, Outcome
from xlbangfu.actions.checked_school import Checked, read_checked
from xlbangfu.actions.reporting import codes_of, outcome_of, write
from xlbangfu.book.port import Book
from xlbangfu.errors import BadArgument, WrongWorkbook
from xlbangfu.schema import DEFECTS, PROBLEMS, RETURNED, Defect

if TYPE_CHECKING:
    from xlbangfu.documents.bureau_return import BureauReturn


def report(book: Book, call: Call) -> Outcome:
    """上报: a file of counts for the bureau, and what was given in 上报记录."""
    from xlbangfu.documents.bureau_return import staged_return

    checked, out = read_checked(book, call), call.folder(book, "return")
    sent = _sent(book)

    book.progress("数各项指标", 0.5)
    made = return_of(checked, sent, call.now)
    with staged_return(made, out) as staged:
        sentence = f"{_summary(made)}文件“{staged.path.name}”在文件夹“{out.resolve().name}”，看过再交。"
        rows = made.figures.height
        outcome = outcome_of("return", checked, call, rows=rows, sentence=sentence, files=(staged.path,))
        book.append(RETURNED, _entries(made))
        codes = codes_of([(staged.path.stem, staged.digest)])
        return write(book, call, outcome, checked, {PROBLEMS: checked.sheet}, codes=codes, stage=staged.stage)


def return_of(checked: Checked, sent: pl.DataFrame, now: datetime) -> BureauReturn:
    """The return of a workbook; ``sent`` is its 上报记录. Raises BadArgument where it has no 学校代码."""
    from xlbangfu.documents.bureau_return import BureauReturn
    from xlbangfu.documents.privacy import neutral
    from xlbangfu.rules.contacts import made_and_owed
    from xlbangfu.rules.indicators import return_figures, school_figures
    from xlbangfu.rules.progress import steps
    from xlbangfu.rules.ranking import standings
    from xlbangfu.rules.school import School

    school = checked.school
    settings = school.settings
    if not settings.school_code:
        raise BadArgument("还没有填学校代码：请在“设置”的「学校代码」填教育局认学校的代码（一般是 10 位），再做一次。")
    whole = School(settings, {**school.frames, DEFECTS: checked.frames[DEFECTS]}, school.today)
    counted = school_figures(whole, made_and_owed(school), steps(school, standings(school)))
    return BureauReturn(
        code=settings.school_code,
        school=neutral(settings.school, settings.public_name),
        stage=settings.stage,
        term=settings.term,
        day=school.today,
        made=now.replace(microsecond=0),
        errors=checked.errors,
        figures=return_figures(counted, sent, term=settings.term, today=school.today),
    )


def _sent(book: Book) -> pl.DataFrame:
    """上报记录. Raises WrongWorkbook where there is none: without it small changes from month to month could be told."""
    frames = book.read(RETURNED)
    gone = frames[DEFECTS].filter(
        pl.col("工作表") == RETURNED.name, pl.col("缺陷").is_in((Defect.MISSING_SHEET, Defect.NOT_YET_SHEET))
    )
    if gone.height:
        raise WrongWorkbook(
            f"总表里没有“{RETURNED.name}”这张表，这次没有做；请先升级总表（xlbangfu upgrade），再做一次。"
        )
    return frames[RETURNED]


def _entries(made: BureauReturn) -> pl.DataFrame:
    rows = made.figures.with_columns(时间=pl.lit(made.made), 学期=pl.lit(made.term))
    return rows.select(pl.col(name).cast(dtype) for name, dtype in RETURNED.frame_schema.items())


def _summary(made: BureauReturn) -> str:
    from xlbangfu.rules.indicators import HIDDEN, WHOLE

    whole = made.figures.filter(pl.col("群体") == WHOLE)
    dropouts, tracked = (whole.filter(pl.col("编号") == number)["分子"][0] for number in ("K1", "B2"))
    hidden = made.figures.filter(pl.col("说明") == HIDDEN).height
    return f"上报文件做好了：本学期辍学 {dropouts} 人，帮扶学生 {tracked} 人；特殊群体的数有 {hidden} 个按规定不给。"
