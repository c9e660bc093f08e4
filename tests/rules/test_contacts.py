"""Contacts owed and made (DOMAIN rule 8). The term of these tests begins on Monday, 2 March 2026, and has no holiday in its first weeks."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.support.drawn import looks_like, school
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.dues import DUE, FIRST, LATEST, dues, owed
from xlbangfu.rules.school import School
from xlbangfu.rules.school_days import DAY, WEEK_OF
from xlbangfu.schema import CONTACTS
from xlbangfu.settings.times import UNITS, Pace

TEACHERS = """
    工号 | 姓名 | 角色       | 任教班级 | 在岗
    T1   | 甲师 | 班主任     | 1班      | 是
    T2   | 乙师 | 任课教师   | 1班      | 是
    T3   | 丙师 | 心理教师   |          | 是
    T4   | 丁师 | 心理教师   | 1班      | 是
    T5   | 戊师 | 心理教师   | 1班      | 否
"""
CLASSES = """
    班级 | 年级 | 班主任
    1班  | 初一 | T1
    2班  | 初一 | 乙师
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 重点 | 列入日期
    01   | 王一 | 1班  | 在读     | 学困     | 否   | 2025-09-10
    02   | 王二 | 2班  | 在读     | 学困     | 是   | 2025-09-10
"""
PAIRINGS = """
    结对编号 | 学号 | 类型   | 教师 | 开始日期   | 结束日期   | 状态
    P0       | 01   | 一对一 | T1   | 2025-09-15 | 2025-10-01 | 执行
    P1       | 01   | 一对一 | 乙师 | 2025-10-02 |            | 执行
"""
NO_LOG = "记录编号 | 日期 | 学号 | 教师 | 类型"


def on(day: str, log: str = NO_LOG, roster: str = ROSTER, **more: str) -> School:
    sheets = {
        "名册": roster,
        "教师": TEACHERS,
        "班级": CLASSES,
        "结对": PAIRINGS,
        "记录": log,
        "成绩": "考试编号 | 学号",
    }
    of = {key: more.pop(key) for key in list(more) if key in ("档案", "校历")}
    term = {"学期开始": "2026-03-02", "学期结束": "2026-07-03", "计算日期": day}
    return school(sheets | of, **(term | more))


def of(found: pl.DataFrame, student: str) -> pl.DataFrame:
    return found.filter(pl.col("学号") == student)


def test_what_is_owed_and_by_whom_after_four_weeks() -> None:
    """2 to 29 March: four weeks, two fortnights, no month's last school day yet."""
    looks_like(
        contacts(on("2026-03-29")).sort("学号", maintain_order=True),
        """
            学号 | 姓名 | 类型     | 责任教师 | 应做 | 已做 | 落实率 | 上次 | 距今天数 | 是否过期
            01   | 王一 | 辅导     | T2 乙师  | 4    | 0    | 0      |      |          | 是
            01   | 王一 | 谈心     | T2 乙师  | 4    | 0    | 0      |      |          | 是
            01   | 王一 | 作业面批 | T2 乙师  | 4    | 0    | 0      |      |          | 是
            01   | 王一 | 家长沟通 | T2 乙师  | 2    | 0    | 0      |      |          | 是
            01   | 王一 | 家访     | T1 甲师  | 0    | 0    |        |      |          | 否
            02   | 王二 | 辅导     | T2 乙师  | 4    | 0    | 0      |      |          | 是
            02   | 王二 | 谈心     | T2 乙师  | 8    | 0    | 0      |      |          | 是
            02   | 王二 | 作业面批 | T2 乙师  | 4    | 0    | 0      |      |          | 是
            02   | 王二 | 家长沟通 | T2 乙师  | 4    | 0    | 0      |      |          | 是
            02   | 王二 | 家访     | T2 乙师  | 0    | 0    |        |      |          | 否
            02   | 王二 | 心理咨询 | T3 丙师  | 0    | 0    |        |      |          | 否
        """,
    )


def test_the_counsellor_of_the_class_goes_before_another_and_the_homeroom_teacher_stands_in() -> None:
    roster = ROSTER.replace("| 否   |", "| 是   |")
    one = on("2026-03-29", roster=roster)
    without = School.of({t: (f.clear() if t.name == "教师" else f) for t, f in one.frames.items()}, today=one.today)

    asked = contacts(one).filter(pl.col("类型") == "心理咨询").sort("学号")
    assert asked["责任教师"].to_list() == ["T4 丁师", "T3 丙师"]
    assert contacts(without)["责任教师"].null_count() == contacts(without).height


def test_at_the_end_of_the_term_a_visit_was_owed_once_and_to_a_key_student_twice() -> None:
    found = contacts(on("2026-07-03")).filter(pl.col("类型").is_in(["家访", "心理咨询"])).sort("学号", "类型")

    looks_like(
        found,
        """
            学号 | 类型     | 应做
            01   | 家访     | 1
            02   | 家访     | 2
            02   | 心理咨询 | 4
        """,
    )


