"""文书: what stands in them is in the workbook, what is for outside names nobody, and a school's template is its own."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.support.drawn import school as drawn
from xlbangfu import catalog, sample
from xlbangfu.actions.checked_school import ranks
from xlbangfu.actions.follow_students import followed
from xlbangfu.actions.paper_choice import month_of
from xlbangfu.documents.papers.blocks import Column, Table, para, title, when
from xlbangfu.documents.papers.briefing import BRIEFING
from xlbangfu.documents.papers.dropout_report import DROPOUT_REPORT
from xlbangfu.documents.papers.inspection_list import INSPECTION_LIST
from xlbangfu.documents.papers.native_chart import NativeChart
from xlbangfu.documents.papers.paper import OUTSIDE, Filled, Paper, values_of
from xlbangfu.documents.papers.paper_files import staged_papers, template_of
from xlbangfu.documents.papers.paper_list import PAPERS
from xlbangfu.documents.papers.paper_source import SOMEBODY, Source
from xlbangfu.documents.papers.paper_styles import LOOKS, OFFICIAL
from xlbangfu.documents.papers.rendering import fill
from xlbangfu.documents.papers.student_plan import STUDENT_PLAN
from xlbangfu.documents.papers.template_file import template_file
from xlbangfu.documents.papers.turned_case import TURNED_CASE
from xlbangfu.documents.papers.unnaming import Names
from xlbangfu.documents.papers.work_summary import WORK_SUMMARY
from xlbangfu.documents.privacy import LEFT_OUT
from xlbangfu.errors import BadArgument, WriteFailed
from xlbangfu.rules.school import School
from xlbangfu.schema import (
    ABSENCES,
    AWARDS,
    CONTACTS,
    EXAMS,
    FILES,
    LOG,
    PAIRINGS,
    PLANS,
    PROGRESS,
    RANKING,
    RECALLS,
    ROSTER,
    TEACHERS,
    YES,
)

MADE = datetime(2026, 6, 30, 9)
BY_NAME = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)


@pytest.fixture(scope="module")
def source() -> Source:
    """A school in which some have left the list, with their guardians' consent, and some were honoured."""
    frames = dict(sample.make(students=160, classes=4, exams=4, logs=300).frames)
    roster = frames[ROSTER]
    left = roster.filter(pl.col("帮扶类别") == "学困")["学号"][:2].implode()
    frames[ROSTER] = roster.with_columns(
        退出日期=pl.when(pl.col("学号").is_in(left)).then(pl.lit(date(2026, 6, 20))).otherwise("退出日期")
    )
    frames[FILES] = frames[FILES].with_columns(监护人同意=pl.lit("是"))
    honoured = roster.head(3).select(
        "学号", "姓名", "班级", 学期=pl.lit("2025-2026下"), 荣誉=pl.lit("学困生进步一等奖")
    )
    made = source_of(School.of(frames, today=MADE.date()))
    return replace(made, awards=pl.concat([AWARDS.empty(), honoured], how="diagonal_relaxed"))


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
        yield fill(template, values_of(paper, one, source), name=paper.title, made=MADE)


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
        if row["帮扶类别"] == "学困"
        and row["在籍状态"] == "在读"
        and not (row["退出日期"] and row["退出日期"] <= MADE.date())
    ]
    month = [
        row for row in log.iter_rows(named=True) if f"{row['日期']:%Y-%m}" == "2026-06" and row["日期"] <= MADE.date()
    ]

    assert f"在帮扶学生{len(listed)}人，其中重点{sum(row['重点'] == YES for row in listed)}人" in text
    assert f"共记下帮扶{len(month)}次" in text


