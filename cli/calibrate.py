"""`calibrate`: whether the whole pipeline finds again what simulated data came from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.backends import backend_options, spread
from cli.output import CheckFailedError, json_option, print_json, print_table, say
from cli.workplace import Workplace
from model.files.whole import check_writable, write_csv
from priors.corps import LARGEST_ARMY

if TYPE_CHECKING:
    from model.calibration.uniformity import Uniformity

LEVEL = 0.01
"""Probability that a right model fails, over all quantities and tests together."""


@click.command()
@click.option("--refits", type=click.IntRange(2, 100_000), default=200, show_default=True, help="Simulated data sets.")
@click.option("--officers", type=click.IntRange(1, LARGEST_ARMY), default=500, show_default=True, help="In each.")
@click.option("--priors", "prior_set", metavar="NAME", help="A prior set of the study; by default all articles'.")
@backend_options
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20110315, show_default=True)
@click.option("--ranks", "ranks_file", type=click.Path(dir_okay=False, path_type=Path), help="CSV to write ranks to.")
@json_option
@click.pass_obj
def calibrate(
    workplace: Workplace,
    /,
    *,
    refits: int,
    officers: int,
    prior_set: str | None,
    backend: str,
    workers: int,
    scheduler: str | None,
    seed: int,
    ranks_file: Path | None,
    as_json: bool,
) -> None:
    """Refit data simulated from the prior, and test that the truths' ranks are uniform."""
    if ranks_file is not None:
        check_writable(ranks_file)
    from model.calibration.refits import CalibrationPlan  # noqa: PLC0415 - heavy
    from model.calibration.refits import calibrate as calibrated  # noqa: PLC0415 - heavy
    from model.calibration.uniformity import assess_ranks, rejected  # noqa: PLC0415 - heavy

    study = workplace.study()
    name = prior_set or study.claims.all_together
    study.claims.of_set(name)  # a name that is none is found before workers start
    plan = CalibrationPlan(study=study, prior_set=name, officers=officers)
    say(f"calibrating {study.name}, {name} priors: {refits} refits of {officers} officers and its evidence's design")
    say(f"backend {backend}, seed {seed}")
    with spread(backend, workers=workers, scheduler=scheduler):
        ranks = calibrated(plan, refits=refits, seed=seed)
    if ranks_file is not None:
        write_csv(ranks_file, (ranks.quantities, *ranks.ranks.tolist()))
    results = assess_ranks(ranks.ranks, ranks.quantities, largest=ranks.largest)
    failed = rejected(results, level=LEVEL)
    _show(results, failed, as_json=as_json)
    say(f"share of divergent draws: {ranks.divergent.mean():.2g}, in the worst refit {ranks.divergent.max():.2g}")
    if failed:
        raise CheckFailedError(f"ranks are not uniform, at {LEVEL:g} over all quantities together: {', '.join(failed)}")
    say(f"ranks are uniform: no quantity is rejected at {LEVEL:g} over all {len(results)} together")


def _show(results: tuple[Uniformity, ...], failed: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(result) | {"uniform": result.quantity not in failed} for result in results])
        return
    print_table(
        ("quantity", "ECDF p", "chi-square p", "mean rank", "spread", ""),
        [
            (
                result.quantity, f"{result.ecdf_p_value:.3f}",
                "" if result.chi_square_p_value is None else f"{result.chi_square_p_value:.3f}",
                f"{result.mean:.3f}", f"{result.spread:.3f}", "NOT UNIFORM" if result.quantity in failed else "",
            )
            for result in results
        ],
    )  # fmt: skip
