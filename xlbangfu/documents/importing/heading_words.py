"""What a heading says: a person's column, or an exam, a subject and a qualifier.

Everything in a heading counts, its brackets too: 语文(班级排名) is no mark of 语文. Only a qualifier that is a word for
marks, or none, makes a column of marks (DOMAIN rule 13).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from msgspec import Struct

from xlbangfu.documents.importing import words
from xlbangfu.late_pattern import late_pattern


class Score(Enum):
    """What a qualifier makes of a column."""

    BARE = "没有限定词"
    MARK = "分数"
    RAW = "原始分"
    CONVERTED = "赋分、折算分"
    PART = "一部分的分"
    NOT = "名次、等级之类"
    UNKNOWN = "不认识"


class Heading(Struct, frozen=True, kw_only=True):
    """What the headings over a column say; empty where they say nothing.

    ``person`` is a word of ``words.PEOPLE``; ``residue`` what is left beside exam and subject; ``total`` says that the
    column is about all subjects (总分, 班级名次).
    """

    person: str = ""
    exam: str = ""
    subject: str = ""
    score: Score = Score.UNKNOWN
    residue: str = ""
    total: bool = False
    full: float | None = None


_MARKS = frozenset(
    [
        "分",
        "测试",
        "测试成绩",
        "检测",
        "检测成绩",
        "测验",
        "测验成绩",
        "分数",
        "得分",
        "成绩",
        "考分",
        "总",
        "总分",
        "总成绩",
        "考试",
        "考试成绩",
        "考试分数",
        "考试得分",
        "卷面",
        "卷面分",
        "卷面成绩",
        "实得分",
        "实际得分",
        "实考分",
        "考试分",
        "试卷分",
        "卷分",
        "合分",
        "统分",
        "实得",
        "最终分",
        "最终成绩",
        "最终得分",
        "最后得分",
        "学科成绩",
        "单科成绩",
        "单科分数",
        "科目成绩",
        "合计",
        "总得分",
        "全卷",
        "全卷得分",
        "全卷分",
        "本次",
        "本次成绩",
        "本次得分",
        "各科成绩",
        "各科分数",
        "各科得分",
        "各科",
        "各学科成绩",
        "学科",
        "科目",
        "主科",
        "副科",
        "单科",
        "考试科目",
        "语数英",
        "文科",
        "理科",
        "文化课",
        "文化科",
        "score",
    ]
)
_RAW = late_pattern(r"^(原始|原)(得?分数?|成绩)?$")
_INCLUDING = late_pattern(r"^(?:包?含|包括)")
_GROUPS = frozenset({"文综", "理综", "文科综合", "理科综合"})
_CONVERTED = late_pattern(r"赋分|赋值|等级分|折算|折合|转换|换算|加权|缩放|校正|加分后|总评|综合|学期评定|学期成绩")
_PART = late_pattern(
    r"听力|口语|人机|机考|解答|小分|^\d+题$|笔试|笔答|客观|主观|选择|填空|非选|作文|阅读|基础|默写|书写|平时|作业|课堂|过程|实验|操作|实践|附加|加试|"
    r"卷[一二ⅠⅡabAB12]|[一二ⅠⅡabAB12]卷|I{1,3}卷|卷I{1,3}|第\d+题|题\d+|[A-Da-d]卷|必做|选做|卷?[ⅠⅡ]|小题|大题|第[一二三四五六七八九十]+[大题]+"
)
_NOT = late_pattern(
    r"名次|排名|排序|位次|次序|名$|[班级校年区县市联全省]次|[班级校年区县市联]排|[班级校年区县市联]名|^次$|^名$|^序$|位置|进退|进步|退步|升降|升幅|"
    r"等级|等第|层次|标准分|标准差|[班级年校区]平|教师|老师|目标|预估|[Rr](?:ank|ANK)|[ztZT]分|[ztZT]值|百分位|百分比|率|均分|平均|均差|离均|差值|比差|优秀|及格|达标|合格|上线|线差|"
    r"达线|临界|满分|最高|最低|人数|缺考|排位|排$|评语|评价|备注|说明|态度|签名|赋级|级别|增减|变化|对比|上次|上期|前次"
)
_TOTAL = late_pattern(
    r"总分|总成绩|总计|合计|总评|总名|总排|三科|四科|五科|六科|七科|八科|九科|主三门|[三四五六七八九3-9]门|全科|综合|语数英(?!语)|三总|五总"
)
_WHOLE = late_pattern(
    r"^(班级|年级|学校|校内|校级|全校|全级|年段|级部|区|县|市|区县|全区|全县|全市|联考|省|班|级|校|年|段)"
)
_FULL = late_pattern(r"[(\[/]?(?:满分|总分|分值)?[:：]?(\d{2,3}(?:\.\d)?)分?(?:满分|制)?[)\]]?$")
_BARE_FULL = late_pattern(r"(?<=[\u4e00-\u9fff])[-—–_]?(\d{2,3})分?$")  # 语文120
_LEAST_FULL = 30
_DAY = late_pattern(r"[(\[]?((?:20\d\d[-./年])?\d{1,2}[-./月]\d{1,2}日|20\d\d[-./年]\d{1,2}[-./月]\d{1,2})[)\]]?")
_IN_BRACKETS = late_pattern(r"[(\[]([^()\[\]]*)[)\]]")
_EXAM = late_pattern(
    r"(20\d\d[-—–~至/]?(?:20)?(?:\d\d)?(?:学年)?度?)?(第?[一二12上下]学期|[上下](?=期[中末]))?"
    r"(第?[一二三四五六七八九十\d]+次)?(?:(?:\d{1,2}|[一二三四五六七八九十]+)月份?)?"
    r"(期中|期末|模拟|月考|单元|竞赛|摸底|入学(?!年|方|时|日)|开学|[一二三四]模|第[一二三四五六七八九十\d]+单元|周测|联考(?![排名次])|质检|调研|一诊|二诊)"
    r"(?:考试|测试|检测|考|测)?([一二三四五六七八九十]|\d{1,2}(?!\d))?"
)
MOMENT = late_pattern(
    r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?|第?[一二12上下]学期"
)  # an exam is asked by it
_ORDINAL = late_pattern(
    r"^(?:第([一二三四五六七八九十\d]+)次(?:考试|测试)?|(?:考试|测试)(\d{1,2}|[一二三四五六七八九十]))$"
)
_NUMBERED = late_pattern(r"^(.+?)[-_#]?(?:第)?([1-9]|1[0-2]|[一二三四五六七八九])(?:次)?$")
_ONE_SIGN = {
    "语": "语文",
    "数": "数学",
    "英": "英语",
    "外": "英语",
    "物": "物理",
    "理": "物理",
    "化": "化学",
    "生": "生物",
    "政": "政治",
    "道": "道德与法治",
    "史": "历史",
    "历": "历史",
    "地": "地理",
    "科": "科学",
    "体": "体育",
    "音": "音乐",
    "美": "美术",
    "信": "信息技术",
}


def read(parts: Sequence[str], subjects: frozenset[str]) -> Heading:
    """What the headings over one column say, from top to bottom; ``subjects`` are those of the school.

    >>> one = read(["语文(班级排名)"], frozenset())
    >>> one.subject, one.score
    ('语文', <Score.NOT: '名次、等级之类'>)
    >>> one = read(["期中", "数学（150分）", "得分"], frozenset())
    >>> one.exam, one.subject, one.score, one.full
    ('期中', '数学', <Score.MARK: '分数'>, 150.0)
    """
    texts = list(dict.fromkeys(text for part in parts if (text := words.bare(part))))
    if not texts:
        return Heading(score=Score.BARE)
    if person := _person(texts):
        return Heading(person=person)
    day, texts = _without_day(texts)
    full, tokens = _without_full(texts, subjects)
    exam, tokens = _without_exam(tokens)
    exam = " ".join(part for part in (exam, day) if part)
    number, subject, rest = _subject(tokens, subjects)
    exam = exam or number
    if subject and not exam:
        exam, rest = _without_moment(rest)
    residue = "".join(rest)
    if not subject:
        return Heading(exam=exam, score=_score_of(rest), residue=residue, total=_is_total(residue), full=full)
    return Heading(exam=exam, subject=subject, score=_score_of(rest), residue=residue, full=full)


def score(residue: str) -> Score:
    """What a qualifier makes of a column of a subject.

    >>> score("得分"), score("听力"), score("校次"), score("折算分"), score("甲乙")
    (<Score.MARK: '分数'>, <Score.PART: '一部分的分'>, <Score.NOT: '名次、等级之类'>, <Score.CONVERTED: '赋分、折算分'>, <Score.UNKNOWN: '不认识'>)
    """
    if not residue:
        return Score.BARE
    if residue.lower() in _MARKS or _INCLUDING.match(residue):
        return Score.MARK
    if _RAW.search(residue):
        return Score.RAW
    for pattern, kind in ((_NOT, Score.NOT), (_CONVERTED, Score.CONVERTED), (_PART, Score.PART)):
        if pattern.search(residue):
            return kind
    return Score.UNKNOWN


def is_heading(text: str, subjects: frozenset[str]) -> bool:
    """Whether a text is a heading or a part of one."""
    if not text or text[0].isdigit():
        return False
    found = read([text], subjects)
    return bool(found.person or found.subject or found.exam or found.total) or found.score is not Score.UNKNOWN


def _score_of(rest: Sequence[str]) -> Score:
    """The qualifiers of several header rows together: the one that says most."""
    found = {score(text) for text in rest if text}
    if not found:
        return Score.BARE
    order = (Score.NOT, Score.PART, Score.UNKNOWN, Score.CONVERTED, Score.RAW, Score.MARK)
    return next(kind for kind in order if kind in found)


def _person(texts: Sequence[str]) -> str:
    """The person's column that the last heading means, or the only one."""
    last = texts[-1]
    if any(words.subject(text, frozenset()) for text in texts[:-1]):
        return ""
    for text in (last, _IN_BRACKETS.sub("", last)):
        if text.lower() in words.ANY_PERSON:
            return words.ANY_PERSON[text.lower()]
    return ""


