"""What 质量分析 says in words before its numbers: which class fell most and in what, which is lowest, where classes differ most.

Each sentence is worked out from the rounded figures of the sheet, so that it never says other than they do. Classes that are
equal are named together. A change that the sheet greys (``MEAN.small``) is nothing to speak of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xlbangfu.rules.class_quality import MEAN, YearQuality
from xlbangfu.rules.exam_papers import TOTAL

MOST_NAMED = 3
Named = tuple[str, float]


def headline(quality: YearQuality) -> str:
    """The title of a 年级: which class fell most since last time, and in which subject; where none did, which is furthest
    below."""
    return f"{quality.year} {quality.exam.kind}：{_of_fall(quality) or _of_classes(quality)}"


def remarks(quality: YearQuality) -> list[str]:
    """What else there is to say, a sentence each: the class that is furthest below or that none fell, the one that rose most,
    and the subject in which classes differ most."""
    rose = [(name, change) for name, change in extreme(_changes(quality), max) if change > MEAN.small]
    said = [
        _of_classes(quality) if fallen(quality) else _of_no_fall(quality),
        f"进得最多：{_names(rose)}（{signed(rose[0][1])}）" if rose else "",
        _widest_subject(quality),
    ]
    return [sentence for sentence in said if sentence]


def fallen(quality: YearQuality) -> list[Named]:
    """The class, or those alike, whose 总分 fell most against the 年级 since last time; none if it is nothing to speak of."""
    return [(name, change) for name, change in extreme(_changes(quality), min) if change < -MEAN.small]


def fallen_subjects(quality: YearQuality, name: str) -> list[Named]:
    """The subject, or those alike, in which a class fell most against the 年级; none if none fell."""
    changes = ((subject, quality.change(MEAN, name, subject)) for subject in quality.subjects if subject != TOTAL)
    known = [(subject, change) for subject, change in changes if change is not None]
    return [(subject, change) for subject, change in extreme(known, min) if change < 0]


def fall(quality: YearQuality, name: str, change: float) -> str:
    """How far a class fell, and in which subject most: nothing more than the total where there is one subject only."""
    subjects = fallen_subjects(quality, name) if len(quality.subjects) > 2 else []
    each = "各" if len(subjects) > 1 else ""
    part = f"，其中{_names(subjects, '科')}{each}{signed(subjects[0][1])}" if subjects else ""
    return f"总分与年级差比上次{signed(change)}{part}"


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


def _changes(quality: YearQuality) -> list[Named]:
    changes = ((name, quality.change(MEAN, name)) for name in quality.classes)
    return [(name, change) for name, change in changes if change is not None]


def _of_fall(quality: YearQuality) -> str:
    """Of several classes alike only how far: each has a subject of its own."""
    fell = fallen(quality)
    if not fell:
        return ""
    said = fall(quality, *fell[0]) if len(fell) == 1 else f"总分与年级差比上次{signed(fell[0][1])}"
    return f"{_names(fell)}退得最多（{said}）"


def _of_no_fall(quality: YearQuality) -> str:
    return f"比上次，没有一个班退了 {MEAN.small:g} 分以上" if _changes(quality) else ""


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


def _names(pairs: Sequence[Named], counted: str = "个班") -> str:
    more = f"等 {len(pairs)} {counted}" if len(pairs) > MOST_NAMED else ""
    return "、".join(name for name, _ in pairs[:MOST_NAMED]) + more
