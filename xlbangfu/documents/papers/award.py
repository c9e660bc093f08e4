"""奖状: a page for each honour of the term. It names the child and the honour, and no list that the child was on."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from xlbangfu.documents.papers.blocks import Block, Text, each
from xlbangfu.documents.papers.paper import HOME, Filled, Paper
from xlbangfu.documents.papers.paper_source import Source
from xlbangfu.documents.papers.paper_styles import AWARD


def _words() -> Sequence[Block]:
    return each(
        "奖",
        "奖状",
        (
            Text("奖状标题", "奖　状"),
            Text("奖状姓名", "{{ 奖.班级 }}　{{ 奖.姓名 }}　同学："),
            Text("奖状正文", "你在{{ 学期 }}努力上进，表现突出，荣获"),
            Text("奖状荣誉", "{{ 奖.荣誉 }}"),
            Text("奖状正文", "特发此状，以资鼓励。"),
            Text("奖状落款", "{{ 学校 }}"),
            Text("奖状落款", "{{ 日期 }}"),
        ),
    )


def _fills(source: Source) -> Sequence[Filled]:
    settings = source.school.settings
    mine = source.awards.filter(pl.col("学期") == settings.term, pl.col("姓名").is_not_null())
    if source.classes:
        mine = mine.filter(pl.col("班级").is_in(source.classes))
    rows = mine.sort("班级", "学号", "荣誉", nulls_last=True).select("班级", "姓名", "荣誉").rows(named=True)
    return (Filled(values={"奖状": rows}),) if rows else ()


AWARD_PAPER = Paper(
    name="奖状",
    title="奖状",
    help="“荣誉”里本学期的每一项一张，横着的 A4",
    readers=HOME,
    words=_words,
    fills=_fills,
    nothing="“荣誉”里本学期还没有记；先点“评优”，看过打 √，再点“确认荣誉”。",
    page=AWARD,
    by_marks=False,
)
