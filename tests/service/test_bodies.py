"""What is not plain JSON of a stated length within the limit is refused before it is read."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

QUESTION = b'{"officers":[{}]}'
ROUTE = "/v1/assessments"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "text/json"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/problem+json"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "br"}, 415),
        ({"Content-Type": "application/json"}, 200),
        ({"Content-Type": "Application/JSON; Charset=UTF-8"}, 200),
        ({"Content-Type": "application/json", "Content-Encoding": "identity"}, 200),
    ],
)
def test_the_type_is_application_json(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    """A body is taken as plain application/json in UTF-8 and as nothing else."""
    assert client.post(ROUTE, data=QUESTION, headers=headers).status_code == status


def test_a_compressed_body_is_refused(client: FlaskClient) -> None:
    """A small body that would grow is not unpacked."""
    data = gzip.compress(b" " * (1 << 24))
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert client.post(ROUTE, data=data, headers=headers).status_code == 415


def chunked(client: FlaskClient, content: bytes) -> Any:
    """Post a body that states no length, as gunicorn hands it on."""
    return client.post(
        ROUTE,
        input_stream=io.BytesIO(content),
        headers={"Transfer-Encoding": "chunked", "Content-Type": "application/json"},
        environ_overrides={"wsgi.input_terminated": True},
    )


@pytest.mark.parametrize("content", [QUESTION, b" " * (3 << 20)], ids=["small", "beyond the limit"])
def test_a_body_without_a_length_is_refused(client: FlaskClient, content: bytes) -> None:
    """A chunked body is answered 411, whatever its size, and never cut off silently."""
    assert chunked(client, content).status_code == 411


def test_a_body_beyond_the_limit_is_refused(client: FlaskClient) -> None:
    """One byte more than two mebibytes is a 413; two mebibytes are read."""
    over = client.post(ROUTE, data=QUESTION.ljust((2 << 20) + 1), content_type="application/json")
    within = client.post(ROUTE, data=QUESTION.ljust(2 << 20), content_type="application/json")
    assert (over.status_code, within.status_code) == (413, 200)
    assert over.content_type == "application/problem+json"


@pytest.mark.parametrize("data", [b" ", b"{", b'{"officers":[],"officers":[]}', b"\xff", b"[" * 20_000, b"{} {}"])
def test_a_body_that_is_not_strict_json_is_400(client: FlaskClient, data: bytes) -> None:
    """What the strict reader refuses is a 400 whose pointer is the whole body."""
    answer = client.post(ROUTE, data=data, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["pointer"] == ""
    assert answer.json["errors"][0]["rule"].startswith("must ")
