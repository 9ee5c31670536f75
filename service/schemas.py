"""The shape of request bodies; what words and windows mean is settled in `meaning`."""

from __future__ import annotations

from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError

from model.risk.assessment import DEFAULT_INTERVALS
from priors.prior_sets import PRIOR_SETS
from service.fields import Array, Day, Object, OneOf, Probability, Text, Word
from service.rules import OnlyMembers

MOST_OFFICERS: Final = 10_000
MOST_PAIRS: Final = 1_000
MOST_DISTRIBUTIONS: Final = 20
MOST_INTERVALS: Final = 10


class StrictSchema(Schema):
    """An object that has its declared members and no others."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        names = (field.data_key or name for name, field in self.declared_fields.items())
        self.error_messages |= {"type": "must be an object", "unknown": OnlyMembers.of(*names)}


class ProfileSchema(StrictSchema):
    """Words for what is known of an officer; what is left out is averaged over the corps."""

    sect = Word()
    rank = Word()
    eliteness = Word()
    proximity = Word()
    unit = Word(metadata={"description": "A named unit, in place of its eliteness."})


class OfficerSchema(ProfileSchema):
    """A profile, and an id of the caller's own that comes back with its answer."""

    id = Text()


class PairSchema(StrictSchema):
    """Two profiles to compare, and an id of the caller's own that comes back with the answer."""

    id = Text()
    first = Object(ProfileSchema, required=True)
    second = Object(ProfileSchema, required=True)


class WindowSchema(StrictSchema):
    """The days from `from` up to, and without, `to`; either may be left to the study."""

    start = Day(data_key="from", metadata={"description": "First day, the study's own where it is left out."})
    end = Day(data_key="to", metadata={"description": "The day after the last, the study's own where it is left out."})


def distinct(probabilities: list[float]) -> None:
    """Raise ValidationError if a probability is asked for twice."""
    if len(set(probabilities)) < len(probabilities):
        raise ValidationError("must hold each probability once")


def prior_set() -> OneOf:
    """Return a field for the prior set of the version that is to answer."""
    return OneOf(*PRIOR_SETS, metadata={"description": "Of the version that is to answer; else the current one does."})


class TermsSchema(StrictSchema):
    """What every question may state: the window, the probabilities of the intervals, the prior set."""

    window = Object(WindowSchema, load_default=dict)
    intervals = Array(
        Probability(),
        at_least=1,
        at_most=MOST_INTERVALS,
        validate=distinct,
        load_default=lambda: list(DEFAULT_INTERVALS),
        metadata={"default": list(DEFAULT_INTERVALS), "description": "Probabilities of the equal-tailed intervals."},
    )
    priors = prior_set()


class AssessmentQuestionSchema(TermsSchema):
    """The body of `POST /v1/assessments`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_OFFICERS, required=True)


class ComparisonQuestionSchema(TermsSchema):
    """The body of `POST /v1/comparisons`."""

    pairs = Array(Object(PairSchema), at_least=1, at_most=MOST_PAIRS, required=True)


class DistributionQuestionSchema(TermsSchema):
    """The body of `POST /v1/distributions`."""

    officers = Array(Object(OfficerSchema), at_least=1, at_most=MOST_DISTRIBUTIONS, required=True)


class CellsQuestionSchema(WindowSchema):
    """The query of `GET /v1/cells`."""

    priors = prior_set()
