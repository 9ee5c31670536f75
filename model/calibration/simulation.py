"""Data drawn from the model as `design.md` states it: evidence rows of a given design, and a file of officers.

Nothing here uses the arrays or functions of the likelihood, so that calibration tests them against the statement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from model.calibration.errors import DesignError
from model.evidence.likelihood_terms import Terms
from model.evidence.likelihood_terms import collapse as collapse_rows
from model.evidence.officer_checks import BLANK, Individuals
from model.evidence.rows import CORPS_COMPOSITION, RATE, TIMING, EvidenceRow, RowGroup, group_rows
from model.fit.draws import Draws
from model.fit.knowledge import Knowledge
from model.fit.likelihood import SMALLEST_SHARE
from priors.study import DAYS_IN_MONTH, Window
from priors.vocabulary import Vocabulary

FloatArray = NDArray[np.float64]

DATED = 0.75
"""Share of simulated defections whose day is known."""


@dataclass(frozen=True)
class Force:
    """Who serves and how soon they leave, under one draw of the parameters.

    Attributes
    ----------
    shares : ndarray, shape (cell,)
        Share of each cell in the corps at the start of the study.
    hazard : ndarray, shape (cell, period)
        Monthly.
    concentration : float
        Effective number of independent draws in a list of defectors.
    """

    vocabulary: Vocabulary
    shares: FloatArray
    hazard: FloatArray
    concentration: float

    @classmethod
    def under(cls, truth: Draws, knowledge: Knowledge) -> Force:
        """Return the force that a single flattened draw amounts to."""
        shares = np.stack(truth.tables.sect_shares, axis=1)
        return cls(
            vocabulary=knowledge.vocabulary,
            shares=knowledge.corps.cell_shares(shares)[0],
            hazard=np.exp(truth.tables.log_relative_hazard[0, :, None] + truth.tables.baseline[0]),
            concentration=float(np.exp(truth.parameters.log_count_concentration[0])),
        )

    def serving(self, mask: NDArray[np.bool_], day: date) -> float:
        """Return the share of the corps that is in some cells and still serves on a day."""
        study = self.vocabulary.study
        cumulative = self.hazard @ study.months(Window(study.window.start, day))
        return float(np.sum(self.shares[mask] * np.exp(-cumulative[mask])))

    def leaving(self, mask: NDArray[np.bool_], window: Window) -> float:
        """Return the share of the corps that is in some cells and defects within a window."""
        return self.serving(mask, window.start) - self.serving(mask, window.end)

    def share(self, row: EvidenceRow) -> float:
        """Return the share that a rate or a composition of the corps is about."""
        population, start = row.population_mask(self.vocabulary), self.vocabulary.study.window.start
        if row.kind == RATE:
            expected = self.leaving(population, row.window) / self.serving(population, row.window.start)
        else:
            expected = self.serving(row.attribute_mask(self.vocabulary), start) / self.serving(population, start)
        return SMALLEST_SHARE + (1 - 2 * SMALLEST_SHARE) * expected

    def list_shares(self, group: RowGroup) -> FloatArray:
        """Return the share of each row of a list, and of its remainder if it has one."""
        parts = [self.leaving(row.attribute_mask(self.vocabulary), row.window) for row in group.rows]
        if group.has_remainder:
            row = group.rows[0]
            window = self.vocabulary.study.window if group.kind == TIMING else row.window
            parts.append(self.leaving(row.population_mask(self.vocabulary), window) - sum(parts))
        return np.array(parts) / sum(parts) + SMALLEST_SHARE


def simulate_evidence(rows: Sequence[EvidenceRow], force: Force, generator: np.random.Generator) -> Terms:
    """Return the likelihood's arrays for evidence of a design's kinds, populations, windows and totals.

    What is exact, and so calibrated exactly: a row on the logit reports its share's logit with normal error of the
    design's scale; a count is seen only as one interval of a partition into intervals of the width of the design's
    bounds, and a total only as within its bounds, uniformly, which is what the likelihood takes bounds to mean.

    Raises
    ------
    DesignError
        If simulated counts change which likelihood a row has, so that no design of its own was simulated.
    """
    groups = group_rows(rows)
    design = collapse_rows(groups, force.vocabulary)
    on_the_logit = [ids[0] for ids in design.term_rows[: len(design.normal_share)]]
    simulated: list[RowGroup] = []
    locations: dict[str, float] = {}
    for group in groups:
        row = group.rows[0]
        if row.id in on_the_logit:
            scale = design.normal_scale[on_the_logit.index(row.id)]
            locations[row.id] = generator.normal(logit(force.share(row)), scale)
            simulated.append(group)
        elif group.kind in (RATE, CORPS_COMPOSITION):
            count = generator.binomial(_total(row, generator), force.share(row))
            simulated.append(RowGroup(group.kind, (_seen(row, count),)))
        else:
            weights = generator.dirichlet(force.concentration * force.list_shares(group))
            counts = generator.multinomial(_total(row, generator), weights)
            seen = (_seen(row, count) for row, count in zip(group.rows, counts[: len(group.rows)], strict=True))
            simulated.append(RowGroup(group.kind, tuple(seen)))
    terms = collapse_rows(simulated, force.vocabulary)
    kept = [group.has_remainder for group in groups] == [group.has_remainder for group in simulated]
    if len(terms.normal_share) != len(on_the_logit) or terms.term_rows != design.term_rows or not kept:
        raise DesignError("simulated counts moved a row to another likelihood: design rows with narrower totals")
    return dataclasses.replace(terms, normal_location=np.array([locations[row] for row in on_the_logit]))


def simulate_officers(force: Force, cell_shares: FloatArray, count: int, generator: np.random.Generator) -> Individuals:
    """Return officers whose day of defection follows a force's hazards; a quarter of the days are unknown.

    Parameters
    ----------
    cell_shares : ndarray, shape (cell,)
        How often each cell is in the file. Give it by design, not from the draw: the likelihood takes the cells as
        given, so cells that depended on the parameters would tell of them behind its back.
    count : int
        How many officers.
    """
    study = force.vocabulary.study
    first, last = study.window.start.toordinal(), study.window.end.toordinal()
    cell = generator.choice(len(cell_shares), size=count, p=cell_shares / cell_shares.sum())
    start = generator.integers(first, last - 400, size=count)
    end = np.minimum(start + generator.integers(200, 1500, size=count), last)
    edges = np.array([first, *(period.window.end.toordinal() for period in study.periods)])
    # Cumulative hazard of each officer from the first day of the study to the edges of the periods.
    cumulative = np.cumsum(force.hazard[cell] * np.diff(edges) / DAYS_IN_MONTH, axis=1)
    cumulative = np.concatenate([np.zeros((count, 1)), cumulative], axis=1)
    day = np.empty(count, dtype=np.int64)
    for officer in range(count):
        met = np.interp(start[officer], edges, cumulative[officer])
        # The day on which the hazard met since entry passes a unit exponential is the day of defection.
        reached = met + generator.exponential()
        past = reached >= cumulative[officer, -1]
        day[officer] = last if past else int(np.interp(reached, cumulative[officer], edges))
    defected = day < end
    dated = defected & (generator.random(count) < DATED)
    return Individuals(cell=cell, start=start, end=end, defected=defected, defected_on=np.where(dated, day, BLANK))


def _total(row: EvidenceRow, generator: np.random.Generator) -> int:
    return int(generator.integers(int(row.total_low), int(row.total_high), endpoint=True))


def _seen(row: EvidenceRow, count: int) -> EvidenceRow:
    """Return the row with the interval that a count falls in: of the width of its bounds, laid end to end from 0."""
    width = int(row.count_high - row.count_low) + 1
    low = count // width * width
    return dataclasses.replace(row, count_low=float(low), count_high=float(min(low + width - 1, row.total_high)))
