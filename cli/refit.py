"""`refit`: from priors and evidence to a version in the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.output import CheckFailedError, json_option, print_json, print_table, say
from cli.workplace import Workplace

if TYPE_CHECKING:
    from model.evidence.rows import EvidenceRow
    from model.fit.checks import Check
    from model.fit.sampling import Progress, Sampling
    from priors.study import Study

FEWEST = 50
"""Draws and tuning steps of a chain, at least: power scaling and PSIS-LOO fit a tail to a fifth of all draws, and fail
on fewer than five that differ (two chains of 13 draws, or of 1 step of tuning, which stood still)."""

QUICK = {"draws": 500, "tune": 500, "chains": 2}


@click.command()
@click.option(
    "--priors",
    "prior_set",
    metavar="NAME",
    help="Fit under these alone; by default under each article's and under all.",
)
@click.option("--without", multiple=True, metavar="CLAIM", help="Leave out a claim, by id; may be repeated.")
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
@click.option("--draws", type=click.IntRange(FEWEST, 50_000), default=1000, show_default=True, help="Kept, by chain.")
@click.option(
    "--most-draws",
    type=click.IntRange(FEWEST, 50_000),
    default=4000,
    show_default=True,
    help="Draws, and steps of tuning, are doubled up to so many by chain where the checks ask for more.",
)
@click.option("--tune", type=click.IntRange(FEWEST, 50_000), default=400, show_default=True, help="Not kept, by chain.")
@click.option("--chains", type=click.IntRange(2, 64), default=4, show_default=True)
@click.option("--cores", type=click.IntRange(1, 64), default=2, show_default=True, help="Chains sampled at once.")
@click.option(
    "--target-accept",
    type=click.FloatRange(0.5, 0.999),
    default=0.7,
    show_default=True,
    help="Acceptance aimed at; higher takes smaller steps, which are tried where trajectories diverge.",
)
@click.option(
    "--sampler",
    type=click.Choice(("numpyro", "nutpie", "pymc")),
    default="numpyro",
    show_default=True,
    help="What samples; NumPyro compiles soonest (docs/performance.md).",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20110315, show_default=True)
@click.option("--no-promote", is_flag=True, help="Leave current what is: who names no version is answered as before.")
@click.option("--quick", is_flag=True, help="A first look: 2 chains of 500 draws. The checks stay as they are.")
@json_option
@click.pass_obj
def refit(
    workplace: Workplace,
    /,
    *,
    prior_set: str | None,
    without: tuple[str, ...],
    evidence_files: tuple[str, ...],
    officer_files: tuple[Path, ...],
    no_promote: bool,
    quick: bool,
    as_json: bool,
    **sampling: Any,
) -> None:
    """Fit the model and publish each fit as a version.

    That under all articles, or under the prior set that is stated, becomes current if it passes every check.
    """
    from model.evidence.checks import check_together  # noqa: PLC0415 - heavy
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.fit.examination import examine  # noqa: PLC0415 - heavy
    from model.fit.named_priors import named_prior_draws  # noqa: PLC0415 - heavy
    from model.fit.sampling import Sampling  # noqa: PLC0415 - heavy
    from model.refitting.prior_sets import fit_prior_sets  # noqa: PLC0415 - heavy
    from model.refitting.publishing import publish  # noqa: PLC0415 - heavy
    from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

    settings = Sampling(**(sampling | (QUICK if quick else {})))
    study, archive = workplace.study(), workplace.archive
    check_size(study, settings)
    dropped = tuple(sorted(set(without)))
    names = (prior_set,) if prior_set else tuple(study.claims.prior_sets)
    elicited = [elicit_prior_set(study, name, without=dropped) for name in names]
    rows = evidence_rows(evidence_files, study)
    check_together(rows, study.vocabulary)
    officers = read_officers(list(officer_files), study.vocabulary)
    with archive.draft():
        pass  # an archive that cannot be written is found before the fit, not after
    of = f"{', '.join(names)} priors, {len(rows)} evidence rows, {officers.count} officers"
    say(f"fitting {study.name}: {of}, seed {settings.seed}")
    with sampling_bar() as progress:
        fits = fit_prior_sets(study, elicited, rows, officers, settings, progress=progress)
    any_fit = fits[names[0]]
    named_priors = named_prior_draws(any_fit.problem, any_fit.compiled, study)
    versions: list[dict[str, Any]] = []
    failed: list[str] = []
    for name, fitted in fits.items():
        beside = {other: each for other, each in fits.items() if other != name}
        examination = examine(fitted, study, rows, named_priors=named_priors)
        promote = name == names[-1] and not no_promote
        version = publish(fitted, examination, study, rows, archive=archive, beside=beside, promote=promote)
        checks = [check.as_dict() for check in examination.checks]
        versions.append({"version": version, "prior_set": name, "passed": examination.passed, "checks": checks})
        failed += [f"{version} ({name}): {_fault(check)}" for check in examination.checks if _stops(check)]
    if as_json:
        print_json(versions)
    else:
        for each in versions:
            say(f"version {each['version']}, under {each['prior_set']} priors:")
            show_checks(each["checks"])
    if failed:
        raise CheckFailedError("kept for inspection and not made current: " + "; ".join(failed))
    say(f"`defection-risk models use {version}` makes it current" if no_promote else f"version {version} is current")


def _stops(check: Check) -> bool:
    """Whether a check keeps a version from being served."""
    return check.gates and not check.passed


def _fault(check: Check) -> str:
    allowed = f"{check.rule} {check.threshold:g} is allowed"
    return f"{check.name} is {check.value:.4g} where {allowed}, at {check.where}: {check.remedy}"


def check_size(study: Study, settings: Sampling) -> None:
    """Raise UsageError where a version could not hold the draws: the arrays of its risk table, counted beforehand."""
    from model.fit.fitting import PRIOR_DRAWS  # noqa: PLC0415 - heavy
    from model.refitting.publishing import OTHERS_DRAWS  # noqa: PLC0415 - heavy
    from model.risk.table import LARGEST, MOST_DRAWS  # noqa: PLC0415 - heavy

    draws = max(settings.draws, settings.most_draws)
    if draws * settings.chains > MOST_DRAWS:
        raise click.UsageError(
            f"--draws, --most-draws: times --chains must be at most {MOST_DRAWS:,}, which is what a version holds"
        )
    cells, periods, sets = len(study.vocabulary.cells), len(study.timeline.periods), len(study.claims.prior_sets)
    moving = sum(len(study.vocabulary[name].levels) for name in study.claims.moving)
    of_draw = 8 * cells + 8 * periods + 4 * moving * periods
    of_others = PRIOR_DRAWS + OTHERS_DRAWS * (2 * sets - 1)
    size = of_draw * (draws * settings.chains + of_others)
    if size > LARGEST:
        raise click.UsageError(
            f"--draws, --most-draws: {draws:,} in each of {settings.chains} chains, and {of_others:,} of priors and of "
            f"other fits, all of {cells:,} combinations of levels, take {size >> 20:,} MiB; a risk table holds at most "
            f"{LARGEST >> 20:,}: take fewer draws, or fewer levels"
        )


def evidence_rows(files: tuple[str, ...], study: Study) -> tuple[EvidenceRow, ...]:
    """Return the rows of evidence files, of which `bundled` and `none` are no files."""
    from model.evidence.reading import read_evidence  # noqa: PLC0415 - heavy

    if "none" in files and len(files) > 1:
        raise click.UsageError("--evidence none cannot be combined with other evidence")
    sources = [study if name == "bundled" else Path(name) for name in files if name != "none"]
    return read_evidence(sources, study.vocabulary)


def show_checks(checks: list[dict[str, Any]]) -> None:
    """Print the checks of a version."""
    columns = ("check", "value", "allowed", "", "where")
    print_table(columns, [_check_cells(check) for check in checks])


def _check_cells(check: dict[str, Any]) -> tuple[str, ...]:
    outcome = "passed" if check["passed"] else "FAILED" if check["gates"] else "warning"
    allowed = f"{check['rule']} {check['threshold']:g}"
    value = "no number" if check["value"] is None else f"{check['value']:.4g}"
    return check["name"], value, allowed, outcome, check["where"]


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
