"""How far one student came, said once: the word of 进展, the places and the prize of one exam, none against another.

进展 decides which way it went (DOMAIN rule 9). Places in the 年级 are told only where they go the same way: they may not, for
进展 looks at the share of the 年级 below and at behaviour. A prize is won among the students looked after (rule 5); where 进展
is not better, the page says among whom.
"""

from __future__ import annotations

from typing import NamedTuple

from xlbangfu.rules.progress import BETTER, FELL, STEADY, UNKNOWN

ABSENT, NO_BASELINE, LATER = "未参加", "无基线", "从下次考试起比"


class Step(NamedTuple):
    """The row of 进展 that speaks for a student: of which exam (None: of none), the word, whether 转化 is proposed, and
    which way behaviour moved it (−1, 0, 1)."""

    exam: str | None
    word: str
    ready: bool = False
    moved: int = 0


class Sat(NamedTuple):
    """A student's row of 排名 for the latest exam of the class: places gained in the 年级, None without a baseline."""

    exam: str
    kind: str
    ranked: bool
    gained: int | None
    note: str | None


class Verdict(NamedTuple):
    """``step`` is the bare word, ``status`` what is shown of it; ``prize`` is named as 荣誉 names it, and ``basis`` says
    among whom it was won where that has to be said."""

    step: str
    status: str
    change: str
    prize: str
    basis: str


def verdict(sat: Sat | None, step: Step | None, prize: str, *, kind_of_step: str, public_name: str) -> Verdict:
    """What the page tells; ``prize`` is of the exam ``sat``, ``kind_of_step`` the kind of the exam that 进展 speaks of."""
    current = step is not None and step.exam is not None and sat is not None and step.exam == sat.exam
    better = _better(sat, step)
    return Verdict(
        step=step.word if step else "",
        status=_status(step, "" if current else kind_of_step),
        change=_change(sat, step, current=current),
        prize=f"{sat.kind}进步{prize}" if sat and prize else "",
        basis="" if better or not prize else f"{public_name}学生之间",
    )


def _better(sat: Sat | None, step: Step | None) -> bool:
    if step is not None:
        return step.word in BETTER
    return sat is not None and (sat.gained or 0) > 0


def _status(step: Step | None, kind: str) -> str:
    if step is None:
        return ""
    of = f"（{kind}）" if kind and step.word != UNKNOWN else ""
    return step.word + of + ("\n可商议转化" if step.ready else "")


def _change(sat: Sat | None, step: Step | None, *, current: bool) -> str:
    """The student's own change in words, never a place: positive is progress."""
    if sat is None:
        return ABSENT
    if not sat.ranked:
        return sat.note or "未排"
    if step is not None and not current:
        return LATER if step.exam is None else ""
    if sat.gained is None:
        return NO_BASELINE
    return _places(sat.gained) if step is None else _in_agreement(sat.gained, step)


def _in_agreement(gained: int, step: Step) -> str:
    """The places where they go the way of the word, else what moved the word."""
    if (gained > 0 and step.word in BETTER) or (gained < 0 and step.word == FELL):
        return _places(gained)
    if step.moved > 0 and step.word != FELL:
        return "行为评价上升"
    if step.moved < 0 and step.word not in BETTER:
        return "行为评价下降"
    return _places(0) if gained == 0 and step.word == STEADY else ""


def _places(gained: int) -> str:
    return f"进步 {gained} 名" if gained > 0 else f"退步 {-gained} 名" if gained < 0 else "持平"
