"""The claims: all there, quoted briefly, each saying something, and a file that does not is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.syria import DEFAULT_PRIOR_SET, PRIOR_SETS

from priors.claims import LONGEST_QUOTE, Claims, check_declared, load_claims
from priors.corps import Corps
from priors.errors import DataFileError, UnknownClaimError, UnknownPriorSetError
from priors.vocabulary import Vocabulary

Rewrite = Callable[[str, str, str], Path]

LISTED = {*(f"K{number:02}" for number in range(1, 19)), *(f"S{number:02}" for number in range(1, 10))}


def test_every_listed_claim_is_there(claims: Claims) -> None:
    """K01 to K18 and S01 to S09 each have an entry, and the letter is that of the source."""
    ids = [claim.id for claim in claims.claims]
    assert set(ids) >= LISTED
    assert len(ids) == len(set(ids))
    letters = {"al-kattan": "K", "stratfor": "S"}
    assert all(claim.id.startswith(letters[claim.source]) for claim in claims.claims)


def test_the_names_of_the_prior_sets_are_those_of_the_claims(claims: Claims) -> None:
    """Whoever knows the names without reading the claims knows the same ones, and the default is one of them."""
    assert tuple(claims.prior_sets) == PRIOR_SETS
    assert DEFAULT_PRIOR_SET in PRIOR_SETS


def test_quotes_are_short(claims: Claims) -> None:
    """No quote is longer than fifteen words, or empty."""
    assert LONGEST_QUOTE == 15
    assert all(1 <= len(claim.quote.split()) <= 15 for claim in claims.claims)


def test_every_claim_says_something_or_why_not(claims: Claims) -> None:
    """A claim that bears on no quantity says why it is not testable; one that does predicts something."""
    for claim in claims.claims:
        assert bool(claim.bears_on) == (claim.prediction is not None)
        assert (claim.prediction is None) == bool(claim.not_testable)


def test_intervals_fit_their_scale(claims: Claims) -> None:
    """Every interval rises from above 0, and those of risks and shares end below 1."""
    for quantity in claims.quantities:
        stated = [claim.bears_on[quantity.name] for claim in claims.claims if quantity.name in claim.bears_on]
        for lower, upper in [quantity.without_claims, *stated]:
            assert 0 < lower < upper
            assert quantity.scale == "hazard ratio" or upper < 1


def test_every_quantity_has_a_claim(claims: Claims) -> None:
    """No quantity stands in the file that neither article speaks of."""
    spoken = {name for claim in claims.claims for name in claim.bears_on}
    assert spoken == {quantity.name for quantity in claims.quantities}


def test_a_prior_set_is_its_sources(claims: Claims) -> None:
    """Each set holds the claims of its sources, and the pooled set is the others together."""
    alone = {name: {claim.id for claim in claims.of_set(name)} for name in ("al-kattan", "stratfor")}
    pooled = {claim.id for claim in claims.of_set("pooled")}
    assert pooled == alone["al-kattan"] | alone["stratfor"]
    assert not alone["al-kattan"] & alone["stratfor"]


def test_a_claim_can_be_dropped(claims: Claims) -> None:
    """A set without some claims is the set less these."""
    kept = {claim.id for claim in claims.of_set("pooled", ("K01", "S05"))}
    assert kept == {claim.id for claim in claims.of_set("pooled")} - {"K01", "S05"}


def test_an_unknown_claim_or_set_is_refused(claims: Claims) -> None:
    """A claim or a set that does not exist is refused with those that do."""
    with pytest.raises(UnknownClaimError, match=r"K01.*S09"):
        claims.of_set("pooled", ("K99",))
    with pytest.raises(UnknownPriorSetError, match="al-kattan, stratfor, pooled"):
        claims.of_set("both")


BROKEN = {
    "a long quote": ("quote: only a few", "quote: " + "word " * 12 + "only a few", r"S01: quote: at most 15 words"),
    "bounds turned round": ("alawite_ratio: [0.005, 0.20]", "alawite_ratio: [0.20, 0.005]", "must rise from above 0"),
    "a bound of zero": ("alawite_ratio: [0.005, 0.20]", "alawite_ratio: [0.0, 0.20]", "must rise from above 0"),
    "no width": ("alawite_ratio: [0.005, 0.20]", "alawite_ratio: [0.20, 0.20]", "must rise from above 0"),
    "an unknown quantity": (
        "{alawite_ratio: [0.005, 0.20]",
        "{alawite_rate: [0.005, 0.20]",
        "S01: bears_on: no quantity",
    ),
    "an unknown source": ("  S01:\n    source: stratfor", "  S01:\n    source: stratford", "S01: source: known are"),
    "neither prediction nor reason": (
        "not_testable: draft evasion is another outcome than defection from service",
        "strength: weak",
        "K16: give a prediction, or say why",
    ),
    "both prediction and reason": (
        "prediction: {measure: quantity, of: contagion_ratio, below: 1.15}",
        "prediction: {measure: quantity, of: contagion_ratio, below: 1.15}\n    not_testable: it is",
        "K14: give a prediction, or say why",
    ),
}


@pytest.mark.parametrize(("passage", "by", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_of_claims_is_refused(rewritten: Rewrite, *, passage: str, by: str, message: str) -> None:
    """A file that breaks a rule of claims cannot be loaded, and the error says which."""
    with pytest.raises(DataFileError, match=message):
        load_claims(rewritten("claims.yaml", passage, by))


BROKEN_UNSEEN = {
    "a risk above one": ("reference_risk: [0.05, 0.60]", "reference_risk: [0.05, 1.60]"),
    "a share above one": ("alawite_officer_share: [0.70, 0.88]", "alawite_officer_share: [0.70, 88]"),
    "a set of an unknown source": ("stratfor: [stratfor]", "stratfor: [stratford]"),
    "three bounds": ("alawite_ratio: [0.005, 0.20]", "alawite_ratio: [0.005, 0.02, 0.20]"),
    "no source": ("  S01:\n    source: stratfor\n", "  S01:\n"),
    "not YAML": ("claims:\n", "claims: [\n"),
}


@pytest.mark.parametrize(("passage", "by"), BROKEN_UNSEEN.values(), ids=BROKEN_UNSEEN)
def test_a_file_of_claims_that_makes_no_sense_is_refused(rewritten: Rewrite, *, passage: str, by: str) -> None:
    """A file whose figures, names or syntax cannot be meant is refused as a file, not with a traceback."""
    with pytest.raises(DataFileError):
        load_claims(rewritten("claims.yaml", passage, by))


UNDECLARED = {
    "two reference risks": ("scale: share", "scale: risk", "exactly one must be on the scale `risk`"),
    "a scale that is none": ("scale: share", "scale: shares", "scale: there is no shares; nearest: share"),
    "an attribute that is none": ("attribute: rank", "attribute: rang", "there is no rang; nearest: rank"),
    "a level that is none": ("levels: [alawite]", "levels: [alawit]", "there is no alawit; nearest: alawite"),
    "a level nobody sets apart": ("levels: [druze, christian,", "levels: [christian,", "none sets sect druze apart"),
    "an order that nothing spans": (
        "attribute: eliteness",
        "attribute: rank",
        "exactly one must span its scale",
    ),
    "a spread that is none": ("    spread: minority", "    spread: minorities", "nearest: minority"),
    "a period that is none": ('period: "2011"', 'period: "2010"', "there is no 2010; nearest: .*2011"),
    "a class that is none": ("class: officers", "class: officer", "class: there is no officer; nearest: officers"),
    "a baseline without steps": (", spread: baseline}", "}", "baseline: spread: must be given"),
    "a level of the baseline that is none": ('level: ["2012 first half"', 'level: ["2012"', "baseline: level"),
}


@pytest.mark.parametrize(("passage", "by", "message"), UNDECLARED.values(), ids=UNDECLARED)
def test_quantities_that_a_study_does_not_know_are_refused(
    rewritten: Rewrite, vocabulary: Vocabulary, corps: Corps, *, passage: str, by: str, message: str
) -> None:
    """A quantity about a word that is none, and a study that leaves out what the model needs, are named."""
    claims = load_claims(rewritten("claims.yaml", passage, by))
    with pytest.raises(DataFileError, match=message):
        check_declared(claims, vocabulary, corps.classes)


def test_the_quantities_of_the_bundled_study_are_declared(claims: Claims, vocabulary: Vocabulary, corps: Corps) -> None:
    """The project's own files keep these rules."""
    check_declared(claims, vocabulary, corps.classes)
