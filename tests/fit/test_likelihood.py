"""Each kind of evidence row's likelihood, against a slow and obvious computation of the same quantity."""

from __future__ import annotations

import math

import numpy as np
import pytest

from model.evidence.rows import EvidenceRow
from model.fit.draws import Draws
from model.fit.knowledge import Knowledge
from model.fit.likelihood import expected, log_likelihood, officers_log_likelihood
from model.fit.namespaces import NUMPY
from model.fit.problem import Problem
from tests.support.evidence_rows import BINOMIALS, LISTS, NORMALS, every_row
from tests.support.problems import (
    evidence_row,
    make_problem,
    no_officers,
    one_draw,
    random_draws,
    random_individuals,
    random_officers,
)
from tests.support.reference import (
    Force,
    binomial_log_likelihood,
    cell_shares,
    list_log_likelihood,
    log_hazard_table,
    logit_normal_log_likelihood,
)
from tests.support.reference import officers_log_likelihood as one_by_one

COUNT = 4
DRAWS = range(COUNT)


@pytest.fixture(scope="module")
def problem(knowledge: Knowledge) -> Problem:
    """Pose the problem of fitting one row of every kind, and officers."""
    return make_problem(knowledge, every_row(), random_officers(knowledge.vocabulary))


@pytest.fixture(scope="module")
def draws(problem: Problem) -> Draws:
    """Draw parameters from the pooled prior."""
    return random_draws(problem, draws=COUNT, seed=11)


@pytest.fixture(scope="module")
def forces(knowledge: Knowledge, problem: Problem, draws: Draws) -> list[Force]:
    """Compute the corps of each draw the slow way."""
    found = []
    for index in DRAWS:
        one = one_draw(draws, index)
        table = log_hazard_table(one.parameters, problem.layout, knowledge.vocabulary)
        shares = cell_shares(one.tables.sect_shares, knowledge.corps, knowledge.vocabulary)
        found.append(Force(knowledge.vocabulary, table, np.array(shares)))
    return found


def term(problem: Problem, draws: Draws, index: int, row_id: str) -> float:
    """Return the model's log-likelihood of the term that a row belongs to, at one draw."""
    one = one_draw(draws, index)
    expectation = expected(one.tables, problem.within_sect, problem.layout.sect_of_cell, problem.terms, NUMPY)
    values = log_likelihood(expectation, one.parameters.log_count_concentration, problem.terms, NUMPY)
    assert values.shape == (len(problem.terms.term_rows),)
    return float(values[next(i for i, ids in enumerate(problem.terms.term_rows) if row_id in ids)])


def expected_share(force: Force, row: EvidenceRow) -> float:
    """Return the share a corps expects of a row: of those serving at its start, who leave or have the attribute."""
    whole, day = force.cells(row), row.window.start
    if row.kind == "rate":
        return force.leaving(whole, day, row.window.end) / force.serving(whole, day)
    return force.serving(force.cells(row, with_attribute=True), day) / force.serving(whole, day)


@pytest.mark.parametrize("index", DRAWS)
@pytest.mark.parametrize("row", NORMALS, ids=[row.id for row in NORMALS])
def test_a_large_count_or_a_share(
    problem: Problem, draws: Draws, forces: list[Force], *, row: EvidenceRow, index: int
) -> None:
    """A rate of large counts, and a share of the corps, is a normal density at the logit of the expected share."""
    found = logit_normal_log_likelihood(row, expected_share(forces[index], row))
    assert term(problem, draws, index, row.id) == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize("index", DRAWS)
