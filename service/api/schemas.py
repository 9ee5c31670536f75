"""What requests and answers of several resources have in common: profiles, windows, terms, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

from model.risk.assessment import DEFAULT_INTERVALS
from priors.errors import WindowError
from priors.prior_sets import PRIOR_SETS
from priors.study import Window
from priors.vocabulary import Profile
from service.api.faults import OnlyMembers, Rule
from service.api.fields import Array, Day, Object, OneOf, Probability, Text, UnitWord, Word, vocabulary
from service.served import Served

MOST_INTERVALS: Final = 10
MOST_HEADS: Final = 1_000_000
SHARE: Final = validate.Range(0, 1)


class StrictSchema(Schema):
    """An object that has its declared members and no others."""

    apart: ClassVar[tuple[str, ...]] = ()
    """Members that are not to be stated together."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        names = (field.data_key or name for name, field in self.declared_fields.items())
        self.error_messages |= {"type": "must be an object", "unknown": OnlyMembers.of(*names)}


class ProfileSchema(StrictSchema):
    """Words for what is known of an officer; what is left out is averaged over the armed forces."""

    apart = ("eliteness", "unit")

    sect = Word()
    rank = Word()
    eliteness = Word()
    proximity = Word()
    unit = UnitWord(metadata={"description": "A named unit, in place of its eliteness."})

    @post_load
    def settle(self, stated: dict[str, Any], **_: Any) -> Any:
        """Return what is made of the profile, in the names of the levels, once a unit agrees with its eliteness."""
        if "unit" in stated:
            eliteness = stated.pop("unit")
            if stated.setdefault("eliteness", eliteness) != eliteness:
                rule = Rule("must be what `unit` stands for, or be left out", nearest=(eliteness,))
                raise ValidationError(rule, "eliteness")
        return self.made({name: stated[name] for name in vocabulary().names if name in stated}, stated)

    def made(self, profile: Profile, stated: Mapping[str, Any]) -> Any:  # noqa: ARG002 - for those that state more
        """Return what a profile, and whatever else is stated with it, is loaded as."""
        return profile


@dataclass(frozen=True)
class Officer:
    """Whom a question is about: the caller's id, if any, and the profile in the names of the levels."""

    id: str | None
    profile: Profile


class OfficerSchema(ProfileSchema):
    """A profile, and an id of the caller's own that comes back with its answer."""

    id = Text()

    def made(self, profile: Profile, stated: Mapping[str, Any]) -> Officer:
        """Return the officer."""
        return Officer(stated.get("id"), profile)


class WindowSchema(StrictSchema):
    """The days from `from` up to, and without, `to`; either may be left to the study."""

    start = Day(data_key="from", metadata={"description": "First day, the study's own where it is left out."})
    end = Day(data_key="to", metadata={"description": "The day after the last, the study's own where it is left out."})

    @post_load
    def settle(self, stated: dict[str, Any], **_: Any) -> Any:
        """Return what is made of the window, once it lies in the study."""
        study = vocabulary().study
        start, end = stated.pop("start", study.window.start), stated.pop("end", study.window.end)
        try:
            window = study.checked(start, end)
        except WindowError as error:
            raise ValidationError(_outside(start, end, study.window)) from error
        return self.made(window, stated)

    def made(self, window: Window, stated: Mapping[str, Any]) -> Any:  # noqa: ARG002 - for those that state more
        """Return what a window, and whatever else is stated with it, is loaded as."""
        return window


def _outside(start: date, end: date, study: Window) -> dict[str, list[str | list[Any] | dict[Any, Any]]]:
    """Return what is wrong with a window that is empty, turned round or outside the study."""
    outside = {name: day for name, day in (("from", start), ("to", end)) if not study.start <= day <= study.end}
    if not outside:
        return {"to": [Rule("must come after `from`", nearest=(str(study.end),) if start < study.end else ())]}
    return {
        name: [Rule(f"must lie in the study, {study}", nearest=(str(min(max(day, study.start), study.end)),))]
        for name, day in outside.items()
    }


def prior_set() -> OneOf:
    """Return a field for the prior set of the version that is to answer."""
    return OneOf(*PRIOR_SETS, metadata={"description": "Of the version that is to answer; else the current one does."})


def distinct(probabilities: list[float]) -> None:
    """Raise ValidationError if a probability is asked for twice."""
    if len(set(probabilities)) < len(probabilities):
        raise ValidationError("must hold each probability once")


class TermsSchema(StrictSchema):
    """What every question may state: the window, the probabilities of the intervals, the prior set."""

    window = Object(WindowSchema, load_default=lambda: vocabulary().study.window)
    intervals = Array(
        Probability(),
        at_least=1,
        at_most=MOST_INTERVALS,
        validate=distinct,
        load_default=lambda: list(DEFAULT_INTERVALS),
        metadata={"default": list(DEFAULT_INTERVALS), "description": "Probabilities of the equal-tailed intervals."},
    )
    priors = prior_set()


def terms(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the window and the intervals of a question, the latter in order, as the risk table takes them."""
    return {"window": asked["window"], "intervals": tuple(sorted(asked["intervals"]))}


class Answer(Schema):
    """An object that has all its declared members, in their order, and no others."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002 - marshmallow's signature
        """Expect every member that does not say it may be missing."""
        field_obj.required = not field_obj.metadata.get("optional", False)


class OpenAnswer(Answer):
    """An object that has its declared members, and others that the fit wrote."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE


def optional(description: str) -> dict[str, Any]:
    """Return the metadata of a member that may be missing."""
    return {"optional": True, "description": description}


def own_id() -> fields.String:
    """Return a field for the id that the caller gave."""
    return fields.String(metadata=optional("The caller's own, if one was given."))


class ModelNameSchema(Answer):
    """The model that answers: its version, and the prior set it was fitted under."""

    version = fields.String()
    priors = fields.String()


class StatedWindowSchema(Answer):
    """The window that was answered for: from its first day up to, and without, `to`."""

    start = fields.Date(data_key="from")
    end = fields.Date(data_key="to")


class HeadedAnswer(Answer):
    """What the answer to a question begins with."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)


def headed(asked: Mapping[str, Any], served: Served) -> dict[str, Any]:
    """Return what the answer to a question begins with: the model and the window."""
    window = asked["window"]
    return {"model": served.summary, "window": {"from": str(window.start), "to": str(window.end)}}


def identified(given: str | None) -> dict[str, Any]:
    """Return the caller's id as it comes back, if one was given."""
    return {} if given is None else {"id": given}


class IntervalSchema(Answer):
    """An interval: of what kind (equal-tailed), of which probability, from where to where."""

    kind = fields.String(validate=validate.Equal("eti"))
    probability = fields.Float()
    lower = fields.Float()
    upper = fields.Float()


class SummarySchema(Answer):
    """The median of a quantity over the draws, and the intervals asked for, narrowest first."""

    median = fields.Float()
    intervals = fields.List(fields.Nested(IntervalSchema))


class StatedProfileSchema(Answer):
    """The attributes that were stated, in the names of their levels."""

    sect = fields.String(metadata=optional("A level of /v1/vocabulary."))
    rank = fields.String(metadata=optional("A level of /v1/vocabulary."))
    eliteness = fields.String(metadata=optional("A level of /v1/vocabulary."))
    proximity = fields.String(metadata=optional("A level of /v1/vocabulary."))


class SideSchema(Answer):
    """One profile of a pair."""

    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
