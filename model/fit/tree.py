"""The ArviZ tree of a fit, as `posterior.nc` holds it: one name and one dimension for each kind of evidence."""

from __future__ import annotations

import importlib.metadata
from typing import Any

import numpy as np
import xarray as xr

from model.fit.by_row import bounds, row_by_row
from model.fit.draws import UNCOMPILED
from model.fit.fitting import Fit
from model.fit.in_jax import dims_of
from model.fit.problem import Problem

SAMPLER_STATISTICS = ("diverging", "energy", "depth", "n_steps", "step_size", "logp", "maxdepth_reached")
PACKAGES = ("defection-risk", "pymc", "pytensor", "jax", "numpyro", "nutpie", "arviz", "preliz", "numpy", "xarray")

SINGLE = ("log_relative_hazard", "risk", "cell_share")
"""Tables of cells, kept in single precision: they are most of the file."""

MEANING = {
    "log_hazard_ratio": "log hazard ratio, else equal",
    "hazard_ratio": "hazard ratio, else equal",
    "log_reference_hazard": "log cumulative hazard of the reference profile over the study",
    "spread": "standard deviation of a group of effects about its typical member, in log hazard",
    "baseline": "log monthly hazard of the reference profile",
    "log_relative_hazard": "log hazard ratio of a cell to the reference profile",
    "risk": "probability of defecting in the course of the study",
    "cell_share": "share of the armed forces at the start of the study",
    "sect_share": "share within a class of service at the start of the study",
    "list_concentration": "number of independent draws that a list of defectors is worth",
}


def assemble(fitted: Fit, *, seed: int) -> xr.DataTree:
    """Return the whole tree of a fit.

    Parameters
    ----------
    seed : int
        Of the replicates.
    """
    problem, expansion = fitted.problem, fitted.compiled.expansion
    log_prior, log_likelihood = expansion.densities(problem, fitted.posterior)
    predicted = expansion.predicted(problem, fitted.posterior, seed=seed)
    tree: xr.DataTree = xr.DataTree.from_dict({
        "posterior": _draws(fitted.posterior, problem),
        "prior": _draws(fitted.prior, problem),
        "sample_stats": fitted.sample_stats[[name for name in SAMPLER_STATISTICS if name in fitted.sample_stats]],
        "log_likelihood": _by_cell(log_likelihood, problem),
        "log_prior": log_prior,
        "posterior_predictive": _by_cell(predicted, problem),
        "prior_predictive": _by_cell(expansion.predicted(problem, fitted.prior, seed=seed + 1), problem),
        "observed_data": _by_cell(_observed(problem), problem),
        "constant_data": bounds(problem.design),
        "by_row": row_by_row(fitted.posterior, predicted, problem.design),
        "unconstrained_posterior": expansion.unconstrained(fitted.posterior),
    })  # fmt: skip
    tree.attrs |= {f"{name}_version": version or "" for name, version in package_versions().items()}
    tree.attrs |= {"officers": problem.design.officers.count, "officers_digest": problem.design.officers.digest}
    return tree


def by_term(tree: xr.DataTree) -> xr.DataTree | None:
    """Return a tree whose log-likelihood is one variable, `evidence`, over the terms of all evidence rows.

    None where there are no rows; officers, who are no rows, are left out.
    """
    found = tree["log_likelihood"].to_dataset()
    parts = [
        found[name].rename({dim: "term"}).rename("evidence")
        for name, dim in (
            ("rates", "rate"),
            ("compositions", "composition"),
            ("small_counts", "small_count"),
            ("lists", "list"),
        )
        if name in found
    ]
    if not parts:
        return None
    joined = xr.concat(parts, dim="term", coords="minimal", compat="override").transpose("chain", "draw", "term")
    return xr.DataTree.from_dict({"posterior": tree["posterior"].to_dataset(), "log_likelihood": joined.to_dataset()})


def _draws(draws: xr.Dataset, problem: Problem) -> xr.Dataset:
    found = draws.assign({name: draws[name].astype(np.float32) for name in SINGLE})
    for name, meaning in MEANING.items():
        if name in found:
            found[name].attrs["long_name"] = meaning
    window = problem.vocabulary.study.window
    found.attrs |= {
        "reference_risk": problem.prior_set.reference_risk.quantity.name,
        "prior_set": problem.prior_set.name,
        "study": str(window),
        "hazard_unit": "1 / month",
    }
    return found


def _observed(problem: Problem) -> xr.Dataset:
    """Return what each observed node was given."""
    model = problem.model
    values = {node.name: model.rvs_to_values[node].eval(mode=UNCOMPILED) for node in model.observed_RVs}
    found = xr.Dataset({name: (dims_of(model, name), value) for name, value in values.items()})
    return found.assign_coords({str(dim): list(model.coords[dim]) for dim in found.dims if dim in model.coords})


def _by_cell(values: xr.Dataset, problem: Problem) -> xr.Dataset:
    """Return values by node, those of the windows of undated officers added up by cell: windows may be many."""
    if "undated_officers" not in values:
        return values
    by_window, cells = values["undated_officers"], problem.model.coords["cell"]
    total = np.zeros((*by_window.shape[:-1], len(cells)), dtype=by_window.dtype)
    places: Any = (..., problem.design.officers.undated_cells)
    np.add.at(total, places, by_window.to_numpy())
    found = values.drop_dims("undated_window").assign_coords(cell=list(cells))
    return found.assign(undated_officers=((*by_window.dims[:-1], "cell"), total))


def package_versions() -> dict[str, str | None]:
    """Return the version of each package that a fit depends on; None where it is not installed."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
