"""The contract in OpenAPI 3.1, made from the routes and the marshmallow schemas that the service itself works by.

apispec with its marshmallow plugin, not flask-smorest: the latter also takes over reading, answering and errors, and
there drops `Allow` and `WWW-Authenticate` and answers 422 to a wrong content type. Here nothing but the description is
wanted. apispec's Flask plugin would read YAML out of docstrings; what it knows of paths a resource knows already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import getdoc
from typing import Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema, fields
from marshmallow.experimental.context import Context

from priors.checks.fields import Flag
from priors.strict import StrictSchema, Text
from priors.study import Study
from service.api import examples
from service.api.fields import Amount, Array, ByName, Day, PriorSet, Probability, Word
from service.api.problems import MEDIA_TYPE, ProblemSchema
from service.api.resource import JSON, Operation, Resource
from service.api.schemas import distinct
from service.security.access import UNCOUNTED, needed_scope

OPENAPI: Final = "3.1.0"
API_VERSION: Final = "1.0"

DESCRIPTION: Final = """\
{title}. {question} Answered with its uncertainty and its reasons, from {attributes}.

{limits}

Every number has its intervals; every answer names the version of the model it comes from, and the same body asked of
the same version has the same bytes. Words are matched without regard to case, spaces, hyphens, stops and apostrophes.
An attribute left out is averaged over the forces, and the answer says so. What cannot be answered is a problem document
(RFC 9457) of less than 8 KiB, which names field, rule and nearest allowed value, and never quotes what it was sent.
"""

HEADERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "X-Request-ID": ("string", "RequestId", "The caller's, where it is 1 to 64 letters, digits, `.`, `_`, `-`."),
    "ETag": ("string", "ETag", "To be sent back as If-None-Match."),
    "Allow": ("string", "Allow", "The methods that this resource takes."),
    "Retry-After": ("integer", "RetryAfter", "Seconds after which to ask again."),
    "WWW-Authenticate": ("string", "WWWAuthenticate", "How to show a key, and what is wrong with the one shown."),
    "RateLimit-Limit": ("integer", "RateLimitLimit", "Requests that one key, or one address, has in a window."),
    "RateLimit-Remaining": ("integer", "RateLimitRemaining", "Those of them that are left."),
    "RateLimit-Reset": ("integer", "RateLimitReset", "Seconds until the window ends."),
}
RATE: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")

PROBLEMS: Final[Mapping[int, tuple[str, str, tuple[str, ...]]]] = {
    400: ("BadRequest", "The body is not strict JSON in UTF-8, or the Host header names no host of this service.", ()),
    401: ("Unauthorized", "A key is needed, and none, or an unknown one, is shown.", ("WWW-Authenticate",)),
    403: ("Forbidden", "The key shown does not open this.", ("WWW-Authenticate",)),
    404: ("NotFound", "There is nothing here, no version goes by the name given, or it was published without it.", ()),
    405: ("MethodNotAllowed", "The resource does not take this method.", ("Allow",)),
    409: ("Conflict", "The version being served was published without what this is answered from.", ()),
    411: ("LengthRequired", "The body comes without a Content-Length.", ()),
    412: ("PreconditionFailed", "What is here is not what If-Match asks for.", ()),
    413: ("ContentTooLarge", "The body is larger than the limit.", ()),
    415: ("UnsupportedMediaType", "The body is not application/json in UTF-8, or is compressed.", ()),
    422: ("UnprocessableContent", "What was asked can be read, but is no question; `errors` says where and why.", ()),
    429: ("TooManyRequests", "The client asks more often than it may.", ("Retry-After", *RATE)),
    503: (
        "ServiceUnavailable",
        "No model can answer, too many large questions are asked at once, or the keys cannot be read.",
        ("Retry-After",),
    ),
}
"""What each refusal is called, what it means, and the headers that come with it."""


def specification(app: Flask, study: Study) -> dict[str, Any]:
    """Return the specification of an application.

    Parameters
    ----------
    app : Flask
        Its routes, and the docstrings of their views, are described.
    study : Study
        The one that is served: its words are what profiles may hold, and make the examples.
    """
    with Context(study):
        return _specification(app, study)


def _specification(app: Flask, study: Study) -> dict[str, Any]:
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _class(schema).__name__.removesuffix("Schema"))
    spec = APISpec(
        title="defection-risk",
        version=API_VERSION,
        openapi_version=OPENAPI,
        plugins=[plugin],
        info={"description": _description(study), "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/"}],
    )
    _teach(plugin, study)
    _add_components(spec)
    for path, endpoint, operation in operations(app):
        entry = _operation(path, getdoc(app.view_functions[endpoint]) or "", operation, study)
        method = "get" if operation.question is None else "post"
        spec.path(path, operations={method: entry | {"operationId": endpoint.partition(".")[2]}})
    for key, name in plugin.converter.refs.items():  # type: ignore[union-attr]
        schema = key[0]()
        described = {"description": (getdoc(type(schema)) or "").partition("\n")[0]}
        # What no field can say by itself: the service takes both where they agree, but nobody should need to.
        apart = schema.apart if isinstance(schema, StrictSchema) else ()
        alone = {"not": {"required": list(apart)}} if apart else {}
        spec.components.schemas[name] = described | spec.components.schemas[name] | alone
    return spec.to_dict()


def operations(app: Flask) -> Iterator[tuple[str, str, Operation]]:
    """Yield the path of each route that is described, the endpoint behind it, and what is said of it."""
    for resource in app.blueprints.values():
        if isinstance(resource, Resource):
            for (path, view), operation in resource.operations.items():
                yield path, f"{resource.name}.{view}", operation


def _description(study: Study) -> str:
    *most, last = study.vocabulary.names
    attributes = f"{', '.join(most)} and {last}" if most else last
    said = {"title": study.title, "question": study.question, "limits": study.limits}
    return DESCRIPTION.format(attributes=attributes, **said)


def _teach(plugin: MarshmallowPlugin, study: Study) -> None:
    """Have the plugin know our fields: their types, their limits, and the words."""
    plugin.map_to_openapi_type(Day, "string", "date")  # type: ignore[no-untyped-call]
    plugin.map_to_openapi_type(Flag, "boolean", None)  # type: ignore[no-untyped-call]
    plugin.map_to_openapi_type(Probability, "number", None)  # type: ignore[no-untyped-call]
    plugin.map_to_openapi_type(Amount, "number", None)  # type: ignore[no-untyped-call]
    words, prior_sets = examples.words(study.vocabulary), list(study.claims.prior_sets)

    def bounds(_converter: Any, field: fields.Field[Any], **_: Any) -> dict[str, Any]:
        if isinstance(field, Probability):
            return {"exclusiveMinimum": 0, "exclusiveMaximum": 1}
        if isinstance(field, Array):
            unique = {"uniqueItems": True} if distinct in field.validators else {}
            return {"minItems": field.at_least, "maxItems": field.at_most} | unique
        if isinstance(field, ByName):
            return {"maxProperties": field.at_most}
        if isinstance(field, PriorSet):
            return {"maxLength": field.longest, "enum": prior_sets}
        length = {"maxLength": field.longest} if isinstance(field, Text) else {}
        return length | ({"enum": list(words[str(field.name)])} if isinstance(field, Word) else {})

    plugin.converter.add_attribute_function(bounds)  # type: ignore[union-attr]


def _class(schema: Any) -> type[Schema]:
    return schema if isinstance(schema, type) else type(schema)


def _add_components(spec: APISpec) -> None:
    spec.components.security_scheme(
        "key",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A key of the operator's, once there is a key file; without one no key is asked for.",
        },
    )
    for kind, component, description in HEADERS.values():
        spec.components.header(component, {"description": description, "schema": {"type": kind}})
    for component, description, names in PROBLEMS.values():
        content = {MEDIA_TYPE: {"schema": ProblemSchema}}
        headers = _headers("X-Request-ID", *names)
        spec.components.response(component, {"description": description, "content": content, "headers": headers})


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{HEADERS[name][1]}"} for name in names}


def _operation(path: str, text: str, operation: Operation, study: Study) -> dict[str, Any]:
    counted, guarded = path not in UNCOUNTED, needed_scope(path) is not None
    names = ["X-Request-ID", *(["ETag"] if operation.cacheable else []), *(RATE if counted else ())]
    responses: dict[str, Any] = {"200": {"description": "The answer.", "headers": _headers(*names)}}
    responses["200"]["content"] = (
        {operation.gives: {"schema": {"type": "object" if operation.gives == JSON else "string"}}}
        if isinstance(operation.gives, str)
        else {JSON: {"schema": operation.gives}}
    )
    if operation.cacheable:
        responses["304"] = {"description": "What the caller has is still what is.", "headers": _headers(*names)}
    refused = {400, *operation.refuses, *((401, 503) if guarded else ()), *((429,) if counted else ())}
    refused |= {411, 413, 415} if operation.question else set()
    refused |= {412} if operation.cacheable else set()
    refused |= {404, 422} if operation.question or operation.asks else set()
    responses |= {str(status): PROBLEMS[status][0] for status in sorted(refused)}
    summary, _, more = text.partition("\n")
    entry: dict[str, Any] = {"tags": [operation.tag], "summary": summary.removesuffix("."), "responses": responses}
    entry |= {"description": more.strip()} if more.strip() else {}
    parameters = [*([_if_none_match()] if operation.cacheable else ()), *_query(operation.asks)]
    entry |= {"parameters": parameters} if parameters else {}
    entry |= {"security": [{"key": []}]} if guarded else {}
    if operation.question is not None:
        asked = operation.question
        content = {"schema": asked.takes, "example": asked.example(study)}
        entry["requestBody"] = {"required": True, "content": {JSON: content}}
    return entry


def _query(asks: type[Schema] | None) -> list[dict[str, Any]]:
    return [] if asks is None else [{"in": "query", "schema": asks}]


def _if_none_match() -> dict[str, Any]:
    described = "The ETag of what the caller has; 304 if that is still what is."
    return {"in": "header", "name": "If-None-Match", "description": described, "schema": {"type": "string"}}
