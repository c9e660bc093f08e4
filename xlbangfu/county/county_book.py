"""汇总.xlsx: 汇总 for the whole county, 各校 a row a school, 特殊群体, 趋势 over the terms, 要过问的.

Rows are written as they come and not held (``constant_memory``). Schools stand in the order of 学校代码, never of a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from xlbangfu import house_look
from xlbangfu.county.choosing import KINDS, Question, in_order
from xlbangfu.county.county_figures import SUMS, TERM, County, wide_columns
from xlbangfu.documents.look import columns
from xlbangfu.house_look import A4, BODY, BRAND, FONT, INK, LINE, MUTED, NARROW, TINT
from xlbangfu.rules.indicators import GROUPS, INDICATORS, WHOLE
from xlbangfu.rules.indicators.indicators import SPLIT

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

COUNTY, SCHOOLS, GROUP_SHEET, TREND, ASK = "汇总", "各校", "特殊群体", "趋势", "要过问的"
_LINE = {"bottom": 1, "bottom_color": LINE}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "font_color": BRAND},
    "note": {"font_color": MUTED},
    "head": {"bold": True, "bg_color": TINT, "bottom": 1, "bottom_color": BRAND, "align": "center", "text_wrap": True},
    "text": {"text_wrap": True, "indent": 1, **_LINE},
    "number": {"num_format": "#,##0_ ", "align": "right", **_LINE},  # no indent: beside a bar LibreOffice moves it
    "rate": {"num_format": "0.0%_ ", "align": "right", **_LINE},
}
_SCHOOLS_SCALE, _TREND_SCALE = 75, 80  # percent on paper: nothing below 8 pt, a block of indicators on a page
_NEW_PAGE = ("B1", "B4", "G1", "G5")  # indicators before which a page of 各校 ends
_CHARTS_AT = len(INDICATORS) + 4
Sums = dict[tuple[str, str, str], dict[str, int]]


class CountyReport(Struct, frozen=True, kw_only=True):
    """``schools`` come one frame after the other; what the ``county`` adds up to and ``asked`` are whole when all have come.

    ``questions`` are those that the files themselves ask.
    """

    term: str
    day: date
    files: int
    counted: int
    county: County
    schools: Iterable[pd.DataFrame]
    questions: Sequence[Question]

    @property
    def asked(self) -> list[Question]:
        """All that is to be asked, in order."""
        return in_order([*self.questions, *self.county.jumps])


def write_county(report: CountyReport, path: Path) -> int:
    """The workbook; the answer is how many schools are in it."""
    from xlsxwriter import Workbook

    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(str(path), {**options, **house_look.workbook_options()}) as workbook:
        house_look.put_theme(workbook)
        workbook.set_properties({"title": f"{report.term} 帮扶工作汇总", "author": "xlbangfu"})
        page = _Pages(workbook, report)
        workbook.add_worksheet(COUNTY)  # the first, written when the schools are
        schools = _school_sheet(page)
        assert report.county.sums is not None  # there was a file that counts
        sums = _as_dict(report.county.sums.reset_index())
        _county_sheet(page, sums)
        _group_sheet(page, sums)
        _trend_sheet(page, sums)
        _ask_sheet(page)
    return schools


def _as_dict(sums: pd.DataFrame) -> Sums:
    return {
        (row[TERM], row["编号"], row["群体"]): {name: int(row[name] or 0) for name in SUMS}
        for row in sums.to_dict("records")
    }


class _Pages:
    """The sheets of one workbook and their styles."""

    def __init__(self, workbook: Workbook, report: CountyReport) -> None:
        self.workbook, self.report = workbook, report
        base = {"font_name": FONT, "font_size": BODY, "font_color": INK, "valign": "vcenter"}
        self.styles = {name: workbook.add_format(base | style) for name, style in _STYLES.items()}

    def sheet(
        self, name: str, note: str, widths: Sequence[float], heads: Sequence[str], *, scale: int = 0
    ) -> Worksheet:
        """An A4 sheet with title, note and headings in row 3; as wide as a page, or printed at ``scale`` percent."""
        sheet = self.workbook.get_worksheet_by_name(name) or self.workbook.add_worksheet(name)
        sheet.set_paper(A4)
        sheet.set_landscape()
        if scale:
            sheet.set_print_scale(scale)
        else:
            sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_margins(**house_look.margins(NARROW))
        sheet.set_footer(f'&L&"{FONT}"&10 内部资料，不得公布&C&"{FONT}"&10 第 &P 页 / 共 &N 页')
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.set_row(0, 30)
        sheet.write(0, 0, f"{self.report.term}学期　{name}", self.styles["title"])
        sheet.write(1, 0, note, self.styles["note"])
        if heads:
            sheet.set_row(2, 30)
            sheet.write_row(2, 0, heads, self.styles["head"])
            sheet.repeat_rows(2)
        return sheet

    def bars(self, sheet: Worksheet, first: int, column: int, last: int) -> None:
        """Rates side by side; a bar is as long as the rate, from 0 to 1."""
        if last >= first:
            look = {"type": "data_bar", "bar_solid": True, "bar_color": "#BFD7EA"}
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1}
            sheet.conditional_format(first, column, last, column, look | ends)


def _rate(cell: dict[str, int]) -> float | None:
    return cell["有率分子"] / cell["有率分母"] if cell["有率分母"] else None


def _county_sheet(page: _Pages, sums: Sums) -> None:
    report, styles = page.report, page.styles
    asked = [question.kind for question in report.asked]
    counts = "，".join(f"{kind} {asked.count(kind)}" for kind in KINDS if kind in asked) or "没有要过问的"
    note = f"{_finding(report.term, sums)}{report.counted} 所学校，{report.files} 个文件，{house_look.written(report.day)}做；{counts}。"
    heads = ("编号", "指标", "合计", "分母合计", "率", "给了的学校", "没给的学校", "数的是什么")
    sheet = page.sheet(COUNTY, note, (7, 17, 12, 12, 12, 11, 11, 60), heads)
    for row, one in enumerate(INDICATORS, 3):
        cell = sums.get((report.term, one.number, WHOLE)) or dict.fromkeys(SUMS, 0)
        sheet.write_row(row, 0, (one.number, one.name), styles["text"])
        sheet.write(row, 2, cell["合计"] if cell["给了"] else None, styles["number"])
        sheet.write(row, 3, cell["有率分母"] or None, styles["number"])
        sheet.write(row, 4, _rate(cell), styles["rate"])
        sheet.write_row(row, 5, (cell["给了"], max(report.counted - cell["给了"], 0)), styles["number"])
        sheet.write(row, 7, one.counts, styles["text"])
    page.bars(sheet, 3, 4, len(INDICATORS) + 2)
    sheet.freeze_panes(3, 2)


def _finding(term: str, sums: Sums) -> str:
    """The exact numbers of 控辍保学, which come first."""
    cells = ((one.name, sums.get((term, one.number, WHOLE))) for one in INDICATORS[:3])
    told = [f"{name} {cell['合计']:,} 人" for name, cell in cells if cell and cell["给了"]]
    return f"{'，'.join(told)}。" if told else ""


def _school_sheet(page: _Pages) -> int:
    """Two rows of headings: the indicator over its numbers. On paper the blocks come one after the other, each with the schools."""
    # No wider than the columns that each printed page repeats.
    note = "条的长短是率，不是名次；空着是没给或没有这张表。"
    sheet = page.sheet(SCHOOLS, note, (13, 22), (), scale=_SCHOOLS_SCALE)
    sheet.repeat_columns(0, 1)
    sheet.write_row(2, 0, ("", ""), page.styles["head"])
    rates, column, breaks = {}, 2, []
    for one in INDICATORS:
        width = 3 if one.of else 1
        if one.number in _NEW_PAGE:
            breaks.append(column)
        title = f"{one.number} {one.name}"
        if one.of:
            sheet.merge_range(2, column, 2, column + 2, title, page.styles["head"])
            sheet.set_column(column, column + 2, 8)
            rates[column + 2] = column
        else:
            sheet.write(2, column, title, page.styles["head"])
            sheet.set_column(column, column, 14)
        column += width
    sheet.write_row(3, 0, ("学校代码", "学校", *_heads()), page.styles["head"])
    sheet.set_v_pagebreaks(breaks)
    styles = [page.styles["text" if at < 2 else "rate" if at in rates else "number"] for at in range(column)]
    row = 3
    for row, values in enumerate(_school_rows(page.report.schools), 4):
        _write_row(sheet, row, values, styles)
    for at in rates:
        page.bars(sheet, 4, at, row)
    sheet.freeze_panes(4, 2)
    sheet.repeat_rows(2, 3)
    return row - 3


def _write_row(sheet: Worksheet, row: int, values: Sequence[str | float | None], styles: Sequence[Format]) -> None:
    """As ``sheet.write`` would, which asks of each cell what it is, five times over."""
    for column, (value, style) in enumerate(zip(values, styles, strict=True)):
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, style)
        else:
            sheet.write_number(row, column, value, style)


def _heads() -> list[str]:
    return [name for one in INDICATORS for name in (("人次", "分母", "率") if one.of else ("人次",))]


def _school_rows(frames: Iterable[pd.DataFrame]) -> Iterator[list[Any]]:
    names = wide_columns()
    for frame in frames:
        for code, school, *cells in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
            numbers = dict(zip(names, cells, strict=True))
            row: list[Any] = [code, school]
            for one in INDICATORS:
                part = numbers[one.number]
                row.append(part)
                if one.of:
                    base = numbers[f"{one.number}·分母"]
                    row += [base, part / base if base and part is not None else None]
            yield row


def _group_sheet(page: _Pages, sums: Sums) -> None:
    note = "合计只加给了数的学校；1 人、2 人和能推出 1 人、2 人的数学校没有给，所以合计可能少了，少几所写在后面。"
    heads = ("特殊群体", *(name for one in SPLIT for name in (one.name, "没给的学校")))
    sheet = page.sheet(GROUP_SHEET, note, (16, *(12 for _ in heads[1:])), heads)
    for row, group in enumerate(GROUPS, 3):
        sheet.write(row, 0, group, page.styles["text"])
        for at, one in enumerate(SPLIT):
            cell = sums.get((page.report.term, one.number, group)) or dict.fromkeys(SUMS, 0)
            sheet.write(row, 1 + 2 * at, cell["合计"] if cell["给了"] else None, page.styles["number"])
            sheet.write(row, 2 + 2 * at, max(page.report.counted - cell["给了"], 0), page.styles["number"])
    sheet.freeze_panes(3, 1)


def _trend_sheet(page: _Pages, sums: Sums) -> None:
    terms = sorted({term for term, *_ in sums})
    note = "每学期取各校最后一次上报；有分母的是率，没有分母的是合计。"
    sheet = page.sheet(TREND, note, (7, 17, *(13 for _ in terms)), ("编号", "指标", *terms), scale=_TREND_SCALE)
    for row, one in enumerate(INDICATORS, 3):
        sheet.write_row(row, 0, (one.number, one.name), page.styles["text"])
        for column, term in enumerate(terms, 2):
            cell = sums.get((term, one.number, WHOLE))
            told = None if not cell or not cell["给了"] else _rate(cell) if one.of else cell["合计"]
            sheet.write(row, column, told, page.styles["rate" if one.of else "number"])
    if len(terms) > 1:
        _trend_charts(page, sheet, len(terms))
        sheet.set_h_pagebreaks([_CHARTS_AT - 1])
    sheet.freeze_panes(3, 2)


def _trend_charts(page: _Pages, sheet: Worksheet, terms: int) -> None:
    """One small chart for each rate, four side by side, on a page of their own; those of 帮扶工作 all go up to 100%."""
    rated = [(row, one) for row, one in enumerate(INDICATORS, 3) if one.of]
    for place, (row, one) in enumerate(rated):
        chart = page.workbook.add_chart({"type": "line"})
        last = 1 + terms
        chart.add_series(
            {
                "categories": [TREND, 2, 2, 2, last],
                "values": [TREND, row, 2, row, last],
                "line": {"color": BRAND, "width": 2},
                "marker": {"type": "circle", "size": 5, "fill": {"color": BRAND}, "border": {"color": BRAND}},
            }
        )
        chart.set_title({"name": one.name, "name_font": {"name": FONT, "size": 11, "color": BRAND}})
        chart.set_legend({"none": True})
        ends = {"min": 0, "max": 1, "num_format": "0%"} if one.number[0] == "G" else {"min": 0, "num_format": "0.0%"}
        chart.set_y_axis(ends | {"major_gridlines": {"visible": True, "line": {"color": LINE}}})
        chart.set_size({"width": 240, "height": 180})
        sheet.insert_chart(_CHARTS_AT + 10 * (place // 4), 0, chart, {"x_offset": 246 * (place % 4)})


def _ask_sheet(page: _Pages) -> None:
    heads = ("类别", "学校代码", "学校", "说明", "文件")
    widths = (15, 13, 24, 58, 62)
    sheet = page.sheet(ASK, "一行一件要问学校的事。", widths, heads)
    asked = page.report.asked
    for row, one in enumerate(asked, 3):
        lines = max(
            -(-columns(text) // (width - 1)) for text, width in zip((one.text, one.file), widths[3:], strict=True)
        )
        sheet.set_row(row, house_look.row_height(max(1, int(lines))) + 2)
        for column, text in enumerate((one.kind, one.code, one.school, one.text, one.file)):
            sheet.write_string(row, column, text, page.styles["text"])
    if asked:
        sheet.autofilter(2, 0, len(asked) + 2, len(heads) - 1)
    sheet.freeze_panes(3, 0)
