"""A made-up study that shares no level, period or claim with the bundled one, on which the model must do as well."""

from __future__ import annotations

from datetime import date

import numpy as np

from model.evidence.officers import collapse
from model.evidence.rows import EvidenceRow
from model.fit.design import make_design
from model.fit.problem import Problem
from priors.claims import Baseline, Quantity, Spread
from priors.corps import Corps
from priors.elicitation import CommunityShares, Prior, PriorSet
from priors.timeline import Period, Timeline, Window
from priors.vocabulary import Attribute, Level, Vocabulary
from tests.support.problems import evidence_row, random_individuals
from tests.support.second_opinion import Matter

YEARS = range(2001, 2009)
"""A year is a period: three set the level, two are claimed, and one lies free at either end and one between."""


def other_vocabulary() -> Vocabulary:
    """Return its words: sects and proximity without an order, ranks and eliteness with one."""
    periods = tuple(Period(str(year), Window(date(year, 1, 1), date(year + 1, 1, 1))) for year in YEARS)
    attributes = (
        _attribute("sect", ("plain", "hill", "coast", "island"), ordered=False),
        _attribute("rank", ("man", "sergeant", "captain"), ordered=True),
        _attribute("eliteness", ("line", "guard"), ordered=True),
        _attribute("proximity", ("stranger", "cousin"), ordered=False),
    )
    return Vocabulary(
        attributes, (), Timeline(Window(periods[0].window.start, periods[-1].window.end), periods), "everyone"
    )


def other_prior_set() -> PriorSet:
    """Return its beliefs: two groups of sects, rank by sect, eliteness alike for all, cousins set apart."""
    ratios = (
        Quantity("group_ratio", "hazard ratio", "", (0.1, 1.0), "sect", ("island", "hill"), spread="groups"),
        Quantity("rank_ratio", "hazard ratio", "", (0.1, 1.0), "rank", spread="rank_by_sect", varies_by="sect"),
        Quantity("coast_ratio", "hazard ratio", "", (0.1, 1.0), "sect", ("coast",)),
        Quantity("cousin_ratio", "hazard ratio", "", (0.1, 1.0), "proximity", ("cousin",)),
        Quantity("guard_ratio", "hazard ratio", "", (0.1, 1.0), "eliteness"),
        Quantity("late_ratio", "hazard ratio", "", (0.1, 1.0), period="2007"),
        Quantity("early_ratio", "hazard ratio", "", (0.1, 1.0), period="2002"),
    )
    risk = Quantity("risk_of_a_man", "risk", "", (0.01, 0.1))
    return PriorSet(
        name="made up",
        without=(),
        weights={},
        priors=(
            *(_normal(quantity, 0.1 * place - 0.5, 0.4) for place, quantity in enumerate(ratios)),
            _normal(risk, -3.0, 0.5),
        ),
        community_shares=(
            CommunityShares(2, (3.0, 2.0), np.array([4.0, 1.0, 2.0])),
            CommunityShares(3, (2.0, 5.0), np.array([1.0, 2.0, 3.0])),
        ),
        baseline=Baseline(("2003", "2004", "2006"), "walk"),
        spreads=(Spread("walk", 0.7, ""), Spread("groups", 0.4, ""), Spread("rank_by_sect", 0.3, "")),
        step_concentration=1.5,
        count_concentration=(3.0, 0.5),
    )


def other_corps(vocabulary: Vocabulary) -> Corps:
    """Return who serves: every cell of a class alike, captains being the officers."""
    officers = np.array([cell[1] == "captain" for cell in vocabulary.cells], dtype=float)
    within = np.stack([0.1 * officers, 0.9 * (1 - officers)])
    sects = len(vocabulary["sect"].names)
    within *= sects / (within > 0).sum(axis=1, keepdims=True)
    return Corps(("officers", "enlisted"), np.full((2, sects), 1 / sects), within, 20.0)


def other_rows() -> tuple[EvidenceRow, ...]:
    """Return a row of every kind."""
    years = ("2003-05-01", "2006-02-01")
    return (
        evidence_row("A", "rate", (900, 1000), (60, 90), rank=("captain",), window=years),
        evidence_row("B", "rate", (20, 22), (1, 3), sect=("hill", "island"), window=years),
        evidence_row("C", "corps_composition", (1, 1), (0.2, 0.6), attribute=("sect", ("coast",)), window=years),
        *(
            evidence_row(
                f"L{i}", "defector_composition", (9, 10), (n, n + 1), attribute=("sect", (sect,)), window=years
            )
            for i, (n, sect) in enumerate([(2, "plain"), (0, "coast"), (5, "hill")])
        ),
        evidence_row("T", "timing", (12, 12), (3, 4), window=("2001-01-01", "2004-01-01"), proximity=("cousin",)),
    )


def other_problem() -> tuple[Problem, Matter]:
    """Return the problem of this study, for the model and for its second statement."""
    vocabulary, prior_set, rows = other_vocabulary(), other_prior_set(), other_rows()
    corps, individuals = other_corps(vocabulary), random_individuals(vocabulary, count=60, seed=3)
    officers = collapse(individuals, vocabulary, digest="")
    problem = Problem(prior_set, corps, vocabulary, make_design(rows, officers, vocabulary))
    return problem, Matter(prior_set, corps, vocabulary, rows, individuals)


def _attribute(name: str, levels: tuple[str, ...], *, ordered: bool) -> Attribute:
    told = tuple(Level(level, "", "", (), level, f"{level}s") for level in levels)
    return Attribute(name, "", ordered, levels[0], told, (), "({})")


def _normal(quantity: Quantity, mean: float, sd: float) -> Prior:
    return Prior(quantity, "Normal", (mean, sd), quantity.without_claims, ())
