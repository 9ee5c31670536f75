"""The claims: all there, quoted briefly, each saying something, and the sets of them that priors rest on."""

from __future__ import annotations

import dataclasses

import pytest

from priors.claims import BASES, Claims
from priors.errors import UnknownClaimError, UnknownPriorSetError
from tests.support.made_up import FLEET, GARRISON, made_up

LISTED = {*(f"K{number:02}" for number in range(1, 32)), *(f"S{number:02}" for number in range(1, 12))}

UNSPOKEN = {"reference_risk"}
"""Of which neither article gives a figure, or says anything that amounts to one."""


def test_every_listed_claim_is_there(claims: Claims) -> None:
    """K01 to K31 and S01 to S11 each have an entry, and the letter is that of the source."""
    ids = [claim.id for claim in claims.claims]
    assert set(ids) >= LISTED
    assert len(ids) == len(set(ids))
    letters = {"al-kattan": "K", "stratfor": "S"}
    assert all(claim.id.startswith(letters[claim.source]) for claim in claims.claims)


def test_quotes_are_short(claims: Claims) -> None:
    """No quote is longer than fifteen words, or empty."""
    assert all(1 <= len(claim.quote.split()) <= 15 for claim in claims.claims)


def test_every_claim_says_something_or_why_not(claims: Claims) -> None:
    """A claim predicts something, or says why it is not testable; one that bears on nothing does either."""
    for claim in claims.claims:
        assert (claim.prediction is None) == bool(claim.not_testable)


def test_every_link_says_what_it_rests_on_and_of_when_it_speaks(claims: Claims) -> None:
    """Each link has one of the four bases and a horizon; none is a figure but the one that an author gives."""
    links = {(claim.id, name): link for claim in claims.claims for name, link in claim.bears_on.items()}
    assert all(link.basis in BASES and link.horizon for link in links.values())
    assert [of for of, link in links.items() if link.basis == "figure"] == [("K04", "alawite_officer_share")]


def test_intervals_fit_their_scale(claims: Claims) -> None:
    """Every interval rises from above 0, and those of risks and shares end below 1."""
    for quantity in claims.quantities:
        links = [claim.bears_on[quantity.name] for claim in claims.claims if quantity.name in claim.bears_on]
        for lower, upper in [quantity.without_claims, *(link.interval for link in links)]:
            assert 0 < lower < upper
            assert quantity.scale == "hazard ratio" or upper < 1


def test_every_quantity_but_the_unspoken_has_a_claim(claims: Claims) -> None:
    """No quantity stands in the file that neither article speaks of, but for those known to have no figure."""
    spoken = {name for claim in claims.claims for name in claim.bears_on}
    assert spoken == {quantity.name for quantity in claims.quantities} - UNSPOKEN


def test_sentences_bear_on_nothing_that_they_do_not_speak_of(claims: Claims) -> None:
    """Composition gives no ratio, reprisals and trust no effect of the core, and a matter of time no later year."""
    bearing = {claim.id: set(claim.bears_on) for claim in claims.claims}
    assert not bearing["K05"] | bearing["S09"]
    assert bearing["K11"] == {"rank_ratio"}
    assert bearing["S07"] == {"momentum_ratio"}


def test_the_two_articles_part_on_the_drift(claims: Claims) -> None:
    """Of where the Alawite ratio went one expects a fall and the other a rise, and each is held to it."""
    below, above = claims["K24"].prediction, claims["S02"].prediction
    assert below == {"measure": "quantity", "of": "alawite_drift", "below": 1.0}
    assert above == {"measure": "quantity", "of": "alawite_drift", "above": 1.0}


def test_what_moves_is_told_in_the_order_of_the_vocabulary(claims: Claims) -> None:
    """An attribute moves over time where it has a spread for that, or where a quantity holds since a period."""
    assert claims.moving == ("sect", "rank")
    assert dataclasses.replace(claims, over_time={}).moving == ("sect",)
    assert made_up(FLEET).claims.moving == ("station", "pay")
    assert made_up(GARRISON).claims.moving == ()


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
    with pytest.raises(UnknownClaimError, match=r"K01.*S11"):
        claims.of_set("pooled", ("K99",))
    with pytest.raises(UnknownPriorSetError, match="nearest: al-kattan, stratfor, pooled"):
        claims.of_set("both")
    with pytest.raises(UnknownPriorSetError, match=r"nearest: stratfor$"):
        claims.of_set("strafor")
