"""The table of a back-test: one line for each day and each who forecast, from the forecasts alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from model.backtest.forecasts import Forecast
from model.backtest.scores import covers, crps, log_score, mean


def table(forecasts: Iterable[Forecast]) -> list[dict[str, Any]]:
    """Return the scores of each forecast as values of JSON.

    `log_score` is the sum over terms, with its Monte Carlo standard error; `covered` counts the rows of which the 90 %
    interval holds what came; `crps_log_men` and `crps_share` are means over rows that count men, and over the others.
    """
    return [_line(forecast) for forecast in forecasts]


def _line(forecast: Forecast) -> dict[str, Any]:
    draws = forecast.draws
    score, error = log_score(draws["log_likelihood"].to_numpy())
    rows = list(_rows(draws))
    return {
        "at": str(forecast.at),
        "by": forecast.by,
        "hindsight": list(forecast.hindsight),
        "failed": list(forecast.failed),
        "known": len(forecast.known),
        "terms": draws.sizes["term"],
        "log_score": score,
        "log_score_error": error,
        "rows": len(rows),
        "covered": sum(covers(*bounds) for _, bounds in rows),
        "crps_log_men": mean([crps(*bounds) for in_men, bounds in rows if in_men]),
        "crps_share": mean([crps(*bounds) for in_men, bounds in rows if not in_men]),
    }


def _rows(draws: xr.Dataset) -> Iterator[tuple[bool, tuple[Any, Any, Any]]]:
    """Yield of each row whether it counts men, and its forecast and bounds on the scale that it is scored on."""
    for row in draws["row"]:
        own = draws.sel(row=row)
        values = tuple(own[name].to_numpy() for name in ("forecast", "lowest", "highest"))
        in_men = bool(own["in_men"])
        with np.errstate(divide="ignore"):  # nobody has no log, and is below any bound
            yield in_men, tuple(map(np.log, values)) if in_men else values


def store(forecasts: Iterable[Forecast], path: Path) -> None:
    """Write forecasts as netCDF, a group for each day and each who forecast."""
    groups = {f"{each.at}/{each.by}": each.draws.assign_attrs(_attributes(each)) for each in forecasts}
    path.write_bytes(xr.DataTree.from_dict(groups).to_netcdf(engine="h5netcdf"))


def _attributes(forecast: Forecast) -> dict[str, Any]:
    told = {"known": forecast.known, "hindsight": forecast.hindsight, "failed": forecast.failed}
    return {name: ", ".join(each) for name, each in told.items()}
