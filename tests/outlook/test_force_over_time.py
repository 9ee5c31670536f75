"""Promises about a force over time: no head is lost or made, and each move does what its sentence says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.outlook import simulation
from model.outlook.answer import outlook
from model.outlook.contagion import Contagion
from model.outlook.force import Force
from model.outlook.moves import MOST_STOPPED, Move, Moves
from model.outlook.numbers import Number
from model.outlook.simulation import Runs, simulate
from model.outlook.strength import StrengthTerms
from model.outlook.tally import CAME, COLUMNS, WENT, Heads
from model.outlook.timing import checkpoints, steps
from model.risk.table import RiskTable
from priors.moves import NUMBERS
from priors.timeline import Window
from tests.support.risk_tables import synthetic_table
from tests.support.syria import ATTRIBUTES, SYRIA

VOCABULARY = SYRIA.vocabulary
STUDY = VOCABULARY.timeline.window
NOBODY = np.zeros(len(VOCABULARY.cells), dtype=bool)
SUNNI_CONSCRIPT = {"sect": "sunni", "rank": "conscript", "eliteness": "ordinary", "proximity": "outside"}
SUNNI_COLONEL = SUNNI_CONSCRIPT | {"rank": "colonel"}
FORCE = Force.of(
    [(SUNNI_CONSCRIPT, 600), (SUNNI_COLONEL, 40), ({"sect": "alawite", "rank": "captain"}, 90)], VOCABULARY
)
TERMS = StrengthTerms.of(SYRIA)
NEUTRAL = {
    "watch": 0.0, "purge": 0.0, "punish": 1.0, "confine": 1.0, "deaths": 0.0, "intake": 0.0, "militias": 0.0,
    "allies": 0.0, "offers": 1.0,
}  # fmt: skip
AT_WORK = {
    "watch": 0.5, "purge": 0.05, "punish": 0.3, "confine": 0.3, "deaths": 0.02, "intake": 30.0, "militias": 200.0,
    "allies": 50.0, "offers": 3.0,
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "purge": {"of": {"sect": ["sunni"], "rank": ["colonel"]}, "replaced_by": {"sect": "alawite"}},
    "punish": {"same": ATTRIBUTES, "months": 6},
    "confine": {"above": 0.0},
    "intake": {"of": {name: [level] for name, level in SUNNI_CONSCRIPT.items()}},
    "militias": {"of": {"sect": ["alawite"], "rank": ["conscript"], "eliteness": ["ordinary"]}},
}


def move(name: str, value: float, **options: Any) -> Move:
    """Return a move whose main number is stated; militiamen are as such men in the army."""
    main, *others = NUMBERS[name]
    numbers = {main: Number.stated(main, value, NUMBERS[name][main])}
    numbers |= {other: Number.stated(other, 1.0, NUMBERS[name][other]) for other in others}
    return Move(name=name, numbers=numbers, **(OPTIONS.get(name, {}) | options))


@pytest.fixture(autouse=True)
def fewer_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate ten times for each draw."""
    monkeypatch.setattr(simulation, "MOST_RUNS", 400)


def simulated(table: RiskTable, moves: Moves, *, seed: int = 7, force: Force = FORCE) -> tuple[Runs, Heads]:
    """Return four runs of each draw, with the heads by month; who is not in an elite unit is confined, if anyone is."""
    opened = moves.opening(STUDY.start, VOCABULARY.names)
    days = checkpoints(STUDY)
    confined = np.array([eliteness != "elite" for *_, eliteness, _ in VOCABULARY.cells])
    runs = simulate(
        table.posterior,
        force,
        steps(STUDY, VOCABULARY.timeline, [*opened.days, *days]),
        opened,
        which=np.repeat(np.arange(40), 4),
        seed=seed,
        events=np.ones((1, len(NOBODY)), dtype=bool),
        confined=confined if any(opened.named("confine")) else NOBODY,
        asked=TERMS.asked(np.full(len(NOBODY), 0.1), days, VOCABULARY),
    )
    assert runs.heads is not None
    return runs, runs.heads


