"""`backtest`: what each author would have forecast on earlier days, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.backends import backend_options, spread
from cli.output import json_option, print_json, print_table, say
from cli.workplace import Workplace
from model.files.whole import check_writable

if TYPE_CHECKING:
    from datetime import date

    from model.evidence.rows import EvidenceRow

DAY = click.DateTime(("%Y-%m-%d",))


@click.command()
@click.option(
    "--at",
    "at",
    multiple=True,
    type=DAY,
    metavar="DATE",
    help="A day to forecast on; may be repeated. By default a few.",
)
@click.option("--draws", type=click.IntRange(50, 50_000), default=1000, show_default=True, help="Kept, by chain.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20110315, show_default=True)
@click.option(
    "-o", "--output", "output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Where to keep the forecasts, draw by draw, as netCDF.",
)  # fmt: skip
@backend_options
@json_option
@click.pass_obj
def backtest(
    workplace: Workplace,
    /,
    *,
    at: tuple[datetime, ...],
    draws: int,
    seed: int,
    output: Path | None,
    backend: str,
    workers: int,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Fit each author, and all together, to what was known on earlier days; score what they foresee of the rest.

    Beside them stand three naive forecasts, which know no article. A study that keeps what `--json` prints as
    `backtest.json` has it in its reports.
    """
    if output is not None:
        check_writable(output)
    from model.backtest.forecasters import naive_names  # noqa: PLC0415 - heavy
    from model.backtest.forecasts import forecast_all  # noqa: PLC0415 - heavy
    from model.backtest.table import store, table  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.evidence.rows import evidence_digest  # noqa: PLC0415 - heavy
    from model.fit.sampling import Sampling  # noqa: PLC0415 - heavy

    study = workplace.study()
    rows, sampling = bundled_evidence(study), Sampling(draws=draws, most_draws=4 * draws, tune=500, cores=1, seed=seed)
    days = _days(rows, [each.date() for each in at])
    say(f"forecasting {study.name} as of {', '.join(map(str, days))}, {backend}, seed {seed}")
    with spread(backend, workers=workers, scheduler=scheduler):
        forecasts = forecast_all(study, rows, days, sampling)
    if output is not None:
        store(forecasts, output)
    lines = table(forecasts)
    if as_json:
        print_json({
            "study": study.summary, "evidence": evidence_digest(rows), "made_on": str(datetime.now(UTC).date()),
            "sampling": asdict(sampling), "naive": naive_names(study), "table": lines,
        })  # fmt: skip
        return
    _show(lines)
    for name, said in naive_names(study).items():
        say(f"{name}: {said}")


def _days(rows: Sequence[EvidenceRow], stated: Sequence[date]) -> tuple[date, ...]:
    """Return the days that are stated, in order, else the default ones; each leaves something to forecast."""
    from model.backtest.dates import default_days, published_after  # noqa: PLC0415 - heavy

    days = tuple(sorted(set(stated))) or default_days(rows)
    if not days:
        raise click.UsageError("no row of the study's evidence says when it was published (`published_on`)")
    for day in days:
        if not published_after(rows, day):
            raise click.UsageError(f"--at {day}: must leave something to forecast; no row was published later")
    return days


def _show(lines: Sequence[dict[str, Any]]) -> None:
    columns = (
        "as of",
        "rows known",
        "forecast by",
        "log score",
        "s.e.",
        "90 % held",
        "CRPS, log men",
        "CRPS, share",
        "",
    )
    print_table(columns, [_cells(line) for line in lines])


def _cells(line: dict[str, Any]) -> tuple[str, ...]:
    notes = [f"hindsight: {', '.join(line['hindsight'])}"] if line["hindsight"] else []
    notes += [f"not to be relied on: {', '.join(line['failed'])}"] if line["failed"] else []
    return (
        line["at"], str(line["known"]), line["by"], f"{line['log_score']:.1f}", f"{line['log_score_error']:.2f}",
        f"{line['covered']} of {line['rows']}", _number(line["crps_log_men"]), _number(line["crps_share"]),
        "; ".join(notes),
    )  # fmt: skip


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
