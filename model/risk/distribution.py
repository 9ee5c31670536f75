"""How the risk of a profile is distributed, under the prior and under the posterior, and its hazard over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.density import common_grid, density
from model.risk.summaries import Summary, checked_intervals, rounded, summarise
from model.risk.table import RiskTable
from priors.timeline import Timeline, Window
from priors.vocabulary import Described, Profile

MOST_LOG_RISK: Final = 0.0
LEAST_RISK: Final = float(np.finfo(float).tiny)
"""What stands for a risk too small for a double, which has no logarithm."""


@dataclass(frozen=True)
class RiskDistribution:
    """The risk over draws.

    Attributes
    ----------
    log10_risk, density : tuple of float
        Points, and the density of the logarithm there; it integrates to 1.
    summary : Summary
        Of the risk itself, not of its logarithm.
    """

    log10_risk: tuple[float, ...]
    density: tuple[float, ...]
    summary: Summary

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "log10_risk": list(self.log10_risk),
            "density": list(self.density),
            **self.summary.as_dict(),
        }


@dataclass(frozen=True)
class PeriodHazard:
    """The monthly hazard in the part of a window that lies in one period of the study."""

    window: Window
    posterior: Summary
    prior: Summary

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            **self.window.as_dict(),
            "posterior": self.posterior.as_dict(),
            "prior": self.prior.as_dict(),
        }


@dataclass(frozen=True)
class Distribution:
    """All that is to be drawn of one profile."""

    described: Described
    posterior: RiskDistribution
    prior: RiskDistribution
    hazard: tuple[PeriodHazard, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return one element of the "distributions" of an answer, without the caller's id."""
        return {
            **self.described.as_dict(),
            "risk": {"posterior": self.posterior.as_dict(), "prior": self.prior.as_dict()},
            "hazard": [each.as_dict() for each in self.hazard],
        }


def distribution(
    table: RiskTable, profile: Profile, *, window: Window, intervals: Sequence[float] = DEFAULT_INTERVALS
) -> Distribution:
    """Return the distribution of the risk of a profile in a window, and its hazard over time.

    Parameters
    ----------
    table : RiskTable
    profile : mapping of str to str
        Attributes in the names of their levels; what is missing is averaged over the armed forces.
    window : Window
        Inside the study; the officer is still serving at its start.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a level is not an allowed one.
    """
    timeline = table.vocabulary.timeline
    window = timeline.checked(window.start, window.end)
    described, probabilities = table.vocabulary.described(profile), checked_intervals(intervals)
    known = described.profile

    def compute() -> Distribution:
        posterior, prior = (draws.risk(known, window) for draws in (table.posterior, table.prior))
        grid = common_grid([_logarithm(risk) for risk in (posterior, prior)], most=MOST_LOG_RISK)
        pieces = parts_of(window, timeline)
        hazards = [
            summarise(draws.monthly_hazards(known, pieces), probabilities) for draws in (table.posterior, table.prior)
        ]
        return Distribution(
            described,
            _on_grid(posterior, grid, probabilities),
            _on_grid(prior, grid, probabilities),
            tuple(PeriodHazard(*each) for each in zip(pieces, *hazards, strict=True)),
        )

    # Beside the risks of profiles, draw by draw, than each of which it is smaller.
    return table.risks.get(("distribution", tuple(sorted(known.items())), window, probabilities), compute)


def parts_of(window: Window, timeline: Timeline) -> tuple[Window, ...]:
    """Return the parts of a window that lie in each period of the study, in order of time."""
    parts = (
        Window(max(window.start, period.window.start), min(window.end, period.window.end))
        for period in timeline.periods
    )
    return tuple(part for part in parts if part.start < part.end)


def _on_grid(risk: NDArray[np.float64], grid: NDArray[np.float64], intervals: tuple[float, ...]) -> RiskDistribution:
    curve = density(_logarithm(risk), grid, most=MOST_LOG_RISK)
    (summary,) = summarise(risk[None], intervals)
    points = tuple(float(point) for point in grid)
    return RiskDistribution(points, tuple(rounded(float(height)) for height in curve), summary)


def _logarithm(risk: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.log10(np.maximum(risk, LEAST_RISK)))
