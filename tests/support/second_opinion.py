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
from priors.claims import Quantity
from priors.corps import Corps, Table
from priors.elicitation import CommunityShares, Prior, PriorSet
from priors.timeline import Timeline
from priors.vocabulary import Attribute, Vocabulary

SMALL = 50
"""Counts out of a total that a source states are binomial up to this many, or where no more are not counted."""

TOTALS = 39
"""Of more possible totals of a small count so many stand for all."""

FLOOR = 1e-12
"""Expected shares are kept this far from 0 and 1, and men this far from 0."""

STATED_AS = {"source": 0.05, "compiler": math.log(3) / math.log(19)}
"""Scale of the logistic error of a bound, by whose it is: of a compiler's, a factor of three nine times in ten."""

DAYS_IN_MONTH = 365.25 / 12

Numbers = NDArray[np.float64]
Draw = Mapping[str, Numbers]
Cell = tuple[str, ...]


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
    """The armed forces under one draw.

    Attributes
    ----------
    log_hazard : ndarray, shape (cell, period)
    heads : list of float
        Men of each cell at the start.
    news : list of float
        How much more readily a list of defectors names a man of each cell.
    concentrations : list of float
        What each list is worth.
    remaining : dict
        Men of each cell who still serve, by day.
    """

    vocabulary: Vocabulary
    log_hazard: Numbers
    heads: list[float]
    news: list[float]
    concentrations: list[float]
    remaining: dict[date, list[float]] = field(default_factory=dict)

    def cumulative_hazard(self, cell: int, start: date, end: date) -> float:
        """Return the hazard that a cell meets between two days."""
        total = 0.0
        for index, period in enumerate(self.vocabulary.timeline.periods):
            overlap = (min(end, period.window.end) - max(start, period.window.start)).days
            if overlap > 0:
                total += overlap / DAYS_IN_MONTH * math.exp(self.log_hazard[cell, index])
        return total

    def serving(self, cells: Sequence[int], day: date, *, as_news: bool = False) -> float:
        """Return how many men of some cells still serve on a day; each as often as he is news, if so asked."""
        first = self.vocabulary.timeline.window.start
        if day not in self.remaining:
            self.remaining[day] = [
                men * math.exp(-self.cumulative_hazard(cell, first, day)) for cell, men in enumerate(self.heads)
            ]
        return math.fsum(self.remaining[day][cell] * (self.news[cell] if as_news else 1.0) for cell in cells)

    def leaving(self, cells: Sequence[int], start: date, end: date, *, as_news: bool = False) -> float:
        """Return how many men of some cells defect between two days."""
        return self.serving(cells, start, as_news=as_news) - self.serving(cells, end, as_news=as_news)

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
    believed = matter.prior_set
    found = {
        "log_hazard_ratio": by_each(draw["log_hazard_ratio"], believed.hazard_ratios),
        "log_reference_hazard": mixture(float(draw["log_reference_hazard"]), believed.reference_risk),
        **of_levels_and_periods(draw, matter),
        **of_community_shares(draw, matter),
        **of_who_serves(draw, matter),
    }
    if believed.drifts:
        found["log_drift"] = by_each(draw["log_drift"], believed.drifts)
    if believed.spreads:
        found["spread"] = stats.halfnorm.logpdf(draw["spread"], scale=[spread.sigma for spread in believed.spreads])
    if "list_concentration" in draw:
        found["list_concentration"] = log_normal(draw["list_concentration"], *believed.count_concentration)
    for attribute, mean, sd in believed.newsworthiness:
        name = f"log_{attribute}_newsworthiness"
        if name in draw:
            found[name] = stats.norm.logpdf(draw[name], mean, sd)
    return found


