"""Whom the sample school supports, in the proportions of real schools, and chosen by what their marks come to.

So 排查 agrees with nearly all of the list. Nobody else comes near its lines but a few, whom it proposes: who slid this term
or may leave (``turn``), who is near the pass line, in need at home, or came with too few exams to tell.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_exams import SPREAD, usual_rates, usual_total
from xlbangfu.sample.sample_people import GRADES, SUBJECTS, TAUGHT, Student, school_day
from xlbangfu.schema import BORDERLINE, CARED, GIFTED, ON_ROLL, SEPARATOR, TRACKED

_CAUSES = ("学习习惯", "学习方法", "学习动机", "家庭陪伴少", "基础薄弱", "健康原因", "沉迷手机", "同伴影响")
_PASS = 0.60
_NEAR = (0.61, 0.63)  # what the totals come to that are near the pass line
_EVEN = 0.3  # what is left of the leaning of those
_GAP = 0.025  # between the last of the list and the first of those
_CLEAR = 0.67  # and from here on clear of it
_SQUEEZE = 0.25  # what is left of the distance of those who are lifted clear
_BEHIND = 0.52  # what a total comes to that is among the last
_THIRD = 3  # subjects failed that make a student listed


class _Choice(Struct, frozen=True):
    """Who is tracked for the marks and who for the conduct, who is near the pass line, and everybody else."""

    studying: list[Student]
    conduct: list[Student]
    near: list[Student]
    others: list[Student]

    @property
    def tracked(self) -> list[Student]:
        return [*self.studying, *self.conduct]


def list_for_support(chance: Chance, students: list[Student], year: int) -> None:
    """Choose whom the school supports: 66 tracked of 1,200, 27 of them key, and the borderline, gifted and cared-for."""
    few = 1 + len(students) // 300  # of each kind that 排查 is to propose
    chosen = _choose(chance, students, few)
    for place, student in enumerate(chosen.studying):
        student.difficulty = "双重" if place % 6 == 0 else "学习"
    for student in chosen.conduct:
        student.difficulty = "行为规范"
    for student in chosen.tracked:
        _list_tracked(chance, student, year)
    _choose_key(chosen.tracked, round(len(students) * 27 / 1200))
    _set_apart(chosen)
    _list_others(chance, chosen, len(students), few)
    _turn(chosen, few)
    _bring_too_late(students)


def _choose(chance: Chance, students: list[Student], few: int) -> _Choice:
    tracked = round(len(students) * 66 / 1200)
    by_conduct, borderline = tracked * 15 // 100, len(students) * 36 // 1200 + few
    weakest = _weakest_first([student for student in students if student.status == ON_ROLL and not student.came])
    studying, rest = weakest[: tracked - by_conduct], weakest[tracked - by_conduct :]
    near, rest = rest[:borderline], rest[borderline:]
    conduct = chance.some(rest[tracked : len(rest) * 6 // 10], by_conduct)
    others = [student for student in rest if student not in conduct]
    return _Choice(studying, conduct, near, others)


def _set_apart(chosen: _Choice) -> None:
    """So that luck does not often put one group before another."""
    _fall_behind(chosen.studying)
    _settle_near_the_pass_line(chosen.near)
    _lift_clear([*chosen.conduct, *chosen.others])


def _weakest_first(students: list[Student]) -> list[Student]:
    """Every grade contributes alike: ordered by the share of the grade that is weaker."""
    order: list[tuple[float, str, Student]] = []
    for grade in GRADES:
        mine = sorted((s for s in students if s.school_class.grade == grade), key=lambda s: (usual_total(s), s.number))
        order += [(place / len(mine), student.number, student) for place, student in enumerate(mine)]
    return [student for _, _, student in sorted(order, key=lambda item: item[:2])]


def _fall_behind(students: list[Student]) -> None:
    """They keep their order, with a gap to those near the pass line."""
    for student in students:
        student.ability -= _GAP / SPREAD


def _settle_near_the_pass_line(students: list[Student]) -> None:
    """They keep their order, with totals near the pass line and no subject far from it."""
    for place, student in enumerate(students):
        student.leaning = tuple([_EVEN * one for one in student.leaning])
        wanted = _NEAR[0] + (_NEAR[1] - _NEAR[0]) * place / len(students)
        student.ability += (wanted - usual_total(student)) / SPREAD


def _third_lowest(student: Student) -> float:
    return sorted(usual_rates(student).values())[_THIRD - 1]


def _lift_clear(students: list[Student]) -> None:
    """Those not listed for their marks keep their order and stand clear of the lines."""
    for student in students:
        lowest = min(usual_total(student), _third_lowest(student) + _CLEAR - _PASS)
        if lowest < _CLEAR + 0.01:
            student.ability += (_CLEAR + 0.01 - lowest) * (1 - _SQUEEZE) / SPREAD


def _list_tracked(chance: Chance, student: Student, year: int) -> None:
    student.kind = TRACKED
    student.listed = school_day(year, 9, 8) + timedelta(days=chance.below(5))
    if chance.happens(0.15):
        student.listed = school_day(year, 3, 2) + timedelta(days=chance.below(5))
    student.left_behind, student.hardship = chance.happens(0.42), chance.happens(0.28)
    student.trend = 0.06 + 0.07 * chance.normal()
    student.cause = SEPARATOR.join(chance.some(_CAUSES, 1 + chance.below(2)))
    if student.difficulty != "行为规范":
        taught = TAUGHT[student.school_class.grade]
        by_leaning = sorted(taught, key=lambda subject: student.leaning[SUBJECTS.index(subject)])
        chosen = by_leaning[: 1 + chance.below(3)]
        student.weak = tuple(subject for subject in taught if subject in chosen)


def _choose_key(tracked: list[Student], count: int) -> None:
    def need(student: Student) -> tuple[float, str]:
        reasons = student.left_behind + student.hardship + (student.difficulty == "双重")
        return student.ability / 3 - reasons, student.number

    for student in sorted(tracked, key=need)[:count]:
        student.key = True


def _list_others(chance: Chance, chosen: _Choice, school: int, few: int) -> None:
    for student in chosen.others:
        student.left_behind, student.hardship = chance.happens(0.025), chance.happens(0.01)
    for student in chosen.near[few:]:
        student.kind = BORDERLINE
    for student in chance.some(chosen.others[len(chosen.others) * 85 // 100 :], school * 12 // 1200):
        student.kind = GIFTED
    for student in [one for one in chosen.others if not one.kind and (one.left_behind or one.hardship)][few:]:
        student.kind = CARED


def _turn(chosen: _Choice, few: int) -> None:
    """From this term on a few on the list do well, one or two near the pass line are clear of it, a few others slide."""
    risen = [one for one in chosen.studying[::-1] if one.difficulty == "学习" and one.listed and one.listed.month > 8]
    for student in risen[:few]:
        student.trend, student.turn = 0.0, (_CLEAR + 0.05 - usual_total(student)) / SPREAD
    for student in chosen.near[few:][: 1 + few // 5]:
        student.turn = (_CLEAR + 0.03 - usual_total(student)) / SPREAD
    ordinary = [student for student in chosen.others if student.kind is None]
    for student in ordinary[len(ordinary) // 3 :: max(1, len(ordinary) // 10)][:few]:
        student.turn = (_BEHIND - usual_total(student)) / SPREAD


def _bring_too_late(students: list[Student]) -> None:
    """Who came in May is behind, and has sat one exam only."""
    for student in students:
        if student.came and student.came.month == 5:
            student.ability += (_BEHIND - usual_total(student)) / SPREAD
