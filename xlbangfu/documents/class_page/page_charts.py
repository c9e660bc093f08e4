"""The charts of a page: one in the template, as many in a page as there are students with a trend."""

from __future__ import annotations

import re
from dataclasses import dataclass

from xlbangfu.documents.class_page.page import ClassPage
from xlbangfu.documents.class_page.progress_sheet import chart_data, charted, first_value

_CHART, _DRAWING = "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"
_LINKS, _TYPES = "xl/drawings/_rels/drawing1.xml.rels", "[Content_Types].xml"
_SHEET_LINKS = "xl/worksheets/_rels/sheet3.xml.rels"
_ALL, _NUMBER, _ID, _ROW, _COLUMN, _NEXT, _CATEGORIES, _VALUES = (f"@{at}@" for at in range(8))


@dataclass(frozen=True)
class ChartTemplate:
    """The parts that tell of charts, with tokens where pages differ; ``anchor``, ``link`` and ``type`` are what stands
    once for each chart in the drawing, its relationships and the content types."""

    chart: str
    drawing: str
    anchor: str
    links: str
    link: str
    types: str
    type: str
    sheet_links: str


def take_out(parts: dict[str, str]) -> ChartTemplate:
    """The chart's parts, which then are no longer in ``parts``."""
    drawing, anchor = _one(parts.pop(_DRAWING), r"<xdr:twoCellAnchor.*</xdr:twoCellAnchor>")
    links, link = _one(parts.pop(_LINKS), r"<Relationship .*?/>")
    types, kind = _one(parts.pop(_TYPES), r"<Override [^>]*/charts/chart1\.xml[^>]*/>")
    chart = re.sub(r"<c:strRef>.*</c:strRef>", f"<c:strRef>{_CATEGORIES}</c:strRef>", parts.pop(_CHART))
    return ChartTemplate(
        chart=re.sub(r"<c:numRef>.*</c:numRef>", f"<c:numRef>{_VALUES}</c:numRef>", chart),
        drawing=drawing,
        anchor=_anchor(anchor),
        links=links,
        link=link.replace("rId1", f"rId{_NUMBER}").replace("chart1", f"chart{_NUMBER}"),
        types=types,
        type=kind.replace("chart1", f"chart{_NUMBER}"),
        sheet_links=parts.pop(_SHEET_LINKS),
    )


def _one(part: str, pattern: str) -> tuple[str, str]:
    found = re.search(pattern, part)
    assert found, "XlsxWriter wrote no chart"
    return part.replace(found.group(), _ALL), found.group()


def _anchor(anchor: str) -> str:
    """An anchor that ends where the chart's column ends, however wide a program makes it."""
    anchor = re.sub(r"<xdr:row>\d+<", f"<xdr:row>{_ROW}<", anchor)
    anchor = re.sub(r"<xdr:col>\d+<", f"<xdr:col>{_COLUMN}<", anchor, count=1)
    right = rf"\g<1><xdr:col>{_NEXT}</xdr:col><xdr:colOff>0</xdr:colOff>"
    anchor = re.sub(r"(<xdr:to>)<xdr:col>\d+</xdr:col><xdr:colOff>\d+</xdr:colOff>", right, anchor)
    anchor = re.sub(r'id="\d+" name="[^"]*"', f'id="{_ID}" name="走势 {_NUMBER}"', anchor)
    return anchor.replace("rId1", f"rId{_NUMBER}")


def put_in(page: ClassPage, template: ChartTemplate) -> dict[str, str]:
    """The page's parts that tell of charts."""
    charts = charted(page)
    if not charts:
        return {_TYPES: re.sub(r"<Override [^>]*/drawings/[^>]*/>", "", template.types.replace(_ALL, ""))}
    numbers = [str(number) for number in range(1, len(charts) + 1)]
    column = first_value(page.edition) + len(page.trend)
    anchors = [
        template.anchor.replace(_NUMBER, number)
        .replace(_ID, str(int(number) + 1))
        .replace(_ROW, str(row - 1))
        .replace(_COLUMN, str(column))
        .replace(_NEXT, str(column + 1))
        for number, (row, _) in zip(numbers, charts, strict=True)
    ]
    parts = {
        _TYPES: template.types.replace(_ALL, "".join(template.type.replace(_NUMBER, number) for number in numbers)),
        _DRAWING: template.drawing.replace(_ALL, "".join(anchors)),
        _LINKS: template.links.replace(_ALL, "".join(template.link.replace(_NUMBER, number) for number in numbers)),
        _SHEET_LINKS: template.sheet_links,
    }
    for number, (row, student) in zip(numbers, charts, strict=True):
        categories, values = chart_data(page, row, student)
        parts[f"xl/charts/chart{number}.xml"] = template.chart.replace(_CATEGORIES, categories).replace(_VALUES, values)
    return parts
