"""What ``xlbangfu`` by itself and ``xlbangfu --help`` show: the commands by what they are for, in the order of a term."""

from __future__ import annotations

from collections.abc import Mapping

from xlbangfu.catalog import ACTIONS, BY_NAME

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("先看看", ("demo", "new", "open", "window")),
    ("开学准备", ("import", "screen", "pair", "plan", "calendar")),
    ("平时", ("validate", "follow")),
    ("考试之后", ("refresh", "pages", "run")),
    ("寄出与收回", ("mail", "mail-login", "collect", "remind")),
    ("学期末", ("honours", "appraise", "slips", "register")),
    ("个人信息", ("person",)),
    ("反悔", ("undo", "restore")),
    ("电脑", ("setup", "doctor", "host", "upgrade")),
)
_LAST = """
第一次用：先运行 xlbangfu demo 看一所虚构学校，再用 xlbangfu new 帮扶总表.xlsm 新建自己的。
一条命令怎么写：xlbangfu 命令 --help，例如 xlbangfu import --help。
退出码：0 正常；1 还有要处理的（校验有错误、邮件没寄成、您没有答应）；2 没能运行（总表没有改动）。"""


def meanings(helps: Mapping[str, str]) -> dict[str, str]:
    """The command that is meant by its own name, or by what its button is called."""
    labels = {action.label: action.called.split()[0] for action in ACTIONS}
    return {name: name for name in helps} | labels


def overview(helps: Mapping[str, str]) -> str:
    """The list, from what each command says of itself."""
    width = max(map(len, helps)) + 2
    lines = []
    for group, names in GROUPS:
        lines += ["", f"{group}：", *(f"    {name:{width}}{_said(name, helps[name])}" for name in names)]
    return "\n".join([*lines[1:], _LAST])


def _said(name: str, help: str) -> str:
    """With the name of the button in front, which is what staff know."""
    label = f"{BY_NAME[name].label}：" if name in BY_NAME else ""
    return help if help.startswith(label) else label + help
