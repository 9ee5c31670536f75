"""The command on an archive that holds the default fit: what it prints, and the code it ends with."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from model.archive import Archive
from priors.study import Study
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.harms import older_format

PROFILES = "sect,rank,unit,proximity\nalawi,amid,AFI,trusted\nsunni,lt col,,\n"


def test_versions_are_listed_with_the_current_one_marked(run: Run, home: Path) -> None:
    """`models list` names every version, its priors, and which is current."""
    listed = json.loads(run("models", "list", "--json", home=home).stdout)
    assert [entry["version"] for entry in listed] == list(Archive(home).versions())
    assert [entry["version"] for entry in listed if entry["current"]] == [Archive(home).current()]


def test_a_version_is_shown_with_its_checks(run: Run, home: Path) -> None:
    """`models show` prints how a version was made, and every check with its value."""
    shown = run("models", "show", home=home).stdout
    for name in ("r_hat", "ess_bulk", "divergences", "monte_carlo_error", "claims_contradicted", "sha256"):
        assert name in shown


def test_a_sound_archive_verifies(run: Run, home: Path) -> None:
    """`models verify` ends with 0 where every byte is as published."""
    assert run("models", "verify", home=home).exit_code == 0


def test_a_damaged_archive_is_reported(run: Run, home: Path, tmp_path: Path) -> None:
    """`models verify` names the damaged file and ends with 5."""
    version = str(Archive(home).current())
    copy = tmp_path / "versions" / version
    copy.mkdir(parents=True)
    for path in (home / "versions" / version).iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    table = bytearray((copy / "risk_table.npz").read_bytes())
    table[len(table) // 2] ^= 1
    (copy / "risk_table.npz").write_bytes(table)
    result = run("models", "verify", home=tmp_path)
    assert result.exit_code == 5
    assert "risk_table.npz" in result.stderr


def test_a_version_of_an_older_release_is_left_out_and_named(run: Run, tmp_path: Path) -> None:
    """`models list` lists what it can read, and says of what an earlier release made how to make it anew."""
    archive = Archive(tmp_path)
    kept = publish(archive, prior_set="pooled", without=[], passed=True, evidence={"rows": []})
    older_format(archive, 2)
    result = run("models", "list", "--json", home=tmp_path)
    assert [entry["version"] for entry in json.loads(result.stdout)] == [kept]
    assert "`defection-risk refit` makes" in result.stderr


def test_an_empty_archive_says_what_to_do(run: Run, tmp_path: Path) -> None:
    """Where nothing was fitted yet, the message names the command that mends it."""
    result = run("models", "show", home=tmp_path)
    assert result.exit_code == 5
    assert "defection-risk refit" in result.stderr


def test_a_file_is_scored_to_standard_output(run: Run, home: Path, tmp_path: Path) -> None:
    """`score` prints the rows with risk columns, and says on standard error which version they are from."""
    source = tmp_path / "profiles.csv"
    source.write_text(PROFILES)
    result = run("score", source, home=home)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["rank"] for row in rows] == ["amid", "lt col"]
    assert all(float(row["risk_lower_90"]) < float(row["risk_median"]) < float(row["risk_upper_90"]) for row in rows)
    assert str(Archive(home).current()) in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sect,rank\nalawit,amid\n", ("line 2", "sect", "alawite")),
        ("colour\nred\n", ("profiles.csv",)),
        ("", ("profiles.csv",)),
    ],
    ids=["unknown word", "no attribute", "empty"],
)
def test_a_bad_file_is_refused(run: Run, home: Path, tmp_path: Path, *, text: str, told: tuple[str, ...]) -> None:
    """A file that cannot be scored ends with 3, a word on where, and nothing written."""
    source, target = tmp_path / "profiles.csv", tmp_path / "scored.csv"
    source.write_text(text)
    result = run("score", source, "-o", target, home=home)
    assert result.exit_code == 3
    assert all(word in result.stderr for word in told)
    assert not target.exists()


def test_a_window_outside_the_study_is_refused(run: Run, home: Path, tmp_path: Path) -> None:
    """`score --from` before the study ends with 3 and gives the first day allowed."""
    source = tmp_path / "profiles.csv"
    source.write_text(PROFILES)
    result = run("score", source, "--from", "2010-01-01", home=home)
    assert result.exit_code == 3
    assert "2011-03-15" in result.stderr


def test_priors_are_shown_with_their_claims(run: Run, study: Study) -> None:
    """`priors show` prints, for each quantity of each set, the distribution, its interval and the claims behind it."""
    shown = json.loads(run("priors", "show", "--json").stdout)
    assert list(shown) == list(study.claims.prior_sets)
    for entries in shown.values():
        assert [entry["quantity"] for entry in entries] == [quantity.name for quantity in study.claims.quantities]
    bearing = {claim.id for claim in study.claims.claims if claim.bears_on}
    assert {claim for entry in shown["pooled"] for claim in entry["claims"]} == bearing
    assert "Normal(" in run("priors", "show", "--priors", "pooled").stdout


def test_every_claim_is_likely_under_its_own_sources_prior(run: Run, study: Study) -> None:
    """`priors check` gives each testable claim at least one half under its own source's prior, and ends with 0."""
    result = run("priors", "check", "--json")
    assert result.exit_code == 0
    checked = {entry["id"]: entry for entry in json.loads(result.stdout)}
    for claim in study.claims.claims:
        probability = checked[claim.id]["probability"][claim.source]
        assert (probability is None) == (claim.not_testable is not None)
        assert probability is None or probability >= 0.5


