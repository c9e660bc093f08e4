"""学校一页: the school in numbers, and what the head should ask about (DOMAIN rules 3, 8 and 9)."""

from __future__ import annotations

import pytest

from tests.support.drawn import frame, school
from xlbangfu.actions.follow_students import special_groups_told
from xlbangfu.documents.views.school_numbers import numbers_of
from xlbangfu.rules.class_figures import class_figures
from xlbangfu.rules.class_quality import quality
from xlbangfu.rules.contacts import contacts
from xlbangfu.rules.head_questions import Question, head_questions
from xlbangfu.rules.progress import progress
from xlbangfu.rules.ranking import rank
from xlbangfu.rules.school import School
from xlbangfu.rules.school_report import Contacts, Progress, SchoolReport, finding, school_report
from xlbangfu.schema import CONTACTS, ORGANISATION, PROGRESS, SUPPORT

TEACHERS = """
    工号 | 姓名 | 角色           | 在岗
    T1   | 王芳 | 班主任、任课教师 | 是
    T2   | 李强 | 班主任         | 是
    T3   | 赵敏 | 政教处         | 是
"""
CLASSES = """
    班级 | 年级 | 班主任 | 包班行政
    1班  | 初一 | T1     | T3
    2班  | 初一 | T2     |
"""
ROSTER = """
    学号 | 姓名 | 班级 | 在籍状态 | 异动日期   | 帮扶类别 | 列入日期   | 退出日期
    01   | 甲乙 | 1班  | 在读     |            | 学困     | 2025-09-01 |
    02   | 丙丁 | 1班  | 在读     |            | 学困     | 2026-03-01 |
    03   | 戊己 | 2班  | 在读     |            | 学困     | 2025-09-01 | 2026-05-01
    04   | 庚辛 | 2班  | 辍学     | 2026-03-05 |          |            |
"""
MARKS = """
    考试编号 | 学号 | 语文 | 数学
    期中     | 01   | 60   | 60
    期中     | 02   | 50   | 50
    期中     | 03   | 40   | 40
    下期中   | 01   | 40   | 40
    下期中   | 02   | 50   | 50
    下期中   | 03   | 60   | 60
"""


RISEN = """
    考试编号 | 学号 | 语文 | 数学
    期中     | 01   | 60   | 60
    期中     | 02   | 50   | 50
    期中     | 03   | 40   | 40
    下期中   | 01   | 40   | 40
    下期中   | 02   | 60   | 60
    下期中   | 03   | 50   | 50
"""


def one_school(**more: str) -> School:
    sheets = {"教师": TEACHERS, "班级": CLASSES, "名册": ROSTER, "成绩": MARKS}
    settings = {"学期开始": "2026-02-23", "学期结束": "2026-07-10"}
    return school(sheets | more, **settings)


def report_of(one: School) -> SchoolReport:
    ranking = rank(one)
    return school_report(one, contacts(one), progress(one, ranking))


def test_special_groups_have_their_own_counts_of_progress_and_of_what_is_overdue() -> None:
    grouped = """
        学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期   | 退出日期   | 留守 | 特殊群体
        01   | 甲乙 | 1班  | 在读     | 学困     | 2025-09-01 |            | 是   | 残疾、随迁
        02   | 丙丁 | 1班  | 在读     | 学困     | 2025-09-01 |            | 是   |
        03   | 戊己 | 2班  | 在读     | 学困     | 2025-09-01 | 2026-05-01 |      | 残疾
        04   | 庚辛 | 2班  | 转出     |          |            |            | 是   |
    """
    one = one_school(名册=grouped, 成绩=RISEN)
    sheets = {CONTACTS: contacts(one), PROGRESS: progress(one, rank(one))}
    late = sheets[CONTACTS].filter(sheets[CONTACTS]["是否过期"] == "是")["学号"].to_list()

    assert late.count("01") > 0 and late.count("02") > 0
    assert [tuple(figures) for figures in report_of(one).groups] == [
        ("留守", 2, 2, 1, late.count("01") + late.count("02")),  # 02 is better than 期中
        ("残疾", 2, 1, 0, late.count("01")),  # 03 is better and left the list
        ("随迁", 1, 1, 0, late.count("01")),
    ]
    (told,) = special_groups_told(one, sheets)
    assert "留守 2/1/" in told and "残疾 1/0/" in told and "甲乙" not in told
    assert special_groups_told(one_school(), sheets) == ()


def asked(one: School) -> list[Question]:
    return head_questions(one, report_of(one), contacts(one), quality(one, class_figures(one, rank(one))))


def test_the_list_is_counted_today_and_at_the_start_of_the_term() -> None:
    report = report_of(one_school())

    assert (report.tracked, report.tracked_before, report.turned, report.dropouts) == (2, 2, 1, 1)
    assert [year.tracked for year in report.years] == [2]


