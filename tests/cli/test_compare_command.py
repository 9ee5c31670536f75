"""`compare` on versions of two studies: what both have by role, side by side, each in its own terms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from model.archive import Archive
from model.refitting.publishing import write_tree
from priors.study import Study
from tests.cli.conftest import Run
from tests.service.publishing import publish
from tests.support.made_up import FLEET, GARRISON, made_up

LOGS = np.linspace(-1, 1, 2_001)
"""Logarithms of draws whose median is 0, and whose 90 % interval is from -0.9 to 0.9."""


def draws_of(study: Study, *, spread: float) -> xr.Dataset:
    """Return two chains of draws of a study's ratios between levels: each lies about e to the number of its place."""
    of_levels = [each for each in study.claims.quantities if each.scale == "hazard ratio" and each.attribute]
    names = [each.name for each in of_levels if each.since is None]
    ratio = np.exp(np.arange(len(names)) + spread * np.stack([LOGS, LOGS])[:, :, None])
    return xr.Dataset({"hazard_ratio": (("chain", "draw", "quantity"), ratio)}, coords={"quantity": names})


def published(archive: Archive, study: Study, tmp_path: Path) -> str:
    """Publish a version of a study with draws of its ratios, twice as wide in the prior, and return its name."""
    groups = {"posterior": draws_of(study, spread=1.0), "prior": draws_of(study, spread=2.0)}
    write_tree(xr.DataTree.from_dict(groups), tmp_path / "posterior.nc")
    content = (tmp_path / "posterior.nc").read_bytes()
    return publish(archive, study=study, files={"posterior.nc": content}, without=[], passed=True)


@pytest.fixture
def versions(study: Study, tmp_path: Path) -> tuple[str, str]:
    """Return the names of a version of the bundled study and of one of the fleet, in an archive of this folder."""
    archive = Archive(tmp_path)
    return published(archive, study, tmp_path), published(archive, made_up(FLEET), tmp_path)


def test_two_studies_are_set_side_by_side_on_the_roles_of_both(
    run: Run, tmp_path: Path, study: Study, versions: tuple[str, str]
) -> None:
    """Each role that both have is told with median and interval, under prior and posterior, and what it is in each."""
    found = json.loads(run("compare", *versions, "--json", home=tmp_path).stdout)
    assert [entry["role"] for entry in found["roles"]] == list(study.roles)
    assert [each["study"]["name"] for each in found["versions"]] == ["syria", FLEET]
    definitions = {each.name: each.definition for each in study.claims.quantities}
    ratios = [name for name in definitions if name.endswith("_ratio")]
    for entry in found["roles"]:
        role, told = study.roles[entry["role"]], entry["first"]
        assert (told["quantity"], told["definition"]) == (role.quantity, definitions[role.quantity])
        middle = (-1 if role.inverse else 1) * ratios.index(role.quantity)
        for side, reach in (("posterior", 0.9), ("prior", 1.8)):
            (interval,) = told[side]["intervals"]
            values = np.log([interval["lower"], told[side]["median"], interval["upper"]])
            assert values == pytest.approx([middle - reach, middle, middle + reach], abs=1e-4)
    assert "not a pooled estimate" in found["in_words"]


def test_the_table_names_each_study_and_says_what_it_is_not(
    run: Run, tmp_path: Path, study: Study, versions: tuple[str, str]
) -> None:
    """Without --json both titles, each quantity's definition and the caution stand in the answer."""
    shown = " ".join(run("compare", *versions, home=tmp_path).stdout.split())
    for words in (study.title, made_up(FLEET).title, "one over alawite_ratio", "not a pooled estimate"):
        assert words in shown


def test_the_comparison_is_drawn(run: Run, tmp_path: Path, versions: tuple[str, str]) -> None:
    """With -o the ratios of both are drawn, as SVG or PNG by the name of the file, or stand in a page."""
    result = run("compare", *versions, "-o", tmp_path / "sides.svg", home=tmp_path)
    assert (result.exit_code, (tmp_path / "sides.svg").read_text().startswith("<?xml")) == (0, True)
    result = run("compare", *versions, "-o", tmp_path / "sides.html", home=tmp_path)
    page = (tmp_path / "sides.html").read_text()
    assert result.exit_code == 0
    for words in ("Two cases side by side", made_up(FLEET).title, "not a pooled estimate", "<svg", *versions):
        assert words in page


def test_studies_that_share_no_role_are_not_compared(run: Run, tmp_path: Path, versions: tuple[str, str]) -> None:
    """Where the one has no role of the other the error says which each has."""
    alone = publish(Archive(tmp_path), study=made_up(GARRISON), without=[], passed=True)
    result = run("compare", versions[1], alone, home=tmp_path)
    assert result.exit_code == 2
    assert (
        "fleet has span of rank, out-group to in-group, favoured to ordinary unit; garrison has none" in result.stderr
    )


def test_a_version_without_draws_is_told(run: Run, tmp_path: Path, versions: tuple[str, str]) -> None:
    """A version that was published without its draws ends in an error of the archive."""
    bare = publish(Archive(tmp_path), study=made_up(FLEET), without=[], passed=True)
    result = run("compare", versions[0], bare, home=tmp_path)
    assert (result.exit_code, bare in result.stderr) == (5, True)
