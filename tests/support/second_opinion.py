"""The whole model written a second time, in NumPyro, from the statement in `design.md`; run as a program of its own.

It shares with the product the words, who serves, the evidence rows and the numbers of the priors, and nothing else:
simplexes are Dirichlet and shares Beta, deviations of sects are NumPyro's own ZeroSumNormal, the steps of the baseline
and the communities are written as levels, and the likelihood goes row by row over the cells.

    python -m tests.support.second_opinion PROBLEM.json DRAWS.npz

A program, because JAX counts in 32 bits unless told otherwise before it is used, for the whole process.
"""

from __future__ import annotations

import itertools
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from statistics import NormalDist
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import logsumexp
from numpyro.infer import MCMC, NUTS

from model.evidence.reading import bundled_evidence
from model.evidence.rows import EvidenceRow
from priors.corps import load_corps
from priors.vocabulary import Vocabulary, load_vocabulary

LARGE = 50
"""Rows whose counts may exceed this are normal on the logit."""

DAYS_IN_MONTH = 365.25 / 12
ATTRIBUTES = ("sect", "rank", "eliteness", "proximity")
MINORITIES = ("druze", "christian", "ismaili", "other")

Array = Any
Term = Callable[["World"], Array]


@dataclass(frozen=True)
class World:
    """One state of the parameters: log monthly hazards (cell, period), cell shares, and the lists' concentration."""

    log_hazard: Array
    cell_shares: Array
    concentration: Array
    known: dict[Any, Array] = field(default_factory=dict)

    def serving(self, cells: Array, months: Array) -> Array:
        """Return the share of the corps that is in some cells and not gone after some months of each period."""
        day = tuple(months)
        if day not in self.known:
            self.known[day] = self.cell_shares * jnp.exp(-(jnp.exp(self.log_hazard) @ months))
        return cells @ self.known[day]


def main(problem_file: str, draws_file: str) -> None:
    """Read a problem, sample it, write the draws, each array with dimensions chain and draw first."""
    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - JAX asks for it so
    problem = json.loads(Path(problem_file).read_text(encoding="utf-8"))
    vocabulary = load_vocabulary()
    rows = bundled_evidence(vocabulary) if problem["evidence"] else ()
    terms = [evidence_term(group, vocabulary) for group in shared_totals(rows)]
    if problem["officers"]:
        terms.append(officers_term(problem["officers"], vocabulary))
    settings = problem["sampling"]
    mcmc = MCMC(
        NUTS(lambda: model(problem["priors"], vocabulary, terms), target_accept_prob=settings["target_accept"]),
        num_warmup=settings["tune"],
        num_samples=settings["draws"],
        num_chains=settings["chains"],
        chain_method="vectorized",
        progress_bar=False,
    )
    mcmc.run(jax.random.PRNGKey(settings["seed"]), extra_fields=("diverging", "num_steps"))
    draws = {name: np.asarray(value) for name, value in mcmc.get_samples(group_by_chain=True).items()}
    draws["diverging"] = np.asarray(mcmc.get_extra_fields(group_by_chain=True)["diverging"])
    draws["num_steps"] = np.asarray(mcmc.get_extra_fields(group_by_chain=True)["num_steps"])
    np.savez(draws_file, **draws)


def model(priors: Mapping[str, Any], vocabulary: Vocabulary, terms: Sequence[Term]) -> None:
    """State the joint distribution."""
    q = {name: numpyro.sample(name, dist.Normal(*prior)) for name, prior in priors["quantities"].items()}
    scale = {name: numpyro.sample(name, dist.HalfNormal(sigma)) for name, sigma in priors["scales"].items()}
    count_concentration = numpyro.sample("log_count_concentration", dist.Normal(*priors["count_concentration"]))

    sects = vocabulary["sect"].names
    of_cell = np.array(list(itertools.product(*(range(len(vocabulary[name].names)) for name in ATTRIBUTES)))).T
    minority = {
        sect: q["minority_ratio"] + scale["minority_scale"] * numpyro.sample(f"sect_{sect}", dist.Normal())
        for sect in MINORITIES
    }
    by_name = {"sunni": jnp.zeros(()), "alawite": q["alawite_ratio"], **minority}
    relative = jnp.stack([by_name[sect] for sect in sects])[of_cell[0]]
    relative += (q["rank_ratio"] * monotonic("rank", vocabulary, priors))[of_cell[1]]
    for place, name in ((2, "eliteness"), (3, "proximity")):
        unit = numpyro.sample(f"{name}_by_sect", dist.ZeroSumNormal(1.0, event_shape=(len(sects),)))
        by_sect = numpyro.deterministic(f"{name}_by_sect_effect", scale[f"{name}_by_sect_scale"] * unit)
        relative += (q[f"{name}_ratio"] + by_sect)[of_cell[0]] * monotonic(name, vocabulary, priors)[of_cell[place]]
    baseline = numpyro.deterministic("baseline", random_walk(q, scale["baseline_scale"], vocabulary))
    world = World(
        log_hazard=relative[:, None] + baseline[None, :],
        cell_shares=serving_shares(priors, vocabulary),
        concentration=jnp.exp(count_concentration),
    )
    numpyro.deterministic("log_relative_hazard", relative)
    for index, term in enumerate(terms):
        numpyro.factor(f"term_{index}", term(world))


