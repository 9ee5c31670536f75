"""What was doubted of the model, measured on a version: `python -m trials.audit [VERSION]`."""

from __future__ import annotations

import io
from pathlib import Path

import arviz as az
import click
import numpy as np
import xarray as xr

from model.archive import Archive
from model.risk.draws import Draws
from model.stored import read_study, read_table
from priors.timeline import Window
from priors.vocabulary import Vocabulary

HOME = Path("var")


@click.command()
@click.argument("version", default="current")
@click.option("--home", type=click.Path(path_type=Path), default=HOME, show_default=True)
def main(version: str, home: Path) -> None:
    """Print the figures of docs/validation.md that a version of the Syrian study has."""
    archive = Archive(home)
    name = archive.current() if version == "current" else version
    manifest, study, table = archive.manifest(name), read_study(archive, name), read_table(archive, name)
    draws = az.from_netcdf(io.BytesIO(archive.read(name, "posterior.nc")))
    claims = {claim["id"]: claim for claim in manifest["claims"]}
    click.echo(f"{name}, {manifest['prior_set']} priors")

    for claim in ("K04", "K11", "K07", "K24", "S02", "S07"):
        entry = claims[claim]
        moves = [f"{each['term']} {each['probability']:.2f}{'' if each['known'] else '?'}" for each in entry["without"]]
        before, after = (entry["probability"][each] for each in ("prior", "posterior"))
        click.echo(f"{claim}: {before:.2f} to {after:.2f}, {entry['verdict']}; hangs on {entry['hangs_on']}; {moves}")

    posterior, generals = draws["posterior"].to_dataset(), ["brigadier", "general"]
    heads = posterior["cell_heads"]
    _say("brigadiers and generals serving", heads.sel(rank=generals).sum(study.vocabulary.names))
    _say(
        "Sunni brigadiers of elite units serving",
        heads.sel(sect="sunni", rank="brigadier", eliteness="elite").sum("proximity"),
    )
    _say(
        "brigadiers and generals gone by 6 August 2012 (E22: 25 to 100)", posterior["expected_men"].sel(man_count="E22")
    )
    _say("hazard ratio of Alawites", posterior["hazard_ratio"].sel(quantity="alawite_ratio"))
    _say("each step up rank, odds of being named", np.exp(posterior["log_rank_newsworthiness"]))
    for each in manifest["compilers_bounds"]:
        if each["row"] == "E03":
            for bound in each["bounds"]:
                median = bound["medians"]["Alawite colonel, ordinary, outside"]
                click.echo(f"E03 at {bound['bound']:.0f}: an Alawite colonel {median:.5f}, k {bound['pareto_k']}")

    rows = {row["id"]: row for row in manifest["evidence"]["rows"]}
    for ids in (("E11", "E12", "E13", "E14"), ("E18", "E19", "E20", "E21")):
        total = rows[ids[0]]["total"][1]
        expected = [f"{rows[row]['expected']['median'] * total:.1f}" for row in ids]
        click.echo(f"{'+'.join(ids)}: listed {[rows[row]['count'][0] for row in ids]}, expected {expected}")
    click.echo(
        f"lists: {[(each['list'], round(each['p'], 3), round(each['pareto_k'], 2)) for each in manifest['lists']]}"
    )
    click.echo(f"rows flagged: {[row['id'] for row in rows.values() if row['flagged']]}")
    click.echo(f"conflicts flagged: {[each['quantity'] for each in manifest['conflicts'] if each['flagged']]}")
    click.echo(f"first brigadier's median day: {_first(table.posterior, study.vocabulary)}")


def _say(what: str, values: xr.DataArray) -> None:
    low, middle, high = np.quantile(values.to_numpy(), (0.05, 0.5, 0.95))
    click.echo(f"{what}: {middle:.3g} ({low:.3g} to {high:.3g})")


def _first(posterior: Draws, vocabulary: Vocabulary) -> str:
    """Return the day by which the first brigadier has left as likely as not, each draw's own men counted."""
    start = vocabulary.timeline.window.start
    cells = vocabulary.agreeing({"rank": ("brigadier",)})
    low, high = start.toordinal() + 1, vocabulary.timeline.window.end.toordinal()
    while low < high:
        middle = (low + high) // 2
        gone = posterior.leavers(cells, Window(start, start.fromordinal(middle)))
        low, high = (middle + 1, high) if np.exp(-gone).mean() > 0.5 else (low, middle)
    return start.fromordinal(low).isoformat()


if __name__ == "__main__":
    main()
