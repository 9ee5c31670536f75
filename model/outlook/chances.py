"""How probable it is that a member of a group defects in time, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import CERTAIN, Draws
from priors.timeline import Window
from priors.vocabulary import Profile


def taken(draws: Draws, index: NDArray[np.int64]) -> Draws:
    """Return some of the draws, in the order of an index that may name one more than once."""
    return replace(
        draws,
        log_relative_hazard=np.asfortranarray(draws.log_relative_hazard[index]),
        baseline=np.asfortranarray(draws.baseline[index]),
        over_time={name: np.asfortranarray(moved[index]) for name, moved in draws.over_time.items()},
        heads=np.asfortranarray(draws.heads[index]),
    )


def member_chances(
    draws: Draws, profile: Profile, windows: Sequence[Window], events: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the probability that a member of a group defects in a window and is one of those an event is about.

    What the profile leaves open is drawn for each member from the armed forces: the sum over its cells c of
    `share(c) x (1 - exp(-hazard(c) x exposure(c)))`, over those c that the event is about. So the defections of the
    event among n members, given a draw of the parameters, are binomial, with this probability.

    Parameters
    ----------
    windows : sequence of Window
    events : ndarray of bool, shape (event, cell)

    Returns
    -------
    ndarray, shape (window, event, draw)
    """
    selection = draws.selection(profile)
    inside = events.reshape(len(events), *draws.vocabulary.shape)[:, *selection].reshape(len(events), -1)
    chances = np.empty((len(windows), len(events), draws.count))
    for part in draws.parts(selection):
        hazard = np.exp(draws.hazards(selection, part))
        heads = draws.serving(selection, part).reshape(inside.shape[1], -1)
        weights = heads / heads.sum(axis=0)
        for number, exposure in enumerate(draws.exposures(windows, selection, part)):
            risks = -np.expm1(-hazard * exposure).reshape(weights.shape)
            chances[number, :, part] = inside.astype(float) @ (weights * risks)
    # A chance of one, or by rounding just above it, would make the time to the first infinitely short.
    return np.minimum(chances, CERTAIN)
