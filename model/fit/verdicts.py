"""The verdict of the evidence on a claim: how far it moved the odds of the prediction, and where it left them."""

from __future__ import annotations

from typing import Final

import numpy as np

DECISIVE: Final = 3.0
"""Bayes factor from which evidence counts as speaking for or against a claim (positive: Kass & Raftery 1995)."""

EVEN: Final = 0.5
"""The posterior probability on whose sides a prediction is likely true and likely false."""

SUPPORTED, STRENGTHENED, UNTOUCHED = "supported", "strengthened", "untouched"
WEAKENED, CONTRADICTED, NOT_TESTABLE = "weakened", "contradicted", "not testable"
VERDICTS: Final = (SUPPORTED, STRENGTHENED, UNTOUCHED, WEAKENED, CONTRADICTED, NOT_TESTABLE)

Share = tuple[float, float]
"""The probability of a prediction, and the number of draws that it was found from."""


def judged(before: Share, after: Share) -> tuple[float, str]:
    """Return the Bayes factor of a prediction against its contrary, and the verdict on it.

    Parameters
    ----------
    before, after : tuple of float
        Under the prior and under the posterior.
    """
    factor, error = bayes_factor(before, after)
    return factor, verdict(factor, after[0], error=error)


def verdict(factor: float, probability: float, *, error: float = 0.0) -> str:
    """Return what the evidence makes of a claim.

    Parameters
    ----------
    factor : float
        Bayes factor of the claim's prediction.
    probability : float
        Of the prediction after the evidence.
    error : float
        Standard error of the log of the factor; one that is not decisive beyond two of these is not decisive.
    """
    if abs(np.log(factor)) - 2 * error < np.log(DECISIVE):
        return UNTOUCHED
    if factor > 1:
        return SUPPORTED if probability > EVEN else STRENGTHENED
    return CONTRADICTED if probability < EVEN else WEAKENED


def bayes_factor(before: Share, after: Share) -> tuple[float, float]:
    """Return posterior odds over prior odds, each from a share of draws, and the standard error of its log.

    Half a draw is added to either side of each, which keeps both finite (Haldane 1956; Woolf 1955).
    """
    log_odds, variance = [], 0.0
    for probability, draws in (before, after):
        held, failed = probability * draws + 0.5, (1 - probability) * draws + 0.5
        log_odds.append(np.log(held / failed))
        variance += 1 / held + 1 / failed
    return float(np.exp(log_odds[1] - log_odds[0])), float(np.sqrt(variance))