def monotonic(name: str, vocabulary: Vocabulary, priors: Mapping[str, Any]) -> Array:
    """Return the way up from 0 to 1 over the levels: sums of a Dirichlet's steps."""
    levels = len(vocabulary[name].names)
    steps = numpyro.sample(f"{name}_steps", dist.Dirichlet(jnp.full(levels - 1, priors["step_concentration"])))
    return numpyro.deterministic(f"{name}_shape", jnp.concatenate([jnp.zeros(1), jnp.cumsum(steps)]))


def random_walk(q: Mapping[str, Array], scale: Array, vocabulary: Vocabulary) -> Array:
    """Return the log baseline: 2012 in two halves a step apart, 2011 and the end as claimed, 2013 a bridge."""
    change = scale * numpyro.sample("change_within_2012", dist.Normal())
    second_half, last = change / 2, q["decline_ratio"]
    off_the_bridge = scale / math.sqrt(2) * numpyro.sample("off_the_bridge", dist.Normal())
    year_2013 = (second_half + last) / 2 + off_the_bridge
    walk = jnp.stack([q["onset_ratio"], -second_half, second_half, year_2013, last])
    lengths = [(period.window.end - period.window.start).days / DAYS_IN_MONTH for period in vocabulary.study.periods]
    # The cumulative hazard of the reference profile over the study is what the claims give.
    return walk + q["reference_risk"] - logsumexp(walk, b=jnp.array(lengths))


def serving_shares(priors: Mapping[str, Any], vocabulary: Vocabulary) -> Array:
    """Return the share of each cell in the corps: sect shares by class, spread as the corps has it."""
    sects, within = vocabulary["sect"].names, load_corps(vocabulary).within_sect
    total = jnp.zeros(len(vocabulary.cells))
    for index, share in enumerate(priors["sect_shares"]):
        claimed = numpyro.sample(f"claimed_share_{index}", dist.Beta(*share["claimed_share"]))
        rest = iter((1 - claimed) * numpyro.sample(f"rest_{index}", dist.Dirichlet(jnp.array(share["rest"]))))
        shares = jnp.stack([claimed if s == share["claimed"] else next(rest) for s in range(len(sects))])
        numpyro.deterministic(f"sect_shares_{index}", shares)
        of_cell = [sects.index(cell[0]) for cell in vocabulary.cells]
        total = total + shares[jnp.array(of_cell)] * within[index]
    return total


def shared_totals(rows: Sequence[EvidenceRow]) -> list[list[EvidenceRow]]:
    """Return rows that divide one total together, every other row alone."""
    groups: dict[object, list[EvidenceRow]] = {}
    for row in rows:
        key: object = row.id
        if row.kind == "timing":
            key = (row.kind, str(row.population), row.total_low, row.total_high)
        elif row.kind == "defector_composition":
            key = (row.kind, str(row.population), row.total_low, row.total_high, row.window)
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def evidence_term(group: Sequence[EvidenceRow], vocabulary: Vocabulary) -> Term:
    """Return the log-likelihood of a row, or of rows that divide one total."""
    if group[0].kind in ("timing", "defector_composition"):
        return list_term(group, vocabulary)
    return share_term(group[0], vocabulary)


def share_term(row: EvidenceRow, vocabulary: Vocabulary) -> Term:
    """Return the log-likelihood of a rate, or of a composition of the corps."""
    whole, part = cells(row, vocabulary, attribute=False), cells(row, vocabulary, attribute=True)
    start, end = (months_until(day, vocabulary) for day in (row.window.start, row.window.end))

    def share(world: World) -> Array:
        if row.kind == "rate":
            return 1 - world.serving(whole, end) / world.serving(whole, start)
        return part @ world.cell_shares / (whole @ world.cell_shares)

    if row.counts_shares or row.count_high > LARGE:
        middle, sd = logit_interval(row)
        return lambda world: dist.Normal(middle, sd).log_prob(jnp.log(share(world) / (1 - share(world))))
    pairs = [
        (count, total - count, math.comb(total, count))
        for total in range(int(row.total_low), int(row.total_high) + 1)
        for count in range(int(row.count_low), min(int(row.count_high), total) + 1)
    ]
    gone, stayed, ways = np.array(pairs, dtype=float).T
    return lambda world: jnp.log(jnp.sum(ways * share(world) ** gone * (1 - share(world)) ** stayed))


