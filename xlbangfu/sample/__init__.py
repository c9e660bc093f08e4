"""A made-up school, the same for the same seed: for trying the program out, for tests and for benchmarks."""

from __future__ import annotations

from datetime import date

import polars as pl

from xlbangfu.sample import (
    attendance,
    care,
    diary,
    listing,
    logs,
    sample_exams,
    sample_office,
    sample_people,
    sample_sheets,
)
from xlbangfu.sample.chance import Chance
from xlbangfu.sample.made import Fault, Planted, Sample
from xlbangfu.sample.sample_frames import from_records
from xlbangfu.schema import (
    ABSENCES,
    ACTIVITIES,
    AWARDS,
    CALENDAR,
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    LOG,
    ORGANISATION,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    RECALLS,
    ROSTER,
    SCORES,
    SETTINGS,
    SUBJECTS,
    SUPPORT,
    TEACHERS,
    Table,
)
from xlbangfu.settings import Settings

__all__ = ["STILL_OUT", "TODAY", "Fault", "Planted", "Sample", "make", "make_example"]

TODAY = date(2026, 6, 30)
STILL_OUT = diary.STILL_OUT


def make(
    *,
    students: int = 1200,
    classes: int = 24,
    exams: int = 4,
    logs: int = 1000,
    seed: int = 1,
    with_problems: bool = False,
    with_awards: bool = False,
    today: date = TODAY,
) -> Sample:
    """A school of that size; ``with_problems`` plants one of each problem that validation can meet in one, ``with_awards`` has 荣誉
    of the term before as well, which takes a ranking."""
    chances = Chance(seed), Chance(-seed)
    frames = _frames(students, classes, exams, logs, *chances, today)
    if with_awards:
        from xlbangfu.sample.last_term import award_frame

        frames[AWARDS] = award_frame(frames)
    sample = Sample(frames=frames, planted=[])
    if with_problems:
        from xlbangfu.sample.planted_problems import plant

        return plant(sample)
    return sample


def make_example() -> Sample:
    """The school that is shown to newcomers: its teachers do more than half of what they owe, and it has 荣誉."""
    return make(logs=6000, with_awards=True)


def _frames(
    size: int, school_classes: int, papers: int, entries: int, chance: Chance, of_attendance: Chance, today: date
) -> dict[Table, pl.DataFrame]:
    settings = Settings()
    year = settings.year_start.year
    classes = sample_people.make_classes(school_classes, year)
    staff = sample_people.make_staff(chance, classes)
    students = sample_people.make_students(chance, size, classes, year)
    listing.list_for_support(chance, students, year)
    attendance.put_into_groups(of_attendance, students)
    held = sample_exams.make_exams(papers, year, today)
    pairings = care.pair(chance, students, classes, staff, settings.teacher_limit)
    return {
        SETTINGS: sample_office.settings_frame(today),
        ORGANISATION: sample_office.organisation_frame(staff),
        SUPPORT: sample_office.support_frame(),
        CALENDAR: sample_office.calendar_frame(held, today),
        SUBJECTS: sample_office.subject_frame(classes),
        TEACHERS: sample_sheets.teacher_frame(staff.teachers),
        CLASSES: sample_sheets.class_frame(classes),
        PASSWORDS: PASSWORDS.empty(),
        ROSTER: sample_sheets.roster_frame(students),
        FILES: care.file_frame(chance, students),
        PAIRINGS: from_records(PAIRINGS, pairings.rows),
        PLANS: care.plan_frame(chance, students, pairings, settings, today),
        LOG: logs.log_frame(chance, entries, students, pairings, staff, today),
        EXAMS: sample_exams.exam_frame(held),
        SCORES: sample_exams.score_frame(chance, students, held),
        CONDUCT: diary.conduct_frame(chance, students, settings, today),
        ABSENCES: attendance.absence_frame(of_attendance, students, settings, today),
        RECALLS: attendance.recall_frame(students, settings, today),
        ACTIVITIES: diary.activity_frame(chance, students, settings, today),
    }
