"""The report as a page: whole, safe, and fit to be read by anyone on anything."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from model.report.build import SECTIONS, build_report
from priors.study import Study
from tests.report.conftest import Version
from tests.report.parsed import Element, parsed

IN_ORDER = (
    "answer", "articles", "effects", "priors", "authors", "conflict", "study", "corps", "moves", "claims", "evidence",
    "selection", "bounds", "calibration", "backtest", "convergence", "graph", "provenance", "glossary",
)  # fmt: skip
LARGEST = 5_000_000


@pytest.fixture(scope="module")
def root(page: str) -> Element:
    """Return the report as a tree of elements."""
    return parsed(page)


def test_sections_in_order(root: Element) -> None:
    """The sections stand in a reader's order, each with its title and its entry in the contents, after the way back."""
    sections = root.one("main").all("section")
    assert tuple(section.attributes["id"] for section in sections) == IN_ORDER
    assert len(SECTIONS) == len(IN_ORDER) - 1
    links = [link.attributes["href"] for link in root.one("nav").all("a")]
    assert links == ["/", *(f"#{name}" for name in IN_ORDER)]
    titles = {element.attributes.get("id") for element in root.walk() if element.tag == "h2"}
    assert all(section.attributes["aria-labelledby"] in titles for section in sections)


def test_every_anchor(root: Element, version: Version) -> None:
    """Every claim, row, list, compiler's bound, check, quantity and term of the manifest has its place in the page."""
    manifest = version.manifest
    places = {element.attributes["id"] for element in root.walk() if "id" in element.attributes}
    expected = (
        {f"claim-{claim['id']}" for claim in manifest["claims"]}
        | {f"row-{row['id']}" for row in manifest["evidence"]["rows"]}
        | {f"check-{check['name']}" for check in manifest["checks"]}
        | {f"quantity-{prior['quantity']}" for prior in manifest["priors"]}
        | {f"term-{term.replace('+', '-')}" for term in manifest["loo"]["pareto_k"]}
        | {f"attribute-{attribute}" for attribute in manifest["claims_by_level"]}
        | {f"list-{each['list'].replace('+', '-')}" for each in manifest["lists"]}
        | {f"bounds-{entry['row']}" for entry in manifest["compilers_bounds"]}
    )
    assert expected <= places


def test_links_lead_somewhere(root: Element) -> None:
    """No id is given twice, and every link within the page leads to one."""
    ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = [link.attributes["href"] for link in [*root.all("a"), *root.all("use")]]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)


def test_from_an_answer_to_its_reasons(root: Element, version: Version) -> None:
    """From each contribution of a served answer one gets to its claims, to quantities, to rows and to their sources."""
    manifest = version.manifest
    places = {element.attributes["id"]: element for element in root.walk() if "id" in element.attributes}

    def links(place: str, kind: str) -> set[str]:
        found = [link.attributes["href"].removeprefix("#") for link in places[place].all("a")]
        return {link for link in found if link.startswith(kind)}

    claims = {claim for entry in manifest["panel"] for part in entry["contributions"] for claim in part["claims"]}
    assert claims
    for claim in claims:
        quantities = links(f"claim-{claim}", "quantity-")
        assert quantities
        assert all(f"claim-{claim}" in links(quantity, "claim-") for quantity in quantities)
    assert {"row-E11", "row-E14"} <= links("quantity-rank_ratio", "row-")
    assert links("quantity-eliteness_ratio", "row-") == set()
    for row in manifest["evidence"]["rows"]:
        assert links(f"row-{row['id']}", "http") == ({row["url"]} if row["url"] else set())
        assert links(f"row-{row['id']}", "term-")
        assert all(f"row-{row['id']}" in links(name, "row-") for name in links(f"row-{row['id']}", "quantity-"))


def test_figures_are_told(root: Element) -> None:
    """Every figure has a text alternative and a caption of one sentence."""
    figures = root.all("figure")
    assert len(figures) == 15
    for figure in figures:
        drawing = figure.one("svg")
        assert drawing.attributes["role"] == "img"
        assert len(drawing.attributes["aria-label"]) > 40
        caption = figure.one("figcaption").text.strip()
        assert caption.endswith(".")
        assert not re.search(r"\. [A-Z]", caption)
        assert any(character.isdigit() for character in caption)


