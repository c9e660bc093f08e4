"""A school without what is in error."""

from datetime import date

import polars as pl
from polars.testing import assert_frame_equal

from xlbangfu.rules import problems
from xlbangfu.rules.people import STUDENT
from xlbangfu.rules.school import School
from xlbangfu.schema import KEY, LAYOUT, ROSTER, ROW, SCORES, SETTINGS, state_of


def school() -> School:
    roster = pl.DataFrame(
        {
            "学号": ["01", "02"],
            "姓名": ["王一", "李二"],
            "班级": ["1班", "1班"],
            ROW: [2, 3],
            KEY: ["名册|01", "名册|02"],
        }
    )
    scores = pl.DataFrame(
        {
            "考试编号": ["E", "E"],
            "学号": ["01", None],
            "姓名": [None, "李二"],
            "班级": [None, None],
            "考时班级": [None, None],
            "语文": [90.0, 200.0],
            state_of("语文"): [None, None],
            "数学": [80.0, 70.0],
            state_of("数学"): [None, "缺考"],
            ROW: [2, 3],
        },
        schema_overrides={"班级": pl.String, "姓名": pl.String, state_of("语文"): pl.String},
    )
    return School.of({ROSTER: roster, SCORES: scores}, today=date(2026, 6, 30))


def problem(sheet: str, row: int | None, column: str | None, level: str = problems.ERROR) -> pl.DataFrame:
    return problems.collect(
        pl.DataFrame({"级别": [level], "编号": ["V00"], "工作表": [sheet], "行": [row], "列": [column]})
    )


def test_rows_that_name_a_student_know_whom() -> None:
    assert school()[SCORES][STUDENT].to_list() == ["01", "02"]


def test_a_bad_mark_voids_its_cell_and_nothing_else() -> None:
    clean = school().without(problem("成绩", 3, "语文"))[SCORES]

    assert clean["语文"].to_list() == [90.0, None]
    assert clean["数学"].to_list() == [80.0, 70.0]
    assert clean[state_of("数学")].to_list() == [None, "缺考"]


def test_any_other_error_takes_its_row_away() -> None:
    assert school().without(problem("名册", 2, "班级"))[ROSTER]["学号"].to_list() == ["02"]


def test_a_warning_takes_nothing_away() -> None:
    before = school()
    after = before.without(problem("名册", 2, "班级", problems.WARNING))

    assert_frame_equal(after[ROSTER], before[ROSTER])


def test_an_error_of_a_whole_sheet_takes_all_its_rows_and_no_others() -> None:
    before = school()
    after = before.without(problem("名册", None, "学号"))

    assert after[ROSTER].height == 0
    assert after[ROSTER].schema == before[ROSTER].schema
    assert_frame_equal(after[SCORES], before[SCORES])


def test_a_table_that_was_not_read_is_empty_and_typed() -> None:
    assert school()[SETTINGS].height == 0
    assert STUDENT in School.of({}, today=date(2026, 1, 1))[SCORES].columns


def test_the_day_of_reckoning_can_be_set() -> None:
    settings = pl.DataFrame({"项目": ["计算日期"], "值": ["2025-12-31"]})

    assert School.of({SETTINGS: settings}, today=date(2026, 6, 30)).today == date(2025, 12, 31)


def test_problems_are_shown_errors_first_with_a_link_to_the_cell() -> None:
    found = problems.collect(
        problem("名册", 3, "姓名", problems.WARNING), problem("名册", 2, "班级"), problem("成绩", None, None)
    )
    found = found.with_columns(键=pl.lit("名册|01"))
    layout = pl.DataFrame(
        {"工作表": ["名册", "名册"], "列": ["姓名", "班级"], "字母": ["B", "D"]}, schema=LAYOUT.frame_schema
    )

    shown = problems.as_sheet(found, layout)

    assert shown["级别"].to_list() == ["错误", "错误", "警告"]
    assert shown["单元格"].to_list() == ["名册!D2", None, "名册!B3"]
    assert shown["定位"].to_list() == ["名册|01|班级", "名册|01|", "名册|01|姓名"]
