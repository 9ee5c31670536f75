"""Promises about contributions: they are Shapley values, whatever the profile leaves open."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.risk.contributions import coalition_values, contributions, exposure_values
from model.risk.draws import Draws
from priors.study import load_study
from priors.timeline import Window
from tests.support.risk_tables import cell_shares, log_cumulative_hazards, synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
EARLY = VOCABULARY.timeline.periods[0].window
INDEX = {cell: index for index, cell in enumerate(VOCABULARY.cells)}

cells = st.sampled_from(VOCABULARY.cells)
profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(VOCABULARY[name].names) for name in ATTRIBUTES})


@pytest.fixture(scope="module")
def draws() -> Draws:
    """Return three draws, few enough to enumerate."""
    return synthetic_table(draws=3).posterior


def with_hazard(draws: Draws, hazard: NDArray[np.floating]) -> Draws:
    """Return draws with another hazard, given by level of each attribute."""
    return replace(draws, log_relative_hazard=hazard.reshape(draws.count, -1).astype(np.float32))


def still(draws: Draws) -> Draws:
    """Return draws in which no attribute moves."""
    return replace(draws, over_time={})


def shapley(draws: Draws, profile: dict[str, str], window: Window = STUDY) -> NDArray[np.float64]:
    """Return the contributions to the log hazard of a profile in a window."""
    return contributions(draws, coalition_values(draws), exposure_values(draws, window), profile)


def enumerated(draws: Draws, cell: tuple[str, ...], window: Window) -> NDArray[np.float64]:
    """Return Shapley values by going through all 24 orders in which the attributes may become known."""
    hazard, shares = log_cumulative_hazards(draws, window), cell_shares(draws)

    def value(known: tuple[int, ...]) -> NDArray[np.float64]:
        mixed = [INDEX[tuple(cell[a] if a in known else other[a] for a in range(4))] for other in VOCABULARY.cells]
        return np.asarray((shares * hazard[:, mixed]).sum(axis=1))

    result = np.zeros((4, draws.count))
    for order in permutations(range(4)):
        for place, axis in enumerate(order):
            result[axis] += (value(order[: place + 1]) - value(order[:place])) / 24
    return result


@given(cell=cells, window=st.sampled_from((STUDY, EARLY)))
@settings(max_examples=5, deadline=None)
def test_contributions_are_those_of_enumerating_all_orders(draws: Draws, cell: tuple[str, ...], window: Window) -> None:
    """The fast way and the slow, obvious one agree for a complete profile, in any window."""
    profile = dict(zip(ATTRIBUTES, cell, strict=True))
    np.testing.assert_allclose(shapley(draws, profile, window), enumerated(draws, cell, window), atol=4e-6)
    found = contributions(still(draws), coalition_values(draws), exposure_values(still(draws), window), profile)
    np.testing.assert_allclose(found, enumerated(still(draws), cell, window), atol=4e-6)


def test_contributions_are_of_the_window_asked_about(draws: Draws) -> None:
    """Ranks that move only late add to the contribution of rank late, and of no other attribute."""
    ranks = np.zeros_like(draws.over_time["rank"])
    ranks[:, VOCABULARY["rank"].names.index("colonel"), -1] = 2.0
    moved = replace(draws, over_time={"rank": ranks})
    profile = {"sect": "sunni", "rank": "colonel"}
    late = VOCABULARY.timeline.periods[-1].window
    before, after = (shapley(moved, profile, window) for window in (EARLY, late))
    colonels = cell_shares(draws)[:, [cell[1] == "colonel" for cell in VOCABULARY.cells]].sum(axis=1)
    np.testing.assert_allclose((after - before)[1], 2 * (1 - colonels), rtol=1e-4)
    np.testing.assert_allclose(np.delete(after - before, 1, axis=0), 0, atol=4e-6)


@given(profile=profiles)
@settings(max_examples=15, deadline=None)
def test_contributions_of_an_open_profile_are_the_mean_of_its_cells(draws: Draws, profile: dict[str, str]) -> None:
    """What is left open is averaged, weighted by the armed forces, contribution by contribution."""
    values, exposures, shares = coalition_values(draws), exposure_values(draws, STUDY), cell_shares(draws)
    complete = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in VOCABULARY.cells]
    agreeing = [index for index, cell in enumerate(complete) if profile.items() <= cell.items()]
    each = np.stack([contributions(draws, values, exposures, complete[index]) for index in agreeing])
    weights = shares[:, agreeing] / shares[:, agreeing].sum(axis=1, keepdims=True)
    expected = np.einsum("cad,dc->ad", each, weights)
    np.testing.assert_allclose(contributions(draws, values, exposures, profile), expected, atol=4e-6)


@given(profile=profiles)
@settings(max_examples=30, deadline=None)
def test_contributions_sum_to_the_distance_from_the_corps(draws: Draws, profile: dict[str, str]) -> None:
    """Efficiency: nothing of the difference between profile and corps is left over or told twice."""
    hazard, shares = log_cumulative_hazards(draws, STUDY), cell_shares(draws)
    complete = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in VOCABULARY.cells]
    agrees = np.array([profile.items() <= cell.items() for cell in complete])
    stated = (shares * hazard)[:, agrees].sum(axis=1) / shares[:, agrees].sum(axis=1)
    total = shapley(draws, profile).sum(axis=0)
    np.testing.assert_allclose(total, stated - (shares * hazard).sum(axis=1), atol=4e-6)


@given(profile=profiles)
@settings(max_examples=10, deadline=None)
def test_an_attribute_without_effect_contributes_nothing(draws: Draws, profile: dict[str, str]) -> None:
    """Dummy: where the hazard does not depend on the unit, the unit contributes nothing."""
    by_level = draws.log_relative_hazard.reshape(draws.count, *VOCABULARY.shape)
    flat = with_hazard(draws, np.repeat(by_level[:, :, :, :1], 3, axis=3))
    found = shapley(flat, profile)
    np.testing.assert_allclose(found[ATTRIBUTES.index("eliteness")], 0, atol=2e-6)


def test_attributes_that_play_the_same_part_contribute_the_same(draws: Draws) -> None:
    """Symmetry: two attributes that act only together, equally rare, have equal shares in what they do."""
    hazard = np.zeros((draws.count, *VOCABULARY.shape))
    hazard[:, 0, :, 0] = 2.0
    third_of_alawites = np.array([1 / 3, 2 / 15, 2 / 15, 2 / 15, 2 / 15, 2 / 15], np.float32)
    flat = replace(
        with_hazard(still(draws), hazard), heads=np.tile(np.repeat(third_of_alawites, 8 * 3 * 4), (draws.count, 1))
    )
    profile = {"sect": "alawite", "rank": "major", "eliteness": "ordinary", "proximity": "outside"}
    sect, rank, eliteness, proximity = shapley(flat, profile)
    np.testing.assert_allclose(sect, eliteness, atol=1e-6)
    np.testing.assert_allclose(sect, 2 * (1 - 1 / 9) / 2, atol=1e-6)
    np.testing.assert_allclose([rank, proximity], 0, atol=1e-6)


def test_a_sum_of_effects_gives_back_each_effect_less_its_mean(draws: Draws) -> None:
    """Where attributes do not interact, a contribution is the level's effect less the armed forces' mean of effects."""
    effects = [np.linspace(-1, 1, size) * (axis + 1) for axis, size in enumerate(VOCABULARY.shape)]
    hazard = effects[0][:, None, None, None] + effects[1][:, None, None] + effects[2][:, None] + effects[3]
    additive = with_hazard(still(draws), np.broadcast_to(hazard, (draws.count, *VOCABULARY.shape)))
    levels = (2, 5, 1, 3)
    profile = {name: VOCABULARY[name].names[level] for name, level in zip(ATTRIBUTES, levels, strict=True)}
    found = shapley(additive, profile)
    shares = cell_shares(draws).reshape(draws.count, *VOCABULARY.shape)
    for axis, level in enumerate(levels):
        marginal = shares.sum(axis=tuple(other + 1 for other in range(4) if other != axis))
        np.testing.assert_allclose(found[axis], effects[axis][level] - marginal @ effects[axis], atol=5e-6)
