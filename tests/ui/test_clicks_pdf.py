"""PDFs by a click: in a workbook of their own, as another LibreOffice makes them while this one waits."""

from __future__ import annotations

import os

import pytest

from tests.support.clicking import OpenBook
from tests.ui.test_clicks import Step, click_and_look, opened, screen  # noqa: F401 - fixtures
from tests.ui.test_clicks import pytestmark as marks

pytestmark = [
    *marks,
    pytest.mark.skipif(
        not os.environ.get("XLBANGFU_EVERY_BUTTON"),
        reason="it opens a LibreOffice of its own and makes PDFs by another; by hand, with XLBANGFU_EVERY_BUTTON=1",
    ),
]
STEPS = (Step(action="pages"), Step(action="pdf"), Step(action="pdf"))  # the second finds the views drawn


@pytest.mark.parametrize("step", STEPS, ids=["pages", "pdf", "pdf again"])
def test_a_click_makes_pdfs_of_the_pages(opened: OpenBook, step: Step) -> None:  # noqa: F811 - the fixture
    click_and_look(opened, step)
