"""From the intervals of claims to distributions: what each holds, and how they are mixed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import stats

from priors.claims import Claim, Claims, Quantity
from priors.corps import Corps
from priors.elicitation import Prior, PriorSet, elicit_prior_set, elicited, elicited_moves
from priors.errors import UnknownClaimError, UnknownPriorSetError
from priors.pooling import Component, mixture
from priors.study import Study
from priors.vocabulary import Vocabulary
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.syria import CLASSES

Elicit = Callable[..., PriorSet]

SETS = ("al-kattan", "stratfor", "pooled")


@pytest.fixture(scope="module")
def elicit(study: Study) -> Elicit:
    """Elicit a prior set from the study's claims, once for each that is asked for."""
    known: dict[tuple[str, tuple[str, ...]], PriorSet] = {}

    def elicit_once(name: str, without: tuple[str, ...] = ()) -> PriorSet:
        if (name, without) not in known:
            known[name, without] = elicit_prior_set(study, name, without=without)
        return known[name, without]

    return elicit_once


def to_log(quantity: Quantity, value: float) -> float:
    """Return a value of the reader's scale on the scale of its normal; a share stays as it is."""
    if quantity.scale == "share":
        return value
    return float(np.log(value) if quantity.scale == "hazard ratio" else np.log(-np.log(1 - value)))


def frozen(quantity: Quantity, first: float, second: float) -> stats.rv_continuous:
    """Return the distribution of two parameters, as SciPy knows it."""
    return stats.beta(first, second) if quantity.scale == "share" else stats.norm(first, second)


def quantity_of(claims: Claims, name: str) -> Quantity:
    """Return a quantity by its name."""
    return next(quantity for quantity in claims.quantities if quantity.name == name)


def mixture_components(quantity: Quantity, claims: Sequence[Claim]) -> list[tuple[float, float, float]]:
    """Return the parts of a quantity's prior that claims make."""
    found = elicited(quantity, claims)
    return mixture([claim for claim in claims if claim.id in found.by_claim], found, {})


def mass_within(quantity: Quantity, parameters: tuple[float, float], interval: tuple[float, float]) -> float:
    """Return the probability that a distribution gives an interval of the reader's scale."""
    lower, upper = (to_log(quantity, bound) for bound in interval)
    distribution = frozen(quantity, *parameters)
    return float(distribution.cdf(upper) - distribution.cdf(lower))


def test_each_claims_distribution_holds_nine_tenths(claims: Claims) -> None:
    """The distribution made of one claim gives its interval a probability of 0.90."""
    for claim in claims.claims:
        for name, link in claim.bears_on.items():
            quantity = quantity_of(claims, name)
            ((weight, *parameters),) = mixture_components(quantity, (claim,))
            assert weight == 1
            assert mass_within(quantity, tuple(parameters), link.interval) == pytest.approx(0.90, abs=2e-3)


def test_a_normal_sits_in_the_middle_of_its_interval(claims: Claims) -> None:
    """On the log scale, the mean is the middle of a claim's interval, and 5 % lie on either side."""
    ((_, mean, spread),) = mixture_components(quantity_of(claims, "alawite_ratio"), (claims["S01"],))
    assert mean == pytest.approx(np.log(0.005 * 0.20) / 2, abs=1e-3)
    assert spread == pytest.approx(np.log(0.20 / 0.005) / 2 / stats.norm.ppf(0.95), rel=1e-3)


@pytest.mark.parametrize("name", SETS)
def test_sources_weigh_alike_and_claims_within_them(claims: Claims, name: str) -> None:
    """Weights sum to one, are equal over the sources that speak, and equal over the claims of each."""
    chosen = claims.of_set(name)
    for quantity in claims.quantities:
        speaking = [claim for claim in chosen if quantity.name in claim.bears_on]
        weights = [weight for weight, *_ in mixture_components(quantity, chosen)]
        by_source: dict[str, list[float]] = {}
        for claim, weight in zip(speaking, weights if speaking else [], strict=True):
            by_source.setdefault(claim.source, []).append(weight)
        assert sum(weights) == pytest.approx(1)
        for shares in by_source.values():
            assert len(set(shares)) == 1
            assert sum(shares) == pytest.approx(1 / len(by_source))


