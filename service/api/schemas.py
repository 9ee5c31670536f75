"""What requests and answers of several resources have in common: profiles, windows, terms, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

from model.archive import CURRENT
from model.risk.assessment import DEFAULT_INTERVALS
from priors.errors import WindowError
from priors.strict import Rule, StrictSchema, Text
from priors.study import Study
from priors.timeline import Window
from priors.vocabulary import UNIT, Profile
from service.api.fields import Array, Day, Object, Probability, UnitWord, Word, study, vocabulary
from service.served import Served

MOST_INTERVALS: Final = 10
MOST_HEADS: Final = 1_000_000
SHARE: Final = validate.Range(0, 1)


class OfStudy(Schema):
    """An object that has, besides the members declared, some that the study gives it."""

    def __init__(self, **options: Any) -> None:
        # marshmallow declares members by class; those of a study are known only here, and each version has its own.
        self._declared_fields = self._declared_fields | self.members(study())
        super().__init__(**options)

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return the members that a study gives it."""
        raise NotImplementedError


class ProfileSchema(OfStudy, StrictSchema):
    """Words for what is known of an officer; what is left out is averaged over the armed forces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        attribute = vocabulary().unit_attribute
        self.apart = () if attribute is None else (attribute, UNIT)

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return a word for each attribute, and a named unit where the study has any."""
        own: dict[str, fields.Field[Any]] = {name: Word() for name in of.vocabulary.names}
        attribute = of.vocabulary.unit_attribute
        described = {"description": f"A named unit, in place of its {attribute}."}
        return own if attribute is None else own | {UNIT: UnitWord(metadata=described)}

    @post_load
    def settle(self, stated: dict[str, Any], **_: Any) -> Any:
        """Return what is made of the profile, in the names of the levels, once a unit agrees with its level."""
        words = vocabulary()
        if words.unit_attribute is not None and UNIT in stated:
            level = stated.pop(UNIT)
            if stated.setdefault(words.unit_attribute, level) != level:
                rule = Rule("must be what `unit` stands for, or be left out", nearest=(level,))
                raise ValidationError(rule, words.unit_attribute)
        return self.made({name: stated[name] for name in words.names if name in stated}, stated)

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
        timeline = vocabulary().timeline
        start, end = stated.pop("start", timeline.window.start), stated.pop("end", timeline.window.end)
        try:
            window = timeline.checked(start, end)
        except WindowError as error:
            raise ValidationError(_outside(start, end, timeline.window)) from error
        return self.made(window, stated)

    def made(self, window: Window, stated: Mapping[str, Any]) -> Any:  # noqa: ARG002 - for those that state more
        """Return what a window, and whatever else is stated with it, is loaded as."""
        return window


def _outside(start: date, end: date, whole: Window) -> dict[str, list[str | list[Any] | dict[Any, Any]]]:
    """Return what is wrong with a window that is empty, turned round or outside the whole."""
    outside = {name: day for name, day in (("from", start), ("to", end)) if not whole.start <= day <= whole.end}
    if not outside:
        return {"to": [Rule("must come after `from`", nearest=(str(whole.end),) if start < whole.end else ())]}
    return {
        name: [Rule(f"must lie in the study, {whole}", nearest=(str(min(max(day, whole.start), whole.end)),))]
        for name, day in outside.items()
    }


def version_named() -> Text:
    """Return a field for a name of the version that is to answer."""
    description = "Which is to answer: `current`, a version or the beginning of one, or a prior set."
    return Text(metadata={"default": CURRENT, "description": description})


class VersionQuestionSchema(StrictSchema):
    """A query that names a version."""

    version = version_named()


def distinct(probabilities: list[float]) -> None:
    """Raise ValidationError if a probability is asked for twice."""
    if len(set(probabilities)) < len(probabilities):
        raise ValidationError("must hold each probability once")


class TermsSchema(StrictSchema):
    """What every question may state: the window, the probabilities of the intervals, the version."""

    window = Object(WindowSchema, load_default=lambda: vocabulary().timeline.window)
    intervals = Array(
        Probability(),
        at_least=1,
        at_most=MOST_INTERVALS,
        validate=distinct,
        load_default=lambda: list(DEFAULT_INTERVALS),
        metadata={"default": list(DEFAULT_INTERVALS), "description": "Probabilities of the equal-tailed intervals."},
    )
    version = version_named()


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
    """The model that answers: its version, the prior set it was fitted under, and the study it was fitted to."""

    version = fields.String()
    priors = fields.String()
    study = fields.String()


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
    return {"model": served.summary, "window": window.as_dict()}


def identified(given: str | None) -> dict[str, Any]:
    """Return the caller's id as it comes back, if one was given."""
    return {} if given is None else {"id": given}


class IntervalSchema(Answer):
    """An interval: of what kind (equal-tailed), of which probability, from where to where."""

    kind = fields.String(validate=validate.Equal("eti"))
    probability = fields.Float()
    lower = fields.Float()
    upper = fields.Float()


class CountSchema(Answer):
    """The distribution of a number of men."""

    mean = fields.Float()
    monte_carlo_error = fields.Float(metadata={"description": "Standard error of the mean, over draws."})
    median = fields.Integer()
    intervals = fields.List(fields.Nested(IntervalSchema))


class ChanceSchema(Answer):
    """A probability, and its standard error over draws."""

    probability = fields.Float(validate=SHARE)
    monte_carlo_error = fields.Float()


class SummarySchema(Answer):
    """The median of a quantity over the draws, and the intervals asked for, narrowest first."""

    median = fields.Float()
    intervals = fields.List(fields.Nested(IntervalSchema))


class ExpectedSchema(SummarySchema):
    """A summary that leads with the mean: the share to expect of many who are alike, or the difference of two such."""

    mean = fields.Float()
    monte_carlo_error = fields.Float(metadata={"description": "Standard error of the mean, over draws."})


class RelativeSchema(SummarySchema):
    """The ratio of two risks over draws, and, first, that of the expected risks."""

    ratio = fields.Float()


class StatedProfileSchema(OfStudy, Answer):
    """The attributes that were stated, in the names of their levels."""

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return a level for each attribute."""
        return {name: fields.String(metadata=optional("A level of /v1/vocabulary.")) for name in of.vocabulary.names}


class SelectedSchema(OfStudy, Answer):
    """All who agree in each attribute with one of the words."""

    @staticmethod
    def members(of: Study) -> dict[str, fields.Field[Any]]:
        """Return words for each attribute."""
        return {name: fields.List(fields.String(), metadata=optional("Words.")) for name in of.vocabulary.names}


class SideSchema(Answer):
    """One profile of a pair."""

    profile = fields.Nested(StatedProfileSchema)
    averaged_over = fields.List(fields.String())
