"""The claims of the articles: what each says, of which quantity, and how strongly."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from priors.errors import DataFileError, UnknownClaimError, UnknownPriorSetError
from priors.vocabulary import FOLDER, Vocabulary

LONGEST_QUOTE = 15
"""Words of an article that may be quoted."""

SCALES = ("risk", "hazard ratio", "share")

LEVERS = ("contagion", "reprisal", "incentive")
"""What an outlook may suppose, each with the claims behind it."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class Source:
    """An article: who wrote it, how it is called in a sentence, where it appeared, and when in the war."""

    name: str
    author: str
    called: str
    year: int
    title: str
    published: str
    stands: str


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
    outside_the_fit: str | None = None
    service_class: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Claim:
    """A sentence of an article, the intervals it supports, and the prediction it amounts to."""

    id: str
    source: str
    quote: str
    says: str
    strength: str
    bears_on: Mapping[str, Interval]
    prediction: Mapping[str, Any] | None
    not_testable: str | None


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
class Claims:
    """All that `claims.yaml` says."""

    sources: tuple[Source, ...]
    prior_sets: Mapping[str, tuple[str, ...]]
    quantities: tuple[Quantity, ...]
    baseline: Baseline
    spreads: tuple[Spread, ...]
    step_concentration: float
    count_concentration: Interval
    levers: Mapping[str, tuple[str, ...]]
    claims: tuple[Claim, ...]

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
            raise UnknownPriorSetError(f"priors: unknown set; known are {', '.join(self.prior_sets)}")
        dropped = {self[claim_id].id for claim_id in without}
        sources = self.prior_sets[prior_set]
        return tuple(claim for claim in self.claims if claim.source in sources and claim.id not in dropped)


