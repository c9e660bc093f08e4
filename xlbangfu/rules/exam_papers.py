"""Which subjects an exam had in a 年级, with their full marks and lines, in thousandths.

A subject belongs to an exam of a 年级 when 科目 teaches it there (the row of that 年级 wins over the row for all), 成绩 has
a column for it, and at least one student of the 年级 has an entry (a mark, 缺考 or 免考): what nobody has was not held.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from xlbangfu.rules.numbers import exact
from xlbangfu.rules.school import School, asked_once
from xlbangfu.schema import ABSENT, EXEMPT, SUBJECTS, YES, state_of, subjects_in

FULL, EXCELLENT, PASSING, LOW = LINES = ("满分", "优秀线", "及格线", "低分线")
COUNTED = "计入总分"
TOTAL = "总分"


def subjects_of(school: School) -> list[str]:
    """The subjects that 成绩 has a column for and 科目 knows, in the order of the sheet; 总分 is reckoned, never read."""
    known = set(school[SUBJECTS]["科目"]) - {TOTAL}
    return [subject for subject in school.subjects if subject in known]


def line_of(subject: str, line: str) -> str:
    """The column of a paper frame that holds a subject's full mark or line.

    >>> line_of("语文", FULL)
    '语文·满分'
    """
    return f"{subject}·{line}"


def counted_in(subject: str) -> str:
    """The column of a paper frame that holds a subject's full mark where it counts for the total, else null."""
    return line_of(subject, COUNTED)


def papers(school: School, rows: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """One row per distinct ``by`` of ``rows``, 年级 among them: each subject's lines, null where it was not held.

    ``rows`` has the mark columns of 成绩 and ``by``; beside the ``LINES`` comes ``counted_in`` each subject.
    """
    subjects = subjects_in(rows)
    held = rows.group_by(by).agg(_entered(rows, subject).any() for subject in subjects)
    taught = _taught(school)
    lines: dict[str, list[int | None]] = {name: [] for name in _columns(subjects)}
    for row in held.iter_rows(named=True):
        for subject in subjects:
            paper = taught.get((row["年级"], subject)) or taught.get((None, subject)) if row[subject] else None
            for line in (*LINES, COUNTED):
                lines[line_of(subject, line)].append(paper[line] if paper else None)
    return held.select(by).hstack(pl.DataFrame(lines, schema=dict.fromkeys(lines, pl.Int64)))


def _entered(rows: pl.DataFrame, subject: str) -> pl.Expr:
    """Whether a row has a mark, 缺考 or 免考; states are not looked at where there are none."""
    mark, state = pl.col(subject).is_not_null(), state_of(subject)
    return mark if rows[state].null_count() == rows.height else mark | pl.col(state).is_in([ABSENT, EXEMPT])


def _columns(subjects: Iterable[str]) -> list[str]:
    return [line_of(subject, line) for subject in subjects for line in (*LINES, COUNTED)]


@asked_once
def _taught(school: School) -> dict[tuple[str | None, str], dict[str, int | None]]:
    """The lines of each 年级 (None: all) and 科目; under COUNTED the full mark again, or None."""
    full = exact(pl.col(FULL))
    sheet = school[SUBJECTS].select(
        "年级",
        "科目",
        *(exact(pl.col(line)) for line in LINES),
        pl.when(pl.col(COUNTED) == YES).then(full).alias(COUNTED),
    )
    return {(row["年级"], row["科目"]): row for row in sheet.iter_rows(named=True)}
