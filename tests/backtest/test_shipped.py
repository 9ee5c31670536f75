"""The back-tests that come with studies are of the rows that come with them, and the documents tell them."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.backtest.forecasters import naive_names
from model.evidence.reading import bundled_evidence
from model.evidence.rows import evidence_digest
from priors.study import Study, load_study, study_names

VALIDATION = Path(__file__).parents[2] / "docs" / "validation.md"


@pytest.mark.parametrize("name", [name for name in study_names() if load_study(name).backtest])
def test_a_kept_back_test_is_of_todays_rows(name: str) -> None:
    """Whoever changes a row makes the back-test again; naive forecasts are those of the command."""
    study = load_study(name)
    assert study.backtest is not None
    assert study.backtest["evidence"] == evidence_digest(bundled_evidence(study))
    assert study.backtest["naive"] == naive_names(study)


def test_the_documents_have_the_table(study: Study) -> None:
    """Every line of the table is in docs/validation.md, with its numbers, and so is what naive forecasts assume."""
    assert study.backtest is not None
    text, flat = VALIDATION.read_text(encoding="utf-8"), " ".join(VALIDATION.read_text(encoding="utf-8").split())
    cells = [
        [cell.strip(" *") for cell in line.split("|")[3:-1]] for line in text.splitlines() if line.startswith("| ")
    ]
    for line in study.backtest["table"]:
        marks = " (h)" * bool(line["hindsight"]) + " (!)" * bool(line["failed"])
        men, share = ("" if line[name] is None else line[name] for name in ("crps_log_men", "crps_share"))
        expected = [
            f"{line['by']}{marks}", f"{line['log_score']:.1f}", f"{line['log_score_error']:.2f}",
            f"{line['covered']} of {line['rows']}", men and f"{men:.2f}", share and f"{share:.3f}",
        ]  # fmt: skip
        assert expected in cells
    for name, said in study.backtest["naive"].items():
        assert f"*{name}*: {said}" in flat
