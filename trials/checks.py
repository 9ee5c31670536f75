"""How often the checks of a fit flag what is as it should be, and what is not: `python -m trials.checks`.

Evidence of the design of a study's own rows is simulated, fitted, and put to the checks of rows, of lists and of
conflict. Truths are drawn from the prior for false alarms, and from the posterior of the study's own evidence for what
should be found: a community's hazard ratio set to three, and a list in which one place's count is doubled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import click
import numpy as np
import xarray as xr
import yaml

from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.evidence.rows import DEFECTOR_COMPOSITION, TIMING, EvidenceRow, RowGroup, group_rows
from model.fit.by_row import judged
from model.fit.conflict import conflicts
from model.fit.draws import flattened, prior_draws
from model.fit.fitting import Compiled
from model.fit.problem import Problem, pose
from model.fit.row_checks import foreseen_lists, foreseen_rows
from model.fit.sampling import Sampling, unwatched
from model.fit.tree import by_listed
from model.reweighting import left_out
from priors.elicitation import elicit_prior_set
from priors.study import Study, load_study, study_of

SAMPLING = Sampling(draws=600, tune=400, chains=2, cores=1)
RATIO = 3.0


@dataclass(frozen=True)
class Found:
    """What the checks flag of one fit: rows, lists and quantities."""

    rows: tuple[str, ...]
    lists: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True)
class CheckBench:
    """A study's own evidence, with the model compiled for it."""

    study: Study
    rows: tuple[EvidenceRow, ...]
    problem: Problem
    compiled: Compiled

    @classmethod
    def of(cls, study: Study) -> CheckBench:
        """State and compile the model of a study under all its claims."""
        rows = bundled_evidence(study)
        prior_set = elicit_prior_set(study, study.claims.all_together)
        problem = pose(study, prior_set, rows, read_officers([], study.vocabulary))
        return cls(study, rows, problem, Compiled.of(problem))

    def posterior(self, problem: Problem, *, seed: int) -> xr.Dataset:
        """Return draws of the free variables."""
        return self.compiled.sampler.sample(problem, replace(SAMPLING, seed=seed), unwatched)[0]

    def simulated(self, truth: xr.Dataset, *, seed: int) -> dict[str, Any]:
        """Return what the observed nodes report under one draw of the free variables, by name."""
        replicate = self.compiled.expansion.predicted(self.problem, truth, seed=seed)
        return {str(node): values.to_numpy()[0, 0] for node, values in replicate.items()}

    def found(self, problem: Problem, free: xr.Dataset) -> Found:
        """Return what the checks flag of a posterior."""
        expansion, design = self.compiled.expansion, problem.design
        posterior = expansion.deterministics(free)
        _, log_likelihood = expansion.densities(problem, free)
        by_row = judged(posterior, log_likelihood, design)
        by_row = by_row.assign(listed_share=by_listed(posterior[["expected_lists"]], problem)["expected_lists"])
        terms = tuple(by_row["term"].to_numpy().tolist())
        without = left_out(flattened(by_row["log_likelihood"].transpose("chain", "draw", "term")).astype(float))
        rows = foreseen_rows(by_row, terms, without)
        lists = foreseen_lists(by_row, posterior, self._groups(problem), without, terms)
        claimed = conflicts(posterior, problem.prior_set, self.study.vocabulary.community.name)
        return Found(
            tuple(name for name, each in rows.items() if each["flagged"]),
            tuple(each["list"] for each in lists if each["flagged"]),
            tuple(each["quantity"] for each in claimed if each["flagged"]),
        )

    def _groups(self, problem: Problem) -> tuple[RowGroup, ...]:
        """Return the lists as a problem reports them."""
        grid, found = problem.design.lists.grid, []
        lists = [group for group in group_rows(self.rows) if group.kind in {DEFECTOR_COMPOSITION, TIMING}]
        for group, lowest, width in zip(lists, grid.low, grid.width, strict=True):
            bounds = zip(group.rows, lowest, lowest + width - 1, strict=False)
            found.append(RowGroup(group.kind, tuple(replace(row, count_low=a, count_high=b) for row, a, b in bounds)))
        return tuple(found)


