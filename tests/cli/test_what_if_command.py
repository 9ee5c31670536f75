"""`what-if` on small archives: options become a question, told with how sure the answer is and what makes sure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.archive import Archive
from service import Settings, create_app
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.syria import SYRIA

MUSTAFA = ("sect=alawite", "rank=brigadier", "unit=AFI")
SUPPOSED = ("--without", "K17", "--without-row", "E08", "--weight", "stratfor=2", "--bound", "E03=3:60")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive with a small version for each prior set."""
    folder = tmp_path_factory.mktemp("small")
    for seed, prior_set in enumerate(("al-kattan", "stratfor", "pooled"), start=1):
        publish(Archive(folder), seed=seed, prior_set=prior_set, passed=True)
    return folder


def test_options_are_answered_as_the_service_answers(run: Run, small: Path) -> None:
    """What options suppose is the body of a question, and the answer the service's."""
    days = ("--from", "2012-01-01", "--to", "2013-01-01")
    told = json.loads(run("what-if", *MUSTAFA, *SUPPOSED, *days, "--version", "stratfor", "--json", home=small).stdout)
    body = {
        "officers": [{"sect": "alawite", "rank": "brigadier", "eliteness": "elite"}],
        "window": {"from": "2012-01-01", "to": "2013-01-01"},
        "without_claims": ["K17"],
        "without_rows": ["E08"],
        "weights": {"stratfor": 2},
        "bounds": {"E03": {"low": 3, "high": 60}},
        "version": "stratfor",
    }
    assert told == create_app(Settings(home=small)).test_client().post("/v1/what-if", json=body).json


def test_what_would_be_stands_beside_what_is(run: Run, small: Path) -> None:
    """A table of risks, the claims that move most, how sure that is, and the command that makes sure."""
    result = run("what-if", *MUSTAFA, "--bound", "E22=:26", home=small)
    assert result.exit_code == 0, result.stderr
    told = " ".join(result.stdout.split())
    assert "the draws are worth" in told
    assert "alawite, brigadier, elite" in told
    assert "as it is as it would be ratio" in told
    assert "claim probability would be which says" in told
    assert "to be sure: defection-risk refit --priors pooled --bound E22=:26 --no-promote" in told


def test_without_a_profile_those_of_the_study_are_told(run: Run, small: Path) -> None:
    """Each profile that the study names has a line, under its name."""
    told = run("what-if", "--without", "K17", home=small).stdout
    assert all(name in told for name in SYRIA.profiles)


def test_what_draws_cannot_tell_is_said(run: Run, small: Path) -> None:
    """No number stands where reweighting cannot tell; the command of a refit does."""
    told = run("what-if", *MUSTAFA, "--bound", "E01=:1000", "--weight", "E01=10", home=small).stdout
    assert "cannot tell" in told
    assert "claim " not in told
    assert "defection-risk refit" in told


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--without", "K99"), 3, "without_claims: no claim of this name; nearest: K"),
        (("--weight", "stratfor=11"), 3, "weights.stratfor: must be from 0 to 10; nearest: 10"),
        (("--bound", "E03=9:3"), 3, "bounds.E03.high: must not be below low; nearest: 9"),
        (("--bound", "E03"), 2, "must be as in E03=3:50"),
        (("--weight", "stratfor=much"), 2, "must be as in E03=0.5"),
        (("rank=king",), 3, "nearest"),
        (("king",), 2, "must be one of"),
        (("--version", "none"), 2, "nearest: "),
    ],
)
def test_mistakes_become_a_line(run: Run, small: Path, options: tuple[str, ...], code: int, said: str) -> None:
    """What is wrong is named by its place, with what is nearest."""
    result = run("what-if", *options, home=small)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr


def test_a_version_without_terms_says_how_to_get_them(run: Run, tmp_path: Path) -> None:
    """A version that keeps none is no version to ask, and the remedy is told."""
    publish(Archive(tmp_path), terms=False, passed=True)
    result = run("what-if", home=tmp_path)
    assert (result.exit_code, "defection-risk refit" in result.stderr) == (3, True)
