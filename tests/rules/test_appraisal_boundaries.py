"""What 考核 says of classes and teachers at its edges (DOMAIN rule 11). The term is that of the usual settings."""

from __future__ import annotations

import polars as pl
import pytest

from tests.support.drawn import frame, looks_like, school
from xlbangfu.rules.appraisal import appraise
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS, PROGRESS

ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 退出日期
    01   | 甲   | 1班  | 在读     |            | 学困     | 2025-09-01 |
    02   | 乙   | 1班  | 在读     |            | 学困     | 2025-09-01 |
    03   | 丙   | 1班  | 在读     |            | 学困     | 2025-09-01 | 2026-05-10
    04   | 丁   | 1班  | 在读     |            |          |            |
    05   | 戊   | 2班  | 在读     |            |          |            |
    06   | 己   | 2班  | 在读     |            |          |            |
    07   | 庚   | 2班  | 在读     |            |          |            |
    08   | 辛   | 2班  | 辍学     | 2026-04-01 |          |            |
"""
CLASSES = "班级 | 年级\n2班 | 初一\n1班 | 初一\n空班 | 初一\n1班 | 初一"
CAME = """
    考试编号 | 学号 | 进展
    下期中   | 01   | 进步
    下期中   | 02   | 稳定
    下期中   | 04   | 显著进步
"""


def classes(**settings: str) -> pl.DataFrame:
    return appraised(school({"名册": ROSTER, "班级": CLASSES, "成绩": "考试编号 | 学号"}, **settings), CAME)


def appraised(one: School, came: str = "考试编号 | 学号") -> pl.DataFrame:
    return appraise(one, frame(CONTACTS, "学号 | 责任教师"), frame(PROGRESS, came))


def test_classes_come_once_each_as_their_sheet_has_them_and_say_their_numbers() -> None:
    looks_like(
        classes(),
        """
            对象 | 名称 | 转化率   | 进步率   | 辍学率 | 依据
            班级 | 2班  |          |          | 0.25   | 本学期帮扶 0 人，转化 0 人；有成绩可比的 0 人，进步 0 人；学期初在籍 4 人，辍学 1 人
            班级 | 1班  | 0.333333 | 0.666667 | 0      | 本学期帮扶 3 人，转化 1 人；有成绩可比的 3 人，进步 2 人；学期初在籍 4 人，辍学 0 人
            班级 | 空班 |          |          |        | 本学期帮扶 0 人，转化 0 人；有成绩可比的 0 人，进步 0 人；学期初在籍 0 人，辍学 0 人
        """,
    )


def test_a_class_says_how_many_of_its_counts_are_of_special_groups_each_student_once() -> None:
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 留守 | 特殊群体
        01   | 甲   | 1班  | 在读     |            | 学困     | 2025-09-01 | 是   | 残疾、孤儿
        02   | 乙   | 1班  | 在读     |            | 学困     | 2025-09-01 |      |
        03   | 丙   | 1班  | 辍学     | 2026-04-01 |          |            |      | 困境
        09   | 丁   | 1班  | 在读     |            |          |            | 是   |
        05   | 戊   | 2班  | 在读     |            | 学困     | 2025-09-01 |      |
        06   | 己   | 空班 | 在读     |            |          |            | 是   |
    """
    made = appraised(school({"名册": roster, "班级": CLASSES, "成绩": "考试编号 | 学号"}), CAME)
    told = {name: text.partition("；其中")[2] for name, text in made.select("名称", "依据").iter_rows()}

    assert told == {"1班": "特殊群体帮扶 1 人，进步 1 人，辍学 1 人", "2班": "", "空班": ""}


@pytest.mark.parametrize(
    ("dropout", "turnaround", "vetoes"),
    [
        ("0", "", ["辍学率 25%（1 人）超过否决线 0%", None, None]),
        ("24.9%", "", ["辍学率 25%（1 人）超过否决线 24.9%", None, None]),
        ("25%", "", [None, None, None]),
        ("0", "50%", ["辍学率 25%（1 人）超过否决线 0%", "转化率 33.3%（3 人中 1 人）低于否决线 50%", None]),
        ("25%", "33%", [None, None, None]),
    ],
)
def test_a_class_is_out_of_the_running_beyond_a_line_and_not_at_it(
    dropout: str, turnaround: str, vetoes: list[str | None]
) -> None:
    assert classes(辍学率否决线=dropout, 转化率否决线=turnaround)["一票否决"].to_list() == vetoes


def test_who_left_the_roll_or_the_list_before_the_term_is_not_counted_in_it() -> None:
    """The term begins on 23 February; who left on the day before was not there when it began."""
    roster = """
        学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 退出日期
        01   | 甲   | 1班  | 转出     | 2026-02-22 | 学困     | 2025-09-01 |
        02   | 乙   | 1班  | 转出     | 2026-02-23 | 学困     | 2025-09-01 |
        03   | 丙   | 1班  | 在读     |            | 学困     | 2025-09-01 | 2026-02-22
        04   | 丁   | 1班  | 在读     |            | 学困     | 2025-09-01 | 2026-02-23
        05   | 戊   | 1班  | 在读     |            | 学困     | 2026-06-30 |
        06   | 己   | 1班  | 在读     |            | 学困     | 2026-07-01 |
        07   | 庚   | 1班  | 在读     |            | 学困     |            | 2026-06-30
        08   | 辛   | 1班  | 在读     |            | 学困     |            | 2026-07-01
        09   | 壬   | 1班  | 转出     | 2026-05-01 | 学困     |            | 2026-04-30
        10   | 癸   | 1班  | 在读     |            | 边缘     |            | 2026-04-30
    """
    one = school(
        {"名册": roster, "班级": "班级 | 年级\n1班 | 初一", "成绩": "考试编号 | 学号"},
        学期开始="2026-02-23",
        学期结束="2026-07-10",
    )

    assert appraised(one)["依据"].to_list() == [
        "本学期帮扶 6 人，转化 2 人；有成绩可比的 0 人，进步 0 人；学期初在籍 9 人，辍学 0 人"
    ]


