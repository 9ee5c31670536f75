"""The model as PyMC shows it: every variable named for what it is, with named dimensions, and a picture."""

from __future__ import annotations

import pymc as pm
import pytest
from pymc.model_graph import ModelGraph

from model.evidence.reading import bundled_evidence
from model.fit.draws import UNCOMPILED
from model.fit.problem import Problem
from priors.study import Study
from tests.support.evidence_rows import BINOMIALS, LISTS, MEN, every_row
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.problems import make_problem, random_officers

SCALARS = {
    "log_reference_hazard",
    "log_rank_newsworthiness",
    "alawite_share_of_officers",
    "sunni_share_of_enlisted",
}


@pytest.fixture(scope="module")
def problem(study: Study) -> Problem:
    """Pose evidence of every kind, and officers."""
    return make_problem(study, every_row(), random_officers(study.vocabulary))


def test_every_kind_of_evidence_is_an_observed_node(problem: Problem) -> None:
    """Each kind of evidence is one node, whose name says what it is."""
    assert {node.name for node in problem.model.observed_RVs} == {
        "men",
        "shares",
        "small_counts",
        "lists",
        "dated_officers",
        "undated_officers",
    }
    assert not problem.model.potentials


def test_every_dimension_has_names(problem: Problem) -> None:
    """Each axis of each variable is a named dimension, and each level of it has a name."""
    model = problem.model
    variables = (*model.free_RVs, *model.observed_RVs, *model.deterministics)
    shapes = pm.compile([], [variable.shape for variable in variables], mode=UNCOMPILED)()
    for variable, shape in zip(variables, shapes, strict=True):
        dims = model.named_vars_to_dims.get(variable.name, ())
        assert len(dims) == variable.ndim, variable.name
        assert variable.ndim or variable.name in SCALARS
        for dim, length in zip(dims, shape, strict=True):
            assert len(model.coords[dim]) == length, (variable.name, dim)
            assert len(set(model.coords[dim])) == length


def test_kinds_without_rows_have_no_node(study: Study) -> None:
    """What a problem has no evidence of is no part of its model; without any there is the prior alone."""
    some = make_problem(study, (MEN[0], BINOMIALS[0])).model
    assert {node.name for node in some.observed_RVs} == {"men", "small_counts"}
    assert not {"list_concentration", "log_rank_newsworthiness"} & set(some.named_vars)
    assert not make_problem(study).model.observed_RVs


def test_what_is_news_is_asked_of_lists_by_attribute_alone(study: Study) -> None:
    """A list by date names one man as readily as another, and is worth what it is worth."""
    dated = make_problem(study, LISTS["by date, nothing left"]).model
    assert "list_concentration" in dated.named_vars
    assert "log_rank_newsworthiness" not in dated.named_vars


def test_names_come_from_what_a_study_declares() -> None:
    """A study of other words, periods and claims has variables and dimensions of its own names."""
    study = made_up(FLEET)
    model = make_problem(study, bundled_evidence(study), priors=study.claims.all_together).model
    assert {
        "home_effect",
        "pay_effect",
        "station_over_time_offset",
        "pay_over_time",
        "ship_by_home_offset",
        "abroad_share_of_hands",
        "kin_table_offset",
        "log_station_newsworthiness",
    } <= set(model.named_vars)
    assert model.coords["quantity"][0] == "isles_ratio"
    assert model.coords["drift"] == ("unpaid_drift",)
    assert model.coords["service_class"] == ("hands", "mates", "masters")
    assert model.coords["kin_entry"][0] == "row 1, single"
    assert not any("alawite" in name for name in model.named_vars)


def test_what_does_not_move_has_no_variable() -> None:
    """A study of one period and no lists has neither steps, drifts nor spreads."""
    study = made_up(GARRISON)
    model = make_problem(study, bundled_evidence(study), priors="witness").model
    assert {each.name for each in model.free_RVs} == {
        "log_hazard_ratio", "log_reference_hazard", "heads", "rest_of_all", "grade_table_offset",
    }  # fmt: skip


def test_all_free_variables_lead_to_evidence(problem: Problem) -> None:
    """In the graph that PyMC draws, each free variable leads to some evidence, and no evidence stands alone."""
    parents = ModelGraph(problem.model).make_compute_graph()
    observed = {node.name for node in problem.model.observed_RVs}
    reached, front = set(), observed
    while front:
        reached |= front
        front = {str(parent) for name in front for parent in parents[name]} - reached
    assert {variable.name for variable in problem.model.free_RVs} <= reached
    assert all(parents[name] for name in observed)
