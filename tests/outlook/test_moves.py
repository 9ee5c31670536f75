"""Promises about contagion, punishment and offers: each does what its definition says, and the answer says what."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from model.outlook import simulation
from model.outlook.answer import outlook
from model.outlook.contagion import Contagion
from model.outlook.force import Force
from model.outlook.moves import Move, Moves
from model.outlook.numbers import Number
from model.outlook.pull import OccupiedCells, pulls
from model.outlook.simulation import simulate
from model.outlook.timing import steps
from model.risk.errors import MoveError, OutlookError
from model.risk.table import RiskTable
from tests.support.syria import ATTRIBUTES, SYRIA

VOCABULARY, SPREADING = SYRIA.vocabulary, SYRIA.spreading
STUDY = VOCABULARY.timeline.window
COLONEL = {"sect": "sunni", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
GENERAL = {"sect": "alawite", "rank": "general", "eliteness": "elite", "proximity": "core"}
FORCE = Force.of([(COLONEL, 20), (GENERAL, 10), ({"sect": "alawite", "rank": "captain"}, 15)], VOCABULARY)
MANIFEST = {
    "prior_set": "pooled",
    "priors": [{"quantity": "contagion_ratio", "parameters": [0.156, 0.195], "claims": ["K14", "S03", "S04"]}],
    "prior_sets": {
        "stratfor": [{"quantity": "contagion_ratio", "parameters": [0.294, 0.179], "claims": ["S03", "S04"]}]
    },
}


@pytest.fixture(autouse=True)
def fewer_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate fifty times for each draw, not a hundred times."""
    monkeypatch.setattr(simulation, "MOST_RUNS", 2000)


def hazard_ratio(name: str, factor: float, **options: Any) -> Move:
    """Return punishment or an offer of a stated factor."""
    return Move(name=name, numbers={"factor": Number.stated("factor", factor, "hazard ratio")}, **options)


def punish(factor: float, **options: Any) -> Moves:
    """Return punishment of those alike in every attribute, for half a year, unless told otherwise."""
    return Moves(others=(hazard_ratio("punish", factor, **({"same": ATTRIBUTES, "months": 6} | options)),))


def offer(factor: float, **options: Any) -> Moves:
    """Return an offer."""
    return Moves(others=(hazard_ratio("offers", factor, **options),))


def changed(table: RiskTable, moves: Moves, force: Force = FORCE) -> dict[str, Any]:
    """Return what an answer says that moves changed."""
    answer = outlook(table, force, window=STUDY, at_least=(1, 10), moves=moves).as_dict()
    found: dict[str, Any] = answer["moves"]["changed"]
    return found


def within_error(entry: dict[str, float]) -> bool:
    """Whether a difference is none, by its Monte Carlo error."""
    return abs(entry["difference"]) <= 4 * entry["monte_carlo_error"] + 1e-12


@pytest.mark.parametrize(
    "moves",
    [
        Moves(contagion=Contagion.stated(1.0, services=SPREADING.services, services_weight=3.0)),
        punish(1.0),
        offer(1.0, start=date(2012, 8, 20)),
    ],
    ids=["contagion", "punish", "offers"],
)
def test_a_neutral_move_changes_nothing(table: RiskTable, moves: Moves) -> None:
    """Simulated forward with a move that does nothing, a force fares as the exact answer says."""
    found = changed(table, moves)
    assert all(within_error(entry) for entry in (found["defections"], found["decisive"], *found["at_least"]))
    assert found["defections"]["ratio"] == pytest.approx(1, abs=0.02)


def test_the_corps_simulated_forward_is_the_corps_foreseen(table: RiskTable) -> None:
    """Nor does anything change for all the armed forces, of which each member is drawn; its distribution is kept."""
    corps = Force.of([({}, 325_000)], VOCABULARY)
    answer = outlook(table, corps, window=STUDY, moves=punish(1.0)).as_dict()
    assert within_error(answer["moves"]["changed"]["defections"])
    without = answer["moves"]["without"]["defections"]
    for one, other in zip(answer["defections"]["quantiles"], without["quantiles"], strict=True):
        assert one["count"] == pytest.approx(other["count"], rel=0.1)


