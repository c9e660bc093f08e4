"""The actions that exist, in the order of a term: buttons, macros, commands and the README all follow this list."""

from __future__ import annotations

from dataclasses import dataclass

from xlbangfu.schema import (
    APPRAISAL,
    CLASS_FIGURES,
    CONTACTS,
    HONOURS,
    OUTBOX,
    PRIZES,
    PROBLEMS,
    PROGRESS,
    PROPOSALS,
    RANKING,
    SCHEDULE,
    SCREENING,
    Table,
)

GROUPS = ("开学准备", "平时", "考试之后", "寄出与收回", "学期末", "个人信息", "反悔")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One button: ``name`` is the argument of the macro, ``label`` is what staff see, ``icon`` is one of Excel's own.

    ``out`` is the folder, beside the workbook, that a click puts files in; ``files`` are the kinds of file it asks for.
    """

    name: str
    label: str
    group: str
    help: str
    icon: str
    fills: tuple[Table, ...] = ()
    command: str = ""
    out: str = ""
    files: tuple[str, ...] = ()

    @property
    def macro(self) -> str:
        """The Sub that the button calls.

        >>> ACTIONS[0].macro
        'Bangfu_Import'
        """
        return "Bangfu_" + self.name.capitalize()

    @property
    def called(self) -> str:
        """How the command line calls it.

        >>> BY_NAME["screen_accept"].called
        'screen --accept'
        """
        return self.command or self.name


ACTIONS: tuple[Action, ...] = (
    Action(
        name="import",
        label="导入",
        group="开学准备",
        help="把学校已有的名册、教师、班级、成绩文件（xlsx、xls、csv）读进来；先看清楚再写，同一份文件再导一次不会重复",
        icon="GetExternalDataFromText",
        files=("*.xlsx", "*.xlsm", "*.xls", "*.csv"),
    ),
    Action(
        name="screen",
        label="排查",
        group="开学准备",
        help="按成绩和行为评价找出该列入、仍在、可退出的学生，写明理由；看过再打 √",
        icon="FindDialog",
        fills=(PROBLEMS, SCREENING),
    ),
    Action(
        name="screen_accept",
        label="采纳排查",
        group="开学准备",
        help="把“排查”里打了 √ 的写进名册，给新列入的学生各建一行档案",
        icon="AcceptInvitation",
        fills=(PROBLEMS, SCREENING),
        command="screen --accept",
    ),
    Action(
        name="pair",
        label="结对建议",
        group="开学准备",
        help="给每名学生配教师、学习帮手、代管家长，给每班配包班行政；看过再打 √",
        icon="MeetingsWorkspace",
        fills=(PROBLEMS, PROPOSALS),
    ),
    Action(
        name="pair_accept",
        label="采纳结对",
        group="开学准备",
        help="把“结对建议”里打了 √ 的写进“结对”",
        icon="AcceptInvitation",
        fills=(PROBLEMS, PROPOSALS),
        command="pair --accept",
    ),
    Action(
        name="plan",
        label="制定计划",
        group="开学准备",
        help="给没有计划、没排到学期末的学生写四个阶段的计划，措施按困难类型和学科来；写好的可以改",
        icon="ViewTaskList",
        fills=(PROBLEMS,),
    ),
    Action(
        name="calendar",
        label="日程",
        group="开学准备",
        help="排出每位老师哪天做什么，避开节假日；另给每人一个日历文件，Outlook 和手机都能打开",
        icon="CalendarInsert",
        fills=(PROBLEMS, SCHEDULE),
        out="日程",
    ),
    Action(
        name="validate",
        label="校验",
        group="平时",
        help="检查所有工作表，问题列在“校验”里，有问题的格子会变色；点“单元格”跳过去改",
        icon="DataValidation",
        fills=(PROBLEMS,),
    ),
    Action(
        name="follow",
        label="落实与进展",
        group="平时",
        help="每名学生应做、已做几次，谁过期了，三沟通、四优先有没有做到；进步还是退步，谁可以转化",
        icon="ChartTypeLineInsertGallery",
        fills=(PROBLEMS, CONTACTS, PROGRESS),
    ),
    Action(
        name="refresh",
        label="刷新排名",
        group="考试之后",
        help="先校验，再算总分、名次、进退、一分三率和帮扶奖项",
        icon="RefreshAll",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES),
    ),
    Action(
        name="pages",
        label="班级页",
        group="考试之后",
        help="给每个班做一份 Excel 文件，交给班主任看和填",
        icon="FileSaveAsExcelXlsx",
        out="班级页",
    ),
    Action(
        name="run",
        label="一键完成",
        group="考试之后",
        help="校验、刷新排名、落实与进展、班级页一次做完",
        icon="MacroPlay",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES, CONTACTS, PROGRESS),
        out="班级页",
    ),
    Action(
        name="mail",
        label="预览邮件",
        group="寄出与收回",
        help="每个班级页寄给谁、附件是什么，先列在“发件箱”里；在“发送”打 √",
        icon="FilePrintPreview",
        fills=(PROBLEMS, OUTBOX),
        out="邮件",
    ),
    Action(
        name="send",
        label="发送邮件",
        group="寄出与收回",
        help="把“发件箱”里打了 √ 的寄出去；先问两遍，断了可以接着寄，不会寄两次",
        icon="SendStatusReport",
        fills=(OUTBOX,),
        command="mail --send",
        out="邮件",
    ),
    Action(
        name="collect",
        label="收回班级页",
        group="寄出与收回",
        help="读进班主任填好的班级页（xlsx、xls，或带附件的邮件 eml），记录和评价写进总表；同一份再收一次不会重复",
        icon="ImportSavedImports",
        fills=(PROBLEMS,),
        files=("*.xlsx", "*.xls", "*.et", "*.eml"),
    ),
    Action(
        name="remind",
        label="催交",
        group="寄出与收回",
        help="过了「收回期限」还没交回班级页的班，各准备一封提醒邮件",
        icon="AddReminder",
        fills=(OUTBOX,),
        out="邮件",
    ),
    Action(
        name="honours",
        label="评优",
        group="学期末",
        help="期中十星、学业进步生、品德优秀生、奖学金的候选人和依据；看过再打 √",
        icon="HappyFace",
        fills=(PROBLEMS, HONOURS),
    ),
    Action(
        name="honours_accept",
        label="确认荣誉",
        group="学期末",
        help="把“评优”里打了 √ 的和已评出的进步奖记进“荣誉”，只记一次",
        icon="AcceptInvitation",
        fills=(PROBLEMS, HONOURS),
        command="honours --accept",
    ),
    Action(
        name="appraise",
        label="考核",
        group="学期末",
        help="教师和班级的考核分，每一部分怎么来的都写出来，一票否决写明原因",
        icon="DataFormEnterDetail",
        fills=(PROBLEMS, APPRAISAL),
    ),
    Action(
        name="slips",
        label="家长信",
        group="学期末",
        help="每名学生一页给家长：自己的等级和进步、鼓励、家里能做什么；没有名次",
        icon="EnvelopesAndLabelsDialog",
        out="家长信",
    ),
    Action(
        name="register",
        label="档案册",
        group="学期末",
        help="把档案、结对、计划、记录、成绩统计成册，一人一页；内部资料，不寄出",
        icon="NotebookNew",
        out="档案册",
    ),
    Action(
        name="person_export",
        label="个人信息导出",
        group="个人信息",
        help="一名学生在总表里的全部资料导成一个文件，交给家长或转学时用",
        icon="ExportSavedExports",
        command="person",
        out="个人信息",
    ),
    Action(
        name="person_delete",
        label="个人信息删除",
        group="个人信息",
        help="从每张表删去一名学生；问两遍，并列出哪些班级页、邮件、备份里还有",
        icon="Delete",
        command="person",
    ),
    Action(
        name="undo",
        label="撤销上次",
        group="反悔",
        help="把上一次操作写进总表的内容退回去；之后有人改过的行不动，列给您看",
        icon="Undo",
    ),
)
BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
# What is done to a closed workbook only, so that no button in it stands for it.
ON_CLOSED_ONLY: dict[str, str] = {"upgrade": "升级总表"}
LABELS: dict[str, str] = {action.name: action.label for action in ACTIONS} | ON_CLOSED_ONLY
FILLED: frozenset[Table] = frozenset(table for action in ACTIONS for table in action.fills)
