"""The 设置 sheet as one frozen object, and the one place where every setting and its default is declared.

A bad value is a problem row (``Settings.bad``); the default serves until it is mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from string import Formatter
from typing import Any

import polars as pl

from xlbangfu import timing
from xlbangfu.schema import ROW


class BadValue(ValueError):
    """Why a value of 设置 cannot be used, in Chinese."""


Parser = Callable[[str], Any]
STAGES = ("义务教育", "高中")
SEASONS = ("自动", "期中", "期末")
STAR_PROGRESS, ACTIVITY_MEASURE = "进展", "活动:"
STAR_MEASURES = ("学习态度", "作业", "纪律", "品德", "参与", STAR_PROGRESS)
MAIL_FILES, MAIL_SMTP, MAIL_OUTLOOK = "文件", "SMTP", "Outlook"
MAIL_FIELDS = ("班级", "学期", "教师", "学校", "期限", "人数")
SHOWN_RANKS = ("等级与进退", "名次", "不显示")
TRACKED_ONLY, EVERYBODY = SLIP_STUDENTS = ("帮扶学生", "全体学生")
SLIPS_A_PAGE = ("2", "4")
NOT_FOR_PARENTS = re.compile(
    "学困|后进|差生|边缘生|问题学生|问题生|帮扶|名次|排名|倒数|[第前]\\s*[0-9０-９一二三四五六七八九十百]+\\s*名"
)


def _number(low: float, high: float, *, whole: bool = False, unit: str = "") -> Parser:
    def parse(text: str) -> float | int:
        try:
            number = float(text.rstrip("%％ " + unit))
        except ValueError:
            raise BadValue(f"应当是 {low:g} 到 {high:g} 之间的数字") from None
        if not low <= number <= high or (whole and number != int(number)):
            raise BadValue(f"应当是 {low:g} 到 {high:g} 之间的{'整数' if whole else '数字'}")
        return int(number) if whole else number

    return parse


def _share(text: str) -> float:
    """A percentage: 8, 8% and 0.08 (a cell with the percent format) are the same."""
    number: float = _number(0, 100)(text)
    if "%" not in text and 0 < number < 1:
        number *= 100
    return number / 100


def _choice(*options: str) -> Parser:
    def parse(text: str) -> str:
        if text not in options:
            raise BadValue(f"应当是 {'、'.join(options)} 之一")
        return text

    return parse


def _text(text: str) -> str:
    return text


def _public_name(text: str) -> str:
    """The word that goes out in place of 学困, which may not be hidden in it either."""
    if "学困" in re.sub(r"[\s\u200b-\u200d\u2060\ufeff]", "", text):
        raise BadValue("发出去的文件不写学困，请换一个中性的词，如 重点关爱")
    return text


def _mail_text(text: str) -> str:
    """A template of a mail: neutral, and with no other fields than MAIL_FIELDS."""
    _public_name(text)
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadValue("花括号没有成对") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in MAIL_FIELDS or form or conversion):
            raise BadValue(f"没有 {{{name}}} 这个字段；能用的是 {''.join(f'{{{known}}}' for known in MAIL_FIELDS)}")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", text):
        raise BadValue("应当是一个邮箱地址，如 school@qq.com")
    return text


def _server(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+(:\d{1,5})?(\s+(SSL|STARTTLS))?", text, re.IGNORECASE):
        raise BadValue("应当像 smtp.qq.com 或 mail.school.cn:587")
    return text


def _for_parents(most: int) -> Parser:
    """A text of 家长信: short enough for its place, and with nothing that brands a child."""

    def parse(text: str) -> str:
        if found := NOT_FOR_PARENTS.search(text):
            raise BadValue(f"给家长的话里不能有“{found[0]}”")
        if len(text) > most:
            raise BadValue(f"太长了，最多 {most} 个字")
        if re.search(r"[{}]", text.replace("{姓名}", "")):
            raise BadValue("花括号里只能写 {姓名}")
        return text

    return parse


def _optional(parse: Parser) -> Parser:
    def parse_or_none(text: str) -> Any:
        return None if text in ("", "无", "不设") else parse(text)

    return parse_or_none


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y-%m-%d %H:%M:%S"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise BadValue("应当是日期，如 2025-09-01")


def _words(text: str) -> tuple[str, ...]:
    parts = [part.strip() for part in text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、")]
    return tuple(part for part in parts if part)


def _shares(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.replace("：", ":").split(":"))
    except ValueError:
        raise BadValue("应当像 20:30:50") from None
    if len(numbers) != 3 or min(numbers) < 0 or abs(sum(numbers) - 100) > 1e-9:
        raise BadValue("应当是三个数，加起来等于 100，如 20:30:50")
    return numbers


def _lines(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part.rstrip("%％ ")) for part in text.replace("，", "/").split("/"))
    except ValueError:
        raise BadValue("应当像 85/70/60/40") from None
    if (
        len(numbers) != 4
        or list(numbers) != sorted(set(numbers), reverse=True)
        or not 0 < numbers[-1] < numbers[0] <= 100
    ):
        raise BadValue("应当是四个从大到小的百分数，如 85/70/60/40")
    return tuple(number / 100 for number in numbers)


def _falling(*, like: str, low: float, high: float) -> Parser:
    """As many numbers as ``like`` has, from the largest to the smallest, apart by /."""

    def parse(text: str) -> tuple[float, ...]:
        try:
            numbers = tuple(float(part) for part in text.replace("／", "/").replace("−", "-").split("/"))
        except ValueError:
            raise BadValue(f"应当像 {like}") from None
        falling = list(numbers) == sorted(numbers, reverse=True)
        if len(numbers) != like.count("/") + 1 or not falling or not low <= numbers[-1] <= numbers[0] <= high:
            raise BadValue(f"应当是 {like.count('/') + 1} 个从大到小、{low:g} 到 {high:g} 之间的数，如 {like}")
        return numbers

    return parse


def _weights(text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.replace("：", ":").split(":"))
    except ValueError:
        raise BadValue("应当像 30:30:30:10") from None
    if len(numbers) != 4 or min(numbers) < 0 or abs(sum(numbers) - 100) > 1e-9:
        raise BadValue("应当是四个不小于 0 的数，加起来等于 100，如 30:30:30:10")
    return numbers


def _measures(text: str) -> tuple[tuple[str, str], ...]:
    """Which star is judged by what: 守纪之星=纪律、劳动之星=活动:劳动/值日."""
    pairs = [part.replace("＝", "=").split("=") for part in _words(text.replace("：", ":"))]
    if any(len(pair) != 2 or not pair[0] or not pair[1] for pair in pairs):
        raise BadValue("应当像 守纪之星=纪律、进步之星=进展、劳动之星=活动:劳动/值日")
    for name, measure in pairs:
        kinds = measure.split("+")
        if not measure.startswith(ACTIVITY_MEASURE) and not set(kinds) <= set(STAR_MEASURES):
            raise BadValue(f"“{name}”的依据应当是 {'、'.join(STAR_MEASURES)}，或 {ACTIVITY_MEASURE}某个词")
        if STAR_PROGRESS in kinds and len(kinds) > 1:
            raise BadValue(f"“{name}”的依据里，{STAR_PROGRESS}不能和别的相加")
    return tuple((name, measure) for name, measure in pairs)


def _prices(text: str) -> tuple[int, ...]:
    """Six whole numbers apart by /."""
    parts = [part.strip() for part in re.split(r"[/，,、：:]", text)]
    if len(parts) != 6 or not all(re.fullmatch(r"[0-9]{1,2}", part) for part in parts):
        raise BadValue("应当是六个 0 到 99 的整数，如 0/1/2/4/6/0")
    return tuple(int(part) for part in parts)


def _said(parse: Parser) -> Parser:
    """A parser that raises ValueError with a Chinese sentence."""

    def parse_or_say(text: str) -> Any:
        try:
            return parse(text)
        except ValueError as problem:
            raise BadValue(str(problem)) from None

    return parse_or_say


PLAN_FIELDS = ("姓名", "班级", "学科", "教师")


def _plan_text(text: str) -> str:
    """A text of a plan, with fields in braces that ``PLAN_FIELDS`` names."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise BadValue("花括号没有成对，应当像 {姓名}") from None
    known = {*PLAN_FIELDS, None}
    if any(name not in known or form or conversion for _, name, form, conversion in parts):
        raise BadValue(f"花括号里只能写 {'、'.join(PLAN_FIELDS)}，如 {{姓名}}")
    return text


