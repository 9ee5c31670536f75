"""A model: what is to be fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from defection_risk.fitted import Fitted
from defection_risk.inputs import BUNDLED, Given, read_individuals, read_rows, several
from model.fit.sampling import Progress, Sampling, unwatched
from model.what_if.changes import Changes
from priors.study import DEFAULT, load_study

if TYPE_CHECKING:
    from datetime import date

    from model.refitting.refit import Refit


@dataclass(frozen=True)
class Model:
    """What is to be fitted: a study, and under which claims.

    Attributes
    ----------
    study : str or Path
        By name, or as a folder.
    priors : str, optional
        The prior set to fit under, alone; each article's and all together where it is left out, of which the last is
        the one that answers.
    without, without_rows : tuple of str
        Claims and rows of evidence to leave out, by id; a row of a list leaves out the list.
    weights : mapping of str to float
        How much an article counts against others, by its name, or the power of a row's likelihood, by its id: 0 to 10,
        1 where nothing is said.
    bounds : mapping of str to tuple of float or None
        The least and the most that a row counts, by its id; None where it stays.
    as_of : date, optional
        Fit to what was known on this day alone.

    Examples
    --------
    >>> dr.Model(priors="pooled").priors
    'pooled'
    >>> fitted = dr.Model().fit(officers=dr.load_example("officers"))  # doctest: +SKIP
    """

    study: str | Path = DEFAULT
    priors: str | None = None
    without: tuple[str, ...] = ()
    without_rows: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    as_of: date | None = None

    def fit(
        self,
        *,
        evidence: Given = BUNDLED,
        officers: Given = None,
        draws: int = Sampling.draws,
        tune: int = Sampling.tune,
        most_draws: int = Sampling.most_draws,
        chains: int = Sampling.chains,
        cores: int = Sampling.cores,
        seed: int = Sampling.seed,
        target_accept: float = Sampling.target_accept,
        sampler: str = Sampling.sampler,
        progress: Progress = unwatched,
    ) -> Fitted:
        """Fit, and return what answers; it is kept until nobody holds it, or where `save` puts it.

        Parameters
        ----------
        evidence : path, DataFrame, list of either, or None
            Rows of evidence; by default the study's own, which `"bundled"` stands for in a list too. None is no rows.
        officers : path, DataFrame, list of either, or None
            Individuals, one a row.
        draws, tune : int
            Kept, and not kept, by chain.
        most_draws : int
            To which both are doubled where the checks ask for more.
        chains, cores : int
            Chains, and how many are sampled at once.
        seed : int
        target_accept : float
            Acceptance aimed at.
        sampler : str
            `numpyro`, `nutpie` or `pymc`.
        progress : callable
            Called now and then with draws done, draws in all, divergences.

        Raises
        ------
        UnknownStudyError, StudyError, UnknownPriorSetError, UnknownClaimError
            If the study, or what is asked of it, cannot be used.
        EvidenceError
            If files or frames break a rule; it carries every problem of all of them.
        UnfitSamplingError
            If the draws could not be judged, or not be held.
        SamplingError
            If no starting point has a finite density.

        Examples
        --------
        >>> frame = dr.load_example("officers")
        >>> fitted = dr.Model(priors="pooled").fit(officers=frame, draws=800)  # doctest: +SKIP
        """
        sampling = Sampling(draws, tune, most_draws, chains, cores, seed, target_accept, sampler)
        return Fitted.of(self.refit(evidence=evidence, officers=officers, sampling=sampling), progress=progress)

    def refit(self, *, evidence: Given, officers: Given, sampling: Sampling) -> Refit:
        """Return the refit that `fit` makes: everything read and checked, nothing fitted."""
        from model.evidence.known import AsOf  # noqa: PLC0415 - heavy
        from model.refitting.refit import Refit, check_sampling  # noqa: PLC0415 - heavy
        from priors.elicitation import elicit_prior_set  # noqa: PLC0415 - heavy

        study = load_study(self.study)
        check_sampling(study, sampling)
        names = (self.priors,) if self.priors else tuple(study.claims.prior_sets)
        rows = read_rows(evidence, study)
        known = None if self.as_of is None else AsOf.of(rows, self.as_of)
        rows = rows if known is None else known.known
        changes = Changes.of(
            study,
            rows,
            without_claims=self.without,
            without_rows=self.without_rows,
            weights=self.weights,
            bounds=self.bounds,
        )
        return Refit(
            study=study,
            prior_sets=tuple(
                elicit_prior_set(study, name, without=changes.without_claims, weights=changes.authors) for name in names
            ),
            rows=changes.altered(rows),
            officers=read_individuals(officers, study, as_of=self.as_of),
            sampling=sampling,
            as_of=known,
            options=(*_repeated(evidence, officers), *(known.options if known else ()), *changes.options),
        )


def _repeated(evidence: Given, officers: Given) -> tuple[str, ...]:
    """Return the options of a command that say what was given, in which files are only said to be some."""
    files = [BUNDLED if isinstance(each, str) and each == BUNDLED else "EVIDENCE.csv" for each in several(evidence)]
    named = () if files == [BUNDLED] else tuple(part for file in files or ["none"] for part in ("--evidence", file))
    return (*named, *(part for _ in several(officers) for part in ("--officers", "OFFICERS.csv")))
