"""Other people's cases, the least and the most that a study may be: read, fitted, published and asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from model.archive import Archive
from model.evidence.errors import InvalidFileError
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.draws import Expansion, prior_draws
from model.fit.examination import examine
from model.fit.fitting import Fit
from model.fit.problem import pose
from model.fit.verdicts import VERDICTS
from model.outlook.answer import outlook
from model.outlook.force import Force
from model.refitting.publishing import publish
from model.risk.assessment import assess
from model.risk.table import RiskTable
from model.scoring.profiles import Profiles
from model.stored import read_study, read_table
from priors.elicitation import elicit_prior_set
from priors.study import Study
from tests.support.made_up import FLEET, GARRISON, fitted, made_up, rewritten

Published = tuple[Study, Fit, Archive, str]


@pytest.fixture(scope="module", params=[GARRISON, FLEET])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Return a made-up study, a fit to its own rows, and the archive that holds it as a version."""
    study = made_up(request.param)
    fit, archive = fitted(study), Archive(tmp_path_factory.mktemp("home"))
    rows = bundled_evidence(study)
    return study, fit, archive, publish(fit, examine(fit, study, rows), study, rows, archive=archive)


@pytest.fixture
def table(published: Published) -> RiskTable:
    """Return what questions are answered from, read as a service reads it."""
    _, _, archive, version = published
    return read_table(archive, version)


def whole(study: Study) -> dict[str, str]:
    """Return a complete profile."""
    return dict(next(iter(study.profiles.values())))


def test_its_prior_is_what_its_articles_said(published: Published) -> None:
    """Nine in ten draws of each quantity lie in its prior's interval, to Monte Carlo error."""
    study, fit, *_ = published
    ratios = np.exp(prior_draws(fit.problem, draws=2000, seed=1)["log_hazard_ratio"].to_numpy()[0])
    for place, prior in enumerate(elicit_prior_set(study, study.claims.all_together).hazard_ratios):
        lower, upper = prior.interval
        inside = np.mean((ratios[:, place] > lower) & (ratios[:, place] < upper))
        assert abs(inside - 0.9) < 4 * (0.9 * 0.1 / 2000) ** 0.5


def test_a_version_answers_in_the_words_that_it_was_fitted_in(published: Published, table: RiskTable) -> None:
    """The study that a version holds is that of its fit, byte for byte, wherever the folder is today."""
    study, _, archive, version = published
    held = read_study(archive, version)
    assert held.files == study.files
    assert table.study.digest == study.digest == archive.manifest(version)["study"]["digest"]
    assert table.vocabulary.names == study.vocabulary.names


def test_its_answers_are_in_its_own_words(table: RiskTable) -> None:
    """An answer contributes by the study's attributes, which sum to the log hazard against all who serve."""
    names = table.vocabulary.names
    stated = {names[0]: table.vocabulary.community.names[-1]}
    found = assess(table, stated, window=table.study.timeline.window)
    assert tuple(each.attribute for each in found.contributions) == names
    assert found.described.averaged_over == names[1:]
    everyone = assess(table, {}, window=table.study.timeline.window)
    assert everyone.standing.relative_to_corps.ratio == 1
    assert everyone.standing.people == table.vocabulary.everyone


def test_its_force_is_foreseen(table: RiskTable) -> None:
    """An outlook counts by the study's levels, and knows whom the study calls decisive."""
    force = Force.of([(whole(table.study), 30), ({}, 10)], table.vocabulary)
    found = outlook(table, force, window=table.study.timeline.window).as_dict()
    assert list(found["by_attribute"]) == list(table.vocabulary.names)
    assert found["decisive_are"] == [
        {name: list(words) for name, words in each.items()} for each in table.study.decisive
    ]


def test_its_ledger_judges_every_claim(published: Published) -> None:
    """Every claim that has a prediction has a verdict, and every article a prior of its own."""
    study, _, archive, version = published
    claims = archive.manifest(version)["claims"]
    assert [claim["id"] for claim in claims] == [claim.id for claim in study.claims.claims]
    assert all(0 <= claim["probability"]["own_prior"] <= 1 for claim in claims)
    assert {claim["verdict"] for claim in claims} <= set(VERDICTS)


@pytest.mark.parametrize("published", [GARRISON], indirect=True)
def test_its_evidence_moves_it(table: RiskTable) -> None:
    """Gunners of the hills left at the rate that the row says, and ensigns hardly at all."""
    window = table.study.timeline.window
    gunner = assess(table, {"origin": "hill", "grade": "gunner"}, window=window).standing.risk
    ensign = assess(table, {"origin": "plain", "grade": "ensign"}, window=window).standing.risk
    assert gunner.intervals[1].lower < 135 / 295 < gunner.intervals[1].upper
    assert ensign.median < 0.03