def test_the_same_paper_made_later_is_the_same_file(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    once = list(files_of(WORK_SUMMARY, source))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert list(files_of(WORK_SUMMARY, source)) == once


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
    text = words_in(fill(template, values_of(briefing, one, source), name="帮扶简报", made=MADE))
    assert text == f"{source.school.settings.school}自己的样子，{source.listed.height}人"


def test_a_paper_that_staff_have_saved_since_is_not_written_over(source: Source, tmp_path: Path) -> None:
    briefing = BRIEFING
    folder, templates = tmp_path / "文书", tmp_path / "文书模板"

    def make() -> Path:
        with staged_papers((briefing,), replace(source, there=[]), folder, templates) as staged:
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


@settings(max_examples=60, deadline=None)
@given(st.sets(st.text("甲乙丙", min_size=2, max_size=4), max_size=8), st.text("甲乙丙，", max_size=30))
def test_names_are_found_as_one_pattern_of_all_of_them_finds_them(names: set[str], text: str) -> None:
    pattern = "|".join(sorted(names, key=len, reverse=True))

    assert Names(names).replaced(text, SOMEBODY) == (re.sub(pattern, SOMEBODY, text) if names else text)


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


@pytest.mark.parametrize(
    ("rows", "kept"),
    [(1, [0]), (4, [0, 1, 2, 3]), (12, [*range(12)]), (13, [0, 1, 2, 11, 12]), (30, [0, 1, 2, 28, 29])],
)
def test_a_short_table_is_never_cut_and_a_long_one_not_with_fewer_than_three_rows_on_a_page(
    rows: int, kept: list[int]
) -> None:
    columns = (Column(head="字", cell="{{ 行.字 }}", width=50),)
    template = template_file("表", (Table(rows="表", columns=columns), para("完")), OFFICIAL, made=MADE)
    paper = Document(BytesIO(fill(template, {"表": [{"字": str(n)} for n in range(rows)]}, name="表", made=MADE)))

    made = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next or False for row in paper.tables[0].rows]
    assert [at for at, together in enumerate(made) if together] == kept


@BY_NAME
def test_no_heading_is_left_at_the_foot_of_a_page_and_each_table_has_its_own_repeated(
    paper: Paper, made: dict[str, list[bytes]]
) -> None:
    parts = parts_of(made[paper.name][0])
    styles = ElementTree.fromstring(parts["word/styles.xml"])
    heads = [one for one in styles.iter(qn("w:style")) if list(one.iter(qn("w:outlineLvl")))]
    captions = [one for one in styles.iter(qn("w:style")) if one.get(qn("w:styleId")) in ("文书表题", "文书标题")]
    for style in (*heads, *captions):
        assert list(style.iter(qn("w:keepNext"))) and list(style.iter(qn("w:keepLines")))
    for table in ElementTree.fromstring(parts["word/document.xml"]).iter(qn("w:tbl")):
        first, *rows = table.findall(qn("w:tr"))
        assert all(list(row.iter(qn("w:cantSplit"))) for row in rows)
        is_form = next(first.iter(qn("w:pStyle"))).get(qn("w:val")) == "表单栏名"
        assert is_form or list(first.iter(qn("w:tblHeader")))


OFFICIAL_PAPERS = [paper for paper in PAPERS if paper.page is OFFICIAL]


@pytest.mark.parametrize("paper", OFFICIAL_PAPERS, ids=lambda paper: paper.name)
def test_an_official_paper_has_the_page_of_the_standard_and_room_for_22_lines_of_28_characters(
    paper: Paper, made: dict[str, list[bytes]]
) -> None:
    parts = parts_of(made[paper.name][0])
    body, styles = (ElementTree.fromstring(parts[f"word/{name}.xml"]) for name in ("document", "styles"))

    def number(element: ElementTree.Element | None, name: str) -> float:
        assert element is not None
        return float(element.get(qn(f"w:{name}"), "nan"))

    size, margins, grid = (body.find(f".//{qn(f'w:{name}')}") for name in ("pgSz", "pgMar", "docGrid"))
    wide, high = number(size, "w"), number(size, "h")
    sides = {name: number(margins, name) for name in ("top", "bottom", "left", "right")}
    text = next(one for one in styles.iter(qn("w:style")) if one.get(qn("w:styleId")) == "文书正文")
    line = number(text.find(f".//{qn('w:spacing')}[@{qn('w:line')}]"), "line")
    letter = number(text.find(f".//{qn('w:sz')}"), "val") * 10 + number(
        text.find(f".//{qn('w:rPr')}/{qn('w:spacing')}"), "val"
    )

    assert {name: round(twips / 1440 * 25.4) for name, twips in sides.items()} == {
        "top": 37, "bottom": 35, "left": 28, "right": 26,
    }  # fmt: skip
    assert (round(wide / 1440 * 25.4), round(high / 1440 * 25.4)) == (210, 297)
    assert (
        (high - sides["top"] - sides["bottom"]) // line
        == 22
        == (high - sides["top"] - sides["bottom"]) // number(grid, "linePitch")
    )
    assert (wide - sides["left"] - sides["right"]) // letter == 28
    assert len(OFFICIAL_PAPERS) == 6


