"""Exams and marks of the sample school: lasting ability, subjects that lean on it, a paper's difficulty, a day's luck."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import polars as pl
from msgspec import Struct

from xlbangfu.sample.chance import Chance
from xlbangfu.sample.sample_frames import from_columns
from xlbangfu.sample.sample_people import FULL_MARKS, GRADES, SUBJECTS, TAUGHT, Student
from xlbangfu.schema import ABSENT, EXAMS, EXEMPT, SCORES, state_of

# One school year, the exam that a school would miss least first: term, 类型, what tells it apart, month, day.
_YEAR = (
    ("下", "期末", "", 6, 24),
    ("上", "期末", "", 1, 15),
    ("下", "期中", "", 4, 23),
    ("上", "期中", "", 11, 6),
    ("上", "摸底", "", 9, 3),
    ("下", "摸底", "", 2, 25),
    ("下", "模拟", "", 5, 20),
    ("上", "模拟", "", 12, 17),
    ("下", "模拟", "二", 6, 10),
    ("上", "模拟", "二", 1, 6),
    ("上", "摸底", "二", 10, 14),
    ("下", "摸底", "二", 3, 25),
)
_TERMS = {"上": "第一学期", "下": "第二学期"}
_CHAPTERS = {"": "", "二": "第二次"}
_HALVES = frozenset({"语文", "英语"})  # papers marked in half points
_MEAN = {"语文": 0.82, "数学": 0.78, "英语": 0.79, "物理": 0.77, "化学": 0.80, "道德与法治": 0.85, "历史": 0.83}
_USUAL_MEAN = 0.81
SPREAD = 0.12  # of the score rate, for one of ability
_LEANING = 0.05
_LUCK = 20_011  # draws of luck kept ready; each paper starts somewhere in them


class Exam(Struct, frozen=True):
    number: str
    name: str
    day: date
    term: str
    kind: str


def make_exams(count: int, year: int, today: date) -> list[Exam]:
    """The last ``count`` exams up to today, earlier school years when one is not enough, in order of date."""
    exams: list[Exam] = []
    start = min(year, today.year)
    while len(exams) < count:
        held = [exam for exam in _exams_of(start) if exam.day <= today]
        exams += held[: count - len(exams)]
        start -= 1
    return sorted(exams, key=lambda exam: exam.day)


def _exams_of(year: int) -> Iterator[Exam]:
    for term, kind, which, month, day in _YEAR:
        yield Exam(
            f"{year}{term}{kind}{which}",
            f"{year}—{year + 1}学年度{_TERMS[term]}{_CHAPTERS[which]}{kind}考试",
            date(year if month > 8 else year + 1, month, day),
            f"{year}-{year + 1}{term}",
            kind,
        )


def exam_frame(exams: list[Exam]) -> pl.DataFrame:
    return from_columns(
        EXAMS,
        {
            "考试编号": [exam.number for exam in exams],
            "名称": [exam.name for exam in exams],
            "日期": [exam.day for exam in exams],
            "学期": [exam.term for exam in exams],
            "类型": [exam.kind for exam in exams],
        },
    )


def usual_rates(student: Student) -> dict[str, float]:
    """The score rate that the student comes to in each subject without luck, a trend or a turn."""
    return {
        subject: _MEAN.get(subject, _USUAL_MEAN)
        + SPREAD * student.ability
        + _LEANING * student.leaning[SUBJECTS.index(subject)]
        for subject in TAUGHT[student.school_class.grade]
    }


def usual_total(student: Student) -> float:
    """The score rate of the total, as ``usual_rates`` has the subjects."""
    rates = usual_rates(student)
    return sum(rate * FULL_MARKS[subject] for subject, rate in rates.items()) / sum(
        FULL_MARKS[subject] for subject in rates
    )


def score_frame(chance: Chance, students: list[Student], exams: list[Exam]) -> pl.DataFrame:
    """One row per exam and student on the roll that day; a subject not taught in the grade stays empty."""
    sitters = _sitters(students)
    luck = pl.Series([chance.normal() for _ in range(_LUCK)])
    luck = luck.append(luck)
    exempt = {student.number for student in chance.some(students, len(students) // 600)}
    marks = pl.concat(
        [
            _marks(chance, _present(sitters, exam), exam, luck, place, exempt, exam.term == exams[-1].term)
            for place, exam in enumerate(exams)
        ]
        or [SCORES.empty().with_columns(_no_marks())]
    )
    taught = {subject for grade in set(sitters["_grade"]) for subject in TAUGHT[grade]}
    return marks.drop(name for subject in SUBJECTS if subject not in taught for name in (subject, state_of(subject)))


def _no_marks() -> list[pl.Expr]:
    return [
        expression
        for subject in SUBJECTS
        for expression in (
            pl.lit(None, dtype=pl.Float64).alias(subject),
            pl.lit(None, dtype=pl.String).alias(state_of(subject)),
        )
    ]


def _sitters(students: list[Student]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "学号": [s.number for s in students],
            "姓名": [s.name for s in students],
            "班级": [s.school_class.name for s in students],
            "_grade": [s.school_class.grade for s in students],
            "_ability": [s.ability for s in students],
            "_trend": [s.trend for s in students],
            "_turn": [s.turn for s in students],
            "_came": [s.came or date.min for s in students],
            "_left": [s.left or date.max for s in students],
            "_moved": [s.moved or date.min for s in students],
            "_former": pl.Series([s.former_class for s in students], dtype=pl.String),
            **{f"_{name}": [s.leaning[place] for s in students] for place, name in enumerate(SUBJECTS)},
        }
    )


def _present(sitters: pl.DataFrame, exam: Exam) -> pl.DataFrame:
    return sitters.filter((pl.col("_came") <= exam.day) & (pl.col("_left") > exam.day))


def _marks(
    chance: Chance, sitters: pl.DataFrame, exam: Exam, luck: pl.Series, place: int, exempt: set[str], latest: bool
) -> pl.DataFrame:
    states = _states(chance, sitters, exempt)
    of_the_day = [luck.slice(chance.below(_LUCK), sitters.height).alias(f"_luck_{name}") for name in SUBJECTS]
    ability = pl.col("_ability") + pl.col("_trend") * place + (pl.col("_turn") if latest else 0.0)
    columns: list[pl.Expr] = []
    for subject in SUBJECTS:
        full, step = FULL_MARKS[subject], 2 if subject in _HALVES else 1
        mean = _MEAN.get(subject, _USUAL_MEAN) + 0.02 * chance.normal()
        leaning, lucky = _LEANING * pl.col(f"_{subject}"), 0.035 * pl.col(f"_luck_{subject}")
        rate = mean + SPREAD * ability + leaning + lucky
        mark = ((_no_perfect_papers(rate) * full * step + 0.5).floor() / step).clip(0, full)
        taught = pl.col("_grade").is_in([grade for grade in GRADES if subject in TAUGHT[grade]])
        state = pl.when(taught).then(pl.col(state_of(subject)))
        columns += [
            pl.when(taught & pl.col(state_of(subject)).is_null()).then(mark).alias(subject),
            pl.when(pl.col(state_of(subject)) != _NOT_ENTERED).then(state).alias(state_of(subject)),
        ]
    then = pl.when(pl.col("_moved") > exam.day).then(pl.col("_former"))
    return (
        sitters.hstack(of_the_day)
        .hstack(states)
        .select(pl.lit(exam.number).alias("考试编号"), "学号", "姓名", "班级", then.alias("考时班级"), *columns)
    )


def _no_perfect_papers(rate: pl.Expr) -> pl.Expr:
    """The last fifth of a paper is harder to get: 0.8 stays, 1.0 becomes 0.93, nobody is beyond 1."""
    return pl.when(rate > 0.8).then(1 - 0.2 * (-(rate - 0.8) / 0.2).exp()).otherwise(rate)


_NOT_ENTERED = "未录"


def _states(chance: Chance, sitters: pl.DataFrame, exempt: set[str]) -> list[pl.Series]:
    """About 0.4 % of the marks absent: some miss the whole exam, some one paper; a few exempt, a few not entered."""
    count = sitters.height
    states: dict[str, list[str | None]] = {subject: [None] * count for subject in SUBJECTS}
    rows = range(count)
    for row in chance.some(rows, round(count * 0.0025)):
        for subject in SUBJECTS:
            states[subject][row] = ABSENT
    for row in chance.some(rows, round(count * 0.01)):
        states[chance.pick(SUBJECTS)][row] = ABSENT
    for row in chance.some(rows, count // 600):
        states[chance.pick(SUBJECTS)][row] = _NOT_ENTERED
    for row, number in enumerate(sitters["学号"].to_list() if exempt else []):
        if number in exempt:
            states["英语"][row] = EXEMPT
    return [pl.Series(state_of(subject), states[subject], dtype=pl.String) for subject in SUBJECTS]
