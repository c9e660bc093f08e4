"""What to do next, in one sentence: the steps of a term in their order, the first that is due.

What is on the sheets decides, and what 运行记录 says was done. A step whose sheet was not read is passed over, and so is one
that was done: a proposal that staff looked at and left is not put before them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.catalog import LABELS, TOOL_LABELS
from xlbangfu.polars_thread import asks_much
from xlbangfu.rules import problems, roll
from xlbangfu.rules.people import STUDENT, Known, with_student
from xlbangfu.schema import (
    CLASSES,
    EXAMS,
    HONOURS,
    LOG,
    ONE_TO_ONE,
    OUTBOX,
    PAIRINGS,
    PLANS,
    PROBLEMS,
    PROPOSALS,
    REVIEW,
    ROSTER,
    RUNNING,
    RUNS,
    SCORES,
    SCREENING,
    SUSPECTS,
    TEACHERS,
    Table,
)
from xlbangfu.settings import Settings

_NAMES = {label: name for name, label in LABELS.items()}
_END = timedelta(days=21)  # before the last day of the term its end is prepared
_BEFORE = timedelta(days=30)  # before the first day of the term it is prepared
_WEEK = timedelta(days=7)
_NEVER = -1


class Run(Struct, frozen=True):
    """One action that was done, by its name in the catalog."""

    name: str
    day: date
    rows: int

    @property
    def came_to_nothing(self) -> bool:
        """A click on 发送邮件 with nothing ticked: no mail left."""
        return self.name == "send" and self.rows == 0


class Term(Struct, frozen=True, kw_only=True, dict=True):
    """What is known: ``frames`` as read, and ``now``, the run that is about to be written down."""

    frames: Mapping[Table, pl.DataFrame]
    today: date
    settings: Settings = field(default_factory=Settings)
    now: Run | None = None

    def empty(self, table: Table) -> bool:
        """Whether the sheet was read and has no record."""
        return table in self.frames and not self.frames[table].height

    @cached_property
    def runs(self) -> list[Run]:
        """What was done, without what was taken back."""
        done: list[Run] = []
        ledger = self.frames.get(RUNS, RUNS.empty()).drop_nulls(["操作", "时间"]).select("操作", "时间", "行数")
        for label, time, rows in ledger.iter_rows():
            _do(done, Run(_NAMES.get(label, label), time.date(), rows or 0))
        if self.now is not None:
            _do(done, self.now)
        return done

    def last(self, *names: str) -> int:
        """The place among ``runs`` of the latest of these actions, _NEVER if none."""
        return max((place for place, run in enumerate(self.runs) if run.name in names), default=_NEVER)

    def done(self, *names: str, after: int = _NEVER, since: date | None = None) -> bool:
        """Whether one of these actions was done after that place, and on that day or later."""
        return any(
            run.name in names and not run.came_to_nothing and (since is None or run.day >= since)
            for run in self.runs[after + 1 :]
        )

    def just_proposed(self, *names: str) -> bool:
        """Whether the last thing done was to make that proposal or to tick in it, and it is not empty."""
        return bool(self.runs) and self.runs[-1].name in names and self.runs[-1].rows > 0

    @cached_property
    def errors(self) -> int:
        found = self.frames.get(PROBLEMS)
        return 0 if found is None else found.filter(pl.col("级别") == "错误").height

    @cached_property
    def suspected(self) -> int:
        """How many students 校验 finds 疑似辍学 whom nobody has entered in 劝返."""
        found = self.frames.get(PROBLEMS, PROBLEMS.empty()).filter(pl.col("编号") == problems.SUSPECTED)
        return found["学号"].n_unique()

    @cached_property
    def asked(self) -> int:
        """How many questions of an import wait for an answer."""
        open_questions = (pl.col("种类") == "要回答") & pl.col("您的回答").is_null()
        return self.frames.get(REVIEW, REVIEW.empty()).filter(open_questions).height

    @cached_property
    def broken(self) -> str:
        """The sheets that can't be read since they, or a column without which they say nothing, are missing."""
        found = self.frames.get(PROBLEMS, PROBLEMS.empty()).filter(pl.col("编号").is_in(problems.BROKEN))
        return "、".join(found["工作表"].unique(maintain_order=True))

    @cached_property
    def tracked(self) -> pl.Series:
        """学号 of the students on the list and on the roll."""
        today = pl.lit(self.today)
        roster = self.frames.get(ROSTER, ROSTER.empty())
        return roster.filter(roll.on_roll(today), roll.tracked(today))["学号"].drop_nulls()

    @cached_property
    def students(self) -> Known:
        return Known.of(self.frames.get(ROSTER, ROSTER.empty()))

    def lacking(self, table: Table, which: pl.Expr) -> int:
        """How many tracked students no such row of the table names; 0 if it was not read."""
        if table not in self.frames:
            return 0
        named = with_student(self.frames[table].filter(which), self.students)[STUDENT]
        return self.tracked.filter(~self.tracked.is_in(named.drop_nulls().implode())).len()

    @property
    def unpaired(self) -> int:
        return self.lacking(PAIRINGS, (pl.col("类型") == ONE_TO_ONE) & (pl.col("状态") == RUNNING))

    @property
    def unplanned(self) -> int:
        one = self.settings
        return self.lacking(PLANS, (pl.col("结束") >= one.term_start) & (pl.col("开始") <= one.term_end))

    @cached_property
    def last_exam(self) -> date | None:
        """The day of the latest exam that was held."""
        held = self.frames.get(EXAMS, EXAMS.empty()).filter(pl.col("日期") <= self.today)["日期"].max()
        return held if isinstance(held, date) else None

    @property
    def ranked(self) -> bool:
        """Whether the results were worked out since the last exam and the last import."""
        return self.done("refresh", "run", after=self.last("import"), since=self.last_exam)

    @property
    def opening(self) -> date:
        """The day from which what is done is done for this term; never after today."""
        return min(self.settings.term_start - _BEFORE, self.today)

    @property
    def is_ending(self) -> bool:
        return self.today >= self.settings.term_end - _END

    def done_at_the_end(self, *names: str) -> bool:
        return self.done(*names, since=self.settings.term_end - _END)


