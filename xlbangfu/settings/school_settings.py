"""The 设置 sheet as one frozen object, and the one place where every setting and its default is declared.

A bad value is a problem row (``Settings.bad``); the default serves until it is mended.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.schema import NO, ROW, YES
from xlbangfu.settings import parsers as forms
from xlbangfu.settings import times

HEADING, _END = "【", "】"  # what the heading of a group begins and ends with
# The headings, by the first setting below each.
HEADINGS = {
    "学校名称": "学校和学期",
    "学段": "学段和名次",
    "等级线": "等级和奖项",
    "排查考试数": "排查",
    "每师上限": "结对",
    "辅导时间": "日程和该做几次",
    "阶段时长": "计划",
    "疑似旷课天数": "控辍保学",
    "进展线": "进展和转化",
    "十星": "评优",
    "考核权重": "考核",
    "家长信对象": "家长信",
    "档案册记录条数": "档案册",
    "发信方式": "邮件",
    "收回期限": "收回、备份和保存",
}
_PLAN_HELP = "“制定计划”这样写，可以改；花括号里的换成各人的"
_CAUSE_HELP = "名册“成因”里有这个词的，“实施帮扶”的措施加这一句；可以改，花括号里的换成各人的"
_PRIVATE_CAUSE_HELP = f"{_CAUSE_HELP}。写在〔内部：〕里，只在总表和档案册里看得到"


class Setting(Struct, frozen=True, kw_only=True):
    """One setting as the sheet has it: ``name`` is its 项目, ``default`` what its 值 is at first; ``parse`` reads that. ``key`` is
    its attribute of ``Settings``."""

    name: str
    default: str
    parse: forms.Parser
    help: str
    choices: tuple[str, ...]
    key: str = ""


_IN_ORDER: list[Setting] = []  # each as it is declared below


def _setting(name: str, default: str, parse: forms.Parser, help: str, *, choices: tuple[str, ...] = ()) -> Any:
    reads = parse if default else forms.optional(parse)
    _IN_ORDER.append(Setting(name=name, default=default, parse=reads, help=help, choices=choices))
    return field(default=parse(default) if default else None)


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting with its default; ``name`` in the metadata is the 项目 on the sheet."""

    school: str = _setting("学校名称", "示范学校", forms.any_text, "写在控制台、班级页、邮件和文档上")
    school_code: str | None = _setting(
        "学校代码",
        "",
        forms.school_code,
        "上报用：教育局认学校的代码，一般是 10 位的学校（机构）标识码；空 = 还不能上报",
    )
    operator: str | None = _setting(
        "操作人", "", forms.any_text, "谁在用这个总表，写进运行记录和荣誉的确认人；空 = 第一次要写时问您一次"
    )
    school_year: str = _setting("学年", "2025-2026", forms.any_text, "如 2025-2026")
    term: str = _setting("学期", "2025-2026下", forms.any_text, "与考试表的学期写法一致")
    year_start: date = _setting("学年开始", "2025-09-01", forms.day, "记录、计划、活动、评价要在学年之内")
    year_end: date = _setting("学年结束", "2026-07-15", forms.day, "同上")
    term_start: date = _setting("学期开始", "2026-02-23", forms.day, "本学期第一天；辍学率从这一天的在籍人数算")
    term_end: date = _setting("学期结束", "2026-07-10", forms.day, "本学期最后一天")
    as_of: date | None = _setting("计算日期", "", forms.day, "程序按哪一天计算；空 = 今天（看往年的数据时才填）")
    stage: str = _setting(
        "学段", "义务教育", forms.choice(*forms.STAGES), "义务教育阶段名次不得公布", choices=forms.STAGES
    )
    school_system: str = _setting(
        "学制",
        forms.SYSTEMS[0],
        forms.choice(*forms.SYSTEMS),
        "六三 = 七年级是初一；五四 = 六年级是初一；五四预初 = 六年级是预初、七年级是初一（上海）",
        choices=forms.SYSTEMS,
    )
    choice_ranks: str = _setting(
        "选考排名",
        forms.BY_FIRST_CHOICE,
        forms.choice(*forms.CHOICE_RANKS),
        "有选考科目的年级：按首选 = 选物理的和选历史的分开排名；全年级 = 一起排",
        choices=forms.CHOICE_RANKS,
    )
    master_ranks: str = _setting(
        "总表名次",
        forms.BY_PLACE,
        forms.choice(*forms.MASTER_RANKS),
        "等级 = 总表各表只写等级和自己的变化，不写名次、百分位，进步奖按得分率升多少评；班级页也不写名次",
        choices=forms.MASTER_RANKS,
    )
    page_ranks: str | None = _setting(
        "班级页名次显示",
        "",
        forms.choice(*forms.SHOWN_RANKS),
        "等级与进退、名次、不显示；空 = 义务教育用“等级与进退”，高中用“名次”；选“名次”会记入运行记录",
        choices=forms.SHOWN_RANKS,
    )
    public_name: str = _setting("对外称谓", "重点关爱", forms.public_name, "发出去的文件、主题和正文用这个词，不写学困")
    level_lines: tuple[float, ...] = _setting(
        "等级线", "85/70/60/40", forms.lines, "总分得分率达到多少算 A/B/C/D，其余 E"
    )
    prize_shares: tuple[float, ...] = _setting(
        "奖项比例", "20:30:50", forms.hundred(like="20:30:50", what="三个数"), "一、二、三等奖占有进步学生的百分比"
    )
    quality_exam: str | None = _setting(
        "质量分析考试", "", forms.any_text, "“质量分析”看哪次考试：写考试编号；空 = 每个年级最近的一次"
    )
    screening_exams: int = _setting(
        "排查考试数", "2", forms.number(1, 6, whole=True), "连续几次期中/期末/月考都达到条件才建议列入"
    )
    screening_share: float = _setting(
        "排查百分位", "8%", forms.share, "最近几次考试都在年级后百分之几（正好等于的不算）"
    )
    screening_failing: int = _setting(
        "排查不及格科数", "3", forms.number(1, 12, whole=True, unit="科"), "或不及格科目达到几科"
    )
    key_share: float = _setting(
        "重点百分位", "4%", forms.share, "每次考试都在年级后百分之几（正好等于的不算），建议列为重点"
    )
    weak_subject: float = _setting(
        "薄弱学科线",
        "-1",
        forms.number(-4, 0),
        "最近一次考试某科的标准分不高于它，算困难学科；-1 = 比年级平均低一个标准差",
    )
    conduct_months: int = _setting(
        "排查评价月数", "2", forms.number(1, 6, whole=True, unit="个月"), "最近几个月的行为评价都不好才建议列入"
    )
    conduct_line: float = _setting("行为规范线", "2", forms.number(1, 5), "纪律和品德的月平均不高于它，算行为规范困难")
    borderline: float = _setting("边缘区间", "5", forms.number(0, 30), "总分得分率离及格线几个百分点以内算边缘")
    teacher_limit: int = _setting(
        "每师上限", "3", forms.number(0, 50, whole=True, unit="人"), "一名教师最多结对几名学生；教师表可单独定"
    )
    pairing_prices: tuple[int, ...] = _setting(
        "结对代价",
        "0/1/2/4/6/0",
        forms.prices,
        "一对一先找哪位教师：各写一个数，小的先找，依次是 本班困难学科的教师/本班班主任/本年级困难学科的教师/本年级其他教师/别的教师/"
        "行政或校长（只给重点学生）",
    )
    proxy_limit: int = _setting(
        "代管上限", "3", forms.number(0, 50, whole=True, unit="人"), "一名教师最多给几名留守学生当代管家长"
    )
    helper_share: float = _setting("帮手名次", "20%", forms.share, "学习帮手要在班里该科前百分之几")
    tutoring: tuple[times.Hours, ...] = _setting(
        "辅导时间", "周五 13:00-15:00", forms.explained_by_error(times.hours), "每周集中辅导的时间；几个时间用、隔开"
    )
    talk_days: int = _setting("考后谈心天数", "7", forms.number(1, 60, whole=True, unit="天"), "每次考试后几天内要谈心")
    tutoring_pace: times.Paces = _setting(
        "辅导次数",
        "每周1",
        forms.explained_by_error(times.paces),
        "应做几次：每周、每两周、每月或每学期几次，斜线后面是重点学生的；放假的日子不算，一个上课日最多算一次",
    )
    talk_pace: times.Paces = _setting("谈心次数", "每周1/2", forms.explained_by_error(times.paces), "写法同“辅导次数”")
    marking_pace: times.Paces = _setting(
        "作业面批次数", "每周1", forms.explained_by_error(times.paces), "写法同“辅导次数”"
    )
    family_pace: times.Paces = _setting(
        "家长沟通次数", "每两周1/每周1", forms.explained_by_error(times.paces), "写法同“辅导次数”"
    )
    visit_pace: times.Paces = _setting(
        "家访次数",
        "每学期1/2",
        forms.explained_by_error(times.paces),
        "写法同“辅导次数”，由班主任做；按学期算的在学期结束前 10 个上课日到期，给期末考试留出时间",
    )
    counselling_pace: times.Paces = _setting(
        "心理咨询次数",
        "每月0/1",
        forms.explained_by_error(times.paces),
        "写法同“辅导次数”，由心理教师做，没有心理教师的由班主任做",
    )
    priorities: tuple[str, ...] = _setting(
        "优先项", "安全、学习、生活、活动", forms.words, "四优先；也可以是 提高、答疑、检查、表扬"
    )
    phase_lengths: tuple[times.Length, ...] = _setting(
        "阶段时长",
        "1周、2周、1月、1月",
        forms.explained_by_error(times.lengths),
        "摸底调查、制定方案、实施帮扶、评估调整各多久；后两个轮流到期末",
    )
    study_goal: str = _setting(
        "学习目标",
        "{学科}补上基础，期末前达到及格",
        forms.plan_text,
        "困难类型是学习的目标；可以写 {姓名}、{班级}、{学科}、{教师}，会换成各人的",
    )
    conduct_goal: str = _setting(
        "行为目标",
        "养成按时到校、守纪律、按时交作业的习惯",
        forms.plan_text,
        "困难类型是行为规范的目标；双重的，学习和行为的都写上",
    )
    study_survey: str = _setting(
        "学习措施·摸底调查",
        "看{学科}近两次试卷和作业，找任课教师、家长了解{姓名}难在哪里",
        forms.plan_text,
        _PLAN_HELP,
    )
    study_scheme: str = _setting(
        "学习措施·制定方案", "列出{学科}最先要补的三个知识点，和{姓名}商定每周的任务", forms.plan_text, _PLAN_HELP
    )
    study_carrying: str = _setting(
        "学习措施·实施帮扶", "{教师}每周辅导{学科}一次，作业当面批改，每周谈心一次", forms.plan_text, _PLAN_HELP
    )
    study_review: str = _setting(
        "学习措施·评估调整", "对照作业和考试看{学科}的效果，留下有用的办法，换掉没用的", forms.plan_text, _PLAN_HELP
    )
    conduct_survey: str = _setting(
        "行为措施·摸底调查", "和{姓名}、家长、任课教师各谈一次，弄清什么时候、为什么会犯", forms.plan_text, _PLAN_HELP
    )
    conduct_scheme: str = _setting(
        "行为措施·制定方案", "和{姓名}约定两三条看得见的规矩，写下做到了怎么表扬", forms.plan_text, _PLAN_HELP
    )
    conduct_carrying: str = _setting(
        "行为措施·实施帮扶",
        "{教师}每天看一眼、每周谈心一次，做到了当众表扬，家校一起督促",
        forms.plan_text,
        _PLAN_HELP,
    )
    conduct_review: str = _setting(
        "行为措施·评估调整", "看这个月的行为评价有没有进步，和{姓名}一起改约定", forms.plan_text, _PLAN_HELP
    )
    basis_measure: str = _setting(
        "成因措施·基础", "从{学科}课本的例题补起，每次只补一个知识点，会了再往下", forms.plan_text, _CAUSE_HELP
    )
    habit_measure: str = _setting(
        "成因措施·习惯", "和{姓名}定一个每天都做的小习惯，做到一天打一个勾", forms.plan_text, _CAUSE_HELP
    )
    method_measure: str = _setting(
        "成因措施·方法", "教{姓名}先读题、再画重点、做完自己查一遍，错题写清错在哪一步", forms.plan_text, _CAUSE_HELP
    )
    drive_measure: str = _setting(
        "成因措施·动力", "每周和{姓名}定一个够得着的小目标，做到了当面肯定", forms.plan_text, _CAUSE_HELP
    )
    family_measure: str = _setting(
        "成因措施·家庭", "家访一次，和家里商量谁每天问一次学习、在哪里写作业", forms.plan_text, _PRIVATE_CAUSE_HELP
    )
    mood_measure: str = _setting(
        "成因措施·情绪", "请心理教师谈一次，先听后说，谈话内容不外传", forms.plan_text, _PRIVATE_CAUSE_HELP
    )
    health_measure: str = _setting(
        "成因措施·身体", "座位和作业量照顾身体情况，缺的课补上，和家里保持联系", forms.plan_text, _PRIVATE_CAUSE_HELP
    )
    peer_measure: str = _setting(
        "成因措施·同伴", "请一名愿意帮忙的同学和{姓名}结伴，小组活动时安排在一起", forms.plan_text, _CAUSE_HELP
    )
    truant_days: int = _setting(
        "疑似旷课天数",
        "3",
        forms.number(1, 30, whole=True, unit="天"),
        "连续几个上学日整天旷课算疑似辍学；开学第一天没有返校的当天就算",
    )
    recall_days: int = _setting(
        "劝返间隔天数", "7", forms.number(1, 60, whole=True, unit="天"), "还没有返校的学生，隔几天没有劝返就提醒"
    )
    progress_lines: tuple[float, ...] = _setting(
        "进展线",
        "10/3/-3",
        forms.falling(like="10/3/-3", low=-100, high=100),
        "百分位比基线考试升几个百分点算 显著进步/进步；高于第三个数算稳定，其余退步",
    )
    conduct_step: float = _setting(
        "行为升降线", "0.5", forms.number(0.1, 4, unit="分"), "行为评价比上个月升（降）多少分，进展就升（降）一档"
    )
    turnaround_conduct: float = _setting(
        "转化行为分", "4", forms.number(1, 5, unit="分"), "行为规范类学生：连续两个月纪律和品德平均达到几分才建议转化"
    )
    stars: tuple[str, ...] = _setting(
        "十星",
        "学习之星、进步之星、守纪之星、文明之星、劳动之星、体育之星、艺术之星、友善之星、诚信之星、勤奋之星",
        forms.words,
        "期中班级十星的名字，最多十个",
    )
    star_measures: tuple[tuple[str, str], ...] = _setting(
        "十星依据",
        "学习之星=学习态度、进步之星=进展、守纪之星=纪律、文明之星=品德、劳动之星=活动:劳动/值日/社会实践、"
        "体育之星=活动:体育/运动/球/跑/操、艺术之星=活动:艺术/合唱/手工/画/舞/音乐/乐器、友善之星=品德+参与、"
        "诚信之星=纪律+品德、勤奋之星=作业",
        forms.measures,
        "每颗星看什么：评价的某一项（可相加）、进展，或“活动:”加几个词（活动名称或类型、档案特长里有这个词）；"
        "没有写到的星由班主任推荐",
    )
    star_limit: int = _setting("十星人数", "10", forms.number(1, 10, whole=True, unit="人"), "每班最多评几颗星")
    star_candidates: int = _setting(
        "十星候选",
        "2",
        forms.number(1, 10, whole=True, unit="人"),
        "每颗星列几名候选人；第 1 名尽量各星不重复，一颗星没有别的候选人时会重复",
    )
    star_score: float = _setting("十星起评分", "4", forms.number(1, 5, unit="分"), "行为评价平均达到几分才作候选")
    honours_season: str = _setting(
        "评优时段",
        "自动",
        forms.choice(*forms.SEASONS),
        "期中评十星，期末评学业进步生、品德优秀生和奖学金；自动 = 本学期考过期末就算期末",
        choices=forms.SEASONS,
    )
    best_progress: int = _setting(
        "学业进步生人数", "3", forms.number(0, 50, whole=True, unit="人"), "期末每班几名，并列的都列出"
    )
    best_conduct: int = _setting(
        "品德优秀生人数", "3", forms.number(0, 50, whole=True, unit="人"), "期末每班几名，并列的都列出"
    )
    scholarship: str = _setting(
        "奖学金名称",
        "励志奖学金",
        forms.public_name,
        "优秀学困生奖学金对外的名字；可以写 {对外称谓}，如 优秀{对外称谓}学生奖学金",
    )
    scholarships: int = _setting(
        "奖学金人数", "3", forms.number(0, 50, whole=True, unit="人"), "期末每个年级几名，并列的都列出"
    )
    appraisal_weights: tuple[float, ...] = _setting(
        "考核权重",
        "30:30:30:10",
        forms.hundred(like="30:30:30:10", what="四个不小于 0 的数"),
        "教师考核：记录完整、落实、学生进展、满意度各占多少，加起来等于 100",
    )
    progress_worth: tuple[float, ...] = _setting(
        "进展得分",
        "1/0.8/0.5/0",
        forms.falling(like="1/0.8/0.5/0", low=0, high=1),
        "教师考核：显著进步、进步、稳定、退步的学生各得几成",
    )
    appraisal_fewest: int = _setting(
        "考核最少记录",
        "5",
        forms.number(0, 200, whole=True, unit="条"),
        "本学期记录不到这个数的教师，分数照算，排在记录够数的教师后面；0 = 不管",
    )
    dropout_veto: float = _setting("辍学率否决线", "0", forms.share, "班级辍学率超过它就一票否决")
    turnaround_veto: float | None = _setting("转化率否决线", "", forms.share, "班级转化率低于它就一票否决；空 = 不用")
    slip_students: str = _setting(
        "家长信对象",
        forms.TRACKED_ONLY,
        forms.choice(*forms.SLIP_STUDENTS),
        "给哪些学生做家长信；给全体都做，就看不出谁受关注",
        choices=forms.SLIP_STUDENTS,
    )
    slips_a_page: str = _setting(
        "家长信每页",
        "2",
        forms.choice(*forms.SLIPS_A_PAGE),
        "一张 A4 纸上印几份：1 = 一家一张；2 = 横着放两份 A5。回执都在离下边 60 毫米处，一摞可以一刀裁开",
        choices=forms.SLIPS_A_PAGE,
    )
    slip_phone: str | None = _setting(
        "家长信电话", "", forms.for_parents(20), "家长打哪个电话找老师；空 = 信上留一条线，用笔写"
    )
    slip_hours: str | None = _setting(
        "家长信接待时间",
        "",
        forms.for_parents(24),
        "什么时候可以来电、来校，如 周一至周五 16:30—17:30；空 = 留一条线，用笔写",
    )
    slip_days: int = _setting("回执期限", "7", forms.number(1, 60, whole=True, unit="天"), "家长信的回执请在几天内交回")
    slip_risen: tuple[str, ...] = _setting(
        "家长信鼓励·进步",
        "{姓名}这段时间的努力我们都看到了，进步来自每一天的认真。请把这份肯定也告诉孩子，继续保持！"
        "｜这次的进步是{姓名}一点一点做出来的。请当面夸一夸孩子具体做对的那件事，比奖励更管用。"
        "｜看到{姓名}的进步，我们很高兴。接下来不求快，把现在的好习惯守住就好。"
        "｜这一步走得不容易，{姓名}做到了。请问问孩子是怎么做到的，听一听，就是最好的鼓励。"
        "｜我们看到了{姓名}的变化，也想请您看到。一句“我看见了”，孩子会记很久。",
        forms.ways(forms.for_parents(80)),
        "有进步时写的话，每种最多 80 字；几种说法用｜隔开（或各写一行），信轮着用；{姓名} 会换成学生的名字",
    )
    slip_steady: tuple[str, ...] = _setting(
        "家长信鼓励·稳定",
        "{姓名}一直在踏实地学习。相信再多一点坚持、多一点提问，下一步会走得更稳、更好。"
        "｜{姓名}这段时间比较平稳。接下来先把最容易丢分的地方补起来，一次补一处，不着急。"
        "｜稳住就是本事。请和{姓名}一起定一个下个月做得到的小目标，写下来，贴在书桌前。"
        "｜{姓名}每天的功夫不会白花，只是还没有到看得见的时候。请先肯定做了什么，再说分数。"
        "｜这段时间{姓名}没有掉队，这就值得肯定。哪里还没弄懂，鼓励孩子当天就来问，不留到明天。",
        forms.ways(forms.for_parents(80)),
        "没有明显变化、还不能比较时写的话，写法同上",
    )
    slip_fallen: tuple[str, ...] = _setting(
        "家长信鼓励·起伏",
        "学习有起伏是正常的，{姓名}有自己的长处。让我们一起多些耐心和鼓励，帮孩子找回信心。"
        "｜这一次没有考出平时的样子，先不急着批评。请问问{姓名}哪里觉得难，告诉我们，一起想办法。"
        "｜一次考试说明不了什么。{姓名}肯学，我们会陪着孩子把这一段补上，请您放心，也请多些耐心。"
        "｜退一步，是为了看清哪里要补。请先听{姓名}说说这次的难处，再一起想一个明天就能做的办法。"
        "｜{姓名}这次没有考好，心里也不好受。请先陪一陪，别和别人比；要补的地方，我们和孩子一处一处来。",
        forms.ways(forms.for_parents(80)),
        "有些起伏时写的话，写法同上",
    )
    slip_next: tuple[tuple[str, str], ...] = _setting(
        "家长信接下来",
        "学习=接下来，我们先陪{姓名}把{学科}一处一处补起来；行为规范=接下来，我们先陪{姓名}守住一个约定，做到了再加下一个；"
        "双重=接下来，我们先陪{姓名}守住一个约定，再把{学科}一处一处补起来",
        forms.by_name(
            forms.for_parents(40, fields=("{姓名}", "{学科}")),
            "学习=我们先陪{姓名}补{学科}；行为规范=我们先陪{姓名}守住一个约定",
        ),
        "鼓励后面的一句，写成 困难类型=接下来做什么，用；隔开，信上不写困难类型；{学科} 会换成该生的困难学科（没有就写“薄弱的地方”）；"
        "没有写到的类型不加这一句",
    )
    advice_study: tuple[str, ...] = _setting(
        "家庭建议·学习",
        "每天留出固定的安静时间写作业；睡前请孩子讲一讲今天学会的一件事；有不懂的题先记下来，第二天问老师；多肯定努力，少和别人比较。",
        forms.pieces(forms.for_parents(110)),
        "家里能做什么，困难类型是“学习”的学生，最多 110 字；用；隔开的几条，每封信轮着取两条",
    )
    advice_conduct: tuple[str, ...] = _setting(
        "家庭建议·行为规范",
        "和孩子一起定几条简单的约定，如按时起床、按时回家、少看手机，做到了就及时表扬；有事先听孩子说完，再商量怎么办；常与老师联系。",
        forms.pieces(forms.for_parents(110)),
        "困难类型是“行为规范”的学生，最多 110 字",
    )
    advice_both: tuple[str, ...] = _setting(
        "家庭建议·双重",
        "每天陪孩子半小时，先聊聊学校里的事，再一起看看作业；约定好作息和手机时间，一次只改一个习惯，做到了就表扬；有困难随时告诉老师。",
        forms.pieces(forms.for_parents(110)),
        "困难类型是“双重”的学生，最多 110 字",
    )
    advice_other: tuple[str, ...] = _setting(
        "家庭建议·一般",
        "保证睡眠和早餐，每天留一点时间听孩子说说学校里的事；鼓励孩子多读书、多运动、自己整理书包；发现孩子有心事，请及时告诉老师。",
        forms.pieces(forms.for_parents(110)),
        "其他学生，最多 110 字",
    )
    advice_subjects: tuple[tuple[str, str], ...] = _setting(
        "家庭建议·学科",
        "语文=每天一起读十分钟书，请孩子说说读到了什么；数学=每天订正两道错题，请孩子讲给您听；"
        "英语=每天跟着录音读十分钟，您在旁边听；物理=一起找一件家里的事，请孩子说说是什么道理；"
        "化学=请孩子讲一讲今天的实验看到了什么；生物=一起看一看身边的动植物，请孩子讲一讲；"
        "历史=请孩子把今天学的讲成一个故事；地理=看天气、看地图时请孩子指一指、说一说；"
        "道德与法治=晚饭时一起聊一条新闻，先听孩子怎么看",
        forms.by_name(forms.for_parents(40), "数学=每天订正两道错题；英语=每天听读十分钟"),
        "家里能为某一科做什么，写成 科目=做什么，用；隔开；信上只写该生第一门困难学科的，没有写到的科目不写",
    )
    register_entries: int = _setting(
        "档案册记录条数",
        "6",
        forms.number(1, 200, whole=True, unit="条"),
        "档案册里每名学生最多列出最近几条帮扶记录，其余只计次数；一人一页，放不下时少列",
    )
    mail_way: str = _setting(
        "发信方式",
        forms.MAIL_FILES,
        forms.choice(forms.MAIL_FILES, forms.MAIL_SMTP, forms.MAIL_OUTLOOK),
        "文件 = 存成邮件文件，用邮件软件打开再寄；SMTP = 程序直接寄；Outlook = 放进经典 Outlook 的草稿",
        choices=(forms.MAIL_FILES, forms.MAIL_SMTP, forms.MAIL_OUTLOOK),
    )
    mail_address: str | None = _setting(
        "发件邮箱", "", forms.address, "从哪个邮箱寄，SMTP 必填；授权码不写在这里，用 xlbangfu mail-login 存"
    )
    mail_name: str | None = _setting("发件人", "", forms.any_text, "收件人看到的发件人名字；空 = 学校名称")
    mail_server: str | None = _setting(
        "发件服务器",
        "",
        forms.server,
        "QQ、163、126 邮箱空着；腾讯企业邮箱填 exmail.qq.com；别的如 mail.school.cn:465",
    )
    mail_subject: str = _setting(
        "邮件主题",
        "{班级} 班级页（{学期}），请于 {期限} 前填好发回",
        forms.mail_text,
        "能用 {班级} {学期} {教师} {学校} {期限} {人数}；不写学生姓名",
    )
    mail_body: str = _setting(
        "邮件正文",
        "{教师}老师：附件是{班级}的班级页（{学期}），里面有 {人数} 名学生。"
        "请在 {期限} 前填好“填报记录”和“填报评价”，存好后把文件发回。辛苦了！{学校}",
        forms.mail_text,
        "花括号里能写的同上；可以换行（Alt+Enter），不写学生姓名",
    )
    remind_subject: str = _setting(
        "催交主题",
        "{班级} 班级页还没有收到，原定 {期限} 前交",
        forms.mail_text,
        "催交邮件的主题；花括号里能写的同上，不写学生姓名",
    )
    remind_body: str = _setting(
        "催交正文",
        "{教师}老师：{班级}{学期}的班级页原定 {期限} 前交，现在还没有收到。"
        "请填好“填报记录”和“填报评价”，存好后把文件发回；已经发了的请告诉我们。辛苦了！{学校}",
        forms.mail_text,
        "催交邮件的正文；花括号里能写的同上，不写学生姓名",
    )
    mails_per_minute: int = _setting(
        "每分钟封数", "10", forms.number(1, 600, whole=True, unit="封"), "发信的快慢，太快会被邮箱拒收"
    )
    teacher_mails: str | None = _setting(
        "寄帮扶页",
        "",
        forms.choice(YES, NO),
        "“预览邮件”也准备各位教师的帮扶页；空 = 点过“帮扶页”之后才准备；班主任的两样合成一封",
        choices=(YES, NO),
    )
    return_days: int = _setting(
        "收回期限", "7", forms.number(1, 60, whole=True, unit="天"), "班级页、帮扶页寄出几天内要交回"
    )
    backups: int = _setting("备份份数", "20", forms.number(1, 500, whole=True, unit="份"), "备份文件夹里最多留几份")
    backup_days: int = _setting("备份天数", "180", forms.number(1, 3650, whole=True, unit="天"), "备份超过几天就删除")
    saves_itself: str = _setting(
        "点完自动保存",
        NO,
        forms.choice(YES, NO),
        "在打开的总表里点完按钮，程序马上把总表存进文件；否 = 自己按 Ctrl+S",
        choices=(YES, NO),
    )
    keep_years: int = _setting(
        "保存年限", "3", forms.number(1, 30, whole=True, unit="年"), "个人资料保存几年，过期的列出来待删"
    )

    bad: tuple[tuple[int | None, str, str], ...] = ()  # Excel row, 项目, why the default serves instead

    @classmethod
    def of(cls, sheet: pl.DataFrame, *, today: date | None = None) -> Settings:
        """Settings from the frame of 设置; unknown and doubled items are in ``bad`` too.

        With ``today``, an empty school year or term is the one of that day.
        """
        known = {item.name: item for item in declared()}
        usual = _year_and_term(today) if today else {}
        rows = sheet.get_column(ROW).to_list() if ROW in sheet.columns else [None] * sheet.height
        values: dict[str, Any] = {}
        bad: list[tuple[int | None, str, str]] = []
        for row, name, text in zip(rows, sheet["项目"].to_list(), sheet["值"].to_list(), strict=True):
            if is_heading(name or ""):
                continue
            item = known.get(name or "")
            if item is None:
                bad.append((row, name or "", "没有这个设置项，请检查名字"))
            elif item.key in values:
                bad.append((row, name, "这一项写了两次，只用第一次的"))
            else:
                default = usual.get(item.name, item.default)
                try:
                    values[item.key] = item.parse((text or "").strip() or default)
                except forms.BadValue as problem:
                    values[item.key] = item.parse(default)
                    bad.append((row, name, f"“{text}”不能用：{problem}；现在按默认值 {default or '空'} 计算"))
        for name in usual.keys() - {item.name for item in declared() if item.key in values}:
            values[known[name].key] = known[name].parse(usual[name])
        return cls(**values, bad=tuple(bad))

    @property
    def shown_ranks(self) -> str:
        """What a class page may show: 等级与进退, 名次 or 不显示; no rank where the master has none."""
        by_level = not self.shows_places or self.stage == "义务教育"
        wanted = self.page_ranks or ("等级与进退" if by_level else "名次")
        return wanted if self.shows_places or wanted != "名次" else "等级与进退"

    @property
    def shows_places(self) -> bool:
        """Whether the sheets of the master show places among others, and not levels only (DOMAIN rule 16)."""
        return self.master_ranks == forms.BY_PLACE

    @property
    def cause_measures(self) -> dict[str, str]:
        """What is done against each 成因 of the list, in its order; 其他 has no text of its own."""
        return {
            "基础": self.basis_measure,
            "习惯": self.habit_measure,
            "方法": self.method_measure,
            "动力": self.drive_measure,
            "家庭": self.family_measure,
            "情绪": self.mood_measure,
            "身体": self.health_measure,
            "同伴": self.peer_measure,
        }


