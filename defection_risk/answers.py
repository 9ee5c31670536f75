"""What a version is asked, wherever it answers: bodies out of frames, and frames out of answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

import orjson

from defection_risk import frames
from defection_risk.frames import Asked, Profiles
from defection_risk.trees import Outlook, WhatIf

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Window = Mapping[str, Any] | Sequence[str | date | None]
"""First day, and the day after the last; either may be None. Or `{"from": ..., "to": ...}`."""

INTERVALS: Final = (0.5, 0.9)
MOST_OFFICERS, MOST_PAIRS, MOST_CASES = 10_000, 1_000, 20
"""What the service takes in one question; more are asked in parts."""


class Answers(ABC):
    """Answers questions, as the service does."""

    @abstractmethod
    def _answer(self, path: str, content: bytes) -> bytes:
        """Return the bytes that `POST path` answers to those of a body."""

    @abstractmethod
    def _words(self) -> tuple[str, ...]:
        """Return what a profile may be stated by."""

    @cached_property
    def members(self) -> tuple[str, ...]:
        """What a profile may be stated by: the study's attributes, and `unit` where it names units."""
        return self._words()

    def ask(self, path: str, body: Any) -> dict[str, Any]:
        """Ask any question of the service, and return the whole of its answer.

        Parameters
        ----------
        path : str
            Of the route, such as `/v1/comparisons`.
        body : object
            As `/docs` describes it; dates may be dates.

        Raises
        ------
        ProblemError
            If it cannot be answered; `faults` says where in the body, which rule, and what is nearest.

        Examples
        --------
        >>> answer = model.ask("/v1/assessments", {"officers": [{}]})
        >>> answer["model"]["version"] == model.version, len(answer["assessments"])
        (True, 1)
        """
        content = orjson.dumps(body, _plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_PASSTHROUGH_DATETIME)
        answer: dict[str, Any] = orjson.loads(self._answer(path, content))
        return answer

    def assess(
        self, profiles: Profiles, window: Window | None = None, intervals: Sequence[float] = INTERVALS
    ) -> pd.DataFrame:
        """Return the risk of each profile.

        Parameters
        ----------
        profiles : DataFrame, list of dict, or dict
            Words for the study's attributes; what is blank or left out is averaged over the forces. Other columns of a
            frame are carried through.
        window : pair of days, or dict, optional
            The whole study where it is left out.
        intervals : sequence of float
            Probabilities of the equal-tailed intervals.

        Returns
        -------
        DataFrame
            The index and the columns given, then those that `defection-risk score` writes, and the risk in words.
            `attrs` says which version answered, and for which window.

        Examples
        --------
        >>> risks = model.assess([{}, *model.study.profiles.values()])
        >>> list(risks.columns[-4:])
        ['relative_to_corps', 'posterior_contraction', 'author_shift', 'in_words']
        """
        asked, answer = self._assessed(profiles, window, intervals)
        return frames.of_assessments(asked, answer, intervals)

    def compare(
        self, first: Profiles, second: Profiles, window: Window | None = None, intervals: Sequence[float] = INTERVALS
    ) -> pd.DataFrame:
        """Return which of two profiles is the riskier, pair by pair, each in the same draws of the posterior.

        Parameters
        ----------
        first, second : DataFrame, list of dict, or dict
            As many of one as of the other; one alone is set against each of the others.

        Returns
        -------
        DataFrame
            A row a pair: both risks, the probability that the first is the higher, their ratio and their difference.

        Examples
        --------
        >>> one, other, *_ = model.study.profiles.values()
        >>> model.compare(one, other).columns[2]
        'probability_first_riskier'
        """
        index, pairs = frames.pairs(first, second, self.members)
        terms = _terms(window, intervals)
        parts = (self.ask("/v1/comparisons", {"pairs": part} | terms) for part in batched(pairs, MOST_PAIRS))
        return frames.of_comparisons(index, list(parts))

    def outlook(
        self,
        force: Profiles,
        *,
        window: Window | None = None,
        intervals: Sequence[float] = INTERVALS,
        at_least: Sequence[int] | None = None,
        decisive: Sequence[Mapping[str, Sequence[str]]] | None = None,
        decisive_widened: bool | None = None,
        moves: Mapping[str, Any] | None = None,
        strength: Mapping[str, Any] | None = None,
        seed: int | None = None,
    ) -> Outlook:
        """Return what a force as a whole is to expect: how many leave, who, when, and what moves change.

        Parameters
        ----------
        force : DataFrame, list of dict, or dict
            Profiles with a `count`.
        at_least : sequence of int, optional
            Numbers of which the probability of at least so many is wanted.
        decisive : sequence of dict, optional
            Whose leaving is decisive: words by attribute.
        decisive_widened : bool, optional
            Whether those count besides of whom the study says so.
        moves : dict, optional
            What is supposed beside the fit, such as `{"contagion": {}, "watch": {"share": 0.3}}`; a number left out is
            drawn from the study's interval.
        strength : dict, optional
            Asks for what is left to fight with, such as `{"reliable_below": 0.1}`; told with moves in any case.
        seed : int, optional
            Of all that is simulated.

        Examples
        --------
        >>> outlook = model.outlook(dr.load_example("force"), at_least=[5])
        >>> outlook["force"]["total"], outlook.over_time.columns[0]
        (58, 'mean')
        >>> watched = model.outlook(dr.load_example("force"), moves={"watch": {"share": 0.3}})
        >>> bool(watched["moves"]["changed"]["defections"]["difference"] < 0)
        True
        >>> watched.strength["reliable"].columns[0]
        'mean'
        """
        body = {"force": frames.records(force, (*self.members, "count"))} | _terms(window, intervals)
        said: dict[str, Any] = {"at_least": at_least, "decisive": decisive, "decisive_widened": decisive_widened}
        said |= {"moves": moves, "strength": strength, "seed": seed}
        return Outlook(self.ask("/v1/outlooks", body | _stated(said)))

    def surprise(self, cases: Profiles, *, by: str | date | None = None, corps: int | None = None) -> pd.DataFrame:
        """Return how probable each article made it that at least one such man would have left by a day.

        Parameters
        ----------
        cases : DataFrame, list of dict, or dict
            Profiles; each may state a day of its own as `by`.
        by : day, optional
            For all that state none.
        corps : int, optional
            How many serve; as many as in each draw where it is left out.

        Returns
        -------
        DataFrame
            A row a case: the probability under each prior set and under the posterior, and the Bayes factors.

        Examples
        --------
        >>> case = next(iter(model.study.profiles.values()))
        >>> found = model.surprise(case, by=model.study.timeline.window.start)
        >>> bool((found["posterior"] <= 1).all())
        True
        """
        index, told = frames.cases(cases, self.members, by)
        parts = (
            self.ask("/v1/surprises", {"cases": part} | _stated({"corps": corps})) for part in batched(told, MOST_CASES)
        )
        return frames.of_surprises(index, list(parts))

    def what_if(
        self,
        profiles: Profiles,
        *,
        without_claims: Sequence[str] = (),
        without_rows: Sequence[str] = (),
        weights: Mapping[str, float] | None = None,
        bounds: Mapping[str, Mapping[str, float]] | None = None,
        window: Window | None = None,
        intervals: Sequence[float] = INTERVALS,
    ) -> WhatIf:
        """Return what the risks, and the claims, would be if the evidence or the articles were different.

        Parameters
        ----------
        profiles : DataFrame, list of dict, or dict
        without_claims, without_rows : sequence of str
            Claims and rows to strike out, by id.
        weights : dict, optional
            How much an article's claims, or a row, count: 1 leaves them as they are.
        bounds : dict, optional
            Other bounds of a row's count: `{"E03": {"high": 50}}`.

        Examples
        --------
        >>> first, *_ = model.study.claims.claims
        >>> supposed = model.what_if({}, without_claims=[first.id])
        >>> supposed["changes"]["without_claims"] == [first.id], list(supposed.claims.columns)
        (True, ['probability', 'would_be'])
        """
        told = frames.profiles(profiles, self.members)
        said = {"without_claims": [*without_claims], "without_rows": [*without_rows], "weights": weights}
        changes = {name: each for name, each in (said | {"bounds": bounds}).items() if each}
        answer = self.ask("/v1/what-if", {"officers": told} | _terms(window, intervals) | changes)
        return WhatIf(answer, frames.as_frame(profiles)[0])

    def plot_risk(
        self,
        profiles: Profiles,
        window: Window | None = None,
        intervals: Sequence[float] = INTERVALS,
        *,
        ax: Axes | None = None,
    ) -> Axes:
        """Draw the risks of profiles, medians with intervals on a scale of logarithms, and return the axes.

        Examples
        --------
        >>> model.plot_risk(dr.load_example("force").drop(columns="count")).get_xlabel()
        'leave, of 1,000 alike'
        """
        from defection_risk import figures  # noqa: PLC0415 - heavy

        asked, answer = self._assessed(profiles, window, intervals)
        return figures.risks(asked, answer["assessments"], ax)

    def plot_why(self, profile: Mapping[str, Any], window: Window | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw by what factors a profile's risk departs from that of all the forces, and return the axes.

        Examples
        --------
        >>> model.plot_why(next(iter(model.study.profiles.values()))).get_xlabel()
        'times the risk of all the forces'
        """
        from defection_risk import figures  # noqa: PLC0415 - heavy

        (each,) = self._assessed(dict(profile), window, INTERVALS)[1]["assessments"]
        return figures.why(each, ax)

    def plot_density(self, profile: Mapping[str, Any], window: Window | None = None, *, ax: Axes | None = None) -> Axes:
        """Draw the density of a profile's risk before the evidence and after it, and return the axes.

        Examples
        --------
        >>> model.plot_density({}).get_xlabel()
        'log10 of the risk'
        """
        from defection_risk import figures  # noqa: PLC0415 - heavy

        body = {"officers": [dict(profile)]} | _windowed(window)
        (each,) = self.ask("/v1/distributions", body)["distributions"]
        return figures.density(each["risk"], ax)

    def _assessed(
        self, profiles: Profiles, window: Window | None, intervals: Sequence[float]
    ) -> tuple[Asked, dict[str, Any]]:
        """Return what is asked, and the answer about its distinct profiles."""
        asked = Asked.of(profiles, self.members, written=frames.risk_table(intervals))
        terms, answer = _terms(window, intervals), {}
        assessments: list[dict[str, Any]] = []
        for start in range(0, max(1, len(asked.distinct)), MOST_OFFICERS):
            part = asked.distinct[start : start + MOST_OFFICERS]
            with asked.placing_faults(start):
                answer = self.ask("/v1/assessments", {"officers": part} | terms)
            assessments += answer["assessments"]
        return asked, answer | {"assessments": assessments}


def _terms(window: Window | None, intervals: Sequence[float]) -> dict[str, Any]:
    return {"intervals": list(intervals)} | _windowed(window)


def _windowed(window: Window | None) -> dict[str, Any]:
    if window is None:
        return {}
    days = dict(window) if isinstance(window, Mapping) else dict(zip(("from", "to"), window, strict=True))
    return {"window": _stated(days)}


def _stated(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in members.items() if each is not None}


def _plain(value: object) -> str:
    """Return a day as the service takes it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__}: is nothing that JSON holds")
