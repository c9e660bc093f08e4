"""Rows are high enough for their wrapped texts, whatever they hold, and none higher than Excel takes."""

from __future__ import annotations

import re

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbangfu.book.row_heights import MOST_LINES, height
from xlbangfu.house_look import row_height
from xlbangfu.schema import Column, Type

WORDS = st.sampled_from(["好", "帮扶学生", "，", "2026-06-30", "98.5", "school@example.cn", "A", "\n", "（共 3 项）"])
FACES = 1.44  # heights of a line in sizes: Noto Sans CJK, which stands in where the workbook's face is not there


def heights(texts: list[str], width: int) -> list[float]:
    """Of one wrapped column; a row that says nothing is of one line."""
    frame = pl.DataFrame({"内容": texts})
    made = frame.select(height([Column(name="内容", type=Type.LONG, width=width)], frame)).to_series()
    return [float(one.split('"')[1]) if one else 15.0 for one in made]


def by_hand(text: str, room: float) -> int:
    """Lines that a program needs which breaks between any two Chinese signs and never in a word."""
    return sum(_greedy(part, room) for part in text.split("\n"))


def _greedy(text: str, room: float) -> int:
    lines, at = 1, 0.0
    for piece in re.findall(r"[!-~]+|.", text):
        wide = sum(2 if ord(sign) > 0xFF else 1 for sign in piece)
        if at and at + wide > room:
            lines, at = lines + 1, 0.0
        at += wide
    return lines


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=25).map("".join), min_size=1, max_size=6), st.integers(36, 60))
def test_no_line_of_a_wrapped_text_is_cut_where_words_are_not_broken(texts: list[str], width: int) -> None:
    for text, high in zip(texts, heights(texts, width), strict=True):
        needed = min(by_hand(text, width - 1), MOST_LINES)

        assert high >= row_height(needed)


def test_a_row_of_any_number_of_lines_has_room_for_a_face_that_stands_in() -> None:
    for lines in range(1, MOST_LINES + 1):
        assert row_height(lines) >= 10 * (FACES * (lines - 1) + 1.3)
    assert row_height(MOST_LINES) <= 409


def test_a_text_of_one_line_keeps_the_usual_height() -> None:
    assert heights(["好" * 17, "2026-06-30 school@example.cn", ""], 36) == [15.0, 15.0, 15.0]
