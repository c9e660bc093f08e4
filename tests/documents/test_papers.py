"""文书: what stands in them is in the workbook, what is for outside names nobody, and a school's template is its own."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from xlbangfu import catalog, sample
from xlbangfu.actions.checked_school import ranks
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.write_papers import month_of
from xlbangfu.documents.papers.blocks import Column, Table, para, title, when
from xlbangfu.documents.papers.briefing import BRIEFING
from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper, common_values
from xlbangfu.documents.papers.paper_files import staged_papers, template_of
from xlbangfu.documents.papers.paper_list import PAPERS
from xlbangfu.documents.papers.paper_source import SOMEBODY, Source
from xlbangfu.documents.papers.paper_styles import LOOKS, OFFICIAL
from xlbangfu.documents.papers.rendering import fill
from xlbangfu.documents.papers.template_file import template_file
from xlbangfu.errors import BadArgument, WriteFailed
from xlbangfu.rules.school import School
from xlbangfu.schema import CONTACTS, LOG, PROGRESS, ROSTER, TEACHERS, YES

MADE = datetime(2026, 6, 30, 9)
BY_NAME = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)


@pytest.fixture(scope="module")
def source() -> Source:
    frames = dict(sample.make(students=160, classes=4, exams=4, logs=300).frames)
    return source_of(School.of(frames, today=MADE.date()))


def source_of(school: School) -> Source:
    ranking = ranks(school).ranking
    follow = followed(school, ranking)
    return Source(
        school=school,
        ranking=ranking,
        contacts=follow[CONTACTS],
        progress=follow[PROGRESS],
        made=MADE,
        month=date(2026, 6, 1),
    )


@pytest.fixture(scope="module")
def made(source: Source) -> dict[str, list[bytes]]:
    """Every paper of the sample, by name."""
    return {paper.name: list(files_of(paper, source)) for paper in PAPERS}


def files_of(paper: Paper, source: Source) -> Iterator[bytes]:
    template = template_file(paper.title, paper.words(), paper.page, made=MADE)
    for one in paper.fills(source):
        yield fill(template, {**common_values(source), **one.values}, name=paper.title, made=MADE)


def words_in(paper: bytes) -> str:
    """All text of a Word file, tables too, as a reader other than the writer's sees it."""
    with zipfile.ZipFile(BytesIO(paper)) as package:
        root = ElementTree.fromstring(package.read("word/document.xml"))
    paragraphs = root.iter(qn("w:p"))
    return "\n".join("".join(part.text or "" for part in paragraph.iter(qn("w:t"))) for paragraph in paragraphs)


