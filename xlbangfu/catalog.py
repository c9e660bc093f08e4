"""The actions that exist, in the order of a term: buttons, macros, commands and the README all follow this list."""

from __future__ import annotations

from dataclasses import dataclass

from xlbangfu.schema import CLASS_FIGURES, PRIZES, PROBLEMS, RANKING, Table

GROUPS = ("开学准备", "平时", "考试之后", "反悔")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One button: ``name`` is the command and the argument of the macro, ``label`` is what staff see."""

    name: str
    label: str
    group: str
    help: str
    fills: tuple[Table, ...] = ()

    @property
    def macro(self) -> str:
        """The Sub that the button calls.

        >>> ACTIONS[0].macro
        'Bangfu_Import'
        """
        return "Bangfu_" + self.name.capitalize()


ACTIONS: tuple[Action, ...] = (
    Action(
        name="import",
        label="导入",
        group="开学准备",
        help="把学校已有的名册、教师、班级、成绩文件（xlsx、xls、csv）读进来；先看清楚再写，同一份文件再导一次不会重复",
    ),
    Action(
        name="validate",
        label="校验",
        group="平时",
        help="检查所有工作表，问题列在“校验”里，有问题的格子会变色；点“单元格”跳过去改",
        fills=(PROBLEMS,),
    ),
    Action(
        name="refresh",
        label="刷新排名",
        group="考试之后",
        help="先校验，再算总分、名次、进退、一分三率和帮扶奖项",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES),
    ),
    Action(
        name="pages",
        label="班级页",
        group="考试之后",
        help="给每个班做一份 Excel 文件，交给班主任看和填",
        fills=(),
    ),
    Action(
        name="run",
        label="一键完成",
        group="考试之后",
        help="校验、刷新排名、班级页一次做完",
        fills=(PROBLEMS, RANKING, PRIZES, CLASS_FIGURES),
    ),
    Action(
        name="undo",
        label="撤销上次",
        group="反悔",
        help="把上一次操作写进总表的内容退回去；之后有人改过的行不动，列给您看",
    ),
)
BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}
FILLED: frozenset[Table] = frozenset(table for action in ACTIONS for table in action.fills)
