"""The next step of a term: what is due first, never what was done."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import polars as pl
import pytest

from tests.support.drawn import frame
from xlbangfu.catalog import LABELS
from xlbangfu.front_page.next_step import ALL_DONE, Run, next_step
from xlbangfu.schema import (
    CLASSES,
    EXAMS,
    PAIRINGS,
    PLANS,
    PROBLEMS,
    REVIEW,
    ROSTER,
    RUNS,
    SCORES,
    TEACHERS,
    Table,
)
from xlbangfu.settings import Settings

TERM = Settings(term_start=date(2026, 2, 23), term_end=date(2026, 7, 10))
MIDDLE, END = date(2026, 5, 11), date(2026, 6, 25)
PAIRED = "结对编号 | 学号 | 类型 | 教师 | 开始日期 | 状态\nJD1 | 01 | 一对一 | T1 | 2026-03-02 | 执行"
PLANNED = "计划编号 | 学号 | 阶段 | 开始 | 结束\nJH1 | 01 | 实施帮扶 | 2026-03-02 | 2026-04-02"


def sheets(**drawn: str) -> dict[Table, pl.DataFrame]:
    """A school with one tracked student who is paired and planned for, an exam with marks, and no problem."""
    return {
        CLASSES: frame(CLASSES, "班级 | 年级\n1班 | 初一"),
        TEACHERS: frame(TEACHERS, "工号 | 姓名\nT1 | 甲"),
        ROSTER: frame(ROSTER, "学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别\n01 | 王一 | 1班 | 在读 | 学困"),
        EXAMS: frame(EXAMS, "考试编号 | 日期 | 类型\n期中 | 2026-05-06 | 期中\n期末 | 2026-07-01 | 期末"),
        SCORES: frame(SCORES, "考试编号 | 学号 | 语文\n期中 | 01 | 60"),
        PAIRINGS: frame(PAIRINGS, drawn.get("结对", PAIRED)),
        PLANS: frame(PLANS, drawn.get("计划", PLANNED)),
        PROBLEMS: PROBLEMS.empty(),
    }


def ledger(*names: str, start: date = date(2026, 5, 7)) -> pl.DataFrame:
    """运行记录 with those actions, all on one day, three rows each."""
    rows = [{"时间": datetime(start.year, start.month, start.day, 8, place), "操作": LABELS[name], "行数": 3}
            for place, name in enumerate(names)]  # fmt: skip
    return pl.DataFrame(rows, schema=RUNS.frame_schema)


def advice(*done: str, today: date = MIDDLE, now: str = "", without: tuple[Table, ...] = (), **drawn: str) -> str:
    frames = {table: sheet for table, sheet in sheets(**drawn).items() if table not in without}
    run = Run(now, today, 3) if now else None
    return next_step({**frames, RUNS: ledger(*done)}, today=today, settings=TERM, now=run)


STORY = [
    ("screen", "点“排查”"),
    ("screen_accept", "点“采纳排查”"),
    ("calendar", "点“日程”"),
    ("run", "点“一键完成”"),
    ("mail", "点“预览邮件”"),
    ("send", "点“发送邮件”"),
    ("collect", "点“收回班级页”"),
]
ENDING = [
    ("honours", "点“评优”"),
    ("honours_accept", "点“确认荣誉”"),
    ("appraise", "点“考核”"),
    ("slips", "点“家长信”"),
    ("register", "点“档案册”"),
]


@pytest.mark.parametrize("place", range(len(STORY)))
def test_each_step_of_a_term_is_advised_when_those_before_it_are_done(place: int) -> None:
    done = [name for name, _ in STORY[:place]]

    assert STORY[place][1] in advice(*done)


def test_sending_nothing_is_not_sending() -> None:
    before = [name for name, _ in STORY[:5]]
    sent = next_step({**sheets(), RUNS: ledger(*before)}, today=MIDDLE, settings=TERM, now=Run("send", MIDDLE, 0))

    assert "点“发送邮件”" in sent


@pytest.mark.parametrize("place", range(len(ENDING)))
def test_the_end_of_a_term_is_advised_step_by_step(place: int) -> None:
    frames = {**sheets(), RUNS: pl.concat([ledger(*(name for name, _ in STORY)), _ended(place)])}

    assert ENDING[place][1] in next_step(frames, today=END, settings=TERM)


def _ended(place: int) -> pl.DataFrame:
    return ledger(*(name for name, _ in ENDING[:place]), start=END)


def test_all_done_is_said_when_nothing_is_due() -> None:
    assert advice(*(name for name, _ in STORY)) == ALL_DONE


def test_the_action_that_is_being_done_counts_as_done() -> None:
    for (done, _), (_, wanted) in pairwise(STORY):
        before = [name for name, _ in STORY[: [name for name, _ in STORY].index(done)]]
        assert wanted in advice(*before, now=done)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (CLASSES, "先在“班级”“教师”"),
        (TEACHERS, "先在“班级”“教师”"),
        (ROSTER, "在“名册”填好"),
        (SCORES, "再点“导入”读进成绩"),
    ],
)
def test_an_empty_sheet_is_filled_first(table: Table, words: str) -> None:
    frames = sheets()

    assert words in next_step({**frames, table: frames[table].clear()}, today=MIDDLE, settings=TERM)


def test_errors_go_before_every_action() -> None:
    errors = frame(PROBLEMS, "级别 | 编号\n错误 | V20\n警告 | V50\n错误 | V34")

    assert "有 2 个错误" in next_step({**sheets(), PROBLEMS: errors}, today=MIDDLE, settings=TERM)


def test_a_renamed_sheet_is_put_right_before_it_is_taken_for_an_empty_one() -> None:
    renamed = frame(PROBLEMS, "级别 | 编号 | 工作表\n错误 | V01 | 名册\n错误 | V06 | 成绩\n错误 | V02 | 教师")
    empty = {ROSTER: ROSTER.empty(), TEACHERS: TEACHERS.empty()}

    said = next_step({**sheets(), **empty, PROBLEMS: renamed}, today=MIDDLE, settings=TERM)
    assert said.startswith("“名册、教师”缺了工作表或列")


def test_students_without_a_teacher_are_counted_until_a_round_of_pairing_is_over() -> None:
    ended = PAIRED.replace("执行", "结束")

    assert "还有 1 名帮扶学生没有一对一教师" in advice("screen_accept", 结对=ended)
    assert "点“采纳结对”" in advice("screen_accept", now="pair", 结对=ended)
    assert "点“日程”" in advice("screen_accept", "pair", "pair_accept", 结对=ended)
    assert "没有一对一" in advice("screen_accept", "pair_accept", "screen", "screen_accept", 结对=ended)


def test_students_without_a_plan_of_the_term_are_counted() -> None:
    last_term = PLANNED.replace("2026", "2025")

    assert "还有 1 名帮扶学生这学期没有计划" in advice("screen_accept", 计划=last_term)
    assert "点“日程”" in advice("screen_accept", now="plan", 计划=last_term)


def test_a_proposal_that_staff_left_is_not_put_before_them_again() -> None:
    assert "采纳" not in advice("screen", "validate")


def test_an_empty_proposal_is_not_to_be_accepted() -> None:
    run = Run("screen", MIDDLE, 0)

    assert "采纳" not in next_step(sheets(), today=MIDDLE, settings=TERM, now=run)


def test_an_upgrade_of_the_workbook_is_no_step_of_the_term() -> None:
    assert advice("screen", "upgrade") == advice("screen")


def test_what_was_taken_back_is_due_again() -> None:
    assert "点“一键完成”" in advice("screen_accept", "calendar", "run", "undo")


def test_a_later_exam_or_import_makes_the_ranks_due_again() -> None:
    done = [name for name, _ in STORY]

    assert "点“一键完成”" in advice(*done, today=date(2026, 7, 2))
    assert "点“一键完成”" in advice(*done, "import", "screen", "calendar")


def test_pages_that_came_back_without_a_mail_need_none() -> None:
    assert advice("screen_accept", "calendar", "run", "collect") == ALL_DONE


def test_only_ranks_that_were_refreshed_alone_need_pages() -> None:
    assert "点“班级页”" in advice("screen_accept", "calendar", "refresh")
    assert "点“预览邮件”" in advice("screen_accept", "calendar", "refresh", "pages")


def test_a_week_without_a_look_at_the_contacts_is_too_long() -> None:
    done = [name for name, _ in STORY]

    assert advice(*done, today=date(2026, 5, 14), now="validate") == ALL_DONE
    assert "点“落实与进展”" in advice(*done, today=date(2026, 5, 15), now="validate")


def test_sheets_that_were_not_read_are_passed_over() -> None:
    assert "点“日程”" in advice("screen_accept", without=(SCORES, EXAMS, PLANS, PROBLEMS), 结对=PAIRED)
    assert advice("screen_accept", "calendar", without=(EXAMS, SCORES, PLANS)) == ALL_DONE
    assert next_step({}, today=MIDDLE).startswith("先在“班级”“教师”")


def after_import(*then: str, bare: tuple[Table, ...] = ()) -> str:
    """What is advised where an import left a question and the exam without a date that it is about."""
    review = frame(
        REVIEW, "种类 | 问题 | 编号 | 您的回答\n要回答 | 考试日期？ | q1 |\n已回答 | 这一列是什么？ | q2 | 语文"
    )
    problems = frame(PROBLEMS, "级别 | 编号 | 工作表\n错误 | V15 | 考试")
    frames = {**sheets(), REVIEW: review, PROBLEMS: problems, RUNS: ledger("import", *then)}
    frames |= {table: table.empty() for table in bare}
    return next_step(frames, today=MIDDLE, settings=TERM)


@pytest.mark.parametrize("bare", [(), (TEACHERS,), (CLASSES, TEACHERS, ROSTER)])
def test_after_an_import_its_questions_come_first(bare: tuple[Table, ...]) -> None:
    assert after_import(bare=bare).startswith("“导入核对”里有 1 个问题")


def test_later_questions_left_open_do_not_stand_in_the_way() -> None:
    assert after_import("validate").startswith("“校验”里有 1 个错误")