def doubled(values: dict[str, Any], bench: CheckBench, row: str) -> dict[str, Any]:
    """Return what nodes report, the count of one row of a list doubled and the list as long as before."""
    lists = bench.problem.design.lists
    at, place = next((i, ids.index(row)) for i, ids in enumerate(lists.rows) if row in ids)
    counts, used = values["lists"].astype(int).copy(), lists.used[at] > 0
    total = counts[at, used].sum()
    more = min(2 * counts[at, place], total)
    others = np.flatnonzero(used & (np.arange(len(used)) != place))
    left = counts[at, others] * (total - more) / max(counts[at, others].sum(), 1)
    whole = np.floor(left).astype(int)
    whole[np.argsort(whole - left)[: int(total - more - whole.sum())]] += 1
    counts[at, place], counts[at, others] = more, whole
    return values | {"lists": counts}


def simulations(bench: CheckBench, name: str, fits: int, *, ratio: str, row: str) -> Iterator[Found]:
    """Simulate, fit and check, so many times.

    Parameters
    ----------
    name : str
        `prior`, `ratio` or `list`: where the truth is from, and what is done to it.
    ratio, row : str
        The hazard ratio that is set to three, and the row of a list whose count is doubled.
    """
    if name == "prior":
        truths = prior_draws(bench.problem, draws=fits, seed=1)
    else:
        free = bench.posterior(bench.problem, seed=2)
        truths = free.isel(chain=[0], draw=np.linspace(0, free.sizes["draw"] - 1, fits).astype(int))
    if name == "ratio":
        at = [prior.quantity.name for prior in bench.problem.prior_set.hazard_ratios].index(ratio)
        truths["log_hazard_ratio"].to_numpy()[..., at] = np.log(RATIO)
    for place in range(fits):
        values = bench.simulated(truths.isel(draw=[place]), seed=100 + place)
        values = doubled(values, bench, row) if name == "list" else values
        problem = bench.problem.reporting(values)
        yield bench.found(problem, bench.posterior(problem, seed=1_000 + place))


def former(study: Study) -> Study:
    """Return a study as the model took it before: tables known, heads known, no one news, effects that do not move."""
    claims, corps, case = (yaml.safe_load(study.files[f"{name}.yaml"]) for name in ("claims", "corps", "study"))
    for table in corps["tables"].values():
        table["strength"] = 1e6
    for entry in corps["classes"].values():
        middle = float(np.sqrt(np.prod(entry["heads"]["interval"])))
        entry["heads"]["interval"] = [middle * 0.999, middle * 1.001]
    claims.pop("newsworthiness", None)
    moved = set(claims.pop("over_time", {}).values())
    claims["spreads"] = {name: each for name, each in claims["spreads"].items() if name not in moved}
    return study_of(study.name, dict(study.files) | {
        f"{name}.yaml": yaml.safe_dump(data, sort_keys=False).encode()
        for name, data in (("claims", claims), ("corps", corps), ("study", case))
    })  # fmt: skip


@click.command()
@click.option("--study", default="syria", show_default=True)
@click.option("--fits", type=click.IntRange(1, 1_000), default=20, show_default=True)
@click.option("--ratio", default="alawite_ratio", show_default=True)
@click.option("--row", default="E12", show_default=True)
@click.option("--only", multiple=True, type=click.Choice(("own", "former", "prior", "ratio", "list")))
def main(study: str, fits: int, ratio: str, row: str, only: tuple[str, ...]) -> None:
    """Print what the checks flag of the study's own evidence, under this model and the former, and in simulations."""
    own = CheckBench.of(load_study(study))
    chosen = only or ("own", "former", "prior", "ratio", "list")
    for name in chosen:
        if name in {"own", "former"}:
            bench = own if name == "own" else CheckBench.of(former(own.study))
            click.echo(f"{name}: {bench.found(bench.problem, bench.posterior(bench.problem, seed=3))}")
            continue
        found = list(simulations(own, name, fits, ratio=ratio, row=row))
        shares = {kind: sum(bool(getattr(each, kind)) for each in found) for kind in ("rows", "lists", "conflicts")}
        told = ", ".join(f"{kind} {count}" for kind, count in shares.items())
        click.echo(f"{name}: of {fits} fits flagged by {told}")
        for each in found:
            click.echo(f"  {each}")


if __name__ == "__main__":
    main()
