"""Officers to fit: simulated under hazards written out by hand, as files and as what bambi takes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from model.evidence.officer_checks import BLANK
from priors.study import Study
from tests.support.by_hand import simulated_individuals

NAMES = ("sect", "rank", "eliteness", "proximity")


def simulated(study: Study, count: int, *, days_known: bool = False, seed: int = 3) -> pa.Table:
    """Return a table of officers in the columns of an officer file.

    Parameters
    ----------
    days_known : bool
        Whether the quarter of the defectors whose day is not known are given the last of theirs.
    """
    drawn = simulated_individuals(study.vocabulary, count=count, seed=seed)
    cells = np.array(study.vocabulary.cells)[drawn.cell]
    day = np.vectorize(date.fromordinal, otypes=[object])
    dated = drawn.defected & (drawn.defected_on != BLANK)
    on = np.where(dated, drawn.defected_on, drawn.end - 1)
    told = drawn.defected if days_known else dated
    defected_on = [each if known else None for each, known in zip(day(on), told, strict=True)]
    columns = {name: pa.array(cells[:, number]).dictionary_encode() for number, name in enumerate(NAMES)}
    columns |= {
        "from": pa.array(day(drawn.start), pa.date32()),
        "to": pa.array(day(drawn.end), pa.date32()),
        "defected": pa.array(drawn.defected),
        "defected_on": pa.array(defected_on, pa.date32()),
    }
    return pa.table(columns)


def write(table: pa.Table, path: Path) -> Path:
    """Write an officer file."""
    pq.write_table(table, path)
    return path
