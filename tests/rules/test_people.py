"""Who is meant, by number, by name, or by both."""

import polars as pl
import pytest

from xlbangfu.rules.people import STUDENT, split, teacher_ids, with_student

ROSTER = pl.DataFrame(
    {
        "学号": ["0101", "0102", "0201", "0202"],
        "姓名": ["王小明", "李雷", "王小明", "韩 梅"],
        "班级": ["初一1班", "初一1班", "初一2班", "初一2班"],
    }
)
TEACHERS = pl.DataFrame({"工号": ["T01", "T02", "T03"], "姓名": ["张三", "李四", "李四"]})


@pytest.mark.parametrize(
    ("number", "name", "class_name", "found"),
    [
        ("0101", None, None, "0101"),
        ("0101", "王小明", None, "0101"),
        ("0101", "王小明", "初一1班", "0101"),
        ("0101", "李雷", None, None),
        ("0101", "王小明", "初一2班", "0101"),
        ("9999", "李雷", None, None),
        (None, "李雷", None, "0102"),
        (None, "李 雷", None, "0102"),
        (None, "韩梅", None, "0202"),
        (None, "王小明", None, None),
        (None, "王小明", "初一2班", "0201"),
        (None, "李雷", "初一2班", "0102"),
        (None, "王小明", "初一3班", None),
        (None, None, None, None),
        (None, None, "初一1班", None),
        ("0101、0202", None, None, "0101"),
    ],
)
def test_a_student_is_the_one_on_whom_number_and_name_agree_and_the_class_tells_names_apart(
    number: str | None, name: str | None, class_name: str | None, found: str | None
) -> None:
    row = pl.DataFrame(
        {"学号": [number], "姓名": [name], "班级": [class_name]},
        schema=dict.fromkeys(("学号", "姓名", "班级"), pl.String),
    )

    assert with_student(row, ROSTER)[STUDENT].to_list() == [found]


def test_a_doubled_number_in_the_roster_does_not_multiply_rows() -> None:
    doubled = pl.concat([ROSTER, ROSTER])
    row = pl.DataFrame({"学号": ["0101"], "姓名": ["王小明"], "班级": ["初一1班"]})

    assert with_student(row, doubled).height == 1


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("T01 张三", "T01"),
        ("T01", "T01"),
        ("张三", "T01"),
        ("张 三", "T01"),
        ("Ｔ０１　张三", "T01"),
        ("T02 李四", "T02"),
        ("李四", None),
        ("T01 李四", None),
        ("王五", None),
        (None, None),
    ],
)
def test_a_teacher_is_named_by_either_part_if_it_is_unique(cell: str | None, found: str | None) -> None:
    assert teacher_ids(pl.Series([cell], dtype=pl.String), TEACHERS).to_list() == [found]


@pytest.mark.parametrize(
    "cell", ["语文、数学", "语文,数学", "语文，数学", "语文；数学", "语文/数学", " 语文 、 数学 、"]
)
def test_several_in_one_cell_may_be_separated_as_people_type(cell: str) -> None:
    assert pl.select(split(pl.lit(cell))).item().to_list() == ["语文", "数学"]
