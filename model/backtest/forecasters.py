"""Who forecasts: the authors, all of them together, and three who know no article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from model.evidence.known import hindsight
from priors.claims import Baseline, Quantity, Spread
from priors.elicitation import Prior, PriorSet, elicit_prior_set
from priors.pooling import Component
from priors.study import Study
from priors.timeline import Period, Timeline, Window
from priors.vocabulary import Vocabulary

NOTHING = 0.01
"""Standard deviation of the log of a ratio that is one: a sampler needs a width."""

STEP = Spread("step", 1.0, "a step of the rate from period to period")
"""Of whoever takes the rate as it last was: as wide as a step of the baseline of the studies that come with us."""

CONSTANT_RATE = "constant rate"
NO_CHANGE = "no change"

NAIVE = {
    CONSTANT_RATE: "everybody leaves at one rate from the first day of the study to the last",
    "{community} alone": "each {community} leaves at a rate of its own, from the first day to the last",
    NO_CHANGE: "everybody leaves at one rate, which after the day of the forecast stays as it was last",
}
"""What each of those who know no article takes for granted; the rates are fitted to the rows known by the day."""


@dataclass(frozen=True)
class Forecaster:
    """Whoever forecasts.

    Attributes
    ----------
    name : str
        A prior set of the study, or a naive forecast.
    prior_set : PriorSet
    vocabulary : Vocabulary
        The study's; one who knows of fewer periods has fewer.
    hindsight : tuple of str
        The articles, of those that the forecast rests on, that were written after the day.
    """

    name: str
    prior_set: PriorSet
    vocabulary: Vocabulary
    hindsight: tuple[str, ...]


def naive_names(study: Study) -> dict[str, str]:
    """Return what each naive forecast takes for granted, by its name."""
    community = study.vocabulary.community.name
    return {name.format(community=community): said.format(community=community) for name, said in NAIVE.items()}


def forecasters(study: Study, day: date) -> tuple[tuple[Forecaster, ...], ...]:
    """Return who forecasts on a day, in groups whose models differ in data alone: one compilation serves each group."""
    constant, by_community, unchanged = naive_names(study)
    authors = tuple(
        Forecaster(name, elicit_prior_set(study, name), study.vocabulary, hindsight(study, name, day))
        for name in study.claims.prior_sets
    )
    whole = _timeline(study.timeline, study.timeline.window.start)
    until = _timeline(study.timeline, day)
    return (
        authors,
        (_naive(constant, study, whole), _naive(by_community, study, whole, by_community=True)),
        (_naive(unchanged, study, until),),
    )


def _naive(name: str, study: Study, timeline: Timeline, *, by_community: bool = False) -> Forecaster:
    """Return a forecaster who knows what no article says, and to whom nothing matters but what is named."""
    every = tuple(claim.id for claim in study.claims.claims)
    nobody = elicit_prior_set(study, study.claims.all_together, without=every)
    own = study.vocabulary.community.name if by_community else None
    kept = (prior for prior in nobody.priors if prior.quantity.period is None and prior.quantity.since is None)
    steps = len(timeline.periods) > 1
    prior_set = replace(
        nobody,
        name=name,
        priors=tuple(_without_effect(prior, but=own) for prior in kept),
        baseline=Baseline(timeline.period_names, STEP.name if steps else None),
        spreads=(STEP,) if steps else (),
        over_time={},
    )
    return Forecaster(name, prior_set, replace(study.vocabulary, timeline=timeline), ())


def _without_effect(prior: Prior, *, but: str | None) -> Prior:
    """Return the prior of a ratio that is one, unless it is of the attribute that matters; no group varies about it."""
    quantity: Quantity = replace(prior.quantity, spread=None, varies_by=None)
    if quantity.scale != "hazard ratio" or quantity.attribute == but:
        return replace(prior, quantity=quantity)
    components = tuple(Component(None, each.weight, 0.0, NOTHING) for each in prior.components)
    return replace(prior, quantity=quantity, parameters=(0.0, NOTHING), components=components)


def _timeline(timeline: Timeline, day: date) -> Timeline:
    """Return a timeline whose last period is the one that a day lies in: it goes on to the end of the study."""
    begun = [period for period in timeline.periods if period.window.start <= day] or [timeline.periods[0]]
    last = Period(begun[-1].name, Window(begun[-1].window.start, timeline.window.end))
    return Timeline(timeline.window, (*begun[:-1], last))
