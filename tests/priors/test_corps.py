"""Who serves: shares of cells that add up to the tables they are built from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from priors.corps import CLASSES, Corps, Heads, load_corps, load_heads
from priors.errors import DataFileError
from priors.vocabulary import FOLDER, Vocabulary

Rewrite = Callable[[str, str, str], Path]

TABLES = yaml.safe_load((FOLDER / "corps.yaml").read_text(encoding="utf-8"))


def shares_of(corps: Corps, vocabulary: Vocabulary) -> dict[tuple[str, ...], float]:
    """Return the expected share of each cell, by its levels."""
    return dict(zip(vocabulary.cells, corps.cell_shares(corps.sect_shares).tolist(), strict=True))


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


def test_margins_are_the_tables(corps: Corps, vocabulary: Vocabulary) -> None:
    """Summed over the cells, the armed forces have the classes, sects, ranks and eliteness of the tables."""
    shares = shares_of(corps, vocabulary)
    for name in CLASSES:
        ranks = vocabulary["rank"].groups[name]
        total = sum(share for cell, share in shares.items() if cell[1] in ranks)
        assert total == pytest.approx(TABLES["classes"][name], rel=1e-6)
        for sect in vocabulary["sect"].names:
            column = "alawite" if sect == "alawite" else "others"
            own = {cell: share for cell, share in shares.items() if cell[1] in ranks and cell[0] == sect}
            assert sum(own.values()) == pytest.approx(total * TABLES["sects"][name][sect], rel=1e-6)
            for place, table in ((1, "ranks"), (2, "eliteness")):
                for level, expected in TABLES[table][name][column].items():
                    part = sum(share for cell, share in own.items() if cell[place] == level)
                    assert part == pytest.approx(sum(own.values()) * expected, rel=1e-6)


def test_proximity_within_a_group_is_the_table(corps: Corps, vocabulary: Vocabulary) -> None:
    """Of a sect's members of one rank and eliteness, the shares by proximity are the row of the table."""
    shares = shares_of(corps, vocabulary)
    groups = {rank: group for group, ranks in TABLES["proximity"]["groups"].items() for rank in ranks}
    for sect, rank, eliteness, _ in vocabulary.cells:
        row = np.array([shares[sect, rank, eliteness, level] for level in vocabulary["proximity"].names])
        table = TABLES["proximity"]["elite" if eliteness == "elite" else "ordinary and favoured"]
        expected = table["alawite" if sect == "alawite" else "others"][groups[rank]]
        np.testing.assert_allclose(row / row.sum(), expected, rtol=1e-6)


def test_every_table_sums_to_one() -> None:
    """Each list of shares in the file is one."""

    def check(node: object) -> None:
        if isinstance(node, dict) and all(isinstance(value, float) for value in node.values()):
            node = list(node.values())
        if isinstance(node, list) and all(isinstance(value, float) for value in node):
            assert sum(node) == pytest.approx(1, abs=1e-9)
        elif isinstance(node, dict):
            for value in node.values():
                check(value)

    for name in ("sects", "ranks", "eliteness", "proximity"):
        check({key: value for key, value in TABLES[name].items() if key not in {"rest_concentration", "groups"}})
    assert sum(TABLES["classes"][name] for name in CLASSES) == pytest.approx(1)


@pytest.mark.parametrize(
    ("passage", "by"),
    [
        ("alawite: 0.80, sunni: 0.12", "alawite: 0.80, sunni: 0.22"),
        ("enlisted: 0.83", "enlisted: 0.93"),
        ("{conscript: 0.45, nco: 0.55}", "{conscript: 0.45, nco: 0.45}"),
        ("junior: [0.80, 0.16, 0.03999, 0.00001]", "junior: [0.80, 0.16001, 0.03999, 0.0]"),
    ],
    ids=["sects", "classes", "ranks", "an empty cell"],
)
def test_a_corps_that_does_not_add_up_is_refused(
    rewritten: Rewrite, vocabulary: Vocabulary, *, passage: str, by: str
) -> None:
    """A table that does not sum to one, or leaves a cell empty, cannot be loaded."""
    with pytest.raises(DataFileError, match=r"corps\.yaml: .*: shares must be positive and sum to one"):
        load_corps(vocabulary, rewritten("corps.yaml", passage, by))


def test_a_small_table_that_does_not_add_up_is_refused(rewritten: Rewrite, vocabulary: Vocabulary) -> None:
    """A table that does not sum to one cannot be loaded, however few the men it speaks of."""
    folder = rewritten("corps.yaml", "general: [0.05, 0.30, 0.50, 0.15]", "general: [0.05, 0.30, 0.50, 0.95]")
    with pytest.raises(DataFileError):
        load_corps(vocabulary, folder)


def test_a_corps_that_lacks_a_level_is_refused(rewritten: Rewrite, vocabulary: Vocabulary) -> None:
    """A table that says nothing of a level cannot be loaded, and the error names the file."""
    with pytest.raises(DataFileError, match=r"corps\.yaml"):
        load_corps(vocabulary, rewritten("corps.yaml", "druze: 0.03, ", ""))


def test_heads_are_those_of_the_file(corps: Corps) -> None:
    """How many served is read as it is written, and the officers are the share that the classes give them."""
    assert load_heads() == Heads(corps=325_000, officers=55_000)
    assert corps.within_sect[0].sum() / 6 == pytest.approx(55 / 325, abs=0.005)


@pytest.mark.parametrize(
    ("passage", "by", "told"),
    [
        ("corps: 325_000", "corps: 3_250_000", "at most 1,000,000 men"),
        ("corps: 325_000", "corps: 50_000", "fewer officers than men"),
        ("officers: 55_000", "officers: 35_000", r"the share 0\.17 of the forces"),
        ("officers: 55_000", "officers: many", "whole numbers"),
        ("officers: 55_000", "officers: 55_000.5", "whole numbers"),
        ("  corps: 325_000\n", "", "missing"),
    ],
)
def test_heads_that_cannot_be_are_refused(rewritten: Rewrite, *, passage: str, by: str, told: str) -> None:
    """More men than any army, more officers than men, or another share than the classes have cannot be loaded."""
    with pytest.raises(DataFileError, match=rf"corps\.yaml: heads: .*{told}"):
        load_heads(rewritten("corps.yaml", passage, by))
