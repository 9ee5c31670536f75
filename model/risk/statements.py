"""Claims as statements about a fitted model: the quantity each measures, and how probable it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.draws import Draws
from priors.timeline import Window

Prediction = Mapping[str, Any]
"""A claim's `prediction`: a `measure`, what it is measured `of`, and the bounds `above` and `below` which it holds.

A number of defections may be `from` a day `to` another.
"""

Values = NDArray[np.float64]

SEED: Final = 20120803
"""Of the numbers of defections, so that a statement has the same probability each time."""


@dataclass(frozen=True, eq=False, repr=False)
class HazardDraws:
    """What statements are evaluated on.

    Attributes
    ----------
    draws : Draws
    quantities : mapping of str to ndarray, shape (draw,)
        Quantities that claims name, each on its reader's scale.
    """

    draws: Draws
    quantities: Mapping[str, Values]


def probability(prediction: Prediction, draws: HazardDraws) -> float:
    """Return the share of draws of which a statement is true."""
    return float(np.mean(holds(prediction, draws)))


def holds(prediction: Prediction, draws: HazardDraws) -> NDArray[np.bool_]:
    """Return of which draws a statement is true, shape (draw,).

    Parameters
    ----------
    prediction : mapping
        As in `claims.yaml`, known to keep the rules of a study. `above` and `below` are strict.
    """
    value = measured(prediction, draws)
    return np.asarray((value > prediction.get("above", -np.inf)) & (value < prediction.get("below", np.inf)))


def measured(prediction: Prediction, draws: HazardDraws) -> Values:
    """Return the quantity that a statement is about, shape (draw,).

    Risks are over the study window unless the statement gives another, and weighted by those who serve in each draw
    over attributes that are not named.
    """
    return MEASURES[prediction["measure"]](prediction, draws)


def _share_of_defections(prediction: Prediction, of: HazardDraws) -> Values:
    among = _cells(prediction.get("among", {}), of)
    return _leavers(among & _cells(prediction["of"], of), of) / _leavers(among, of)


def _share_of_corps(prediction: Prediction, of: HazardDraws) -> Values:
    among = _cells(prediction.get("among", {}), of)
    return _heads(among & _cells(prediction["of"], of), of) / _heads(among, of)


def _risk(prediction: Prediction, of: HazardDraws) -> Values:
    cells = _cells(prediction["of"], of)
    return _leavers(cells, of) / _heads(cells, of)


def _risk_ratio(prediction: Prediction, of: HazardDraws) -> Values:
    return _risk(prediction, of) / _risk({"of": prediction["to"]}, of)


def _hazard_over_time(prediction: Prediction, of: HazardDraws) -> Values:
    names = of.draws.vocabulary.timeline.period_names
    later, earlier = (of.draws.baseline[:, np.isin(names, prediction[part])] for part in ("of", "to"))
    return np.asarray(np.exp(later.max(axis=1) - earlier.max(axis=1)))


def _number_of_defections(prediction: Prediction, of: HazardDraws) -> Values:
    study = of.draws.vocabulary.timeline.window
    window = Window(prediction.get("from", study.start), prediction.get("to", study.end))
    expected = of.draws.leavers(_cells(prediction["of"], of), window)
    return np.random.default_rng(SEED).poisson(expected).astype(np.float64)


def _quantity(prediction: Prediction, of: HazardDraws) -> Values:
    return of.quantities[prediction["of"]]


MEASURES: Mapping[str, Callable[[Prediction, HazardDraws], Values]] = {
    "share of defections": _share_of_defections,
    "share of the forces": _share_of_corps,
    "risk": _risk,
    "risk ratio": _risk_ratio,
    "hazard over time": _hazard_over_time,
    "number of defections": _number_of_defections,
    "quantity": _quantity,
}


def _cells(words: Mapping[str, str], of: HazardDraws) -> NDArray[np.bool_]:
    """Return which cells agree with attributes whose words may be groups, or alternatives with strokes between."""
    vocabulary = of.draws.vocabulary
    return vocabulary.agreeing(vocabulary.alternatives(words))


def _heads(cells: NDArray[np.bool_], of: HazardDraws) -> Values:
    """Return how many men of given cells serve when the study begins, shape (draw,)."""
    return np.asarray(of.draws.heads[:, cells].sum(axis=1, dtype=np.float64))


def _leavers(cells: NDArray[np.bool_], of: HazardDraws) -> Values:
    """Return how many men of given cells are expected to defect within the study window, shape (draw,)."""
    return of.draws.leavers(cells, of.draws.vocabulary.timeline.window)
