"""The answer to the main question: the risk of a profile in a window, what drives it and how well it is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.contributions import contributions
from model.risk.summaries import Expected, Interval, Relative, checked_intervals, interval, rounded
from model.risk.table import RiskTable
from model.risk.words import Scale, in_words, people
from priors.timeline import Window
from priors.vocabulary import Described, Profile

Values = NDArray[np.float64]

IN_WORDS_INTERVAL = 0.9
DEFAULT_INTERVALS = (0.5, 0.9)


@dataclass(frozen=True)
class Contribution:
    """By what factor one attribute takes the risk from that of all the forces, and the claims that speak of it."""

    attribute: str
    value: str | None
    factor: Relative
    claims: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "attribute": self.attribute,
            "value": self.value,
            "factor": self.factor.as_dict(),
            "claims": list(self.claims),
        }


@dataclass(frozen=True)
class Standing:
    """How high the risk of a profile is, against the armed forces too, and what that rests on.

    Attributes
    ----------
    risk : Expected
    likely : Interval
        The interval that words tell, asked for or not.
    people : str
        Of whom that is said.
    relative_to_corps : Relative
        The expected risk over that of the whole force in the same window.
    posterior_contraction : float
        One less the variance of the log cumulative hazard over draws, posterior over prior: 0 where the evidence said
        nothing, or the prior left no doubt.
    author_shift : float or None
        How far apart the fits under two authors alone put the mean of the log cumulative hazard, in posterior standard
        deviations of this version; the furthest two of several. None where these fits are not at hand.
    by_prior_set : tuple of (str, Expected)
        The risk under every prior set at hand, this version's own first; empty where the authors' fits are not.
    """

    risk: Expected
    likely: Interval
    people: str
    relative_to_corps: Relative
    posterior_contraction: float
    author_shift: float | None
    by_prior_set: tuple[tuple[str, Expected], ...]

    def in_words(self, scale: Scale) -> str:
        """Return the risk as a sentence, told on the scale of what stands beside it."""
        risk, likely = self.risk, self.likely
        return in_words(scale, risk.mean, risk.median, likely.lower, likely.upper, people=self.people)


@dataclass(frozen=True)
class Assessment:
    """All that is said of one profile."""

    described: Described
    standing: Standing
    contributions: tuple[Contribution, ...]

    def as_dict(self, scale: Scale | None = None) -> dict[str, Any]:
        """Return one element of the "assessments" of an answer, its words on the scale of all that stand beside it."""
        return {
            **self.described.as_dict(),
            "risk": self.standing.risk.as_dict(),
            "in_words": self.standing.in_words(scale or scale_of([self.standing.risk])),
            "people": self.standing.people,
            "relative_to_corps": self.standing.relative_to_corps.as_dict(),
            "contributions": [contribution.as_dict() for contribution in self.contributions],
            "posterior_contraction": self.standing.posterior_contraction,
            "author_shift": self.standing.author_shift,
            "by_prior_set": [{"prior_set": name} | risk.as_dict() for name, risk in self.standing.by_prior_set],
        }


def side_by_side(assessments: Sequence[Assessment]) -> list[dict[str, Any]]:
    """Return assessments as they stand in one answer, their words on one scale."""
    scale = scale_of([assessment.standing.risk for assessment in assessments])
    return [assessment.as_dict(scale) for assessment in assessments]


def scale_of(risks: Sequence[Expected]) -> Scale:
    """Return the scale of risks that stand side by side."""
    return Scale.of([risk.mean for risk in risks], [risk.monte_carlo_error for risk in risks])


def assess(
    table: RiskTable, profile: Profile, *, window: Window, intervals: Sequence[float] = DEFAULT_INTERVALS
) -> Assessment:
    """Assess a profile.

    Parameters
    ----------
    profile : mapping of str to str
        Attributes, in the names of their levels; what is missing is averaged over the armed forces.
    window : Window
        Inside the study; the officer is still serving at its start.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a level is not an allowed one.
    """
    question = ("assessment", tuple(sorted(profile.items())), window, tuple(intervals))

    def compute() -> Assessment:
        known, probabilities = table.vocabulary.described(profile), checked_intervals(intervals)
        where = standing(table, known.profile, window=window, intervals=probabilities)
        return Assessment(known, where, _contributions(table, known.profile, window, probabilities))

    return table.cache.get(question, compute)


def standing(table: RiskTable, profile: Profile, *, window: Window, intervals: tuple[float, ...]) -> Standing:
    """Return the part of an assessment that says how high the risk is, without what drives it.

    Raises
    ------
    WindowError
        If the window is empty or not inside the study.
    """
    window = table.vocabulary.timeline.checked(window.start, window.end)
    risk, corps = table.profile_risk(profile, window), table.corps_risk(window)
    own, relative = Expected.of(risk, intervals), Relative.of(risk.mean() / corps.mean(), risk / corps, intervals)
    likely = interval(risk, IN_WORDS_INTERVAL)
    posterior, prior = (draws.log_cumulative_hazard(profile, window) for draws in (table.posterior, table.prior))
    fits = {table.prior_set: posterior} | {
        name: draws.log_cumulative_hazard(profile, window) for name, draws in table.beside.items()
    }
    shift = _author_shift(table, fits)
    beside = () if shift is None else table.beside
    others = [(name, Expected.of(-np.expm1(-np.exp(fits[name])), intervals)) for name in beside]
    by_set = ((table.prior_set, own), *others) if others else ()
    whom = people(profile, table.vocabulary)
    return Standing(own, likely, whom, relative, _contraction(prior, posterior), shift, by_set)


def _contraction(prior: Values, posterior: Values) -> float:
    before = float(np.var(prior))
    # A prior that is certain of a hazard leaves the evidence nothing to say about it.
    return rounded(1 - float(np.var(posterior)) / before) if before > 0 else 0.0


def _author_shift(table: RiskTable, fits: Mapping[str, Values]) -> float | None:
    """Return how far apart the authors' own fits are, from the log cumulative hazard under each prior set at hand."""
    authors, spread = [article.name for article in table.study.articles], float(np.std(fits[table.prior_set]))
    if len(authors) == 1 or not set(authors) <= set(fits) or spread <= 0:
        return None
    return rounded(float(np.ptp([fits[name].mean() for name in authors])) / spread)


def _contributions(
    table: RiskTable, profile: Profile, window: Window, intervals: tuple[float, ...]
) -> tuple[Contribution, ...]:
    risk, corps = table.profile_risk(profile, window), table.corps_risk(window)
    found = contributions(table.posterior, table.coalition_risks(window), profile, risk=risk, corps=corps)
    return tuple(
        Contribution(
            name,
            profile.get(name),
            Relative.of(np.exp(expected), np.exp(by_draw), intervals),
            _claims(table, name, profile.get(name)),
        )
        for name, expected, by_draw in zip(table.vocabulary.names, *found, strict=True)
    )


def _claims(table: RiskTable, attribute: str, level: str | None) -> tuple[str, ...]:
    by_level = table.claims_by_level.get(attribute, {})
    levels = by_level if level is None else (level,)
    return tuple(dict.fromkeys(claim for each in levels for claim in by_level.get(each, ())))
