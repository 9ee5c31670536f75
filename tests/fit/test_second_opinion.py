"""A model written a second time, in NumPyro, finds the same posterior."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import norm

from model.calibration.quantities import parameter_quantities
from model.calibration.simulation import Force, simulate_officers
from model.evidence.likelihood_terms import collapse as collapse_rows
from model.evidence.officer_checks import Individuals
from model.evidence.officers import collapse
from model.fit.draws import Draws
from model.fit.hazard import Hazards, Parameters, hazards
from model.fit.knowledge import Knowledge
from model.fit.ledger import prior_draws
from model.fit.namespaces import NUMPY
from model.fit.problem import Problem
from model.fit.fitting import Fit
from model.fit.sampling import Sampler, Sampling, parameters_of
from priors.elicitation import PriorSet

ROOT = Path(__file__).parents[2]
OFFICERS = 20_000
SAMPLING = {"draws": 500, "tune": 500, "chains": 4, "seed": 11, "target_accept": 0.95}

WRONGLY = 0.001
"""Probability that two right implementations fail a test, over all its comparisons together."""

SHARPEST = 0.08
"""Monte Carlo errors stay below this share of a posterior sd, so that agreement says something."""

Numbers = NDArray[np.float64]
Opinion = tuple[subprocess.Popen[bytes], Path]


@pytest.fixture(scope="module")
def individuals(knowledge: Knowledge) -> Individuals:
    """Return officers simulated from one draw of the prior."""
    prior_set = knowledge.prior_set("pooled")
    truth = prior_draws(prior_set, knowledge.layout(prior_set), draws=1, seed=3).flattened()
    by_design = knowledge.corps.cell_shares(knowledge.corps.sect_shares)
    return simulate_officers(Force.under(truth, knowledge), by_design, OFFICERS, np.random.default_rng(3))


@pytest.fixture(scope="module")
def opinion_on_evidence(knowledge: Knowledge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opinion]:
    """Start the second opinion on the bundled evidence."""
    with started(knowledge, tmp_path_factory.mktemp("opinion"), officers=None) as opinion:
        yield opinion


@pytest.fixture(scope="module")
def opinion_on_officers(
    knowledge: Knowledge, individuals: Individuals, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opinion]:
    """Start the second opinion on the officers."""
    officers = {name: getattr(individuals, name).tolist() for name in Individuals.__dataclass_fields__}
    with started(knowledge, tmp_path_factory.mktemp("opinion"), officers=officers) as opinion:
        yield opinion


@pytest.fixture(scope="module")
def of_evidence(bundled_fit: Fit, knowledge: Knowledge) -> dict[str, Numbers]:
    """Return the product's draws given the bundled evidence."""
    return parameter_quantities(bundled_fit.posterior, bundled_fit.problem.layout, knowledge.vocabulary)


def test_both_agree_on_the_bundled_evidence(
    opinion_on_evidence: Opinion, of_evidence: dict[str, Numbers], knowledge: Knowledge
) -> None:
    """Means and sds of effects, baseline, shares and log hazards are the same to within Monte Carlo error."""
    assert disagreements(of_evidence, opinion_of(opinion_on_evidence, knowledge)) == {}


@pytest.mark.slow
def test_both_agree_on_officers(
    opinion_on_officers: Opinion, sampler: Sampler, individuals: Individuals, knowledge: Knowledge
) -> None:
    """So they are for a file of 20,000 officers, a quarter of whose defections have no date."""
    prior_set = knowledge.prior_set("pooled")
    layout = knowledge.layout(prior_set)
    problem = Problem(
        prior_set=prior_set,
        layout=layout,
        within_sect=knowledge.corps.within_sect,
        terms=collapse_rows((), knowledge.vocabulary),
        officers=collapse(individuals, knowledge.vocabulary, digest="simulated"),
    )
    parameters = parameters_of(sampler.sample(problem, Sampling(seed=11))["posterior"].to_dataset())
    draws = Draws(parameters, hazards(parameters, layout, NUMPY))
    found = parameter_quantities(draws, layout, knowledge.vocabulary)
    assert disagreements(found, opinion_of(opinion_on_officers, knowledge)) == {}


def test_the_comparison_can_fail(opinion_on_evidence: Opinion, bundled_fit: Fit, knowledge: Knowledge) -> None:
    """What was believed before the evidence does not pass for what is believed after it."""
    before = parameter_quantities(bundled_fit.prior, bundled_fit.problem.layout, knowledge.vocabulary)
    assert len(disagreements(before, opinion_of(opinion_on_evidence, knowledge))) > 20


