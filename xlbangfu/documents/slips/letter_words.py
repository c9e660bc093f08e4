"""The words of a letter: kind, plain, and without a number that could be compared with another child's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations

from xlbangfu.late_pattern import late_pattern
from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import NOT_FOR_PARENTS

LEAPT, ROSE, STEADY, FELL, UNKNOWN = "显著进步", "进步", "稳定", "起伏", "无从比较"
_RISEN = {LEAPT: "比上一次有很大的进步", ROSE: "比上一次有进步"}
_NOT_RISEN = {STEADY: "和自己的上一次差不多", FELL: "比自己的上一次有些起伏"}
_HABITS = {
    "学习态度": ("学习态度认真", "学习态度"),
    "作业": ("认真写作业", "写作业"),
    "纪律": ("遵守纪律", "守纪律"),
    "品德": ("待人有礼", "待人接物"),
    "参与": ("乐意参加集体活动", "参加活动"),
}
_MOST_HONOURS = 3
_LEFT_OVER = late_pattern("^(?:学?生|学生的?)(?=.)|[（(]\\s*[）)]")
_PIECES = 2  # of advice in a letter
_MOST_SUBJECTS, _WEAK = 2, "薄弱的地方"


def mood(points: float | None, lines: Sequence[float]) -> str:
    """Which words fit a change in percentile points (DOMAIN rule 9); ``lines`` are 「进展线」, a point at the last is below it.

    >>> [mood(points, (10, 3, -3)) for points in (10.0, 3.0, -2.9, -3.0, None)]
    ['显著进步', '进步', '稳定', '起伏', '无从比较']
    """
    if points is None:
        return UNKNOWN
    points = round(points, 6)
    leapt, rose, steady = lines
    return LEAPT if points >= leapt else ROSE if points >= rose else STEADY if points > steady else FELL


def exam_name(day: date, kind: str | None) -> str:
    """
    >>> exam_name(date(2026, 6, 24), "期末"), exam_name(date(2026, 3, 2), "月考")
    ('6月期末考试', '3月月考')
    """
    return f"{day.month}月{kind or ''}考试".replace("考考试", "考")


def risen(mood: str, subject: str | None) -> str:
    """What of the latest exam is good news: the whole, the subject that went up most, or nothing."""
    whole = _RISEN.get(mood, "")
    part = f"{subject}的进步{'最明显' if whole else '很明显'}" if subject else ""
    return "，".join(filter(None, (whole, part)))


def level(exam: str, letter: str | None, mood: str) -> str:
    """The level of the latest exam, or that it was not sat whole, which is nobody's fault; nothing without an exam."""
    if not exam:
        return ""
    if letter is None:
        return f"{exam}没有全部参加，这一次不评等级"
    change = _NOT_RISEN.get(mood, "")
    return f"{exam}：{letter}等" + (f"，{change}" if change else "")


def habits(good: Sequence[str], better: Sequence[str]) -> str:
    """Habits that were marked well and those that were marked better than the month before, by their names in 评价."""
    fine = "、".join(_HABITS[name][0] for name in good)
    improved = "、".join(_HABITS[name][1] for name in better if name not in good)
    return "，".join(filter(None, (fine, improved and f"{improved}比上个月好")))


def listed(honours: Sequence[str]) -> str:
    more = f"等{len(honours)}项" if len(honours) > _MOST_HONOURS else ""
    return "、".join(honours[:_MOST_HONOURS]) + more


def encouragements(mood: str, settings: Settings) -> tuple[str, ...]:
    """The ways to say how it went; those who are alike in it share them."""
    if mood in (LEAPT, ROSE):
        return settings.slip_risen
    return settings.slip_fallen if mood == FELL else settings.slip_steady


def intention(difficulty: str | None, subjects: Sequence[str], settings: Settings) -> str:
    """What teachers do next, by 困难类型, which is not named; nothing for one that 「家长信接下来」 has no words for."""
    said = dict(settings.slip_next).get(difficulty or "", "")
    return said and said.replace("{学科}", "、".join(subjects[:_MOST_SUBJECTS]) or _WEAK) + "。"


def advice(difficulty: str | None, subjects: Sequence[str], settings: Settings, turn: int) -> str:
    """What home can do, a line each: for the first of the weak subjects that there is advice for, then by 困难类型, which is not named.

    ``turn`` goes round the pairs of pieces that 「家庭建议」 has.
    """
    by_type = {
        "学习": settings.advice_study,
        "行为规范": settings.advice_conduct,
        "双重": settings.advice_both,
    }
    pieces = by_type.get(difficulty or "", settings.advice_other)
    pairs = list(combinations(pieces, _PIECES)) or [pieces]
    by_subject = dict(settings.advice_subjects)
    first = next((f"{name}：{by_subject[name]}" for name in subjects if name in by_subject), "")
    return listed_lines(filter(None, (first, *pairs[turn % len(pairs)])))


def listed_lines(items: Iterable[str]) -> str:
    """One a line, with a dot where there are several, and no sign at the end: in a cell that is full to the edge it would
    begin the next line.

    >>> listed_lines(["每天读书", "早睡"]), listed_lines(["早睡"])
    ('· 每天读书\\n· 早睡', '早睡')
    """
    every = list(items)
    return "\n".join(f"· {item}" for item in every) if len(every) > 1 else "".join(every)


def unbranded(text: str, public_name: str) -> str:
    """A text without the name of a list that the student is on, nor a place.

    >>> unbranded("优秀学困生奖学金", "重点关爱"), unbranded("重点关爱学生进步一等奖（第3名）", "重点关爱")
    ('优秀生奖学金', '进步一等奖')
    """
    if public_name:
        text = text.replace(public_name, "")
    return _LEFT_OVER.sub("", NOT_FOR_PARENTS.sub("", text)).strip()
