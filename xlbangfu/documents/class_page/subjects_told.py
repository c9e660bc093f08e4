"""Each helped student's subjects in the latest exam of the class, as a level and which way it went: never a mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from xlbangfu.rules.school import School
from xlbangfu.rules.subject_levels import LEVEL, WAY, subject_levels

_SIGN = {1: " ▲", 0: " –", -1: " ▼", None: ""}


class Told(NamedTuple):
    """``classes``: by class the subjects that anyone looked after there has; ``students``: by 学号 a text for each of them."""

    classes: dict[str, tuple[str, ...]]
    students: dict[str, tuple[str, ...]]


def subjects_told(school: School, here: pl.DataFrame, latest: Mapping[str, str], ranking: pl.DataFrame) -> Told:
    """``here`` has 学号 and ``_room``, the class; ``latest`` the exam of each class."""
    exams = pl.DataFrame(list(latest.items()), schema={"_room": pl.String, "考试编号": pl.String}, orient="row")
    wanted = here.join(exams, on="_room", maintain_order="left").select("考试编号", "学号")
    rooms = dict(here.iter_rows())
    subjects: dict[str, dict[str, None]] = {}
    texts: dict[str, dict[str, str]] = {}
    for number, subject, level, way in (
        subject_levels(school, ranking, wanted).select("学号", "科目", LEVEL, WAY).rows()
    ):
        if level:
            subjects.setdefault(rooms[number], {})[subject] = None
            texts.setdefault(number, {})[subject] = level + _SIGN[way]
    classes = {name: tuple(found) for name, found in subjects.items()}
    return Told(
        classes,
        {
            number: tuple(texts.get(number, {}).get(subject, "") for subject in classes.get(name, ()))
            for number, name in rooms.items()
        },
    )
