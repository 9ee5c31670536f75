"""The page of made-up studies, as small and as large as a study may be: all its words are theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from model.archive import Archive
from priors.study import Study, load_study
from tests.browser.conftest import ledger
from tests.service.publishing import publish
from tests.support.browsing import Visit, Visiting
from tests.support.servers import running

STUDIES = Path(__file__).parents[1] / "studies"
GARRISON, FLEET = (load_study(STUDIES / name) for name in ("garrison", "fleet"))
VIEWS = ("profile", "compare", "map", "outlook", "what-if")
MOVES = "&contagion=ratio:1.2&punish=factor:0.5&offers=factor:2,from:1902-01-01"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@contextmanager
def served(study: Study, folder: Path) -> Iterator[str]:
    """Serve a version of a study until the end of the block, and yield its address."""
    archive = Archive(folder / "archive")
    publish(archive, study=study, named=True, claims=ledger(study))
    with running(archive.home, log=folder / "log", workers=1) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def garrison(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service of two attributes, one class, one period, one article, and nothing else."""
    with served(GARRISON, tmp_path_factory.mktemp("garrison")) as address:
        yield address


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service of five attributes, three classes, twelve periods, three articles and a unit."""
    with served(FLEET, tmp_path_factory.mktemp("fleet")) as address:
        yield address


def drawings(visit: Visit, view: str) -> int:
    """Return how many drawings a view shows."""
    return visit.page.locator(f"#view-{view} svg:visible").count()


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_small_study_draws_all_its_views(visiting: Visiting, garrison: str, options: dict[str, Any]) -> None:
    """Two attributes, one class, one period: each view is drawn in the study's words, and no script complains."""
    visit = visiting(base=garrison, **options).go()
    page = visit.page
    expect(page.locator("h1")).to_have_text(GARRISON.title)
    expect(page.locator("header")).to_contain_text(GARRISON.question)
    expect(page.locator("header")).to_contain_text(GARRISON.limits)
    expect(page.locator(".who").first).to_have_text("All men of the garrison")
    for view in VIEWS:
        visit.turn(f"view={view}&profile=origin:hill&pin=origin:hill&pin=grade:ensign{MOVES}")
        assert (view, drawings(visit, view) > 0) == (view, True)
        assert page.title().endswith(GARRISON.title)
        assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]  # type: ignore[index]
    expect(page.locator(".in-force li")).to_have_count(3)


def test_before_it_has_asked_the_page_speaks_of_no_study(visiting: Visiting, garrison: str) -> None:
    """What is sent before a version has answered is a title and what holds of every study."""
    sent = visiting(base=garrison).go().page.request.get(garrison).text()
    assert "<title>Defection risk</title>" in sent
    assert GARRISON.title not in sent


def test_what_a_study_lacks_is_not_offered(visiting: Visiting, garrison: str) -> None:
    """Without cases and topics there is no tab of articles; without a prior of contagion its ratio is the reader's."""
    visit = visiting(base=garrison).go(f"view=articles{MOVES}")
    page = visit.page
    expect(page.locator("nav.views a:visible")).to_have_count(6)
    expect(page.locator("nav a[aria-current]")).to_have_text("One profile")
    visit.after(lambda: page.click("nav a[data-view=outlook]"))
    expect(page.locator("input[name=force]")).to_have_count(2)
    expect(page.get_by_label("Ratio", exact=True)).to_have_value("1.2")
    expect(page.get_by_label("Ratio from")).to_have_count(0)
    expect(page.get_by_label("Weight within")).to_have_count(0)
    expect(page.locator("#decisive-widened")).to_be_hidden()
    visit.after(lambda: page.check("#move-allies"))
    expect(page.locator("[data-move=allies]").get_by_label("Men yours: the study has no interval")).to_have_value("100")


def test_a_profile_reads_as_the_study_says(visiting: Visiting, fleet: str) -> None:
    """Adjectives come before the noun, or before what everyone is called; units and the rest come after it."""
    visit = visiting(base=fleet).go("profile=home:isles,station:mate,ship:frigate,pay:unpaid")
    who = visit.page.locator(".who").first
    expect(who).to_have_text("Island mate of a frigate (unpaid by pay)")
    visit.turn("profile=home:abroad,unit:Invincible")
    expect(who).to_have_text("Foreign men of the fleet, Invincible")
    assert visit.page.input_value("#choose-ship") == "unit:Invincible"


