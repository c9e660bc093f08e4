"""Which numbers of the tables by 特殊群体 are given (DOMAIN rule 14): none of them, alone or with others, tells of one child or two.

What is known to whoever reads: the school's totals, which are exact; that every student of an indicator is among those of
the one it is ``within``; the returns before this one in the term; these rules. So

* 1 and 2 are not given, and are treated alike in everything, so that what else is given never tells which it was;
* an indicator of which the school has 1 or 2, or all but 1 or 2, or as many as of one it is within, is not split at all;
* nor is the number given of a group that is all of the school: the school's totals, and how they change, would be its own;
* a number is not given that differs by 1 or 2 from the school's total, or from that of the group in an indicator it is
  within; nor where the group is so large that it must hold some of them;
* a number that was given once in the term stays, with its day, until one may be given that differs by 3 or more, while the
  rest of the school has changed by none or by 3 or more; where none was given so far, the first is 5 or more. What only
  grows must have been able to grow by that much since the latest return: else it would tell what was left out then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.rules.indicators.indicators import SPLIT, Indicator, ancestors

SMALL = (1, 2)
_CHANGE = 3  # the least change that is told
_REAPPEARS = max(SMALL) + _CHANGE


class Cell(Struct, frozen=True):
    """One number of a table as it was given: the day it is of and the school's total on it, and the total of the ``latest``
    return. ``number`` is None while none was given; then it is the day of that return."""

    number: int | None
    day: date
    total: int
    latest: int


def give(now: Mapping[str, int], totals: Mapping[str, int], before: Mapping[str, Cell], today: date) -> dict[str, Cell]:
    """The cells of one 特殊群体: ``now`` is the exact number of each indicator, ``totals`` the school's, ``before`` what the term's
    returns gave last."""
    whole = _splittable(totals)
    told: dict[str, Cell] = {}
    for indicator in SPLIT:
        name = indicator.number
        if name in now:
            fresh = Cell(now[name], today, totals[name], totals[name])
            may = name in whole and _may_follow(indicator, fresh, before.get(name))
            told[name] = (
                fresh if may and not _tells(indicator, now, totals, told) else _as_before(before.get(name), fresh)
            )
    return told


def _as_before(before: Cell | None, fresh: Cell) -> Cell:
    if before is None or before.number is None:
        return replace(fresh, number=None)
    return replace(before, latest=fresh.total)


def _splittable(totals: Mapping[str, int]) -> set[str]:
    """The indicators that are split at all, by what everybody knows."""
    return {
        one.number
        for one in SPLIT
        if one.number in totals
        and totals[one.number] not in SMALL
        and not any(totals[above.number] - totals[one.number] in SMALL for above in _known(ancestors(one), totals))
    } - _alike(totals)


def _alike(totals: Mapping[str, int]) -> set[str]:
    """Indicators of which the school has as many as of one they are within: the number of one would be that of the other."""
    pairs = ((one.number, above.number) for one in _known(SPLIT, totals) for above in _known(ancestors(one), totals))
    return {name for pair in pairs if 0 < totals[pair[0]] == totals[pair[1]] for name in pair}


def _known(indicators: Iterable[Indicator], counts: Mapping[str, object]) -> list[Indicator]:
    return [one for one in indicators if one.number in counts]


def _may_follow(indicator: Indicator, fresh: Cell, before: Cell | None) -> bool:
    """Whether the number may be given after what was given before."""
    number = fresh.number or 0
    if number in SMALL or before is None:
        return number not in SMALL
    if indicator.grows and number - (before.number or 0) > fresh.total - before.latest:
        return False
    if before.number is None:
        return number >= _REAPPEARS
    change = number - before.number
    return abs(change) >= _CHANGE and abs(fresh.total - before.total - change) not in SMALL


def _tells(indicator: Indicator, now: Mapping[str, int], totals: Mapping[str, int], told: Mapping[str, Cell]) -> bool:
    """Whether the number, beside the totals and those that are given already, tells of one or two."""
    number, total = now[indicator.number], totals[indicator.number]
    above = [(told[one.number].number, totals[one.number] - total) for one in _known(ancestors(indicator), now)]
    given = [(whole, rest) for whole, rest in above if whole is not None]  # what is not given must not decide
    return (
        total - number in SMALL
        or 0 < number == total  # all totals would be the group's
        or any(number > whole or whole - number in SMALL or 0 < rest <= whole for whole, rest in given)
    )
