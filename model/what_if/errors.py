"""What can be wrong with what is supposed otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from model.risk.errors import RiskError


class ChangeError(RiskError):
    """A change names no claim, article or row that there is, or a value that is not allowed.

    Parameters
    ----------
    place : sequence of str
        The names that lead to what is wrong, such as `bounds`, a row, `low`.
    rule : str
    nearest : sequence of str
        The nearest valid values, best first.
    """

    def __init__(self, place: Sequence[str], rule: str, nearest: Sequence[str] = ()) -> None:
        self.place, self.rule, self.nearest = tuple(place), rule, tuple(nearest)
        near = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        super().__init__(f"{': '.join(self.place)}: {rule}{near}")


class NotSupposableError(RiskError):
    """A question of what would be cannot be understood; its message says where and why."""


class NoTermsError(RiskError):
    """The version at hand does not keep what reweighting needs."""
