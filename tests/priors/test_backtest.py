"""The back-test that a study may keep: read if it is there, told if it is none, and part of no digest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from priors.backtest import BACKTEST
from priors.errors import StudyError
from priors.study import load_study, read_files
from tests.support.backtests import kept, line
from tests.support.made_up import GARRISON, STUDIES
from tests.support.rewritten import written

KEPT = kept(line("1903-06-30", "witness", -3.5))


def test_a_back_test_is_read_where_it_is_kept(tmp_path: Path) -> None:
    """A folder with a back-test is the same study, by its digest too, and has it; one without has none."""
    bare = load_study(STUDIES / GARRISON)
    study = load_study(written(tmp_path / GARRISON, read_files(STUDIES / GARRISON) | {BACKTEST: KEPT}))
    assert bare.backtest is None
    assert study.digest == bare.digest
    assert study.backtest is not None
    assert study.backtest["made_on"] == date(2026, 11, 22)
    assert [each["by"] for each in study.backtest["table"]] == ["witness"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        kept(line("1903-06-30", "witness", -3.5, covered="all")),
        kept(line("some day", "witness", -3.5)),
        kept({"at": "1903-06-30"}),
        KEPT.replace(b'"naive"', b'"native"'),
    ],
    ids=["empty", "a list", "no text", "deep", "a word for a number", "no day", "a line cut short", "another name"],
)
def test_what_is_no_back_test_is_told(tmp_path: Path, content: bytes) -> None:
    """A file of that name that holds something else is a mistake of the study, by its name."""
    folder = written(tmp_path / GARRISON, read_files(STUDIES / GARRISON) | {BACKTEST: content})
    with pytest.raises(StudyError) as caught:
        load_study(folder)
    (fault,) = caught.value.faults
    assert fault.file == BACKTEST
    assert "`defection-risk backtest --json`" in str(fault)
