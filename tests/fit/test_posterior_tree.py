"""`posterior.nc` as users of ArviZ expect it: its functions work on the file as they stand, and everything is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import arviz as az
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from scipy.special import expit

from model.archive import Archive
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow, evidence_digest
from model.fit.sampling import Sampling
from model.fit.tree import assemble
from priors.study import Study
from tests.support.evidence_rows import LISTS, every_row
from tests.support.fits import unsampled_fit
from tests.support.problems import make_problem, random_officers
from tests.support.syria import ATTRIBUTES

GROUPS = {
    "posterior", "prior", "sample_stats", "log_likelihood", "log_prior", "posterior_predictive", "prior_predictive",
    "observed_data", "constant_data", "by_row", "unconstrained_posterior",
}  # fmt: skip
REPLICATED = ("observed_data", "posterior_predictive", "prior_predictive")
RATIOS = ["hazard_ratio"]
ONE_NUMBER_A_ROW = ["men", "shares", "small_counts"]
CALLS: dict[str, Callable[[xr.DataTree], Any]] = {
    "summary": lambda tree: az.summary(
        tree, var_names=["hazard_ratio", "spread", "sect_effect", "rank_shape", "baseline"]
    ),
    "plot_forest": lambda tree: az.plot_forest(tree, var_names=RATIOS),
    "plot_rank": lambda tree: az.plot_rank(tree, var_names=RATIOS),
    "plot_energy": az.plot_energy,
    "plot_ess": lambda tree: az.plot_ess(tree, var_names=RATIOS),
    "plot_prior_posterior": lambda tree: az.plot_prior_posterior(tree, var_names=["log_hazard_ratio"]),
    "plot_ppc_dist": lambda tree: az.plot_ppc_dist(tree, var_names=["men", "shares"]),
    "plot_ppc_interval": az.plot_ppc_interval,
    "loo": lambda tree: az.loo(tree, var_name="small_counts"),
    "loo_pit": lambda tree: az.loo_pit(tree, var_names=ONE_NUMBER_A_ROW),
    "plot_khat": lambda tree: az.plot_khat(az.loo(tree, var_name="small_counts", pointwise=True)),
    "psense_summary": lambda tree: az.psense_summary(tree, var_names=RATIOS),
}


@pytest.fixture(scope="module")
def tree(home: Path) -> Iterator[xr.DataTree]:
    """Return the tree of the default fit, as ArviZ opens it from the version's folder."""
    path = home / "versions" / Archive(home).require_current() / "posterior.nc"
    with az.from_netcdf(path) as opened:
        yield opened


@pytest.fixture(scope="module")
def grown(study: Study) -> xr.DataTree:
    """Assemble the tree of an invented fit to one row of every kind and to officers."""
    problem = make_problem(study, every_row(), random_officers(study.vocabulary))
    return assemble(unsampled_fit(problem, Sampling(chains=2, draws=5)), every_row())


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    """Draw without a screen, and close what is drawn."""
    plt.switch_backend("agg")
    yield
    plt.close("all")


@pytest.mark.filterwarnings("ignore:Estimated shape parameter of Pareto")
@pytest.mark.parametrize("name", CALLS)
def test_arviz_works_on_the_file_as_it_stands(tree: xr.DataTree, name: str) -> None:
    """ArviZ's own functions take the file with their defaults, and warn of nothing but of rows that much hangs on."""
    assert CALLS[name](tree) is not None


def test_the_score_of_the_manifest_comes_from_the_file(tree: xr.DataTree, home: Path) -> None:
    """Each term's Pareto k, worked out by ArviZ from the log-likelihood in the file, is the manifest's."""
    terms = tree["by_row"]["log_likelihood"].rename("evidence").to_dataset()
    joined = xr.DataTree.from_dict({"posterior": tree["posterior"].to_dataset(), "log_likelihood": terms})
    told = Archive(home).manifest(Archive(home).require_current())["loo"]
    with pytest.warns(UserWarning, match="Pareto"):
        loo = az.loo(joined, var_name="evidence", pointwise=True)
    assert float(loo.elpd) == pytest.approx(told["elpd"])
    assert dict(zip(loo.pareto_k["term"].to_numpy(), loo.pareto_k.to_numpy(), strict=True)) == pytest.approx(
        told["pareto_k"]
    )


def test_a_tree_comes_back_as_it_was_written(grown: xr.DataTree, tmp_path: Path) -> None:
    """Written to netCDF and read by ArviZ, groups, values, coordinates and attributes are the same."""
    path = tmp_path / "posterior.nc"
    grown.to_netcdf(path, engine="h5netcdf")
    with az.from_netcdf(path) as back:
        assert set(back.children) == GROUPS == set(grown.children)
        for name in GROUPS:
            xr.testing.assert_identical(back[name].to_dataset().load(), grown[name].to_dataset())
        assert back.attrs == grown.attrs


def test_every_variable_says_what_it_is(grown: xr.DataTree) -> None:
    """Every variable of every group has a definition and a unit."""
    for name, group in grown.children.items():
        for variable in group.data_vars.values():
            assert {"long_name", "units"} <= set(variable.attrs), (name, variable.name)


def test_what_is_claimed_is_defined_as_in_the_claims(grown: xr.DataTree, study: Study) -> None:
    """Each claimed quantity's definition stands on the variable that holds it, word for word."""
    told = {key: value for each in grown["posterior"].data_vars.values() for key, value in each.attrs.items()}
    for quantity in study.claims.quantities:
        if quantity.outside_the_fit is None:
            assert told[quantity.name] == quantity.definition


