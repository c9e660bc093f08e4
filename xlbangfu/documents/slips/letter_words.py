"""The words of a letter: kind, plain, and without a number that could be compared with another child's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from xlbangfu.settings import Settings
from xlbangfu.settings.parsers import NOT_FOR_PARENTS

LEAPT, ROSE, STEADY, FELL, UNKNOWN = "显著进步", "进步", "稳定", "起伏", "无从比较"
_PROGRESS = {
    LEAPT: "比上一次有很大的进步",
    ROSE: "比上一次有进步",
    STEADY: "和上一次差不多，比较稳定",
    FELL: "有一些起伏，需要我们一起多关心",
    UNKNOWN: "这次先记下来，以后和自己的这一次比",
}
_HABITS = ((4.5, "表现很好，值得表扬"), (3.5, "表现良好"), (2.5, "总体不错，还可以更好"), (0.0, "正在努力养成好习惯"))
_MOST_HONOURS = 3
_LEFT_OVER = re.compile("^(?:学?生|学生的?)(?=.)|[（(]\\s*[）)]")


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


def level(day: date | None, kind: str | None, letter: str | None) -> str:
    """The level of the latest exam, or why there is none, which is nobody's fault."""
    if day is None:
        return "本学年还没有可以评等级的考试"
    exam = f"{day.year} 年 {day.month} 月{kind or ''}考试".replace("考考试", "考")
    return f"{letter} 等（{exam}）" if letter else f"{exam}没有全部参加，这一次不评等级"


def progress(mood: str, *, has_level: bool) -> str:
    return _PROGRESS[mood] if has_level else "下次考试之后再告诉您"


def habits(mean: float | None) -> str:
    """The behaviour marks (1 to 5) in words."""
    if mean is None:
        return "这段时间没有记录"
    return next(habit for least, habit in _HABITS if mean >= least)


def listed(honours: Sequence[str]) -> str:
    if not honours:
        return "每一点努力都算数，期待下一次"
    more = f" 等 {len(honours)} 项" if len(honours) > _MOST_HONOURS else ""
    return "、".join(honours[:_MOST_HONOURS]) + more


def encouragement(mood: str, settings: Settings) -> str:
    if mood in (LEAPT, ROSE):
        return settings.slip_risen
    return settings.slip_fallen if mood == FELL else settings.slip_steady


def advice(difficulty: str | None, settings: Settings) -> str:
    """What home can do, by 困难类型; the type itself is not named."""
    by_type = {
        "学习": settings.advice_study,
        "行为规范": settings.advice_conduct,
        "双重": settings.advice_both,
    }
    return by_type.get(difficulty or "", settings.advice_other)


def unbranded(text: str, public_name: str) -> str:
    """A text without the name of a list that the student is on, nor a place.

    >>> unbranded("优秀学困生奖学金", "重点关爱"), unbranded("重点关爱学生进步一等奖（第3名）", "重点关爱")
    ('优秀生奖学金', '进步一等奖')
    """
    if public_name:
        text = text.replace(public_name, "")
    return _LEFT_OVER.sub("", NOT_FOR_PARENTS.sub("", text)).strip()
