"""The claims ledger: each claim, what it says of the model, the verdict of the evidence, and what that hangs on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from model.fit.verdicts import DECISIVE, VERDICTS
from model.report.material import Material
from model.report.people import prediction_in_words
from model.report.section import Section
from model.report.words import counted, listed, number, percent, share
from model.reweighting import LARGEST_K

NEARLY_CERTAIN = 1_000
NONE = "none"
BASES = {
    "figure": "the author’s figure",
    "wording": "the author’s words",
    "inferred": "inferred from the author’s words",
    "compiler": "the compiler’s judgement",
}


def claims_ledger(material: Material) -> Section:
    """Return the section on the claims."""
    entries = [_entry(material, claim) for claim in material.manifest["claims"]]
    return Section(
        "claims",
        "The claims ledger",
        content={
            "summary": _summary(material.manifest["claims"]),
            "decisive": f"{DECISIVE:g}",
            "largest_k": f"{LARGEST_K:g}",
            "verdicts": [
                (verdict, [entry["id"] for entry in entries if entry["verdict"] == verdict]) for verdict in VERDICTS
            ],
            "together": material.study.claims.all_together,
            "articles": [
                (article, [entry for entry in entries if entry["source"] == article.name])
                for article in material.study.articles
            ],
        },
    )


def _summary(claims: list[Mapping[str, Any]]) -> str:
    counts = Counter(claim["verdict"] for claim in claims)
    told = listed(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])
    hanging = [claim["id"] for claim in claims if claim["hangs_on"]]
    return (
        f"Of {counted(len(claims), 'claim')}, {told}. "
        f"{counted(len(hanging), 'verdict')} would be another without one row, or with another bound of the compiler’s."
    )


def _entry(material: Material, claim: Mapping[str, Any]) -> dict[str, Any]:
    prediction = material.study.claims[claim["id"]].prediction
    return {
        **claim,
        "probability": {name: _percent(each) for name, each in claim["probability"].items()},
        "factor": _factor(claim["bayes_factor"]),
        "statement": prediction and prediction_in_words(prediction, material.vocabulary),
        "links": [(name, _link(material, name, link)) for name, link in claim["links"].items()],
        "moves": _moves(claim),
    }


def _link(material: Material, quantity: str, link: Mapping[str, Any]) -> str:
    """Return the interval that a claim gives a quantity, on whose authority, and of which time it speaks."""
    scale = material.quantities[quantity].scale
    write = number if scale == "hazard ratio" else share
    low, high = map(write, link["interval"])
    return f"{low} to {high} ({BASES[link['basis']]}; of {link['horizon']})"


def _moves(claim: Mapping[str, Any]) -> list[str]:
    """Return what the probability and the verdict of a claim would be under the changes that move it most."""
    return [_move(claim, entry) for entry in claim["without"]]


def _move(claim: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    what = f"With {entry['term']}" if "'s bound at " in entry["term"] else f"Without {entry['term']}"
    if not entry["known"]:
        return f"{what}: refit to know (Pareto k {entry['pareto_k']:.2f})."
    verdict = entry["verdict"] if entry["verdict"] != claim["verdict"] else f"still {entry['verdict']}"
    return f"{what}: {percent(entry['probability'])}, {verdict} (Pareto k {entry['pareto_k']:.2f})."


def _percent(probability: float | None) -> str:
    return NONE if probability is None else percent(probability)


def _factor(factor: float | None) -> str:
    if factor is None:
        return NONE
    if factor > NEARLY_CERTAIN:
        return f"over {NEARLY_CERTAIN:,}"
    return number(factor) if factor * NEARLY_CERTAIN > 1 else f"under 1/{NEARLY_CERTAIN:,}"
