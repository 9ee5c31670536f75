"""What a verdict hangs on, and what a compiler's bound does: told from draws of which the answer is known."""

from __future__ import annotations

import dataclasses
import doctest

import numpy as np
import pytest
import xarray as xr

from model.evidence.points import log_interval
from model.evidence.rows import EvidenceRow, Origin
from model.fit import influence as module
from model.fit.compilers_bounds import compilers_bounds
from model.fit.influence import Change, Changes, changes, influence, moved_bounds
from model.fit.ledger import Held
from model.reweighting import Weights, left_out
from tests.support.problems import WHOLE_STUDY, days

DRAWS = 4_000


def counted(name: str, total: float | None, count: tuple[float, float], bound_by: str = "compiler") -> EvidenceRow:
    """Return a rate, out of a total or among all who serve."""
    return EvidenceRow(
        id=name, kind="rate", population={}, attribute=None, window=days(*WHOLE_STUDY), total_low=total,
        total_high=total, count_low=count[0], count_high=count[1], bound_by=bound_by, overlaps=(), source="a book",
        url="", note="", origin=Origin("rows.csv", 1),
    )  # fmt: skip


CAP = counted("E3", None, (3, 100))
SHARE = counted("E9", 200, (20, 50))
STATED = counted("E1", 10, (3, 5), "source")


def test_examples_hold() -> None:
    """The examples in the documentation are true."""
    assert doctest.testmod(module).failed == 0


