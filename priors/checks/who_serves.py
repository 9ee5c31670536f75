"""Rules on who serves: classes that divide the forces, communities and tables that divide classes."""

from __future__ import annotations

import numpy as np

from priors.checks.telling import (
    Broken,
    Data,
    in_words_of,
    levels_known,
    sums_to_one,
    unknown,
    words_known,
)
from priors.corps import LARGEST_ARMY, class_cells, fitting_rows, row_shares
from priors.vocabulary import Vocabulary
from priors.yaml_files import Path


def classes_divide(classes: Data, attributes: Data, units: Data | None) -> Broken:
    """Have every profile be of exactly one class, and no more men in all than are counted here."""
    most = sum(each["heads"]["interval"][1] for each in classes.values())
    if most > LARGEST_ARMY:
        yield ("classes",), f"must have at most {LARGEST_ARMY:,} men in all, not {most:,.0f}", ()
    vocabulary = in_words_of(attributes, units)
    if broken := [*_class_words(classes, vocabulary)]:
        yield from broken
        return
    count = sum(cells.astype(int) for cells in class_cells(classes, vocabulary).values())
    for times, rule in ((0, "of none"), (2, "of more than one")):
        cells = np.flatnonzero(count == 0 if times == 0 else count >= times)
        if len(cells):
            yield (
                ("classes",),
                f"every profile must be of exactly one; {', '.join(vocabulary.cells[cells[0]])} is {rule}",
                (),
            )


def _class_words(classes: Data, vocabulary: Vocabulary) -> Broken:
    for name, each in classes.items():
        yield from words_known(("classes", name, "of"), each["of"], vocabulary)


def communities_divide(communities: Data, classes: Data, attributes: Data) -> Broken:
    """Divide each class between all communities."""
    levels = attributes[next(iter(attributes))]["levels"]
    for name in communities["by_class"]:
        yield from unknown(("communities", "by_class", name), "class", name, classes)
    for name in classes:
        path = ("communities", "by_class", name)
        shares = communities["by_class"].get(name)
        if shares is None:
            yield path, "must be given, as for every class", ()
            continue
        yield from sums_to_one(path, shares.values())
        yield from levels_known(path, shares, levels)
        for level in levels:
            if level not in shares:
                yield path, f"must have a share of {level}", ()


def tables_divide(tables: Data, attributes: Data, units: Data | None, classes: Data) -> Broken:
    """Have a table for each attribute but the first, of whose rows one gives every profile a share."""
    names = list(attributes)[1:]
    for name in tables:
        yield from unknown(("tables", name), "attribute, but the first,", name, names)
    vocabulary = in_words_of(attributes, units)
    for name in names:
        if name not in tables:
            yield ("tables",), f"there must be one for {name}", ()
        elif broken := [*_rows(("tables", name), tables[name], vocabulary, classes)]:
            yield from broken
        elif not [*_class_words(classes, vocabulary)]:
            yield from _cells(("tables", name), tables[name], vocabulary, classes)


def _rows(path: Path, table: Data, vocabulary: Vocabulary, classes: Data) -> Broken:
    levels = vocabulary[str(path[1])].names
    for level in table.get("levels", ()):
        yield from unknown((*path, "levels"), "level", level, levels)
    for place, row in enumerate(table["rows"]):
        here = (*path, "rows", place)
        yield from words_known((*here, "where"), row["where"], vocabulary, also=("class",))
        if "class" in row["where"]:
            yield from unknown((*here, "where", "class"), "class", row["where"]["class"], classes)
        shares = row["shares"]
        if isinstance(shares, tuple) and len(shares) != len(table.get("levels", ())):
            yield (*here, "shares"), "must be as many as the `levels` of the table", ()
            continue
        if isinstance(shares, dict):
            yield from levels_known((*here, "shares"), shares, levels)
        yield from sums_to_one((*here, "shares"), shares.values() if isinstance(shares, dict) else shares)


def _cells(path: Path, table: Data, vocabulary: Vocabulary, classes: Data) -> Broken:
    of_class = class_cells(classes, vocabulary)
    axis = vocabulary.names.index(str(path[1]))
    shares = [row_shares(table, row) for row in table["rows"]]
    for row, cell in zip(fitting_rows(table, of_class, vocabulary), vocabulary.cells, strict=True):
        if row < 0 or cell[axis] not in shares[row]:
            yield (*path, "rows"), f"no row gives a share to {', '.join(cell)}", ()
            return
