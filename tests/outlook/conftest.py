"""What tests of outlooks share."""

from __future__ import annotations

import pytest

from model.risk.table import RiskTable
from tests.support.risk_tables import synthetic_table


@pytest.fixture(scope="module")
def table() -> RiskTable:
    """Return a table of random draws, few enough to be simulated in a moment."""
    return synthetic_table(draws=40)
