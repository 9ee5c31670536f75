"""The documentation page in Chromium: a question can be tried on it, on a phone and under its own policy."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.support.browsing import Visiting

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_question_is_tried_on_a_phone(visiting: Visiting, scheme: str) -> None:
    """The example is sent as it stands and answered below; a bad one too; unfolded, axe finds nothing serious."""
    visit = visiting(**PHONE, color_scheme=scheme, allowed=("422",))
    page = visit.page
    page.goto(f"{visit.base}/docs")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    box = page.locator("details[data-path='/v1/assessments']")
    box.get_by_role("button").click()
    answer = box.locator("pre")
    expect(answer).to_contain_text("200 OK")
    assert json.loads(answer.inner_text().partition("\n")[2])["model"]["study"] == "syria"
    assert visit.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box.get_by_role("textbox").fill('{"sect": "sunni"}')
    box.get_by_role("button").click()
    expect(answer).to_contain_text("422")
    expect(answer).to_contain_text('"example"')


def test_it_leads_home(visiting: Visiting) -> None:
    """One click leads from the documentation to the page."""
    visit = visiting()
    visit.page.goto(f"{visit.base}/docs")
    visit.page.get_by_role("link", name="Back to the page").click()
    assert visit.page.url.partition("#")[0] == f"{visit.base}/"