@pytest.mark.parametrize("row", BINOMIALS, ids=[row.id for row in BINOMIALS])
def test_a_small_count(problem: Problem, draws: Draws, forces: list[Force], *, row: EvidenceRow, index: int) -> None:
    """A small count, of those who leave or of the corps, is a binomial known within bounds."""
    found = binomial_log_likelihood(row, expected_share(forces[index], row))
    assert term(problem, draws, index, row.id) == pytest.approx(found, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("index", DRAWS)
@pytest.mark.parametrize("name", LISTS)
def test_a_list(
    knowledge: Knowledge, problem: Problem, draws: Draws, forces: list[Force], *, name: str, index: int
) -> None:
    """A list is a Dirichlet-multinomial over the shares of those who leave, summed over the counts allowed."""
    rows, force = LISTS[name], forces[index]
    leaving = [force.leaving(force.cells(row, with_attribute=True), row.window.start, row.window.end) for row in rows]
    remainder = "nothing left" not in name
    if remainder:
        window = knowledge.vocabulary.study.window if rows[0].kind == "timing" else rows[0].window
        leaving.append(force.leaving(force.cells(rows[0]), window.start, window.end) - sum(leaving))
    shares = [part / sum(leaving) for part in leaving]
    concentration = math.exp(draws.parameters.log_count_concentration[index])
    found = list_log_likelihood(rows, shares, concentration, remainder=remainder)
    assert term(problem, draws, index, rows[0].id) == pytest.approx(found, rel=1e-6)


@pytest.mark.parametrize("index", DRAWS)
def test_officers(knowledge: Knowledge, problem: Problem, draws: Draws, forces: list[Force], *, index: int) -> None:
    """Officers collapsed by cell and period have the likelihood of officers one by one, with days known or not."""
    individuals = random_individuals(knowledge.vocabulary, count=200, seed=1)
    assert problem.officers.undated_counts.sum() > 20
    value = float(officers_log_likelihood(one_draw(draws, index).tables, problem.officers, NUMPY))
    assert value == pytest.approx(one_by_one(individuals, forces[index]), rel=1e-9)


def test_no_officers_say_nothing(knowledge: Knowledge, draws: Draws) -> None:
    """Without officer files their log-likelihood is zero."""
    tables = one_draw(draws, 0).tables
    assert float(officers_log_likelihood(tables, no_officers(knowledge.vocabulary), NUMPY)) == 0


def test_no_rows_have_no_terms(knowledge: Knowledge) -> None:
    """Without evidence the log-likelihood has no terms."""
    problem = make_problem(knowledge)
    one = one_draw(random_draws(problem, draws=1), 0)
    expectation = expected(one.tables, problem.within_sect, problem.layout.sect_of_cell, problem.terms, NUMPY)
    assert log_likelihood(expectation, np.float64(3.0), problem.terms, NUMPY).shape == (0,)


def test_a_certain_list_is_a_multinomial(knowledge: Knowledge, draws: Draws) -> None:
    """As the concentration grows a list of exact counts becomes independent draws."""
    rows = LISTS["by rank, exact, nothing left"]
    problem = make_problem(knowledge, rows)
    expectation = expected(
        one_draw(draws, 0).tables, problem.within_sect, problem.layout.sect_of_cell, problem.terms, NUMPY
    )
    shares = expectation.categories[:3] / expectation.categories[:3].sum()
    counts = np.array([row.count_low for row in rows])
    coefficient = math.lgamma(58) - sum(math.lgamma(n + 1) for n in counts)
    (value,) = log_likelihood(expectation, np.float64(18.0), problem.terms, NUMPY)
    assert float(value) == pytest.approx(coefficient + float(counts @ np.log(shares)), rel=1e-4)


@pytest.mark.parametrize("index", DRAWS)
def test_a_composition_of_a_later_day(knowledge: Knowledge, draws: Draws, forces: list[Force], *, index: int) -> None:
    """A share of the corps on a later day is a share of those who still serve."""
    day = ("2014-01-01", "2014-01-01")
    row = evidence_row("L", "corps_composition", (1, 1), (0.3, 0.4), attribute=("sect", ("sunni",)), window=day)
    found = logit_normal_log_likelihood(row, expected_share(forces[index], row))
    assert term(make_problem(knowledge, [row]), draws, index, "L") == pytest.approx(found, rel=1e-6)


def test_a_hazard_too_small_to_see_stays_finite(problem: Problem, draws: Draws) -> None:
    """Where next to nobody leaves, every term is a number still."""
    one = one_draw(draws, 0)
    tables = type(one.tables)(**{**vars(one.tables), "baseline": one.tables.baseline - 18})
    expectation = expected(tables, problem.within_sect, problem.layout.sect_of_cell, problem.terms, NUMPY)
    values = log_likelihood(expectation, one.parameters.log_count_concentration, problem.terms, NUMPY)
    assert np.isfinite(values).all()
    assert np.isfinite(officers_log_likelihood(tables, problem.officers, NUMPY))
