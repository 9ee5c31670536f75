"""`sweep`: how risks and claims move with the prior set, without single claims, and with other evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.backends import backend_options, spread
from cli.output import json_option, print_json, print_table, say
from cli.profiles import stated_profile
from cli.workplace import Workplace
from defection_risk.inputs import read_individuals, read_rows
from model.files.spreadsheets import safe_text
from model.files.whole import check_writable, write_csv
from model.fit.sampling import FEWEST, Sampling
from priors.vocabulary import Profile

if TYPE_CHECKING:
    from model.refitting.sweep import Outcome
    from model.risk.summaries import Summary
    from model.risk.words import Scale
    from priors.study import Study

MOVED = 0.05
"""Claims that were not asked for by name are told of where their probability moves by at least this much."""


@click.command()
@click.option(
    "--priors",
    "prior_sets",
    multiple=True,
    metavar="NAME",
    help="A prior set of the study, by default all articles'; may be repeated.",
)
@click.option("--without", multiple=True, metavar="CLAIM", help="A claim to leave out by itself; may be repeated.")
@click.option("--without-each", is_flag=True, help="Leave out every claim that a fit rests on, one at a time.")
@click.option(
    "--evidence",
    "evidence_files",
    multiple=True,
    default=("bundled",),
    show_default=True,
    metavar="FILE",
    help="Evidence to fit to; each that is named is fitted by itself. `bundled`, `none`, or a file. May be repeated.",
)
@click.option(
    "--officers",
    "officer_files",
    multiple=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Individuals, in every fit. May be repeated.",
)
@click.option(
    "--profile",
    "stated",
    multiple=True,
    metavar="WORDS",
    help="Whose risk to tell: ATTRIBUTE=WORD, with commas between. May be repeated; by default the study's profiles.",
)
@click.option("--claim", "claims", multiple=True, metavar="CLAIM", help="Whose probability to tell; else what moves.")
@click.option("--draws", type=click.IntRange(FEWEST, 100_000), default=500, show_default=True, help="Kept, by chain.")
@click.option("--chains", type=click.IntRange(2, 64), default=2, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20110315, show_default=True)
@click.option("--csv", "csv_file", type=click.Path(dir_okay=False, path_type=Path), help="A file for the whole table.")
@backend_options
@json_option
@click.pass_obj
def sweep(
    workplace: Workplace,
    /,
    *,
    prior_sets: tuple[str, ...],
    without: tuple[str, ...],
    without_each: bool,
    evidence_files: tuple[str, ...],
    officer_files: tuple[Path, ...],
    stated: tuple[str, ...],
    claims: tuple[str, ...],
    draws: int,
    chains: int,
    seed: int,
    csv_file: Path | None,
    backend: str,
    workers: int,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Refit under other priors, without single claims, to other evidence, and tell what moves.

    The first prior set with the first evidence is what the others are set against. Nothing is published.
    """
    if csv_file is not None:
        check_writable(csv_file)
    from model.refitting.sweep import SweepPlan, variants  # noqa: PLC0415 - heavy
    from model.refitting.sweep import sweep as swept  # noqa: PLC0415 - heavy

    study = workplace.study()
    rows = {name: read_rows(None if name == "none" else name, study) for name in evidence_files}
    plan = SweepPlan(
        study=study,
        rows=rows,
        officers=read_individuals(officer_files, study),
        profiles=_profiles(stated, study),
        claims=_judged(claims, study),
        sampling=Sampling(draws=draws, tune=500, chains=chains, cores=1, seed=seed),
    )
    sets = prior_sets or (study.claims.all_together,)
    grid = variants(study, prior_sets=sets, evidence=tuple(rows), without=without, each=without_each)
    say(f"refitting {len(grid)} variants, {backend}, seed {seed}")
    with spread(backend, workers=workers, scheduler=scheduler):
        outcomes = swept(plan, grid)
    if csv_file is not None:
        write_csv(csv_file, _lines(outcomes))
    if as_json:
        print_json([outcome.as_dict() for outcome in outcomes])
    else:
        _show(outcomes, named=claims)
    for outcome in outcomes:
        if outcome.failed:
            say(f"not to be relied on, for {', '.join(outcome.failed)}: {outcome.variant}; try more --draws")


def _profiles(stated: Sequence[str], study: Study) -> Mapping[str, Profile]:
    """Return profiles by what to call them: those that are stated, else those that the study's reports show."""
    if not stated:
        return study.profiles
    parts = {text: filter(str.strip, text.split(",")) for text in stated}
    return {text: stated_profile(words, study.vocabulary) for text, words in parts.items()}


def _judged(named: Sequence[str], study: Study) -> tuple[str, ...]:
    testable = tuple(claim.id for claim in study.claims.claims if claim.prediction is not None)
    wrong = [claim for claim in named if study.claims[claim].id not in testable]
    if wrong:
        raise click.UsageError(f"--claim {wrong[0]}: must be one whose prediction can be judged: {', '.join(testable)}")
    return tuple(named) or testable


def _show(outcomes: Sequence[Outcome], *, named: Sequence[str]) -> None:
    first = outcomes[0]
    from model.risk.words import Scale  # noqa: PLC0415 - not needed for --help

    scale = Scale.of([risk.median for outcome in outcomes for risk in outcome.risks.values()])
    rows = [
        (
            *_cells(outcome), name, scale.told(risk.median), _interval(risk, scale),
            f"{risk.median / first.risks[name].median:.2f}",
        )
        for name in first.risks
        for outcome in outcomes
        for risk in (outcome.risks[name],)
    ]  # fmt: skip
    print_table(("priors", "without", "evidence", "profile", "median risk", "90 %", "to first"), rows)
    moved = [
        (*_cells(outcome), claim, f"{first.claims[claim]:.3f}", f"{outcome.claims[claim]:.3f}")
        for claim in first.claims
        for outcome in outcomes
        if claim in named or abs(outcome.claims[claim] - first.claims[claim]) >= MOVED
    ]
    click.echo()
    if moved:
        print_table(("priors", "without", "evidence", "claim", "first", "probability"), moved)
    else:
        click.echo(f"no claim's probability moves by {MOVED:g}")


def _cells(outcome: Outcome) -> tuple[str, str, str]:
    variant = outcome.variant
    return variant.prior_set, ", ".join(variant.without), variant.evidence


def _interval(risk: Summary, scale: Scale) -> str:
    (interval,) = risk.intervals
    return scale.between(interval.lower, interval.upper)


def _lines(outcomes: Sequence[Outcome]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the whole table; what the caller named does not begin as a formula of a spreadsheet does."""
    yield "priors", "without", "evidence", "of", "name", "median", "lower_90", "upper_90", "probability", "failed"
    for outcome in outcomes:
        cells = tuple(map(safe_text, _cells(outcome)))
        failed = ", ".join(outcome.failed)
        for name, risk in outcome.risks.items():
            (interval,) = risk.intervals
            yield (*cells, "risk", safe_text(name), risk.median, interval.lower, interval.upper, "", failed)
        for claim, chance in outcome.claims.items():
            yield (*cells, "claim", claim, "", "", "", chance, failed)
