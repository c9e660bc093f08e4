"""Views as they stand on paper: charts beside each other, words at their bars, the number of the page, headings of any length."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.support.views_made import DAY, MADE, school_content
from xlbangfu.documents.views import quality_view
from xlbangfu.documents.views.quality_grid import Place, most_in_a_band
from xlbangfu.documents.views.view_look import pixels
from xlbangfu.ooxml.package import Package
from xlbangfu.rules.class_quality import MEAN, Exam, YearQuality
from xlbangfu.rules.exam_papers import TOTAL
from xlbangfu.rules.quality_findings import signed
from xlbangfu.settings import Settings

EMU = 9525  # of a pixel
SUBJECTS = ("语文", "数学", "英语", "物理", "化学", "生物", "历史", "地理", "道德与法治", "信息技术", "音乐", "美术")


def year(subjects: int, differences: dict[str, float]) -> YearQuality:
    """An exam of which the totals of the classes are so far from that of the 年级."""
    papers = (*SUBJECTS[:subjects], TOTAL)
    figures: dict[tuple[str, str | None, str, str], float] = {("期末", None, name, MEAN.name): 500.0 for name in papers}
    figures |= {("期末", room, TOTAL, MEAN.name): 500.0 + more for room, more in differences.items()}
    exam = Exam(key="期末", name="期末", kind="期末", term="2025-2026下", day=date(2026, 6, 24))
    return YearQuality("初一", (exam,), papers, tuple(differences), figures, {})


def drawn(one: YearQuality) -> tuple[Package, str]:
    """The workbook and the text of its drawing."""
    package = Package(quality_view([one], Settings(), today=DAY, made=MADE))
    return package, package.archive.read("xl/drawings/drawing1.xml").decode()


def places(drawing: str, widths: tuple[float, ...]) -> list[tuple[float, float, int, int]]:
    """Left and right edge in pixels, first and last row, of each chart."""
    found = re.findall(
        r"<xdr:col>(\d+)</xdr:col><xdr:colOff>(\d+)</xdr:colOff><xdr:row>(\d+)</xdr:row>.*?"
        r"<xdr:col>(\d+)</xdr:col><xdr:colOff>(\d+)</xdr:colOff><xdr:row>(\d+)</xdr:row>",
        drawing,
    )
    numbers = [tuple(map(int, one)) for one in found]
    edges = [
        (pixels(widths[:left]) + more / EMU, pixels(widths[:right]) + far / EMU, top, bottom)
        for left, more, top, right, far, bottom in numbers
    ]
    assert len(edges) == 2
    return edges


@pytest.mark.parametrize("subjects", range(1, len(SUBJECTS) + 1))
def test_no_chart_lies_over_the_other_or_over_the_edge_of_the_paper(subjects: int) -> None:
    one = year(subjects, {"1班": 3.0, "2班": -3.0})
    _, drawing = drawn(one)
    widths = Place(most_in_a_band([one])).widths
    first, second = places(drawing, widths)

    assert max(first[1], second[1]) <= pixels(widths)
    assert first[1] <= second[0] or first[3] <= second[2]


@limits(max_examples=15, deadline=None)
@given(
    st.integers(1, 9),
    st.lists(st.integers(-9999, 9999).map(lambda number: number / 10), min_size=2, max_size=4),
    st.sampled_from(["1班", "高二(12)班", "阳光中学初三年级16班"]),
)
def test_the_longest_bar_has_room_for_its_label(subjects: int, differences: list[float], room: str) -> None:
    one = year(subjects, {f"{room}{place}": number for place, number in enumerate(differences)})
    package, drawing = drawn(one)
    far = re.search(r'<c:max val="([\d.]+)"', package.archive.read("xl/charts/chart1.xml").decode())
    largest = max(map(abs, differences))
    if far is None:
        assert not largest
        return
    left, right, *_ = places(drawing, Place(most_in_a_band([one])).widths)[0]
    half = (right - left - 15 * len(f"{room}0")) / 2  # a sign of 11 points is 15 pixels wide
    label = 15 + 9 * (len(signed(largest)) - 1)

    assert half * (1 - largest / float(far[1])) >= min(label, half * 0.1)


def test_a_sheet_of_one_page_numbers_itself_and_does_not_count_the_workbook() -> None:
    sheet = Package(school_content()).archive.read("xl/worksheets/sheet1.xml").decode()
    footer = unescape(re.findall("<oddFooter>(.*?)</oddFooter>", sheet)[0])

    assert "第 1 页 / 共 1 页" in footer
    assert "&P" not in footer
    assert "&N" not in footer
    assert 'fitToHeight="0"' not in sheet


@pytest.mark.parametrize("subjects", [1, 2, 3, 9])
def test_a_finding_is_not_cut_at_the_edge_of_the_paper(subjects: int) -> None:
    one = year(subjects, {f"九年级国际课程{n}班": -5.0 for n in range(3)} | {"1班": 15.0})
    sheet = openpyxl.load_workbook(BytesIO(quality_view([one], Settings(), today=DAY, made=MADE))).worksheets[0]
    widths = Place(most_in_a_band([one])).widths
    cell = sheet["A2"]
    text = str(cell.value)
    needed = 2.1 * len(text) * float(cell.font.size) / 11  # digits of the default font

    assert "低得最多" in text
    assert cell.alignment.wrap_text
    assert any(area.min_row == 2 and area.max_col == len(widths) for area in sheet.merged_cells.ranges)
    assert float(sheet.row_dimensions[2].height or 0) >= needed / sum(widths) * float(cell.font.size) * 1.2
