"""Frames of profiles as the bodies of questions, and answers as frames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from model.scoring.profiles import risk_columns, word_columns
from priors.vocabulary import fold

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

Record = dict[str, Any]
Profiles = Union["pd.DataFrame", Sequence[Mapping[str, Any]], Mapping[str, Any]]
"""Words for the study's attributes, one profile a row; or one profile alone."""


@dataclass(frozen=True, eq=False)
class Asked:
    """Profiles as they are asked about: of those in a frame each distinct one once.

    Attributes
    ----------
    frame : DataFrame
        As given.
    distinct : list of dict
        What is sent.
    of_row : ndarray of int, shape (row,)
        Which of these a row of the frame is.
    """

    frame: pd.DataFrame
    distinct: list[Record]
    of_row: NDArray[np.intp]

    @classmethod
    def of(cls, profiles: Profiles, members: Sequence[str], *, written: Sequence[str] = ()) -> Asked:
        """Return what a caller gives.

        Parameters
        ----------
        members : sequence of str
            What a profile may be stated by; in a frame other columns are no part of it, in a dict they are faults.
        written : sequence of str
            The columns that the answer will have.

        Raises
        ------
        ColumnError
            If a frame has no such column, or one that is to be written.
        """
        frame, of_dicts = as_frame(profiles)
        if of_dicts:
            return cls(frame, records(profiles, members), np.arange(len(frame)))
        columns = word_columns(list(frame.columns), members, written=written)
        words = frame[list(columns.values())].reset_index(drop=True)
        of_row = words.groupby(list(words), sort=False, dropna=False, observed=True).ngroup().to_numpy()
        return cls(frame, records(words.iloc[_first_rows(of_row)], members), of_row)

    @contextmanager
    def placing_faults(self, start: int = 0) -> Iterator[None]:
        """Tell faults of what was sent, from the distinct profile `start` on, by their rows in the frame."""
        from service.errors import InvalidQuestionError  # noqa: PLC0415 - heavy

        try:
            yield
        except InvalidQuestionError as error:
            rows = _first_rows(self.of_row)[start:]
            faults = [replace(fault, pointer=_placed(fault.pointer, rows)) for fault in error.faults]
            if tuple(faults) == error.faults:
                raise
            raise InvalidQuestionError("; ".join(map(str, faults)), faults) from error


def as_frame(given: Profiles) -> tuple[pd.DataFrame, bool]:
    """Return a frame as it is, and dicts as one; and whether it was dicts."""
    import pandas as pd  # noqa: PLC0415 - heavy

    if isinstance(given, pd.DataFrame):
        return given, False
    return pd.DataFrame([dict(each) for each in ([given] if isinstance(given, Mapping) else given)]), True


def records(given: Profiles, members: Sequence[str]) -> list[Record]:
    """Return what is known in each row: blank cells left out, columns that are named as members called so.

    Dicts are taken as they stand.
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    if not isinstance(given, pd.DataFrame):
        return [dict(each) for each in ([given] if isinstance(given, Mapping) else given)]
    names = [fold(str(name)) if fold(str(name)) in members else str(name) for name in given.columns]
    there = given.notna().to_numpy()
    rows = given.convert_dtypes().astype(object).to_numpy()
    return [
        {name: cell for name, cell, known in zip(names, row, kept, strict=True) if known and str(cell).strip()}
        for row, kept in zip(rows, there, strict=True)
    ]


def profiles(given: Profiles, members: Sequence[str]) -> list[Record]:
    """Return a profile for each row; other columns of a frame are no part of it.

    Raises
    ------
    ColumnError
        If a frame has none of a profile.
    """
    frame, of_dicts = as_frame(given)
    return records(given if of_dicts else frame[list(word_columns(list(frame.columns), members).values())], members)


def pairs(first: Profiles, second: Profiles, members: Sequence[str]) -> tuple[pd.Index[Any], list[Record]]:
    """Return pairs of profiles as they are sent, and their index; one profile alone goes with each of the others.

    Raises
    ------
    ValueError
        If there are as many of neither.
    """
    longer = max(first, second, key=lambda side: len(as_frame(side)[0]))
    index = as_frame(longer)[0].index
    sides = (profiles(side, members) for side in (first, second))
    one, other = (told * len(index) if len(told) == 1 else told for told in sides)
    if len(one) != len(other):
        raise ValueError(f"first, second: must be as many, or one of them alone; these are {len(one)} and {len(other)}")
    return index, [{"first": first, "second": second} for first, second in zip(one, other, strict=True)]


def cases(given: Profiles, members: Sequence[str], by: str | date | None) -> tuple[pd.Index[Any], list[Record]]:
    """Return cases as they are sent, each with its own day or that given for all, and their index."""
    told = []
    for record in records(given, (*members, "by")):
        day = {"by": record.pop("by", by)}
        told.append({"profile": record} | {name: each for name, each in day.items() if each is not None})
    return as_frame(given)[0].index, told


def risk_table(intervals: Sequence[float]) -> list[str]:
    """Return the columns that an assessment adds: those of `score`, and the risk in words."""
    return [*risk_columns(sorted(intervals)), "in_words"]


def of_assessments(asked: Asked, answer: Mapping[str, Any], intervals: Sequence[float]) -> pd.DataFrame:
    """Return the rows that were asked about with the risk of each."""
    import pandas as pd  # noqa: PLC0415 - heavy

    told = [_of_assessment(each) for each in answer["assessments"]]
    risks = pd.DataFrame(told, columns=risk_table(intervals)).iloc[asked.of_row]
    frame = pd.concat([asked.frame, risks.set_index(asked.frame.index)], axis=1)
    return _said(frame, answer)


def of_comparisons(index: pd.Index[Any], answers: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a row for each pair."""
    return _rows(index, answers, "comparisons", _of_comparison)


