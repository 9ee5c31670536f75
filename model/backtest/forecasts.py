"""Forecasts of the rows published after a day, from a fit to those known by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, Final

import numpy as np
import xarray as xr

from model.backtest.dates import published_after
from model.backtest.forecasters import Forecaster, forecasters
from model.backtest.questions import asked
from model.evidence.known import known_by
from model.evidence.likelihood import log_likelihood
from model.evidence.officers import read_officers
from model.evidence.rows import EvidenceRow, RowGroup, group_rows
from model.fit.by_row import bounds, by_row, row_by_row
from model.fit.design import make_design
from model.fit.draws import Expansion, flattened, prior_draws
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import Problem
from model.fit.sampling import Sampling
from model.parallel import in_shares
from model.what_if.terms import places
from priors.study import Study

OWN: Final = "list_concentration"
"""What each list has for itself: of one that is not known yet nothing but the prior is."""


@dataclass(frozen=True)
class Forecast:
    """What somebody forecast on a day.

    Attributes
    ----------
    at : date
    by : str
        The forecaster.
    hindsight : tuple of str
        Articles younger than the day, if it rests on such.
    failed : tuple of str
        Checks of convergence that the fit did not pass.
    known : tuple of str
        Ids of the rows that it was fitted to.
    draws : xarray.Dataset
        Of each `row` published later what was foreseen (`forecast`, by draw), in men or as a share (`in_men`), and the
        bounds of what came, `lowest` and `highest`; of each `term`, a row that stands alone or a list, the
        `log_likelihood` by draw.
    """

    at: date
    by: str
    hindsight: tuple[str, ...]
    failed: tuple[str, ...]
    known: tuple[str, ...]
    draws: xr.Dataset


def forecast_all(
    study: Study, rows: Sequence[EvidenceRow], days: Sequence[date], sampling: Sampling
) -> tuple[Forecast, ...]:
    """Return everybody's forecasts on each day, of all rows published later, over the joblib backend in force."""
    work = [(day, group) for day in days for group in range(len(forecasters(study, day)))]
    return tuple(chain.from_iterable(in_shares(partial(_share, study, tuple(rows), sampling), work)))


def _share(
    study: Study, rows: tuple[EvidenceRow, ...], sampling: Sampling, work: list[tuple[date, int]]
) -> list[Forecast]:
    """Do one worker's share of the days and of the groups of forecasters."""
    return [
        forecast
        for day, group in work
        for forecast in forecasts(study, rows, day, forecasters(study, day)[group], sampling)
    ]


def forecasts(
    study: Study, rows: Sequence[EvidenceRow], day: date, group: Sequence[Forecaster], sampling: Sampling
) -> Iterator[Forecast]:
    """Yield the forecasts, on a day, of forecasters whose models differ in data alone.

    The fit is to the rows known by the day, and nothing else of the rows reaches it. What is foreseen follows from what
    the later rows ask; what they answer is looked at when that is done.
    """
    known, later = known_by(rows, day), published_after(rows, day)
    problems = [posed(each, study, known) for each in group]
    questions = posed(group[0], study, asked(later))
    compiled, expansion = Compiled.of(problems[0], sampler=sampling.sampler), Expansion(questions)
    for each, problem in zip(group, problems, strict=True):
        fitted = fit(compiled, problem, sampling)
        yield Forecast(
            at=day,
            by=each.name,
            hindsight=each.hindsight,
            failed=tuple(check.name for check in fitted.checks if check.gates and not check.passed),
            known=tuple(row.id for row in known),
            draws=judge(foresee(fitted, questions, expansion), later, questions),
        )


def posed(forecaster: Forecaster, study: Study, rows: Sequence[EvidenceRow]) -> Problem:
    """Return the problem of a forecaster to whom rows are known, or who is asked them."""
    vocabulary = forecaster.vocabulary
    nobody = read_officers([], vocabulary)
    return Problem(forecaster.prior_set, study.corps, vocabulary, make_design(rows, nobody, vocabulary))


def foresee(fitted: Fit, questions: Problem, expansion: Expansion) -> xr.Dataset:
    """Return draws of all that the questions' model has, given the fit, and of what rows would say, as one chain."""
    posterior, sampling = fitted.posterior, fitted.sampling
    drawn = prior_draws(questions, draws=sampling.chains * sampling.draws, seed=sampling.seed)
    free = drawn.assign({
        name: (prior.dims, flattened(posterior[name])[None])
        for name, prior in drawn.items()
        if name in posterior and name != OWN
    })  # fmt: skip
    found = expansion.deterministics(free)
    predicted = expansion.predicted(questions, free, seed=sampling.seed)
    return found.assign(forecast=row_by_row(found, predicted, xr.Dataset(), questions.design)["predicted"])


def judge(foreseen: xr.Dataset, later: Sequence[EvidenceRow], questions: Problem) -> xr.Dataset:
    """Return what was foreseen of each row, beside what came and how probable that was."""
    design = make_design(later, questions.design.officers, questions.vocabulary)
    allowed, groups = bounds(design), group_rows(later)
    likelihood = [log_likelihood(group, *_expected(group, foreseen, questions)) for group in groups]
    ids = [row.id for row in later]
    forecast = flattened(foreseen["forecast"].sel(row=ids).transpose("chain", "draw", "row")).T
    return xr.Dataset(
        {
            "forecast": (("row", "draw"), forecast),
            "lowest": by_row(allowed, design, suffix="_lowest").sel(row=ids),
            "highest": by_row(allowed, design, suffix="_highest").sel(row=ids),
            "in_men": ("row", [row.total is None for row in later]),
            "log_likelihood": (("term", "draw"), np.array(likelihood)),
        },
        coords={"row": ids, "term": [group.ids for group in groups]},
    )


def _expected(group: RowGroup, foreseen: xr.Dataset, questions: Problem) -> tuple[Any, ...]:
    """Return what is expected of a row or of each place of a list, shape (draw, place), and a list's concentration."""
    if group.is_list:
        share = foreseen["expected_lists"].sel(list=group.ids).isel(place=slice(places(group)))
        return flattened(share), flattened(foreseen[OWN].sel(list=group.ids))
    expected = by_row(foreseen, questions.design, prefix="expected_").sel(row=[group.ids])
    return (flattened(expected),)
