"""Small fitting problems: evidence rows and officers that a test states in a line, and draws from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import xarray as xr

from model.evidence.officer_checks import BLANK, Individuals
from model.evidence.officers import Officers, collapse, read_officers
from model.evidence.rows import SOURCE, EvidenceRow, Origin
from model.fit.draws import prior_draws
from model.fit.problem import Problem, pose
from priors.elicitation import elicit_prior_set
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import Vocabulary

WHOLE_STUDY = ("2011-03-15", "2016-03-15")


def days(start: str, end: str) -> Window:
    """Return a window from two dates as text."""
    return Window(date.fromisoformat(start), date.fromisoformat(end))


def evidence_row(
    row_id: str,
    kind: str,
    total: tuple[float, float] | None,
    count: tuple[float, float],
    *,
    attribute: tuple[str, tuple[str, ...]] | None = None,
    window: tuple[str, str] = WHOLE_STUDY,
    bound_by: str = SOURCE,
    **population: tuple[str, ...],
) -> EvidenceRow:
    """Return an evidence row about the part of the armed forces that the keywords restrict it to.

    Without a total it counts among all who serve.
    """
    least, most = map(float, total) if total else (None, None)
    return EvidenceRow(
        id=row_id,
        kind=kind,
        population=population,
        attribute=attribute,
        window=days(*window),
        total_low=least,
        total_high=most,
        count_low=float(count[0]),
        count_high=float(count[1]),
        bound_by=bound_by,
        overlaps=(),
        source="a book",
        url="",
        note="",
        origin=Origin("rows.csv", 1),
    )


def no_officers(vocabulary: Vocabulary) -> Officers:
    """Return what a fit without officer files is given."""
    return read_officers([], vocabulary)


def random_individuals(vocabulary: Vocabulary, *, count: int, seed: int) -> Individuals:
    """Return officers at random cells and windows: a third stayed, the days of half the defections are known."""
    random = np.random.default_rng(seed)
    first, last = (day.toordinal() for day in (vocabulary.timeline.window.start, vocabulary.timeline.window.end))
    start = random.integers(first, last, count)
    end = random.integers(start + 1, last + 1)
    defected = random.random(count) < 2 / 3
    dated = defected & (random.random(count) < 0.5)
    return Individuals(
        cell=random.integers(0, len(vocabulary.cells), count),
        start=start,
        end=end,
        defected=defected,
        defected_on=np.where(dated, random.integers(start, end), BLANK),
    )


def random_officers(vocabulary: Vocabulary, *, count: int = 200, seed: int = 1) -> Officers:
    """Return the same officers, collapsed."""
    return collapse(random_individuals(vocabulary, count=count, seed=seed), vocabulary, digest="")


def make_problem(
    study: Study, rows: Sequence[EvidenceRow] = (), officers: Officers | None = None, *, priors: str = "pooled"
) -> Problem:
    """Return the problem of fitting rows and officers under a prior set."""
    officers = no_officers(study.vocabulary) if officers is None else officers
    return pose(study, elicit_prior_set(study, priors), tuple(rows), officers)


def random_draws(problem: Problem, *, draws: int = 8, seed: int = 1) -> xr.Dataset:
    """Return draws of the free variables from the prior of a problem, as one chain."""
    return prior_draws(problem, draws=draws, seed=seed)


def chained_draws(problem: Problem, *, chains: int = 2, draws: int = 5, seed: int = 1) -> xr.Dataset:
    """Return the same as several chains."""
    one = random_draws(problem, draws=chains * draws, seed=seed)
    return xr.Dataset({
        name: (value.dims, value.to_numpy().reshape(chains, draws, *value.shape[2:])) for name, value in one.items()
    })  # fmt: skip


def one_draw(draws: xr.Dataset, index: int) -> dict[str, np.ndarray]:
    """Return a single draw of the first chain, as arrays by name."""
    return {str(name): value.to_numpy()[0, index] for name, value in draws.items()}
