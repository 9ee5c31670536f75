"""Every answer carries the id of its request: the caller's if well-formed, else a new one."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("given", ["a", "r-1", "0f8fad5b-d9cb-469f-a165-70867728950e", "A.b_c-9", "x" * 64])
def test_a_well_formed_id_is_taken(client: FlaskClient, given: str) -> None:
    """The caller's id comes back, on answers and on problems."""
    for path in ("/livez", "/nowhere"):
        assert client.get(path, headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", " ", "x" * 65, "a b", "a,b", "a\tb", "<script>", "\u00e9", "a;b", "../x"])
def test_any_other_is_replaced(client: FlaskClient, given: str) -> None:
    """An id that could do harm in a log is not taken over."""
    made = client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_made_ids_differ(client: FlaskClient) -> None:
    """Two requests without an id get two."""
    assert len({client.get("/livez").headers["X-Request-ID"] for _ in range(20)}) == 20
