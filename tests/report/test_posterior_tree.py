"""`posterior.nc` opens in stock ArviZ, and ArviZ's own functions work on it as they stand."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import arviz as az
import matplotlib.pyplot as plt
import pytest
import xarray as xr

from priors.vocabulary import ATTRIBUTES, load_vocabulary
from tests.report.conftest import CHAINS, DRAWS, Version

GROUPS = {
    "posterior", "prior", "sample_stats", "log_likelihood", "log_prior", "posterior_predictive", "prior_predictive",
    "predictions", "observed_data", "constant_data",
}  # fmt: skip
PLOTS: dict[str, Callable[[xr.DataTree], Any]] = {
    "plot_forest": lambda tree: az.plot_forest(tree, var_names=["sect_effect"], combined=True),
    "plot_prior_posterior": lambda tree: az.plot_prior_posterior(tree, var_names=["quantities"]),
    "plot_rank": lambda tree: az.plot_rank(tree, var_names=["quantities"]),
    "plot_rank_dist": lambda tree: az.plot_rank_dist(tree, var_names=["quantities"]),
    "plot_energy": az.plot_energy,
    "plot_ess": lambda tree: az.plot_ess(tree, var_names=["quantities"]),
    "plot_ppc_interval": lambda tree: az.plot_ppc_interval(tree, var_names=["share"]),
    "plot_ppc_pit": lambda tree: az.plot_ppc_pit(tree, var_names=["share"]),
}


@pytest.fixture(scope="module")
def tree(version: Version, tmp_path_factory: pytest.TempPathFactory) -> Iterator[xr.DataTree]:
    """Return the tree as `az.from_netcdf` opens it from the version's file."""
    path: Path = tmp_path_factory.mktemp("tree") / "posterior.nc"
    path.write_bytes(version.archive.read(version.name, "posterior.nc"))
    opened = az.from_netcdf(path)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    """Draw without a screen, and close what is drawn."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_groups(tree: xr.DataTree) -> None:
    """Every group that ArviZ looks for is there, with as many draws as were asked for."""
    assert set(tree.children) == GROUPS
    assert (tree["posterior"].sizes["chain"], tree["posterior"].sizes["draw"]) == (CHAINS, DRAWS)


def test_named_coordinates(tree: xr.DataTree) -> None:
    """Cells, periods, quantities and rows are named, not numbered."""
    vocabulary = load_vocabulary()
    posterior = tree["posterior"]
    for name in ATTRIBUTES:
        assert tuple(posterior[name].to_numpy()) == vocabulary[name].names
    assert tuple(posterior["period"].to_numpy()) == vocabulary.study.period_names
    assert "rank_ratio" in posterior["quantity"].to_numpy()
    assert "E11" in tree["posterior_predictive"]["row"].to_numpy()
    one = posterior["log_relative_hazard"].sel(sect="alawite", rank="brigadier", eliteness="elite", proximity="trusted")
    assert one.dims == ("chain", "draw")


def test_bounds_are_in_place(tree: xr.DataTree) -> None:
    """Each observed share lies within the bounds that its source gives."""
    seen, bounds = tree["observed_data"]["share"], tree["constant_data"]
    assert bool(((bounds["share_lowest"] <= seen) & (seen <= bounds["share_highest"])).all())


def test_summary(tree: xr.DataTree) -> None:
    """`az.summary` tells of each quantity by name."""
    table = az.summary(tree, var_names=["quantities"], ci_kind="eti", ci_prob=0.9, round_to="none")
    assert "quantities[rank_ratio]" in table.index
    assert {"mean", "sd", "ess_bulk", "ess_tail", "r_hat"} <= set(table.columns)


def test_loo(tree: xr.DataTree, version: Version) -> None:
    """`az.loo` gives the score that the manifest has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        loo = az.loo(tree, var_name="evidence", pointwise=True)
    assert float(loo.elpd) == pytest.approx(version.manifest["loo"]["elpd"])
    ks = dict(zip(loo.pareto_k["term"].to_numpy(), loo.pareto_k.to_numpy(), strict=True))
    assert ks == pytest.approx(version.manifest["loo"]["pareto_k"])
    assert az.plot_khat(loo) is not None


def test_psense(tree: xr.DataTree, version: Version) -> None:
    """`az.psense_summary` gives the sensitivities that the manifest has."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        table = az.psense_summary(tree, var_names=["quantities"], prior_var_names=["quantities"], round_to=5)
    told = {entry["quantity"]: entry["prior"] for entry in version.manifest["sensitivity"]}
    found = {
        index.removeprefix("quantities[").removesuffix("]"): float(row["prior"]) for index, row in table.iterrows()
    }
    assert found == pytest.approx(told)


@pytest.mark.parametrize("name", PLOTS)
def test_plots(tree: xr.DataTree, name: str) -> None:
    """ArviZ draws the tree as it stands."""
    assert PLOTS[name](tree).viz["figure"].item().axes