def test_an_entry_is_whole_with_its_content_and_its_next_step_and_a_teacher_nobody_knows_is_left_out() -> None:
    log = """
        记录编号 | 日期       | 学号 | 教师 | 类型 | 内容 | 下次安排
        L1       | 2026-03-02 | 01   | T1   | 谈心 | 谈   | 再谈
        L2       | 2026-03-02 | 01   | T1   | 谈心 |      | 再谈
        L3       | 2026-03-02 | 01   | T1   | 谈心 | 谈   |
        L4       | 2026-03-02 | 01   | 路人 | 谈心 | 谈   | 再谈
    """
    teachers = "工号 | 姓名\nT1 | 王"
    one = school({"名册": ROSTER, "教师": teachers, "班级": "班级 | 年级", "记录": log, "成绩": "考试编号 | 学号"})

    looks_like(
        appraised(one),
        """
            对象 | 名称  | 总分 | 记录完整 | 落实 | 依据
            教师 | T1 王 | 33.3 | 33.3     |      | 记录 3 条，写全 1 条（缺内容 1 条、缺下次安排 1 条）；记录只有 3 条，不到 5 条，排在后面；落实、学生进展、满意度没有数据，权重按比例分给其他部分；各项满分依次 100
        """,
    )


def test_weights_that_are_shared_out_are_said_in_tenths() -> None:
    """30 and 10 of 40 are 75 and 25; 30 and 30 and 10 of 70 are 42.9, 42.9 and 14.3."""
    teachers = "工号 | 姓名\nT1 | 王"
    pairings = "结对编号 | 学号 | 类型 | 教师 | 开始日期 | 状态\nJ1 | 01 | 一对一 | T1 | 2025-09-10 | 执行"
    marks = "月份 | 学号 | 评价人 | 帮扶满意度\n2026-03 | 01 | 家长 | 4\n2026-03 | 01 | 学生 | 5\n2026-04 | 01 | 学生 | 5\n2026-04 | 01 | 家长 |"
    one = school(
        {
            "名册": ROSTER,
            "教师": teachers,
            "班级": "班级 | 年级",
            "结对": pairings,
            "评价": marks,
            "成绩": "考试编号 | 学号",
        }
    )

    two = appraised(one, CAME)
    three = appraise(one, frame(CONTACTS, "学号 | 责任教师 | 应做 | 已做\n01 | T1 | 3 | 1"), frame(PROGRESS, CAME))

    assert two["依据"].to_list() == [
        "学生：进步 1 人；满意度 4.7 分（3 份）；没有记录，排在后面；记录完整、落实没有数据，权重按比例分给其他部分；各项满分依次 75、25"
    ]
    assert three["依据"].to_list() == [
        "应做 3 次，已做 1 次；学生：进步 1 人；满意度 4.7 分（3 份）；没有记录，排在后面；"
        "记录完整没有数据，权重按比例分给其他部分；各项满分依次 42.9、42.9、14.3"
    ]


TEACHERS = "工号 | 姓名\nT1 | 王\nT2 | 李"


def test_a_student_twice_paired_with_a_teacher_counts_once_and_a_pairing_without_a_student_not_at_all() -> None:
    pairings = """
        结对编号 | 学号 | 类型     | 教师 | 开始日期   | 状态
        J1       | 01   | 一对一   | T1   | 2025-09-10 | 执行
        J2       | 01   | 帮扶小组 | T1   | 2025-09-10 | 执行
        J3       | 02   | 一对一   | T1   |            | 执行
        J4       |      | 帮扶小组 | T2   | 2025-09-10 | 执行
    """
    marks = "月份 | 学号 | 评价人 | 帮扶满意度\n2026-03 | 01 | 家长 | 5\n2026-03 | 02 | 家长 | 2"
    one = school(
        {
            "名册": ROSTER,
            "教师": TEACHERS,
            "班级": "班级 | 年级",
            "结对": pairings,
            "评价": marks,
            "成绩": "考试编号 | 学号",
        },
        考核权重="0:0:50:50",
    )

    looks_like(
        appraised(one, CAME),
        """
            名称  | 总分 | 学生进展 | 满意度 | 依据
            T1 王 | 67.5 | 32.5     | 35     | 学生：进步 1 人、稳定 1 人；满意度 3.5 分（2 份）；记录完整、落实没有数据，权重按比例分给其他部分；各项满分依次 50、50
        """,
    )


def test_a_part_of_little_weight_is_all_there_is_where_the_others_have_no_data() -> None:
    pairings = "结对编号 | 学号 | 类型 | 教师 | 开始日期 | 状态\nJ1 | 01 | 一对一 | T1 | 2025-09-10 | 执行"
    marks = "月份 | 学号 | 评价人 | 帮扶满意度\n2026-03 | 01 | 家长 | 4"
    one = school(
        {
            "名册": ROSTER,
            "教师": TEACHERS,
            "班级": "班级 | 年级",
            "结对": pairings,
            "评价": marks,
            "成绩": "考试编号 | 学号",
        },
        考核权重="33.3:33.3:33.3:0.1",
    )

    assert appraised(one).select("总分", "满意度").rows() == [(80.0, 80.0)]
