"""The ArviZ tree of a fit: every group with named coordinates, as `posterior.nc` holds it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.inference.draws import RowDraws, observed_intervals
from model.inference.hazard import Hazards, Parameters
from model.inference.sampling import Problem, parameter_coordinates
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


def log_hazard_dataset(tables: Hazards) -> xr.Dataset:
    """Return the log hazard of every cell in every period, for the checks; it is not stored."""
    table = tables.log_relative_hazard[..., :, None] + tables.baseline[..., None, :]
    return xr.Dataset({"log_hazard": (("chain", "draw", "cell", "period"), table)})


def assemble(
    *,
    posterior: tuple[Parameters, Hazards, RowDraws],
    prior: tuple[Parameters, Hazards, RowDraws],
    sample_stats: xr.Dataset,
    problem: Problem,
    vocabulary: Vocabulary,
) -> xr.DataTree:
    """Return the whole tree.

    Parameters
    ----------
    posterior, prior : tuple of Parameters, Hazards, RowDraws
        The first two with dimensions chain and draw first, the rows' draws flattened chain by chain.
    sample_stats : xarray.Dataset
        As the sampler gave it; its statistics of single draws are kept.
    """
    chains = posterior[1].baseline.shape[0]
    rows = _named({"row": problem.terms.row_ids})
    terms = _named({"term": tuple("+".join(ids) for ids in problem.terms.term_rows)})
    observed = observed_intervals(problem.terms)

    def by_row(array: NDArray[np.float64], lead: int) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        return ("chain", "draw", "row"), array.reshape(lead, -1, array.shape[-1])

    tree: xr.DataTree = xr.DataTree.from_dict({
        "posterior": xr.merge([parameter_dataset(posterior[0], problem), effect_dataset(posterior[1], vocabulary)]),
        "prior": xr.merge([parameter_dataset(prior[0], problem), effect_dataset(prior[1], vocabulary)]),
        "sample_stats": sample_stats[[name for name in SAMPLER_STATISTICS if name in sample_stats]],
        "log_likelihood": xr.Dataset(
            {"evidence": (("chain", "draw", "term"), posterior[2].log_likelihood.reshape(chains, -1, len(terms["term"])))},
            coords=terms,
        ),
        "posterior_predictive": xr.Dataset({"share": by_row(posterior[2].replicate, chains)}, coords=rows),
        "prior_predictive": xr.Dataset({"share": by_row(prior[2].replicate, 1)}, coords=rows),
        "predictions": xr.Dataset({"expected_share": by_row(posterior[2].share, chains)}, coords=rows),
        "observed_data": xr.Dataset({"share": ("row", observed.mean(axis=1))}, coords=rows),
        "constant_data": xr.Dataset(
            {"share_lowest": ("row", observed[:, 0]), "share_highest": ("row", observed[:, 1])}, coords=rows
        ),
    })  # fmt: skip
    return tree


def _named(coords: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(labels) for name, labels in coords.items()}
