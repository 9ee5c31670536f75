"""The model card of a fit (Mitchell et al. 2019): what it is for, made of and worth, and what to beware of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from model.report.page import render
from model.report.words import listed, number, ratio
from priors.vocabulary import Vocabulary

FREQUENT = 0.5
"""Reliance on the prior above which a profile rests mostly on the claims."""


def model_card(manifest: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """Return the model card of a fit, in Markdown; every figure in it is computed from the manifest.

    Parameters
    ----------
    manifest : mapping
        The version's, or the one it is about to be published with.
    vocabulary : Vocabulary
        The words and the study it was fitted with.
    """
    panel, claims, rows = manifest["panel"], manifest["claims"], manifest["evidence"]["rows"]
    loo = manifest["loo"]
    return render(
        "model_card.md",
        manifest=manifest,
        study=vocabulary.study.window,
        attributes=vocabulary.attributes,
        panel=[
            {"name": entry["name"], "words": entry["in_words"], "relative": ratio(entry["relative_to_corps"]["median"])}
            for entry in panel
        ],
        leaning=listed(entry["name"] for entry in panel if entry["reliance_on_prior"] > FREQUENT),
        rows=[{**row, "source": " ".join(row["source"].replace("|", "/").split())} for row in rows],
        kinds=Counter(row["kind"].replace("_", " ") for row in rows),
        outside=[row["id"] for row in rows if row["outside"]],
        verdicts=Counter(claim["verdict"] for claim in claims),
        contradicted=[claim for claim in claims if claim["verdict"] == "contradicted"],
        conflicts=[entry for entry in manifest["sensitivity"] if "conflict" in entry["diagnosis"]],
        untrusted=[] if loo is None else [term for term, k in loo["pareto_k"].items() if k > loo["good_k"]],
        loo=loo and {name: number(loo[name]) for name in ("elpd", "se", "p", "good_k")},
    )
