"""Promises about contributions: Shapley values that end at the risk of the profile, whatever it leaves open."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.risk.contributions import coalition_risks, contributions
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


def shapley(
    draws: Draws, profile: dict[str, str], window: Window = STUDY
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the contributions to the log of the expected risk of a profile in a window, and to that of each draw."""
    values = coalition_risks(draws, window)
    return contributions(draws, values, profile, risk=draws.risk(profile, window), corps=draws.risk({}, window))


def enumerated(draws: Draws, cell: tuple[str, ...], window: Window) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Shapley values by going through all 24 orders in which the attributes may become known."""
    risk, shares = -np.expm1(-np.exp(log_cumulative_hazards(draws, window))), cell_shares(draws)

    def value(known: tuple[int, ...]) -> NDArray[np.float64]:
        mixed = [INDEX[tuple(cell[a] if a in known else other[a] for a in range(4))] for other in VOCABULARY.cells]
        return np.asarray((shares * risk[:, mixed]).sum(axis=1))

    expected, by_draw = np.zeros(4), np.zeros((4, draws.count))
    for order in permutations(range(4)):
        for place, axis in enumerate(order):
            before, after = value(order[:place]), value(order[: place + 1])
            expected[axis] += np.log(after.mean() / before.mean()) / 24
            by_draw[axis] += np.log(after / before) / 24
    return expected, by_draw


@given(cell=cells, window=st.sampled_from((STUDY, EARLY)))
@settings(max_examples=5, deadline=None)
def test_contributions_are_those_of_enumerating_all_orders(draws: Draws, cell: tuple[str, ...], window: Window) -> None:
    """The fast way and the slow, obvious one agree for a complete profile, in any window."""
    profile = dict(zip(ATTRIBUTES, cell, strict=True))
    for each in (draws, still(draws)):
        for found, slow in zip(shapley(each, profile, window), enumerated(each, cell, window), strict=True):
            np.testing.assert_allclose(found, slow, atol=4e-6)


def test_contributions_are_of_the_window_asked_about(draws: Draws) -> None:
    """Ranks that move only late change what rank contributes late, and nothing early."""
    ranks = np.zeros_like(draws.over_time["rank"])
    ranks[:, VOCABULARY["rank"].names.index("colonel"), -1] = 2.0
    moved, profile = replace(draws, over_time={"rank": ranks}), {"sect": "sunni", "rank": "colonel"}
    late = VOCABULARY.timeline.periods[-1].window
    (early, then), (unmoved_early, unmoved_then) = (
        [shapley(each, profile, window)[0] for window in (EARLY, late)] for each in (moved, still(draws))
    )
    np.testing.assert_allclose(early, unmoved_early, atol=4e-6)
    assert then[1] > unmoved_then[1] + 0.5


@given(profile=profiles)
@settings(max_examples=30, deadline=None)
def test_contributions_lead_from_the_risk_of_the_corps_to_that_of_the_profile(
    draws: Draws, profile: dict[str, str]
) -> None:
    """Efficiency: nothing between the two is left over or told twice, neither of the expected risks nor in any draw."""
    expected, by_draw = shapley(draws, profile)
    risk, corps = draws.risk(profile, STUDY), draws.risk({}, STUDY)
    np.testing.assert_allclose(expected.sum(), np.log(risk.mean() / corps.mean()), atol=1e-12)
    np.testing.assert_allclose(by_draw.sum(axis=0), np.log(risk / corps), atol=1e-12)


@given(profile=profiles)
@settings(max_examples=10, deadline=None)
def test_an_attribute_without_effect_contributes_nothing(draws: Draws, profile: dict[str, str]) -> None:
    """Dummy: where the hazard does not depend on the unit, the unit contributes nothing, known or left open."""
    by_level = draws.log_relative_hazard.reshape(draws.count, *VOCABULARY.shape)
    flat = with_hazard(draws, np.repeat(by_level[:, :, :, :1], 3, axis=3))
    for found in shapley(flat, profile):
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
    for sect, rank, eliteness, proximity in shapley(flat, profile):
        np.testing.assert_allclose(sect, eliteness, atol=1e-6)
        assert (np.asarray(sect) > 0.1).all()
        np.testing.assert_allclose([rank, proximity], 0, atol=1e-6)


def test_factors_on_small_risks_give_back_each_factor_over_its_mean(draws: Draws) -> None:
    """Where attributes are independent and do not interact, each contributes its own factor over that of the forces."""
    effects = [np.linspace(-1, 1, size) * (axis + 1) for axis, size in enumerate(VOCABULARY.shape)]
    hazard = effects[0][:, None, None, None] + effects[1][:, None, None] + effects[2][:, None] + effects[3] - 20
    heads = np.ones((draws.count, len(VOCABULARY.cells)), np.float32)
    additive = replace(
        with_hazard(still(draws), np.broadcast_to(hazard, (draws.count, *VOCABULARY.shape))), heads=heads
    )
    levels = (2, 5, 1, 3)
    profile = {name: VOCABULARY[name].names[level] for name, level in zip(ATTRIBUTES, levels, strict=True)}
    expected, by_draw = shapley(additive, profile)
    for axis, level in enumerate(levels):
        factor = effects[axis][level] - np.log(np.exp(effects[axis]).mean())
        np.testing.assert_allclose([expected[axis], *by_draw[axis]], factor, atol=1e-3)
