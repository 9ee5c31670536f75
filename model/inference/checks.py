"""The checks a fit must pass before it is served: convergence of every parameter and of every cell's hazard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

LARGEST_RHAT = 1.01
SMALLEST_ESS = 400
LARGEST_DIVERGENT_SHARE = 0.001
SMALLEST_BFMI = 0.3


@dataclass(frozen=True)
class Check:
    """A named test of a fit: what was measured, what is allowed, why, and what to do when it fails."""

    name: str
    value: float
    threshold: float
    rule: str
    where: str
    reason: str
    remedy: str

    @property
    def passed(self) -> bool:
        """Whether the value keeps the rule; what is not a number never does."""
        if self.rule == "at most":
            return bool(self.value <= self.threshold)
        return bool(self.value >= self.threshold)

    def as_dict(self) -> dict[str, object]:
        """Return the check as the manifest stores it."""
        return {
            "name": self.name,
            "value": round(self.value, 5),
            "rule": self.rule,
            "threshold": self.threshold,
            "passed": self.passed,
            "where": self.where,
            "reason": self.reason,
            "remedy": self.remedy,
        }


def convergence_checks(watched: xr.Dataset, sample_stats: xr.Dataset) -> tuple[Check, ...]:
    """Return the checks of convergence.

    Parameters
    ----------
    watched : xarray.Dataset
        Every parameter, and the log hazard of every cell in every period; dimensions chain and draw lead.
    sample_stats : xarray.Dataset
        With `diverging` and `energy`.

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
    bfmi = float(az.bfmi(sample_stats["energy"]).min())
    longer = "refit with more --draws"
    return (
        Check("r_hat", rhat, LARGEST_RHAT, "at most", where_rhat, "the chains agree on where the mass is", longer),
        Check("ess_bulk", bulk, SMALLEST_ESS, "at least", where_bulk, "means and medians are steady", longer),
        Check("ess_tail", tail, SMALLEST_ESS, "at least", where_tail, "the ends of intervals are steady", longer),
        Check(
            "divergences", divergent, LARGEST_DIVERGENT_SHARE, "at most", "share of draws",
            "no corner of the posterior was cut", "refit with --target-accept 0.99",
        ),
        Check(
            "e_bfmi", bfmi, SMALLEST_BFMI, "at least", "lowest chain",
            "the energy was explored as well as its marginal", "refit with more --draws, or look at the pair plots",
        ),
    )  # fmt: skip


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