@pytest.mark.parametrize("name", SETS)
def test_a_prior_has_the_moments_of_its_mixture(claims: Claims, elicit: Elicit, name: str) -> None:
    """Mean and variance are those of draws from the equal mixture of the claims, within Monte Carlo error."""
    random, draws = np.random.default_rng(7), 40_000
    for prior in elicit(name).priors:
        components = mixture_components(prior.quantity, claims.of_set(name))
        chosen = random.choice(len(components), draws, p=[weight for weight, *_ in components])
        of_each = [frozen(prior.quantity, *pair).rvs(draws, random_state=random) for _, *pair in components]
        sample = np.choose(chosen, of_each)
        distribution = frozen(prior.quantity, *prior.parameters)
        squares = (sample - sample.mean()) ** 2
        assert abs(distribution.mean() - sample.mean()) < 5 * sample.std() / draws**0.5
        assert abs(distribution.var() - squares.mean()) < 5 * squares.std() / draws**0.5


@pytest.mark.parametrize("name", SETS)
def test_a_normal_prior_has_a_component_for_each_article(study: Study, elicit: Elicit, name: str) -> None:
    """Components follow the articles of the study, their weights sum to one, and their moments are the whole's."""
    for prior in elicit(name).priors:
        if prior.family == "Beta":
            assert prior.components == ()
            continue
        weight, mean, sd = np.array([(each.weight, each.mean, each.sd) for each in prior.components]).T
        whole = weight @ mean, np.sqrt(weight @ (sd**2 + (mean - weight @ mean) ** 2))
        assert len(prior.components) == len(study.articles)
        assert weight.sum() == pytest.approx(1)
        assert prior.parameters == pytest.approx(whole)


def test_authors_who_speak_weigh_alike_and_others_nothing(study: Study, claims: Claims, elicit: Elicit) -> None:
    """A component is its author's own prior; one of an author who is silent has no weight and the whole's moments."""
    for prior in elicit("pooled").priors:
        speaking = {claims[claim].source for claim in prior.claims}
        for article, component in zip(study.articles, prior.components, strict=False):
            if article.name in speaking:
                own = elicit(article.name)[prior.quantity.name].parameters
                assert component.author == article.name
                assert component.weight == pytest.approx(1 / len(speaking))
                assert (component.mean, component.sd) == pytest.approx(own)
            elif speaking:
                assert (component.author, component.weight) == (article.name, 0)
                assert (component.mean, component.sd) == prior.parameters


def test_what_no_claim_speaks_of_is_nobodys(elicit: Elicit) -> None:
    """Where no claim of the set speaks all components are the wide prior, equal in weight, and no author's."""
    for name in SETS:
        components = elicit(name)["reference_risk"].components
        assert [(each.author, each.weight) for each in components] == [(None, 0.5), (None, 0.5)]
        assert {(each.mean, each.sd) for each in components} == {elicit(name)["reference_risk"].parameters}


def test_pooled_keeps_both_authors_where_they_part(elicit: Elicit) -> None:
    """Of the drift the pooled prior has two humps, one on either side of no drift, and little between them."""
    fall, rise = elicit("pooled")["alawite_drift"].components
    assert fall.mean + fall.sd < 0 < rise.mean - rise.sd


def test_pooled_is_the_one_source_where_one_speaks(claims: Claims, elicit: Elicit) -> None:
    """Where a single source speaks of a quantity, the pooled prior of it is that source's."""
    sources = {
        quantity.name: {claim.source for claim in claims.claims if quantity.name in claim.bears_on}
        for quantity in claims.quantities
    }
    alone = {name: speaking for name, speaking in sources.items() if len(speaking) == 1}
    assert alone
    for name, (source,) in alone.items():
        assert elicit("pooled")[name] == elicit(source)[name]


@pytest.mark.parametrize("name", SETS)
def test_a_prior_names_its_claims(claims: Claims, elicit: Elicit, name: str) -> None:
    """Each prior carries the ids of the set's claims that bear on it, and no others."""
    for prior in elicit(name).priors:
        bearing = [claim.id for claim in claims.of_set(name) if prior.quantity.name in claim.bears_on]
        assert list(prior.claims) == bearing


def below(prior: Prior, value: float) -> float:
    """Return the probability that a prior gives to less than a value of the reader's scale."""
    at = to_log(prior.quantity, value)
    if prior.family == "Beta":
        return float(frozen(prior.quantity, *prior.parameters).cdf(at))
    return float(sum(each.weight * stats.norm(each.mean, each.sd).cdf(at) for each in prior.components))


