"""What the report says of fits that are out of the ordinary, and of words that are not ours."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

from model.report.build import build_report
from model.report.evidence_rows import evidence_rows
from model.report.material import Material
from model.report.provenance import commands, provenance
from model.report.the_study import the_study
from priors.study import Study
from tests.report.conftest import Brief, Make, Version
from tests.report.parsed import parsed

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def manifest(version: Version) -> dict[str, Any]:
    """Return a manifest that a test may change."""
    return copy.deepcopy(version.manifest)


def test_without_evidence(make: Make, study: Study) -> None:
    """A fit without evidence is reported too: it says that there is none, and draws what there is."""
    bare = make(seed=3, rows=())
    root = parsed(build_report(bare.tree, bare.manifest, study))
    assert "No evidence rows went into this fit." in root.text
    assert {"figure-risks", "figure-ranks"} <= {figure.attributes["id"] for figure in root.all("figure")}
    assert "--evidence none" in root.text


def test_failed_fit_says_so(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A fit that failed a check that gates says so at the top, with the way to the check; a good one does not."""
    brief()
    for check in manifest["checks"]:
        check["passed"] = True
    header = parsed(build_report(version.tree, manifest, study)).one("header")
    assert "Every check that a fit must pass holds." in header.text
    manifest["checks"][0]["passed"] = False
    header = parsed(build_report(version.tree, manifest, study)).one("header")
    assert "not fit to be served" in header.text
    assert [link.attributes["href"] for link in header.all("a")] == ["#check-r_hat"]


def test_hostile_words_are_words(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """Whatever a row's source, note and link hold, they come out as words, and only web addresses are links."""
    brief(evidence_rows)
    row = manifest["evidence"]["rows"][0]
    row |= {"source": HOSTILE, "note": HOSTILE, "url": "javascript:alert(1)"}
    root = parsed(build_report(version.tree, manifest, study))
    assert not root.all("script")
    assert root.text.count(HOSTILE) == 2
    assert not [link for link in root.all("a") if link.attributes["href"].startswith("javascript")]


def test_hostile_study_is_words(version: Version, study: Study, brief: Brief) -> None:
    """Whatever a study is called, asks and says of an article, it comes out as words."""
    brief(the_study)
    article = dataclasses.replace(study.articles[0], author=HOSTILE, title=HOSTILE, says=HOSTILE)
    claims = dataclasses.replace(study.claims, articles=(article,))
    hostile = dataclasses.replace(study, title=HOSTILE, question=HOSTILE, limits=HOSTILE, claims=claims)
    root = parsed(build_report(version.tree, version.manifest, hostile))
    assert not root.all("script")
    assert root.text.count(HOSTILE) == 10


def test_row_outside_is_named(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A row outside its prediction is named in the caption and marked in its own place."""
    brief(evidence_rows)
    for row in manifest["evidence"]["rows"]:
        row["outside"] = row["id"] == "E11"
    root = parsed(build_report(version.tree, manifest, study))
    captions = {figure.attributes["id"]: figure.one("figcaption").text for figure in root.all("figure")}
    assert "E11 lies outside the fit's 99\u00a0% prediction" in captions["figure-evidence"]
    marked = [article for article in root.all("article") if "outside" in article.children[0].text]
    assert [article.attributes["id"] for article in marked] == ["row-E11"]


def test_before_it_is_published(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A report can be made before the version has a name, for it to be published with."""
    brief(provenance)
    for name in ("version", "created", "files", "format", "digest"):
        manifest.pop(name)
    page = build_report(version.tree, manifest, study)
    assert version.name not in page
    assert parsed(page).one("h1")


def test_commands_make_it_again(version: Version, manifest: dict[str, Any], study: Study) -> None:
    """The commands name the priors, the claims left out, the evidence and the seed."""
    manifest["without"] = ["K05"]
    refit, report = commands(Material(version.tree, manifest, study))
    assert refit == (
        "defection-risk --study syria refit --priors pooled --without K05 --draws 300 --tune 1000 --chains 2 --cores 2 "
        "--target-accept 0.95 --sampler numpyro --seed 1"
    )
    assert report == f"defection-risk report {version.name}"
    manifest["evidence"]["digest"] = "0" * 64
    manifest["officers"]["count"] = 3
    refit, _ = commands(Material(version.tree, manifest, study))
    assert "--evidence EVIDENCE.csv --officers OFFICERS.csv" in refit
