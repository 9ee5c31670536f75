"""What a reader of the two articles finds out: which of them a case speaks for, by how much, and how claims fared."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from model.archive import Archive
from tests.browser.conftest import ledger
from tests.service.publishing import publish
from tests.support.browsing import Visit, Visiting
from tests.support.servers import running
from tests.support.syria import SYRIA

CORE = "view=articles&profile=sect:alawite,rank:general,proximity:core&to=2014-01-01"


def test_cases_and_claims_are_weighed_between_the_articles(visit: Visit) -> None:
    """Two cases and the profile chosen come with the service's own words; claims stand by article with verdicts."""
    page = visit.page
    with page.expect_response("**/v1/surprises") as asked:
        visit.go(CORE)
    answer = asked.value.json()
    cases = asked.value.request.post_data_json["cases"]
    assert [case["by"] for case in cases] == ["2012-08-02", "2012-07-31", "2013-12-31", "2016-03-14"]
    assert cases[2]["profile"] == {"sect": "alawite", "rank": "general", "proximity": "core"}
    cards = page.locator(".case")
    expect(cards).to_have_count(4)
    for at in range(3):
        expect(cards.nth(at)).to_contain_text(answer["surprises"][at]["in_words"])
    expect(cards.nth(3)).to_contain_text("No general of the core, by 14 Mar 2016")
    page.click("figure[data-figure=articles] summary")
    expect(page.locator("figure[data-figure=articles] tbody tr")).to_have_count(3 * 3)
    expect(page.locator(".articles-hero")).to_contain_text("Nothing in the evidence is about contagion itself")
    expect(page.locator(".articles-hero .claim")).to_have_count(len(told()))


def told() -> list[str]:
    """Return the claims that are told of on the topics, each once a tally."""
    first, *others = (
        {claim.id for claim in SYRIA.claims.claims if quantity in claim.bears_on} for quantity in SYRIA.topics.values()
    )
    return [*first, *set().union(*others)]


def test_every_claim_leads_to_its_sentence_and_the_article(visit: Visit) -> None:
    """A mark opens its claim among the sources, with its prior, its verdict, its rows and the article's own address."""
    page = visit.go(CORE).page
    mark = page.locator(".case .claim").first
    name = mark.inner_text()
    visit.after(mark.click)
    assert "view=sources&profile=sect:alawite,rank:general,proximity:core" in visit.hash()
    assert f"claim={name}" in visit.hash()
    entry = page.locator(f"[data-entry='{name}']")
    expect(entry.locator("summary")).to_be_focused()
    expect(entry).to_contain_text("0.60 before, 0.70 after")
    expect(entry).to_contain_text("hangs on E03's bound at 300")
    article = SYRIA.articles[0]
    assert entry.get_by_role("link").last.get_attribute("href") == article.link
    entries = page.locator(f".source[data-article='{article.name}'] .claim-entry")
    own = {claim.id for claim in SYRIA.claims.claims if claim.source == article.name}
    assert own <= set(entries.evaluate_all("entries => entries.map((each) => each.dataset.entry)"))


def test_it_is_shared_by_address_and_follows_the_profile(visit: Visit) -> None:
    """The tab leads there with what was chosen; without a profile there are the two cases alone."""
    page = visit.go("view=profile").page
    visit.after(lambda: page.click("nav a[data-view=articles]"))
    assert "view=articles" in visit.hash()
    expect(page.locator(".case")).to_have_count(3)
    visit.after(lambda: page.select_option("#choose-sect", "druze"))
    assert "view=articles" in visit.hash()
    expect(page.locator(".case").nth(2)).to_contain_text("Druze")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious_about_it(visiting: Visiting, width: int) -> None:
    """At either width, with its table open, the tab has no serious or critical violation of accessibility."""
    visit = visiting(viewport={"width": width, "height": 844}).go(CORE)
    visit.page.click("figure[data-figure=articles] summary")
    assert visit.violations() == []


def test_a_version_without_the_draws_is_told(visiting: Visiting, tmp_path: Path) -> None:
    """Claims are still shown, and in place of the cases how to get a version that can weigh them."""
    archive = Archive(tmp_path / "old")
    publish(archive, claims=ledger(), passed=True)
    with running(archive.home, log=tmp_path / "log", workers=1) as server:
        visit = visiting(base=f"http://127.0.0.1:{server.port}", allowed=("409",))
        page = visit.go("view=articles").page
        expect(page.locator("#view-articles")).to_contain_text("defection-risk refit")
        expect(page.locator(".case")).to_have_count(0)
        expect(page.locator(".articles-hero")).to_contain_text("K14")