def test_captions_are_computed(page: str, other_page: str) -> None:
    """Another fit has other captions, but for the graph of a model of the same structure.

    Authors are left out: draws of the prior decide nothing between them, whichever they are.
    """
    mine, others = (
        [caption.text for caption in parsed(text).all("figcaption") if "on which authors differ" not in caption.text]
        for text in (page, other_page)
    )
    assert len(mine) == len(others)
    same = [one for one, other in zip(mine, others, strict=True) if one == other]
    assert all("with a prior (circles)" in caption for caption in same)
    assert len(same) == 1


def test_headings_nest(root: Element) -> None:
    """There is one title, and no level of heading is skipped."""
    levels = [int(element.tag[1]) for element in root.walk() if re.fullmatch(r"h[1-6]", element.tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_are_told(root: Element) -> None:
    """Every table has a caption and says which cells are headings, and of what."""
    for table in root.all("table"):
        assert table.one("caption").text.strip()
        assert all(cell.attributes["scope"] in {"col", "row"} for cell in table.all("th"))
        assert all(len(row.all("th")) == 1 for row in table.one("tbody").all("tr"))


def test_landmarks(root: Element) -> None:
    """A screen reader finds the parts of the page, and the keyboard's first stop skips to the answer."""
    assert all(len(root.all(tag)) == 1 for tag in ("header", "nav", "main", "footer", "title"))
    assert root.one("html").attributes["lang"] == "en-GB"
    assert root.all("a")[0].attributes["href"] == "#answer"
    assert "width=device-width" in {meta.attributes.get("name"): meta for meta in root.all("meta")}[
        "viewport"
    ].attributes["content"]  # fmt: skip


def test_nothing_is_fetched(root: Element, page: str) -> None:
    """The page needs nothing but itself: no script, no resource, nothing imported."""
    assert not root.all("script")
    assert not [element for element in root.walk() if "src" in element.attributes or "srcset" in element.attributes]
    assert [link.attributes["href"] for link in root.all("link")] == ["data:,"]
    assert not re.search(r"@import|url\((?!#)", page)
    assert not [element for element in root.all("use") if not element.attributes["href"].startswith("#")]
    assert not [name for element in root.walk() for name in element.attributes if name.startswith("on")]


def test_strict_policy(root: Element) -> None:
    """The security policy allows the one style block by its hash and nothing else, and no element is styled inline."""
    metas = {meta.attributes.get("http-equiv"): meta for meta in root.all("meta")}
    policy = dict(
        directive.strip().split(" ", 1)
        for directive in metas["Content-Security-Policy"].attributes["content"].split(";")
    )
    digest = base64.b64encode(hashlib.sha256(root.one("style").text.encode()).digest()).decode()
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert "unsafe" not in str(policy)
    assert not [element for element in root.walk() if "style" in element.attributes]


def test_light_and_dark(root: Element) -> None:
    """Figures have no colour of their own: all turn with the page, which is light, dark or printed."""
    drawn = [element for drawing in root.all("svg") for element in drawing.walk()]
    colours = {
        element.attributes[name] for element in drawn for name in ("fill", "stroke") if name in element.attributes
    }
    style = root.one("style").text
    used = {match for colour in colours for match in re.findall(r"var\(--([a-z]+)\)", colour)}
    assert colours <= {"none", *(f"var(--{name})" for name in used)}
    palettes = [re.findall(r"--([a-z]+):", block) for block in re.findall(r":root \{([^}]*)\}", style)]
    assert len(palettes) == 3
    assert all(used <= set(palette) for palette in palettes)
    assert "prefers-color-scheme: dark" in style
    assert "@media print" in style


def test_small(page: str) -> None:
    """The page is under five megabytes."""
    assert len(page.encode()) < LARGEST


def test_same_fit_same_bytes(version: Version, study: Study, page: str) -> None:
    """The report of a fit is the same each time, and drawing it leaves nothing behind in Matplotlib."""
    before, figures = dict(mpl.rcParams), plt.get_fignums()
    assert build_report(version.tree, version.manifest, study) == page
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == figures
