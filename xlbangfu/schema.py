"""Every sheet and column of the master workbook, declared once.

The template, the drop-downs, the reading, the validation and the data dictionary all come from here.

Conventions, stated once:

* A ``Table`` is one sheet: header in row 1, one record per row, rows are Excel row numbers (first record: 2).
* ``frame_schema`` says how a table looks as a polars frame. A cell that could not be read as its type is null in the
  frame and one row of ``DEFECTS``; the text of an ID is made from a number only where that has kept all its digits.
* A mark column ``X`` of 成绩 comes as two frame columns: ``X`` (number or null) and ``state_of(X)`` (缺考, 免考 or null).
* Frames that were read have two more columns, never on a sheet: ``ROW``, the Excel row of the record, and ``KEY``,
  ``sheet|row key`` made of the cells as typed, with which 校验 points at a row wherever staff sort it to.
* Text is stripped; IDs, choices and references are also brought to half width (NFKC). The sheet is never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cache

import polars as pl
from msgspec import Struct

ROW, KEY = "_row", "_key"
ABSENT, EXEMPT = "缺考", "免考"
STATE_SUFFIX = "·状态"
SEPARATOR = "、"
YES, NO = "是", "否"
NOTE_ROW = 3
NOTHING = "空表·"  # what a sheet of the program's without a record says begins so, below its blank row; it is no record


class Kind(Enum):
    """Whose sheet it is, and its tab colour."""

    INPUT = "input"
    OUTPUT = "output"
    LEDGER = "ledger"
    MEMORY = "memory"  # the program adds, staff may delete a row to forget it

    @property
    def colour(self) -> str:
        return {"input": "#2E75B6", "output": "#70AD47", "ledger": "#7F7F7F", "memory": "#BF9000"}[self.value]


class Type(Enum):
    """What a cell holds, and so its number format and its dtype in a frame."""

    ID = "id"  # text format @, leading zeros stay; a whole number of up to 15 digits is read as its digits
    SECRET = "secret"  # text as typed, never made of a number
    TEXT = "text"
    LONG = "long"  # wrapped text
    NUMBER = "number"
    INTEGER = "integer"
    RATE = "rate"  # a share from 0 to 1, shown as a percentage
    DATE = "date"
    TIME = "time"  # date and time of day
    MONTH = "month"  # text, "2025-09"
    YESNO = "yesno"  # 是 or 否
    MARK = "mark"  # number, 缺考, 免考 or empty
    LINK = "link"  # "工作表!A1", jumps there

    @property
    def dtype(self) -> pl.DataType:
        return _DTYPES.get(self, _STRING)

    @property
    def number_format(self) -> str:
        return _NUMBER_FORMATS.get(self, "General")


_STRING = pl.String()
_DTYPES: dict[Type, pl.DataType] = {
    Type.NUMBER: pl.Float64(),
    Type.RATE: pl.Float64(),
    Type.MARK: pl.Float64(),
    Type.INTEGER: pl.Int64(),
    Type.DATE: pl.Date(),
    Type.TIME: pl.Datetime("us"),
}
_NUMBER_FORMATS: dict[Type, str] = {
    Type.ID: "@",
    Type.SECRET: "@",
    Type.TEXT: "@",
    Type.LONG: "@",
    Type.MONTH: "@",
    Type.DATE: "yyyy-mm-dd",
    Type.TIME: "yyyy-mm-dd hh:mm",
    Type.RATE: "0.0%",
    Type.INTEGER: "0",
}


class Column(Struct, frozen=True, kw_only=True):
    """One column of a sheet.

    ``offers`` is what its drop-down holds where other words do as well: none is refused or brought to another form; ``refers``
    names the table whose key the cell holds; ``many`` says that 、 separates several; ``kept`` marks a column
    of an output sheet in which staff tick or write, so that it survives a rewrite; ``low`` and ``high`` bound numbers;
    ``since`` is the version that had it first, unless it is as old as the program; ``number`` is the first of the numbers
    that the program gives to rows whose cell is empty; a ``difference`` is shown with ▲ or ▼; a ``place`` tells where somebody
    stands among others, and is empty where 「总表名次」 is 等级.
    """

    name: str
    type: Type = Type.TEXT
    required: bool = False
    key: bool = False
    choices: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    refers: str = ""
    many: bool = False
    low: float | None = None
    high: float | None = None
    kept: bool = False
    hidden: bool = False
    sensitive: bool = False
    width: float = 0
    decimals: int | None = None
    help: str = ""
    since: str = ""
    number: str = ""
    difference: bool = False
    place: bool = False

    @property
    def must_be_filled(self) -> bool:
        """Whether staff must fill it: it is required or a key, and no number that the program gives."""
        return (self.required or self.key) and not self.number

    @property
    def normalised(self) -> bool:
        """Whether a reader brings its text to half width: what is compared, not what is prose."""
        return bool(self.choices or self.refers) or self.type in (
            Type.ID,
            Type.SECRET,
            Type.MONTH,
            Type.YESNO,
            Type.MARK,
        )

    @property
    def number_format(self) -> str:
        plain = self.type.number_format
        if self.decimals is not None and self.type is Type.NUMBER:
            plain = "0." + "0" * self.decimals if self.decimals else "0"
        return f'"▲"{plain};"▼"{plain};"–"' if self.difference else plain


class View(Struct, frozen=True, kw_only=True):
    """One sheet that answers a question and is read, printed and never filtered: drawn anew each time, with no records.

    A1 of the sheet says that it is the program's (``signature``): a sheet of the staff's own by that name stays as it is.
    """

    name: str
    help: str
    since: str

    @property
    def signature(self) -> str:
        return f"{self.name}·内部资料，不得公布"


class RowChoice(Struct, frozen=True):
    """Rows of a sheet: those whose cell in one column holds one of the values."""

    column: str
    values: tuple[str, ...]

    @property
    def condition(self) -> pl.Expr:
        return pl.col(self.column).is_in(self.values).fill_null(False)


class Table(Struct, frozen=True, kw_only=True):
    """One sheet. ``row_key`` names the columns that tell its rows apart; ``subjects`` says that it also has
    columns named after the 科目 of the school; ``since`` is as for a ``Column``; ``paper`` is the last column that is printed, if
    not all are; ``nothing`` is what an output sheet without a record says, and what fills it; ``new`` are the rows that wait
    for staff to decide, where others stand among them."""

    name: str
    kind: Kind
    columns: tuple[Column, ...]
    help: str = ""
    row_key: tuple[str, ...] = ()
    subjects: bool = False
    internal: bool = False  # a frame that goes with a read, not a sheet
    hidden: bool = False  # a sheet that is never shown, written or not
    since: str = ""
    paper: str = ""
    nothing: str = ""
    new: RowChoice | None = None

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that identify a row as typed on the sheet."""
        return self.row_key or tuple(column.name for column in self.columns if column.key)

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.must_be_filled]

    @property
    def numbered(self) -> Column | None:
        """The column of the numbers that the program gives, None where rows have none."""
        return next((column for column in self.columns if column.number), None)

    @property
    def note_column(self) -> Column:
        """Where that is said: the first column whose texts stand at the left and run on over empty cells."""
        plain = (one for one in self.columns if one.type in (Type.TEXT, Type.ID) and not one.choices and not one.kept)
        return next(plain)

    @property
    def list_object(self) -> str:
        """The name of the Excel table (ListObject)."""
        return f"T_{self.name}"

    @property
    def names_student(self) -> bool:
        return {"学号", "姓名", "班级"} <= set(self.names) and self.name != "名册"

    @property
    def students_beside(self) -> tuple[Column, ...]:
        """The columns that name students other than the row's own."""
        return tuple(column for column in self.columns if column.refers == "名册" and column.name != "学号")

    @property
    def frame_schema(self) -> dict[str, pl.DataType]:
        return {column.name: column.type.dtype for column in self.columns}

    def empty(self) -> pl.DataFrame:
        return _empty(self)


