"""What-if against real refits: whether reweighted draws say what a fit of the same changes says, and whether k knows.

    python -m trials.what_if

Fits the bundled evidence as `refit` does, then once more for each of eleven cases: either article alone, four claims
struck, four rows struck, a compiler's bound moved. Of each it prints Pareto k, what the weighted draws are worth, and
how many of the expected risks of the study's profiles lie within two standard errors of those of the refit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.draws import risk_draws
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import Problem, pose
from model.fit.sampling import Sampling
from model.refitting.publishing import thinned
from model.refitting.terms import term_draws
from model.risk.draws import Draws
from model.risk.summaries import standard_error
from model.what_if.changes import Changes
from model.what_if.terms import TermDraws, Terms
from model.what_if.weighing import Weighed, weigh
from priors.elicitation import elicit_prior_set, elicited
from priors.study import Study, load_study

CASES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("al-Kattan alone", {"weights": {"stratfor": 0.0}}),
    ("Stratfor alone", {"weights": {"al-kattan": 0.0}}),
    *((f"without {claim}", {"without_claims": [claim]}) for claim in ("K01", "K11", "K17", "S02")),
    *((f"without {row}", {"without_rows": [row]}) for row in ("E05", "E25", "E03", "E15")),
    ("E03's bound at 300", {"bounds": {"E03": (None, 300.0)}}),
)
SEED = 1861
WITHIN = 2.0


@dataclass(frozen=True, eq=False)
class Case:
    """What one case came to."""

    name: str
    weighed: Weighed | None
    z: NDArray[np.float64]


def main() -> None:
    """Fit, weigh, refit, and print a row for each case."""
    started, study = time.perf_counter(), load_study()
    rows, nobody = bundled_evidence(study), read_officers([], study.vocabulary)
    problems = {name: pose(study, elicit_prior_set(study, name), rows, nobody) for name in study.claims.prior_sets}
    compiled = Compiled.of(next(iter(problems.values())))
    fits = {name: fit(compiled, problem, Sampling()) for name, problem in problems.items()}
    pooled = fits.pop(study.claims.all_together)
    terms = terms_of(pooled, fits, study)
    draws = {terms.prior_set: risk_draws(pooled.posterior, pooled.problem)}
    draws |= {name: risk_draws(thinned(other.posterior), other.problem) for name, other in fits.items()}
    click.echo("| case | Pareto k | worth | from | within 2 s.e. | largest z |\n|---|---|---|---|---|---|")
    found = []
    for name, asked in CASES:
        changes = Changes.of(study, rows, **asked)
        again = refitted(study, changes, compiled)
        case = Case(name, weigh(terms, changes), np.zeros(0))
        if case.weighed is not None:
            case = Case(name, case.weighed, z_scores(study, case.weighed, draws, again))
        found.append(case)
        click.echo(told(case))
    for known in (True, False):
        z = np.concatenate([case.z for case in found if case.weighed and case.weighed.known is known] or [np.zeros(0)])
        what = "trusted" if known else "not trusted"
        click.echo(f"k {what}: {int((np.abs(z) <= WITHIN).sum())} of {len(z)} risks within {WITHIN:g} standard errors")
    click.echo(f"{time.perf_counter() - started:.0f} s")


def terms_of(pooled: Fit, others: dict[str, Fit], study: Study) -> Terms:
    """Return the terms that a version of these fits would keep."""
    rows = bundled_evidence(study)

    def of(fitted: Fit, posterior: Any) -> TermDraws:
        return term_draws(posterior, fitted.problem, rows, study)

    return Terms(
        own=of(pooled, pooled.posterior),
        beside={name: of(other, thinned(other.posterior)) for name, other in others.items()},
        rows=rows,
        elicited={each.name: elicited(each, study.claims.claims) for each in study.claims.quantities},
        prior_set=pooled.problem.prior_set.name,
        without=(),
        authors={},
        study=study,
    )


def refitted(study: Study, changes: Changes, compiled: Compiled) -> Fit:
    """Return a fit under changes: of rows struck the weight is zero, so that nothing is compiled anew."""
    weightless = Changes(rows=dict.fromkeys(changes.without_rows, 0.0), bounds=changes.bounds)
    rows = weightless.altered(bundled_evidence(study))
    prior_set = elicit_prior_set(
        study, study.claims.all_together, without=changes.without_claims, weights=changes.authors
    )
    problem: Problem = pose(study, prior_set, rows, read_officers([], study.vocabulary))
    return fit(Compiled.of(problem) if changes.bounds else compiled, problem, Sampling(seed=SEED))


def z_scores(study: Study, weighed: Weighed, draws: dict[str, Draws], again: Fit) -> NDArray[np.float64]:
    """Return by how many standard errors the expected risk of each profile differs from the refit's."""
    window, other = study.timeline.window, risk_draws(again.posterior, again.problem)
    found = []
    for profile in study.profiles.values():
        risk = np.concatenate([draws[name].risk(profile, window) for name in weighed.prior_sets])
        mean, refit = float(weighed.weights @ risk), other.risk(profile, window)
        errors = standard_error(len(risk) * weighed.weights * (risk - mean)), standard_error(refit)
        found.append((mean - refit.mean()) / np.hypot(*errors))
    return np.array(found)


def told(case: Case) -> str:
    """Return a case as a row of the table."""
    if case.weighed is None:
        return f"| {case.name} | | | | cannot be counted | |"
    inside = f"{int((np.abs(case.z) <= WITHIN).sum())} of {len(case.z)}"
    k = f"{case.weighed.pareto_k:.2f}{'' if case.weighed.known else ', not trusted'}"
    sets, largest = len(case.weighed.prior_sets), np.abs(case.z).max()
    return f"| {case.name} | {k} | {case.weighed.effective:,.0f} | {sets} | {inside} | {largest:.1f} |"


if __name__ == "__main__":
    main()
