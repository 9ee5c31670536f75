"""The whole model stated a second time, in loops over cells, days and counts: what the PyMC model is held to.

It shares with the product the words, who serves, the evidence rows and the numbers of the priors, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln, logsumexp

from model.evidence.officer_checks import BLANK, Individuals
from model.evidence.rows import EvidenceRow
from priors.corps import Corps
from priors.elicitation import CommunityShares, PriorSet
from priors.timeline import Timeline
from priors.vocabulary import Attribute, Vocabulary

LARGE = 50
"""Rows whose counts may exceed this are normal on the logit."""

FLOOR = 1e-12
"""Expected shares are kept this far from 0 and 1."""

DAYS_IN_MONTH = 365.25 / 12
CLASSES = ("officers", "enlisted")

Numbers = NDArray[np.float64]
Draw = Mapping[str, Numbers]


@dataclass(frozen=True)
class Matter:
    """What a problem is about: beliefs, who serves, words, rows, and officers one by one."""

    prior_set: PriorSet
    corps: Corps
    vocabulary: Vocabulary
    rows: tuple[EvidenceRow, ...] = ()
    individuals: Individuals | None = None


@dataclass(frozen=True)
class World:
    """The armed forces under one draw: log hazards (cell, period), cell shares, and the lists' concentration."""

    vocabulary: Vocabulary
    log_hazard: Numbers
    cell_shares: Numbers
    concentration: float
    remaining: dict[date, list[float]] = field(default_factory=dict)

    def cumulative_hazard(self, cell: int, start: date, end: date) -> float:
        """Return the hazard that a cell meets between two days."""
        total = 0.0
        for index, period in enumerate(self.vocabulary.timeline.periods):
            overlap = (min(end, period.window.end) - max(start, period.window.start)).days
            if overlap > 0:
                total += overlap / DAYS_IN_MONTH * math.exp(self.log_hazard[cell, index])
        return total

    def serving(self, cells: Sequence[int], day: date) -> float:
        """Return the share of the forces that is in some cells and still serves on a day."""
        first = self.vocabulary.timeline.window.start
        if day not in self.remaining:
            self.remaining[day] = [
                share * math.exp(-self.cumulative_hazard(cell, first, day))
                for cell, share in enumerate(self.cell_shares)
            ]
        return math.fsum(self.remaining[day][cell] for cell in cells)

    def leaving(self, cells: Sequence[int], start: date, end: date) -> float:
        """Return the share of the forces that is in some cells and defects between two days."""
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


def densities(draw: Draw, matter: Matter) -> dict[str, Numbers]:
    """Return the log density of every variable of the model, free or observed, by its name."""
    return {
        name: np.atleast_1d(value) for name, value in (log_prior(draw, matter) | log_likelihood(draw, matter)).items()
    }


