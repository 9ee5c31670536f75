"""Whether the rest of the evidence foresees a row or a list: known answers, and false alarms and power of lists."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from model.evidence.rows import EvidenceRow, Origin, group_rows
from model.fit.row_checks import division, flagged, foreseen_lists, foreseen_rows, middle_counts, places, two_sided
from model.reweighting import Weights, left_out
from tests.support.problems import WHOLE_STUDY, days

DRAWS = 400
LISTED = ("E1", "E2", "E3")


def even(cases: int = 1) -> Weights:
    """Return weights under which all draws are alike."""
    return left_out(np.zeros((DRAWS, cases)))


def listed_rows(*counts: tuple[float, float]) -> list[EvidenceRow]:
    """Return rows that divide a list of 60 by rank."""
    levels = ("colonel", "brigadier", "general")
    return [
        EvidenceRow(
            id=name, kind="defector_composition", population={}, attribute=("rank", (level,)),
            window=days(*WHOLE_STUDY), total_low=60, total_high=60, count_low=count[0], count_high=count[1],
            bound_by="source", overlaps=(), source="a book", url="", note="", origin=Origin("rows.csv", 1),
        )
        for name, level, count in zip(LISTED, levels, counts, strict=False)
    ]  # fmt: skip


def test_p_is_two_sided() -> None:
    """A row is as surprising from above as from below, and no probability is over one."""
    at_least, at_most = np.array([[0.01, 0.9, 0.8]]), np.array([[0.99, 0.03, 0.7]])
    np.testing.assert_allclose(two_sided(at_least, at_most, np.ones((3, 1))), [0.02, 0.06, 1.0])


def test_tails_are_averaged_by_weight() -> None:
    """The tails of the draws are averaged with the weights of the row itself."""
    at_least, at_most = np.array([[0.1, 0.1], [0.5, 0.5]]), np.ones((2, 2))
    np.testing.assert_allclose(two_sided(at_least, at_most, np.array([[1.0, 0.0], [0.25, 0.75]])), [0.2, 0.8])


def test_what_is_tested_shares_the_alarm() -> None:
    """Of several probabilities those are flagged that are under a twentieth divided by their number."""
    assert flagged([0.012, 0.013, 0.5, 0.6]) == [True, False, False, False]
    assert flagged([0.04, None]) == [True, False]
    assert flagged([]) == []


def test_rows_are_told_by_their_ids() -> None:
    """Each row that stands alone has its own probability and k, whatever the order of the terms and the dimensions."""
    at_least = xr.DataArray([0.001, 0.5], dims="counted").expand_dims(chain=2, draw=DRAWS // 2)
    by_row = xr.Dataset(
        {"at_least": at_least.transpose("counted", "chain", "draw"), "at_most": 1 - at_least},
        coords={"counted": ["E8", "E9"]},
    )
    found = foreseen_rows(by_row, ("E9", "E1+E2", "E8"), even(3))
    assert {name: (entry["p"], entry["flagged"]) for name, entry in found.items()} == {
        "E8": (pytest.approx(0.002), True), "E9": (pytest.approx(1.0), False),
    }  # fmt: skip
    assert foreseen_rows(xr.Dataset(), (), even(0)) == {}


def test_counts_stand_in_the_middle_of_their_bounds() -> None:
    """The counts of a list are the middles of their bounds, and the remainder is what they leave of the total."""
    (rest,) = group_rows(listed_rows((9, 11), (20, 20)))
    assert middle_counts(rest).tolist() == [10, 20, 30]
    assert places(rest) == ["E1", "E2", "the rest of E1+E2"]
    (whole,) = group_rows(listed_rows((9, 11), (20, 20), (30, 30)))
    assert middle_counts(whole).tolist() == [10, 20, 30]
    assert places(whole) == list(LISTED)


def simulated(share: np.ndarray, *, concentration: float, lists: int, truth: np.ndarray | None = None) -> np.ndarray:
    """Return the probability of each of many lists whose shares and concentration are known."""
    generator = np.random.default_rng(3)
    p = np.empty(lists)
    for at in range(lists):
        counts = generator.multinomial(60, generator.dirichlet(concentration * (share if truth is None else truth)))
        known = np.tile(share, (DRAWS, 1)), np.full(DRAWS, concentration)
        p[at] = division(*known, counts.astype(float), np.full(DRAWS, 1 / DRAWS), generator)
    return p


def test_lists_from_the_fit_raise_no_alarm() -> None:
    """Of lists drawn from what is expected, few have a small probability: the check keeps its level."""
    p = simulated(np.array([0.5, 0.3, 0.15, 0.05]), concentration=50, lists=400)
    assert (p < 0.05).mean() < 0.08
    assert (p < 0.5).mean() == pytest.approx(0.5, abs=0.1)


def test_lists_far_from_the_fit_do() -> None:
    """Of lists whose shares are quite others than expected, most have a small probability."""
    p = simulated(np.array([0.5, 0.3, 0.15, 0.05]), concentration=200, lists=100, truth=np.array([0.2, 0.2, 0.2, 0.4]))
    assert (p < 0.05).mean() > 0.9


def test_lists_are_told_by_their_ids() -> None:
    """A list is held against its own places and its own concentration, and the same fit gives the same probability."""
    rows = [*listed_rows((9, 11), (20, 20))]
    names = ["the rest of E1+E2", "E2", "E1"]
    share = xr.DataArray([0.5, 1 / 3, 1 / 6], dims="listed", coords={"listed": names})
    by_row = xr.Dataset({"listed_share": share.expand_dims(chain=1, draw=DRAWS)})
    posterior = xr.Dataset(
        {"list_concentration": (("chain", "draw", "list"), np.full((1, DRAWS, 1), 100.0))}, coords={"list": ["E1+E2"]}
    )
    (entry,), (again,) = (
        foreseen_lists(by_row, posterior, group_rows(rows), even(2), ("E9", "E1+E2")) for _ in range(2)
    )
    assert entry == again
    assert entry["list"] == "E1+E2"
    assert entry["rows"] == ["E1", "E2"]
    assert entry["p"] == pytest.approx(1)
    assert not entry["flagged"]
