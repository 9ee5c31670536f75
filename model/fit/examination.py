"""A fit examined: its ArviZ tree, the ledger of claims, what it predicts of the evidence, and every check."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.evidence.rows import EvidenceRow, RowGroup, group_rows
from model.fit.authors import author_weights
from model.fit.checks import Check, monte_carlo_check, warning_checks
from model.fit.compilers_bounds import compilers_bounds
from model.fit.conflict import conflicts
from model.fit.draws import flattened, risk_draws
from model.fit.fitting import Fit
from model.fit.influence import Changes, changes, moved_bounds
from model.fit.ledger import held, ledger
from model.fit.named_priors import named_prior_draws
from model.fit.row_checks import foreseen_lists, foreseen_rows
from model.fit.tree import assemble
from model.reweighting import Weights, left_out, shape
from priors.study import Study

PREDICTED = (0.005, 0.5, 0.995)
"""The quantiles that a row is held against."""


@dataclass(frozen=True)
class Examination:
    """All that is known of a fit.

    Attributes
    ----------
    tree : xarray.DataTree
        What `posterior.nc` holds.
    checks : tuple of Check
        Those that gate first, then those that warn.
    claims : list of dict
        The ledger.
    rows : list of dict
        Each evidence row, what the fit predicts for it, and how probable it is given the rest of the evidence.
    lists : list of dict
        How probable the division of each list is, given the rest of the evidence.
    conflicts : list of dict
        How far the evidence moved each claimed quantity.
    authors : list of dict
        The weight that the evidence leaves each author, quantity by quantity.
    compilers_bounds : list of dict
        What each bound that the compiler set does to the answer.
    loo : dict or None
        Expected log predictive density over the terms of the evidence, by PSIS-LOO; None without evidence rows.
    named_priors : dict of str to xarray.Dataset
        Draws of each prior set with all its claims.
    """

    tree: xr.DataTree
    checks: tuple[Check, ...]
    claims: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    lists: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    compilers_bounds: list[dict[str, Any]]
    loo: dict[str, Any] | None
    named_priors: Mapping[str, xr.Dataset]

    @property
    def passed(self) -> bool:
        """Whether every check that gates holds."""
        return all(check.passed for check in self.checks if check.gates)


def examine(
    fitted: Fit,
    study: Study,
    rows: tuple[EvidenceRow, ...],
    *,
    named_priors: Mapping[str, xr.Dataset] | None = None,
) -> Examination:
    """Examine a fit.

    Parameters
    ----------
    rows : tuple of EvidenceRow
        Those it was fitted to.
    named_priors : mapping of str to xarray.Dataset, optional
        Draws of each prior set with all its claims, which fits of one refit share; drawn anew where it is left out.
    """
    problem, community = fitted.problem, study.vocabulary.community.name
    tree = assemble(fitted, rows)
    if named_priors is None:
        named_priors = named_prior_draws(problem, fitted.compiled, study)
    evidence = _Evidence.of(tree, rows)
    asked = held(fitted, study.claims)
    claims = ledger(problem, study, named_priors, asked, changes(evidence.terms, evidence.without, evidence.moved))
    lists = foreseen_lists(evidence.by_row, fitted.posterior, evidence.lists, evidence.without, evidence.terms)
    predicted = evidence.predicted_rows()
    conflicting = conflicts(fitted.posterior, problem.prior_set, community)
    return Examination(
        tree=tree,
        checks=(
            *fitted.checks,
            monte_carlo_check(fitted.posterior["risk"]),
            *warning_checks(claims=claims, rows=predicted, lists=lists, conflicts=conflicting),
        ),
        claims=claims,
        rows=predicted,
        lists=lists,
        conflicts=conflicting,
        authors=author_weights(fitted.posterior, problem.prior_set, community),
        compilers_bounds=compilers_bounds(evidence.moved, rows, _risks(fitted, study), asked),
        loo=_loo(tree),
        named_priors=named_priors,
    )


@dataclass(frozen=True, eq=False)
class _Evidence:
    """What the tree of a fit says of the evidence, and the weights of the draws were a part of it otherwise."""

    rows: tuple[EvidenceRow, ...]
    by_row: xr.Dataset
    terms: tuple[str, ...]
    without: Weights
    moved: Changes

    @classmethod
    def of(cls, tree: xr.DataTree, rows: tuple[EvidenceRow, ...]) -> _Evidence:
        """Weigh the draws anew for each term left out, and for each compiler's bound moved."""
        by_row, sizes = tree["by_row"].to_dataset(), tree["posterior"].sizes
        count = sizes["chain"] * sizes["draw"]
        terms = tuple(by_row["term"].to_numpy().tolist()) if rows else ()
        densities = (
            flattened(by_row["log_likelihood"].transpose("chain", "draw", "term")).astype(float)
            if rows
            else np.zeros((count, 0))
        )
        return cls(rows, by_row, terms, left_out(densities), moved_bounds(by_row, rows, count=count))

    @property
    def lists(self) -> tuple[RowGroup, ...]:
        """The lists of those who left."""
        return tuple(group for group in group_rows(self.rows) if group.is_list)

    def predicted_rows(self) -> list[dict[str, Any]]:
        """Return each row, what its bounds allow, what the fit predicts, and how probable it is given the rest."""
        if not self.rows:
            return []
        foreseen = foreseen_rows(self.by_row, self.terms, self.without)
        middle = self.by_row["expected"].median(("chain", "draw"))
        quantiles = self.by_row["predicted"].quantile(PREDICTED, dim=("chain", "draw"))
        entries = []
        for row in self.rows:
            low, high, expected = (
                float(each.sel(row=row.id)) for each in (self.by_row["lowest"], self.by_row["highest"], middle)
            )
            lower, median, upper = (float(value) for value in quantiles.sel(row=row.id))
            term = next(place for place, name in enumerate(self.terms) if row.id in name.split("+"))
            entries.append({
                **row.as_dict(),
                "observed": {"lower": low, "upper": high},
                "expected": {"median": expected},
                "predicted": {"median": median, "lower_99": lower, "upper_99": upper},
                "p": None,
                "pareto_k": float(self.without.pareto_k[term]),
                "flagged": False,
                **foreseen.get(row.id, {}),
            })  # fmt: skip
        return entries


