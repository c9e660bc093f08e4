"""Free text on its way out of the office: what is for the office stays there (DOMAIN, Privacy)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbangfu.documents import privacy
from xlbangfu.rules.difficulty_causes import CAUSES, CLOSE, OPEN, PRIVATE_CAUSES

OUTSIDE = "重点关爱"
WORDS = st.text("补每周，。；、 课", max_size=12)


@given(WORDS, st.text("访谈，。；、（）课\n", max_size=12), WORDS, st.booleans())
@settings(max_examples=60)
def test_nothing_of_what_is_for_the_office_leaves_and_nothing_else_is_lost(
    before: str, kept: str, after: str, closed: bool
) -> None:
    text = f"{before}；{OPEN}机密{kept}{CLOSE if closed else ''}{after if closed else ''}"

    for told in (privacy.goal(text, OUTSIDE), privacy.causes(text, OUTSIDE)):
        assert "机密" not in told
        assert "内部" not in told
        assert told.endswith(privacy.LEFT_OUT)
    assert privacy.goal(text, OUTSIDE).removesuffix(privacy.LEFT_OUT) == f"{before}{after if closed else ''}".strip()


def test_what_staff_put_in_brackets_with_the_other_colon_stays_as_well() -> None:
    assert privacy.goal("每周辅导〔内部:家访〕", OUTSIDE) == f"每周辅导{privacy.LEFT_OUT}"


@given(st.lists(st.sampled_from(CAUSES), unique=True), st.sampled_from("、，；"))
@settings(max_examples=60)
def test_of_the_causes_all_are_told_but_those_of_home_and_health(causes: list[str], sign: str) -> None:
    told = privacy.causes(sign.join(causes), OUTSIDE)
    public = [cause for cause in causes if cause not in PRIVATE_CAUSES]

    assert not any(cause in told for cause in PRIVATE_CAUSES)
    if public == causes:
        assert told == sign.join(causes), "as staff wrote it"
    else:
        assert told == "、".join(public) + privacy.LEFT_OUT


@pytest.mark.parametrize("text", [None, "", "爱玩、上课走神（下午）"])
def test_free_words_are_told_as_they_stand(text: str | None) -> None:
    assert privacy.causes(text, OUTSIDE) == (text or "")
