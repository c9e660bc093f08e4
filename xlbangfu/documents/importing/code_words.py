"""Words and codes of other registers for what the master says in its own: 性别 1/2, 是否留守 0/1, 在校, 走读 (DOMAIN rule 13).

The codes are those of GB/T 2261.1 and of the national register of pupils; what is in no list is asked, not guessed.
"""

from __future__ import annotations

from xlbangfu.rules.numerals import half_width
from xlbangfu.schema import NO, YES


def _turned(groups: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in groups.items() for word in words.split()}


_YES_NO = _turned(
    {
        YES: "是 1 有 y yes true √ ✓ ✔ ☑ 对 t 1-是 01 是的",
        NO: "否 0 无 n no false × ✗ ✘ x 不是 没有 非 f 0-否 2 02 2-否 00",
    }
)
_OF_COLUMN = {
    "性别": _turned({"男": "男 男生 1 m male 男性 1-男 01 男孩", "女": "女 女生 2 f female 女性 2-女 02 女孩"}),
    "在籍状态": _turned(
        {
            "在读": "在读 在校 正常 在籍 在校生 1 复学 在籍在校 注册 在籍在读",
            "转出": "转出 转学 已转出 已转学 转校 转走",
            "休学": "休学 休学中",
            "辍学": "辍学",
        }
    ),
    "留守": _turned(
        {
            YES: "留守 留守儿童 单亲留守儿童 双亲留守儿童 单亲留守 双亲留守 农村留守 农村留守儿童 父母双方外出 父母一方外出",
            NO: "非留守儿童 非留守 不是留守儿童",
        }
    ),
    "寄宿": _turned(
        {YES: "住校 住宿 寄宿 住读 内宿 寄宿生 住校生 住宿生", NO: "走读 通校 外宿 走读生 通学 不住校 不寄宿 不住宿"}
    ),
    "家庭困难": _turned(
        {
            YES: "贫困 困难 特困 低保 建档立卡 一般困难 特别困难 比较困难 脱贫户 低保户 特困户 边缘易致贫户",
            NO: "不困难 非贫困 正常 一般 非困难 不贫困",
        }
    ),
    "重点": _turned({YES: "重点", NO: "一般 非重点 普通"}),
}
_YES_NO_COLUMNS = frozenset({"留守", "家庭困难", "寄宿", "重点", "在岗", "监护人同意"})


def code_word(column: str, cell: object) -> str | None:
    """The master's word for a cell of a column; None for one that is not known, "" for an empty one.

    >>> code_word("性别", 2.0), code_word("留守", "非留守儿童"), code_word("寄宿", "走读"), code_word("留守", "甲")
    ('女', '否', '否', None)
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return YES if cell else NO
    text = half_width(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).lower()
    if text in ("", "-", "--", "/", "9", "未说明", "未知") and column == "性别":
        return ""
    own = _OF_COLUMN.get(column, {}).get(text)
    if own or not text:
        return own or ""
    return _YES_NO.get(text) if column in _YES_NO_COLUMNS else None


def has_codes(column: str) -> bool:
    """Whether a column of the master is filled from words and codes."""
    return column in _OF_COLUMN or column in _YES_NO_COLUMNS
