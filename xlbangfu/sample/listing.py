"""Whom the sample school supports, in the proportions of real schools."""

from __future__ import annotations

from datetime import timedelta

from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_people import GRADES, SUBJECTS, TAUGHT, Student, school_day
from xlbangfu.schema import BORDERLINE, CARED, GIFTED, ON_ROLL, SEPARATOR, TRACKED

_CAUSES = ("学习习惯", "学习方法", "学习动机", "家庭陪伴少", "基础薄弱", "健康原因", "沉迷手机", "同伴影响")


def list_for_support(chance: Chance, students: list[Student], year: int) -> None:
    """Choose whom the school supports: 66 tracked of 1,200, 27 of them key, and the borderline, gifted and cared-for."""
    present = [student for student in students if student.status == ON_ROLL and not student.came]
    tracked = round(len(students) * 66 / 1200)
    by_conduct = tracked * 15 // 100
    weakest = _weakest_first(present)
    studying = chance.some(weakest[: (tracked - by_conduct) * 6 // 5 + 1], tracked - by_conduct)
    chosen = {student.number for student in studying}
    rest = [student for student in weakest[tracked * 2 : len(weakest) * 6 // 10] if student.number not in chosen]
    conduct = chance.some(rest, by_conduct)
    for place, student in enumerate(studying):
        student.difficulty = "双重" if place % 6 == 0 else "学习"
    for student in conduct:
        student.difficulty = "行为规范"
    for student in [*studying, *conduct]:
        _list_tracked(chance, student, year)
    _choose_key([*studying, *conduct], round(len(students) * 27 / 1200))
    _list_others(chance, [student for student in weakest if student.kind is None], len(students))


def _weakest_first(students: list[Student]) -> list[Student]:
    """Every grade contributes alike: ordered by the share of the grade that is weaker."""
    order: list[tuple[float, str, Student]] = []
    for grade in GRADES:
        mine = sorted((s for s in students if s.school_class.grade == grade), key=lambda s: (s.ability, s.number))
        order += [(place / len(mine), student.number, student) for place, student in enumerate(mine)]
    return [student for _, _, student in sorted(order, key=lambda item: item[:2])]


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


def _list_others(chance: Chance, students: list[Student], school: int) -> None:
    for student in students:
        student.left_behind, student.hardship = chance.happens(0.12), chance.happens(0.05)
    middle = students[len(students) * 25 // 100 : len(students) * 40 // 100]
    top = students[len(students) * 85 // 100 :]
    for student in chance.some(middle, school * 36 // 1200):
        student.kind = BORDERLINE
    for student in chance.some(top, school * 12 // 1200):
        student.kind = GIFTED
    in_need = [s for s in students if s.kind is None and (s.left_behind or s.hardship)]
    for student in chance.some(in_need, school * 20 // 1200):
        student.kind = CARED
