"""The sheets in four groups, as 控制台 lists them and as they are shown and put away; 控制台 and 设置 are always there."""

from __future__ import annotations

from xlbangfu.schema import (
    CLASSES,
    CONSOLE,
    INPUTS,
    LEDGERS,
    MEMORIES,
    OUTPUTS,
    ROSTER,
    SETTINGS,
    TABLES,
    TEACHERS,
    Table,
)

ALWAYS = (CONSOLE, SETTINGS)
_SCHOOL = ("设置", "组织", "保障", "校历", "科目", TEACHERS.name, CLASSES.name, "口令", ROSTER.name)

GROUPS: dict[str, tuple[Table, ...]] = {
    "学校名单": tuple(table for table in INPUTS if table.name in _SCHOOL),
    "帮扶与成绩": tuple(table for table in INPUTS if table.name not in _SCHOOL),
    "算出的结果": tuple(table for table in OUTPUTS if table is not CONSOLE),
    "各种记录": tuple(table for table in (*MEMORIES, *LEDGERS) if not table.hidden),
}


def group_of(name: str) -> tuple[Table, ...]:
    """The sheets of a group that can be put away; without a name those of all."""
    return tuple(table for table in GROUPS.get(name, TABLES) if table not in ALWAYS and not table.hidden)