Due = Callable[[Term], bool]


class Step(Struct, frozen=True, kw_only=True):
    """One step of a term: when it is ``due``, what staff are told, and what does it.

    ``action`` is its name in the catalog; where it has ``ticks``, staff first tick in that column of the first of the
    ``sheets``. Without an action there is something to look at or to fill in on the first of them.
    """

    due: Due
    sentence: str
    action: str = ""
    sheets: tuple[Table, ...] = ()
    ticks: str = ""

    @property
    def sheet(self) -> Table | None:
        """What staff are to look at or to fill in, if it is a sheet."""
        return next(iter(self.sheets), None)


STEPS: tuple[Step, ...] = (
    Step(
        due=lambda term: bool(term.broken),
        sentence="“{broken}”缺了工作表或列：看“校验”最上面，照“怎么改”改回来，再点“校验”；别的先不用管。",
        action="validate",
        sheets=(PROBLEMS,),
    ),
    Step(
        due=lambda term: term.last("import") == len(term.runs) - 1 and term.asked > 0,
        sentence="“导入核对”里有 {asked} 个问题：在“您的回答”里选好，再点“导入”、选同一份文件，就接着导。",
        sheets=(REVIEW,),
    ),
    Step(
        due=lambda term: any(
            not term.frames[table].height if table in term.frames else True for table in (CLASSES, TEACHERS)
        ),
        sentence="先在“班级”“教师”两张表填好班级和教师，或者点“导入”读进学校已有的文件。",
        action="import",
        sheets=(
            CLASSES,
            TEACHERS,
        ),
    ),
    Step(
        due=lambda term: ROSTER not in term.frames or term.empty(ROSTER),
        sentence="在“名册”填好全校学生，或者点“导入”读进名册文件。",
        action="import",
        sheets=(ROSTER,),
    ),
    Step(
        due=lambda term: term.just_proposed("dropouts"),
        sentence="看“疑似辍学”里的理由，同意的在“采纳”打 √，再点“采纳控辍”；不是辍学的在“采纳”写 否。",
        action="dropouts_accept",
        sheets=(SUSPECTS,),
        ticks="采纳",
    ),
    Step(
        due=lambda term: (
            term.suspected > 0
            and not term.done("dropouts", after=term.last("collect", "import"), since=term.today - _WEEK)
        ),
        sentence="有 {suspected} 名学生疑似辍学：先联系家长，再点“控辍保学”。",
        action="dropouts",
    ),
    Step(
        due=lambda term: term.errors > 0,
        sentence="“校验”里有 {errors} 个错误：点“单元格”一列跳过去，按“怎么改”改好，再点“校验”。",
        action="validate",
        sheets=(PROBLEMS,),
    ),
    Step(
        due=lambda term: term.just_proposed("screen", "screen_tick"),
        sentence="看“排查”里的理由，同意的在“采纳”打 √（“新增打√”先都打上，不同意的去掉），再点“采纳排查”。",
        action="screen_accept",
        sheets=(SCREENING,),
        ticks="采纳",
    ),
    Step(
        due=lambda term: term.just_proposed("pair"),
        sentence="看“结对建议”里的理由，同意的在“采纳”打 √，再点“采纳结对”。",
        action="pair_accept",
        sheets=(PROPOSALS,),
        ticks="采纳",
    ),
    Step(
        due=lambda term: term.just_proposed("honours"),
        sentence="看“评优”里的依据，同意的在“采纳”打 √，再点“确认荣誉”。",
        action="honours_accept",
        sheets=(HONOURS,),
        ticks="采纳",
    ),
    Step(
        due=lambda term: term.empty(SCORES),
        sentence="在“考试”登记考试，再点“导入”读进成绩文件。",
        action="import",
        sheets=(
            EXAMS,
            SCORES,
        ),
    ),
    Step(
        due=lambda term: not term.done("screen", "screen_accept", since=term.opening),
        sentence="这学期还没有排查：点“排查”，看看谁该列入、谁可以退出。",
        action="screen",
    ),
    Step(
        due=lambda term: (
            term.unpaired > 0 and not term.done("pair", "pair_accept", after=term.last("import", "screen_accept"))
        ),
        sentence="还有 {unpaired} 名帮扶学生没有一对一教师：点“结对建议”。",
        action="pair",
    ),
    Step(
        due=lambda term: (
            term.unplanned > 0 and not term.done("plan", after=term.last("import", "screen_accept", "pair_accept"))
        ),
        sentence="还有 {unplanned} 名帮扶学生这学期没有计划：点“制定计划”。",
        action="plan",
    ),
    Step(
        due=lambda term: (
            term.tracked.len() > 0 and not term.done("calendar", after=term.last("plan"), since=term.opening)
        ),
        sentence="点“日程”，每位教师就知道哪天做什么。",
        action="calendar",
    ),
    Step(
        due=lambda term: term.last_exam is not None and not term.ranked,
        sentence="最近一次考试之后还没有排名：点“一键完成”，刷新排名并做好班级页。",
        action="run",
    ),
    Step(
        due=lambda term: (
            term.last_exam is not None
            and not term.done("pages", "run", after=term.last("refresh"), since=term.last_exam)
        ),
        sentence="排名已刷新：点“班级页”，给每个班主任做一份。",
        action="pages",
    ),
    Step(
        due=lambda term: (
            term.done("pages", "run") and not term.done("mail", "send", "collect", after=term.last("pages", "run"))
        ),
        sentence="班级页已做好：点“预览邮件”准备寄出，或者直接把文件夹里的班级页交给班主任。",
        action="mail",
    ),
    Step(
        due=lambda term: term.done("mail") and not term.done("send", "collect", after=term.last("mail")),
        sentence="看“发件箱”：收件人和附件都对的，在“发送”打 √，再点“发送邮件”。",
        action="send",
        sheets=(OUTBOX,),
        ticks="发送",
    ),
    Step(
        due=lambda term: term.done("send") and not term.done("collect", after=term.last("send")),
        sentence="班级页已寄出：交回来的点“收回班级页”；过了「收回期限」还没交的点“催交”。",
        action="collect",
    ),
    Step(
        due=lambda term: term.is_ending and not term.done_at_the_end("honours", "honours_accept"),
        sentence="快到期末：点“评优”，看看候选人和依据。",
        action="honours",
    ),
    Step(
        due=lambda term: term.is_ending and not term.done_at_the_end("appraise"),
        sentence="快到期末：点“考核”，算出教师和班级的考核分。",
        action="appraise",
    ),
    Step(
        due=lambda term: term.is_ending and not term.done_at_the_end("slips"),
        sentence="快到期末：点“家长信”，给每名学生的家长做一页。",
        action="slips",
    ),
    Step(
        due=lambda term: term.is_ending and not term.done_at_the_end("register"),
        sentence="快到期末：点“档案册”，把全部资料统计成册。",
        action="register",
    ),
    Step(
        due=lambda term: (
            term.now is not None
            and term.tracked.len() > 0
            and not term.done("follow", "run", since=term.now.day - _WEEK)
        ),
        sentence="点“落实与进展”，看看哪些帮扶过期了、谁进步了。",
        action="follow",
    ),
)
ALL_DONE = "眼下该做的都做了：平时把每次帮扶写进“记录”，下次考试后再点“一键完成”。"
_DAILY = Step(due=lambda _: True, sentence=ALL_DONE, sheets=(LOG,))


def next_step(
    frames: Mapping[Table, pl.DataFrame],
    *,
    today: date | None = None,
    settings: Settings | None = None,
    now: Run | None = None,
) -> str:
    """One sentence that says what to do now; ``now`` is the action that is just being done."""
    return proposed(frames, today=today, settings=settings, now=now).sentence


@asks_much
def proposed(
    frames: Mapping[Table, pl.DataFrame],
    *,
    today: date | None = None,
    settings: Settings | None = None,
    now: Run | None = None,
) -> Step:
    """The first step that is due, its sentence as staff read it."""
    term = Term(frames=frames, today=today or date.today(), settings=settings or Settings(), now=now)
    step = next((one for one in STEPS if one.due(term)), _DAILY)
    sentence = step.sentence.format(
        broken=term.broken,
        asked=term.asked,
        errors=term.errors,
        suspected=term.suspected,
        unpaired=term.unpaired,
        unplanned=term.unplanned,
    )
    return replace(step, sentence=sentence)


def _do(done: list[Run], run: Run) -> None:
    if run.name == "undo":
        del done[-1:]
    elif run.name not in TOOL_LABELS:
        done.append(run)
