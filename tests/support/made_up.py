"""Made-up studies, the least and the most that one may be, fitted in seconds."""

from __future__ import annotations

from pathlib import Path

from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.fitting import Compiled, Fit, fit
from model.fit.problem import pose
from model.fit.sampling import Sampling
from priors.elicitation import elicit_prior_set
from priors.study import Study, load_study

STUDIES = Path(__file__).parents[1] / "studies"
GARRISON, FLEET = "garrison", "fleet"
SMALL = Sampling(draws=300, tune=300, chains=2)


def made_up(name: str) -> Study:
    """Return a made-up study."""
    return load_study(STUDIES / name)


def fitted(study: Study, *, sampling: Sampling = SMALL) -> Fit:
    """Return a fit of a study to its own rows, all its articles together."""
    rows, nobody = bundled_evidence(study), read_officers([], study.vocabulary)
    problem = pose(study, elicit_prior_set(study, study.claims.all_together), rows, nobody)
    return fit(Compiled.of(problem), problem, sampling)
