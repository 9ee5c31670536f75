"""Two versions of different studies set side by side on the ratios that stand for the same role in each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.archive import Archive
from model.fit.errors import NoSharedRoleError
from model.fit.tree import read_tree
from model.risk.summaries import summarise
from model.stored import read_study
from priors.cases import Role
from priors.study import Study

SIDES: Final = ("prior", "posterior")
INTERVAL: Final = 0.9

NAMED: Final = ("version", "study", "prior_set", "without")
"""Entries of a manifest that say what a version is."""

IN_WORDS: Final = (
    "A look at two cases side by side, each by its own model, levels and evidence: not a pooled estimate, nor a test "
    "of whether the two differ."
)


def side_by_side(archive: Archive, first: str, second: str) -> dict[str, Any]:
    """Return what versions of two studies make of the roles that both studies have, as values of JSON.

    Raises
    ------
    ArchiveError
        If a version is not in the archive, or not as it was published.
    NoSharedRoleError
        If the studies have none in common.
    """
    studies = [read_study(archive, version) for version in (first, second)]
    shared = [role for role in studies[0].roles if role in studies[1].roles]
    if not shared:
        roles = "; ".join(f"{study.name} has {', '.join(study.roles) or 'none'}" for study in studies)
        raise NoSharedRoleError(f"studies that share no role cannot be set side by side: {roles}")
    one, other = (
        _by_role(archive, version, study, shared) for version, study in zip((first, second), studies, strict=True)
    )
    manifests = [archive.manifest(version) for version in (first, second)]
    return {
        "versions": [{name: manifest[name] for name in NAMED} for manifest in manifests],
        "roles": [{"role": role, "first": one[role], "second": other[role]} for role in shared],
        "in_words": IN_WORDS,
    }


def _by_role(archive: Archive, version: str, study: Study, roles: list[str]) -> dict[str, dict[str, Any]]:
    """Return for each role its quantity, how that is defined, and the ratio under prior and posterior."""
    definitions = {quantity.name: quantity.definition for quantity in study.claims.quantities}
    with read_tree(archive, version) as tree:
        return {
            role: {
                "quantity": study.roles[role].quantity,
                "inverse": study.roles[role].inverse,
                "definition": definitions[study.roles[role].quantity],
                **{side: _ratio(_draws(tree, side, study.roles[role])) for side in SIDES},
            }
            for role in roles
        }


def _draws(tree: xr.DataTree, side: str, role: Role) -> NDArray[np.float64]:
    """Return draws of a hazard ratio, or of one over it, shape (draw,)."""
    ratio: NDArray[np.float64] = tree[side]["hazard_ratio"].sel(quantity=role.quantity).to_numpy().ravel()
    return 1 / ratio if role.inverse else ratio


def _ratio(draws: NDArray[np.float64]) -> dict[str, Any]:
    (summary,) = summarise(draws[None], (INTERVAL,))
    return summary.as_dict()
