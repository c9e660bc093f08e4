"""A small school drawn by hand for the class pages: two classes of 初二, four students looked after in 初二1班."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl

from xlbangfu.rules.school import School
from xlbangfu.schema import (
    CLASS_FIGURES,
    CLASSES,
    CONDUCT,
    EXAMS,
    FILES,
    KEY,
    LOG,
    PAIRINGS,
    PLANS,
    PRIZES,
    RANKING,
    ROSTER,
    ROW,
    SETTINGS,
    TEACHERS,
    Table,
)

EDITION = datetime(2026, 5, 20, 8, 30)
TRACKED_HERE = ("0101", "0102", "0103", "0104")
RANKS = {"0101": 7101, "0102": 7102, "0103": 7103, "0104": 7104, "0201": 7201, "0202": 7202}
SECRETS = ("幸福路", "13900001111", "哮喘", "外出务工", "王建国")


def sheet(table: Table, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A frame as ``Book.read`` gives it."""
    frame = pl.DataFrame([{name: row.get(name) for name in table.names} for row in rows], schema=table.frame_schema)
    key = pl.concat_str(
        [pl.lit(table.name), *(pl.col(name).cast(pl.String).fill_null("") for name in table.keys)], separator="|"
    )
    return frame.with_columns(pl.int_range(2, 2 + len(rows)).alias(ROW), key.alias(KEY))


def _roster() -> list[dict[str, Any]]:
    def student(number: str, name: str, class_name: str, **more: Any) -> dict[str, Any]:
        return {"学号": number, "姓名": name, "班级": class_name, "在籍状态": "在读"} | more

    tracked = {"帮扶类别": "学困", "困难类型": "学习", "列入日期": date(2025, 9, 1)}
    return [
        student("0101", "=王明", "初二1班", **tracked, 重点="是", 困难学科="数学、英语", 留守="是"),
        student("0102", "欧阳若兮", "初二1班", **tracked, 困难学科="数学"),
        student("0103", "李想", "初二1班", **tracked),
        student("0104", "赵静", "初二1班", **tracked, 家庭困难="是"),
        student("0105", "帮手甲", "初二1班"),
        student("0106", "刘关", "初二1班", 帮扶类别="关爱", 留守="是"),
        student("0107", "孙退", "初二1班", **(tracked | {"退出日期": date(2026, 3, 1)})),
        student("0108", "周转", "初二1班", **(tracked | {"在籍状态": "转出", "异动日期": date(2026, 4, 1)})),
        student("0201", "郑二", "初二2班", **tracked),
        student("0202", "吴二", "初二2班", **tracked),
        student("0205", "帮手乙", "初二2班"),
    ]


def _log(**row: Any) -> dict[str, Any]:
    return {"教师": "T02 钱老师", "内容": "谈了学习", "记录编号": f"J{row['日期']:%m%d}"} | row


def frames(settings: dict[str, str] | None = None) -> dict[Table, pl.DataFrame]:
    given = {"学校名称": "育才中学"} | (settings or {})
    return {
        SETTINGS: sheet(SETTINGS, [{"项目": name, "值": value} for name, value in given.items()]),
        ROSTER: sheet(ROSTER, _roster()),
        TEACHERS: sheet(
            TEACHERS,
            [
                {"工号": "T01", "姓名": "陈班", "角色": "班主任", "任教班级": "初二1班", "在岗": "是"},
                {"工号": "T02", "姓名": "钱老师", "角色": "任课教师", "任教班级": "初二1班、初二2班", "在岗": "是"},
                {"工号": "T03", "姓名": "冯主任", "角色": "行政", "在岗": "是"},
                {"工号": "T04", "姓名": "心老师", "角色": "心理教师", "在岗": "是"},
                {"工号": "T05", "姓名": "离老师", "角色": "任课教师", "任教班级": "初二1班", "在岗": "否"},
            ],
        ),
        CLASSES: sheet(
            CLASSES,
            [
                {"班级": "初二1班", "年级": "初二", "班主任": "T01 陈班", "包班行政": "冯主任"},
                {"班级": "初二2班", "年级": "初二", "班主任": "钱老师"},
                {"班级": "初三1班", "年级": "初三", "班主任": None},
            ],
        ),
        FILES: sheet(
            FILES,
            [
                {
                    "学号": "0101",
                    "家庭成员": "父亲王建国",
                    "住址": "幸福路 8 号",
                    "联系电话": "13900001111",
                    "健康状况": "哮喘",
                    "父母去向": "外出务工",
                }
            ],
        ),
        PAIRINGS: sheet(
            PAIRINGS,
            [
                {"结对编号": "P1", "学号": "0101", "类型": "一对一", "教师": "T02 钱老师", "状态": "执行"},
                {"结对编号": "P2", "学号": "0101", "类型": "学习帮手", "学习帮手": "0105", "状态": "执行"},
                {
                    "结对编号": "P3",
                    "学号": "0102",
                    "类型": "一对一",
                    "教师": "陈班",
                    "学习帮手": "0205",
                    "状态": "执行",
                },
                {"结对编号": "P4", "学号": "0103", "类型": "一对一", "教师": "T02", "状态": "结束"},
                {"结对编号": "P5", "学号": "0104", "类型": "代管家长", "教师": "冯主任", "状态": "执行"},
            ],
        ),
        PLANS: sheet(
            PLANS,
            [
                {
                    "计划编号": "L1",
                    "学号": "0101",
                    "阶段": "摸底调查",
                    "目标": "摸清底数",
                    "措施": "测",
                    "开始": date(2026, 2, 23),
                    "结束": date(2026, 3, 1),
                    "完成": "是",
                },
                {
                    "计划编号": "L2",
                    "学号": "0101",
                    "阶段": "实施帮扶",
                    "目标": "摆脱学困，数学及格；电话联系 13900001111",
                    "措施": "补",
                    "开始": date(2026, 4, 1),
                    "结束": date(2026, 5, 24),
                },
                {
                    "计划编号": "L3",
                    "学号": "0101",
                    "阶段": "评估调整",
                    "目标": "以后",
                    "措施": "评",
                    "开始": date(2026, 6, 1),
                    "结束": date(2026, 6, 30),
                },
            ],
        ),
        LOG: sheet(
            LOG,
            [
                _log(日期=date(2026, 5, 18), 学号="0101", 类型="谈心"),
                _log(日期=date(2026, 4, 1), 学号="0101", 类型="辅导"),
                _log(日期=date(2026, 5, 10), 学号="0102、0103", 类型="辅导", 教师="陈班"),
                _log(
                    日期=date(2026, 5, 19), 学号="0103", 类型="心理咨询", 教师="T04 心老师", 内容="失眠焦虑的咨询内容"
                ),
                _log(日期=date(2026, 5, 30), 学号="0104", 类型="谈心"),
            ],
        ),
        CONDUCT: sheet(
            CONDUCT,
            [
                {"月份": "2026-04", "学号": "0101", "评价人": "班主任", "纪律": 3.0, "品德": 4.0},
                {"月份": "2026-05", "学号": "0101", "评价人": "班主任", "纪律": 4.0, "品德": 4.0},
            ],
        ),
        EXAMS: sheet(
            EXAMS,
            [
                {
                    "考试编号": "E1",
                    "名称": "上学期期末",
                    "日期": date(2026, 1, 20),
                    "学期": "2025-2026上",
                    "类型": "期末",
                },
                {
                    "考试编号": "E2",
                    "名称": "学困班期中",
                    "日期": date(2026, 5, 15),
                    "学期": "2025-2026下",
                    "类型": "期中",
                },
                {"考试编号": "E3", "名称": "周测", "日期": date(2026, 5, 18), "学期": "2025-2026下", "类型": "单元"},
                {"考试编号": "E4", "名称": "期末", "日期": date(2026, 7, 1), "学期": "2025-2026下", "类型": "期末"},
            ],
        ),
    }


