"""`refit` from the command line, what is published, made current, refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from model.archive import Archive
from model.fit import fitting
from model.fit.sampling import FEWEST
from service import Settings, create_app
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.contracts import DESCRIBED, mismatches
from tests.support.fits import FromThePrior
from tests.support.made_up import GARRISON, STUDIES
from tests.support.rewritten import Files, rewritten, written
from tests.support.syria import PRIOR_SETS

LEAST = STUDIES / GARRISON
"""The least that a study may be: what is promised of any is tried on it in a few seconds."""

EVIDENCE = (
    "id,kind,sect,rank,window_from,window_to,total_low,total_high,count_low,count_high\n"
    "A1,rate,sunni,officers,2011-03-15,2013-03-15,4000,6000,600,1500\n"
)
OFFICERS = "sect,rank,eliteness,proximity,from,to,defected,defected_on\n" + "".join(
    f"{sect},{rank},ordinary,outside,2011-03-15,2013-03-15,{defected},{day}\n"
    for sect, rank, defected, day in (
        ("sunni", "colonel", "yes", "2012-07-01"),
        ("sunni", "captain", "yes", ""),
        ("alawite", "major", "no", ""),
    )
)


@pytest.fixture
def unsampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command take draws of the prior for a posterior, which spares it compiling and sampling."""
    monkeypatch.setattr(fitting, "make_sampler", lambda _problem, _sampler: FromThePrior())