def _without_day(texts: Sequence[str]) -> tuple[str, list[str]]:
    """The day of an exam, 9月月考(2026.9.28), and the texts without it."""
    days = [found[1] for text in texts if (found := _DAY.search(text))]
    return (days[0] if days else ""), [rest for text in texts if (rest := _DAY.sub("", text))]


def _without_full(texts: Sequence[str], subjects: frozenset[str]) -> tuple[float | None, list[str]]:
    """The full mark in brackets, behind a stroke or behind a subject, and the texts cut at brackets and signs."""
    full: float | None = None
    tokens: list[str] = []
    for text in texts:
        for inner in _IN_BRACKETS.findall(text):
            if found := _FULL.fullmatch(inner):
                full = float(found[1])
                text = text.replace(f"({inner})", "").replace(f"[{inner}]", "")
        if found := re.search(r"[/]满?分?[:：]?(\d{2,3})分?$", text):
            full, text = float(found[1]), text[: found.start()]
        if (found := _BARE_FULL.search(text)) and _is_full(text[: found.start()], found[1], subjects):
            full, text = float(found[1]), text[: found.start()]
        tokens += [token for token in re.split(r"[()\[\]·|:：,，、_\-—]+", text) if token]
    return full, tokens


def _is_full(before: str, number: str, subjects: frozenset[str]) -> bool:
    """Whether a number behind a subject is its full mark: 语文120; 语文2 is the second exam, 语文37 nobody knows."""
    usual = int(number) >= _LEAST_FULL and int(number) % 10 == 0
    return usual and (words.subject(before, subjects) is not None or before in _ONE_SIGN)


