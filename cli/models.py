"""`models`: the versions in the archive."""

from __future__ import annotations

import shlex
from typing import Any

import click

from cli.output import json_option, print_json, print_table, say
from cli.refit import show_checks
from cli.workplace import Workplace
from model.evidence.known import told


@click.group()
def models() -> None:
    """List, show, choose and verify fitted versions."""


@models.command("list")
@json_option
@click.pass_obj
def list_versions(workplace: Workplace, *, as_json: bool) -> None:
    """List the versions of all studies, oldest first."""
    current = workplace.archive.current()
    entries = [_entry(manifest, current) for manifest in workplace.manifests()]
    if as_json:
        print_json(entries)
        return
    if not entries:
        say(f"no versions in {workplace.home}; `defection-risk refit` makes one")
        return
    rows = [
        (
            "*" if entry["current"] else "",
            *(entry[name] for name in ("version", "study", "prior_set", "rows", "checks")),
        )
        for entry in entries
    ]
    print_table(("", "version", "study", "priors", "evidence rows", "checks"), rows)


@models.command("show")
@click.argument("version", required=False)
@json_option
@click.pass_obj
def show(workplace: Workplace, version: str | None, *, as_json: bool) -> None:
    """Show a version, by default the current one: study, priors, evidence, checks, how it was made."""
    manifest = workplace.fitted(version).manifest
    if as_json:
        print_json(manifest)
        return
    without = f", without {', '.join(manifest['without'])}" if manifest["without"] else ""
    rows = manifest["evidence"]["rows"]
    click.echo(f"version   {manifest['version']}")
    click.echo(
        f"study     {manifest['study']['name']}: {manifest['study']['title']}, sha256 {manifest['study']['digest']}"
    )
    click.echo(f"priors    {manifest['prior_set']}{without}")
    click.echo(
        f"evidence  {len(rows)} rows ({', '.join(row['id'] for row in rows)}), sha256 {manifest['evidence']['digest']}"
    )
    if manifest.get("refit"):
        click.echo(f"refit     {shlex.join(manifest['refit'])}")
    if manifest.get("as_of"):
        click.echo(f"as of     {told(manifest['as_of'])}")
    click.echo(f"officers  {manifest['officers']['count']}")
    click.echo(f"sampling  {', '.join(f'{name} {value}' for name, value in manifest['sampling'].items())}")
    click.echo(f"made with {', '.join(f'{name} {value}' for name, value in manifest['packages'].items())}\n")
    show_checks(manifest["checks"])


@models.command("use")
@click.argument("version")
@click.pass_obj
def use(workplace: Workplace, version: str) -> None:
    """Make a version the one that is served, once it is verified."""
    archive, version = workplace.archive, workplace.version(version)
    archive.promote(version)
    say(f"version {version} is current")
    if not archive.manifest(version)["passed"]:
        say("note: this version did not pass its checks; see `defection-risk models show`")


@models.command("verify")
@click.argument("version", required=False)
@click.pass_obj
def verify(workplace: Workplace, version: str | None) -> None:
    """Check every file of a version, or of all versions, against its checksum."""
    archive = workplace.archive
    versions = (workplace.version(version),) if version else archive.versions()
    for name in versions:
        archive.verify(name)
        click.echo(f"{name}  sound")


def _entry(manifest: dict[str, Any], current: str | None) -> dict[str, Any]:
    return {
        "version": manifest["version"],
        "current": manifest["version"] == current,
        "study": manifest["study"]["name"],
        "prior_set": manifest["prior_set"],
        "without": manifest["without"],
        "rows": str(len(manifest["evidence"]["rows"])),
        "checks": "passed" if manifest["passed"] else "FAILED",
    }
