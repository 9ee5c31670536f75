"""What a report is made from: names for figures, and rows that speak of quantities."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import xarray as xr

from model.evidence.reading import bundled_evidence
from model.report.material import Material
from model.report.threads import quantities_of_row, rows_about_quantity
from priors.study import Study, load_study
from tests.support.made_up import FLEET, GARRISON, STUDIES, made_up


def unfitted(study: Study) -> Material:
    """Return what can be told of a study without a fit."""
    quantities = [{"quantity": quantity.name} for quantity in study.claims.quantities]
    rows = [row.as_dict() for row in bundled_evidence(study)]
    return Material(xr.DataTree(), {"priors": quantities, "evidence": {"rows": rows}}, study)


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ("hill to plain, made up", "hill to plain"),
        ("hill/plain", "hill or plain"),
        ("ensign to gunner", "hill ratio"),
        ("a hill " + "and a hill " * 10, "hill ratio"),
        ("', of the hills'", "hill ratio"),
    ],
)
def test_each_quantity_has_a_short_name_of_its_own(definition: str, told: str, tmp_path: Path) -> None:
    """A quantity is called by its definition up to the first comma, or by its name if that is none, long or taken."""
    shutil.copytree(STUDIES / GARRISON, tmp_path / "study")
    claims = tmp_path / "study" / "claims.yaml"
    claims.write_text(claims.read_text().replace("definition: hill to plain, else equal", f"definition: {definition}"))
    assert unfitted(load_study(tmp_path / "study")).label("hill_ratio") == told


def test_rows_speak_of_shares_of_their_class() -> None:
    """A row on who serves speaks of a share of a class if it is of people of that class, and of nothing else."""
    material = unfitted(made_up(FLEET))
    (row,) = (row for row in material.manifest["evidence"]["rows"] if row["kind"] == "corps_composition")
    assert rows_about_quantity(material, "foreign_hands_share") == [row["id"]]
    assert quantities_of_row(material, row) == ["foreign_hands_share"]
    assert quantities_of_row(material, {**row, "population": {}}) == ["foreign_hands_share"]
    assert quantities_of_row(material, {**row, "population": {"station": ["mate", "master"]}}) == []