@cache
def _empty(table: Table) -> pl.DataFrame:
    return pl.DataFrame(schema=table.frame_schema)


def state_of(subject: str) -> str:
    """The frame column that holds 缺考 or 免考 for a subject.

    >>> state_of("语文")
    '语文·状态'
    """
    return subject + STATE_SUFFIX


def subjects_in(frame: pl.DataFrame) -> list[str]:
    """The subjects that a frame of 成绩 has, in the order of its columns.

    >>> subjects_in(pl.DataFrame({"学号": ["1"], "语文": [90.0], "语文·状态": [None]}))
    ['语文']
    """
    columns = set(frame.columns)
    return [name for name in frame.columns if state_of(name) in columns]


def _c(
    name: str,
    type: Type = Type.TEXT,
    help: str = "",
    *,
    required: bool = False,
    key: bool = False,
    choices: str = "",
    offers: str = "",
    refers: str = "",
    many: bool = False,
    low: float | None = None,
    high: float | None = None,
    kept: bool = False,
    hidden: bool = False,
    sensitive: bool = False,
    width: float = 0,
    decimals: int | None = None,
    since: str = "",
    number: str = "",
    difference: bool = False,
    place: bool = False,
) -> Column:
    return Column(
        name=name,
        type=type,
        help=help,
        required=required,
        key=key,
        choices=tuple(choices.split("/")) if choices else (),
        offers=tuple(offers.split("/")) if offers else (),
        refers=refers,
        many=many,
        low=low,
        high=high,
        kept=kept,
        hidden=hidden,
        sensitive=sensitive,
        width=width,
        decimals=decimals,
        since=since,
        number=number,
        difference=difference,
        place=place,
    )


def _student(*, required: bool = True, many: bool = False) -> tuple[Column, ...]:
    """The three columns by which a row names a student; at least one way must identify, those given must agree."""
    mark = "★" if required else ""
    several = "；多人用、隔开" if many else ""
    return (
        _c("学号", Type.ID, f"{mark}下拉选学生，或写学号、姓名{several}", refers="名册", many=many, width=13),
        _c("姓名", Type.TEXT, "也可以在这里选或写；学号、班级下次点按钮时补上，有同名的再写班级", width=9),
        _c("班级", Type.ID, "可以空着；学生现在在哪个班，以“名册”为准", width=9.5),
    )


_NUMBER = "🔑 可以空着，下次点按钮时程序编号"
_TEACHER = "下拉选“工号 姓名”，只写工号或不重名的姓名也可以"
TRACKED, BORDERLINE, GIFTED, CARED = "学困", "边缘", "特长", "关爱"
ON_ROLL, TRANSFERRED, ON_LEAVE, DROPPED_OUT = "在读", "转出", "休学", "辍学"
ONE_TO_ONE, PEER, GROUP, CLASS_PATRON, PROXY_PARENT = "一对一", "学习帮手", "帮扶小组", "包班", "代管家长"
RUNNING, ENDED = "执行", "结束"
WHOLE_DAY, MORNING, AFTERNOON = "全天", "上午", "下午"
PERIODS = (WHOLE_DAY, MORNING, AFTERNOON, "早读", *(f"第{number}节" for number in range(1, 10)), "晚自习")
TRUANT = "旷课"
ABSENCE_KINDS = ("病假", "事假", TRUANT, "迟到")
TRUANCY, NOT_BACK = "连续旷课", "未返校"
SITUATIONS = (TRUANCY, NOT_BACK, "其他")
BACK_AT_SCHOOL, STILL_AWAY = "复学", "仍在劝返"
SUSPECTED, BEING_RECALLED = "疑似", "劝返中"
TO_DROPPED_OUT, TO_TRANSFERRED, TO_ON_ROLL = "名册改辍学", "名册改转出", "名册改在读"
NEW, RECORDED = "新增", "已记荣誉"
SUSPECT_CHANGES = (SUSPECTED, TO_DROPPED_OUT, TO_TRANSFERRED, TO_ON_ROLL, BEING_RECALLED)

