"""A sweep refits what its grid says, wherever it runs, and leaves a claim out by refitting without it."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cli.main import commands
from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.fitting import Compiled, fit
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.parallel import backend_in_force, each_of, in_shares
from model.refitting.sweep import SweepBench, SweepPlan, Variant, fitted_claims, sweep, variants
from priors.elicitation import elicit_prior_set
from priors.errors import UnknownClaimError
from priors.study import Study
from tests.support.made_up import GARRISON, made_up

LEAST = made_up(GARRISON)
SMALL = Sampling(draws=60, tune=150, most_draws=60, chains=2, cores=1)


@pytest.fixture(scope="module")
def plan() -> SweepPlan:
    """Return what small variants of the least of studies have in common: its own evidence, or none of it."""
    rows = {"bundled": bundled_evidence(LEAST), "none": ()}
    return SweepPlan(LEAST, rows, read_officers([], LEAST.vocabulary), LEAST.profiles, ("W1", "W3"), SMALL)


@pytest.fixture(scope="module")
def bench(plan: SweepPlan) -> SweepBench:
    """Return the model, compiled for both."""
    posed = {
        name: pose(LEAST, elicit_prior_set(LEAST, "witness"), rows, plan.officers) for name, rows in plan.rows.items()
    }
    return SweepBench(plan, {name: Compiled.of(problem) for name, problem in posed.items()})


def test_the_grid_leaves_each_claim_out_once(study: Study) -> None:
    """Each prior set with each evidence comes whole first, then without each claim that it rests on."""
    grid = variants(study, prior_sets=("pooled", "stratfor"), evidence=("bundled", "none"), each=True)
    assert len(set(grid)) == len(grid)
    for prior_set in ("pooled", "stratfor"):
        for evidence in ("bundled", "none"):
            left_out = [each.without for each in grid if (each.prior_set, each.evidence) == (prior_set, evidence)]
            assert left_out == [(), *((claim,) for claim in fitted_claims(study, prior_set))]
    assert not any(claim.startswith("K") for claim in fitted_claims(study, "stratfor"))


def test_a_claim_is_left_out_only_where_it_is_in(study: Study) -> None:
    """A prior set that does not rest on a claim is not refitted without it; an unknown claim is an error."""
    grid = variants(study, prior_sets=("al-kattan", "stratfor"), evidence=("bundled",), without=("K17",))
    assert [(each.prior_set, each.without) for each in grid] == [
        ("al-kattan", ()), ("al-kattan", ("K17",)), ("stratfor", ()),
    ]  # fmt: skip
    with pytest.raises(UnknownClaimError):
        variants(study, prior_sets=("pooled",), evidence=("bundled",), without=("K99",))


def test_an_outcome_is_that_of_a_refit(bench: SweepBench) -> None:
    """The risks of a variant are those of a fit to the same problem with the same seed."""
    variant = Variant("witness", ("W2",), "bundled")
    found = bench.outcome(variant)
    prior_set = elicit_prior_set(LEAST, "witness", without=("W2",))
    problem = pose(LEAST, prior_set, bench.plan.rows["bundled"], bench.plan.officers)
    fitted = fit(bench.compiled["bundled"], problem, SMALL)
    for name, profile in bench.plan.profiles.items():
        expected = float(fitted.posterior["risk"].sel(profile).median())
        assert found.risks[name].median == pytest.approx(expected, rel=1e-4)
    assert set(found.claims) == {"W1", "W3"}
    assert found.failed  # so few draws pass no check, and it says so


def test_evidence_narrows_what_it_speaks_of(bench: SweepBench) -> None:
    """Without any evidence the interval of a risk that a row counts is far wider."""
    whole, unseen = (bench.outcome(Variant("witness", (), name)) for name in ("bundled", "none"))
    intervals = [each.risks["a gunner of the hills"].intervals[0] for each in (whole, unseen)]
    widths = [np.log(interval.upper / interval.lower) for interval in intervals]
    assert widths[1] > 3 * widths[0]


def test_shares_keep_order_and_fit_the_workers() -> None:
    """Each worker has one run of the items, and nothing is lost or turned round."""
    with backend_in_force("loky", workers=2):
        assert in_shares(list, range(5)) == [[0, 1], [2, 3, 4]]
        assert each_of(abs, [-1, 2]) == [1, 2]
    with backend_in_force("sequential", workers=2):
        assert in_shares(list, range(5)) == [[0, 1, 2, 3, 4]]


@pytest.mark.slow
def test_two_dask_workers_find_what_one_process_finds(plan: SweepPlan, bench: SweepBench) -> None:
    """A cluster of two workers gives, to the last bit, the outcomes of this process."""
    grid = variants(LEAST, prior_sets=("witness",), evidence=("bundled",), without=("W2",))
    with backend_in_force("dask", workers=2):
        there = sweep(plan, grid)
    here = [bench.outcome(variant) for variant in grid]
    assert [dataclasses.replace(each, seconds=0) for each in there] == [
        dataclasses.replace(each, seconds=0) for each in here
    ]


@pytest.mark.slow
def test_the_command_tells_table_json_and_csv(tmp_path: Path) -> None:
    """The same outcomes come as a table, as JSON and as CSV, and a claim asked for by name is told of."""
    asked = [
        "sweep",
        "--backend",
        "sequential",
        "--without",
        "K12",
        "--profile",
        "sect=alawi,rank=amid",
        "--claim",
        "K11",
    ]
    asked += ["--draws", "50", "--csv", str(tmp_path / "sweep.csv")]
    told = json.loads(CliRunner().invoke(commands, [*asked, "--json"], catch_exceptions=False).stdout)
    assert [each["without"] for each in told] == [[], ["K12"]]
    with (tmp_path / "sweep.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [float(line["median"]) for line in lines if line["of"] == "risk"] == [
        each["risks"]["sect=alawi,rank=amid"]["median"] for each in told
    ]
    table = CliRunner().invoke(commands, asked, catch_exceptions=False).stdout
    assert "K12" in table
    assert "K11" in table


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--profile", "sect"], "sect: must be one of sect=WORD"),
        (["--profile", "faith=sunni"], "faith=sunni: must be one of sect=WORD"),
        (["--claim", "K99"], "claim: unknown; known are"),
        (["--without", "K99"], "claim: unknown; known are"),
    ],
)
def test_what_cannot_be_swept_is_said_before_anything_is_fitted(options: list[str], said: str) -> None:
    """A wrong option ends with the rule it breaks."""
    result = CliRunner().invoke(commands, ["sweep", *options])
    assert result.exit_code != 0
    assert said in result.output
