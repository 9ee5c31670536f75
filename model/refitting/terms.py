"""The terms of a fit, draw by draw, as a version keeps them for what-if questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.evidence.rows import EvidenceRow, group_rows
from model.fit.by_row import TERM_DIMS
from model.fit.draws import flattened
from model.fit.ledger import hazard_draws
from model.fit.problem import Problem
from model.fit.quantities import quantity_draws
from model.risk.statements import holds
from model.what_if.terms import TermDraws, fitted_quantities, places, testable_claims
from priors.study import Study

Array = NDArray[np.float64]


def term_draws(draws: xr.Dataset, problem: Problem, rows: Sequence[EvidenceRow], study: Study) -> TermDraws:
    """Return the terms of draws of a posterior, in the order of those of its risk table.

    Parameters
    ----------
    problem : Problem
        That the draws are of.
    rows : sequence of EvidenceRow
        What was fitted.
    """
    count, community = draws.sizes["chain"] * draws.sizes["draw"], study.vocabulary.community.name
    judged = hazard_draws(draws, problem)
    quantities = [quantity_draws(draws, quantity, community) for quantity in fitted_quantities(study)]
    predictions = [claim.prediction or {} for claim in testable_claims(study)]
    groups = group_rows(rows)
    expected = [column for group in groups for column in _expected(draws, group.ids, places(group))]
    of_lists = [_of(draws["list_concentration"], group.ids) for group in groups if group.is_list]
    return TermDraws(
        quantities=_columns([flattened(each) for each in quantities if each is not None], count),
        expected=_columns(expected, count),
        concentration=_columns(of_lists, count),
        holds=_columns([holds(prediction, judged) for prediction in predictions], count).astype(bool),
    )


def _expected(draws: xr.Dataset, term: str, count: int) -> list[Array]:
    """Return what is expected of a row, or of each place of a list, shape (draw,)."""
    name, dim = next(
        (name, dim)
        for name, dim in TERM_DIMS.items()
        if f"expected_{name}" in draws and term in draws.coords[dim].to_numpy().tolist()
    )
    found = draws[f"expected_{name}"].sel({dim: term})
    return [flattened(found)] if name != "lists" else [flattened(found.isel(place=at)) for at in range(count)]


def _of(values: xr.DataArray, term: str) -> Array:
    return flattened(values.sel(list=term))


def _columns(columns: Sequence[NDArray[Any]], count: int) -> Array:
    """Return columns side by side, shape (draw, column), where there may be none."""
    return np.array(columns, dtype=float).reshape(-1, count).T