def bounded(*rows: EvidenceRow) -> xr.Dataset:
    """Return where rows are expected, beside their bounds, on the log of men or the logit of a share."""
    location = np.random.default_rng(1).normal(0, 1.5, (2, DRAWS // 2, len(rows)))
    ends = [(np.log(3), np.log(100)) if row.total is None else (np.log(1 / 9), np.log(1 / 3)) for row in rows]
    centre = [sum(each) / 2 for each in ends]
    return xr.Dataset(
        {
            "location": (("chain", "draw", "bounded"), location + centre),
            "lower": ("bounded", [low for low, _ in ends]),
            "upper": ("bounded", [high for _, high in ends]),
            "softness": ("bounded", [0.37] * len(rows)),
        },
        coords={"bounded": [row.id for row in rows]},
    )


def test_only_a_compilers_bounds_are_moved() -> None:
    """A source's bound stays as stated; of a compiler's there is a third, three times and ten times."""
    found = moved_bounds(bounded(CAP, STATED), (CAP, STATED), count=DRAWS)
    assert [str(case) for case in found.cases] == ["E3's bound at 33", "E3's bound at 300", "E3's bound at 1,000"]
    assert found.weights.weights.shape == (3, DRAWS)
    assert moved_bounds(xr.Dataset(), (STATED,), count=DRAWS).weights.weights.shape == (0, DRAWS)


def test_a_share_is_moved_as_a_share() -> None:
    """A bound of 25 % becomes 75 %; a third of it lies below the lower bound and ten times it is beyond all men."""
    found = moved_bounds(bounded(SHARE), (SHARE,), count=DRAWS)
    assert [(case.factor, case.bound) for case in found.cases] == [(3.0, 0.75)]


def test_a_moved_bound_is_the_fit_under_it() -> None:
    """Reweighted, draws from a bounded row are those from the row with the other bound."""
    generator, by_row = np.random.default_rng(2), bounded(CAP)
    lower, upper, softness = np.log(3), np.log(100), 0.37
    grid = np.linspace(-6, 14, 4001)
    prior = -0.5 * ((grid - 4) / 2) ** 2

    def posterior(top: float) -> np.ndarray:
        density = np.exp(prior + log_interval(grid, lower, top, softness))
        return density / density.sum()

    draws = generator.choice(grid, DRAWS, p=posterior(upper))
    by_row["location"] = (("chain", "draw", "bounded"), draws.reshape(2, -1, 1))
    found = moved_bounds(by_row, (CAP,), count=DRAWS)
    for case, weights in zip(found.cases, found.weights.weights, strict=True):
        expected = posterior(upper + np.log(case.factor or 1)) @ grid
        assert weights @ draws == pytest.approx(expected, abs=0.15)


def test_a_bound_below_the_lower_one_is_not_tried() -> None:
    """Where a third of an upper bound is no more than the lower one, there is no such interval."""
    narrow = dataclasses.replace(CAP, count_low=40.0)
    by_row = bounded(narrow).assign(lower=("bounded", [np.log(40)]))
    assert [case.factor for case in moved_bounds(by_row, (narrow,), count=DRAWS).cases] == [3.0, 10.0]


def tilted(share: float, *, to: float) -> np.ndarray:
    """Return weights by which a statement true of the first share of the draws is true of another share of them."""
    first = round(share * DRAWS)
    return np.concatenate([np.full(first, to / first), np.full(DRAWS - first, (1 - to) / (DRAWS - first))])


def found(*moves: tuple[str, float, float]) -> Changes:
    """Return changes under which a claim that holds in 0.9 of the draws has another probability, with a k."""
    weights = np.array([tilted(0.9, to=to) for _, to, _ in moves])
    ks = np.array([k for _, _, k in moves])
    return Changes(tuple(Change(name) for name, _, _ in moves), Weights(weights, ks, np.full(len(moves), 100.0)))


def test_a_verdict_hangs_on_what_flips_it() -> None:
    """What flips the verdict is named, with what moves it furthest; what neither flips nor moves it most is not."""
    holds = np.arange(DRAWS) < 0.9 * DRAWS
    told = influence(holds, (0.5, DRAWS), DRAWS, found(("E1", 0.88, 0.1), ("E22", 0.4, 0.5), ("E5", 0.2, 0.9)))
    assert told["hangs_on"] == ["E22"]
    assert told["largest_move"] == pytest.approx(0.7)
    assert [(entry["term"], entry["verdict"], entry["known"]) for entry in told["without"]] == [
        ("E5", "contradicted", False), ("E22", "untouched", True),
    ]  # fmt: skip
    assert [entry["probability"] for entry in told["without"]] == pytest.approx([0.2, 0.4])


def test_a_verdict_that_stands_names_its_largest_move_alone() -> None:
    """Where nothing flips the verdict, it hangs on nothing, and the change that moves it most is told."""
    holds = np.arange(DRAWS) < 0.9 * DRAWS
    told = influence(holds, (0.5, DRAWS), DRAWS, found(("E1", 0.95, 0.1), ("E2", 0.88, 0.1)))
    assert told["hangs_on"] == []
    assert [entry["term"] for entry in told["without"]] == ["E1"]


def test_without_evidence_nothing_moves() -> None:
    """A fit without evidence has nothing to leave out."""
    none = changes((), left_out(np.zeros((DRAWS, 0))), moved_bounds(xr.Dataset(), (), count=DRAWS))
    told = influence(np.ones(DRAWS, dtype=bool), (0.5, DRAWS), DRAWS, none)
    assert told == {"largest_move": None, "without": [], "hangs_on": []}


def test_terms_come_before_bounds() -> None:
    """Every term is left out and every compiler's bound moved, each with its own weights."""
    both = changes(("E1", "E3"), left_out(np.zeros((DRAWS, 2))), moved_bounds(bounded(CAP), (CAP,), count=DRAWS))
    assert [str(case) for case in both.cases][:3] == ["E1", "E3", "E3's bound at 33"]
    assert both.weights.weights.shape == (5, DRAWS)


def test_what_a_compilers_bound_does() -> None:
    """Each bound has the medians of the risks and the verdicts, in order; the one as it is has the fit's."""
    by_row = bounded(CAP)
    moved = moved_bounds(by_row, (CAP,), count=DRAWS)
    location = by_row["location"].to_numpy().ravel()
    risk = 1 / (1 + np.exp(-location))
    (entry,) = compilers_bounds(
        moved, (CAP, STATED), {"a man": risk}, {"K1": Held((0.5, DRAWS), location > np.median(location), DRAWS)}
    )
    assert entry["row"] == "E3"
    assert [case["factor"] for case in entry["bounds"]] == [1 / 3, 1, 3, 10]
    assert [case["bound"] for case in entry["bounds"]] == pytest.approx([100 / 3, 100, 300, 1000])
    medians = [case["medians"]["a man"] for case in entry["bounds"]]
    assert medians == sorted(medians)
    assert medians[1] == pytest.approx(np.median(risk), abs=1e-3)
    assert entry["bounds"][1]["pareto_k"] is None
    assert entry["bounds"][1]["verdicts"] == {"K1": "untouched"}
