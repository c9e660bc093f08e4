"""做法与效果 as a part of a paper: the table, and what such a table cannot say."""

from __future__ import annotations

from typing import Any

from xlbangfu.documents.papers.blocks import Block, Column, Table, caption, note, para, when
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.rules.effects import CAUTION, FEWEST, Effect

_COLUMNS = (
    Column(head="做法", cell="{{ 行.做法 }}", width=30),
    Column(head="做了多少", cell="{{ 行.多少 }}", width=34),
    Column(head="学生数", cell="{{ 行.人 }}", width=22, align="right"),
    Column(head="平均变化", cell="{{ 行.平均 }}", width=28, align="right"),
    Column(head="大致范围", cell="{{ 行.区间 }}", width=42, align="center"),
)


def effect_words() -> tuple[Block, ...]:
    return when(
        "效果",
        (
            para("按基线考试到最近一次考试之间做了多少次，把学生分成几组，看各组在年级里的位置平均变了几个百分点。"),
            caption("做法与效果（百分点，正数是进步）"),
            Table(rows="效果", columns=_COLUMNS),
            note(
                f"人数有限，平均变化只是估计，真正的数大致在“大致范围”里（95%区间）；范围里有0的，说不出是升是降。"
                f"不到{FEWEST}人的组不算平均。"
            ),
            para(CAUTION),
        ),
        (para(f"有两次考试可比、又有帮扶记录的学生不到{FEWEST}人，这次不列做法与效果的表。"),),
    )


def effect_values(source: Source) -> dict[str, Any]:
    """Nothing where no group has a figure."""
    found = source.effects
    return {"效果": [_row(one) for one in found if one.students] if any(one.mean is not None for one in found) else []}


def _row(effect: Effect) -> dict[str, Any]:
    known = effect.mean is not None
    return {
        "做法": effect.kind,
        "多少": effect.amount,
        "人": effect.students,
        "平均": signed(effect.mean) if known else "—",
        "区间": f"{signed(effect.low)} 到 {signed(effect.high)}" if known else "人数太少",
    }


def signed(value: float | None) -> str:
    """A change with its sign, which is no hyphen.

    >>> signed(2.5), signed(-0.31), signed(0.0)
    ('+2.5', '−0.3', '0.0')
    """
    if value is None:
        return ""
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"