def test_the_file_says_where_it_comes_from(tree: xr.DataTree, study: Study, home: Path) -> None:
    """The file has its seed, its evidence's digest and the versions of the packages, as the manifest has them."""
    manifest = Archive(home).manifest(Archive(home).require_current())
    assert tree.attrs["seed"] == manifest["sampling"]["seed"]
    assert tree.attrs["evidence_digest"] == manifest["evidence"]["digest"]
    assert tree.attrs["evidence_digest"] == evidence_digest(bundled_evidence(study))
    assert tree.attrs["pymc_version"] == manifest["packages"]["pymc"]
    assert "manifest.json" in tree.attrs["version"]


def test_every_dimension_is_named(grown: xr.DataTree) -> None:
    """Every dimension but chain, draw and those of unconstrained values has labels that a reader knows."""
    for name in GROUPS - {"unconstrained_posterior"}:
        for dimension in set(grown[name].dims) - {"chain", "draw"}:
            labels = grown[name].coords[dimension].to_numpy()
            assert all(isinstance(label, str) and label for label in labels.tolist()), (name, dimension)


def test_each_kind_of_evidence_has_one_name_and_one_dimension(grown: xr.DataTree) -> None:
    """What is observed and replicated of a kind, and its bounds, stand along the same rows; lists are scored whole."""
    observed = grown["observed_data"].to_dataset()
    assert set(observed.data_vars) == set(grown["log_likelihood"].data_vars)
    for name, variable in observed.data_vars.items():
        for group in REPLICATED[1:]:
            assert grown[group][name].dims == ("chain", "draw", *variable.dims)
        if name in {"lists", "dated_officers"}:
            continue
        assert grown["log_likelihood"][name].dims == ("chain", "draw", *variable.dims)
    for name in (*ONE_NUMBER_A_ROW, "lists"):
        assert grown["constant_data"][f"{name}_lowest"].dims == observed[name].dims


def test_nothing_that_is_known_beforehand_is_diagnosed(tree: xr.DataTree, study: Study) -> None:
    """No effect, shape or expected share in the file is the same in every draw, but in tables by all levels."""
    by_all_levels = [
        "log_relative_hazard",
        "risk",
        "cell_heads",
        *(f"{name}_over_time" for name in study.claims.moving),
    ]
    by_all_levels += [f"{name}_newsworthiness" for name in study.claims.newsworthiness]
    posterior = tree["posterior"].to_dataset().drop_vars(by_all_levels)
    for name, variable in posterior.data_vars.items():
        assert bool((variable.std(("chain", "draw")) > 0).all()), name


def test_unconstrained_draws_are_those_of_the_free_variables(grown: xr.DataTree) -> None:
    """In a group of their own stand logs of what is positive, and one number less for what sums to one."""
    free, moved = grown["posterior"], grown["unconstrained_posterior"]
    for name in ("spread", "heads", "list_concentration"):
        np.testing.assert_allclose(moved[name], np.log(free[name]))
    assert moved["rank_steps"].shape[-1] == free["rank_steps"].shape[-1] - 1
    assert set(moved.data_vars) == set(grown["log_prior"].data_vars)


def test_cells_are_found_by_their_levels(grown: xr.DataTree, study: Study) -> None:
    """The hazard of a profile is found by the names of its levels: an effect each, added up."""
    levels = {"sect": "alawite", "rank": "conscript", "eliteness": "ordinary", "proximity": "outside"}
    assert tuple(levels) == ATTRIBUTES == study.vocabulary.names
    found = grown["posterior"]["log_relative_hazard"].sel(levels)
    effect = grown["posterior"]["sect_effect"].sel(sect_compared="alawite")
    np.testing.assert_allclose(found, effect, rtol=1e-5)


def test_rows_and_terms_carry_their_ids(grown: xr.DataTree) -> None:
    """Rows are named by their ids, and terms by the ids of their rows."""
    ids = {row.id for row in every_row()}
    assert set(grown["by_row"]["row"].to_numpy()) == ids
    assert ids >= {str(row) for row in grown["observed_data"]["man_count"].to_numpy()}
    terms = grown["by_row"]["term"].to_numpy().tolist()
    assert {row_id for term in terms for row_id in term.split("+")} == ids
    assert "+".join(row.id for row in LISTS["by date, nothing left"]) in terms


def test_what_is_observed_within_bounds_is_their_lower_end(grown: xr.DataTree) -> None:
    """A row known within bounds is told by the lower of them, on the log of men or the logit of a share."""
    lowest, seen = grown["constant_data"], grown["observed_data"]
    np.testing.assert_allclose(np.exp(seen["men"]), lowest["men_lowest"])
    np.testing.assert_allclose(expit(seen["shares"]), lowest["shares_lowest"])


def test_rows_say_how_probable_they_are(grown: xr.DataTree) -> None:
    """By row stand the log-likelihood of each term, the tails of rows that stand alone, and the shares of lists."""
    by_row = grown["by_row"]
    assert set(by_row["term"].to_numpy()) == {
        str(term)
        for each in ("man_count", "share", "small_count", "list")
        for term in grown["log_likelihood"][each].to_numpy()
    }
    for name in ("at_least", "at_most", "listed_share"):
        assert bool(((by_row[name] >= 0) & (by_row[name] <= 1)).all())


@pytest.mark.parametrize("rows", [(), every_row()[:1]], ids=["no row", "one row"])
def test_a_fit_to_little_has_a_tree(study: Study, rows: tuple[EvidenceRow, ...]) -> None:
    """Without rows, or with one, every group is there, and holds what there is."""
    few = assemble(unsampled_fit(make_problem(study, rows), Sampling(chains=2, draws=5)), rows)
    assert set(few.children) == GROUPS
    assert few["by_row"].sizes["row"] == len(rows)
    assert few["posterior"].sizes["draw"] == 5
