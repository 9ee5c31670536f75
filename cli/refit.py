"""`refit`: from priors and evidence to a version in the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from cli.changes import Bounds, change_options
from cli.output import CheckFailedError, json_option, print_json, print_table, say
from cli.workplace import Workplace
from defection_risk.fitted import Fitted
from defection_risk.model import Model
from model.evidence.known import told
from model.fit.sampling import FEWEST, FEWEST_CHAINS, SAMPLERS, Progress, Sampling
from model.report.words import measured
from priors.study import DEFAULT

QUICK = {"draws": 500, "chains": 2}
MANY = click.IntRange(FEWEST, 50_000)
TOLD = ("version", "prior_set", "passed", "checks")
"""What is told of each version in JSON."""


@click.command()
@click.option(
    "--priors",
    "prior_set",
    metavar="NAME",
    help="Fit under these alone; by default under each article's and under all.",
)
@change_options
@click.option(
    "--evidence",
    "evidence_files",
    multiple=True,
    default=("bundled",),
    show_default=True,
    metavar="FILE",
    help="Evidence rows, CSV or Parquet; `bundled` are the study's own, `none` is none. May be repeated.",
)
@click.option(
    "--officers",
    "officer_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Individuals, CSV or Parquet. May be repeated.",
)
@click.option("--draws", type=MANY, default=Sampling.draws, show_default=True, help="Kept, by chain.")
@click.option(
    "--most-draws",
    type=MANY,
    default=Sampling.most_draws,
    show_default=True,
    help="Draws, and steps of tuning, are doubled up to so many by chain where the checks ask for more.",
)
@click.option("--tune", type=MANY, default=Sampling.tune, show_default=True, help="Not kept, by chain.")
@click.option("--chains", type=click.IntRange(FEWEST_CHAINS, 64), default=Sampling.chains, show_default=True)
@click.option(
    "--cores", type=click.IntRange(1, 64), default=Sampling.cores, show_default=True, help="Chains sampled at once."
)
@click.option(
    "--target-accept",
    type=click.FloatRange(0.5, 0.999),
    default=Sampling.target_accept,
    show_default=True,
    help="Acceptance aimed at; higher takes smaller steps, which are tried where trajectories diverge.",
)
@click.option(
    "--sampler",
    type=click.Choice(SAMPLERS),
    default=Sampling.sampler,
    show_default=True,
    help="What samples; NumPyro compiles soonest (docs/performance.md).",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=Sampling.seed, show_default=True)
@click.option(
    "--as-of",
    type=click.DateTime(("%Y-%m-%d",)),
    metavar="DATE",
    help="Fit to what was known on that day: rows published by then, and no officer observed later.",
)
@click.option("--no-promote", is_flag=True, help="Leave current what is: who names no version is answered as before.")
@click.option("--quick", is_flag=True, help="A first look: 2 chains of 500 draws. The checks stay as they are.")
@json_option
@click.pass_obj
def refit(
    workplace: Workplace,
    /,
    *,
    prior_set: str | None,
    evidence_files: tuple[str, ...],
    officer_files: tuple[Path, ...],
    without: tuple[str, ...],
    without_row: tuple[str, ...],
    weight: tuple[tuple[str, float], ...],
    bound: tuple[tuple[str, Bounds], ...],
    as_of: datetime | None,
    no_promote: bool,
    quick: bool,
    as_json: bool,
    **sampling: Any,
) -> None:
    """Fit the model and publish each fit as a version.

    That under all articles, or under the prior set that is stated, becomes current if it passes every check.
    """
    if "none" in evidence_files and len(evidence_files) > 1:
        raise click.UsageError("--evidence none cannot be combined with other evidence")
    day = as_of and as_of.date()
    model = Model(workplace.named or DEFAULT, prior_set, without, without_row, dict(weight), dict(bound), day)
    plan = model.refit(
        evidence=None if evidence_files == ("none",) else evidence_files,
        officers=officer_files,
        sampling=Sampling(**(sampling | (QUICK if quick else {}))),
    )
    with workplace.archive.draft():
        pass  # an archive that cannot be written is found before the fit, not after
    say(f"fitting {plan}")
    if plan.as_of is not None:
        for each in plan.prior_sets:
            say(f"{each.name}: {told(plan.as_of.as_dict(plan.study, each.name))}")
    with sampling_bar() as progress:
        fitted = Fitted.of(plan, progress=progress).save(workplace.home, promote=not no_promote)
    _show([each.manifest for each in (*fitted.beside.values(), fitted)], as_json=as_json)
    version = fitted.version
    say(f"`defection-risk models use {version}` makes it current" if no_promote else f"version {version} is current")


def _show(made: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print what was made, or raise CheckFailedError where some of it is not to be served."""
    if as_json:
        print_json([{name: manifest[name] for name in TOLD} for manifest in made])
    else:
        for manifest in made:
            say(f"version {manifest['version']}, under {manifest['prior_set']} priors:")
            show_checks(manifest["checks"])
    failed = [
        f"{manifest['version']} ({manifest['prior_set']}): {_fault(check)}"
        for manifest in made
        for check in manifest["checks"]
        if check["gates"] and not check["passed"]
    ]
    if failed:
        raise CheckFailedError("kept for inspection and not made current: " + "; ".join(failed))


def _fault(check: dict[str, Any]) -> str:
    allowed = f"{check['rule']} {check['threshold']:g} is allowed"
    return f"{check['name']} is {measured(check['value'])} where {allowed}, at {check['where']}: {check['remedy']}"


def show_checks(checks: list[dict[str, Any]]) -> None:
    """Print the checks of a version."""
    columns = ("check", "value", "allowed", "", "where")
    print_table(columns, [_check_cells(check) for check in checks])


def _check_cells(check: dict[str, Any]) -> tuple[str, ...]:
    outcome = "passed" if check["passed"] else "FAILED" if check["gates"] else "warning"
    allowed = f"{check['rule']} {check['threshold']:g}"
    return check["name"], measured(check["value"]), allowed, outcome, check["where"]


@contextmanager
def sampling_bar() -> Iterator[Progress]:
    """Show a progress bar on standard error while sampling, on a terminal; elsewhere stay quiet."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("compiling the model", total=None)

        def update(done: int, total: int, divergences: int) -> None:
            described = f"sampling ({divergences} divergences)" if divergences else "sampling"
            bar.update(task, completed=done, total=total, description=described)

        yield update
