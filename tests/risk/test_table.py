"""Promises about reading a risk table: what it holds, and what it refuses."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from model.risk.errors import RiskTableError
from model.risk.table import RiskTable, beside_prefix, named_prefix
from priors.study import load_study
from tests.support.risk_tables import (
    beside_arrays,
    named_arrays,
    packed,
    synthetic_arrays,
    synthetic_manifest,
    synthetic_table,
)
from tests.support.syria import PRIOR_SETS, SYRIA

VOCABULARY = load_study().vocabulary
PERIODS = len(SYRIA.timeline.periods)
ARRAYS, NAMED = synthetic_arrays(SYRIA, draws=4, prior_draws=4), named_arrays(SYRIA, draws=4)
BESIDE = beside_arrays(SYRIA, draws=4)
NAMING = synthetic_manifest(SYRIA) | {
    "named_priors": list(PRIOR_SETS),
    "fitted_beside": [article.name for article in SYRIA.articles],
}


def read(**changed: Any) -> RiskTable:
    """Return a table read with some arrays replaced, or left out where they are None."""
    arrays = synthetic_arrays(SYRIA) | changed
    data = packed({name: array for name, array in arrays.items() if array is not None})
    return RiskTable.from_bytes(data, synthetic_manifest(SYRIA), SYRIA)


def test_a_table_holds_what_was_written() -> None:
    """Reading changes no number, and carries the version, the prior set and the claims of the manifest."""
    arrays, table = synthetic_arrays(SYRIA), read()
    np.testing.assert_array_equal(table.posterior.log_relative_hazard, arrays["log_relative_hazard"])
    np.testing.assert_array_equal(table.prior.heads, arrays["prior_heads"])
    assert tuple(table.posterior.over_time) == SYRIA.claims.moving
    np.testing.assert_array_equal(table.posterior.over_time["sect"], arrays["over_time/sect"])
    assert table.posterior.log_relative_hazard.dtype == np.float32
    assert (table.version, table.prior_set) == ("20261121T093000Z-3f9a1c", "pooled")
    assert table.claims_by_level["sect"]["alawite"] == ("S0",)


def test_a_table_cannot_be_changed() -> None:
    """Threads share its arrays, so that they are read-only."""
    table = read()
    for array in (
        table.posterior.baseline,
        table.prior.log_relative_hazard,
        table.corps_risk(VOCABULARY.timeline.window),
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("name", "array", "rule"),
    [
        ("baseline", None, "baseline: must be there"),
        ("prior_heads", None, "prior_heads: must be there"),
        ("over_time/sect", None, "over_time/sect: must be there"),
        ("prior_over_time/rank", None, "prior_over_time/rank: must be there"),
        ("log_relative_hazard", np.zeros((40, 575)), "log_relative_hazard: must have shape"),
        ("prior_log_relative_hazard", np.zeros((29, 576)), "prior_log_relative_hazard: must have shape"),
        ("baseline", np.zeros((40, 4)), "baseline: must have shape"),
        ("heads", np.ones((40, 575), np.float32), "heads: must have shape"),
        (
            "over_time/sect",
            np.zeros((40, 8, PERIODS), np.float32),
            rf"over_time/sect: must have shape \(40, 6, {PERIODS}\)",
        ),
        ("baseline", np.array(1.0), "baseline: must have shape"),
        ("baseline", np.array("text"), "baseline: must have shape"),
        ("baseline", np.zeros((40, PERIODS), np.float32), "baseline: must be of type float64"),
        ("log_relative_hazard", np.zeros((40, 576)), "log_relative_hazard: must be of type float32"),
        ("log_relative_hazard", np.zeros((40, 576), ">f4"), "log_relative_hazard: must be of type float32"),
        ("heads", np.full((40, 576), "x"), "heads: must be of type float32"),
        ("heads", np.ones((40, 576)), "heads: must be of type float32"),
        ("over_time/rank", np.zeros((40, 8, PERIODS)), "over_time/rank: must be of type float32"),
        ("another", np.zeros(3), "must hold 10 arrays, as its manifest says, not 11"),
        ("over_time/eliteness", np.zeros((40, 3, PERIODS), np.float32), "must hold 10 arrays"),
        ("heads", np.full((40, 576), 1e-4, np.float32), "heads: every draw must have 1 to 1,000,000,000 men in all"),
        ("heads", np.full((40, 576), 1e7, np.float32), "heads: every draw must have 1 to 1,000,000,000 men in all"),
    ],
)
def test_a_wrong_array_is_refused_by_name(name: str, array: Any, rule: str) -> None:
    """An array that is missing, misshapen, of another type or of no force is named in the error, with the rule."""
    with pytest.raises(RiskTableError, match=rule):
        read(**{name: array})


@pytest.mark.parametrize(
    ("array", "number"),
    [
        *product(("baseline", "log_relative_hazard"), (np.nan, np.inf, -np.inf, 100.1, -100.1, 1e30)),
        ("baseline", 1e308),
        *product(("over_time/sect", "over_time/rank"), (np.nan, np.inf, 100.1, -100.1)),
        *product(("heads",), (np.nan, np.inf, -1e-9, 0.0, 1.1e9)),
    ],
)
@pytest.mark.parametrize("prefix", ["", "prior_", named_prefix("stratfor"), beside_prefix("stratfor")])
def test_one_absurd_number_is_refused(prefix: str, array: str, number: float) -> None:
    """What no log hazard and no number of men can be is refused in any draw of any array, which is named."""
    arrays, name = ARRAYS | NAMED | BESIDE, f"{prefix}{array}"
    changed = arrays[name].copy()
    changed[-1, 0] = number
    with pytest.raises(RiskTableError, match=f"{name}: every number must be finite and lie between"):
        RiskTable.from_bytes(packed(arrays | {name: changed}), NAMING, SYRIA)


def test_one_draw_is_not_enough() -> None:
    """A variance needs two draws."""
    arrays = synthetic_arrays(SYRIA, draws=1)
    with pytest.raises(RiskTableError, match="at least 2 draws"):
        RiskTable.from_bytes(packed(arrays), synthetic_manifest(SYRIA), SYRIA)


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"cut short"])
def test_bytes_that_are_no_table_are_refused(damage: bytes) -> None:
    """Anything but a whole npz file of numbers is refused, never unpickled."""
    whole = packed(synthetic_arrays(SYRIA, draws=3))
    data = whole[: len(whole) // 2] if damage == b"cut short" else damage
    with pytest.raises(RiskTableError, match="cannot be read"):
        RiskTable.from_bytes(data, synthetic_manifest(SYRIA), SYRIA)


def test_a_manifest_without_claims_is_refused() -> None:
    """What the manifest must say of a table is named where it is missing."""
    manifest = synthetic_manifest(SYRIA)
    del manifest["claims_by_level"]
    with pytest.raises(RiskTableError, match="claims_by_level: must be there"):
        RiskTable.from_bytes(packed(synthetic_arrays(SYRIA, draws=3)), manifest, SYRIA)


def test_the_same_seed_gives_the_same_table() -> None:
    """Tests may count on a synthetic table's numbers."""
    first, second = synthetic_table(seed=3), synthetic_table(seed=3)
    np.testing.assert_array_equal(first.posterior.log_relative_hazard, second.posterior.log_relative_hazard)


