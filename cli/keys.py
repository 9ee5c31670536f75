"""`keys`: who may ask the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from cli.output import json_option, print_json, print_table, say

key_file = click.option(
    "--file",
    "path",
    envvar="DEFECTION_RISK_KEYS",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of keys; also DEFECTION_RISK_KEYS, which the service reads.",
)


@click.group()
def keys() -> None:
    """Make, list and revoke the keys that open the service; it takes note without a restart."""


@keys.command("new")
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice(["assess", "admin"]),
    default="assess",
    show_default=True,
    help="What it opens: all of /v1, or that and /metrics.",
)
@key_file
@json_option
def new(name: str, scope: str, *, path: Path, as_json: bool) -> None:
    """Make a key for NAME and show it, this once: the file keeps only its digest."""
    from service.security.keys import KeyFile, Scope  # noqa: PLC0415 - not needed for --help

    with _name_errors():
        token = KeyFile(path).add(name, Scope(scope), now=datetime.now(UTC))
    if as_json:
        print_json({"name": name, "scope": scope, "key": token})
        return
    click.echo(token)
    say(f"the key of {name}, scope {scope}: shown this once, kept as a digest in {path}")
    say("send it as   Authorization: Bearer KEY")


@keys.command("list")
@key_file
@json_option
def list_keys(*, path: Path, as_json: bool) -> None:
    """List the keys: whose they are, what they open, since when."""
    from service.security.keys import KeyFile  # noqa: PLC0415 - not needed for --help

    entries = [asdict(key) for key in KeyFile(path).read()]
    for entry in entries:
        del entry["sha256"]
    if as_json:
        print_json(entries)
    elif entries:
        print_table(("name", "scope", "created"), [(each["name"], each["scope"], each["created"]) for each in entries])
    else:
        say(f"no keys in {path}: nobody is let in; `defection-risk keys new NAME` makes one")


@keys.command("revoke")
@click.argument("name")
@key_file
def revoke(name: str, *, path: Path) -> None:
    """Forget the key of NAME: it opens nothing from the next request on."""
    from service.security.keys import KeyFile  # noqa: PLC0415 - not needed for --help

    with _name_errors():
        KeyFile(path).revoke(name)
    say(f"the key of {name} is revoked")


@contextmanager
def _name_errors() -> Iterator[None]:
    from service.errors import KeyNameError  # noqa: PLC0415 - not needed for --help

    try:
        yield
    except KeyNameError as error:
        raise click.UsageError(str(error)) from error
