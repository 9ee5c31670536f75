"""What can go wrong when a question is asked, here or over HTTP; apart, so that the library stays light."""

from __future__ import annotations

from service.errors import (
    InvalidQuestionError,
    MissingDrawsError,
    NoSuchVersionError,
    NothingThereError,
    ProblemError,
    ServiceError,
)

__all__ = [
    "InvalidQuestionError",
    "MissingDrawsError",
    "NoSuchVersionError",
    "NothingThereError",
    "ProblemError",
    "ServiceError",
    "UnreachableError",
]


class UnreachableError(ServiceError):
    """No service answers where one is asked for, or what answers is none."""
