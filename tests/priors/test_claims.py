"""The claims: all there, quoted briefly, each saying something, and the sets of them that priors rest on."""

from __future__ import annotations

import pytest

from priors.claims import Claims
from priors.errors import UnknownClaimError, UnknownPriorSetError

LISTED = {*(f"K{number:02}" for number in range(1, 19)), *(f"S{number:02}" for number in range(1, 10))}


def test_every_listed_claim_is_there(claims: Claims) -> None:
    """K01 to K18 and S01 to S09 each have an entry, and the letter is that of the source."""
    ids = [claim.id for claim in claims.claims]
    assert set(ids) >= LISTED
    assert len(ids) == len(set(ids))
    letters = {"al-kattan": "K", "stratfor": "S"}
    assert all(claim.id.startswith(letters[claim.source]) for claim in claims.claims)


def test_quotes_are_short(claims: Claims) -> None:
    """No quote is longer than fifteen words, or empty."""
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
    with pytest.raises(UnknownPriorSetError, match="nearest: al-kattan, stratfor, pooled"):
        claims.of_set("both")
    with pytest.raises(UnknownPriorSetError, match=r"nearest: stratfor$"):
        claims.of_set("strafor")
