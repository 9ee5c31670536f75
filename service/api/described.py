"""What the documentation page shows: each route with its fields, a request to paste, and what it is answered today."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

KEY_HEADER: Final = '"Authorization: Bearer $DEFECTION_RISK_KEY"'
WORDS_SHOWN: Final = 8


@dataclass(frozen=True)
class Field:
    """A member of a body: where it stands, what it is, what must hold of it, what it means."""

    name: str
    kind: str
    rule: str
    description: str


@dataclass(frozen=True)
class Route:
    """A route as the page shows it.

    Attributes
    ----------
    method, path, summary, description : str
    fields : tuple of Field
        Of its body; empty where it takes none.
    query : tuple of Field
        Of its query.
    body : str or None
        One that it answers, as JSON.
    command : str
        A shell command that asks it.
    statuses : tuple of (str, str)
        What it may answer with, and what that means.
    """

    method: str
    path: str
    summary: str
    description: str
    fields: tuple[Field, ...]
    query: tuple[Field, ...]
    body: str | None
    command: str
    statuses: tuple[tuple[str, str], ...]


def routes(specification: Mapping[str, Any], *, base: str, keys: bool) -> dict[str, list[Route]]:
    """Return the routes of a specification under their headings.

    Parameters
    ----------
    specification : mapping
        From `service.api.specification`.
    base : str
        The address of the service as its caller knows it: scheme, host and port.
    keys : bool
        Whether the service asks for keys, so that the commands must show one.
    """
    found: dict[str, list[Route]] = {}
    for path, operations in specification["paths"].items():
        for method, operation in operations.items():
            route = _route(specification, method, path, operation, base=base, keys=keys)
            found.setdefault(operation["tags"][0], []).append(route)
    return found


def _route(
    specification: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], *, base: str, keys: bool
) -> Route:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    example = None if body is None else json.dumps(body["example"], indent=2)
    statuses = tuple(
        (status, _resolved(specification, answer)["description"]) for status, answer in operation["responses"].items()
    )
    return Route(
        method.upper(),
        path,
        operation["summary"],
        operation.get("description", ""),
        () if body is None else tuple(_fields(specification, body["schema"], "")),
        tuple(_parameter(specification, each) for each in operation.get("parameters", ()) if each["in"] == "query"),
        example,
        command(base + path, example, key=keys and "security" in operation),
        statuses,
    )


def command(address: str, body: str | None, *, key: bool) -> str:
    """Return a shell command that asks an address, safe to paste whatever the address and the body hold.

    Parameters
    ----------
    address : str
    body : str or None
        The JSON to send.
    key : bool
        Whether to show the key in the variable `DEFECTION_RISK_KEY`.
    """
    parts = [f"curl -s {shlex.quote(address)}"]
    if key:
        parts.append(f"-H {KEY_HEADER}")
    if body is not None:
        parts += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(parts)


def _resolved(specification: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an entry refers to, with what it says itself before that."""
    found = entry
    if "$ref" in entry:
        for step in entry["$ref"].removeprefix("#/").split("/"):
            found = found[step] if found is not entry else specification[step]
    return {**found, **{name: value for name, value in entry.items() if name != "$ref"}}


def _fields(specification: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[Field]:
    whole = _resolved(specification, schema)
    for name, member in whole.get("properties", {}).items():
        inner = _resolved(specification, member)
        required = "required" if name in whole.get("required", ()) else ""
        here = f"{place}{name}"
        rule = "; ".join(filter(None, (required, *_rules(inner))))
        yield Field(here, _kind(specification, inner), rule, inner.get("description", ""))
        if inner["type"] == "array":
            yield from _fields(specification, inner["items"], f"{here}[].")
        else:
            yield from _fields(specification, inner, f"{here}.")


def _parameter(specification: Mapping[str, Any], stated: Mapping[str, Any]) -> Field:
    schema = stated["schema"]
    return Field(stated["name"], _kind(specification, schema), "; ".join(_rules(schema)), stated["description"])


def _kind(specification: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if schema["type"] == "array":
        return f"array of {_kind(specification, _resolved(specification, schema['items']))}s"
    if "enum" in schema:
        return "word"
    return str(schema.get("format", schema["type"]))


def _rules(schema: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in schema:
        shown = ", ".join(schema["enum"][:WORDS_SHOWN])
        yield f"such as {shown}" if len(schema["enum"]) > WORDS_SHOWN else shown
    elif "maxLength" in schema:
        yield f"at most {schema['maxLength']} characters"
    if "minItems" in schema:
        yield f"{schema['minItems']} to {schema['maxItems']:,}"
    if "default" in schema:
        yield f"{json.dumps(schema['default'])} where it is left out"
    items = schema.get("items", {})
    if "exclusiveMinimum" in items:
        yield f"each between {items['exclusiveMinimum']} and {items['exclusiveMaximum']}"
