"""What a fit expects of each evidence row, and what it would have the row report."""

from __future__ import annotations

import numpy as np
import pytest

from model.evidence.rows import EvidenceRow
from model.fit.draws import Draws, RowDraws, observed_intervals, row_draws
from model.fit.knowledge import Knowledge
from model.fit.problem import Problem
from tests.support.evidence_rows import BINOMIALS, LISTS, NORMALS, every_row
from tests.support.problems import evidence_row, make_problem, random_draws

COUNT = 400
NOTHING_LEFT = [rows for name, rows in LISTS.items() if "nothing left" in name]


@pytest.fixture(scope="module")
def problem(knowledge: Knowledge) -> Problem:
    """Pose the problem of fitting one row of every kind."""
    return make_problem(knowledge, every_row())


@pytest.fixture(scope="module")
def same_draws(problem: Problem) -> Draws:
    """Repeat one draw many times, so that replicates differ by the likelihood's chance alone."""
    many = random_draws(problem, draws=COUNT, seed=21)

    def repeat(array: np.ndarray) -> np.ndarray:
        return np.repeat(array[:1], COUNT, axis=0)

    tables = {
        name: tuple(map(repeat, value)) if isinstance(value, tuple) else repeat(value)
        for name, value in vars(many.tables).items()
    }
    parameters = {name: repeat(value) for name, value in vars(many.parameters).items()}
    return Draws(type(many.parameters)(**parameters), type(many.tables)(**tables))


@pytest.fixture(scope="module")
def rows(problem: Problem, same_draws: Draws) -> RowDraws:
    """Ask the repeated draw about the rows."""
    return row_draws(same_draws, problem, np.random.default_rng(4))


def test_every_row_and_term_has_its_column(problem: Problem, rows: RowDraws) -> None:
    """Shares and replicates have a column for each row, log-likelihoods one for each term."""
    assert rows.share.shape == rows.replicate.shape == (COUNT, len(every_row()))
    assert rows.log_likelihood.shape == (COUNT, len(problem.terms.term_rows))
    assert ((rows.share >= 0) & (rows.share <= 1)).all()
    assert ((rows.replicate >= 0) & (rows.replicate <= 1)).all()


def test_rows_that_are_all_there_is_share_a_whole(problem: Problem, rows: RowDraws) -> None:
    """The shares of a list without remainder sum to one, expected and replicated; others to less."""
    for listed in LISTS.values():
        columns = [problem.terms.row_ids.index(row.id) for row in listed]
        expected, replicated = rows.share[:, columns].sum(axis=1), rows.replicate[:, columns].sum(axis=1)
        if listed in NOTHING_LEFT:
            np.testing.assert_allclose([expected, replicated], 1)
        else:
            assert (expected < 1).all()
            assert (replicated <= 1 + 1e-12).all()


@pytest.mark.parametrize("row", [*BINOMIALS, *(row for rows in LISTS.values() for row in rows)], ids=lambda row: row.id)
def test_replicates_of_counts_average_to_the_expected_share(
    problem: Problem, rows: RowDraws, *, row: EvidenceRow
) -> None:
    """Over many replicates of one draw a count's share is what is expected of it, within Monte Carlo error."""
    column = problem.terms.row_ids.index(row.id)
    replicate, share = rows.replicate[:, column], rows.share[0, column]
    error = max(replicate.std(), np.sqrt(share * (1 - share) / row.total_low)) / COUNT**0.5
    assert abs(replicate.mean() - share) < 5 * error + 1e-9


@pytest.mark.parametrize("row", NORMALS, ids=lambda row: row.id)
def test_replicates_of_large_counts_centre_on_the_expected_share(
    problem: Problem, rows: RowDraws, *, row: EvidenceRow
) -> None:
    """On the logit, replicates of a normal row have the expected share as their mean and the row's spread."""
    column = problem.terms.row_ids.index(row.id)
    logit = np.log(rows.replicate[:, column] / (1 - rows.replicate[:, column]))
    share, scale = rows.share[0, column], problem.terms.normal_scale[NORMALS.index(row)]
    assert abs(logit.mean() - np.log(share / (1 - share))) < 5 * scale / COUNT**0.5
    assert logit.std() == pytest.approx(scale, rel=0.2)


def test_lists_scatter_more_than_multinomials(problem: Problem, rows: RowDraws, same_draws: Draws) -> None:
    """Counts of a list vary as a Dirichlet-multinomial's: (n + c) / (1 + c) times as much as a multinomial's."""
    row = LISTS["by rank, exact, nothing left"][1]
    column = problem.terms.row_ids.index(row.id)
    share, concentration = rows.share[0, column], np.exp(same_draws.parameters.log_count_concentration[0])
    inflation = (row.total_low + concentration) / (1 + concentration)
    expected = share * (1 - share) / row.total_low * inflation
    assert rows.replicate[:, column].var() == pytest.approx(expected, rel=0.3)


def test_observed_intervals_are_what_the_bounds_allow(knowledge: Knowledge) -> None:
    """A row's lowest and highest share are those of its own numbers."""
    rows = (
        evidence_row("B", "rate", (35, 38), (0, 1), rank=("general",)),
        evidence_row("S", "corps_composition", (1, 1), (0.5, 0.85), attribute=("sect", ("alawite",))),
        evidence_row("T", "timing", (30, 31), (7, 9), window=("2011-03-15", "2012-03-08")),
    )
    bounds = observed_intervals(make_problem(knowledge, rows).terms)
    np.testing.assert_allclose(bounds, [[0, 1 / 35], [0.5, 0.85], [7 / 31, 9 / 30]])


def test_draws_leave_each_other_alone(problem: Problem) -> None:
    """What is expected under a draw does not depend on which draws stand beside it."""
    draws = random_draws(problem, draws=3, seed=2)
    together = row_draws(draws, problem, np.random.default_rng(1))
    assert len(np.unique(together.share[:, 0])) == 3
    last = random_draws(problem, draws=3, seed=2)
    tail = Draws(
        type(last.parameters)(**{name: value[2:] for name, value in vars(last.parameters).items()}),
        type(last.tables)(**{
            name: tuple(part[2:] for part in value) if isinstance(value, tuple) else value[2:]
            for name, value in vars(last.tables).items()
        }),
    )  # fmt: skip
    alone = row_draws(tail, problem, np.random.default_rng(1))
    np.testing.assert_array_equal(alone.share[0], together.share[2])
    np.testing.assert_array_equal(alone.log_likelihood[0], together.log_likelihood[2])