def test_this_weeks_contact_is_owed_from_the_last_school_day_on() -> None:
    def tutoring(day: str) -> int:
        return int(of(contacts(on(day)), "01").filter(pl.col("类型") == "辅导")["应做"].item())

    assert [tutoring(f"2026-03-{day:02}") for day in (2, 5, 6, 8, 12, 13)] == [0, 0, 1, 1, 1, 2]


def test_a_week_without_a_school_day_owes_nothing() -> None:
    off = "日期 | 类别\n" + "\n".join(f"2026-03-{day:02} | 放假" for day in range(9, 14))

    found = contacts(on("2026-03-15", 校历=off))

    assert set(found.filter(pl.col("类型").is_in(["辅导", "作业面批"]))["应做"]) == {1}


@pytest.mark.parametrize(
    ("listed", "expected"), [("2026-03-11", 2), ("2026-03-12", 1), ("2026-03-16", 1), ("2026-04-01", 0)]
)
def test_who_joined_when_most_of_the_week_was_over_does_not_owe_it(listed: str, expected: int) -> None:
    found = contacts(on("2026-03-22", roster=ROSTER.replace("2025-09-10", listed)))

    assert found.filter(pl.col("类型") == "辅导")["应做"].to_list() == [expected] * (2 if expected else 0)


def test_entries_count_for_each_student_of_a_session_once_from_the_term_or_the_day_of_joining_on() -> None:
    log = """
        记录编号 | 日期       | 学号         | 教师 | 类型
        L1       | 2026-03-04 | 01、02、01   | T2   | 辅导
        L2       | 2026-03-10 | 01           | T2   | 辅导
        L3       | 2026-02-20 | 01           | T2   | 辅导
        L4       | 2026-01-05 | 01           | T2   | 谈心
        L5       | 2026-04-10 | 01           | T2   | 辅导
        L6       | 2026-03-11 | 01           | T2   | 活动
    """
    looks_like(
        contacts(on("2026-03-15", log))
        .filter(pl.col("类型").is_in(["辅导", "谈心"]))
        .sort("学号", maintain_order=True),
        """
            学号 | 类型 | 应做 | 已做 | 落实率 | 上次       | 距今天数 | 是否过期
            01   | 谈心 | 2    | 0    | 0      | 2026-01-05 | 69       | 是
            01   | 辅导 | 2    | 2    | 1      | 2026-03-10 | 5        | 否
            02   | 谈心 | 4    | 0    | 0      |            |          | 是
            02   | 辅导 | 2    | 1    | 0.5    | 2026-03-04 | 11       | 是
        """,
    )


def test_the_overdue_come_first_those_never_met_before_the_longest_ago() -> None:
    log = """
        记录编号 | 日期       | 学号 | 教师 | 类型
        L1       | 2026-03-03 | 01   | T2   | 谈心
        L2       | 2026-03-04 | 01   | T2   | 作业面批
        L3       | 2026-03-13 | 01   | T2   | 家长沟通
    """
    found = of(contacts(on("2026-03-15", log)), "01")

    assert found["类型"].to_list() == ["辅导", "谈心", "作业面批", "家长沟通", "家访"]
    assert found["是否过期"].to_list() == ["是", "是", "是", "否", "否"]


def test_three_channels_and_four_priorities_are_ticked() -> None:
    log = """
        记录编号 | 日期       | 学号 | 教师 | 类型     | 沟通对象         | 优先类
        L1       | 2026-03-03 | 01   | T2   | 谈心     |                  | 安全、学习
        L2       | 2026-03-04 | 02   | T2   | 家长沟通 | 父母，第二监护人 | 活动
        L3       | 2026-01-04 | 01   | T2   | 家长沟通 | 父母             | 生活
    """
    files = "学号 | 第二监护人\n02 | 外婆"
    found = contacts(on("2026-03-15", log, 档案=files)).unique("学号").sort("学号")

    looks_like(
        found,
        """
            学号 | 三沟通                  | 四优先
            01   | 学生√ 父母×             | 安全√ 学习√ 生活× 活动×
            02   | 学生× 父母√ 第二监护人√ | 安全× 学习× 生活× 活动√
        """,
    )


def test_priorities_and_paces_are_those_of_the_settings() -> None:
    found = of(
        contacts(on("2026-03-29", 优先项="提高、答疑", 谈心次数="每两周1", 家访次数="每学期0", 辅导次数="每天")), "01"
    )

    assert found["四优先"][0] == "提高× 答疑×"
    assert dict(found.select("类型", "应做").iter_rows()) == {"辅导": 4, "谈心": 2, "作业面批": 4, "家长沟通": 2}


