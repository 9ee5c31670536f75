"""Promises about what is left to fight with: who is counted on, who makes up for whom, and whether units break."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from model.outlook import simulation
from model.outlook.allied import Beside, beside
from model.outlook.answer import outlook
from model.outlook.force import Force
from model.outlook.moves import Move, Moves
from model.outlook.numbers import Number
from model.outlook.strength import UNITS, StrengthTerms, breaking, predicted_risks
from model.outlook.tally import Heads
from model.outlook.timing import checkpoints, steps
from model.risk.errors import OutlookError
from model.risk.table import RiskTable
from priors.moves import Unit
from priors.timeline import Window
from tests.support.syria import SYRIA

VOCABULARY = SYRIA.vocabulary
STUDY = VOCABULARY.timeline.window
TERMS = StrengthTerms.of(SYRIA)
CAPTAIN = {"sect": "alawite", "rank": "captain", "eliteness": "ordinary", "proximity": "outside"}
COLONEL = {"sect": "sunni", "rank": "colonel", "eliteness": "ordinary", "proximity": "outside"}
FORCE = Force.of([(CAPTAIN, 300), (COLONEL, 200)], VOCABULARY)
RUN = steps(STUDY, VOCABULARY.timeline)
RUNS = 400


@pytest.fixture(autouse=True)
def fewer_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate ten times for each draw."""
    monkeypatch.setattr(simulation, "MOST_RUNS", 400)


def men(name: str, count: float, *, factor: float | None = None, **options: Any) -> Move:
    """Return so many militiamen or allies."""
    numbers = {"men": Number.stated("men", count, "men")}
    if factor is not None:
        numbers["factor"] = Number.stated("factor", factor, "hazard ratio")
    return Move(name=name, numbers=numbers, **options)


def joined(table: RiskTable, *others: Move, days: tuple[date, ...] = (STUDY.end,)) -> Beside:
    """Return who is beside the army in ten runs of each draw."""
    moves = Moves(others=others).opening(STUDY.start, VOCABULARY.names)
    which = np.repeat(np.arange(40), 10)
    numbers = {key: values[which] for key, values in moves.drawn(40, seed=1).items()}
    run = steps(STUDY, VOCABULARY.timeline, [*moves.days, *days])
    generator = np.random.default_rng(1)
    return beside(moves, table.posterior, which, run, days, numbers=numbers, reliable_below=0.2, generator=generator)


def asked(table: RiskTable, *others: Move, terms: StrengthTerms = TERMS) -> dict[str, Any]:
    """Return what an answer says of strength."""
    found = outlook(table, FORCE, window=STUDY, moves=Moves(others=others), strength=terms).as_dict()
    strength: dict[str, Any] = found["strength"]
    return strength


def heads_of_unit(hazards: np.ndarray[Any, Any]) -> Heads:
    """Return heads of which only the hazard of a unit is known, by step, alike in all runs."""
    nobody = np.zeros((0, 0), dtype=np.int64)
    return Heads(nobody, nobody, nobody, nobody, np.repeat(hazards[:, None], RUNS, axis=1))