SETTINGS = Table(
    name="设置",
    kind=Kind.INPUT,
    help="学校信息和全部可调的规则；改“值”一列，空着就用默认值",
    columns=(
        _c("项目", Type.TEXT, "设置项的名字，请不要改", key=True, width=18),
        _c("值", Type.LONG, "在这里填；空着就用默认值", width=30),
        _c("说明", Type.LONG, "这一项管什么、默认是多少", width=70),
    ),
)
ORGANISATION = Table(
    name="组织",
    kind=Kind.INPUT,
    help="帮扶工作领导小组和分工",
    row_key=("职务", "姓名"),
    columns=(
        _c("职务", required=True, help="★ 如 组长、副组长、成员", width=14),
        _c("姓名", required=True, help="★", width=12),
        _c("职责", Type.LONG, "负责什么", width=60),
    ),
)
SUPPORT = Table(
    name="保障",
    kind=Kind.INPUT,
    help="经费、资源、风险与预案",
    row_key=("类别", "事项"),
    columns=(
        _c("类别", required=True, choices="经费/资源/风险", help="★", width=9),
        _c("事项", Type.LONG, "★", required=True, width=36),
        _c("金额", Type.NUMBER, "元", low=0, width=11, decimals=2),
        _c("责任人", width=12),
        _c("预案", Type.LONG, "风险怎么办", width=40),
        _c("状态", width=12),
    ),
)
CALENDAR = Table(
    name="校历",
    kind=Kind.INPUT,
    help="放假、补课、考试、活动的日子，比国家节假日优先",
    columns=(
        _c("日期", Type.DATE, "🔑 如 2025-10-01", key=True, width=13),
        _c("类别", required=True, choices="放假/补课/考试/活动", help="★", width=9),
        _c("说明", Type.LONG, width=40),
    ),
)
SUBJECTS = Table(
    name="科目",
    kind=Kind.INPUT,
    help="每个年级考哪些科目、满分和分数线；年级空着表示全部年级",
    row_key=("年级", "科目"),
    columns=(
        _c("年级", Type.ID, "空 = 全部年级", width=9),
        _c("科目", Type.ID, "🔑 与成绩表的列名一致", required=True, width=13),
        _c("满分", Type.NUMBER, "★", required=True, low=1, high=1000, width=8),
        _c("优秀线", Type.NUMBER, "★ 多少分算优秀", required=True, low=0, high=1000, width=9),
        _c("及格线", Type.NUMBER, "★ 多少分算及格", required=True, low=0, high=1000, width=9),
        _c("低分线", Type.NUMBER, "★ 低于它算低分", required=True, low=0, high=1000, width=9),
        _c("计入总分", Type.YESNO, "★ 是或否", required=True, width=11),
        _c("选考", Type.YESNO, "是 = 只有“名册”选科里写了它的学生才考，别的学生不缺这一科", width=8, since="0.3.0"),
    ),
)
TEACHERS = Table(
    name="教师",
    kind=Kind.INPUT,
    help="教职工：角色、任教、邮箱、是否在岗",
    paper="邮箱",
    columns=(
        _c("工号", Type.ID, "🔑 文本，保留开头的 0", key=True, width=10),
        _c("姓名", required=True, help="★", width=10),
        _c(
            "角色",
            required=True,
            many=True,
            choices="校长/行政/政教处/班主任/任课教师/心理教师",
            help="★ 可多个，用、隔开",
            width=20,
        ),
        _c("任教科目", Type.ID, "可多个，用、隔开", refers="科目", many=True, width=16),
        _c("任教班级", Type.ID, "可多个，用、隔开", refers="班级", many=True, width=26),
        _c("邮箱", Type.ID, "班级页寄到这里", width=28),
        _c("帮扶上限", Type.INTEGER, "空 = 用设置里的「每师上限」", low=0, high=50, width=11),
        _c("在岗", Type.YESNO, "★ 是或否", required=True, width=8),
    ),
)
CLASSES = Table(
    name="班级",
    kind=Kind.INPUT,
    help="每个班的年级、班主任和包班行政",
    columns=(
        _c("班级", Type.ID, "🔑 如 初二3班", key=True, width=13),
        _c("年级", Type.ID, "★ 如 初二", required=True, width=9),
        _c("班主任", Type.ID, f"★ {_TEACHER}", required=True, refers="教师", width=16),
        _c("包班行政", Type.ID, _TEACHER, refers="教师", width=16),
    ),
)
PASSWORDS = Table(
    name="口令",
    kind=Kind.INPUT,
    help="加密班级页、帮扶页用的口令，只留在总表，不随邮件寄出",
    row_key=("班级", "教师"),
    columns=(
        _c("班级", Type.ID, "🔑 给班级页用的写班级", refers="班级", width=13),
        _c(
            "口令",
            Type.SECRET,
            "打开文件要输入的口令，至少 6 个字，每班、每人不同；全角的字母、数字、标点按半角算",
            sensitive=True,
            width=20,
        ),
        _c("教师", Type.ID, "🔑 给帮扶页用的写教师，下拉选“工号 姓名”", refers="教师", width=16, since="0.3.0"),
    ),
)
ROSTER = Table(
    name="名册",
    kind=Kind.INPUT,
    help="全校学生；排名需要全体，帮扶只看填了「帮扶类别」的",
    paper="困难学科",
    columns=(
        _c("学号", Type.ID, "🔑 文本，保留开头的 0", key=True, width=13),
        _c("姓名", required=True, help="★", width=10),
        _c("性别", choices="男/女", width=7),
        _c("班级", Type.ID, "★ 现在的班级", required=True, refers="班级", width=11),
        _c("在籍状态", required=True, choices="在读/转出/休学/辍学", help="★", width=11),
        _c("异动日期", Type.DATE, "不在读时填", width=12),
        _c("帮扶类别", choices="学困/边缘/特长/关爱", help="没有就空着", width=11),
        _c("困难类型", choices="学习/行为规范/双重", help="为什么列入", width=11),
        _c("重点", Type.YESNO, "是 = 重点学生", width=7),
        _c("困难学科", Type.ID, "可多个，用、隔开", refers="科目", many=True, width=16),
        _c(
            "成因",
            Type.LONG,
            "可多个，用、隔开；可以从下拉里选，也可以自己写",
            many=True,
            offers="基础/习惯/方法/动力/家庭/情绪/身体/同伴/其他",
            sensitive=True,
            width=24,
        ),
        _c("留守", Type.YESNO, sensitive=True, width=7),
        _c("家庭困难", Type.YESNO, sensitive=True, width=11),
        _c("寄宿", Type.YESNO, width=7),
        _c(
            "特殊群体",
            many=True,
            choices="孤儿/事实无人抚养/残疾/随迁/单亲/困境/涉案/其他",
            help="可多个，用、隔开；没有就空着",
            sensitive=True,
            width=14,
            since="0.3.0",
        ),
        _c(
            "选科",
            Type.ID,
            "高中选考的科目，用、隔开，如 物理、化学、生物",
            refers="科目",
            many=True,
            width=16,
            since="0.3.0",
        ),
        _c("列入日期", Type.DATE, "列入帮扶的日子", width=12),
        _c("退出日期", Type.DATE, "退出帮扶的日子", width=12),
    ),
)
FILES = Table(
    name="档案",
    kind=Kind.INPUT,
    help="帮扶和关爱学生的家庭档案，敏感信息，不出总表",
    row_key=("学号", "姓名", "班级"),
    paper="父母去向",
    columns=(
        *_student(),
        _c("家庭成员", Type.LONG, sensitive=True, width=24),
        _c("住址", Type.LONG, sensitive=True, width=26),
        _c("联系电话", Type.ID, sensitive=True, width=14),
        _c("父母去向", Type.LONG, sensitive=True, width=18),
        _c("第二监护人", sensitive=True, width=12),
        _c("监护人电话", Type.ID, sensitive=True, width=14),
        _c("兴趣爱好", Type.LONG, width=18),
        _c("特长", Type.LONG, width=16),
        _c("健康状况", Type.LONG, sensitive=True, width=18),
        _c("家庭情况", Type.LONG, sensitive=True, width=26),
        _c("监护人同意", Type.YESNO, "是否同意建档", sensitive=True, width=12),
        _c("同意日期", Type.DATE, sensitive=True, width=12),
        _c("备注", Type.LONG, width=24),
    ),
)
PAIRINGS = Table(
    name="结对",
    kind=Kind.INPUT,
    help="谁帮谁：一对一、学习帮手、帮扶小组、包班、代管家长",
    paper="帮扶学科",
    columns=(
        _c("结对编号", Type.ID, _NUMBER, key=True, width=11, number="JD0001"),
        *_student(required=False),
        _c("组名", help="帮扶小组的名字", width=12),
        _c("类型", required=True, choices="一对一/学习帮手/帮扶小组/包班/代管家长", help="★", width=11),
        _c("教师", Type.ID, _TEACHER, refers="教师", width=16),
        _c("学习帮手", Type.ID, "帮手的学号或姓名", refers="名册", width=13),
        _c("帮扶学科", Type.ID, "可多个，用、隔开", refers="科目", many=True, width=14),
        _c("转化目标", Type.LONG, width=30),
        _c("开始日期", Type.DATE, "★", required=True, width=12),
        _c("结束日期", Type.DATE, width=12),
        _c("状态", required=True, choices="执行/结束", help="★", width=8),
        _c("锁定", Type.YESNO, "是 = 建议结对时不动它", width=7),
    ),
)
PLANS = Table(
    name="计划",
    kind=Kind.INPUT,
    help="每名学生四个阶段的帮扶计划",
    paper="措施",
    columns=(
        _c("计划编号", Type.ID, _NUMBER, key=True, width=11, number="JH00001"),
        *_student(),
        _c("阶段", required=True, choices="摸底调查/制定方案/实施帮扶/评估调整", help="★", width=11),
        _c("目标", Type.LONG, "★", required=True, width=28),
        _c("措施", Type.LONG, "★", required=True, width=35),
        _c("负责人", Type.ID, _TEACHER, refers="教师", width=16),
        _c("开始", Type.DATE, "★", required=True, width=12),
        _c("结束", Type.DATE, "★", required=True, width=12),
        _c("完成", Type.YESNO, width=7),
        _c("阶段效果", Type.LONG, width=30),
        _c("目标考试", Type.ID, "下拉选；到了这次考试，“进展”说目标到没到", refers="考试", width=14, since="0.3.0"),
        _c("目标等级", choices="A/B/C/D/E", help="总分至少到哪一等", width=10, since="0.3.0"),
        _c(
            "目标百分位",
            Type.RATE,
            "比年级里百分之几的人好，如 30%；只在总表里看得到",
            low=0,
            high=1,
            width=12,
            since="0.3.0",
        ),
    ),
)
LOG = Table(
    name="记录",
    kind=Kind.INPUT,
    help="每一次帮扶：辅导、谈心、家访、家长沟通、心理咨询、作业面批、活动",
    paper="内容",
    columns=(
        _c("记录编号", Type.ID, _NUMBER, key=True, width=11, number="JL000001"),
        _c("日期", Type.DATE, "★ 哪一天", required=True, width=12),
        *_student(many=True),
        _c("教师", Type.ID, f"★ {_TEACHER}", required=True, refers="教师", width=16),
        _c("类型", required=True, choices="辅导/谈心/家访/家长沟通/心理咨询/作业面批/活动", help="★", width=11),
        _c("内容", Type.LONG, "★", required=True, width=35),
        _c("沟通对象", many=True, choices="学生/父母/第二监护人/代管家长", width=13),
        _c("场所", choices="学校/家庭/社会", width=8),
        _c("优先类", many=True, help="设置里的「优先项」之一", width=9),
        _c("时长", Type.NUMBER, "分钟", low=0, high=1440, width=8),
        _c("优点", Type.LONG, width=20),
        _c("不足", Type.LONG, width=20),
        _c("效果", Type.INTEGER, "1 到 5", width=7, low=1, high=5),
        _c("下次安排", Type.LONG, width=24),
    ),
)
EXAMS = Table(
    name="考试",
    kind=Kind.INPUT,
    help="每一次考试；年级空着表示全校都考",
    columns=(
        _c("考试编号", Type.ID, "🔑 如 2025上期中", key=True, width=14),
        _c("名称", required=True, help="★", width=26),
        _c("日期", Type.DATE, "★", required=True, width=12),
        _c("学期", Type.ID, "★ 如 2025-2026上", required=True, width=14),
        _c("类型", required=True, choices="期中/期末/模拟/月考/单元/竞赛/摸底", help="★", width=8),
        _c("年级", Type.ID, "空 = 全部；可多个，用、隔开", many=True, width=14),
        _c("基线考试", Type.ID, "与哪次比；空 = 程序按规则找", refers="考试", width=14),
    ),
)
SCORES = Table(
    name="成绩",
    kind=Kind.INPUT,
    help="一人一次考试一行；每科一列：分数、缺考、免考，或空着（未录）",
    row_key=("考试编号", "学号", "姓名", "班级"),
    subjects=True,
    columns=(
        _c("考试编号", Type.ID, "★ 下拉选", required=True, refers="考试", width=11),
        *_student(),
        _c("考时班级", Type.ID, "空 = 现在的班级", width=11),
    ),
)
CONDUCT = Table(
    name="评价",
    kind=Kind.INPUT,
    help="每月的行为评价，各项 1 到 5 分",
    row_key=("月份", "学号", "姓名", "班级", "评价人", "评价人姓名"),
    paper="参与",
    columns=(
        _c("月份", Type.MONTH, "★ 如 2025-09", required=True, width=10),
        *_student(),
        _c("评价人", required=True, choices="班主任/任课教师/家长/学生", help="★", width=10),
        _c("评价人姓名", width=12),
        *(
            _c(name, Type.NUMBER, "1 到 5", width=9, low=1, high=5)
            for name in ("学习态度", "作业", "纪律", "品德", "参与")
        ),
        _c("帮扶满意度", Type.NUMBER, "1 到 5", width=12, low=1, high=5),
        _c("说明", Type.LONG, width=30),
    ),
)
ABSENCES = Table(
    name="缺勤",
    kind=Kind.INPUT,
    help="谁哪天没来：病假、事假、旷课、迟到；控辍保学从这里看谁疑似辍学",
    row_key=("日期", "学号", "姓名", "班级", "节次"),
    since="0.3.0",
    paper="去向",
    columns=(
        _c("日期", Type.DATE, "🔑 哪一天", key=True, width=12),
        *_student(),
        _c("节次", required=True, choices="/".join(PERIODS), help="🔑 整天没来选“全天”", width=9),
        _c("类型", required=True, choices="/".join(ABSENCE_KINDS), help="★", width=8),
        _c("已联系家长", Type.YESNO, width=11),
        _c("去向", Type.LONG, "知道在哪里就写；不知道就空着", sensitive=True, width=24),
        _c("说明", Type.LONG, sensitive=True, width=30),
    ),
)
RECALLS = Table(
    name="劝返",
    kind=Kind.INPUT,
    help="疑似辍学的学生：上门、打电话一次一行，直到复学、转出或辍学；只给办公室看，不出总表",
    row_key=("学号", "姓名", "班级", "疑似日期", "劝返日期"),
    since="0.3.0",
    paper="上报日期",
    columns=(
        *_student(),
        _c("疑似日期", Type.DATE, "★ 哪一天起算疑似辍学；同一次辍学的各行写同一天", required=True, width=12),
        _c("情形", required=True, choices="/".join(SITUATIONS), help="★", width=10),
        _c("劝返日期", Type.DATE, "🔑 哪一天上门、打电话；还没有去过的空着", width=12),
        _c("劝返人", help="谁去的，可以写几个人", width=12),
        _c("方式", choices="电话/上门/书面", width=8),
        _c(
            "结果",
            choices="/".join((BACK_AT_SCHOOL, TRANSFERRED, STILL_AWAY, DROPPED_OUT)),
            help="这次以后怎样了",
            width=10,
        ),
        _c("复学日期", Type.DATE, "结果是复学的，哪一天回来的", width=12),
        _c("上报日期", Type.DATE, "哪一天报给教育局、乡镇（街道）", width=12),
        _c("说明", Type.LONG, sensitive=True, width=36),
    ),
)
ACTIVITIES = Table(
    name="活动",
    kind=Kind.INPUT,
    help="面向帮扶学生的活动和会议",
    row_key=("日期", "名称"),
    columns=(
        _c("日期", Type.DATE, "★", required=True, width=12),
        _c("名称", required=True, help="★", width=28),
        _c(
            "类型",
            required=True,
            choices="晨会/班队会/知识竞赛/口算赛/合唱/兴趣小组/社会实践/心理团辅/感恩/敬老/家长会/交流会/宣传动员/教师培训/其他",
            help="★",
            width=11,
        ),
        _c("组织人", width=14),
        _c("参与学生", Type.ID, "学号或姓名，多个用、隔开", refers="名册", many=True, width=30),
        _c("成果", Type.LONG, width=25),
    ),
)

