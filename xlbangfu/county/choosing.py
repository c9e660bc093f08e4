"""Which of the files that came count, and what is to be asked about the others. No marks, no places: schools are not ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from xlbangfu import __version__
from xlbangfu.county.file_reading import FileRead

UNUSABLE, NOT_SENT, LATE, OLDER, CONTRADICTORY, JUMP, TWICE, ALTERED, WRONG_DATA = KINDS = (
    "不能用的文件",
    "没有交",
    "晚交",
    "旧版本",
    "数有矛盾",
    "和上学期差得多",
    "交了两份",
    "改动过",
    "总表有错误",
)


class Question(Struct, frozen=True, kw_only=True):
    """One row of the list of what to ask a school about."""

    kind: str
    code: str = ""
    school: str = ""
    file: str = ""
    text: str


def chosen(read: Iterable[FileRead]) -> list[FileRead]:
    """The latest file of each school and term, by 学校代码 and 学期; of equals the first."""
    best: dict[tuple[str, str], FileRead] = {}
    for one in read:
        if not one.why:
            last = best.setdefault((one.code, one.term), one)
            if (last.day, last.made) < (one.day, one.made):
                best[one.code, one.term] = one
    return [best[key] for key in sorted(best)]


def latest_term(read: Iterable[FileRead]) -> str:
    """The term that the county's figures are of, empty where nothing could be read."""
    return max((one.term for one in read if not one.why), default="")


def questions(read: Sequence[FileRead], term: str, *, expected: Mapping[str, str], due: date | None) -> list[Question]:
    """What the files themselves show; ``expected`` is 学校代码 → name of those that should send, else those that sent in another term."""
    counted = [one for one in chosen(read) if one.term == term]
    return [
        *_unusable(read),
        *_not_sent(read, counted, expected),
        *(_late(counted, due) if due else ()),
        *_of_each(counted),
        *_twice(read, term),
    ]


def in_order(asked: Iterable[Question]) -> list[Question]:
    """By what is to be asked, then by school."""
    return sorted(asked, key=lambda one: (KINDS.index(one.kind), one.code, one.file, one.text))


def _unusable(read: Iterable[FileRead]) -> Iterator[Question]:
    return (Question(kind=UNUSABLE, file=one.path, text=one.why) for one in read if one.why)


def _not_sent(read: Iterable[FileRead], counted: Sequence[FileRead], expected: Mapping[str, str]) -> Iterator[Question]:
    came = {one.code for one in counted}
    known = dict(expected) or {one.code: one.school for one in read if not one.why}
    why = "名单里有" if expected else "别的学期交过"
    for code, school in known.items():
        if code not in came:
            yield Question(kind=NOT_SENT, code=code, school=school, text=f"{why}，这学期没有能用的文件")
    for one in counted if expected else ():
        if one.code not in expected:
            yield Question(
                kind=CONTRADICTORY, code=one.code, school=one.school, file=one.path, text="名单里没有这个学校代码"
            )


def _late(counted: Iterable[FileRead], due: date) -> Iterator[Question]:
    for one in counted:
        if date.fromisoformat(one.made[:10]) > due:
            yield _of(one, LATE, f"{one.made[:10]} 做的，期限是 {due}")


def _of_each(counted: Iterable[FileRead]) -> Iterator[Question]:
    for one in counted:
        if one.program != __version__:
            yield _of(one, OLDER, f"学校的程序是 {one.program}，这里是 {__version__}")
        if one.altered:
            yield _of(one, ALTERED, "和学校的程序写出来的不一样，请学校重新做一份")
        if one.errors:
            yield _of(one, WRONG_DATA, f"校验里还有 {one.errors} 处错误，错误的行没有数进去")
        yield from (_of(one, CONTRADICTORY, text) for text in one.contradictions)


def _twice(read: Iterable[FileRead], term: str) -> Iterator[Question]:
    same: dict[tuple[str, str], list[FileRead]] = defaultdict(list)
    for one in read:
        if not one.why and one.term == term:
            same[one.code, one.day].append(one)
    for files in same.values():
        for one in files[1:]:
            what = "内容一样" if one.digest == files[0].digest else "内容不一样，用后做的那一份"
            yield _of(one, TWICE, f"和“{files[0].path}”是同一所学校、同一天的，{what}")


def _of(one: FileRead, kind: str, text: str) -> Question:
    return Question(kind=kind, code=one.code, school=one.school, file=one.path, text=text)
