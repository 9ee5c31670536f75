"""The checks that every fit ends in: those of convergence stop it from being served, the others warn, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from model.fit.verdicts import CONTRADICTED

LARGEST_RHAT = 1.01
SMALLEST_ESS = 400
LARGEST_DIVERGENT_SHARE = 0.001
SMALLEST_BFMI = 0.3
LARGEST_MONTE_CARLO_ERROR = 0.05

WARNINGS: Mapping[str, tuple[str, str]] = {
    "rows": (
        "a fit to the rest of the evidence would not be surprised by any row that stands alone",
        "look at the row's source, or at what the model leaves out",
    ),
    "lists": (
        "a fit to the rest of the evidence would divide each list of those who left about as its source does",
        "look at how the source picked whom it names",
    ),
    "prior_conflict": (
        "the evidence moves no quantity further than what is claimed of it leads to expect",
        "fit under each prior set, and report both",
    ),
    "claims_contradicted": (
        "the evidence does not speak against a claim by three to one or more and leave it less likely than not",
        "read the claim beside the rows; the ledger has its probabilities, and what the verdict hangs on",
    ),
}
"""What each check that warns says when it holds, and what to do when it does not."""


@dataclass(frozen=True)
class Check:
    """A named test of a fit: what was measured, what is allowed, why, and what to do when it fails.

    A check that gates keeps a fit that fails it from being served; one that does not is a warning.
    """

    name: str
    value: float
    threshold: float
    rule: str
    where: str
    reason: str
    remedy: str
    gates: bool = True

    @property
    def passed(self) -> bool:
        """Whether the value keeps the rule; what is not a number never does."""
        if self.rule == "at most":
            return bool(self.value <= self.threshold)
        return bool(self.value >= self.threshold)

    def as_dict(self) -> dict[str, object]:
        """Return the check as the manifest stores it; a value that is no finite number is null."""
        return {
            "name": self.name,
            "value": round(self.value, 5) if np.isfinite(self.value) else None,
            "rule": self.rule,
            "threshold": self.threshold,
            "passed": self.passed,
            "gates": self.gates,
            "where": self.where,
            "reason": self.reason,
            "remedy": self.remedy,
        }


def convergence_checks(watched: xr.Dataset, sample_stats: xr.Dataset) -> tuple[Check, ...]:
    """Return the checks of convergence.

    Parameters
    ----------
    watched : xarray.Dataset
        Every free variable, the baseline, and the log cumulative hazard of every cell; dimensions chain and draw lead.
    sample_stats : xarray.Dataset
        With `diverging`, `maxdepth_reached` and `energy`.

    Notes
    -----
    Rank-normalised split R-hat and bulk and tail effective sample sizes (Vehtari et al. 2021); E-BFMI (Betancourt
    2016).
    """
    import arviz as az  # noqa: PLC0415 - heavy

    rhat, where_rhat = _extreme(az.rhat(watched), highest=True)
    bulk, where_bulk = _extreme(az.ess(watched, method="bulk"), highest=False)
    tail, where_tail = _extreme(az.ess(watched, method="tail"), highest=False)
    divergent = float(sample_stats["diverging"].mean())
    bfmi = float(az.bfmi(sample_stats["energy"]).to_numpy().min())
    longer = "refit with more --draws"
    return (
        Check("r_hat", rhat, LARGEST_RHAT, "at most", where_rhat, "the chains agree on where the mass is", longer),
        Check("ess_bulk", bulk, SMALLEST_ESS, "at least", where_bulk, "means and medians are steady", longer),
        Check("ess_tail", tail, SMALLEST_ESS, "at least", where_tail, "the ends of intervals are steady", longer),
        Check(
            "tree_depth", float(sample_stats["maxdepth_reached"].mean()), LARGEST_DIVERGENT_SHARE, "at most",
            "share of draws", "no trajectory was cut off", "refit with more --tune",
        ),
        Check(
            "divergences", divergent, LARGEST_DIVERGENT_SHARE, "at most", "share of draws",
            "no corner of the posterior was cut", "refit with --target-accept 0.99",
        ),
        Check(
            "e_bfmi", bfmi, SMALLEST_BFMI, "at least", "lowest chain",
            "the energy was explored as well as its marginal", "refit with more --draws, or look at the pair plots",
        ),
    )  # fmt: skip


def monte_carlo_check(risk: xr.DataArray) -> Check:
    """Return the check that the Monte Carlo error of every cell's risk is small beside its posterior sd.

    Parameters
    ----------
    risk : xarray.DataArray
        Over the study; dimensions chain and draw lead.
    """
    import arviz as az  # noqa: PLC0415 - heavy

    dataset = risk.to_dataset(name="risk")
    ratio = az.mcse(dataset, method="mean") / dataset.std(("chain", "draw"))
    worst, where = _extreme(ratio, highest=True)
    return Check(
        "monte_carlo_error", worst, LARGEST_MONTE_CARLO_ERROR, "at most", where,
        "another seed would give the same risks, to within a twentieth of their sd", "refit with more --draws",
    )  # fmt: skip


def warning_checks(
    *,
    claims: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    lists: list[dict[str, Any]],
    conflicts: list[dict[str, Any]],
) -> tuple[Check, ...]:
    """Return the checks that warn: they concern what is believed and what was seen, not how it was computed."""
    found = {
        "rows": [row["id"] for row in rows if row["flagged"]],
        "lists": [each["list"] for each in lists if each["flagged"]],
        "prior_conflict": [each["quantity"] for each in conflicts if each["flagged"]],
        "claims_contradicted": [claim["id"] for claim in claims if claim["verdict"] == CONTRADICTED],
    }
    return tuple(
        Check(name, len(found[name]), 0, "at most", ", ".join(found[name]), reason, remedy, gates=False)
        for name, (reason, remedy) in WARNINGS.items()
    )


def _extreme(values: xr.Dataset, *, highest: bool) -> tuple[float, str]:
    """Return the worst value over all variables and coordinates, and where it stands; a NaN is the worst of all."""
    dataset = values.to_dataset() if isinstance(values, xr.DataTree) else values
    worst, where = (-np.inf if highest else np.inf), ""
    for name, variable in dataset.data_vars.items():
        stacked = variable.to_numpy().ravel()
        if np.isnan(stacked).any():
            return float("nan"), str(name)
        index = int(stacked.argmax() if highest else stacked.argmin())
        if (stacked[index] > worst) == highest and stacked[index] != worst:
            worst, where = float(stacked[index]), _place(variable, index, str(name))
    return worst, where


def _place(variable: xr.DataArray, index: int, name: str) -> str:
    position = np.unravel_index(index, variable.shape)
    labels = [str(variable[dim].to_numpy()[i]) for dim, i in zip(variable.dims, position, strict=True)]
    return f"{name}[{', '.join(labels)}]" if labels else name