def test_its_officers_and_rows_are_read_by_its_columns(tmp_path: Path) -> None:
    """Where no unit is named, files have a column for each attribute and none for units."""
    vocabulary = made_up(GARRISON).vocabulary
    file = tmp_path / "men.csv"
    file.write_text("origin,grade,from,to,defected\nhighlands,private,1901-01-01,1902-01-01,no\n")
    assert read_officers([file], vocabulary).count == 1
    file.write_text("origin,grade,unit,from,to,defected\nhill,gunner,guard,1901-01-01,1902-01-01,no\n")
    with pytest.raises(InvalidFileError, match="'unit': not a column"):
        read_officers([file], vocabulary)


def test_its_files_are_scored_by_its_columns(table: RiskTable) -> None:
    """A profile scored by its codes has the risk that it has when it is asked by itself."""
    window, vocabulary = table.study.timeline.window, table.vocabulary
    profiles = Profiles(table, window=window, intervals=(0.9,))
    assert profiles.members == vocabulary.members
    stated = whole(table.study)
    codes = [np.array([profiles.code(name, stated.get(name))]) for name in profiles.members]
    expected = assess(table, stated, window=window).standing.risk
    assert profiles.risks(profiles.profile_codes(codes))[0, 1] == expected.median


def told(*names: str, ordered: bool = False) -> dict[str, object]:
    """Return an attribute of some levels."""
    levels = {name: {"definition": "made up", "source": "made up"} for name in names}
    return {"definition": "made up", "ordered": ordered, "reference": names[0], "levels": levels}


def divided(shares: dict[str, float]) -> dict[str, object]:
    """Return communities of some shares."""
    return {"source": "made up", "rest_concentration": 5.0, "by_class": {"all": shares}}


RATIO = {"scale": "hazard ratio", "definition": "made up", "without_claims": [0.1, 10.0]}
SIMPLE = {
    "claims": {
        "W1": {
            "source": "witness", "quote": "some left", "says": "Some left.", "strength": "weak", "bears_on": {},
            "prediction": {"measure": "risk", "of": {}, "below": 0.5},
        },
    },
}  # fmt: skip
RISK = {"scale": "risk", "definition": "made up", "without_claims": [0.01, 0.9]}
COMMUNITIES = [f"c{place}" for place in range(10)]
DAYS = [date(1901, 1, day) for day in range(1, 21)] + [date(1903, 1, 1)]


def ten_communities() -> Study:
    """Return a study of one attribute, ten communities and twenty periods."""
    return rewritten(
        made_up(GARRISON),
        attributes={"origin": told(*COMMUNITIES)},
        quantities={
            "risk_of_all": RISK,
            "others": RATIO | {"attribute": "origin", "levels": COMMUNITIES[1:], "spread": "apart"},
        },
        spreads={name: {"sigma": 0.5, "definition": "made up"} for name in ("apart", "walk")},
        baseline={"level": ["on 3"], "spread": "walk"},
        periods=[{"name": f"on {i}", "from": start, "to": end} for i, (start, end) in enumerate(pairwise(DAYS))],
        profiles=[{"name": "one", "profile": {"origin": "c1"}}],
        decisive=[{"origin": "c2"}],
        communities=divided(dict.fromkeys(COMMUNITIES, 0.1)),
        tables=None,
        **SIMPLE,
    )


def one_community() -> Study:
    """Return a study of one community, and a ladder of two rungs."""
    return rewritten(
        made_up(GARRISON),
        attributes={"origin": told("plain"), "grade": told("gunner", "ensign", ordered=True)},
        quantities={"risk_of_all": RISK, "ladder": RATIO | {"attribute": "grade"}},
        profiles=[{"name": "one", "profile": {"origin": "plain", "grade": "ensign"}}],
        communities=divided({"plain": 1.0}),
        tables={"grade": {"strength": 4.0, "source": "made up", "rows": [{"shares": {"gunner": 0.9, "ensign": 0.1}}]}},
        **SIMPLE,
    )


@pytest.mark.parametrize("make", [ten_communities, one_community])
def test_one_community_or_ten_make_a_model(make: Callable[[], Study]) -> None:
    """The model is built of what is declared: its cells, its periods, its spreads, and cells that hold all its men."""
    study = make()
    problem = pose(study, elicit_prior_set(study, "witness"), (), read_officers([], study.vocabulary))
    drawn = Expansion(problem).deterministics(prior_draws(problem, draws=10, seed=1))
    assert drawn["baseline"].sizes["period"] == len(study.timeline.periods)
    assert drawn["log_relative_hazard"].size == 10 * len(study.vocabulary.cells)
    np.testing.assert_allclose(drawn["cell_heads"].sum(study.vocabulary.names), drawn["heads"].sum("service_class"))
