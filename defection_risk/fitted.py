"""A fitted model: a published version, and everything that it is asked."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from defection_risk.answers import Answers
from defection_risk.home import Home
from defection_risk.showing import checks_frame, fitted_html, ledger_frame
from model.archive import CURRENT, Archive
from model.fit.sampling import Progress, unwatched
from priors.study import Study

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes

    from model.refitting.refit import Refit
    from service.served import Served
    from service.versions import Versions


class Fitted(Answers):
    """A version of an archive; opened by `load`, or made by `Model.fit`.

    A question that names no version is answered by this one; any other in the archive may be named.

    Parameters
    ----------
    archive : Archive
    version : str
    beside : mapping of str to Fitted, optional
        What was fitted to the same evidence under other prior sets.

    Raises
    ------
    ArchiveError
        If there is no such version, or its manifest is not the one published.
    """

    def __init__(self, archive: Archive, version: str, *, beside: Mapping[str, Fitted] | None = None) -> None:
        self.archive = archive
        self.version = version
        self.beside = dict(beside or {})
        self.manifest = archive.manifest(version)

    @classmethod
    def of(cls, refit: Refit, *, progress: Progress = unwatched) -> Fitted:
        """Return what a refit makes, in an archive of its own that goes when nobody holds it."""
        folder = Path(tempfile.mkdtemp(prefix="defection-risk-"))
        archive = Archive(folder)
        weakref.finalize(archive, shutil.rmtree, folder, ignore_errors=True)
        *others, last = (cls(archive, version) for version in refit.publish(archive, progress=progress))
        return cls(archive, last.version, beside={each.prior_set: each for each in others})

    @property
    def prior_set(self) -> str:
        """The prior set that it was fitted under."""
        return str(self.manifest["prior_set"])

    @property
    def passed(self) -> bool:
        """Whether every check that gates holds."""
        return bool(self.manifest["passed"])

    @property
    def checks(self) -> pd.DataFrame:
        """The checks: what was measured, what is allowed, whether that keeps it from being served.

        Examples
        --------
        >>> model.checks["passed"].all()
        np.True_
        """
        return checks_frame(self.manifest["checks"])

    @cached_property
    def study(self) -> Study:
        """The study that it was fitted to, whatever its folder holds today."""
        from model.stored import read_study  # noqa: PLC0415 - heavy

        return read_study(self.archive, self.version)

    @cached_property
    def idata(self) -> xr.DataTree:
        """Prior, posterior, predictions, log likelihood and what was observed, as ArviZ knows them; read as looked at.

        Examples
        --------
        >>> model.idata.posterior["risk"]  # doctest: +SKIP
        """
        from model.fit.tree import read_tree  # noqa: PLC0415 - heavy

        return read_tree(self.archive, self.version)

    def ledger(self) -> pd.DataFrame:
        """Return the claims: how probable before the evidence and after, the verdict, and what that hangs on.

        Examples
        --------
        >>> list(model.ledger().columns)
        ['source', 'says', 'prior', 'posterior', 'bayes_factor', 'verdict', 'hangs_on']
        """
        return ledger_frame(self.manifest["claims"])

    def plot_ledger(self, *, ax: Axes | None = None) -> Axes:
        """Draw how far the evidence moved the probability of each claim, and return the axes.

        Examples
        --------
        >>> model.plot_ledger().get_xlabel()
        'probability of the claim'
        """
        from defection_risk import figures  # noqa: PLC0415 - heavy

        return figures.ledger(self.ledger(), ax)

    def save(self, home: str | Path = "var", *, promote: bool = True) -> Fitted:
        """Copy it, and what was fitted beside it, into an archive, and return it as it is there.

        Parameters
        ----------
        home : path
            The folder of the archive.
        promote : bool
            Whether it becomes current, provided that it passed its checks.

        Raises
        ------
        ArchiveError
            If a byte of it is not what was published, or the archive cannot be written.

        Examples
        --------
        >>> model.save("kept").version == dr.load("current", home="kept").version
        True
        """
        archive = Archive(Path(home))
        for each in (*self.beside.values(), self):
            archive.adopt(each.version, self.archive)
        if promote and self.passed:
            archive.promote(self.version)
        beside = {name: Fitted(archive, each.version) for name, each in self.beside.items()}
        return Fitted(archive, self.version, beside=beside)

    def __repr__(self) -> str:
        without = f" without {', '.join(self.manifest['without'])}" if self.manifest["without"] else ""
        outcome = "" if self.passed else ", FAILED its checks"
        return f"<Fitted {self.version}: {self.manifest['study']['name']}, {self.prior_set} priors{without}{outcome}>"

    def _repr_html_(self) -> str:
        return fitted_html(self)

    def _answer(self, path: str, content: bytes) -> bytes:
        from service.api.asking import answered  # noqa: PLC0415 - heavy

        return answered(path, content, self._served_as)

    def _words(self) -> tuple[str, ...]:
        return self.study.vocabulary.members

    def _served_as(self, name: str) -> Served:
        return self._served if name == CURRENT else self._others.served(name)

    @cached_property
    def _served(self) -> Served:
        from service.served import load as load_served  # noqa: PLC0415 - heavy

        return load_served(self.archive, self.version)

    @cached_property
    def _others(self) -> Versions:
        from service import Settings  # noqa: PLC0415 - heavy
        from service.versions import Versions  # noqa: PLC0415 - heavy

        return Versions(self.archive, settings=Settings(home=self.archive.home))


def load(name: str | None = None, *, home: str | Path = "var", study: str | Path | None = None) -> Fitted:
    """Open a fitted version.

    Parameters
    ----------
    name : str, optional
        `current`, a version, the beginning of one, or a prior set, for its newest version that passed. Without a name
        the current one or, where another study is stated, the newest of it that passed.
    home : path
        The folder of the archive.
    study : str or path, optional
        By name, or as a folder.

    Raises
    ------
    VersionNameError
        If no version goes by the name, or several do; it names the nearest.
    ArchiveError
        If none is current, or a byte of it is not what was published.

    Examples
    --------
    >>> dr.load("current", home="var").version == dr.load(home="var").version
    True
    """
    found = Home(Path(home), None if study is None else str(study))
    return Fitted(found.archive, found.version(name))
