"""One browser and one service for all tests of the page; each test has a visit of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext

from model.archive import Archive
from priors.study import Study
from tests.service.publishing import ledger_entry, publish
from tests.support.browsing import Visit, Visiting, chromium
from tests.support.risk_tables import synthetic_manifest
from tests.support.servers import running
from tests.support.syria import PRIOR_SETS, SYRIA

DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce"}


def ledger(study: Study = SYRIA) -> list[dict[str, Any]]:
    """Return the claims of a synthetic version: those invented, and its study's, the first topic left as it was."""
    levels = synthetic_manifest(study)["claims_by_level"].values()
    invented = [claim for each in levels for claims in each.values() for claim in claims]
    silent = next(iter(study.topics.values()), None)
    about = {claim.id: (claim.source, [*claim.bears_on]) for claim in study.claims.claims}
    return [
        ledger_entry(
            name,
            quote=f"words of {name}",
            says=f"What {name} says.",
            source=source,
            quantities=quantities,
            probability={"own_prior": 0.8, "prior": 0.6, "posterior": 0.6 if silent in quantities else 0.7},
        )
        for name, (source, quantities) in (dict.fromkeys(invented, (study.articles[0].name, [])) | about).items()
    ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a service that has a version for each prior set, as a refit leaves them."""
    archive = Archive(tmp_path_factory.mktemp("seen"))
    for seed, name in enumerate(reversed(PRIOR_SETS[:-1]), start=2):
        publish(archive, seed=seed, prior_set=name, named=True, beside=True, claims=ledger(), passed=True)
    publish(archive, named=True, beside=True, claims=ledger(), passed=True)
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
