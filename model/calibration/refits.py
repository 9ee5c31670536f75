"""Many refits to data drawn from the prior: the ranks of the truth among posterior draws, over any joblib backend.

Talts et al. (2018): where simulator, likelihood and sampler agree, each rank is uniform.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from model.backends import in_shares
from model.calibration.quantities import ranked_quantities
from model.calibration.simulation import Force, simulate_evidence, simulate_officers
from model.evidence.officers import collapse as collapse_officers
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from model.fit.draws import Draws
from model.fit.hazard import Parameters, hazards
from model.fit.knowledge import Knowledge, load_knowledge
from model.fit.ledger import prior_draws
from model.fit.namespaces import NUMPY
from model.fit.problem import Problem
from model.fit.refit import pose
from model.fit.sampling import Nutpie, Sampler, Sampling, parameters_of
from priors.prior_sets import DEFAULT_PRIOR_SET

Integers = NDArray[np.int64]
Distortion = Callable[[Problem], Problem]
"""What a test does to simulated data before they are fitted, as a likelihood that misreads them would."""


@dataclass(frozen=True)
class Plan:
    """What is refitted: priors, the size of the officer file, how each posterior is sampled and thinned.

    Attributes
    ----------
    kept : int
        Posterior draws that the truth is ranked among, evenly spaced, so that they are next to independent.
    """

    prior_set: str = DEFAULT_PRIOR_SET
    officers: int = 500
    sampling: Sampling = dataclasses.field(default=Sampling(draws=500, tune=500, chains=2, cores=1, target_accept=0.9))
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
class Bench:
    """A compiled model with what data are simulated for it."""

    plan: Plan
    knowledge: Knowledge
    rows: tuple[EvidenceRow, ...]
    problem: Problem
    sampler: Sampler

    @classmethod
    def build(cls, plan: Plan) -> Bench:
        """Read what the project bundles, and compile the model."""
        knowledge = load_knowledge()
        rows = bundled_evidence(knowledge.vocabulary)
        nobody = read_officers([], knowledge.vocabulary)
        problem = pose(knowledge, knowledge.prior_set(plan.prior_set), rows, nobody)
        return cls(plan, knowledge, rows, problem, Nutpie.compile(problem))

    def refits(self, seeds: Sequence[SeedSequence], distortion: Distortion | None = None) -> Ranks:
        """Draw a truth, simulate, refit and rank, once for each seed."""
        done = [self._refit(seed, distortion or _as_it_is) for seed in seeds]
        names = tuple(done[0][0])
        ranks = np.array([[found[name] for name in names] for found, _ in done])
        return Ranks(names, ranks, self.plan.kept, np.array([divergent for _, divergent in done]))

    def simulate(self, truth: Draws, generator: np.random.Generator) -> Problem:
        """Return the problem of refitting data drawn from a single draw of the prior."""
        knowledge = self.knowledge
        force = Force.under(truth, knowledge)
        by_design = knowledge.corps.cell_shares(knowledge.corps.sect_shares)
        individuals = simulate_officers(force, by_design, self.plan.officers, generator)
        return dataclasses.replace(
            self.problem,
            terms=simulate_evidence(self.rows, force, generator),
            officers=collapse_officers(individuals, knowledge.vocabulary, digest="simulated"),
        )

    def _refit(self, seed: SeedSequence, distortion: Distortion) -> tuple[dict[str, int], float]:
        generator = np.random.default_rng(seed)
        prior_seed, sampler_seed = (int(number) for number in generator.integers(2**63, size=2))
        layout = self.problem.layout
        truth = prior_draws(self.problem.prior_set, layout, draws=1, seed=prior_seed).flattened()
        problem = distortion(self.simulate(truth, generator))
        tree = self.sampler.sample(problem, dataclasses.replace(self.plan.sampling, seed=sampler_seed))
        posterior = parameters_of(tree["posterior"].to_dataset())
        both = _thinned(truth.parameters, posterior, self.plan.kept)
        draws = Draws(both, hazards(both, layout, NUMPY))
        values = ranked_quantities(draws, problem, self.knowledge.vocabulary)
        ranks = {name: int((value[1:] < value[0]).sum()) for name, value in values.items()}
        return ranks, float(tree["sample_stats"]["diverging"].mean())


def calibrate(plan: Plan, *, refits: int, seed: int) -> Ranks:
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


def _share(plan: Plan, seeds: list[SeedSequence]) -> Ranks:
    """Do one worker's share of the refits."""
    return Bench.build(plan).refits(seeds)


def _thinned(truth: Parameters, posterior: Parameters, kept: int) -> Parameters:
    """Return the truth, then evenly spaced posterior draws, along one leading dimension."""

    def joined(one: NDArray[np.float64], many: NDArray[np.float64]) -> NDArray[np.float64]:
        flat = many.reshape(-1, *many.shape[2:])
        return np.concatenate([one, flat[np.linspace(0, len(flat) - 1, kept).astype(int)]])

    fields = (field.name for field in dataclasses.fields(Parameters))
    return Parameters(*(joined(getattr(truth, name), getattr(posterior, name)) for name in fields))
