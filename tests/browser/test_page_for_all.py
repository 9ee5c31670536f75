"""The page for everyone: by keyboard alone, heard and not seen, on a phone, in the dark, on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import Visit, Visiting

PINS = "&pin=sect:sunni,rank:colonel&pin=sect:alawite,rank:brigadier,proximity:trusted"
VIEWS = {
    "profile": "view=profile&profile=sect:sunni,rank:colonel,unit:Republican+Guard",
    "compare": "view=compare" + PINS,
    "map": "view=map",
    "outlook": "view=outlook&force=listed:0&group=20*sect:sunni,rank:colonel&punish=factor:0.5&watch=&militias=men:10",
    "what-if": "view=what-if&profile=sect:alawite,rank:brigadier&without=K17&weight=stratfor:2&bound=E03:..60",
    "articles": "view=articles&profile=sect:alawite,rank:general,proximity:core",
    "sources": "claim=K12",
}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

BEYOND = """() => [...document.querySelectorAll("main *, form *, header *")]
    .filter((each) => each.getClientRects().length && !each.closest(".scroller, .unseen, option, pre")
        && (each.getBoundingClientRect().right > 391 || each.getBoundingClientRect().left < -1))
    .map((each) => `${each.tagName} ${each.className.baseVal ?? each.className} ${each.textContent.slice(0, 40)}`)"""


def open_all(page: Page, *, but: str = "none") -> None:
    """Open everything that can be unfolded but what a selector names."""
    page.evaluate(f"document.querySelectorAll('details:not({but})').forEach((each) => {{ each.open = true; }})")
    page.wait_for_timeout(50)


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(visit: Visit, view: str) -> None:
    """Unfolded, in light and in dark, no view has a serious or critical violation of accessibility."""
    page = visit.go(VIEWS[view]).page
    # The table of the map has thousands of cells, all alike.
    open_all(page, but="[data-figure=map] details")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert (scheme, visit.violations()) == (scheme, [])


def test_on_a_phone_nothing_hangs_over(visiting: Visiting) -> None:
    """At 390 pixels no view scrolls sideways, and nothing reaches beyond the edge."""
    visit = visiting(**PHONE).go()
    for view, state in VIEWS.items():
        page = visit.turn(state).page
        open_all(page)
        widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert (view, *widths) == (view, 390, 390)
        assert (view, page.evaluate(BEYOND)) == (view, [])


def test_on_a_phone_the_first_screen_holds_the_answer(visiting: Visiting) -> None:
    """At 390 by 844 pixels the question and its number are seen at once; a tap on a claim leads to its sentence."""
    page = visiting(**PHONE).go(VIEWS["profile"]).page
    for part in ("#chooser", ".frequency", ".reading"):
        assert page.locator(part).first.evaluate("(each) => each.getBoundingClientRect().bottom") < 844
    claim = page.locator(".behind .claim").first
    name = claim.text_content()
    claim.tap()
    entry = page.locator(f"[data-entry='{name}'][open]")
    expect(entry.locator("summary")).to_contain_text(f"words of {name}")
    expect(entry.get_by_role("link").last).to_be_visible()


def test_what_matters_can_be_done_by_keyboard_alone(visit: Visit) -> None:
    """From the address bar by Tab, letters, arrows and Enter: skip, describe, pin, compare, wander, choose, suppose."""
    page = visit.go().page
    press = page.keyboard.press
    press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    press("Enter")
    expect(page.locator("#content")).to_be_focused()
    tab_to(page, "#words", back=True)
    page.keyboard.type("brigadier, alawite")
    visit.after(lambda: press("Enter"))
    expect(page.locator(".who").first).to_have_text("Alawite brigadier")
    tab_to(page, "#choose-proximity", back=True)
    visit.after(lambda: press("End"))
    expect(page.locator(".who").first).to_contain_text("in the core")
    tab_to(page, "#pin")
    visit.after(lambda: press("Enter"))
    tab_to(page, ".behind .claim")
    expect(page.locator("#claim-note")).to_be_visible()
    tab_to(page, "nav a[data-view=map]", back=True)
    visit.after(lambda: press("Enter"))
    tab_to(page, ".wander")
    press("ArrowRight")
    visit.after(lambda: press("Enter"))
    tab_to(page, "nav a[data-view=outlook]", back=True)
    visit.after(lambda: press("Enter"))
    tab_to(page, "#move-punish")
    visit.after(lambda: press("Space"))
    expect(page.locator(".in-force li")).to_have_count(1)


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until something is focused, and see that each that was focused on the way was seen to be."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        focused, outlined, wanted = page.evaluate(
            """(selector) => {
                const focused = document.activeElement;
                const style = getComputedStyle(focused);
                const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                const seen = outlined || focused === document.body;
                return [focused.outerHTML.slice(0, 120), seen, focused.matches(selector)];
            }""",
            selector,
        )
        # The content itself takes the focus from the skip link, and is seen by what stands in it.
        assert outlined or 'id="content"' in focused, focused
        if wanted:
            return
    raise AssertionError(f"{selector} cannot be reached by Tab")


def test_answers_are_spoken(visit: Visit) -> None:
    """A region that is read out says the answer in words, and the map reads out each cell."""
    page = visit.go(VIEWS["profile"]).page
    expect(page.locator("#spoken[aria-live=polite]")).to_contain_text("Sunni colonel, Republican Guard: about")
    visit.after(lambda: page.click("nav a[data-view=map]"))
    expect(page.locator(".readout[aria-live=polite]")).to_contain_text("% of all members of the forces")


def test_every_drawing_has_a_table(visit: Visit) -> None:
    """Whoever cannot see a drawing unfolds its numbers: a captioned table whose rows and columns have heads."""
    visit.go()
    for view, state in VIEWS.items():
        page = visit.turn(state).page
        open_all(page)
        figures = page.locator(f"#view-{view} figure")
        tables = figures.locator("table")
        assert tables.count() == figures.count() >= (view != "sources")
        for part in ("caption", "thead", "tbody tr:first-child th[scope=row]", "thead tr > :nth-child(2)[scope=col]"):
            assert (view, part, tables.locator(part).count()) == (view, part, tables.count())
        text = " ".join(tables.all_inner_texts())
        assert "NaN" not in text
        assert "undefined" not in text


def test_on_paper_it_is_the_answer_alone(visit: Visit) -> None:
    """Printed, it is dark on light whatever the theme, without what can only be pressed."""
    page = visit.page
    page.emulate_media(color_scheme="dark", media="print")
    visit.go(VIEWS["profile"])
    for hidden in ("nav", ".tools", ".actions", "#recipe"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("#footnotes")).to_contain_text("“words of S1”")
    expect(page.locator(".frequency").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(251, 250, 246)"


def test_nothing_moves_where_motion_is_not_wanted(visiting: Visiting) -> None:
    """With reduced motion there is no transition."""
    visit = visiting(reduced_motion="reduce").go(VIEWS["profile"])
    moving = "(each) => parseFloat(getComputedStyle(each).transitionDuration) > 0"
    assert visit.page.evaluate(f"[...document.querySelectorAll('*')].filter({moving}).length") == 0