def balance(columns: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return what came less what went and what serves, of a ledger whose first axis are its columns."""
    came, went = (sum(columns[COLUMNS.index(name)] for name in names) for names in (CAME, (*WENT, "serving")))
    return np.asarray(came - went)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    share=st.floats(0, MOST_STOPPED),
    rate=st.floats(0, 1),
    men=st.integers(0, 500),
    against=st.sampled_from(["none", "fit"]),
    replaced_by=st.sampled_from([{}, {"sect": "alawite"}, {"sect": "druze", "proximity": "trusted"}]),
    start=st.dates(date(2010, 1, 1), date(2017, 1, 1)),
    months=st.one_of(st.none(), st.integers(1, 60)),
)
def test_heads_are_conserved(share: float, rate: float, men: int, start: date, **options: Any) -> None:
    """Whatever is done, whoever came has left in one way or serves: in every run, on every day, at every level."""
    spell = {"start": start, "months": options["months"]}
    moves = Moves(
        Contagion.stated(1.5),
        (
            move("watch", share, against=options["against"], **spell),
            move("purge", rate, replaced_by=options["replaced_by"], of={"rank": ["colonel", "conscript"]}, **spell),
            move("deaths", rate / 10, **spell),
            move("intake", men, **spell),
            move("punish", 0.5),
        ),
    )
    _, heads = simulated(synthetic_table(draws=40), moves)
    assert not balance(heads.by_day).any()
    assert not balance(heads.last).any()
    assert (heads.by_day >= 0).all()
    np.testing.assert_array_equal(heads.by_day[:, :, 0], heads.by_day[:, :, 1:].sum(axis=2))
    purged, replaced = (heads.last[COLUMNS.index(name), 0] for name in ("purged", "replaced"))
    np.testing.assert_array_equal(replaced, purged if options["replaced_by"] else 0)


@pytest.mark.parametrize("name", NEUTRAL)
def test_a_move_that_does_nothing_changes_no_run(table: RiskTable, name: str) -> None:
    """With a share, a rate or men of none, or a factor of one, every run is what it is without moves, man for man."""
    runs, heads = simulated(table, Moves())
    same, counted = simulated(table, Moves(others=(move(name, NEUTRAL[name]),)))
    np.testing.assert_array_equal(runs.by_step, same.by_step)
    np.testing.assert_array_equal(heads.by_day, counted.by_day)
    np.testing.assert_array_equal(heads.last, counted.last)


def test_everything_off_is_the_outlook_without_moves(table: RiskTable) -> None:
    """No moves, and none stated, give one answer to the last digit; asking of strength only adds to it."""
    plain = outlook(table, FORCE, window=STUDY).as_dict()
    assert outlook(table, FORCE, window=STUDY, moves=Moves()).as_dict() == plain
    with_strength = outlook(table, FORCE, window=STUDY, strength=TERMS).as_dict()
    strength = with_strength.pop("strength")
    assert with_strength == plain
    assert strength["over_time"][-1]["serving"]["mean"] == pytest.approx(
        FORCE.total - plain["defections"]["mean"], abs=4 * strength["over_time"][-1]["serving"]["monte_carlo_error"]
    )


@pytest.mark.parametrize(
    ("name", "defections", "serving", "deployable"),
    [
        ("watch", -1, 0, 0),
        ("purge", -1, 1, 1),
        ("punish", -1, 1, 1),
        ("confine", -1, 1, -1),
        ("deaths", -1, -1, -1),
        ("intake", 1, 1, 1),
        ("militias", 0, 0, 1),
        ("allies", 0, 0, 1),
        ("offers", 1, -1, -1),
    ],
)
def test_each_move_alone_has_its_sign(
    table: RiskTable, name: str, defections: int, serving: int, deployable: int
) -> None:
    """A move raises, lowers or leaves alone who defects, serves and can be deployed; what it leaves alone, exactly."""
    found = outlook(table, FORCE, window=STUDY, moves=Moves(others=(move(name, AT_WORK[name]),))).as_dict()
    changed = found["moves"]["changed"]
    for entry, sign in ((changed[key], sign) for key, sign in (
        ("defections", defections), ("serving", serving), ("deployable", deployable),
    )):  # fmt: skip
        error = 4 * entry["monte_carlo_error"]
        assert sign * entry["difference"] > error if sign else entry["difference"] == 0
    assert found["moves"]["in_force"][0]["name"] == name


def test_a_watch_in_the_fit_tells_attempts_from_defections(table: RiskTable) -> None:
    """If the fitted hazard is of attempts not stopped, a share s stopped makes attempts 1 / (1 - s) of defections."""
    _, heads = simulated(table, Moves(others=(move("watch", 0.75, against="fit"),)))
    _, unwatched = simulated(table, Moves())
    defected, stopped = (heads.last[COLUMNS.index(name), 0].sum() for name in ("defected", "interdicted"))
    error = 4 * np.sqrt(0.75 * 0.25 / (defected + stopped))
    assert stopped / (defected + stopped) == pytest.approx(0.75, abs=error)
    # Fewer than without a watch, since those stopped can no longer leave.
    assert defected < unwatched.last[COLUMNS.index("defected"), 0].sum()


def test_a_watch_from_the_fit_is_two_hazards_that_compete(table: RiskTable) -> None:
    """Defections by both ways of counting a watch agree with 1 - exp(-h) of each hazard, averaged over draws."""
    force = Force.of([(SUNNI_COLONEL, 4000)], VOCABULARY)
    hazard = table.posterior.log_cumulative_hazard(SUNNI_COLONEL, STUDY)
    for against, more in (("none", 1.0), ("fit", 2.0)):
        _, heads = simulated(table, Moves(others=(move("watch", 0.5, against=against),)), force=force)
        expected = 0.5 * -np.expm1(-np.exp(hazard) * more)
        found = heads.last[COLUMNS.index("defected"), 0].reshape(40, 4).mean(axis=1) / 4000
        error = np.sqrt((expected * (1 - expected)).mean() / (4000 * 4 * 40))
        assert (found - expected).mean() == pytest.approx(0, abs=4 * error)


def test_the_held_defect_with_the_chance_that_a_watch_leaves_them(table: RiskTable) -> None:
    """The smooth probability of none is the share of runs in which nobody left, watched, purged and dying too."""
    moves = Moves(others=(move("watch", 0.6), move("purge", 0.02), move("deaths", 0.01), move("punish", 2.0))).opening(
        STUDY.start, VOCABULARY.names
    )
    run, which = steps(STUDY, VOCABULARY.timeline), np.repeat(np.arange(40), 60)
    colonels = np.array([rank == "colonel" for _, rank, *_ in VOCABULARY.cells])
    few = Force.of([(SUNNI_COLONEL, 3), (SUNNI_CONSCRIPT, 20)], VOCABULARY)
    options: dict[str, Any] = {"which": which, "seed": 3, "events": colonels[None, :]}
    runs = simulate(table.posterior, few, run, moves, **options)
    held = simulate(table.posterior, few, run, moves, **options, held=colonels)
    share = (runs.by_event[0] == 0).mean()
    assert held.none[-1].mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(which)))


def test_deaths_alone_take_what_their_rate_says(table: RiskTable) -> None:
    """Of men who do not defect, 1 - exp(-rate x months) die."""
    draws = replace(table.posterior, baseline=np.full_like(table.posterior.baseline, -40.0))
    _, heads = simulated(replace(table, posterior=draws), Moves(others=(move("deaths", 0.01),)))
    died = heads.last[COLUMNS.index("died"), 0].mean() / FORCE.total
    expected = -np.expm1(-0.01 * VOCABULARY.timeline.months(STUDY).sum())
    assert died == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / (FORCE.total * 160)))


def test_intake_is_whole_men_and_none_is_lost(table: RiskTable) -> None:
    """Half a man a month is the whole men of half the months, of the profile that is called up."""
    spell = Window(date(2012, 3, 15), date(2014, 3, 15))
    _, heads = simulated(table, Moves(others=(move("intake", 0.5, start=spell.start, months=24),)))
    assert set(heads.last[COLUMNS.index("intake"), 0].tolist()) == {int(VOCABULARY.timeline.months(spell).sum() / 2)}
    by_level = heads.by_day[COLUMNS.index("intake"), -1]
    names = ("all", *VOCABULARY.community.names)
    assert by_level[names.index("sunni")].sum() == by_level[0].sum()


def test_who_replaces_the_purged_keeps_their_place(table: RiskTable) -> None:
    """A Sunni colonel's place goes to an Alawite colonel: colonels stay as many, but for those who defect."""
    _, heads = simulated(table, Moves(others=(move("purge", 0.1),)))
    levels = dict(zip([None, *_levels()], np.moveaxis(heads.last, 1, 0), strict=True))
    column = {name: COLUMNS.index(name) for name in COLUMNS}
    colonels, alawites = levels["rank", "colonel"], levels["sect", "alawite"]
    np.testing.assert_array_equal(colonels[column["replaced"]], colonels[column["purged"]])
    np.testing.assert_array_equal(alawites[column["replaced"]], colonels[column["purged"]])
    assert colonels[column["purged"]].sum() > 0


def test_moves_hold_while_they_are_in_force(table: RiskTable) -> None:
    """Before a move begins heads are as without it, and after it ends nobody more is taken."""
    first, last = date(2012, 3, 15), date(2013, 3, 15)
    days = list(checkpoints(STUDY))
    died = COLUMNS.index("died")
    _, heads = simulated(table, Moves(others=(move("deaths", 0.05, start=first, months=12),)))
    by_day = heads.by_day[died, :, 0]
    assert not by_day[days.index(first)].any()
    assert by_day[days.index(last)].any()
    np.testing.assert_array_equal(by_day[days.index(last)], by_day[-1])


def test_draws_of_a_number_do_not_depend_on_what_else_is_in_force() -> None:
    """A number has random numbers of its own, of which nine in ten lie in its interval."""
    kept = {"family": "Beta", "parameters": [2.0, 4.0], "interval_90": [0.076, 0.657]}
    share = Number.elicited(kept, SYRIA.moves["watch"].numbers["share"])
    watch = Move(name="watch", numbers={"share": share})
    alone, beside = (
        Moves(others=others).drawn(4000, seed=5)["watch", "share"]
        for others in ((watch,), (move("deaths", 0.01), watch))
    )
    np.testing.assert_array_equal(alone, beside)
    inside = ((alone > 0.076) & (alone < 0.657)).mean()
    assert inside == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / 4000))
    assert np.median(alone) == pytest.approx(share.median, abs=0.02)


def _levels() -> list[tuple[str, str]]:
    return [(each.name, level) for each in VOCABULARY.attributes for level in each.names]
