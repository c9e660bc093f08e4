"""XML that the program itself has drawn, changed between two pieces of it that are known."""

from __future__ import annotations


def between(xml: str, opening: str, closing: str) -> str | None:
    """What stands after ``opening`` and before the first ``closing`` behind it; None where there is none.

    >>> between("<a>1</a><a>2</a>", "<a>", "</a>")
    '1'
    """
    _, found, rest = xml.partition(opening)
    inner, ended, _ = rest.partition(closing)
    return inner if found and ended else None


def with_between(xml: str, opening: str, closing: str, inner: str) -> str:
    """The XML with that replaced; as it is where there is none.

    >>> with_between("<a>1</a><a>2</a>", "<a>", "</a>", "3")
    '<a>3</a><a>2</a>'
    """
    before, found, rest = xml.partition(opening)
    _, ended, after = rest.partition(closing)
    return f"{before}{opening}{inner}{closing}{after}" if found and ended else xml


def without_between(xml: str, opening: str, closing: str) -> str:
    """The XML without that, ``opening`` and ``closing`` included; as it is where there is none.

    >>> without_between("<a>1</a><a>2</a>", "<a>", "</a>")
    '<a>2</a>'
    """
    before, _, rest = xml.partition(opening)
    _, ended, after = rest.partition(closing)
    return before + after if ended else xml
