"""Promises about risks: the formula, windows, and averages over the armed forces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.risk.draws import Draws
from model.risk.table import RiskTable
from priors.study import load_study
from priors.timeline import Window
from priors.vocabulary import Vocabulary
from tests.support.risk_tables import cell_shares, log_hazards, synthetic_table
from tests.support.syria import ATTRIBUTES

VOCABULARY = load_study().vocabulary
STUDY = VOCABULARY.timeline.window
DAYS = (STUDY.end - STUDY.start).days
DRUZE = {"sect": "druze", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}

cells = st.sampled_from(range(len(VOCABULARY.cells)))
profiles = st.fixed_dictionaries({}, optional={name: st.sampled_from(VOCABULARY[name].names) for name in ATTRIBUTES})
days = st.lists(st.integers(0, DAYS), min_size=3, max_size=3, unique=True).map(sorted)


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws."""
    return synthetic_table()


def day(number: int) -> date:
    """Return a day of the study, the first being 0."""
    return STUDY.start + timedelta(days=number)


def agreeing(profile: dict[str, str], vocabulary: Vocabulary) -> list[int]:
    """Return the cells that agree with a profile, by looking at each."""
    return [
        index
        for index, cell in enumerate(vocabulary.cells)
        if all(dict(zip(ATTRIBUTES, cell, strict=True))[name] == level for name, level in profile.items())
    ]


@given(cell=cells, cut=days)
@settings(max_examples=25)
def test_risk_of_a_cell_is_what_adding_up_day_by_day_gives(table: RiskTable, cell: int, cut: list[int]) -> None:
    """The risk of a cell is one minus survival through every day of the window at its period's hazard."""
    window, draws = Window(day(cut[0]), day(cut[2])), table.posterior
    cumulative, hazards = np.zeros(draws.count), np.exp(log_hazards(draws)[:, cell])
    for number in range(cut[0], cut[2]):
        period = next(i for i, p in enumerate(VOCABULARY.timeline.periods) if day(number) < p.window.end)
        cumulative += hazards[:, period] * 12 / 365.25
    np.testing.assert_allclose(table.risk(cell, window), 1 - np.exp(-cumulative), rtol=1e-9)


@given(cell=cells, cut=days)
def test_survival_multiplies_across_adjacent_windows(table: RiskTable, cell: int, cut: list[int]) -> None:
    """Surviving a window is surviving its first part and then its second."""
    first, second, whole = (table.risk(cell, Window(day(cut[a]), day(cut[b]))) for a, b in ((0, 1), (1, 2), (0, 2)))
    np.testing.assert_allclose((1 - first) * (1 - second), 1 - whole, rtol=1e-9)


@given(profile=profiles, cut=days)
@settings(max_examples=30)
def test_risk_grows_with_the_window(table: RiskTable, profile: dict[str, str], cut: list[int]) -> None:
    """A longer window never has the smaller risk, averaged or not."""
    shorter, longer = (table.posterior.risk(profile, Window(day(cut[0]), day(end))) for end in cut[1:])
    assert (shorter <= longer).all()
    assert (shorter > 0).all()
    assert (longer < 1).all()


@given(profile=profiles)
@settings(max_examples=30)
def test_averaged_risk_is_the_corps_weighted_mean_of_its_cells(table: RiskTable, profile: dict[str, str]) -> None:
    """What is not stated is averaged over the forces, cell by cell; so it lies between its least and greatest cell."""
    draws, found = table.posterior, agreeing(profile, VOCABULARY)
    shares = cell_shares(draws)[:, found]
    risks = np.stack([table.risk(cell, STUDY) for cell in found], axis=1)
    risk = draws.risk(profile, STUDY)
    np.testing.assert_allclose(risk, (shares * risks).sum(axis=1) / shares.sum(axis=1), rtol=1e-9)
    assert (risk >= risks.min(axis=1) * (1 - 1e-12)).all()
    assert (risk <= risks.max(axis=1) * (1 + 1e-12)).all()


@given(profile=profiles)
@settings(max_examples=20)
def test_risk_of_a_profile_is_the_mean_over_the_levels_of_what_it_leaves_open(
    table: RiskTable, profile: dict[str, str]
) -> None:
    """Stating one more attribute splits a risk into parts whose weighted mean it is (total probability)."""
    profile.pop("rank", None)
    draws, whole = table.posterior, slice(0, table.posterior.count)
    parts = [profile | {"rank": level} for level in VOCABULARY["rank"].names]
    weights = np.stack([draws.shares(draws.selection(part), whole).sum(axis=(0, 1, 2, 3)) for part in parts])
    risks = np.stack([draws.risk(part, STUDY) for part in parts])
    np.testing.assert_allclose(draws.risk(profile, STUDY), np.average(risks, axis=0, weights=weights), rtol=1e-9)


@given(profile=profiles)
@settings(max_examples=20)
def test_log_cumulative_hazard_is_the_complementary_log_log_of_the_risk(
    table: RiskTable, profile: dict[str, str]
) -> None:
    """Averaged or not, the log cumulative hazard and the risk say the same."""
    risk = table.posterior.risk(profile, STUDY)
    log_hazard = table.posterior.log_cumulative_hazard(profile, STUDY)
    np.testing.assert_allclose(log_hazard, np.log(-np.log1p(-risk)), rtol=1e-9, atol=1e-9)


def test_a_certain_risk_still_has_a_finite_log_hazard() -> None:
    """Where the averaged risk is 1 to the last digit, the log cumulative hazard stays a number."""
    draws = synthetic_table().prior
    sure = replace(draws, log_relative_hazard=draws.log_relative_hazard + np.float32(40))
    assert np.isfinite(sure.log_cumulative_hazard({}, STUDY)).all()


