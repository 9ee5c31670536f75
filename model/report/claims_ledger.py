"""The claims ledger: each claim, what it says of the model, how probable it is, and the verdict of the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from model.fit.ledger import DECISIVE
from model.report.material import Material
from model.report.people import prediction_in_words
from model.report.section import Section
from model.report.words import counted, listed, number, percent

VERDICTS = ("supported", "contradicted", "untouched", "not testable")
NEARLY_CERTAIN = 1_000
NONE = "none"


def claims_ledger(material: Material) -> Section:
    """Return the section on the claims."""
    entries = [_entry(material, claim) for claim in material.manifest["claims"]]
    return Section(
        "claims",
        "The claims ledger",
        content={
            "summary": _summary(material.manifest["claims"]),
            "decisive": f"{DECISIVE:g}",
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
    return f"Of {counted(len(claims), 'claim')}, {told}."


def _entry(material: Material, claim: Mapping[str, Any]) -> dict[str, Any]:
    prediction = material.study.claims[claim["id"]].prediction
    return {
        **claim,
        "probability": {name: _percent(share) for name, share in claim["probability"].items()},
        "factor": _factor(claim["bayes_factor"]),
        "statement": prediction and prediction_in_words(prediction, material.vocabulary),
    }


def _percent(share: float | None) -> str:
    return NONE if share is None else percent(share)


def _factor(factor: float | None) -> str:
    if factor is None:
        return NONE
    if factor > NEARLY_CERTAIN:
        return f"over {NEARLY_CERTAIN:,}"
    return number(factor) if factor * NEARLY_CERTAIN > 1 else f"under 1/{NEARLY_CERTAIN:,}"
