"""Who serves: men of each cell, who add up to the intervals and tables they are built from."""

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


def heads_of(study: Study) -> dict[tuple[str, ...], float]:
    """Return the expected men of each cell, by its levels."""
    return dict(zip(study.vocabulary.cells, study.corps.cell_heads().tolist(), strict=True))


def test_every_cell_has_men_and_together_they_are_the_forces(study: Study) -> None:
    """No cell is empty, and the cells of a class add up to the geometric middle of its interval."""
    heads = study.corps.cell_heads()
    assert heads.min() > 0
    for place, (low, high) in enumerate(study.corps.heads):
        assert heads[study.corps.class_of == place].sum() == pytest.approx((low * high) ** 0.5)


def test_other_shares_of_the_communities_move_men_and_not_their_number(corps: Corps) -> None:
    """For any shares of the sects, and draws of them, each class has as many men as before."""
    sects = np.random.default_rng(1).dirichlet(np.ones(6), size=(7, 2))
    heads = corps.cell_heads(sects)
    assert heads.shape == (7, 576)
    np.testing.assert_allclose(heads.sum(axis=1), corps.cell_heads().sum(), rtol=1e-5)
    np.testing.assert_allclose(heads[3], corps.cell_heads(sects[3]))
    np.testing.assert_allclose(corps.cell_heads(corps.community_shares), corps.cell_heads())


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


def test_heads_are_the_products_of_the_tables(study: Study) -> None:
    """A cell has the men of its class, by the share of its community, and of each level by the row that fits."""
    vocabulary = study.vocabulary
    for levels, men in heads_of(study).items():
        cell = dict(zip(vocabulary.names, levels, strict=True))
        name = "officers" if cell["rank"] in vocabulary.levels("rank", "officers") else "enlisted"
        low, high = TABLES["classes"][name]["heads"]["interval"]
        expected = (low * high) ** 0.5 * TABLES["communities"]["by_class"][name][cell["sect"]]
        for attribute in ("rank", "eliteness", "proximity"):
            table = TABLES["tables"][attribute]
            row = fitting(cell, table["rows"], vocabulary)["shares"]
            row = row if isinstance(row, dict) else dict(zip(table["levels"], row, strict=True))
            expected *= row[cell[attribute]]
        assert men == pytest.approx(expected, rel=1e-12)


def test_a_table_has_its_strength_and_the_row_of_each_cell(study: Study) -> None:
    """Tables follow the attributes; a row's shares sum to one, and give the level of each cell that it fits a share."""
    names = study.vocabulary.names
    assert tuple(table.attribute for table in study.corps.tables) == names[1:]
    for axis, table in enumerate(study.corps.tables, start=1):
        levels = study.vocabulary.attributes[axis].names
        assert table.strength == TABLES["tables"][table.attribute]["strength"]
        assert table.shares.shape == (len(TABLES["tables"][table.attribute]["rows"]), len(levels))
        np.testing.assert_allclose(table.shares.sum(axis=1), 1, rtol=1e-6)
        level = [levels.index(cell[axis]) for cell in study.vocabulary.cells]
        assert (table.shares[table.row, level] > 0).all()


def test_of_rows_that_fit_the_first_is_taken() -> None:
    """A row before those that fit takes their place, and one without `where` fits all."""
    first = "      - {shares: {gunner: 0.5, ensign: 0.5}}\n      - {where: {origin: hill}"
    study = study_of("made up", rewritten(GARRISON, ("corps.yaml", "      - {where: {origin: hill}", first)))
    heads = study.corps.cell_heads().reshape(study.vocabulary.shape).sum(axis=0)
    np.testing.assert_allclose(heads / heads.sum(), [0.5, 0.5])
    assert (study.corps.tables[0].row == 0).all()


def test_the_heads_are_the_middles_of_the_intervals(corps: Corps, study: Study) -> None:
    """Of each class the geometric middle counts, in whole men, and all are their sum."""
    assert corps.classes == ("officers", "enlisted")
    assert corps.heads.tolist() == [[50_000, 60_000], [215_000, 270_000]]
    assert study.heads == Heads(all=54_772 + 240_936, by_class={"officers": 54_772, "enlisted": 240_936})


def test_a_sunni_brigadier_of_an_elite_unit_is_possible(study: Study) -> None:
    """As sure as the table of eliteness is, nine times in ten, it leaves room for one such man."""
    agreeing, table = study.vocabulary.agreeing, study.corps.tables[1]
    such = agreeing({"sect": ["sunni"], "rank": ["brigadier"], "eliteness": ["elite"]})
    assert table.attribute == "eliteness"
    assert study.corps.cell_heads()[such].sum() * np.exp(1.645 / table.strength**0.5) > 1


def test_a_study_may_have_one_class_or_three() -> None:
    """Of one class every profile is; of three each profile is of one."""
    one, three = made_up(GARRISON), made_up(FLEET)
    assert (one.corps.classes, one.heads) == (("all",), Heads(1_000, {"all": 1_000}))
    assert not one.corps.class_of.any()
    assert three.corps.classes == ("hands", "mates", "masters")
    assert three.heads == Heads(4_000, {"hands": 3_200, "mates": 600, "masters": 200})
    stations = [cell[three.vocabulary.names.index("station")] for cell in three.vocabulary.cells]
    assert set(zip(three.corps.class_of.tolist(), stations, strict=True)) == {(0, "hand"), (1, "mate"), (2, "master")}
