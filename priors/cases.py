"""The cases by which the articles are weighed, and the other facts that answers state beside the model's numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from priors.claims import Claims, Source, load_claims
from priors.corps import Heads, load_heads
from priors.errors import DataFileError, PriorsError
from priors.vocabulary import FOLDER, Vocabulary


@dataclass(frozen=True)
class Case:
    """A kind of man of whom at least one left by a day, or none did, and what is to be said of it.

    Attributes
    ----------
    profile : mapping of str to str
        Words of the vocabulary; a unit may stand in place of its eliteness.
    claims : tuple of str
        Those that speak of it.
    """

    title: str
    profile: Mapping[str, str]
    by: date
    happened: bool
    rests: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What of a regime's folder is stated as it stands.

    Attributes
    ----------
    heads : Heads
    articles : tuple of Source
    levers : mapping of str to tuple of str
        The claims behind each lever of an outlook.
    topics : mapping of str to str
        On which the articles differ, each with the quantity that claims on it bear on.
    cases : tuple of Case
    """

    heads: Heads
    articles: tuple[Source, ...]
    levers: Mapping[str, tuple[str, ...]]
    topics: Mapping[str, str]
    cases: tuple[Case, ...]


def load_facts(vocabulary: Vocabulary, folder: Path = FOLDER) -> Facts:
    """Read `cases.yaml` of a regime's folder, and the facts that stand in its other files.

    Raises
    ------
    DataFileError
        If a case names a word, a day or a claim, or a topic a quantity, that there is not.
    """
    claims, heads = load_claims(folder), load_heads(folder)
    try:
        data = yaml.safe_load((folder / "cases.yaml").read_text(encoding="utf-8"))
        topics = dict(data["topics"])
        cases = tuple(_case(entry) for entry in data["cases"])
        for case in cases:
            _check(case, vocabulary, claims)
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise DataFileError(f"cases.yaml: an entry is missing or misshapen: {error}") from error
    for topic, quantity in topics.items():
        known = [each.name for each in claims.quantities]
        if quantity not in known:
            raise DataFileError(f"cases.yaml: topics: {topic}: no quantity {quantity}; known are {', '.join(known)}")
    return Facts(heads, claims.sources, claims.levers, topics, cases)


def _case(entry: Mapping[str, Any]) -> Case:
    return Case(
        entry["title"],
        dict(entry["profile"]),
        entry["by"],
        entry["happened"],
        entry["rests"],
        tuple(entry["claims"]),
    )


def _check(case: Case, vocabulary: Vocabulary, claims: Claims) -> None:
    """Raise DataFileError unless a case speaks the vocabulary's words, of a day of the study, by known claims."""
    try:
        if unknown := set(case.profile) - {*vocabulary.names, "unit"}:
            raise DataFileError(f"profile: no attribute {', '.join(sorted(unknown))}")
        vocabulary.profile(case.profile)
        if not vocabulary.study.window.start <= case.by < vocabulary.study.window.end:
            raise DataFileError(f"by: must lie in the study, {vocabulary.study.window}")
        for claim_id in case.claims:
            claims[claim_id]
    except PriorsError as error:
        raise DataFileError(f"cases.yaml: {case.title}: {error}") from error
