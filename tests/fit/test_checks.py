"""The checks of a fit: sound draws pass them, and each fault fails the check that is meant for it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from model.fit.checks import Check, convergence_checks, monte_carlo_check, warning_checks
from model.fit.sampling import Sampling
from priors.study import Study
from tests.support.fits import unsampled_fit
from tests.support.problems import make_problem

CHAINS, DRAWS = 4, 1000
SHAPE = (CHAINS, DRAWS)
NAMES = {"r_hat", "ess_bulk", "ess_tail", "tree_depth", "divergences", "e_bfmi"}

Draws = NDArray[np.float64]


def noise(seed: int = 0, *places: int) -> Draws:
    """Return white noise, chain and draw leading."""
    return np.random.default_rng(seed).normal(size=(*SHAPE, *places))


def wandering(inertia: float, seed: int = 1) -> Draws:
    """Return chains that remember: each value is the one before, a little less, plus noise."""
    values = noise(seed)
    for draw in range(1, DRAWS):
        values[:, draw] = inertia * values[:, draw - 1] + np.sqrt(1 - inertia**2) * values[:, draw]
    return values


def watched(one: Draws) -> xr.Dataset:
    """Return draws of a sound vector and of another variable."""
    return xr.Dataset(
        {"sound": (("chain", "draw", "place"), noise(2, 3)), "one": (("chain", "draw"), one)},
        coords={"place": ["a", "b", "c"]},
    )


def statistics(*, divergent: int = 0, cut_off: int = 0, energy: Draws | None = None) -> xr.Dataset:
    """Return a sampler's statistics with a number of divergences and of trajectories cut off."""
    values = {
        "diverging": np.arange(CHAINS * DRAWS).reshape(SHAPE) < divergent,
        "maxdepth_reached": np.arange(CHAINS * DRAWS).reshape(SHAPE) < cut_off,
        "energy": noise(3) if energy is None else energy,
    }
    return xr.Dataset({name: (("chain", "draw"), value) for name, value in values.items()})


def failed(one: Draws, sample_stats: xr.Dataset) -> dict[str, Check]:
    """Return the checks that fail, by name."""
    checks = convergence_checks(watched(one), sample_stats)
    assert {check.name for check in checks} == NAMES
    assert all(check.gates for check in checks)
    return {check.name: check for check in checks if not check.passed}


def test_white_noise_passes() -> None:
    """Independent draws without divergences pass every check."""
    assert failed(noise(), statistics()) == {}


def test_thresholds_are_those_promised() -> None:
    """R-hat at most 1.01, both effective sizes at least 400, 0.1 % divergences, E-BFMI at least 0.3."""
    rules = {check.name: (check.rule, check.threshold) for check in convergence_checks(watched(noise()), statistics())}
    assert rules == {
        "r_hat": ("at most", 1.01),
        "ess_bulk": ("at least", 400),
        "ess_tail": ("at least", 400),
        "tree_depth": ("at most", 0.001),
        "divergences": ("at most", 0.001),
        "e_bfmi": ("at least", 0.3),
    }


def test_chains_that_disagree_fail_r_hat() -> None:
    """A chain that sits elsewhere fails R-hat, and the check says of which variable."""
    check = failed(noise() + np.array([0, 0, 0, 0.5])[:, None], statistics())["r_hat"]
    assert check.value > 1.01
    assert check.where == "one"


def test_the_worst_place_is_named() -> None:
    """Within a vector, the check names the coordinate at fault."""
    draws = watched(noise())
    draws["sound"][3, :, 1] += 1.0
    check = next(check for check in convergence_checks(draws, statistics()) if check.name == "r_hat")
    assert check.where == "sound[b]"


def test_chains_that_remember_fail_bulk_ess() -> None:
    """Draws that are nearly the draws before are few in effect."""
    check = failed(wandering(0.95), statistics())["ess_bulk"]
    assert check.value < 400
    assert check.where == "one"


def test_tails_that_stick_fail_tail_ess() -> None:
    """Where only the width of the draws remembers, the middle is steady and the tails are not."""
    sticky = noise() * np.exp(1.5 * wandering(0.97))
    found = set(failed(sticky, statistics()))
    assert "ess_tail" in found
    assert "ess_bulk" not in found


