"""Who is meant: students and teachers named by number, by name, or by both.

A student is named by 学号, or by 姓名 with 班级, or by 姓名 alone where it is unique in the school; 学号 and 姓名 must agree
where both are given, 班级 is only a help for the reader. A cell of 学号 or 姓名 may also hold what a drop-down offers, "姓名
班级 学号", and one of 学号 a name (``spelled_out``). A teacher is named by "工号 姓名" or by either part alone where that is unique.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property

import polars as pl
from msgspec import Struct

from xlbangfu.schema import SEPARATOR

STUDENT = "_student"
_SEVERAL_WORDS = r"[\s、,，;；/]"
_UNSEEN = "[\\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
_BETWEEN_PARTS = "[.\u2022\u30fb\u2027\u2219\u22c5\uff65]"  # all that stand for the · in a name


def plain(name: pl.Expr) -> pl.Expr:
    """A name or class as it is compared: half width, no spaces at all, one sign between the parts of a name.

    >>> pl.select(plain(pl.lit("王　小 明"))).item(), pl.select(plain(pl.lit("买买提•艾力"))).item()
    ('王小明', '买买提·艾力')
    """
    return name.str.normalize("NFKC").str.replace_all(_UNSEEN, "").str.replace_all(_BETWEEN_PARTS, "·")


def split(cell: pl.Expr) -> pl.Expr:
    """The parts of a cell that names several, whatever comma was typed.

    >>> pl.select(split(pl.lit("语文，数学 、英语"))).item().to_list()
    ['语文', '数学', '英语']
    """
    parts = cell.str.replace_all(r"\s*[、,，;；/\n]\s*", SEPARATOR).str.strip_chars(SEPARATOR + " \u3000")
    return parts.str.split(SEPARATOR)


def first_part(cell: pl.Expr) -> pl.Expr:
    """The first of several."""
    return split(cell).list.first()


def student_label() -> pl.Expr:
    """How drop-downs show a student of 名册: "姓名 班级 学号"."""
    return pl.concat_str("姓名", "班级", "学号", separator=" ")


class Known(Struct, frozen=True, dict=True):
    """The students of a roster as cells are looked up in it; made once where several sheets are."""

    people: pl.DataFrame

    @classmethod
    def of(cls, roster: pl.DataFrame) -> Known:
        return cls(_people(roster))

    @cached_property
    def by_id(self) -> pl.DataFrame:
        return self.people.unique(subset=["学号"], keep="first").drop("姓名")

    @cached_property
    def sure(self) -> pl.DataFrame:
        """学号 that stand for themselves in a cell, each with the 姓名 (``_said``) of its student."""
        alone = self.people.unique(subset=["学号"], keep="first")
        return alone.filter(first_part(pl.col("学号")) == pl.col("学号")).select("学号", _said="姓名", _is=pl.lit(True))

    @cached_property
    def by_both(self) -> pl.DataFrame:
        alone = self.people.unique(subset=["_name", "_class"], keep="none")
        return alone.select("_name", "_class", _both="学号")

    @cached_property
    def by_name(self) -> pl.DataFrame:
        return self.people.unique(subset=["_name"], keep="none").select("_name", _only="学号")


def spelled_out(frame: pl.DataFrame, known: Known, *, several: bool = False) -> pl.DataFrame:
    """The frame with a 学号 in each cell of 学号, and a name in each of 姓名, that says in another way who is meant.

    Other ways are the label of a drop-down, a name, or a name and a class, that only one student has, the parts in any
    order. Where ``several`` may stand in a cell each part is looked up. What stands for nobody, or for more than one, stays
    as it is.
    """
    people = known.people
    number, name = pl.col("学号"), pl.col("姓名")
    odd_number = number.is_not_null() & ~number.is_in(people["学号"].implode())
    long_name = name.str.contains(_SEVERAL_WORDS)
    is_odd, is_long = frame.select(odd_number.any(), long_name.any()).row(0) if frame.height else (False, False)
    labels = _looked_up(_odd_names(frame["姓名"], people), people, several=several) if is_long else {}
    if not labels and not is_odd:
        return frame
    numbers = _looked_up(frame.filter(odd_number)["学号"], people, several=several)
    names = dict(people.unique("学号", keep="none").select("学号", "姓名").iter_rows()) if labels else {}
    said = frame.with_columns(
        pl.when(number.is_null()).then(_replaced(name, labels)).otherwise(number.replace(numbers)).alias("学号"),
        name.replace({cell: names.get(found, cell) for cell, found in labels.items()}),
    )
    misplaced = odd_number & name.is_null() & plain(number).is_in(people["_name"].implode())  # 班级 may tell which
    return said.with_columns(
        pl.when(~misplaced).then(number).alias("学号"), pl.when(misplaced).then(number).otherwise(name).alias("姓名")
    )


def with_numbers(frame: pl.DataFrame, column: str, known: Known, *, several: bool) -> pl.DataFrame:
    """The frame with 学号 in the cells of another column of students, such as 学习帮手, where each part of a cell says in any
    way of ``spelled_out`` who is meant; a cell of 学号 only, and one with a part that is not understood, stay as they are.
    """
    people = known.people
    is_number = pl.element().is_in(people["学号"].implode())
    parts = split(pl.col(column)) if several else pl.concat_list(column)
    odd = frame.filter(pl.col(column).is_not_null(), ~parts.list.eval(is_number).list.all())[column]
    numbers = _looked_up(odd, people, several=several)
    return frame.with_columns(pl.col(column).replace(numbers)) if numbers else frame


def _odd_names(cells: pl.Series, people: pl.DataFrame) -> pl.Series:
    """The cells of 姓名 that may be more than a name."""
    long = cells.filter(cells.str.contains(_SEVERAL_WORDS).fill_null(False))
    return long.filter(~long.to_frame("_").select(plain(pl.col("_")))["_"].is_in(people["_name"].implode()))


def _replaced(cell: pl.Expr, known: Mapping[str, str]) -> pl.Expr:
    return cell.replace_strict(known, default=None, return_dtype=pl.String)


def _people(roster: pl.DataFrame) -> pl.DataFrame:
    """学号 and 姓名 of 名册, with _name and _class as they are compared."""
    known = roster.filter(pl.col("学号").is_not_null())
    return known.select("学号", "姓名", _name=plain(pl.col("姓名")), _class=plain(pl.col("班级")))


def _looked_up(cells: pl.Series, people: pl.DataFrame, *, several: bool) -> dict[str, str]:
    """Each different cell that is understood, with the 学号 of its parts in their order."""
    if not cells.len() or not people.height:
        return {}
    whole = cells.unique(maintain_order=True).to_frame("_cell")
    parts = split(pl.col("_cell")) if several else pl.concat_list("_cell")
    listed = whole.with_columns(_part=parts).explode("_part").filter(pl.col("_part") != "")
    meant = _meant(listed["_part"].unique(), people)
    found = listed.with_columns(_replaced(pl.col("_part"), meant).alias("_meant"))
    answer = found.group_by("_cell", maintain_order=True).agg("_meant").filter(~pl.col("_meant").list.contains(None))
    return dict(answer.with_columns(pl.col("_meant").list.unique(maintain_order=True).list.join(SEPARATOR)).iter_rows())


def _meant(parts: pl.Series, people: pl.DataFrame) -> dict[str, str]:
    """The 学号 of each part that means one student only."""
    themselves = _numbers_among(parts, people)
    others = parts.filter(~parts.is_in(list(themselves)))
    if not others.len():
        return themselves
    names = _Names(people)
    words = others.to_frame("_").select(plain_words(pl.col("_")))["_"].to_list()
    found = {part: names.number(each) for part, each in zip(others.to_list(), words, strict=True)}
    return themselves | {part: number for part, number in found.items() if number}


def _numbers_among(parts: pl.Series, people: pl.DataFrame) -> dict[str, str]:
    """The parts that are the 学号 of one student to the letter, which is most of them."""
    number = pl.col("学号")
    named = people.filter(number.is_in(parts.implode())).unique("学号", keep="none").drop_nulls("_name")
    return {one: one for one in named.filter(plain(number) == number)["学号"]}


def plain_words(cell: pl.Expr) -> pl.Expr:
    """The words of a cell, each as names are compared."""
    spaced = cell.str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()
    return spaced.str.split(" ").list.eval(plain(pl.element()))


class _Names:
    """The students of 名册 by what a cell may call them."""

    def __init__(self, people: pl.DataFrame) -> None:
        self.rooms = {"", *people["_class"].drop_nulls()}
        self.name = dict(people.unique("学号", keep="none").select("学号", "_name").drop_nulls().iter_rows())
        self.alone = dict(people.unique("_name", keep="none").select("_name", "学号").iter_rows())
        in_class = people.unique(["_name", "_class"], keep="none").drop_nulls()
        self.in_class = {(name, room): number for number, _, name, room in in_class.iter_rows()}

    def number(self, words: list[str]) -> str | None:
        """By the 学号 among the words, with which the rest must agree; else by name; else by name and class."""
        numbers = [word for word in words if word in self.name]
        if len(numbers) == 1:
            name, rest = self.name[numbers[0]], "".join(word for word in words if word not in numbers)
            fits = rest in self.rooms or any(rest in (name + room, room + name) for room in self.rooms)
            return numbers[0] if fits else None
        return self.alone.get("".join(words)) or self._in_class(words)

    def _in_class(self, words: list[str]) -> str | None:
        first, last = "".join(words[:-1]), "".join(words[1:])
        pairs = [pair for pair in ((first, words[-1]), (last, words[0])) if pair[1] in self.rooms]
        found = {self.in_class.get(pair) or self.alone.get(pair[0]) for pair in pairs} - {None}
        return found.pop() if len(found) == 1 else None


def with_student(
    frame: pl.DataFrame,
    roster: pl.DataFrame | Known,
    rooms: Callable[[], Mapping[str, str]] = dict,
    *,
    class_binds: bool = False,
) -> pl.DataFrame:
    """The frame with STUDENT: the 学号 of the one student that its 学号 and 姓名 agree on, else null.

    班级 tells students of one name apart. A student may have left the class that stands there, unless ``class_binds``: where
    a row may be about somebody who is not in 名册 yet. ``rooms`` gives the classes of the frame that 名册 spells otherwise.
    A cell with several 学号 gives its first; 姓名 and 班级 are then not compared.
    """
    known = roster if isinstance(roster, Known) else Known.of(roster)
    if not class_binds and all_sure(frame, known):
        return frame.with_columns(pl.col("学号").alias(STUDENT))
    spelled = dict(rooms())
    asked = frame.select(
        _id=first_part(pl.col("学号")),
        _several=(split(pl.col("学号")).list.len() > 1).fill_null(False),
        _n=plain(pl.col("姓名")),
        _c=plain(pl.col("班级").replace(spelled)) if spelled else plain(pl.col("班级")),
    )
    found = (
        asked.join(known.by_id, left_on="_id", right_on="学号", how="left", maintain_order="left")
        .with_columns(_known=pl.col("_id").is_in(known.by_id["学号"].implode()))
        .join(known.by_both, left_on=["_n", "_c"], right_on=["_name", "_class"], how="left", maintain_order="left")
        .join(known.by_name, left_on="_n", right_on="_name", how="left", maintain_order="left")
    )
    name_agrees = pl.col("_n").is_null() | (pl.col("_n") == pl.col("_name")) | pl.col("_several")
    anywhere = pl.lit(not class_binds)
    class_agrees = anywhere | pl.col("_c").is_null() | (pl.col("_c") == pl.col("_class")) | pl.col("_several")
    student = found.select(
        pl.when(pl.col("_id").is_not_null())
        .then(pl.when(pl.col("_known").fill_null(False) & name_agrees & class_agrees).then(pl.col("_id")))
        .when(pl.col("_c").is_null() | (anywhere & pl.col("_both").is_null()))
        .then(pl.col("_only"))
        .otherwise(pl.col("_both"))
        .alias(STUDENT)
    )
    return frame.with_columns(student[STUDENT])


def all_sure(frame: pl.DataFrame, known: Known) -> bool:
    """Whether each row has the 学号 of a student, and no 姓名 or that of the student to the letter."""
    if frame["学号"].null_count() or not frame.height:
        return not frame.height
    there = frame.select("学号", "姓名").join(known.sure, on="学号", how="left")
    agrees = pl.col("姓名").is_null() | (pl.col("姓名") == pl.col("_said")).fill_null(False)
    return bool(there.select((pl.col("_is").fill_null(False) & agrees).all()).item())


def left_class(frame: pl.DataFrame, roster: pl.DataFrame, rooms: Callable[[], Mapping[str, str]]) -> pl.Series:
    """Whether the 班级 of a row, which has STUDENT, is not the one that 名册 has for its one student today; ``rooms`` gives the
    classes of the frame that 名册 spells otherwise. ``roster`` is that of ``cells_by_number``."""
    asked = frame.select("学号", STUDENT, _there="班级").join(
        roster, left_on=STUDENT, right_on="_number", how="left", maintain_order="left"
    )
    there, here = pl.col("_there"), pl.col("班级")
    differs = asked.select((there != here).fill_null(False)).to_series()
    if not differs.any():
        return differs
    several = pl.col("学号").str.contains(SEPARATOR, literal=True).fill_null(False)
    as_listed = plain(there.replace(dict(rooms())))
    return differs & asked.select((as_listed != plain(here)).fill_null(False) & ~several).to_series()


def roster_cells(numbers: pl.Series, roster: pl.DataFrame) -> pl.DataFrame:
    """姓名 and 班级 of 名册 for each 学号, null where it is not there."""
    return _cells(numbers, cells_by_number(roster))


def cells_by_number(roster: pl.DataFrame) -> pl.DataFrame:
    """姓名 and 班级 of 名册 beside each 学号 (``_number``)."""
    known = roster.select(pl.col("学号").alias("_number"), "姓名", "班级").drop_nulls("_number")
    return known.unique("_number", keep="first")


def _cells(numbers: pl.Series, known: pl.DataFrame) -> pl.DataFrame:
    asked = numbers.to_frame("_number")
    return asked.join(known, on="_number", how="left", maintain_order="left").select("姓名", "班级")


def teacher_ids(cells: pl.Series, teachers: pl.DataFrame) -> pl.Series:
    """The 工号 that each cell names, null where none or more than one fits; "工号 姓名" must agree.

    ``cells`` is text as typed; ``teachers`` is the frame of 教师. The answer has the same length and order.
    """
    staff = teachers.filter(pl.col("工号").is_not_null()).select("工号", plain(pl.col("姓名"))).rows()
    ways = (
        [(number, number) for number, _ in staff],
        [(number + name, number) for number, name in staff if name is not None],
        [(name, number) for number, name in staff if name is not None],
    )
    keys: dict[str, str] = {}
    for way in ways:
        often = Counter(key for key, _ in way)
        keys = {key: number for key, number in way if often[key] == 1} | keys
    asked = pl.DataFrame({"_key": cells.cast(pl.String)}).select(plain(pl.col("_key")))["_key"]
    return pl.Series("工号", [keys.get(key) for key in asked], dtype=pl.String)


def teacher_label(teachers: pl.DataFrame) -> pl.DataFrame:
    """工号 beside how drop-downs and sheets show a teacher: "工号 姓名" (column 显示)."""
    return teachers.select("工号", "姓名", 显示=teacher_shown())


def teacher_shown() -> pl.Expr:
    """A row of 教师 as "工号 姓名"."""
    return pl.concat_str("工号", "姓名", separator=" ")