def _risks(fitted: Fit, study: Study) -> dict[str, Any]:
    """Return draws of the risk, over the study, of the profiles that the study names."""
    draws = risk_draws(fitted.posterior, fitted.problem)
    window = study.timeline.window
    return {name: draws.risk(profile, window) for name, profile in study.profiles.items()}


def by_term(tree: xr.DataTree) -> xr.DataTree | None:
    """Return a tree whose log likelihood is one variable, `evidence`, over the terms of all evidence rows.

    None where there are no rows; officers, who are no rows, are left out.
    """
    by_row = tree["by_row"].to_dataset()
    if "log_likelihood" not in by_row:
        return None
    evidence = by_row["log_likelihood"].to_dataset(name="evidence")
    return xr.DataTree.from_dict({"posterior": tree["posterior"].to_dataset(), "log_likelihood": evidence})


def _loo(tree: xr.DataTree) -> dict[str, Any] | None:
    """Return the PSIS-LOO estimate over the terms of the evidence (Vehtari, Gelman & Gabry 2017)."""
    import arviz as az  # noqa: PLC0415 - heavy

    terms = by_term(tree)
    if terms is None:
        return None
    with only_results():
        loo = az.loo(terms, var_name="evidence", pointwise=True)
    names = [str(term) for term in terms["log_likelihood"]["term"].to_numpy()]
    return {
        "elpd": float(loo.elpd),
        "se": float(loo.se),
        "p": float(loo.p),
        "good_k": float(loo.good_k),
        "elpd_by_term": dict(zip(names, loo.elpd_i.to_numpy().tolist(), strict=True)),
        "pareto_k": dict(zip(names, map(shape, loo.pareto_k.to_numpy().tolist()), strict=True)),
    }


@contextlib.contextmanager
def only_results() -> Iterator[None]:
    """Silence the advice that ArviZ logs and warns: what it is about is in the values, and is reported from them."""
    logger = logging.getLogger("arviz_stats")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.setLevel(level)