@contextmanager
def started(knowledge: Knowledge, folder: Path, *, officers: dict[str, Any] | None) -> Iterator[Opinion]:
    """Start a second opinion, on officers or else on the bundled evidence, to be waited for when it is needed."""
    problem = {
        "priors": prior_numbers(knowledge.prior_set("pooled"), knowledge),
        "evidence": officers is None,
        "officers": officers,
        "sampling": SAMPLING,
    }
    (folder / "problem.json").write_text(json.dumps(problem), encoding="utf-8")
    command = [sys.executable, "-m", "tests.support.second_opinion", "problem.json", "draws.npz"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    process = subprocess.Popen(command, cwd=folder, env=environment)
    try:
        yield process, folder / "draws.npz"
    finally:
        process.kill()
        process.wait()


def disagreements(ours: Mapping[str, Numbers], theirs: Mapping[str, Numbers]) -> dict[str, float]:
    """Return the means and sds that differ by more than Monte Carlo error allows, in its standard errors.

    The errors of two fits are independent, each from the fit's own effective sample size; the limit is the normal
    quantile at which all comparisons together fail a right pair of fits once in a thousand times (Bonferroni).
    """
    assert set(ours) == set(theirs)
    limit = float(norm.isf(WRONGLY / 2 / (2 * len(ours))))
    mine, other = moments(ours), moments(theirs)
    found = {}
    for name in ours:
        for moment in ("mean", "sd"):
            error = np.hypot(mine[name][f"mcse_{moment}"], other[name][f"mcse_{moment}"])
            assert error < SHARPEST * max(mine[name]["sd"], other[name]["sd"]), f"{name}: too few draws"
            distance = abs(mine[name][moment] - other[name][moment]) / error
            if distance > limit:
                found[f"{moment} of {name}"] = float(distance)
    return found


def moments(draws: Mapping[str, Numbers]) -> dict[str, dict[str, float]]:
    """Return mean and sd of each quantity with their Monte Carlo standard errors."""
    import arviz as az  # noqa: PLC0415 - heavy

    dataset = xr.Dataset({name: (("chain", "draw"), value) for name, value in draws.items()})
    errors = {moment: az.mcse(dataset, method=moment) for moment in ("mean", "sd")}
    return {
        name: {
            "mean": float(value.mean()),
            "sd": float(value.std()),
            "mcse_mean": float(errors["mean"][name]),
            "mcse_sd": float(errors["sd"][name]),
        }
        for name, value in draws.items()
    }


def opinion_of(opinion: Opinion, knowledge: Knowledge) -> dict[str, Numbers]:
    """Wait for a second opinion and return its draws under the product's names."""
    process, file = opinion
    assert process.wait(timeout=600) == 0
    with np.load(file) as archive:
        drawn = dict(archive)
    assert drawn["diverging"].mean() < 0.01
    prior_set = knowledge.prior_set("pooled")
    layout = knowledge.layout(prior_set)
    empty = np.empty(0)
    parameters = Parameters(
        quantities=np.stack([drawn[name] for name in layout.quantity_names], axis=-1),
        scales=np.stack([drawn[name] for name in layout.scale_names], axis=-1),
        deviations=empty,
        simplex_parts=empty,
        log_count_concentration=drawn["log_count_concentration"],
    )
    tables = Hazards(
        sect=empty,
        rank=drawn["rank_shape"],
        eliteness=drawn["eliteness_shape"],
        proximity=drawn["proximity_shape"],
        eliteness_by_sect=drawn["eliteness_by_sect_effect"],
        proximity_by_sect=drawn["proximity_by_sect_effect"],
        baseline=drawn["baseline"],
        log_relative_hazard=drawn["log_relative_hazard"],
        sect_shares=(drawn["sect_shares_0"], drawn["sect_shares_1"]),
    )
    return parameter_quantities(Draws(parameters, tables), layout, knowledge.vocabulary)


def prior_numbers(prior_set: PriorSet, knowledge: Knowledge) -> dict[str, Any]:
    """Return the numbers of a prior set as JSON holds them."""
    return {
        "quantities": {prior.quantity.name: list(prior.parameters) for prior in prior_set.fitted},
        "scales": dict(zip([scale.name for scale in knowledge.claims.scales], prior_set.scales.tolist(), strict=True)),
        "step_concentration": prior_set.step_concentration,
        "count_concentration": list(prior_set.count_concentration),
        "sect_shares": [
            {"claimed": share.claimed, "claimed_share": list(share.claimed_share), "rest": share.rest.tolist()}
            for share in prior_set.sect_shares
        ],
    }