VALIDATOR = OpenXmlValidator()


def faults(paper: bytes, folder: Path) -> list[str]:
    """What Microsoft's schema and rules forbid."""
    (path := folder / "文书.docx").write_bytes(paper)
    return [str(one) for one in VALIDATOR.validate(str(path)).errors if one.severity is ValidationSeverity.ERROR]


@BY_NAME
def test_a_paper_is_as_the_schema_says(paper: Paper, made: dict[str, list[bytes]], tmp_path: Path) -> None:
    assert faults(made[paper.name][0], tmp_path) == []


def test_a_fault_planted_in_a_paper_or_its_chart_is_seen(made: dict[str, list[bytes]], tmp_path: Path) -> None:
    for name, old, new in (
        ("word/document.xml", b"<w:body>", b"<w:body><w:nonsense/>"),
        ("word/styles.xml", b'w:type="paragraph"', b'w:type="sideways"'),
        ("word/charts/chart1.xml", b"<c:plotArea>", b"<c:plotArea><c:nonsense/>"),
    ):
        parts = parts_of(made["简报"][0])
        assert old in parts[name]
        content = BytesIO()
        with zipfile.ZipFile(content, "w") as package:
            for part, xml in parts.items():
                package.writestr(part, xml.replace(old, new, 1) if part == name else xml)
        assert faults(content.getvalue(), tmp_path), name


@BY_NAME
def test_a_paper_that_is_not_by_marks_says_the_same_where_nothing_was_reckoned(paper: Paper, source: Source) -> None:
    bare = replace(source, ranking=RANKING.empty(), contacts=CONTACTS.empty(), progress=PROGRESS.empty())

    assert (paper.fills(bare) == paper.fills(replace(source))) is not paper.by_marks


def test_a_paper_with_several_files_says_which_is_which(source: Source, tmp_path: Path) -> None:
    files = [Filled(values={"字": label}, label=label) for label in ("初一1班", "初一2班")]
    several = replace(BRIEFING, words=lambda: (para("{{ 字 }}"),), fills=lambda _: files)
    with staged_papers((several,), replace(source, there=[]), tmp_path, tmp_path) as staged:
        names = [path.name for path in staged.files]
    assert names == ["帮扶简报_初一1班_2025-2026下.docx", "帮扶简报_初一2班_2025-2026下.docx"]
    assert [words_in((tmp_path / name).read_bytes()) for name in names] == ["初一1班", "初一2班"]


def test_the_plan_counts_as_a_second_count_does(source: Source, made: dict[str, list[bytes]]) -> None:
    text = words_in(made["计划"][0])
    listed = set(source.listed["学号"])
    paired = {
        row["学号"]
        for row in source.school[PAIRINGS].iter_rows(named=True)
        if row["类型"] == "一对一" and row["状态"] == "执行" and row["学号"] in listed
    }
    kinds = [int(count) for count in re.findall(r"(?:学习|行为规范|双重|没有写明)(\d+)人", text)]

    assert f"在帮扶学生{len(listed)}人" in text
    assert sum(kinds) == len(listed)
    assert f"已有{len(paired)}人和教师一对一结对" in text


def test_the_summary_adds_up(source: Source, made: dict[str, list[bytes]]) -> None:
    paper = Document(BytesIO(made["总结"][0]))
    tables = {
        table.rows[0].cells[0].text: [[cell.text for cell in row.cells] for row in table.rows[1:]]
        for table in paper.tables
    }
    first = source.school.settings.term_start
    entries = [day for day in source.school[LOG]["日期"] if first <= day <= MADE.date()]

    assert f"共记下帮扶{len(entries)}次" in words_in(made["总结"][0])
    known = source.latest.filter(source.on_list, pl.col("进展") != "数据不足").height
    assert sum(int(row[1]) for row in tables["进展"]) == known
    assert tables["荣誉"] == [[f"{source.school.settings.public_name}生进步一等奖", "3"]]


def test_every_student_on_the_list_has_one_page_and_a_file_is_a_class(
    source: Source, made: dict[str, list[bytes]]
) -> None:
    pages = [page for one in made["一生一策"] for page in words_in(one).split("一生一策帮扶方案")[1:]]
    names = source.listed["姓名"].to_list()

    assert len(made["一生一策"]) == source.listed["班级"].n_unique()
    assert len(pages) == len(names)
    assert all(name in page for name, page in zip(names, pages, strict=True))


