"""The page as it is served: whole, under a strict policy, kept by browsers while it is true, and from here alone."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service import Settings, create_app
from service.security.keys import KeyFile, Scope
from tests.support.syria import SYRIA

STATIC = Path(__file__).parents[2] / "service" / "static"
FILES = sorted(file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*.*") if file.suffix != ".md")
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".txt": "text/plain"}


def test_the_policy_is_strict(client: FlaskClient) -> None:
    """Scripts come from the service alone, nothing is evaluated, no style is inline but Plot's own, also on a 304."""
    answer = client.get("/")
    policy = answer.headers["Content-Security-Policy"]
    parts = dict(part.partition(" ")[::2] for part in policy.split("; "))
    assert "unsafe" not in policy
    assert parts["default-src"] == parts["frame-ancestors"] == parts["base-uri"] == parts["form-action"] == "'none'"
    assert parts["script-src"] == parts["connect-src"] == "'self'"
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", parts["style-src"])
    assert parts["img-src"] == "'self' data: blob:"
    again = client.get("/", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Content-Security-Policy"]) == (304, policy)


def test_the_page_holds_no_script_and_no_style(client: FlaskClient) -> None:
    """What runs and what sets stands in files, all of which are there."""
    page = client.get("/").text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|//[a-z]", page)
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(named) == 5
    assert all(client.get(name).status_code == 200 for name in named)


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_sent_with_its_type_and_can_be_kept(client: FlaskClient, name: str) -> None:
    """A file has its own type and an ETag; it is asked for again unless its name holds its version."""
    answer = client.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.content_type.startswith(TYPES[Path(name).suffix])
    assert answer.data == (STATIC / name).read_bytes()
    kept = "public, max-age=31536000, immutable" if name.startswith("vendor/") else "no-cache"
    assert answer.headers["Cache-Control"] == kept
    again = client.get(f"/static/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", kept)


@pytest.mark.parametrize(
    "name",
    ["", "nothing.js", "../application.py", "..%2fapplication.py", "vendor", "vendor/../../keys.py", "%00", "a/b/c.js",
     "vendor/README.md", "page", "static/page.css", "a" * 300 + ".js", "a/" * 3000 + "a.js", "page.css/a.js", "%00.js",
     "%ff.js"],
)  # fmt: skip
def test_no_other_file_is_sent(client: FlaskClient, name: str) -> None:
    """What is no file of the page is not found, however it is asked for."""
    answer = client.get(f"/static/{name}")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_libraries_are_those_that_were_looked_at() -> None:
    """The vendored libraries have the digests that their README states, and their licences beside them."""
    readme = (STATIC / "vendor" / "README.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"\| `(.+?\.js)` .*`([0-9a-f]{64})` \|", readme))
    there = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in STATIC.glob("vendor/*.js")}
    assert stated == there
    for name in ("d3", "plot"):
        assert "Permission to use, copy, modify" in (STATIC / "vendor" / f"{name}-LICENSE.txt").read_text("utf-8")


def test_no_module_of_ours_names_another_site() -> None:
    """No address of another host stands in the page's own files but the name of SVG."""
    for name in FILES:
        if not name.startswith("vendor/"):
            text = (STATIC / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "://" not in text, name


def test_no_script_of_ours_states_a_fact_of_the_case() -> None:
    """Sects, units, authors, claims and numbers of men come from the service, and stand in no script of the page."""
    words = [name for name in SYRIA.vocabulary.community.names if name != "other"]
    words += [unit.name for unit in SYRIA.vocabulary.units]
    words += [word for article in SYRIA.articles for word in (article.name, article.called)]
    words += [claim.id for claim in SYRIA.claims.claims]
    heads = (SYRIA.heads.all, *SYRIA.heads.by_class.values())
    words += [f"{count:{form}}" for count in heads for form in ("d", ",", "_")]
    stated = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words), re.IGNORECASE)
    for name in FILES:
        if name.endswith(".js") and not name.startswith("vendor/"):
            code = re.sub(r"^ *(?://|/?\*).*$", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert stated.findall(code) == [], name


def test_the_page_needs_no_key(settings: Settings, tmp_path: Path) -> None:
    """Where keys are asked for the page and its files are open, so that it can ask for one."""
    keys = KeyFile(tmp_path / "keys.json")
    keys.add("reader", Scope.ASSESS, now=datetime(2026, 11, 21, tzinfo=UTC))
    client = create_app(Settings(home=settings.home, key_file=keys.path)).test_client()
    assert client.get("/").status_code == client.get("/static/main.js").status_code == 200
    assert client.get("/v1/vocabulary").status_code == 401


def test_the_page_is_there_without_a_model(empty: FlaskClient) -> None:
    """Before the first fit the page is served all the same; it says what is missing."""
    assert empty.get("/").status_code == 200
