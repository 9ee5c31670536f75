"""What if one thing about a profile were different: each attribute at each of its other levels, in the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from model.risk.assessment import DEFAULT_INTERVALS
from model.risk.comparison import Comparison, compare
from model.risk.table import RiskTable
from priors.timeline import Window
from priors.vocabulary import Described, Profile


@dataclass(frozen=True)
class Change:
    """One attribute at another level, all else as it was.

    Attributes
    ----------
    attribute : str
    before : str or None
        The level it was at; None where it was averaged over.
    after : str
    comparison : Comparison
        The changed profile, first, with the one it was.
    """

    attribute: str
    before: str | None
    after: str
    comparison: Comparison

    def as_dict(self) -> dict[str, Any]:
        """Return it as it stands in an answer."""
        return {
            "attribute": self.attribute,
            "from": self.before,
            "to": self.after,
            "probability_riskier": self.comparison.probability_first_riskier,
            "risk_ratio": self.comparison.risk_ratio.as_dict(),
            "risk_difference": self.comparison.risk_difference.as_dict(),
        }


@dataclass(frozen=True)
class Counterfactuals:
    """All that is said of a profile and its neighbours."""

    described: Described
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return one element of the "counterfactuals" of an answer, without the caller's id."""
        return {
            **self.described.as_dict(),
            "changes": [change.as_dict() for change in self.changes],
        }


def counterfactuals(
    table: RiskTable, profile: Profile, *, window: Window, intervals: Sequence[float] = DEFAULT_INTERVALS
) -> Counterfactuals:
    """Compare a profile with every other that differs from it in one attribute.

    That is a statement about two groups of men, those so described and those described otherwise in one respect; not
    about what would become of a man who changed.

    Parameters
    ----------
    table : RiskTable
    profile : mapping of str to str
        Attributes in the names of their levels; one missing is averaged over the forces, and set in turn to each
        of its levels.
    window : Window
        Inside the study.
    intervals : sequence of float
        Probabilities of the equal-tailed intervals.

    Raises
    ------
    WindowError, IntervalError, UnknownWordError
        If the window, a probability or a level is not an allowed one.
    """
    described = table.vocabulary.described(profile)
    known = described.profile
    changes = [
        (each.name, level)
        for each in table.vocabulary.attributes
        for level in each.names
        if level != known.get(each.name)
    ]
    return Counterfactuals(
        described,
        tuple(
            Change(
                name, known.get(name), level,
                compare(table, {**known, name: level}, known, window=window, intervals=intervals),
            )
            for name, level in changes
        ),
    )  # fmt: skip
