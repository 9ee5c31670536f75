"""Draws of every prior set with all its claims, whichever a fit is of: what authors alone would have said."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import xarray as xr

from priors.elicitation import elicit_prior_set
from priors.study import Study

if TYPE_CHECKING:
    from model.fit.fitting import Compiled
    from model.fit.problem import Problem

NAMED_DRAWS: Final = 4_000

SEED: Final = 20120802


def unfitted(study: Study) -> tuple[Problem, Compiled]:
    """Return a problem without evidence, and what is compiled for it: all that draws of priors alone need."""
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.fit.fitting import Compiled  # noqa: PLC0415 - heavy
    from model.fit.problem import pose  # noqa: PLC0415 - heavy

    prior_set = elicit_prior_set(study, next(iter(study.claims.prior_sets)))
    problem = pose(study, prior_set, (), read_officers([], study.vocabulary))
    return problem, Compiled.of(problem)


def named_prior_draws(
    problem: Problem, compiled: Compiled, study: Study, *, draws: int = NAMED_DRAWS, seed: int = SEED
) -> dict[str, xr.Dataset]:
    """Return draws of each prior set, by its name."""
    return {
        name: named_prior(name, problem, compiled, study, draws=draws, seed=seed) for name in study.claims.prior_sets
    }


def named_prior(
    name: str, problem: Problem, compiled: Compiled, study: Study, *, draws: int = NAMED_DRAWS, seed: int = SEED
) -> xr.Dataset:
    """Return independent draws of a prior set with all its claims.

    Parameters
    ----------
    name : str
        Of the prior set.
    problem : Problem
        One of the structure that was compiled.
    seed : int
        The same one gives the same draws, of each prior set others: a Bayes factor takes them to be independent.
    """
    own = dataclasses.replace(problem, prior_set=elicit_prior_set(study, name))
    return compiled.prior(own, draws=draws, seed=seed + list(study.claims.prior_sets).index(name))