@pytest.mark.parametrize(("divergent", "passes"), [(4, True), (5, False)])
def test_more_than_one_divergence_in_a_thousand_fails(*, divergent: int, passes: bool) -> None:
    """Four of 4,000 draws may diverge; five may not."""
    assert set(failed(noise(), statistics(divergent=divergent))) == (set() if passes else {"divergences"})


@pytest.mark.parametrize(("cut_off", "passes"), [(4, True), (5, False)])
def test_trajectories_cut_off_fail(*, cut_off: int, passes: bool) -> None:
    """Four of 4,000 trajectories may reach the greatest depth; five may not."""
    assert set(failed(noise(), statistics(cut_off=cut_off))) == (set() if passes else {"tree_depth"})


def test_an_energy_that_creeps_fails_bfmi() -> None:
    """One chain whose energy moves in small steps fails E-BFMI."""
    energy = noise(3)
    energy[2] = wandering(0.95)[2]
    check = failed(noise(), statistics(energy=energy))["e_bfmi"]
    assert check.value < 0.3


def test_a_value_that_is_no_number_fails() -> None:
    """One NaN among the draws fails every check of the draws, and the check names the variable."""
    draws = noise()
    draws[1, 17] = np.nan
    found = failed(draws, statistics())
    assert set(found) == {"r_hat", "ess_bulk", "ess_tail"}
    assert {check.where for check in found.values()} == {"one"}


@pytest.mark.parametrize("rule", ["at most", "at least"])
def test_nan_keeps_no_rule(rule: str) -> None:
    """What is not a number is neither at most nor at least anything."""
    assert not Check("name", float("nan"), 1.0, rule, "", "", "").passed
    assert Check("name", 1.0, 1.0, rule, "", "", "").passed


def test_an_energy_of_one_chain_that_is_no_number_fails() -> None:
    """A chain without E-BFMI fails the check, were the others sound."""
    energy = noise(3)
    energy[2] = np.nan
    assert "e_bfmi" in failed(noise(), statistics(energy=energy))


@pytest.mark.parametrize(
    "value",
    [
        1.0234567,
        float("nan"),
        float("inf"),
    ],
)
def test_a_check_can_be_written_to_a_manifest(value: float) -> None:
    """A check is strict JSON, whatever was measured: a fit that fails is kept with its reasons."""
    check = Check("r_hat", value, 1.01, "at most", "one", "the chains agree", "more draws")
    written = json.loads(json.dumps(check.as_dict(), allow_nan=False))
    assert written["name"] == "r_hat"
    assert written["passed"] is False


@pytest.mark.parametrize(("draws", "passes"), [(500, True), (60, False)])
def test_risks_must_be_known_to_a_twentieth_of_their_spread(study: Study, *, draws: int, passes: bool) -> None:
    """Of independent draws 2,000 tell every cell's mean risk well enough, and 240 do not."""
    fitted = unsampled_fit(make_problem(study), Sampling(chains=CHAINS, draws=draws, most_draws=draws))
    check = monte_carlo_check(fitted.posterior["risk"])
    assert check.gates
    assert check.passed == passes
    assert check.value == pytest.approx((CHAINS * draws) ** -0.5, rel=0.45)


def test_warnings_name_what_they_warn_of_and_stop_nothing() -> None:
    """Rows and lists not foreseen, priors in conflict and claims contradicted are told by name, and do not gate."""
    checks = warning_checks(
        claims=[
            {"id": name, "verdict": verdict}
            for name, verdict in (("K01", "contradicted"), ("K02", "supported"), ("K03", "weakened"))
        ],
        rows=[{"id": "E01", "flagged": False}],
        lists=[{"list": "E11+E12", "flagged": True}, {"list": "E18", "flagged": False}],
        conflicts=[{"quantity": name, "flagged": True} for name in ("rank", "sect")],
    )
    found = {check.name: (check.passed, check.value, check.where) for check in checks}
    assert found == {
        "rows": (True, 0, ""),
        "lists": (False, 1, "E11+E12"),
        "prior_conflict": (False, 2, "rank, sect"),
        "claims_contradicted": (False, 1, "K01"),
    }
    assert not any(check.gates for check in checks)
