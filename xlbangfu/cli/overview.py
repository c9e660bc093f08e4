"""What ``xlbangfu`` by itself and ``xlbangfu --help`` show: the commands by what they are for, in the order of a term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from xlbangfu.catalog import ACTIONS, LABELS, TOOL_LABELS
from xlbangfu.cli.commands import Command

_LAST = """
第一次用：先运行 xlbangfu demo 看一所虚构学校，再用 xlbangfu new 帮扶总表.xlsm 新建自己的。
一条命令怎么写：xlbangfu 命令 --help，例如 xlbangfu import --help。
点按钮没反应，或 360、火绒、Windows 安全中心弹出“阻止 Excel 运行程序”：先用 xlbangfu window 做同样的事，再看 xlbangfu doctor。
退出码：0 正常；1 还有要处理的（校验有错误、邮件没寄成、您没有答应）；2 没能运行（总表没有改动）。"""


def meanings(names: Iterable[str]) -> dict[str, str]:
    """The command that is meant by its own name, or by what its button is called."""
    labels = {action.label: action.command_name for action in ACTIONS}
    tools = {label: name for name, label in TOOL_LABELS.items()}
    return {name: name for name in names} | labels | tools


def overview(commands: Mapping[str, Command]) -> str:
    """The list, from what each command says of itself."""
    width = max(map(len, commands)) + 2
    lines = []
    for group, those in groupby(commands.values(), key=lambda command: command.group):
        lines += ["", f"{group}：", *(f"    {one.name:{width}}{_summary(one)}" for one in those)]
    return "\n".join([*lines[1:], _LAST])


def _summary(command: Command) -> str:
    """With the name of the button in front, which is what staff know."""
    label = f"{LABELS[command.name]}：" if command.name in LABELS else ""
    return command.help if command.help.startswith(label) else label + command.help