def test_evidence_is_shown_with_its_sources(run: Run) -> None:
    """`evidence show` prints the 23 bundled rows, each with a source, and whose its bounds are."""
    rows = json.loads(run("evidence", "show", "--json").stdout)
    assert len(rows) == 23
    assert all(row["source"] for row in rows)
    assert {row["id"] for row in rows if row["bound_by"] == "compiler"} >= {"E03", "E25"}
    shown = run("evidence", "show").stdout
    for told in ("officers", "bounds by", "compiler", "all who serve"):
        assert told in shown


def test_rows_at_odds_with_who_serves_are_named(run: Run, tmp_path: Path) -> None:
    """`evidence check` names each row that contradicts the study's forces, and takes it; sound ones are not named."""
    source = tmp_path / "mine.csv"
    source.write_text(
        "id,kind,rank,window_from,window_to,total_low,total_high,count_low,count_high\n"
        "A1,rate,general,2011-03-15,2012-03-15,200000,250000,5,30\n"
        "A2,rate,colonel,2011-03-15,2012-03-15,10,20,1,5\n"
    )
    result = run("evidence", "check", source)
    assert result.exit_code == 0, result.stderr
    at_odds = [line for line in result.stderr.splitlines() if line.startswith("at odds with who serves: ")]
    assert len(at_odds) == 1
    assert "A1" in at_odds[0]
    assert result.stderr.splitlines()[-1] == "sound: 2 evidence rows"


def test_evidence_that_cannot_be_used_is_refused(run: Run, tmp_path: Path) -> None:
    """`evidence check` names file, row, column and rule, and ends with 3."""
    source = tmp_path / "mine.csv"
    source.write_text(
        "id,kind,sect,window_from,window_to,total_low,total_high,count_low,count_high\n"
        "A1,rate,suni,2011-03-15,2012-03-15,10,20,5,3\n"
    )
    result = run("evidence", "check", source)
    assert result.exit_code == 3
    for told in ("mine.csv", "row 1", "sect", "sunni", "count_high"):
        assert told in result.stderr


def test_two_versions_are_compared(run: Run, home: Path, tmp_path: Path) -> None:
    """`compare` gives each profile of the panel under both versions, in a table and in a plot."""
    version = Archive(home).current()
    plot = tmp_path / "comparison.svg"
    result = run("compare", version, version, "--json", "-o", plot, home=home)
    found = json.loads(result.stdout)
    assert {entry["risk_ratio"] for entry in found["panel"]} == {1.0}
    assert found["claims"] == []
    assert plot.read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("refit", "--priors", "al-katan"), 3, "nearest: al-kattan"),
        (("--study", "siria", "refit"), 3, "nearest: syria"),
        (("refit", "--without", "K99"), 3, "nearest: K29"),
        (("refit", "--evidence", "absent.csv"), 3, "absent.csv"),
        (("refit", "--evidence", "none", "--evidence", "bundled"), 2, "none"),
        (("refit", "--chains", "1"), 2, "chains"),
        (("models", "show", "../etc"), 2, "version"),
        (("compare", "one"), 2, "SECOND"),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(run: Run, arguments: tuple[str, ...], code: int, told: str) -> None:
    """A wrong request ends with the code of its kind and names what is allowed."""
    result = run(*arguments)
    assert result.exit_code == code
    assert told in result.stderr
