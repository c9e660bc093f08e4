"""What staff need not type: who a cell of 学号 or 姓名 stands for, and the numbers of rows, as amendments of their rows.

* A row whose student is known gets the 学号, 姓名 and 班级 that it lacks, as 名册 has them; a label or a name in the cell of
  学号 becomes the 学号, a label in that of 姓名 the name. What else staff typed stays. In 成绩, where a class has a row for
  each exam, only rows without a 学号 of their own are filled. Names in 学习帮手 and 参与学生 become 学号, too.
* A row without a number gets the next (``row_numbers``).
* Left alone: cells that could not be read, and a row that says by a name alone, beside a class that this student is not in,
  who is meant; that may be somebody else.

DOMAIN, Keys. Nothing is changed here: see ``Book.amend``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from xlbangfu.polars_thread import asks_much
from xlbangfu.rules.people import roster_cells
from xlbangfu.rules.row_numbers import with_numbers
from xlbangfu.rules.school import STUDENT, School
from xlbangfu.schema import CLASSES, DEFECTS, INPUTS, KEY, LAYOUT, ROSTER, ROW, SCORES, SEPARATOR, UNREAD, Table

STUDENT_CELLS = ("学号", "姓名", "班级")


Amendments = tuple[tuple[Table, pl.DataFrame], ...]


class Completion(Struct, frozen=True):
    """Frames for ``Book.amend``: ROW, KEY as it was read, and one column to set.

    ``cells`` are those of students, ``numbers`` those of rows, ``classes`` those that were brought in line with 名册.
    """

    cells: Amendments = ()
    numbers: Amendments = ()
    classes: Amendments = ()

    def __bool__(self) -> bool:
        return bool(self.amendments)

    @property
    def amendments(self) -> Amendments:
        return self.cells + self.numbers + self.classes

    @property
    def sentence(self) -> str:
        """What is written, by sheet; empty if nothing is."""
        parts = (
            ("写全 {} 行的学号、姓名、班级", _rows(self.cells)),
            ("给 {} 行编了号", _rows(self.numbers)),
            ("把 {} 行的班级改成“名册”里的", _rows(self.classes)),
        )
        said = [f"{words.format(sum(rows.values()))}（{listed(rows)}）" for words, rows in parts if rows]
        return f"顺便{'，'.join(said)}。" if said else ""

    def with_classes(self, more: Completion) -> Completion:
        """These and the ``classes`` of another that was made of frames as they read after these."""
        keys = {
            (table, row): key for table, frame in self.amendments for row, key in frame.select(ROW, KEY).iter_rows()
        }
        as_read = [
            (
                table,
                frame.with_columns(pl.Series(KEY, [keys.get((table, r), k) for r, k in frame.select(ROW, KEY).rows()])),
            )
            for table, frame in more.classes
        ]
        return replace(self, classes=(*self.classes, *as_read))

    def of(self, frames: Mapping[Table, pl.DataFrame]) -> dict[Table, pl.DataFrame]:
        """Frames, with ROW and KEY, as they read once the amendments are made."""
        after = dict(frames)
        for table, amendment in self.amendments:
            after[table] = _amended(table, after[table], amendment)
        return after

    def of_school(self, school: School) -> School:
        """The school of the frames as they read then."""
        return replace(school, frames=self.of(school.frames)) if self else school


def listed(rows: Mapping[str, int]) -> str:
    """Sheets with a number each.

    >>> listed({"记录": 2, "评价": 1})
    '记录 2、评价 1'
    """
    return SEPARATOR.join(f"{sheet} {count}" for sheet, count in rows.items())


def _rows(amendments: Amendments) -> dict[str, int]:
    """How many rows of each sheet are amended."""
    rows: dict[str, set[int]] = {}
    for table, frame in amendments:
        rows.setdefault(table.name, set()).update(frame[ROW])
    return {sheet: len(found) for sheet, found in rows.items()}


@asks_much
def complete(frames: Mapping[Table, pl.DataFrame], school: School) -> Completion:
    """What the frames that were read lack; ``school`` is made of them. Frames that were not read are left out."""
    there = [table for table in INPUTS if table in frames and frames[table].height]
    cells = (one for table in there for one in _amendments(table, frames, _all_students(table, frames[table], school)))
    numbers = (one for table in there for one in _amendments(table, frames, _numbers(table, frames[table])))
    return Completion(tuple(cells), tuple(numbers))


def _amendments(
    table: Table, frames: Mapping[Table, pl.DataFrame], wanted: Mapping[str, pl.Series]
) -> Iterator[tuple[Table, pl.DataFrame]]:
    """The cells that are to be other than they are, column by column, but for those that could not be read."""
    frame = frames[table]
    for name, cells in wanted.items():
        differs = cells.is_not_null() & cells.ne_missing(frame[name])
        if not differs.any():
            continue
        columns = frames[LAYOUT].filter(pl.col("工作表") == table.name)["列"]
        mine = pl.col("工作表") == table.name, pl.col("列") == name, pl.col("缺陷").is_in(UNREAD)
        unread = frames[DEFECTS].filter(*mine)[ROW].implode()
        changes = frame.select(ROW, KEY, cells.alias(name)).filter(differs, ~pl.col(ROW).is_in(unread))
        if changes.height and name in columns:
            yield table, changes


def _numbers(table: Table, frame: pl.DataFrame) -> dict[str, pl.Series]:
    if table.numbered is None:
        return {}
    name = table.numbered.name
    return {name: with_numbers(table, frame, frame[name])[name]}


def _all_students(table: Table, frame: pl.DataFrame, school: School) -> dict[str, pl.Series]:
    beside = {column.name: school[table][column.name] for column in table.students_beside}
    return _students(table, frame, school) | beside


def _students(table: Table, frame: pl.DataFrame, school: School) -> dict[str, pl.Series]:
    """The three cells of each row as they should be, null where nothing is known of them."""
    if not table.names_student:
        return {}
    meant = school[table]
    if _is_whole(table, frame, meant):
        return {}
    number, name, room = (pl.lit(frame[cell]) for cell in STUDENT_CELLS)
    typed = number.is_not_null() & number.eq_missing(pl.lit(meant["学号"]))
    whole = typed & name.eq_missing(pl.lit(meant["姓名"]))
    if not table.subjects:
        whole &= name.is_not_null() & room.is_not_null()
    many = pl.lit(meant["学号"]).str.contains(SEPARATOR, literal=True).fill_null(False)
    known = pl.lit(meant[STUDENT]).is_not_null()
    asked = pl.select(wanted=known & ~whole & ~(many & typed), several=many)
    wanted, several = asked["wanted"], asked["several"]
    if not wanted.any():
        return {}
    wanted &= frame["学号"].is_not_null() | ~school.left_class(table)
    cells = roster_cells(meant[STUDENT], school[ROSTER])
    columns = {
        "学号": pl.when(several).then(meant["学号"]).otherwise(meant[STUDENT]),
        "姓名": pl.when(~several).then(pl.coalesce(meant["姓名"], cells["姓名"])),
        "班级": pl.when(~several).then(pl.coalesce(frame["班级"], cells["班级"])),
    }
    return pl.select(pl.when(wanted).then(cell).alias(name) for name, cell in columns.items()).to_dict()


def _is_whole(table: Table, frame: pl.DataFrame, meant: pl.DataFrame) -> bool:
    """Whether every row names its student to the letter: by the 学号 alone where there are marks."""
    filled = ("学号",) if table.subjects else STUDENT_CELLS
    as_typed = (meant[cell].equals(frame[cell]) for cell in ("学号", "姓名"))
    return not any(frame[cell].null_count() for cell in filled) and all(as_typed)


def current_classes(frames: Mapping[Table, pl.DataFrame], school: School) -> Completion:
    """The 班级 of 名册 for the rows of students who have left the one that stands there, and the 学号 where it says a name.

    In 成绩 the former class is that of the exam's day: where 考时班级 is empty it goes there.
    """
    found = (
        one for table in INPUTS if table.names_student and table in frames for one in _moved(table, frames, school)
    )
    return Completion(classes=tuple((table, frame) for table, frame in found if frame.height))


def _moved(table: Table, frames: Mapping[Table, pl.DataFrame], school: School) -> Iterator[tuple[Table, pl.DataFrame]]:
    left = school.left_class(table)
    rows = frames[table].filter(left)
    meant = school[table].filter(left)
    students, told_by_name = meant[STUDENT], rows["学号"].is_null()
    yield table, rows.select(ROW, KEY, roster_cells(students, school[ROSTER])["班级"])
    yield table, rows.select(ROW, KEY, students.alias("学号")).filter(told_by_name)
    label = told_by_name & (meant["姓名"] != rows["姓名"]).fill_null(False)
    yield table, rows.select(ROW, KEY, meant["姓名"]).filter(label)
    if table is SCORES:
        was_class = pl.col("班级").is_in(school[CLASSES]["班级"].drop_nulls().implode())
        yield table, rows.filter(pl.col("考时班级").is_null(), was_class).select(ROW, KEY, 考时班级="班级")


def _amended(table: Table, frame: pl.DataFrame, amendment: pl.DataFrame) -> pl.DataFrame:
    """The frame with one column set in some rows, and with the KEY that they have then."""
    (name,) = (column for column in amendment.columns if column not in (ROW, KEY))
    new = amendment.select(ROW, pl.col(name).alias("_new"))
    rows = frame.join(new, on=ROW, how="left", maintain_order="left")
    changed = pl.col("_new").is_not_null()
    key = _key_with(table, name) if name in table.keys else pl.col(KEY)
    return rows.with_columns(
        pl.when(changed).then("_new").otherwise(name).alias(name), pl.when(changed).then(key).otherwise(KEY).alias(KEY)
    ).drop("_new")


def _key_with(table: Table, name: str) -> pl.Expr:
    """KEY with another value for one of the key columns; a KEY in whose cells a | stands is left as it is."""
    parts, place = pl.col(KEY).str.split("|"), table.keys.index(name) + 1
    whole = pl.concat_list(parts.list.head(place), pl.concat_list("_new"), parts.list.slice(place + 1)).list.join("|")
    return pl.when(parts.list.len() == len(table.keys) + 1).then(whole).otherwise(KEY)
