"""The 学号 of each row of a roster, or what is asked to have one (DOMAIN, Keys)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from itertools import count

from msgspec import Struct, field

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.key_cells import SPLIT_COLUMNS, KeyDefect, Keys, read_keys, two_names
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question

AUXILIARY, SHORT_NUMBERS = "用学籍辅号作学号", "编新的短学号"
WITH_NOUGHTS, AS_TYPED = "补上开头的 0", "就是这样"
_SHOWN = 3
_SEATS = 0.5  # of the rows with a key of two names, it is a number within the class


class RowKeys(Struct, frozen=True):
    """``texts`` one a row, None where there is none; ``refused`` and ``held`` are indexes of rows that cannot go in, or wait for an
    answer; ``new_numbers`` says that rows without a key get one; ``column`` is where the keys stand."""

    texts: tuple[str | None, ...]
    refused: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()
    new_numbers: bool = False
    column: tuple[str, Column] | None = None


class _Reader(Struct):
    draft: Draft
    block: Block
    names: Sequence[str | None]
    known: Mapping[str, str]  # plain names of the roster by 学号
    strangers: bool  # whether some rows are nobody of the roster by name and class
    refused: set[int] = field(default_factory=set)
    held: set[int] = field(default_factory=set)


def row_keys(
    draft: Draft,
    block: Block,
    columns: Mapping[str, Column],
    names: Sequence[str | None],
    known: Mapping[str, str],
    *,
    strangers: bool,
) -> RowKeys:
    """The keys of a roster; ``names`` are its names as they are compared, ``known`` those of 名册 by 学号.

    ``strangers`` says whether some rows are nobody of 名册 by name and class.
    """
    reader = _Reader(draft, block, names, known, strangers)
    column = columns.get(words.NUMBER)
    if column and not _are_seats(reader, column):
        return _read(reader, column, "学号")
    return _without_number(reader, columns, seats=column is not None)


def _are_seats(reader: _Reader, column: Column) -> bool:
    """Whether the numbers come again in each class, with other names: told, and no 学号."""
    texts = read_keys(reader.block.cells(column)).texts
    doubled = sum(map(len, two_names(texts, reader.names).values()))
    if doubled < 4 or doubled < _SEATS * sum(text is not None for text in texts):
        return False
    shown = "、".join(list(two_names(texts, reader.names))[:_SHOWN])
    what = f"“{column.typed}”一列在各班重复（{shown} 等有不止一个姓名），像是班内座号，不能作学号，这张表没有按它导入"
    reader.draft.refuse(
        reader.block.title, reader.block.header_row, "学号", what, "换成全校不重复的学号再导入，或回答“用什么作学号”"
    )
    return True


def _read(reader: _Reader, column: Column, meaning: str) -> RowKeys:
    cells = reader.block.cells(column)
    keys = read_keys(cells, list(reader.known))
    _tell_defects(reader, column, keys)
    texts = list(_with_noughts(reader, column, keys))
    for key, rows in two_names(texts, reader.names).items():
        _tell_two_names(reader, key, rows)
    empty = [index for index, text in enumerate(texts) if not text and index not in reader.refused]
    _tell_empty(reader, column, empty)
    return RowKeys(tuple(texts), frozenset(reader.refused), frozenset(reader.held), column=(meaning, column))


def _tell_defects(reader: _Reader, column: Column, keys: Keys) -> None:
    """What cannot be read, once a column for each reason."""
    for defect, many in Counter(keys.defects.values()).items():
        rows = [index for index, found in keys.defects.items() if found is defect]
        reader.refused.update(rows)
        numbers = "、".join(str(reader.block.numbers[index]) for index in rows[:_SHOWN])
        what = f"“{column.typed}”有 {many} 个{defect.value}（第 {numbers} 行{'等' if many > _SHOWN else ''}），这些行没有导入"
        remedy = "填上号码再导入" if defect is KeyDefect.NO_KEY else SPLIT_COLUMNS
        reader.draft.refuse(reader.block.title, reader.block.numbers[rows[0]], "学号", what, remedy)


def _with_noughts(reader: _Reader, column: Column, keys: Keys) -> list[str | None]:
    """The keys, with the zeros that the roster or an answer gives back."""
    texts = list(keys.texts)
    _of_roster(reader, texts)
    names = reader.names
    open_ones = {
        index: padded for index, padded in keys.short.items() if reader.known.get(texts[index] or "") != names[index]
    }
    if not open_ones:
        return texts
    sample = tuple(f"{texts[index]} → {padded}" for index, padded in list(open_ones.items())[:_SHOWN])
    question = Question(
        ask=Ask.SHORT_KEY,
        file=reader.block.grid.file,
        sheet=reader.block.grid.sheet,
        about=column.typed,
        sample=sample,
        thought=f"有 {len(open_ones)} 个学号比其他的短，开头的 0 可能丢了",
        choices=(WITH_NOUGHTS, AS_TYPED, LEAVE_OUT),
    )
    answer = reader.draft.answers.ask(question)
    for index, padded in open_ones.items():
        if answer == WITH_NOUGHTS:
            texts[index] = padded
        elif answer != AS_TYPED:
            reader.held.add(index)
    return texts


def _of_roster(reader: _Reader, texts: list[str | None]) -> None:
    """Numbers that are, but for their zeros, the one number of the student of that name."""
    by_digits: dict[tuple[str, str | None], list[str]] = {}
    for number, name in reader.known.items():
        by_digits.setdefault((number.lstrip("0"), name), []).append(number)
    for index, text in enumerate(texts):
        fits = by_digits.get(((text or "").lstrip("0"), reader.names[index]), [])
        if text and text not in reader.known and len(fits) == 1:
            texts[index] = fits[0]


def _tell_two_names(reader: _Reader, key: str, rows: Sequence[int]) -> None:
    places = "、".join(f"第 {reader.block.numbers[index]} 行 {reader.names[index] or '没有姓名'}" for index in rows)
    reader.refused.update(rows)
    what = f"学号 {key} 有两个姓名（{places}），都没有导入"
    reader.draft.refuse(
        reader.block.title,
        reader.block.numbers[rows[0]],
        "学号",
        what,
        "改对学号再导入",
        学号=key,
        姓名=reader.names[rows[0]],
    )


def _tell_empty(reader: _Reader, column: Column, rows: Sequence[int]) -> None:
    for index in rows:
        reader.refused.add(index)
        who = {"姓名": reader.names[index]}
        reader.draft.refuse(
            reader.block.title,
            reader.block.numbers[index],
            "学号",
            "没有学号，这一行没有导入",
            f"补上“{column.typed}”再导入",
            kind="没有学号",
            **who,
        )


def _without_number(reader: _Reader, columns: Mapping[str, Column], *, seats: bool) -> RowKeys:
    """Who is in 名册 already is found by name and class; for the others a key is offered."""
    auxiliary = columns.get(words.REGISTER_AUXILIARY)
    cells = reader.block.cells(auxiliary)
    texts = read_keys(cells).texts
    usable = auxiliary is not None and all(texts) and len(set(texts)) == len(texts)
    question = Question(
        ask=Ask.KEY,
        file=reader.block.grid.file,
        sheet=reader.block.grid.sheet,
        about="学号",
        sample=tuple(text or "" for text in texts[:_SHOWN]) if usable else (),
        thought="学号一列是班内座号" if seats else "这张表没有学号",
        choices=(*([AUXILIARY] if usable else []), SHORT_NUMBERS, LEAVE_OUT),
        shape=reader.block.shape,
    )
    empty: tuple[str | None, ...] = (None,) * len(reader.names)
    if not reader.strangers:
        return RowKeys(empty)
    answer = reader.draft.answers.ask(question)
    if answer == AUXILIARY and usable and auxiliary:
        return _read(reader, auxiliary, "学号")
    if answer == SHORT_NUMBERS:
        return RowKeys(empty, new_numbers=True)
    every = frozenset(range(len(reader.names)))
    return RowKeys(
        empty, refused=every if answer == LEAVE_OUT else frozenset(), held=every if answer is None else frozenset()
    )


def short_numbers(year: int, taken: Container[str]) -> Iterator[str]:
    """Numbers that nobody has: the year in which the students came, then four digits.

    >>> numbers = short_numbers(2026, {"20260002"})
    >>> next(numbers), next(numbers)
    ('20260001', '20260003')
    """
    return (text for number in count(1) if (text := f"{year}{number:04d}") not in taken)
