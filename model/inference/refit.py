"""A fit: a problem posed, sampled and checked for convergence."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from model.evidence.likelihood_terms import collapse
from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow, group_rows
from model.inference.checks import Check, convergence_checks
from model.inference.draws import Draws
from model.inference.hazard import hazards
from model.inference.knowledge import Knowledge
from model.inference.ledger import PRIOR_DRAWS, prior_draws
from model.inference.namespaces import NUMPY
from model.inference.problem import Problem
from model.inference.sampling import Progress, Sampler, Sampling, parameters_of
from model.inference.tree import log_hazard_dataset, parameter_dataset
from priors.elicitation import PriorSet
from priors.vocabulary import Vocabulary


@dataclass(frozen=True)
class Fit:
    """A fit in memory: the problem, posterior and prior draws, and the sampler's statistics.

    Attributes
    ----------
    checks : tuple of Check
        Of convergence.
    """

    problem: Problem
    posterior: Draws
    prior: Draws
    sample_stats: xr.Dataset
    checks: tuple[Check, ...]


def pose(knowledge: Knowledge, prior_set: PriorSet, rows: tuple[EvidenceRow, ...], officers: Officers) -> Problem:
    """Return the problem that a prior set, evidence rows and officers make."""
    return Problem(
        prior_set=prior_set,
        layout=knowledge.layout(prior_set),
        within_sect=knowledge.corps.within_sect,
        terms=collapse(group_rows(rows), knowledge.vocabulary),
        officers=officers,
    )


def fit(
    sampler: Sampler,
    problem: Problem,
    vocabulary: Vocabulary,
    sampling: Sampling,
    *,
    progress: Progress | None = None,
) -> Fit:
    """Sample a problem's posterior and check it.

    Parameters
    ----------
    progress : callable, optional
        Called now and then with draws done, draws in all, divergences.
    """
    sampled = sampler.sample(problem, sampling, progress=progress)
    parameters = parameters_of(sampled["posterior"].to_dataset())
    posterior = Draws(parameters, hazards(parameters, problem.layout, NUMPY))
    sample_stats = sampled["sample_stats"].to_dataset()
    watched = xr.merge([parameter_dataset(parameters, problem), log_hazard_dataset(posterior.tables, vocabulary)])
    return Fit(
        problem=problem,
        posterior=posterior,
        prior=prior_draws(problem.prior_set, problem.layout, draws=PRIOR_DRAWS, seed=sampling.seed),
        sample_stats=sample_stats,
        checks=convergence_checks(watched, sample_stats),
    )
