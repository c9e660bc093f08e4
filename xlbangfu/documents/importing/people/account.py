"""What is said of a sheet of people: how it was understood, each column's fate, how many rows became what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from xlbangfu.documents.importing import words
from xlbangfu.documents.importing.columns import Block, Column, Fate
from xlbangfu.documents.importing.people.people_headings import heading
from xlbangfu.documents.importing.scores import left_out
from xlbangfu.schema import SEPARATOR

NEW, THERE, FILLED, DIFFERENT, REFUSED, HELD = "新增", "已有", "补上空格", "与总表不同", "不能用", "等回答"
_FATES = (NEW, THERE, FILLED, DIFFERENT, REFUSED, HELD)
_PRIVATE = ("身份证", "证件号", "证件类型")
_ONLY_COMPARED = ("学籍号", "学籍辅号", "学籍编号")


def sheet_line(
    block: Block, kind: str, used: Mapping[str, Column], count: Mapping[str, int], more: Iterable[str] = ()
) -> str:
    """One sentence on a sheet; ``used`` are the columns taken, by what they mean in the master."""
    taken = {column.place for column in used.values()}
    rest = [_left(column) for column in block.columns if column.place not in taken]
    parts = [
        f"{block.title}：认作{kind}，表头在第 {block.header[0] + 1} 行",
        f"用了 {SEPARATOR.join(_use_of(meaning, column) for meaning, column in used.items())}",
        left_out(rest),
        "，".join(f"{fate} {count[fate]} 行" for fate in _FATES if count.get(fate) or fate in (NEW, THERE)),
        *more,
        f"表尾 {block.footers} 行略去" if block.footers else "",
    ]
    return "；".join(part for part in parts if part) + "。"


def counted(fates: Sequence[str]) -> Counter[str]:
    return Counter(fates)


def _use_of(meaning: str, column: Column) -> str:
    return meaning if meaning == heading(column) else f"{column.typed}→{meaning}"


def _left(column: Column) -> Column:
    return replace(column, fate=Fate.LEFT_OUT, why=_why(heading(column)))


def _why(text: str) -> str:
    if any(word in text for word in _PRIVATE):
        return "身份证号不导入"
    if text in _ONLY_COMPARED:
        return "学籍号不导入"
    if text in words.SERIALS or text in words.ANY_PERSON:
        return "不用"
    return "总表没有这一项"
