"""How surprising a defection was: its prior predictive probability, that of at least one such man in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import CERTAIN, Draws
from model.risk.errors import OutlookError
from model.risk.summaries import rounded, standard_error
from priors.vocabulary import Profile


@dataclass(frozen=True)
class MeanProbability:
    """A mean of probabilities over draws, and its Monte Carlo standard error."""

    value: float
    error: float

    @classmethod
    def over(cls, by_draw: NDArray[np.float64]) -> MeanProbability:
        """Return the mean over draws."""
        return cls(rounded(float(by_draw.mean())), standard_error(by_draw))

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"probability": self.value, "monte_carlo_error": self.error}


@dataclass(frozen=True)
class Ratio:
    """A Bayes factor: how much more probable the case is under one than under the other.

    Attributes
    ----------
    value : float
    log_error : float
        Monte Carlo standard error of its natural logarithm.
    """

    value: float
    log_error: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {"bayes_factor": self.value, "log_monte_carlo_error": self.log_error}


def surprise(draws: Draws, profile: Profile, *, by: date, corps: int | None = None) -> NDArray[np.float64]:
    """Return the probability that at least one man of a profile had defected by a day, draw by draw.

    Each man of the forces is of the profile and defects by then with probability `sum over the cells c that agree with
    it of share(c) x risk(c)`, independently given a draw, so that the probability of at least one is
    `1 - (1 - sum)^corps`. Who serves, and how many, is drawn too, since it is part of what a prior says.

    Parameters
    ----------
    draws : Draws
        Of a prior or a posterior.
    profile : mapping of str to str
        Attributes in the names of their levels; any may be missing.
    by : date
        Inside the study; by its end.
    corps : int, optional
        How many men; by default as many as serve in each draw.

    Returns
    -------
    ndarray, shape (draw,)

    Raises
    ------
    UnknownWordError, WindowError
        If a level, or the day, is not an allowed one.
    OutlookError
        If the armed forces have not one man.
    """
    if corps is not None and corps < 1:
        raise OutlookError("corps: must be at least 1; nearest: 1")
    vocabulary = draws.vocabulary
    window = vocabulary.timeline.checked(vocabulary.timeline.window.start, by + timedelta(days=1))
    known = vocabulary.profile(profile)
    # The risk of a profile is that of its cells averaged by their shares.
    chance = np.minimum(men(draws, known, corps=1) * draws.risk(known, window), CERTAIN)
    return np.asarray(-np.expm1((draws.total_heads if corps is None else corps) * np.log1p(-chance)))


def men(draws: Draws, profile: Profile, *, corps: int | None = None) -> NDArray[np.float64]:
    """Return how many men of a profile are to be expected in the armed forces, shape (draw,).

    A case may surprise because such men stayed, or because there were hardly any. Unless it is stated how many serve,
    these are the men of each draw.

    Raises
    ------
    UnknownWordError
        If a level is not an allowed one.
    """
    selection = draws.selection(draws.vocabulary.profile(profile))
    cells = tuple(range(len(draws.vocabulary.shape)))
    serving = np.concatenate([draws.serving(selection, part).sum(axis=cells) for part in draws.parts()])
    return serving if corps is None else np.asarray(corps * serving / draws.total_heads)


def bayes_factor(first: MeanProbability, second: MeanProbability) -> Ratio | None:
    """Return how much more probable a case is under a first than under a second, or None if impossible under either.

    Notes
    -----
    The draws of the two are independent, so by the delta method the variance of the log of the ratio is the sum of the
    squared relative errors.
    """
    if first.value <= 0 or second.value <= 0:
        return None
    error = np.hypot(first.error / first.value, second.error / second.value)
    return Ratio(rounded(first.value / second.value), rounded(float(error)))


def bayes_factors(probabilities: Mapping[str, MeanProbability]) -> list[dict[str, Any]]:
    """Return the Bayes factor of each pair of prior sets, the first over the second, as they stand in an answer."""
    names = list(probabilities)
    pairs = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    found = ((one, other, bayes_factor(probabilities[one], probabilities[other])) for one, other in pairs)
    return [{"first": one, "second": other} | ratio.as_dict() for one, other, ratio in found if ratio is not None]