def of_levels_and_periods(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log density of how levels stray from what is claimed, and of how effects and the baseline move."""
    believed, found = matter.prior_set, {}
    if "baseline_step" in draw:
        found["baseline_step"] = stats.norm.logpdf(draw["baseline_step"])
    for attribute in matter.vocabulary.attributes:
        steps, offsets = f"{attribute.name}_steps", f"{attribute.name}_over_time_offset"
        if steps in draw:
            found[steps] = dirichlet(draw[steps], [believed.step_concentration] * (len(attribute.names) - 1))
        if attribute.name in believed.over_time:
            found[offsets] = [zero_sum_normal(row) for row in np.atleast_2d(draw[offsets])]
    for quantity in (prior.quantity for prior in believed.hazard_ratios):
        if quantity.varies_by:
            name = f"{quantity.attribute}_by_{quantity.varies_by}_offset"
            found[name] = zero_sum_normal(draw[name])
        elif quantity.spread:
            found[f"{quantity.spread}_offset"] = stats.norm.logpdf(draw[f"{quantity.spread}_offset"])
    return found


def of_who_serves(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log density of the heads of the classes, and of the offsets of the tables."""
    middles = [math.log(low * high) / 2 for low, high in matter.corps.heads]
    sds = [math.log(high / low) / 2 / float(stats.norm.ppf(0.95)) for low, high in matter.corps.heads]
    offsets = (f"{table.attribute}_table_offset" for table in matter.corps.tables)
    return {"heads": log_normal(draw["heads"], middles, sds)} | {
        name: stats.norm.logpdf(draw[name]) for name in offsets
    }


def of_community_shares(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log density of the communities' shares in the classes: of that which is claimed, and of the rest."""
    found: dict[str, Any] = {}
    for name, prior in zip(matter.corps.classes, matter.prior_set.community_shares, strict=True):
        if prior.claimed is not None and prior.claimed_share is not None:
            claimed = f"{matter.vocabulary.community.names[prior.claimed]}_share_of_{name}"
            found[claimed] = stats.beta.logpdf(draw[claimed], *prior.claimed_share)
        if len(prior.rest) > 1:
            found[f"rest_of_{name}"] = dirichlet(draw[f"rest_of_{name}"], prior.rest)
    return found


def by_each(values: Numbers, priors: Sequence[Prior]) -> list[float]:
    """Return the log density of each of several quantities."""
    return [mixture(float(value), prior) for value, prior in zip(values, priors, strict=True)]


def mixture(value: float, prior: Prior) -> float:
    """Return the log density of a quantity: what each author says of it, in the weight that he has."""
    terms = [
        math.log(each.weight) + float(stats.norm.logpdf(value, each.mean, each.sd))
        for each in prior.components
        if each.weight > 0
    ]
    return float(logsumexp(terms))


def log_normal(values: Numbers, mean: Any, sd: Any) -> Numbers:
    """Return the log density of positive numbers whose log is normal."""
    return np.asarray(stats.norm.logpdf(np.log(values), mean, sd) - np.log(values))


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
    vocabulary = matter.vocabulary
    baseline = log_baseline(draw, matter.prior_set, vocabulary.timeline)
    log_hazard = [
        [level + relative(cell, draw, matter) + moved(cell, at, draw, matter) for at, level in enumerate(baseline)]
        for cell in vocabulary.cells
    ]
    return World(
        vocabulary,
        np.array(log_hazard),
        [cell_heads(place, draw, matter) for place in range(len(vocabulary.cells))],
        [newsworthiness(cell, draw, matter) for cell in vocabulary.cells],
        np.ravel(draw.get("list_concentration", np.zeros(0))).tolist(),
    )


def relative(cell: Cell, draw: Draw, matter: Matter) -> float:
    """Return the log hazard ratio of a cell to the reference profile, as it is but for what moves over time."""
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
        total += effect * height(own, matter.vocabulary[quantity.attribute], draw)
    return total


def moved(cell: Cell, period: int, draw: Draw, matter: Matter) -> float:
    """Return what a period adds to the log hazard of a cell: deviations of effects, and drifts that have set in."""
    believed, total = matter.prior_set, 0.0
    for attribute, own in zip(matter.vocabulary.attributes, cell, strict=True):
        if attribute.name not in believed.over_time:
            continue
        offset = draw[f"{attribute.name}_over_time_offset"]
        scale = spreads(draw, believed)[believed.over_time[attribute.name]]
        if attribute.ordered:
            total += scale * offset[period] * height(own, attribute, draw)
        elif own != attribute.reference:
            others = [level for level in attribute.names if level != attribute.reference]
            total += scale * offset[others.index(own), period]
    for drift, prior in zip(draw.get("log_drift", np.zeros(0)), believed.drifts, strict=True):
        own = cell[matter.vocabulary.names.index(str(prior.quantity.attribute))]
        if own in prior.quantity.levels and has_set_in(prior.quantity, period, matter.vocabulary.timeline):
            total += float(drift)
    return total


def has_set_in(quantity: Quantity, period: int, timeline: Timeline) -> bool:
    """Whether a ratio that applies from some period on applies in one."""
    return period >= timeline.period_names.index(str(quantity.since))


def spreads(draw: Draw, prior_set: PriorSet) -> dict[str, float]:
    """Return the spreads by name."""
    values = np.ravel(draw.get("spread", np.zeros(0))).tolist()
    return dict(zip((spread.name for spread in prior_set.spreads), values, strict=True))


def height(level: str, attribute: Attribute, draw: Draw) -> float:
    """Return how much of the effect of an ordered attribute a level has."""
    return way_up(level, attribute, draw.get(f"{attribute.name}_steps", np.ones(1)))


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
    spread = spreads(draw, prior_set).get(str(prior_set.baseline.spread), 0.0)
    steps = iter(draw.get("baseline_step", np.zeros(0)).tolist())
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


def cell_heads(place: int, draw: Draw, matter: Matter) -> float:
    """Return how many men of a cell serve at the start: its part of the class, attribute by attribute."""
    corps, vocabulary = matter.corps, matter.vocabulary
    community, *others = vocabulary.cells[place]
    of_class = int(corps.class_of[place])
    shares = community_shares(
        draw, matter.prior_set.community_shares[of_class], vocabulary, service_class=corps.classes[of_class]
    )
    men = float(draw["heads"][of_class]) * shares[community]
    for table, own in zip(corps.tables, others, strict=True):
        men *= row_shares(table, int(table.row[place]), draw)[vocabulary[table.attribute].names.index(own)]
    return men


def row_shares(table: Table, row: int, draw: Draw) -> list[float]:
    """Return the shares of the levels in a row of a table: the expected ones, each by a factor, made shares again."""
    offsets = iter(draw[f"{table.attribute}_table_offset"].tolist())
    for at, expected in enumerate(table.shares.tolist()):
        weights = [
            share * math.exp(next(offsets) / math.sqrt(table.strength)) if share > 0 else 0.0 for share in expected
        ]
        if at == row:
            break
    return [weight / sum(weights) for weight in weights]


def community_shares(
    draw: Draw, prior: CommunityShares, vocabulary: Vocabulary, *, service_class: str
) -> dict[str, float]:
    """Return the share of each community in a class: one as claimed, if any, the others of what it leaves."""
    names = vocabulary.community.names
    rest = iter(np.ravel(draw.get(f"rest_of_{service_class}", np.ones(1))).tolist())
    if prior.claimed is None:
        return {name: next(rest) for name in names}
    claimed = float(draw[f"{names[prior.claimed]}_share_of_{service_class}"])
    return {name: claimed if place == prior.claimed else (1 - claimed) * next(rest) for place, name in enumerate(names)}


def newsworthiness(cell: Cell, draw: Draw, matter: Matter) -> float:
    """Return how much more readily a list names a man of a cell than one at the lowest levels."""
    weight = 1.0
    for attribute, *_ in matter.prior_set.newsworthiness:
        step = float(draw.get(f"log_{attribute}_newsworthiness", np.zeros(())))
        own = cell[matter.vocabulary.names.index(attribute)]
        weight *= math.exp(step) ** matter.vocabulary[attribute].names.index(own)
    return weight


def log_likelihood(draw: Draw, matter: Matter) -> dict[str, Any]:
    """Return the log-likelihood of each observed node, term by term, in the order of the rows."""
    seen = world(draw, matter)
    found: dict[str, list[float]] = {}
    for row in matter.rows:
        if row.kind not in LISTED:
            expected = expectation(row, seen)
            said = small_count(row, expected) if node_of(row) == "small_counts" else within_bounds(row, expected)
            found.setdefault(node_of(row), []).append(said)
    groups = shared_totals(matter.rows)
    listed = [list_of_defectors(group, seen, place) for place, group in enumerate(groups)]
    found |= {"lists": listed} if listed else {}
    if matter.individuals is not None:
        found["dated_officers"], found["undated_officers"] = officers(matter.individuals, seen)
    return found


def predictions(draw: Draw, matter: Matter) -> dict[str, list[float]]:
    """Return what the model expects of the rows, by the name of the variable; of a list place by place, on end."""
    seen = world(draw, matter)
    found: dict[str, list[float]] = {"cell_heads": seen.heads}
    for row in matter.rows:
        if row.kind not in LISTED:
            found.setdefault(f"expected_{node_of(row)}", []).append(expectation(row, seen))
    for group in shared_totals(matter.rows):
        found.setdefault("expected_lists", []).extend(expected_places(group, seen).tolist())
    study = matter.vocabulary.timeline.window
    hazards = [seen.cumulative_hazard(cell, study.start, study.end) for cell in range(len(seen.heads))]
    return found | {"risk": [-math.expm1(-hazard) for hazard in hazards]}


LISTED = ("timing", "defector_composition")


def node_of(row: EvidenceRow) -> str:
    """Return the kind of evidence that a row is which stands alone."""
    if row.total_high is None:
        return "men"
    few = row.count_high <= SMALL or row.total_high - row.count_low <= SMALL
    return "small_counts" if few and row.bound_by == "source" and not row.counts_shares else "shares"


def expectation(row: EvidenceRow, seen: World) -> float:
    """Return the men whom a row should count, or the share of its total that they should be."""
    part, day = seen.cells(row, with_attribute=True), row.window.start
    men = seen.leaving(part, day, row.window.end) if row.kind == "rate" else seen.serving(part, day)
    if row.total_low is None:
        return FLOOR + men
    return FLOOR + (1 - 2 * FLOOR) * (FLOOR + men) / seen.serving(seen.cells(row), day)


def within_bounds(row: EvidenceRow, expected: float) -> float:
    """Return the log probability that a logistic variable about the log of men, or the logit, lies in the bounds."""
    low, high = bounds(row)
    if row.total_low is None:
        location, ends = math.log(expected), [math.log(end) if end > 0 else -math.inf for end in (low, high)]
    else:
        location, ends = logit(expected), [logit(end) for end in (low, high)]
    scale = math.sqrt(sampling_variance(row) * 3 / math.pi**2 + softness(row) ** 2)
    return log_between(*((end - location) / scale for end in ends))


def log_between(low: float, high: float) -> float:
    """Return the log probability that a standard logistic variable lies between two numbers."""
    if low > -high:  # by symmetry, so that the difference is of two small numbers
        low, high = -high, -low
    above = float(stats.logistic.logcdf(high))
    return above + math.log1p(-math.exp(float(stats.logistic.logcdf(low)) - above))


def logit(share: float) -> float:
    """Return the log of the odds; infinite beyond none and all."""
    if share <= 0:
        return -math.inf
    return math.inf if share >= 1 else math.log(share / (1 - share))


def bounds(row: EvidenceRow) -> tuple[float, float]:
    """Return the men, or the shares, between which a row's count lies: half a case outside what is counted."""
    if row.counts_shares:
        return row.count_low, row.count_high
    low, high = row.count_low - 0.5, row.count_high + 0.5
    if row.total_low is None or row.total_high is None:
        return low, high
    return low / row.total_high, high / row.total_low


def sampling_variance(row: EvidenceRow) -> float:
    """Return the variance of the log of a Poisson count, or of the logit of a binomial one, in the middle."""
    if row.counts_shares:
        return 0.0
    if row.total_low is None or row.total_high is None:
        return 1 / math.sqrt(max(row.count_low, 0.5) * (row.count_high + 0.5))
    total = (row.total_low + row.total_high) / 2
    count = min(max((row.count_low + row.count_high) / 2, 0.5), total - 0.5)
    return 1 / count + 1 / (total - count)


def softness(row: EvidenceRow) -> float:
    """Return the scale of the error of a row's bounds, by whose they are."""
    return STATED_AS[row.bound_by]


def small_count(row: EvidenceRow, share: float) -> float:
    """Return the log probability of a row's bounds: binomial, each total that can hold the count equally likely."""
    totals = range(int(max(row.total_low or 0, row.count_low)), int(row.total_high or 0) + 1)
    return float(
        logsumexp(
            [
                math.log(weight) + log_binomial(count, total, share)
                for total, weight in standing_for(totals)
                for count in range(int(row.count_low), min(int(row.count_high), total) + 1)
            ]
        )
    )


def log_binomial(count: int, total: int, share: float) -> float:
    """Return the log probability of a count out of a total."""
    ways = math.lgamma(total + 1) - math.lgamma(count + 1) - math.lgamma(total - count + 1)
    return ways + count * math.log(share) + (total - count) * math.log1p(-share)


def standing_for(totals: range) -> list[tuple[int, float]]:
    """Return totals with their probabilities; of many, some evenly spread, each for those nearer to it than to others.

    A total half-way between two counts in halves.
    """
    if len(totals) <= TOTALS:
        return [(total, 1 / len(totals)) for total in totals]
    gap = (totals[-1] - totals[0]) / (TOTALS - 1)
    chosen = [round(totals[0] + place * gap) for place in range(TOTALS)]
    found = dict.fromkeys(chosen, 0.0)
    for total in totals:
        distance = min(abs(total - each) for each in chosen)
        nearest = [each for each in chosen if abs(total - each) == distance]
        for each in nearest:
            found[each] += 1 / len(nearest) / len(totals)
    return list(found.items())


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
    return len(rows) == 1 or low > (rows[0].total_high or 0) or high < (rows[0].total_low or 0)


def is_news(rows: Sequence[EvidenceRow]) -> bool:
    """Whether a list names some men more readily than others: one by an attribute, not one by date."""
    return rows[0].kind == "defector_composition"


def expected_places(rows: Sequence[EvidenceRow], seen: World) -> Numbers:
    """Return the share of each place of a list: of those who leave, as the list names them, the part it counts."""
    news = is_news(rows)
    leaving = [
        seen.leaving(seen.cells(row, with_attribute=True), row.window.start, row.window.end, as_news=news)
        for row in rows
    ]
    if leaves_some(rows):
        window = seen.vocabulary.timeline.window if rows[0].kind == "timing" else rows[0].window
        leaving.append(seen.leaving(seen.cells(rows[0]), window.start, window.end, as_news=news) - sum(leaving))
    return FLOOR + np.array(leaving) / sum(leaving)


def list_of_defectors(rows: Sequence[EvidenceRow], seen: World, place: int) -> float:
    """Return the log probability of a list's bounds: Dirichlet-multinomial, each total equally likely."""
    alpha = concentration(place, seen) * expected_places(rows, seen)
    vectors = list(count_vectors(rows, remainder=leaves_some(rows)))
    terms = [dirichlet_multinomial(vector, alpha) for vector in vectors]
    return float(logsumexp(terms)) - math.log(len({sum(vector) for vector in vectors}))


def concentration(place: int, seen: World) -> float:
    """Return how many independent draws a list is worth, by its place among the lists."""
    return seen.concentrations[place]


def dirichlet_multinomial(counts: Sequence[int], alpha: Numbers) -> float:
    """Return the log probability of counts, as Polya's urn: each name in turn, in proportion to those before it."""
    ways = math.lgamma(sum(counts) + 1) - sum(math.lgamma(count + 1) for count in counts)
    names = sum(math.log(part + before) for part, count in zip(alpha, counts, strict=True) for before in range(count))
    return ways + names - sum(math.log(alpha.sum() + before) for before in range(sum(counts)))


def count_vectors(rows: Sequence[EvidenceRow], *, remainder: bool) -> Iterator[tuple[int, ...]]:
    """Yield every vector of counts within the bounds of rows that adds up to a total within theirs."""
    ranges = [range(int(row.count_low), int(row.count_high) + 1) for row in rows]
    totals = range(int(rows[0].total_low or 0), int(rows[0].total_high or 0) + 1)
    for counts in product(*ranges):
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
