"""An answer in words: how many of a hundred, a thousand or a million such officers."""

from __future__ import annotations

from priors.vocabulary import Profile, Vocabulary

DENOMINATORS = (100, 1_000, 10_000, 100_000, 1_000_000)


def in_words(median: float, lower: float, upper: float, *, people: str) -> str:
    """Return a risk as natural frequencies.

    Parameters
    ----------
    median, lower, upper : float
        Median and 90 % interval of the risk.
    people : str
        Of whom it is said; see `people`.

    Examples
    --------
    >>> in_words(0.003, 0.0002, 0.012, people="officers")
    'about 3 in 1,000 such officers (90 % interval: fewer than 1 to 12)'
    """
    # The smallest denominator at which the median is not nothing: large ones feign precision.
    denominator = next((each for each in DENOMINATORS if round(median * each) >= 1), DENOMINATORS[-1])
    middle = _frequency(median, denominator)
    about = middle if " than " in middle else f"about {middle}"
    bounds = dict.fromkeys(_frequency(bound, denominator) for bound in (lower, upper))
    return f"{about} in {denominator:,} such {people} (90 % interval: {' to '.join(bounds)})"


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
    count = round(risk * denominator)
    if count < 1:
        return "fewer than 1"
    return f"{count:,}" if count < denominator else f"more than {denominator - 1:,}"


def _excess(difference: float, denominator: int) -> str:
    count = round(abs(difference) * denominator)
    if count < 1:
        return "less than 1 more or fewer"
    return f"{count:,} {'more' if difference > 0 else 'fewer'}"
