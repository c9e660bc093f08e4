"""Who is at work, for 运行记录 and 荣誉: a person by the name in 设置「操作人」, and not the computer's login."""

from __future__ import annotations

import polars as pl
from msgspec.structs import replace

from xlbangfu.actions.call import Call
from xlbangfu.book.port import Book
from xlbangfu.schema import DEFECTS, SETTINGS, Defect
from xlbangfu.settings import declared

NAME = "操作人"
_LONGEST = 20
_QUESTION = (
    "您是哪位？请写姓名，如 教务处林老师：写进“运行记录”和荣誉的确认人，只问这一次，以后在“设置”的“操作人”里改。"
    "不写就记这台电脑的登录名。"
)


def with_operator(book: Book, call: Call, *, may_ask: bool = True) -> Call:
    """The call under the name in 设置. Where there is none yet staff are asked once, and the answer goes there with what the
    action writes; who does not answer goes by the login. A call that says who it is, and one where nobody can be asked
    and 设置 says nothing, stays as it is."""
    if call.is_named:
        return call
    frames = book.read(SETTINGS)
    sheet = frames[SETTINGS]
    mine = sheet.filter(pl.col("项目") == NAME)
    if known := "".join(mine["值"].head(1).drop_nulls()).strip():
        return replace(call, user=known, is_named=True)
    if not (may_ask and call.can_ask) or _is_missing(frames[DEFECTS]):
        return call
    name = " ".join(call.asks(_QUESTION).split())[:_LONGEST] or call.user
    if mine.height:
        book.amend(SETTINGS, pl.DataFrame({"项目": [NAME], "值": [name]}))
    elif "项目" in sheet.columns:
        book.append(SETTINGS, pl.DataFrame([{"项目": NAME, "值": name, "说明": _help()}], schema=SETTINGS.frame_schema))
    return replace(call, user=name, is_named=True)


def _is_missing(defects: pl.DataFrame) -> bool:
    """Whether 设置 or a column of it is not there: whoever is at work hears of that, and is asked another time."""
    missing = pl.col("缺陷").is_in([Defect.MISSING_SHEET, Defect.MISSING_COLUMN])
    return not defects.filter(pl.col("工作表") == SETTINGS.name, missing).is_empty()


def _help() -> str:
    return next(item.help for item in declared() if item.name == NAME)
