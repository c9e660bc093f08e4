"""Columns of tables that several papers have."""

from __future__ import annotations

from xlbangfu.documents.papers.blocks import Column

YEARS = (
    Column(head="年级", cell="{{ 行.年级 }}", width=32),
    Column(head="在帮扶", cell="{{ 行.在帮扶 }}", width=24, align="right"),
    Column(head="有进步", cell="{{ 行.有进步 }}", width=24, align="right"),
    Column(head="退步", cell="{{ 行.退步 }}", width=24, align="right"),
    Column(head="落实率", cell="{{ 行.落实率 }}", width=26, align="right"),
    Column(head="过期", cell="{{ 行.过期 }}", width=26, align="right"),
)
LEADERS = (
    Column(head="职务", cell="{{ 行.职务 }}", width=30),
    Column(head="姓名", cell="{{ 行.姓名 }}", width=30),
    Column(head="职责", cell="{{ 行.职责 }}", width=96),
)
MEANS = (
    Column(head="类别", cell="{{ 行.类别 }}", width=18),
    Column(head="事项", cell="{{ 行.事项 }}", width=48),
    Column(head="金额（元）", cell="{{ 行.金额 }}", width=26, align="right"),
    Column(head="责任人", cell="{{ 行.责任人 }}", width=24),
    Column(head="预案或状态", cell="{{ 行.预案 }}", width=40),
)
KINDS = (
    Column(head="做法", cell="{{ 行.类型 }}", width=32),
    Column(head="次数", cell="{{ 行.次 }}", width=24, align="right"),
    Column(head="帮到（人）", cell="{{ 行.人 }}", width=30, align="right"),
    Column(head="应做（次）", cell="{{ 行.应做 }}", width=34, align="right"),
    Column(head="落实率", cell="{{ 行.落实率 }}", width=36, align="right"),
)
EVENTS = (
    Column(head="日期", cell="{{ 行.日期 }}", width=30),
    Column(head="类别", cell="{{ 行.类别 }}", width=30),
    Column(head="内容", cell="{{ 行.内容 }}", width=96),
)
