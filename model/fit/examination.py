"""A fit examined: its ArviZ tree, the ledger of claims, what it predicts of the evidence, and every check."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import xarray as xr

from model.evidence.rows import EvidenceRow
from model.fit.checks import Check, monte_carlo_check, warning_checks
from model.fit.fitting import Fit
from model.fit.ledger import ledger
from model.fit.named_priors import named_prior_draws
from model.fit.tree import assemble, by_term
from priors.study import Study

SENSITIVE = 0.05
"""Power-scaling sensitivity from which a quantity counts as sensitive (Kallioinen et al. 2024)."""

CLAIMED = ("log_reference_hazard", "log_hazard_ratio")
"""The variables that claims set the priors of."""

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
    named_priors : dict of str to xarray.Dataset
        Draws of each prior set with all its claims.
    """

    tree: xr.DataTree
    checks: tuple[Check, ...]
    claims: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    sensitivity: list[dict[str, Any]]
    loo: dict[str, Any] | None
    named_priors: dict[str, xr.Dataset]

    @property
    def passed(self) -> bool:
        """Whether every check that gates holds."""
        return all(check.passed for check in self.checks if check.gates)


def examine(fitted: Fit, study: Study, rows: tuple[EvidenceRow, ...]) -> Examination:
    """Examine a fit.

    Parameters
    ----------
    rows : tuple of EvidenceRow
        Those it was fitted to.
    """
    tree = assemble(fitted, rows)
    named_priors = named_prior_draws(fitted.problem, fitted.compiled, study)
    claims = ledger(fitted, study, named_priors)
    predicted = _predicted_rows(rows, tree["by_row"].to_dataset())
    sensitivity = _sensitivity(tree)
    checks = (
        *fitted.checks,
        monte_carlo_check(fitted.posterior["risk"]),
        *warning_checks(claims=claims, rows=predicted, sensitivity=sensitivity),
    )
    return Examination(tree, checks, claims, predicted, sensitivity, _loo(tree), named_priors)


def _predicted_rows(rows: tuple[EvidenceRow, ...], found: xr.Dataset) -> list[dict[str, Any]]:
    """Return each row, its bounds as shares, and what the fit predicts; outside is where the two do not meet."""
    if not rows:
        return []
    middle = found["expected"].median(("chain", "draw"))
    quantiles = found["predicted"].quantile(PREDICTED, dim=("chain", "draw"))
    entries = []
    for row in rows:
        low, high, expected = (float(each.sel(row=row.id)) for each in (found["lowest"], found["highest"], middle))
        lower, median, upper = (float(value) for value in quantiles.sel(row=row.id))
        entries.append({
            **row.as_dict(),
            "observed": {"lower": low, "upper": high},
            "expected": {"median": expected},
            "predicted": {"median": median, "lower_99": lower, "upper_99": upper},
            "outside": bool(high < lower or low > upper),
        })  # fmt: skip
    return entries


def _sensitivity(tree: xr.DataTree) -> list[dict[str, Any]]:
    """Return how far each claimed quantity's posterior moves when the claims' priors, or the likelihood, are scaled."""
    import arviz as az  # noqa: PLC0415 - heavy

    if not tree["log_likelihood"].data_vars:
        return []
    with only_results():
        table = az.psense_summary(
            tree, var_names=list(CLAIMED), prior_var_names=list(CLAIMED), threshold=SENSITIVE, round_to=5
        )
    names = [
        tree["posterior"].attrs["reference_risk"],
        *(str(name) for name in tree["posterior"]["quantity"].to_numpy()),
    ]
    return [
        {
            "quantity": name,
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
        "pareto_k": dict(zip(names, loo.pareto_k.to_numpy().tolist(), strict=True)),
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
