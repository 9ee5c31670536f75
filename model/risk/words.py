"""Risks in words: as counts of one number of people for all that stand side by side, each with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context
from typing import Any, Final

from priors.vocabulary import Profile, Vocabulary

DENOMINATORS: Final = (100, 1_000, 10_000, 100_000, 1_000_000)
MOST_DIGITS: Final = 2
EXACT: Final = 0.1
"""Of a risk: the Monte Carlo standard error from which on its second digit means nothing."""


@dataclass(frozen=True)
class Scale:
    """How risks that stand side by side are told, so that what is printed never contradicts their order.

    `service/static/format.js` has its twin, which gives the same text for the same numbers.

    Attributes
    ----------
    denominator : int
        Of how many people each risk is told as a count.
    digits : int
        Significant digits of each count.

    Examples
    --------
    >>> scale = Scale.of([0.00039, 0.25])
    >>> scale.told(0.00039), scale.told(0.25), scale.told(0.00001)
    ('3.9 in 10,000', '2,500 in 10,000', 'fewer than 1 in 10,000')
    >>> scale.between(0.000003, 0.0017)
    'fewer than 1 to 17 in 10,000'
    >>> scale.more(-0.0012)
    '12 fewer in 10,000'
    """

    denominator: int
    digits: int = MOST_DIGITS

    @classmethod
    def of(cls, expected: Sequence[float], errors: Sequence[float] = ()) -> Scale:
        """Return the scale of some risks: of the smallest denominator at which the least of them is one.

        Parameters
        ----------
        expected : sequence of float
            The shares that stand side by side; the ends of their intervals have no say.
        errors : sequence of float, optional
            The Monte Carlo standard error of each.
        """
        least = min(expected, default=1.0)
        denominator = next((each for each in DENOMINATORS if least * each >= 1), DENOMINATORS[-1])
        counted = zip(expected, errors, strict=False)
        coarse = any(error >= EXACT * risk and risk * denominator >= 1 for risk, error in counted)
        return cls(denominator, 1 if coarse else MOST_DIGITS)

    @classmethod
    def beside(cls, risks: Sequence[Mapping[str, Any]]) -> Scale:
        """Return the scale of some risks as they stand in answers, each with its mean and how exactly that is known."""
        return cls.of([risk["mean"] for risk in risks], [risk["monte_carlo_error"] for risk in risks])

    def told(self, risk: float) -> str:
        """Return a risk with its unit."""
        return f"{self._count(risk)} {self._unit}"

    def about(self, risk: float) -> str:
        """Return a risk with its unit, as the middle of what may be."""
        told = self.told(risk)
        return told if " than " in told else f"about {told}"

    def between(self, lower: float, upper: float) -> str:
        """Return the interval from one risk to another with its unit."""
        return f"{_to(self._count(lower), self._count(upper))} {self._unit}"

    def more(self, difference: float) -> str:
        """Return by how much a risk is above another, with its unit."""
        return f"{self._excess(difference)} {self._unit}"

    def more_between(self, lower: float, upper: float) -> str:
        """Return the interval from one difference of risks to another with its unit."""
        return f"{_to(self._excess(lower), self._excess(upper))} {self._unit}"

    @property
    def _unit(self) -> str:
        return f"in {self.denominator:,}"

    def _count(self, risk: float) -> str:
        count = self._rounded(risk)
        if count < 1:
            return "fewer than 1"
        most = self.denominator - self.denominator // 10**self.digits
        return f"{count:,g}" if count < self.denominator else f"more than {most:,}"

    def _excess(self, difference: float) -> str:
        count = self._rounded(abs(difference))
        if count < 1:
            return "less than 1 more or fewer"
        return f"{count:,.10g} {'more' if difference > 0 else 'fewer'}"

    def _rounded(self, risk: float) -> float:
        # Halves go up, as in JavaScript.
        exact = Context(prec=self.digits, rounding=ROUND_HALF_UP)
        return float(exact.create_decimal_from_float(risk * self.denominator))


def in_words(scale: Scale, mean: float, median: float, lower: float, upper: float, *, people: str) -> str:
    """Return a risk as natural frequencies: the share to be expected, and how the draws lie about it.

    Parameters
    ----------
    scale : Scale
    mean, median, lower, upper : float
        Mean, median and 90 % interval of the risk over draws.
    people : str
        Of whom it is said; see `people`.

    Examples
    --------
    >>> in_words(Scale(10_000), 0.00039, 0.00012, 0.000003, 0.0017, people="officers")
    'about 3.9 in 10,000 such officers; half of the draws say fewer than 1.2 in 10,000 (90 % interval: fewer than 1 to 17 in 10,000)'
    """  # noqa: E501 - one sentence
    half = scale.told(median)
    fewer = half if " than " in half else f"fewer than {half}"
    return (
        f"{scale.about(mean)} such {people}; half of the draws say {fewer} "
        f"(90 % interval: {scale.between(lower, upper)})"
    )


def people(profile: Profile, vocabulary: Vocabulary) -> str:
    """Return what those of a profile are called: as the group that their level is in, of what reads as a noun."""
    nouns = [
        attribute for attribute in vocabulary.attributes if attribute.reads == "noun" and attribute.name in profile
    ]
    groups = (group for noun in nouns for group in noun.groups if profile[noun.name] in group.levels)
    return next((group.called for group in groups), vocabulary.everyone)


def _to(lower: str, upper: str) -> str:
    return " to ".join(dict.fromkeys((lower, upper)))