CONSOLE = Table(
    name="控制台",
    kind=Kind.OUTPUT,
    help="首页：下一步做什么、各项数字、按钮",
    columns=(_c("项目", key=True), _c("值")),
)
OPTIONS = tuple(f"选项{number}" for number in range(1, 13))
REVIEW = Table(
    name="导入核对",
    kind=Kind.OUTPUT,
    help="导入时看不准的，每行一个问题；在“您的回答”里选好，再点“导入”、选同一份文件，就接着导",
    nothing="没有要回答的问题",
    row_key=("编号", "种类"),
    since="0.3.0",
    paper="程序认为",
    columns=(
        # The answer is on a screen of 1366 columns, and all that it needs to be given; where it comes from stands behind it.
        _c("种类", choices="要回答/错误/提醒/按记忆/已回答", width=9),
        _c("问题", Type.LONG, "问什么；或者哪里不能用", width=22),
        _c("列或词", Type.LONG, "文件里的写法", width=16),
        _c("样子", Type.LONG, "文件里的前几个值", width=22),
        _c("程序认为", Type.LONG, "程序怎么想，或者怎么改", width=30),
        _c("您的回答", Type.LONG, "下拉选，也可以自己写；错误和提醒选“知道了”就不再列出", kept=True, width=22),
        _c("文件", Type.LONG, width=24),
        _c("工作表", Type.LONG, "文件里的工作表", width=12),
        _c("单元格", Type.LONG, "文件里的格子", width=14),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        *(_c(name, hidden=True, width=12) for name in OPTIONS),
        _c("编号", Type.ID, hidden=True, width=18),
    ),
)
PROBLEMS = Table(
    name="校验",
    kind=Kind.OUTPUT,
    help="检查出的问题；点“单元格”跳到那里，改好后再点“校验”",
    nothing="没有问题",
    row_key=("定位", "编号"),
    paper="怎么改",
    columns=(
        _c("级别", choices="错误/警告/提示", width=8),
        _c("工作表", Type.LONG, "导入和收回的是文件名", width=13),
        _c("单元格", Type.LINK, "点一下跳到那个格子", width=12),
        _c("姓名", width=10),
        _c("备注", Type.LONG, "可以在这里写处理情况，重新校验后还在", kept=True, width=11),
        _c("问题", Type.LONG, width=33),
        _c("怎么改", Type.LONG, width=33),
        _c("列", width=12),
        _c("学号", Type.ID, width=13),
        _c("编号", Type.ID, width=8),
        _c("定位", hidden=True, width=30),
    ),
)
MEMORY = Table(
    name="导入记忆",
    kind=Kind.MEMORY,
    help="导入时回答过、以后不再问的；删掉一行，程序就忘了，下次再问",
    row_key=("提问", "表头", "列或词"),
    since="0.3.0",
    paper="表头",
    columns=(
        _c("提问", width=18),
        _c("列或词", Type.LONG, "文件里的写法", width=24),
        _c("回答", Type.LONG, width=26),
        _c("表头", Type.LONG, "表头是这样的文件都照这个回答；全校 = 所有文件", width=52),
        _c("来自文件", Type.LONG, width=30),
        _c("时间", Type.TIME, width=17),
    ),
)
SCREENING = Table(
    name="排查",
    kind=Kind.OUTPUT,
    help="建议列入、待定、仍在、可退出的学生，写明理由；在“采纳”打 √，再点“采纳排查”，名册才会改；待定和可退出请一行一行看过再打",
    nothing="没有要列入、待定、可退出的学生",
    row_key=("学号", "变化", "建议类别"),  # so that a tick is for this proposal and not for a later one
    new=RowChoice("变化", (NEW,)),
    paper="理由",
    columns=(
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("采纳", kept=True, choices="√", width=7),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("班级", Type.ID, width=11),
        _c("变化", choices=f"{NEW}/待定/保留/可退出", width=9),
        _c("建议类别", choices="学困/边缘/关爱", width=11),
        _c("理由", Type.LONG, width=43),
        _c("困难类型", choices="学习/行为规范/双重", width=11),
        _c("重点", Type.YESNO, width=7),
        _c("困难学科", Type.ID, "最近一次考试里要补的学科", many=True, width=16),
        _c("年级", Type.ID, width=8),
        _c("依据", Type.LONG, "每次考试、每个月一行", width=76),
    ),
)
PROPOSALS = Table(
    name="结对建议",
    kind=Kind.OUTPUT,
    help="给每名学生建议的教师、帮手、代管家长，以及每班的包班行政；可以改教师或帮手，在“采纳”打 √ 后再点“采纳结对”",
    nothing="没有要结对的学生",
    row_key=("班级", "学号", "类型", "教师", "学习帮手"),  # a tick is for this teacher, not for the next one
    paper="帮扶学科",
    columns=(
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("采纳", kept=True, choices="√", width=7),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("班级", Type.ID, width=11),
        _c("类型", choices="一对一/学习帮手/包班/代管家长", width=11),
        _c("教师", Type.ID, "空着 = 排不上；可以自己填“工号 姓名”", width=16),
        _c("学习帮手", Type.ID, "学号和姓名；可以换成别的同班同学", width=18),
        _c("帮扶学科", Type.ID, width=14),
        _c("代价", Type.NUMBER, "越小越合适，由设置「结对代价」定：0 如本班困难学科的教师，6 是外年级的教师", width=8),
        _c("理由", Type.LONG, width=50),
    ),
)
RANKING = Table(
    name="排名",
    kind=Kind.OUTPUT,
    help="每次考试每名学生的总分、名次、等级和进退；内部资料，不得公布",
    nothing="还没有可以排的考试：登记“考试”、导入成绩以后，点“刷新排名”",
    row_key=("考试编号", "学号"),
    subjects=True,
    paper="进退",
    columns=(
        _c("考试编号", Type.ID, width=14),
        _c("年级", Type.ID, width=7.5),
        _c("班级", Type.ID, "考试那天的班级", width=11),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("总分", Type.NUMBER, "有几科算几科", width=8.5, decimals=1),
        _c("满分", Type.NUMBER, "该生计入总分科目的满分", width=8),
        _c("得分率", Type.RATE, width=9),
        _c("年级名次", Type.INTEGER, "同分同名次", width=10, place=True),
        _c("班级名次", Type.INTEGER, width=10, place=True),
        _c("等级", width=7),
        _c("进退", Type.INTEGER, "正数是进步", width=8, difference=True),
        _c("标准分", Type.NUMBER, "年级内的 z 分数", width=9, decimals=2, place=True),
        _c("百分位", Type.RATE, "年级后百分之几：8% 就是年级后 8%，越高越好", width=9, place=True),
        _c("与班均差", Type.NUMBER, width=10, decimals=1, difference=True, place=True),
        _c("基线考试", Type.ID, width=14),
        _c("基线名次", Type.INTEGER, width=10, place=True),
        _c("说明", help="缺考、未录、免考、无基线", width=24),
    ),
)
PRIZES = Table(
    name="帮扶排名",
    kind=Kind.OUTPUT,
    help="帮扶学生在同年级帮扶学生中的进退和奖项；内部资料",
    nothing="还没有帮扶学生的名次：导入成绩、列入学生以后，点“刷新排名”",
    row_key=("考试编号", "学号"),
    paper="奖项",
    columns=(
        _c("考试编号", Type.ID, width=14),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("班级", Type.ID, width=11),
        _c("年级", Type.ID, width=8),
        _c("组内名次", Type.INTEGER, "这次在同年级帮扶学生中的名次", width=10, place=True),
        _c("基线组内名次", Type.INTEGER, width=13, place=True),
        _c("进步名次", Type.INTEGER, "正数是进步", width=10, difference=True, place=True),
        _c("奖项", choices="一等奖/二等奖/三等奖/不评/无基线/下次参评", width=9),
        _c("重点", Type.YESNO, width=7),
        _c("总分", Type.NUMBER, width=9, decimals=1),
        _c("得分率", Type.RATE, width=9),
        _c("基线考试", Type.ID, width=14),
        _c("基线总分", Type.NUMBER, width=10, decimals=1),
        _c("基线得分率", Type.RATE, width=11),
        _c("说明", Type.LONG, "没有奖项时写明原因", width=34, since="0.3.0"),
    ),
)
CLASS_FIGURES = Table(
    name="班级汇总",
    kind=Kind.OUTPUT,
    help="一分三率：每班、每科、每次考试；班级空着的行是全年级",
    nothing="还没有考试成绩：导入成绩以后，点“刷新排名”",
    row_key=("考试编号", "年级", "班级", "科目"),
    paper="年级排名",
    columns=(
        _c("考试编号", Type.ID, width=14),
        _c("年级", Type.ID, width=8),
        _c("班级", Type.ID, "空 = 全年级", width=11),
        _c("科目", Type.ID, "总分也是一行", width=10),
        _c("应考", Type.INTEGER, width=8),
        _c("实考", Type.INTEGER, width=8),
        _c("平均分", Type.NUMBER, width=9, decimals=2),
        _c("优秀率", Type.RATE, width=9),
        _c("及格率", Type.RATE, width=9),
        _c("低分率", Type.RATE, width=9),
        _c("年级排名", Type.INTEGER, "按平均分", width=10, place=True),
        _c("最高分", Type.NUMBER, width=9, decimals=1),
        _c("最低分", Type.NUMBER, width=9, decimals=1),
        _c("缺考", Type.INTEGER, width=8),
        _c("免考", Type.INTEGER, width=8),
        _c("未录", Type.INTEGER, width=8),
        _c("帮扶人数", Type.INTEGER, "只在总分行", width=10),
        _c("重点人数", Type.INTEGER, "只在总分行", width=10),
        _c(
            "特殊群体人数",
            Type.INTEGER,
            "只在总分行：孤儿、残疾、留守、家庭困难等，一人只算一次",
            width=13,
            since="0.3.0",
        ),
        _c("辍学人数", Type.INTEGER, "只在总分行：本学期", width=10),
        _c("辍学率", Type.RATE, "只在总分行：÷ 学期初在籍人数", width=9),
    ),
)
CONTACTS = Table(
    name="落实",
    kind=Kind.OUTPUT,
    help="每名帮扶学生应做、已做的帮扶次数；过期的排在前面",
    nothing="没有在帮扶的学生：先点“排查”，采纳以后再点“落实与进展”",
    row_key=("学号", "类型"),
    paper="是否过期",
    columns=(
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("班级", Type.ID, width=11),
        _c("类型", width=11),
        _c("责任教师", Type.ID, width=16),
        _c("应做", Type.INTEGER, "到今天应做几次；本周的到周末才算", width=8),
        _c("已做", Type.INTEGER, "从学期开始或列入那天算起", width=8),
        _c("落实率", Type.RATE, "已做 ÷ 应做，最多 100%", width=9),
        _c("是否过期", Type.YESNO, "最近一次该做的没有做", width=10),
        _c("上次", Type.DATE, width=12),
        _c("距今天数", Type.INTEGER, width=10),
        _c("三沟通", help="和学生、父母、第二监护人都谈过没有", width=28),
        _c("四优先", help="设置里的「优先项」都做过没有", width=30),
    ),
)
PROGRESS = Table(
    name="进展",
    kind=Kind.OUTPUT,
    help="每名帮扶学生的进步情况；转化只是建议，打 √ 是记号，到“排查”采纳“可退出”才算",
    nothing="没有在帮扶的学生：先点“排查”，采纳以后再点“落实与进展”",
    row_key=("考试编号", "学号"),
    paper="变化",
    columns=(
        _c("考试编号", Type.ID, width=14),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("采纳", help="√ = 教师同意转化；到“排查”采纳“可退出”才写进名册", kept=True, choices="√", width=7),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("班级", Type.ID, width=11),
        _c("进展", help="按设置「进展线」，行为变化大的升降一档", choices="显著进步/进步/稳定/退步/数据不足", width=10),
        _c("百分位", Type.RATE, "年级后百分之几：8% 就是年级后 8%，越高越好", width=9, place=True),
        _c("基线百分位", Type.RATE, "基线考试时的百分位", width=11, place=True),
        _c("变化", Type.NUMBER, "升（降）几个百分点，正数是进步", width=8, decimals=1, difference=True),
        _c("年级", Type.ID, width=8),
        _c("行为变化", Type.NUMBER, "行为评价比上个月高（低）几分", width=10, decimals=1, difference=True),
        _c("建议转化", Type.YESNO, "只在最近一次考试的那一行", width=10),
        _c("依据", Type.LONG, width=64),
    ),
)
SCHEDULE = Table(
    name="日程",
    kind=Kind.OUTPUT,
    help="到期该做的事，按日期和教师",
    nothing="没有要排的事：结对、制定计划以后，再点“日程”",
    row_key=("日期", "教师", "学号", "事项"),
    paper="时间",
    columns=(
        _c("日期", Type.DATE, width=12),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("事项", Type.LONG, width=40),
        _c("教师", Type.ID, width=16),
        _c("时间", width=14),
        _c("星期", width=8),
        _c("班级", Type.ID, width=11),
        _c("阶段", width=11),
    ),
)
WEEKLY = Table(
    name="周历",
    kind=Kind.OUTPUT,
    help="每位教师一周一行：哪天做什么；按“教师”筛选就是一个人的",
    nothing="没有要排的事：结对、制定计划以后，再点“日程”",
    row_key=("周次", "教师"),
    since="0.3.0",
    columns=(
        _c("周次", help="从开学那一周数起", width=7.5),
        _c("起止", help="这一周的周一和周日", width=14),
        _c("教师", Type.ID, width=16),
        _c("备注", Type.LONG, kept=True, width=10),
        *(_c(day, Type.LONG, width=12) for day in ("周一", "周二", "周三", "周四", "周五", "周末")),
    ),
)
HONOURS = Table(
    name="评优",
    kind=Kind.OUTPUT,
    help="期中十星、期末各项的候选和依据；在“采纳”打 √，再点“确认荣誉”",
    nothing="没有够条件的候选",
    row_key=("荣誉", "学号"),
    new=RowChoice("状态", (NEW,)),
    paper="依据",
    columns=(
        _c("荣誉", width=18),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("采纳", kept=True, choices="√", width=7),
        _c("备注", Type.LONG, kept=True, width=12),
        _c("班级", Type.ID, width=11),
        _c("顺序", Type.INTEGER, "1 是首选；并列的同一个数", width=8),
        _c("依据", Type.LONG, width=40),
        _c("年级", Type.ID, width=8),
        _c("状态", choices="/".join((NEW, RECORDED)), help="新增 = 还没有记进“荣誉”", width=9, since="0.3.0"),
    ),
)
APPRAISAL = Table(
    name="考核",
    kind=Kind.OUTPUT,
    help="教师的四部分得分加起来就是总分；班级看三个率和一票否决",
    nothing="还没有要考核的教师和班级：有了结对和记录以后，再点“考核”",
    row_key=("对象", "名称"),
    paper="辍学率",
    columns=(
        _c("对象", choices="教师/班级", width=8),
        _c("名称", Type.ID, width=18),
        _c("备注", Type.LONG, kept=True, width=15),
        _c("总分", Type.NUMBER, width=9, decimals=1),
        _c(
            "记录完整",
            Type.NUMBER,
            "写全（内容和下次安排都有）的记录占多少；没有数据的部分把权重分给其他部分",
            width=10,
            decimals=1,
        ),
        _c("落实", Type.NUMBER, "已做 ÷ 应做，最多算满", width=9, decimals=1),
        _c("学生进展", Type.NUMBER, "所帮学生的进展，按设置「进展得分」", width=10, decimals=1),
        _c("满意度", Type.NUMBER, "帮扶满意度 ÷ 5", width=9, decimals=1),
        _c("转化率", Type.RATE, "本学期退出帮扶的 ÷ 本学期帮扶的", width=9),
        _c("进步率", Type.RATE, "进步和显著进步的 ÷ 有成绩可比的", width=9),
        _c("辍学率", Type.RATE, "本学期辍学的 ÷ 学期初在籍的", width=9),
        _c("一票否决", Type.LONG, width=30),
        _c("依据", Type.LONG, width=74),
    ),
)
SUSPECTS = Table(
    name="疑似辍学",
    kind=Kind.OUTPUT,
    help="疑似辍学、劝返中和名册该改的学生，写明理由；在“采纳”打 √，再点“采纳控辍”；只给办公室看，不出总表",
    row_key=("学号", "变化", "疑似日期"),  # a no is for this absence and not for a later one
    new=RowChoice("变化", (SUSPECTED, TO_DROPPED_OUT, TO_TRANSFERRED, TO_ON_ROLL)),
    since="0.3.0",
    paper="理由",
    nothing="没有疑似辍学、劝返中的学生",
    columns=(
        _c("学号", Type.ID, width=13),
        _c("姓名", width=9),
        _c("采纳", help="疑似的写进“劝返”，改名册的写进“名册”；劝返中的不用打", kept=True, choices="√", width=7),
        _c("备注", Type.LONG, kept=True, width=12),
        _c("班级", Type.ID, width=10),
        _c("变化", choices="/".join(SUSPECT_CHANGES), width=11),
        _c("情形", choices="/".join(SITUATIONS), width=9),
        _c("疑似日期", Type.DATE, width=12),
        _c("理由", Type.LONG, width=36),
        _c("劝返次数", Type.INTEGER, width=10),
        _c("上次劝返", Type.DATE, width=12),
        _c("上报日期", Type.DATE, width=12),
        _c("年级", Type.ID, width=8),
    ),
)
DROPOUT_MONTHS = Table(
    name="控辍月报",
    kind=Kind.OUTPUT,
    help="每个月的疑似、劝返、复学、转出、辍学人数，分年级和特殊群体；没有姓名，新的月份在前",
    row_key=("月份", "范围", "名称"),
    since="0.3.0",
    nothing="没有可以统计的月份：在“设置”填好当前学期、“名册”录入学生以后，点“控辍保学”",
    columns=(
        _c("月份", Type.MONTH, width=10),
        _c("范围", choices="全校/年级/特殊群体", width=10),
        _c("名称", Type.ID, "一名学生可以属于几个特殊群体", width=14),
        _c("在籍", Type.INTEGER, "月底在读的人数；本月到今天", width=8),
        _c("帮扶", Type.INTEGER, "其中月底在帮扶的人数", width=8),
        _c("疑似", Type.INTEGER, "这个月列入“劝返”的人数", width=8),
        _c("劝返次数", Type.INTEGER, "上门、电话、书面，一行一次", width=10),
        _c("复学", Type.INTEGER, "人数", width=8),
        _c("转出", Type.INTEGER, "劝返中转出的人数", width=8),
        _c("辍学", Type.INTEGER, "人数", width=8),
        _c("劝返中", Type.INTEGER, "到月底还没有结果的人数", width=8),
    ),
)
OUTBOX = Table(
    name="发件箱",
    kind=Kind.OUTPUT,
    help="要寄出的班级页、帮扶页和催交；在“发送”打 √ 的才寄",
    nothing="没有要寄的邮件：点“预览邮件”",
    row_key=("班级", "种类", "邮件编号"),
    paper="主题",
    columns=(
        _c("班级", Type.ID, "只有帮扶页的空着，看“收件人”", width=11),
        _c("种类", choices="班级页/帮扶页/催交", width=8, since="0.2.0"),
        _c("发送", kept=True, choices="√", width=7),
        _c("收件人", width=12),
        _c("邮箱", Type.ID, width=28),
        _c("主题", Type.LONG, width=36),
        _c("附件", Type.LONG, width=36),
        _c("大小", Type.INTEGER, "KB", width=8),
        _c("加密", Type.YESNO, width=7),
        _c("状态", width=10),
        _c("时间", Type.TIME, width=17),
        _c("说明", Type.LONG, width=40),
        _c("邮件编号", Type.ID, hidden=True, width=18, since="0.2.0"),
    ),
)
RUNS = Table(
    name="运行记录",
    kind=Kind.LEDGER,
    help="每次操作：什么时候、做了什么、几行、几个问题、谁、用了多久；只增不改",
    row_key=("时间", "操作"),
    columns=(
        _c("时间", Type.TIME, width=17),
        _c("操作", width=12),
        _c("行数", Type.INTEGER, width=9),
        _c("问题数", Type.INTEGER, width=9),
        _c("操作人", width=14),
        _c("用时", Type.NUMBER, "程序做了几秒，不算等人看和回答的时间", width=9, decimals=2),
        _c("说明", Type.LONG, width=49),
        _c("校验码", help="导出的每份文件的校验码，查对用", hidden=True, width=18, since="0.3.0"),
    ),
)
COLLECTED = Table(
    name="收回记录",
    since="0.2.0",
    kind=Kind.LEDGER,
    help="哪个班的班级页、哪位教师的帮扶页什么时候交回，页上每一行写到了总表哪一行；只增不改，只记编号和校验码",
    row_key=("时间", "页号", "工作表", "行"),
    paper="做法",
    columns=(
        _c("时间", Type.TIME, width=17),
        _c("班级", Type.ID, width=11),
        _c("页号", Type.ID, "这一页的编号，每份不同", hidden=True, width=38),
        _c("制表时间", Type.TIME, "这一页是什么时候做的", width=17),
        _c("工作表", help="空 = 整份文件", width=11),
        _c("行", Type.INTEGER, "在交回的页里的行", width=7),
        _c("做法", choices="交回/新增/更正", width=8),
        _c("编号", Type.ID, "记录编号，或评价的月份、学号、评价人", width=30),
        _c("身份码", Type.ID, "认得出同一行的校验码", hidden=True, width=18),
        _c("内容码", Type.ID, "这一行内容的校验码；整份文件的只写开头", hidden=True, width=18),
        _c("版次", Type.INTEGER, "这一页是第几次做的，大的新；空 = 0.3.0 以前做的", width=7, since="0.3.0"),
        _c("存盘时间", Type.ID, "交回的文件说自己什么时候保存的，晚的新", hidden=True, width=22, since="0.3.0"),
        _c("教师", Type.ID, "帮扶页是哪位教师的；班级页空着", width=16, since="0.3.0"),
    ),
)
PAST = Table(
    name="往期",
    since="0.3.0",
    kind=Kind.LEDGER,
    help="开新学期时记下：带过来多少、留在旧总表里多少、旧总表是哪一份；只增不改",
    row_key=("学期", "项目"),
    columns=(
        _c("学期", Type.ID, "结束了的那个学期", width=12),
        _c("项目", width=14),
        _c("带过来", Type.INTEGER, width=9),
        _c("留在旧总表", Type.INTEGER, width=12),
        _c("说明", Type.LONG, width=32),
        _c("旧总表", Type.LONG, "要查以前的，打开这一份", width=20),
        _c("时间", Type.TIME, "什么时候开的新学期", width=17),
    ),
)
EDITIONS = Table(
    name="制页台账",
    since="0.3.0",
    kind=Kind.LEDGER,
    hidden=True,
    help="每次做要交回的页记一行：哪一次新、交回的页是不是这个总表做的；密钥只留在总表；只增不改",
    row_key=("版次", "制表时间"),
    columns=(
        _c("版次", Type.INTEGER, "大的新", width=7),
        _c("制表时间", Type.TIME, width=17),
        _c("密钥", Type.SECRET, "防伪码用的，第一次做页时随机取，以后一直用它", sensitive=True, hidden=True, width=20),
    ),
)
RETURNED = Table(
    name="上报记录",
    since="0.3.0",
    kind=Kind.LEDGER,
    help="每次上报给教育局的数，没有学生姓名；下次上报照它决定哪些数不能给，请不要删；只增不改",
    row_key=("时间", "编号", "群体"),
    columns=(
        _c("时间", Type.TIME, width=17),
        _c("学期", Type.ID, width=14),
        _c("编号", Type.ID, "指标的编号", width=7),
        _c("指标", width=16),
        _c("群体", Type.ID, "全校，或者哪个特殊群体", width=13),
        _c("分子", Type.INTEGER, "空 = 没有给", width=8),
        _c("分母", Type.INTEGER, width=8),
        _c("截至", Type.DATE, "这个数是哪一天的", width=12),
        _c("说明", help="不给、无此表、没有填", width=10),
    ),
)
AWARDS = Table(
    name="荣誉",
    kind=Kind.LEDGER,
    help="确认过的奖项和荣誉，同一学期同一荣誉一人只记一次；只增不改",
    row_key=("日期", "荣誉", "学号"),
    columns=(
        _c("日期", Type.DATE, width=12),
        _c("学期", Type.ID, width=14),
        _c("荣誉", width=20),
        _c("学号", Type.ID, width=13),
        _c("姓名", width=10),
        _c("班级", Type.ID, width=11),
        _c("依据", Type.LONG, width=28),
        _c("确认人", width=12),
    ),
)
DEFECTS = Table(
    name="读取问题",
    kind=Kind.OUTPUT,
    internal=True,
    help="Cells, columns and sheets that could not be read as the schema says.",
    columns=(
        _c("工作表"),
        _c(ROW, Type.INTEGER),  # null: the whole column or sheet
        _c("列"),
        _c("原值"),
        _c("缺陷"),
    ),
)
LAYOUT = Table(
    name="列位置",
    kind=Kind.OUTPUT,
    internal=True,
    help="Where each column stands on its sheet.",
    columns=(_c("工作表"), _c("列"), _c("字母")),
)


