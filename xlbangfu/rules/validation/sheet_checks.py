"""What every check looks at: the frames with ROW and KEY, what could not be read, and what is already void.

Only rows of 科目, 教师, 班级, 名册 and 考试 are referred to by other rows. They are checked first, so that ``clean``
frames, without their bad rows, are there when references are followed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import polars as pl
from msgspec import Struct, field
from msgspec.structs import replace

from xlbangfu.rules.people import teacher_ids
from xlbangfu.rules.problems import ERROR
from xlbangfu.rules.school import School
from xlbangfu.rules.validation.check_parts import by_number
from xlbangfu.rules.validation.checks import Check
from xlbangfu.schema import (
    CLASSES,
    EXAMS,
    KEY,
    LOG,
    PAIRINGS,
    PASSWORDS,
    PLANS,
    ROSTER,
    ROW,
    SUBJECTS,
    TEACHERS,
    UNREAD,
    Defect,
    Table,
    subjects_in,
)

# The sheets that others refer to, and the columns by which they do, the key first.
REFERRED: dict[Table, tuple[str, ...]] = {
    SUBJECTS: ("科目",),
    TEACHERS: ("工号", "姓名"),
    CLASSES: ("班级",),
    ROSTER: ("学号", "姓名", "班级"),
    EXAMS: ("考试编号",),
}
TEACHER_CELLS = (
    (CLASSES, "班主任"),
    (CLASSES, "包班行政"),
    (PAIRINGS, "教师"),
    (PLANS, "负责人"),
    (LOG, "教师"),
    (PASSWORDS, "教师"),
)
WHY = "_why"  # the first 错误 of a void row
NOT_YET = (Defect.NOT_YET_SHEET, Defect.NOT_YET_COLUMN)
MISSING = (Defect.MISSING_SHEET, Defect.MISSING_COLUMN, *NOT_YET)
STRUCTURE = (*MISSING, Defect.DOUBLED_COLUMN)

# Required on the sheet, but a row without it is still worth more than no row: a log entry without 内容 is an incomplete
# entry, a student without 在籍状态 still has a place among the marks, an exam without 学期 was still sat.
USABLE_WITHOUT: dict[Table, tuple[str, ...]] = {
    SUBJECTS: ("优秀线", "及格线", "低分线"),
    TEACHERS: ("角色", "在岗"),
    CLASSES: ("班主任",),
    ROSTER: ("在籍状态",),
    PAIRINGS: ("开始日期",),
    PLANS: ("目标", "措施"),
    LOG: ("内容",),
    EXAMS: ("名称", "学期", "类型"),
}


def indispensable(table: Table, name: str) -> bool:
    """Whether a row cannot be used when this cell of it cannot."""
    if name in USABLE_WITHOUT.get(table, ()) or name not in table:
        return False
    column = table[name]
    tells_apart = name == "学号" if table.names_student else name in table.keys
    return not column.number and (column.required or column.key or tells_apart)


class Sheets(Struct, frozen=True, dict=True):
    """The frames of a school as the checks need them."""

    school: School
    frames: dict[Table, pl.DataFrame]
    lacking: frozenset[tuple[str, str | None]]  # (sheet, column) that is missing; column None: the whole sheet
    unread: dict[tuple[str, str], list[int]]  # Excel rows of a column whose cells could not be read
    voided: dict[Table, pl.DataFrame] = field(default_factory=dict)  # void rows of REFERRED, with WHY
    remarks: bool = True  # whether more is asked than what voids

    @classmethod
    def of(cls, school: School, defects: pl.DataFrame, *, remarks: bool = True) -> Sheets:
        frames = {table: _numbered(table, frame) for table, frame in school.frames.items()}
        if defects.is_empty():
            return cls(school, frames, frozenset(), {}, remarks=remarks)
        missing = defects.filter(pl.col("缺陷").is_in(MISSING))
        lacking = frozenset((sheet, column) for sheet, column in missing.select("工作表", "列").iter_rows())
        null_cells = pl.col("缺陷").is_in(UNREAD), pl.col(ROW).is_not_null(), pl.col("列").is_not_null()
        cells = defects.filter(*null_cells).group_by("工作表", "列").agg(ROW)
        unread = {(sheet, column): rows for sheet, column, rows in cells.iter_rows()}
        return cls(school, frames, lacking, unread, remarks=remarks)

    def asks(self, check: Check) -> bool:
        """Whether a check is to be made: what only remarks is not where nothing but what voids is asked."""
        return self.remarks or check.level == ERROR

    def after(self, found: Iterable[pl.DataFrame]) -> Sheets:
        """The same, knowing which rows of the sheets referred to are void."""
        voided = {}
        frames = [frame for frame in found if frame.height and frame.item(0, "级别") == ERROR]
        errors = pl.concat(frames) if frames else None
        for table in REFERRED:
            mine = None if errors is None else errors.filter(pl.col("工作表") == table.name)
            if mine is None or not mine.height:
                continue
            why = mine.group_by("行", maintain_order=True).agg(pl.col("问题").first().alias(WHY))
            voided[table] = self[table].join(why, left_on=ROW, right_on="行", how="inner", maintain_order="left")
        return replace(self, voided=voided)

    def __getitem__(self, table: Table) -> pl.DataFrame:
        found = self.frames.get(table)
        return found if found is not None else _numbered(table, self.school[table])

    def clean(self, table: Table) -> pl.DataFrame:
        """The frame without its void rows."""
        bad = self.voided.get(table)
        return self[table] if bad is None else self[table].filter(~pl.col(ROW).is_in(bad[ROW].implode()))

    def void(self, table: Table) -> pl.DataFrame:
        """The void rows of a sheet, with WHY."""
        found = self.voided.get(table)
        return found if found is not None else self[table].clear().with_columns(pl.lit("").alias(WHY))

    def lacks(self, table: Table, column: str) -> bool:
        return (table.name, column) in self.lacking or (table.name, None) in self.lacking

    @cached_property
    def teacher_cells(self) -> pl.DataFrame:
        """Every different ``_cell`` that names a teacher, with the ``_teacher`` (工号) whom it means, null if nobody."""
        cells = pl.concat([self[table][column].alias("_cell") for table, column in TEACHER_CELLS]).unique().drop_nulls()
        return pl.DataFrame({"_cell": cells, "_teacher": teacher_ids(cells, self.clean(TEACHERS))})

    @cached_property
    def log_entries(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The entries of 记录 that name one student, and the group sessions that name several."""
        return by_number(self[LOG])

    def with_teacher(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """The frame with ``_teacher``, the 工号 that its column means."""
        return frame.join(self.teacher_cells, left_on=column, right_on="_cell", how="left", maintain_order="left")

    def dead(self, table: Table) -> bool:
        """Whether nothing can refer to the sheet: it is missing, or a column by which others do."""
        return any(self.lacks(table, column) for column in REFERRED[table])

    def readable(self, table: Table, column: str) -> pl.Expr:
        """Whether the cell of a row is as typed: no defect left it null."""
        rows = self.unread.get((table.name, column))
        return pl.lit(True) if rows is None else ~pl.col(ROW).is_in(rows)

    def subject_names(self) -> set[str]:
        """Every 科目 that the sheet names, void rows too."""
        return set(self[SUBJECTS]["科目"].drop_nulls())

    def marked(self, frame: pl.DataFrame) -> list[str]:
        """The columns of 成绩 that are subjects of the school."""
        known = set(self.clean(SUBJECTS)["科目"].drop_nulls())
        return [name for name in subjects_in(frame) if name in known]


def _numbered(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with ROW and KEY: frames that were not read from a sheet get those that they would have there."""
    if ROW not in frame.columns:
        frame = frame.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW))
    if KEY not in frame.columns:
        cells = [pl.col(name).cast(pl.String).fill_null("") for name in table.keys]
        frame = frame.with_columns(pl.concat_str(pl.lit(table.name), *cells, separator="|").alias(KEY))
    return frame
