"""The usual way to do the main job, for comparison: pandas and openpyxl, as a careful script of a school would.

One ``pandas.read_excel`` of all sheets, vectorised ranks and class figures, pages of the same content as a class page
by openpyxl, one openpyxl load and save of the master. Pinned: change it only to keep the content equal.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.chart import LineChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

HEAD = PatternFill("solid", fgColor="DDEBF7")
LINE = Border(*(Side(style="thin", color="BFBFBF") for _ in range(4)))
LOG_COLUMNS = [
    "日期",
    "学号",
    "姓名",
    "教师",
    "类型",
    "沟通对象",
    "场所",
    "优先类",
    "时长",
    "内容",
    "优点",
    "不足",
    "效果",
    "下次安排",
]
CONDUCT_COLUMNS = ["月份", "学号", "姓名", "评价人", "学习态度", "作业", "纪律", "品德", "参与", "帮扶满意度", "说明"]
KINDS = '"辅导,谈心,家访,家长沟通,心理咨询,作业面批,活动"'


def ranks(book: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Totals, ranks, z and change, a row per exam and student."""
    subjects = [name for name in book["科目"]["科目"].dropna().unique() if name in book["成绩"].columns]
    scores = book["成绩"].merge(book["名册"][["学号", "帮扶类别"]], on="学号", how="left")
    scores = scores.merge(book["班级"][["班级", "年级"]], on="班级", how="left")
    scores = scores.merge(book["考试"][["考试编号", "日期"]], on="考试编号", how="left")
    marks = scores[subjects].apply(pd.to_numeric, errors="coerce")
    full = book["科目"].groupby("年级")["满分"].sum()
    scores["总分"] = marks.round(3).sum(axis=1)
    scores["得分率"] = scores["总分"] / scores["年级"].map(full)
    taught = book["科目"].groupby("年级")["科目"].count()
    scores["排"] = marks.notna().sum(axis=1) >= scores["年级"].map(taught)
    ranked = scores[scores["排"]]
    by = ranked.groupby(["考试编号", "年级"])["总分"]
    scores["年级名次"] = by.rank(method="min", ascending=False)
    scores["班级名次"] = ranked.groupby(["考试编号", "班级"])["总分"].rank(method="min", ascending=False)
    scores["标准分"] = (ranked["总分"] - by.transform("mean")) / by.transform("std")
    scores["百分位"] = by.rank(method="min") / by.transform("count")
    scores["等级"] = np.select([scores["得分率"] >= line for line in (0.85, 0.7, 0.6, 0.4)], list("ABCD"), "E")
    for subject in subjects:
        scores[f"{subject}名次"] = (
            marks[subject].groupby([scores["考试编号"], scores["年级"]]).rank(method="min", ascending=False)
        )
    scores = scores.sort_values(["日期", "学号"])
    scores["基线名次"] = scores.groupby("学号")["年级名次"].shift()
    scores["进退"] = scores["基线名次"] - scores["年级名次"]
    return scores, subjects