@pytest.mark.usefixtures("unsampled")
def test_own_evidence_and_officers_make_a_version(run: Run, tmp_path: Path) -> None:
    """A refit on one's own evidence and officers, under one author's claims but one, is published and current."""
    evidence, officers = tmp_path / "mine.csv", tmp_path / "officers.csv"
    evidence.write_text(EVIDENCE)
    officers.write_text(OFFICERS)
    home = tmp_path / "home"
    result = run(
        "refit", "--priors", "al-kattan", "--without", "K17", "--evidence", evidence, "--officers", officers,
        "--draws", 600, "--tune", 600, "--json", home=home,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    (made,) = json.loads(result.stdout)
    version = made["version"]
    assert Archive(home).current() == version
    manifest = Archive(home).manifest(version)
    assert (made["prior_set"], made["passed"], made["checks"]) == ("al-kattan", True, manifest["checks"])
    assert (manifest["prior_set"], manifest["without"]) == ("al-kattan", ["K17"])
    assert [row["id"] for row in manifest["evidence"]["rows"]] == ["A1"]
    assert manifest["officers"]["count"] == 3
    assert "K17" not in manifest["claims_by_level"]["eliteness"]["elite"]


@pytest.mark.usefixtures("unsampled")
def test_every_prior_set_is_fitted_and_served(run: Run, tmp_path: Path) -> None:
    """By default each article's prior set and that of all are fitted, each beside the others; the last is current."""
    evidence, home = tmp_path / "mine.csv", tmp_path / "home"
    evidence.write_text(EVIDENCE)
    result = run("refit", "--evidence", evidence, "--draws", 600, "--tune", 600, "--json", home=home)
    assert result.exit_code == 0, result.stderr
    archive, made = Archive(home), json.loads(result.stdout)
    assert [each["prior_set"] for each in made] == [*PRIOR_SETS]
    assert archive.current() == made[-1]["version"]
    for each in made:
        others = [name for name in PRIOR_SETS if name != each["prior_set"]]
        assert archive.manifest(each["version"])["fitted_beside"] == others
    app = create_app(Settings(home=home))
    client = app.test_client()
    assert [each["priors"] for each in client.get("/v1/model").json["priors_available"]] == [*PRIOR_SETS]
    for name in PRIOR_SETS:
        asked = client.post("/v1/assessments", json={"officers": [{"sect": "sunni"}], "version": name}).json
        (assessment,) = asked["assessments"]
        assert (asked["model"]["priors"], assessment["author_shift"] is None) == (name, False)
    assert mismatches(app, DESCRIBED["/v1/claims"], client.get("/v1/claims").json) == {}


@pytest.mark.usefixtures("unsampled")
def test_a_refit_may_leave_what_is_current(run: Run, tmp_path: Path) -> None:
    """With --no-promote a version is published, and who names none is answered as before."""
    archive = Archive(tmp_path)
    before = publish(archive, passed=True)
    sampling = ("--draws", 600, "--tune", 600)
    result = run("--study", LEAST, "refit", *sampling, "--no-promote", home=tmp_path)
    assert result.exit_code == 0, result.stderr
    (made,) = set(archive.versions()) - {before}
    assert archive.current() == before
    assert f"`defection-risk models use {made}` makes it current" in result.stderr


@pytest.mark.slow
def test_without_any_evidence_the_posterior_is_the_prior(run: Run, tmp_path: Path) -> None:
    """A refit on nothing leaves every claim as probable as before, to Monte Carlo error."""
    result = run("refit", "--priors", "pooled", "--evidence", "none", "--json", home=tmp_path)
    assert result.exit_code == 0, result.stderr
    manifest = Archive(tmp_path).manifest(json.loads(result.stdout)[0]["version"])
    assert {claim["verdict"] for claim in manifest["claims"]} <= {"untouched", "not testable"}
    for claim in manifest["claims"]:
        before, after = claim["probability"]["prior"], claim["probability"]["posterior"]
        # Two shares of 4,000 draws each, the posterior's worth at least 1,000: four standard errors.
        assert before is None or abs(before - after) < 4 * (0.25 / 4000 + 0.25 / 1000) ** 0.5


@pytest.mark.usefixtures("unsampled")
def test_a_fit_that_did_not_converge_is_kept_and_not_served(run: Run, tmp_path: Path) -> None:
    """Too few draws fail a check: exit code 4, the version in the archive, none current, and what to do."""
    few = ("--draws", FEWEST, "--most-draws", FEWEST, "--tune", FEWEST, "--chains", 2)
    result = run("--study", LEAST, "refit", *few, home=tmp_path)
    assert result.exit_code == 4
    assert len(Archive(tmp_path).versions()) == 1
    assert Archive(tmp_path).current() is None
    assert "ess_bulk" in result.stderr
    assert "--draws" in result.stderr


@pytest.mark.usefixtures("unsampled")
def test_draws_are_doubled_where_the_checks_ask_for_more(run: Run, tmp_path: Path) -> None:
    """A fit that begins with too few draws goes on to as many as pass, within the most that are allowed."""
    few = ("--draws", 100, "--most-draws", 1600, "--tune", FEWEST, "--chains", 2)
    result = run("--study", LEAST, "refit", *few, "--json", home=tmp_path)
    assert result.exit_code == 0, result.stderr
    sampling = Archive(tmp_path).manifest(json.loads(result.stdout)[0]["version"])["sampling"]
    assert 100 < sampling["draws"] <= 1600


def test_bad_evidence_writes_nothing(run: Run, tmp_path: Path) -> None:
    """A refit on rows that cannot be used ends with 3 before anything is written."""
    evidence = tmp_path / "mine.csv"
    evidence.write_text(EVIDENCE.replace("600,1500", "1500,600"))
    home = tmp_path / "home"
    result = run("refit", "--evidence", evidence, home=home)
    assert result.exit_code == 3
    assert not home.exists()


def test_more_draws_than_a_version_holds_are_refused_before_the_fit(run: Run, tmp_path: Path) -> None:
    """What could not be published is not sampled."""
    result = run("refit", "--draws", 50_000, "--chains", 4, home=tmp_path)
    assert result.exit_code == 2
    assert "--draws, --most-draws: times --chains must be at most 50,000" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_a_risk_table_cannot_hold_is_refused_before_the_fit(run: Run, tmp_path: Path) -> None:
    """Draws by combinations of levels are counted before anything is sampled, and the message has the numbers."""
    folder = written(tmp_path / "large", ten_thousand_combinations())
    result = run("--study", folder, "refit", "--most-draws", 2_000, "--chains", 4, home=tmp_path / "home")
    assert result.exit_code == 2
    assert (
        "--draws, --most-draws: 2,000 in each of 4 chains, and 5,000 of priors and of other fits, all of 10,000 "
        "combinations of levels, take 991 MiB; a risk table holds at most 512: take fewer draws, or fewer levels"
    ) in " ".join(result.stderr.split())
    assert not (tmp_path / "home").exists()


def ten_thousand_combinations() -> Files:
    """Return the garrison with ten origins and a thousand grades."""
    origins, grades = [f"o{at}" for at in range(8)], [f"g{at}" for at in range(998)]
    level = ": {definition: x, source: made up}\n      "
    even = ", ".join(f"{name}: 0.001" for name in ("gunner", *grades, "ensign"))
    return rewritten(
        GARRISON,
        ("vocabulary.yaml", "      hill: {", f"      {''.join(f'{name}{level}' for name in origins)}hill: {{"),
        ("vocabulary.yaml", "      ensign: {", f"      {''.join(f'{name}{level}' for name in grades)}ensign: {{"),
        ("claims.yaml", "levels: [hill]", f"levels: [hill, {', '.join(origins)}]\n    spread: rest"),
        ("claims.yaml", "\nbaseline:", "\nspreads: {rest: {sigma: 0.5, definition: x}}\nbaseline:"),
        ("corps.yaml", "hill: 0.3}", f"hill: 0.22, {', '.join(f'{name}: 0.01' for name in origins)}}}"),
        ("corps.yaml", "    rows:\n", f"    rows:\n      - {{shares: {{{even}}}}}\n"),
    )


@pytest.mark.slow
def test_a_new_study_is_fitted_as_it_stands(run: Run, tmp_path: Path) -> None:
    """`study new` and `refit` make a version of the new study, current and answering in its words."""
    home, folder = tmp_path / "home", tmp_path / "mine"
    assert run("study", "new", folder).exit_code == 0
    made = run("--study", folder, "refit", home=home)
    assert made.exit_code == 0, made.stderr
    shown = json.loads(run("models", "show", "--json", home=home).stdout)
    assert (shown["study"]["name"], shown["passed"]) == ("mine", True)
    assert run("outlook", "--corps", 100, home=home).exit_code == 0
