"""A service elsewhere, asked over HTTP as a fitted model is asked here."""

from __future__ import annotations

import http.client
import json
import urllib.request
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn
from urllib.error import HTTPError
from urllib.parse import urlsplit

from defection_risk.answers import Answers

if TYPE_CHECKING:
    from defection_risk.errors import ProblemError

PATIENCE: Final = 60.0
"""Seconds to wait: a large question takes its turn."""

LARGEST_PROBLEM: Final = 1 << 16
MEDIA_TYPE: Final = "application/json"
STRANGER: Final = "what answers there is not this service"


class Unmoved(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: a question, and the key shown with it, go nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Return None, which makes it an error."""


class Client(Answers):
    """Asks a service, with the methods of `Fitted` that need only answers.

    Parameters
    ----------
    url : str
        Where it is, such as `http://127.0.0.1:8000`.
    key : str, optional
        Shown where the service asks for one.
    timeout : float
        Seconds to wait for each answer.

    Raises
    ------
    ValueError
        If the address is none of HTTP.

    Examples
    --------
    >>> client = dr.Client("http://127.0.0.1:8000")
    >>> client
    <Client http://127.0.0.1:8000>
    >>> client.assess({})  # doctest: +SKIP
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float = PATIENCE) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("url: must begin with http:// or https:// and name a host; nearest: http://127.0.0.1:8000")
        self.url = url.rstrip("/")
        self.timeout = timeout
        self._headers = {"Content-Type": "application/json"} | (
            {} if key is None else {"Authorization": f"Bearer {key}"}
        )
        self._opener = urllib.request.build_opener(Unmoved)

    def __repr__(self) -> str:
        return f"<Client {self.url}>"

    def _answer(self, path: str, content: bytes) -> bytes:
        return self._sent(path, content)

    def _words(self) -> tuple[str, ...]:
        words = json.loads(self._sent("/v1/vocabulary"))
        units = () if words["units"] is None else ("unit",)
        return (*(each["name"] for each in words["attributes"]), *units)

    def _sent(self, path: str, content: bytes | None = None) -> bytes:
        from defection_risk.errors import UnreachableError  # noqa: PLC0415 - heavy

        request = urllib.request.Request(self.url + path, data=content, headers=self._headers)  # noqa: S310 - checked
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                if answer.headers.get_content_type() != MEDIA_TYPE:
                    raise UnreachableError(f"{self.url}: {STRANGER}")
                found: bytes = answer.read()
        except HTTPError as error:
            with error:
                _raise(error.code, error, retry_after=error.headers.get("Retry-After"))
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            told = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
            raise UnreachableError(
                f"{self.url}: no service answers there ({told}); `defection-risk serve` starts one"
            ) from error
        return found


def _raise(status: int, body: IO[bytes], *, retry_after: str | None) -> NoReturn:
    """Raise what the service answers with, as it is raised here."""
    from defection_risk.errors import UnreachableError  # noqa: PLC0415 - heavy
    from service.errors import Fault  # noqa: PLC0415 - heavy

    try:
        problem = json.loads(body.read(LARGEST_PROBLEM))
        listed = problem.get("errors", ())
        faults = [Fault(each["pointer"], each["rule"], tuple(each["nearest"])) for each in listed]
        detail = str(problem["detail"])
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UnreachableError(f"{STRANGER} (status {status})") from error
    raise _error(status, detail, faults, problem.get("example"), retry_after)


def _error(status: int, detail: str, faults: Any, example: Any, retry_after: str | None) -> ProblemError:
    from service import errors  # noqa: PLC0415 - heavy

    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        temporary = errors.TooManyRequestsError if status == HTTPStatus.TOO_MANY_REQUESTS else errors.BusyError
        return temporary(detail, retry_after=int(retry_after or 1))
    kinds: dict[int, type[ProblemError]] = {
        HTTPStatus.BAD_REQUEST: errors.MalformedBodyError,
        HTTPStatus.UNAUTHORIZED: errors.NoKeyError,
        HTTPStatus.FORBIDDEN: errors.ScopeError,
        HTTPStatus.NOT_FOUND: errors.NoSuchVersionError if faults else errors.NothingThereError,
        HTTPStatus.CONFLICT: errors.MissingDrawsError,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: errors.BodyTooLargeError,
        HTTPStatus.UNPROCESSABLE_ENTITY: errors.InvalidQuestionError,
    }
    return kinds.get(status, errors.ProblemError)(detail, faults, example=example)
