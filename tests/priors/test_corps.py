"""Who serves: shares of cells that add up to the tables they are built from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from priors.corps import Corps, Heads, load_corps, load_heads
from priors.errors import DataFileError
from priors.vocabulary import FOLDER, Vocabulary

Rewrite = Callable[[str, str, str], Path]

TABLES = yaml.safe_load((FOLDER / "corps.yaml").read_text(encoding="utf-8"))


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
    officers = vocabulary["rank"].groups["officers"]
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
        name = "officers" if cell["rank"] in vocabulary["rank"].groups["officers"] else "enlisted"
        expected = TABLES["classes"][name]["share"] * TABLES["communities"][name][cell["sect"]]
        for attribute in ("rank", "eliteness", "proximity"):
            table = TABLES["tables"][attribute]
            row = fitting(cell, table["rows"], vocabulary)["shares"]
            row = row if isinstance(row, dict) else dict(zip(table["levels"], row, strict=True))
            expected *= row[cell[attribute]]
        assert share == pytest.approx(expected, rel=1e-12)


def test_of_rows_that_fit_the_first_is_taken(rewritten: Rewrite, vocabulary: Vocabulary) -> None:
    """A row before those that fit takes their place, and one without `where` fits all."""
    first = "  eliteness:\n    rows:\n      - {shares: {ordinary: 0.5, favoured: 0.3, elite: 0.2}}\n"
    folder = rewritten("corps.yaml", "  eliteness:\n", first + "  was eliteness:\n")
    corps = load_corps(vocabulary, folder)
    shares = corps.cell_shares(corps.community_shares).reshape(vocabulary.shape)
    np.testing.assert_allclose(shares.sum(axis=(0, 1, 3)), [0.5, 0.3, 0.2])


@pytest.mark.parametrize(
    ("passage", "by"),
    [
        ("alawite: 0.80, sunni: 0.12", "alawite: 0.80, sunni: 0.22"),
        ("share: 0.83", "share: 0.93"),
        ("{conscript: 0.45, nco: 0.55}", "{conscript: 0.45, nco: 0.45}"),
        ("[0.80, 0.16, 0.03999, 0.00001]", "[0.80, 0.16001, 0.03999, 0.0]"),
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
    folder = rewritten("corps.yaml", "[0.05, 0.30, 0.50, 0.15]", "[0.05, 0.30, 0.50, 0.95]")
    with pytest.raises(DataFileError):
        load_corps(vocabulary, folder)


def test_a_corps_that_lacks_a_level_is_refused(rewritten: Rewrite, vocabulary: Vocabulary) -> None:
    """A table that says nothing of a level cannot be loaded, and the error names the file."""
    with pytest.raises(DataFileError, match=r"corps\.yaml"):
        load_corps(vocabulary, rewritten("corps.yaml", "druze: 0.03, ", ""))


@pytest.mark.parametrize(
    ("passage", "by", "told"),
    [
        ("of: {rank: enlisted}", "of: {rank: nco}", "every profile must be of exactly one class"),
        ("of: {rank: enlisted}", "of: {rank: privats}", "nearest: "),
        ("of: {rank: enlisted}", "of: {faith: none}", "no attribute faith"),
        (
            "      - {where: {class: enlisted}, shares: {conscript: 0.72, nco: 0.28}}\n",
            "",
            "rank: no row gives a share",
        ),
    ],
)
def test_rows_that_leave_somebody_out_are_refused(
    rewritten: Rewrite, vocabulary: Vocabulary, *, passage: str, by: str, told: str
) -> None:
    """A profile of no class, a word that is none, and a cell that no row speaks of are named."""
    with pytest.raises(DataFileError, match=rf"corps\.yaml: .*{told}"):
        load_corps(vocabulary, rewritten("corps.yaml", passage, by))


def test_a_level_that_the_first_row_leaves_out_is_not_taken_from_the_next(
    rewritten: Rewrite, vocabulary: Vocabulary
) -> None:
    """A row answers for all whom it describes: what it gives no share to is refused, whatever a later row says."""
    with pytest.raises(DataFileError, match="rank: no row gives a share to alawite, nco"):
        load_corps(vocabulary, rewritten("corps.yaml", "{conscript: 0.45, nco: 0.55}", "{conscript: 1.0}"))


def test_heads_are_those_of_the_file(corps: Corps) -> None:
    """How many served is read as it is written, and the officers are the share that the classes give them."""
    assert load_heads() == Heads(corps=325_000, officers=55_000)
    assert corps.within_community[0].sum() / 6 == pytest.approx(55 / 325, abs=0.005)


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
