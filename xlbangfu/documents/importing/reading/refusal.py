"""Why a file cannot be taken; the name of the file is put before it where it is shown."""

from __future__ import annotations

SAVE_AGAIN = "请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"


class Refusal(Exception):
    """``str`` of it goes on from the name of the file and ends the sentence."""


def broken() -> Refusal:
    return Refusal(f"不完整或已损坏，{SAVE_AGAIN}")


def too_large() -> Refusal:
    return Refusal("太大，或解压后大得不正常，请只留下要导入的表、拆成几份再导入。")


def password() -> Refusal:
    return Refusal("加了打开密码，请先在 Excel 里去掉密码再导入。")


def hostile() -> Refusal:
    return Refusal("里面有不该有的声明，可能是恶意文件，没有打开。")


def no_table() -> Refusal:
    return Refusal("不是表格文件，请给 .xlsx、.xls、.et、.ods 或 .csv。")