def of_surprises(index: pd.Index[Any], answers: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return a row for each case."""
    return _rows(index, answers, "surprises", _of_surprise)


def bounds(summary: Mapping[str, Any], name: str) -> Record:
    """Return the ends of the intervals of a summary, by the names of their columns."""
    return {
        f"{name}_{side}_{100 * interval['probability']:g}": interval[side]
        for interval in summary["intervals"]
        for side in ("lower", "upper")
    }


def profile_in_words(profile: Mapping[str, str]) -> str:
    """Return the levels that a profile states."""
    return ", ".join(profile.values()) or "anybody"


def _of_assessment(each: Mapping[str, Any]) -> Record:
    risk = each["risk"]
    return {
        "risk_mean": risk["mean"],
        "risk_median": risk["median"],
        **bounds(risk, "risk"),
        "relative_to_corps": each["relative_to_corps"]["ratio"],
        "posterior_contraction": each["posterior_contraction"],
        "author_shift": np.nan if each["author_shift"] is None else each["author_shift"],
        "in_words": each["in_words"],
    }


def _of_comparison(each: Mapping[str, Any]) -> Record:
    ratio, difference = each["risk_ratio"], each["risk_difference"]
    return {
        "first": profile_in_words(each["first"]["profile"]),
        "second": profile_in_words(each["second"]["profile"]),
        "probability_first_riskier": each["probability_first_riskier"],
        "first_mean": each["first"]["risk"]["mean"],
        "second_mean": each["second"]["risk"]["mean"],
        "ratio": ratio["ratio"],
        **bounds(ratio, "ratio"),
        "difference": difference["mean"],
        **bounds(difference, "difference"),
        "in_words": each["in_words"],
    }


def _of_surprise(each: Mapping[str, Any]) -> Record:
    return {
        "case": profile_in_words(each["profile"]),
        "by": each["by"],
        **{belief["prior_set"]: belief["probability"] for belief in each["priors"]},
        "posterior": each["posterior"]["probability"],
        **{
            f"bayes_factor_{factor['first']}_{factor['second']}": factor["bayes_factor"]
            for factor in each["bayes_factors"]
        },
        "in_words": each["in_words"],
    }


def _rows(index: pd.Index[Any], answers: Sequence[Mapping[str, Any]], name: str, row: Any) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 - heavy

    told = [row(each) for each in chain.from_iterable(answer[name] for answer in answers)]
    return _said(pd.DataFrame(told, index=index), answers[0])


def _said(frame: pd.DataFrame, answer: Mapping[str, Any]) -> pd.DataFrame:
    """Note in a frame who answered, and for which window."""
    frame.attrs = {name: answer[name] for name in ("model", "window", "caution") if name in answer}
    return frame


def _first_rows(of_row: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return for each distinct profile the first row that it is."""
    first: NDArray[np.intp] = np.unique(of_row, return_index=True)[1]
    return first


def _placed(pointer: str, rows: NDArray[np.intp]) -> str:
    """Return a pointer to a profile that was sent as one to its row in the frame."""
    found = re.fullmatch(r"(/officers/)([0-9]+)(.*)", pointer)
    return pointer if found is None else f"{found[1]}{rows[int(found[2])]}{found[3]}"
