"""The model card: the sections that Mitchell et al. (2019) ask for, with this fit's figures."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from model.report.model_card import model_card
from priors.study import Study
from tests.report.conftest import Version

SECTIONS = (
    "Model details", "Intended use", "Out of scope", "Factors", "Metrics: checks of this fit", "Results", "Evidence",
    "Training data: what the priors are made of", "Ethical considerations", "Caveats and recommendations",
)  # fmt: skip


@pytest.fixture
def manifest(version: Version) -> dict[str, Any]:
    """Return a manifest that a test may change."""
    return copy.deepcopy(version.manifest)


def test_sections(manifest: dict[str, Any], study: Study) -> None:
    """The card has every section that the paper asks for, once and in its order."""
    card = model_card(manifest, study)
    assert tuple(re.findall(r"^## (.+)$", card, flags=re.MULTILINE)) == SECTIONS
    assert not re.search(r"[{}]", card)


def test_figures_are_of_this_fit(manifest: dict[str, Any], study: Study) -> None:
    """Checks, risks, rows and contradicted claims of the fit stand in the card, and change with it."""
    card = model_card(manifest, study)
    assert all(f"| {check['name']} | {check['value']:.4g} |" in card for check in manifest["checks"])
    assert all(entry["in_words"] in card for entry in manifest["panel"])
    assert all(f"| {row['id']} |" in card for row in manifest["evidence"]["rows"])
    manifest["claims"][0]["verdict"] = "contradicted"
    manifest["panel"][0]["in_words"] = "about 7 in 100 such men"
    changed = model_card(manifest, study)
    assert f'{manifest["claims"][0]["id"]} ("{manifest["claims"][0]["quote"]}")' in changed
    assert "about 7 in 100 such men" in changed


def test_tables_are_whole(manifest: dict[str, Any], study: Study) -> None:
    """No word of a source breaks a table: each row has as many cells as its heading."""
    manifest["evidence"]["rows"][0]["source"] = "one | two\nthree"
    blocks = re.findall(r"(?:^\|.*\n)+", model_card(manifest, study), flags=re.MULTILINE)
    assert len(blocks) == 4
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_before_it_is_published(manifest: dict[str, Any], study: Study) -> None:
    """A card can be made before the files of the version are listed, and for a fit without evidence."""
    manifest.pop("files")
    manifest |= {"loo": None, "lists": [], "conflicts": [], "compilers_bounds": []}
    manifest["evidence"]["rows"] = []
    card = model_card(manifest, study)
    assert "0 rows" in card
    assert "Leave-one-out" not in card


def test_what_to_beware_of(manifest: dict[str, Any], study: Study) -> None:
    """Rows that the rest does not foresee, quantities in conflict and verdicts that hang on a row are told."""
    for row in manifest["evidence"]["rows"]:
        row["flagged"] = row["id"] == "E22"
    for each in manifest["lists"]:
        each["flagged"] = False
    manifest["claims"][0]["hangs_on"] = ["E22", "E03's bound at 300"]
    manifest["conflicts"][0]["flagged"] = True
    card = model_card(manifest, study)
    assert "Not foreseen by the rest of the evidence: E22." in card
    assert f"{manifest['claims'][0]['id']} ({manifest['claims'][0]['verdict']}) on E22, E03's bound at 300" in card
    assert manifest["conflicts"][0]["quantity"] in card.rpartition("## Caveats")[2]
