"""Two versions of a study: the risks of its profiles, the claims, and how well each predicts the evidence."""

from __future__ import annotations

from typing import Any

from model.archive import Archive
from model.fit.examination import by_term, only_results
from model.fit.tree import read_tree
from model.risk.summaries import rounded

MOVED = 0.05
"""Claims whose posterior probability differs by at least this much are listed."""


def compare_versions(archive: Archive, first: str, second: str) -> dict[str, Any]:
    """Return how two versions differ, as values of JSON.

    Raises
    ------
    UnknownVersionError, DamagedVersionError
        If a version is not in the archive, or not as it was published.
    """
    manifests = [archive.manifest(version) for version in (first, second)]
    panel, later = ({entry["name"]: entry["risk"] for entry in manifest["panel"]} for manifest in manifests)
    return {
        "versions": [
            {
                "version": manifest["version"],
                "study": manifest["study"],
                "prior_set": manifest["prior_set"],
                "without": manifest["without"],
                "evidence": manifest["evidence"]["digest"],
                "officers": manifest["officers"]["digest"],
            }
            for manifest in manifests
        ],
        "panel": [
            {
                "name": name,
                "first": risk,
                "second": later[name],
                "risk_ratio": rounded(later[name]["mean"] / risk["mean"]),
            }
            for name, risk in panel.items()
            if name in later
        ],
        "claims": _moved_claims(*manifests),
        "prediction": _prediction(archive, manifests),
    }


def _moved_claims(first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the claims whose posterior probability differs, the most moved first."""
    later = {claim["id"]: claim for claim in second["claims"]}
    moved = [
        {
            "id": claim["id"],
            "says": claim["says"],
            "first": claim["probability"]["posterior"],
            "second": later[claim["id"]]["probability"]["posterior"],
        }
        for claim in first["claims"]
        if claim["probability"]["posterior"] is not None and claim["id"] in later
    ]
    moved = [claim for claim in moved if abs(claim["second"] - claim["first"]) >= MOVED]
    return sorted(moved, key=lambda claim: -abs(claim["second"] - claim["first"]))


def _prediction(archive: Archive, manifests: list[dict[str, Any]]) -> dict[str, Any]:
    """Return which version predicts the evidence rows better; only fits to the same rows can be compared."""
    digests = {manifest["evidence"]["digest"] for manifest in manifests}
    if len(digests) > 1 or any(manifest["loo"] is None for manifest in manifests):
        return {"in_words": "They were not fitted to the same evidence rows, so their predictions cannot be compared."}
    if manifests[0]["version"] == manifests[1]["version"]:
        return {"in_words": "They are the same version."}
    import arviz as az  # noqa: PLC0415 - heavy

    names = [manifest["version"] for manifest in manifests]
    with only_results():
        trees = {name: by_term(read_tree(archive, name)) for name in names}
        table = az.compare(trees, var_name="evidence", round_to="none")
    better, worse = (str(name) for name in table.index)
    difference, error = float(table.loc[worse, "elpd_diff"]), float(table.loc[worse, "dse"])
    highest_k = {
        manifest["version"]: max(manifest["loo"]["pareto_k"].items(), key=lambda item: item[1])
        for manifest in manifests
    }
    clear = abs(difference) > 2 * error
    return {
        "in_words": (
            f"Version {better} predicts the evidence rows {'better' if clear else 'no clearly better'}: "
            f"elpd difference {abs(difference):.2f}, standard error {error:.2f}; highest Pareto k "
            + " and ".join(f"{k:.2f} (term {term})" for term, k in highest_k.values())
            + ", unreliable above 0.7."
        ),
        "better": better,
        "elpd_difference": abs(difference),
        "standard_error": error,
        "pareto_k": {manifest["version"]: manifest["loo"]["pareto_k"] for manifest in manifests},
    }
