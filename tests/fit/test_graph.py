"""The model that is sampled says what the NumPy code says, and its gradient is the slope of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor
import pytest
from model.fit.hazard import Parameters
from model.fit.likelihood import expected, log_likelihood, officers_log_likelihood
from model.fit.namespaces import NUMPY
from model.fit.prior_draws import simplex_concentrations
from numpy.typing import NDArray
from pytensor.compile.mode import Mode
from scipy import stats

from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow
from model.fit.draws import Draws
from model.fit.knowledge import Knowledge
from model.fit.problem import Problem
from model.fit.sampling import build_model, parameters_of, shared_data
from model.fit.tree import parameter_dataset
from tests.support.evidence_rows import BINOMIALS, LISTS, NORMALS, every_row
from tests.support.problems import chained_draws, evidence_row, make_problem, one_draw, random_draws, random_officers

COUNT = 3
INTERPRETED = Mode(linker="py", optimizer="fast_compile")
"""Nothing is compiled, so that a test takes seconds."""

TWO_PLACES = (evidence_row("T", "timing", (9, 9), (3, 6), window=("2011-03-15", "2012-03-15")),)
ROWS: dict[str, tuple[EvidenceRow, ...]] = {
    "every kind": every_row(),
    "no lists": (*NORMALS, *BINOMIALS),
    "no binomials": (*NORMALS, *(row for rows in LISTS.values() for row in rows)),
    "no normals": (*BINOMIALS, *LISTS["by date, with a remainder"]),
    "a list of two places": TWO_PLACES,
    "a single rate": BINOMIALS[:1],
    "no rows": (),
}

Point = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Graph:
    """A model as functions of a point: its potentials with their gradient, and the density of its prior."""

    model: pm.Model
    potentials: Callable[..., list[NDArray[np.float64]]]
    prior: Callable[..., list[NDArray[np.float64]]]

    @classmethod
    def of(cls, problem: Problem) -> Graph:
        """Build a problem's model."""
        model = build_model(problem)
        potentials = model.replace_rvs_by_values(model.potentials)
        gradients = pytensor.grad(sum(potentials), model.value_vars, disconnected_inputs="ignore")
        options = {"mode": INTERPRETED, "on_unused_input": "ignore", "allow_input_downcast": False}
        return cls(
            model,
            pytensor.function(model.value_vars, [*potentials, *gradients], **options),
            pytensor.function(model.value_vars, [model.varlogp], **options),
        )

    def pose(self, problem: Problem) -> None:
        """Put the data of another problem in place."""
        with self.model:
            pm.set_data(shared_data(problem))

    def at(self, parameters: Parameters) -> Point:
        """Return one draw as a point: what is positive, by its log."""
        values = vars(parameters)
        return {
            name: np.log(values[name.removesuffix("_log__")]) if name.endswith("_log__") else values[name]
            for name in (variable.name for variable in self.model.value_vars)
        }


@pytest.fixture(scope="module")
def officers(knowledge: Knowledge) -> Officers:
    """Collapse officers at random."""
    return random_officers(knowledge.vocabulary)


@pytest.fixture(scope="module")
def graph(knowledge: Knowledge, officers: Officers) -> Graph:
    """Build the model of one row of every kind."""
    return Graph.of(make_problem(knowledge, ROWS["every kind"], officers))


def assert_alike(graph: Graph, problem: Problem, draws: Draws) -> None:
    """Check that potentials are NumPy's, and their gradient finite, at every draw."""
    for index in range(len(draws)):
        one = one_draw(draws, index)
        expectation = expected(one.tables, problem.within_sect, problem.layout.sect_of_cell, problem.terms, NUMPY)
        evidence = log_likelihood(expectation, one.parameters.log_count_concentration, problem.terms, NUMPY).sum()
        about_officers = officers_log_likelihood(one.tables, problem.officers, NUMPY)
        found = graph.potentials(**graph.at(one.parameters))
        assert float(found[0]) == pytest.approx(evidence + about_officers, rel=1e-9, abs=1e-9)
        assert all(np.isfinite(gradient).all() for gradient in found[1:])


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("priors", ["al-kattan", "stratfor"])
def test_one_graph_serves_every_problem(
    knowledge: Knowledge, graph: Graph, officers: Officers, *, name: str, priors: str
) -> None:
    """Given other evidence as data, the same graph is NumPy's likelihood of it, with a finite gradient."""
    problem = make_problem(knowledge, ROWS[name], officers if priors == "stratfor" else None, priors=priors)
    graph.pose(problem)
    assert_alike(graph, problem, random_draws(problem, draws=COUNT, seed=5))


