"""The PyMC model says what its second statement says, term by term; a fault in either would show."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

from model.evidence.officer_checks import Individuals
from model.evidence.officers import collapse
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.draws import Expansion
from model.fit.fitting import Compiled, Fit
from model.fit.problem import Problem
from priors.claims import Quantity
from priors.corps import Table
from priors.elicitation import CommunityShares, PriorSet, elicit_prior_set
from priors.study import Study, load_study
from priors.timeline import Timeline
from priors.vocabulary import Attribute, Vocabulary
from tests.support import second_opinion
from tests.support.evidence_rows import every_row
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.problems import evidence_row, make_problem, one_draw, random_draws, random_individuals
from tests.support.second_opinion import Cell, Draw, Matter, World, densities, predictions

DRAWS = 6
CLOSE = 1e-8
"""Two right statements differ by rounding alone: relative to a number above one, else absolutely."""

BEYOND = evidence_row("X", "defector_composition", (6, 9), (4, 20), attribute=("rank", ("colonel",)))
"""A list whose bounds reach beyond its total."""

Numbers = NDArray[np.float64]
Replaced = tuple[str, Any]


@dataclasses.dataclass(frozen=True)
class Case:
    """A problem, its second statement's matter, and draws with all that the model makes of them."""

    problem: Problem
    matter: Matter
    draws: xr.Dataset
    found: xr.Dataset
    follows: xr.Dataset

    @classmethod
    def of(cls, expansion: Expansion, problem: Problem, matter: Matter) -> Case:
        """Ask the model for its densities and its expectations at draws from the prior."""
        draws = random_draws(problem, draws=DRAWS, seed=5)
        prior, likelihood = expansion.densities(problem, draws)
        return cls(problem, matter, draws, prior.merge(likelihood), expansion.deterministics(draws))

    @classmethod
    def bundled(cls, study: Study) -> Case:
        """Pose a study's own rows, with officers dated and undated."""
        individuals = random_individuals(study.vocabulary, count=60, seed=3)
        rows = bundled_evidence(study)
        officers = collapse(individuals, study.vocabulary, digest="")
        problem = make_problem(study, rows, officers, priors=study.claims.all_together)
        matter = Matter(problem.prior_set, study.corps, study.vocabulary, rows, individuals)
        return cls.of(Expansion(problem), problem, matter)

    def disagreements(self, index: int) -> set[str]:
        """Return the variables whose density the two state differently at a draw."""
        model, second = one_draw(self.found, index), densities(one_draw(self.draws, index), self.matter)
        assert set(model) == set(second)
        return {name for name in model if not close(*alike(name, model[name], second[name]))}

    def unlike_predictions(self, index: int) -> set[str]:
        """Return what the two expect differently at a draw."""
        follows, design = one_draw(self.follows, index), self.problem.design
        if design.lists.ids:
            follows["expected_lists"] = follows["expected_lists"][design.lists.used > 0]
        second = predictions(one_draw(self.draws, index), self.matter)
        assert {name for name in follows if name.startswith("expected_")} <= set(second)
        return {
            name for name in second if not np.allclose(np.ravel(follows[name]), second[name], rtol=CLOSE, atol=1e-10)
        }


