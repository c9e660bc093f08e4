"""PDFs by a click: in a workbook of their own, as another LibreOffice makes them while this one waits."""

from __future__ import annotations

import pytest

from tests.support.clicking import OpenBook
from tests.ui.test_clicks import Step, click_and_look, opened, pytestmark, screen  # noqa: F401 - marks and fixtures

STEPS = (Step(action="pages"), Step(action="pdf"))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.action)
def test_a_click_makes_pdfs_of_the_pages(opened: OpenBook, step: Step) -> None:  # noqa: F811 - the fixture
    click_and_look(opened, step)