def test_contacts_are_those_of_the_sheet_and_of_the_same_sheet_a_week_ago() -> None:
    log = (
        "记录编号 | 日期 | 学号 | 教师 | 类型 | 内容\nR1|2026-06-29|01|T1|谈心|谈了谈\nR2|2026-06-18|01|T1|谈心|谈了谈"
    )
    one = one_school(记录=log)
    report = report_of(one)

    assert (report.contacts.made, report.contacts_before.made) == (2, 1)
    assert report.contacts.owed == contacts(one)["应做"].sum()
    assert sum(year.contacts.overdue for year in report.years) == report.contacts.overdue


def test_a_rate_of_nothing_owed_is_not_known_and_never_more_than_one() -> None:
    assert Contacts().rate is None
    assert Contacts(owed=2, made=5).rate == 1.0
    assert Progress().rate is None


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (Progress(better=3, known=8), Progress(better=1, known=4), "有进步的 38%，比上次高 13 个百分点"),
        (Progress(better=1, known=4), Progress(better=3, known=8), "有进步的 25%，比上次低 13 个百分点"),
        (Progress(better=1, known=4), Progress(better=1, known=4), "有进步的 25%，和上次一样"),
        (Progress(better=1, known=4), Progress(), "有进步的 25%"),
        (Progress(), Progress(), "还没有可比的考试"),
    ],
)
def test_the_finding_reckons_the_change_from_the_figures_that_are_shown(
    now: Progress, before: Progress, said: str
) -> None:
    from msgspec.structs import replace

    report = report_of(one_school())
    (year,) = report.years
    changed = replace(report, years=(replace(year, progress=now, earlier=before),), contacts=Contacts(), tracked=66)

    assert finding(changed) == f"在帮扶 66 人，没有过期的帮扶；{said}。"


def test_each_number_stands_beside_what_it_was() -> None:
    notes = {number.label: number.note for number in numbers_of(report_of(one_school()))}

    assert notes["在帮扶（人）"] == "学期初 2（没有变）"
    assert notes["本学期辍学（人）"] == "应当是 0；没有疑似的"
    assert len(notes) == 6


def test_dropouts_come_first_and_the_homeroom_teacher_answers() -> None:
    assert asked(one_school())[0] == Question(text="本学期辍学：2班 1 人，劝返到哪一步", who="李强")


def test_of_overdue_contacts_the_class_and_the_teacher_with_most_are_named() -> None:
    texts = {question.text: question.who for question in asked(one_school())}

    assert next(who for text, who in texts.items() if text.startswith("1班过期的帮扶最多")) == "王芳"
    assert next(who for text, who in texts.items() if text.startswith("王芳老师名下过期")) == "王芳"
    assert texts["还有 2 名帮扶学生没有一对一教师"] == "政教处 赵敏"


def test_there_are_never_more_than_five_and_no_student_is_named() -> None:
    questions = asked(one_school())
    said = "".join(question.text + question.who for question in questions)

    assert len(questions) == 5
    assert not any(name in said for name in ("甲乙", "丙丁", "戊己", "庚辛"))


def test_a_school_in_which_all_is_well_is_asked_nothing() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态\n01|甲|1班|在读"
    one = one_school(名册=roster, 成绩="考试编号 | 学号 | 语文\n期中|01|60")

    assert asked(one) == []


def test_a_risk_without_an_owner_is_put_to_the_leader() -> None:
    roster = "学号 | 姓名 | 班级 | 在籍状态\n01|甲|1班|在读"
    one = one_school(名册=roster, 成绩="考试编号 | 学号 | 语文\n期中|01|60")
    more = {
        SUPPORT: frame(SUPPORT, "类别 | 事项 | 责任人 | 状态\n风险|校车| | \n风险|食堂|孙浩| "),
        ORGANISATION: frame(ORGANISATION, "职务 | 姓名\n组长|钱进"),
    }
    whole = School(one.settings, {**one.frames, **more}, one.today)

    assert head_questions(whole, report_of(one), contacts(one), []) == [
        Question(text="1 项风险没有责任人", who="组长 钱进")
    ]


def test_exams_come_oldest_first_and_types_of_contact_least_made_first() -> None:
    report = report_of(one_school())

    assert [exam for exam, _ in report.by_exam] == sorted(
        (exam for exam, _ in report.by_exam), key=["期初", "期中", "期末", "下期中"].index
    )
    rates = [rate for _, rate in report.by_kind]
    assert rates
    assert rates == sorted(rates)


def test_a_school_with_nothing_yet_has_a_report_of_noughts() -> None:
    one = school({"班级": "班级 | 年级\n1班|初一", "成绩": "考试编号 | 学号 | 语文", "名册": "学号 | 姓名 | 班级"})
    report = school_report(one, CONTACTS.empty(), PROGRESS.empty())

    assert (report.tracked, report.contacts, report.by_exam) == (0, Contacts(), ())
    assert finding(report) == "在帮扶 0 人，没有过期的帮扶；还没有可比的考试。"
