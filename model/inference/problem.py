"""What a fit is about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evidence.likelihood_terms import Terms
from model.evidence.officers import Officers
from model.inference.hazard import Layout
from priors.elicitation import PriorSet


@dataclass(frozen=True)
class Problem:
    """Everything one fit is about: what is believed, what is known, and who serves.

    Attributes
    ----------
    within_sect : ndarray, shape (class, cell)
        Corps share of a cell over the share of its sect in its class.
    """

    prior_set: PriorSet
    layout: Layout
    within_sect: NDArray[np.float64]
    terms: Terms
    officers: Officers
