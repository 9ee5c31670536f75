"""Requests meant to break the service: bodies with their headers, and bytes that are hardly HTTP at all."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CANARY = "kanarienvogel"
MEBIBYTE = 1 << 20
GOOD = {"sect": "sunni", "rank": "colonel"}


@dataclass(frozen=True)
class Hostile:
    """A request that must be refused.

    Attributes
    ----------
    body : bytes
    status : int
        What it must be refused with.
    headers : mapping of str to str
        Besides Content-Length; Content-Type is JSON unless stated.
    """

    body: bytes
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


def about(officer: Any, count: int = 1) -> bytes:
    """Return a question about as many of one officer."""
    return json.dumps({"officers": [officer] * count}).encode()


def text(member: str) -> bytes:
    """Return a question whose officer has one member, as text that no JSON writer would write."""
    return b'{"officers":[{' + member.encode("utf-8", "surrogatepass") + b"}]}"


TYPE = "Content-Type"
ENCODING = "Content-Encoding"
QUESTION = about(GOOD)
DEEP = 20_000

BODIES: dict[str, Hostile] = {
    "arrays 20,000 deep": Hostile(b"[" * DEEP + b"]" * DEEP, 400),
    "objects 20,000 deep": Hostile(b'{"a":' * DEEP + b"1" + b"}" * DEEP, 400),
    "arrays 20,000 deep in an officer": Hostile(text('"rank":' + "[" * DEEP + "]" * DEEP), 400),
    "arrays opened and never closed": Hostile(b"[" * MEBIBYTE, 400),
    "an integer of 5,000 digits": Hostile(text('"rank":' + "9" * 5000), 400),
    "a fraction of 5,000 digits": Hostile(text('"rank":0.' + "9" * 5000), 400),
    "a probability of 5,000 digits": Hostile(b'{"officers":[{}],"intervals":[0.' + b"5" * 5000 + b"]}", 400),
    "a number beyond a double": Hostile(b'{"officers":[{}],"intervals":[1e999]}', 400),
    "a member named twice": Hostile(text('"rank":"major","rank":"colonel"'), 400),
    "officers named twice": Hostile(b'{"officers":[{}],"officers":[{}]}', 400),
    "a member named twice by an escape": Hostile(text('"rank":"major","ran\\u006b":"colonel"'), 400),
    "NaN": Hostile(b'{"officers":[{}],"intervals":[NaN]}', 400),
    "Infinity": Hostile(b'{"officers":[{}],"intervals":[Infinity]}', 400),
    "minus Infinity": Hostile(b'{"officers":[{}],"intervals":[-Infinity]}', 400),
    "half a surrogate pair, escaped": Hostile(text('"id":"\\ud800"'), 400),
    "half a surrogate pair as a name": Hostile(text('"\\udfff":"x"'), 400),
    "half a surrogate pair, raw": Hostile(text('"id":"\ud800"'), 400),
    "UTF-16": Hostile(QUESTION.decode().encode("utf-16"), 400),
    "UTF-32": Hostile(QUESTION.decode().encode("utf-32"), 400),
    "UTF-16 said outright": Hostile("\ufeff{}".encode("utf-16"), 415, {TYPE: "application/json; charset=utf-16"}),
    "Latin-1": Hostile('{"officers":[{"id":"\u00e9"}]}'.encode("latin-1"), 400),
    "UTF-7 said outright": Hostile(QUESTION, 415, {TYPE: "application/json; charset=utf-7"}),
    "a byte order mark": Hostile(b"\xef\xbb\xbf" + QUESTION, 400),
    "overlong UTF-8": Hostile(b'{"officers":[{"id":"\xc0\xaf"}]}', 400),
    "NUL bytes": Hostile(b"\x00" * 5000, 400),
    "a NUL in a word": Hostile(text('"id":"\x00"'), 400),
    "random bytes": Hostile(bytes(range(256)) * 40, 400),
    "gzip": Hostile(gzip.compress(QUESTION), 415, {ENCODING: "gzip"}),
    "gzip that does not say so": Hostile(gzip.compress(QUESTION), 400),
    "gzip that grows a thousandfold": Hostile(gzip.compress(b" " * 64 * MEBIBYTE), 415, {ENCODING: "gzip"}),
    "deflate": Hostile(zlib.compress(QUESTION), 415, {ENCODING: "deflate"}),
    "gzip in gzip": Hostile(gzip.compress(gzip.compress(QUESTION)), 415, {ENCODING: "gzip, gzip"}),
    "br and zstd": Hostile(b"\x28\xb5\x2f\xfd", 415, {ENCODING: "zstd, br"}),
    "a body beyond the limit": Hostile(QUESTION.ljust(2 * MEBIBYTE + 1), 413),
    "XML": Hostile(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 415, {TYPE: "application/xml"}),
    "a form": Hostile(b"officers=1&a=" + b"b" * 5000, 415, {TYPE: "application/x-www-form-urlencoded"}),
    "many parts": Hostile(b"--x\r\n\r\n\r\n" * 50_000, 415, {TYPE: "multipart/form-data; boundary=x"}),
    "no type": Hostile(QUESTION, 415, {TYPE: ""}),
    "nothing": Hostile(b"", 400),
    "ten thousand rows of wrong words": Hostile(about(dict.fromkeys(("sect", "rank", "unit"), CANARY), 10_000), 422),
    "ten thousand rows of wrong types": Hostile(about({"sect": 1, "rank": [], "id": None}, 10_000), 422),
    "ten thousand rows of unknown members": Hostile(about({CANARY: CANARY}, 10_000), 422),
    "ten thousand rows that are none": Hostile(about(CANARY, 10_000), 422),
    "one row more than the limit": Hostile(about({}, 10_001), 422),
    "half a million empty rows": Hostile(b'{"officers":[' + b"{}," * 500_000 + b"{}]}", 422),
    "a hundred thousand members": Hostile(about({str(number): 1 for number in range(100_000)}), 422),
    "a name of a mebibyte": Hostile(about({"x" * MEBIBYTE: 1}), 422),
    "a word of a mebibyte": Hostile(about({"rank": CANARY * 80_000}), 422),
    "an id of a mebibyte": Hostile(about({"id": CANARY * 80_000}), 422),
    "eleven intervals": Hostile(b'{"officers":[{}],"intervals":[' + b"0.5," * 10 + b"0.5]}", 422),
    "names of Python": Hostile(text('"__class__":1,"__proto__":{"x":1},"_schema":[]'), 422),
    "a template": Hostile(text('"rank":"{{7*7}}${7*7}%s%n"'), 422),
    "a script": Hostile(text('"rank":"<script>' + CANARY + '</script>"'), 422),
    "a query": Hostile(text("\"rank\":\"' OR 1=1; DROP TABLE officers; --\""), 422),
    "a path": Hostile(text('"unit":"../../../../etc/passwd\\u0000"'), 422),
}  # fmt: skip

WRONG: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 10**60, "", CANARY, "x" * 10_000, [], [[]], {}, {"a": 1})


def wrong_types() -> Iterator[tuple[str, Any]]:
    """Yield every wrong value for every member of both questions, with the pointer at which it is wrong."""
    day, good = "2012-01-01", dict(GOOD)
    for value in WRONG:
        yield "", value
        yield "/officers", {"officers": value}
        yield "/officers/0", {"officers": [value]} if value != {} else {"officers": [[]]}
        yield "/window", {"officers": [good], "window": value if value != {} else []}
        yield "/intervals", {"officers": [good], "intervals": value}
        yield "/intervals/0", {"officers": [good], "intervals": [value, 0.3]}
        for end in ("from", "to"):
            yield f"/window/{end}", {"officers": [good], "window": {"from": day, end: value}}
        for member in ("sect", "rank", "eliteness", "proximity", "unit", "id"):
            if member != "id" or not isinstance(value, str) or len(value) > 64:
                yield f"/officers/0/{member}", {"officers": [{member: value}]}


CRLF = b"\r\n"
HEAD = b"POST /v1/assessments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(QUESTION) + QUESTION
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"


def chunks(content: bytes, size: int = 65536) -> bytes:
    """Return content in chunks, with the last that ends it."""
    parts = (content[start : start + size] for start in range(0, len(content), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


SILENCE: frozenset[int] = frozenset()
"""Of what is no request, not even a part of one, nothing is answered."""

RAW: dict[str, tuple[bytes, frozenset[int]]] = {
    "small chunks": (CHUNKED + CRLF + chunks(QUESTION), frozenset({411})),
    "chunks beyond the limit": (CHUNKED + CRLF + chunks(b" " * 3 * MEBIBYTE), frozenset({411})),
    "single bytes as chunks": (CHUNKED + CRLF + chunks(b" " * 20_000, 1), frozenset({411})),
    "a chunk that is too long for its size": (CHUNKED + CRLF + b"1\r\nxxxxx\r\n0\r\n\r\n", frozenset({400, 411})),
    "a chunk size that is none": (CHUNKED + CRLF + b"zz\r\nx\r\n0\r\n\r\n", frozenset({400, 411})),
    "a chunk size of 5,000 digits": (CHUNKED + CRLF + b"f" * 5000 + CRLF, frozenset({400, 411})),
    "chunks and a length": (CHUNKED + LENGTH, frozenset({400})),
    "chunks twice": (CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n" + chunks(QUESTION), frozenset({400, 501})),
    "gzip and chunks": (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks(QUESTION), frozenset({411, 501})),
    "a transfer encoding that is none": (HEAD + b"Transfer-Encoding: xchunked\r\n\r\n", frozenset({400, 501})),
    "two lengths": (HEAD + b"Content-Length: 3\r\n" + LENGTH, frozenset({400})),
    "a negative length": (HEAD + b"Content-Length: -5\r\n\r\n", frozenset({400})),
    "a signed length": (HEAD + b"Content-Length: +5\r\n\r\n12345", frozenset({400})),
    "a length that is no number": (HEAD + b"Content-Length: 0x10\r\n\r\n", frozenset({400})),
    "a length of 5,000 digits": (HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", frozenset({400, 413})),
    "a terabyte announced": (HEAD + b"Content-Length: 1000000000000\r\n\r\n" + b" " * 1000, frozenset({413})),
    "a body that ends early": (HEAD + b"Content-Length: %d\r\n\r\n" % 300 + QUESTION, frozenset({400})),
    "no length": (HEAD + CRLF, frozenset({400, 411})),
    "another protocol's greeting": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), SILENCE),
    "no HTTP": (CANARY.encode() + b"\r\n\r\n", frozenset({400})),
    "HTTP of another century": (b"GET / HTTP/9.9\r\n\r\n", frozenset({400, 404, 505})),
    "a line without end": (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", frozenset({400, 414})),
    "a header without end": (HEAD + b"X-Long: " + b"a" * 100_000 + b"\r\n\r\n", frozenset({400, 431})),
    "ten thousand headers": (HEAD + b"X-A: b\r\n" * 10_000 + CRLF, frozenset({400, 431})),
    "a NUL in a header": (HEAD + b"X-A: b\x00c\r\n" + LENGTH, frozenset({400})),
    "a header folded": (HEAD + b"X-A: b\r\n c\r\n" + LENGTH, frozenset({400})),
    "a space before the colon": (HEAD + b"X-A : b\r\n" + LENGTH, frozenset({400})),
    "a bare line feed": (HEAD + b"X-A: b\nX-C: d\r\n" + LENGTH, frozenset({400})),
    "no host": (HEAD.replace(b"Host: localhost\r\n", b"") + LENGTH, frozenset({400})),
    "two hosts": (HEAD + b"Host: 127.0.0.1\r\n" + LENGTH, frozenset({400})),
    "another host": (HEAD.replace(b"localhost", CANARY.encode()) + LENGTH, frozenset({400})),
    "a method that is none": (HEAD.replace(b"POST", b"G3T<") + LENGTH, frozenset({400, 405})),
    "a path that climbs": (b"GET /v1/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", frozenset({404})),
    "a path with a slash too many": (
        b"GET /v1//model?%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % CANARY.encode(), frozenset({404}),
    ),
    "a path of NULs": (b"GET /%00%00/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", frozenset({404})),
    "a tunnel": (b"CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n", frozenset({400, 404, 405})),
    "an upgrade": (
        b"GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
        frozenset({400, 404}),
    ),
    "an expectation that is none": (HEAD + b"Expect: the worst\r\n" + LENGTH, frozenset({417})),
}  # fmt: skip