def test_many_draws_are_worked_on_in_parts_without_a_seam() -> None:
    """Draws beyond the first few hundred are answered like the first."""
    table = synthetic_table(draws=1100)
    last = slice(-1, None)
    draws = table.posterior
    alone = replace(
        draws,
        log_relative_hazard=draws.log_relative_hazard[last],
        baseline=draws.baseline[last],
        over_time={name: moved[last] for name, moved in draws.over_time.items()},
        heads=draws.heads[last],
    )
    np.testing.assert_allclose(draws.risk({}, STUDY)[last], alone.risk({}, STUDY), rtol=1e-12)


def still(draws: Draws) -> Draws:
    """Return draws in which no attribute moves, though each that may has its place."""
    return replace(draws, over_time={name: np.zeros_like(moved) for name, moved in draws.over_time.items()})


@given(profile=profiles, cut=days)
@settings(max_examples=20)
def test_where_nothing_moves_one_exposure_serves_all_cells(
    table: RiskTable, profile: dict[str, str], cut: list[int]
) -> None:
    """Attributes that may move but do not leave the risk that of one baseline, as if they were not among those."""
    window, draws = Window(day(cut[0]), day(cut[1])), still(table.posterior)
    exposure = np.exp(draws.baseline) @ VOCABULARY.timeline.months(window)
    for exposures in (draws.exposure(window), replace(draws, over_time={}).exposure(window)):
        np.testing.assert_allclose(exposures, np.broadcast_to(exposure, exposures.shape), rtol=1e-12)
    found = agreeing(profile, VOCABULARY)
    heads = draws.heads[:, found].astype(float)
    risks = -np.expm1(-np.exp(draws.log_relative_hazard[:, found].astype(float)) * exposure[:, None])
    expected = (heads * risks).sum(axis=1) / heads.sum(axis=1)
    np.testing.assert_allclose(draws.risk(profile, window), expected, rtol=1e-9)


@given(profile=profiles, moved=st.floats(-3, 3, width=32), cut=days)
@settings(max_examples=20)
def test_a_move_that_never_changes_is_part_of_the_relative_hazard(
    table: RiskTable, profile: dict[str, str], moved: float, cut: list[int]
) -> None:
    """The effect of ranks shifted by the same in every period is the log relative hazard shifted by it."""
    window, draws = Window(day(cut[0]), day(cut[1])), still(table.posterior)
    ranks = draws.over_time["rank"] + np.float32(moved)
    constant = replace(draws, over_time=draws.over_time | {"rank": ranks})
    shifted = replace(draws, log_relative_hazard=draws.log_relative_hazard + np.float32(moved))
    np.testing.assert_allclose(constant.risk(profile, window), shifted.risk(profile, window), rtol=1e-5)
    np.testing.assert_allclose(
        constant.log_cumulative_hazard(profile, window),
        shifted.log_cumulative_hazard(profile, window),
        rtol=1e-5,
        atol=1e-5,
    )


def test_a_level_moves_those_at_it_and_in_its_period_alone(table: RiskTable) -> None:
    """A rise of Druze colonels' hazards in one period is seen by no other sect, rank or window."""
    draws, period = still(table.posterior), VOCABULARY.timeline.periods[3].window
    sects = draws.over_time["sect"].copy()
    sects[:, VOCABULARY["sect"].names.index("druze"), 3] = 1.0
    risen = replace(draws, over_time=draws.over_time | {"sect": sects})
    ratio = risen.log_cumulative_hazard(DRUZE, period) - draws.log_cumulative_hazard(DRUZE, period)
    np.testing.assert_allclose(ratio, 1.0, rtol=1e-6)
    for profile, window in ((DRUZE | {"sect": "sunni"}, period), (DRUZE, Window(STUDY.start, period.start))):
        np.testing.assert_array_equal(risen.risk(profile, window), draws.risk(profile, window))


def test_the_heads_of_each_draw_weigh(table: RiskTable) -> None:
    """What is open is weighed by the men of the same draw; how many there are in all makes no difference to a risk."""
    draws = table.posterior
    one = np.full_like(draws.heads, 1e-9)
    for draw, cell in enumerate(range(0, draws.count * 7, 7)):
        one[draw, cell] = 1e5
    concentrated = replace(draws, heads=one).risk({}, STUDY)
    expected = [table.risk(7 * draw, STUDY)[draw] for draw in range(draws.count)]
    np.testing.assert_allclose(concentrated, expected, rtol=1e-6)
    doubled = replace(draws, heads=2 * draws.heads)
    np.testing.assert_allclose(doubled.risk({"rank": "major"}, STUDY), draws.risk({"rank": "major"}, STUDY), rtol=1e-12)
    np.testing.assert_allclose(doubled.total_heads, 2 * draws.total_heads, rtol=1e-6)


@given(profile=profiles, cut=days)
@settings(max_examples=15)
def test_those_who_leave_in_adjacent_windows_are_those_who_leave_in_both(
    table: RiskTable, profile: dict[str, str], cut: list[int]
) -> None:
    """Whoever has left does not leave again; from the first day on, leavers are men times risk."""
    draws, cells = table.posterior, np.isin(np.arange(len(VOCABULARY.cells)), agreeing(profile, VOCABULARY))
    first, second, whole = (draws.leavers(cells, Window(day(cut[a]), day(cut[b]))) for a, b in ((0, 1), (1, 2), (0, 2)))
    np.testing.assert_allclose(first + second, whole, rtol=1e-9)
    men = draws.heads[:, cells].astype(float).sum(axis=1)
    np.testing.assert_allclose(draws.leavers(cells, STUDY), men * draws.risk(profile, STUDY), rtol=1e-9)
