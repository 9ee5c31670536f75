"""The log-likelihood of evidence rows and officers given the hazard table, and its gradient with respect to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.inference.kernel.arrays import compiled, times, times_transposed
from model.inference.kernel.hazards import Slopes
from model.inference.likelihood import SMALLEST_SHARE


@compiled
def of_evidence(table: Any, log_count_concentration: Any, known: Any) -> Any:
    """Return the log-likelihood of the evidence rows, its `Slopes`, and that of the log concentration of lists."""
    baseline = np.exp(table.log_baseline)
    cumulative = times_transposed(known.months, baseline)
    relative = np.exp(table.log_relative)
    servings, surviving = _servings(table.cell_shares, relative, cumulative, known)
    flows = servings[known.flow_from] - servings[known.flow_to]
    value_shares, of_flows, of_servings = _shares(flows, servings, known)
    value_lists, of_categories, of_concentration = _lists(
        times_transposed(known.category_flow, flows), np.exp(log_count_concentration), known
    )
    of_flows += times(of_categories, known.category_flow)
    for flow in range(len(flows)):
        of_servings[known.flow_from[flow]] += of_flows[flow]
        of_servings[known.flow_to[flow]] -= of_flows[flow]

    of_relative, of_shares = np.zeros_like(relative), np.zeros_like(relative)
    of_cumulative = np.zeros_like(cumulative)
    for member in range(len(surviving)):
        serving, cell = known.member_serving[member], known.member_cell[member]
        date = known.serving_date[serving]
        left = of_servings[serving] * surviving[member]
        of_shares[cell] += left
        lost = left * table.cell_shares[cell] * relative[cell]
        of_relative[cell] -= lost * cumulative[date]
        of_cumulative[date] -= lost
    of_baseline = times(of_cumulative, known.months) * baseline
    return value_shares + value_lists, Slopes(of_relative, of_shares, of_baseline), of_concentration


@compiled
def of_officers(table: Any, known: Any) -> Any:
    """Return the log-likelihood of the officers, and its `Slopes`."""
    value = 0.0
    of_relative, of_baseline = np.zeros_like(table.log_relative), np.zeros_like(table.log_baseline)
    baseline, relative = np.exp(table.log_baseline), np.exp(table.log_relative)
    for cell in range(len(relative)):
        for period in range(len(baseline)):
            events = known.events[cell, period]
            hazard = relative[cell] * known.exposure[cell, period] * baseline[period]
            value += events * (table.log_relative[cell] + table.log_baseline[period]) - hazard
            of_relative[cell] += events - hazard
            of_baseline[period] += events - hazard
    for group in range(len(known.undated_cells)):
        cell, count = known.undated_cells[group], known.undated_counts[group]
        elapsed = 0.0
        for period in range(len(baseline)):
            elapsed += known.undated_months[group, period] * baseline[period]
        cumulative = relative[cell] * elapsed
        left = -np.expm1(-cumulative)
        value += count * np.log(left)
        slope = count * relative[cell] * (1 - left) / left
        of_relative[cell] += slope * elapsed
        for period in range(len(baseline)):
            of_baseline[period] += slope * known.undated_months[group, period] * baseline[period]
    return value, Slopes(of_relative, np.zeros_like(of_relative), of_baseline)


@compiled
def _servings(cell_shares: Any, relative: Any, cumulative: Any, known: Any) -> Any:
    """Return the part of the corps still serving, by serving, nobody last; and by member the chance to be."""
    servings, surviving = np.zeros(len(known.serving_date) + 1), np.empty(len(known.member_cell))
    for member in range(len(surviving)):
        serving, cell = known.member_serving[member], known.member_cell[member]
        surviving[member] = np.exp(-relative[cell] * cumulative[known.serving_date[serving]])
        servings[serving] += cell_shares[cell] * surviving[member]
    return servings, surviving


@compiled
def _shares(flows: Any, servings: Any, known: Any) -> Any:
    """Return the log-likelihood of rates and compositions of the corps, and its gradient of flows and servings."""
    share = flows[known.share_flow] / servings[known.share_serving]
    inside = SMALLEST_SHARE + (1 - 2 * SMALLEST_SHARE) * share
    log_share, log_rest = np.log(inside), np.log1p(-inside)
    value, of_inside = 0.0, np.zeros_like(share)
    for normal in range(len(known.normal_share)):
        k, scale = known.normal_share[normal], known.normal_scale[normal]
        away = (log_share[k] - log_rest[k] - known.normal_location[normal]) / scale
        value += -0.5 * away**2 - np.log(scale) - 0.5 * np.log(2 * np.pi)
        of_inside[k] -= away / scale / (inside[k] * (1 - inside[k]))
    for binomial in range(len(known.binomial_share)):
        k = known.binomial_share[binomial]
        points = (
            known.binomial_weight[binomial]
            + known.binomial_defected[binomial] * log_share[k]
            + known.binomial_stayed[binomial] * log_rest[k]
        )
        total, weights = _log_sum(points)
        value += total
        of_inside[k] += (weights * known.binomial_defected[binomial]).sum() / inside[k]
        of_inside[k] -= (weights * known.binomial_stayed[binomial]).sum() / (1 - inside[k])
    of_flows, of_servings = np.zeros_like(flows), np.zeros_like(servings)
    for k in range(len(share)):
        slope = of_inside[k] * (1 - 2 * SMALLEST_SHARE) / servings[known.share_serving[k]]
        of_flows[known.share_flow[k]] += slope
        of_servings[known.share_serving[k]] -= slope * share[k]
    return value, of_flows, of_servings


@compiled
def _lists(categories: Any, concentration: Any, known: Any) -> Any:
    """Return the Dirichlet-multinomial log-likelihood of the lists, and its gradient.

    Counts are whole numbers, so that a ratio of gamma functions is a rising factorial: log Gamma(n + a) - log Gamma(a)
    is the sum of log(a + k) for k below n, and its derivative the sum of 1 / (a + k).
    """
    value, of_categories, of_concentration = 0.0, np.zeros_like(categories), 0.0
    for number in range(len(known.list_weight)):
        places, padding = known.list_category[number], known.list_padding[number]
        expected = categories[places]
        whole = expected.sum()
        share = (1 - padding) * (SMALLEST_SHARE + expected / whole)
        points = known.list_weight[number].copy()
        slopes = np.zeros((len(points), len(places)))
        of_total = np.zeros(len(points))
        most = int(known.list_count[number].sum(axis=1).max())
        by_total, by_total_slope = _rising(concentration, most)
        for place in range(len(places)):
            rising, slope = _rising(concentration * share[place] + padding[place], most)
            for point in range(len(points)):
                count = int(known.list_count[number, point, place])
                points[point] += rising[count]
                slopes[point, place] = slope[count]
        for point in range(len(points)):
            count = int(known.list_count[number, point].sum())
            points[point] -= by_total[count]
            of_total[point] = by_total_slope[count]
        total, weights = _log_sum(points)
        value += total
        of_place = times(weights, slopes) * concentration * (1 - padding)
        of_concentration += (of_place * share).sum() - concentration * (weights * of_total).sum()
        of_expected = (of_place - (of_place * expected).sum() / whole) / whole
        for place in range(len(places)):
            of_categories[places[place]] += of_expected[place]
    return value, of_categories, of_concentration


@compiled
def _rising(start: Any, most: Any) -> Any:
    """Return, for each n up to the most, log(Gamma(n + start) / Gamma(start)) and its derivative."""
    value, slope = np.zeros(most + 1), np.zeros(most + 1)
    for n in range(most):
        value[n + 1] = value[n] + np.log(start + n)
        slope[n + 1] = slope[n] + 1 / (start + n)
    return value, slope


@compiled
def _log_sum(values: Any) -> Any:
    """Return the log of the sum of exponentials, and the share of each in the sum."""
    highest = values.max()
    parts = np.exp(values - highest)
    total = parts.sum()
    return highest + np.log(total), parts / total
