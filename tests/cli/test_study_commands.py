"""`study list`, `show`, `new` and `check`, as somebody uses them who begins a case of their own."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cli import study as commands
from priors.study import FILES, TEMPLATE, load_study, study_names
from tests.cli.conftest import Run
from tests.support.made_up import FLEET, GARRISON, STUDIES
from tests.support.rewritten import rewritten, written


def test_every_study_is_listed(run: Run) -> None:
    """Those that come with the project are listed by name, with title, attributes and folder."""
    listed = json.loads(run("study", "list", "--json").stdout)
    assert [entry["name"] for entry in listed] == list(study_names())
    for entry in listed:
        study = load_study(entry["folder"])
        assert (entry["title"], entry["attributes"]) == (study.title, list(study.vocabulary.names))
        assert entry["name"] in run("study", "list").stdout


def test_the_study_that_is_stated_is_listed_too(run: Run) -> None:
    """A folder of one's own stands in the list, after those of the project, and one of these stands in it once."""
    names = [each["name"] for each in json.loads(run("--study", STUDIES / FLEET, "study", "list", "--json").stdout)]
    assert names == [*study_names(), FLEET]
    again = json.loads(run("--study", study_names()[0], "study", "list", "--json").stdout)
    assert [each["name"] for each in again] == list(study_names())


@pytest.mark.parametrize("named", [*study_names(), str(TEMPLATE), str(STUDIES / FLEET), str(STUDIES / GARRISON)])
def test_all_that_a_study_says_is_shown(run: Run, named: str) -> None:
    """Title, question, limits, days, words, articles, quantities, claims and prior sets stand in the tables."""
    study, result = load_study(named), run("study", "show", named)
    assert result.exit_code == 0, result.stderr
    shown = " ".join(result.stdout.split())
    names = [study.title, study.question, study.limits, str(study.timeline.window), *study.timeline.period_names]
    names += [
        *study.vocabulary.names,
        *(level for attribute in study.vocabulary.attributes for level in attribute.names),
    ]
    names += [each.name for each in (*study.articles, *study.claims.quantities, *study.vocabulary.units)]
    names += [each.id for each in study.claims.claims] + [*study.claims.prior_sets, *study.corps.classes]
    names += [*study.profiles, *study.topics, *study.roles]
    assert [name for name in names if " ".join(name.split()) not in shown and len(name) < 40] == []


def test_the_study_of_the_option_is_shown_where_none_is_named(run: Run) -> None:
    """`study show` shows the study that one works in; as JSON all that its files hold, and its rows of evidence."""
    shown = json.loads(run("--study", STUDIES / GARRISON, "study", "show", "--json").stdout)
    assert (shown["name"], shown["window"]["from"], len(shown["evidence"])) == (GARRISON, "1901-01-01", 2)
    assert set(shown["attributes"]) == {"origin", "grade"}
    assert shown["claims"]["W1"]["bears_on"] == {
        "reference_risk": {"interval": [0.05, 0.20], "basis": "figure", "horizon": "both years"}
    }
    assert shown["digest"] == load_study(STUDIES / GARRISON).digest


def test_a_new_study_is_sound_and_tells_what_to_do_next(run: Run, tmp_path: Path) -> None:
    """`study new` makes a folder of five files that `study check` finds sound, and prints the next three commands."""
    folder = tmp_path / "deep" / "mine"
    result = run("study", "new", folder)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"defection-risk study check {folder}",
        f"defection-risk --study {folder} refit",
        "defection-risk serve",
    ]
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == load_study(TEMPLATE).files
    assert "sound: mine" in run("study", "check", folder).stderr
    assert [path.name for path in folder.parent.iterdir()] == ["mine"]


def test_an_empty_folder_is_filled(run: Run, tmp_path: Path) -> None:
    """A folder that is there and holds nothing becomes the study."""
    (tmp_path / "mine").mkdir()
    assert run("study", "new", tmp_path / "mine").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == sorted(FILES)


