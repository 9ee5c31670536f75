"""Evidence rows collapsed to the arrays that the likelihood is computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.evidence.points import IMPOSSIBLE, SMALL_COUNT, binomial_points, list_points, logit_normal
from model.evidence.rows import EvidenceRow, RowGroup
from priors.study import Window
from priors.vocabulary import Vocabulary

FloatArray = NDArray[np.float64]
IndexArray = NDArray[np.intp]


@dataclass(frozen=True)
class Terms:
    """What the evidence says, as arrays over the parts of the corps that it speaks of.

    A *serving* is the expected share of the corps that belongs to a set of cells and still serves at a date; a *flow*
    is one less another: those of a set who defect between two dates.

    Attributes
    ----------
    member_serving, member_cell : ndarray of int, shape (member,)
        The cells of every serving, one after the other.
    serving_date : ndarray of int, shape (serving,)
    months : ndarray, shape (date, period)
        Months of each period from the start of the study to each date.
    flow_from, flow_to : ndarray of int, shape (flow,)
        The two servings of each flow; the one after the last is nobody.
    share_flow, share_serving : ndarray of int, shape (share,)
        Each share is a flow over a serving.
    normal_share, normal_location, normal_scale : ndarray, shape (normal,)
        Which share is normal on the logit, about what, and how widely.
    binomial_share : ndarray of int, shape (binomial,)
        Which share is that of a binomial known within bounds.
    binomial_defected, binomial_stayed, binomial_weight : ndarray, shape (binomial, point)
        The numbers summed over, and the log of coefficient and weight.
    category_flow : ndarray, shape (category, flow)
        The signed sum of flows that is expected in each category of the lists; the last row is empty.
    list_category : ndarray of int, shape (list, place)
        The categories of each list, padded with the empty one.
    list_padding : ndarray, shape (list, place)
        One at a padded place.
    list_count : ndarray, shape (list, point, place)
        The count vectors summed over.
    list_weight : ndarray, shape (list, point)
        Log of coefficient and weight of each.
    term_rows : tuple of tuple of str
        Ids of the rows of each term of the log-likelihood: normals, binomials, lists.
    row_ids : tuple of str
        All rows, in the order given.
    row_share, row_category : tuple of int
        Where a row's expected share is found: among the shares, or among the categories (-1 where not).
    """

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
    term_rows: tuple[tuple[str, ...], ...]
    row_ids: tuple[str, ...]
    row_share: tuple[int, ...]
    row_category: tuple[int, ...]


def collapse(groups: Sequence[RowGroup], vocabulary: Vocabulary) -> Terms:
    """Return the likelihood's arrays for evidence rows.

    Parameters
    ----------
    groups : sequence of RowGroup
        Rows, those of one multinomial together.
    """
    builder = _Builder(vocabulary)
    for group in groups:
        if group.kind in ("rate", "corps_composition"):
            for row in group.rows:
                builder.add_share(row)
        else:
            builder.add_list(group)
    return builder.terms(tuple(row.id for group in groups for row in group.rows))


@dataclass
class _Builder:
    """Gathers sets, dates, flows and terms as rows come in."""

    vocabulary: Vocabulary
    sets: dict[bytes, IndexArray] = field(default_factory=dict)
    servings: dict[tuple[int, date], int] = field(default_factory=dict)
    flows: dict[tuple[int, int | None], int] = field(default_factory=dict)
    shares: list[tuple[str, int, int]] = field(default_factory=list)
    normals: list[tuple[str, int, float, float]] = field(default_factory=list)
    binomials: list[tuple[str, int, FloatArray]] = field(default_factory=list)
    categories: list[tuple[str, dict[int, float]]] = field(default_factory=list)
    lists: list[tuple[tuple[str, ...], list[int], FloatArray, FloatArray]] = field(default_factory=list)

    def add_share(self, row: EvidenceRow) -> None:
        """Add a rate, or a share of the corps."""
        whole = self._set(row.population_mask(self.vocabulary))
        at = row.window.start
        if row.kind == "rate":
            flow = self._flow(whole, at, row.window.end)
        else:
            flow = self._flow(self._set(row.attribute_mask(self.vocabulary)), at, None)
        self.shares.append((row.id, flow, self._serving(whole, at)))
        share = len(self.shares) - 1
        if not row.counts_shares and row.count_high <= SMALL_COUNT:
            self.binomials.append((row.id, share, binomial_points(row)))
        else:
            self.normals.append((row.id, share, *logit_normal(row)))

    def add_list(self, group: RowGroup) -> None:
        """Add the rows of one list of defectors, divided by an attribute or by date."""
        first = len(self.categories)
        whole = self._set(group.rows[0].population_mask(self.vocabulary))
        for row in group.rows:
            part = whole if row.attribute is None else self._set(row.attribute_mask(self.vocabulary))
            self.categories.append((row.id, {self._flow(part, row.window.start, row.window.end): 1.0}))
        if group.has_remainder:
            window = self.vocabulary.study.window if group.kind == "timing" else group.rows[0].window
            rest = {self._flow(whole, window.start, window.end): 1.0}
            for _, flows in self.categories[first:]:
                rest |= {flow: rest.get(flow, 0.0) - sign for flow, sign in flows.items()}
            self.categories.append(("", rest))
        counts, weights = list_points(group)
        ids = tuple(row.id for row in group.rows)
        self.lists.append((ids, list(range(first, len(self.categories))), counts, weights))

    def terms(self, row_ids: tuple[str, ...]) -> Terms:
        """Return the arrays of all that was added."""
        dates = sorted({day for _, day in self.servings})
        start = self.vocabulary.study.window.start
        cells = list(self.sets.values())
        members = [cells[part] for part, _ in self.servings]
        share_of = {row_id: i for i, (row_id, *_) in enumerate(self.shares)}
        category_of = {row_id: i for i, (row_id, _) in enumerate(self.categories) if row_id}
        points = _stacked([points for *_, points in self.binomials], width=3)
        return Terms(
            member_serving=np.repeat(np.arange(len(members)), [len(cells) for cells in members]),
            member_cell=np.concatenate([np.zeros(0, dtype=np.intp), *members]),
            serving_date=_indices(dates.index(day) for _, day in self.servings),
            months=np.array([self.vocabulary.study.months(Window(start, day)) for day in dates]).reshape(
                -1, len(self.vocabulary.study.periods)
            ),
            flow_from=_indices(key[0] for key in self.flows),
            flow_to=_indices(len(members) if key[1] is None else key[1] for key in self.flows),
            share_flow=_indices(share[1] for share in self.shares),
            share_serving=_indices(share[2] for share in self.shares),
            normal_share=_indices(normal[1] for normal in self.normals),
            normal_location=np.array([normal[2] for normal in self.normals], dtype=float),
            normal_scale=np.array([normal[3] for normal in self.normals], dtype=float),
            binomial_share=_indices(binomial[1] for binomial in self.binomials),
            binomial_defected=points[..., 0],
            binomial_stayed=points[..., 1],
            binomial_weight=points[..., 2],
            category_flow=self._category_flow(),
            **self._list_arrays(),
            term_rows=(
                *((normal[0],) for normal in self.normals),
                *((binomial[0],) for binomial in self.binomials),
                *(entry[0] for entry in self.lists),
            ),
            row_ids=row_ids,
            row_share=tuple(share_of.get(row_id, -1) for row_id in row_ids),
            row_category=tuple(category_of.get(row_id, -1) for row_id in row_ids),
        )

    def _set(self, mask: NDArray[np.bool_]) -> int:
        key = mask.tobytes()
        self.sets.setdefault(key, np.flatnonzero(mask))
        return list(self.sets).index(key)

    def _flow(self, part: int, start: date, end: date | None) -> int:
        key = self._serving(part, start), None if end is None else self._serving(part, end)
        return self.flows.setdefault(key, len(self.flows))

    def _serving(self, part: int, day: date) -> int:
        return self.servings.setdefault((part, day), len(self.servings))

    def _category_flow(self) -> FloatArray:
        matrix = np.zeros((len(self.categories) + 1, len(self.flows)))
        for i, (_, parts) in enumerate(self.categories):
            for flow, sign in parts.items():
                matrix[i, flow] = sign
        return matrix

    def _list_arrays(self) -> dict[str, Any]:
        places = max((len(entry[1]) for entry in self.lists), default=1)
        points = max((len(entry[3]) for entry in self.lists), default=1)
        category = np.full((len(self.lists), places), len(self.categories), dtype=np.intp)
        count = np.zeros((len(self.lists), points, places))
        weight = np.full((len(self.lists), points), IMPOSSIBLE)
        for i, (_, categories, counts, weights) in enumerate(self.lists):
            category[i, : len(categories)] = categories
            count[i, : len(weights), : len(categories)] = counts
            weight[i, : len(weights)] = weights
        return {
            "list_category": category,
            "list_padding": (category == len(self.categories)).astype(float),
            "list_count": count,
            "list_weight": weight,
        }


def _stacked(arrays: list[FloatArray], *, width: int) -> FloatArray:
    """Stack ragged (point, width) arrays, padding with points of no weight."""
    longest = max((len(array) for array in arrays), default=1)
    stacked = np.zeros((len(arrays), longest, width))
    stacked[..., -1] = IMPOSSIBLE
    for i, array in enumerate(arrays):
        stacked[i, : len(array)] = array
    return stacked


def _indices(values: object) -> IndexArray:
    return np.fromiter(values, dtype=np.intp)  # type: ignore[call-overload,no-any-return]
