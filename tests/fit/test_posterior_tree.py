"""The ArviZ tree of a fit: every group with named coordinates, the same once written and read."""

from __future__ import annotations

from pathlib import Path

import arviz as az
import numpy as np
import pytest
import xarray as xr

from model.evidence.rows import EvidenceRow
from model.fit.draws import row_draws
from model.fit.knowledge import Knowledge
from model.fit.tree import assemble, log_hazard_dataset
from priors.vocabulary import ATTRIBUTES
from tests.support.evidence_rows import LISTS, every_row
from tests.support.problems import chained_draws, make_problem

CHAINS, DRAWS = 2, 5
GROUPS = {
    "posterior",
    "prior",
    "sample_stats",
    "log_likelihood",
    "log_prior",
    "posterior_predictive",
    "prior_predictive",
    "predictions",
    "observed_data",
    "constant_data",
}


def grown(knowledge: Knowledge, rows: tuple[EvidenceRow, ...]) -> xr.DataTree:
    """Return the tree of a few invented draws."""
    problem = make_problem(knowledge, rows)
    posterior = chained_draws(problem, chains=CHAINS, draws=DRAWS, seed=1)
    prior = chained_draws(problem, chains=1, draws=DRAWS, seed=2)
    random = np.random.default_rng(3)
    stats = {name: (("chain", "draw"), random.normal(size=(CHAINS, DRAWS))) for name in ("energy", "of no use")}
    return assemble(
        posterior=(posterior, row_draws(posterior.flattened(), problem, random)),
        prior=(prior, row_draws(prior.flattened(), problem, random)),
        log_prior=xr.Dataset({"deviations": (("chain", "draw"), random.normal(size=(CHAINS, DRAWS)))}),
        sample_stats=xr.Dataset(stats),
        problem=problem,
        vocabulary=knowledge.vocabulary,
    )


@pytest.fixture(scope="module")
def tree(knowledge: Knowledge) -> xr.DataTree:
    """Assemble the tree of one row of every kind."""
    return grown(knowledge, every_row())


def test_a_tree_comes_back_as_it_was_written(tree: xr.DataTree, tmp_path: Path) -> None:
    """Written to netCDF and read by ArviZ, groups, values and coordinates are the same."""
    path = tmp_path / "posterior.nc"
    tree.to_netcdf(path, engine="h5netcdf")
    with az.from_netcdf(path) as back:
        assert set(back.children) == GROUPS == set(tree.children)
        for name in GROUPS:
            xr.testing.assert_equal(back[name].to_dataset().load(), tree[name].to_dataset())


def test_every_dimension_is_named(tree: xr.DataTree) -> None:
    """Every dimension but chain and draw has labels that a reader knows."""
    for name, group in tree.children.items():
        for dimension in set(group.dims) - {"chain", "draw"}:
            labels = group.coords[dimension].to_numpy()
            assert all(isinstance(label, str) and label for label in labels.tolist()), (name, dimension)


def test_cells_are_found_by_their_levels(knowledge: Knowledge, tree: xr.DataTree) -> None:
    """The hazard of a profile is found by the names of its levels."""
    vocabulary = knowledge.vocabulary
    problem = make_problem(knowledge, every_row())
    flat = chained_draws(problem, chains=CHAINS, draws=DRAWS, seed=1).tables.log_relative_hazard
    for index in (0, 75, 311, 575):
        cell = tree.posterior["log_relative_hazard"].sel(dict(zip(ATTRIBUTES, vocabulary.cells[index], strict=True)))
        np.testing.assert_array_equal(cell.to_numpy(), flat[..., index].astype(np.float32))


def test_rows_and_terms_carry_their_ids(tree: xr.DataTree) -> None:
    """Rows are named by their ids, and terms by the ids of their rows."""
    assert set(tree["posterior_predictive"]["row"].to_numpy()) == {row.id for row in every_row()}
    terms = tree["log_likelihood"]["term"].to_numpy().tolist()
    assert {row_id for term in terms for row_id in term.split("+")} == {row.id for row in every_row()}
    assert "+".join(row.id for row in LISTS["by date, nothing left"]) in terms


def test_sect_shares_are_by_class_and_sect(tree: xr.DataTree) -> None:
    """Shares of the sects stand by class, and sum to one in each."""
    shares = tree.posterior["sect_share"]
    assert shares.dims == ("chain", "draw", "service_class", "sect")
    assert shares["service_class"].to_numpy().tolist() == ["officers", "enlisted"]
    np.testing.assert_allclose(shares.sum("sect"), 1)


def test_observed_shares_lie_within_their_bounds(tree: xr.DataTree) -> None:
    """What a row is said to report lies between the lowest and the highest share that its bounds allow."""
    bounds, seen = tree["constant_data"], tree["observed_data"]["share"]
    assert bool(((bounds["share_lowest"] <= seen) & (seen <= bounds["share_highest"])).all())


def test_statistics_of_no_use_are_left_out(tree: xr.DataTree) -> None:
    """Of the sampler's statistics those that speak of single draws are kept."""
    assert set(tree["sample_stats"].data_vars) == {"energy"}


def test_the_checks_watch_every_cell_and_period(knowledge: Knowledge) -> None:
    """The log hazard that convergence is checked on is baseline plus relative hazard, by cell and period."""
    tables = chained_draws(make_problem(knowledge), chains=CHAINS, draws=DRAWS).tables
    watched = log_hazard_dataset(tables, knowledge.vocabulary)["log_hazard"]
    assert watched.shape == (CHAINS, DRAWS, 576, 5)
    last = watched.sel(cell="other general elite core", period="2014 to 2016").to_numpy()
    np.testing.assert_allclose(last, tables.log_relative_hazard[..., -1] + tables.baseline[..., -1])


def test_a_fit_without_evidence_has_a_tree(knowledge: Knowledge) -> None:
    """Without rows the groups about rows are there, and empty."""
    tree = grown(knowledge, ())
    assert set(tree.children) == GROUPS
    assert tree["posterior_predictive"].sizes["row"] == 0
    assert tree["posterior"].sizes["draw"] == DRAWS
