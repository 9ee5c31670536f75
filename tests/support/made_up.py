"""Made-up studies, the least and the most that one may be, fitted in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from priors.checks.shapes import SHAPES
from priors.study import Study, load_study, study_of

if TYPE_CHECKING:
    from model.fit.fitting import Fit
    from model.fit.sampling import Sampling

STUDIES = Path(__file__).parents[1] / "studies"
GARRISON, FLEET = "garrison", "fleet"


def made_up(name: str) -> Study:
    """Return a made-up study."""
    return load_study(STUDIES / name)


def fitted(study: Study, *, sampling: Sampling | None = None) -> Fit:
    """Return a fit of a study to its own rows, all its articles together; a small one unless told otherwise."""
    from model.evidence.officers import read_officers  # noqa: PLC0415 - heavy
    from model.evidence.reading import bundled_evidence  # noqa: PLC0415 - heavy
    from model.fit.fitting import Compiled, fit  # noqa: PLC0415 - heavy
    from model.fit.problem import pose  # noqa: PLC0415 - heavy
    from model.fit.sampling import Sampling  # noqa: PLC0415 - heavy
    from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

    rows, nobody = bundled_evidence(study), read_officers([], study.vocabulary)
    problem = pose(study, elicit_prior_set(study, study.claims.all_together), rows, nobody)
    return fit(Compiled.of(problem), problem, sampling or Sampling(draws=300, tune=300, most_draws=300, chains=2))


def rewritten(study: Study, **sections: Any) -> Study:
    """Return a study whose sections, by name, are others; None leaves one out."""
    files = dict(study.files)
    for name, shape in SHAPES.items():
        own = {section: sections[section] for section in sections if section in shape().fields}
        data = {section: told for section, told in (yaml.safe_load(files[name]) | own).items() if told is not None}
        files[name] = yaml.dump(data, Dumper=_Plain, sort_keys=False).encode()
    return study_of(study.name, files)


class _Plain(yaml.SafeDumper):
    """Writes out what stands twice."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        """Never refer from one entry to another."""
        return True
