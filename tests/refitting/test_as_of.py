"""A refit as of a day: what it is given to know, and how its version says so."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import commands
from defection_risk.model import Model
from model.archive import Archive
from model.evidence.errors import InvalidFileError
from model.evidence.known import AsOf
from model.fit.examination import examine
from model.fit.problem import pose
from model.fit.sampling import Sampling
from model.refitting.publishing import publish
from tests.support.fits import unsampled_fit
from tests.support.made_up import GARRISON, STUDIES

DAY = date(1903, 6, 30)
LATER = "origin,grade,from,to,defected\nhill,gunner,1901-01-01,1902-06-01,no\nhill,gunner,1901-01-01,1903-01-01,yes\n"


def as_of(day: date) -> Model:
    """Return the model of the least of studies, of which one row is known on its first day of publication."""
    return Model(STUDIES / GARRISON, as_of=day)


def test_a_refit_is_given_what_was_known() -> None:
    """Of the rows those known on the day are fitted to; the command that fits the like names the day."""
    plan = as_of(DAY).refit(evidence="bundled", officers=None, sampling=Sampling())
    assert [row.id for row in plan.rows] == ["G1"]
    assert plan.as_of is not None
    assert plan.as_of.left_out == ("G2",)
    assert plan.options == ("--as-of", "1903-06-30")
    whole = Model(STUDIES / GARRISON).refit(evidence="bundled", officers=None, sampling=Sampling())
    assert ([row.id for row in whole.rows], whole.as_of, whole.options) == (["G1", "G2"], None, ())


def test_its_version_says_so(tmp_path: Path) -> None:
    """The manifest has the day, the rows left out, and the article that is younger; that of any other fit has none."""
    plan = as_of(DAY).refit(evidence="bundled", officers=None, sampling=Sampling(draws=60, most_draws=60, chains=2))
    problem = pose(plan.study, plan.prior_sets[0], plan.rows, plan.officers)
    fitted, archive = unsampled_fit(problem, plan.sampling), Archive(tmp_path)
    examination = examine(fitted, plan.study, plan.rows)
    for known, said in (
        (plan.as_of, {"day": "1903-06-30", "left_out": ["G2"], "undated": [], "hindsight": ["witness"]}),
        (None, None),
    ):
        version = publish(fitted, examination, plan.study, plan.rows, archive=archive, as_of=known)
        assert archive.manifest(version)["as_of"] == said


def test_officers_observed_later_are_refused(tmp_path: Path) -> None:
    """The command names the file, the row and the rule, and fits nothing."""
    path = tmp_path / "officers.csv"
    path.write_text(LATER)
    options = ["--home", str(tmp_path), "--study", str(STUDIES / GARRISON), "refit", "--officers", str(path)]
    result = CliRunner().invoke(commands, [*options, "--as-of", "1902-12-31"])
    assert result.exit_code == 3
    assert (
        f"{path}: row 2: to: must not be after 1902-12-31: what is observed later was not known then" in result.stderr
    )
    with pytest.raises(InvalidFileError):
        as_of(date(1902, 12, 31)).refit(evidence="bundled", officers=path, sampling=Sampling())


def test_rows_that_nobody_dates_are_named() -> None:
    """Of rows without a day of publication a refit as of any day says which they are."""
    rows = Model(STUDIES / GARRISON).refit(evidence="bundled", officers=None, sampling=Sampling()).rows
    undated = AsOf.of([dataclasses.replace(row, published_on=None) for row in rows], date.max)
    assert (undated.known, undated.left_out, undated.undated) == ((), ("G1", "G2"), ("G1", "G2"))
