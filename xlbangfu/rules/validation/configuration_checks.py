"""设置 and 科目: what the other rules count with."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from xlbangfu.rules.validation import checks
from xlbangfu.rules.validation.problem_rows import Rule, flagged, found, whole
from xlbangfu.rules.validation.sheet_checks import Sheets
from xlbangfu.schema import CLASSES, ROSTER, ROW, SETTINGS, SUBJECTS
from xlbangfu.settings.parsers import MAIL_SMTP

MAIL_TEXTS = ("邮件主题", "邮件正文", "催交主题", "催交正文")
PERIODS = (("学年开始", "year_start", "学年结束", "year_end"), ("学期开始", "term_start", "学期结束", "term_end"))


def problems(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Settings that cannot be used, periods that end before they start, lines out of order, 年级 without 科目."""
    yield from _bad_settings(sheets)
    if not sheets.remarks:
        return
    yield from _periods(sheets)
    yield from _key_line(sheets)
    yield from _mailbox(sheets)
    yield from _students_in_mails(sheets)
    yield from flagged(SUBJECTS, sheets[SUBJECTS], (_lines(), *_unknown_grades(sheets)))
    yield from _grades_without_subjects(sheets)


def _bad_settings(sheets: Sheets) -> Iterator[pl.DataFrame]:
    if not sheets.school.settings.bad:
        return
    schema = {ROW: pl.Int64, "_item": pl.String, "_why": pl.String}
    bad = pl.DataFrame(sheets.school.settings.bad, schema=schema, orient="row")
    rows = bad.join(sheets[SETTINGS], on=ROW, how="left", maintain_order="left")
    yield found(checks.BAD_SETTING, SETTINGS, rows, "值", item=pl.col("_item"), why=pl.col("_why"))


def _periods(sheets: Sheets) -> Iterator[pl.DataFrame]:
    for start_item, start, end_item, end in PERIODS:
        first, last = getattr(sheets.school.settings, start), getattr(sheets.school.settings, end)
        if first >= last:
            slots = {"item": end_item, "other": start_item, "limit": str(first), "value": str(last)}
            rows = sheets[SETTINGS].filter(pl.col("项目") == end_item)
            if rows.height:
                yield found(checks.SETTING_ORDER, SETTINGS, rows, "值", **slots)
            else:
                yield whole(checks.SETTING_ORDER, SETTINGS, "值", **slots)


def _key_line(sheets: Sheets) -> Iterator[pl.DataFrame]:
    settings = sheets.school.settings
    if settings.key_share <= settings.screening_share:
        return
    key, listed = (f"{round(share * 100, 6):g}%" for share in (settings.key_share, settings.screening_share))
    rows = sheets[SETTINGS].filter(pl.col("项目") == "重点百分位")
    if rows.height:
        yield found(checks.KEY_ABOVE_SCREENING, SETTINGS, rows, "值", key=key, listed=listed)
    else:
        yield whole(checks.KEY_ABOVE_SCREENING, SETTINGS, "值", key=key, listed=listed)


def _mailbox(sheets: Sheets) -> Iterator[pl.DataFrame]:
    settings = sheets.school.settings
    if settings.mail_way == MAIL_SMTP and not settings.mail_address:
        yield found(checks.NO_MAILBOX, SETTINGS, sheets[SETTINGS].filter(pl.col("项目") == "发信方式"), "值")


def _students_in_mails(sheets: Sheets) -> Iterator[pl.DataFrame]:
    """Templates of mails that name a student; a name of one letter would be found in every sentence."""
    words = sheets[SETTINGS].filter(pl.col("项目").is_in(MAIL_TEXTS)).drop_nulls("值")
    said = "\n".join(words["值"])
    known = (name.strip() for name in sheets[ROSTER]["姓名"].drop_nulls().to_list())
    names = sorted({name for name in known if len(name) > 1 and name in said})
    if not names:
        return
    rows = words.with_columns(_name=pl.col("值").str.extract_many(names).list.first()).drop_nulls("_name")
    if rows.height:
        yield found(checks.STUDENT_IN_MAIL, SETTINGS, rows, "值", item=pl.col("项目"), name=pl.col("_name"))


def _lines() -> Rule:
    full, excellent, passing, low = (pl.col(name) for name in ("满分", "优秀线", "及格线", "低分线"))
    return Rule(
        check=checks.LINES,
        when=(excellent > full) | (passing >= excellent) | (low >= passing) | (low > full),
        column="优秀线",
        slots={"excellent": excellent, "passing": passing, "low": low, "full": full},
    )


def _unknown_grades(sheets: Sheets) -> Iterator[Rule]:
    grades = sheets[CLASSES]["年级"].drop_nulls().unique()
    if grades.len():
        yield Rule(check=checks.GRADE_UNKNOWN, when=~pl.col("年级").is_in(grades.implode()), column="年级")


def _grades_without_subjects(sheets: Sheets) -> Iterator[pl.DataFrame]:
    taught = sheets.clean(SUBJECTS)["年级"]
    if not taught.len() or taught.null_count():
        return
    classes = sheets[CLASSES]
    bare = classes.filter(~pl.col("年级").is_in(taught.implode())).unique("年级", keep="first", maintain_order=True)
    if bare.height:
        yield found(checks.GRADE_WITHOUT_SUBJECTS, CLASSES, bare, "年级")