def parts_of(paper: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(paper)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_what_can_be_asked_for_are_the_papers_that_there_are() -> None:
    assert tuple(paper.name for paper in PAPERS) == catalog.PAPERS
    assert len({paper.title for paper in PAPERS}) == len(PAPERS)


@BY_NAME
def test_nothing_is_left_to_fill_in(paper: Paper, made: dict[str, list[bytes]]) -> None:
    assert made[paper.name]
    for one in made[paper.name]:
        text = words_in(one)
        assert not re.search(r"\{[{%]|[%}]\}|None|nan", text)
        assert Document(BytesIO(one)).paragraphs


@BY_NAME
def test_fonts_stand_in_styles_only_and_every_style_has_one_for_chinese(
    paper: Paper, made: dict[str, list[bytes]]
) -> None:
    parts = parts_of(made[paper.name][0])
    body = ElementTree.fromstring(parts["word/document.xml"])
    styles = ElementTree.fromstring(parts["word/styles.xml"])

    assert not [*body.iter(qn("w:rFonts")), *body.iter(qn("w:sz"))]
    assert "word/stylesWithEffects.xml" not in parts
    for name in LOOKS:
        (style,) = [one for one in styles.iter(qn("w:style")) if one.get(qn("w:styleId")) == name]
        (fonts,) = style.iter(qn("w:rFonts"))
        assert fonts.get(qn("w:eastAsia")) == LOOKS[name].face
    used = {one.get(qn("w:val")) for one in body.iter(qn("w:pStyle"))}
    assert used <= set(LOOKS)


@BY_NAME
def test_a_paper_tells_nothing_of_who_made_it(paper: Paper, made: dict[str, list[bytes]]) -> None:
    about = Document(BytesIO(made[paper.name][0])).core_properties

    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == about.modified


@BY_NAME
def test_a_paper_for_outside_names_no_student_and_no_list(
    paper: Paper, made: dict[str, list[bytes]], source: Source
) -> None:
    staff = set(source.school[TEACHERS]["姓名"])
    for one in made[paper.name]:
        parts = {name: content.decode("utf-8", "replace") for name, content in parts_of(one).items()}
        assert not any("学困" in text for text in parts.values())
        if paper.readers is OUTSIDE:
            text = words_in(one)
            assert [name for name in source.school[ROSTER]["姓名"] if name in text and name not in staff] == []
            assert [
                number for number in source.school[ROSTER]["学号"] if any(number in part for part in parts.values())
            ] == []


@BY_NAME
def test_an_empty_school_gets_a_sentence_or_a_paper_without_holes(paper: Paper) -> None:
    empty = School.of({}, today=MADE.date())
    papers = list(files_of(paper, source_of(empty)))

    assert papers or paper.nothing
    for one in papers:
        assert not re.search(r"None|nan|、、|（）", words_in(one))


def test_the_briefing_counts_as_a_second_count_does(source: Source, made: dict[str, list[bytes]]) -> None:
    text = words_in(made["简报"][0])
    roster, log = source.school[ROSTER], source.school[LOG]
    listed = [
        row
        for row in roster.iter_rows(named=True)
        if row["帮扶类别"] == "学困" and row["在籍状态"] == "在读" and not row["退出日期"]
    ]
    month = [
        row for row in log.iter_rows(named=True) if f"{row['日期']:%Y-%m}" == "2026-06" and row["日期"] <= MADE.date()
    ]

    assert f"在帮扶学生{len(listed)}人，其中重点{sum(row['重点'] == YES for row in listed)}人" in text
    assert f"共记下帮扶{len(month)}次" in text


def test_a_month_is_read_as_it_is_written() -> None:
    assert month_of("2026年5月", MADE.date()) == month_of("2026-05", MADE.date()) == date(2026, 5, 1)
    for typed in ("2026-13", "五月", "2026"):
        with pytest.raises(BadArgument, match="--month"):
            month_of(typed, MADE.date())


STAFF_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


PLAIN = template_file(
    "试",
    (title("{{ 题 }}"), Table(rows="表", columns=(Column(head="字", cell="{{ 行.字 }}", width=50),))),
    OFFICIAL,
    made=MADE,
)


@settings(max_examples=12, deadline=None)
@given(st.lists(STAFF_TEXT, min_size=1, max_size=3))
def test_whatever_stands_in_a_cell_is_text_and_never_an_instruction(cells: list[str]) -> None:
    paper = fill(PLAIN, {"题": "{{ 7 * 7 }}<w:b/>&", "表": [{"字": cell} for cell in cells]}, name="试", made=MADE)

    assert words_in(paper).startswith("{{ 7 * 7 }}<w:b/>&\n")
    assert len(Document(BytesIO(paper)).tables[0].rows) == 1 + len(cells)


@pytest.mark.parametrize(
    ("text", "says"),
    [("{{ 不认识 }}", "没有“不认识”这一项"), ("{% if %}", "填不进去"), ("{{ ''.__class__.__mro__ }}", "填不进去")],
)
def test_a_template_that_cannot_be_filled_in_is_told_in_a_sentence(text: str, says: str) -> None:
    template = template_file("工作计划", (para(text),), OFFICIAL, made=MADE)

    with pytest.raises(WriteFailed, match=says) as told:
        fill(template, {}, name="工作计划", made=MADE)
    assert "文书模板" in str(told.value)


def test_a_damaged_template_is_told_in_a_sentence() -> None:
    with pytest.raises(WriteFailed, match="模板"):
        fill(b"PK\x03\x04", {}, name="工作计划", made=MADE)


def test_the_schools_own_template_goes_before_the_programs(source: Source, tmp_path: Path) -> None:
    own = template_file("帮扶简报", (title("{{ 学校 }}自己的样子，{{ 在帮扶 }}人"),), OFFICIAL, made=MADE)
    (tmp_path / "帮扶简报.docx").write_bytes(own)
    briefing = BRIEFING

    template = template_of(briefing, tmp_path, source)
    (one,) = briefing.fills(source)
    text = words_in(fill(template, {**common_values(source), **one.values}, name="帮扶简报", made=MADE))
    assert text == f"{source.school.settings.school}自己的样子，{source.listed.height}人"


def test_a_paper_that_staff_have_saved_since_is_not_written_over(source: Source, tmp_path: Path) -> None:
    briefing = BRIEFING
    folder, templates = tmp_path / "文书", tmp_path / "文书模板"

    def make() -> Path:
        with staged_papers(briefing, briefing.fills(source), source, folder, templates) as staged:
            (path,) = staged.files
        return path

    first = make()
    assert make() == first
    opened = Document(str(first))
    opened.add_paragraph("办公室加的话")
    opened.core_properties.modified = datetime(2026, 7, 1)
    opened.save(str(first))
    again = make()
    assert again != first and "办公室加的话" in words_in(first.read_bytes()) and again.is_file()


def test_a_students_name_in_what_staff_typed_becomes_somebody_and_is_told(source: Source) -> None:
    name = max(set(source.school[ROSTER]["姓名"]) - set(source.school[TEACHERS]["姓名"]), key=len)
    mine = replace(source, unnamed=[])

    assert mine.public(f"请{name}发言，学困生座谈") == f"请{SOMEBODY}发言，{source.school.settings.public_name}生座谈"
    assert mine.unnamed and source.unnamed == []


def test_a_chart_is_words_own_and_has_its_figures_beside() -> None:
    bars = [("辅导", 12.0), ("谈心", 7.0)]
    template = template_file("图", (para("{{r 图 }}"), *when("有", (para("{{r 不画 }}"),))), OFFICIAL, made=MADE)
    chart = NativeChart(title="做了多少次", bars=bars)
    parts = parts_of(fill(template, {"图": chart, "不画": chart, "有": False}, name="图", made=MADE))

    assert [name for name in parts if "/charts/" in name and name.endswith(".xml")] == ["word/charts/chart1.xml"]
    drawn = ElementTree.fromstring(parts["word/charts/chart1.xml"])
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    assert [float(value.text or "") for value in drawn.iter(f"{space}v") if (value.text or "").isdigit()] == [12, 7]
    assert not [one for one in drawn.iter(f"{space}showSerName") if one.get("val") != "0"]
    figures = load_workbook(BytesIO(parts["word/embeddings/chart1.xlsx"]))
    assert [*figures.active.iter_rows(values_only=True)] == bars


def test_no_table_is_cut_with_fewer_than_three_rows_on_a_page() -> None:
    columns = (Column(head="字", cell="{{ 行.字 }}", width=50),)
    template = template_file("表", (Table(rows="表", columns=columns), para("完")), OFFICIAL, made=MADE)
    paper = Document(BytesIO(fill(template, {"表": [{"字": str(n)} for n in range(9)]}, name="表", made=MADE)))

    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next or False for row in paper.tables[0].rows]
    assert kept == [True, True, True, False, False, False, False, True, True, False]


def test_a_paper_with_several_files_says_which_is_which(source: Source, tmp_path: Path) -> None:
    several = replace(BRIEFING, words=lambda: (para("{{ 字 }}"),))
    files = [Filled(values={"字": label}, label=label) for label in ("初一1班", "初一2班")]
    with staged_papers(several, files, source, tmp_path, tmp_path) as staged:
        names = [path.name for path in staged.files]
    assert names == ["帮扶简报_初一1班_2025-2026下.docx", "帮扶简报_初一2班_2025-2026下.docx"]
    assert [words_in((tmp_path / name).read_bytes()) for name in names] == ["初一1班", "初一2班"]