def _ranked(exam: str, number: str, **row: Any) -> dict[str, Any]:
    rank = RANKS[number]
    usual = {
        "年级名次": rank,
        "班级名次": rank + 1000,
        "等级": "D",
        "得分率": 0.4375,
        "进退": 5,
        "基线名次": rank + 5,
        "百分位": 0.0931,
    }
    class_name = "初二1班" if number.startswith("01") else "初二2班"
    return {"考试编号": exam, "年级": "初二", "班级": class_name, "学号": number, **usual, **row}


def ranking() -> pl.DataFrame:
    rows = [_ranked("E1", number, 等级="E", 得分率=0.31, 进退=None, 基线名次=None) for number in RANKS]
    rows += [_ranked("E2", "0101"), _ranked("E2", "0102", 进退=-3), _ranked("E2", "0201"), _ranked("E2", "0202")]
    rows.append(
        _ranked("E2", "0103", 年级名次=None, 班级名次=None, 等级=None, 进退=None, 说明="缺考：数学", 得分率=0.2)
    )
    rows += [_ranked("E3", "0101", 得分率=0.99), _ranked("E4", "0101", 得分率=0.88)]
    return sheet(RANKING, rows).drop(ROW, KEY).with_columns(数学名次=pl.lit(7999, dtype=pl.Int64))


def figures() -> pl.DataFrame:
    def row(exam: str, class_name: str | None, subject: str, mean: float, place: int | None = None) -> dict[str, Any]:
        return {
            "考试编号": exam,
            "年级": "初二",
            "班级": class_name,
            "科目": subject,
            "应考": 50,
            "实考": 48,
            "平均分": mean,
            "最高分": 149.5,
            "最低分": 3.5,
            "优秀率": 0.2,
            "及格率": 0.6,
            "低分率": 0.1,
            "年级排名": place,
        }

    rooms = ((None, 70.0, None), ("初二1班", 72.5, 6666), ("初二2班", 67.5, 6667))
    return sheet(
        CLASS_FIGURES,
        [
            row(exam, class_name, subject, mean, place)
            for exam in ("E1", "E2")
            for class_name, mean, place in rooms
            for subject in ("语文", "数学", "总分")
        ],
    ).drop(ROW, KEY)


def prizes() -> pl.DataFrame:
    return sheet(
        PRIZES,
        [
            {
                "考试编号": "E2",
                "学号": "0101",
                "班级": "初二1班",
                "组内名次": 7301,
                "基线组内名次": 7306,
                "奖项": "一等奖",
            },
            {
                "考试编号": "E2",
                "学号": "0102",
                "班级": "初二1班",
                "组内名次": 7302,
                "基线组内名次": 7301,
                "奖项": "不评",
            },
        ],
    ).drop(ROW, KEY)


def school(settings: dict[str, str] | None = None) -> School:
    return School.of(frames(settings), today=EDITION.date())