def test_draws_of_prior_sets_come_back_by_name() -> None:
    """What a version carries of each prior set is read unchanged, and cannot be changed."""
    arrays, table = named_arrays(SYRIA), synthetic_table(named=True)
    assert tuple(table.named_priors) == PRIOR_SETS
    for name, draws in table.named_priors.items():
        np.testing.assert_array_equal(draws.log_relative_hazard, arrays[f"{named_prefix(name)}log_relative_hazard"])
        np.testing.assert_array_equal(draws.heads, arrays[f"{named_prefix(name)}heads"])
        assert not draws.baseline.flags.writeable


def test_fits_beside_come_back_by_name() -> None:
    """Posterior draws under other prior sets are read unchanged, and cannot be changed; without any there are none."""
    arrays, table = beside_arrays(SYRIA), synthetic_table(beside=True)
    assert tuple(table.beside) == tuple(article.name for article in SYRIA.articles)
    for name, draws in table.beside.items():
        np.testing.assert_array_equal(draws.heads, arrays[f"{beside_prefix(name)}heads"])
        np.testing.assert_array_equal(draws.over_time["rank"], arrays[f"{beside_prefix(name)}over_time/rank"])
        assert not draws.baseline.flags.writeable
    assert synthetic_table().beside == {}


def test_a_version_is_not_beside_itself() -> None:
    """A manifest that names the version's own prior set among the others is refused."""
    manifest = synthetic_manifest(SYRIA) | {"fitted_beside": ["pooled"]}
    with pytest.raises(RiskTableError, match="fitted_beside: must name other prior sets"):
        RiskTable.from_bytes(packed(ARRAYS), manifest, SYRIA)


def test_a_version_without_draws_of_prior_sets_is_read() -> None:
    """Versions published before these draws were kept serve all else; one that promises them must have them."""
    assert synthetic_table().named_priors == {}
    manifest = synthetic_manifest(SYRIA) | {"named_priors": ["stratfor"]}
    with pytest.raises(RiskTableError, match="named_prior/stratfor/baseline: must be there"):
        RiskTable.from_bytes(packed(synthetic_arrays(SYRIA)), manifest, SYRIA)
