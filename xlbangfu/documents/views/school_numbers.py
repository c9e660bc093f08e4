"""The six numbers of 学校一页, each with what it was before."""

from __future__ import annotations

from msgspec import Struct

from xlbangfu.rules.school_report import SchoolReport, whole_percent

PERCENT = '0"%"'


class Number(Struct, frozen=True, kw_only=True):
    """``act`` says that someone must do something about it; a value that is not known is a dash."""

    label: str
    value: int | None
    note: str
    format: str = "0"
    act: bool = False

    @property
    def shown(self) -> int | str:
        return "–" if self.value is None else self.value


def numbers_of(report: SchoolReport) -> list[Number]:
    """In the order in which they are read: people, work, what came of it."""
    now, before = report.contacts, report.contacts_before
    better, better_before = whole_percent(report.progress.rate), whole_percent(report.progress_before.rate)
    rate, rate_before = whole_percent(now.rate), whole_percent(before.rate)
    return [
        Number(
            label="在帮扶（人）", value=report.tracked, note=_moved("学期初", report.tracked_before, report.tracked)
        ),
        Number(
            label=f"过期的帮扶（项，{now.students} 人）",
            value=now.overdue,
            note=_moved("一周前", before.overdue, now.overdue),
            act=now.overdue > 0,
        ),
        Number(label="落实率", value=rate, note=_moved("一周前", rate_before, rate, "%"), format=PERCENT),
        Number(label="有进步", value=better, note=_moved("上次考试", better_before, better, "%"), format=PERCENT),
        Number(label="可以转化（人）", value=report.ready, note=f"本学期已转化 {report.turned} 人"),
        Number(
            label="本学期辍学（人）",
            value=report.dropouts,
            note=_at_risk(report),
            act=report.dropouts + report.suspected > 0,
        ),
    ]


def _at_risk(report: SchoolReport) -> str:
    if not report.suspected and not report.recalled:
        return "应当是 0；没有疑似的"
    return f"疑似 {report.suspected} 人，劝返中 {report.recalled} 人"


def _moved(when: str, before: int | None, now: int | None, unit: str = "") -> str:
    """How it was, and the difference as it is read from the two.

    >>> _moved("一周前", 80, 91, "%")
    '一周前 80%（▲11）'
    """
    if before is None:
        return f"{when}没有数"
    change = (now or 0) - before
    moved = f"（{'▲' if change > 0 else '▼'}{abs(change)}）" if change and now is not None else "（没有变）"
    return f"{when} {before}{unit}{moved}"