def test_attributes_without_room_on_the_map_are_chosen_above_it(visiting: Visiting, fleet: str) -> None:
    """Of five attributes four are drawn; the fifth has a list that leads to the same cell at another level."""
    visit = visiting(base=fleet).go("view=map&cell=0")
    page = visit.page
    expect(page.locator(".wander g[data-mark=cell] rect")).to_have_count(3 * 3 * 3 * 2)
    expect(page.locator(".readout strong")).to_have_text("Mainland hand of a sloop (paid by pay) (single by kin)")
    page.select_option("#fixed-pay", "unpaid")
    expect(page.locator(".readout strong")).to_have_text("Mainland hand of a sloop (unpaid by pay) (single by kin)")
    page.focus(".wander")
    for key in ("ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".readout strong")).to_have_text("Mainland mate of a sloop (unpaid by pay) (married by kin)")
    visit.after(lambda: page.keyboard.press("Enter"))
    assert page.input_value("#choose-pay") == "unpaid"


def test_a_class_of_service_is_a_force(visiting: Visiting, fleet: str) -> None:
    """A class that one attribute tells is asked about level by level."""
    visit = visiting(base=fleet).go("view=outlook")
    page = visit.page
    expect(page.locator("input[name=force]")).to_have_count(2 + 3)
    with page.expect_request("**/v1/outlooks") as asked:
        visit.after(lambda: page.check("input[value='class:masters']"))
    assert asked.value.post_data_json["force"] == [{"station": "master", "count": 200}]
    expect(page.locator(".outlook-hero")).to_contain_text("Of 200 men of the fleet")


def test_three_articles_are_weighed(visiting: Visiting, fleet: str) -> None:
    """Each article has its mark beside each case, and its part among the sources."""
    visit = visiting(base=fleet).go("view=articles")
    page = visit.page
    page.click("figure[data-figure=articles] summary")
    expect(page.locator("figure[data-figure=articles] tbody tr")).to_have_count(4)
    expect(page.locator(".headline")).to_have_text("On pay itself, none")
    visit.after(lambda: page.click("nav a[data-view=sources]"))
    expect(page.locator(".source[data-article]")).to_have_count(3)


def test_words_of_another_study_are_told_in_place_of_an_answer(visiting: Visiting, garrison: str) -> None:
    """What an address says in words that the study has not gets no number; leaving them out answers the rest."""
    visit = visiting(base=garrison)
    page = visit.go(
        "profile=origin:hill,pay:unpaid&pin=unit:Invincible&force=class:masters&incentive=for+ship:sloop"
    ).page
    expect(page.locator("#understood")).to_contain_text("“pay unpaid” was not understood.")
    expect(page.locator(".frequency:visible")).to_have_count(0)
    with page.expect_request("**/v1/assessments") as asked:
        visit.after(lambda: page.get_by_role("button", name="Leave it out").click())
    assert asked.value.post_data_json["officers"][0] == {"origin": "hill"}


@pytest.mark.parametrize("way", ["map", "profile"], ids=["another answers", "words refused"])
def test_another_study_that_is_served_by_now_is_told(visiting: Visiting, tmp_path: Path, way: str) -> None:
    """Where a version of another study is made current the page says so, and speaks its words once loaded anew."""
    archive = Archive(tmp_path / "archive")
    publish(archive, study=GARRISON, claims=ledger(GARRISON))
    with running(archive.home, log=tmp_path / "log", workers=1) as server:
        visit = visiting(base=f"http://127.0.0.1:{server.port}", allowed=("status of 422",))
        page = visit.go("view=profile&profile=origin:hill").page
        publish(archive, study=FLEET, claims=ledger(FLEET))
        visit.wait(lambda: FLEET.title in page.evaluate("fetch('/v1/study').then((answer) => answer.text())"))
        page.goto(f"{visit.base}/#view={way}&profile=origin:plain")
        notice = page.locator("#notice .notice")
        expect(notice).to_have_attribute("data-kind", "other-study")
        notice.get_by_role("button", name="Load the page again").click()
        expect(page.locator("h1")).to_have_text(FLEET.title)
        expect(notice).to_have_count(0)
