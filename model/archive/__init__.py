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
)
from model.archive.store import Archive

__all__ = [
    "Archive",
    "ArchiveError",
    "ArchiveUnreadableError",
    "ArchiveUnwritableError",
    "DamagedVersionError",
    "Draft",
    "NewerFormatError",
    "NoCurrentVersionError",
    "OlderFormatError",
    "UnknownVersionError",
    "UnsafeNameError",
]
