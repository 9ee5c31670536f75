"""`priors`: what is believed before evidence, and whether it says what its claims say."""

from __future__ import annotations

from dataclasses import replace

import click

from cli.output import CheckFailedError, json_option, print_json, print_table, say
from cli.workplace import Workplace

LIKELY = 0.5
"""A claim must be at least this probable under its own source's prior."""


@click.group()
def priors() -> None:
    """Show the priors, and check that they say what their claims say."""


@priors.command("show")
@click.option("--priors", "prior_set", metavar="NAME", help="One prior set only.")
@json_option
@click.pass_obj
def show(workplace: Workplace, /, *, prior_set: str | None, as_json: bool) -> None:
    """Print each quantity's prior, its 90 % interval and the claims behind it."""
    from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

    study = workplace.study()
    names = (prior_set,) if prior_set else study.claims.prior_sets
    found = {name: elicit_prior_set(study, name) for name in names}
    if as_json:
        print_json({name: [prior.as_dict() for prior in elicited.priors] for name, elicited in found.items()})
        return
    for name, elicited in found.items():
        rows = [
            (
                prior.quantity.name, str(prior), f"{prior.interval[0]:.3g} to {prior.interval[1]:.3g}",
                prior.quantity.scale, ", ".join(prior.claims) or "no claim", prior.quantity.definition,
            )
            for prior in elicited.priors
        ]  # fmt: skip
        print_table(("quantity", "distribution", "90 % interval", "scale", "claims", "meaning"), rows, title=name)
        click.echo()
    spreads = [(each.name, f"HalfNormal({each.sigma:g})", each.definition) for each in study.claims.spreads]
    print_table(
        ("spread", "distribution", "meaning"), spreads, title="what no article speaks of, the same in every set"
    )


@priors.command("check")
@click.option("--draws", type=click.IntRange(100, 100_000), default=4000, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=20110315, show_default=True)
@json_option
@click.pass_obj
def check(workplace: Workplace, /, *, draws: int, seed: int, as_json: bool) -> None:
    """Draw from the prior predictive and give each claim's probability under every prior set.

    A claim that its own source's prior makes unlikely is a defect of the elicitation: exit code 4.
    """
    from model.fit.ledger import claim_probabilities, hazard_draws  # noqa: PLC0415 - heavy
    from model.fit.named_priors import named_prior_draws, unfitted  # noqa: PLC0415 - heavy
    from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

    study = workplace.study()
    problem, compiled = unfitted(study)
    by_set = {
        name: claim_probabilities(
            study.claims, hazard_draws(drawn, replace(problem, prior_set=elicit_prior_set(study, name)))
        )
        for name, drawn in named_prior_draws(problem, compiled, study, draws=draws, seed=seed).items()
    }
    claims = study.claims.claims
    unlikely = [
        claim.id
        for claim in claims
        if claim.prediction is not None and (by_set[claim.source][claim.id] or 0.0) < LIKELY
    ]
    if as_json:
        print_json([
            {"id": claim.id, "source": claim.source, "says": claim.says, "not_testable": claim.not_testable}
            | {"probability": {name: by_set[name][claim.id] for name in by_set}}
            for claim in claims
        ])  # fmt: skip
    else:
        rows = [
            (claim.id, claim.source, *(_shown(by_set[name][claim.id]) for name in by_set), claim.says)
            for claim in claims
        ]
        print_table(("claim", "source", *by_set, "says"), rows)
    if unlikely:
        raise CheckFailedError(f"its own source's prior makes unlikely: {', '.join(unlikely)}; mend its interval")
    say(f"every claim is at least {LIKELY:.0%} probable under its own source's prior")


def _shown(probability: float | None) -> str:
    return "not testable" if probability is None else f"{probability:.3f}"
