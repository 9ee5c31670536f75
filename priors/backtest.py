"""The back-test that a study may keep beside its files: what `defection-risk backtest --json` printed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, fields

from priors.errors import Fault
from priors.strict import Number, StrictSchema, Text, Whole

BACKTEST: Final = "backtest.json"
MOST: Final = 1_000_000

Backtest = Mapping[str, Any]
"""As `BacktestShape` has it."""


class LineShape(StrictSchema):
    """How well one forecaster foresaw, on one day, the rows published later."""

    at = fields.Date(required=True)
    by = Text(required=True)
    hindsight = fields.List(Text(), required=True)
    failed = fields.List(Text(), required=True)
    known = Whole(0, MOST, required=True)
    terms = Whole(1, MOST, required=True)
    log_score = Number(-MOST, MOST, required=True)
    log_score_error = Number(0, MOST, required=True)
    rows = Whole(1, MOST, required=True)
    covered = Whole(0, MOST, required=True)
    crps_log_men = Number(0, MOST, required=True, allow_none=True)
    crps_share = Number(0, 1, required=True, allow_none=True)


class BacktestShape(StrictSchema):
    """`backtest.json`."""

    study = fields.Dict(required=True)
    evidence = Text(required=True)
    made_on = fields.Date(required=True)
    sampling = fields.Dict(required=True)
    naive = fields.Dict(keys=Text(), values=Text(longest=1_000), required=True)
    table = fields.List(fields.Nested(LineShape), required=True)


def read_backtest(content: bytes) -> Backtest:
    """Return a back-test that was kept.

    Raises
    ------
    ValidationError, ValueError
        If the file holds none.
    """
    loaded: Backtest = BacktestShape().load(json.loads(content))
    return loaded


def broken_backtest(files: Mapping[str, bytes]) -> list[Fault]:
    """Return what is wrong with the back-test among the files of a study, if there is one."""
    try:
        if BACKTEST in files:
            read_backtest(files[BACKTEST])
    except (ValidationError, ValueError, RecursionError):
        return [Fault(BACKTEST, 1, "", "must be what `defection-risk backtest --json` prints, or not be there")]
    return []
