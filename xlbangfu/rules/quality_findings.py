"""What 质量分析 says in words before its numbers: which class is lowest, which fell most, where classes differ most.

Each sentence is worked out from the rounded figures of the sheet, so that it never says other than they do. Classes that are
equal are named together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xlbangfu.rules.class_quality import MEAN, YearQuality
from xlbangfu.rules.exam_papers import TOTAL

MOST_NAMED = 3
Named = tuple[str, float]


def headline(quality: YearQuality) -> str:
    """The title of a 年级: how many classes are above it, and which is furthest below."""
    return f"{quality.year} {quality.exam.kind}：{_of_classes(quality)}"


def remarks(quality: YearQuality) -> list[str]:
    """What else there is to say, a sentence each: the class that fell most since last time, the one that rose most, and the
    subject in which classes differ most."""
    changes = [(name, change) for name in quality.classes if (change := quality.change(MEAN, name)) is not None]
    fell, rose = extreme(changes, min), extreme(changes, max)
    said = [
        f"比上次退得最多：{_names(fell)}（{signed(fell[0][1])}）" if fell and fell[0][1] < 0 else "",
        f"进得最多：{_names(rose)}（{signed(rose[0][1])}）" if rose and rose[0][1] > 0 else "",
        _widest_subject(quality),
    ]
    return [sentence for sentence in said if sentence]


def extreme(pairs: Iterable[Named], which: Callable[..., Named]) -> list[Named]:
    """All that share the lowest (``min``) or highest (``max``) number.

    >>> extreme([("1班", -2.0), ("2班", 1.0), ("3班", -2.0)], min)
    [('1班', -2.0), ('3班', -2.0)]
    """
    found = list(pairs)
    if not found:
        return []
    edge = which(found, key=lambda pair: pair[1])[1]
    return [pair for pair in found if pair[1] == edge]


def signed(number: float) -> str:
    """A difference in one place with its sign as the sheet has it.

    >>> signed(-26.5), signed(4.9), signed(0.0)
    ('▼26.5', '▲4.9', '–')
    """
    return f"{'▲' if number > 0 else '▼'}{abs(number):.1f}" if number else "–"


def _of_classes(quality: YearQuality) -> str:
    compared = quality.compared
    if len(compared) < 2:
        return "只有一个班有总分，没有可比的班" if compared else "没有一个班有总分"
    lowest = extreme(compared, min)
    if not lowest[0][1] < 0:
        return f"{len(compared)} 个班总分一样"
    above = sum(difference > 0 for _, difference in compared)
    return f"{len(compared)} 个班里 {above} 个总分高于年级；{_names(lowest)}低得最多（{signed(lowest[0][1])}）"


def _widest_subject(quality: YearQuality) -> str:
    spans = [(subject, *_ends(quality, subject)) for subject in quality.subjects if subject != TOTAL]
    known = [(subject, lowest, highest) for subject, lowest, highest in spans if lowest and highest]
    widest = extreme(((subject, round(high[0][1] - low[0][1], 1)) for subject, low, high in known), max)
    if not widest or not widest[0][1] > 0:
        return ""
    subject = widest[0][0]
    low, high = next((low, high) for name, low, high in known if name == subject)
    return f"班与班差得最多的是{subject}：{_names(high)} {high[0][1]:.1f}，{_names(low)} {low[0][1]:.1f}"


def _ends(quality: YearQuality, subject: str) -> tuple[list[Named], list[Named]]:
    """The classes with the lowest and with the highest mean."""
    values = ((name, quality.figure(MEAN, subject, name).value) for name in quality.classes)
    known = [(name, value) for name, value in values if value is not None]
    return extreme(known, min), extreme(known, max)


def _names(pairs: Sequence[Named]) -> str:
    more = f"等 {len(pairs)} 个班" if len(pairs) > MOST_NAMED else ""
    return "、".join(name for name, _ in pairs[:MOST_NAMED]) + more
