"""One refit from beginning to end: priors and evidence in, a version in the archive out."""

from __future__ import annotations

import importlib.metadata
import io
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.archive import Archive
from model.evidence.likelihood_terms import collapse
from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow, evidence_digest, group_rows
from model.inference.checks import Check, convergence_checks
from model.inference.draws import Draws, row_draws
from model.inference.hazard import hazards
from model.inference.knowledge import Knowledge
from model.inference.ledger import (
    claim_probabilities,
    claims_by_level,
    hazard_draws,
    prior_draws,
    prior_probabilities,
)
from model.inference.namespaces import NUMPY
from model.inference.sampling import Problem, Progress, Sampler, Sampling, parameters_of
from model.inference.tree import assemble, log_hazard_dataset, parameter_dataset
from priors.elicitation import PriorSet
from priors.vocabulary import Vocabulary

PACKAGES = ("defection-risk", "pymc", "pytensor", "nutpie", "arviz", "preliz", "numpy", "xarray")
PRIOR_DRAWS = 4000


@dataclass(frozen=True)
class Fit:
    """A fit in memory: the problem, posterior and prior draws, and the sampler's statistics.

    Attributes
    ----------
    checks : tuple of Check
        What it was tested for.
    """

    problem: Problem
    posterior: Draws
    prior: Draws
    sample_stats: xr.Dataset
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)


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


def publish(
    fitted: Fit,
    knowledge: Knowledge,
    rows: tuple[EvidenceRow, ...],
    sampling: Sampling,
    archive: Archive,
) -> str:
    """Write a fit to the archive as a version, and make it current if every check holds.

    Returns
    -------
    str
        The name of the version.
    """
    generator = np.random.default_rng(sampling.seed)
    tree = assemble(
        posterior=(fitted.posterior, row_draws(fitted.posterior.flattened(), fitted.problem, generator)),
        prior=(fitted.prior, row_draws(fitted.prior.flattened(), fitted.problem, generator)),
        sample_stats=fitted.sample_stats,
        problem=fitted.problem,
        vocabulary=knowledge.vocabulary,
    )
    manifest = _manifest(fitted, knowledge, rows, sampling)
    with archive.draft() as draft:
        _write_tree(tree, draft.path / "posterior.nc")
        (draft.path / "risk_table.npz").write_bytes(risk_table_bytes(fitted))
        version = draft.publish(manifest)
    if fitted.passed:
        archive.promote(version)
    return version


def risk_table_bytes(fitted: Fit) -> bytes:
    """Return the arrays that the service reads, as a compressed `.npz`."""
    posterior, prior = fitted.posterior.flattened().tables, fitted.prior.flattened().tables
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        log_relative_hazard=posterior.log_relative_hazard.astype(np.float32),
        baseline=posterior.baseline,
        sect_shares=np.stack(posterior.sect_shares, axis=1),
        within_sect=fitted.problem.within_sect,
        prior_log_relative_hazard=prior.log_relative_hazard.astype(np.float32),
        prior_baseline=prior.baseline,
        prior_sect_shares=np.stack(prior.sect_shares, axis=1),
    )
    return buffer.getvalue()


def ledger(fitted: Fit, knowledge: Knowledge, *, seed: int) -> list[dict[str, Any]]:
    """Return every claim with its probability under its own source's prior, the fit's prior and the posterior."""
    problem, claims = fitted.problem, knowledge.claims

    def probabilities(draws: Draws) -> dict[str, float | None]:
        judged = hazard_draws(draws.flattened(), problem.prior_set, problem.layout, knowledge)
        return claim_probabilities(claims, judged)

    by_source = {
        source.name: prior_probabilities(knowledge, source.name, draws=PRIOR_DRAWS, seed=seed)
        for source in claims.sources
    }
    of_prior, of_posterior = probabilities(fitted.prior), probabilities(fitted.posterior)
    return [
        {
            "id": claim.id,
            "source": claim.source,
            "quote": claim.quote,
            "says": claim.says,
            "strength": claim.strength,
            "quantities": list(claim.bears_on),
            "probability": {
                "own_prior": by_source[claim.source][claim.id],
                "prior": of_prior[claim.id],
                "posterior": of_posterior[claim.id],
            },
            "not_testable": claim.not_testable,
        }
        for claim in claims.claims
    ]


def _manifest(fitted: Fit, knowledge: Knowledge, rows: tuple[EvidenceRow, ...], sampling: Sampling) -> dict[str, Any]:
    prior_set, officers = fitted.problem.prior_set, fitted.problem.officers
    return {
        "prior_set": prior_set.name,
        "without": list(prior_set.without),
        "priors": [
            {
                "quantity": prior.quantity.name,
                "definition": prior.quantity.definition,
                "distribution": str(prior),
                "interval_90": list(prior.interval),
                "claims": list(prior.claims),
            }
            for prior in prior_set.priors
        ],
        "claims_by_level": claims_by_level(prior_set, knowledge.vocabulary),
        "claims": ledger(fitted, knowledge, seed=sampling.seed),
        "evidence": {
            "digest": evidence_digest(rows),
            "rows": [{"id": row.id, "kind": row.kind, "source": row.source, "url": row.url} for row in rows],
        },
        "officers": {"digest": officers.digest, "count": officers.count},
        "sampling": asdict(sampling),
        "packages": {"python": platform.python_version()} | {name: _package_version(name) for name in PACKAGES},
        "checks": [check.as_dict() for check in fitted.checks],
        "passed": fitted.passed,
    }


def _package_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _write_tree(tree: xr.DataTree, path: Path) -> None:
    compressed = {
        f"/{group.path.strip('/')}": {name: {"zlib": True, "complevel": 4} for name in group.data_vars}
        for group in tree.subtree
        if group.data_vars
    }
    tree.to_netcdf(path, engine="h5netcdf", encoding=compressed)
