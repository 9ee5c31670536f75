"""The answer to a what-if question: risks and claims as they are and as they would be, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.reweighting import LARGEST_K
from model.risk.assessment import DEFAULT_INTERVALS, scale_of
from model.risk.summaries import Expected, checked_intervals, rounded
from model.risk.table import RiskTable
from model.risk.words import Scale, people
from model.what_if.changes import Changes
from model.what_if.terms import Terms, testable_claims
from model.what_if.weighing import Weighed, weigh
from priors.timeline import Window
from priors.vocabulary import Described, Profile

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Moved:
    """The risk of a profile as it is and, where the draws can tell, as it would be."""

    described: Described
    people: str
    as_it_is: Expected
    as_it_would_be: Expected | None

    def as_dict(self, scale: Scale) -> dict[str, Any]:
        """Return one element of the "officers" of an answer, its words on the scale of all that stand beside it."""
        after = self.as_it_would_be
        return {
            **self.described.as_dict(),
            "as_it_is": self.as_it_is.as_dict(),
            "as_it_would_be": None if after is None else after.as_dict(),
            "ratio": None if after is None else rounded(after.mean / self.as_it_is.mean),
            "in_words": self._in_words(scale),
        }

    def _in_words(self, scale: Scale) -> str:
        before = scale.about(self.as_it_is.mean)
        if self.as_it_would_be is None:
            return f"{before} such {self.people} as it is; how many there would be these draws cannot tell"
        return f"{scale.about(self.as_it_would_be.mean)} such {self.people}, where it is {before}"


@dataclass(frozen=True)
class WhatIf:
    """All that is said of changes.

    Attributes
    ----------
    changes : Changes
    weighed : Weighed or None
        None where what is stored cannot be counted otherwise as the changes would have it.
    draws : int
        Of the version's own posterior.
    officers : tuple of Moved
    claims : tuple of (str, float, float or None)
        Each testable claim, its probability as it is and, where the draws can tell, as it would be.
    """

    changes: Changes
    weighed: Weighed | None
    draws: int
    officers: tuple[Moved, ...]
    claims: tuple[tuple[str, float, float | None], ...]

    @property
    def known(self) -> bool:
        """Whether the draws can tell what the changes come to."""
        return self.weighed is not None and self.weighed.known

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        scale = scale_of(
            [risk for each in self.officers for risk in (each.as_it_is, each.as_it_would_be) if risk is not None]
        )
        return {
            "changes": self.changes.as_dict(),
            "reweighting": {
                "pareto_k": None if self.weighed is None else rounded(self.weighed.pareto_k),
                "effective_draws": None if self.weighed is None else rounded(self.weighed.effective),
                "draws": self.draws,
                "from": [] if self.weighed is None else list(self.weighed.prior_sets),
                "known": self.known,
            },
            "in_words": self._in_words(),
            "officers": [each.as_dict(scale) for each in self.officers],
            "claims": [
                {"id": name, "probability": before, "would_be": after} for name, before, after in self.claims
            ],
        }  # fmt: skip

    def _in_words(self) -> str:
        if self.weighed is None:
            return "The draws do not hold what a list would then leave over: refit to know."
        k = f"Pareto k {self.weighed.pareto_k:.2f}, trusted up to {LARGEST_K:g}"
        if not self.weighed.known:
            return f"Too far from what was fitted for its draws to tell ({k}): refit to know."
        sets = self.weighed.prior_sets
        of = "" if len(sets) == 1 else f" of the fits under {', '.join(sets)} together"
        return f"Weighed anew, the draws{of} are worth {self.weighed.effective:,.0f} ({k})."


def what_if(
    table: RiskTable,
    terms: Terms,
    profiles: Sequence[Profile],
    changes: Changes,
    *,
    window: Window,
    intervals: Sequence[float] = DEFAULT_INTERVALS,
) -> WhatIf:
    """Return what the risks of profiles, and claims, would be under changes.

    Parameters
    ----------
    terms : Terms
        Of the same version as the table.
    profiles : sequence of mapping
        Attributes, in the names of their levels; what is missing is averaged over the armed forces.
    window : Window
        Inside the study.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a level is not an allowed one.
    """
    window = table.vocabulary.timeline.checked(window.start, window.end)
    probabilities = checked_intervals(intervals)
    weighed = weigh(terms, changes)
    trusted = weighed if weighed is not None and weighed.known else None
    others = () if trusted is None else tuple(table.beside[name] for name in trusted.prior_sets[1:])

    def moved(profile: Profile) -> Moved:
        known = table.vocabulary.described(profile)
        own = table.profile_risk(known.profile, window)
        as_it_is = Expected.of(own, probabilities)
        after = None if changes else as_it_is
        if changes and trusted is not None:
            # The version's own draws come first.
            risk = np.concatenate([own, *(other.risk(known.profile, window) for other in others)])
            after = Expected.weighted(risk, trusted.weights, probabilities)
        return Moved(known, people(known.profile, table.vocabulary), as_it_is, after)

    return WhatIf(changes, weighed, table.posterior.count, tuple(map(moved, profiles)), _claims(terms, trusted))


def _claims(terms: Terms, trusted: Weighed | None) -> tuple[tuple[str, float, float | None], ...]:
    """Return the probability of each testable claim as it is, and as it would be."""
    sets: Mapping[str, Any] = {terms.prior_set: terms.own, **terms.beside}
    before = terms.own.holds.mean(axis=0)
    after: list[float | None] = [None] * len(before)
    if trusted is not None:
        after = (trusted.weights @ np.concatenate([sets[name].holds for name in trusted.prior_sets])).tolist()
    return tuple(
        (claim.id, rounded(float(own)), None if other is None else rounded(min(other, 1.0)))
        for claim, own, other in zip(testable_claims(terms.study), before, after, strict=True)
    )