def test_a_month_is_a_month_however_time_is_cut() -> None:
    """A unit breaks by what it loses over a month that two steps share: the tail of one binomial."""
    hazards = np.zeros(len(RUN))
    cut = next(at for at, step in enumerate(RUN) if step.window.end == date(2011, 10, 1))
    assert (RUN[cut].window.start, RUN[cut + 1].window.end) == (date(2011, 9, 15), date(2011, 10, 15))
    hazards[[cut, cut + 1]] = 0.04, 0.05
    expected = binom.sf(9, 100, -np.expm1(-0.09))
    found = breaking(heads_of_unit(hazards), RUN, Unit(men=100, loses=0.1), seed=2)
    error = 4 * np.sqrt(expected * (1 - expected) / (RUNS * (UNITS // RUNS)))
    assert found.mean() == pytest.approx(expected, abs=error)


def test_losses_of_a_year_do_not_break_a_unit_that_loses_little_each_month() -> None:
    """A tenth within a month is not a tenth within five years."""
    hazards = np.array([0.005 * step.months for step in RUN])
    assert breaking(heads_of_unit(hazards), RUN, Unit(men=1000, loses=0.1), seed=2).max() == 0
    assert breaking(heads_of_unit(hazards), RUN, Unit(men=1000, loses=0.1, spread=2.0), seed=2).mean() > 0.05


def test_predicted_risks_are_those_of_the_table(table: RiskTable) -> None:
    """The mean risk of each cell is that which an assessment of such a man has."""
    window = Window(date(2012, 2, 10), date(2013, 9, 1))
    found = predicted_risks(table.posterior, window)
    for profile in (CAPTAIN, COLONEL):
        assert found[VOCABULARY.cell(profile)] == pytest.approx(table.posterior.risk(profile, window).mean(), rel=1e-9)


def test_militiamen_leave_by_their_share_of_the_armys_hazard(table: RiskTable) -> None:
    """Those who joined at the start stay with probability exp(-factor x cumulative hazard) of such men in the army."""
    of = {name: [level] for name, level in COLONEL.items()}
    militia = joined(table, men("militias", 1000, factor=0.5, of=of)).militia
    assert militia is not None
    staying = np.exp(-0.5 * np.exp(table.posterior.log_cumulative_hazard(COLONEL, STUDY))).repeat(10)
    np.testing.assert_allclose(militia.remaining[-1], staying, rtol=1e-5)
    error = 4 * np.sqrt((staying * (1 - staying)).mean() / (1000 * 400))
    assert (militia.serving[-1] / 1000 - staying).mean() == pytest.approx(0, abs=error)
    np.testing.assert_array_equal(militia.serving + militia.defected, militia.joined)


def test_militias_and_allies_are_there_while_they_are(table: RiskTable) -> None:
    """Nobody is beside the army before the day they come, and allies who stay a year are gone after it."""
    days = (date(2012, 9, 15), date(2012, 9, 16), date(2013, 9, 15), date(2013, 9, 16))
    spell: dict[str, Any] = {"start": days[0], "months": 12}
    found = joined(table, men("allies", 70, **spell), men("militias", 50, factor=0.0, **spell), days=days)
    assert found.militia is not None
    assert [int(each[0]) for each in found.allies] == [0, 70, 70, 0]
    assert [int(each[0]) for each in found.militia.serving] == [0, 50, 50, 0]
    assert [int(each[0]) for each in found.serving] == [0, 120, 120, 0]
    assert [int(each[0]) for each in found.militia.joined] == [0, 50, 50, 50]


def test_what_is_short_is_made_up_for_by_as_many_who_stay(table: RiskTable) -> None:
    """Militiamen who never leave are needed one for each man short; the probability of enough goes from none to one."""
    few, many = (asked(table, men("militias", count, factor=0.0))["over_time"][-1] for count in (1, 500))
    rounding = 0.002  # of six digits, twice
    assert few["militiamen_needed"]["mean"] == few["short"]["mean"] == many["short"]["mean"]
    assert few["short"]["mean"] == pytest.approx(500 - few["serving"]["mean"], abs=rounding)
    assert few["made_up"]["probability"] < 0.1
    assert many["made_up"]["probability"] == 1
    assert many["deployable"]["mean"] == pytest.approx(many["serving"]["mean"] + 500, abs=rounding)


def test_who_is_counted_on_is_below_the_line(table: RiskTable) -> None:
    """With a line between the risks of two groups, one is reliable; with one above both, all who are deployable are."""
    low, high = sorted(float(table.posterior.risk(profile, STUDY).mean()) for profile in (CAPTAIN, COLONEL))
    first = [
        asked(table, terms=replace(TERMS, reliable_below=line))["over_time"][0] for line in ((low + high) / 2, 1.0)
    ]
    assert 190 <= first[0]["reliable"]["mean"] <= 300 < first[1]["reliable"]["mean"]
    assert first[1]["reliable"] == first[1]["deployable"] == first[1]["serving"]


def test_heads_are_told_by_the_levels_that_are_asked_for(table: RiskTable) -> None:
    """The ledgers of the levels of an attribute add up to that of all, on each day and at the end."""
    strength = asked(table, terms=replace(TERMS, by="rank"))
    for point in strength["over_time"]:
        assert set(point["levels"]) == set(VOCABULARY["rank"].names)
        total = sum(level["serving"] for level in point["levels"].values())
        assert total == pytest.approx(point["ledger"]["serving"], rel=1e-4)
    assert [point["until"] for point in strength["over_time"]] == [str(day) for day in checkpoints(STUDY)]
    assert strength["by_attribute"]["sect"]["sunni"]["start"] == 200
    assert strength["ledger"] == strength["over_time"][-1]["ledger"]


def test_a_brigadier_counts_where_the_decisive_are_widened(table: RiskTable) -> None:
    """The study's wider set has a chance of a decisive defection where the narrow one has none."""
    brigadiers = Force.of(
        [({"sect": "alawite", "rank": "brigadier", "unit": "Air Force Intelligence"}, 50)], VOCABULARY
    )
    wider = (*SYRIA.decisive, *SYRIA.decisive_widened)
    narrow, widened = (
        outlook(table, brigadiers, window=STUDY, at_least=(1, 3), decisive_are=which).as_dict()["decisive"]
        for which in (SYRIA.decisive, wider)
    )
    assert (narrow["possible"], narrow["probability"]) == (False, 0)
    assert widened["probability"] > 0.01
    assert [each["count"] for each in widened["at_least"]] == [1, 3]
    assert widened["at_least"][0]["probability"] == pytest.approx(widened["probability"], rel=1e-6)


@pytest.mark.parametrize(
    ("terms", "field"),
    [({"reliable_below": 0.0}, "reliable_below"), ({"unit": Unit(loses=0.0)}, "loses"), ({"unit": Unit(men=0)}, "men")],
)
def test_terms_out_of_bounds_are_refused(terms: dict[str, Any], field: str) -> None:
    """The error names the field."""
    with pytest.raises(OutlookError, match=field):
        replace(TERMS, **terms)
