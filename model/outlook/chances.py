"""How probable it is that a member of a group defects in time, draw by draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import CERTAIN, Draws
from priors.vocabulary import Profile


def taken(draws: Draws, index: NDArray[np.int64]) -> Draws:
    """Return some of the draws, in the order of an index that may name one more than once."""
    return replace(
        draws,
        log_relative_hazard=np.asfortranarray(draws.log_relative_hazard[index]),
        baseline=np.asfortranarray(draws.baseline[index]),
        community_shares=np.asfortranarray(draws.community_shares[index]),
    )


def member_chances(
    draws: Draws, profile: Profile, exposure: NDArray[np.float64], events: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the probability that a member of a group defects in time and is one of those an event is about.

    What the profile leaves open is drawn for each member from the armed forces: the sum over its cells c of
    `share(c) x (1 - exp(-hazard(c) x exposure))`, over those c that the event is about. So the defections of the event
    among n members, given a draw of the parameters, are binomial, with this probability.

    Parameters
    ----------
    exposure : ndarray, shape (date, draw)
        Cumulative baseline hazard from the start of the window to each date.
    events : ndarray of bool, shape (event, cell)

    Returns
    -------
    ndarray, shape (date, event, draw)
    """
    selection = draws.selection(profile)
    inside = events.reshape(len(events), *draws.vocabulary.shape)[:, *selection].reshape(len(events), -1)
    chances = np.empty((len(exposure), len(events), draws.count))
    for part in draws.parts():
        hazard = np.exp(draws.hazards(selection, part)).reshape(inside.shape[1], -1)
        shares = draws.shares(selection, part).reshape(hazard.shape)
        weights = shares / shares.sum(axis=0)
        for date, until in enumerate(exposure):
            chances[date, :, part] = inside.astype(float) @ (weights * -np.expm1(-hazard * until[part]))
    # A chance of one, or by rounding just above it, would make the time to the first infinitely short.
    return np.minimum(chances, CERTAIN)