def list_term(group: Sequence[EvidenceRow], vocabulary: Vocabulary) -> Term:
    """Return the log-likelihood of a list of defectors whose every name the rows account for.

    Dirichlet-multinomial, as Polya's urn: each name in turn, in proportion to concentration and to names before it.
    """
    parts = [cells(row, vocabulary, attribute=True) for row in group]
    edges = [[months_until(day, vocabulary) for day in (row.window.start, row.window.end)] for row in group]
    ranges = [range(int(row.count_low), int(row.count_high) + 1) for row in group]
    counts = np.array(list(itertools.product(*ranges)))
    totals = counts.sum(axis=1)
    allowed = counts[(group[0].total_low <= totals) & (totals <= group[0].total_high)]
    if not len(allowed):
        raise ValueError(f"the rows from {group[0].id} on leave names out, which is not written here")

    before = np.arange(allowed.max())
    drawn = before < allowed[:, :, None]
    before_all = np.arange(allowed.sum(axis=1).max())
    drawn_of_all = before_all < allowed.sum(axis=1)[:, None]
    ways = np.array([math.lgamma(sum(c) + 1) - sum(math.lgamma(n + 1) for n in c) for c in allowed.tolist()])

    def term(world: World) -> Array:
        leaving = [
            world.serving(part, start) - world.serving(part, end)
            for part, (start, end) in zip(parts, edges, strict=True)
        ]
        alpha = world.concentration * jnp.stack(leaving) / sum(leaving)
        of_row = (drawn * jnp.log(alpha[None, :, None] + before)).sum(axis=(1, 2))
        of_all = (drawn_of_all * jnp.log(world.concentration + before_all)).sum(axis=1)
        return logsumexp(ways + of_row - of_all)

    return term


def officers_term(officers: Mapping[str, Any], vocabulary: Vocabulary) -> Term:
    """Return the log-likelihood of officers: a density for a dated defection, a probability for every other."""
    shape = (len(vocabulary.cells), len(vocabulary.study.periods))
    events, exposure, undated = np.zeros(shape), np.zeros(shape), []
    until = {day: months_until(date.fromordinal(day), vocabulary) for day in set(officers["start"] + officers["end"])}
    columns = (officers[name] for name in ("cell", "start", "end", "defected", "defected_on"))
    for cell, start, end, defected, day in zip(*columns, strict=True):
        if defected and day < 0:
            undated.append((cell, until[end] - until[start]))
            continue
        last = months_until(date.fromordinal(day), vocabulary) if defected else until[end]
        exposure[cell] += last - until[start]
        if defected:
            events[cell, period_of(date.fromordinal(day), vocabulary)] += 1
    rows = np.array([cell for cell, _ in undated], dtype=int)
    months = np.array([window for _, window in undated]).reshape(-1, shape[1])

    def term(world: World) -> Array:
        hazard = jnp.exp(world.log_hazard)
        gone = 1 - jnp.exp(-(hazard[rows] * months).sum(axis=1))
        return (events * world.log_hazard - exposure * hazard).sum() + jnp.log(gone).sum()

    return term


def cells(row: EvidenceRow, vocabulary: Vocabulary, *, attribute: bool) -> Array:
    """Return one for each cell that a row's total is about, or with its attribute for those of its count."""
    asked = list(row.population.items()) + ([row.attribute] if attribute and row.attribute is not None else [])
    return np.array([
        float(all(cell[ATTRIBUTES.index(name)] in levels for name, levels in asked)) for cell in vocabulary.cells
    ])  # fmt: skip


def logit_interval(row: EvidenceRow) -> tuple[float, float]:
    """Return the middle and the sd of the normal whose 90 % is a row's interval, with sampling error for counts."""
    if row.counts_shares:
        low, high, sampling = row.count_low, row.count_high, 0.0
    else:
        low, high = row.count_low / row.total_high, row.count_high / row.total_low
        count, total = (row.count_low + row.count_high) / 2, (row.total_low + row.total_high) / 2
        sampling = 1 / count + 1 / (total - count)
    lower, upper = math.log(low / (1 - low)), math.log(high / (1 - high))
    sd = (upper - lower) / 2 / NormalDist().inv_cdf(0.95)
    return (lower + upper) / 2, math.sqrt(sd**2 + sampling)


def months_until(day: date, vocabulary: Vocabulary) -> np.ndarray[Any, Any]:
    """Return the months of each period that have passed on a day."""
    windows = [period.window for period in vocabulary.study.periods]
    return np.array([max((min(day, window.end) - window.start).days, 0) / DAYS_IN_MONTH for window in windows])


def period_of(day: date, vocabulary: Vocabulary) -> int:
    """Return the index of the period that a day lies in."""
    windows = [period.window for period in vocabulary.study.periods]
    return next(index for index, window in enumerate(windows) if window.start <= day < window.end)


if __name__ == "__main__":
    main(*sys.argv[1:])
