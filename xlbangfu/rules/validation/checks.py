"""Every check of 校验, declared once: number, level, title, and the sentences that staff read.

``message`` and ``remedy`` have slots in braces, filled for each bad row; «…» holds the value found. 错误 says that the
cell or row is not used until it is mended, 警告 that it is used, or that only an optional cell is left out; 提示
that nothing is wrong and its reader may be misled.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from xlbangfu.rules.problems import ERROR, HINT, WARNING


class Check(Struct, frozen=True):
    """One numbered check."""

    number: str
    level: str
    title: str
    message: str
    remedy: str


# The sheets themselves
MISSING_SHEET = Check(
    "V01", ERROR, "缺工作表", "总表里没有工作表“{table}”", "把改了名的工作表改回“{table}”，或从备份取回这张表"
)
MISSING_COLUMN = Check(
    "V02",
    ERROR,
    "缺必要的列",
    "工作表“{table}”没有“{column}”这一列，靠它的结果都出不来",
    "在第 1 行加上列名“{column}”并填好，列的先后没有关系",
)
MISSING_OPTIONAL = Check(
    "V03", WARNING, "缺列", "工作表“{table}”没有“{column}”这一列，先当全部空着", "需要时在第 1 行加上列名“{column}”"
)
DOUBLED_COLUMN = Check(
    "V04", WARNING, "列名重复", "列名“{column}”出现了不止一次，只用了最左边的一列", "删掉多余的一列，或给它换个列名"
)
MERGED = Check(
    "V05",
    WARNING,
    "合并单元格",
    "这里有合并单元格（{value}），只有左上角那一格有内容",
    "取消合并，把每一格都填上自己的内容",
)
SHEET_FOLLOWS = Check(
    "V06", ERROR, "所依靠的表读不到", "“{where}”表读不到，这张表的各行对不上，先不用", "先改好“{where}”表，再点一次校验"
)

# Cells that do not read
FORMULA_ERROR = Check(
    "V07", ERROR, "公式错误", "“{column}”的公式出错（{value}），读不出内容", "改好公式，或直接填写“{column}”的值"
)
NUMBER_AS_ID = Check(
    "V08",
    ERROR,
    "编号读不出",
    "“{column}”里的 «{value}» 是数字，读不出原来的样子（不是整数、超过 15 位，或是口令）",
    "把这一格设成文本格式，再按原样重新输入“{column}”",
)
NOT_A_DATE = Check("V09", ERROR, "不是日期", "“{column}”里的 «{value}» 不是日期", "填成日期，如 2025-09-01")
NOT_A_NUMBER = Check("V10", ERROR, "不是数字", "“{column}”里的 «{value}» 不是数字", "填成数字，不要带单位或文字")
NOT_A_MARK = Check(
    "V11", ERROR, "不是分数", "{column}成绩 «{value}» 不是分数，这一格先当未录", "填分数、缺考或免考，没有成绩就空着"
)
UNREAD_OPTIONAL = Check(
    "V12",
    WARNING,
    "选填的格子读不出",
    "“{column}”里的 «{value}» {why}，这一格先不用",
    "按列的要求重新填“{column}”，或清空这一格",
)
NUMBER_AS_TEXT = Check(
    "V13", WARNING, "数字写成了文本", "“{column}”里的 «{value}» 是文本，已按数字读取", "把这一格重新输入成数字"
)
DATE_AS_TEXT = Check(
    "V14",
    WARNING,
    "日期写成了文本",
    "“{column}”里的 «{value}» 是文本，已按日期读取",
    "把这一格重新输入成日期，如 2025-09-01",
)

# Cells against the schema
EMPTY = Check("V15", ERROR, "必填项空着", "“{column}”没有填，这一行先不用", "填上“{column}”")
EMPTY_USABLE = Check("V16", WARNING, "该填的空着", "“{column}”没有填，这一行照用", "填上“{column}”")
NOT_A_CHOICE = Check(
    "V17",
    ERROR,
    "不在选项里",
    "“{column}”里的 «{value}» 不在可选的内容里，这一行先不用",
    "“{column}”请从下拉里选：{options}",
)
NOT_A_CHOICE_USABLE = Check(
    "V18",
    WARNING,
    "选项写法不对",
    "“{column}”里的 «{value}» 不在可选的内容里，先当没有填",
    "“{column}”请从下拉里选：{options}",
)
OUT_OF_RANGE = Check(
    "V19",
    ERROR,
    "数字超出范围",
    "“{column}”里的 «{value}» 超出范围，这一行先不用",
    "“{column}”请填 {low} 到 {high} 之间的数",
)
OUT_OF_RANGE_USABLE = Check(
    "V20",
    WARNING,
    "数字可疑",
    "“{column}”里的 «{value}» 超出了通常的范围，先照写的数用",
    "“{column}”请填 {low} 到 {high} 之间的数",
)
BAD_MONTH = Check(
    "V21", ERROR, "月份写法不对", "月份 «{value}» 不是年月，这一行先不用", "月份写成 2025-09 这样，月在 01 到 12 之间"
)
DOUBLED_KEY = Check(
    "V22",
    ERROR,
    "重复",
    "“{column}” «{value}» 与第 {first} 行重复，只用第 {first} 行",
    "留下对的一行，把另一行删掉或改成自己的“{column}”",
)
MARK_OUT_OF_RANGE = Check(
    "V23",
    ERROR,
    "分数超出范围",
    "{column}成绩 «{value}» 不在 0 到满分 {full} 之间，这一格先当未录",
    "改成 0 到 {full} 之间的分数；满分不对请改“科目”表",
)

# 设置 and 科目
BAD_SETTING = Check("V24", ERROR, "设置不能用", "设置“{item}”：{why}", "按“说明”一列改“{item}”的值，或清空它用默认值")
SETTING_ORDER = Check(
    "V25",
    WARNING,
    "起止日期颠倒",
    "设置“{item}” «{value}» 不在“{other}” {limit} 之后",
    "改“{item}”或“{other}”，使开始在前、结束在后",
)
LINES = Check(
    "V26",
    WARNING,
    "分数线次序不对",
    "分数线 优秀 {excellent}、及格 {passing}、低分 {low} 与满分 {full} 的大小次序不对",
    "改成 满分 ≥ 优秀线 > 及格线 > 低分线",
)
GRADE_UNKNOWN = Check(
    "V27", WARNING, "没有这个年级", "年级 «{value}» 没有一个班级", "按“班级”表的写法改“年级”，全部年级就空着"
)
GRADE_WITHOUT_SUBJECTS = Check(
    "V28",
    WARNING,
    "年级没有科目",
    "年级 «{value}» 在“科目”表里没有一科，排不出名次",
    "在“科目”表为 {value} 加上科目，或加上年级空着的科目",
)
SUBJECT_WITHOUT_COLUMN = Check(
    "V29",
    WARNING,
    "科目没有成绩列",
    "科目 «{value}» 在“成绩”表里没有列，它的分数没处填",
    "在“成绩”表右边加一列“{value}”，不考这一科就删掉这一行",
)
COLUMN_WITHOUT_SUBJECT = Check(
    "V30",
    WARNING,
    "成绩列不是科目",
    "“成绩”表的列“{column}”不在“科目”表里（或那一行有错误），这一列不计",
    "在“科目”表加上或改好“{column}”，不是科目就不用管",
)

# Which student
NO_STUDENT = Check("V31", ERROR, "没写是谁", "没有写是哪个学生，这一行先不用", "填学号，或填姓名和班级")
UNKNOWN_STUDENT = Check(
    "V32", ERROR, "名册里没有", "名册里没有{what} «{value}»{hint}", "照“名册”改{what}，新学生先加进“名册”"
)
AMBIGUOUS_STUDENT = Check(
    "V33",
    ERROR,
    "分不清是谁",
    "名册里有 {count} 名学生叫 «{value}»，分不清是谁",
    "填上学号；不在同一班的填上班级也可以",
)
LEFT_CLASS = Check(
    "V34",
    HINT,
    "换了班",
    "名册里 {name} 现在在 {known}，{sheets}里写着他的 {count} 行还是以前的班级（这里是 «{value}»），都照用",
    "点“校验”，问到时答“是”，就一起改成现在的班级；换班写错了就改“名册”",
)
UNKNOWN_PARTS = Check(
    "V35", WARNING, "其中有人找不到", "“{column}”里的 «{value}» 不在名册里，先不算", "照“名册”改这几个学号，用、隔开"
)

# References
NOT_FOUND = Check(
    "V36",
    ERROR,
    "所指的找不到",
    "“{column}”里的 «{value}» 在“{where}”表里{why}，这一行先不用",
    "照“{where}”表改“{column}”，没有的先加进去",
)
NOT_FOUND_OPTIONAL = Check(
    "V37",
    WARNING,
    "选填的找不到",
    "“{column}”里的 «{value}» 在“{where}”表里{why}，先不用",
    "照“{where}”表改“{column}”，没有的先加进去，或清空这一格",
)
CLASS_UNKNOWN = Check(
    "V38",
    WARNING,
    "班级不在班级表",
    "“{column}”里的 «{value}» 不在“班级”表里（或那一行有错误），年级不明",
    "照“班级”表改“{column}”，或在“班级”表加上、改好这个班",
)
FOLLOWS = Check(
    "V39",
    ERROR,
    "所指的行有错误",
    "所指的“{where}”第 {row} 行不能用（{why}），这一行先不用",
    "先改好“{where}”第 {row} 行，再点一次校验",
)
FOLLOWS_OPTIONAL = Check(
    "V40",
    WARNING,
    "选填所指的行有错误",
    "“{column}”里的 «{value}» 所指的“{where}”第 {row} 行不能用，这一格先不用",
    "先改好“{where}”第 {row} 行，再点一次校验",
)

# Dates
OUTSIDE_YEAR = Check(
    "V41",
    WARNING,
    "不在学年之内",
    "“{column}” «{value}» 不在学年 {start} 到 {end} 之内",
    "改对“{column}”，或在“设置”里改学年开始、学年结束",
)
ENDS_BEFORE_START = Check(
    "V42",
    WARNING,
    "结束早于开始",
    "“{column}” «{value}» 早于“{other}” {start}",
    "改“{column}”或“{other}”，使开始在前、结束在后",
)
SCORE_AFTER_LEAVING = Check(
    "V43",
    ERROR,
    "离校后有成绩",
    "考试日期 {date} 在该生异动日期 {left} 之后，这一行先不用",
    "成绩有误就删掉这一行，学生还在就改“名册”的在籍状态和异动日期",
)
LOG_AFTER_LEAVING = Check(
    "V44",
    WARNING,
    "离校后有记录",
    "日期 «{value}» 在该生异动日期 {left} 之后",
    "改对日期；是离校后的回访就不用改；学生还在就改“名册”",
)

# 名册
LEFT_WITHOUT_DATE = Check(
    "V45", WARNING, "缺异动日期", "在籍状态是 {status}，没有填异动日期", "填上离开的那一天，或把在籍状态改回 在读"
)
DATE_WITHOUT_LEAVING = Check(
    "V46", WARNING, "在读却有异动日期", "在籍状态是 在读，却填了异动日期 «{value}»", "清空异动日期，或改在籍状态"
)
SAME_NAME = Check(
    "V47",
    WARNING,
    "同班同名",
    "{class_} 有 {count} 名学生都叫 «{value}»",
    "在其他表里写到他们时一定填学号；是重复录入就删掉一行",
)
TRACKED_WITHOUT_DATE = Check("V48", WARNING, "缺列入日期", "帮扶学生没有填列入日期", "填上列入帮扶的那一天")
TRACKED_WITHOUT_TYPE = Check(
    "V49", WARNING, "缺困难类型", "帮扶学生没有填困难类型", "从下拉里选 学习、行为规范 或 双重"
)
WITHOUT_FILE = Check("V50", WARNING, "没有档案", "帮扶学生在“档案”表里没有一行", "在“档案”表为该生建一行")
WITHOUT_PAIRING = Check("V51", WARNING, "没有一对一", "帮扶学生没有执行中的一对一结对", "在“结对”表为该生加一行一对一")

# 结对
PAIRING_LACKS = Check(
    "V52", ERROR, "结对不完整", "类型是 {type} 的结对没有写{what}", "填上{what}，或改“类型”；不需要了就删掉这一行"
)
HELPER_TRACKED = Check(
    "V53", WARNING, "帮手在帮扶名单里", "学习帮手 «{value}» 自己也是帮扶学生", "换一名不在帮扶名单里的同班同学"
)
HELPER_ELSEWHERE = Check(
    "V54", WARNING, "帮手不同班", "学习帮手 «{value}» 在 {there}，学生在 {here}", "换一名同班的同学做帮手"
)
HELPER_UNFIT = Check("V55", WARNING, "帮手不合适", "学习帮手 «{value}» {why}", "换一名在读的同班同学做帮手")
TEACHER_AWAY = Check(
    "V56",
    WARNING,
    "教师不在岗",
    "教师 «{value}» 不在岗，结对还在执行",
    "点“结对建议”选接替的教师，采纳后这一行自动结束；或者自己换人、把状态改成 结束",
)
STUDENT_AWAY = Check(
    "V57", WARNING, "学生不在读", "学生的在籍状态是 {status}，结对还在执行", "把结对状态改成 结束，或改“名册”的在籍状态"
)
TWO_PAIRINGS = Check(
    "V58", WARNING, "一对一重复", "该生在第 {first} 行已有执行中的一对一", "留下一位教师，把另一行的状态改成 结束"
)

# 教师 and 班级
OVER_LIMIT = Check(
    "V59",
    WARNING,
    "超过帮扶上限",
    "该教师有 {count} 个执行中的一对一，上限是 {limit}",
    "把超出的学生改给别的教师，或提高“帮扶上限”",
)
SAME_ADDRESS = Check("V60", WARNING, "邮箱相同", "邮箱 «{value}» 与第 {first} 行的教师相同", "给每位教师填自己的邮箱")
DOUBTFUL_ADDRESS = Check(
    "V61", WARNING, "邮箱写法可疑", "邮箱 «{value}» 不像邮箱地址", "照 name@example.cn 的样子改对邮箱"
)
NO_ADDRESS = Check(
    "V62", WARNING, "班主任没有邮箱", "该教师是 {classes} 的班主任，没有填邮箱", "填上邮箱，班级页才能寄给班主任"
)
NO_HOMEROOM = Check("V63", WARNING, "没有班主任", "{class_} 没有班主任", "在“班主任”里选一位教师")
HOMEROOM_AWAY = Check("V64", WARNING, "班主任不在岗", "班主任 «{value}» 不在岗", "换一位在岗的教师，或改“教师”表的在岗")
NOBODY_TEACHES = Check(
    "V65", WARNING, "没有人任教", "没有一位教师的任教班级里有 «{value}»", "在“教师”表的任教班级里加上 {value}"
)

# 考试
NOBODY_SAT = Check(
    "V66", WARNING, "没有人考", "考试 «{value}» 在“成绩”表里没有一个分数", "导入这次考试的成绩，没有考就删掉这一行"
)
NOT_ALLOWED = Check(
    "V67",
    WARNING,
    "考试超出规定",
    "«{value}»：{why}（教育部 2021-08-30、2025-12-17）",
    "请确认是否该有这次考试；类型、年级、名称写错了就改对，高中请在“设置”里改学段",
)
BASELINE_NOT_EARLIER = Check(
    "V68",
    WARNING,
    "基线考试不在之前",
    "基线考试 «{value}» 不在这次考试之前",
    "改成更早的一次考试，或清空由程序按规则找",
)

# 排查
KEY_ABOVE_SCREENING = Check(
    "V69",
    WARNING,
    "重点比列入还宽",
    "「重点百分位」是 {key}，比「排查百分位」{listed} 还大，按名次列入的就都是重点",
    "把「重点百分位」改得比「排查百分位」小",
)
HALF_LISTED = Check(
    "V70",
    WARNING,
    "没有帮扶类别",
    "填了{what}，却没有帮扶类别，哪里都不算在名单里",
    "选上帮扶类别；不在名单里就清空{what}",
)
LISTED_LATER = Check(
    "V71",
    WARNING,
    "列入日期在以后",
    "列入日期 «{value}» 还没有到，到那天才算在名单里",
    "写错了就改列入日期，是先定好的就不用改",
)
ENDED_RUNNING = Check(
    "V72", WARNING, "过期还在执行", "结束日期 «{value}» 已经过了，状态还是执行", "把状态改成 结束，或改“结束日期”"
)
HELPS_TWO = Check(
    "V73", WARNING, "帮手帮了两人", "学习帮手 «{value}» 在第 {first} 行已在帮同学", "一名帮手只帮一人，换一名帮手"
)
PATRON_DISAGREES = Check(
    "V74",
    WARNING,
    "包班行政不一致",
    "{class_} 的包班教师这里写的是 «{value}»，“班级”表里是 {known}",
    "两处改成同一位教师，或把这一行的状态改成 结束",
)

# 校历 and the term
HOLIDAYS_UNKNOWN = Check(
    "V75",
    WARNING,
    "放假安排未知",
    "{value} 年的放假和调休还不知道，日程和落实先按周一到周五上课计算",
    "在“校历”里填上 {value} 年放假、补课的日子，或等国务院公布后更新程序",
)
TERM_TOO_LONG = Check(
    "V76",
    WARNING,
    "学期超过一年",
    "学期从 {start} 到 {end}，超过一年，日程和落实只算第一年",
    "在“设置”里改对学期开始、学期结束",
)
CALENDAR_OUTSIDE_YEAR = Check(
    "V77",
    WARNING,
    "校历不在学年之内",
    "校历日期 «{value}» 不在学年 {start} 到 {end} 之内，用不上",
    "改对日期；是往年的就删掉这一行",
)

# The version that made the workbook
OLDER_WORKBOOK = Check(
    "V80",
    WARNING,
    "旧版总表",
    "这个总表是旧版的，还没有{lacking}，先当全部空着",
    "关闭总表，在帮扶窗口点“升级总表”，或者运行 xlbangfu upgrade 总表",
)

# How long data may be kept
STUDENT_OFF_THE_LIST = Check(
    "V84",
    WARNING,
    "学生已退出帮扶",
    "学生 {value} 已退出帮扶，一对一还在执行，占着教师的名额",
    "把结对状态改成 结束；要继续帮扶就清空“名册”的退出日期",
)
PAST_ITS_TIME = Check(
    "V85",
    WARNING,
    "过了保存年限",
    "{reason}，最后一次记载是 {last}，资料过了「保存年限」{years} 年",
    "用 xlbangfu person 总表 --expired 看是哪些行，该删的删去；还要留就在“设置”里改保存年限",
)

# Mail
ADDRESS_MISTYPED = Check(
    "V88",
    WARNING,
    "邮箱域名像是写错了",
    "邮箱 «{value}» 的 @ 后面像是写错了，是不是 {meant}",
    "改对 @ 后面的部分；没有写错就不用改，但预览邮件时这个班会先拒绝",
)
NO_MAILBOX = Check(
    "V89",
    WARNING,
    "没有发件邮箱",
    "「发信方式」是 SMTP，没有填「发件邮箱」，寄不出去",
    "填上「发件邮箱」，或把「发信方式」改成 文件",
)
SHORT_PASSWORD = Check(
    "V90", WARNING, "口令太短", "{class_} 的口令不到 6 个字，容易被猜出来", "换一个至少 6 个字的口令，并当面告诉本人"
)
STUDENT_IN_MAIL = Check(
    "V91",
    WARNING,
    "邮件里有学生姓名",
    "「{item}」里的“{name}”是名册上的学生，会写进寄给每位班主任的邮件",
    "去掉学生姓名；只是碰巧同字就不用改",
)

# One name for one thing
GRADE_TWICE = Check(
    "V92",
    WARNING,
    "一个年级两种写法",
    "年级 «{value}» 和 «{other}» 是同一个年级，写法不同就会分开排名、对不上科目",
    "把“年级”改成一种写法，如 {other}",
)
MARK_NOT_CHOSEN = Check(
    "V93",
    WARNING,
    "没选的科目有分",
    "{column}是选考，有 {count} 人（{who}）在“名册”的选科里没有它，却有分，这些分不算",
    "在“名册”的选科补上 {column}；不是选考就在“科目”表把选考空着",
)
KEY_SHORTER = Check(
    "V94",
    WARNING,
    "编号比别的短",
    "“{column}”里有 {count} 个比别的短（{shown}），开头的 0 可能已经丢了",
    "要补 0 的，先设成文本格式再补；本来就短的不用改",
)

# What would change results unseen
TERM_AGAINST_DATE = Check(
    "V95",
    WARNING,
    "学期与日期不符",
    "学期 «{value}» 与日期 {date} 对不上，这一天一般在 {meant}，基线考试会跟着错",
    "改对“学期”或“日期”；学校的学期确实这样安排就不用改",
)
SAME_MARKS = Check(
    "V96",
    WARNING,
    "两次考试的成绩一样",
    "考试 «{value}» 有 {count} 名学生的成绩与 «{other}» 一分不差（两次都有成绩的 {whole} 名），像是同一次考试录了两遍",
    "留下一个考试编号，把另一个在“考试”和“成绩”里的行删掉",
)
TWICE_A_TERM = Check(
    "V97",
    WARNING,
    "一学期两次同类考试",
    "{term} 已有一次{value}（第 {first} 行），年级也有重合",
    "改对“类型”“学期”或“年级”；同一次考试只留一行",
)
ENTERED_TWICE = Check(
    "V98",
    WARNING,
    "同一件事记了两次",
    "与第 {first} 行是同一天、同一个人、同样的内容，会算成两次",
    "是重复录入就删掉一行；确实有两次就把内容写得不同",
)
AFTER_TODAY = Check(
    "V99",
    WARNING,
    "日期在今天以后",
    "“{column}” «{value}» 在今天（{today}）以后",
    "改对“{column}”；还没有做的事先不写在这里",
)
SAT_AHEAD = Check(
    "V100",
    WARNING,
    "还没考就有分",
    "考试日期 «{value}» 在今天（{today}）以后，“成绩”里却已有分数，这次考试到那天才算",
    "改对“日期”",
)
NOT_TAUGHT = Check(
    "V101",
    WARNING,
    "没开的科目有分",
    "“科目”表里 {grade} 没有{column}，这里的分数不算",
    "在“科目”表给 {grade} 加上{column}，或把这些分数改到对的列",
)
ALL_NOUGHT = Check(
    "V102",
    WARNING,
    "各科都是 0 分",
    "这次考试 {count} 科都是 0 分，按 0 分排了名次",
    "没有参加考试就改成 缺考；确实是 0 分就不用改",
)
CLASS_OF_NOUGHTS = Check(
    "V103",
    WARNING,
    "全班都是 0 分",
    "{class_} 这次考试的{column} {count} 个分数都是 0，按 0 分算了",
    "没有考或还没有录就清空这一列里这个班的格子",
)
CLASS_OF_OTHER_GRADE = Check(
    "V104",
    WARNING,
    "考时班级在别的年级",
    "考时班级 «{value}» 是 {there} 的班，同年级的学生这次考试都在 {here}，该生会排进 {there}",
    "改对“考时班级”，或清空它用现在的班级",
)
GRADE_NOT_ASKED = Check(
    "V105",
    WARNING,
    "别的年级有成绩",
    "这次考试的年级写的是 «{value}»，“成绩”里还有 {grade} 的 {count} 名学生",
    "在“年级”里加上 {grade}，或把这些成绩改到对的考试编号",
)
NO_ROW = Check(
    "V106",
    WARNING,
    "有学生没有成绩行",
    "{grade} 有 {count} 名在读学生在这次考试里没有一行成绩（{who}），没考还是没导入？排查把他们当作看不出",
    "补上成绩；没有参加就加一行，各科填 缺考 或 免考",
)
NO_WEAK_SUBJECT = Check(
    "V107",
    WARNING,
    "缺困难学科",
    "困难类型是 {type}，没有填困难学科，结对和计划不知道该帮哪一科",
    "填上“困难学科”，可以照“排查”里写的",
)
NOT_HOMEROOM = Check(
    "V108",
    WARNING,
    "班主任的角色里没有班主任",
    "班主任 «{value}» 在“教师”表的角色里没有 班主任",
    "在“教师”表给这位教师的角色加上 班主任，或换一位",
)
HOMEROOM_OF_TWO = Check(
    "V109",
    WARNING,
    "当了两个班的班主任",
    "«{value}» 在第 {first} 行已是别班的班主任，两个班的班级页都会交给他",
    "改成这个班自己的班主任；确实带两个班就不用改",
)
SAME_PASSWORD = Check(
    "V110",
    WARNING,
    "两处同一个口令",
    "{class_} 的口令与第 {first} 行的相同，能打开彼此的页",
    "给每个班、每位教师一个自己的口令，并当面告诉本人",
)
NAME_OF_OTHER_GRADE = Check(
    "V111",
    WARNING,
    "班名与年级不符",
    "班级 «{class_}» 看名字是 {meant} 的班，年级写的是 «{value}»，会排进 {value}",
    "改对“年级”或班名",
)
DISAGREES = Check(
    "V112",
    ERROR,
    "与名册不符",
    "学号 {id} 在名册里的{column}是 {known}，这里写的是 «{value}»",
    "{column}改成 {known}，或改对学号",
)
EMPTY_OF_TWO = Check(
    "V113",
    ERROR,
    "口令没写给谁",
    "这一行没有写班级，也没有写教师",
    "给班级页用的写“班级”，给帮扶页用的写“教师”",
)

# 缺勤 and 劝返
NO_SCHOOL_DAY = Check(
    "V120",
    WARNING,
    "缺勤不在上学日",
    "{value} 不上学（放假、周末或不在学期里），这一行不算旷课天数",
    "改对“日期”；这一天补课就在“校历”加一行 补课",
)
ABSENT_TWICE = Check(
    "V121",
    WARNING,
    "同一天又写全天又写节次",
    "第 {first} 行已经写了这一天“全天”是{known}，这里又写“{value}”",
    "整天没来只留“全天”一行；只缺几节就删掉“全天”那一行",
)
SUSPECTED_DROPOUT = Check(
    "V122",
    WARNING,
    "疑似辍学",
    "{name} 疑似辍学，还没有列入“劝返”：{reason}",
    "先联系家长；再点“控辍保学”，看过打 √，点“采纳控辍”；不是旷课的改“类型”",
)
RECALL_OVERDUE = Check(
    "V123",
    WARNING,
    "劝返过期",
    "{name} {reason}",
    "上门或打电话以后，在“劝返”写上劝返日期和结果（第二次起另加一行）",
)
RETURN_WITHOUT_DAY = Check(
    "V124", WARNING, "复学没有日期", "结果是复学，没有填复学日期，先按劝返日期算", "填上“复学日期”"
)
DAY_WITHOUT_RETURN = Check(
    "V125",
    WARNING,
    "有复学日期，结果不是复学",
    "写了复学日期 «{value}»，结果却不是复学，先不算复学",
    "“结果”选 复学，或清空“复学日期”",
)
NOT_AS_IN_ROSTER = Check(
    "V126",
    WARNING,
    "劝返结果和名册不一致",
    "{reason}",
    "点“控辍保学”，看过打 √，点“采纳控辍”，名册就改；劝返写错了就改“结果”",
)
ABSENT_AFTER_LEAVING = Check(
    "V127",
    WARNING,
    "离校后的缺勤",
    "日期 «{value}» 在离校日期 {left} 之后",
    "改对“日期”，或在“名册”改在籍状态和异动日期",
)

# Told of another sheet than 成绩, and found only by a look at it
FROM_MARKS = (NOBODY_SAT, SUBJECT_WITHOUT_COLUMN, SAME_MARKS, SAT_AHEAD, GRADE_NOT_ASKED, NO_ROW)
# Told with what they come of
CONSEQUENCES = (SHEET_FOLLOWS, FOLLOWS, FOLLOWS_OPTIONAL)

CHECKS: Mapping[str, Check] = MappingProxyType(
    {item.number: item for item in list(globals().values()) if isinstance(item, Check)}
)
