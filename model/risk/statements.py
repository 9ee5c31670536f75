"""Claims as statements about a fitted model: the quantity each measures, and how probable it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.vocabulary import Vocabulary

Prediction = Mapping[str, Any]
"""A claim's `prediction`: a `measure`, what it is measured `of`, and the bounds `above` and `below` which it holds."""

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class HazardDraws:
    """What statements are evaluated on.

    Attributes
    ----------
    log_relative_hazard : ndarray, shape (draw, cell)
        Log monthly hazard of a cell less the baseline.
    baseline : ndarray, shape (draw, period)
        Log monthly hazard that all cells share.
    cell_shares : ndarray, shape (draw, cell)
        Shares of the cells in the armed forces.
    quantities : mapping of str to ndarray, shape (draw,)
        Quantities that claims name, each on its reader's scale.
    vocabulary : Vocabulary
    """

    log_relative_hazard: NDArray[np.floating]
    baseline: Values
    cell_shares: Values
    quantities: Mapping[str, Values]
    vocabulary: Vocabulary


def probability(prediction: Prediction, draws: HazardDraws) -> float:
    """Return the share of draws of which a statement is true.

    Parameters
    ----------
    prediction : mapping
        As in `claims.yaml`, known to keep the rules of a study. `above` and `below` are strict.
    """
    value = measured(prediction, draws)
    bounds = value > prediction.get("above", -np.inf), value < prediction.get("below", np.inf)
    return float(np.mean(bounds[0] & bounds[1]))


def measured(prediction: Prediction, draws: HazardDraws) -> Values:
    """Return the quantity that a statement is about, shape (draw,).

    Risks are over the study window and weighted by the armed forces over attributes that are not named.
    """
    return MEASURES[prediction["measure"]](prediction, draws)


def _share_of_defections(prediction: Prediction, draws: HazardDraws) -> Values:
    among = _cells(prediction.get("among", {}), draws)
    return _defections(among & _cells(prediction["of"], draws), draws) / _defections(among, draws)


def _share_of_corps(prediction: Prediction, draws: HazardDraws) -> Values:
    among = _cells(prediction.get("among", {}), draws)
    return _share(among & _cells(prediction["of"], draws), draws) / _share(among, draws)


def _risk(prediction: Prediction, draws: HazardDraws) -> Values:
    cells = _cells(prediction["of"], draws)
    return _defections(cells, draws) / _share(cells, draws)


def _risk_ratio(prediction: Prediction, draws: HazardDraws) -> Values:
    return _risk(prediction, draws) / _risk({"of": prediction["to"]}, draws)


def _hazard_over_time(prediction: Prediction, draws: HazardDraws) -> Values:
    names = draws.vocabulary.timeline.period_names
    of, to = (draws.baseline[:, np.isin(names, prediction[part])] for part in ("of", "to"))
    return np.asarray(np.exp(of.max(axis=1) - to.max(axis=1)))


def _quantity(prediction: Prediction, draws: HazardDraws) -> Values:
    return draws.quantities[prediction["of"]]


MEASURES: Mapping[str, Callable[[Prediction, HazardDraws], Values]] = {
    "share of defections": _share_of_defections,
    "share of the forces": _share_of_corps,
    "risk": _risk,
    "risk ratio": _risk_ratio,
    "hazard over time": _hazard_over_time,
    "quantity": _quantity,
}


def _cells(words: Mapping[str, str], draws: HazardDraws) -> NDArray[np.bool_]:
    """Return which cells agree with attributes whose words may be groups, or alternatives with strokes between."""
    return draws.vocabulary.agreeing(draws.vocabulary.alternatives(words))


def _share(cells: NDArray[np.bool_], draws: HazardDraws) -> Values:
    return np.asarray(draws.cell_shares[:, cells].sum(axis=1))


def _defections(cells: NDArray[np.bool_], draws: HazardDraws) -> Values:
    """Return the share of the forces that is in given cells and defects within the study window, shape (draw,)."""
    study = draws.vocabulary.timeline
    exposure = np.exp(draws.baseline) @ study.months(study.window)
    hazard = np.exp(draws.log_relative_hazard[:, cells].astype(np.float64)) * exposure[:, None]
    return np.asarray((draws.cell_shares[:, cells] * -np.expm1(-hazard)).sum(axis=1))
