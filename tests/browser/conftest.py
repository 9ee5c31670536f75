"""One browser and one service for all tests of the page; each test has a visit of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext

from model.archive import Archive
from priors.study import load_study
from tests.service.publishing import publish
from tests.support.browsing import Visit, Visiting, chromium
from tests.support.servers import running
from tests.support.syria import ATTRIBUTES

CONTAGION: Final = ("S03", "S04", "K14")
QUANTITIES: Final = {name: ["contagion_ratio"] for name in CONTAGION} | {
    name: ["proximity_ratio"] for name in ("K11", "S09")
}
DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


def ledger() -> list[dict[str, Any]]:
    """Return a claim for each that the synthetic versions name, and for those that levers name."""
    levels = {name[0].upper(): len(load_study().vocabulary[name].names) for name in ATTRIBUTES}
    ids = [f"{letter}{index}" for letter, count in levels.items() for index in range(count)]
    levers = ["S03", "S04", "K14", "K09", "K10", "K11", "S09", "K13"]
    return [
        {
            "id": name,
            "quote": f"words of {name}",
            "says": f"What {name} says.",
            "source": "stratfor" if name.startswith("S") else "al-kattan",
            "verdict": "supported",
            "quantities": QUANTITIES.get(name, []),
            "probability": {"own_prior": 0.8, "prior": 0.6, "posterior": 0.6 if name in CONTAGION else 0.7},
        }
        for name in dict.fromkeys([*ids, *levers])
    ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service that has a version for each of two prior sets."""
    archive = Archive(tmp_path_factory.mktemp("seen"))
    publish(archive, seed=2, prior_set="stratfor", named=True, claims=ledger(), passed=True)
    publish(archive, named=True, claims=ledger(), passed=True)
    with running(archive.home, log=tmp_path_factory.mktemp("seen-log") / "log", workers=1) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def desk(browser: Browser) -> BrowserContext:
    """Return what most visits share, a desk's width, so that libraries are read once."""
    return browser.new_context(**DESK)


@pytest.fixture
def visiting(browser: Browser, desk: BrowserContext, address: str) -> Iterator[Visiting]:
    """Return what begins a visit; at the end nothing may have been complained of, and nothing asked elsewhere."""
    visits: list[tuple[Visit, tuple[str, ...]]] = []

    def begin(*, base: str = address, allowed: tuple[str, ...] = (), apart: bool = False, **options: Any) -> Visit:
        context = browser.new_context(**DESK | options) if apart or options else desk
        visit = Visit(context.new_page(), base).watch()
        visits.append((visit, allowed))
        return visit

    yield begin
    for visit, allowed in visits:
        if visit.page.context is desk:
            visit.page.close()
        else:
            visit.page.context.close()
        assert [each for each in visit.complaints if not any(text in each for text in allowed)] == []
        assert visit.foreign() == []


@pytest.fixture
def visit(visiting: Visiting) -> Visit:
    """Return a visit that has not begun, at a desk's width."""
    return visiting()