_PLAN_HELP = "“制定计划”这样写，可以改；花括号里的换成各人的"


def _setting(name: str, default: str, parse: Parser, help: str, *, choices: tuple[str, ...] = ()) -> Any:
    return field(
        default=parse(default) if default else None,
        metadata={
            "name": name,
            "default": default,
            "parse": parse if default else _optional(parse),
            "help": help,
            "choices": choices,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default; ``name`` in the metadata is the 项目 on the sheet."""

    school: str = _setting("学校名称", "示范学校", _text, "写在控制台、班级页、邮件和文档上")
    school_year: str = _setting("学年", "2025-2026", _text, "如 2025-2026")
    term: str = _setting("学期", "2025-2026下", _text, "与考试表的学期写法一致")
    year_start: date = _setting("学年开始", "2025-09-01", _day, "记录、计划、活动、评价要在学年之内")
    year_end: date = _setting("学年结束", "2026-07-15", _day, "同上")
    term_start: date = _setting("学期开始", "2026-02-23", _day, "本学期第一天；辍学率从这一天的在籍人数算")
    term_end: date = _setting("学期结束", "2026-07-10", _day, "本学期最后一天")
    as_of: date | None = _setting("计算日期", "", _day, "程序按哪一天计算；空 = 今天（看往年的数据时才填）")
    stage: str = _setting("学段", "义务教育", _choice(*STAGES), "义务教育阶段名次不得公布", choices=STAGES)
    page_ranks: str | None = _setting(
        "班级页名次显示",
        "",
        _choice(*SHOWN_RANKS),
        "等级与进退、名次、不显示；空 = 义务教育用“等级与进退”，高中用“名次”；选“名次”会记入运行记录",
        choices=SHOWN_RANKS,
    )
    public_name: str = _setting("对外称谓", "重点关爱", _public_name, "发出去的文件、主题和正文用这个词，不写学困")
    level_lines: tuple[float, ...] = _setting("等级线", "85/70/60/40", _lines, "总得分率达到多少算 A/B/C/D，其余 E")
    prize_shares: tuple[float, ...] = _setting("奖项比例", "20:30:50", _shares, "一、二、三等奖占有进步学生的百分比")
    screening_exams: int = _setting(
        "排查考试数", "2", _number(1, 6, whole=True), "连续几次期中/期末/月考都达到条件才建议列入"
    )
    screening_share: float = _setting("排查百分位", "8%", _share, "年级里比他低的不到这个比例")
    screening_failing: int = _setting(
        "排查不及格科数", "3", _number(1, 12, whole=True, unit="科"), "或不及格科目达到几科"
    )
    key_share: float = _setting("重点百分位", "4%", _share, "每次考试年级里比他低的都不到这个比例，建议列为重点")
    weak_subject: float = _setting(
        "薄弱学科线", "-1", _number(-4, 0), "最近一次考试某科的标准分不高于它，算困难学科；-1 = 比年级平均低一个标准差"
    )
    conduct_months: int = _setting(
        "排查评价月数", "2", _number(1, 6, whole=True, unit="个月"), "最近几个月的行为评价都不好才建议列入"
    )
    conduct_line: float = _setting("行为规范线", "2", _number(1, 5), "纪律和品德的月平均不高于它，算行为规范困难")
    borderline: float = _setting("边缘区间", "5", _number(0, 30), "总得分率离及格线几个百分点以内算边缘")
    teacher_limit: int = _setting(
        "每师上限", "3", _number(0, 50, whole=True, unit="人"), "一名教师最多结对几名学生；教师表可单独定"
    )
    pairing_prices: tuple[int, ...] = _setting(
        "结对代价",
        "0/1/2/4/6/0",
        _prices,
        "排一对一时越小越先选：本班困难学科的教师/本班班主任/本年级困难学科的教师/本年级其他教师/别的教师/"
        "重点学生由行政或校长帮扶",
    )
    proxy_limit: int = _setting(
        "代管上限", "3", _number(0, 50, whole=True, unit="人"), "一名教师最多给几名留守学生当代管家长"
    )
    helper_share: float = _setting("帮手名次", "20%", _share, "学习帮手要在班里该科前百分之几")
    tutoring: tuple[timing.Hours, ...] = _setting(
        "辅导时间", "周五 13:00-15:00", _said(timing.hours), "每周集中辅导的时间；几个时间用、隔开"
    )
    talk_days: int = _setting("考后谈心天数", "7", _number(1, 60, whole=True, unit="天"), "每次考试后几天内要谈心")
    tutoring_pace: timing.Paces = _setting(
        "辅导次数", "每周1", _said(timing.paces), "应做几次：每周、每两周、每月或每学期几次，斜线后面是重点学生的"
    )
    talk_pace: timing.Paces = _setting("谈心次数", "每周1/2", _said(timing.paces), "同上")
    marking_pace: timing.Paces = _setting("作业面批次数", "每周1", _said(timing.paces), "同上")
    family_pace: timing.Paces = _setting("家长沟通次数", "每两周1/每周1", _said(timing.paces), "同上")
    visit_pace: timing.Paces = _setting("家访次数", "每学期1/2", _said(timing.paces), "同上，由班主任做")
    counselling_pace: timing.Paces = _setting(
        "心理咨询次数", "每月0/1", _said(timing.paces), "同上，由心理教师做，没有心理教师的由班主任做"
    )
    phase_lengths: tuple[timing.Length, ...] = _setting(
        "阶段时长",
        "1周、2周、1月、1月",
        _said(timing.lengths),
        "摸底调查、制定方案、实施帮扶、评估调整各多久；后两个轮流到期末",
    )
    study_goal: str = _setting(
        "学习目标",
        "{学科}补上基础，期末前达到及格",
        _plan_text,
        "困难类型是学习的目标；可以写 {姓名}、{班级}、{学科}、{教师}，会换成各人的",
    )
    conduct_goal: str = _setting(
        "行为目标",
        "养成按时到校、守纪律、按时交作业的习惯",
        _plan_text,
        "困难类型是行为规范的目标；双重的，学习和行为的都写上",
    )
    study_survey: str = _setting(
        "学习措施·摸底调查", "看{学科}近两次试卷和作业，找任课教师、家长了解{姓名}难在哪里", _plan_text, _PLAN_HELP
    )
    study_scheme: str = _setting(
        "学习措施·制定方案", "列出{学科}最先要补的三个知识点，和{姓名}商定每周的任务", _plan_text, _PLAN_HELP
    )
    study_carrying: str = _setting(
        "学习措施·实施帮扶", "{教师}每周辅导{学科}一次，作业当面批改，每周谈心一次", _plan_text, _PLAN_HELP
    )
    study_review: str = _setting(
        "学习措施·评估调整", "对照作业和考试看{学科}的效果，留下有用的办法，换掉没用的", _plan_text, _PLAN_HELP
    )
    conduct_survey: str = _setting(
        "行为措施·摸底调查", "和{姓名}、家长、任课教师各谈一次，弄清什么时候、为什么会犯", _plan_text, _PLAN_HELP
    )
    conduct_scheme: str = _setting(
        "行为措施·制定方案", "和{姓名}约定两三条看得见的规矩，写下做到了怎么表扬", _plan_text, _PLAN_HELP
    )
    conduct_carrying: str = _setting(
        "行为措施·实施帮扶", "{教师}每天看一眼、每周谈心一次，做到了当众表扬，家校一起督促", _plan_text, _PLAN_HELP
    )
    conduct_review: str = _setting(
        "行为措施·评估调整", "看这个月的行为评价有没有进步，和{姓名}一起改约定", _plan_text, _PLAN_HELP
    )
    priorities: tuple[str, ...] = _setting(
        "优先项", "安全、学习、生活、活动", _words, "四优先；也可以是 提高、答疑、检查、表扬"
    )
    stars: tuple[str, ...] = _setting(
        "十星",
        "学习之星、进步之星、守纪之星、文明之星、劳动之星、体育之星、艺术之星、友善之星、诚信之星、勤奋之星",
        _words,
        "期中班级十星的名字，最多十个",
    )
    star_measures: tuple[tuple[str, str], ...] = _setting(
        "十星依据",
        "学习之星=学习态度、进步之星=进展、守纪之星=纪律、文明之星=品德、劳动之星=活动:劳动/值日/社会实践、"
        "体育之星=活动:体育/运动/球/跑/操、艺术之星=活动:艺术/合唱/手工/画/舞/音乐/乐器、友善之星=品德+参与、"
        "诚信之星=纪律+品德、勤奋之星=作业",
        _measures,
        "每颗星看什么：评价的某一项（可相加）、进展，或“活动:”加几个词（活动名称或类型、档案特长里有这个词）；"
        "没有写到的星由班主任推荐",
    )
    star_limit: int = _setting("十星人数", "10", _number(1, 10, whole=True, unit="人"), "每班最多评几颗星")
    star_candidates: int = _setting(
        "十星候选", "2", _number(1, 10, whole=True, unit="人"), "每颗星列几名候选人；第 1 名各星不重复"
    )
    star_score: float = _setting("十星起评分", "4", _number(1, 5, unit="分"), "行为评价平均达到几分才作候选")
    honours_season: str = _setting(
        "评优时段",
        "自动",
        _choice(*SEASONS),
        "期中评十星，期末评学业进步生、品德优秀生和奖学金；自动 = 本学期考过期末就算期末",
        choices=SEASONS,
    )
    best_progress: int = _setting(
        "学业进步生人数", "3", _number(0, 50, whole=True, unit="人"), "期末每班几名，并列的都列出"
    )
    best_conduct: int = _setting(
        "品德优秀生人数", "3", _number(0, 50, whole=True, unit="人"), "期末每班几名，并列的都列出"
    )
    scholarship: str = _setting(
        "奖学金名称",
        "励志奖学金",
        _public_name,
        "优秀学困生奖学金对外的名字；可以写 {对外称谓}，如 优秀{对外称谓}学生奖学金",
    )
    scholarships: int = _setting(
        "奖学金人数", "3", _number(0, 50, whole=True, unit="人"), "期末每个年级几名，并列的都列出"
    )
    progress_lines: tuple[float, ...] = _setting(
        "进展线",
        "10/3/-3",
        _falling(like="10/3/-3", low=-100, high=100),
        "百分位比基线升几个百分点算 显著进步/进步；高于第三个数算稳定，其余退步",
    )
    conduct_step: float = _setting(
        "行为升降线", "0.5", _number(0.1, 4, unit="分"), "行为评价比上个月升（降）多少分，进展就升（降）一档"
    )
    turnaround_conduct: float = _setting(
        "转化行为分", "4", _number(1, 5, unit="分"), "行为规范类学生：连续两个月纪律和品德平均达到几分才建议转化"
    )
    appraisal_weights: tuple[float, ...] = _setting(
        "考核权重", "30:30:30:10", _weights, "教师考核：记录完整、落实、学生进展、满意度各占多少，加起来等于 100"
    )
    progress_worth: tuple[float, ...] = _setting(
        "进展得分",
        "1/0.8/0.5/0",
        _falling(like="1/0.8/0.5/0", low=0, high=1),
        "教师考核：显著进步、进步、稳定、退步的学生各得几成",
    )
    dropout_veto: float = _setting("辍学率否决线", "0", _share, "班级辍学率超过它就一票否决")
    turnaround_veto: float | None = _setting("转化率否决线", "", _share, "班级转化率低于它就一票否决；空 = 不用")
    mails_per_minute: int = _setting(
        "每分钟封数", "10", _number(1, 600, whole=True, unit="封"), "发信的快慢，太快会被邮箱拒收"
    )
    mail_way: str = _setting(
        "发信方式",
        MAIL_FILES,
        _choice(MAIL_FILES, MAIL_SMTP, MAIL_OUTLOOK),
        "文件 = 存成邮件文件，用邮件软件打开再寄；SMTP = 程序直接寄；Outlook = 放进经典 Outlook 的草稿",
        choices=(MAIL_FILES, MAIL_SMTP, MAIL_OUTLOOK),
    )
    mail_address: str | None = _setting(
        "发件邮箱", "", _address, "从哪个邮箱寄，SMTP 必填；授权码不写在这里，用 xlbangfu mail-login 存"
    )
    mail_name: str | None = _setting("发件人", "", _text, "收件人看到的发件人名字；空 = 学校名称")
    mail_server: str | None = _setting(
        "发件服务器", "", _server, "QQ、163、126 邮箱空着；腾讯企业邮箱填 exmail.qq.com；别的如 mail.school.cn:465"
    )
    mail_subject: str = _setting(
        "邮件主题",
        "{班级}班级工作页（{学期}），请于 {期限} 前填好发回",
        _mail_text,
        "能用 {班级} {学期} {教师} {学校} {期限} {人数}；不写学生姓名",
    )
    mail_body: str = _setting(
        "邮件正文",
        "{教师}老师：附件是{班级}的班级工作页（{学期}），里面有 {人数} 名学生。"
        "请在 {期限} 前填好“填报记录”和“填报评价”，存好后把文件发回。辛苦了！{学校}",
        _mail_text,
        "字段同上；可以换行（Alt+Enter），不写学生姓名",
    )
    remind_subject: str = _setting(
        "催交主题",
        "{班级} 班级工作页还没有收到，原定 {期限} 前交",
        _mail_text,
        "催交邮件的主题；字段同上，不写学生姓名",
    )
    remind_body: str = _setting(
        "催交正文",
        "{教师}老师：{班级}{学期}的班级工作页原定 {期限} 前交，现在还没有收到。"
        "请填好“填报记录”和“填报评价”，存好后把文件发回；已经发了的请告诉我们。辛苦了！{学校}",
        _mail_text,
        "催交邮件的正文；字段同上，不写学生姓名",
    )
    return_days: int = _setting("收回期限", "7", _number(1, 60, whole=True, unit="天"), "班级页寄出几天内要交回")
    backups: int = _setting("备份份数", "20", _number(1, 500, whole=True, unit="份"), "备份文件夹里最多留几份")
    backup_days: int = _setting("备份天数", "180", _number(1, 3650, whole=True, unit="天"), "备份超过几天就删除")
    keep_years: int = _setting(
        "保存年限", "3", _number(1, 30, whole=True, unit="年"), "个人资料保存几年，过期的列出来待删"
    )
    slip_students: str = _setting(
        "家长信对象",
        TRACKED_ONLY,
        _choice(*SLIP_STUDENTS),
        "给哪些学生做家长信；给全体都做，就看不出谁受关注",
        choices=SLIP_STUDENTS,
    )
    slips_a_page: str = _setting(
        "家长信每页", "2", _choice(*SLIPS_A_PAGE), "一张 A4 纸上印几份，2 或 4", choices=SLIPS_A_PAGE
    )
    slip_risen: str = _setting(
        "家长信鼓励·进步",
        "{姓名}这段时间的努力我们都看到了，进步来自每一天的认真。请把这份肯定也告诉孩子，继续保持！",
        _for_parents(80),
        "有进步时写的话，最多 80 字；{姓名} 会换成学生的名字",
    )
    slip_steady: str = _setting(
        "家长信鼓励·稳定",
        "{姓名}一直在踏实地学习。相信再多一点坚持、多一点提问，下一步会走得更稳、更好。",
        _for_parents(80),
        "没有明显变化、还不能比较时写的话，最多 80 字",
    )
    slip_fallen: str = _setting(
        "家长信鼓励·起伏",
        "学习有起伏是正常的，{姓名}有自己的长处。让我们一起多些耐心和鼓励，帮孩子找回信心。",
        _for_parents(80),
        "有些起伏时写的话，最多 80 字",
    )
    advice_study: str = _setting(
        "家庭建议·学习",
        "每天留出固定的安静时间写作业；睡前请孩子讲一讲今天学会的一件事；有不懂的题先记下来，第二天问老师；多肯定努力，少和别人比较。",
        _for_parents(110),
        "家里能做什么，困难类型是“学习”的学生，最多 110 字",
    )
    advice_conduct: str = _setting(
        "家庭建议·行为规范",
        "和孩子一起定几条简单的约定，如按时起床、按时回家、少看手机，做到了就及时表扬；有事先听孩子说完，再商量怎么办；常与老师联系。",
        _for_parents(110),
        "困难类型是“行为规范”的学生，最多 110 字",
    )
    advice_both: str = _setting(
        "家庭建议·双重",
        "每天陪孩子半小时，先聊聊学校里的事，再一起看看作业；约定好作息和手机时间，一次只改一个习惯，做到了就表扬；有困难随时告诉老师。",
        _for_parents(110),
        "困难类型是“双重”的学生，最多 110 字",
    )
    advice_other: str = _setting(
        "家庭建议·一般",
        "保证睡眠和早餐，每天留一点时间听孩子说说学校里的事；鼓励孩子多读书、多运动、自己整理书包；发现孩子有心事，请及时告诉老师。",
        _for_parents(110),
        "其他学生，最多 110 字",
    )
    register_entries: int = _setting(
        "档案册记录条数",
        "6",
        _number(1, 200, whole=True, unit="条"),
        "档案册里每名学生列出最近几条帮扶记录，其余只计次数",
    )

    bad: tuple[tuple[int | None, str, str], ...] = ()  # Excel row, 项目, why the default serves instead

    @classmethod
    def of(cls, sheet: pl.DataFrame, *, today: date | None = None) -> Settings:
        """Settings from the frame of 设置; unknown and doubled items are in ``bad`` too.

        With ``today``, an empty school year or term is the one of that day.
        """
        known = {item.metadata["name"]: item for item in declared()}
        usual = _year_and_term(today) if today else {}
        rows = sheet.get_column(ROW).to_list() if ROW in sheet.columns else [None] * sheet.height
        values: dict[str, Any] = {}
        bad: list[tuple[int | None, str, str]] = []
        for row, name, text in zip(rows, sheet["项目"].to_list(), sheet["值"].to_list(), strict=True):
            item = known.get(name or "")
            if item is None:
                bad.append((row, name or "", "没有这个设置项，请检查名字"))
            elif item.name in values:
                bad.append((row, name, "这一项写了两次，只用第一次的"))
            else:
                default = usual.get(item.metadata["name"], item.metadata["default"])
                try:
                    values[item.name] = item.metadata["parse"]((text or "").strip() or default)
                except BadValue as problem:
                    values[item.name] = item.metadata["parse"](default)
                    bad.append((row, name, f"“{text}”不能用：{problem}；现在按默认值 {default or '空'} 计算"))
        for name in usual.keys() - {item.metadata["name"] for item in declared() if item.name in values}:
            values[known[name].name] = known[name].metadata["parse"](usual[name])
        return cls(**values, bad=tuple(bad))

    @property
    def shown_ranks(self) -> str:
        """What a class page may show: 等级与进退, 名次 or 不显示."""
        return self.page_ranks or ("等级与进退" if self.stage == "义务教育" else "名次")


def declared() -> list[Any]:
    """The settings in the order of the sheet, as dataclass fields with ``metadata``: name, default, parse, help,
    choices."""
    return [item for item in fields(Settings) if "name" in item.metadata]


def sheet_rows(today: date | None = None) -> list[tuple[str, str, str]]:
    """The rows of a new 设置 sheet: 项目, 值 (the default; school year and term are those of ``today``), 说明."""
    usual = _year_and_term(today) if today else {}
    return [(name, usual.get(name, default), _explained(help, default)) for name, default, help in _texts()]


def _texts() -> list[tuple[str, str, str]]:
    return [(item.metadata["name"], item.metadata["default"], item.metadata["help"]) for item in declared()]


def _explained(help: str, default: str) -> str:
    return f"{help}（默认 {default}）" if default else help


def _year_and_term(today: date) -> dict[str, str]:
    """The usual school year and term of a day: September to January is 上, February to August 下."""
    first = today.year if today.month >= 8 else today.year - 1
    autumn = today.month >= 8 or today.month == 1
    year = f"{first}-{first + 1}"
    return {
        "学年": year,
        "学期": year + ("上" if autumn else "下"),
        "学年开始": f"{first}-09-01",
        "学年结束": f"{first + 1}-07-15",
        "学期开始": f"{first}-09-01" if autumn else f"{first + 1}-02-20",
        "学期结束": f"{first + 1}-01-31" if autumn else f"{first + 1}-07-15",
    }