def log_prior(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log density of each free variable."""
    prior_set, vocabulary = matter.prior_set, matter.vocabulary
    mean, sd = np.array([prior.parameters for prior in prior_set.hazard_ratios]).T
    steps = {a.name: len(a.names) - 1 for a in vocabulary.attributes if a.ordered and len(a.names) > 2}
    found = {
        "log_hazard_ratio": stats.norm.logpdf(draw["log_hazard_ratio"], mean, sd),
        "log_reference_hazard": stats.norm.logpdf(draw["log_reference_hazard"], *prior_set.reference_risk.parameters),
        "spread": stats.halfnorm.logpdf(draw["spread"], scale=[spread.sigma for spread in prior_set.spreads]),
        "baseline_step": stats.norm.logpdf(draw["baseline_step"]),
        **{
            f"{name}_steps": dirichlet(draw[f"{name}_steps"], [prior_set.step_concentration] * n)
            for name, n in steps.items()
        },
    }
    for quantity in (prior.quantity for prior in prior_set.hazard_ratios):
        if quantity.varies_by:
            name = f"{quantity.attribute}_by_{quantity.varies_by}_offset"
            found[name] = zero_sum_normal(draw[name])
        elif quantity.spread:
            found[f"{quantity.spread}_offset"] = stats.norm.logpdf(draw[f"{quantity.spread}_offset"])
    for name, prior in zip(CLASSES, prior_set.community_shares, strict=True):
        claimed = f"{vocabulary['sect'].names[prior.claimed]}_share_of_{name}"
        found[claimed] = stats.beta.logpdf(draw[claimed], *prior.claimed_share)
        found[f"rest_of_{name}"] = dirichlet(draw[f"rest_of_{name}"], prior.rest)
    if "list_concentration" in draw:
        mean, sd = prior_set.count_concentration
        found["list_concentration"] = stats.norm.logpdf(np.log(draw["list_concentration"]), mean, sd) - np.log(
            draw["list_concentration"]
        )
    return found


def dirichlet(shares: Numbers, concentration: Any) -> float:
    """Return the log density of shares that sum to one."""
    concentration = np.array(concentration)
    whole = gammaln(concentration.sum()) - gammaln(concentration).sum()
    return float(whole + ((concentration - 1) * np.log(shares)).sum())


def zero_sum_normal(offsets: Numbers) -> float:
    """Return the log density of standard normals on the plane where they sum to zero."""
    return float(-(offsets**2).sum() / 2 - (len(offsets) - 1) / 2 * math.log(2 * math.pi))


def world(draw: Draw, matter: Matter) -> World:
    """Return the armed forces under one draw, cell by cell from the formula of the model."""
    baseline = log_baseline(draw, matter.prior_set, matter.vocabulary.timeline)
    log_hazard = [[level + relative(cell, draw, matter) for level in baseline] for cell in matter.vocabulary.cells]
    shares = [
        community_shares(draw, prior, matter.vocabulary, name)
        for name, prior in zip(CLASSES, matter.prior_set.community_shares, strict=True)
    ]
    cell_shares = [
        sum(share[cell[0]] * matter.corps.within_community[row, i] for row, share in enumerate(shares))
        for i, cell in enumerate(matter.vocabulary.cells)
    ]
    concentration = float(draw.get("list_concentration", np.array(math.nan)))
    return World(matter.vocabulary, np.array(log_hazard), np.array(cell_shares), concentration)


def relative(cell: tuple[str, ...], draw: Draw, matter: Matter) -> float:
    """Return the log hazard ratio of a cell to the reference profile."""
    level = dict(zip(matter.vocabulary.names, cell, strict=True))
    spread = spreads(draw, matter.prior_set)
    total = 0.0
    for ratio, prior in zip(draw["log_hazard_ratio"], matter.prior_set.hazard_ratios, strict=True):
        quantity = prior.quantity
        if quantity.attribute is None:
            continue
        effect, own = float(ratio), level[quantity.attribute]
        if quantity.levels:
            if own not in quantity.levels:
                continue
            if quantity.spread:
                effect += spread[quantity.spread] * draw[f"{quantity.spread}_offset"][quantity.levels.index(own)]
            total += effect
            continue
        if quantity.varies_by:
            place = matter.vocabulary[quantity.varies_by].names.index(level[quantity.varies_by])
            offset = draw[f"{quantity.attribute}_by_{quantity.varies_by}_offset"][place]
            effect += spread[str(quantity.spread)] * offset
        total += effect * way_up(
            own, matter.vocabulary[quantity.attribute], draw.get(f"{quantity.attribute}_steps", [1.0])
        )
    return total


def spreads(draw: Draw, prior_set: PriorSet) -> dict[str, float]:
    """Return the spreads by name."""
    return dict(zip((spread.name for spread in prior_set.spreads), draw["spread"].tolist(), strict=True))


def way_up(level: str, attribute: Attribute, steps: Numbers) -> float:
    """Return how much of the way from the lowest level to the highest a level has come."""
    return math.fsum(steps[: attribute.names.index(level)])


def log_baseline(draw: Draw, prior_set: PriorSet, timeline: Timeline) -> list[float]:
    """Return the log hazard of the reference profile in each period; over the study it meets what is claimed."""
    course = log_course(draw, prior_set, timeline)
    days = [(period.window.end - period.window.start).days for period in timeline.periods]
    whole = sum(length / DAYS_IN_MONTH * math.exp(level) for length, level in zip(days, course, strict=True))
    return [float(draw["log_reference_hazard"]) - math.log(whole) + level for level in course]


def log_course(draw: Draw, prior_set: PriorSet, timeline: Timeline) -> list[float]:
    """Return the log hazard of each period against the level: steps, claimed ratios, and what lies between."""
    spread, steps = spreads(draw, prior_set)[prior_set.baseline.spread], iter(draw["baseline_step"].tolist())
    path = [0.0]
    for _ in prior_set.baseline.level[1:]:
        path.append(path[-1] + spread * next(steps))
    middle = sum(path) / len(path)
    known = {
        timeline.period_names.index(name): at - middle for name, at in zip(prior_set.baseline.level, path, strict=True)
    }
    for ratio, prior in zip(draw["log_hazard_ratio"], prior_set.hazard_ratios, strict=True):
        if prior.quantity.period is not None:
            known[timeline.period_names.index(prior.quantity.period)] = float(ratio)
    for period in range(len(timeline.periods)):
        if period not in known:
            at, sd = off_the_known(period, known)
            known[period] = at + sd * spread * next(steps)
    return [known[period] for period in range(len(timeline.periods))]


def off_the_known(period: int, known: Mapping[int, float]) -> tuple[float, float]:
    """Return the mean of a random walk at a period, given others, and its standard deviation in steps."""
    mean = float(np.interp(period, sorted(known), [known[at] for at in sorted(known)]))
    gaps = [min(abs(period - at) for at in side) for side in sides(period, known) if side]
    return mean, math.sqrt(1 / sum(1 / gap for gap in gaps))


def sides(period: int, known: Mapping[int, float]) -> tuple[list[int], list[int]]:
    """Return the known periods before and after one."""
    return [at for at in known if at < period], [at for at in known if at > period]


def community_shares(
    draw: Draw, prior: CommunityShares, vocabulary: Vocabulary, service_class: str
) -> dict[str, float]:
    """Return the share of each sect in a class: one as claimed, the others of what it leaves."""
    names = vocabulary["sect"].names
    claimed = float(draw[f"{names[prior.claimed]}_share_of_{service_class}"])
    rest = iter(draw[f"rest_of_{service_class}"].tolist())
    return {name: claimed if place == prior.claimed else (1 - claimed) * next(rest) for place, name in enumerate(names)}


def log_likelihood(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log-likelihood of each observed node, term by term, in the order of the rows."""
    seen = world(draw, matter)
    found: dict[str, list[float]] = {}
    for row in matter.rows:
        if row.kind in ("timing", "defector_composition"):
            continue
        if row.counts_shares or row.count_high > LARGE:
            node = "rates" if row.kind == "rate" else "compositions"
            found.setdefault(node, []).append(logit_normal(row, expected_share(row, seen)))
        else:
            found.setdefault("small_counts", []).append(small_count(row, expected_share(row, seen)))
    listed = [list_of_defectors(group, seen) for group in shared_totals(matter.rows)]
    found |= {"lists": listed} if listed else {}
    if matter.individuals is not None:
        found["dated_officers"], found["undated_officers"] = officers(matter.individuals, seen)
    return found


def expected_share(row: EvidenceRow, seen: World) -> float:
    """Return the share a row should report: of those serving at its start, who leave or have the attribute."""
    whole, day = seen.cells(row), row.window.start
    if row.kind == "rate":
        share = seen.leaving(whole, day, row.window.end) / seen.serving(whole, day)
    else:
        share = seen.serving(seen.cells(row, with_attribute=True), day) / seen.serving(whole, day)
    return FLOOR + (1 - 2 * FLOOR) * share


def logit_normal(row: EvidenceRow, share: float) -> float:
    """Return the log density of the middle of a row's interval, the logit being normal about the expected one."""
    middle, sd = logit_interval(row)
    reported = 1 / (1 + math.exp(-middle))
    jacobian = math.log(reported * (1 - reported))
    return float(stats.norm.logpdf(middle, math.log(share / (1 - share)), sd)) - jacobian


def logit_interval(row: EvidenceRow) -> tuple[float, float]:
    """Return the middle and the sd of the normal whose 90 % is a row's interval, with sampling error for counts."""
    low, high, sampling = row.count_low, row.count_high, 0.0
    if not row.counts_shares:
        # No nearer to none or to all than half a case.
        low = min(max(row.count_low, 0.5), row.total_high - 0.5) / row.total_high
        high = min(row.count_high, row.total_low - 0.5) / row.total_low
        total = (row.total_low + row.total_high) / 2
        count = min(max((row.count_low + row.count_high) / 2, 0.5), total - 0.5)
        sampling = 1 / count + 1 / (total - count)
    ends = sorted(math.log(share / (1 - share)) for share in (low, high))
    sd = (ends[1] - ends[0]) / 2 / float(stats.norm.ppf(0.95))
    return sum(ends) / 2, math.sqrt(sd**2 + sampling)


def small_count(row: EvidenceRow, share: float) -> float:
    """Return the log probability of a row's bounds: binomial, each total that can hold the count equally likely."""
    totals = range(int(max(row.total_low, row.count_low)), int(row.total_high) + 1)
    terms = [
        math.log(math.comb(total, count)) + count * math.log(share) + (total - count) * math.log1p(-share)
        for total in totals
        for count in range(int(row.count_low), min(int(row.count_high), total) + 1)
    ]
    return float(logsumexp(terms)) - math.log(len(totals))


def shared_totals(rows: Sequence[EvidenceRow]) -> list[list[EvidenceRow]]:
    """Return the lists: rows that divide one total between them, by date or by an attribute."""
    groups: dict[object, list[EvidenceRow]] = {}
    for row in rows:
        key = (row.kind, str(row.population), row.total_low, row.total_high)
        if row.kind == "timing":
            groups.setdefault(key, []).append(row)
        elif row.kind == "defector_composition" and row.attribute is not None:
            groups.setdefault((*key, row.window, row.attribute[0]), []).append(row)
    return list(groups.values())


def leaves_some(rows: Sequence[EvidenceRow]) -> bool:
    """Whether part of a list's total lies in none of its rows: one row, or counts that cannot make up the total."""
    low, high = (sum(getattr(row, bound) for row in rows) for bound in ("count_low", "count_high"))
    return len(rows) == 1 or low > rows[0].total_high or high < rows[0].total_low


def list_of_defectors(rows: Sequence[EvidenceRow], seen: World) -> float:
    """Return the log probability of a list's bounds: Dirichlet-multinomial, each total equally likely."""
    leaving = [seen.leaving(seen.cells(row, with_attribute=True), row.window.start, row.window.end) for row in rows]
    if leaves_some(rows):
        window = seen.vocabulary.timeline.window if rows[0].kind == "timing" else rows[0].window
        leaving.append(seen.leaving(seen.cells(rows[0]), window.start, window.end) - sum(leaving))
    alpha = seen.concentration * (FLOOR + np.array(leaving) / sum(leaving))
    vectors = list(count_vectors(rows, remainder=leaves_some(rows)))
    terms = [dirichlet_multinomial(vector, alpha) for vector in vectors]
    return float(logsumexp(terms)) - math.log(len({sum(vector) for vector in vectors}))


def dirichlet_multinomial(counts: Sequence[int], alpha: Numbers) -> float:
    """Return the log probability of counts, as Polya's urn: each name in turn, in proportion to those before it."""
    ways = math.lgamma(sum(counts) + 1) - sum(math.lgamma(count + 1) for count in counts)
    names = sum(math.log(part + before) for part, count in zip(alpha, counts, strict=True) for before in range(count))
    return ways + names - sum(math.log(alpha.sum() + before) for before in range(sum(counts)))


def count_vectors(rows: Sequence[EvidenceRow], *, remainder: bool) -> Iterator[tuple[int, ...]]:
    """Yield every vector of counts within the bounds of rows that adds up to a total within theirs."""
    bounds = [range(int(row.count_low), int(row.count_high) + 1) for row in rows]
    totals = range(int(rows[0].total_low), int(rows[0].total_high) + 1)
    for counts in product(*bounds):
        for total in totals if remainder else [sum(counts)]:
            left = total - sum(counts)
            if left >= 0 and total in totals:
                yield (*counts, left) if remainder else counts


def officers(individuals: Individuals, seen: World) -> tuple[list[float], list[float]]:
    """Return the log-likelihood of officers one by one: by cell where a day is known or none came, else of each."""
    by_cell, undated = [0.0] * len(seen.vocabulary.cells), []
    for i, cell in enumerate(individuals.cell.tolist()):
        start, end = (date.fromordinal(int(day[i])) for day in (individuals.start, individuals.end))
        if individuals.defected_on[i] != BLANK:
            day = date.fromordinal(int(individuals.defected_on[i]))
            by_cell[cell] += seen.log_hazard[cell, period_of(day, seen.vocabulary.timeline)]
            by_cell[cell] -= seen.cumulative_hazard(cell, start, day)
        elif individuals.defected[i]:
            undated.append(math.log(-math.expm1(-seen.cumulative_hazard(cell, start, end))))
        else:
            by_cell[cell] -= seen.cumulative_hazard(cell, start, end)
    return by_cell, undated


def period_of(day: date, timeline: Timeline) -> int:
    """Return the index of the period that a day lies in."""
    windows = [period.window for period in timeline.periods]
    return next(index for index, window in enumerate(windows) if window.start <= day < window.end)
