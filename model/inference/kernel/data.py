"""What the kernel reads: the layout of the model, the evidence and the officers, as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.evidence.likelihood_terms import Terms
from model.evidence.officers import Officers
from model.inference.hazard import Layout

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.integer]

QUANTITIES = ("rank_ratio", "eliteness_ratio", "proximity_ratio", "onset_ratio", "decline_ratio", "reference_risk")
SCALES = ("minority_scale", "eliteness_by_sect_scale", "proximity_by_sect_scale", "baseline_scale")


class Point(NamedTuple):
    """The parameters of one draw, as in `model.inference.hazard.Parameters`."""

    quantities: FloatArray
    scales: FloatArray
    deviations: FloatArray
    simplex_parts: FloatArray
    log_count_concentration: FloatArray


class Structure(NamedTuple):
    """What stays the same from fit to fit: the layout of the parameters and the cells.

    Attributes
    ----------
    quantity_place, scale_place : shapes (6,) and (4,)
        Where the quantities and the scales that are named above are found.
    quantity_to_sect, minority_to_sect, zero_sum, period_months :
        As in `Layout`.
    simplex_start : (simplex + 1,)
        Where the parts of each simplex begin, and the end of the last.
    to_rank, to_eliteness, to_proximity : (simplex_part, level)
    to_rest : (class, simplex_part, sect)
    claimed_sect : (class, sect)
    claimed_part : (class, 2)
        The part that is the claimed share, and the part that is the rest.
    sect_of_cell, rank_of_cell, eliteness_of_cell, proximity_of_cell : (cell,)
    within_sect : (class, cell)
    """

    quantity_place: IndexArray
    scale_place: IndexArray
    quantity_to_sect: FloatArray
    minority_to_sect: FloatArray
    zero_sum: FloatArray
    period_months: FloatArray
    simplex_start: IndexArray
    to_rank: FloatArray
    to_eliteness: FloatArray
    to_proximity: FloatArray
    to_rest: FloatArray
    claimed_sect: FloatArray
    claimed_part: IndexArray
    sect_of_cell: IndexArray
    rank_of_cell: IndexArray
    eliteness_of_cell: IndexArray
    proximity_of_cell: IndexArray
    within_sect: FloatArray


class Known(NamedTuple):
    """What differs from fit to fit: the evidence, as in `Terms`, and the officers, as in `Officers`."""

    member_serving: IndexArray
    member_cell: IndexArray
    serving_date: IndexArray
    months: FloatArray
    flow_from: IndexArray
    flow_to: IndexArray
    share_flow: IndexArray
    share_serving: IndexArray
    normal_share: IndexArray
    normal_location: FloatArray
    normal_scale: FloatArray
    binomial_share: IndexArray
    binomial_defected: FloatArray
    binomial_stayed: FloatArray
    binomial_weight: FloatArray
    category_flow: FloatArray
    list_category: IndexArray
    list_padding: FloatArray
    list_count: FloatArray
    list_weight: FloatArray
    events: IndexArray
    exposure: FloatArray
    undated_cells: IndexArray
    undated_months: FloatArray
    undated_counts: IndexArray


def structure(layout: Layout, within_sect: FloatArray) -> Structure:
    """Return a layout, and who serves where, as the kernel reads them."""
    sizes = layout.simplex_of_part.sum(axis=1)
    return Structure(
        quantity_place=np.array([layout.quantity_names.index(name) for name in QUANTITIES]),
        scale_place=np.array([layout.scale_names.index(name) for name in SCALES]),
        quantity_to_sect=layout.quantity_to_sect,
        minority_to_sect=layout.minority_to_sect,
        zero_sum=layout.zero_sum,
        period_months=layout.period_months,
        simplex_start=np.cumsum([0, *sizes]).astype(np.int64),
        to_rank=layout.to_rank,
        to_eliteness=layout.to_eliteness,
        to_proximity=layout.to_proximity,
        to_rest=np.stack(layout.to_rest),
        claimed_sect=np.stack([sect for sect, _, _ in layout.claimed]),
        claimed_part=np.array([parts for _, *parts in layout.claimed]),
        sect_of_cell=layout.sect_of_cell,
        rank_of_cell=layout.rank_of_cell,
        eliteness_of_cell=layout.eliteness_of_cell,
        proximity_of_cell=layout.proximity_of_cell,
        within_sect=within_sect,
    )


def known(terms: Terms, officers: Officers) -> Known:
    """Return evidence and officers as the kernel reads them."""
    arrays = vars(terms) | vars(officers)
    return Known(**{name: arrays[name] for name in Known._fields})
