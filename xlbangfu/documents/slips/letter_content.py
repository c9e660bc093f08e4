"""What each letter says, decided on plain data; who it is for and what is known of them is in ``letter_facts``.

* Level and progress are those of the student's latest exam of the school year that ranks (no 单元 or 竞赛).
* Good news is what there is of it and nothing else: honours of this term, a rise (DOMAIN rule 9), the subject that rose
  most, habits, activities. What went down stands with the level, at the end.
* Of students of a class for whom there are the same ways to say it, each gets the next: how it went by progress, what home can
  do by difficulty. What teachers do next follows difficulty and weak subjects.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from xlbangfu.documents.slips import letter_facts, letter_words
from xlbangfu.documents.slips.letter import ClassSlips, Letter
from xlbangfu.errors import BadArgument
from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, TEACHERS
from xlbangfu.settings import Settings

_STOP = "。"


def slips(
    school: School,
    ranking: pl.DataFrame,
    awards: pl.DataFrame,
    *,
    classes: Sequence[str] | None = None,
    made: datetime,
) -> list[ClassSlips]:
    """The letters by class, in the order of 班级 and 学号; classes without a student to write for are left out.

    ``school`` is without its errors, ``ranking`` is 排名, ``awards`` 荣誉 as read; ``classes`` names those wanted, None
    wants all. Raises BadArgument for a class that 班级 does not have.
    """
    class_names = rooms(school, classes)
    facts = letter_facts.facts(school, ranking, awards, list(class_names))
    turns: Counter[tuple[str, ...]] = Counter()

    by_class: dict[str, list[Letter]] = {}
    for row in facts.sort("学号").iter_rows(named=True):
        by_class.setdefault(row["班级"], []).append(_letter(row, school.settings, turns))
    return [
        _class_slips(school, class_name, homeroom, by_class[class_name], made)
        for class_name, homeroom in class_names.items()
        if class_name in by_class
    ]


def _class_slips(
    school: School, class_name: str, homeroom: str, letters: Sequence[Letter], made: datetime
) -> ClassSlips:
    settings = school.settings
    return ClassSlips(
        class_name=class_name,
        homeroom=homeroom,
        school=letter_words.unbranded(settings.school, settings.public_name),
        term=settings.term,
        day=school.today,
        due=school.today + timedelta(days=settings.slip_days),
        made=made,
        phone=settings.slip_phone or "",
        hours=settings.slip_hours or "",
        a_page=int(settings.slips_a_page),
        letters=tuple(letters),
    )


def rooms(school: School, classes: Sequence[str] | None) -> dict[str, str]:
    """班级 → its 班主任's name, of those wanted."""
    known = school[CLASSES].filter(pl.col("班级").is_not_null()).unique("班级", keep="first", maintain_order=True)
    wanted = known["班级"].to_list() if classes is None else [_typed(name) for name in classes]
    if missing := sorted(set(wanted) - set(known["班级"])):
        raise BadArgument(f"班级表里没有“{'、'.join(missing)}”，请按班级表的写法写班级。")
    names = dict(school[TEACHERS].select("工号", "姓名").iter_rows())
    numbers = teacher_ids(known["班主任"], school[TEACHERS])
    pairs = zip(known["班级"], numbers, strict=True)
    return {class_name: names.get(number) or "" for class_name, number in pairs if class_name in set(wanted)}


def _typed(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _letter(row: Mapping[str, Any], settings: Settings, turns: Counter[tuple[str, ...]]) -> Letter:
    name, difficulty = row["姓名"] or "", row["困难类型"] or ""
    mood = letter_words.mood(row["_points"], settings.progress_lines)
    ways = letter_words.encouragements(mood, settings)
    words = ways[_turn(turns, (row["班级"], *ways)) % len(ways)]
    intention = letter_words.intention(difficulty, row["困难学科"], settings)
    turn = _turn(turns, (row["班级"], difficulty, mood))
    exam = letter_words.exam_name(row["日期"], row["类型"]) if row["日期"] else ""
    return Letter(
        name=name,
        good_news=_good_news(row, exam, mood),
        school_did=_school_did(row["_contacts"]),
        words="\n".join(filter(None, (words, intention))).replace("{姓名}", name),
        advice=letter_words.advice(difficulty, row["困难学科"], settings, turn).replace("{姓名}", name),
        level=_sentence(letter_words.level(exam, row["等级"], mood)),
    )


def _turn(turns: Counter[tuple[str, ...]], alike: tuple[str, ...]) -> int:
    """How many were alike before."""
    turns[alike] += 1
    return turns[alike] - 1


def _good_news(row: Mapping[str, Any], exam: str, mood: str) -> str:
    honours = letter_words.listed(row["_honours"])
    rise = letter_words.risen(mood, row["_subject"]) if row["等级"] else ""
    parts = (
        honours and f"本学期获得{honours}",
        rise and f"{exam}{rise}",
        letter_words.habits(row["_good"], row["_better"]),
        row["_activities"] and f"参加了{'、'.join(row['_activities'])}",
    )
    return letter_words.listed_lines(filter(None, parts))


def _school_did(contacts: Sequence[Mapping[str, Any]]) -> str:
    return _sentence("、".join(f"{one['what']}{one['times']}次" for one in contacts))


def _sentence(text: str) -> str:
    return text and text + _STOP
