"""The ArviZ tree of a fit, as `posterior.nc` holds it: one name and one dimension for each kind of evidence."""

from __future__ import annotations

import importlib.metadata
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from model.archive import Archive
from model.evidence.rows import EvidenceRow, evidence_digest
from model.fit.by_row import bounds, row_by_row
from model.fit.draws import UNCOMPILED
from model.fit.effects import moving
from model.fit.fitting import Fit
from model.fit.in_jax import dims_of
from model.fit.meanings import BY_ROW, EVIDENCE, STATISTICS, claimed, of_variables, told, without_constants
from model.fit.problem import Problem

TREE = "posterior.nc"
"""The file of a version that holds it."""

ARVIZ_NAMES = {"logp": "lp", "depth": "tree_depth", "maxdepth_reached": "reached_max_treedepth"}
"""What ArviZ calls a statistic of a sampler that calls it otherwise."""

PACKAGES = ("defection-risk", "pymc", "pytensor", "jax", "numpyro", "nutpie", "arviz", "preliz", "numpy", "xarray")

PRIOR_REPLICATES = 1_000
"""Draws of the prior that the evidence is replicated for: enough for a picture, and each takes half a millisecond."""

SINGLE = ("log_relative_hazard", "risk", "cell_heads")
"""Tables of cells, kept in single precision, as what moves over time is: they are most of the file."""


def assemble(fitted: Fit, rows: Sequence[EvidenceRow]) -> xr.DataTree:
    """Return the whole tree of a fit.

    Parameters
    ----------
    rows : sequence of EvidenceRow
        Those it was fitted to.
    """
    problem, expansion, seed = fitted.problem, fitted.compiled.expansion, fitted.sampling.seed
    log_prior, log_likelihood = expansion.densities(problem, fitted.posterior)
    predicted = expansion.predicted(problem, fitted.posterior, seed=seed)
    few = fitted.prior.isel(draw=slice(PRIOR_REPLICATES))
    evidence = {
        "posterior_predictive": predicted,
        "prior_predictive": expansion.predicted(problem, few, seed=seed + 1),
        "observed_data": _observed(problem),
    }
    by_row = row_by_row(fitted.posterior, predicted, log_likelihood, problem.design)
    if problem.design.lists.ids:
        shares = by_listed(fitted.posterior[["expected_lists"]], problem)["expected_lists"]
        by_row = by_row.assign(listed_share=shares)
    tree: xr.DataTree = xr.DataTree.from_dict({
        "posterior": _draws(fitted.posterior, problem),
        "prior": _draws(fitted.prior, problem),
        "sample_stats": _statistics(fitted),
        "log_likelihood": told(_by_cell(log_likelihood, problem), lambda name: _density_of(EVIDENCE[name][0])),
        "log_prior": told(log_prior, lambda name: _density_of(f"{name} under its prior")),
        **{name: told(_by_cell(by_listed(each, problem), problem), EVIDENCE) for name, each in evidence.items()},
        "constant_data": told(by_listed(bounds(problem.design), problem), _bound),
        "by_row": told(by_row, BY_ROW),
        "unconstrained_posterior": told(
            expansion.unconstrained(fitted.posterior), lambda name: (f"{name}, as the sampler moves it", "1")
        ),
    })  # fmt: skip
    for name, group in tree.children.items():
        tree[name] = xr.DataTree(_lean(group.to_dataset()))
    tree.attrs |= _provenance(fitted, rows)
    return tree


def _draws(draws: xr.Dataset, problem: Problem) -> xr.Dataset:
    moving_names = (f"{name}_over_time" for name in moving(problem.prior_set, problem.vocabulary))
    single = draws.assign({name: draws[name].astype(np.float32) for name in (*SINGLE, *moving_names)})
    found = told(without_constants(by_listed(single, problem), problem.vocabulary), of_variables(problem))
    for name, definitions in claimed(problem).items():
        found[name].attrs |= definitions
    found.attrs["reference_risk"] = problem.prior_set.reference_risk.quantity.name
    return found


def _statistics(fitted: Fit) -> xr.Dataset:
    stats = fitted.sample_stats
    named = stats.rename({name: arviz for name, arviz in ARVIZ_NAMES.items() if name in stats and arviz not in stats})
    kept = told(named[[name for name in STATISTICS if name in named]], STATISTICS)
    return kept.assign_coords({dim: fitted.posterior[dim] for dim in ("chain", "draw")})


def _density_of(what: str) -> tuple[str, str]:
    return f"log density of: {what}", "1"


def _bound(name: str) -> tuple[str, str]:
    kind, _, end = name.rpartition("_")
    return f"{end} share that a row's bounds allow: {kind.replace('_', ' ')}", "1"


def _provenance(fitted: Fit, rows: Sequence[EvidenceRow]) -> dict[str, Any]:
    """Return what a file must say of itself; its version's name depends on its checksum, and cannot be in it."""
    problem, sampling = fitted.problem, fitted.sampling
    officers = problem.design.officers
    return {
        "version": "the name of the folder that this file is in; manifest.json beside it has this file's sha256",
        "prior_set": problem.prior_set.name,
        "without_claims": ", ".join(problem.prior_set.without),
        "study": str(problem.vocabulary.timeline.window),
        "evidence_rows": len(rows),
        "evidence_digest": evidence_digest(tuple(rows)),
        "officers": officers.count,
        "officers_digest": officers.digest,
        **{name: getattr(sampling, name) for name in ("seed", "sampler", "draws", "tune", "chains", "target_accept")},
        **{f"{name}_version": version or "" for name, version in package_versions().items()},
    }


def _observed(problem: Problem) -> xr.Dataset:
    """Return what each observed node was given."""
    model = problem.model
    values = {node.name: model.rvs_to_values[node].eval(mode=UNCOMPILED) for node in model.observed_RVs}
    found = xr.Dataset({name: (dims_of(model, name), value) for name, value in values.items()})
    return found.assign_coords({str(dim): list(model.coords[dim]) for dim in found.dims if dim in model.coords})


def by_listed(values: xr.Dataset, problem: Problem) -> xr.Dataset:
    """Return values by list and place along one dimension: the rows of the lists, and what each list leaves over."""
    lists, found = problem.design.lists, values
    at, place = np.nonzero(lists.used)
    if not len(at):
        return found.drop_dims(["list", "place"], errors="ignore")
    names = [[*ids, f"the rest of {name}"] for name, ids in zip(lists.ids, lists.rows, strict=True)]
    chosen = {"list": xr.DataArray(at, dims="listed"), "place": xr.DataArray(place, dims="listed")}
    for name, variable in values.data_vars.items():
        if {"list", "place"} <= set(variable.dims):
            found = found.drop_vars(name).assign({name: variable.isel(chosen).drop_vars(["list", "place"])})
    return found.assign_coords(listed=[names[i][j] for i, j in zip(at, place, strict=True)])


def _lean(dataset: xr.Dataset) -> xr.Dataset:
    """Return a dataset without the names along dimensions that no variable has."""
    used = {dim for variable in dataset.data_vars.values() for dim in variable.dims}
    return dataset.drop_dims([dim for dim in dataset.dims if dim not in used])


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


def read_tree(archive: Archive, version: str) -> xr.DataTree:
    """Return the tree of a version from verified bytes, read as it is looked at; to be closed after use.

    Raises
    ------
    ArchiveError
        If there is no such version, or its tree is not the one published.
    """
    return xr.open_datatree(io.BytesIO(archive.read(version, TREE)), engine="h5netcdf")
