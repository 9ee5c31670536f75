"""A refit: one body of evidence under one prior set or several, fitted, examined and published."""

from __future__ import annotations

from dataclasses import dataclass

from model.archive import Archive
from model.evidence.known import AsOf
from model.evidence.officers import Officers
from model.evidence.rows import EvidenceRow
from model.fit.errors import UnfitSamplingError
from model.fit.examination import examine
from model.fit.fitting import PRIOR_DRAWS
from model.fit.named_priors import named_prior_draws
from model.fit.sampling import FEWEST, FEWEST_CHAINS, SAMPLERS, Progress, Sampling, unwatched
from model.refitting.prior_sets import fit_prior_sets
from model.refitting.publishing import OTHERS_DRAWS, publish
from model.risk.packed import LARGEST
from model.risk.table import MOST_DRAWS
from priors.elicitation import PriorSet
from priors.study import Study


@dataclass(frozen=True, eq=False, kw_only=True)
class Refit:
    """What is to be fitted.

    Attributes
    ----------
    study : Study
    prior_sets : tuple of PriorSet
        Each is fitted by itself; the last is the one that answers where nobody names another.
    rows : tuple of EvidenceRow
    officers : Officers
    sampling : Sampling
    as_of : AsOf, optional
        The day on which the rows were known, where others were left out.
    options : tuple of str
        Of the `refit` command that states the same, but for the prior sets and how to sample.
    """

    study: Study
    prior_sets: tuple[PriorSet, ...]
    rows: tuple[EvidenceRow, ...]
    officers: Officers
    sampling: Sampling
    as_of: AsOf | None = None
    options: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it for people."""
        names = ", ".join(each.name for each in self.prior_sets)
        of = f"{names} priors, {len(self.rows)} evidence rows, {self.officers.count} officers"
        return f"{self.study.name}: {of}, seed {self.sampling.seed}"

    def publish(self, archive: Archive, *, progress: Progress = unwatched) -> tuple[str, ...]:
        """Fit, and publish each fit as a version; make none current.

        Parameters
        ----------
        archive : Archive
        progress : callable
            Called now and then with draws done, draws in all, divergences, for each fit anew.

        Returns
        -------
        tuple of str
            The versions, in the order of the prior sets.

        Raises
        ------
        SamplingError
            If no starting point has a finite density.
        ArchiveUnwritableError
            If the archive cannot be written.
        """
        study, rows = self.study, self.rows
        fits = fit_prior_sets(study, self.prior_sets, rows, self.officers, self.sampling, progress=progress)
        any_fit = next(iter(fits.values()))
        named_priors = named_prior_draws(any_fit.problem, any_fit.compiled, study)
        versions = []
        for name, fitted in fits.items():
            beside = {other: each for other, each in fits.items() if other != name}
            examination = examine(fitted, study, rows, named_priors=named_priors)
            version = publish(
                fitted,
                examination,
                study,
                rows,
                archive=archive,
                beside=beside,
                promote=False,
                options=self.options,
                as_of=self.as_of,
            )
            versions.append(version)
        return tuple(versions)


def check_sampling(study: Study, sampling: Sampling) -> None:
    """Raise UnfitSamplingError where the checks could not judge the draws, or a version could not hold them."""
    if min(sampling.draws, sampling.most_draws, sampling.tune) < FEWEST or sampling.chains < FEWEST_CHAINS:
        raise UnfitSamplingError(
            f"--draws, --most-draws, --tune: must be at least {FEWEST}, in at least {FEWEST_CHAINS} --chains"
        )
    if sampling.sampler not in SAMPLERS:
        raise UnfitSamplingError(f"--sampler: must be one of {', '.join(SAMPLERS)}")
    draws = max(sampling.draws, sampling.most_draws)
    if draws * sampling.chains > MOST_DRAWS:
        raise UnfitSamplingError(
            f"--draws, --most-draws: times --chains must be at most {MOST_DRAWS:,}, which is what a version holds"
        )
    cells, of_others, size = len(study.vocabulary.cells), *_table_size(study, draws * sampling.chains)
    if size > LARGEST:
        raise UnfitSamplingError(
            f"--draws, --most-draws: {draws:,} in each of {sampling.chains} chains, and {of_others:,} of priors and of "
            f"other fits, all of {cells:,} combinations of levels, take {size >> 20:,} MiB; a risk table holds at most "
            f"{LARGEST >> 20:,}: take fewer draws, or fewer levels"
        )


def _table_size(study: Study, draws: int) -> tuple[int, int]:
    """Return how many draws a risk table holds beside those of the fit, and the bytes of them all."""
    cells, periods, sets = len(study.vocabulary.cells), len(study.timeline.periods), len(study.claims.prior_sets)
    moving = sum(len(study.vocabulary[name].levels) for name in study.claims.moving)
    of_draw = 8 * cells + 8 * periods + 4 * moving * periods
    of_others = PRIOR_DRAWS + OTHERS_DRAWS * (2 * sets - 1)
    return of_others, of_draw * (draws + of_others)
