"""The claims of the articles: what each says, of which quantity, and how strongly."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from priors.errors import UnknownClaimError, UnknownPriorSetError

POOLED: Final = "pooled"
"""The prior set of all articles, where there are several; each is one by itself too."""

BASES: Final = ("figure", "wording", "inferred", "compiler")
"""What the interval of a link rests on: the author's figure, his words, what follows from them, or the compiler."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Article:
    """Who claims.

    Attributes
    ----------
    name : str
        As the source of claims, and as the prior set of these alone.
    author, called : str
        Whoever wrote it, and how a sentence calls them.
    date : str
        As far as it is known: a year, a month or a day.
    title, published, link : str
    stands : str
        How far into the case it was written.
    says : str
        What it says, in a paragraph.
    """

    name: str
    author: str
    called: str
    date: str
    title: str
    published: str
    link: str
    stands: str
    says: str


@dataclass(frozen=True)
class Quantity:
    """Something the model does not know, on a scale a reader of the articles can judge.

    Attributes
    ----------
    scale : str
        `risk`, `hazard ratio` or `share`.
    without_claims : tuple of float
        The 90 % interval where no claim speaks of it.
    attribute, levels : str or None, tuple of str
        The attribute it is an effect of, and the levels it sets apart (none where it spans the whole scale).
    spread : str or None
        How far the levels set apart vary about their typical member, or the effect of the scale from level to level
        of `varies_by`: the name of a spread; none where they do not.
    varies_by : str or None
        The attribute whose levels each have an effect of this scale of their own.
    period : str or None
        The period whose hazard is set against the level of the baseline.
    since : str or None
        The period from which on the effect of the levels set apart is multiplied by this ratio; none where it is the
        effect itself.
    outside_the_fit : str or None
        Why the model is not fitted to it, where it is not.
    service_class, level : str or None
        Of a share: within whom, and whose.
    """

    name: str
    scale: str
    definition: str
    without_claims: Interval
    attribute: str | None = None
    levels: tuple[str, ...] = ()
    spread: str | None = None
    varies_by: str | None = None
    period: str | None = None
    since: str | None = None
    outside_the_fit: str | None = None
    service_class: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Link:
    """What a claim says of a quantity.

    Attributes
    ----------
    interval : tuple of float
        The 90 % interval that a reader of the sentence would grant.
    basis : str
        One of `BASES`.
    horizon : str
        The time that the sentence speaks of.
    """

    interval: Interval
    basis: str
    horizon: str


@dataclass(frozen=True)
class Claim:
    """A sentence of an article, the intervals it supports, and the prediction it amounts to."""

    id: str
    source: str
    quote: str
    says: str
    strength: str
    bears_on: Mapping[str, Link]
    prediction: Mapping[str, Any] | None = None
    not_testable: str | None = None


@dataclass(frozen=True)
class Spread:
    """The half-normal prior of how far a group varies about what is claimed of it, which no article speaks of."""

    name: str
    sigma: float
    definition: str


@dataclass(frozen=True)
class Baseline:
    """How the hazard of the reference profile moves: the periods that set its level, and the spread of its steps.

    None where it takes no step: with one period, or where each has a claimed ratio to the level.
    """

    level: tuple[str, ...]
    spread: str | None


@dataclass(frozen=True)
class Newsworthiness:
    """How much likelier a list of those who left is to name a man of the next level, by the ratio of the odds."""

    attribute: str
    interval: Interval
    definition: str


@dataclass(frozen=True)
class Claims:
    """What the articles claim, and of which quantities.

    Attributes
    ----------
    attributes : tuple of str
        Those of the vocabulary, in its order.
    over_time : mapping of str to str
        By attribute, the spread of how far its effect moves from period to period.
    newsworthiness : mapping of str to Newsworthiness
        By ordered attribute.
    """

    attributes: tuple[str, ...]
    articles: tuple[Article, ...]
    quantities: tuple[Quantity, ...]
    baseline: Baseline
    over_time: Mapping[str, str]
    spreads: tuple[Spread, ...]
    step_concentration: float
    count_concentration: Interval
    newsworthiness: Mapping[str, Newsworthiness]
    claims: tuple[Claim, ...]

    @classmethod
    def from_data(cls, articles: Mapping[str, Any], data: Mapping[str, Any]) -> Claims:
        """Return what `study.yaml` states of the articles, and the sections of all files of the rest."""
        return cls(
            attributes=tuple(data["attributes"]),
            articles=tuple(Article(name, **entry) for name, entry in articles.items()),
            quantities=tuple(Quantity(name, **entry) for name, entry in data["quantities"].items()),
            baseline=Baseline(data["baseline"]["level"], data["baseline"].get("spread")),
            over_time=data["over_time"],
            spreads=tuple(Spread(name, **entry) for name, entry in data["spreads"].items()),
            step_concentration=data["step_concentration"],
            count_concentration=data["count_concentration"]["interval"],
            newsworthiness={name: Newsworthiness(name, **entry) for name, entry in data["newsworthiness"].items()},
            claims=tuple(_claim(claim_id, entry) for claim_id, entry in data["claims"].items()),
        )

    @cached_property
    def moving(self) -> tuple[str, ...]:
        """The attributes whose effect is not the same in every period, in the order of the vocabulary."""
        drifting = {each.attribute for each in self.quantities if each.since is not None}
        return tuple(name for name in self.attributes if name in self.over_time or name in drifting)

    @cached_property
    def prior_sets(self) -> Mapping[str, tuple[str, ...]]:
        """The articles that each prior set rests on: each by itself, and all together where there are several."""
        names = tuple(article.name for article in self.articles)
        alone = {name: (name,) for name in names}
        return alone if len(names) == 1 else alone | {POOLED: names}

    @property
    def all_together(self) -> str:
        """The prior set of all articles, which is taken where none is named."""
        return list(self.prior_sets)[-1]

    def __getitem__(self, claim_id: str) -> Claim:
        """Return the claim of that id.

        Raises
        ------
        UnknownClaimError
            If there is none.
        """
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        raise UnknownClaimError(f"claim: unknown; known are {', '.join(claim.id for claim in self.claims)}")

    def of_set(self, prior_set: str, without: tuple[str, ...] = ()) -> tuple[Claim, ...]:
        """Return the claims that a prior set rests on, less those dropped.

        Raises
        ------
        UnknownPriorSetError
            If no prior set is called so.
        UnknownClaimError
            If a dropped claim does not exist.
        """
        if prior_set not in self.prior_sets:
            near = difflib.get_close_matches(prior_set, self.prior_sets) or self.prior_sets
            raise UnknownPriorSetError(f"priors: the study has no prior set of this name; nearest: {', '.join(near)}")
        dropped = {self[claim_id].id for claim_id in without}
        sources = self.prior_sets[prior_set]
        return tuple(claim for claim in self.claims if claim.source in sources and claim.id not in dropped)


def _claim(claim_id: str, entry: Mapping[str, Any]) -> Claim:
    bears_on = {quantity: Link(**link) for quantity, link in entry["bears_on"].items()}
    return Claim(claim_id, **{**entry, "bears_on": bears_on})