def load_claims(folder: Path = FOLDER) -> Claims:
    """Read `claims.yaml` of a regime's folder.

    Raises
    ------
    DataFileError
        If a quote is too long, an interval is turned round, or a quantity, a source or a claim is named that is none.
    """
    try:
        claims = _claims(yaml.safe_load((folder / "claims.yaml").read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise DataFileError(f"claims.yaml: an entry is missing or misshapen: {error}") from error
    quantities = {quantity.name: quantity for quantity in claims.quantities}
    sources = {source.name for source in claims.sources}
    for name, members in claims.prior_sets.items():
        if unknown := set(members) - sources:
            raise DataFileError(f"claims.yaml: prior_sets: {name}: no source {', '.join(sorted(unknown))}")
    for quantity in claims.quantities:
        _check_interval(quantity.name, quantity, quantity.without_claims)
    for claim in claims.claims:
        _check(claim, quantities, sources)
    if claims.levers and tuple(claims.levers) != LEVERS:
        raise DataFileError(f"claims.yaml: levers: must be {', '.join(LEVERS)}, in this order, or left out")
    for lever, ids in claims.levers.items():
        if unknown := set(ids) - {claim.id for claim in claims.claims}:
            raise DataFileError(f"claims.yaml: levers: {lever}: no claim {', '.join(sorted(unknown))}")
    return claims


def check_declared(claims: Claims, vocabulary: Vocabulary, classes: Sequence[str]) -> None:
    """Raise DataFileError unless the quantities speak of a study's words, and of all that the model needs.

    Parameters
    ----------
    classes : sequence of str
        The classes of service.
    """
    if sum(quantity.scale == "risk" for quantity in claims.quantities) != 1:
        raise DataFileError("claims.yaml: quantities: exactly one must be on the scale `risk`: that of the reference")
    spreads = {spread.name for spread in claims.spreads}
    for quantity in claims.quantities:
        _check_words(quantity, spreads, vocabulary, classes)
    for attribute in vocabulary.attributes:
        own = [quantity for quantity in claims.quantities if quantity.attribute == attribute.name]
        if attribute.ordered and [quantity.levels for quantity in own] != [()]:
            raise DataFileError(
                f"claims.yaml: quantities: {attribute.name} is ordered: exactly one must span its scale"
            )
        set_apart = {level for quantity in own for level in quantity.levels}
        missing = [level for level in attribute.names if level not in {*set_apart, attribute.reference}]
        if not attribute.ordered and missing:
            raise DataFileError(f"claims.yaml: quantities: none sets {attribute.name} {', '.join(missing)} apart")
    periods = vocabulary.study.period_names
    for period in claims.baseline.level:
        _known("baseline: level", period, periods)
    if claims.baseline.spread is not None:
        _known("baseline: spread", claims.baseline.spread, spreads)
    elif len(periods) > 1:
        raise DataFileError("claims.yaml: baseline: spread: must be given where there is more than one period")


def _check_words(quantity: Quantity, spreads: Collection[str], vocabulary: Vocabulary, classes: Sequence[str]) -> None:
    where = f"quantities: {quantity.name}"
    _known(f"{where}: scale", quantity.scale, SCALES)
    for member, attribute in (("attribute", quantity.attribute), ("varies_by", quantity.varies_by)):
        if attribute is not None:
            _known(f"{where}: {member}", attribute, vocabulary.names)
    for level in quantity.levels:
        _known(f"{where}: levels", level, vocabulary[str(quantity.attribute)].names)
    if quantity.spread is not None:
        _known(f"{where}: spread", quantity.spread, spreads)
    if quantity.period is not None:
        _known(f"{where}: period", quantity.period, vocabulary.study.period_names)
    if quantity.scale == "share":
        _known(f"{where}: class", quantity.service_class, classes)
        _known(f"{where}: level", quantity.level, vocabulary.community.names)


def _known(where: str, word: str | None, known: Collection[str]) -> None:
    """Raise DataFileError unless a word is one of those known; names the nearest, or all."""
    if word not in known:
        near = difflib.get_close_matches(str(word), known) or known
        raise DataFileError(f"claims.yaml: {where}: there is no {word}; nearest: {', '.join(near)}")


def _claims(data: Mapping[str, Any]) -> Claims:
    claims = tuple(_claim(claim_id, entry) for claim_id, entry in data["claims"].items())
    return Claims(
        sources=tuple(Source(name, **entry) for name, entry in data["sources"].items()),
        prior_sets={name: tuple(sources) for name, sources in data["prior_sets"].items()},
        quantities=tuple(_quantity(name, entry) for name, entry in data["quantities"].items()),
        baseline=Baseline(tuple(data["baseline"]["level"]), data["baseline"].get("spread")),
        spreads=tuple(Spread(name, **entry) for name, entry in data.get("spreads", {}).items()),
        step_concentration=data["step_concentration"],
        count_concentration=_interval(data["count_concentration"]["interval"]),
        levers={lever: _behind(lever, entry, claims) for lever, entry in data.get("levers", {}).items()},
        claims=claims,
    )


def _behind(lever: str, entry: str | list[str], claims: tuple[Claim, ...]) -> tuple[str, ...]:
    """Return the claims behind a lever: those listed, or those that bear on the quantity named."""
    ids = tuple(claim.id for claim in claims if entry in claim.bears_on) if isinstance(entry, str) else tuple(entry)
    if not ids:
        raise DataFileError(f"claims.yaml: levers: {lever}: no claim bears on {entry}")
    return ids


def _quantity(name: str, entry: Mapping[str, Any]) -> Quantity:
    return Quantity(
        name,
        entry["scale"],
        entry["definition"],
        _interval(entry["without_claims"]),
        entry.get("attribute"),
        tuple(entry.get("levels", ())),
        entry.get("spread"),
        entry.get("varies_by"),
        entry.get("period"),
        entry.get("outside_the_fit"),
        entry.get("class"),
        entry.get("level"),
    )


def _claim(claim_id: str, entry: Mapping[str, Any]) -> Claim:
    return Claim(
        claim_id,
        entry["source"],
        entry["quote"],
        entry["says"],
        entry["strength"],
        {name: _interval(interval) for name, interval in entry["bears_on"].items()},
        entry.get("prediction"),
        entry.get("not_testable"),
    )


def _interval(bounds: list[float]) -> Interval:
    lower, upper = bounds
    return (float(lower), float(upper))


def _check_interval(where: str, quantity: Quantity, interval: Interval) -> None:
    """Raise DataFileError unless an interval rises, above 0 and, of a risk or a share, below 1."""
    lower, upper = interval
    highest = float("inf") if quantity.scale == "hazard ratio" else 1.0
    if not 0 < lower < upper < highest:
        below = "" if highest > 1 else " and stay below 1"
        allowed = f"an interval must rise from above 0{below}, not {lower:g} to {upper:g}"
        raise DataFileError(f"claims.yaml: {where}: {quantity.name}: {allowed}")


def _check(claim: Claim, quantities: Mapping[str, Quantity], sources: set[str]) -> None:
    if len(claim.quote.split()) > LONGEST_QUOTE:
        raise DataFileError(f"claims.yaml: {claim.id}: quote: at most {LONGEST_QUOTE} words")
    if claim.source not in sources:
        raise DataFileError(f"claims.yaml: {claim.id}: source: known are {', '.join(sorted(sources))}")
    if unknown := set(claim.bears_on) - set(quantities):
        raise DataFileError(f"claims.yaml: {claim.id}: bears_on: no quantity {', '.join(sorted(unknown))}")
    for name, interval in claim.bears_on.items():
        _check_interval(claim.id, quantities[name], interval)
    if (claim.prediction is None) == (claim.not_testable is None):
        raise DataFileError(f"claims.yaml: {claim.id}: give a prediction, or say why it is not testable")
