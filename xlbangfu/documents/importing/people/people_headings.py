"""How lists of people head their columns, for what the master keeps of people.

A heading is compared as ``words.heading`` gives it: half width, without spaces, marks and brackets.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.late_pattern import late_pattern


def _turned(groups: Mapping[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, names in groups.items() for word in names.split()}


STUDENT = words.ROSTER | _turned(
    {
        words.REGISTER_AUXILIARY: "学籍辅号",
        words.REGISTER: "学籍号 学籍号码 全国学籍号 学籍编号 国网学籍号",
        "寄宿": "就读方式 住宿情况 寄宿情况 是否寄宿生 是否住宿生 是否寄宿学生",
        "留守": "留守情况 留守儿童情况 留守类型 留守儿童类型",
        "家庭困难": "是否困难 困难类别 家庭困难程度 是否家庭经济困难 是否低保 低保 是否脱贫户",
        "特殊群体": "特殊群体 特殊群体类别 特殊群体类型 所属特殊群体",
        "帮扶类别": "帮扶类别 学生类别 关注类别",
        "困难类型": "困难类型 学困类型",
        "困难学科": "困难学科 薄弱学科 弱科 薄弱科目 帮扶学科 帮扶科目 学困学科 学困科目",
        "成因": "成因 困难成因 困难原因 学困原因 致困原因 主要原因 原因分析 原因 问题及原因",
        "列入日期": "列入日期 列入时间 建档日期 建档时间 确定时间",
        "退出日期": "退出日期 退出时间 转化时间",
    }
)
_WHOSE = ("", "家长", "家庭", "父亲", "母亲", "爸爸", "妈妈", "父母", "学生家长")
_PHONES = ("电话", "电话号码", "联系电话", "手机", "手机号", "手机号码", "联系方式")
FILE = _turned(
    {
        "家庭成员": "家庭成员 监护人 监护人姓名 家长 家长姓名 父亲姓名 母亲姓名 父亲 母亲 第一监护人",
        "住址": "住址 家庭住址 现住址 家庭地址 通讯地址 居住地址 家庭详细住址",
        "联系电话": " ".join(f"{whose}{phone}" for whose in _WHOSE for phone in _PHONES),
        "父母去向": "父母去向 父母务工地 外出务工地点 父母工作单位",
        "第二监护人": "第二监护人 受委托监护人 委托监护人 代管人",
        "监护人电话": "监护人电话 监护人联系电话 第二监护人电话",
        "兴趣爱好": "兴趣爱好 爱好 兴趣",
        "特长": "特长",
        "健康状况": "健康状况 健康情况",
        "家庭情况": "家庭情况 家庭状况",
    }
)
GROUPS = _turned(
    {
        "孤儿": "是否孤儿 孤儿",
        "事实无人抚养": "是否事实无人抚养 事实无人抚养 事实无人抚养儿童",
        "残疾": "是否残疾人 是否残疾 残疾 残疾人类型 残疾类型 残疾类别",
        "随迁": "是否进城务工人员随迁子女 是否随迁子女 随迁子女 随迁",
        "单亲": "是否单亲 单亲 单亲家庭 是否单亲家庭",
        "困境": "困境儿童 是否困境儿童",
    }
)
TEACHER = words.TEACHERS | _turned(
    {
        "姓名": "姓名 教师姓名 教师 老师 教职工姓名 任课老师 任课教师",
        "角色": "角色 职务 岗位 行政职务 担任职务",
        "任教科目": "任教科目 任教学科 任课科目 学科 科目 任课学科 所教学科 教学科目",
        "任教班级": "任教班级 任课班级 任教班 授课班级 所教班级 教学班级 班级",
    }
)
CLASS = words.CLASSES
PAIRING = _turned(
    {
        "教师": "帮扶教师 帮扶老师 结对教师 结对老师 帮扶人 帮扶责任人 责任教师 责任人 导师 帮扶教师姓名 指导教师 包保教师 包抓教师 联系教师",
        "学习帮手": "学习帮手 帮扶同学 帮扶学生 小老师 结对同学 帮手",
        "类型": "类型 结对类型 帮扶形式 帮扶类型",
        "帮扶学科": "帮扶学科 帮扶科目 学科 科目 薄弱学科",
        "转化目标": "转化目标 帮扶目标 目标 预期目标",
        "开始日期": "开始日期 结对日期 结对时间 开始时间 帮扶时间",
        "结束日期": "结束日期 结束时间",
    }
)
LOG = _turned(
    {
        "日期": "日期 时间 帮扶日期 帮扶时间 谈话时间 谈话日期 家访时间 家访日期 辅导时间 辅导日期 记录日期",
        "教师": "教师 帮扶教师 帮扶老师 辅导教师 谈话教师 家访教师 帮扶人 记录人 责任教师 老师 教师姓名",
        "类型": "类型 帮扶形式 帮扶方式 形式 方式 类别 活动形式",
        "沟通对象": "沟通对象 谈话对象 对象",
        "场所": "场所 地点 谈话地点",
        "优先类": "优先类",
        "时长": "时长 时长(分钟) 分钟",
        "内容": "内容 帮扶内容 谈话内容 家访内容 辅导内容 具体内容 帮扶过程 过程记录 帮扶情况 主要内容 措施 帮扶措施",
        "优点": "优点 进步 进步表现",
        "不足": "不足 存在问题 问题",
        "效果": "效果评分",
        "下次安排": "下次安排 下一步 下一步打算 下步措施 后续措施 下一步措施",
    }
)


def heading(column: Column) -> str:
    """The heading nearest to the records."""
    said = [text for text in column.headings if text]
    return words.heading(said[-1]) if said else ""


def columns_of(block: Block, known: Mapping[str, str]) -> dict[str, Column]:
    """The first column of each meaning."""
    found: dict[str, Column] = {}
    for meaning, column in all_columns(block, known):
        found.setdefault(meaning, column)
    return found


def all_columns(block: Block, known: Mapping[str, str]) -> list[tuple[str, Column]]:
    """Every column whose heading is known, with its meaning: all its headings together (监护人·电话), else the last."""
    found = ((_meaning(column, known), column) for column in block.columns)
    return [(meaning, column) for meaning, column in found if meaning]


def _meaning(column: Column, known: Mapping[str, str]) -> str | None:
    together = "".join(dict.fromkeys(words.heading(text) for text in column.headings if text))
    if together in known:
        return known[together]
    return None if OF_OTHERS.search(together) and known is not FILE else known.get(heading(column))


OF_OTHERS = late_pattern("监护人|家长|父亲|母亲|联系人|班主任姓名")  # 姓名 under them is no student's


def carried(column: Column, meaning: str) -> Column:
    """The column as a person's, so that what is merged down it counts for every row."""
    return column if column.meaning else replace(column, meaning=meaning)
