"""The table of a back-test, made again from the stored forecasts by hand."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from click.testing import CliRunner

from cli.main import commands
from model.backtest.forecasts import Forecast
from model.backtest.table import store, table
from tests.support.made_up import FLEET, GARRISON, STUDIES


def by_hand(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the scores of stored forecasts, in plain Python: one draw, one row, one term at a time."""
    found = {}
    with xr.open_datatree(path, engine="h5netcdf") as tree:
        for at, of_day in tree.children.items():
            for by, group in of_day.children.items():
                own = group.to_dataset()
                log_score = 0.0
                for term in own["log_likelihood"].to_numpy().tolist():
                    log_score += math.log(math.fsum(math.exp(each) for each in term) / len(term))
                held, off_men, off_share = 0, [], []
                for row in range(own.sizes["row"]):
                    forecast = sorted(own["forecast"].to_numpy()[row].tolist())
                    low, high = (float(own[name][row]) for name in ("lowest", "highest"))
                    held += quantile(forecast, 0.05) <= high and quantile(forecast, 0.95) >= low
                    if bool(own["in_men"][row]):
                        scale = [math.log(each) for each in forecast]
                        off_men.append(crps(scale, math.log(low) if low else -math.inf, math.log(high)))
                    else:
                        off_share.append(crps(forecast, low, high))
                found[at, by] = {
                    "log_score": log_score,
                    "covered": held,
                    "crps_log_men": sum(off_men) / len(off_men) if off_men else None,
                    "crps_share": sum(off_share) / len(off_share) if off_share else None,
                    "known": len([each for each in own.attrs["known"].split(", ") if each]),
                }
    return found


def quantile(values: list[float], probability: float) -> float:
    """Return a quantile of sorted values, straight between neighbours."""
    place = probability * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def crps(forecast: list[float], low: float, high: float) -> float:
    """Return the score by the double sum over draws of how far each lies beyond the bounds."""
    off = [each - low if each < low else each - high if each > high else 0.0 for each in forecast]
    apart = sum(abs(one - other) for one in off for other in off) / len(off) ** 2
    return sum(map(abs, off)) / len(off) - apart / 2


def test_the_table_is_what_the_stored_forecasts_come_to(
    garrison_forecasts: tuple[Forecast, ...], tmp_path: Path
) -> None:
    """A scorer written by hand, who has the stored draws and nothing else, finds every number of the table."""
    path = tmp_path / "forecasts.nc"
    store(garrison_forecasts, path)
    again = by_hand(path)
    lines = table(garrison_forecasts)
    assert len(again) == len(lines) == 2 * 4
    for line in lines:
        for name, value in again[line["at"], line["by"]].items():
            assert line[name] == (None if value is None else pytest.approx(value, rel=1e-9)), (line["by"], name)


def test_the_command_prints_the_table(tmp_path: Path) -> None:
    """The command tells who forecast what, how well and with what hindsight, and keeps the forecasts it is asked to."""
    at, kept = "1903-06-30", tmp_path / "forecasts.nc"
    options = ["--study", str(STUDIES / GARRISON), "backtest", "--at", at, "--draws", "60", "--backend", "sequential"]
    result = CliRunner().invoke(commands, [*options, "--json", "-o", str(kept)])
    assert result.exit_code == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["study"]["name"] == GARRISON
    assert list(said["naive"]) == ["constant rate", "origin alone", "no change"]
    assert [line["by"] for line in said["table"]] == ["witness", *said["naive"]]
    assert [line["hindsight"] for line in said["table"]] == [["witness"], [], [], []]
    assert {line["at"] for line in said["table"]} == {at}
    again = by_hand(kept)
    for line in said["table"]:
        assert line["log_score"] == pytest.approx(again[at, line["by"]]["log_score"])


@pytest.mark.parametrize("study", [GARRISON, FLEET])
def test_a_day_must_leave_something_to_forecast(study: str) -> None:
    """After the last publication there is nothing to foresee, and the command says so before it fits anything."""
    result = CliRunner().invoke(commands, ["--study", str(STUDIES / study), "backtest", "--at", str(date.max)])
    assert result.exit_code == 2
    assert "--at 9999-12-31: must leave something to forecast; no row was published later" in result.stderr
