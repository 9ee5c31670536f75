"""How surprising a case was under each article's prior and under a posterior, and which article it speaks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from model.risk.draws import Draws
from model.risk.errors import MissingPriorsError
from model.risk.summaries import rounded
from model.risk.surprise import MeanProbability, bayes_factor, bayes_factors, men, surprise
from model.risk.table import RiskTable
from priors.vocabulary import Described, Profile

WITHIN: Final = 2.0
"""Monte Carlo standard errors to either side within which a Bayes factor is said to lie."""


@dataclass(frozen=True)
class Belief:
    """What a prior or a posterior says of a case: how many such men it expects, and how probable it makes the case."""

    men: float
    probability: MeanProbability

    @classmethod
    def of(cls, draws: Draws, profile: Profile, *, by: date, corps: int | None = None) -> Belief:
        """Return what draws say of a case."""
        found = MeanProbability.over(surprise(draws, profile, by=by, corps=corps))
        return cls(rounded(float(men(draws, profile, corps=corps).mean())), found)

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"expected_men": self.men} | self.probability.as_dict()


@dataclass(frozen=True)
class Surprise:
    """All that is said of one case.

    Attributes
    ----------
    described : Described
    by : date
    priors : mapping of str to Belief
        For each prior set, with all its claims.
    posterior : Belief
        Of the version, which has seen the case already where its evidence holds it.
    articles : mapping of str to str
        The prior sets that are one article each, and how their authors are called in a sentence.
    """

    described: Described
    by: date
    priors: Mapping[str, Belief]
    posterior: Belief
    articles: Mapping[str, str]

    @property
    def in_words(self) -> str:
        """The Bayes factors between articles in a sentence, with their Monte Carlo errors."""
        return in_words({name: belief.probability for name, belief in self.priors.items()}, self.articles)

    def as_dict(self) -> dict[str, Any]:
        """Return one element of the "surprises" of an answer, without the caller's id."""
        return {
            **self.described.as_dict(),
            "by": str(self.by),
            "priors": [{"prior_set": name} | belief.as_dict() for name, belief in self.priors.items()],
            "posterior": self.posterior.as_dict(),
            "bayes_factors": bayes_factors({name: belief.probability for name, belief in self.priors.items()}),
            "in_words": self.in_words,
        }


def surprise_by_set(table: RiskTable, profile: Profile, *, by: date, corps: int | None = None) -> Surprise:
    """Say how probable each prior set, and the posterior of a table, make at least one case of a profile by a day.

    Parameters
    ----------
    table : RiskTable
        One that carries draws of the named prior sets.
    profile : mapping of str to str
        Attributes in the names of their levels; any may be missing.
    by : date
        Inside the study; by its end.
    corps : int, optional
        How many men; by default as many as serve in each draw.

    Raises
    ------
    MissingPriorsError
        If the table carries no draws of prior sets by name.
    UnknownWordError, WindowError, OutlookError
        As `surprise` does.
    """
    if not table.named_priors:
        raise MissingPriorsError(f"version {table.version}: carries no draws of prior sets by name")
    known = table.vocabulary.described(profile)
    priors = {name: Belief.of(draws, known.profile, by=by, corps=corps) for name, draws in table.named_priors.items()}
    posterior = Belief.of(table.posterior, known.profile, by=by, corps=corps)
    articles = {article.name: article.called for article in table.study.articles}
    return Surprise(known, by, priors, posterior, articles)


def in_words(probabilities: Mapping[str, MeanProbability], articles: Mapping[str, str]) -> str:
    """Return in a sentence which article made a case the most probable, how many times, and how exactly that is known.

    Parameters
    ----------
    probabilities : mapping of str to MeanProbability
        By prior set; those of all articles must be there.
    articles : mapping of str to str
        The prior set of each, and how its author is called.
    """
    if len(articles) == 1:
        ((name, called),) = articles.items()
        given = f"{called} gave this a probability of {probabilities[name].value:.2g}"
        return f"{given}; there is no other article to set beside it"
    if len(articles) == 2:  # noqa: PLR2004 - a pair
        return _of_two(probabilities, articles)
    most, *others = sorted(articles, key=lambda name: probabilities[name].value, reverse=True)
    if probabilities[most].value <= 0:
        return "Every article holds it impossible, so that no factor can be given"
    told = (_times(probabilities[most], probabilities[other], articles[other]) for other in others)
    return f"{articles[most]} made this the most probable: {', '.join(told)}"


def _of_two(probabilities: Mapping[str, MeanProbability], articles: Mapping[str, str]) -> str:
    one, other = articles
    ratio = bayes_factor(probabilities[other], probabilities[one])
    if ratio is None:
        return "At least one of the two articles holds it impossible, so that no factor can be given"
    more, less, value = (other, one, ratio.value) if ratio.value >= 1 else (one, other, 1 / ratio.value)
    margin = np.exp(WITHIN * ratio.log_error)
    lower, upper = value / margin, value * margin
    if lower <= 1:
        bounds = f"{_stated(ratio.value / margin)} to {_stated(ratio.value * margin)}"
        return (
            f"Both made this about as probable: {articles[other]} {_stated(ratio.value)} times {articles[one]} "
            f"(Monte Carlo: {bounds})"
        )
    return (
        f"{articles[more]} made this {_stated(value)} times as probable as {articles[less]} "
        f"(Monte Carlo: {_stated(lower)} to {_stated(upper)})"
    )


def _times(most: MeanProbability, other: MeanProbability, called: str) -> str:
    """Return how many times as probable as by another article."""
    ratio = bayes_factor(most, other)
    if ratio is None:
        return f"{called} holds it impossible"
    margin = np.exp(WITHIN * ratio.log_error)
    bounds = f"{_stated(ratio.value / margin)} to {_stated(ratio.value * margin)}"
    return f"{_stated(ratio.value)} times as probable as {called} (Monte Carlo: {bounds})"


def _stated(value: float) -> str:
    """Return a ratio to two digits, without a power of ten."""
    return f"{float(f'{value:.2g}'):,g}"
