"""What the tests of the priors share: the study that most of them ask about, and files that say something else."""

from __future__ import annotations

import pytest

from priors.claims import Claims
from priors.corps import Corps
from priors.study import Study
from priors.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def vocabulary(study: Study) -> Vocabulary:
    """Return its words."""
    return study.vocabulary


@pytest.fixture(scope="session")
def claims(study: Study) -> Claims:
    """Return its claims."""
    return study.claims


@pytest.fixture(scope="session")
def corps(study: Study) -> Corps:
    """Return its armed forces."""
    return study.corps
