"""Promises about reading a risk table: what it holds, and what it refuses."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from model.risk.errors import RiskTableError
from model.risk.table import RiskTable, named_prefix
from priors.study import load_study
from tests.support.risk_tables import (
    named_arrays,
    packed,
    synthetic_arrays,
    synthetic_manifest,
    synthetic_table,
)
from tests.support.syria import PRIOR_SETS, SYRIA

VOCABULARY = load_study().vocabulary
ARRAYS, NAMED = synthetic_arrays(SYRIA, draws=4, prior_draws=4), named_arrays(SYRIA, draws=4)
NAMING = synthetic_manifest(SYRIA) | {"named_priors": list(PRIOR_SETS)}


def read(**changed: Any) -> RiskTable:
    """Return a table read with some arrays replaced, or left out where they are None."""
    arrays = synthetic_arrays(SYRIA) | changed
    data = packed({name: array for name, array in arrays.items() if array is not None})
    return RiskTable.from_bytes(data, synthetic_manifest(SYRIA), SYRIA)


def test_a_table_holds_what_was_written() -> None:
    """Reading changes no number, and carries the version, the prior set and the claims of the manifest."""
    arrays, table = synthetic_arrays(SYRIA), read()
    np.testing.assert_array_equal(table.posterior.log_relative_hazard, arrays["log_relative_hazard"])
    np.testing.assert_array_equal(table.prior.community_shares, arrays["prior_community_shares"])
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
        ("prior_community_shares", None, "prior_community_shares: must be there"),
        ("log_relative_hazard", np.zeros((40, 575)), "log_relative_hazard: must have shape"),
        ("prior_log_relative_hazard", np.zeros((29, 576)), "prior_log_relative_hazard: must have shape"),
        ("baseline", np.zeros((40, 4)), "baseline: must have shape"),
        ("within_community", np.full((2, 12), 0.1), "within_community: must have shape"),
        ("baseline", np.array(1.0), "baseline: must have shape"),
        ("baseline", np.array("text"), "baseline: must have shape"),
        ("baseline", np.zeros((40, 5), np.float32), "baseline: must be of type float64"),
        ("log_relative_hazard", np.zeros((40, 576)), "log_relative_hazard: must be of type float32"),
        ("log_relative_hazard", np.zeros((40, 576), ">f4"), "log_relative_hazard: must be of type float32"),
        ("community_shares", np.full((40, 2, 6), "x"), "community_shares: must be of type float64"),
        ("another", np.zeros(3), "must hold 7 arrays, as its manifest says, not 8"),
        ("community_shares", np.full((40, 2, 6), 0.5), "community_shares: each class must be shares"),
        ("within_community", np.full((2, 576), 0.5), "within_community: with community_shares"),
        ("within_community", np.eye(2, 576), "within_community: with community_shares it must give every cell a share"),
    ],
)
def test_a_wrong_array_is_refused_by_name(name: str, array: Any, rule: str) -> None:
    """An array that is missing, misshapen, of another type or no share is named in the error, with the rule."""
    with pytest.raises(RiskTableError, match=rule):
        read(**{name: array})


@pytest.mark.parametrize(
    ("array", "number"),
    [
        *product(("baseline", "log_relative_hazard"), (np.nan, np.inf, -np.inf, 100.1, -100.1, 1e30)),
        ("baseline", 1e308),
        *product(("community_shares",), (np.nan, -1e-9, 1.1, 1e308)),
    ],
)
@pytest.mark.parametrize("prefix", ["", "prior_", named_prefix("stratfor")])
def test_one_absurd_number_is_refused(prefix: str, array: str, number: float) -> None:
    """A number that no log hazard and no share can be is refused in any draw of any array, which is named."""
    arrays, name = ARRAYS | NAMED, f"{prefix}{array}"
    changed = arrays[name].copy()
    changed[-1, 0] = number
    with pytest.raises(RiskTableError, match=f"{name}: every number must be finite and lie between"):
        RiskTable.from_bytes(packed(arrays | {name: changed}), NAMING, SYRIA)


@pytest.mark.parametrize("prefix", ["", "prior_", named_prefix("stratfor")])
def test_a_sect_without_a_share_is_refused(prefix: str) -> None:
    """A sect that nobody is of, in one draw, would be averaged over nobody."""
    arrays, name = ARRAYS | NAMED, f"{prefix}community_shares"
    changed = arrays[name].copy()
    changed[3] = np.eye(2, 6)
    with pytest.raises(RiskTableError, match=f"with {name} it must give every cell a share"):
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
        np.testing.assert_array_equal(draws.community_shares, arrays[f"{named_prefix(name)}community_shares"])
        assert not draws.baseline.flags.writeable


def test_a_version_without_draws_of_prior_sets_is_read() -> None:
    """Versions published before these draws were kept serve all else; one that promises them must have them."""
    assert synthetic_table().named_priors == {}
    manifest = synthetic_manifest(SYRIA) | {"named_priors": ["stratfor"]}
    with pytest.raises(RiskTableError, match="named_prior/stratfor/baseline: must be there"):
        RiskTable.from_bytes(packed(synthetic_arrays(SYRIA)), manifest, SYRIA)
