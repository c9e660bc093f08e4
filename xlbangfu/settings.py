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

from xlbangfu.schema import ROW


class BadValue(ValueError):
    """Why a value of 设置 cannot be used, in Chinese."""


Parser = Callable[[str], Any]
STAGES = ("义务教育", "高中")
MAIL_FILES, MAIL_SMTP, MAIL_OUTLOOK = "文件", "SMTP", "Outlook"
MAIL_FIELDS = ("班级", "学期", "教师", "学校", "期限", "人数")
SHOWN_RANKS = ("等级与进退", "名次", "不显示")


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
    borderline: float = _setting("边缘区间", "5", _number(0, 30), "总得分率离及格线几个百分点以内算边缘")
    teacher_limit: int = _setting(
        "每师上限", "3", _number(0, 50, whole=True, unit="人"), "一名教师最多结对几名学生；教师表可单独定"
    )
    helper_share: float = _setting("帮手名次", "20%", _share, "学习帮手要在班里该科前百分之几")
    tutoring: str = _setting("辅导时间", "周五 13:00-15:00", _text, "每周集中辅导的时间")
    talk_days: int = _setting("考后谈心天数", "7", _number(1, 60, whole=True, unit="天"), "每次考试后几天内要谈心")
    priorities: tuple[str, ...] = _setting(
        "优先项", "安全、学习、生活、活动", _words, "四优先；也可以是 提高、答疑、检查、表扬"
    )
    stars: tuple[str, ...] = _setting(
        "十星",
        "学习之星、进步之星、守纪之星、文明之星、劳动之星、体育之星、艺术之星、友善之星、诚信之星、勤奋之星",
        _words,
        "期中班级十星的名字，最多十个",
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
    return_days: int = _setting("收回期限", "7", _number(1, 60, whole=True, unit="天"), "班级页寄出几天内要交回")
    backups: int = _setting("备份份数", "20", _number(1, 500, whole=True, unit="份"), "备份文件夹里最多留几份")
    backup_days: int = _setting("备份天数", "180", _number(1, 3650, whole=True, unit="天"), "备份超过几天就删除")
    keep_years: int = _setting(
        "保存年限", "3", _number(1, 30, whole=True, unit="年"), "个人资料保存几年，过期的列出来待删"
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
