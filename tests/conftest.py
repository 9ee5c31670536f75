"""Fixtures that are dear and shared: the model is compiled once, and fitted to the bundled evidence once."""

from __future__ import annotations

import os

# Before NumPy is imported, or chains in parallel fight over threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from model.inference.knowledge import Knowledge
    from model.inference.refit import Fit
    from model.inference.sampling import Problem, Sampler


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """Return the vocabulary, the claims and the corps as bundled."""
    from model.inference.knowledge import load_knowledge  # noqa: PLC0415 - heavy

    return load_knowledge()


@pytest.fixture(scope="session")
def bundled_problem(knowledge: Knowledge) -> Problem:
    """Return the problem of the default fit: pooled priors, bundled evidence, no officers."""
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.inference.refit import pose  # noqa: PLC0415 - heavy

    vocabulary = knowledge.vocabulary
    return pose(knowledge, knowledge.prior_set("pooled"), bundled_evidence(vocabulary), read_officers([], vocabulary))


@pytest.fixture(scope="session")
def sampler(bundled_problem: Problem) -> Sampler:
    """Return the compiled model."""
    from model.inference.sampling import Sampler  # noqa: PLC0415 - heavy

    return Sampler.compile(bundled_problem)


@pytest.fixture(scope="session")
def bundled_fit(knowledge: Knowledge, bundled_problem: Problem, sampler: Sampler) -> Fit:
    """Return the default fit, as `defection-risk refit` makes it."""
    from model.inference.refit import fit  # noqa: PLC0415 - heavy
    from model.inference.sampling import Sampling  # noqa: PLC0415 - heavy

    return fit(sampler, bundled_problem, knowledge.vocabulary, Sampling())
