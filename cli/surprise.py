"""`surprise`: how probable each article made a defection that did happen, and how probable the posterior makes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from cli.output import json_option, print_json, print_table, say
from cli.profiles import stated_profile
from cli.workplace import Workplace, version_option
from model.risk.surprise import bayes_factors
from model.risk.surprise_by_set import Belief
from model.risk.table import RiskTable
from model.stored import read_study, read_table
from priors.corps import LARGEST_ARMY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from model.risk.draws import Draws
    from priors.study import Study

PRIOR_DRAWS = 20_000


@click.command("surprise")
@click.argument("words", nargs=-1, metavar="[ATTRIBUTE=WORD]...")
@click.option("--by", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day by which it happened.")
@click.option(
    "--corps", type=click.IntRange(1, LARGEST_ARMY), help="How many serve; by default as many as in each draw."
)
@version_option
@json_option
@click.pass_obj
def surprise_command(
    workplace: Workplace,
    /,
    *,
    words: tuple[str, ...],
    by: datetime,
    corps: int | None,
    version: str | None,
    as_json: bool,
) -> None:
    """Say how surprising it was that somebody of a profile defected by a day.

    The profile is stated in the words of the study, as in ATTRIBUTE=WORD; what is left out is averaged over.

    For each prior set: how many such members it expects to have served; the probability that the forces would yield at
    least one such case, under the prior and, where the archive holds a version fitted to it, under the posterior; and
    the Bayes factors between sets. A posterior that has the case in its evidence has seen it already: of what the
    articles made probable only the priors speak.
    """
    version = workplace.version(version)
    study = read_study(workplace.archive, version)
    profile = stated_profile(words, study.vocabulary)
    tables = _tables(workplace, study, version)
    carried = next((table.named_priors for table in tables.values() if table.named_priors), {})
    found: dict[str, dict[str, Any]] = {}
    for prior_set in study.claims.prior_sets:
        table = tables.get(prior_set)
        prior = _prior(prior_set, table, carried, study)
        sides = {"prior": prior} | ({} if table is None else {"posterior": table.posterior})
        beliefs = {side: Belief.of(draws, profile, by=by.date(), corps=corps) for side, draws in sides.items()}
        found[prior_set] = {"version": table and table.version, "men": beliefs["prior"].men} | {
            side: belief.probability for side, belief in beliefs.items()
        }
    answer = _answer(found) | {"study": study.name, "profile": profile, "by": str(by.date()), "corps": corps}
    if as_json:
        print_json(answer)
        return
    _show(answer)


def _tables(workplace: Workplace, study: Study, version: str) -> dict[str, RiskTable]:
    """Return for each prior set a version that has all its claims and passed: the one named, or the newest."""
    found: dict[str, RiskTable] = {}
    newest = reversed([*workplace.manifests()])
    for manifest in sorted(newest, key=lambda each: each["version"] != version):
        whole = not manifest["without"] and manifest["passed"] and manifest["study"]["digest"] == study.digest
        if whole and manifest["prior_set"] not in found:
            found[manifest["prior_set"]] = read_table(workplace.archive, manifest["version"])
    return found


def _prior(name: str, table: RiskTable | None, carried: Mapping[str, Draws], study: Study) -> Draws:
    """Return draws of a prior set: those its own version carries by name or was fitted from, else any version's."""
    if table is None:
        how = "another version carries its prior" if name in carried else "its prior is drawn anew"
        say(f"no version of this study fitted to all claims of {name}: {how}, and it has no posterior")
        return carried[name] if name in carried else _drawn(name, study)
    return table.named_priors.get(name, table.prior)


def _drawn(name: str, study: Study) -> Draws:
    from model.fit.draws import risk_draws  # noqa: PLC0415 - heavy
    from model.fit.named_priors import named_prior, unfitted  # noqa: PLC0415 - heavy

    problem, compiled = unfitted(study)
    return risk_draws(named_prior(name, problem, compiled, study, draws=PRIOR_DRAWS), problem)


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
    who = ", ".join(answer["profile"].values()) or "anybody"
    men = "all who serve" if answer["corps"] is None else f"{answer['corps']:,}"
    click.echo(f"at least one of {men} by {answer['by']}: {who}\n")
    rows = [
        (
            entry["prior_set"], f"{entry['expected_men']:.3g}", _number(entry["prior"]), _number(entry["posterior"]),
            entry["version"] or "",
        )
        for entry in answer["prior_sets"]
    ]  # fmt: skip
    print_table(("prior set", "such members", "prior (s.e.)", "posterior (s.e.)", "version"), rows)
    click.echo("")
    ratios = [
        (f"{each['first']} over {each['second']}", side, f"{each['bayes_factor']:.3g}",
         f"{each['log_monte_carlo_error']:.2g}")
        for side, factors in answer["bayes_factors"].items()
        for each in factors
    ]  # fmt: skip
    if ratios:
        print_table(("Bayes factor", "under", "value", "s.e. of its log"), ratios)


def _number(probability: dict[str, float] | None) -> str:
    if probability is None:
        return "none"
    return f"{probability['probability']:.3g} ({probability['monte_carlo_error']:.1g})"
