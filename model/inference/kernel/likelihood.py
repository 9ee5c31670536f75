"""The log-likelihood of everything that is known, with its gradient, as one function of the parameters."""

from __future__ import annotations

from typing import Any

from model.inference.kernel.arrays import compiled
from model.inference.kernel.evidence import of_evidence, of_officers
from model.inference.kernel.hazards import Slopes, pulled_back, table_of


@compiled
def value_and_gradient(point: Any, structure: Any, known: Any) -> Any:
    """Return the log-likelihood, and its gradient with respect to each of the five groups of parameters.

    Parameters
    ----------
    point : Point
    structure : Structure
    known : Known
    """
    table = table_of(point, structure)
    evidence, by_evidence, of_concentration = of_evidence(table, point.log_count_concentration, known)
    officers, by_officers = of_officers(table, known)
    slopes = Slopes(
        by_evidence.of_relative + by_officers.of_relative,
        by_evidence.of_shares,
        by_evidence.of_baseline + by_officers.of_baseline,
    )
    return evidence + officers, *pulled_back(point, table, structure, slopes), of_concentration
