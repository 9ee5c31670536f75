"""What would be: claims and rows are switched, articles weighed, bounds moved, and every answer moves with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from model.archive import Archive
from tests.browser.conftest import ledger
from tests.service.publishing import publish
from tests.support.browsing import Visit, Visiting
from tests.support.servers import running

BRIGADIER = "view=what-if&profile=sect:alawite,rank:brigadier"
MOVED = "&bound=E22:..26"


def answered(visit: Visit, **supposed: Any) -> dict[str, Any]:
    """Return what the service says of the brigadier."""
    body = {"officers": [{"sect": "alawite", "rank": "brigadier"}]} | supposed
    found: dict[str, Any] = visit.page.request.post(f"{visit.base}/v1/what-if", data=body).json()
    return found


def test_what_would_be_stands_beside_what_is(visit: Visit) -> None:
    """The headline is the risk as it would be, as the service says it; with it how sure that is and what moves most."""
    page = visit.go(BRIGADIER + MOVED).page
    answer = answered(visit, bounds={"E22": {"high": 26}})
    headline = page.locator(".at-once .frequency").inner_text()
    assert answer["officers"][0]["in_words"].startswith(f"{headline} such officers, where it is ")
    expect(page.locator(".at-once .reading")).to_contain_text("where it is")
    expect(page.locator(".sure")).to_contain_text("Supposed: E22 counts at most 26.")
    expect(page.locator(".sure")).to_contain_text(answer["in_words"])
    expect(page.locator(".sure pre")).to_have_text(answer["refit"])
    far = {each["id"]: abs(each["would_be"] - each["probability"]) for each in answer["claims"]}
    first = page.locator(".moved tbody tr").first
    expect(first.locator(".claim")).to_have_text(max(far, key=lambda name: far[name]))
    expect(page.locator("figure[data-figure=what-if] svg")).to_be_visible()


def test_a_switch_moves_the_answer_and_the_address(visit: Visit) -> None:
    """A tap or the space bar strikes a claim, another takes that back, and what is supposed is in the address."""
    page = visit.go(BRIGADIER).page
    expect(page.locator(".at-once .reading")).to_contain_text("as it is")
    expect(page.locator(".sure")).to_be_hidden()
    visit.after(lambda: page.click("[data-switch=K17]"))
    expect(page.locator(".sure")).to_contain_text("Supposed: without K17.")
    assert "without=K17" in visit.hash()
    page.focus("[data-switch=S02]")
    visit.after(lambda: page.keyboard.press("Space"))
    expect(page.locator(".sure")).to_contain_text("Supposed: without K17 and S02.")
    visit.after(lambda: page.click("[data-switch=K17]"))
    assert "without=S02" in visit.hash()
    visit.after(lambda: page.get_by_role("button", name="Put all back").click())
    assert "without" not in visit.hash()
    expect(page.locator("[data-switch=S02]")).to_be_checked()


def test_a_list_is_one_switch(visit: Visit) -> None:
    """Rows of a list are one report: they have one switch, and are all struck with it."""
    page = visit.go(BRIGADIER).page
    expect(page.locator("[data-switch=E08]")).to_have_count(0)
    visit.after(lambda: page.click("[data-switch=E07]"))
    expect(page.locator(".sure")).to_contain_text("without the rows E07, E08, E09 and E10")
    assert "without-row=E07" in visit.hash()
    visit.turn(f"{BRIGADIER}&without-row=E09")
    expect(page.locator("[data-switch=E07]")).not_to_be_checked()


def test_a_row_may_count_half(visit: Visit) -> None:
    """A box doubts a row or a list, in the address too, and cannot where it is struck."""
    page = visit.go(BRIGADIER).page
    visit.after(lambda: page.get_by_label("count E22 half").check())
    expect(page.locator(".sure")).to_contain_text("Supposed: E22 \N{MULTIPLICATION SIGN} 0.5.")
    assert "weight=E22:0.5" in visit.hash()
    visit.turn(f"{BRIGADIER}&weight=E07:0.5&without-row=E22")
    expect(page.get_by_label("count E07, E08, E09, E10 half")).to_be_checked()
    expect(page.get_by_label("count E22 half")).to_be_disabled()


def test_articles_are_weighed_and_compilers_bounds_moved(visit: Visit, visiting: Visiting) -> None:
    """An article counts twice, a bound that is the compiler's moves; whoever opens the address sees the same."""
    page = visit.go(BRIGADIER).page
    visit.after(lambda: page.select_option("#weight-stratfor", "2"))
    visit.after(lambda: page.fill("#high-E03", "60"))
    expect(page.locator(".sure")).to_contain_text("2; E03 counts at most 60.")
    expect(page.locator("#high-E22")).to_have_count(0)
    assert "weight=stratfor:2&bound=E03:..60" in visit.hash()
    other = visiting(apart=True).go(visit.hash()).page
    expect(other.locator("#weight-stratfor")).to_have_value("2")
    expect(other.locator("#high-E03")).to_have_value("60")
    assert other.locator(".at-once").inner_text() == page.locator(".at-once").inner_text()
    page.fill("#high-E03", "1")
    page.locator("#high-E03").blur()
    assert page.locator("#high-E03").evaluate("(each) => each.validity.customError")
    assert "bound=E03:..60" in visit.hash()


