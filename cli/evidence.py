"""`evidence`: the rows the model is fitted to, and whether a file of one's own can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import json_option, print_json, print_table, say
from cli.workplace import Workplace
from priors.vocabulary import Vocabulary

if TYPE_CHECKING:
    from model.evidence.rows import EvidenceRow


@click.group()
def evidence() -> None:
    """Show the study's own evidence, and check files of evidence rows or officers."""


@evidence.command("show")
@json_option
@click.pass_obj
def show(workplace: Workplace, /, *, as_json: bool) -> None:
    """Print the evidence rows of the study with their sources."""
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy

    study = workplace.study()
    rows = bundled_evidence(study)
    if as_json:
        print_json([row.as_dict() for row in rows])
        return
    columns = ("row", "kind", "of whom", "what", "window", "total", "count", "bounds by", "published", "source")
    print_table(columns, [_cells(row, study.vocabulary) for row in rows])


@evidence.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True, path_type=Path))
@click.option("--officers", is_flag=True, help="The files hold individuals, not evidence rows.")
@click.option("--with-bundled", is_flag=True, help="They are to be used together with the study's own rows.")
@click.pass_obj
def check(workplace: Workplace, /, files: tuple[Path, ...], *, officers: bool, with_bundled: bool) -> None:
    """Check that files can be used in a fit; say what stands in the way, by file, row and column.

    Each is CSV or Parquet, a plain file or - for standard input. Rows that contradict what the study says of who
    serves are named; they can be used.
    """
    from model.evidence.against_corps import contradictions  # noqa: PLC0415 - heavy
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.evidence.reading import read_evidence  # noqa: PLC0415 - heavy

    study = workplace.study()
    if officers:
        say(f"sound: {read_officers(list(files), study.vocabulary).count} officers")
        return
    rows = read_evidence([*([study] if with_bundled else []), *files], study.vocabulary)
    for contradiction in contradictions(rows, study):
        say(f"at odds with who serves: {contradiction}")
    say(f"sound: {len(rows)} evidence rows")


def _cells(row: EvidenceRow, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return a row as the cells of a table."""
    return (
        row.id,
        row.kind,
        ", ".join(_levels(name, levels, vocabulary) for name, levels in row.population.items()) or "all",
        _levels(*row.attribute, vocabulary) if row.attribute else "",
        str(row.window),
        "all who serve" if row.total is None else _bounds(*row.total),
        _bounds(row.count_low, row.count_high),
        row.bound_by,
        "" if row.published_on is None else str(row.published_on),
        row.source,
    )


def _levels(attribute: str, levels: tuple[str, ...], vocabulary: Vocabulary) -> str:
    """Return the name of the group that the levels are, or else the levels themselves."""
    groups = vocabulary[attribute].groups
    return next((group.name for group in groups if group.levels == levels), "|".join(levels))


def _bounds(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"
