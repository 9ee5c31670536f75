"""`study`: which cases there are, what one says, a new one, and every mistake in one."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from cli.output import ExitCode, json_option, print_json, print_table, say
from cli.study_tables import show_study
from cli.workplace import Workplace
from model.files.errors import NotWritableError, reason_of
from model.files.owned import owner_prefix
from priors.checks.shapes import SHAPES
from priors.errors import StudyError
from priors.study import DEFAULT, TEMPLATE, Study, load_study, study_folder, study_names
from priors.yaml_files import read_yaml

named_argument = click.argument("named", metavar="[NAME|FOLDER]", required=False)


@click.group()
def study() -> None:
    """List, show, begin and check studies, each a folder that holds all that is of one case."""


@study.command("list")
@json_option
@click.pass_obj
def list_studies(workplace: Workplace, /, *, as_json: bool) -> None:
    """List the studies that come with the project, and the one that --study states."""
    places = dict.fromkeys(study_folder(named) for named in (*study_names(), workplace.named or DEFAULT))
    entries = [_entry(load_study(place), place) for place in places]
    if as_json:
        print_json(entries)
        return
    rows = [(each["name"], each["title"], ", ".join(each["attributes"]), each["folder"]) for each in entries]
    print_table(("study", "title", "attributes", "where"), rows)


@study.command("show")
@named_argument
@json_option
@click.pass_obj
def show(workplace: Workplace, /, *, named: str | None, as_json: bool) -> None:
    """Show all that a study says: what is asked, in which words, what is claimed and by whom, who served."""
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy

    found = _named(workplace, named)
    rows = bundled_evidence(found)
    if as_json:
        print_json(found.summary | _stated(found) | {"evidence": [row.as_dict() for row in rows]})
        return
    show_study(found, rows=len(rows))


@study.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Begin a study in FOLDER: a small made-up one that fits as it stands, to be written over."""
    if folder.resolve().name in study_names():
        raise click.UsageError(f"{folder}: must have another name; a study of this one comes with the project")
    if folder.resolve() == Path.cwd() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise click.UsageError(f"{folder}: must be a new folder, or an empty one that you are not in")
    _copy_template(folder)
    say(f"a made-up study is in {folder}; write your case over it, file by file, then")
    for command in (f"study check {folder}", f"--study {folder} refit", "serve"):
        click.echo(f"defection-risk {command}")


@study.command("check")
@named_argument
@click.pass_context
def check(ctx: click.Context, /, *, named: str | None) -> None:
    """Check every file of a study, its evidence last; say what is wrong by file, line and rule, all in one go."""
    from model.evidence.errors import EvidenceError  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy

    try:
        found = _named(ctx.obj, named)
        rows = bundled_evidence(found)
    except (StudyError, EvidenceError) as error:
        say(str(error))
        ctx.exit(ExitCode.BAD_DATA)
    say(f"sound: {found.name}, {_counts(found, rows=len(rows))}")


def _counts(found: Study, *, rows: int) -> str:
    vocabulary, claims = found.vocabulary, found.claims
    counts = {
        "attributes": len(vocabulary.names),
        "combinations of levels": len(vocabulary.cells),
        "periods": len(found.timeline.periods),
        "articles": len(claims.articles),
        "quantities": len(claims.quantities),
        "claims": len(claims.claims),
        "evidence rows": rows,
    }
    return ", ".join(f"{what} {count:,}" for what, count in counts.items())


def _named(workplace: Workplace, named: str | None) -> Study:
    return workplace.study() if named is None else load_study(named)


def _entry(found: Study, place: Path) -> dict[str, Any]:
    return found.summary | {"attributes": list(found.vocabulary.names), "folder": str(place)}


def _stated(found: Study) -> dict[str, Any]:
    """Return the sections of a study's files as they stand there, days as text."""
    sections: dict[str, Any] = {}
    for file in SHAPES:
        sections |= read_yaml(file, found.files[file]).data
    return dict(json.loads(json.dumps(sections, default=str)))


def _copy_template(folder: Path) -> None:
    """Copy the template to a folder, whole or not at all."""
    partial = folder.with_name(f".{owner_prefix()}{folder.name}")
    try:
        partial.mkdir(parents=True)
        for file in TEMPLATE.iterdir():
            shutil.copyfile(file, partial / file.name)
        partial.rename(folder)
    except OSError as error:
        raise NotWritableError(str(folder), f"cannot be written: {reason_of(error)}") from error
    finally:
        with suppress(FileNotFoundError):
            shutil.rmtree(partial)
