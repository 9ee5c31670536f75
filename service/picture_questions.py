"""From a request to a question about what can be drawn, distributions of profiles and all cells, and to its answer."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any, Final

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from model.risk.cells import PROBABILITY, cells
from model.risk.distribution import distribution
from priors.study import Window
from priors.vocabulary import Vocabulary
from service.errors import InvalidQuestionError
from service.fields import ENOUGH_FAULTS
from service.meaning import window_faults
from service.questions import Question, Terms, answer_of_each, headed, officers_asked
from service.registry import Served
from service.rules import faults
from service.schemas import MOST_DISTRIBUTIONS, CellsQuestionSchema, DistributionQuestionSchema

DETAIL: Final = "The query is not a question that can be answered; `errors` says where and why, GET /docs how to ask."


def read_distributions(body: Any, vocabulary: Vocabulary) -> Question:
    """Return the question about profiles that a body asks; parameters and errors are those of `read_question`."""
    return officers_asked(body, DistributionQuestionSchema(), vocabulary, most=MOST_DISTRIBUTIONS)


def answer_distributions(question: Question, served: Served) -> dict[str, Any]:
    """Return, from one version, how the risk of each profile is distributed, and its hazard over time."""
    return answer_of_each(question, served, name="distributions", ask=distribution)


def read_cells(query: MultiDict[str, str], vocabulary: Vocabulary) -> Terms:
    """Return on what terms a query asks about all cells.

    Parameters
    ----------
    query : MultiDict
        The query of the address; read as an object of its parameters, in which one that is repeated is no string.
    vocabulary : Vocabulary
        The study it is understood by.

    Raises
    ------
    InvalidQuestionError
        If a parameter or the window is wrong; it carries a fault for each of the first twenty.
    """
    stated = {name: values[0] if len(values) == 1 else values for name, values in query.lists()}
    try:
        loaded, wrong = CellsQuestionSchema().load(stated), {}
    except ValidationError as error:
        loaded, wrong = error.valid_data, error.messages_dict
    study = vocabulary.study
    window = Window(loaded.get("start", study.window.start), loaded.get("end", study.window.end))
    found = chain(faults(wrong), window_faults(window.start, window.end, study, at=""))
    if broken := tuple(islice(found, ENOUGH_FAULTS)):
        raise InvalidQuestionError(DETAIL, broken)
    return Terms(window, (PROBABILITY,), loaded.get("priors"))


def answer_cells(terms: Terms, served: Served) -> dict[str, Any]:
    """Return the risk of every cell from one version, and the order in which they stand."""
    attributes = served.table.vocabulary.attributes
    return headed(served, terms) | {
        "order": [attribute.name for attribute in attributes],
        "levels": {attribute.name: list(attribute.names) for attribute in attributes},
        "cells": cells(served.table, window=terms.window).as_dict(),
    }
