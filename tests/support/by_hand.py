"""Made-up officers under hazards written out by hand, far from what the articles claim."""

from __future__ import annotations

import numpy as np

from model.evidence.officer_checks import BLANK, Individuals
from priors.timeline import DAYS_IN_MONTH
from priors.vocabulary import Vocabulary

SEED = 20120802
SECT = {"alawite": -2.5, "sunni": 0.0, "druze": -1.5, "christian": -1.2, "ismaili": -1.8, "other": -1.4}
RANK = (0.0, -0.1, -0.3, -0.5, -0.5, -0.3, -0.7, -0.9)
ELITENESS = (0.0, -0.4, -1.0)
PROXIMITY = (0.0, -0.3, -0.9, -1.5)
MONTHLY = (0.006, 0.01, 0.02, 0.025, 0.025, 0.025, 0.02, 0.012, 0.006)
DATED = 0.75
"""Share of the defections whose day is known."""


def simulated_individuals(vocabulary: Vocabulary, *, count: int, seed: int = SEED) -> Individuals:
    """Return officers one by one, each followed from a random day for a random time, all cells alike."""
    random, study = np.random.default_rng(seed), vocabulary.timeline
    first, last = study.window.start.toordinal(), study.window.end.toordinal()
    sect = np.array([SECT[name] for name in vocabulary["sect"].names])
    relative = np.exp(
        sect[:, None, None, None] + np.array(RANK)[:, None, None] + np.array(ELITENESS)[:, None] + np.array(PROXIMITY)
    ).ravel()
    cell = random.integers(0, len(relative), count)
    start = random.integers(first, last - 400, count)
    end = np.minimum(start + random.integers(200, 1500, count), last)
    edges = np.array([first, *(period.window.end.toordinal() for period in study.periods)])
    elapsed = np.concatenate([[0.0], np.cumsum(np.array(MONTHLY) * np.diff(edges) / DAYS_IN_MONTH)])
    # The day on which the cumulative hazard since entry passes a unit exponential is the day of defection.
    reached = np.interp(start, edges, elapsed) + random.exponential(size=count) / relative[cell]
    day = np.where(reached < elapsed[-1], np.interp(reached, elapsed, edges), last).astype(np.int64)
    defected = day < end
    dated = defected & (random.random(count) < DATED)
    return Individuals(cell, start, end, defected, np.where(dated, day, BLANK))
