"""Promises about cases weighed between the articles: whose draws speak, and what the sentence says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model.risk.errors import MissingPriorsError
from model.risk.surprise import MeanProbability, bayes_factors, surprise
from model.risk.surprise_by_set import in_words, surprise_by_set
from tests.support.risk_tables import synthetic_table
from tests.support.syria import PRIOR_SETS

MUSTAFA = {"sect": "alawite", "rank": "brigadier", "eliteness": "elite"}
DAY = date(2012, 8, 2)
ARTICLES = {"al-kattan": "al-Kattan", "stratfor": "Stratfor"}


def test_each_set_speaks_by_its_own_draws() -> None:
    """Every prior set answers from the draws that the table carries of it, and the posterior from its own."""
    table = synthetic_table(named=True)
    found = surprise_by_set(table, MUSTAFA, by=DAY, corps=5000)
    assert tuple(found.priors) == PRIOR_SETS
    for name, belief in found.priors.items():
        assert belief.probability == MeanProbability.over(
            surprise(table.named_priors[name], MUSTAFA, by=DAY, corps=5000)
        )
    assert found.posterior.probability == MeanProbability.over(surprise(table.posterior, MUSTAFA, by=DAY, corps=5000))
    probabilities = {name: belief.probability for name, belief in found.priors.items()}
    assert found.as_dict()["bayes_factors"] == bayes_factors(probabilities)


def test_a_table_without_the_priors_says_so() -> None:
    """An older version has nothing to answer from, and never answers from something else."""
    with pytest.raises(MissingPriorsError):
        surprise_by_set(synthetic_table(), MUSTAFA, by=DAY, corps=5000)


THREEFOLD = "{} made this 3.2 times as probable as {} (Monte Carlo: 3.1 to 3.3)"
ALIKE = "Both made this about as probable: Stratfor 1.1 times al-Kattan (Monte Carlo: 0.84 to 1.4)"
IMPOSSIBLE = "At least one of the two articles holds it impossible, so that no factor can be given"


@pytest.mark.parametrize(
    ("kattan", "stratfor", "words"),
    [
        ((0.1, 0.001), (0.32, 0.004), THREEFOLD.format("Stratfor", "al-Kattan")),
        ((0.32, 0.004), (0.1, 0.001), THREEFOLD.format("al-Kattan", "Stratfor")),
        ((0.1, 0.01), (0.11, 0.01), ALIKE),
        ((0.0, 0.0), (0.1, 0.01), IMPOSSIBLE),
    ],
)
def test_the_sentence_names_the_article_it_speaks_for(
    kattan: tuple[float, float], stratfor: tuple[float, float], words: str
) -> None:
    """The larger stands first, within two standard errors; where these hold 1, neither is named."""
    assert in_words({"al-kattan": MeanProbability(*kattan), "stratfor": MeanProbability(*stratfor)}, ARTICLES) == words


def test_the_sentence_is_turned_round_with_the_sides() -> None:
    """Exchanged probabilities exchange the names and nothing else."""
    generator = np.random.default_rng(3)
    for one, other in generator.uniform(0.01, 0.5, (20, 2)):
        sides = [MeanProbability(one, 0.001), MeanProbability(other, 0.001)]
        first, second = (in_words(dict(zip(ARTICLES, each, strict=True)), ARTICLES) for each in (sides, sides[::-1]))
        if "made this about" not in first:
            swapped = first.replace("al-Kattan", "*").replace("Stratfor", "al-Kattan").replace("*", "Stratfor")
            assert second == swapped


MANY = {"a": "Ann", "b": "Ben", "c": "Cem"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (((0.12, 0.01),), "Ann gave this a probability of 0.12; there is no other article to set beside it"),
        (
            ((0.1, 0.001), (0.32, 0.004), (0.3, 0.03)),
            (
                "Ben made this the most probable: 1.1 times as probable as Cem (Monte Carlo: 0.87 to 1.3), "
                "3.2 times as probable as Ann (Monte Carlo: 3.1 to 3.3)"
            ),
        ),
        (
            ((0.0, 0.0), (0.3, 0.004), (0.1, 0.001)),
            (
                "Ben made this the most probable: 3 times as probable as Cem (Monte Carlo: 2.9 to 3.1), "
                "Ann holds it impossible"
            ),
        ),
        (((0.0, 0.0),) * 3, "Every article holds it impossible, so that no factor can be given"),
    ],
)
def test_the_sentence_speaks_of_one_article_or_of_many(values: tuple[tuple[float, float], ...], words: str) -> None:
    """One article stands alone; of several the likeliest is set beside each other one, the nearest first."""
    probabilities = {name: MeanProbability(*value) for name, value in zip(MANY, values, strict=False)}
    assert in_words(probabilities, {name: MANY[name] for name in probabilities}) == words