def figures(scores: pd.DataFrame, subjects: list[str], book: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Mean and shares a class, subject and exam."""
    long = scores.melt(["考试编号", "年级", "班级"], subjects, "科目", "分")
    long["分"] = pd.to_numeric(long["分"], errors="coerce")
    long = long.dropna(subset=["分"]).merge(
        book["科目"][["年级", "科目", "优秀线", "及格线", "低分线"]], on=["年级", "科目"]
    )
    long["优秀"], long["及格"], long["低分"] = (
        long["分"] >= long["优秀线"],
        long["分"] >= long["及格线"],
        long["分"] < long["低分线"],
    )
    return long.groupby(["考试编号", "年级", "班级", "科目"], as_index=False).agg(
        人数=("分", "size"),
        平均分=("分", "mean"),
        优秀率=("优秀", "mean"),
        及格率=("及格", "mean"),
        低分率=("低分", "mean"),
    )


def table(sheet: object, top: int, heads: list[str], rows: list[list[object]]) -> None:
    """A header and its rows, with borders."""
    for across, head in enumerate(heads, start=1):
        cell = sheet.cell(top, across, head)  # type: ignore[attr-defined]
        cell.font, cell.fill, cell.border = Font(bold=True), HEAD, LINE
    for down, row in enumerate(rows, start=top + 1):
        for across, value in enumerate(row, start=1):
            cell = sheet.cell(down, across, None if value != value else value)  # type: ignore[attr-defined]
            cell.border, cell.alignment = LINE, Alignment(wrap_text=True, vertical="top")


def page(
    room: str, tracked: pd.DataFrame, history: pd.DataFrame, own: pd.DataFrame, contacts: pd.DataFrame, path: Path
) -> None:
    """One class page of the content that xlbangfu's has."""
    book = Workbook()
    cover = book.active
    cover.title = "封面"
    cover["A1"] = room
    cover["A1"].font = Font(size=20, bold=True)
    table(
        cover,
        3,
        ["要做的事", "谁"],
        [[f"{name} 本周谈心", number] for number, name in tracked[["学号", "姓名"]].values],
    )
    people = book.create_sheet("学生")
    last = contacts.groupby("学号").last()
    table(
        people,
        1,
        ["学号", "姓名", "困难学科", "教师", "上次", "类型"],
        [
            [n, m, s, *(last.loc[n, ["教师", "日期", "类型"]].tolist() if n in last.index else [None] * 3)]
            for n, m, s in tracked[["学号", "姓名", "困难学科"]].values
        ],
    )
    progress = book.create_sheet("进步")
    exams = list(history["考试编号"].unique())
    rates = history.pivot_table(index="学号", columns="考试编号", values="得分率", sort=False)
    rows = [[n, m, *(rates.loc[n].tolist() if n in rates.index else [])] for n, m in tracked[["学号", "姓名"]].values]
    table(progress, 1, ["学号", "姓名", *exams], rows)
    for place in range(len(rows)):
        chart = LineChart()
        chart.height, chart.width = 5, 9
        chart.add_data(Reference(progress, min_col=3, max_col=2 + len(exams), min_row=place + 2), from_rows=True)
        chart.set_categories(Reference(progress, min_col=3, max_col=2 + len(exams), min_row=1))
        progress.add_chart(chart, f"{'ABC'[place % 2 * 2]}{len(rows) + 4 + place // 2 * 11}")
    results = book.create_sheet("成绩")
    latest = own[own["考试编号"].isin(exams[-2:])]
    table(results, 1, list(latest.columns), latest.values.tolist())
    log = book.create_sheet("填报记录")
    table(log, 1, LOG_COLUMNS, [[None] * len(LOG_COLUMNS)] * 40)
    kinds = DataValidation(type="list", formula1=KINDS)
    kinds.add("E2:E41")
    names = DataValidation(type="list", formula1='"' + ",".join(tracked["学号"])[:250] + '"')
    names.add("B2:B41")
    days = DataValidation(type="date", operator="greaterThan", formula1="40000")
    days.add("A2:A41")
    for validation in (kinds, names, days):
        log.add_data_validation(validation)
    conduct = book.create_sheet("填报评价")
    table(conduct, 1, CONDUCT_COLUMNS, [["2026-06", n, m, *[None] * 8] for n, m in tracked[["学号", "姓名"]].values])
    for sheet in (log, conduct):
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.protection = Protection(locked=False)
    for sheet in book.worksheets:
        sheet.protection.sheet = True
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.print_title_rows = "1:1"
        sheet.freeze_panes = "A2"
    book.save(path)


def main(master: Path, out: Path) -> None:
    """Read, rank, make pages, load and save the master."""
    out.mkdir(parents=True, exist_ok=True)
    book = pd.read_excel(master, sheet_name=None, engine="openpyxl", dtype={"学号": str, "工号": str})
    scores, subjects = ranks(book)
    shares = figures(scores, subjects, book)
    roster = book["名册"]
    for room, tracked in roster[roster["帮扶类别"] == "学困"].groupby("班级"):
        history = scores[scores["班级"] == room]
        contacts = book["记录"][book["记录"]["学号"].isin(tracked["学号"])]
        page(room, tracked, history, shares[shares["班级"] == room], contacts, out / f"{room}.xlsx")
    load_workbook(master, keep_vba=True).save(master)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
