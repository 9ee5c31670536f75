"""What is of one case stands in its folder: no word of a bundled study is in the code or in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from priors.study import DEFAULT, STUDIES, TEMPLATE, Study, load_study, study_names

PROJECT = Path(__file__).parents[2]
ROOMS = ("cli", "defection_risk", "model", "priors", "service")
KINDS = frozenset({".py", ".js", ".css", ".html", ".md", ".svg", ".yaml", ".txt"})

ID = re.compile("[A-Z]+[0-9]+")
"""How claims are called; elsewhere in other cases of letters."""

PLAIN = frozenset((
    "connected", "core", "field", "major", "other", "outside", "rank", "section", "trusted",
    "officers",  # whoever a question or a file is about, one by one
    "favoured", "ordinary", "ordinary unit",  # of roles, which any study may have
    "reference_risk",  # a variable of the model
    "C1",  # a colour
))  # fmt: skip
"""Words of a study that are plain English, or the project's own, too."""


def words_of(study: Study) -> set[str]:
    """Return the words by which a text would be of this study."""
    vocabulary, claims = study.vocabulary, study.claims
    levels = [level for attribute in vocabulary.attributes for level in attribute.levels]
    synonyms = [word for each in (*levels, *vocabulary.units) for word in each.synonyms]
    named = (*vocabulary.attributes, *levels, *vocabulary.units, *study.articles, *claims.quantities)
    return {
        *(
            study.name,
            study.title,
            *study.profiles,
            f"{study.heads.all:,}",
            f"{study.heads.all:_}",
            f"{study.heads.all}",
        ),
        *(each.name for each in named),
        *(group.name for attribute in vocabulary.attributes for group in attribute.groups),
        *(word for word in synonyms if len(word.split()) > 1),
        *(words for article in study.articles for words in (article.author, article.called, article.title)),
        *(each.id for each in claims.claims),
    }


def files() -> Iterator[Path]:
    """Yield the files of code and page that are no study's."""
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*"):
            ours = path.suffix in KINDS and not {"vendor", "__pycache__"} & set(path.parts)
            if ours and STUDIES not in path.parents and TEMPLATE not in path.parents:
                yield path


@pytest.mark.parametrize("name", study_names())
def test_no_word_of_a_case_stands_outside_its_folder(name: str) -> None:
    """Code, scripts, styles and templates hold none of a study's levels, units, authors, claims or numbers."""
    words = words_of(load_study(name)) - PLAIN
    ids = "|".join(sorted(word for word in words if ID.fullmatch(word)))
    others = "|".join(sorted(map(re.escape, {word for word in words if not ID.fullmatch(word)})))
    pattern = re.compile(rf"(?<![^\W_])(?:(?i:{others})s?|{ids})(?![^\W_])")
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {match[0]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for match in pattern.finditer(line)
    ]
    default = [each for each in found if each.startswith("priors/study.py:") and each.endswith(f": {DEFAULT}")]
    assert len(default) == (name == DEFAULT)
    assert [each for each in found if each not in default] == []


def test_the_words_are_looked_for_where_they_would_stand() -> None:
    """The search reaches scripts, templates and code, and words that a case cannot do without."""
    kinds = {path.suffix for path in files()}
    assert {".py", ".js", ".html", ".css"} <= kinds
    assert {"alawite", "Republican Guard", "al-kattan", "K01", "295,708", "sect"} <= words_of(load_study("syria"))
