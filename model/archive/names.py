"""Names for versions: `current`, a version or the beginning of one, or a prior set, for its newest that passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from model.archive.errors import VersionNameError

CURRENT: Final = "current"
SHORTEST: Final = 4
"""Characters of the beginning of a version, at least: its year."""

SUPPOSING: Final = frozenset({"--without", "--without-row", "--weight", "--bound", "--as-of"})
"""Options of a refit that leave out what is known, or suppose it otherwise."""

MOST_NAMED: Final = 8
"""Names that an error offers."""


@dataclass(frozen=True)
class Entry:
    """What a version's manifest says that a name may go by.

    Attributes
    ----------
    version, prior_set, study, created : str
    passed : bool
        Whether its checks that gate did.
    supposed : bool
        Whether it was fitted as if claims or evidence were otherwise than they are.
    """

    version: str
    prior_set: str
    study: str
    created: str
    passed: bool
    supposed: bool = False

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Entry:
        """Return what a manifest says."""
        version, prior_set, created = (str(manifest[name]) for name in ("version", "prior_set", "created"))
        return cls(
            version=version,
            prior_set=prior_set,
            study=str(manifest["study"]["name"]),
            created=created,
            passed=manifest.get("passed") is True,
            supposed=not SUPPOSING.isdisjoint(manifest.get("refit", ())),
        )


def meant(
    name: str, versions: Sequence[str], by_prior_set: Callable[[], Mapping[str, tuple[str, ...]]]
) -> tuple[str, ...]:
    """Return the versions that a name other than `current` may mean, the best first; several for a prior set only.

    Parameters
    ----------
    name : str
        A version, the beginning of one, or a prior set.
    versions : sequence of str
        All that are kept, oldest first.
    by_prior_set : callable
        Returns what `of_prior_sets` does; called only where the name begins no version.

    Raises
    ------
    VersionNameError
        If it means no version, or is the beginning of several.
    """
    begun = [version for version in versions if version.startswith(name)] if len(name) >= SHORTEST else []
    if len(begun) == 1:
        return (begun[0],)
    if begun:
        raise VersionNameError(
            "must be the beginning of one version only", nearest=tuple(begun[: -MOST_NAMED - 1 : -1])
        )
    sets = by_prior_set()
    if name in sets:
        return sets[name]
    rule = "must be `current`, a version that is kept or its beginning, or a prior set of which a version passed"
    near = get_close_matches(name[:64], sets) or (*sets, *versions[:-4:-1])
    raise VersionNameError(rule, nearest=tuple(near))


def of_prior_sets(entries: Iterable[Entry], *, current: str | None, study: str | None) -> dict[str, tuple[str, ...]]:
    """Return for each prior set of a study the versions that its name may mean, the best first.

    That is the current one, where it has the prior set, then those that passed their checks, newest first, those that
    suppose something otherwise last.

    Parameters
    ----------
    entries : iterable of Entry
        Of all versions, oldest first.
    current : str or None
        The version that is current, if any.
    study : str or None
        None is any.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if study in {None, entry.study} and (entry.passed or entry.version == current):
            found.setdefault(entry.prior_set, []).insert(0, entry)
    best = {name: sorted(of, key=lambda each: (each.version != current, each.supposed)) for name, of in found.items()}
    return {name: tuple(entry.version for entry in of) for name, of in best.items()}
