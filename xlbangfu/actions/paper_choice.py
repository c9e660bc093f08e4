"""Which papers, and of which month: what was typed, or what staff answer."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from xlbangfu.actions.call import Call
from xlbangfu.catalog import ALL_PAPERS, PAPER, PAPERS
from xlbangfu.errors import BadArgument
from xlbangfu.late_pattern import late_pattern

if TYPE_CHECKING:
    from xlbangfu.documents.papers.paper import Paper

TEMPLATES_WORD = "模板"
_BETWEEN = late_pattern(r"[\s、，,；;。.+]+")


def wanted_papers(call: Call) -> tuple[str, ...]:
    """What was typed, or answered, word by word; none where staff thought better of it. Raises BadArgument where nobody can be asked."""
    typed = call.option(PAPER)
    if not typed and not call.can_ask:
        raise BadArgument(f"请在总表后面写做哪几份文书：{'、'.join(PAPERS)}，或者写 {ALL_PAPERS}。")
    answers = typed or (call.asks(_question()),)
    return tuple(word for answer in answers for word in _BETWEEN.split(answer) if word)


def _question() -> str:
    choices = "\n".join(f"{number} {name}" for number, name in enumerate(PAPERS, 1))
    return (
        f"做哪几份？写编号或名字，几份用顿号隔开，如 1、3：\n{choices}\n"
        f"{ALL_PAPERS} 都做一份\n{TEMPLATES_WORD} 拿出来改字、改样子\n"
    )


def chosen_papers(words: tuple[str, ...]) -> tuple[Paper, ...]:
    """By number, name or title, each once, in the order of a school year. Raises BadArgument for one that there is not."""
    from xlbangfu.documents.papers.paper_list import PAPERS as LISTED

    meant = {word: one for number, one in enumerate(LISTED, 1) for word in (str(number), one.name, one.title)}
    if ALL_PAPERS in words:
        meant[ALL_PAPERS] = LISTED[0]
    if unknown := [word for word in words if word not in meant]:
        raise BadArgument(_unknown(unknown[0]))
    return tuple(one for one in LISTED if ALL_PAPERS in words or one in {meant[word] for word in words})


def _unknown(word: str) -> str:
    if word == TEMPLATES_WORD:
        return f"“{TEMPLATES_WORD}”要单独做，文书再做一次。"
    return f"没有“{word}”这份文书；可以做的是 {'、'.join(PAPERS)}，或者写 {ALL_PAPERS}，再做一次。"


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
