"""设置 of the next term: its year, its days, and nothing that was set for one exam or day of the last."""

from __future__ import annotations

from datetime import date, timedelta

from xlbangfu.errors import BadArgument
from xlbangfu.rules.new_term.terms import SchoolTerm
from xlbangfu.settings import Settings, declared

EARLY = timedelta(days=31)  # before a term's last day the next one may be made
_CLEARED = ("计算日期", "质量分析考试", "评优时段")


def next_term_of(settings: Settings, today: date) -> SchoolTerm:
    """The term after the one in 设置. Raises BadArgument where that cannot be told, or is not over yet."""
    term = SchoolTerm.of(settings.term)
    if term is None:
        raise BadArgument(
            f"设置「学期」写的“{settings.term}”看不出是哪个学期，没有做；请改成 2025-2026上 这样，再做一次。"
        )
    if settings.school_year != term.school_year:
        raise BadArgument(
            f"设置「学年」是 {settings.school_year}，「学期」是 {settings.term}，对不上，没有做；请改对，再做一次。"
        )
    if today < settings.term_end - EARLY:
        raise BadArgument(
            f"{settings.term} 到 {settings.term_end} 才结束，还没到开新学期的时候，没有做；「学期结束」写错了的话请先改对。"
        )
    return term.next


def check_days(settings: Settings, term: SchoolTerm, days: tuple[date, date]) -> None:
    """Raise BadArgument for days that the next term cannot have."""
    first, last = days
    if first <= settings.term_end:
        raise BadArgument(
            f"新学期第一天 {first} 要在 {settings.term} 最后一天 {settings.term_end} 之后，没有做；请把日子写对，再做一次。"
        )
    if not term.may_begin(first):
        raise BadArgument(f"{term.text} 不会在 {first} 开学，没有做；请把新学期的日子写对，再做一次。")
    if last <= first or last - first > timedelta(days=250):
        raise BadArgument(f"新学期从 {first} 到 {last} 不像一个学期，没有做；请把日子写对，再做一次。")


def next_settings(settings: Settings, term: SchoolTerm, days: tuple[date, date]) -> dict[str, str | None]:
    """值 by 项目 of what the next term sets anew; None empties the cell."""
    usual = {item.name: item.default or None for item in declared()}
    first, last = days
    year = (
        (date(term.year, 9, 1), date(term.year + 1, 7, 15))
        if term.begins_a_year
        else (
            settings.year_start,
            settings.year_end,
        )
    )
    return {
        "学年": term.school_year,
        "学期": term.text,
        "学年开始": f"{min(year[0], first)}",
        "学年结束": f"{max(year[1], last)}",
        "学期开始": f"{first}",
        "学期结束": f"{last}",
        **{name: usual[name] for name in _CLEARED},
    }