def test_a_page_that_parents_sign_has_no_place_and_names_no_other_student(
    source: Source, made: dict[str, list[bytes]]
) -> None:
    staff = set(source.school[TEACHERS]["姓名"])
    everybody = {name for name in source.school[ROSTER]["姓名"] if len(name) > 2} - staff
    pages = [page for one in made["一生一策"] for page in words_in(one).split("一生一策帮扶方案")[1:]]
    for name, page in zip(source.listed["姓名"], pages, strict=True):
        assert {other for other in everybody if other in page} <= {name}
        assert not re.search("名次|百分位|留守|家庭困难", page)


def test_of_the_causes_no_paper_tells_those_of_home_and_health(source: Source) -> None:
    caused = source.school[ROSTER].with_columns(成因=pl.lit("基础薄弱、家庭陪伴少、情绪、身体"))
    told = replace(source, school=replace(source.school, frames={**source.school.frames, ROSTER: caused}))

    pages = [page for one in STUDENT_PLAN.fills(told) for page in one.values["学生"]]
    assert {page["难在哪里"] for page in pages} == {f"基础薄弱{LEFT_OUT}"}
    assert {case["成因"] for case in TURNED_CASE.fills(told)[0].values["案例"]} == {"基础薄弱"}


def test_a_page_that_parents_sign_names_the_level_aimed_at_once_and_no_percentile(source: Source) -> None:
    exam, name = source.school[EXAMS].select("考试编号", "名称").row(0)
    aimed = source.school[PLANS].with_columns(目标考试=pl.lit(exam), 目标等级=pl.lit("C"), 目标百分位=pl.lit(0.37))
    told = replace(source, school=replace(source.school, frames={**source.school.frames, PLANS: aimed}))

    pages = [page for one in STUDENT_PLAN.fills(told) for page in one.values["学生"] if page["阶段"]]
    assert pages
    for page in pages:
        assert re.search(f"；{name}总分到等级C（(达到了|还没到|这次看不出)）$", page["目标"])
        assert page["目标"].count("等级C") == 1
        assert not re.search("百分位|37%", str(page))


def test_a_page_that_parents_sign_draws_the_level_aimed_at_across_those_of_the_exams(source: Source) -> None:
    exam = source.school[EXAMS].sort("日期")["考试编号"][-1]
    aimed = source.school[PLANS].with_columns(目标考试=pl.lit(exam), 目标等级=pl.lit("C"), 目标百分位=pl.lit(0.37))
    told = replace(source, school=replace(source.school, frames={**source.school.frames, PLANS: aimed}))
    files = list(files_of(STUDENT_PLAN, told))

    drawn = [
        part.decode()
        for one in files
        for name, part in parts_of(one).items()
        if re.fullmatch("word/charts/.*xml", name)
    ]
    planned = set(aimed["学号"]) & set(source.listed["学号"])
    assert len(drawn) == len(planned) > 0
    letter = dict(zip("12345", "EDCBA", strict=True))
    for chart in drawn:
        bars, line = (re.findall("<c:v>([0-9]+)</c:v>", part) for part in re.findall("<c:val>.*?</c:val>", chart))
        assert set(line) == {"3"} and "（虚线是目标 C）" in chart
        assert [letter[height] for height in bars] == re.findall("<a:t>([A-E])</a:t>", chart)
    assert not [one for one in STUDENT_PLAN.fills(source) for page in one.values["学生"] if page["走势"]]


def test_a_case_is_told_only_where_a_guardian_agreed(source: Source) -> None:
    silent = {**source.school.frames, FILES: source.school[FILES].with_columns(监护人同意=pl.lit("否"))}

    assert len(TURNED_CASE.fills(source)[0].values["案例"]) == 2
    assert TURNED_CASE.fills(replace(source, school=replace(source.school, frames=silent))) == ()


