"""控辍保学月报: who stayed away, was sought and came back in a month, by 年级 and 特殊群体. For outside, without names of students.

The school's figures are exact and 0 is 0; of a special group no number says 1 or 2, nor does the school's tell (DOMAIN rules 14 and 15).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from xlbangfu.documents.papers.blocks import Block, Column, Table, caption, note, para, part, signed, title, when
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.rules.dropout_months import COUNTS, GRADE, SCHOOL, dropout_months
from xlbangfu.rules.indicators.small_cells import SMALL
from xlbangfu.rules.special_groups import GROUP

_FEWER = f"不足{max(SMALL) + 1}"
_SHOWN = tuple(name for name in COUNTS if name != "帮扶")


def _columns(of: str) -> Sequence[Column]:
    first = Column(head=of, cell="{{ 行.名称 }}", width=37)
    return (first, *(Column(head=name, cell=f"{{{{ 行.{name} }}}}", width=17, align="right") for name in _SHOWN))


def _words() -> Sequence[Block]:
    return (
        title("{{ 学校 }}\n{{ 月份 }}控辍保学月报"),
        part("一、本月情况"),
        para(
            "到{{ 截止 }}，我校义务教育阶段在籍学生{{ 全校.在籍 }}人。本月疑似辍学{{ 全校.疑似 }}人，劝返{{ 全校.劝返次数 }}次，"
            "复学{{ 全校.复学 }}人，转出{{ 全校.转出 }}人，辍学{{ 全校.辍学 }}人；月末还在劝返{{ 全校.劝返中 }}人。"
        ),
        *when(
            "全校.劝返中 or 全校.辍学",
            (para("还在劝返和已经辍学的，逐人落实责任人，劝返一次记一次，按规定上报；名单另存学校，不随本表报送。"),),
            (para("本月没有还在劝返的学生，也没有学生辍学。"),),
        ),
        part("二、各年级"),
        *when(
            "年级",
            (caption("各年级控辍保学情况"), Table(rows="年级", columns=_columns("年级"))),
            (para("还没有年级的数字。"),),
        ),
        part("三、特殊群体"),
        *when(
            "群体",
            (
                caption("特殊群体控辍保学情况"),
                Table(rows="群体", columns=_columns("群体")),
                note(
                    "一名学生可以属于几个群体。1、2 不写出来，用“不足3”代替；和全校只差 1、2 的，全校只有 1、2 的，写“—”。"
                ),
            ),
            (para("“名册”的“特殊群体”还没有填。"),),
        ),
        *signed(),
    )


def _fills(source: Source) -> Sequence[Filled]:
    from xlbangfu.house_look import written

    month = dropout_months(source.school).filter(pl.col("月份") == f"{source.month:%Y-%m}")
    whole = month.filter(pl.col("范围") == SCHOOL)
    if not whole.height:
        return ()
    totals = whole.row(0, named=True)
    until = min(source.month_end, source.school.today)
    values: dict[str, Any] = {
        "月份": f"{source.month.year}年{source.month.month}月",
        "截止": written(until),
        "全校": totals,
        "年级": month.filter(pl.col("范围") == GRADE).select("名称", *_SHOWN).to_dicts(),
        "群体": [
            _told(row, totals) for row in month.filter(pl.col("范围") == GROUP).select("名称", *_SHOWN).to_dicts()
        ],
    }
    return (Filled(values=values, label=f"{source.month:%Y-%m}"),)


def _told(row: dict[str, Any], totals: dict[str, Any]) -> dict[str, Any]:
    """The row of a group without what tells of one or two: small numbers, all but small ones, and all where the school has a small one."""

    def said(name: str, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        if totals[name] in SMALL or totals[name] - value in SMALL:
            return "—"
        return _FEWER if value in SMALL else value

    return {name: said(name, value) for name, value in row.items()}


DROPOUT_REPORT = Paper(
    name="月报",
    title="控辍保学月报",
    help="一个月里疑似、劝返、复学、转出、辍学的人数，按年级和特殊群体",
    readers=OUTSIDE,
    words=_words,
    fills=_fills,
    nothing="这个月不在本学期里，或者还没有学生，没有可以写的。",
    by_marks=False,
)
