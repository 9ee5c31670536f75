"""What ranks are taken of: everything a reader is told of the posterior, and the log-likelihood of the data."""

from __future__ import annotations

from itertools import product

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.fit.draws import flattened
from priors.study import Study

FloatArray = NDArray[np.float64]

FIXED = 1e-9
"""What varies by no more is fixed by construction, but for rounding: the highest level of a shape."""


def ranked_quantities(draws: xr.Dataset, log_likelihood: xr.Dataset, study: Study) -> dict[str, FloatArray]:
    """Return every quantity whose rank is taken, each of shape (draw,): those of the parameters, and log-likelihoods.

    Parameters
    ----------
    draws : xarray.Dataset
        One chain of draws of the model's variables.
    log_likelihood : xarray.Dataset
        Of each observed node, term by term.

    Notes
    -----
    The joint log-likelihood is among them because it depends on the data: it sees what no function of the
    parameters alone can, such as a posterior that ignores part of the data (Modrak et al. 2023).
    """
    terms = {str(name): values.sum(set(values.dims) - {"chain", "draw"}) for name, values in log_likelihood.items()}
    likelihoods = {f"log-likelihood: {name}": _flat(values)[:, 0] for name, values in terms.items()}
    return {
        **parameter_quantities(draws, study),
        **likelihoods,
        "log-likelihood: all": np.sum(list(likelihoods.values()), axis=0),
    }


def parameter_quantities(draws: xr.Dataset, study: Study) -> dict[str, FloatArray]:
    """Return every number of the fit that a reader is told of and that is not fixed, each of shape (draw,)."""
    cumulative = draws["log_reference_hazard"] + draws["log_relative_hazard"]
    found = {name: column for each in _told(draws, study) for name, column in _columns(draws[each]).items()}
    found |= {f"log hazard: {name}": _flat(cumulative.sel(profile))[:, 0] for name, profile in study.profiles.items()}
    return {name: column for name, column in found.items() if np.ptp(column) > FIXED}


def _told(draws: xr.Dataset, study: Study) -> list[str]:
    """Return the variables that a reader is told of, of those that the model of a study has."""
    vocabulary, quantities = study.vocabulary, study.claims.quantities
    of_levels = (f"{each.name}_{'shape' if each.ordered else 'effect'}" for each in vocabulary.attributes)
    by_level = (f"{each.attribute}_by_{each.varies_by}" for each in quantities if each.varies_by is not None)
    over_time = (f"{name}_over_time" for name in study.claims.moving)
    news = (f"log_{name}_newsworthiness" for name in study.claims.newsworthiness)
    tables = (f"{each.name}_table_offset" for each in vocabulary.attributes[1:])
    names = ("log_reference_hazard", "log_hazard_ratio", "log_drift", "spread", *of_levels, *by_level, *over_time)
    who_serves = ("heads", f"{vocabulary.community.name}_share", *tables)
    return [name for name in (*names, "baseline", *who_serves, "list_concentration", *news) if name in draws]


def _columns(values: xr.DataArray) -> dict[str, FloatArray]:
    """Return the draws of each element of a variable, by its name and coordinates."""
    dims = [dim for dim in values.dims if dim not in {"chain", "draw"}]
    places = product(*(values[dim].to_numpy().tolist() for dim in dims))
    names = [f"{values.name}[{', '.join(map(str, place))}]" if place else str(values.name) for place in places]
    return dict(zip(names, _flat(values).T, strict=True))


def _flat(values: xr.DataArray) -> FloatArray:
    draws = flattened(values)
    return draws.reshape(len(draws), -1)
