"""The same formula in two spellings: Excel's, and the one that UNO's setFormula takes.

They differ in separators (, or ;), arrays ({1,2;3,4} or {1;2|3;4}), references to other sheets (Sheet1!A1 or
$'Sheet1'.A1), unions and the words TRUE and FALSE; function names are English in both. What has no sure
translation raises NotImplementedError.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from xlbangfu.book.libreoffice.lacking import lacking
from xlbangfu.late_pattern import late_pattern

_REFERENCE = r"\$?[A-Z]{1,3}\$?\d+|\$?[A-Z]{1,3}(?=:\$?[A-Z])|\$?\d+(?=:\$?\d)"
_QUOTED = r"'(?:[^']|'')+'"
_BRACKETS = r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]"
_COMMON = r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!))
  | (?P<function>[^\W\d][\w.]*)(?=\()
"""
_EXCEL = late_pattern(
    rf"""{_COMMON}
  | (?P<outside>\[[^\]]*\][^!]*!|'\[[^']*'!)
  | (?P<sheet>{_QUOTED}|\w[\w.]*)!(?!=)
  | (?P<table>[^\W\d][\w.]*)?(?P<columns>{_BRACKETS})
  | (?P<word>[^\W\d][\w.]*)
  | (?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?)
  | (?P<space>\s+)
  | (?P<sign>.)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_OFFICE = late_pattern(
    rf"""(?P<truth>TRUE|FALSE)\(\)
  | {_COMMON}
  | (?P<outside>'file:[^']*'\#)
  | \$?(?P<sheet>{_QUOTED}|\w+)\.(?={_REFERENCE})
  | (?P<table>[^\W\d][\w.]*)?(?P<columns>{_BRACKETS})
  | (?P<word>[^\W\d][\w.]*)
  | (?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?)
  | (?P<space>\s+)
  | (?P<sign>.)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PLAIN_COLUMNS = late_pattern(r"\[(?:[^\[\]#@,;:]*)\]")
_NEW_FUNCTION = late_pattern(r"_xlfn\.(?:_xlws\.)?|_xlws\.", re.IGNORECASE)
_INTERSECTS = late_pattern(r"[\w)]\s+[\w$(']")
_NEEDS_QUOTES = late_pattern(r"\W|^\d|^[A-Z]{1,3}\d+$|^R\d*(?:C\d*)?$|^C\d*$", re.IGNORECASE)


@lru_cache(maxsize=4096)
def to_office(formula: str) -> str:
    """
    >>> to_office("=SUM(A1,名册!$B$2)*{1,2;3,4}")
    "=SUM(A1;$'名册'.$B$2)*{1;2|3;4}"
    >>> to_office('=IF(A1="a,b",TRUE,SUM((A1,B2)))')
    '=IF(A1="a,b";TRUE();SUM((A1~B2)))'
    """
    return "".join(_translated(formula, _EXCEL, _sign_for_office, _sheet_for_office))


@lru_cache(maxsize=4096)
def to_excel(formula: str) -> str:
    """
    >>> to_excel("=SUM(A1;$'名册'.$B$2)*{1;2|3;4}")
    '=SUM(A1,名册!$B$2)*{1,2;3,4}'
    """
    return "".join(_translated(formula, _OFFICE, _sign_for_excel, _sheet_for_excel))


def quoted(sheet: str) -> str:
    """A sheet's name as a formula of Excel's spells it.

    >>> quoted("名册"), quoted("She et"), quoted("A1")
    ('名册', "'She et'", "'A1'")
    """
    return "'" + sheet.replace("'", "''") + "'" if _NEEDS_QUOTES.search(sheet) else sheet


def unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def _translated(
    formula: str, pattern: re.Pattern[str], sign: Callable[[str, str], str], sheet: Callable[[str], str]
) -> Iterator[str]:
    brackets: list[str] = []  # the open ones: f of a function, ( of a plain group, { of an array
    after_function = False
    for found in pattern.finditer(formula):
        kind, text = found.lastgroup, found[0]
        if kind == "sheet":
            yield sheet(unquoted(found["sheet"]))
        elif kind == "outside" or (kind == "columns" and not _PLAIN_COLUMNS.fullmatch(found["columns"])):
            raise lacking(f"The reference {text} in a formula")
        elif kind == "function":
            yield _NEW_FUNCTION.sub("", text)
        elif kind == "truth":
            yield found["truth"]
        elif kind == "word" and pattern is _EXCEL and text.upper() in ("TRUE", "FALSE"):
            yield text.upper() + "()"
        elif (
            kind == "space" and pattern is _EXCEL and _INTERSECTS.fullmatch(formula, found.start() - 1, found.end() + 1)
        ):
            yield "!"
        elif kind == "sign":
            yield sign(text, brackets[-1] if brackets else "")
            _track(brackets, text, after_function)
        else:
            yield text
        after_function = kind == "function"


def _track(brackets: list[str], sign: str, after_function: bool) -> None:
    if sign in "({":
        brackets.append("f" if after_function else sign)
    elif sign in ")}" and brackets:
        brackets.pop()


def _sign_for_office(sign: str, within: str) -> str:
    if sign in "@#":
        raise lacking(f"The operator {sign} in a formula")
    if sign == ",":
        return ";" if within in ("f", "{") else "~"
    if sign == ";" and within == "{":
        return "|"
    return sign


def _sign_for_excel(sign: str, within: str) -> str:
    if within == "{":
        return {";": ",", "|": ";"}.get(sign, sign)
    return {";": ",", "~": ",", "!": " "}.get(sign, sign)


def _sheet_for_office(name: str) -> str:
    return "$'" + name.replace("'", "''") + "'."


def _sheet_for_excel(name: str) -> str:
    return quoted(name) + "!"