def test_the_monthly_report_counts_as_a_second_count_does_and_tells_of_no_group_of_one_or_two(source: Source) -> None:
    (one,) = DROPOUT_REPORT.fills(source)
    june = [
        row for row in source.school[RECALLS].to_dicts() if (row["疑似日期"].year, row["疑似日期"].month) == (2026, 6)
    ]
    visits = [row for row in source.school[RECALLS].to_dicts() if row["劝返日期"] and row["劝返日期"].month == 6]
    assert one.values["全校"]["疑似"] == len({row["学号"] for row in june}) > 0
    assert one.values["全校"]["劝返次数"] == len(visits) > 0
    assert sum(row["在籍"] for row in one.values["年级"]) == one.values["全校"]["在籍"]
    cells = [cell for row in one.values["群体"] for cell in row.values()]
    assert "不足3" in cells and not {1, 2} & {*cells}
    assert {row["疑似"] for row in one.values["群体"]} == {"—"}  # the school's own figure is 1 or 2
    told = [(row[name], one.values["全校"][name]) for row in one.values["群体"] for name in row if name != "名称"]
    assert not [number for number, whole in told if isinstance(number, int) and whole - number in (1, 2)]
    assert DROPOUT_REPORT.fills(replace(source, month=date(2024, 6, 1))) == ()


def test_the_summary_and_the_inspection_list_count_absences_and_visits_as_a_second_count_does(source: Source) -> None:
    first, last = source.school.settings.term_start, MADE.date()
    absences = [row for row in source.school[ABSENCES].to_dicts() if first <= row["日期"] <= last]
    cases: dict[tuple[str, date], list[dict[str, Any]]] = {}
    for row in source.school[RECALLS].to_dicts():
        cases.setdefault((row["学号"], row["疑似日期"]), []).append(row)
    visits = [row for rows in cases.values() for row in rows if row["劝返日期"] and row["劝返日期"] >= first]
    waiting = [key for key, rows in cases.items() if not {"复学", "转出", "辍学"} & {row["结果"] for row in rows}]
    text = words_in(next(files_of(WORK_SUMMARY, source)))
    lines = {row["项目"]: row["有多少"] for row in INSPECTION_LIST.fills(source)[0].values["目录"]}

    assert absences and visits and waiting
    assert f"本学期记下缺勤{len(absences)}条" in text and lines["考勤"] == f"{len(absences)}条"
    assert f"疑似辍学{len({number for number, day in cases if day >= first})}人，劝返{len(visits)}次" in text
    assert f"还在劝返{len(waiting)}人" in text and f"还有{len(waiting)}名学生在劝返" in text
    assert lines["疑似辍学和劝返"] == f"劝返{len(visits)}次，在劝{len(waiting)}人"


@pytest.mark.parametrize(
    ("listed", "special", "told"),
    [(9, 4, True), (9, 2, False), (9, 7, False), (9, 8, False), (9, 9, True), (9, 0, True)],
)
def test_outside_no_number_of_a_special_group_tells_of_one_or_two(listed: int, special: int, told: bool) -> None:
    roster = "\n".join(
        ["学号 | 姓名 | 班级 | 在籍状态 | 帮扶类别 | 列入日期 | 留守"]
        + [f"{n:02} | 名{n} | 1班 | 在读 | 学困 | 2025-09-01 | {'是' if n < special else ''}" for n in range(listed)]
    )
    (one,) = WORK_SUMMARY.fills(source_of(drawn({"名册": roster, "成绩": "考试编号 | 学号 | 语文"})))

    assert one.values["特殊群体句"] == (f"，特殊群体学生{special}人" if told else "")


def test_where_nobody_is_of_compulsory_age_no_paper_speaks_of_dropping_out(source: Source) -> None:
    senior = drawn({"班级": "班级 | 年级\n1班 | 高一", "成绩": "考试编号 | 学号 | 语文"}, 学段="高中")
    mine = source_of(senior)

    assert WORK_SUMMARY.fills(mine)[0].values["控辍"] == {}
    assert not [row for row in INSPECTION_LIST.fills(mine)[0].values["目录"] if "劝返" in row["项目"]]


def test_the_list_for_inspections_says_what_is_lacking(source: Source) -> None:
    def lines(one: Source) -> dict[str, tuple[str, str]]:
        rows = INSPECTION_LIST.fills(one)[0].values["目录"]
        return {row["项目"]: (row["有多少"], row["还缺"]) for row in rows}

    assert lines(source)["工作计划"] == ("—", "点“文书”选计划")
    assert lines(replace(source, there=("帮扶工作计划_2025-2026下.docx",)))["工作计划"] == ("1份", "")
    bare = {**source.school.frames, FILES: source.school[FILES].clear()}
    lacking = lines(replace(source, school=replace(source.school, frames=bare)))
    assert lacking["一生一档"] == ("0份", f"{source.listed.height}人")
