"""Evidence that PyMC has no distribution for: counts known within bounds, and defections under a known exposure.

What is seen of a count is the interval that it falls in: as wide as the bounds of its row, intervals being laid end
to end so that the row's own is one of them. The likelihood of an interval is the sum over the counts and totals in
it, or of a logistic error about a continuous scale. A replicate is drawn, then told by the lower end of its interval,
as the row itself is. A row that is doubted has a weight, the power to which its likelihood is raised (Ibrahim & Chen
2000).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pymc.distributions.shape_utils import rv_size_is_none
from scipy.special import gammaln

from model.evidence.points import IMPOSSIBLE, Grid
from model.fit.design import Bounded, Lists, SmallCounts


def bounded(name: str, location: Any, rows: Bounded) -> Any:
    """Add rows known within bounds, with a logistic error about their location, as an observed node.

    Parameters
    ----------
    location : variable, shape (row,)
        On the scale of the bounds: the log of the men counted, or the logit of the share.
    """
    width, scale = rows.upper - rows.lower, rows.softness
    edge = np.where(np.isfinite(rows.lower), rows.lower, rows.upper)  # the one bound, where there is no other

    def logp(low: Any, location: Any, weight: Any) -> Any:
        # As `model.evidence.points.log_interval`: what is left out does not move with the location.
        high = pt.switch(np.isfinite(width), low + width, pt.switch(pt.isinf(low), edge, np.inf))
        kept = log_kept(location - low, low, scale) + log_kept(high - location, high, scale)
        return weight * (kept + np.log(-np.expm1(-width / scale)))

    def dist(location: Any, weight: Any, size: Any) -> Any:  # noqa: ARG001 - PyMC's signature
        drawn = pm.Logistic.dist(location, scale, size=size)
        own = pt.floor((drawn - edge) / width) * width + edge
        return pt.switch(np.isfinite(width), own, pt.switch(pt.gt(drawn, edge), edge, -np.inf))

    low = pm.Data(f"{name}_reported", rows.lower, shape=rows.lower.shape)
    weight = weights(name, rows.weight)
    return pm.CustomDist(
        name, location, weight, logp=logp, dist=dist, signature="(),()->()", observed=low, dims=rows.dim
    )


def weights(name: str, values: Any) -> Any:
    """Return the weights of the rows of a node as data: other ones make another fit of the same compiled model."""
    return pm.Data(f"{name}_weight", values, shape=values.shape)


def log_kept(inside: Any, bound: Any, scale: Any) -> Any:
    """Return the log probability that a logistic error does not carry a variable beyond a bound.

    Parameters
    ----------
    inside : variable, shape (row,)
        How far the variable lies inside the bound.
    bound : variable, shape (row,)
        Infinite where there is none. Both sides of a switch have a slope in JAX, which must be finite.
    """
    return pt.switch(pt.isinf(bound), 0.0, -pt.softplus(-pt.switch(pt.isinf(bound), 0.0, inside) / scale))


def small_counts(name: str, share: Any, rows: SmallCounts) -> Any:
    """Add rows of one count each, binomial out of a total, as an observed node.

    Parameters
    ----------
    share : variable, shape (row,)
        Of those at risk, the share that is counted.
    """
    grid = rows.grid

    def logp(low: Any, share: Any, weight: Any) -> Any:
        counts, allowed = counts_of(pt.stack([low, pt.zeros_like(low)], axis=1), grid)
        log_share = pt.log(pt.stack([share, 1 - share], axis=1))[:, :, None]
        by_count = counts * log_share - pt.gammaln(counts + 1.0)
        return weight * log_sum(by_count, log_factorial(grid.total), allowed, grid)

    def dist(share: Any, weight: Any, size: Any) -> Any:  # noqa: ARG001 - PyMC's signature
        total = pm.DiscreteUniform.dist(grid.total_low, grid.total_high, size=share.shape)
        return lowest(pm.Binomial.dist(n=total, p=share, size=size), grid.low[:, 0], grid.width[:, 0])

    low = pm.Data(f"{name}_reported", grid.low[:, 0], shape=(len(grid.low),))
    weight = weights(name, rows.weight)
    return pm.CustomDist(name, share, weight, logp=logp, dist=dist, signature="(),()->()", observed=low, dims=rows.dim)


def lists(name: str, alpha: Any, rows: Lists) -> Any:
    """Add lists of defectors, Dirichlet-multinomial out of a total, as an observed node.

    Parameters
    ----------
    alpha : variable, shape (list, place)
        The Dirichlet concentrations of the places of each list.
    """
    grid = rows.grid

    def logp(low: Any, alpha: Any, weight: Any) -> Any:
        counts, allowed = counts_of(low, grid)
        each, whole = alpha[:, :, None], alpha.sum(axis=1)[:, None]
        then, now, start, end, ways = gammalns(each + counts, each, whole, whole + grid.total, counts + 1.0)
        return weight * log_sum(then - now - ways, log_factorial(grid.total) + start - end, allowed, grid)

    def dist(alpha: Any, weight: Any, size: Any) -> Any:  # noqa: ARG001 - PyMC's signature
        gamma = pm.Gamma.dist(alpha, 1.0, size=full_shape(alpha, size))
        total = pm.DiscreteUniform.dist(grid.total_low, grid.total_high, size=gamma.shape[:-1])
        count = pm.Multinomial.dist(n=total, p=gamma / gamma.sum(axis=-1, keepdims=True))
        return pt.switch(np.equal(grid.width, 0), 0, lowest(count, grid.low, np.maximum(grid.width, 1)))

    low = pm.Data(f"{name}_reported", grid.low, shape=grid.low.shape)
    weight, dims = weights(name, rows.weight), ("list", "place")
    return pm.CustomDist(name, alpha, weight, logp=logp, dist=dist, signature="(k),()->(k)", observed=low, dims=dims)


def dated_defections(name: str, log_hazard: Any, events: Any, exposure: Any, *, dims: tuple[str, str]) -> Any:
    """Add counts of defections under a hazard met for a known time, as an observed node.

    The density is the Poisson's less what does not move with the hazard, which is finite where nobody is at risk.

    Parameters
    ----------
    log_hazard : variable, shape (cell, period)
        Of one officer in one month.
    exposure : ndarray, shape (cell, period)
        Months.
    """

    def logp(events: Any, log_hazard: Any) -> Any:
        return (events * log_hazard - exposure * pt.exp(log_hazard)).sum(axis=1)

    def dist(log_hazard: Any, size: Any) -> Any:
        return pm.Poisson.dist(exposure * pt.exp(log_hazard), size=full_shape(log_hazard, size))

    seen = pm.Data(f"{name}_reported", events)
    return pm.CustomDist(name, log_hazard, logp=logp, dist=dist, signature="(p)->(p)", observed=seen, dims=dims)


def counts_of(low: Any, grid: Grid) -> tuple[Any, Any]:
    """Return the counts that points choose among, shape (row, place, choice), and which of them the bounds allow.

    Parameters
    ----------
    low : variable, shape (row, place)
        The lowest count of each place.
    """
    others = (low * (1 - grid.implied)).sum(axis=1)[:, None]
    counts = pt.switch(grid.implied, -others, low)[:, :, None] + grid.offset
    above = counts - low[:, :, None]
    within = pt.ge(above, 0) & pt.lt(above, grid.width[:, :, None])
    return counts, pt.ge(counts, 0) & (within | np.equal(grid.width, 0)[:, :, None])


def log_sum(by_count: Any, by_total: Any, allowed: Any, grid: Grid) -> Any:
    """Return the log probability of each row, shape (row,): a sum over the points of its grid.

    Parameters
    ----------
    by_count, allowed : variable, shape (row, place, choice)
        What each count adds to the log probability of a point, and whether it may.
    by_total : variable, shape (row, choice)
        What each total adds.

    Notes
    -----
    Points are many, and choose among few counts and totals: what is dear is worked out for each of these once.
    """
    by_count = pt.switch(allowed, by_count, IMPOSSIBLE).reshape((len(grid.low), -1))
    by_point = pt.matmul(grid.chosen, pt.concatenate([by_count, by_total], axis=1)[:, :, None])[:, :, 0]
    return pt.logsumexp(grid.log_weight + by_point, axis=1)


def log_factorial(number: Any) -> Any:
    """Return the log of the factorial of known whole numbers."""
    return gammaln(number + 1.0)


def gammalns(*values: Any) -> tuple[Any, ...]:
    """Return the log gamma of several arrays, by one call: to a compiler each call is dozens of operations."""
    joined = pt.gammaln(pt.concatenate([value.ravel() for value in values]))
    ends = np.cumsum([0, *(int(np.prod(value.type.shape)) for value in values)])
    return tuple(joined[a:b].reshape(value.shape) for value, a, b in zip(values, ends[:-1], ends[1:], strict=True))


def lowest(count: Any, low: Any, width: Any) -> Any:
    """Return the lowest count of the interval that a count falls in; the first interval may begin below zero."""
    start = low % width
    return (count - start) // width * width + start


def full_shape(parameter: Any, size: Any) -> Any:
    """Return the shape of draws by place, for a size that leaves the places out."""
    return parameter.shape if rv_size_is_none(size) else pt.concatenate([size, parameter.shape[-1:]])
