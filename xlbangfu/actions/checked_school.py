"""What most actions begin with: the workbook read and validated, and the results of its exams."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.catalog import BY_NAME
from xlbangfu.errors import WrongWorkbook
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import problems as trouble
from xlbangfu.rules.causes import causes
from xlbangfu.rules.completion import Completion, complete, current_classes
from xlbangfu.rules.newest_first import newest_first
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    ACTIVITIES,
    CLASS_FIGURES,
    CLASSES,
    DEFECTS,
    EXAMS,
    INPUTS,
    LAYOUT,
    LOG,
    ORGANISATION,
    PRIZES,
    PROBLEMS,
    RANKING,
    ROSTER,
    RUNS,
    SCORES,
    SETTINGS,
    SUBJECTS,
    SUPPORT,
    TEACHERS,
    Table,
)

FOR_MARKS = (SETTINGS, SUBJECTS, TEACHERS, CLASSES, ROSTER, EXAMS, SCORES)  # what results of exams rest on
Frames = Mapping[Table, pl.DataFrame]
ALL = tuple(table for table in INPUTS if table not in (ORGANISATION, SUPPORT, ACTIVITIES))  # these only tell


class Checked(Struct, frozen=True, dict=True):
    """A workbook that was read and validated. ``school`` is without what is in error."""

    frames: Mapping[Table, pl.DataFrame]
    school: School
    problems: pl.DataFrame
    carried: pl.DataFrame = field(default_factory=PROBLEMS.empty)  # rows of 校验 that imports and pages left
    complete: bool = True  # whether every sheet was checked
    completion: Completion = field(default_factory=Completion)  # what staff need not type; ``frames`` have it

    @property
    def errors(self) -> int:
        return trouble.errors(self.causes).height

    @property
    def warnings(self) -> int:
        return self.causes.height - self.errors - self.hints

    @property
    def hints(self) -> int:
        return self.causes.filter(pl.col("级别") == trouble.HINT).height

    @cached_property
    def causes(self) -> pl.DataFrame:
        """The problems, each cause once."""
        return causes(self.problems)

    @property
    def sheet(self) -> pl.DataFrame:
        """The problems as 校验 shows them."""
        return pl.concat([self.carried, trouble.as_sheet(self.problems, self.frames[LAYOUT])])

    @property
    def told(self) -> Checked:
        """The same, for an action that asks the school alone about 成绩 and 记录: of these, the largest, ``frames`` have
        what 控制台 counts, and no second copy is held."""
        told = {SCORES: "考试编号", LOG: "日期"}
        return replace(
            self, frames={**self.frames, **{table: self.frames[table].select(told[table]) for table in told}}
        )

    @property
    def sheets(self) -> dict[Table, pl.DataFrame]:
        """校验, if every sheet was checked."""
        return {PROBLEMS: self.sheet} if self.complete else {}


class Ranked(Struct, frozen=True):
    """The results of an exam season: 排名, 班级汇总 and 帮扶排名."""

    ranking: pl.DataFrame
    figures: pl.DataFrame
    prizes: pl.DataFrame

    @property
    def sheets(self) -> dict[Table, pl.DataFrame]:
        """As they stand on the sheets: the newest exam first, as the rule has 班级汇总 already."""
        ranking, prizes = newest_first(self.ranking), newest_first(self.prizes)
        return {RANKING: ranking, CLASS_FIGURES: self.figures, PRIZES: prizes}

    @property
    def rows(self) -> int:
        return self.ranking.height + self.figures.height + self.prizes.height


def read_checked(
    book: Book,
    call: Call,
    *,
    marks: bool = True,
    needs: Collection[Table] = ALL,
    completes: bool = True,
    remarks: bool = True,
    after: Callable[[Frames], Frames] = dict,
) -> Checked:
    """Read all input sheets and validate them; ``frames`` also has 运行记录, which says what was done so far.

    Raises WrongWorkbook if a sheet that the action ``needs``, or a column without which it says nothing, is gone: what
    comes of the rest would look right and be wrong. Nothing is needed to say what is gone, or to finish what is written.

    An action that needs no ``marks`` leaves 成绩 out where it is known to have records: it is neither read nor checked,
    its problems are those that 校验 shows, and 校验 is not written (``Checked.sheets``).

    What staff need not type is put in (``completion``), and ``reporting.write`` writes it; an action that writes nothing of
    its own, or takes something back, ``completes`` nothing. One that writes nothing at all needs no ``remarks``: only what
    voids a cell or a row is looked for, and what 校验 shows is left out. ``after`` makes of frames as read those that will be read once what the action
    has gathered is written.
    """
    from xlbangfu.rules.validation import validate, what_voids

    book.progress("读总表", 0.0)
    written = after(book.read(*((PROBLEMS, RUNS) if remarks or not marks else (RUNS,))))
    whole = marks or not _was_ranked(written[RUNS])
    frames = after(book.read(*(table for table in INPUTS if whole or table is not SCORES)))
    book.progress("校验", 0.3)
    school = School.of(frames, today=call.today)
    completion = complete(frames, school) if completes else Completion()
    frames, school = completion.of(frames), completion.of_school(school)
    found = (validate if remarks else what_voids)(school, frames[DEFECTS])
    _check_there(found, needs)
    left = pl.col("编号").is_in(trouble.CARRIED).fill_null(False)
    carried = written.get(PROBLEMS, PROBLEMS.empty()).filter(left).select(PROBLEMS.names)
    problems = found if whole else pl.concat([found, _of_marks(written[PROBLEMS].filter(~left))], how="diagonal")
    every = {**frames, RUNS: written[RUNS]}
    return Checked(every, school.without(found), problems, carried, whole and remarks, completion)


def read_whole(book: Book, call: Call, *, but: Collection[Table] = ()) -> tuple[dict[Table, pl.DataFrame], School]:
    """All input sheets ``but`` those as they are, errors and all, with what staff need not type, and the school made of them.

    Nothing is checked but that they can be read: raises WrongWorkbook as ``read_checked`` does.
    """
    from xlbangfu.rules.validation import unreadable

    book.progress("读总表", 0.0)
    frames = book.read(*(table for table in INPUTS if table not in but))
    school = School.of(frames, today=call.today)
    _check_there(unreadable(school, frames[DEFECTS]), ALL)
    completion = complete(frames, school)
    return completion.of(frames), completion.of_school(school)


def check_frames(book: Book, call: Call, frames: Mapping[Table, pl.DataFrame]) -> Checked:
    """Validate frames that were read whole, as they will be once something is written; see ``read_checked``."""
    from xlbangfu.rules.validation import validate as check

    book.progress("校验", 0.3)
    inputs = {table: frame for table, frame in frames.items() if table not in (PROBLEMS, RUNS)}
    school = School.of(inputs, today=call.today)
    found = check(school, frames[DEFECTS])
    left = pl.col("编号").is_in(trouble.CARRIED).fill_null(False)
    carried = frames[PROBLEMS].filter(left).select(PROBLEMS.names)
    return Checked(frames, school.without(found), found, carried)


def class_changes(checked: Checked) -> Completion:
    """What would bring classes that students have left in line with 名册; empty where there are none."""
    if not checked.hints:
        return Completion()
    return current_classes(checked.frames, _school_of(checked.frames, checked))


def _school_of(frames: Mapping[Table, pl.DataFrame], checked: Checked) -> School:
    """The school with the rows that are in error too."""
    inputs = {table: frame for table, frame in frames.items() if table is not RUNS}
    return School.of(inputs, today=checked.school.today)


def checked_with(book: Book, checked: Checked, more: Completion) -> Checked:
    """The same as it will be once more is written too, validated again."""
    from xlbangfu.rules.validation import validate as check

    book.progress("再校验一次", 0.6)
    frames = more.of(checked.frames)
    school = _school_of(frames, checked)
    found = check(school, frames[DEFECTS])
    both = checked.completion.with_classes(more)
    return replace(checked, frames=frames, school=school.without(found), problems=found, completion=both)


def _check_there(problems: pl.DataFrame, needs: Collection[Table]) -> None:
    gone = problems.filter(
        pl.col("编号").is_in(trouble.BROKEN), pl.col("工作表").is_in([table.name for table in needs])
    )
    if gone.height:
        first = gone.row(0, named=True)
        more = f"（另有 {gone.height - 1} 处）" if gone.height > 1 else ""
        raise WrongWorkbook(f"{first['问题']}{more}，这次没有做，什么也没有改；请{first['怎么改']}，再做一次。")


def _of_marks(sheet: pl.DataFrame) -> pl.DataFrame:
    """What 校验 shows of the problems that only a look at 成绩 finds."""
    from xlbangfu.rules.validation.checks import FROM_MARKS

    numbers = [check.number for check in FROM_MARKS]
    mine = (pl.col("工作表") == SCORES.name) | pl.col("编号").is_in(numbers)
    return sheet.filter(mine).select("级别", "编号", "工作表")


def _was_ranked(runs: pl.DataFrame) -> bool:
    """Whether results have been worked out from 成绩."""
    labels = [BY_NAME[name].label for name in ("refresh", "run")]
    return not runs.filter(pl.col("操作").is_in(labels), pl.col("行数") > 0).is_empty()


@asks_much
def ranks(school: School) -> Ranked:
    """排名, 班级汇总 and 帮扶排名 of a school that is without errors."""
    from xlbangfu.rules.class_figures import class_figures
    from xlbangfu.rules.prizes import award
    from xlbangfu.rules.ranking import rank
    from xlbangfu.rules.sittings import sittings

    sat = sittings(school)
    ranking = rank(school, sat)
    figures = class_figures(school, ranking, sat)
    del sat  # many megabytes
    return Ranked(ranking, figures, award(school, ranking))
