"""Questions asked in this process, without a request: the answer is that of the route, byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from service.api import RESOURCES
from service.api.bodies import parsed
from service.api.resource import Question, asked_of_version
from service.api.responses import encoded
from service.errors import NothingThereError
from service.served import Served


def questions() -> dict[str, Question]:
    """Return every question that a body can put, by the path of its route."""
    said = (entry for each in RESOURCES for entry in each.resource.operations.items())
    return {path: operation.question for (path, _), operation in said if operation.question is not None}


def answered(path: str, content: bytes, served_as: Callable[[str], Served]) -> bytes:
    """Return the answer to a question.

    Parameters
    ----------
    path : str
        Of its route, such as `/v1/assessments`.
    content : bytes
        The body.
    served_as : callable
        Returns the version that goes by a name, `current` where the body names none.

    Raises
    ------
    ProblemError
        As the service does.
    """
    known = questions()
    if path not in known:
        near = ", ".join(get_close_matches(path, known) or known)
        raise NothingThereError(f"There is no question at this path; nearest: {near}.")
    question = known[path]
    asked, served = asked_of_version(question.takes, parsed(content), served_as, example=question.example)
    return encoded(question.answer(asked, served))
