"""Many refits to data drawn from the prior: the ranks of the truth among posterior draws, over any joblib backend.

Talts et al. (2018): where simulator, likelihood and sampler agree, each rank is uniform.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from numpy.random import SeedSequence
from numpy.typing import NDArray

from model.calibration.design import officers_by_design
from model.calibration.quantities import ranked_quantities
from model.evidence.reading import bundled_evidence
from model.fit.draws import prior_draws
from model.fit.fitting import Compiled
from model.fit.problem import Problem, pose
from model.fit.sampling import Sampling, unwatched
from model.parallel import in_shares
from priors.elicitation import elicit_prior_set
from priors.study import Study

Integers = NDArray[np.int64]
Distortion = Callable[[Problem], Problem]
"""What a test does to simulated data before they are fitted, as a likelihood that misreads them would."""


@dataclass(frozen=True)
class CalibrationPlan:
    """What is refitted: priors, the size of the officer file, how each posterior is sampled and thinned.

    Attributes
    ----------
    study : Study
    prior_set : str
        One of its own.
    kept : int
        Posterior draws that the truth is ranked among, evenly spaced, so that they are next to independent.
    """

    study: Study
    prior_set: str
    officers: int = 500
    sampling: Sampling = dataclasses.field(default=Sampling(draws=500, tune=400, chains=2, cores=1, target_accept=0.8))
    kept: int = 99


@dataclass(frozen=True)
class Ranks:
    """The ranks of true values among posterior draws.

    Attributes
    ----------
    ranks : ndarray of int, shape (refit, quantity)
        From 0 to `largest`.
    divergent : ndarray, shape (refit,)
        Share of divergent draws.
    """

    quantities: tuple[str, ...]
    ranks: Integers
    largest: int
    divergent: NDArray[np.float64]


@dataclass(frozen=True)
class CalibrationBench:
    """A compiled model with the design that data are simulated of."""

    plan: CalibrationPlan
    problem: Problem
    compiled: Compiled

    @classmethod
    def build(cls, plan: CalibrationPlan) -> CalibrationBench:
        """Read the study's own evidence, and compile the model."""
        study = plan.study
        rows = bundled_evidence(study)
        officers = officers_by_design(plan.officers, study.corps, study.vocabulary)
        problem = pose(study, elicit_prior_set(study, plan.prior_set), rows, officers)
        return cls(plan, problem, Compiled.of(problem))

    def refits(self, seeds: Sequence[SeedSequence], distortion: Distortion | None = None) -> Ranks:
        """Draw a truth, simulate, refit and rank, once for each seed."""
        done = [self._refit(seed, distortion or _as_it_is) for seed in seeds]
        names = tuple(done[0][0])
        ranks = np.array([[found[name] for name in names] for found, _ in done])
        return Ranks(names, ranks, self.plan.kept, np.array([divergent for _, divergent in done]))

    def simulate(self, truth: xr.Dataset, *, seed: int) -> Problem:
        """Return the problem of refitting what the model's own nodes report under a single draw of the prior."""
        replicate = self.compiled.expansion.predicted(self.problem, truth, seed=seed)
        return self.problem.reporting({str(node): values.to_numpy()[0, 0] for node, values in replicate.items()})

    def _refit(self, seed: SeedSequence, distortion: Distortion) -> tuple[dict[str, int], float]:
        of_prior, of_data, of_sampler = (int(part.generate_state(1)[0]) for part in seed.spawn(3))
        truth = prior_draws(self.problem, draws=1, seed=of_prior)
        problem = distortion(self.simulate(truth, seed=of_data))
        settings = dataclasses.replace(self.plan.sampling, seed=of_sampler)
        free, statistics = self.compiled.sampler.sample(problem, settings, unwatched)
        draws = self.compiled.expansion.deterministics(_ranked_among(truth, free, self.plan.kept))
        _, log_likelihood = self.compiled.expansion.densities(problem, draws)
        values = ranked_quantities(draws, log_likelihood, self.plan.study)
        ranks = {name: int((value[1:] < value[0]).sum()) for name, value in values.items()}
        return ranks, float(statistics["diverging"].mean())


def calibrate(plan: CalibrationPlan, *, refits: int, seed: int) -> Ranks:
    """Refit many simulated data sets over the joblib backend in force, and return the ranks of their truths.

    Each refit has a seed of its own, so that ranks depend neither on the backend nor on the number of workers. Each
    worker compiles the model once. Choose backend and workers with `joblib.parallel_config`.
    """
    parts = in_shares(partial(_share, plan), SeedSequence(seed).spawn(refits))
    return Ranks(
        quantities=parts[0].quantities,
        ranks=np.concatenate([part.ranks for part in parts]),
        largest=plan.kept,
        divergent=np.concatenate([part.divergent for part in parts]),
    )


def _as_it_is(problem: Problem) -> Problem:
    return problem


def _share(plan: CalibrationPlan, seeds: list[SeedSequence]) -> Ranks:
    """Do one worker's share of the refits."""
    return CalibrationBench.build(plan).refits(seeds)


def _ranked_among(truth: xr.Dataset, posterior: xr.Dataset, kept: int) -> xr.Dataset:
    """Return one chain: the truth, then evenly spaced posterior draws."""
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    chosen = np.linspace(0, chains * draws - 1, kept).astype(int)

    def joined(name: str) -> Any:
        values = posterior[name].to_numpy()
        flat = values.reshape(-1, *values.shape[2:])
        return truth[name].dims, np.concatenate([truth[name].to_numpy(), flat[chosen][None]], axis=1)

    return xr.Dataset({str(name): joined(str(name)) for name in posterior})