@pytest.mark.parametrize("name", SETS)
def test_a_priors_interval_is_its_central_nine_tenths(elicit: Elicit, name: str) -> None:
    """Of every prior, mixture or not, 5 % lie below the interval it shows and 5 % above."""
    for prior in elicit(name).priors:
        assert [below(prior, bound) for bound in prior.interval] == pytest.approx([0.05, 0.95], abs=1e-6)


def test_without_drops_a_claim(claims: Claims, elicit: Elicit) -> None:
    """Dropping a claim leaves the prior of those that remain, and other quantities as they were."""
    full, less = elicit("al-kattan"), elicit("al-kattan", ("K03",))
    assert less.without == ("K03",)
    assert less["proximity_ratio"].claims == tuple(i for i in full["proximity_ratio"].claims if i != "K03")
    ((_, *alone),) = mixture_components(quantity_of(claims, "proximity_ratio"), (claims["K02"],))
    assert elicit("al-kattan", ("K03", "K22"))["proximity_ratio"].parameters == pytest.approx(alone)
    assert all(less[prior.quantity.name] == prior for prior in full.priors if "K03" not in prior.claims)


def test_a_quantity_that_no_claim_speaks_of_is_wide(elicit: Elicit) -> None:
    """Where no claim of the set speaks, the prior holds 90 % in the interval kept for that, and names no claim."""
    unspoken = [prior for prior in elicit("stratfor").priors if not prior.claims]
    assert {prior.quantity.name for prior in unspoken} >= {"minority_ratio", "onset_ratio", "proximity_ratio"}
    unspoken.append(elicit("pooled", ("K10",))["decline_ratio"])
    for prior in unspoken:
        assert not prior.claims
        held = mass_within(prior.quantity, prior.parameters, prior.quantity.without_claims)
        assert held == pytest.approx(0.90, abs=2e-3)


def test_a_set_or_claim_there_is_not_is_refused(elicit: Elicit) -> None:
    """An unknown set, or an unknown claim left out, is an error of its own."""
    with pytest.raises(UnknownPriorSetError):
        elicit("both")
    with pytest.raises(UnknownClaimError):
        elicit("pooled", ("K99",))


@pytest.mark.parametrize("name", SETS)
def test_the_claimed_share_keeps_its_beta(elicit: Elicit, corps: Corps, vocabulary: Vocabulary, *, name: str) -> None:
    """In each class the claimed sect's share is its prior's beta, and the others split the rest as stated."""
    prior_set, sects = elicit(name), vocabulary["sect"].names
    claimed = {"officers": ("alawite", "alawite_officer_share"), "enlisted": ("sunni", "sunni_enlisted_share")}
    for row, shares in zip(CLASSES, prior_set.community_shares, strict=True):
        sect, quantity = claimed[row]
        expected = np.delete(corps.community_shares[CLASSES.index(row)], shares.claimed)
        assert sects[shares.claimed] == sect
        assert shares.claimed_share == prior_set[quantity].parameters
        assert shares.rest.sum() == pytest.approx(corps.rest_concentration)
        np.testing.assert_allclose(shares.rest / shares.rest.sum(), expected / expected.sum())


def test_al_kattan_puts_conscripts_above_generals(elicit: Elicit) -> None:
    """Under al-Kattan alone a general leaves less than a conscript, else equal, in five cases of six and more."""
    assert below(elicit("al-kattan")["rank_ratio"], 1) > 5 / 6


def test_the_fit_leaves_out_what_no_evidence_resolves(elicit: Elicit) -> None:
    """Shares and contagion are priors that are no effect in the hazard; a drift is, and is kept apart."""
    pooled = elicit("pooled")
    fitted = [prior.quantity.name for prior in (pooled.reference_risk, *pooled.hazard_ratios)]
    every = [prior.quantity.name for prior in pooled.priors]
    left_out = {"contagion_ratio", "alawite_officer_share", "sunni_enlisted_share", "alawite_drift"}
    assert fitted == [name for name in every if name not in left_out]
    assert [prior.quantity.name for prior in pooled.drifts] == ["alawite_drift"]