class Defect:
    """What DEFECTS can say of a cell, a column or a sheet."""

    NUMBER_AS_ID = "数字当编号"  # an ID cell is a number that has lost digits, or a secret is one: null in the frame
    NOT_A_NUMBER = "不是数字"  # null
    NUMBER_AS_TEXT = "文本数字"  # read, but look at it
    NOT_A_DATE = "不是日期"  # null
    DATE_AS_TEXT = "文本日期"  # read, but look at it
    NOT_A_MARK = "不是分数"  # null
    FORMULA_ERROR = "公式错误"  # null
    MERGED = "合并单元格"  # only its first cell has a value
    MISSING_SHEET = "缺工作表"
    MISSING_COLUMN = "缺列"
    NOT_YET_SHEET = "旧版还没有的工作表"  # missing, since the version that made the workbook had none
    NOT_YET_COLUMN = "旧版还没有的列"
    DOUBLED_COLUMN = "重复列"  # the first one is read


QUALITY = View(
    name="质量分析",
    help="各班各科的平均分、优秀率、及格率、低分率，和年级、和上次比；可直接打印",
    since="0.3.0",
)
SCHOOL_PAGE = View(name="学校一页", help="给校长看的一页：帮扶做得怎样、要过问什么；没有学生姓名", since="0.3.0")
VIEWS: tuple[View, ...] = (SCHOOL_PAGE, QUALITY)

UNREAD = (  # of a cell that is null in the frame
    Defect.FORMULA_ERROR,
    Defect.NUMBER_AS_ID,
    Defect.NOT_A_DATE,
    Defect.NOT_A_NUMBER,
    Defect.NOT_A_MARK,
)
_DECLARED = tuple(value for value in globals().values() if isinstance(value, Table))


def _of_kind(kind: Kind) -> tuple[Table, ...]:
    """The sheets of a kind in the order in which they are declared above, which is that of their tabs."""
    return tuple(table for table in _DECLARED if table.kind is kind and not table.internal)


INPUTS, OUTPUTS = _of_kind(Kind.INPUT), _of_kind(Kind.OUTPUT)
LEDGERS, MEMORIES = _of_kind(Kind.LEDGER), _of_kind(Kind.MEMORY)
TABLES: tuple[Table, ...] = (CONSOLE, *INPUTS, *OUTPUTS[1:], *MEMORIES, *LEDGERS)
BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