def test_an_offer_multiplies_the_hazard(table: RiskTable) -> None:
    """An offer to all, open throughout, gives what a baseline raised by the factor gives exactly."""
    raised = replace(table, posterior=replace(table.posterior, baseline=table.posterior.baseline + np.log(2)))
    expected = outlook(raised, FORCE, window=STUDY).as_dict()
    found = outlook(table, FORCE, window=STUDY, moves=offer(2.0)).as_dict()
    assert found["defections"]["mean"] == pytest.approx(expected["defections"]["mean"], rel=0.02)
    assert found["first"]["probability_none"] == pytest.approx(expected["first"]["probability_none"], rel=0.02)
    assert found["decisive"]["probability"] == pytest.approx(expected["decisive"]["probability"], rel=0.02)


def test_an_offer_works_while_it_is_open_and_for_whom_it_is_made(table: RiskTable) -> None:
    """Before its first day and after its last nothing changes, and those not named are left alone."""
    first, last = date(2013, 3, 15), date(2014, 3, 15)
    found = outlook(
        table, FORCE, window=STUDY, moves=offer(5.0, of={"rank": ["colonel"]}, start=first, months=12)
    ).as_dict()
    with_it, without = (
        {point["until"]: point["mean"] for point in answer["over_time"]}
        for answer in (found, found["moves"]["without"])
    )
    assert with_it[str(first)] == pytest.approx(without[str(first)], rel=0.05)
    assert with_it[str(last)] > 1.1 * without[str(last)]
    assert within_error(found["moves"]["changed"]["decisive"])


def test_punishment_stops_those_alike(table: RiskTable) -> None:
    """A factor of nothing, for ever and for all alike, leaves at most the defections of one month."""
    total = punish(0.0, months=60, same=())
    found = outlook(table, FORCE, window=STUDY, at_least=(1, 10), moves=total).as_dict()
    assert found["defections"]["mean"] < 0.5 * found["moves"]["without"]["defections"]["mean"]
    # The first defection comes as it would have: punishment follows it.
    assert within_error(found["moves"]["changed"]["at_least"][0])
    only_alike = changed(table, punish(0.0, months=60))
    assert found["moves"]["changed"]["defections"]["difference"] < only_alike["defections"]["difference"] < 0


def test_a_defection_outside_inspires_ones_own_sect(table: RiskTable) -> None:
    """With contagion above one, what became known at the start makes decisive defections likelier; below, rarer."""
    rarer, same, likelier = (
        changed(table, Moves(contagion=Contagion.stated(ratio, already={"alawite": 7}, months=12)))["decisive"]
        for ratio in (0.7, 1.0, 1.8)
    )
    assert rarer["difference"] < -4 * rarer["monte_carlo_error"]
    assert within_error(same)
    assert likelier["difference"] > 4 * likelier["monte_carlo_error"]


def test_the_factor_of_contagion_is_the_one_defined() -> None:
    """The ratio once for each doubling of recent defections in one's own sect, against those expected."""
    cells = OccupiedCells(np.array([VOCABULARY.cell(COLONEL), VOCABULARY.cell(GENERAL)]), VOCABULARY)
    left, hazard = np.array([[100, 50]]), np.array([[0.1, 0.2]])
    defected = np.array([[31, 15]])
    contagion = Contagion.stated(1.5, months=2, services=SPREADING.services, services_weight=3.0)
    expected = [100 * -np.expm1(-0.1), 50 * -np.expm1(-0.2)]
    ratio, nobody = {("contagion", "ratio"): np.array([1.5])}, np.zeros(2, dtype=bool)
    for against, foreseen in (("expected", expected), ("none", [0.0, 0.0])):
        (pull,) = pulls(
            Moves(contagion=replace(contagion, against=against)), cells, ratio, left, confined=nobody, day=STUDY.start
        )
        assert pull.factor(STUDY.start) == pytest.approx(np.ones((1, 2)))
        pull.note(date(2011, 4, 15), defected, hazard)
        doublings = [np.log2((1 + n) / (1 + f)) for n, f in zip((31, 15), foreseen, strict=True)]
        # The general serves where the intelligence services are, the colonel does not.
        assert pull.factor(date(2011, 4, 15)) == pytest.approx(
            np.array([[1.5 ** doublings[0], 1.5 ** (3 * doublings[1])]])
        )
        assert pull.factor(date(2011, 6, 15)) == pytest.approx(np.ones((1, 2)))


def test_services_are_those_that_the_study_names() -> None:
    """The cells are those of the levels that a unit called Intelligence stands for."""
    at = VOCABULARY["eliteness"].names
    cells = Contagion.stated(1.0, services=SPREADING.services).among(VOCABULARY).reshape(VOCABULARY.shape)
    by_level = cells.all(axis=(0, 1, 3))
    assert dict(zip(at, by_level.tolist(), strict=True)) == {"ordinary": False, "favoured": True, "elite": True}


