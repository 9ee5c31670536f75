"""Promises about contributions: they are Shapley values, whatever the profile leaves open."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.risk.contributions import coalition_values, contributions
from model.risk.draws import Draws
from priors.study import load_study
from tests.support.risk_tables import cell_shares, synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
INDEX = {cell: index for index, cell in enumerate(VOCABULARY.cells)}

cells = st.sampled_from(VOCABULARY.cells)
profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(VOCABULARY[name].names) for name in ATTRIBUTES})


@pytest.fixture(scope="module")
def draws() -> Draws:
    """Return three draws, few enough to enumerate."""
    return synthetic_table(draws=3).posterior


def with_hazard(draws: Draws, hazard: NDArray[np.floating]) -> Draws:
    """Return draws with another hazard, given by level of each attribute."""
    flat = hazard.reshape(draws.count, -1).astype(np.float32)
    return Draws(flat, draws.baseline, draws.community_shares, draws.within_community, VOCABULARY)


def enumerated(draws: Draws, cell: tuple[str, ...]) -> NDArray[np.float64]:
    """Return Shapley values by going through all 24 orders in which the attributes may become known."""
    hazard, shares = draws.log_relative_hazard.astype(float), cell_shares(draws)

    def value(known: tuple[int, ...]) -> NDArray[np.float64]:
        mixed = [INDEX[tuple(cell[a] if a in known else other[a] for a in range(4))] for other in VOCABULARY.cells]
        return np.asarray((shares * hazard[:, mixed]).sum(axis=1))

    result = np.zeros((4, draws.count))
    for order in permutations(range(4)):
        for place, axis in enumerate(order):
            result[axis] += (value(order[: place + 1]) - value(order[:place])) / 24
    return result


@given(cell=cells)
@settings(max_examples=5, deadline=None)
def test_contributions_are_those_of_enumerating_all_orders(draws: Draws, cell: tuple[str, ...]) -> None:
    """The fast way and the slow, obvious one agree for a complete profile."""
    profile = dict(zip(ATTRIBUTES, cell, strict=True))
    found = contributions(draws, coalition_values(draws), profile)
    np.testing.assert_allclose(found, enumerated(draws, cell), atol=2e-6)


@given(profile=profiles)
@settings(max_examples=15, deadline=None)
def test_contributions_of_an_open_profile_are_the_mean_of_its_cells(draws: Draws, profile: dict[str, str]) -> None:
    """What is left open is averaged, weighted by the armed forces, contribution by contribution."""
    values, shares = coalition_values(draws), cell_shares(draws)
    complete = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in VOCABULARY.cells]
    agreeing = [index for index, cell in enumerate(complete) if profile.items() <= cell.items()]
    each = np.stack([contributions(draws, values, complete[index]) for index in agreeing])
    weights = shares[:, agreeing] / shares[:, agreeing].sum(axis=1, keepdims=True)
    expected = np.einsum("cad,dc->ad", each, weights)
    np.testing.assert_allclose(contributions(draws, values, profile), expected, atol=2e-6)


@given(profile=profiles)
@settings(max_examples=30, deadline=None)
def test_contributions_sum_to_the_distance_from_the_corps(draws: Draws, profile: dict[str, str]) -> None:
    """Efficiency: nothing of the difference between profile and corps is left over or told twice."""
    hazard, shares = draws.log_relative_hazard.astype(float), cell_shares(draws)
    complete = [dict(zip(ATTRIBUTES, cell, strict=True)) for cell in VOCABULARY.cells]
    agrees = np.array([profile.items() <= cell.items() for cell in complete])
    stated = (shares * hazard)[:, agrees].sum(axis=1) / shares[:, agrees].sum(axis=1)
    total = contributions(draws, coalition_values(draws), profile).sum(axis=0)
    np.testing.assert_allclose(total, stated - (shares * hazard).sum(axis=1), atol=1e-6)


@given(profile=profiles)
@settings(max_examples=10, deadline=None)
def test_an_attribute_without_effect_contributes_nothing(draws: Draws, profile: dict[str, str]) -> None:
    """Dummy: where the hazard does not depend on the unit, the unit contributes nothing."""
    by_level = draws.log_relative_hazard.reshape(draws.count, *VOCABULARY.shape)
    flat = with_hazard(draws, np.repeat(by_level[:, :, :, :1], 3, axis=3))
    found = contributions(flat, coalition_values(flat), profile)
    np.testing.assert_allclose(found[ATTRIBUTES.index("eliteness")], 0, atol=2e-6)


def test_attributes_that_play_the_same_part_contribute_the_same(draws: Draws) -> None:
    """Symmetry: two attributes that act only together, equally rare, have equal shares in what they do."""
    hazard = np.zeros((draws.count, *VOCABULARY.shape))
    hazard[:, 0, :, 0] = 2.0
    third_of_alawites = np.tile([1 / 3, 2 / 15, 2 / 15, 2 / 15, 2 / 15, 2 / 15], (draws.count, 2, 1))
    even = np.full((2, len(VOCABULARY.cells)), 0.5 / (8 * 3 * 4))
    flat = Draws(
        hazard.reshape(draws.count, -1).astype(np.float32), draws.baseline, third_of_alawites, even, VOCABULARY
    )
    profile = {"sect": "alawite", "rank": "major", "eliteness": "ordinary", "proximity": "outside"}
    sect, rank, eliteness, proximity = contributions(flat, coalition_values(flat), profile)
    np.testing.assert_allclose(sect, eliteness, atol=1e-6)
    np.testing.assert_allclose(sect, 2 * (1 - 1 / 9) / 2, atol=1e-6)
    np.testing.assert_allclose([rank, proximity], 0, atol=1e-6)


def test_a_sum_of_effects_gives_back_each_effect_less_its_mean(draws: Draws) -> None:
    """Where attributes do not interact, a contribution is the level's effect less the armed forces' mean of effects."""
    effects = [np.linspace(-1, 1, size) * (axis + 1) for axis, size in enumerate(VOCABULARY.shape)]
    hazard = effects[0][:, None, None, None] + effects[1][:, None, None] + effects[2][:, None] + effects[3]
    additive = with_hazard(draws, np.broadcast_to(hazard, (draws.count, *VOCABULARY.shape)))
    levels = (2, 5, 1, 3)
    profile = {name: VOCABULARY[name].names[level] for name, level in zip(ATTRIBUTES, levels, strict=True)}
    found = contributions(additive, coalition_values(additive), profile)
    shares = cell_shares(draws).reshape(draws.count, *VOCABULARY.shape)
    for axis, level in enumerate(levels):
        marginal = shares.sum(axis=tuple(other + 1 for other in range(4) if other != axis))
        np.testing.assert_allclose(found[axis], effects[axis][level] - marginal @ effects[axis], atol=5e-6)
