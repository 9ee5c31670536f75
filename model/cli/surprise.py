"""`surprise`: how probable each article made a defection that did happen, and how probable the posterior makes it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model.archive import Archive
from model.cli.output import json_option, print_json, print_table, say
from model.risk.summaries import rounded
from model.risk.surprise import CORPS, Probability, bayes_factors, men, surprise
from model.risk.table import RiskTable
from priors.prior_sets import PRIOR_SETS
from priors.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from model.risk.draws import Draws

PRIOR_DRAWS = 20_000
SEED = 20120802


@click.command("surprise")
@click.option("--sect")
@click.option("--rank")
@click.option("--eliteness")
@click.option("--unit", help="A named unit, in place of its eliteness.")
@click.option("--proximity")
@click.option("--by", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day by which it happened.")
@click.option("--corps", type=click.IntRange(min=1), default=CORPS, show_default=True, help="Men in the forces.")
@json_option
@click.pass_obj
def surprise_command(home: Path, /, *, by: datetime, corps: int, as_json: bool, **words: str | None) -> None:
    """Say how surprising it was that a man of a profile defected by a day.

    For each prior set: how many such men it expects to have served; the probability that the corps would yield at
    least one such case, under the prior and, where the archive holds a version fitted to it, under the posterior; and
    the Bayes factors between sets. A posterior that has the case in its evidence has seen it already: of what the
    articles made probable only the priors speak.
    """
    vocabulary = load_vocabulary()
    profile = vocabulary.profile({name: word for name, word in words.items() if word is not None})
    archive = Archive(home)
    found: dict[str, dict[str, Any]] = {}
    for prior_set in PRIOR_SETS:
        version = _newest(archive, prior_set)
        if version is None:
            say(f"no version fitted to all claims of {prior_set}: its prior is drawn anew, and it has no posterior")
            sides = {"prior": _prior(prior_set)}
        else:
            data = archive.read(version, "risk_table.npz")
            table = RiskTable.from_bytes(data, archive.manifest(version), vocabulary)
            sides = {"prior": table.prior, "posterior": table.posterior}
        men_like_him = rounded(float(men(sides["prior"], profile, corps=corps).mean()))
        found[prior_set] = {"version": version, "men": men_like_him} | {
            side: Probability.over(surprise(draws, profile, by=by.date(), corps=corps)) for side, draws in sides.items()
        }
    answer = _answer(found) | {"profile": profile, "by": str(by.date()), "corps": corps}
    if as_json:
        print_json(answer)
        return
    _show(answer)


def _newest(archive: Archive, prior_set: str) -> str | None:
    """Return the newest version that was fitted to all claims of a prior set and passed its checks."""
    for version in reversed(archive.versions()):
        manifest = archive.manifest(version)
        if manifest["prior_set"] == prior_set and not manifest["without"] and manifest["passed"]:
            return version
    return None


def _prior(name: str) -> Draws:
    import numpy as np  # noqa: PLC0415 - not needed for --help

    from model.inference.knowledge import load_knowledge  # noqa: PLC0415 - heavy
    from model.inference.ledger import prior_draws  # noqa: PLC0415 - heavy
    from model.risk.draws import Draws  # noqa: PLC0415

    knowledge = load_knowledge()
    elicited = knowledge.prior_set(name)
    drawn = prior_draws(elicited, knowledge.layout(elicited), draws=PRIOR_DRAWS, seed=SEED).flattened().tables
    return Draws(
        drawn.log_relative_hazard.astype(np.float32),
        drawn.baseline,
        np.stack(drawn.sect_shares, axis=1),
        knowledge.corps.within_sect,
        knowledge.vocabulary,
    )


def _answer(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    sides = {
        side: {name: entry[side] for name, entry in found.items() if side in entry} for side in ("prior", "posterior")
    }
    return {
        "prior_sets": [
            {"prior_set": name, "version": entry["version"], "expected_men": entry["men"]}
            | {side: entry[side].as_dict() if side in entry else None for side in sides}
            for name, entry in found.items()
        ],
        "bayes_factors": {side: bayes_factors(probabilities) for side, probabilities in sides.items()},
    }


def _show(answer: dict[str, Any]) -> None:
    click.echo(f"at least one of {answer['corps']:,} by {answer['by']}: {', '.join(answer['profile'].values())}\n")
    rows = [
        (
            entry["prior_set"], f"{entry['expected_men']:.3g}", _number(entry["prior"]), _number(entry["posterior"]),
            entry["version"] or "",
        )
        for entry in answer["prior_sets"]
    ]  # fmt: skip
    print_table(("prior set", "such men", "prior (s.e.)", "posterior (s.e.)", "version"), rows)
    click.echo("")
    ratios = [
        (f"{each['first']} over {each['second']}", side, f"{each['bayes_factor']:.3g}",
         f"{each['log_monte_carlo_error']:.2g}")
        for side, factors in answer["bayes_factors"].items()
        for each in factors
    ]  # fmt: skip
    print_table(("Bayes factor", "under", "value", "s.e. of its log"), ratios)


def _number(probability: dict[str, float] | None) -> str:
    if probability is None:
        return "none"
    return f"{probability['probability']:.3g} ({probability['monte_carlo_error']:.1g})"
