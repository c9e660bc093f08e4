"""设置: every value is used, a bad one is reported and its default serves."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlbangfu.schema import ROW
from xlbangfu.settings import Settings, declared, is_heading, sheet_rows


def sheet(**values: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"项目": list(values), "值": list(values.values()), ROW: list(range(2, len(values) + 2))},
        schema={"项目": pl.String, "值": pl.String, ROW: pl.Int64},
    )


def test_an_empty_sheet_gives_every_default() -> None:
    assert Settings.of(sheet()) == Settings()


def test_the_sheet_of_a_new_master_is_read_back_without_a_complaint() -> None:
    rows = sheet_rows(date(2026, 3, 2))
    read = Settings.of(sheet(**{name: value for name, value, _ in rows}), today=date(2026, 3, 2))

    assert read.bad == ()
    assert (read.school_year, read.term) == ("2025-2026", "2025-2026下")


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 9, 1), "2026-2027上"),
        (date(2027, 1, 10), "2026-2027上"),
        (date(2027, 2, 25), "2026-2027下"),
        (date(2026, 8, 20), "2026-2027上"),
    ],
)
def test_an_empty_term_is_the_one_of_the_day(day: date, term: str) -> None:
    settings = Settings.of(sheet(学期=None), today=day)

    assert settings.term == term
    assert settings.year_start <= settings.term_start <= settings.term_end <= settings.year_end


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("排查百分位", "8", "screening_share", 0.08),
        ("排查百分位", "8%", "screening_share", 0.08),
        ("排查百分位", "0.08", "screening_share", 0.08),
        ("奖项比例", "10：40：50", "prize_shares", (10.0, 40.0, 50.0)),
        ("等级线", "90/80/70/50", "level_lines", (0.9, 0.8, 0.7, 0.5)),
        ("优先项", "提高,答疑，检查、表扬", "priorities", ("提高", "答疑", "检查", "表扬")),
        ("学年开始", "2025年9月1日", "year_start", date(2025, 9, 1)),
        ("每师上限", "4人", "teacher_limit", 4),
        ("转化率否决线", "20%", "turnaround_veto", 0.2),
        ("转化率否决线", "不设", "turnaround_veto", None),
        ("计算日期", "2026-06-30", "as_of", date(2026, 6, 30)),
        ("进展线", "12／4／−2", "progress_lines", (12.0, 4.0, -2.0)),
        ("进展得分", "1/0.5/0.2/0", "progress_worth", (1.0, 0.5, 0.2, 0.0)),
        ("考核权重", "40：30：20：10", "appraisal_weights", (40.0, 30.0, 20.0, 10.0)),
        (
            "十星依据",
            "守纪之星＝纪律+品德、劳动之星=活动：值日",
            "star_measures",
            (("守纪之星", "纪律+品德"), ("劳动之星", "活动:值日")),
        ),
    ],
)
def test_a_value_is_understood_as_staff_write_it(name: str, text: str, field: str, value: object) -> None:
    settings = Settings.of(sheet(**{name: text}))

    assert getattr(settings, field) == (pytest.approx(value) if isinstance(value, float) else value)
    assert settings.bad == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("奖项比例", "20:30:40"),
        ("奖项比例", "多些"),
        ("等级线", "60/70/80/90"),
        ("进展线", "3/10/-3"),
        ("进展线", "10/3"),
        ("进展得分", "2/0.8/0.5/0"),
        ("考核权重", "30:30:30:20"),
        ("十星依据", "守纪之星"),
        ("十星依据", "守纪之星=纪率"),
        ("十星依据", "进步之星=进展+纪律"),
        ("评优时段", "月考"),
        ("奖学金名称", "优秀学困生奖学金"),
        ("等级线", "85/70/60"),
        ("学段", "小学"),
        ("备份份数", "0"),
        ("每师上限", "2.5"),
        ("学年开始", "明天"),
        ("排查百分位", "nan"),
        ("没有这项", "1"),
    ],
)
def test_a_bad_value_is_reported_and_the_default_serves(name: str, text: str) -> None:
    settings = Settings.of(sheet(**{name: text}))

    assert [item[:2] for item in settings.bad] == [(2, name)]
    assert Settings.of(sheet()) == Settings(**{**_values(settings), "bad": ()})


def _values(settings: Settings) -> dict[str, object]:
    return {item.key: getattr(settings, item.key) for item in declared()}


def test_an_item_written_twice_counts_once_and_is_reported() -> None:
    twice = pl.DataFrame({"项目": ["每师上限", "每师上限"], "值": ["2", "5"], ROW: [2, 3]})

    settings = Settings.of(twice)

    assert settings.teacher_limit == 2
    assert settings.bad[0][:2] == (3, "每师上限")


@given(st.lists(st.tuples(st.sampled_from([item.name for item in declared()]), st.text(max_size=12)), max_size=8))
def test_no_text_in_the_sheet_stops_the_program(cells: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(
        {"项目": [name for name, _ in cells], "值": [text for _, text in cells]},
        schema={"项目": pl.String, "值": pl.String},
    )

    Settings.of(frame, today=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("stage", "choice", "shown"),
    [
        ("义务教育", None, "等级与进退"),
        ("高中", None, "名次"),
        ("高中", "不显示", "不显示"),
        ("义务教育", "名次", "名次"),
    ],
)
def test_compulsory_schools_show_levels_unless_they_choose_otherwise(
    stage: str, choice: str | None, shown: str
) -> None:
    assert Settings.of(sheet(学段=stage, 班级页名次显示=choice)).shown_ranks == shown


def test_headings_set_nothing_and_are_no_mistake() -> None:
    rows = [name for name, _, _ in sheet_rows(date(2026, 3, 2))]
    headings = [name for name in rows if is_heading(name)]

    assert rows[0] == headings[0] and len(headings) == len({*headings}) > 10
    assert all(not (is_heading(one) and is_heading(other)) for one, other in pairwise(rows))
    assert Settings.of(sheet(**dict.fromkeys(headings))) == Settings()


def test_examples_are_of_the_school_year_of_the_day() -> None:
    help = {name: help for name, _, help in sheet_rows(date(2027, 9, 10))}

    assert help["学年"] == "如 2027-2028（默认 2027-2028）"
    assert help["学期开始"].endswith("（默认 2027-09-01）")
    assert not [name for name, text in help.items() if "2025" in text]
