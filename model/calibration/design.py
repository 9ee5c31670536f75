"""Officers whose cells and times at risk are settled before anything is simulated of them."""

from __future__ import annotations

import dataclasses

import numpy as np

from model.evidence.officer_checks import BLANK, Individuals
from model.evidence.officers import Officers, collapse
from priors.corps import Corps
from priors.vocabulary import Vocabulary

SEED = 20110315

UNDATED = 0.25
"""Share of officers of whom only whether they left is told."""

WINDOWS = 8
"""Distinct windows of those: few, so that they are told apart from the others by what they say, not by their number."""


def officers_by_design(count: int, corps: Corps, vocabulary: Vocabulary) -> Officers:
    """Return officers at risk of whom nobody has left: cells as the armed forces have them, windows at random.

    The cells must not depend on the parameters: the likelihood takes them as given, so that cells drawn from the
    truth would tell of it behind the likelihood's back.
    """
    random = np.random.default_rng(SEED)
    heads = corps.cell_heads()
    first, last = (day.toordinal() for day in (vocabulary.timeline.window.start, vocabulary.timeline.window.end))
    cell = random.choice(len(heads), size=count, p=heads / heads.sum())
    days = last - first
    latest, shortest, longest = min(400, days // 4), max(1, min(200, days // 8)), max(2, min(1500, days))
    start = random.integers(first, last - latest, size=count)
    end = np.minimum(start + random.integers(shortest, longest, size=count), last)
    undated = random.random(count) < UNDATED
    place = random.integers(0, min(WINDOWS, count), size=count)
    start[undated], end[undated] = start[:WINDOWS][place[undated]], end[:WINDOWS][place[undated]]
    stayed = Individuals(cell, start, end, undated, np.full(count, BLANK))
    officers = collapse(stayed, vocabulary, digest="by design")
    return dataclasses.replace(officers, undated_counts=np.zeros_like(officers.undated_counts))
