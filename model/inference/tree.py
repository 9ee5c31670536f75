"""The ArviZ tree of a fit: every group with named coordinates, as `posterior.nc` holds it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.inference.draws import Draws, RowDraws, observed_intervals
from model.inference.hazard import Hazards, Parameters
from model.inference.problem import Problem
from model.inference.sampling import parameter_coordinates
from priors.corps import CLASSES
from priors.vocabulary import ATTRIBUTES, Vocabulary

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "quantities": ("quantity",),
    "scales": ("scale",),
    "deviations": ("deviation",),
    "simplex_parts": ("simplex_part",),
    "log_count_concentration": (),
}
SAMPLER_STATISTICS = ("diverging", "energy", "depth", "n_steps", "step_size", "logp", "maxdepth_reached")


def parameter_dataset(parameters: Parameters, problem: Problem) -> xr.Dataset:
    """Return the sampled parameters as a dataset; arrays have dimensions chain and draw first."""
    variables = {
        field.name: (("chain", "draw", *DIMENSIONS[field.name]), getattr(parameters, field.name))
        for field in dataclasses.fields(parameters)
    }
    return xr.Dataset(variables, coords=_named(parameter_coordinates(problem.layout)))


def effect_dataset(tables: Hazards, vocabulary: Vocabulary) -> xr.Dataset:
    """Return the effects, in log hazard, and who serves; arrays have dimensions chain and draw first."""
    lead = ("chain", "draw")
    cells = tables.log_relative_hazard.astype(np.float32).reshape(
        *tables.log_relative_hazard.shape[:2], *vocabulary.shape
    )
    variables: dict[str, Any] = {
        "sect_effect": ((*lead, "sect"), tables.sect),
        "rank_shape": ((*lead, "rank"), tables.rank),
        "eliteness_shape": ((*lead, "eliteness"), tables.eliteness),
        "proximity_shape": ((*lead, "proximity"), tables.proximity),
        "eliteness_by_sect": ((*lead, "sect"), tables.eliteness_by_sect),
        "proximity_by_sect": ((*lead, "sect"), tables.proximity_by_sect),
        "baseline": ((*lead, "period"), tables.baseline),
        "sect_share": ((*lead, "service_class", "sect"), np.stack(tables.sect_shares, axis=2)),
        "log_relative_hazard": ((*lead, *ATTRIBUTES), cells),
    }
    coords = {name: vocabulary[name].names for name in ATTRIBUTES}
    coords |= {"period": vocabulary.study.period_names, "service_class": CLASSES}
    return xr.Dataset(variables, coords=_named(coords))


def log_hazard_dataset(tables: Hazards, vocabulary: Vocabulary) -> xr.Dataset:
    """Return the log hazard of every cell in every period, for the checks; it is not stored."""
    table = tables.log_relative_hazard[..., :, None] + tables.baseline[..., None, :]
    coords = {"cell": [" ".join(cell) for cell in vocabulary.cells], "period": list(vocabulary.study.period_names)}
    return xr.Dataset({"log_hazard": (("chain", "draw", "cell", "period"), table)}, coords=coords)


def assemble(
    *,
    posterior: tuple[Draws, RowDraws],
    prior: tuple[Draws, RowDraws],
    log_prior: xr.Dataset,
    sample_stats: xr.Dataset,
    problem: Problem,
    vocabulary: Vocabulary,
) -> xr.DataTree:
    """Return the whole tree.

    Parameters
    ----------
    posterior, prior : tuple of Draws and RowDraws
        The first with dimensions chain and draw first, the rows' draws flattened chain by chain.
    log_prior : xarray.Dataset
        The log prior density of every parameter.
    sample_stats : xarray.Dataset
        As the sampler gave it; its statistics of single draws are kept.
    """
    (draws, rows), (prior_draws, prior_rows) = posterior, prior
    terms, bounds = problem.terms, observed_intervals(problem.terms)
    by_row = _named({"row": terms.row_ids})
    by_term = _named({"term": tuple("+".join(ids) for ids in terms.term_rows)})

    def split(array: NDArray[np.float64], chains: int, name: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        return ("chain", "draw", name), array.reshape(chains, len(array) // chains, array.shape[-1])

    chains, prior_chains = len(draws), len(prior_draws)
    log_likelihood = xr.Dataset()
    if terms.term_rows:
        log_likelihood = log_likelihood.assign_coords(by_term)
        log_likelihood["evidence"] = split(rows.log_likelihood, chains, "term")
    if problem.officers.count:
        log_likelihood["officers"] = (("chain", "draw"), rows.officers_log_likelihood.reshape(chains, -1))
    groups = {
        "posterior": _draws_dataset(draws, problem, vocabulary),
        "prior": _draws_dataset(prior_draws, problem, vocabulary),
        "sample_stats": sample_stats[[name for name in SAMPLER_STATISTICS if name in sample_stats]],
        "log_likelihood": log_likelihood,
        "log_prior": log_prior,
        "posterior_predictive": xr.Dataset({"share": split(rows.replicate, chains, "row")}, coords=by_row),
        "prior_predictive": xr.Dataset({"share": split(prior_rows.replicate, prior_chains, "row")}, coords=by_row),
        "predictions": xr.Dataset({"expected_share": split(rows.share, chains, "row")}, coords=by_row),
        "observed_data": xr.Dataset({"share": ("row", bounds.mean(axis=1))}, coords=by_row),
        "constant_data": xr.Dataset(
            {"share_lowest": ("row", bounds[:, 0]), "share_highest": ("row", bounds[:, 1])}, coords=by_row
        ),
    }
    tree: xr.DataTree = xr.DataTree.from_dict(groups)
    return tree


def _draws_dataset(draws: Draws, problem: Problem, vocabulary: Vocabulary) -> xr.Dataset:
    parts = [parameter_dataset(draws.parameters, problem), effect_dataset(draws.tables, vocabulary)]
    merged: xr.Dataset = xr.merge(parts)
    chains, size = draws.tables.baseline.shape[:2]
    return merged.assign_coords(chain=range(chains), draw=range(size))


def _named(coords: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(labels) for name, labels in coords.items()}