def alike(name: str, model: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """Return two arrays of one shape; undated officers are by window in the one, by officer in the other."""
    if name == "undated_officers":
        return np.array([model.sum()]), np.array([second.sum()])
    return np.ravel(model), np.ravel(second)


def close(model: Numbers, second: Numbers) -> bool:
    """Whether two results differ by no more than rounding."""
    return bool((np.abs(model - second) <= CLOSE * np.maximum(np.abs(second), 1)).all())


@pytest.fixture(scope="module")
def bundled(study: Study, bundled_problem: Problem, compiled: Compiled) -> Case:
    """Return the evidence that comes with the project."""
    rows = bundled_evidence(study)
    matter = Matter(bundled_problem.prior_set, study.corps, study.vocabulary, rows)
    return Case.of(compiled.expansion, bundled_problem, matter)


@pytest.fixture(scope="module")
def every_kind(study: Study) -> Case:
    """Return made-up evidence of every kind, with officers dated and undated."""
    individuals = random_individuals(study.vocabulary, count=200, seed=1)
    rows = (*every_row(), BEYOND)
    problem = make_problem(study, rows, collapse(individuals, study.vocabulary, digest=""))
    matter = Matter(problem.prior_set, study.corps, study.vocabulary, rows, individuals)
    return Case.of(Expansion(problem), problem, matter)


@pytest.fixture(scope="module")
def army() -> Case:
    """Return the case of 1861: three articles, and nothing that moves but the baseline."""
    return Case.bundled(load_study("us-army-1861"))


@pytest.fixture(scope="module")
def fleet() -> Case:
    """Return a study of other words, periods and claims, whose effects drift and move, with lists."""
    return Case.bundled(made_up(FLEET))


@pytest.fixture(scope="module")
def garrison() -> Case:
    """Return the least of studies: one article, one period, one class."""
    return Case.bundled(made_up(GARRISON))


@pytest.fixture(params=["bundled", "every_kind", "army", "fleet", "garrison"])
def case(request: pytest.FixtureRequest) -> Case:
    """Return each of these in turn."""
    found: Case = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("index", range(DRAWS))
def test_both_state_the_same_densities(case: Case, index: int) -> None:
    """The log prior of each free variable and the log-likelihood of each term are the same, to rounding."""
    assert case.disagreements(index) == set()


@pytest.mark.parametrize("index", range(DRAWS))
def test_both_expect_the_same(case: Case, index: int) -> None:
    """Men of each cell, risks, and what is expected of each row are the same, to rounding."""
    assert case.unlike_predictions(index) == set()


@pytest.mark.parametrize("priors", ["al-kattan", "stratfor"])
def test_both_do_so_under_other_priors(study: Study, compiled: Compiled, bundled: Case, priors: str) -> None:
    """What is compiled for one prior set states the densities of another."""
    problem = dataclasses.replace(bundled.problem, prior_set=elicit_prior_set(study, priors))
    matter = dataclasses.replace(bundled.matter, prior_set=problem.prior_set)
    assert Case.of(compiled.expansion, problem, matter).disagreements(0) == set()


@pytest.mark.parametrize("draw", [(0, 0), (1, 500), (3, 999)])
def test_the_sampler_moves_on_the_same_density(bundled_fit: Fit, bundled: Case, draw: tuple[int, int]) -> None:
    """What NUTS calls the log density of its draws is the sum of all terms and of the transforms' log Jacobians."""
    chain, number = draw
    one = {str(name): value.to_numpy()[chain, number] for name, value in bundled_fit.posterior.items()}
    total = sum(float(term.sum()) for term in densities(one, bundled.matter).values())
    simplexes = [one[name] for name in one if name.endswith("_steps") or name.startswith("rest_of_")]
    shares = [one[name] for name in one if "_share_of_" in name]
    jacobian = sum(np.log(one[name]).sum() for name in ("spread", "list_concentration", "heads"))
    jacobian += sum(np.log(len(simplex)) + np.log(simplex).sum() for simplex in simplexes)
    jacobian += sum(np.log(share) + np.log1p(-share) for share in shares)
    found = float(bundled_fit.sample_stats["logp"].to_numpy()[chain, number])
    assert found == pytest.approx(total + jacobian, rel=CLOSE)


def sampling_error_forgotten(_row: EvidenceRow) -> float:
    """Take a row's bounds for the whole of its uncertainty."""
    return 0.0


def bounds_of_the_source(_row: EvidenceRow) -> float:
    """Take every bound as stated."""
    return second_opinion.STATED_AS["source"]


def no_half_case(row: EvidenceRow) -> tuple[float, float]:
    """Let the bounds lie at the counts."""
    if row.counts_shares:
        return row.count_low, row.count_high
    least, most = (row.total_low, row.total_high) if row.total_low and row.total_high else (1.0, 1.0)
    return row.count_low / most, row.count_high / least


def one_bound(low: float, _high: float) -> float:
    """Forget the upper bound."""
    return float(stats.logistic.logsf(low))


def those_who_never_left(row: EvidenceRow, seen: World) -> float:
    """Compare with all who served at the start of the study, not of the row's window."""
    first = seen.vocabulary.timeline.window.start
    if row.total_low is None:
        return EXPECTATION(row, seen)
    whole = seen.cells(row)
    return EXPECTATION(row, seen) * seen.serving(whole, row.window.start) / seen.serving(whole, first)


def who_serves_leaves(row: EvidenceRow, seen: World) -> float:
    """Take a count of those who serve for one of those who leave."""
    return EXPECTATION(dataclasses.replace(row, kind="rate") if row.kind == "heads" else row, seen)


def the_highest_total(row: EvidenceRow, share: float) -> float:
    """Take the total of a small count as known."""
    counts = np.arange(int(row.count_low), int(row.count_high) + 1)
    return float(np.log(stats.binom.pmf(counts, int(row.total_high or 0), share).sum()))


def a_multinomial(counts: tuple[int, ...], alpha: Numbers) -> float:
    """Take the names of a list for independent draws."""
    return float(stats.multinomial.logpmf(counts, sum(counts), alpha / alpha.sum()))


def one_for_all(_place: int, seen: World) -> float:
    """Give all lists the concentration of the first."""
    return seen.concentrations[0]


def one_step_for_all(cell: Cell, draw: Draw, matter: Matter) -> float:
    """Let only the first step up be news."""
    return min(NEWS(cell, draw, matter), 1.0)


def a_day_late(individuals: Individuals, seen: World) -> tuple[list[float], list[float]]:
    """Count the day of a defection as one at risk, and end windows a day late."""
    later = dataclasses.replace(
        individuals,
        defected_on=np.where(individuals.defected_on < 0, -1, individuals.defected_on + 1),
        end=individuals.end + 1,
    )
    return OFFICERS(later, seen)


def the_period_before(day: date, timeline: Timeline) -> int:
    """Take a defection for one of half a year before."""
    return PERIOD_OF(max(timeline.window.start, day - timedelta(days=182)), timeline)


def undated_as_stayed(individuals: Individuals, seen: World) -> tuple[list[float], list[float]]:
    """Take those whose day is not known for officers who stayed."""
    by_cell, undated = OFFICERS(individuals, seen)
    return by_cell, [math.log1p(-math.exp(term)) for term in undated]


def half_a_bridge(period: int, known: Mapping[int, float]) -> tuple[float, float]:
    """Let a period on a bridge stray as far as one from one neighbour alone."""
    mean, _ = OFF_THE_KNOWN(period, known)
    return mean, 1.0


def no_bridge(period: int, known: Mapping[int, float]) -> tuple[float, float]:
    """Let a free period walk on from the one before it."""
    before = [at for at in known if at < period]
    return known[max(before, default=min(known))], OFF_THE_KNOWN(period, known)[1]


def level_not_held(draw: Draw, prior_set: PriorSet, timeline: Timeline) -> list[float]:
    """Forget that the baseline sums to the claimed risk."""
    return [float(draw["log_reference_hazard"]) + level - math.log(60) for level in COURSE(draw, prior_set, timeline)]


def a_period_early(quantity: Quantity, period: int, timeline: Timeline) -> bool:
    """Let a drift set in a period before its time."""
    return HAS_SET_IN(quantity, period + 1, timeline)


def standing_still(_cell: Cell, _period: int, _draw: Draw, _matter: Matter) -> float:
    """Let no effect move."""
    return 0.0


def way_down(level: str, attribute: Attribute, steps: Numbers) -> float:
    """Take the steps from the top."""
    return WAY_UP(level, attribute, steps[::-1])


def shares_turned_round(
    draw: Draw, prior: CommunityShares, vocabulary: Vocabulary, *, service_class: str
) -> dict[str, float]:
    """Give the rest to the communities in the wrong order."""
    shares = COMMUNITY_SHARES(draw, prior, vocabulary, service_class=service_class)
    return dict(zip(shares, reversed(shares.values()), strict=True))


def table_as_expected(table: Table, row: int, _draw: Draw) -> list[float]:
    """Take a table of who serves for certain."""
    return list(table.shares[row])


def without_the_plane(offsets: Numbers) -> float:
    """Take offsets that sum to zero for free ones."""
    return float(stats.norm.logpdf(offsets).sum())


def a_concentration_more(shares: Numbers, concentration: Any) -> float:
    """Add a hundredth to every concentration."""
    return DIRICHLET(shares, np.array(concentration) * 1.01)


def authors_as_one(value: float, prior: Any) -> float:
    """Take the normal of the mixture's mean and variance for the mixture."""
    return float(stats.norm.logpdf(value, *prior.parameters))


EXPECTATION, NEWS, HAS_SET_IN = (
    second_opinion.expectation,
    second_opinion.newsworthiness,
    second_opinion.has_set_in,
)
OFFICERS, PERIOD_OF = second_opinion.officers, second_opinion.period_of
OFF_THE_KNOWN, COURSE = second_opinion.off_the_known, second_opinion.log_course
WAY_UP, COMMUNITY_SHARES, DIRICHLET = (
    second_opinion.way_up,
    second_opinion.community_shares,
    second_opinion.dirichlet,
)
EVIDENCE = {"men", "shares", "small_counts", "lists"}

FAULTS: dict[str, tuple[Replaced, set[str]]] = {
    "bounds: sampling error": (("sampling_variance", sampling_error_forgotten), {"men", "shares"}),
    "bounds: whose they are": (("softness", bounds_of_the_source), {"men", "shares"}),
    "bounds: half a case": (("bounds", no_half_case), {"men", "shares"}),
    "bounds: the upper": (("log_between", one_bound), {"men", "shares"}),
    "shares: who is at risk": (("expectation", those_who_never_left), {"shares", "small_counts"}),
    "men: who serves": (("expectation", who_serves_leaves), {"men"}),
    "small counts: totals": (("small_count", the_highest_total), {"small_counts"}),
    "lists: overdispersion": (("dirichlet_multinomial", a_multinomial), {"lists"}),
    "lists: the remainder": (("leaves_some", lambda _: True), {"lists"}),
    "lists: a concentration each": (("concentration", one_for_all), {"lists"}),
    "lists: who is news": (("newsworthiness", one_step_for_all), {"lists"}),
    "lists: dates are no news": (("is_news", lambda _: True), {"lists"}),
    "officers: exposure": (("officers", a_day_late), {"dated_officers", "undated_officers"}),
    "officers: the period": (("period_of", the_period_before), {"dated_officers"}),
    "officers: undated": (("officers", undated_as_stayed), {"undated_officers"}),
    "baseline: the bridge's variance": (("off_the_known", half_a_bridge), EVIDENCE | {"dated_officers"}),
    "baseline: the bridge's mean": (("off_the_known", no_bridge), EVIDENCE | {"dated_officers"}),
    "baseline: the risk over the study": (("log_baseline", level_not_held), EVIDENCE | {"dated_officers"}),
    "over time: the drift's first period": (("has_set_in", a_period_early), EVIDENCE | {"dated_officers"}),
    "over time: nothing moves": (("moved", standing_still), EVIDENCE | {"dated_officers"}),
    "shape": (("way_up", way_down), EVIDENCE | {"dated_officers", "undated_officers"}),
    "who serves: communities": (("community_shares", shares_turned_round), EVIDENCE),
    "who serves: tables": (("row_shares", table_as_expected), EVIDENCE),
    "prior: zero sums": (
        ("zero_sum_normal", without_the_plane),
        {"eliteness_by_sect_offset", "proximity_by_sect_offset", "rank_over_time_offset", "sect_over_time_offset"},
    ),
    "prior: concentrations": (("dirichlet", a_concentration_more), {"rank_steps", "rest_of_officers"}),
    "prior: authors apart": (("mixture", authors_as_one), {"log_hazard_ratio", "log_drift"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(every_kind: Case, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A fault in the statement of one part is a disagreement about what it touches, at one of two draws at least.

    Where hardly anybody leaves, a fault about who does changes a density by less than rounding.
    """
    (name, wrong), touched = FAULTS[fault]
    monkeypatch.setattr(second_opinion, name, wrong)
    assert touched <= every_kind.disagreements(0) | every_kind.disagreements(1)


WIDER = 1.01


def wider_normals(believed: PriorSet) -> dict[str, Any]:
    """Return the quantities, each author's normal wider."""
    priors = [
        dataclasses.replace(
            prior, components=tuple(dataclasses.replace(each, sd=each.sd * WIDER) for each in prior.components)
        )
        for prior in believed.priors
    ]
    return {"priors": tuple(priors)}


def wider_spreads(believed: PriorSet) -> dict[str, Any]:
    """Return the spreads, each wider."""
    return {"spreads": tuple(dataclasses.replace(each, sigma=each.sigma * WIDER) for each in believed.spreads)}


def wider_lists(believed: PriorSet) -> dict[str, Any]:
    """Return the concentration of lists, and what is news, wider."""
    news = tuple((name, mean, sd * WIDER) for name, mean, sd in believed.newsworthiness)
    mean, sd = believed.count_concentration
    return {"count_concentration": (mean, sd * WIDER), "newsworthiness": news}


def moved_shares(believed: PriorSet) -> dict[str, Any]:
    """Return the communities' claimed shares, higher."""
    shares = [
        dataclasses.replace(each, claimed_share=(each.claimed_share[0] * WIDER, each.claimed_share[1]))
        for each in believed.community_shares
        if each.claimed_share
    ]
    return {"community_shares": tuple(shares)}


@pytest.mark.parametrize(
    ("wider", "parts"),
    [
        (wider_normals, {"log_hazard_ratio", "log_drift", "log_reference_hazard"}),
        (wider_spreads, {"spread"}),
        (wider_lists, {"list_concentration", "log_rank_newsworthiness"}),
        (moved_shares, {"sunni_share_of_enlisted", "alawite_share_of_officers"}),
    ],
)
def test_a_planted_prior_is_caught(
    every_kind: Case, wider: Callable[[PriorSet], dict[str, Any]], parts: set[str]
) -> None:
    """A prior one part in a hundred wider is a disagreement about the variable, and about none other.

    Spreads, and what they scale, are given: their prior is no part of what follows from them.
    """
    believed = dataclasses.replace(every_kind.matter.prior_set, **wider(every_kind.matter.prior_set))
    matter = dataclasses.replace(every_kind.matter, prior_set=believed)
    assert dataclasses.replace(every_kind, matter=matter).disagreements(0) == parts


def test_wider_heads_are_caught(every_kind: Case) -> None:
    """Intervals of heads a hundredth wider are a disagreement about heads alone."""
    corps = every_kind.matter.corps
    wider = dataclasses.replace(corps, heads=corps.heads * [1 / WIDER, WIDER])
    matter = dataclasses.replace(every_kind.matter, corps=wider)
    assert dataclasses.replace(every_kind, matter=matter).disagreements(0) == {"heads"}