def test_a_school_without_tracked_students_owes_nothing() -> None:
    assert_frame_equal(contacts(on("2026-03-15", roster=ROSTER.replace("学困", "边缘"))), CONTACTS.empty())
    nothing = dict.fromkeys(
        ("辅导次数", "谈心次数", "作业面批次数", "家长沟通次数", "家访次数", "心理咨询次数"), "每周0"
    )
    assert_frame_equal(contacts(on("2026-03-15", **nothing)), CONTACTS.empty())


def test_before_and_after_the_term_nothing_more_is_owed() -> None:
    assert set(contacts(on("2026-02-25"))["应做"]) == {0}
    assert contacts(on("2026-07-03"))["应做"].to_list() == contacts(on("2026-07-20"))["应做"].to_list()


DAYS = st.sets(st.integers(0, 150), max_size=110).map(
    lambda steps: pl.DataFrame(
        {DAY: [date(2026, 3, 2) + timedelta(days=step) for step in sorted(steps)]}, schema={DAY: pl.Date}
    ).with_columns(pl.col(DAY).dt.truncate("1w").alias(WEEK_OF))
)
PACES = st.builds(Pace, st.sampled_from(UNITS), st.integers(0, 7))
SOME_DAY = st.integers(-5, 160).map(lambda step: date(2026, 3, 2) + timedelta(days=step))


@settings(deadline=None, max_examples=100)
@given(DAYS, PACES, st.lists(SOME_DAY, min_size=1, max_size=4), st.lists(SOME_DAY, min_size=2, max_size=2).map(sorted))
def test_contacts_owed_add_up_over_any_split_of_the_days(
    days: pl.DataFrame, pace: Pace, joined: list[date], split: list[date]
) -> None:
    """What is owed by a later day is what was owed before and the contacts due in between, to who joined in time for them."""
    slots, since = dues(days, pace), pl.Series(joined, dtype=pl.Date)

    earlier, later = (owed(slots, since, day) for day in split)

    for before, after, start in zip(earlier, later, joined, strict=True):
        due = slots.filter(pl.col(DUE) > split[0], pl.col(DUE) <= split[1], pl.col(LATEST) >= start).height
        assert after == before + due
    assert slots.select((pl.col(FIRST) <= pl.col(LATEST)).all() & (pl.col(LATEST) <= pl.col(DUE)).all()).item()


@settings(deadline=None, max_examples=12)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.sampled_from(["01", "02", "01、02"]),
            st.sampled_from(["辅导", "谈心", "家访", "家长沟通"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_new_entry_never_lowers_the_rate_nor_makes_anything_overdue(entries: list[tuple[int, str, str]]) -> None:
    def log(of: list[tuple[int, str, str]]) -> str:
        lines = [
            f"L{place} | {date(2026, 2, 20) + timedelta(days=step)} | {who} | T2 | {kind}"
            for place, (step, who, kind) in enumerate(of)
        ]
        return "\n".join([NO_LOG, *lines])

    key = ["学号", "类型"]
    before = contacts(on("2026-04-12", log(entries[:-1])))
    both = before.join(contacts(on("2026-04-12", log(entries))), on=key, suffix="_后")

    assert both.height == before.height
    assert (both["已做"] >= 0).all()
    assert (both["已做_后"] >= both["已做"]).all()
    assert (both["落实率_后"].fill_null(0) >= both["落实率"].fill_null(0)).all()
    assert both.filter(pl.col("是否过期") == "否", pl.col("是否过期_后") == "是").height == 0


def test_the_input_is_the_same_afterwards() -> None:
    one = on("2026-03-29")
    before = {table: sheet.clone() for table, sheet in one.frames.items()}

    contacts(one)

    for table, sheet in one.frames.items():
        assert_frame_equal(sheet, before[table])


def test_a_week_of_one_school_day_asks_a_key_student_for_one_talk() -> None:
    """6 March is the only school day of its week; the weeks before and after are whole."""
    off = "日期 | 类别\n" + "\n".join(f"2026-03-{day:02d} | 放假" for day in (9, 10, 11, 12))

    talks = of(contacts(on("2026-03-20", 校历=off)), "02").filter(pl.col("类型") == "谈心")

    assert talks["应做"].to_list() == [2 + 1 + 2]


@pytest.mark.parametrize("length", range(1, 8))
def test_no_more_is_due_in_a_unit_than_it_has_school_days(length: int) -> None:
    first = date(2026, 3, 2)
    days = pl.DataFrame({DAY: [first + timedelta(days=at) for at in range(length)], WEEK_OF: [first] * length})

    due = dues(days, Pace("每周", 3))

    assert due.height == min(3, length)
    assert due[DUE].n_unique() == due.height
