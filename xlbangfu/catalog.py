"""The actions that exist, in the order of a term, and the commands that are no buttons.

This is the one declaration of each: macros, ribbon, window, command line, its help and the README follow it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xlbangfu.declarations import Action, Option, Tool, Variant
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
    QUALITY,
    RANKING,
    REVIEW,
    SCHEDULE,
    SCHOOL_PAGE,
    SCREENING,
    WEEKLY,
    Table,
)

GROUPS = ("开学准备", "平时", "考试之后", "寄出与收回", "学期末", "个人信息", "反悔")
FIRST, COMPUTER = "先看看", "电脑"  # groups of commands that have no button

EXAM = Option(flag="--exam", metavar="考试编号", default="", help="成绩属于哪次考试（文件里没写时用）")
ANSWERS = Option(flag="--answers", metavar="文件", default="", help="回答问题的 JSON 文件：问题编号 → 回答")
ONLY_SHOW_IMPORT = Option(flag="--dry-run", default=False, help="只看会写什么、问什么，不写")
ONLY_SHOW_COLLECTED = Option(flag="--dry-run", default=False, help="只看会收什么，不写")
QUALITY_EXAM = Option(
    flag="--exam",
    metavar="考试编号",
    default="",
    help="看哪次考试（默认设置里的「质量分析考试」，再没有就是最近的一次）",
)
CLASSES: Option[tuple[str, ...]] = Option(flag="--class", metavar="班级", default=(), help="只做这个班，可写多次")
PDF = Option(flag="--pdf", default=False, help="再各做一份 PDF（用这台电脑上的 Excel 或 LibreOffice）")
RESUME = Option(flag="--resume", default=False, help="接着寄上次没寄完的，不看打 √")
TEST = Option(flag="--test", metavar="邮箱", default="", help="给自己寄一封没有学生资料的测试邮件")
ONLY_LIST = Option(flag="--dry-run", default=False, help="只说会寄给谁，不寄")
CONFIRM: Option[tuple[str, ...]] = Option(
    flag="--confirm",
    metavar="班级=已发|重发",
    default=(),
    help="登记“待确认”的邮件：问过收件人后写 初一1班=已发 或 初一1班=重发，可写多次",
)
BACKUPS = Option(flag="--backups", default=False, help="删除时把有这名学生的备份也删掉")


ACTIONS: tuple[Action, ...] = (
    Action(
        name="import",
        label="导入",
        group="开学准备",
        help="把学校已有的名册、教师、班级、成绩文件（xlsx、xls、ods、csv）读进来；看不准的在“导入核对”里问您，同一份文件再导一次不会重复",
        icon="GetExternalDataFromText",
        run="import_files:import_",
        fills=(REVIEW, PROBLEMS),
        files=("*.xlsx", "*.xlsm", "*.xls", "*.et", "*.ods", "*.csv", "*.txt"),
        files_help="xlsx、xls、et、ods 或 csv",
        command_run="importing:import_files",
        options=(EXAM, ANSWERS, ONLY_SHOW_IMPORT),
    ),
    Action(
        name="screen",
        label="排查",
        group="开学准备",
        help="按成绩和行为评价找出该列入、仍在、可退出的学生，写明理由；看过再打 √",
        icon="FindDialogExcel",
        run="screen_students:screen",
        fills=(PROBLEMS, SCREENING),
        usage="排查：找出该列入、仍在、可退出的学生，写明理由；名册不动",
    ),
    Action(
        name="screen_accept",
        label="采纳排查",
        group="开学准备",
        help="把“排查”里打了 √ 的写进名册，给新列入的学生各建一行档案",
        icon="ReviewAcceptOrRejectChangeDialog",
        run="screen_students:screen_accept",
        fills=(PROBLEMS, SCREENING),
        command="screen",
        switch=Option(flag="--accept", default=False, help="把“排查”里打了 √ 的写进名册"),
        asks="不再问，直接写",
    ),
    Action(
        name="pair",
        label="结对建议",
        group="开学准备",
        help="给每名学生配教师、学习帮手、代管家长，给每班配包班行政；看过再打 √",
        icon="ReviewShareWorkbook",
        run="pair_students:pair",
        fills=(PROBLEMS, PROPOSALS),
        usage="结对建议：给每名学生配教师、帮手、代管家长，给每班配包班行政",
    ),
    Action(
        name="pair_accept",
        label="采纳结对",
        group="开学准备",
        help="把“结对建议”里打了 √ 的写进“结对”",
        icon="ReviewAcceptOrRejectChangeDialog",
        run="pair_students:pair_accept",
        fills=(PROBLEMS, PROPOSALS),
        command="pair",
        switch=Option(flag="--accept", default=False, help="把“结对建议”里打了 √ 的写进“结对”"),
        asks="不再问，直接写",
    ),
    Action(
        name="plan",
        label="制定计划",
        group="开学准备",
        help="给没有计划、没排到学期末的学生写四个阶段的计划，措施按困难类型和学科来；写好的可以改",
        icon="ScenarioManager",
        run="write_plans:plan",
        fills=(PROBLEMS,),
        asks="不再问，直接写进“计划”",
    ),
    Action(
        name="calendar",
        label="日程",
        group="开学准备",
        help="排出每位老师哪天做什么，避开节假日；“周历”一人一周一行；另给每人一个日历文件，Outlook 和手机都能打开",
        icon="HeaderFooterCurrentDate",
        run="make_calendar:calendar",
        fills=(PROBLEMS, SCHEDULE, WEEKLY),
        out="日程",
    ),
    Action(
        name="validate",
        label="校验",
        group="平时",
        help="检查所有工作表，问题列在“校验”里，有问题的格子会变色；点“单元格”跳过去改",
        icon="DataValidation",
        run="validate_book:validate",
        fills=(PROBLEMS,),
        asks="有学生换了班时不再问，其他表里的班级照“名册”改",
    ),
    Action(
        name="follow",
        label="落实与进展",
        group="平时",
        help="每名学生应做、已做几次，谁过期了，三沟通、四优先有没有做到；进步还是退步，谁可以转化",
        icon="ChartTypeLineInsertGallery",
        run="follow_students:follow",
        fills=(PROBLEMS, CONTACTS, PROGRESS),
    ),
    Action(
        name="refresh",
        label="刷新排名",
        group="考试之后",
        help="先校验，再算总分、名次、进退、一分三率和帮扶奖项",
        icon="RefreshAll",
        run="rank_exams:refresh",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES),
    ),
    Action(
        name="quality",
        label="质量分析",
        group="考试之后",
        help="各班各科的平均分和三率，和年级比、和上次比，先说结论，有图；可直接打印，内部资料",
        icon="ChartTypeColumnInsertGallery",
        run="draw_views:quality",
        draws=(QUALITY,),
        options=(QUALITY_EXAM, PDF),
    ),
    Action(
        name="briefing",
        label="学校一页",
        group="考试之后",
        help="给校长看的一页纸：帮扶做得怎样、该过问哪几件事、找谁；没有学生姓名",
        icon="SheetInsertPage",
        run="draw_views:briefing",
        draws=(SCHOOL_PAGE,),
        options=(PDF,),
    ),
    Action(
        name="pages",
        label="班级页",
        group="考试之后",
        help="给每个班做一份 Excel 文件，交给班主任看和填",
        icon="FileSaveAsExcelXlsx",
        run="make_pages:pages",
        out="班级页",
        options=(CLASSES, PDF),
    ),
    Action(
        name="run",
        label="一键完成",
        group="考试之后",
        help="校验、刷新排名、落实与进展、班级页一次做完",
        icon="MacroPlay",
        run="make_pages:run",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES, CONTACTS, PROGRESS),
        out="班级页",
        options=(PDF,),
    ),
    Action(
        name="pdf",
        label="做PDF",
        group="考试之后",
        help="“质量分析”“学校一页”和已经做好的班级页、家长信，各做一份 PDF，放在“PDF”文件夹；用这台电脑上的 Excel 或 LibreOffice",
        icon="FileSaveAsPdfOrXps",
        run="make_pdfs:pdf",
        draws=(QUALITY, SCHOOL_PAGE),
        out="PDF",
    ),
    Action(
        name="mail",
        label="预览邮件",
        group="寄出与收回",
        help="每个班级页寄给谁、附件是什么，先列在“发件箱”里；在“发送”打 √",
        icon="FilePrintPreview",
        run="preview_mail:mail",
        fills=(PROBLEMS, OUTBOX),
        out="邮件",
        usage="每个班级页寄给谁、附件是什么，先列在“发件箱”里；在“发送”打 √；加 --send 就寄出",
    ),
    Action(
        name="send",
        label="发送邮件",
        group="寄出与收回",
        help="把“发件箱”里打了 √ 的寄出去；先问两遍，断了可以接着寄，不会寄两次",
        icon="FileSendAsAttachment",
        run="send_mail:send",
        fills=(OUTBOX,),
        out="邮件",
        command="mail",
        switch=Option(
            flag="--send", default=False, help="把“发件箱”里打了 √ 的寄出去；先问两遍，断了可以接着寄，不会寄两次"
        ),
        asks="两次确认都回答“是”（定时任务用）",
        options=(RESUME,),
        variants=(
            Variant(option=TEST, run="send_trial:send_trial"),
            Variant(option=CONFIRM, run="confirm_mail:confirm_mail"),
            Variant(option=ONLY_LIST, run="list_mail:list_mail"),
        ),
    ),
    Action(
        name="collect",
        label="收回班级页",
        group="寄出与收回",
        help="读进班主任填好的班级页（xlsx、xls，或带附件的邮件 eml），记录和评价写进总表；同一份再收一次不会重复",
        icon="XmlImport",
        run="collect_pages:collect",
        fills=(PROBLEMS,),
        files=("*.xlsx", "*.xls", "*.et", "*.eml"),
        files_help="班级页、放班级页的文件夹，或带附件的邮件 eml",
        asks="不在“运行记录”里的班级页也收，不再问",
        command_run="intake:collect",
        options=(ONLY_SHOW_COLLECTED,),
    ),
    Action(
        name="remind",
        label="催交",
        group="寄出与收回",
        help="过了「收回期限」还没交回班级页的班，各准备一封提醒邮件",
        icon="ReviewNewComment",
        run="remind_classes:remind",
        fills=(OUTBOX,),
        out="邮件",
    ),
    Action(
        name="honours",
        label="评优",
        group="学期末",
        help="期中十星、学业进步生、品德优秀生、奖学金的候选人和依据；看过再打 √",
        icon="ShapeStar",
        run="honour_students:honours",
        fills=(PROBLEMS, HONOURS),
        usage="评优：列出候选人和依据；加 --accept 把打了 √ 的和进步奖记进“荣誉”",
    ),
    Action(
        name="honours_accept",
        label="确认荣誉",
        group="学期末",
        help="把“评优”里打了 √ 的和已评出的进步奖记进“荣誉”，只记一次",
        icon="ReviewAcceptOrRejectChangeDialog",
        run="honour_students:honours_accept",
        fills=(PROBLEMS, HONOURS),
        command="honours",
        switch=Option(flag="--accept", default=False, help="把“评优”里打了 √ 的和已评出的进步奖记进“荣誉”"),
        asks="不再问，直接记",
    ),
    Action(
        name="appraise",
        label="考核",
        group="学期末",
        help="教师和班级的考核分，每一部分怎么来的都写出来，一票否决写明原因",
        icon="ConditionalFormattingIconSetsGallery",
        run="appraise_staff:appraise",
        fills=(PROBLEMS, APPRAISAL),
        usage="考核：教师和班级的考核分，每一部分都列出来",
    ),
    Action(
        name="slips",
        label="家长信",
        group="学期末",
        help="每名学生一页给家长：自己的等级和进步、鼓励、家里能做什么；没有名次",
        icon="SendCopySendToMailRecipient",
        run="write_letters:slips",
        out="家长信",
        options=(CLASSES, PDF),
    ),
    Action(
        name="register",
        label="档案册",
        group="学期末",
        help="把档案、结对、计划、记录、成绩统计成册，一人一页；内部资料，不寄出",
        icon="ReviewProtectWorkbook",
        run="bind_register:register",
        out="档案册",
    ),
    Action(
        name="person_export",
        label="个人信息导出",
        group="个人信息",
        help="一名学生在总表里的全部资料导成一个文件，交给家长或转学时用",
        icon="XmlExport",
        run="export_person:person_export",
        out="个人信息",
        command="person",
    ),
    Action(
        name="person_delete",
        label="个人信息删除",
        group="个人信息",
        help="从每张表删去一名学生；问两遍，并列出哪些班级页、邮件、备份里还有",
        icon="SheetRowsDelete",
        run="delete_person:person_delete",
        command="person",
        options=(BACKUPS,),
    ),
    Action(
        name="undo",
        label="撤销上次",
        group="反悔",
        help="把上一次操作写进总表的内容退回去；之后有人改过的行不动，列给您看",
        icon="Undo",
        run="undo_last:undo",
        asks="不再问，直接退回",
    ),
)
BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
FILLED: frozenset[Table] = frozenset(table for action in ACTIONS for table in action.fills)

_HOSTS = ("excel", "libreoffice")
_BOOK: Option[Path | None] = Option(flag="book", metavar="总表", default=None, reads=Path, help="也查这个总表")
TOOLS: tuple[Tool, ...] = (
    Tool(
        name="demo",
        group=FIRST,
        help="做一所虚构学校，从头到尾跑一遍，告诉您打开什么看",
        run="making:demo",
        options=(
            Option(
                flag="folder", metavar="文件夹", default=Path("帮扶演示"), reads=Path, help="放在哪里（默认 帮扶演示）"
            ),
        ),
    ),
    Tool(
        name="new",
        group=FIRST,
        help="新建一个空白总表；加 --sample 放进一所虚构学校",
        run="making:new",
        on_book=True,
        options=(
            Option(flag="--sample", default=False, help="放进一所虚构学校的数据"),
            Option(flag="--students", default=1200, reads=int, metavar="N", help="虚构学校的学生数（默认 1200）"),
            Option(flag="--classes", default=24, reads=int, metavar="N", help="班级数（默认 24）"),
            Option(flag="--exams", default=4, reads=int, metavar="N", help="考试次数（默认 4）"),
            Option(flag="--logs", default=1000, reads=int, metavar="N", help="帮扶记录条数（默认 1000）"),
            Option(flag="--seed", default=1, reads=int, metavar="N", help="同一个数得到同一所学校（默认 1）"),
            Option(
                flag="--with-problems",
                default=False,
                help="虚构学校里故意放进各种错误，看校验怎么说（V06、V75、V76、V80 除外）",
            ),
            Option(flag="--host", default=None, choices=_HOSTS, help="按钮给哪个软件用（默认看本机）"),
        ),
    ),
    Tool(
        name="open",
        group=FIRST,
        help="打开总表，按钮可以直接用（Linux 上用 LibreOffice，Windows 和 macOS 上用 Excel）",
        run="computer:open_book",
        on_book=True,
    ),
    Tool(
        name="window",
        group=FIRST,
        help="打开帮扶窗口：不用宏、不用命令，点按钮做同样的事",
        run="computer:window",
        options=(replace(_BOOK, help="不写就用上次的"),),
    ),
    Tool(
        name="mail-login",
        group="寄出与收回",
        help="存发件邮箱的授权码（放进系统的钥匙串，不写进总表），先试登录一次",
        run="mailbox:login",
        on_book=True,
    ),
    Tool(
        name="person",
        group="个人信息",
        help="一名学生的个人信息：导出、删除，或列出过了「保存年限」的",
        run="personal_data:person",
        on_book=True,
        options=(
            Option(flag="number", metavar="学号", default="", help="哪名学生"),
            BACKUPS,
            Option(flag="--yes", default=0, counted=True, help="不再问；删除要写两遍 --yes --yes"),
        ),
        one_of=(
            Option(
                flag="--export", metavar="文件夹", default=None, reads=Path, help="把全部资料导成一个文件，放在这里"
            ),
            Option(flag="--delete", default=False, help="从每张表删去；问两遍，不能撤销"),
            Option(flag="--expired", default=False, help="列出过了「保存年限」的学生和行，不改动"),
        ),
    ),
    Tool(
        name="restore",
        group="反悔",
        help="列出备份和每次操作改了什么；用 --take 取回一份",
        run="copies:restore",
        on_book=True,
        options=(Option(flag="--take", default=None, reads=int, metavar="序号", help="取回列表里的第几份"),),
    ),
    Tool(
        name="setup",
        group=COMPUTER,
        help="让这台电脑的按钮能用，在桌面放快捷方式和新总表；可以反复运行",
        run="computer:setup",
        options=(
            Option(
                flag="--keep-alive",
                default=None,
                negatable=True,
                help="程序一直开着等，点按钮更快（Windows）；--no-keep-alive 是关掉",
            ),
            Option(flag="--no-desktop", default=False, help="不在桌面上放东西"),
        ),
    ),
    Tool(
        name="doctor",
        group=COMPUTER,
        help="体检：按钮、窗口、命令为什么不能用（360、火绒、Windows 安全中心拦了也在内），怎么办",
        run="computer:doctor",
        options=(_BOOK,),
    ),
    Tool(
        name="upgrade",
        label="升级总表",
        group=COMPUTER,
        help="升级总表：给旧版的总表补上这一版的表、列、设置项和按钮，填好的和自己加的都不动",
        run="computer:upgrade",
        on_book=True,
    ),
    Tool(
        name="host",
        group=COMPUTER,
        help="把总表里的按钮换成给 Excel 或 LibreOffice 用的，别的都不动",
        run="computer:host",
        on_book=True,
        options=(Option(flag="host", default="", choices=_HOSTS, required=True, help="excel 或 libreoffice"),),
    ),
)
# What 运行记录 calls each thing that is done; the tools among them are no step of a term.
TOOL_LABELS: dict[str, str] = {tool.name: tool.label for tool in TOOLS if tool.label}
LABELS: dict[str, str] = {action.name: action.label for action in ACTIONS} | TOOL_LABELS