def _without_exam(tokens: Sequence[str]) -> tuple[str, list[str]]:
    """The words of an exam, and what is left."""
    exam, rest = "", []
    for token in tokens:
        found = _EXAM.search(token) or _ORDINAL.search(token)
        if found and not exam:
            exam = found[0]
            token = token[: found.start()] + token[found.end() :]
        if token:
            rest.append(token)
    return exam, rest


def _without_moment(rest: Sequence[str]) -> tuple[str, list[str]]:
    """The month or 学期 that tells a subject's columns apart, and what is left.

    >>> _without_moment(["10月"]), _without_moment(["上学期得分"])
    (('10月', []), ('上学期', ['得分']))
    """
    for place, text in enumerate(rest):
        if found := MOMENT.match(text):
            left = text[found.end() :]
            return found[0], [*rest[:place], *([left] if left else []), *rest[place + 1 :]]
    return "", list(rest)


def _subject(tokens: Sequence[str], subjects: frozenset[str]) -> tuple[str, str, list[str]]:
    """An exam's number behind the subject, the subject, and the tokens without them."""
    for place, token in reversed(list(enumerate(tokens))):
        others = [other for other in (*tokens[:place], *tokens[place + 1 :]) if other not in _GROUPS]
        number, subject, rest = _split(token, subjects)
        if subject:
            return number, subject, [*others, *([rest] if rest else [])]
    return "", "", list(tokens)


def _split(token: str, subjects: frozenset[str]) -> tuple[str, str, str]:
    """The number of an exam, the subject and the rest of one token.

    >>> _split("语文2", frozenset()), _split("数学班次", frozenset()), _split("语", frozenset())
    (('2', '语文', ''), ('', '数学', '班次'), ('', '语文', ''))
    """
    if found := words.subject(token, subjects):
        return "", found, ""
    if token in _ONE_SIGN:
        return "", words.subject(_ONE_SIGN[token], subjects) or _ONE_SIGN[token], ""
    if (numbered := _NUMBERED.match(token)) and (found := words.subject(numbered[1], subjects)):
        return numbered[2], found, ""
    for name in words.subject_names(subjects):
        if name in token and len(name) > 1:
            rest = token.replace(name, "", 1)
            if not any(other in rest for other in ("与", "和")):
                return "", words.subject(name, subjects) or name, rest
    if token[:1] in _ONE_SIGN and score(token[1:]) is not Score.UNKNOWN:
        name = _ONE_SIGN[token[0]]
        return "", words.subject(name, subjects) or name, token[1:]
    return "", "", token


def _is_total(residue: str) -> bool:
    return bool(_TOTAL.search(residue)) or (bool(_WHOLE.match(residue)) and bool(_NOT.search(residue)))
