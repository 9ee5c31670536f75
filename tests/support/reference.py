"""Slow, obvious computations of what the model computes fast: loops over cells, days, totals and counts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from model.evidence.officer_checks import BLANK, Individuals
from model.evidence.rows import EvidenceRow
from model.fit.hazard import Layout, Parameters
from priors.corps import Corps
from priors.vocabulary import Vocabulary

DAYS_IN_MONTH = 365.25 / 12
STANDARD_NORMAL_95 = float(stats.norm.ppf(0.95))

Steps = dict[str, float]


@dataclass(frozen=True)
class Force:
    """The corps under one draw: the log hazard of every cell and period, and the share of every cell."""

    vocabulary: Vocabulary
    log_hazard: NDArray[np.float64]
    shares: NDArray[np.float64]

    def cumulative_hazard(self, cell: int, start: date, end: date) -> float:
        """Return the hazard that a cell meets between two days."""
        total = 0.0
        for index, period in enumerate(self.vocabulary.study.periods):
            overlap = (min(end, period.window.end) - max(start, period.window.start)).days
            if overlap > 0:
                total += overlap / DAYS_IN_MONTH * math.exp(self.log_hazard[cell, index])
        return total

    def serving(self, cells: Sequence[int], day: date) -> float:
        """Return the share of the corps that is in some cells and still serves on a day."""
        first = self.vocabulary.study.window.start
        return sum(self.shares[cell] * math.exp(-self.cumulative_hazard(cell, first, day)) for cell in cells)

    def leaving(self, cells: Sequence[int], start: date, end: date) -> float:
        """Return the share of the corps that is in some cells and defects between two days."""
        return self.serving(cells, start) - self.serving(cells, end)

    def cells(self, row: EvidenceRow, *, with_attribute: bool = False) -> list[int]:
        """Return the cells that a row's total speaks of, or those that its count does."""
        conditions = list(row.population.items())
        if with_attribute and row.attribute is not None:
            conditions.append(row.attribute)
        names = [attribute.name for attribute in self.vocabulary.attributes]
        return [
            index
            for index, cell in enumerate(self.vocabulary.cells)
            if all(cell[names.index(name)] in levels for name, levels in conditions)
        ]


def log_hazard_table(parameters: Parameters, layout: Layout, vocabulary: Vocabulary) -> NDArray[np.float64]:
    """Return the log hazard, shape (cell, period), of one draw, cell by cell from the formula of the model."""
    quantity = dict(zip(layout.quantity_names, parameters.quantities, strict=True))
    scale = dict(zip(layout.scale_names, parameters.scales, strict=True))
    deviation = dict(zip(layout.deviation_names, parameters.deviations, strict=True))
    part = dict(zip(layout.simplex_part_names, parameters.simplex_parts, strict=True))
    shape = {name: _ways_up(name, vocabulary, part) for name in ("rank", "eliteness", "proximity")}
    sects = vocabulary["sect"].names
    eliteness, proximity = (
        quantity[f"{name}_ratio"] + scale[f"{name}_by_sect_scale"] * _zero_sum(name, deviation, len(sects))
        for name in ("eliteness", "proximity")
    )
    baseline = _baseline(quantity, scale["baseline_scale"], deviation, vocabulary)
    table = np.zeros((len(vocabulary.cells), len(baseline)))
    for index, (sect, rank, unit, tie) in enumerate(vocabulary.cells):
        for period in range(len(baseline)):
            table[index, period] = (
                baseline[period]
                + _sect_effect(sect, quantity, scale, deviation)
                + quantity["rank_ratio"] * shape["rank"][rank]
                + eliteness[sects.index(sect)] * shape["eliteness"][unit]
                + proximity[sects.index(sect)] * shape["proximity"][tie]
            )
    return table


def cell_shares(sect_shares: Sequence[NDArray[np.float64]], corps: Corps, vocabulary: Vocabulary) -> list[float]:
    """Return the share of each cell in the corps, of one draw."""
    sects = vocabulary["sect"].names
    return [
        sum(shares[sects.index(cell[0])] * corps.within_sect[row, i] for row, shares in enumerate(sect_shares))
        for i, cell in enumerate(vocabulary.cells)
    ]


def logit_normal_log_likelihood(row: EvidenceRow, share: float) -> float:
    """Return the log density, at the logit of a share, of the normal that a row's bounds amount to."""
    if row.counts_shares:
        lower, upper, sampling = row.count_low, row.count_high, 0.0
    else:
        lower, upper = row.count_low / row.total_high, row.count_high / row.total_low
        count, total = (row.count_low + row.count_high) / 2, (row.total_low + row.total_high) / 2
        sampling = 1 / count + 1 / (total - count)
    low, high = (math.log(bound / (1 - bound)) for bound in (lower, upper))
    spread = math.hypot((high - low) / 2 / STANDARD_NORMAL_95, math.sqrt(sampling))
    return float(stats.norm.logpdf(math.log(share / (1 - share)), (low + high) / 2, spread))


