"""Two versions of a study: the risks of its profiles, the claims, and how well each predicts the evidence."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from model.archive import Archive
from model.fit.examination import by_term, only_results
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
                "ratio_of_medians": rounded(later[name]["median"] / risk["median"]),
            }
            for name, risk in panel.items()
            if name in later
        ],
        "claims": _moved_claims(*manifests),
        "prediction": _prediction(archive, manifests),
    }


def draw_comparison(found: dict[str, Any], path: Path) -> None:
    """Draw the panel's risks under both versions, medians with 50 % and 90 % intervals, on a logarithmic axis."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - heavy

    figure = Figure(figsize=(9, 0.55 * len(found["panel"]) + 1.5), layout="constrained")
    axes = figure.subplots()
    for place, (key, colour) in enumerate((("first", "C0"), ("second", "C1"))):
        version = found["versions"][place]
        without = f" without {', '.join(version['without'])}" if version["without"] else ""
        for row, entry in enumerate(found["panel"]):
            height = -row + (0.15 if key == "first" else -0.15)
            for interval, width in zip(entry[key]["intervals"], (5.0, 1.5), strict=True):
                axes.plot([interval["lower"], interval["upper"]], [height, height], color=colour, linewidth=width)
            label = f"{version['prior_set']}{without} ({version['version']})" if row == 0 else None
            axes.plot(entry[key]["median"], height, "o", color=colour, markeredgecolor="white", label=label)
    axes.set_xscale("log")
    axes.set_xlabel("risk over the whole study: median, 50 % and 90 % equal-tailed intervals")
    axes.set_yticks([-row for row in range(len(found["panel"]))], [entry["name"] for entry in found["panel"]])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), frameon=False)
    figure.savefig(path)


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
        trees = {name: by_term(az.from_netcdf(io.BytesIO(archive.read(name, "posterior.nc")))) for name in names}
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