@pytest.mark.parametrize("name", ["every kind", "a list of two places", "no rows"])
def test_a_graph_of_its_own(knowledge: Knowledge, name: str) -> None:
    """A model built for its own evidence, were there none, is NumPy's likelihood of it too."""
    problem = make_problem(knowledge, ROWS[name])
    assert_alike(Graph.of(problem), problem, random_draws(problem, draws=COUNT, seed=6))


@pytest.mark.parametrize("name", ["every kind", "no rows"])
def test_the_gradient_is_a_slope(knowledge: Knowledge, graph: Graph, officers: Officers, name: str) -> None:
    """Along every coordinate the gradient is what a small step changes, by central differences of two widths."""
    problem = make_problem(knowledge, ROWS[name], officers)
    graph.pose(problem)
    for index in range(COUNT):
        point = graph.at(one_draw(random_draws(problem, draws=COUNT, seed=9), index).parameters)
        gradients = np.concatenate([np.ravel(gradient) for gradient in graph.potentials(**point)[1:]])
        slopes = (4 * differences(graph, point, step=1e-4) - differences(graph, point, step=2e-4)) / 3
        np.testing.assert_allclose(gradients, slopes, rtol=1e-6, atol=1e-6 * np.abs(gradients).max())


def differences(graph: Graph, point: Point, *, step: float) -> NDArray[np.float64]:
    """Return the central difference of the log-likelihood along each coordinate, in the order of the gradient."""
    found = []
    for name, value in point.items():
        for place in np.ndindex(value.shape):
            ends = [np.array(value), np.array(value)]
            for end, sign in zip(ends, (1, -1), strict=True):
                end[place] += sign * step
            ahead, behind = (float(graph.potentials(**point | {name: end})[0]) for end in ends)
            found.append((ahead - behind) / (2 * step))
    return np.array(found)


@pytest.mark.parametrize("priors", ["al-kattan", "stratfor", "pooled"])
def test_the_prior_is_the_prior_set(knowledge: Knowledge, graph: Graph, priors: str) -> None:
    """The density of the parameters is that of the set's distributions, as SciPy has them."""
    problem = make_problem(knowledge, priors=priors)
    graph.pose(problem)
    prior_set, draws = problem.prior_set, random_draws(problem, draws=COUNT)
    mean, spread = np.array([prior.parameters for prior in prior_set.fitted]).T
    for index in range(COUNT):
        one = one_draw(draws, index).parameters
        density = (
            stats.norm(mean, spread).logpdf(one.quantities).sum()
            + (stats.halfnorm(scale=prior_set.scales).logpdf(one.scales) + np.log(one.scales)).sum()
            + stats.norm.logpdf(one.deviations).sum()
            + stats.gamma(simplex_concentrations(prior_set, 12)).logpdf(one.simplex_parts).sum()
            + np.log(one.simplex_parts).sum()
            + stats.norm(*prior_set.count_concentration).logpdf(one.log_count_concentration)
        )
        assert float(graph.prior(**graph.at(one))[0]) == pytest.approx(density, rel=1e-9)


def test_parameters_survive_a_dataset(knowledge: Knowledge) -> None:
    """What a sampler's tree holds comes back as the parameters it was made of."""
    problem = make_problem(knowledge)
    draws = chained_draws(problem)
    back = parameters_of(parameter_dataset(draws.parameters, problem))
    for name, value in vars(draws.parameters).items():
        np.testing.assert_array_equal(getattr(back, name), value)
