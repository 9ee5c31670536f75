"""Many quick refits under other priors, with claims left out, or to other evidence, and what each comes to."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, product
from typing import Any

import numpy as np

from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow
from model.fit.draws import risk_draws
from model.fit.fitting import Compiled, Fit, fit
from model.fit.ledger import hazard_draws
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.parallel import in_shares
from model.risk.statements import probability
from model.risk.summaries import Summary, summarise
from priors.elicitation import elicit_prior_set
from priors.study import Study
from priors.vocabulary import Profile

INTERVAL = 0.9


@dataclass(frozen=True)
class Variant:
    """One refit: the prior set, the claims left out of it, and the name of the evidence."""

    prior_set: str
    without: tuple[str, ...]
    evidence: str

    def __str__(self) -> str:
        """Return it in words."""
        without = f" without {', '.join(self.without)}" if self.without else ""
        return f"{self.prior_set}{without}, {self.evidence} evidence"


@dataclass(frozen=True)
class SweepPlan:
    """What every variant has in common.

    Attributes
    ----------
    study : Study
    rows : mapping of str to tuple of EvidenceRow
        Evidence by the name that variants give it.
    officers : Officers
        Individuals, the same in each.
    profiles : mapping of str to profile
        Whose risk over the whole study is told, by the names to tell it under.
    claims : tuple of str
        Ids of the claims whose predictions are judged.
    sampling : Sampling
        The same seed for each, so that results depend neither on the backend nor on the number of workers.
    """

    study: Study
    rows: Mapping[str, tuple[EvidenceRow, ...]]
    officers: Officers
    profiles: Mapping[str, Profile]
    claims: tuple[str, ...]
    sampling: Sampling


@dataclass(frozen=True)
class Outcome:
    """What a variant comes to.

    Attributes
    ----------
    risks : dict of str to Summary
        By profile: the median and the interval of 90 %.
    claims : dict of str to float
        The posterior probability of each claim's prediction.
    failed : tuple of str
        The checks of convergence that it did not pass; its numbers are not to be relied on where there is one.
    seconds : float
        For sampling and checking, without compilation.
    """

    variant: Variant
    risks: dict[str, Summary]
    claims: dict[str, float]
    failed: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "priors": self.variant.prior_set,
            "without": list(self.variant.without),
            "evidence": self.variant.evidence,
            "risks": {name: {"mean": risk.mean, **risk.as_dict()} for name, risk in self.risks.items()},
            "claims": self.claims,
            "failed": list(self.failed),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class SweepBench:
    """The model, compiled once for all variants with the same evidence."""

    plan: SweepPlan
    compiled: dict[str, Compiled] = field(default_factory=dict)

    def outcome(self, variant: Variant) -> Outcome:
        """Refit one variant."""
        study, rows = self.plan.study, self.plan.rows[variant.evidence]
        prior_set = elicit_prior_set(study, variant.prior_set, without=variant.without)
        problem = pose(study, prior_set, rows, self.plan.officers)
        if variant.evidence not in self.compiled:
            self.compiled[variant.evidence] = Compiled.of(problem)
        start = time.perf_counter()
        fitted = fit(self.compiled[variant.evidence], problem, self.plan.sampling)
        judged = hazard_draws(fitted.posterior, problem)
        predictions = {claim: study.claims[claim].prediction for claim in self.plan.claims}
        return Outcome(
            variant=variant,
            risks=self._risks(fitted),
            claims={claim: probability(said, judged) for claim, said in predictions.items() if said is not None},
            failed=tuple(check.name for check in fitted.checks if check.gates and not check.passed),
            seconds=time.perf_counter() - start,
        )

    def _risks(self, fitted: Fit) -> dict[str, Summary]:
        risks, profiles = risk_draws(fitted.posterior, fitted.problem), self.plan.profiles
        window = self.plan.study.vocabulary.timeline.window
        stacked = np.stack([risks.risk(profile, window) for profile in profiles.values()])
        return dict(zip(profiles, summarise(stacked, (INTERVAL,)), strict=True))


def variants(
    study: Study,
    *,
    prior_sets: Sequence[str],
    evidence: Sequence[str],
    without: Sequence[str] = (),
    each: bool = False,
) -> tuple[Variant, ...]:
    """Return the grid of prior sets, evidence, and claims left out one at a time, after none.

    Parameters
    ----------
    without : sequence of str
        Claims that are left out, each by itself; a prior set that does not rest on one is not refitted without it.
    each : bool
        Whether every claim that a fit rests on is left out in turn.

    Raises
    ------
    UnknownClaimError, UnknownPriorSetError
        If a claim or a prior set does not exist.
    """
    for claim in without:
        study.claims[claim]
    grid = []
    for prior_set, name in product(prior_sets, evidence):
        used = fitted_claims(study, prior_set)
        dropped = [claim for claim in used if each or claim in without]
        grid += [Variant(prior_set, claims, name) for claims in ((), *((claim,) for claim in dropped))]
    return tuple(grid)


def fitted_claims(study: Study, prior_set: str) -> tuple[str, ...]:
    """Return the claims that a fit under a prior set rests on, in their order."""
    priors = elicit_prior_set(study, prior_set).priors
    used = set(chain.from_iterable(prior.claims for prior in priors if prior.quantity.outside_the_fit is None))
    return tuple(claim.id for claim in study.claims.claims if claim.id in used)


def sweep(plan: SweepPlan, grid: Sequence[Variant]) -> tuple[Outcome, ...]:
    """Refit every variant over the joblib backend in force; each worker compiles once for each evidence."""
    return tuple(chain.from_iterable(in_shares(partial(_share, plan), grid)))


def _share(plan: SweepPlan, grid: list[Variant]) -> list[Outcome]:
    """Do one worker's share of the variants."""
    bench = SweepBench(plan)
    return [bench.outcome(variant) for variant in grid]
