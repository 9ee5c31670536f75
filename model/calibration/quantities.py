"""What ranks are taken of: everything a reader is told of the posterior, and the log-likelihood of the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.fit.draws import Draws, row_draws
from model.fit.hazard import Layout
from model.fit.panel import PANEL
from model.fit.problem import Problem
from priors.corps import CLASSES
from priors.vocabulary import Vocabulary

FloatArray = NDArray[np.float64]


def ranked_quantities(draws: Draws, problem: Problem, vocabulary: Vocabulary) -> dict[str, FloatArray]:
    """Return every quantity whose rank is taken, each of shape (draw,): those of the parameters, and log-likelihoods.

    Parameters
    ----------
    draws : Draws
        Flattened.

    Notes
    -----
    The joint log-likelihood is among them because it depends on the data: it sees what no function of the
    parameters alone can, such as a posterior that ignores part of the data (Modrak et al. 2023).
    """
    # The replicates of rows that come along are not looked at, so any seed will do.
    rows = row_draws(draws, problem, np.random.default_rng(0))
    of_evidence, of_officers = rows.log_likelihood.sum(axis=1), rows.officers_log_likelihood
    return {
        **parameter_quantities(draws, problem.layout, vocabulary),
        "log-likelihood of the evidence": of_evidence,
        "log-likelihood of the officers": of_officers,
        "log-likelihood of all data": of_evidence + of_officers,
    }


def parameter_quantities(draws: Draws, layout: Layout, vocabulary: Vocabulary) -> dict[str, FloatArray]:
    """Return every number of the fit that a reader is told of, each of the leading dimensions of the draws."""
    parameters, tables, sects = draws.parameters, draws.tables, vocabulary["sect"].names
    months = vocabulary.study.months(vocabulary.study.window)
    cumulative = np.log(np.exp(tables.baseline) @ months)
    return {
        **_columns("", layout.quantity_names, parameters.quantities),
        **_columns("", layout.scale_names, parameters.scales),
        "log_count_concentration": parameters.log_count_concentration,
        **_columns("rank shape: ", vocabulary["rank"].names[1:-1], tables.rank[..., 1:-1]),
        **_columns("eliteness shape: ", vocabulary["eliteness"].names[1:-1], tables.eliteness[..., 1:-1]),
        **_columns("proximity shape: ", vocabulary["proximity"].names[1:-1], tables.proximity[..., 1:-1]),
        **_columns("eliteness by sect: ", sects, tables.eliteness_by_sect),
        **_columns("proximity by sect: ", sects, tables.proximity_by_sect),
        **_columns("baseline: ", vocabulary.study.period_names, tables.baseline),
        **_columns(f"share of {CLASSES[0]}: ", sects, tables.sect_shares[0]),
        **_columns(f"share of {CLASSES[1]}: ", sects, tables.sect_shares[1]),
        **{
            f"log hazard: {name}": tables.log_relative_hazard[..., vocabulary.cell(profile)] + cumulative
            for name, profile in PANEL
        },
    }


def _columns(prefix: str, names: tuple[str, ...], values: FloatArray) -> dict[str, FloatArray]:
    return {f"{prefix}{name}": values[..., i] for i, name in enumerate(names)}
