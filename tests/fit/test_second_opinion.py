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
from priors.elicitation import CommunityShares, PriorSet, elicit_prior_set
from priors.study import Study
from priors.vocabulary import Attribute, Vocabulary
from tests.support import second_opinion
from tests.support.evidence_rows import every_row
from tests.support.other_study import other_problem
from tests.support.problems import evidence_row, make_problem, one_draw, random_draws, random_individuals
from tests.support.second_opinion import Matter, World, densities

DRAWS = 6
CLOSE = 1e-9
"""Two right statements differ by rounding alone: relative to a density above one, else absolutely."""

LATER = evidence_row(
    "L", "corps_composition", (1, 1), (0.3, 0.4), attribute=("sect", ("sunni",)), window=("2014-01-01", "2014-01-01")
)
"""A share of those who still serve on a later day."""

BEYOND = evidence_row("X", "defector_composition", (6, 9), (4, 20), attribute=("rank", ("colonel",)))
"""A list whose bounds reach beyond its total."""

Numbers = NDArray[np.float64]
Replaced = tuple[str, Callable[..., Any]]


@dataclasses.dataclass(frozen=True)
class Case:
    """A problem, its second statement's matter, and draws with the model's densities at them."""

    problem: Problem
    matter: Matter
    draws: xr.Dataset
    found: xr.Dataset

    @classmethod
    def of(cls, expansion: Expansion, problem: Problem, matter: Matter) -> Case:
        """Ask the model for its densities at draws from the prior."""
        draws = random_draws(problem, draws=DRAWS, seed=5)
        prior, likelihood = expansion.densities(problem, draws)
        return cls(problem, matter, draws, prior.merge(likelihood))

    def disagreements(self, index: int) -> set[str]:
        """Return the variables whose density the two state differently at a draw."""
        model, second = one_draw(self.found, index), densities(one_draw(self.draws, index), self.matter)
        assert set(model) == set(second)
        return {name for name in model if not close(*alike(name, model[name], second[name]))}


