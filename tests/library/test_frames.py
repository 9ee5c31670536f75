"""Promises about frames: what goes in comes out again, with the numbers of the service and of `score` beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import defection_risk as dr
from defection_risk import answers
from defection_risk.errors import InvalidQuestionError
from model.scoring.errors import ColumnError
from model.scoring.scoring import score
from model.stored import read_table

OFFICERS = pd.DataFrame(
    {
        "name": ["a", "b", "c", "d"],
        "Sect": ["Sunni", None, "alawi", "Sunni"],
        "rank": ["lt col", " ", "general", "lt col"],
        "unit": [np.nan, np.nan, "Republican Guard", np.nan],
    },
    index=[7, 5, 3, 1],
)


def test_a_frame_keeps_its_rows_and_columns(model: dr.Fitted) -> None:
    """Index, order and other columns stay, and the risk columns follow."""
    found = model.assess(OFFICERS)
    pd.testing.assert_frame_equal(found[list(OFFICERS.columns)], OFFICERS)
    assert found.attrs["model"]["version"] == model.version
    assert found.loc[7, "risk_mean"] == found.loc[1, "risk_mean"]
    assert found["in_words"].str.startswith("about").all()


def test_the_numbers_are_those_of_score(model: dr.Fitted, tmp_path: Path) -> None:
    """The columns that `score` writes have the same names and the same numbers, digit for digit."""
    OFFICERS.to_csv(tmp_path / "officers.csv", index=False)
    table = read_table(model.archive, model.version)
    score(table, tmp_path / "officers.csv", tmp_path / "scored.csv", window=table.study.timeline.window)
    scored = pd.read_csv(tmp_path / "scored.csv")
    found = model.assess(OFFICERS).reset_index(drop=True)
    numbers = [name for name in scored.columns if name.startswith("risk_")]
    numbers += ["relative_to_corps", "posterior_contraction", "author_shift"]
    assert list(found.columns) == [*OFFICERS.columns, *numbers, "in_words"]
    pd.testing.assert_frame_equal(found[numbers], scored[numbers], check_exact=True)


def test_the_numbers_are_those_of_the_answer(model: dr.Fitted) -> None:
    """Each row has what the service says of its profile, for the window and the intervals asked for."""
    terms = {"window": {"from": "2012-01-01", "to": "2013-01-01"}, "intervals": [0.8, 0.3]}
    answer = model.ask("/v1/assessments", {"officers": [{"sect": "sunni"}]} | terms)["assessments"][0]
    found = model.assess({"sect": "sunni"}, window=("2012-01-01", "2013-01-01"), intervals=(0.8, 0.3)).iloc[0]
    assert (found["sect"], found["risk_mean"], found["in_words"]) == (
        "sunni", answer["risk"]["mean"], answer["in_words"],
    )  # fmt: skip
    for interval in answer["risk"]["intervals"]:
        for side in ("lower", "upper"):
            assert found[f"risk_{side}_{100 * interval['probability']:g}"] == interval[side]


def test_many_profiles_are_asked_about_in_parts(model: dr.Fitted, monkeypatch: pytest.MonkeyPatch) -> None:
    """More profiles than the service takes are asked about in parts, and a fault in a later part names its own row."""
    monkeypatch.setattr(answers, "MOST_OFFICERS", 2)
    several = pd.DataFrame({"rank": ["general", "colonel", "general", "major", "captain", "nco"]})
    parts = model.assess(several)
    monkeypatch.undo()
    pd.testing.assert_frame_equal(parts.drop(columns="in_words"), model.assess(several).drop(columns="in_words"))
    monkeypatch.setattr(answers, "MOST_OFFICERS", 2)
    several.loc[5, "rank"] = "admiral"
    with pytest.raises(InvalidQuestionError, match=r"^officers\[5\]\.rank: ") as error:
        model.assess(several)
    assert error.value.faults[0].pointer == "/officers/5/rank"


def test_columns_that_say_nothing_or_are_in_the_way_are_told(model: dr.Fitted) -> None:
    """A frame without an attribute, or with a column to be written, is refused; so is a wrong name in a dict."""
    with pytest.raises(ColumnError, match="needs a column of sect, rank"):
        model.assess(pd.DataFrame({"colour": ["red"]}))
    with pytest.raises(ColumnError, match="risk_lower_50: is a column to be written"):
        model.assess(model.assess(OFFICERS[["rank"]]).drop(columns=["risk_mean", "risk_median"]))
    with pytest.raises(InvalidQuestionError, match="must have no members but"):
        model.assess({"colour": "red"})


def test_pairs_are_compared(model: dr.Fitted) -> None:
    """Frames, dicts and lists are compared row by row, one alone with each of the others, as the service does."""
    found = model.compare(OFFICERS, {"sect": "alawite"})
    assert list(found.index) == [7, 5, 3, 1]
    pair = {"first": {"sect": "Sunni", "rank": "lt col"}, "second": {"sect": "alawite"}}
    (answer,) = model.ask("/v1/comparisons", {"pairs": [pair]})["comparisons"]
    row = found.loc[7]
    assert (row["first"], row["second"]) == ("sunni, colonel", "alawite")
    assert row["probability_first_riskier"] == answer["probability_first_riskier"]
    assert (row["ratio"], row["difference"]) == (answer["risk_ratio"]["ratio"], answer["risk_difference"]["mean"])
    with pytest.raises(ValueError, match="these are 4 and 2"):
        model.compare(OFFICERS, [{}, {}])


def test_cases_are_weighed(model: dr.Fitted) -> None:
    """Each case has its probability under every prior set and the posterior; its own day goes before that of all."""
    cases = [{"sect": "alawite"}, {"rank": "general", "by": "2013-01-01"}]
    found = model.surprise(cases, by="2012-08-02", corps=1000)
    assert list(found["by"]) == ["2012-08-02", "2013-01-01"]
    body = {"cases": [{"profile": {"sect": "alawite"}, "by": "2012-08-02"}], "corps": 1000}
    (answer,) = model.ask("/v1/surprises", body)["surprises"]
    told = {each["prior_set"]: each["probability"] for each in answer["priors"]}
    assert found.loc[0, list(told)].to_dict() == told
    assert found.loc[0, "posterior"] == answer["posterior"]["probability"]


def test_an_outlook_is_the_services_tree(model: dr.Fitted) -> None:
    """An outlook holds the whole answer, shown as its sentence, with its course and its counts as frames."""
    force = dr.load_example("force")
    moves = {"contagion": {"ratio": 1.2}}
    found = model.outlook(force, at_least=[5], window=("2012-01-01", "2013-01-01"), moves=moves)
    groups = [
        {name: value for name, value in row.items() if not pd.isna(value)} for row in force.to_dict(orient="records")
    ]
    window = {"from": "2012-01-01", "to": "2013-01-01"}
    body = {"force": groups, "at_least": [5], "window": window, "moves": moves}
    assert found == model.ask("/v1/outlooks", body)
    assert str(found) == found["in_words"] == repr(found).splitlines()[0]
    assert found["in_words"] in found._repr_html_()
    assert list(found.over_time["mean"]) == [point["mean"] for point in found["over_time"]]
    assert found.by_attribute.loc[("sect", "sunni"), "mean"] == found["by_attribute"]["sect"]["sunni"]["mean"]
    assert found.numbers.loc["at least 5", "value"] == found["at_least"][0]["probability"]
    assert found.plot().get_ylabel() == "defected, of 58"


def test_strength_is_a_frame_over_time(model: dr.Fitted) -> None:
    """What is left to fight with is a row a day, by kind and number, with or without moves, as the service tells it."""
    found = model.outlook({"count": 300}, strength={"reliable_below": 0.1}, decisive_widened=True)
    points = found["strength"]["over_time"]
    assert list(found.strength.columns.unique(0)) == ["serving", "deployable", "reliable", "short"]
    assert list(found.strength["reliable"]["median"]) == [point["reliable"]["median"] for point in points]
    assert found.strength.index[-1] == pd.Timestamp(points[-1]["until"])
    assert len(found["decisive_are"]) > 1
    moved = model.outlook({"count": 300}, moves={"militias": {"men": 20}})
    assert "militiamen_needed" in moved.strength.columns.unique(0)
    assert "changed by the moves" in moved.numbers.columns
    assert "reliable" in repr(moved)
    with pytest.raises(KeyError):
        _ = model.outlook({"count": 300}).strength
