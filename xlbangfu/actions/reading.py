"""What most actions begin with: the workbook read and validated, and the results of its exams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASS_FIGURES, DEFECTS, INPUTS, LAYOUT, PRIZES, PROBLEMS, RANKING, RUNS, Table


@dataclass(frozen=True)
class Checked:
    """A workbook that was read and validated. ``school`` is without what is in error."""

    frames: Mapping[Table, pl.DataFrame]
    school: School
    problems: pl.DataFrame
    carried: pl.DataFrame = field(default_factory=PROBLEMS.empty)  # rows of 校验 that imports and pages left

    @property
    def errors(self) -> int:
        return trouble.errors(self.problems).height

    @property
    def warnings(self) -> int:
        return self.problems.height - self.errors

    @property
    def sheet(self) -> pl.DataFrame:
        """The problems as 校验 shows them."""
        return pl.concat([self.carried, trouble.as_sheet(self.problems, self.frames[LAYOUT])])


@dataclass(frozen=True)
class Ranked:
    """The results of an exam season: 排名, 班级汇总 and 帮扶排名."""

    ranking: pl.DataFrame
    figures: pl.DataFrame
    prizes: pl.DataFrame

    @property
    def sheets(self) -> dict[Table, pl.DataFrame]:
        return {RANKING: self.ranking, CLASS_FIGURES: self.figures, PRIZES: self.prizes}

    @property
    def rows(self) -> int:
        return self.ranking.height + self.figures.height + self.prizes.height


def read_checked(book: Book, call: Call) -> Checked:
    """Read all input sheets and validate them; ``frames`` also has 运行记录, which says what was done so far."""
    from xlbangfu.rules.validation import validate as check

    book.progress("读取工作簿", 0.0)
    frames = book.read(*INPUTS)
    book.progress("校验", 0.3)
    school = School.of(frames, today=call.today)
    found = check(school, frames[DEFECTS])
    written = book.read(PROBLEMS, RUNS)
    carried = written[PROBLEMS].filter(pl.col("编号").is_in(trouble.CARRIED)).select(PROBLEMS.names)
    return Checked({**frames, RUNS: written[RUNS]}, school.without(found), found, carried)


def ranks(school: School) -> Ranked:
    """排名, 班级汇总 and 帮扶排名 of a school that is without errors."""
    from xlbangfu.rules.class_figures import class_figures
    from xlbangfu.rules.prizes import award
    from xlbangfu.rules.ranking import rank

    ranking = rank(school)
    return Ranked(ranking, class_figures(school, ranking), award(school, ranking))
