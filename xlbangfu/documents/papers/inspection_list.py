"""检查目录: what an inspection asks for, where it is, how much there is and what is lacking. An inside paper; it copies no names and
counts nothing of 心理咨询."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from xlbangfu.documents.papers.blocks import Block, Column, Table, caption, mark, para, signed, title
from xlbangfu.documents.papers.dropout_figures import dropouts, listed_of_groups
from xlbangfu.documents.papers.paper import OFFICE_COUNTS, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.school_figures import money, pairings
from xlbangfu.house_look import CONFIDENTIAL
from xlbangfu.rules.contacts import COUNSELLING, FAMILY, VISIT
from xlbangfu.rules.opinions import ASKED
from xlbangfu.rules.school import STUDENT
from xlbangfu.schema import ACTIVITIES, CONDUCT, EXAMS, FILES, ORGANISATION, PLANS, SUPPORT

Line = tuple[str, str, str, str]  # what is asked for, where it is, how much there is, what is lacking

_COLUMNS = (
    Column(head="序", cell="{{ 行.序号 }}", width=10, align="center"),
    Column(head="查什么", cell="{{ 行.项目 }}", width=36),
    Column(head="在哪里", cell="{{ 行.在哪里 }}", width=50),
    Column(head="有多少", cell="{{ 行.有多少 }}", width=30),
    Column(head="还缺", cell="{{ 行.还缺 }}", width=30),
)


def _words() -> Sequence[Block]:
    return (
        mark(CONFIDENTIAL),
        title("{{ 学校 }}{{ 学期 }}\n帮扶工作检查目录"),
        para("检查时按下表取用。工作表都在帮扶总表里，文件夹都在总表旁边；含学生个人信息的当场看，不复印、不带走。"),
        caption("目录（到{{ 日期 }}）"),
        Table(rows="目录", columns=_COLUMNS),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    rows = [
        {"序号": at, "项目": what, "在哪里": where, "有多少": much, "还缺": lacking}
        for at, (what, where, much, lacking) in enumerate(_lines(source), 1)
    ]
    return (Filled(values={"目录": rows}),)


def _lines(source: Source) -> Iterator[Line]:
    school, settings, listed = source.school, source.school.settings, source.listed.height
    first, today = settings.term_start, school.today
    held = school[ACTIVITIES].filter(pl.col("日期").is_between(first, today)).height
    exams = school[EXAMS].filter(pl.col("学期") == settings.term).height
    marks = school[CONDUCT].filter(pl.col("月份").is_between(pl.lit(f"{first:%Y-%m}"), pl.lit(f"{today:%Y-%m}")))
    asked = marks.filter(pl.col("评价人").is_in(ASKED)).height
    yield _sheet("领导小组和分工", "组织", school[ORGANISATION].height, "人")
    yield _paper(source, "工作计划", "帮扶工作计划", "计划")
    yield "帮扶学生名单", "工作表“名册”“排查”", f"{listed}人，重点{source.keys}人", "" if listed else "先排查"
    yield _each("一生一档", "工作表“档案”，文件夹“档案册”", _with(source, school[FILES]), listed, "份")
    yield _each("一对一结对", "工作表“结对”", pairings(source)["结对学生"], listed, "人")
    yield _each("一生一策和阶段计划", "工作表“计划”，文件夹“文书”", _with(source, _of_term(source)), listed, "人")
    yield from _contact_lines(source)
    yield _sheet("考试和质量分析", "考试”“质量分析", exams, "次")
    yield _sheet("行为评价", "评价", marks["月份"].n_unique(), "个月")
    yield "家长和学生的意见", "工作表“评价”，文件夹“意见表”", f"{asked}份", "" if asked else "还没有"
    yield "进展和退出", "工作表“进展”“排查”", f"退出{source.report.turned}人", ""
    yield _sheet("活动", "活动", held, "次")
    yield _paper(source, "月度简报", "帮扶简报", "简报")
    yield _sheet("奖励", "荣誉", source.awards.filter(pl.col("学期") == settings.term).height, "人次")
    yield "教师和班级考核", "工作表“考核”", "—", ""
    total = money(source)
    yield "经费和保障", "工作表“保障”", f"{school[SUPPORT].height}项", "" if total else "经费没有写"
    yield "特殊群体", "工作表“名册”“控辍月报”", f"在帮扶{listed_of_groups(source)}人", ""
    yield from _dropout_lines(source)
    yield _paper(source, "工作总结", "帮扶工作总结", "总结")


def _contact_lines(source: Source) -> Iterator[Line]:
    """心理咨询 is not counted here: how many have it is nobody's matter."""
    entries = source.helped(source.school.settings.term_start, source.school.today)
    told = entries.filter(pl.col("类型") != COUNSELLING)
    last = told.select(pl.col("日期").max().dt.strftime("%m-%d")).item()
    days = f"，到{last}" if last else ""
    made = told["_entry"].n_unique()
    yield "帮扶记录", "工作表“记录”“落实”", f"{made}条{days}", "" if made else "还没有"
    home = told.filter(pl.col("类型").is_in([FAMILY, VISIT]))["_entry"].n_unique()
    yield "家访和家长沟通", "工作表“记录”，文件夹“家长信”", f"{home}次", "" if home else "还没有"


def _dropout_lines(source: Source) -> Iterator[Line]:
    """Of 义务教育 what is asked of a school that must lose nobody."""
    figures = dropouts(source)
    if not figures.applies:
        return
    yield "考勤", "工作表“缺勤”", f"{figures.absences}条", "" if figures.absences else "还没有"
    silent = f"{figures.unreported}人没有上报" if figures.unreported else ""
    yield "疑似辍学和劝返", "工作表“疑似辍学”“劝返”", f"劝返{figures.visits}次，在劝{figures.away}人", silent
    yield "辍学", "工作表“名册”（在籍状态）", f"本学期{source.report.dropouts}人", ""
    yield _paper(source, "控辍保学月报", "控辍保学月报", "月报")


def _sheet(what: str, sheet: str, count: int, unit: str) -> Line:
    return what, f"工作表“{sheet}”", f"{count}{unit}" if count else "—", "" if count else "还没有"


def _paper(source: Source, what: str, file: str, name: str) -> Line:
    count = sum(one.startswith(file) for one in source.there)
    return what, "文件夹“文书”", f"{count}份" if count else "—", "" if count else f"点“文书”选{name}"


def _each(what: str, where: str, count: int, listed: int, unit: str) -> Line:
    lacking = max(0, listed - count)
    return what, where, f"{count}{unit}", f"{lacking}人" if lacking else ""


def _with(source: Source, frame: pl.DataFrame) -> int:
    """How many students of the list have a row."""
    return frame.filter(pl.col(STUDENT).is_in(source.listed["学号"].implode()))[STUDENT].n_unique()


def _of_term(source: Source) -> pl.DataFrame:
    settings = source.school.settings
    return source.school[PLANS].filter(pl.col("开始") <= settings.term_end, pl.col("结束") >= settings.term_start)


INSPECTION_LIST = Paper(
    name="检查目录",
    title="帮扶检查目录",
    help="检查要看什么、在哪张表哪个文件夹、有多少、还缺多少；没有姓名",
    readers=OFFICE_COUNTS,
    words=_words,
    fills=_fills,
    by_marks=False,
)