def test_lists_and_effects_over_time_are_as_stated(elicit: Elicit) -> None:
    """What lists prefer is a normal of the log that holds 90 % in its interval; spreads over time are by attribute."""
    ((attribute, mean, sd),) = elicit("pooled").newsworthiness
    assert attribute == "rank"
    assert np.exp(stats.norm(mean, sd).ppf([0.05, 0.95])) == pytest.approx([0.8, 3.0], rel=1e-3)
    assert elicit("pooled").over_time == {"rank": "rank_over_time", "sect": "sect_over_time"}
    assert elicit_prior_set(made_up(GARRISON), "witness").newsworthiness == ()


def test_a_prior_reads_as_one_would_write_it(elicit: Elicit) -> None:
    """A prior prints its family and its two parameters; one in which authors part prints each of them."""
    prior = dataclasses.replace(elicit("al-kattan")["rank_ratio"], parameters=(-1.5, 0.25))
    assert str(prior) == "Normal(-1.5, 0.25)"
    parts = (Component("one", 0.5, -1.5, 0.25), Component("other", 0.5, 0.5, 1.0))
    assert str(dataclasses.replace(prior, components=parts)) == "0.5 Normal(-1.5, 0.25) + 0.5 Normal(0.5, 1)"


def test_a_prior_is_told_with_its_authors(elicit: Elicit) -> None:
    """As JSON a prior has its whole and, of each author, the weight, the mean and the standard deviation."""
    told = elicit("pooled")["alawite_drift"].as_dict()
    assert [each["author"] for each in told["components"]] == ["al-kattan", "stratfor"]
    assert set(told["components"][0]) == {"author", "weight", "mean", "sd"}
    assert len(told["parameters"]) == 2


def test_order_of_claims_does_not_matter(claims: Claims) -> None:
    """The mixture of a quantity's claims is the same in whatever order they are given."""
    quantity = quantity_of(claims, "proximity_ratio")
    chosen: tuple[Claim, ...] = claims.of_set("pooled")
    assert sorted(mixture_components(quantity, chosen)) == sorted(mixture_components(quantity, chosen[::-1]))


def test_a_study_of_one_article_has_one_prior_set() -> None:
    """With one article its own set is that of all together, and what no claim speaks of is as wide as is stated."""
    study = made_up(GARRISON)
    assert (list(study.claims.prior_sets), study.claims.all_together) == (["witness"], "witness")
    found = elicit_prior_set(study, "witness")
    (shares,) = found.community_shares
    assert (shares.claimed, found.spreads, found.baseline.spread) == (None, (), None)
    np.testing.assert_allclose(shares.rest, 20 * np.array([0.7, 0.3]))


def test_a_study_of_three_articles_has_a_prior_set_for_each_and_one_for_all() -> None:
    """With several articles each is a set, in their order, and all together come last and are taken by default."""
    study = made_up(FLEET)
    assert list(study.claims.prior_sets) == ["purser", "surgeon", "chaplain", "pooled"]
    hands, mates, masters = elicit_prior_set(study, study.claims.all_together).community_shares
    assert (hands.claimed, mates.claimed, masters.claimed) == (2, None, None)


@pytest.mark.parametrize("named", ["syria", FLEET])
def test_each_number_of_a_move_is_elicited_as_claims_are(study: Study, named: str) -> None:
    """What is drawn of a move's number falls nine times in ten in the interval that the study states of it."""
    asked = study if named == "syria" else made_up(named)
    found = elicited_moves(asked)
    assert {move: [*numbers] for move, numbers in found.items()} == {
        name: [*move.numbers] for name, move in asked.moves.items()
    }
    for name, move in asked.moves.items():
        for number, told in move.numbers.items():
            drawn = found[name][number]
            share = told.scale == "share"
            assert (drawn["scale"], drawn["family"]) == (told.scale, "Beta" if share else "Normal")
            made = (stats.beta if share else stats.norm)(*drawn["parameters"])
            stated = told.interval if share else np.log(told.interval)
            assert np.diff(made.cdf(stated)) == pytest.approx(0.90, abs=2e-3)
            central = made.ppf([0.05, 0.95]) if share else np.exp(made.ppf([0.05, 0.95]))
            assert drawn["interval_90"] == pytest.approx(central, rel=1e-3)


def test_a_study_without_moves_has_none_elicited() -> None:
    """Where a study speaks of no move there is nothing to draw."""
    assert elicited_moves(made_up(GARRISON)) == {}
