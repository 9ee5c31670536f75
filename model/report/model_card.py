"""The model card of a fit (Mitchell et al. 2019): what it is for, made of and worth, and what to beware of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from model.report.page import render
from model.report.trust import leaning
from model.report.words import number, ratio
from priors.study import Study


def model_card(manifest: Mapping[str, Any], study: Study) -> str:
    """Return the model card of a fit, in Markdown; every figure in it is computed from the manifest.

    Parameters
    ----------
    manifest : mapping
        The version's, or the one it is about to be published with.
    study : Study
        The one that was fitted.
    """
    panel, claims, rows = manifest["panel"], manifest["claims"], manifest["evidence"]["rows"]
    loo = manifest["loo"]
    return render(
        "model_card.md",
        manifest=manifest,
        study=study,
        window=study.timeline.window,
        panel=[
            {"name": entry["name"], "words": entry["in_words"], "relative": ratio(entry["relative_to_corps"]["ratio"])}
            for entry in panel
        ],
        leaning=leaning(panel),
        kinds=Counter(row["kind"].replace("_", " ") for row in rows),
        flagged=[row["id"] for row in rows if row["flagged"]],
        flagged_lists=[each["list"] for each in manifest["lists"] if each["flagged"]],
        verdicts=Counter(claim["verdict"] for claim in claims),
        contradicted=[claim for claim in claims if claim["verdict"] == "contradicted"],
        conflicts=[entry["quantity"] for entry in manifest["conflicts"] if entry["flagged"]],
        compiled=[entry["row"] for entry in manifest["compilers_bounds"]],
        hanging=[claim for claim in claims if claim["hangs_on"]],
        untrusted=[] if loo is None else [term for term, k in loo["pareto_k"].items() if k > loo["good_k"]],
        loo=loo and {name: number(loo[name]) for name in ("elpd", "se", "p", "good_k")},
    )
