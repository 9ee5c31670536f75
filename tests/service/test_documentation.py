"""The documentation page: it works offline, its commands work when pasted, its answers are live."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from priors.study import Study
from priors.vocabulary import Vocabulary
from service import Settings, create_app
from service.api.described import command
from service.security.keys import KeyFile, Scope


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, its commands, its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self.text = ""
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag == "pre":
            self.blocks.append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        """End a block."""
        self._inside = self._inside and tag != "pre"

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data
        if self._inside:
            self.blocks[-1] += data

    def commands(self, **variables: str) -> list[list[str]]:
        """Return the commands, as a shell takes them apart."""
        return [pasted(block, **variables) for block in self.blocks if block.startswith("curl ")]


def pasted(text: str, **variables: str) -> list[str]:
    """Return the arguments that curl gets when a command is pasted into a shell."""
    script = f"""curl() {{ printf '%s\\0' "$@"; }}\n{text}\n"""
    run = subprocess.run(["/bin/sh", "-c", script], env=variables, check=True, stdout=subprocess.PIPE)
    return run.stdout.decode().split("\0")[:-1]


def page_of(client: FlaskClient, **headers: str) -> Page:
    """Return the page."""
    answer = client.get("/docs", headers=headers)
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    return Page(answer.text)


def send(client: FlaskClient, arguments: list[str]) -> Any:
    """Do what curl would do with these arguments."""
    silent, address, *rest = arguments
    assert silent == "-s"
    headers, body = {}, None
    for option, value in zip(rest[::2], rest[1::2], strict=True):
        if option == "-d":
            body = value
        else:
            assert option == "-H"
            name, _, headers[name] = value.partition(": ")
    path = address.removeprefix("http://localhost")
    return client.open(path, method="GET" if body is None else "POST", data=body, headers=headers)


def test_it_needs_nothing_from_elsewhere(client: FlaskClient, study: Study) -> None:
    """No picture, style or script is loaded; links lead within the service, and to the articles."""
    page = page_of(client)
    assert not {"img", "iframe", "link", "object", "embed", "form", "base"} & {tag for tag, _ in page.tags}
    articles = tuple(article.link for article in study.articles)
    for _, attributes in page.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        assert (
            str(attributes.get("href", "#")).startswith(("#", "/openapi.json", *articles)) or attributes["href"] == "/"
        )
        assert "src" not in attributes


def test_it_names_the_articles_and_leads_home(client: FlaskClient, study: Study) -> None:
    """Each article has its author, its title and its link; the page itself is one click away."""
    page = page_of(client)
    links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]
    assert {"/", *(article.link for article in study.articles)} <= set(links)
    assert all(f"{article.author}, {article.title}" in page.text for article in study.articles)


def test_its_style_and_its_script_are_those_that_its_policy_names(client: FlaskClient) -> None:
    """The policy allows one style and one script, by their digests, and questions to the service; a 304 keeps it."""
    answer = client.get("/docs")
    policy = answer.headers["Content-Security-Policy"]
    for tag in ("style", "script"):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    again = client.get("/docs", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Content-Security-Policy"]) == (304, policy)


def test_it_can_be_read_by_all(client: FlaskClient) -> None:
    """It says its language, has one first heading, heads its tables, leads past its links, and follows the theme."""
    page = page_of(client)
    tags = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert tags.count("h1") == 1
    assert {"title", "main", "nav", "header", "caption", "thead"} <= set(tags)
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    anchors = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = [str(attributes["href"]) for tag, attributes in page.tags if tag == "a"]
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= anchors
    assert "color-scheme: light dark" in page.text


def test_every_route_has_a_command_that_works(client: FlaskClient) -> None:
    """Each command that the page shows, pasted, is answered."""
    commands = page_of(client).commands()
    assert len(commands) == len(client.get("/openapi.json").json["paths"])
    for arguments in commands:
        assert send(client, arguments).status_code == 200, arguments


def test_with_keys_the_commands_show_one(settings: Settings, tmp_path: Path) -> None:
    """Where keys are asked for, the page says so and shows no answers; its commands work with the variable it names."""
    keys = KeyFile(tmp_path / "keys.json")
    token = keys.add("reader", Scope.ADMIN, now=datetime(2026, 11, 21, tzinfo=UTC))
    client = create_app(Settings(home=settings.home, key_file=keys.path)).test_client()
    page = page_of(client)
    assert "DEFECTION_RISK_KEY" in page.text
    assert not [block for block in page.blocks if block.startswith("{")]
    for arguments in page.commands(DEFECTION_RISK_KEY=token):
        assert send(client, arguments).status_code == 200


def test_its_answers_are_those_of_the_version_being_served(client: FlaskClient, vocabulary: Vocabulary) -> None:
    """The answer below a question is the one that its command gives, and its words stand out."""
    page = page_of(client)
    shown = [json.loads(block) for block in page.blocks if block.startswith("{")]
    asked = [send(client, arguments).json for arguments in page.commands() if "-d" in arguments]
    assert shown == asked
    assert shown[0]["assessments"][0]["in_words"] in page.text
    for attribute in vocabulary.attributes:
        assert all(level.definition in page.text for level in attribute.levels)


def test_what_a_query_may_hold_is_listed(client: FlaskClient) -> None:
    """A route that takes a query has its parameters in a table, as a body has its members."""
    text = page_of(client).text
    table = text[text.index("What the query holds", text.index("curl -s http://localhost/v1/cells")) :]
    assert table.index("from") < table.index("to") < table.index("version") < table.index("or a prior set")


def test_numbers_stand_side_by_side(client: FlaskClient) -> None:
    """A curve of a hundred points is one line of an answer, not a hundred."""
    block = next(block for block in page_of(client).blocks if '"log10_risk"' in block)
    assert len(re.findall(r'"(?:log10_risk|density)": \[-?[0-9][^\n]*\]', block)) == 4


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:99", "[::1]:8000"])
def test_commands_ask_where_the_page_was_found(client: FlaskClient, host: str) -> None:
    """Whatever name and port the reader came by stands in the commands."""
    assert page_of(client, Host=host).commands()[0][1] == f"http://{host}/v1/assessments"


@pytest.mark.parametrize("hostile", ["$(id)", "'; id; '", "`id`", "a\nb", '"', "\\", "<script>"])
def test_a_command_is_safe_to_paste(hostile: str) -> None:
    """Neither an address nor a body can break out of its place in a command."""
    silent, address, option, content, data, body = pasted(
        command(f"http://x/{hostile}", json.dumps({"id": hostile}), key=False)
    )
    assert (silent, option, content, data) == ("-s", "-H", "Content-Type: application/json", "-d")
    assert address == f"http://x/{hostile}"
    assert json.loads(body) == {"id": hostile}


def test_a_host_cannot_write_into_the_page(settings: Settings) -> None:
    """Where any host is taken, a malformed one is not shown."""
    client = create_app(Settings(home=settings.home, trusted_hosts=("*",))).test_client()
    for host in ("<script>alert(1)</script>", "a'b", "$(id)", "a b"):
        answer = client.get("/docs", headers={"Host": host})
        assert answer.status_code == 200
        assert "curl -s http://127.0.0.1:8000/v1/assessments" in answer.text
