"""Versions on disk: each visible whole or not at all, checked before it is read, one of them current."""

from model.archive.draft import Draft
from model.archive.errors import (
    ArchiveError,
    ArchiveUnreadableError,
    ArchiveUnwritableError,
    DamagedVersionError,
    NewerFormatError,
    NoCurrentVersionError,
    OlderFormatError,
    UnknownVersionError,
    UnsafeNameError,
    VersionNameError,
)
from model.archive.names import CURRENT, Entry, meant, of_prior_sets
from model.archive.store import Archive

__all__ = [
    "CURRENT",
    "Archive",
    "ArchiveError",
    "ArchiveUnreadableError",
    "ArchiveUnwritableError",
    "DamagedVersionError",
    "Draft",
    "Entry",
    "NewerFormatError",
    "NoCurrentVersionError",
    "OlderFormatError",
    "UnknownVersionError",
    "UnsafeNameError",
    "VersionNameError",
    "meant",
    "of_prior_sets",
]
