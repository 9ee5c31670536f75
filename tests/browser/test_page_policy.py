"""The page's policy, enforced by a real browser, and how soon an answer is drawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Visit, Visiting

COLONEL = "view=profile&profile=sect:sunni,rank:colonel"
VIOLATIONS = """() => {
    window.violations = [];
    const note = (event) => window.violations.push(event.violatedDirective);
    document.addEventListener("securitypolicyviolation", note);
}"""


def violated(page: Page) -> list[str]:
    """Return the directives that were violated since they were listened to."""
    page.wait_for_timeout(50)
    found: list[str] = page.evaluate("window.violations")
    return found


def test_no_view_violates_the_policy(visiting: Visiting) -> None:
    """Through all views, pictures saved and claims shown, nothing is reported; all styles are those allowed."""
    visit = visiting()
    visit.page.add_init_script(f"({VIOLATIONS})()")
    page = visit.go(COLONEL).page
    for view in ("compare", "map", "outlook", "profile"):
        visit.after(lambda view=view: page.click(f"nav a[data-view={view}]"))
    page.locator(".behind .claim").first.hover()
    with page.expect_download():
        page.get_by_role("button", name="PNG: On the scale of risks").click()
    assert violated(page) == []


INJECTED = {
    "script-src-elem": "const it = document.createElement('script'); it.text = 'ran = 1'; document.body.append(it)",
    "script-src-attr": "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"ran = 1\">')",
    "script-src": "setTimeout('ran = 1')",
    "style-src-elem": "document.body.insertAdjacentHTML('beforeend', '<style>body { color: red }</style>')",
    "style-src-attr": "document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')",
    "img-src": "const it = new Image(); it.src = 'http://198.51.100.7/x.png'; document.body.append(it)",
    "connect-src": "fetch('http://198.51.100.7/').catch(() => 0)",
    "frame-src": "document.body.insertAdjacentHTML('beforeend', '<iframe src=\"/docs\"></iframe>')",
}
"""By the directive that forbids it, what somebody who got a foot into the page might try."""


def test_what_is_injected_does_not_run(visiting: Visiting) -> None:
    """A script, a style, a picture or a request that is not the page's own is stopped, and reported as what it is."""
    visit = visiting(allowed=("Content Security Policy", "Executing inline", "Refused", "status of 404", "violates"))
    visit.page.add_init_script(f"({VIOLATIONS})()")
    page = visit.go(COLONEL).page
    for directive, injected in INJECTED.items():
        page.evaluate(f"() => {{ window.violations = []; {injected} }}")
        assert directive in violated(page)
    assert page.evaluate("window.ran ?? null") is None
    visit.asked.clear()


def test_an_address_cannot_write_into_the_page(visiting: Visiting) -> None:
    """Markup in the address is text or nothing."""
    visit = visiting()
    bad = "%3Cimg%20src%3Dx%20onerror%3D%22window.ran%3D1%22%3E"
    plain = [f"{name}={bad}" for name in ("view", "from", "cell", "force", "shade")]
    packed = [f"{name}sect:{bad}" for name in ("profile=", "pin=", "group=5*", "contagion=", "incentive=for+")]
    page = visit.go("&".join([*plain, *packed])).page
    expect(page.locator("#understood")).to_contain_text("<img src=x")
    assert page.evaluate("window.ran ?? null") is None
    assert page.locator("main img, main script").count() == 0


def test_everything_comes_from_the_service(visit: Visit) -> None:
    """No request leaves the origin: not for fonts, scripts, styles or pictures."""
    visit.go(COLONEL)
    kinds = {url.removeprefix(visit.base).split("/")[1] for url in visit.asked if url.startswith(visit.base)}
    assert kinds == {"", "static", "v1"}
    assert visit.foreign() == []


def test_how_soon_an_answer_is_drawn(visit: Visit, record_property: object, capsys: pytest.CaptureFixture[str]) -> None:
    """From a choice to its drawn answer: measured and said, and, as for every clock, not a reason to fail."""
    page = visit.go(COLONEL).page
    for rank in ("general", "major", "captain", "conscript", "brigadier"):
        visit.after(lambda rank=rank: page.select_option("#choose-rank", rank))
    times = sorted(visit.answers()[1:])
    said = f"from a choice to its drawn answer: median {times[2]:.0f} ms, longest {times[-1]:.0f} ms"
    record_property("drawn", said)  # type: ignore[operator]
    with capsys.disabled():
        print(f"\n{said}")  # noqa: T201 - a figure for whoever runs the tests
    assert len(times) == 5
