"""The report as Chromium shows it: short until it is asked, open where a link leads, and whole on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.browsing import AXE, chromium

SCREEN = 900
MOST_SCREENS = 15


@pytest.fixture
def shown(written: Path) -> Iterator[Page]:
    """Return the report, opened at a desk."""
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": SCREEN}, bypass_csp=True)
        page.goto(written.as_uri())
        yield page


def test_a_report_in_a_browser(shown: Page) -> None:
    """Collapsed it has few screens, links open what they lead to, contents stay, and print and a phone have it all."""
    assert shown.evaluate("document.documentElement.scrollHeight") < MOST_SCREENS * SCREEN
    article = shown.locator("#claim-K12")
    assert not article.is_visible()
    shown.evaluate("location.hash = 'claim-K12'")
    article.wait_for(state="visible")
    assert 0 < article.evaluate("(it) => it.getBoundingClientRect().top") < SCREEN
    assert shown.locator("nav").evaluate("(it) => it.getBoundingClientRect().top") == 0
    row = shown.locator("#row-E01")
    assert not row.is_visible()
    shown.emulate_media(media="print")
    assert row.bounding_box()["height"] > 0  # type: ignore[index]
    shown.emulate_media(media="screen")
    shown.set_viewport_size({"width": 390, "height": 844})
    assert shown.evaluate("document.documentElement.scrollWidth") == 390
    assert shown.locator("nav").evaluate("(it) => it.getBoundingClientRect().top") == 0


def test_a_report_is_for_all(shown: Page) -> None:
    """Axe finds nothing to complain of in it, opened or not."""
    shown.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
    for script in ("0", "document.querySelectorAll('details').forEach((it) => { it.open = true; })"):
        shown.evaluate(script)
        found = shown.evaluate("axe.run().then((found) => found.violations.map((it) => [it.id, it.nodes[0].html]))")
        assert found == []
