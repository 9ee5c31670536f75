"""A fit examined: its ArviZ tree, the ledger of claims, what it predicts of the evidence, and every check."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.evidence.rows import EvidenceRow
from model.inference.checks import Check, monte_carlo_check, warning_checks
from model.inference.draws import RowDraws, observed_intervals, row_draws
from model.inference.knowledge import Knowledge
from model.inference.ledger import ledger
from model.inference.log_prior import log_prior_dataset
from model.inference.refit import Fit
from model.inference.tree import assemble

SENSITIVE = 0.05
"""Power-scaling sensitivity from which a quantity counts as sensitive (Kallioinen et al. 2024)."""

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
        Each evidence row, what the fit predicts for it, and whether it lies outside.
    sensitivity : list of dict
        Power-scaling sensitivity of each claimed quantity to prior and likelihood.
    loo : dict or None
        Expected log predictive density over the terms of the evidence, by PSIS-LOO; None without evidence rows.
    """

    tree: xr.DataTree
    checks: tuple[Check, ...]
    claims: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    sensitivity: list[dict[str, Any]]
    loo: dict[str, Any] | None

    @property
    def passed(self) -> bool:
        """Whether every check that gates holds."""
        return all(check.passed for check in self.checks if check.gates)


def examine(fitted: Fit, knowledge: Knowledge, rows: tuple[EvidenceRow, ...], *, seed: int) -> Examination:
    """Examine a fit.

    Parameters
    ----------
    rows : tuple of EvidenceRow
        Those it was fitted to.
    seed : int
        Of the replicates of the rows.
    """
    generator = np.random.default_rng(seed)
    of_posterior = row_draws(fitted.posterior.flattened(), fitted.problem, generator)
    of_prior = row_draws(fitted.prior.flattened(), fitted.problem, generator)
    tree = assemble(
        posterior=(fitted.posterior, of_posterior),
        prior=(fitted.prior, of_prior),
        log_prior=log_prior_dataset(fitted.posterior, fitted.problem),
        sample_stats=fitted.sample_stats,
        problem=fitted.problem,
        vocabulary=knowledge.vocabulary,
    )
    claims = ledger(fitted, knowledge, seed=seed)
    predicted = _predicted_rows(rows, of_posterior, fitted)
    sensitivity = _sensitivity(tree)
    checks = (
        *fitted.checks,
        monte_carlo_check(fitted.posterior.tables, knowledge.vocabulary),
        *warning_checks(claims=claims, rows=predicted, sensitivity=sensitivity),
    )
    return Examination(tree, checks, claims, predicted, sensitivity, _loo(tree))


def _predicted_rows(rows: tuple[EvidenceRow, ...], draws: RowDraws, fitted: Fit) -> list[dict[str, Any]]:
    """Return each row, its bounds as shares, and what the fit predicts; outside is where the two do not meet."""
    terms = fitted.problem.terms
    bounds = dict(zip(terms.row_ids, observed_intervals(terms), strict=True))
    place = {row_id: index for index, row_id in enumerate(terms.row_ids)}
    entries = []
    for row in rows:
        lower, median, upper = np.quantile(draws.replicate[:, place[row.id]], PREDICTED)
        low, high = bounds[row.id]
        entries.append({
            **row.as_dict(),
            "observed": {"lower": float(low), "upper": float(high)},
            "expected": {"median": float(np.median(draws.share[:, place[row.id]]))},
            "predicted": {"median": float(median), "lower_99": float(lower), "upper_99": float(upper)},
            "outside": bool(high < lower or low > upper),
        })  # fmt: skip
    return entries


def _sensitivity(tree: xr.DataTree) -> list[dict[str, Any]]:
    """Return how far each claimed quantity's posterior moves when the claims' priors, or the likelihood, are scaled."""
    import arviz as az  # noqa: PLC0415 - heavy

    if "term" not in tree["log_likelihood"].dims and "officers" not in tree["log_likelihood"]:
        return []
    with only_results():
        table = az.psense_summary(
            tree, var_names=["quantities"], prior_var_names=["quantities"], threshold=SENSITIVE, round_to=5
        )
    names = tree["posterior"]["quantity"].to_numpy()
    return [
        {
            "quantity": str(name),
            "prior": float(prior),
            "likelihood": float(likelihood),
            "diagnosis": _diagnosis(float(prior), float(likelihood)),
        }
        for name, prior, likelihood in zip(names, table["prior"], table["likelihood"], strict=True)
    ]


def _diagnosis(prior: float, likelihood: float) -> str:
    if prior < SENSITIVE:
        return "rests on evidence" if likelihood >= SENSITIVE else "insensitive"
    return "prior and evidence may conflict" if likelihood >= SENSITIVE else "rests on the prior"


def _loo(tree: xr.DataTree) -> dict[str, Any] | None:
    """Return the PSIS-LOO estimate over the terms of the evidence (Vehtari, Gelman & Gabry 2017)."""
    import arviz as az  # noqa: PLC0415 - heavy

    if "term" not in tree["log_likelihood"].dims:
        return None
    with only_results():
        loo = az.loo(tree, var_name="evidence", pointwise=True)
    terms = [str(term) for term in tree["log_likelihood"]["term"].to_numpy()]
    return {
        "elpd": float(loo.elpd),
        "se": float(loo.se),
        "p": float(loo.p),
        "good_k": float(loo.good_k),
        "elpd_by_term": dict(zip(terms, loo.elpd_i.to_numpy().tolist(), strict=True)),
        "pareto_k": dict(zip(terms, loo.pareto_k.to_numpy().tolist(), strict=True)),
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
