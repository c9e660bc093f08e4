"""What free text may take out of the office (DOMAIN, Privacy).

Goals and exam names are typed by staff, so a word meant for the office may stand in them. The word 学困 becomes
「对外称谓」; a clause about home, health or a telephone number is left out, and so is what stands between 〔内部： and 〕; the
page says that it was.
"""

from __future__ import annotations

from functools import lru_cache

from xlbangfu.late_pattern import late_pattern
from xlbangfu.rules.difficulty_causes import CLOSE, OPEN
from xlbangfu.schema import SEPARATOR

INSIDE_WORD = "学困"
LEFT_OUT = "（略，见总表）"

_PRIVATE = late_pattern(
    "留守|家庭|家境|贫困|困难户|低保|建档立卡|单亲|离异|离婚|孤儿|父亲|母亲|父母|爸爸|妈妈|爷爷|奶奶|外公|外婆|监护人|代管家长"
    "|住址|地址|电话|手机|健康|身体|情绪|疾病|患病|生病|住院|服药|抑郁|焦虑|残疾|心理"
    r"|\d{7,}"
)
_INSIDE = late_pattern(
    rf"[；;，,]?\s*{OPEN[:-1]}[：:][^{CLOSE}]*{CLOSE}?"
)  # one that was not closed goes on to the end
_PARTS = late_pattern(r"[、，,；;。！!\n]+")
_CLAUSES = late_pattern(r"[^，,。；;！!\n]+[，,。；;！!\n]*")


def neutral(text: str | None, public_name: str) -> str:
    """Text with the outside word in place of the inside one.

    >>> neutral("学困生摸底", "重点关爱")
    '重点关爱生摸底'
    """
    return (text or "").replace(INSIDE_WORD, public_name)


@lru_cache(maxsize=256)
def goal(text: str | None, public_name: str) -> str:
    """A goal without its clauses about home, health or telephone numbers.

    >>> goal("数学及格，多与留守在家的奶奶沟通", "重点关爱")
    '数学及格，（略，见总表）'
    """
    told = _INSIDE.sub("", text or "")
    kept = _public(told) if _PRIVATE.search(told) else told
    return neutral(kept.strip() + LEFT_OUT if kept != text and text else text, public_name)


def causes(text: str | None, public_name: str) -> str:
    """成因 without the causes about home, feelings and health, each part by itself.

    >>> causes("基础薄弱、家庭陪伴少、学习方法", "重点关爱")
    '基础薄弱、学习方法（略，见总表）'
    """
    told = _INSIDE.sub("", text or "")
    kept = SEPARATOR.join(part for part in _PARTS.split(told) if part and not _PRIVATE.search(part))
    left_out = told != (text or "") or _PRIVATE.search(told)
    return neutral(kept + LEFT_OUT if left_out else text, public_name)


def _public(text: str) -> str:
    return "".join(clause for clause in _CLAUSES.findall(text) if not _PRIVATE.search(clause))
