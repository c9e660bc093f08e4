"""Lists of people that staff bring: rosters, teachers, teaching plans, and what was kept of the help so far."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from xlbangfu.documents.importing import Answers, ImportPlan, plan_import
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.schema import CLASSES, FILES, KEY, LOG, PAIRINGS, ROSTER, SETTINGS, SUBJECTS, TEACHERS, Table

TODAY = date(2026, 11, 28)
ROOMS = """
班级    | 年级 | 班主任
初一1班 | 初一 | 01 李红
初一2班 | 初一 |
初二1班 | 初二 |
"""
STUDENTS = """
学号     | 姓名        | 班级    | 在籍状态 | 帮扶类别 | 性别
20260101 | 王小明      | 初一1班 | 在读     | 学困     |
20260102 | 李雨        | 初一1班 | 在读     |          | 女
20260201 | 李雨        | 初一2班 | 在读     |          | 女
20250101 | 买买提·艾力 | 初二1班 | 在读     |          | 男
"""
STAFF = """
工号 | 姓名 | 角色     | 在岗 | 任教科目 | 任教班级
01   | 李红 | 班主任   | 是   | 语文     | 初一1班
02   | 王强 | 任课教师 | 是   |          |
"""
TERM = """
项目     | 值
学年     | 2026-2027
学期     | 2026-2027上
学期开始 | 2026-09-01
"""


def drawn(picture: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in picture.strip().splitlines()]


def frame(table: Table, picture: str) -> pl.DataFrame:
    names, *rows = drawn(picture)
    columns = {name: [row[place] or None for row in rows] for place, name in enumerate(names)}
    texts = {name: pl.Series(columns.get(name, [None] * len(rows)), dtype=pl.String) for name in table.names}
    made = pl.DataFrame(texts)
    return made.with_columns(
        pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)
        for name, dtype in table.frame_schema.items()
    )


def school(**sheets: str) -> School:
    pictures = {"班级": ROOMS, "名册": STUDENTS, "教师": STAFF, "设置": TERM} | sheets
    tables = {table.name: table for table in (CLASSES, ROSTER, TEACHERS, SETTINGS, FILES, PAIRINGS, LOG, SUBJECTS)}
    return School.of({tables[name]: frame(tables[name], text) for name, text in pictures.items()}, today=TODAY)


def empty_school() -> School:
    return School.of({SETTINGS: frame(SETTINGS, TERM)}, today=TODAY)


@pytest.fixture
def write(tmp_path):
    def write_file(picture: str, name: str = "名册.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(drawn(picture))
        return path

    return write_file


@pytest.fixture
def workbook(tmp_path):
    """A workbook of sheets; a cell of digits is a number there unless it begins with 0."""

    def write_book(sheets: Mapping[str, str], name: str = "名册.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for title, picture in sheets.items():
                sheet = book.add_worksheet(title)
                for row, line in enumerate(drawn(picture)):
                    for column, cell in enumerate(line):
                        if cell.isdigit() and not cell.startswith("0"):
                            sheet.write_number(row, column, int(cell))
                        elif cell:
                            sheet.write_string(row, column, cell)
        return path

    return write_book


def read(path: Path, of: School, answers: Mapping[str, str] | None = None) -> ImportPlan:
    """The plan of a file; ``answers`` are by what the question is about."""
    plan = plan_import([path], of)
    while answers and (now := [q for q in plan.questions if q.about in answers]):
        by_id = {**plan.answers.by_id, **{question.id: answers[question.about] for question in now}}
        plan = plan_import([path], of, answers=Answers(by_id=by_id))
    return plan


def rows(plan: ImportPlan, table: Table, *names: str) -> list[tuple[object, ...]]:
    return plan.appends[table].select(names).rows() if table in plan.appends else []


def fills(plan: ImportPlan, table: Table) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for other, part in plan.fills:
        if other == table:
            for row in part.to_dicts():
                found.setdefault(row[table.keys[0]], {}).update({k: v for k, v in row.items() if k not in table.keys})
    return found


def told(plan: ImportPlan) -> list[str]:
    return plan.problems["问题"].to_list()


def asked(plan: ImportPlan) -> list[str]:
    return [question.about for question in plan.questions]


def test_new_students_are_appended_and_the_empty_cells_of_the_known_are_filled(write):
    plan = read(write("学号|姓名|班级|性别\n20260101|王小明|七(1)班|男\n20260103|赵然|七1|女"), school())
    assert rows(plan, ROSTER, "学号", "姓名", "班级", "性别", "在籍状态") == [
        ("20260103", "赵然", "初一1班", "女", "在读")
    ]
    assert fills(plan, ROSTER) == {"20260101": {"性别": "男"}}
    assert plan.exit_code == 0


@pytest.mark.parametrize("heading", ["特殊群体", "特殊群体类别"])
@pytest.mark.parametrize(
    ("cell", "taken"),
    [("孤儿、随迁", "孤儿、随迁"), ("单亲", "单亲"), ("无", None), ("否", None), ("-", None), ("", None)],
)
def test_the_special_groups_of_a_student_stand_in_one_column_and_none_is_none(write, heading, cell, taken):
    plan = read(write(f"班级|{heading}|姓名|学号\n七(1)班|{cell}|赵然|20260103"), school())
    assert rows(plan, ROSTER, "学号", "特殊群体") == [("20260103", taken)]


def test_what_differs_is_told_and_left_as_it_is(write):
    plan = read(write("学号|姓名|班级|性别\n20260102|李雨|初一1班|男"), school())
    assert told(plan) == ["名册里 20260102 的性别是 女，文件里是 男，没有改"]
    assert not plan.fills


def test_students_who_moved_are_told_in_one_line(write):
    plan = read(write("学号|姓名|班级\n20260101|王小明|初一2班\n20260102|李雨|初一2班"), school())
    assert told(plan) == ["2 人的班级和名册不同（王小明 初一1班→初一2班、李雨 初一1班→初一2班），没有改"]


def test_the_same_roster_twice_changes_nothing(write):
    picture = "学号|姓名|班级\n20260101|王小明|初一1班\n20260102|李雨|初一1班"
    plan = read(write(picture), school())
    assert not plan.appends
    assert not plan.fills
    assert plan.exit_code == 0


def test_numbers_of_one_length_are_read_as_their_digits(workbook):
    plan = read(workbook({"名册": "学号|姓名|班级\n20260301|甲一|初一1班\n20260302|甲二|初一1班"}), school())
    assert rows(plan, ROSTER, "学号") == [("20260301",), ("20260302",)]


def test_a_shorter_number_is_asked_once_with_what_it_would_become(workbook):
    picture = "学号|姓名|班级\n301|甲一|初一1班\n" + "\n".join(f"2026030{n}|甲{n}|初一1班" for n in range(2, 9))
    path = workbook({"名册": picture})
    plan = read(path, school())
    (question,) = plan.questions
    assert question.sample == ("301 → 00000301",)
    assert len(rows(plan, ROSTER, "学号")) == 7
    assert rows(read(path, school(), {"学号": "补上开头的 0"}), ROSTER, "学号")[0] == ("00000301",)
    assert rows(read(path, school(), {"学号": "就是这样"}), ROSTER, "学号")[0] == ("301",)
    assert len(rows(read(path, school(), {"学号": "不导入"}), ROSTER, "学号")) == 7


def test_a_number_whose_zeros_the_roster_knows_is_not_asked(workbook):
    of = school(名册="学号|姓名|班级|在籍状态\n0000101|王小明|初一1班|在读\n0000102|李雨|初一1班|在读")
    plan = read(workbook({"名册": "学号|姓名|班级|性别\n101|王小明|初一1班|男\n102|李雨|初一1班|女"}), of)
    assert fills(plan, ROSTER) == {"0000101": {"性别": "男"}, "0000102": {"性别": "女"}}
    assert plan.exit_code == 0


def test_a_number_in_scientific_notation_is_an_error_once_a_column(write):
    plan = read(
        write("学号|姓名|班级\n2.02701E+11|甲一|初一1班\n2.02701E+11|甲二|初一1班\n20260303|甲三|初一1班"), school()
    )
    assert told(plan) == ["“学号”有 2 个是科学计数法，号码的末尾已经丢了（第 2、3 行），这些行没有导入"]
    assert "分列" in plan.problems["怎么改"][0]
    assert rows(plan, ROSTER, "学号") == [("20260303",)]
    assert plan.exit_code == 1


def test_a_number_with_two_names_is_an_error_and_neither_goes_in(write):
    plan = read(write("学号|姓名|班级\n1|甲一|初一1班\n2|甲二|初一1班\n2|甲三|初一1班"), school())
    assert told(plan) == ["学号 2 有两个姓名（第 3 行 甲二、第 4 行 甲三），都没有导入"]
    assert rows(plan, ROSTER, "姓名") == [("甲一",)]


def test_a_number_that_is_another_students_in_the_roster_is_an_error(write):
    plan = read(write("学号|姓名|班级\n20260101|陈七|初一1班"), school())
    assert told(plan) == ["学号 20260101 在名册里是 王小明，文件里是 陈七，这一行没有导入"]


def test_numbers_that_come_again_in_each_class_are_no_key(write):
    picture = "班级|学号|姓名\n" + "\n".join(f"初一{c}班|{n:02d}|{c}号{n}" for c in (1, 2, 3) for n in range(1, 5))
    path = write(picture)
    plan = read(path, school())
    assert told(plan) == [
        "“学号”一列在各班重复（01、02、03 等有不止一个姓名），像是班内座号，不能作学号，这张表没有按它导入"
    ]
    assert asked(plan) == ["学号"]
    assert not plan.appends
    assert len(rows(read(path, school(), {"学号": "编新的短学号"}), ROSTER, "学号")) == 12


def test_without_a_number_the_known_are_found_by_name_and_class_and_nothing_is_asked(write):
    plan = read(write("姓名|班级|性别\n王小明|701|男\n李雨|702|女"), school())
    assert fills(plan, ROSTER) == {"20260101": {"性别": "男"}}


REGISTER = """
姓名   | 性别 | 学籍号         | 学籍辅号 | 年级   | 班级      | 现住址  | 联系电话  | 是否留守儿童 | 是否残疾人 | 就读方式 | 学籍状态
籍一   | 1    | G3701012013001 | 7001     | 七年级 | 2026级1班 | 某路1号 | 0531001   | 是           | 否         | 走读     | 在校
籍二   | 2    | G3701012013002 | 7002     | 七年级 | 2026级1班 | 某路2号 | 0531002   | 0            | 1          | 住校     | 休学
王小明 | 1    | G3701012013003 | 7003     | 七年级 | 2026级1班 | 某路3号 | 0531003   | 单亲留守儿童 | 否         | 走读     | 在校
"""


def test_a_register_without_numbers_offers_its_own_or_new_short_ones(write):
    path = write(REGISTER)
    plan = read(path, school())
    (question,) = plan.questions
    assert question.choices == ("用学籍辅号作学号", "编新的短学号", "不导入")
    assert not plan.appends.get(ROSTER, ROSTER.empty()).height
    taken = read(path, school(), {"学号": "编新的短学号"})
    assert rows(taken, ROSTER, "学号", "姓名", "性别", "班级", "在籍状态", "留守", "寄宿", "特殊群体") == [
        ("20260001", "籍一", "男", "初一1班", "在读", "是", "否", None),
        ("20260002", "籍二", "女", "初一1班", "休学", "否", "是", "残疾"),
    ]


def test_the_auxiliary_number_of_a_register_may_be_the_key(write):
    of = school(名册="学号|姓名|班级|在籍状态\n9|陈七|初一1班|在读")
    plan = read(write(REGISTER), of, {"学号": "用学籍辅号作学号"})
    assert rows(plan, ROSTER, "学号", "姓名") == [("7001", "籍一"), ("7002", "籍二"), ("7003", "王小明")]


def test_addresses_go_into_the_files_of_the_students_on_file_only(write):
    plan = read(write(REGISTER), school(), {"学号": "编新的短学号"})
    assert rows(plan, FILES, "学号", "姓名", "住址", "联系电话") == [("20260101", "王小明", "某路3号", "0531003")]
    assert "2 人不在其中，没有记" in "".join(plan.lines)
    assert "370101" not in str(plan.appends)


def test_an_empty_cell_of_a_file_is_filled(write):
    of = school(档案="学号|姓名|班级|住址\n20260101|王小明|初一1班|某村")
    plan = read(
        write("学号|姓名|班级|家庭住址|父亲姓名|母亲姓名|父亲电话\n20260101|王小明|初一1班|某路|王大|李二|139"), of
    )
    assert fills(plan, FILES) == {"20260101": {"家庭成员": "父亲王大、母亲李二", "联系电话": "父亲139"}}


def test_students_of_another_numbering_are_asked_before_anyone_is_doubled(write):
    path = write("学号|姓名|班级|性别\n5001|王小明|初一1班|男\n5009|赵然|初一1班|女")
    plan = read(path, school())
    assert asked(plan) == ["同班同名、学号不同的人"]
    assert rows(plan, ROSTER, "学号") == [("5009",)]
    same = read(path, school(), {"同班同名、学号不同的人": "是同一批人，用名册的学号"})
    assert fills(same, ROSTER) == {"20260101": {"性别": "男"}}
    others = read(path, school(), {"同班同名、学号不同的人": "是另外的人"})
    assert rows(others, ROSTER, "学号") == [("5001",), ("5009",)]


def test_a_word_that_is_not_known_is_asked_once(write):
    path = write("学号|姓名|班级|在籍状态\n1|甲一|初一1班|借读\n2|甲二|初一1班|借读\n3|甲三|初一1班|在校")
    assert asked(read(path, school())) == ["在籍状态：借读"]
    assert rows(read(path, school(), {"在籍状态：借读": "在读"}), ROSTER, "在籍状态") == [("在读",)] * 3


def test_a_sheet_a_class_and_a_sheet_a_grade(workbook):
    by_class = {f"七({n})班": f"七({n})班学生名册\n学号|姓名\n2026{n}801|甲{n}\n2026{n}802|乙{n}" for n in (1, 2, 3)}
    plan = read(workbook(by_class), school())
    assert rows(plan, ROSTER, "班级") == [
        ("初一1班",),
        ("初一1班",),
        ("初一2班",),
        ("初一2班",),
        ("初一3班",),
        ("初一3班",),
    ]
    assert rows(plan, CLASSES, "班级", "年级") == [("初一3班", "初一")]
    by_grade = {
        f"{g}年级": f"{g}年级学生名册\n学号|姓名|班级\n2026{n}901|丙{n}|1班\n2026{n}902|丁{n}|2班"
        for n, g in enumerate("七八九", 7)
    }
    plan = read(workbook(by_grade), school())
    assert [room for (room,) in rows(plan, ROSTER, "班级")] == [
        "初一1班",
        "初一2班",
        "初二1班",
        "初二2班",
        "初三1班",
        "初三2班",
    ]


@pytest.mark.parametrize(
    ("room", "grade", "name", "year"),
    [
        ("七年级1班", "", "七年级1班", "七年级"),
        ("2026级1班", "七年级", "2026级1班", "七年级"),
        ("1班", "初一", "初一1班", "初一"),
        ("701", "", "初一1班", "初一"),
        ("实验班", "高一", "高一实验班", "高一"),
        ("GP-15", "GP", "GP-15", "GP"),
    ],
)
def test_in_an_empty_workbook_the_classes_of_a_roster_that_says_the_grade_are_added(write, room, grade, name, year):
    plan = read(write(f"学号|姓名|年级|班级\n1|甲一|{grade}|{room}\n2|甲二|{grade}|{room}"), empty_school())
    assert rows(plan, CLASSES, "班级", "年级") == [(name, year)]
    assert rows(plan, ROSTER, "班级") == [(name,), (name,)]
    assert plan.exit_code == 0


def test_a_class_whose_grade_nobody_says_is_asked_and_its_students_wait(write):
    path = write("学号|姓名|班级\n1|甲一|火箭班\n2|甲二|初一1班")
    plan = read(path, school())
    assert asked(plan) == ["火箭班"]
    assert rows(plan, ROSTER, "姓名") == [("甲二",)]
    answered = read(path, school(), {"火箭班": "初二"})
    assert rows(answered, CLASSES, "班级", "年级") == [("初二火箭班", "初二")]


def test_a_class_by_its_year_is_asked_where_the_school_is_not_known_yet(write):
    path = write("学号|姓名|班级\n1|甲一|2026级1班\n2|甲二|2026级2班")
    plan = read(path, empty_school())
    assert asked(plan) == ["“级”这样的写法"]
    answered = read(path, empty_school(), {"“级”这样的写法": "高中"})
    assert rows(answered, CLASSES, "班级", "年级") == [("2026级1班", "高一"), ("2026级2班", "高一")]


def test_a_class_with_a_stroke_in_its_name_is_one_class(write):
    of = school(班级="班级|年级\n物理/化学班|高二", 名册="学号|姓名|班级")
    plan = read(write("学号|姓名|班级\n1|甲一|物理/化学班"), of)
    assert rows(plan, ROSTER, "班级") == [("物理/化学班",)]


def test_the_chosen_subjects_of_high_school_are_read_from_their_combination(write):
    plan = read(
        write(
            "学号|姓名|年级|班级|选科组合\n1|甲一|高一|高一1班|物化生\n2|甲二|高一|高一1班|历史+政治+地理\n3|甲三|高一|高一1班|-"
        ),
        empty_school(),
    )
    assert rows(plan, ROSTER, "选科") == [("物理、化学、生物",), ("历史、政治、地理",), (None,)]


def test_teachers_are_appended_and_their_lists_added_to(write):
    picture = "工号|教师姓名|职务|任教学科|任教班级\n02|王强|教师|数学|七1、2班\n03|钱芳|教导主任|英语|初二1班"
    plan = read(write(picture, "教师.csv"), school())
    assert rows(plan, TEACHERS, "工号", "姓名", "角色", "任教科目", "任教班级", "在岗") == [
        ("03", "钱芳", "行政", "英语", "初二1班", "是")
    ]
    assert fills(plan, TEACHERS) == {"02": {"任教科目": "数学", "任教班级": "初一1班、初一2班"}}


def test_teachers_without_a_number_get_one_after_a_yes(write):
    path = write("教师姓名|任教学科|任教班级\n李红|语文|初一2班\n钱芳|英语|初二1班", "教师.csv")
    plan = read(path, school())
    assert asked(plan) == ["1 位教师没有工号"]
    assert TEACHERS not in plan.appends
    assert fills(plan, TEACHERS) == {"01": {"任教班级": "初一1班、初一2班"}}
    assert rows(read(path, school(), {"1 位教师没有工号": "给他们编工号"}), TEACHERS, "工号", "姓名") == [
        ("03", "钱芳")
    ]


PLAN = """
2026年秋任课安排
班级  | 班主任 | 语文 | 数学 | 英语
七(1) | 李红   | 李红 | 王强 | 赵敏
七(2) | 王强   | 钱芳 | 王强 | 赵敏
"""


def test_a_teaching_plan_goes_into_teachers_and_classes(workbook):
    path = workbook({"任课": PLAN}, "任课表.xlsx")
    plan = read(path, school())
    assert asked(plan) == ["2 位教师没有工号"]
    done = read(path, school(), {"2 位教师没有工号": "给他们编工号"})
    assert rows(done, TEACHERS, "工号", "姓名", "任教科目", "任教班级") == [
        ("03", "钱芳", "语文", "初一2班"),
        ("04", "赵敏", "英语", "初一1班、初一2班"),
    ]
    assert fills(done, TEACHERS) == {
        "01": {"角色": "班主任、任课教师"},
        "02": {"角色": "任课教师、班主任", "任教科目": "数学", "任教班级": "初一1班、初一2班"},
    }
    assert fills(done, CLASSES) == {"初一2班": {"班主任": "王强"}}
    assert done.exit_code == 0


def test_a_class_that_a_teaching_plan_brings_is_named(workbook):
    plan = read(workbook({"任课": PLAN + "七(9) | 李红 | 李红 | 王强 | 赵敏\n"}, "任课表.xlsx"), school())
    assert rows(plan, CLASSES, "班级") == [("初一9班",)]
    assert any("初一9班" in line for line in plan.lines)


LISTED = """
学困生帮扶名单
姓名   | 班级    | 薄弱学科   | 学困原因 | 家庭住址
王小明 | 七(1)班 | 数学、英语 | 习惯不好 | 某村
李雨   | 七(2)班 | 语文       | 基础差   | 某镇
陈七   | 初一1班 | 语文       | 基础差   | 某镇
"""


def test_a_list_of_students_for_help_is_a_proposal_that_overwrites_nothing(workbook):
    path = workbook({"名单": LISTED}, "名单.xlsx")
    of = school(名册=STUDENTS.replace("| 性别", "| 困难学科").replace("学困     |", "学困     | 语文"))
    plan = read(path, of)
    assert asked(plan) == ["名单上的 2 人"]
    assert not plan.fills
    assert "名册里没有 陈七，这一行没有导入" in told(plan)
    done = read(path, of, {"名单上的 2 人": "学困"})
    assert fills(done, ROSTER)["20260101"] == {"成因": "习惯不好"}
    assert fills(done, ROSTER)["20260201"]["帮扶类别"] == "学困"
    assert "名册里 20260101 王小明 的困难学科是 语文，文件里是 数学、英语，没有改" in told(done)
    assert rows(done, FILES, "学号", "住址") == [("20260101", "某村"), ("20260201", "某镇")]


def test_a_list_may_be_left_out(workbook):
    done = read(workbook({"名单": LISTED}, "名单.xlsx"), school(), {"名单上的 2 人": "不导入"})
    assert not done.fills
    assert not done.questions


PAIRED = """
结对帮扶一览表
学生姓名 | 班级    | 帮扶教师 | 帮扶学科 | 帮扶目标
王小明   | 七(1)班 | 李红     | 语文     | 及格
李雨     | 七(2)班 | 王强     | 数学     | 前进
李雨     | 七(1)班 | 无名     | 数学     | 前进
"""


def test_pairings_kept_so_far_are_a_proposal_and_their_first_day_is_asked(workbook):
    path = workbook({"结对": PAIRED}, "结对.xlsx")
    plan = read(path, school())
    assert asked(plan) == ["2 行结对"]
    assert "“教师”表里没有 无名，或不止一位，这一行没有导入" in told(plan)
    agreed = read(path, school(), {"2 行结对": "写进“结对”"})
    assert asked(agreed) == ["2 行结对从哪天开始"]
    done = read(path, school(), {"2 行结对": "写进“结对”", "2 行结对从哪天开始": "2026-09-10"})
    assert rows(done, PAIRINGS, "结对编号", "学号", "类型", "教师", "帮扶学科", "转化目标", "开始日期", "状态") == [
        ("JD0001", "20260101", "一对一", "01 李红", "语文", "及格", date(2026, 9, 10), "执行"),
        ("JD0002", "20260201", "一对一", "02 王强", "数学", "前进", date(2026, 9, 10), "执行"),
    ]


def test_a_pairing_that_runs_already_is_not_doubled(workbook):
    of = school(
        结对="结对编号|学号|姓名|班级|类型|教师|开始日期|状态\nJD0007|20260101|王小明|初一1班|一对一|李红|2026-09-01|执行"
    )
    assert of[PAIRINGS][STUDENT].to_list() == ["20260101"]
    plan = read(
        workbook({"结对": PAIRED}, "结对.xlsx"), of, {"1 行结对": "写进“结对”", "1 行结对从哪天开始": "2026-09-10"}
    )
    assert rows(plan, PAIRINGS, "结对编号", "学号") == [("JD0008", "20260201")]


ENTRIES = """
帮扶记录
日期       | 学生姓名 | 班级    | 帮扶教师 | 帮扶形式 | 帮扶内容     | 下一步打算
2026-10-08 | 王小明   | 七(1)班 | 李红     | 谈话     | 谈了作业     | 每天检查
2026.10.9  | 李雨     | 初一2班 | 王强     | 补课     | 讲了方程     |
2026-10-10 | 王小明   | 初一1班 | 李红     | 送教     | 到家里讲题   |
"""


def test_entries_kept_so_far_are_a_proposal_and_unknown_kinds_are_asked(workbook):
    path = workbook({"记录": ENTRIES}, "记录.xlsx")
    plan = read(path, school())
    assert set(asked(plan)) == {"类型：送教", "2 条帮扶记录"}
    answers = {"类型：送教": "辅导", "2 条帮扶记录": "写进“记录”", "3 条帮扶记录": "写进“记录”"}
    done = read(path, school(), answers)
    assert rows(done, LOG, "日期", "学号", "教师", "类型", "内容", "下次安排") == [
        (date(2026, 10, 8), "20260101", "01 李红", "谈心", "谈了作业", "每天检查"),
        (date(2026, 10, 9), "20260201", "02 王强", "辅导", "讲了方程", None),
        (date(2026, 10, 10), "20260101", "01 李红", "辅导", "到家里讲题", None),
    ]


def test_an_entry_that_is_there_already_is_not_doubled(workbook):
    of = school(
        记录="记录编号|日期|学号|姓名|班级|教师|类型|内容\n1|2026-10-08|20260101|王小明|初一1班|01 李红|谈心|谈了作业"
    )
    plan = read(workbook({"记录": ENTRIES}, "记录.xlsx"), of)
    assert "1 条帮扶记录" in asked(plan)


def test_names_with_any_sign_between_their_parts_are_one(write):
    plan = read(write("姓名|班级|性别\n买买提•艾力|初二1班|男"), school())
    assert not plan.questions
    assert not plan.appends


HIGH = "班级 | 年级\n高二1班 | 高二\n高二2班 | 高二"
HIGH_ROSTER = """
学号 | 姓名 | 班级    | 在籍状态 | 选科
H1   | 甲一 | 高二1班 | 在读     |
H2   | 甲二 | 高二1班 | 在读     |
H3   | 甲三 | 高二2班 | 在读     | 历史、政治、地理
"""
HIGH_MARKS = """
高二2026-2027学年第一学期期中考试（2026年11月10日）
学号 | 姓名 | 选科组合 | 语文(150) | 物理(100) | 历史(100) | 化学(100) | 生物(100) | 政治(100) | 地理(100)
H1   | 甲一 | 物化生   | 100       | 70        | -         | 71        | 72        | -         | -
H2   | 甲二 | 物化地   | 101       | 73        | -         | 缺考      | 75        | -         | -
H3   | 甲三 | 史政地   | 102       | -         | 80        | -         | -         | 81        | 82
"""
ABOUT_CHOICE = "物理、历史、化学、生物、政治、地理是不是选考"


def test_dashes_under_subjects_not_chosen_are_asked_once_and_fill_the_choices(write):
    of = school(班级=HIGH, 名册=HIGH_ROSTER)
    path = write(HIGH_MARKS, "期中.csv")
    plan = read(path, of)
    assert asked(plan) == [ABOUT_CHOICE]
    assert "对不上的有 1 人" in plan.questions[0].thought
    done = read(path, of, {ABOUT_CHOICE: "是选考，按有分的科目写选科"})
    assert fills(done, ROSTER) == {"H1": {"选科": "物理、化学、生物"}, "H2": {"选科": "物理、化学、生物"}}
    optional = dict(rows(done, SUBJECTS, "科目", "选考"))
    assert optional == {"语文": None, **dict.fromkeys(("物理", "历史", "化学", "生物", "政治", "地理"), "是")}
    by_column = read(path, of, {ABOUT_CHOICE: "是选考，按选科组合一列写选科"})
    assert fills(by_column, ROSTER)["H2"] == {"选科": "物理、化学、地理"}


def test_where_the_school_has_other_grades_the_subjects_are_optional_in_that_grade_only(write):
    of = school(
        班级=HIGH + "\n初二1班 | 初二",
        名册=HIGH_ROSTER,
        科目="科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分\n物理 | 100 | 85 | 60 | 40 | 是",
    )
    done = read(write(HIGH_MARKS, "期中.csv"), of, {ABOUT_CHOICE: "是选考，按有分的科目写选科"})
    assert ("高二", "物理", "是") in rows(done, SUBJECTS, "年级", "科目", "选考")
    assert (None, "历史", None) in rows(done, SUBJECTS, "年级", "科目", "选考")


def test_a_row_of_a_subject_is_named_as_the_sheet_names_it(write):
    subjects = "年级 | 科目 | 满分 | 优秀线 | 及格线 | 低分线 | 计入总分\n高中二年级 | 物理 | 100 | 85 | 60 | 40 | 是"
    made = frame(SUBJECTS, subjects).with_columns(
        pl.concat_str(pl.lit("科目"), "年级", "科目", separator="|").alias(KEY)
    )
    frames = {
        CLASSES: frame(CLASSES, HIGH),
        ROSTER: frame(ROSTER, HIGH_ROSTER),
        SETTINGS: frame(SETTINGS, TERM),
        SUBJECTS: made,
    }
    of = School.of(frames, today=TODAY)
    assert of[SUBJECTS]["年级"].to_list() == ["高二"]
    done = read(write(HIGH_MARKS, "期中.csv"), of, {ABOUT_CHOICE: "是选考，按有分的科目写选科"})
    (filled,) = [part for table, part in done.fills if table == SUBJECTS]
    assert filled.rows() == [("高中二年级", "物理", "是")]


def test_choices_that_differ_from_the_roster_are_told_and_left(write):
    of = school(班级=HIGH, 名册=HIGH_ROSTER.replace("历史、政治、地理", "物理、政治、地理"))
    done = read(write(HIGH_MARKS, "期中.csv"), of, {ABOUT_CHOICE: "是选考，按有分的科目写选科"})
    assert "1 人的选科和名册不同（甲三 名册 物理、政治、地理，文件 历史、政治、地理），没有改" in told(done)


def test_a_middle_school_has_no_optional_subjects(write):
    middle = {
        "H1": "20260101",
        "H2": "20260102",
        "H3": "20260201",
        "甲一": "王小明",
        "甲二": "李雨",
        "甲三": "李雨",
        "高二": "初一",
    }
    picture = HIGH_MARKS
    for old, new in middle.items():
        picture = picture.replace(old, new)
    assert ABOUT_CHOICE not in asked(read(write(picture, "期中.csv"), school()))


def test_the_names_and_numbers_of_guardians_are_no_students(workbook):
    picture = """
    七(1)班学生信息表
    学号     | 姓名   | 性别 | 监护人 |             | 家庭住址
             |        |      | 姓名   | 电话        |
    20260101 | 王小明 | 男   | 王大   | 13800000000 | 某路
    20261102 | 乙二   | 女   | 乙大   | 13900000000 | 某路
    """
    plan = read(workbook({"信息": picture}), school())
    assert rows(plan, ROSTER, "姓名", "班级") == [("乙二", "初一1班")]
    assert rows(plan, FILES, "姓名", "家庭成员", "联系电话", "住址") == [("王小明", "王大", "13800000000", "某路")]
    assert plan.exit_code == 0


@pytest.mark.parametrize("heading", ["家长手机", "父母联系电话", "家庭电话号码", "学生家长联系方式"])
def test_a_telephone_of_the_parents_goes_into_the_file(workbook, heading):
    plan = read(workbook({"信息": f"学号|姓名|班级|{heading}\n20260101|王小明|初一1班|13800000000"}), school())
    assert rows(plan, FILES, "姓名", "联系电话") == [("王小明", "13800000000")]


def test_a_sheet_named_by_its_class_needs_no_column(workbook):
    sheets = {name: f"学号|姓名\n2026{name}1|甲{name}\n2026{name}2|乙{name}" for name in ("701", "703")}
    plan = read(workbook(sheets), school())
    assert [room for (room,) in rows(plan, ROSTER, "班级")] == ["初一1班", "初一1班", "初一3班", "初一3班"]


def test_a_list_of_who_teaches_what_one_row_each_is_about_teachers(write):
    path = write("班级|学科|教师\n七1班|数学|王强\n七2班|数学|王强\n七1-2班|语文|李红", "任课.csv")
    plan = read(path, school())
    assert fills(plan, TEACHERS) == {
        "02": {"任教科目": "数学", "任教班级": "初一1班、初一2班"},
        "01": {"任教班级": "初一1班、初一2班"},
    }


def test_a_list_that_names_nobody_is_refused(write):
    assert told(read(write("考号|班级\n1|初一1班\n2|初一1班"), school())) == [
        "这张表像名册，但没有姓名也没有学号，没有导入"
    ]


def test_a_register_of_help_without_days_is_a_list_and_pairings(workbook):
    picture = """
    学困生帮扶台账
    序号 | 班级   | 学生姓名 | 学困原因 | 帮扶教师 | 帮扶措施 | 帮扶时间 | 帮扶效果
    1    | 初一1班 | 王小明  | 习惯不好 | 李红     | 课后辅导 | 每周五   | 有进步
    2    | 初一2班 | 李雨    | 基础差   | 王强     | 谈心     | 每周三   |
    """
    plan = read(workbook({"台账": picture}, "台账.xlsx"), school())
    assert asked(plan) == ["名单上的 2 人", "2 行结对"]


LISTED_WITH_HELPERS = """
学困生名单
学号     | 姓名   | 班级    | 薄弱学科 | 成因     | 帮扶教师
20260102 | 李雨   | 初一1班 | 数学     | 习惯不好 | 李红
20260201 | 李雨   | 初一2班 | 英语     | 基础差   | 王强
20260999 | 无此人 | 初一2班 | 英语     | 基础差   | 王强
"""


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_list_with_helpers_is_proposed_as_the_list_and_as_pairings(workbook, write, form):
    path = workbook({"名单": LISTED_WITH_HELPERS}) if form == "xlsx" else write(LISTED_WITH_HELPERS, "学困生.csv")
    plan = read(path, school())
    assert (asked(plan), plan.fills, plan.appends) == (["名单上的 2 人", "2 行结对"], (), {})
    assert len(told(plan)) == 1
    assert not any("没有用" in line for line in plan.lines)
    agreed = {"名单上的 2 人": "学困", "2 行结对": "写进“结对”", "2 行结对从哪天开始": "2026-09-10"}
    done = read(path, school(), agreed)
    assert fills(done, ROSTER)["20260102"] == {"帮扶类别": "学困", "困难学科": "数学", "成因": "习惯不好"}
    assert rows(done, PAIRINGS, "学号", "教师", "帮扶学科") == [
        ("20260102", "01 李红", "数学"),
        ("20260201", "02 王强", "英语"),
    ]


def test_a_list_with_helpers_may_be_taken_for_its_pairings_only(workbook):
    agreed = {"名单上的 2 人": "不导入", "2 行结对": "写进“结对”", "2 行结对从哪天开始": "2026-09-10"}
    done = read(workbook({"名单": LISTED_WITH_HELPERS}), school(), agreed)
    assert (done.fills, len(rows(done, PAIRINGS, "学号"))) == ((), 2)
