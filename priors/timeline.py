"""The study window, its periods, and the months of a window that fall in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from priors.errors import WindowError

DAYS_IN_MONTH = 365.25 / 12


@dataclass(frozen=True, order=True)
class Window:
    """The days from `start` up to, and without, `end`."""

    start: date
    end: date

    def __str__(self) -> str:
        """Return the window as two dates."""
        return f"{self.start} to {self.end}"

    def as_dict(self) -> dict[str, str]:
        """Return it as it stands in an answer."""
        return {"from": str(self.start), "to": str(self.end)}

    @classmethod
    def from_dict(cls, said: Mapping[str, str]) -> Window:
        """Return the window that `as_dict` told."""
        return cls(date.fromisoformat(said["from"]), date.fromisoformat(said["to"]))


@dataclass(frozen=True)
class Period:
    """A part of the study in which the baseline hazard is constant."""

    name: str
    window: Window


@dataclass(frozen=True)
class Timeline:
    """The window of a study, in which anything is asked or known, cut into periods."""

    window: Window
    periods: tuple[Period, ...]

    @classmethod
    def from_data(cls, window: Mapping[str, Any], periods: Sequence[Mapping[str, Any]]) -> Timeline:
        """Return the timeline that `study.yaml` states."""
        cut = tuple(Period(entry["name"], Window(entry["start"], entry["end"])) for entry in periods)
        return cls(Window(window["start"], window["end"]), cut)

    @property
    def period_names(self) -> tuple[str, ...]:
        """The names of the periods, in order of time."""
        return tuple(period.name for period in self.periods)

    def checked(self, start: date, end: date) -> Window:
        """Return a window that is known to lie inside the study.

        Raises
        ------
        WindowError
            If it is empty or turned round, or reaches beyond the study; the message gives the nearest allowed.
        """
        if not self.window.start <= start < self.window.end:
            nearest = self.window.start if start < self.window.start else self.window.end - timedelta(days=1)
            raise WindowError(f"from: must lie in the study, {self.window}; nearest: {nearest}")
        if not self.window.start < end <= self.window.end:
            nearest = self.window.end if end > self.window.end else self.window.start + timedelta(days=1)
            raise WindowError(f"to: must lie in the study, {self.window}; nearest: {nearest}")
        if end <= start:
            raise WindowError("to: must come after `from`")
        return Window(start, end)

    def months(self, window: Window) -> NDArray[np.float64]:
        """Return the months of a window that fall in each period.

        Parameters
        ----------
        window : Window
            Any window; days outside the study count for nothing.

        Returns
        -------
        ndarray, shape (period,)
            Months of 365.25 / 12 days.
        """
        days = [
            (min(window.end, period.window.end) - max(window.start, period.window.start)).days
            for period in self.periods
        ]
        months: NDArray[np.float64] = np.maximum(np.array(days, dtype=float), 0.0) / DAYS_IN_MONTH
        return months
