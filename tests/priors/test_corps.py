"""Who serves: shares of cells that add up to the tables they are built from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import yaml

from priors.corps import Corps, Heads
from priors.study import Study, load_study, study_of
from priors.vocabulary import Vocabulary
from tests.support.made_up import FLEET, GARRISON, made_up
from tests.support.rewritten import rewritten

TABLES = yaml.safe_load(load_study().files["corps.yaml"])


def shares_of(corps: Corps, vocabulary: Vocabulary) -> dict[tuple[str, ...], float]:
    """Return the expected share of each cell, by its levels."""
    return dict(zip(vocabulary.cells, corps.cell_shares(corps.community_shares).tolist(), strict=True))


def test_shares_are_positive_and_sum_to_one(corps: Corps, vocabulary: Vocabulary) -> None:
    """No cell is empty, and together they are the armed forces."""
    shares = shares_of(corps, vocabulary)
    assert min(shares.values()) > 0
    assert sum(shares.values()) == pytest.approx(1)


def test_shares_sum_to_one_whatever_the_sects(corps: Corps) -> None:
    """For any sect shares, and draws of them, the cells sum to one."""
    sects = np.random.default_rng(1).dirichlet(np.ones(6), size=(7, 2))
    shares = corps.cell_shares(sects)
    assert shares.shape == (7, 576)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(shares[3], corps.cell_shares(sects[3]))


def fitting(cell: dict[str, str], rows: list[dict[str, Any]], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the first row of a table that fits a cell, found word by word."""
    officers = vocabulary.levels("rank", "officers")
    known = cell | {"class": "officers" if cell["rank"] in officers else "enlisted"}

    def fits(where: dict[str, str]) -> bool:
        return all(
            known[name] == words if name == "class" else known[name] in levels(name, words)
            for name, words in where.items()
        )

    def levels(name: str, words: str) -> set[str]:
        return {level for word in words.split("|") for level in vocabulary.levels(name, word)}

    return next(row for row in rows if fits(row.get("where", {})))


def test_shares_are_the_products_of_the_tables(corps: Corps, vocabulary: Vocabulary) -> None:
    """The share of a cell is that of its class, of its community therein, and of each level by the row that fits."""
    for levels, share in shares_of(corps, vocabulary).items():
        cell = dict(zip(vocabulary.names, levels, strict=True))
        name = "officers" if cell["rank"] in vocabulary.levels("rank", "officers") else "enlisted"
        expected = TABLES["classes"][name]["share"] * TABLES["communities"]["by_class"][name][cell["sect"]]
        for attribute in ("rank", "eliteness", "proximity"):
            table = TABLES["tables"][attribute]
            row = fitting(cell, table["rows"], vocabulary)["shares"]
            row = row if isinstance(row, dict) else dict(zip(table["levels"], row, strict=True))
            expected *= row[cell[attribute]]
        assert share == pytest.approx(expected, rel=1e-12)


def test_of_rows_that_fit_the_first_is_taken() -> None:
    """A row before those that fit takes their place, and one without `where` fits all."""
    first = "      - {shares: {gunner: 0.5, ensign: 0.5}}\n      - {where: {origin: hill}"
    study = study_of("made up", rewritten(GARRISON, ("corps.yaml", "      - {where: {origin: hill}", first)))
    shares = study.corps.cell_shares(study.corps.community_shares).reshape(study.vocabulary.shape)
    np.testing.assert_allclose(shares.sum(axis=0), [0.5, 0.5])


def test_the_classes_and_heads_are_those_of_the_file(corps: Corps, study: Study) -> None:
    """How many served is read as it is written, and a class is the share of all that is stated."""
    assert study.heads == Heads(all=325_000, by_class={"officers": 55_000})
    assert corps.classes == ("officers", "enlisted")
    assert corps.within_community[0].sum() / 6 == pytest.approx(55 / 325, abs=0.005)


def test_a_study_may_have_one_class_or_three() -> None:
    """Of one class every profile is; of three each profile is of one; none of whom heads are stated is counted."""
    one, three = made_up(GARRISON), made_up(FLEET)
    assert (one.corps.classes, one.heads) == (("all",), Heads(1_000, {}))
    assert (one.corps.within_community > 0).all()
    assert (three.corps.classes, three.heads.by_class) == (("hands", "mates", "masters"), {"masters": 200})
    assert ((three.corps.within_community > 0).sum(axis=0) == 1).all()
    for study in (one, three):
        assert study.corps.cell_shares(study.corps.community_shares).sum() == pytest.approx(1)
