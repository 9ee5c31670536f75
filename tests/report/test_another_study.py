"""The report and the model card of a study that is not the one that most is tested on: one article, one period."""

from __future__ import annotations

import re

import pytest

from model.report.answer import answer
from model.report.build import build_report
from model.report.model_card import model_card
from model.report.versions import report_of
from model.stored import read_study
from priors.study import Study
from tests.report.conftest import Brief, Version
from tests.report.parsed import Element, parsed


@pytest.fixture(scope="module")
def another(garrison: Version) -> Study:
    """Return the study, as the version holds it."""
    return read_study(garrison.archive, garrison.name)


@pytest.fixture(scope="module")
def another_page(garrison: Version) -> str:
    """Return its report, for which nothing but the version is asked."""
    return report_of(garrison.archive, garrison.name)


@pytest.fixture(scope="module")
def root(another_page: str) -> Element:
    """Return the report as a tree of elements."""
    return parsed(another_page)


def foreign_words(study: Study) -> list[str]:
    """Return words of the bundled study that no other page has a use for."""
    vocabulary = study.vocabulary
    return [
        *(name for name in vocabulary.names if name != "rank"),
        *(level.name for level in vocabulary.community.levels if level.name != "other"),
        *("conscript", "lieutenant", "captain", "colonel", "brigadier", "rank_ratio"),
        *(unit.name for unit in vocabulary.units),
        *(word for article in study.articles for word in (article.name, article.author, article.title)),
        *(claim.id for claim in study.claims.claims),
        *study.corps.classes,
        vocabulary.everyone,
        f"{study.heads.all:,}",
        str(study.heads.all),
        study.name,
    ]


def test_no_word_of_another_study(garrison: Version, another_page: str, another: Study, study: Study) -> None:
    """Neither the report nor the card of one study has a word that is another's."""
    for text in (another_page, model_card(garrison.manifest, another)):
        found = [word for word in foreign_words(study) if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)]
        assert found == []
        assert "regime" not in text


def test_it_is_headed_by_its_question(root: Element, another: Study) -> None:
    """The page asks the study's question, is called by its title, and ends with its limits."""
    assert root.one("h1").text == another.question
    assert root.one("title").text.startswith(another.title)
    assert another.limits in root.one("footer").text
    assert "all who share two coarse labels" in root.one("footer").text


def test_its_study_is_told(root: Element, another: Study) -> None:
    """The study stands in the page with its digest, and each article with its date and its paragraph."""
    sections = {each.attributes["id"]: each for each in root.all("section")}
    assert another.digest in sections["study"].text
    assert another.name in sections["study"].text
    assert sections["articles"].one("h2").text == "The article"
    for article in another.articles:
        told = sections["articles"].text
        assert all(word in told for word in (article.author, article.title, article.date, article.says))


def test_articles_are_linked(page: str, study: Study) -> None:
    """An article that has a link is linked to."""
    linked = {link.attributes["href"] for link in parsed(page).all("a")}
    assert {article.link for article in study.articles} <= linked


def test_its_sentences(root: Element) -> None:
    """Rows, claims and the reference profile are told in the study's words, and its length is worked out."""
    assert "Of 290 to 300 hill gunners, 130 to 140 left between 1 January 1901 and 1 January 1903." in root.text
    assert "the two-year risk of gunners is above 0.05 and below 0.2" in root.text
    assert "The monthly hazard of the reference profile, plain gunners." in root.text
    assert "The hazard is taken to have been the same throughout" in root.text
    assert "“hill to plain”" in root.text


def test_one_article_is_not_pooled(root: Element, page: str) -> None:
    """Where there is one article, nothing is said of several together."""
    assert "pooled" not in root.text
    assert "under the pooled priors" in parsed(page).text


def test_its_links_and_ladders(root: Element) -> None:
    """Every link within the page leads somewhere, and a ladder of two rungs is drawn like any other."""
    ids = [element.attributes["id"] for element in root.walk() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    targets = [link.attributes["href"] for link in [*root.all("a"), *root.all("use")]]
    assert {target[1:] for target in targets if target.startswith("#")} <= set(ids)
    assert {"figure-steps", "figure-effects", "figure-baseline", "figure-risks"} <= set(ids)
    assert "The steepest single step is in grade, from gunner to ensign" in root.text


def test_its_card_is_whole(garrison: Version, another: Study) -> None:
    """The card names the study and its article, and speaks of no list where there is none."""
    card = model_card(garrison.manifest, another)
    assert all(word in card for word in (another.title, another.question, another.limits, another.digest))
    assert all(article.says in card for article in another.articles)
    assert "4 profiles by origin, grade" in card
    assert "Lists of those who left" not in card
    assert not re.search(r"[{}]", card)


def test_one_profile(garrison: Version, another: Study, brief: Brief) -> None:
    """Where a study shows one profile, it is not set against itself."""
    brief(answer)
    manifest = garrison.manifest
    manifest["panel"] = manifest["panel"][:1]
    told = parsed(build_report(garrison.tree, manifest, another)).one("figcaption").text
    assert told.startswith(f"The one profile shown is “{manifest['panel'][0]['name']}”, ")
