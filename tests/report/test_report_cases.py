"""What the report says of fits that are out of the ordinary, and of words that are not ours."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pytest

from model.report.authors import authors
from model.report.bounds import bounds
from model.report.build import build_report
from model.report.claims_ledger import claims_ledger
from model.report.conflict import conflict
from model.report.convergence import convergence, strayed
from model.report.evidence_figures import as_far
from model.report.evidence_rows import evidence_rows
from model.report.material import Material
from model.report.provenance import SAMPLING_OPTIONS, commands, provenance
from model.report.selection import selection
from model.report.the_study import articles, the_study
from model.report.trust import trust
from model.report.who_serves import who_serves
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


def test_a_fit_as_of_a_day_says_so(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A fit that was not to know later rows says so at the top, with its hindsight, and among the facts; others not."""
    brief(provenance)
    assert "As of" not in build_report(version.tree, manifest, study)
    manifest["as_of"] = {"day": "2012-08-31", "left_out": ["E01"], "undated": [], "hindsight": ["al-kattan"]}
    root = parsed(build_report(version.tree, manifest, study))
    header = " ".join(root.one("header").text.split())
    assert (
        "As of 2012-08-31: rows not known on that day are left out; in hindsight, for the article of al-kattan"
        in header
    )
    assert "only what was known on 2012-08-31; rows left out: E01" in root.one("main").text