def test_what_is_held_gives_the_probability_of_none(table: RiskTable) -> None:
    """The smooth probability of none is the share of runs in which nobody left, under contagion and punishment too."""
    moves = Moves(
        Contagion.stated(1.6, already={"alawite": 3}), (hazard_ratio("punish", 0.3, same=("sect",), months=6),)
    )
    run, which = steps(STUDY, VOCABULARY.timeline), np.repeat(np.arange(40), 100)
    generals = np.array([rank == "general" for _, rank, *_ in VOCABULARY.cells])
    options: dict[str, Any] = {"which": which, "seed": 3, "events": generals[None, :]}
    runs = simulate(table.posterior, FORCE, run, moves, **options)
    held = simulate(table.posterior, FORCE, run, moves, **options, held=generals)
    assert held.by_event.max() == 0
    share = (runs.by_event[0] == 0).mean()
    assert held.none[-1].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(which)))


def test_the_parameter_comes_from_the_priors_of_the_version() -> None:
    """The fit's own prior, or that of a named set, with its claims; a stated ratio is nobody's claim."""
    own, named = (
        Contagion.from_prior(MANIFEST, SPREADING),
        Contagion.from_prior(MANIFEST, SPREADING, "stratfor", months=6),
    )
    assert (own.ratio.parameters, own.ratio.whose, own.claims) == ((0.156, 0.195), "pooled", ("K14", "S03", "S04"))
    assert (named.ratio.parameters, named.ratio.whose, named.months) == ((0.294, 0.179), "stratfor", 6)
    stated = Contagion.stated(1.2).as_dict()["numbers"]["ratio"]
    assert stated == {"whose": "yours", "scale": "hazard ratio", "median": 1.2}
    with pytest.raises(OutlookError, match="prior_set"):
        Contagion.from_prior(MANIFEST, SPREADING, "assad")
    with pytest.raises(MoveError, match="state a ratio"):
        Contagion.from_prior(MANIFEST, replace(SPREADING, quantity=None))


def test_the_answer_names_moves_and_claims(table: RiskTable) -> None:
    """Each move in force stands in the answer with its numbers and claims; with none there is no such member."""
    moves = Moves(
        Contagion.from_prior(MANIFEST, SPREADING),
        (
            hazard_ratio("punish", 0.5, same=("rank", "sect"), months=6, claims=("K09", "S09")),
            hazard_ratio("offers", 2.0, of={"sect": ["druze"]}, claims=("K13",)),
        ),
    )
    first, second = (outlook(table, FORCE, window=STUDY, moves=moves).as_dict() for _ in range(2))
    assert json.dumps(first, allow_nan=False) == json.dumps(second)
    listed = {move["name"]: move["claims"] for move in first["moves"]["in_force"]}
    assert listed == {
        "contagion": ["K14", "S03", "S04"], "punish": ["K09", "S09"], "offers": ["K13"],
    }  # fmt: skip
    assert first["moves"]["in_force"][1]["same"] == ["sect", "rank"]
    assert first["method"]["name"] == "simulated forward by month"
    assert "moves" not in outlook(table, FORCE, window=STUDY).as_dict()


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Contagion.stated(0.0), "ratio"),
        (lambda: Contagion.stated(1.0, months=61), "months"),
        (lambda: Contagion.stated(1.0, against="all"), "against"),
        (lambda: Contagion.stated(1.0, services_weight=-1.0), "services_weight"),
        (lambda: punish(-0.1), "factor"),
        (lambda: offer(float("nan")), "factor"),
        (lambda: offer(1.0, months=0), "months"),
        (lambda: Number.stated("share", 1.5, "share"), "share"),
        (lambda: Number.stated("men", 2_000_000, "men"), "men"),
    ],
)
def test_moves_out_of_bounds_are_refused(make: Any, field: str) -> None:
    """The error names the field."""
    with pytest.raises(OutlookError, match=field):
        make()


def test_punishment_among_those_alike_in_what_is_no_attribute_is_refused(table: RiskTable) -> None:
    """The error names the field."""
    with pytest.raises(OutlookError, match="same"):
        outlook(table, FORCE, window=STUDY, moves=punish(1.0, same=("age",)))
