"""Fixtures that are dear and shared: the model is compiled once, and fitted to the bundled evidence once."""

from __future__ import annotations

import os

# Before NumPy is imported, or chains in parallel fight over threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from pathlib import Path

    from model.fit.examination import Examination
    from model.fit.fitting import Compiled, Fit
    from model.fit.problem import Problem
    from priors.study import Study


TOGETHER = {
    "tests/backtest/": "the forecasts",
    "tests/cli/test_commands.py": "the one fit",
    "tests/docs/": "the one fit",
    "tests/fit/": "the one fit",
    "tests/report/": "the reports",
}
"""Files whose tests share something dear, made once in each process."""


class BySharing(LoadScopeScheduling):
    """Gives all tests of a file to one process, and all that share something dear."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((shared for start, shared in TOGETHER.items() if file.startswith(start)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySharing:
    """Return what shares tests out where several processes run them."""
    return BySharing(config, log)


@pytest.fixture(scope="session")
def study() -> Study:
    """Return the study that comes with the project."""
    from priors.study import load_study  # noqa: PLC0415 - heavy

    return load_study()


@pytest.fixture(scope="session")
def bundled_problem(study: Study) -> Problem:
    """Return the problem of the default fit: pooled priors, bundled evidence, no officers."""
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.fit.problem import pose  # noqa: PLC0415 - heavy
    from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

    vocabulary = study.vocabulary
    return pose(study, elicit_prior_set(study, "pooled"), bundled_evidence(study), read_officers([], vocabulary))


@pytest.fixture(scope="session")
def compiled(bundled_problem: Problem) -> Compiled:
    """Return the compiled model."""
    from model.fit.fitting import Compiled  # noqa: PLC0415 - heavy

    return Compiled.of(bundled_problem)


@pytest.fixture(scope="session")
def bundled_fit(bundled_problem: Problem, compiled: Compiled) -> Fit:
    """Return the fit under the claims of all articles, as `defection-risk refit` makes it."""
    from model.fit.fitting import fit  # noqa: PLC0415 - heavy
    from model.fit.sampling import Sampling  # noqa: PLC0415 - heavy

    return fit(compiled, bundled_problem, Sampling())


@pytest.fixture(scope="session")
def examination(bundled_fit: Fit, study: Study) -> Examination:
    """Return the default fit examined."""
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.fit.examination import examine  # noqa: PLC0415 - heavy

    return examine(bundled_fit, study, bundled_evidence(study))


@pytest.fixture(scope="session")
def home(bundled_fit: Fit, examination: Examination, study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an archive that serves the default fit; not to be written to."""
    from model.archive import Archive  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.refitting.publishing import publish  # noqa: PLC0415 - heavy

    folder, rows = tmp_path_factory.mktemp("home"), bundled_evidence(study)
    publish(bundled_fit, examination, study, rows, archive=Archive(folder))
    return folder
