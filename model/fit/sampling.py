"""How to sample, and who is told of it; light, so that a command can name the defaults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SAMPLERS: Final = ("numpyro", "nutpie", "pymc")

FEWEST: Final = 50
"""Draws and tuning steps of a chain, at least: power scaling and PSIS-LOO fit a tail to a fifth of all draws, and fail
on fewer than five that differ (two chains of 13 draws, or of 1 step of tuning, which stood still)."""

FEWEST_CHAINS: Final = 2
"""With fewer R-hat has nothing to compare."""


@dataclass(frozen=True)
class Sampling:
    """How to sample: draws and tuning steps for each chain, chains, seed, the acceptance aimed at, and by what.

    Where draws turn out too few, both are doubled, up to `most_draws`; where trajectories diverge, the acceptance
    aimed at is raised.
    """

    draws: int = 1000
    tune: int = 400
    most_draws: int = 4000
    chains: int = 4
    cores: int = 2
    seed: int = 20110315
    target_accept: float = 0.7
    sampler: str = "numpyro"


Progress = Callable[[int, int, int], None]
"""Called with draws done, draws in all, and divergences so far."""


def unwatched(_done: int, _total: int, _divergences: int) -> None:
    """Let sampling go on unwatched."""
