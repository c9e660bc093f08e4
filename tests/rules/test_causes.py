"""A cause is told once (DOMAIN rule 1)."""

from __future__ import annotations

import polars as pl

from xlbangfu.rules import problems
from xlbangfu.rules.causes import causes
from xlbangfu.schema import LAYOUT

LETTERS = pl.DataFrame({"工作表": ["成绩"], "列": ["考试编号"], "字母": ["A"]}, schema=LAYOUT.frame_schema)


def found(*rows: int, sentence: str = "考试没有日期", sheet: str = "成绩", number: str = "V39") -> pl.DataFrame:
    """An 错误 in 考试编号 of each of these rows, of another student each."""
    return problems.collect(
        pl.DataFrame(
            {
                "级别": problems.ERROR,
                "编号": number,
                "工作表": sheet,
                "行": list(rows),
                "列": "考试编号",
                "学号": [f"{row:03}" for row in rows],
                "姓名": "甲",
                "问题": sentence,
                "怎么改": "改",
                "键": [f"成绩|期中|{row:03}" for row in rows],
            }
        )
    )


def shown(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    return problems.as_sheet(frame, LETTERS).select("单元格", "学号", "问题").rows()


def test_three_rows_are_told_one_by_one_and_each_is_marked() -> None:
    assert [row[0] for row in shown(found(2, 3, 4))] == ["成绩!A2", "成绩!A3", "成绩!A4"]


def test_a_remark_on_many_rows_is_one_row_with_the_count_and_the_first_cells() -> None:
    four = shown(found(2, 3, 4, 9))
    many = shown(found(*range(2, 182)))

    assert four == [("成绩!A2", None, "考试没有日期（同样的共 4 处：A2、A3、A4、A9）")]
    assert many == [("成绩!A2", None, "考试没有日期（同样的共 180 处：A2、A3、A4、A5、A6 等）")]


def test_another_remark_another_column_and_another_sheet_are_other_causes() -> None:
    both = problems.collect(found(2, 3, 4, sentence="名册里没有“甲”"), found(5, 6, sentence="名册里没有“乙”"))

    assert len(shown(both)) == 5


def test_numbers_typed_as_keys_are_one_cause_whatever_they_are() -> None:
    keys = problems.collect(*(found(row, sentence=f"“学号”里的 «{row}» 是数字", number="V08") for row in range(2, 8)))

    assert shown(keys) == [("成绩!A2", None, "“学号”里的 «2» 是数字（同样的共 6 处：A2、A3、A4、A5、A6 等）")]


def test_what_is_said_of_one_student_many_times_keeps_his_name() -> None:
    one = found(2, 3, 4, 5).with_columns(pl.lit("007").alias("学号"))

    assert shown(one)[0][1] == "007"


def test_files_from_outside_are_told_row_by_row() -> None:
    assert len(shown(found(*range(2, 9), sheet="期中.xlsx"))) == 7


def test_as_many_causes_are_counted_as_the_sheet_has_rows() -> None:
    every = problems.collect(found(*range(2, 182)), found(3, 4, sentence="别的"))

    assert causes(every).height == len(shown(every)) == 3
    assert causes(every).columns == every.columns


def test_the_rows_that_cannot_be_used_are_the_same_however_they_are_told() -> None:
    every = found(*range(2, 182))
    before = every.clone()

    problems.as_sheet(every, LETTERS)

    assert every.equals(before) and problems.errors(every).height == 180
