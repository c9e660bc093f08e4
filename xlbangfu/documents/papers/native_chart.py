"""A chart of a paper as Word has it: DrawingML with its figures beside, which Word and WPS show and staff can change."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from xlbangfu.house_look import BAD, BRAND, PAST

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FACE = "宋体"
_MM = 36000  # EMU
_ALWAYS = datetime(2020, 1, 1)  # the same figures make the same file
_SHEET = "数据"
_SHOWN = b'<c:showVal val="1"/>'  # Word shows whatever is not said to be hidden
_HIDDEN = (
    b'<c:showLegendKey val="0"/>',
    b"".join(b'<c:show%s val="0"/>' % part for part in (b"CatName", b"SerName", b"Percent", b"BubbleSize")),
)


class NativeChart(Struct, frozen=True, kw_only=True):
    """Bars of one measure, in the order given, the last of which stands out where the others are ``earlier``; ``size`` is width
    and height in millimetres, ``unit`` a number format. ``words`` stand over the bars in place of their numbers; ``goal`` is the
    height of a line across them, of which the title tells."""

    title: str
    bars: Sequence[tuple[str, float]]
    kind: str = "column"
    earlier: bool = False
    unit: str = "General"
    size: tuple[float, float] = (150, 68)
    words: Sequence[str] = ()
    goal: float | None = None

    @property
    def told(self) -> Sequence[str]:
        """What it shows, for who cannot see it."""
        shown = self.words or [f"{value:g}" for _, value in self.bars]
        return [f"{name} {value}" for (name, _), value in zip(self.bars, shown, strict=True)]

    def on(self, template: DocxTemplate, number: int) -> ShownChart:
        """What stands in its place in a paper; ``number`` tells it from the others."""
        return ShownChart(self, template, number)

    def parts(self) -> tuple[bytes, bytes]:
        """The workbook of the figures, and the chart, in which ``{link}`` stands for the way to it."""
        book = self._book()
        with zipfile.ZipFile(BytesIO(book)) as package:
            chart = package.read("xl/charts/chart1.xml")
        outside = b'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'
        chart = chart.replace(b"<c:printSettings", outside + b"<c:printSettings", 1)
        return book, chart.replace(_SHOWN, _HIDDEN[0] + _SHOWN + _HIDDEN[1])

    def _book(self) -> bytes:
        from xlsxwriter import Workbook

        content = BytesIO()
        with Workbook(content, {"in_memory": True}) as book:
            book.set_properties({"created": _ALWAYS})
            sheet = book.add_worksheet(_SHEET)
            for row, bar in enumerate(self.bars):
                sheet.write_row(row, 0, (*bar, self.goal) if self.goal else bar)
            sheet.insert_chart(0, 3, self._draw(book))
        return content.getvalue()

    def _draw(self, book: Any) -> Any:
        chart = book.add_chart({"type": self.kind})
        last = len(self.bars) - 1
        colours = [PAST if self.earlier else BRAND] * last + [BRAND]
        chart.add_series(
            {
                "categories": [_SHEET, 0, 0, last, 0],
                "values": [_SHEET, 0, 1, last, 1],
                "points": [{"fill": {"color": colour}} for colour in colours],
                "gap": 60,
                "data_labels": {
                    "value": True,
                    "num_format": self.unit,
                    "position": "outside_end",
                    "font": _font(10.5),
                    **({"custom": [{"value": word} for word in self.words]} if self.words else {}),
                },
            }
        )
        if self.goal:
            chart.combine(self._goal_line(book))
        chart.set_title({"name": self.title, "name_font": {**_font(12), "bold": False}, "overlay": False})
        chart.set_legend({"none": True})
        names, values = (
            (chart.set_y_axis, chart.set_x_axis) if self.kind == "bar" else (chart.set_x_axis, chart.set_y_axis)
        )
        values({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": self._highest})
        names(
            {"num_font": _font(10.5), "line": {"color": PAST}, "major_tick_mark": "none", "reverse": self.kind == "bar"}
        )
        chart.set_chartarea({"border": {"none": True}})
        return chart

    def _goal_line(self, book: Any) -> Any:
        line, last = book.add_chart({"type": "line"}), len(self.bars) - 1
        line.add_series(
            {
                "categories": [_SHEET, 0, 0, last, 0],
                "values": [_SHEET, 0, 2, last, 2],
                "line": {"color": BAD, "width": 1.5, "dash_type": "dash"},
                "marker": {"type": "none"},
            }
        )
        return line

    @property
    def _highest(self) -> float:
        """Room above the longest bar, or the goal, for its label."""
        return max([value for _, value in self.bars] + [self.goal or 0], default=1) * 1.18 or 1


class ShownChart(Struct, frozen=True):
    """The run that shows a chart; its parts go into the paper when it is written, and not where a template leaves it out."""

    chart: NativeChart
    template: DocxTemplate
    number: int

    def _put(self) -> str:
        """The chart and its figures as parts of the paper; the answer is the way to it."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        book, chart = self.chart.parts()
        paper: Any = self.template.docx.part
        figures = Part(PackURI(f"/word/embeddings/chart{self.number}.xlsx"), _BOOK, book, paper.package)
        drawing: Any = Part(PackURI(f"/word/charts/chart{self.number}.xml"), _CHART, chart, paper.package)
        link = drawing.relate_to(figures, RELATIONSHIP_TYPE.PACKAGE)
        drawing._blob = chart.replace(b"{link}", link.encode())
        return str(paper.relate_to(drawing, RELATIONSHIP_TYPE.CHART))

    def __html__(self) -> str:
        from markupsafe import escape

        width, height = (int(side * _MM) for side in self.chart.size)
        told = "；".join(self.chart.told)
        about = f'id="{1000 + self.number}" name="图{self.number}" descr="{escape(self.chart.title)}：{escape(told)}"'
        return (
            '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
            f'distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr {about}/>'
            '<wp:cNvGraphicFramePr/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
            '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
            f'xmlns:r="{_LINK}" r:id="{self._put()}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )


def _font(size: float) -> dict[str, Any]:
    return {"name": _FACE, "size": size, "color": "#000000"}
