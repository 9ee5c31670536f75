"""The facts of the case: read as they stand, and refused where they name what there is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from priors.cases import load_facts
from priors.claims import LEVERS, Claims
from priors.errors import DataFileError
from priors.vocabulary import Vocabulary

Rewrite = Callable[[str, str, str], Path]


def test_cases_speak_the_words_of_the_other_files(vocabulary: Vocabulary, claims: Claims) -> None:
    """Of the bundled cases some happened and some did not, each lies in the study, and rests on known claims."""
    facts = load_facts(vocabulary)
    assert {case.happened for case in facts.cases} == {True, False}
    ids = {claim.id for claim in claims.claims}
    for case in facts.cases:
        assert vocabulary.profile(case.profile)
        assert vocabulary.timeline.window.start <= case.by < vocabulary.timeline.window.end
        assert set(case.claims) <= ids
    assert facts.articles == claims.sources


def test_every_lever_has_its_claims(claims: Claims) -> None:
    """Behind contagion stand the claims that bear on its ratio, behind the others those listed."""
    assert tuple(claims.levers) == LEVERS
    assert claims.levers["contagion"] == tuple(
        claim.id for claim in claims.claims if "contagion_ratio" in claim.bears_on
    )
    assert claims.levers["reprisal"] == ("K09", "K10", "K11", "S09")


@pytest.mark.parametrize(
    ("file", "passage", "by", "told"),
    [
        ("cases.yaml", "rank: general,", "rank: marshal,", "No general of the core: rank: not a word of"),
        ("cases.yaml", "rank: general,", "grade: general,", "No general of the core: profile: no attribute grade"),
        ("cases.yaml", "by: 2016-03-14", "by: 2016-03-15", "No general of the core: by: must lie in the study"),
        ("cases.yaml", "by: 2016-03-14", "by: soon", "misshapen"),
        ("cases.yaml", "[K02, K03,", "[K99, K03,", "No general of the core: claim: unknown; known are K01"),
        ("cases.yaml", "    happened: false\n", "", "missing"),
        ("cases.yaml", "contagion_ratio", "contagion", "topics: contagion: no quantity contagion; known are"),
        ("claims.yaml", "incentive: [K13]", "incentive: [K99]", "levers: incentive: no claim K99"),
        ("claims.yaml", "contagion: contagion_ratio", "contagion: heat", "levers: contagion: no claim bears on heat"),
        ("claims.yaml", "  incentive: [K13]\n", "", "levers: must be contagion, reprisal, incentive"),
    ],
)
def test_facts_at_odds_with_the_rest_are_refused(
    rewritten: Rewrite, vocabulary: Vocabulary, *, file: str, passage: str, by: str, told: str
) -> None:
    """A case, a topic or a lever that names what there is not cannot be loaded, and the error says where it stands."""
    with pytest.raises(DataFileError) as caught:
        load_facts(vocabulary, rewritten(file, passage, by))
    assert str(caught.value).startswith(f"{file}: ")
    assert told in str(caught.value)
