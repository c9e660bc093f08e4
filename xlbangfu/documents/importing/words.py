"""How schools head their columns: the usual names, and what a name means here.

Headings are compared in half width, without spaces, marks and what stands in brackets.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from xlbangfu.late_pattern import late_pattern

NAME, CLASS, GRADE, NUMBER, CANDIDATE, EXAM = "姓名", "班级", "年级", "学号", "考号", "考试"
REGISTER, REGISTER_AUXILIARY, SUBJECT = "学籍号", "学籍辅号", "科目"
CHOSEN = "选科"
FIRST_CHOICE, OTHER_CHOICES = "首选科目", "再选科目"
IDENTITY = frozenset({NAME, NUMBER, CANDIDATE, REGISTER, REGISTER_AUXILIARY})

_PEOPLE = {
    NAME: "姓名 学生姓名 名字 学生 考生姓名 学生名字 考生 学员姓名",
    CLASS: "班级 班别 班 班级名称 行政班 行政班级 所在班级 所在班 班号 原班级 学生班级 班级编号 班次名称",
    GRADE: "年级 所在年级 年段 年级名称 级部",
    NUMBER: "学号 学生学号 校内学号 学生编号 学生编码 学生号 学生id 校学号",
    CANDIDATE: "考号 准考证号 准考证 考生号 考籍号 考生考号 考试号 考试编码 考生编号 自定义考号 准考号 考号(准考证号)",
    REGISTER: "学籍号 学籍号码 全国学籍号 学籍编号 国网学籍号",
    REGISTER_AUXILIARY: "学籍辅号",
    EXAM: "考试 考试名称 考试编号 考次 考试场次",
}
_LONG = {SUBJECT: "科目 学科 考试科目 科目名称 学科名称 课程 课程名称"}
_ROSTER = {
    "性别": "性别",
    "在籍状态": "在籍状态 学籍状态 在校状态 学生状态",
    "异动日期": "异动日期 异动时间 转出日期",
    "帮扶类别": "帮扶类别",
    "困难类型": "困难类型",
    "重点": "重点 是否重点 重点学生",
    "困难学科": "困难学科 薄弱学科 弱科",
    "成因": "成因 困难成因 困难原因 主要原因 学困原因 形成原因",
    "留守": "留守 是否留守 留守儿童 是否留守儿童",
    "家庭困难": "家庭困难 贫困 是否贫困 家庭经济困难 建档立卡 是否建档立卡 困难家庭",
    "寄宿": "寄宿 住校 是否住校 住宿 是否住宿 寄宿生 是否寄宿",
    CHOSEN: "选科 选科组合 选考组合 选考科目 科目组合 组合 选考科目组合",
    "列入日期": "列入日期 列入时间",
    "退出日期": "退出日期 退出时间",
}
_CHOICES = {
    FIRST_CHOICE: "首选科目 首选学科 首选 首选科",
    OTHER_CHOICES: "再选科目 再选学科 再选 再选科 再选科目1 再选科目2 再选科目一 再选科目二 再选学科1 再选学科2 再选1 再选2 再选一 再选二",
}
_TEACHERS = {
    "工号": "工号 职工号 教师工号 教职工号 教工号 教师编号",
    "姓名": "姓名 教师姓名 教师 老师 教职工姓名 任课老师",
    "角色": "角色 职务 岗位",
    "任教科目": "任教科目 任教学科 任课科目 学科 科目 任课学科",
    "任教班级": "任教班级 任课班级 任教班 授课班级",
    "邮箱": "邮箱 电子邮箱 电子邮件 email e-mail 邮件",
    "帮扶上限": "帮扶上限",
    "在岗": "在岗 是否在岗 在职 是否在职",
}
_CLASSES = {
    "班级": _PEOPLE[CLASS],
    "年级": _PEOPLE[GRADE],
    "班主任": "班主任 班主任姓名 班主任老师",
    "包班行政": "包班行政 包班领导 蹲班领导 挂班领导 包班干部",
}
_ASIDE = (
    "序号 编号 no no. 序 备注 说明 标签 座号 座位号 考场 考场号 考室 考点 试场 班内学号 班内序号 身份证号 身份证件号 证件号码 身份证 "
    "民族 出生日期 出生年月 籍贯 政治面貌 联系电话 电话 手机 手机号 家长电话 监护人电话 家长姓名 监护人 监护人姓名 家长 住址 家庭住址 "
    "现住址 家庭地址 班主任 任课教师 教师 小组 组别 类别 学生类别 学生类型 层次 考生类型 学校 学校名称 所在学校 毕业学校 科类 文理 "
    "签名 家长签名 学生签名 口令 密码 职务 邮箱 电子邮箱 宿舍 选课 走读 学段 学期 学年 考试时间 考试日期 日期"
)
_SUBJECTS = {
    "语文": "语文 语文学科",
    "数学": "数学 数学学科",
    "英语": "英语 外语 英文",
    "物理": "物理",
    "化学": "化学",
    "生物": "生物 生物学",
    "道德与法治": "道德与法治 道法 思想品德 思品 政治 思政 思想政治 道德与法制 品德与社会 品德与法治 道德法治",
    "历史": "历史",
    "地理": "地理",
    "科学": "科学",
    "信息技术": "信息技术 信息科技 信息",
    "体育": "体育 体育与健康 体健",
    "音乐": "音乐",
    "美术": "美术",
    "日语": "日语",
    "俄语": "俄语",
}
_PROPER = frozenset(_SUBJECTS) | {"政治", "思想政治", "体育与健康", "信息科技", "生物学", "外语"}
_OTHER_SUBJECTS = (
    "历史与社会 劳动 劳动技术 劳动教育 文科综合 理科综合 文综 理综 通用技术 技术 艺术 心理健康 心理 书法 写字 品社 "
    "社会 小科学 拼音 口语交际 理化 政史 史地 生地 史政 物化 德法 法语 德语 西班牙语 朝鲜语 蒙古语 藏语 维吾尔语 哈萨克语 汉语"
)
OTHER_SUBJECTS = tuple(_OTHER_SUBJECTS.split())


def _turned(groups: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in groups.items() for word in words.split()}


PEOPLE, CLASSES = _turned(_PEOPLE), _turned(_CLASSES)
ROSTER, TEACHERS = _turned(_PEOPLE) | _turned(_ROSTER), _turned(_TEACHERS)
LONG = _turned(_LONG)
SUBJECTS = _turned(_SUBJECTS)
SERIALS = frozenset({"序号", "序", "no", "no.", "编号"})
TEACHER_KEYS = frozenset(_TEACHERS["工号"].split()) | {"教师姓名"}
CLASS_KEYS = frozenset(_CLASSES["班主任"].split())
ANY_PERSON = (
    {word: word for word in _ASIDE.split()}
    | {"考试时间": "考试日期"}
    | _turned(_LONG)
    | _turned(_CHOICES)
    | TEACHERS
    | _turned(_CLASSES)
    | ROSTER
)
ANY_PERSON |= {word: word for word in ("科目", "学科")} | _turned(_LONG)

FOOTER = late_pattern(
    r"(合计|总计|小计|平均|均分|最高|最低|及格|优秀|优良|良好率|低分|参考人数|参考|实考|应考|缺考人数|人数|标准差|难度|区分度|"
    r"备注|说明|制表|注[:：]|填表|审核|签名|打印|统计|任课|科任|阅卷|教师)"
)
FULL_MARK_ROW = late_pattern(r"(满分|分值|总分值)")
_BRACKETS = late_pattern(r"[(\[【{].*?[)\]】}]|/\s*\d+(?:\.\d+)?\s*分?$")
_NOISE = late_pattern(r"[\s★🔑*#:：\"'“”]")


@lru_cache(maxsize=100_000, typed=True)
def text(cell: Any) -> str:
    """A cell as it is compared: half width, no spaces; whole numbers without .0."""
    if isinstance(cell, str):
        return _half_width(cell) if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@lru_cache(maxsize=100_000)
def _half_width(text: str) -> str:
    return _NOISE_SPACE.sub("", unicodedata.normalize("NFKC", text))


_NOISE_SPACE = late_pattern(r"[\s\u200b\ufeff]")


@lru_cache(maxsize=100_000, typed=True)
def heading(cell: Any) -> str:
    """A heading without marks and brackets.

    >>> heading("★ 语 文（满分120分）")
    '语文'
    """
    return _BRACKETS.sub("", _NOISE.sub("", text(cell))).lower()


def bare(cell: Any) -> str:
    """A heading as it is read: half width, without spaces and ★🔑*#, its brackets kept.

    >>> bare("★ 语 文（满分120分）")
    '语文(满分120分)'
    """
    return _MARKED.sub("", text(cell)).replace("【", "[").replace("】", "]").replace("{", "(").replace("}", ")")


_MARKED = late_pattern(r"[★🔑*#\"'“”]")


def subject(word: str, known: frozenset[str]) -> str | None:
    """The subject that a word means: as the school calls it, else as the word does if it is a proper name, else by its
    usual name.

    >>> subject("道法", frozenset({"政治"})), subject("道法", frozenset()), subject("政治", frozenset())
    ('政治', '道德与法治', '政治')
    """
    if word in known:
        return word
    usual = SUBJECTS.get(word)
    if usual is None:
        return word if word in OTHER_SUBJECTS else None
    own = next((name for name in sorted(known) if SUBJECTS.get(name) == usual), None)
    return own or (word if word in _PROPER else usual)


@lru_cache(maxsize=64)
def subject_names(known: frozenset[str]) -> tuple[str, ...]:
    """Every name of a subject, the longest first."""
    return tuple(sorted({*known, *SUBJECTS, *OTHER_SUBJECTS}, key=lambda name: (-len(name), name)))


def is_usual_subject(name: str) -> bool:
    """Whether a subject is one that every school knows."""
    return name in SUBJECTS


BETWEEN_SIGNS = late_pattern(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")  # spaces in 王 小 明
