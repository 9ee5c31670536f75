"""Claims as statements about a fitted model: the quantity each measures, and how probable it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.risk.errors import StatementError
from priors.errors import UnknownWordError
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
        As in `claims.yaml`. `above` and `below` are strict; at least one is given.

    Raises
    ------
    StatementError
        If the prediction lacks a part, has one too many, or uses a word the model does not know.
    """
    value = measured(prediction, draws)
    bounds = value > prediction.get("above", -np.inf), value < prediction.get("below", np.inf)
    return float(np.mean(bounds[0] & bounds[1]))


def measured(prediction: Prediction, draws: HazardDraws) -> Values:
    """Return the quantity that a statement is about, shape (draw,).

    Risks are over the study window and weighted by the armed forces over attributes that are not named.

    Raises
    ------
    StatementError
        If the prediction lacks a part, has one too many, or uses a word the model does not know.
    """
    measure = MEASURES.get(str(prediction.get("measure")))
    if measure is None:
        raise StatementError(f"measure: must be one of {', '.join(MEASURES)}")
    _check_parts(prediction, measure)
    return measure.value(prediction, draws)


def _share_of_defections(prediction: Prediction, draws: HazardDraws) -> Values:
    among = _cells("among", prediction.get("among", {}), draws.vocabulary)
    of = among & _cells("of", prediction["of"], draws.vocabulary)
    return _defections(of, draws) / _defections(among, draws)


def _share_of_corps(prediction: Prediction, draws: HazardDraws) -> Values:
    among = _cells("among", prediction.get("among", {}), draws.vocabulary)
    of = among & _cells("of", prediction["of"], draws.vocabulary)
    return _share(of, draws) / _share(among, draws)


def _risk(prediction: Prediction, draws: HazardDraws) -> Values:
    cells = _cells("of", prediction["of"], draws.vocabulary)
    return _defections(cells, draws) / _share(cells, draws)


def _risk_ratio(prediction: Prediction, draws: HazardDraws) -> Values:
    return _risk(prediction, draws) / _risk({"of": prediction["to"]}, draws)


def _hazard_over_time(prediction: Prediction, draws: HazardDraws) -> Values:
    of, to = (draws.baseline[:, _periods(part, prediction[part], draws.vocabulary)] for part in ("of", "to"))
    return np.asarray(np.exp(of.max(axis=1) - to.max(axis=1)))


def _quantity(prediction: Prediction, draws: HazardDraws) -> Values:
    name = str(prediction["of"])
    if name not in draws.quantities:
        raise StatementError(f"of: must be one of {', '.join(draws.quantities)}")
    return draws.quantities[name]


@dataclass(frozen=True)
class Measure:
    """A kind of statement: how its value is found, and which parts it must and may have."""

    value: Callable[[Prediction, HazardDraws], Values]
    required: frozenset[str] = frozenset({"of"})
    optional: frozenset[str] = frozenset()


MEASURES: Mapping[str, Measure] = {
    "share of defections": Measure(_share_of_defections, optional=frozenset({"among"})),
    "share of the forces": Measure(_share_of_corps, optional=frozenset({"among"})),
    "risk": Measure(_risk),
    "risk ratio": Measure(_risk_ratio, required=frozenset({"of", "to"})),
    "hazard over time": Measure(_hazard_over_time, required=frozenset({"of", "to"})),
    "quantity": Measure(_quantity),
}


def _check_parts(prediction: Prediction, measure: Measure) -> None:
    name, parts = prediction["measure"], set(prediction) - {"measure", "above", "below"}
    if missing := measure.required - parts:
        raise StatementError(f"{min(missing)}: must be there for the measure {name!r}")
    if extra := parts - measure.required - measure.optional:
        allowed = ", ".join(sorted(measure.required | measure.optional))
        raise StatementError(f"{min(extra)}: not a part of the measure {name!r}; its parts are {allowed}")
    bounds = [prediction[bound] for bound in ("above", "below") if bound in prediction]
    if not bounds or not all(isinstance(bound, int | float) and not isinstance(bound, bool) for bound in bounds):
        raise StatementError("above, below: at least one must be there, and be a number")
    if sorted(set(bounds)) != bounds:
        raise StatementError("above: must be less than below")


def _cells(part: str, words: Any, vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Return which cells agree with attributes whose words may be groups, or alternatives joined with `|`."""
    if not isinstance(words, Mapping) or not set(words) <= set(vocabulary.names):
        raise StatementError(f"{part}: must give words for any of {', '.join(vocabulary.names)}")
    try:
        return vocabulary.agreeing(vocabulary.alternatives(words))
    except UnknownWordError as error:
        raise StatementError(f"{part}: {error}") from error


def _periods(part: str, names: Any, vocabulary: Vocabulary) -> list[int]:
    known = vocabulary.study.period_names
    chosen = names if isinstance(names, list | tuple) else [names]
    if not chosen or not all(name in known for name in chosen):
        raise StatementError(f"{part}: must name periods, of {', '.join(known)}")
    return [known.index(name) for name in chosen]


def _share(cells: NDArray[np.bool_], draws: HazardDraws) -> Values:
    return np.asarray(draws.cell_shares[:, cells].sum(axis=1))


def _defections(cells: NDArray[np.bool_], draws: HazardDraws) -> Values:
    """Return the share of the forces that is in given cells and defects within the study window, shape (draw,)."""
    study = draws.vocabulary.study
    exposure = np.exp(draws.baseline) @ study.months(study.window)
    hazard = np.exp(draws.log_relative_hazard[:, cells].astype(np.float64)) * exposure[:, None]
    return np.asarray((draws.cell_shares[:, cells] * -np.expm1(-hazard)).sum(axis=1))