@cache
def declared() -> tuple[Setting, ...]:
    """The settings in the order of the sheet."""
    keys = Settings.__struct_fields__  # ``bad`` comes last and is none
    return tuple(replace(setting, key=key) for key, setting in zip(keys, _IN_ORDER, strict=False))


class SettingGroup(Struct, frozen=True):
    """Settings that stand together: the heading above them, and their rows: 项目, 值, 说明."""

    heading: str
    rows: tuple[tuple[str, str, str], ...]

    @property
    def heading_of_additions(self) -> str:
        """The heading of those that an older workbook gets below all others."""
        return f"{self.heading.removesuffix(_END)}·新增的{_END}"


def groups(today: date | None = None) -> list[SettingGroup]:
    """The groups of a new 设置 sheet in order, with the defaults; school year and term are those of ``today``."""
    usual = _year_and_term(today) if today else {}
    found: list[tuple[str, list[tuple[str, str, str]]]] = []
    for name, default, help in _texts():
        if name in HEADINGS:
            found.append((f"{HEADING}{HEADINGS[name]}{_END}", []))
        example = in_year(help, usual["学年"]) if today else help
        found[-1][1].append((name, usual.get(name, default), _explained(example, usual.get(name, default))))
    return [SettingGroup(heading, tuple(rows)) for heading, rows in found]


def sheet_rows(today: date | None = None) -> list[tuple[str, str, str]]:
    """The rows of a new 设置 sheet: those of each group with its heading above."""
    return [row for group in groups(today) for row in ((group.heading, "", ""), *group.rows)]


def is_heading(item: str) -> bool:
    """Whether a cell of 项目 is the heading of a group, which sets nothing.

    >>> is_heading("【邮件】"), is_heading("邮件主题")
    (True, False)
    """
    return item.startswith(HEADING)


def in_year(text: str, school_year: str) -> str:
    """A text with its examples in a school year; one that is written otherwise leaves them as they are.

    >>> in_year("如 2025-2026上、2025-09-01", "2027-2028")
    '如 2027-2028上、2027-09-01'
    """
    found = re.fullmatch(r"(20\d\d)-(20\d\d)", school_year)
    return text.replace("2025-2026", school_year).replace("2025", found[1]) if found else text


def _texts() -> list[tuple[str, str, str]]:
    return [(item.name, item.default, item.help) for item in declared()]


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