def test_what_draws_cannot_tell_is_said_and_a_refit_offered(visiting: Visiting) -> None:
    """Where Pareto k is over its limit no number stands but that as it is, and the command that can tell is copied."""
    visit = visiting(permissions=["clipboard-read", "clipboard-write"])
    page = visit.go(f"{BRIGADIER}&bound=E01:..1000,E22:..25,E23:..10000").page
    expect(page.locator(".at-once .frequency")).to_have_text("Reweighting cannot tell")
    expect(page.locator(".moved")).to_be_hidden()
    page.get_by_role("button", name="Refit to be sure").click()
    expect(page.locator(".sure [role=status]")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("defection-risk refit --priors pooled --bound E01=:1000 ")


def test_the_profile_leads_there(visit: Visit) -> None:
    """From a profile's risk one tap leads to what it would be, with what was chosen."""
    page = visit.go("view=profile&profile=sect:alawite,rank:brigadier&without=K17").page
    visit.after(lambda: page.click("#view-profile .facts a"))
    expect(page.locator("nav a[aria-current]")).to_have_text("What if?")
    expect(page.locator(".at-once .who")).to_have_text("Alawite brigadier")
    expect(page.locator("[data-switch=K17]")).not_to_be_checked()


def test_what_there_is_not_is_told_in_place_of_an_answer(visit: Visit) -> None:
    """An address that names no claim or row of the study gets no number until that is left out."""
    page = visit.go(f"{BRIGADIER}&without=K99,K17").page
    expect(page.locator("#understood")).to_contain_text("“claim K99” was not understood.")
    expect(page.locator(".frequency:visible")).to_have_count(0)
    visit.after(lambda: page.get_by_role("button", name="Leave it out").click())
    expect(page.locator(".sure")).to_contain_text("Supposed: without K17.")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_answer_stays_in_sight(visiting: Visiting, width: int) -> None:
    """However far down a switch is, the number that it moves is on the screen."""
    page = visiting(viewport={"width": width, "height": 844}).go(BRIGADIER).page
    page.evaluate("document.querySelectorAll('.switchboard details').forEach((each) => { each.open = true; })")
    page.locator("[data-switch=E23]").scroll_into_view_if_needed()
    expect(page.locator(".at-once .frequency")).to_be_in_viewport()


def test_a_version_without_terms_is_told(visiting: Visiting, tmp_path: Path) -> None:
    """In place of switches that could do nothing stands how to get a version that can tell."""
    archive = Archive(tmp_path / "old")
    publish(archive, claims=ledger(), passed=True, terms=False)
    with running(archive.home, log=tmp_path / "log", workers=1) as server:
        page = visiting(base=f"http://127.0.0.1:{server.port}", allowed=("409",)).go(BRIGADIER).page
        expect(page.locator("#view-what-if")).to_contain_text("defection-risk refit")
        expect(page.locator(".switchboard")).to_be_hidden()
