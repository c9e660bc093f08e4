"""How much room a chart needs for the words at its bars, reckoned from the words and not from a share that usually does.

In pixels of 1/96 inch. The face of a chart is not measured: a Chinese character and ▲ are as wide as the type is high, other
signs a little more than half of it, and what is not known is taken as wider.
"""

from __future__ import annotations

from collections.abc import Iterable

from xlbangfu.documents.look import columns
from xlbangfu.house_look import SIZE

_POINT, _SIGN = 96 / 72, 0.65  # pixels; the widest digit in most faces, in sizes
_AROUND = 12  # between a bar and its label, and behind it
_EDGES = 40  # what a program leaves free at both sides of the bars
_LEAST = 0.2  # of the axis is for the bars, however long the labels are


def label_width(labels: Iterable[str], size: float = SIZE) -> float:
    """Of the longest label with the room around it.

    >>> round(label_width(["▲30.3", "▼4.0"], 12))
    74
    """
    return max((columns(label) for label in labels), default=0) * _SIGN * size * _POINT + _AROUND


def label_height(size: float = SIZE) -> float:
    """Of a label above its bar, with the room around it.

    >>> label_height(12)
    28.0
    """
    return size * _POINT + _AROUND


def bars_width(chart: float, names: Iterable[str], size: float = SIZE) -> float:
    """What horizontal bars and their labels have of a chart, beside the names."""
    return max(1.0, chart - label_width(names, size) - _EDGES)


def axis_end(largest: float, label: float, axis: float) -> float:
    """Where an axis must end so that beyond the longest bar there is room for its label.

    >>> axis_end(30.0, label=90, axis=180)
    60.0
    """
    return largest / max(_LEAST, 1 - label / axis)