def test_failed_fit_says_so(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A fit that failed a check that gates says so at the top, with the way to the check; a good one does not."""
    brief()
    for check in manifest["checks"]:
        check["passed"] = True
    header = parsed(build_report(version.tree, manifest, study)).one("header")
    assert "Every check that a fit must pass holds" in header.text
    manifest["checks"][0]["passed"] = False
    header = parsed(build_report(version.tree, manifest, study)).one("header")
    assert "not fit to be served" in header.text
    assert header.all("a")[0].attributes["href"] == "#check-r_hat"


def test_what_to_trust_is_said_first(version: Version, manifest: dict[str, Any], study: Study) -> None:
    """The box at the top names what rests on priors, what hangs on one row, what is flagged and what conflicts."""
    for entry in manifest["panel"]:
        entry["posterior_contraction"] = 0.8
    for claim in manifest["claims"]:
        claim |= {"hangs_on": [], "verdict": "untouched"}
    for row in [*manifest["evidence"]["rows"], *manifest["lists"]]:
        row |= {"flagged": False, "pareto_k": 0.1}
    material = Material(version.tree, manifest, study)
    quiet = trust(material)
    assert all(not quiet[name] for name in ("leaning", "hanging", "contradicted", "flagged", "untold", "conflicts"))
    manifest["panel"][0]["posterior_contraction"] = 0.2
    manifest["claims"][0] |= {"hangs_on": ["E03's bound at 33", "E07+E08"], "verdict": "contradicted"}
    manifest["lists"][0] |= {"flagged": True, "pareto_k": 0.9}
    manifest["conflicts"][0]["flagged"] = True
    told = trust(material)
    assert told["leaning"] == [manifest["panel"][0]["name"]]
    assert told["hanging"] == told["contradicted"] == [manifest["claims"][0]["id"]]
    assert told["hang_on"] == ["E03", "E07"]
    assert told["flagged"] == manifest["lists"][0]["rows"]
    assert told["untold"] == len(manifest["lists"][0]["rows"])
    assert told["conflicts"] == [manifest["conflicts"][0]["quantity"]]
    assert set(told["from_claims"]) <= set(material.fitted)


def test_the_furthest_row_is_the_same_on_every_scale() -> None:
    """How far out a row lies is a share of its replicates, to which a bound of zero is as near as one just above."""
    predicted = np.linspace(0.0, 1.0, 101)
    by_bounds = [((0.0, 0.1), 0.1), ((0.001, 0.1), 0.1), ((0.5, 0.5), 0.5), ((0.95, 1.0), 0.05), ((0.0, 1.0), 1.0)]
    for (low, high), share in by_bounds:
        row = {"observed": {"lower": low, "upper": high}}
        assert as_far(row, predicted) == pytest.approx(share, abs=0.011)


def test_ranks_of_chains_that_part_leave_the_band() -> None:
    """Chains that agree stay inside the band of the rank plot, and one that lies higher than the others leaves it."""
    draws = np.random.default_rng(7).normal(size=(4, 500))
    lines, band = strayed(draws, draws.size)
    assert np.abs(lines).max() < band
    draws[2] += 0.3
    lines, band = strayed(draws, draws.size)
    assert np.abs(lines).max() > band
    assert np.abs(lines[2]).max() == np.abs(lines).max()


def test_the_fewest_effective_draws_are_those_of_the_table(version: Version, study: Study, brief: Brief) -> None:
    """The caption on effective draws has the least number of the table's two columns."""
    brief(convergence)
    root = parsed(build_report(version.tree, version.manifest, study))
    (table,) = (each for each in root.all("table") if each.one("caption").attributes["id"] == "summary-caption")
    effective = [int(cell.text.replace(",", "")) for row in table.one("tbody").all("tr") for cell in row.all("td")[2:4]]
    captions = {figure.attributes["id"]: figure.one("figcaption").text for figure in root.all("figure")}
    assert f"has {min(effective):,}, in the bulk or in the tails" in captions["figure-ess"]


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
    brief(the_study, articles)
    article = dataclasses.replace(study.articles[0], author=HOSTILE, title=HOSTILE, says=HOSTILE)
    claims = dataclasses.replace(study.claims, articles=(article,))
    hostile = dataclasses.replace(study, title=HOSTILE, question=HOSTILE, limits=HOSTILE, claims=claims)
    root = parsed(build_report(version.tree, version.manifest, hostile))
    assert not root.all("script")
    assert root.text.count(HOSTILE) == 10


def test_flagged_row_is_named(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A row that the rest of the evidence does not foresee is named in the caption and marked in its own place."""
    brief(evidence_rows)
    for row in manifest["evidence"]["rows"]:
        row["flagged"] = row["id"] == "E15"
    root = parsed(build_report(version.tree, manifest, study))
    captions = {figure.attributes["id"]: figure.one("figcaption").text for figure in root.all("figure")}
    assert "E15 is flagged as unforeseen by the rest of the evidence" in captions["figure-evidence"]
    assert "none is flagged" in captions["figure-men"]
    marked = [row for row in root.all("details") if row.all("article") and "flagged" in row.one("summary").text]
    assert [row.one("article").attributes["id"] for row in marked] == ["row-E15"]


def test_whose_a_bound_is(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """Each row says whose its bounds are, and how probable it is to a fit without it or that one must refit."""
    brief(evidence_rows)
    row = next(row for row in manifest["evidence"]["rows"] if row["id"] == "E03")
    row |= {"p": 0.031, "pareto_k": 0.4}
    articles = parsed(build_report(version.tree, manifest, study)).all("article")
    (told,) = (article.text for article in articles if article.attributes["id"] == "row-E03")
    assert "whose bounds are the compiler’s." in told
    assert "3.1\u00a0%" in told
    assert "refit to know" not in told
    row["pareto_k"] = 0.9
    articles = parsed(build_report(version.tree, manifest, study)).all("article")
    (told,) = (article.text for article in articles if article.attributes["id"] == "row-E03")
    assert "0.90: refit to know" in told


def test_what_a_verdict_hangs_on(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A verdict that turns without a row says so, with the probability that the prediction would have."""
    brief(claims_ledger)
    claim = next(claim for claim in manifest["claims"] if claim["not_testable"] is None)
    claim |= {
        "verdict": "contradicted",
        "hangs_on": ["E22"],
        "without": [
            {"term": "E22", "probability": 0.62, "verdict": "untouched", "pareto_k": 0.5, "known": True},
            {
                "term": "E03's bound at 300",
                "probability": 0.1,
                "verdict": "contradicted",
                "pareto_k": 0.1,
                "known": True,
            },
            {"term": "E01", "probability": 0.9, "verdict": "supported", "pareto_k": 0.8, "known": False},
        ],
    }
    articles = parsed(build_report(version.tree, manifest, study)).all("article")
    (told,) = (article.text for article in articles if article.attributes["id"] == f"claim-{claim['id']}")
    assert "hangs on E22" in told
    assert "Without E22: 62\u00a0%, untouched (Pareto k 0.50)." in told
    assert "With E03's bound at 300: 10\u00a0%, still contradicted (Pareto k 0.10)." in told
    assert "Without E01: refit to know (Pareto k 0.80)." in told


def test_what_a_compilers_bound_does(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A compiler's bound has the medians under each of its values, and the claims whose verdict turns with it."""
    brief(bounds)
    entry = manifest["compilers_bounds"][0]
    for case in entry["bounds"]:
        case |= {"known": case["factor"] != 10, "verdicts": {"K06": "supported", "K07": "untouched"}}
    entry["bounds"][0]["verdicts"]["K06"] = "untouched"
    root = parsed(build_report(version.tree, manifest, study))
    tables = {table.one("caption").attributes["id"]: table for table in root.all("table")}
    medians = tables[f"bounds-{entry['row']}-caption"]
    assert [cell.text for cell in medians.one("thead").all("th")] == ["Profile", "33", "100, as it is", "300", "1,000"]
    assert all(row.all("td")[-1].text == "refit to know" for row in medians.one("tbody").all("tr"))
    turned = tables[f"bounds-verdicts-{entry['row']}-caption"]
    assert [row.one("th").text for row in turned.one("tbody").all("tr")] == ["K06"]


def test_what_the_evidence_leaves_each_author(
    version: Version, manifest: dict[str, Any], study: Study, brief: Brief
) -> None:
    """The weight of each author stands by quantity, before and after; where there is none to tell, that is said."""
    brief(authors)
    entry = {"prior_weight": 0.5, "posterior_weight": 0.97}, {"prior_weight": 0.5, "posterior_weight": 0.03}
    names = [article.name for article in study.articles]
    manifest["authors"] = [{"quantity": "rank_ratio", "authors": dict(zip(names, entry, strict=True))}]
    root = parsed(build_report(version.tree, manifest, study))
    rows = [[cell.text for cell in row.all("td")] for row in root.one("tbody").all("tr")]
    assert rows == [
        [article.called, "50\u00a0%", after]
        for article, after in zip(study.articles, ("97.0\u00a0%", "3.0\u00a0%"), strict=True)
    ]
    assert f"{study.articles[0].called} goes from 50\u00a0% of the weight to 97.0\u00a0%" in root.one("figcaption").text
    manifest["authors"] = []
    assert "nothing to weigh" in parsed(build_report(version.tree, manifest, study)).text.replace("\n", " ")


def test_conflict_is_told(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A quantity that claims and evidence disagree about is named; one that the evidence left wide has no number."""
    brief(conflict)
    for entry in manifest["conflicts"]:
        entry |= {"z": 0.5, "p": 0.6, "flagged": False}
    manifest["conflicts"][0] |= {"z": -4.2, "p": 0.00003, "flagged": True}
    manifest["conflicts"][1] |= {"z": None, "p": None}
    root = parsed(build_report(version.tree, manifest, study))
    outcomes = [[cell.text for cell in row.all("td")] for row in root.one("tbody").all("tr")]
    assert outcomes[:3] == [
        ["-4.2", "under 0.1\u00a0%", "conflict"], ["none", "none", "no conflict"], ["+0.5", "60\u00a0%", "no conflict"],
    ]  # fmt: skip
    assert "Claims and evidence conflict about 1 of" in root.text


def test_who_serves_is_told(version: Version, study: Study, brief: Brief) -> None:
    """The men of every class and of every level of each attribute stand there, before the evidence and after."""
    brief(who_serves)
    root = parsed(build_report(version.tree, version.manifest, study))
    named = [row.one("th").text.split(" by ")[0] for row in root.one("tbody").all("tr")]
    levels = [level for attribute in study.vocabulary.attributes for level in attribute.names]
    assert named[1:] == [*study.corps.classes, *levels]
    assert all(" to " in cell.text for row in root.one("tbody").all("tr") for cell in row.all("td")[:2])


def test_who_is_news_is_told(version: Version, study: Study, brief: Brief) -> None:
    """Each rank has its odds of being named in a list over those of the lowest, which is set at one."""
    brief(selection)
    root = parsed(build_report(version.tree, version.manifest, study))
    rows = [[cell.text for cell in (row.one("th"), *row.all("td"))] for row in root.one("tbody").all("tr")]
    assert [row[0] for row in rows] == list(study.vocabulary["rank"].names)
    assert rows[0][1:3] == ["1", "1"]
    assert all(" to " in row[2] for row in rows[1:])


def test_before_it_is_published(version: Version, manifest: dict[str, Any], study: Study, brief: Brief) -> None:
    """A report can be made before its files are listed, for it to be published with, and states its version."""
    brief(provenance)
    for name in ("files", "format", "digest"):
        manifest.pop(name)
    assert version.name in build_report(version.tree, manifest, study)
    assert version.name in version.archive.read(version.name, "report.html").decode()


def test_commands_make_it_again(version: Version, manifest: dict[str, Any], study: Study) -> None:
    """The commands name the priors, what was supposed otherwise, the evidence and the seed."""
    manifest["refit"] = ["--evidence", "EVIDENCE.csv", "--without", "K05"]
    refit, report = commands(Material(version.tree, manifest, study))
    sampled = (f"--{name.replace('_', '-')} {manifest['sampling'][name]}" for name in SAMPLING_OPTIONS)
    stated = "--priors pooled --evidence EVIDENCE.csv --without K05"
    assert refit == f"defection-risk --study syria refit {stated} {' '.join(sampled)}"
    assert report == f"defection-risk report {version.name}"
