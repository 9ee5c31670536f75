"""The terms of a posterior, draw by draw: what priors of claims and likelihoods of rows are worked out from again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.evidence.rows import EvidenceRow, RowGroup, group_rows
from model.risk.cache import Cache
from model.risk.errors import RiskTableError
from model.risk.packed import Header, check_headers, headers, opened, unpacked
from model.risk.table import beside_prefix
from priors.claims import Claim, Quantity
from priors.pooling import Elicited
from priors.study import Study

FLOAT64: Final = np.dtype(np.float64)
BOOL: Final = np.dtype(np.bool_)

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class TermDraws:
    """Draws of one fit, in the order of those of its risk table.

    Attributes
    ----------
    quantities : ndarray, shape (draw, quantity)
        What claims speak of and the model is fitted to, on the scales of their priors.
    expected : ndarray, shape (draw, place)
        What is expected of each row, in men where it counts among all who serve and else as a share, list by list with
        the share of the remainder.
    concentration : ndarray, shape (draw, list)
        Of each list.
    holds : ndarray of bool, shape (draw, claim)
        Whether the prediction of each testable claim is true.
    """

    quantities: Array
    expected: Array
    concentration: Array
    holds: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """The number of draws."""
        return len(self.quantities)


@dataclass(frozen=True, eq=False, repr=False)
class Terms:
    """The terms of a version.

    Attributes
    ----------
    own : TermDraws
        Of its posterior.
    beside : mapping of str to TermDraws
        Of those under the other prior sets that were fitted in the same refit.
    rows : tuple of EvidenceRow
        What all of them were fitted to.
    elicited : mapping of str to Elicited
        What all claims of the study about each quantity amount to.
    prior_set : str
        The version's own.
    without, authors : tuple of str, mapping of str to float
        Claims that were struck from it, and weights of articles, when it was fitted.
    study : Study
    """

    own: TermDraws
    beside: Mapping[str, TermDraws]
    rows: tuple[EvidenceRow, ...]
    elicited: Mapping[str, Elicited]
    prior_set: str
    without: tuple[str, ...]
    authors: Mapping[str, float]
    study: Study
    cache: Cache = field(init=False, default_factory=lambda: Cache(size=2))

    @classmethod
    def from_bytes(cls, data: bytes, manifest: Mapping[str, Any], study: Study) -> Terms:
        """Read what a version keeps.

        Parameters
        ----------
        data : bytes
            The contents of `terms.npz`.
        manifest : mapping
            The version's.

        Raises
        ------
        RiskTableError
            If an array is missing, of the wrong type or shape, or not finite; or if there are others.
        """
        rows = tuple(EvidenceRow.from_dict(said) for said in manifest["evidence"]["rows"])
        prefixes = {"": "", **{name: beside_prefix(name) for name in manifest.get("fitted_beside", ())}}
        with opened(data, "terms.npz") as file:
            found = headers(file)
            check_headers(found, _expected(found, prefixes.values(), rows, study), "terms.npz")
            arrays = {name: unpacked(file, name) for name in found}
        bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
        if bad:
            raise RiskTableError(f"terms.npz: {bad[0]}: every number must be finite")
        draws = {name: TermDraws(*(arrays[f"{prefix}{part}"] for part in ARRAYS)) for name, prefix in prefixes.items()}
        return cls(
            own=draws.pop(""),
            beside=draws,
            rows=rows,
            elicited={name: Elicited.from_dict(said) for name, said in manifest["elicited"].items()},
            prior_set=str(manifest["prior_set"]),
            without=tuple(manifest["without"]),
            authors=dict(manifest["weights"]),
            study=study,
        )

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The rows, single or as lists, in the order of their places."""
        return group_rows(self.rows)


ARRAYS: Final = ("quantities", "expected", "concentration", "holds")


def places(group: RowGroup) -> int:
    """Return how many places a row or a list takes among what is expected."""
    return len(group.rows) + (group.is_list and group.has_remainder)


def fitted_quantities(study: Study) -> tuple[Quantity, ...]:
    """Return the quantities that the model is fitted to, in the order of their columns."""
    return tuple(each for each in study.claims.quantities if each.outside_the_fit is None)


def testable_claims(study: Study) -> tuple[Claim, ...]:
    """Return the claims that come to a prediction, in the order of their columns."""
    return tuple(claim for claim in study.claims.claims if claim.prediction is not None)


def _expected(
    found: Mapping[str, Header], prefixes: Any, rows: Sequence[EvidenceRow], study: Study
) -> dict[str, Header]:
    groups = group_rows(rows)
    expected: dict[str, Header] = {}
    for prefix in prefixes:
        quantities = found.get(f"{prefix}quantities")
        draws = quantities.shape[0] if quantities is not None and quantities.shape else 0
        expected |= {
            f"{prefix}quantities": Header(FLOAT64, (draws, len(fitted_quantities(study)))),
            f"{prefix}expected": Header(FLOAT64, (draws, sum(map(places, groups)))),
            f"{prefix}concentration": Header(FLOAT64, (draws, sum(group.is_list for group in groups))),
            f"{prefix}holds": Header(BOOL, (draws, len(testable_claims(study)))),
        }
    return expected
