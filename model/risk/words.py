"""An answer in words: how many of a hundred, a thousand or a million such officers."""

from __future__ import annotations

from priors.vocabulary import Profile, Vocabulary

DENOMINATORS = (100, 1_000, 10_000, 100_000, 1_000_000)


def in_words(mean: float, median: float, lower: float, upper: float, *, people: str) -> str:
    """Return a risk as natural frequencies: the share to be expected, and how the draws lie about it.

    Parameters
    ----------
    mean, median, lower, upper : float
        Mean, median and 90 % interval of the risk over draws.
    people : str
        Of whom it is said; see `people`.

    Examples
    --------
    >>> in_words(0.00039, 0.00007, 0.000003, 0.0017, people="officers")
    'about 3.9 in 10,000 such officers; half of the draws say fewer than 1 (90 % interval: fewer than 1 to 17)'
    """
    # The smallest denominator at which the mean is not nothing: large ones feign precision.
    denominator = next((each for each in DENOMINATORS if mean * each >= 1), DENOMINATORS[-1])
    expected, half = _frequency(mean, denominator), _frequency(median, denominator)
    about = expected if " than " in expected else f"about {expected}"
    fewer = half if " than " in half else f"fewer than {half}"
    bounds = dict.fromkeys(_frequency(bound, denominator) for bound in (lower, upper))
    return (
        f"{about} in {denominator:,} such {people}; half of the draws say {fewer} "
        f"(90 % interval: {' to '.join(bounds)})"
    )


def difference_in_words(median: float, lower: float, upper: float) -> str:
    """Return the difference of two risks, first less second, as natural frequencies.

    Parameters
    ----------
    median, lower, upper : float
        Median and 90 % interval of the difference.

    Examples
    --------
    >>> difference_in_words(0.28, -0.013, 0.41)
    'about 28 more in 100 of the first than of the second (90 % interval: 1 fewer to 41 more)'
    """
    denominator = next((each for each in DENOMINATORS if round(abs(median) * each) >= 1), DENOMINATORS[-1])
    middle = _excess(median, denominator)
    about = middle if middle.startswith("less") else f"about {middle}"
    bounds = dict.fromkeys(_excess(bound, denominator) for bound in (lower, upper))
    return f"{about} in {denominator:,} of the first than of the second (90 % interval: {' to '.join(bounds)})"


def people(profile: Profile, vocabulary: Vocabulary) -> str:
    """Return what those of a profile are called: as the group that their level is in, of what reads as a noun."""
    nouns = [
        attribute for attribute in vocabulary.attributes if attribute.reads == "noun" and attribute.name in profile
    ]
    groups = (group for noun in nouns for group in noun.groups if profile[noun.name] in group.levels)
    return next((group.called for group in groups), vocabulary.everyone)


def _frequency(risk: float, denominator: int) -> str:
    """Return how many of so many, to two significant digits."""
    count = float(f"{risk * denominator:.2g}")
    if count < 1:
        return "fewer than 1"
    return f"{count:,g}" if count < denominator else f"more than {99 * denominator // 100:,}"


def _excess(difference: float, denominator: int) -> str:
    count = round(abs(difference) * denominator)
    if count < 1:
        return "less than 1 more or fewer"
    return f"{count:,} {'more' if difference > 0 else 'fewer'}"
