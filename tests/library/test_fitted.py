"""Promises about a fitted model: opened by any name, saved whole, shown safely, and drawn."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import defection_risk as dr
from defection_risk.showing import fitted_html
from model.archive import Archive, VersionNameError
from tests.library.conftest import CHECK, SAID
from tests.service.publishing import ledger_entry, publish


def test_a_version_is_opened_by_any_of_its_names(archive: Archive, model: dr.Fitted) -> None:
    """`current`, a version, its beginning and a prior set open what commands take them for; others name the nearest."""
    for name in ("current", None, model.version, model.version[:-1], "pooled"):
        assert dr.load(name, home=archive.home).version == model.version
    assert dr.load("stratfor", home=archive.home).prior_set == "stratfor"
    assert dr.load(home=archive.home, study="syria").version == model.version
    with pytest.raises(VersionNameError, match="nearest: stratfor"):
        dr.load("stratfore", home=archive.home)


def test_a_version_is_saved_whole(model: dr.Fitted, tmp_path: Path) -> None:
    """Saved elsewhere a version has the same files under the same name, is current there, and answers the same."""
    saved = model.save(tmp_path / "kept")
    assert (saved.version, Archive(tmp_path / "kept").current()) == (model.version, model.version)
    Archive(tmp_path / "kept").verify(model.version)
    assert saved.ask("/v1/assessments", {"officers": [{}]}) == model.ask("/v1/assessments", {"officers": [{}]})
    assert model.save(tmp_path / "kept").version == model.version


def test_what_did_not_pass_is_saved_and_not_made_current(archive: Archive, tmp_path: Path) -> None:
    """A fit that failed a check is kept for inspection; so is one of which that is asked."""
    failed = dr.Fitted(archive, publish(archive, seed=3, promote=False, **SAID | {"passed": False}))
    failed.save(tmp_path)
    assert (Archive(tmp_path).versions(), Archive(tmp_path).current()) == ((failed.version,), None)
    assert "FAILED" in repr(failed)
    dr.load(home=archive.home).save(tmp_path, promote=False)
    assert Archive(tmp_path).current() is None


def test_a_fit_is_kept_as_long_as_it_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The archive that a fit is published into is there while somebody holds the fit, and goes then."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    fitted = dr.Fitted.of(MadeUp())  # type: ignore[arg-type]
    (beside,) = fitted.beside.values()
    home = fitted.archive.home
    assert (fitted.prior_set, beside.prior_set, len(fitted.assess({}))) == ("pooled", "stratfor", 1)
    del fitted
    gc.collect()
    assert home.exists()
    del beside
    gc.collect()
    assert not home.exists()


class MadeUp:
    """Stands in for a refit: publishes made-up versions."""

    def publish(self, archive: Archive, **_: object) -> tuple[str, ...]:
        """Publish a version under one article, and one under all."""
        named = ({"prior_set": "stratfor"}, {})
        return tuple(publish(archive, promote=False, **SAID | each) for each in named)


def test_it_is_shown_in_a_line_and_in_a_table(model: dr.Fitted) -> None:
    """Its line says what was fitted; in a notebook so do its tables, with checks and ledger."""
    assert repr(model) == f"<Fitted {model.version}: syria, pooled priors>"
    page = model._repr_html_()
    for words in (model.version, model.study.title, "pooled", "passed", "K06", "supported"):
        assert words in page
    assert model.checks.loc["r_hat", "value"] == CHECK["value"]
    assert model.ledger().loc["K06", ["prior", "posterior", "verdict"]].tolist() == [0.6, 0.7, "supported"]


def test_what_a_file_says_is_escaped(archive: Archive) -> None:
    """Markup in a manifest is shown as text."""
    said = SAID | {"checks": [CHECK | {"name": "<script>", "passed": False}]}
    claims = [ledger_entry("<b>K06", verdict="<img>")]
    page = fitted_html(dr.Fitted(archive, publish(archive, promote=False, **said, claims=claims)))
    assert not {"<script>", "<b>", "<img>"} & {page[at : page.find(">", at) + 1] for at in range(len(page))}


def test_a_ledger_and_risks_are_drawn(model: dr.Fitted) -> None:
    """Every claim with a probability, and every distinct profile, has a line of its own, named as given."""
    assert [each.get_text() for each in model.plot_ledger().get_yticklabels()] == ["K06", "K07"]
    profiles = dr.load_example("force").set_index("rank", drop=False)
    axes = model.plot_risk(profiles, ax=model.plot_risk({}))
    assert [each.get_text() for each in axes.get_yticklabels()] == ["lt col", "general", "brigadier"]
    assert model.plot_why({"sect": "sunni"}).get_yticklabels()[-1].get_text() == "sunni"


def test_changes_are_supposed(model: dr.Fitted) -> None:
    """What if? tells each profile as it is and as it would be, and each claim, as the service does."""
    force = dr.load_example("force").drop(columns="count")
    supposed = model.what_if(force, without_claims=["K17"], weights={"stratfor": 2})
    assert (supposed["changes"]["without_claims"], supposed["changes"]["weights"]) == (["K17"], {"stratfor": 2.0})
    told = supposed.officers
    assert list(told["as_it_is"]) == [each["as_it_is"]["mean"] for each in supposed["officers"]]
    assert list(told.columns[: len(force.columns)]) == list(force.columns)
    assert (str(supposed), supposed["refit"].split()[1]) == (supposed["in_words"], "refit")
    assert list(supposed.claims.index) == [each["id"] for each in supposed["claims"]]
    assert "<table" in supposed._repr_html_()
