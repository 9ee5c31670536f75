"""The fit finds again what officers were simulated from."""

from __future__ import annotations

import numpy as np
from model.evidence.likelihood_terms import collapse as collapse_rows
from model.fit.hazard import hazards
from model.fit.namespaces import NUMPY
from numpy.typing import NDArray

from model.evidence.officer_checks import Individuals
from model.evidence.officers import Officers, collapse
from model.fit.draws import Draws
from model.fit.knowledge import Knowledge
from model.fit.ledger import prior_draws
from model.fit.problem import Problem
from model.fit.sampling import Sampler, Sampling, parameters_of

OFFICERS = 20_000
REPLICATES = 40
NOMINAL = 0.90


def simulated_officers(truth: Draws, knowledge: Knowledge, generator: np.random.Generator) -> Officers:
    """Return officers whose day of defection follows the first draw's hazards; a quarter of the days are unknown."""
    vocabulary = knowledge.vocabulary
    study = vocabulary.study.window
    shares = knowledge.corps.cell_shares(np.stack(truth.tables.sect_shares, axis=1))[0]
    cell = generator.choice(len(shares), size=OFFICERS, p=shares / shares.sum())
    first = study.start.toordinal()
    start = generator.integers(first, study.end.toordinal() - 400, size=OFFICERS)
    end = np.minimum(start + generator.integers(200, 1500, size=OFFICERS), study.end.toordinal())
    days = np.arange(first, study.end.toordinal())
    ends = np.array([period.window.end.toordinal() for period in vocabulary.study.periods])
    daily = np.exp(truth.tables.baseline[0])[np.searchsorted(ends, days, side="right")] / (365.25 / 12)
    cumulative = np.concatenate([[0.0], np.cumsum(daily)])
    # The day on which the cumulative hazard since entry passes a unit exponential is the day of defection.
    reached = generator.exponential(size=OFFICERS) / np.exp(truth.tables.log_relative_hazard[0, cell])
    passed = np.searchsorted(cumulative, cumulative[start - first] + reached, side="left") - 1 + first
    defected = passed < end
    dated = defected & (generator.random(OFFICERS) < 0.75)
    individuals = Individuals(
        cell=cell, start=start, end=end, defected=defected, defected_on=np.where(dated, passed, -1)
    )
    return collapse(individuals, vocabulary, digest="simulated")


def five_year_risks(draws: Draws, knowledge: Knowledge) -> NDArray[np.float64]:
    """Return the risk of every cell over the study, shape (draw, cell)."""
    months = knowledge.vocabulary.study.months(knowledge.vocabulary.study.window)
    exposure = np.exp(draws.tables.baseline) @ months
    risks: NDArray[np.float64] = -np.expm1(-np.exp(draws.tables.log_relative_hazard) * exposure[:, None])
    return risks


def test_intervals_of_cell_risks_cover_the_truth_at_the_nominal_rate(sampler: Sampler, knowledge: Knowledge) -> None:
    """Over 40 truths drawn from the prior, 20,000 officers each, 90 % intervals cover 90 % of the cells' risks.

    Cells of one fit err together, so the Monte Carlo error is that of the mean over fits.
    """
    prior_set = knowledge.prior_set("pooled")
    layout = knowledge.layout(prior_set)
    no_rows = collapse_rows((), knowledge.vocabulary)
    generator = np.random.default_rng(7)
    covered = np.zeros(REPLICATES)
    for replicate in range(REPLICATES):
        truth = prior_draws(prior_set, layout, draws=1, seed=1000 + replicate).flattened()
        officers = simulated_officers(truth, knowledge, generator)
        problem = Problem(prior_set, layout, knowledge.corps.within_sect, no_rows, officers)
        tree = sampler.sample(problem, Sampling(draws=500, tune=500, chains=2, seed=replicate, target_accept=0.9))
        parameters = parameters_of(tree["posterior"].to_dataset())
        posterior = Draws(parameters, hazards(parameters, layout, NUMPY)).flattened()
        lower, upper = np.quantile(five_year_risks(posterior, knowledge), [0.05, 0.95], axis=0)
        true_risk = five_year_risks(truth, knowledge)[0]
        covered[replicate] = np.mean((lower <= true_risk) & (true_risk <= upper))
    error = covered.std(ddof=1) / np.sqrt(REPLICATES)
    assert error < 0.03
    assert abs(covered.mean() - NOMINAL) < 3 * error, f"{covered.mean():.3f} covered, Monte Carlo error {error:.3f}"
