"""One body of evidence fitted under several prior sets, compiled once."""

from __future__ import annotations

from collections.abc import Sequence

from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import pose
from model.fit.sampling import Progress, Sampling, unwatched
from priors.elicitation import PriorSet
from priors.study import Study


def fit_prior_sets(
    study: Study,
    prior_sets: Sequence[PriorSet],
    rows: tuple[EvidenceRow, ...],
    officers: Officers,
    sampling: Sampling,
    *,
    progress: Progress = unwatched,
) -> dict[str, Fit]:
    """Fit the same evidence under each of several prior sets.

    Parameters
    ----------
    prior_sets : sequence of PriorSet
        At least one; their names differ.
    progress : callable
        Called now and then with draws done, draws in all, divergences, for each fit anew.

    Returns
    -------
    dict of str to Fit
        By the name of the prior set, in the order given.

    Raises
    ------
    SamplingError
        If no starting point has a finite density.
    """
    problems = [pose(study, prior_set, rows, officers) for prior_set in prior_sets]
    compiled = Compiled.of(problems[0], sampler=sampling.sampler)
    return {problem.prior_set.name: fit(compiled, problem, sampling, progress=progress) for problem in problems}