def binomial_log_likelihood(row: EvidenceRow, share: float) -> float:
    """Return the log probability of a row's bounds, the total being uniform over those that can hold the count."""
    totals = range(int(max(row.total_low, row.count_low)), int(row.total_high) + 1)
    within = []
    for total in totals:
        # The smaller of the two tails, or the difference would be lost in rounding.
        tail = stats.binom.sf if row.count_low > total * share else stats.binom.cdf
        within.append(abs(tail(row.count_high, total, share) - tail(row.count_low - 1, total, share)))
    return math.log(sum(within) / len(totals))


def list_log_likelihood(
    rows: Sequence[EvidenceRow], shares: Sequence[float], concentration: float, *, remainder: bool
) -> float:
    """Return the log of the Dirichlet-multinomial probability of a list's bounds, averaged over the possible totals."""
    alpha = concentration * np.array(shares)
    vectors = list(count_vectors(rows, remainder=remainder))
    totals = {sum(vector) for vector in vectors}
    return math.log(
        sum(float(stats.dirichlet_multinomial.pmf(vector, alpha, sum(vector))) for vector in vectors) / len(totals)
    )


def count_vectors(rows: Sequence[EvidenceRow], *, remainder: bool) -> Iterator[tuple[int, ...]]:
    """Yield every vector of counts within the bounds of rows that adds up to a total within theirs."""
    bounds = [range(int(row.count_low), int(row.count_high) + 1) for row in rows]
    for total in range(int(rows[0].total_low), int(rows[0].total_high) + 1):
        for counts in product(*bounds):
            left = total - sum(counts)
            if remainder and left >= 0:
                yield (*counts, left)
            elif not remainder and left == 0:
                yield counts


def officers_log_likelihood(individuals: Individuals, force: Force) -> float:
    """Return the log-likelihood of officers, one by one."""
    total = 0.0
    for i, cell in enumerate(individuals.cell):
        start, end = (date.fromordinal(int(day[i])) for day in (individuals.start, individuals.end))
        if individuals.defected_on[i] != BLANK:
            day = date.fromordinal(int(individuals.defected_on[i]))
            windows = [period.window for period in force.vocabulary.study.periods]
            period = next(index for index, window in enumerate(windows) if window.start <= day < window.end)
            total += force.log_hazard[cell, period] - force.cumulative_hazard(cell, start, day)
        elif individuals.defected[i]:
            total += math.log(-math.expm1(-force.cumulative_hazard(cell, start, end)))
        else:
            total -= force.cumulative_hazard(cell, start, end)
    return total


def _sect_effect(sect: str, quantity: Steps, scale: Steps, deviation: Steps) -> float:
    if sect == "sunni":
        return 0.0
    if sect == "alawite":
        return quantity["alawite_ratio"]
    return quantity["minority_ratio"] + scale["minority_scale"] * deviation[sect]


def _ways_up(attribute: str, vocabulary: Vocabulary, part: Steps) -> Steps:
    names = vocabulary[attribute].names
    steps = [part[f"{attribute} to {name}"] for name in names[1:]]
    return {name: sum(steps[:index]) / sum(steps) for index, name in enumerate(names)}


def _zero_sum(attribute: str, deviation: Steps, sects: int) -> NDArray[np.float64]:
    """Return Helmert contrasts of standard normals: the k-th sets sect k against those before it."""
    effect = np.zeros(sects)
    for k in range(1, sects):
        size = deviation[f"{attribute} by sect {k}"] / math.sqrt(k * (k + 1))
        for before in range(k):
            effect[before] += size
        effect[k] -= k * size
    return effect


def _baseline(quantity: Steps, scale: float, deviation: Steps, vocabulary: Vocabulary) -> list[float]:
    step, bridge = scale * deviation["baseline within 2012"], scale * deviation["baseline at 2013"]
    last = quantity["decline_ratio"]
    shape = [
        quantity["onset_ratio"],
        -step / 2,
        step / 2,
        (step / 2 + last) / 2 + bridge / math.sqrt(2),
        last,
    ]
    days = [(period.window.end - period.window.start).days for period in vocabulary.study.periods]
    whole = sum(length / DAYS_IN_MONTH * math.exp(level) for length, level in zip(days, shape, strict=True))
    return [quantity["reference_risk"] - math.log(whole) + level for level in shape]