def alike(name: str, model: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """Return two arrays of one shape; undated officers are by window in the one, by officer in the other."""
    if name == "undated_officers":
        return model.sum(), second.sum()
    return np.ravel(model), np.ravel(second)


def close(model: Numbers, second: Numbers) -> bool:
    """Whether two densities differ by no more than rounding."""
    return bool((np.abs(model - second) <= CLOSE * np.maximum(np.abs(second), 1)).all())


@pytest.fixture(scope="module")
def bundled(study: Study, bundled_problem: Problem, compiled: Compiled) -> Case:
    """Return the bundled evidence."""
    rows = bundled_evidence(study)
    matter = Matter(bundled_problem.prior_set, study.corps, study.vocabulary, rows)
    return Case.of(compiled.expansion, bundled_problem, matter)


@pytest.fixture(scope="module")
def every_kind(study: Study) -> Case:
    """Return made-up evidence of every kind, with officers dated and undated."""
    individuals = random_individuals(study.vocabulary, count=200, seed=1)
    rows = (*every_row(), LATER, BEYOND)
    problem = make_problem(study, rows, collapse(individuals, study.vocabulary, digest=""))
    matter = Matter(problem.prior_set, study.corps, study.vocabulary, rows, individuals)
    return Case.of(Expansion(problem), problem, matter)


@pytest.fixture(scope="module")
def other() -> Case:
    """Return a study of other words, periods and claims."""
    problem, matter = other_problem()
    return Case.of(Expansion(problem), problem, matter)


@pytest.fixture(params=["bundled", "every_kind", "other"])
def case(request: pytest.FixtureRequest) -> Case:
    """Return each of these in turn."""
    found: Case = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("index", range(DRAWS))
def test_both_state_the_same_densities(case: Case, index: int) -> None:
    """The log prior of each free variable and the log-likelihood of each term are the same, to rounding."""
    assert case.disagreements(index) == set()


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
    jacobian = np.log(one["spread"]).sum() + np.log(one["list_concentration"])
    jacobian += sum(np.log(len(simplex)) + np.log(simplex).sum() for simplex in simplexes)
    jacobian += sum(np.log(share) + np.log1p(-share) for share in shares)
    found = float(bundled_fit.sample_stats["logp"].to_numpy()[chain, number])
    assert found == pytest.approx(total + jacobian, rel=CLOSE)


def sampling_error_forgotten(row: EvidenceRow) -> tuple[float, float]:
    """Take a row's bounds for the whole of its uncertainty."""
    low, high = row.count_low / row.total_high, row.count_high / row.total_low
    ends = [math.log(share / (1 - share)) for share in (low, high)]
    return sum(ends) / 2, (ends[1] - ends[0]) / 2 / float(stats.norm.ppf(0.95))


def bounds_of_95(row: EvidenceRow) -> tuple[float, float]:
    """Take bounds for the central 95 %."""
    middle, sd = LOGIT_INTERVAL(row)
    return middle, sd * float(stats.norm.ppf(0.95) / stats.norm.ppf(0.975))


def those_who_never_left(row: EvidenceRow, seen: World) -> float:
    """Compare with all who served at the start of the study, not of the row's window."""
    whole, day = seen.cells(row), row.window.start
    first = seen.vocabulary.timeline.window.start
    if row.kind == "rate":
        return seen.leaving(whole, day, row.window.end) / seen.serving(whole, first)
    return seen.serving(seen.cells(row, with_attribute=True), day) / seen.serving(whole, first)


def the_highest_total(row: EvidenceRow, share: float) -> float:
    """Take the total of a small count as known."""
    counts = np.arange(int(row.count_low), int(row.count_high) + 1)
    return float(np.log(stats.binom.pmf(counts, int(row.total_high), share).sum()))


def a_multinomial(counts: tuple[int, ...], alpha: Numbers) -> float:
    """Take the names of a list for independent draws."""
    return float(stats.multinomial.logpmf(counts, sum(counts), alpha / alpha.sum()))


def a_day_late(individuals: Individuals, seen: World) -> tuple[list[float], list[float]]:
    """Count the day of a defection as one at risk, and end windows a day late."""
    later = dataclasses.replace(
        individuals,
        defected_on=np.where(individuals.defected_on < 0, -1, individuals.defected_on + 1),
        end=individuals.end + 1,
    )
    return OFFICERS(later, seen)


def the_period_before(day: date, study: Any) -> int:
    """Take a defection for one of half a year before."""
    return PERIOD_OF(max(study.window.start, day - timedelta(days=182)), study)


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


def level_not_held(draw: Any, prior_set: PriorSet, study: Any) -> list[float]:
    """Forget that the baseline sums to the claimed risk."""
    return [float(draw["log_reference_hazard"]) + level - math.log(60) for level in COURSE(draw, prior_set, study)]


def way_down(level: str, attribute: Attribute, steps: Numbers) -> float:
    """Take the steps from the top."""
    return WAY_UP(level, attribute, steps[::-1])


def shares_turned_round(
    draw: Any, prior: CommunityShares, vocabulary: Vocabulary, service_class: str
) -> dict[str, float]:
    """Give the rest to the sects in the wrong order."""
    shares = SECT_SHARES(draw, prior, vocabulary, service_class)
    return dict(zip(shares, reversed(shares.values()), strict=True))


def without_the_plane(offsets: Numbers) -> float:
    """Take offsets that sum to zero for free ones."""
    return float(stats.norm.logpdf(offsets).sum())


def a_concentration_more(shares: Numbers, concentration: Any) -> float:
    """Add a hundredth to every concentration."""
    return DIRICHLET(shares, np.array(concentration) * 1.01)


LOGIT_INTERVAL = second_opinion.logit_interval
OFFICERS, PERIOD_OF = second_opinion.officers, second_opinion.period_of
OFF_THE_KNOWN, COURSE = second_opinion.off_the_known, second_opinion.log_course
WAY_UP, SECT_SHARES, DIRICHLET = second_opinion.way_up, second_opinion.community_shares, second_opinion.dirichlet
EVIDENCE = {"rates", "compositions", "small_counts", "lists"}

FAULTS: dict[str, tuple[Replaced, set[str]]] = {
    "rates: sampling error": (("logit_interval", sampling_error_forgotten), {"rates"}),
    "rates and compositions: who is at risk": (
        ("expected_share", those_who_never_left),
        {"rates", "compositions", "small_counts"},
    ),
    "small counts: totals": (("small_count", the_highest_total), {"small_counts"}),
    "compositions: the interval's mass": (("logit_interval", bounds_of_95), {"rates", "compositions"}),
    "lists: overdispersion": (("dirichlet_multinomial", a_multinomial), {"lists"}),
    "lists: the remainder": (("leaves_some", lambda _: True), {"lists"}),
    "officers: exposure": (("officers", a_day_late), {"dated_officers", "undated_officers"}),
    "officers: the period": (("period_of", the_period_before), {"dated_officers"}),
    "officers: undated": (("officers", undated_as_stayed), {"undated_officers"}),
    "baseline: the bridge's variance": (("off_the_known", half_a_bridge), EVIDENCE | {"dated_officers"}),
    "baseline: the bridge's mean": (("off_the_known", no_bridge), EVIDENCE | {"dated_officers"}),
    "baseline: the risk over the study": (("log_baseline", level_not_held), EVIDENCE | {"dated_officers"}),
    "shape": (("way_up", way_down), EVIDENCE | {"dated_officers", "undated_officers"}),
    "who serves": (("community_shares", shares_turned_round), EVIDENCE - {"rates"}),
    "prior: zero sums": (
        ("zero_sum_normal", without_the_plane),
        {"eliteness_by_sect_offset", "proximity_by_sect_offset"},
    ),
    "prior: concentrations": (("dirichlet", a_concentration_more), {"rank_steps", "rest_of_officers"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(every_kind: Case, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """A fault in the statement of one part is a disagreement about what it touches, at one of two draws at least.

    Where hardly anybody leaves, a fault about who does changes a density by less than rounding.
    """
    (name, wrong), touched = FAULTS[fault]
    monkeypatch.setattr(second_opinion, name, wrong)
    assert touched <= every_kind.disagreements(0) | every_kind.disagreements(1)


@pytest.mark.parametrize(
    ("part", "wider"),
    [
        ("log_hazard_ratio", {"priors": 1.01}),
        ("spread", {"spreads": 1.01}),
        ("list_concentration", {"count_concentration": 1.01}),
        ("sunni_share_of_enlisted", {"community_shares": 1.01}),
    ],
)
def test_a_planted_prior_is_caught(every_kind: Case, part: str, wider: dict[str, float]) -> None:
    """A prior one part in a hundred wider is a disagreement about the variable, and about none of the evidence."""
    believed = every_kind.matter.prior_set
    (name, factor), *_ = wider.items()
    changed = {
        "priors": lambda: tuple(
            dataclasses.replace(prior, parameters=(prior.parameters[0], prior.parameters[1] * factor))
            for prior in believed.priors
        ),
        "spreads": lambda: tuple(dataclasses.replace(each, sigma=each.sigma * factor) for each in believed.spreads),
        "count_concentration": lambda: (believed.count_concentration[0], believed.count_concentration[1] * factor),
        "community_shares": lambda: tuple(
            dataclasses.replace(each, claimed_share=(each.claimed_share[0] * factor, each.claimed_share[1]))
            for each in believed.community_shares
        ),
    }[name]()
    matter = dataclasses.replace(every_kind.matter, prior_set=dataclasses.replace(believed, **{name: changed}))
    found = dataclasses.replace(every_kind, matter=matter).disagreements(0)
    assert part in found
    assert not found & (EVIDENCE | {"dated_officers", "undated_officers"})
