"""Promises about what a model is given: files and frames are held to the same rules, and the examples are sound."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import defection_risk as dr
from defection_risk.inputs import read_individuals, read_rows
from model.evidence.errors import InvalidFileError
from model.evidence.reading import bundled_evidence
from model.fit.errors import UnfitSamplingError
from model.fit.sampling import Sampling
from priors.errors import UnknownPriorSetError
from priors.study import EVIDENCE, Study


def test_a_frame_is_read_as_a_file_is(study: Study, tmp_path: Path) -> None:
    """Officers in a frame, with real dates and flags, and in a file are the same officers."""
    frame = dr.load_example("officers")
    frame.to_csv(tmp_path / "officers.csv", index=False)
    typed = frame.assign(
        defected=frame["defected"] == "yes", **{name: pd.to_datetime(frame[name]) for name in ("from", "to")}
    )
    of_file, of_frame, of_typed = (read_individuals(each, study) for each in (tmp_path / "officers.csv", frame, typed))
    assert of_file.count == of_frame.count == of_typed.count == 300
    for other in (of_frame, of_typed):
        assert (of_file.exposure == other.exposure).all()
        assert (of_file.undated_counts == other.undated_counts).all()


def test_rows_in_a_frame_are_rows(study: Study, tmp_path: Path) -> None:
    """Evidence rows may come as a frame, with numbers as numbers, beside the study's own or in their place."""
    (tmp_path / "rows.csv").write_bytes(study.files[EVIDENCE])
    rows = pd.read_csv(tmp_path / "rows.csv")
    assert read_rows(rows, study) == read_rows("bundled", study) == bundled_evidence(study)
    one = rows[rows["kind"] == "rate"].head(1).assign(id="X1")
    assert [row.id for row in read_rows(["bundled", one], study)][-1] == "X1"
    assert read_rows(None, study) == ()


def test_a_frame_that_breaks_a_rule_is_told_by_row_and_column(study: Study) -> None:
    """The faults of a frame are those of a file, all of them at once."""
    frame = dr.load_example("officers").head(3)
    frame.loc[1, "rank"], frame.loc[2, "defected"] = "admiral", "perhaps"
    with pytest.raises(InvalidFileError) as error:
        read_individuals(frame, study)
    told = str(error.value)
    assert "officers-1.csv" in told
    assert all(words in told for words in ("row 2", "rank", "row 3", "defected"))


def test_a_model_is_checked_before_it_is_fitted() -> None:
    """Prior sets and samplings that there cannot be are refused before anything is sampled."""
    with pytest.raises(UnknownPriorSetError, match="nearest: pooled"):
        dr.Model(priors="poled").fit()
    with pytest.raises(UnfitSamplingError, match="must be at least 50, in at least 2 --chains"):
        dr.Model().fit(draws=10)
    with pytest.raises(UnfitSamplingError, match="must be one of numpyro, nutpie, pymc"):
        dr.Model().fit(sampler="stan")


def test_a_model_says_what_is_to_be_fitted(study: Study) -> None:
    """By default each article's prior set and that of all are to be fitted, the last of them answering."""
    model = dr.Model(without=("K17",))
    refit = model.refit(evidence=None, officers=dr.load_example("officers"), sampling=Sampling())
    assert [each.name for each in refit.prior_sets] == list(study.claims.prior_sets)
    assert {each.without for each in refit.prior_sets} == {("K17",)}
    assert str(refit) == ("syria: al-kattan, stratfor, pooled priors, 0 evidence rows, 300 officers, seed 20110315")
    assert repr(model).startswith("Model(study='syria', priors=None, without=('K17',)")


@pytest.mark.parametrize("name", ["officers", "force"])
def test_examples_say_that_they_are_made_up(name: str) -> None:
    """Each example is small, and its note says that nobody in it ever was."""
    frame = dr.load_example(name)
    assert 0 < len(frame) <= 300
    assert frame.attrs["note"].startswith("Made up")


def test_an_example_that_there_is_not_names_the_nearest() -> None:
    """A wrong name is told with the nearest."""
    with pytest.raises(ValueError, match="must be one of force, officers; nearest: officers"):
        dr.load_example("officer")
