"""One class for each thing that can go wrong in the service; those of a request carry the status they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar


class ServiceError(Exception):
    """Something is wrong with a request, with the model, or with how the service is set up."""


class SettingsError(ServiceError):
    """A variable of the environment holds no allowed value."""


class UnsafeBindError(ServiceError):
    """The service would be open to a network, with no key to guard it, and nobody asked for that outright."""


class KeyFileError(ServiceError):
    """The file of keys cannot be read, cannot be written, or is none."""


class KeyNameError(ServiceError):
    """A name is not one that a key can have, is taken, or belongs to no key."""


class StrictJSONError(ServiceError):
    """A text is not JSON, or is JSON that readers understand differently."""


@dataclass(frozen=True)
class Fault:
    """One rule that a request breaks; says nothing of the value that breaks it.

    Attributes
    ----------
    pointer : str
        Where in the body, as a JSON pointer (RFC 6901).
    rule : str
        What must hold there.
    nearest : tuple of str
        The nearest allowed values, best first; empty where there is none.
    """

    pointer: str
    rule: str
    nearest: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it for people, who write `officers[2].rank` where a pointer says `/officers/2/rank`."""
        place = re.sub(r"/([0-9]+)", r"[\1]", self.pointer).replace("/", ".").removeprefix(".")
        nearest = f"; nearest: {', '.join(self.nearest)}" if self.nearest else ""
        return f"{place or 'the question'}: {self.rule}{nearest}"


class ProblemError(ServiceError):
    """A request cannot be answered.

    Parameters
    ----------
    detail : str
        What to do about it, in a sentence; no value of the request.
    faults : iterable of Fault
        The rules broken.
    example : object, optional
        A body that can be sent.
    """

    status: ClassVar[HTTPStatus]
    retry_after: int | None = None
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, detail: str, faults: Iterable[Fault] = (), *, example: Any = None) -> None:
        self.detail = detail
        self.faults = tuple(faults)
        self.example = example
        super().__init__(detail)


class MalformedBodyError(ProblemError):
    """The body is not strict JSON in UTF-8."""

    status = HTTPStatus.BAD_REQUEST


class UnknownHostError(ProblemError):
    """The request is for a name that is not one of ours."""

    status = HTTPStatus.BAD_REQUEST


class NoKeyError(ProblemError):
    """No key is shown where one is needed."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="defection-risk"'}


class UnknownKeyError(ProblemError):
    """The key shown is none, or was revoked."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="defection-risk", error="invalid_token"'}


class ScopeError(ProblemError):
    """The key shown does not open this."""

    status = HTTPStatus.FORBIDDEN
    headers: ClassVar[Mapping[str, str]] = {
        "WWW-Authenticate": 'Bearer realm="defection-risk", error="insufficient_scope", scope="admin"'
    }


class NothingThereError(ProblemError):
    """The version being served has no such part."""

    status = HTTPStatus.NOT_FOUND


class NoSuchVersionError(ProblemError):
    """No version that can be served goes by the name that is given, or more than one does."""

    status = HTTPStatus.NOT_FOUND


class MissingDrawsError(ProblemError):
    """The version being served was published without the draws that this question is answered from."""

    status = HTTPStatus.CONFLICT


class PreconditionError(ProblemError):
    """What the caller has, and asks for again, is no longer what is here."""

    status = HTTPStatus.PRECONDITION_FAILED


class LengthRequiredError(ProblemError):
    """The body comes without a length, so that a limit could not be held before reading it."""

    status = HTTPStatus.LENGTH_REQUIRED


class BodyTooLargeError(ProblemError):
    """The body is larger than the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class MediaTypeError(ProblemError):
    """The body is not called JSON, or is compressed, or is in another encoding than UTF-8."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class InvalidQuestionError(ProblemError):
    """The body is JSON but no question that can be answered."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TemporaryError(ProblemError):
    """A request cannot be answered now, and may be asked again.

    Parameters
    ----------
    retry_after : int
        Seconds after which to ask again.
    """

    def __init__(self, detail: str, *, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(detail)


class TooManyRequestsError(TemporaryError):
    """A client asks more often than it may."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class KeysUnavailableError(TemporaryError):
    """The keys cannot be read, so that nobody can be let in."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class BusyError(TemporaryError):
    """Too many questions that take long are being answered."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class NoModelError(TemporaryError):
    """There is no model to answer with, or it can no longer be read."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
