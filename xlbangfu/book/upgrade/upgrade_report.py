"""What an upgrade did, told to staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlbangfu import __version__
from xlbangfu.book.upgrade.button_renewal import Tab
from xlbangfu.book.upgrade.page_renewal import OLD, Page
from xlbangfu.book.upgrade.transplant import Upgrade
from xlbangfu.schema import SETTINGS
from xlbangfu.settings import is_heading

NOTHING_TO_DO = f"总表已经是 {__version__} 版，什么也不缺，没有改动。"
_NAMED = 12


def sentence(done: Upgrade) -> str:
    old = done.version.number
    which = f"已补齐到 {__version__} 版" if old == __version__ else f"已从 {old} 版升级到 {__version__} 版"
    return f"总表{which}；填好的内容和自己加的东西都没有动，升级之前的那份在“备份”文件夹里，也可以“撤销上次”。"


def lines(done: Upgrade) -> Iterator[str]:
    """What was added, one line a kind."""
    if done.sheets:
        yield f"新的工作表：{_listed(done.sheets)}"
    for name, renewal in done.renewals.items():
        if renewal.columns:
            yield f"“{name}”新的列（在最右边）：{_listed(renewal.columns)}"
    if items := [name for name in done.settings["项目"] if not is_heading(name)]:
        yield f"“设置”新的项目 {len(items)} 个，按组写在最下面：{_listed(items)}"
    if done.headings.count:
        yield f"“设置”分了组，加了 {done.headings.count} 行标题；原来的次序和内容没有动"
    if done.headings.refusal:
        yield f"“设置”没有加分组的标题：{done.headings.refusal}，加了行怕挪错；不影响使用"
    if done.moved:
        yield f"打 √ 和写备注的列挪到了姓名旁边：{_listed([table.name for table in done.moved])}"
    if done.not_moved:
        yield f"{_listed(done.not_moved)}上有学校自己的内容，列的位置没有动"
    if any(one.way_back for one in done.renewals.values()):
        yield "每张表第一格的标题可以点，点一下回到“控制台”"
    yield from _looks(done)
    yield from _page_and_buttons(done)


def _looks(done: Upgrade) -> Iterator[str]:
    """What is new in columns that were there; the items that 设置 got have theirs with them."""
    old = {name: one for name, one in done.renewals.items() if name != SETTINGS.name or not done.settings.height}
    renewed = [f"{name}·{column}" for name, one in old.items() for column in dict.fromkeys(one.drop_downs)]
    if renewed:
        yield f"新的下拉和输入提示：{_listed(renewed)}"
    formats = [f"{name}·{column}" for name, one in done.renewals.items() for column in one.formats]
    if formats:
        yield f"新的数字格式：{_listed(formats)}"
    if any(one.look for one in done.renewals.values()):
        yield "字体、表头、数字和打印换成了新的样子；学校自己改过样子的格子没有动"
    marks = [name for name, one in done.renewals.items() if one.marks]
    if marks:
        yield f"校验的变色规则换成了新的：{_listed(marks)}"
    if done.names:
        yield f"新的名称（给下拉和“控制台”用）{done.names} 个"
    own = [f"{name}·{column}" for name, one in done.renewals.items() for column in one.own_drop_downs]
    if own:
        yield f"学校自己改过的下拉没有动：{_listed(own)}"


def _page_and_buttons(done: Upgrade) -> Iterator[str]:
    if done.page is Page.BESIDE:
        yield f"“控制台”换成了新的；上面有学校自己的内容，所以原来那张留作“{OLD}”，不要了可以删掉"
    else:
        yield "“控制台”换成了新的"
    if done.page_users:
        yield f"{_listed([f'“{name}”' for name in done.page_users])}里有公式指着“控制台”的格子，那里的位置换了，请看一看"
    if done.macros:
        yield "按钮的宏换成了新的，学校自己的宏没有动"
    if done.tab is Tab.NEW:
        yield "功能区的“帮扶”选项卡换成了新的"
    if done.tab is Tab.THEIRS:
        yield "功能区是学校自己的，没有动；新的按钮在“控制台”上"
    if not done.buttons:
        yield "这份总表里没有宏，所以“控制台”上的按钮点不动；请用帮扶窗口，或者用 xlbangfu new 新建的 .xlsm"


def _listed(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more