def test_nothing_is_written_over(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds anything, a file, the folder one is in, and the name of a study there is are refused."""
    kept = written(tmp_path / "kept", {"note.txt": b"mine"})
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for folder in (kept, kept / "note.txt", tmp_path / "here", Path(), tmp_path / study_names()[0]):
        result = run("study", "new", folder)
        assert (result.exit_code, f"{folder}: must " in result.stderr) == (2, True)
    assert [path.name for path in kept.iterdir()] == ["note.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "kept"]


def test_a_study_that_cannot_be_copied_whole_is_not_begun(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the disk is full after some of the files, nothing of them is left."""
    copied: list[Path] = []

    def full(source: Path, target: Path) -> None:
        copied.append(target)
        if len(copied) > 2:
            raise OSError(28, os.strerror(28))
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(commands.shutil, "copyfile", full)
    result = run("study", "new", tmp_path / "mine")
    assert (result.exit_code, "mine: cannot be written: no space left on device" in result.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_every_mistake_is_told_on_a_line(run: Run, tmp_path: Path) -> None:
    """`study check` prints each mistake of each file with its line, and ends with 3 and nothing on standard output."""
    files = rewritten(
        GARRISON,
        ("study.yaml", "title:", "titel:"),
        ("vocabulary.yaml", "reads: noun", "reads: {}s and {}s"),
        ("claims.yaml", "{hill_ratio: {interval: [1.0, 8.0]", "{hil_ratio: {interval: [1.0, 8.0]"),
        ("corps.yaml", "interval: [900, 1_111]", "interval: many"),
    )
    folder = written(tmp_path / "mine", files)
    result = run("study", "check", folder)
    assert (result.exit_code, result.stdout) == (3, "")
    lines = result.stderr.splitlines()
    assert [line.partition(",")[0] for line in lines] == [
        "study.yaml", "study.yaml", "vocabulary.yaml", "claims.yaml", "corps.yaml",
    ]  # fmt: skip
    assert "study.yaml, line 3: titel: there is no entry of this name; nearest: title" in lines
    assert run("--study", folder, "study", "check").stderr == result.stderr


def test_evidence_is_checked_once_the_rest_is_sound(run: Run, tmp_path: Path) -> None:
    """Rows that the study's words do not fit are told by row and column, with the nearest word."""
    folder = written(tmp_path / "mine", rewritten(GARRISON, ("evidence.csv", "G2,rate,plain", "G2,rate,plane")))
    result = run("study", "check", folder)
    assert (result.exit_code, result.stderr.startswith("evidence.csv: row 2: origin: ")) == (3, True)
    assert "nearest: plain" in result.stderr


def test_a_sound_study_is_said_to_be_so(run: Run) -> None:
    """What was checked is counted; a study without a word of evidence in it is sound too."""
    result = run("study", "check", STUDIES / GARRISON)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "sound: garrison, attributes 2, combinations of levels 4, periods 1, articles 1, quantities 3, claims 3, "
        "evidence rows 2\n"
    )


@pytest.mark.parametrize("verb", ["show", "check"])
def test_a_study_that_there_is_not_is_told_with_the_nearest(run: Run, verb: str) -> None:
    """A misspelt name ends with 3 and names the study that was meant."""
    result = run("study", verb, "siria")
    assert (result.exit_code, "there is no study and no folder siria; nearest: syria" in result.stderr) == (3, True)


def test_a_broken_study_makes_nothing(run: Run, tmp_path: Path) -> None:
    """Every verb that is of a study tells of its mistakes and ends with 3, before anything is written."""
    folder = written(tmp_path / "mine", rewritten(GARRISON, ("study.yaml", "title:", "titel:")))
    for verb in (["refit"], ["sweep"], ["calibrate"], ["priors", "show"], ["evidence", "show"]):
        result = run("--study", folder, *verb, home=tmp_path / "home")
        assert (result.exit_code, "study.yaml, line 3: titel:" in result.stderr) == (3, True)
    assert not (tmp_path / "home").exists()
