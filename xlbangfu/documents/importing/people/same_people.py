"""Who of 名册 a row of a roster is, where its 学号 does not say: by name and class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from xlbangfu.documents.importing.columns import Block
from xlbangfu.documents.importing.draft import Draft
from xlbangfu.documents.importing.people.student_keys import RowKeys
from xlbangfu.documents.importing.questions import LEAVE_OUT, Ask, Question

Person = tuple[str, str]  # plain name and class
SAME, OTHERS = "是同一批人，用名册的学号", "是另外的人"
_SHOWN = 3


class Numbers(Struct, frozen=True):
    """The 学号 of each row, None where it has none yet; ``held`` are rows that wait for the answer whether they are somebody."""

    of_rows: list[str | None]
    held: frozenset[int] = frozenset()


def same_people(
    draft: Draft, block: Block, people: Sequence[Person], keys: RowKeys, known: Mapping[str, Mapping[str, Any]]
) -> Numbers:
    """The 学号 of each row: its own, else that of the one student of 名册 with its name and class.

    Rows with an own 学号 that 名册 gives to nobody, but whose name and class are somebody's there, are asked about, once a file.
    Of several students alike, rows that are as many take theirs in order.
    """
    alike = _by_person(known)
    numbers = [text if text else _own(alike, person) for text, person in zip(keys.texts, people, strict=True)]
    _share_out(numbers, people, keys, alike)
    twice = [
        i for i, text in enumerate(keys.texts) if text and text not in known and len(alike.get(people[i], [])) == 1
    ]
    if not twice:
        return Numbers(numbers)
    answer = draft.answers.ask(_question(block, [(keys.texts[i] or "", people[i], alike[people[i]][0]) for i in twice]))
    for index in twice if answer == SAME else ():
        numbers[index] = alike[people[index]][0]
    return Numbers(numbers, frozenset(twice if answer not in (SAME, OTHERS) else ()))


def _by_person(known: Mapping[str, Mapping[str, Any]]) -> dict[Person, list[str]]:
    found: dict[Person, list[str]] = {}
    for number, row in known.items():
        found.setdefault((row["_name"] or "", row["班级"] or ""), []).append(number)
    return found


def _own(alike: Mapping[Person, list[str]], person: Person) -> str | None:
    found = alike.get(person, [])
    return found[0] if len(found) == 1 else None


def _share_out(
    numbers: list[str | None],
    people: Sequence[Person],
    keys: RowKeys,
    alike: Mapping[Person, list[str]],
) -> None:
    """Two of one name and class in the file and in 名册 are the same two."""
    rows = Counter(person for person, text in zip(people, keys.texts, strict=True) if not text)
    left = {person: list(found) for person, found in alike.items() if len(found) > 1 and rows[person] == len(found)}
    for index, person in enumerate(people):
        if numbers[index] is None and left.get(person):
            numbers[index] = left[person].pop(0)


def _question(block: Block, rows: Sequence[tuple[str, Person, str]]) -> Question:
    sample = tuple(f"{name} {room}：文件 {typed}，名册 {number}" for typed, (name, room), number in rows[:_SHOWN])
    return Question(
        ask=Ask.KEY,
        file=block.grid.file,
        sheet=block.grid.sheet,
        about="同班同名、学号不同的人",
        sample=sample,
        thought=f"有 {len(rows)} 人和名册里的同班同名，学号却不同",
        choices=(SAME, OTHERS, LEAVE_OUT),
    )
