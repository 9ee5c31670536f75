"""`POST /v1/outlooks`: how many of a force defect, what is left to fight with, and what moves would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, fields, validates_schema

from model.outlook.answer import SEED, outlook
from model.outlook.force import Force
from priors.checks.fields import Flag
from priors.moves import Selection
from priors.strict import Whole
from priors.study import Study
from priors.vocabulary import Profile
from service.api import examples
from service.api.fields import Array, Object
from service.api.moves import moves
from service.api.moves_asked import MOST_SELECTIONS, MovesSchema, SelectionSchema
from service.api.moves_told import ChangedSchema, InForceSchema, RestsSchema
from service.api.resource import Asked, Resource
from service.api.schemas import (
    MOST_HEADS,
    SHARE,
    Answer,
    ChanceSchema,
    CountSchema,
    IntervalSchema,
    ModelNameSchema,
    ProfileSchema,
    SelectedSchema,
    SideSchema,
    StatedWindowSchema,
    TermsSchema,
    headed,
    optional,
    terms,
)
from service.api.strength import StrengthQuestionSchema, StrengthSchema, strength_terms
from service.served import Served

MOST_GROUPS: Final = 100
MOST_NUMBERS: Final = 20
LARGEST_SEED: Final = 2**53 - 1

resource = Resource("outlooks")


class GroupSchema(ProfileSchema):
    """So many who share what is known of them; a group of which nothing is known is the forces as they are made up."""

    count = Whole(1, MOST_HEADS, required=True, metadata={"description": "How many."})

    def made(self, profile: Profile, stated: Mapping[str, Any]) -> tuple[Profile, int]:
        """Return the profile, and how many share it."""
        return profile, stated["count"]


class OutlookQuestionSchema(TermsSchema):
    """The body of `POST /v1/outlooks`."""

    force = Array(Object(GroupSchema), at_least=1, at_most=MOST_GROUPS, required=True)
    at_least = Array(
        Whole(1, MOST_GROUPS * MOST_HEADS),
        at_least=1,
        at_most=MOST_NUMBERS,
        metadata={"description": "Numbers of which the probability of at least so many is wanted."},
    )
    decisive = Array(
        Object(SelectionSchema),
        at_least=1,
        at_most=MOST_SELECTIONS,
        metadata={"description": "Whose leaving is decisive; those whom /v1/study names where it is left out."},
    )
    decisive_widened = Flag(
        metadata={"description": "Whether those count besides whom /v1/study names as `decisive_widened`."}
    )
    moves = Object(MovesSchema, load_default=dict)
    strength = Object(
        StrengthQuestionSchema,
        metadata={"description": "Asks for what is left to fight with, which is told with moves in any case."},
    )
    seed = Whole(0, LARGEST_SEED, load_default=SEED, metadata={"description": "Of all that is simulated."})
    apart = ("decisive", "decisive_widened")

    @validates_schema
    def check_apart(self, stated: Mapping[str, Any], **_: Any) -> None:
        """Raise ValidationError where both members are stated that are apart."""
        if all(member in stated for member in self.apart):
            raise ValidationError("must be left out where `decisive` is stated", "decisive_widened")


class CountedGroupSchema(SideSchema):
    """A group of the force."""

    count = fields.Integer()


class ForceSchema(Answer):
    """The force, equal profiles added up."""

    total = fields.Integer()
    groups = fields.List(fields.Nested(CountedGroupSchema))


class MethodSchema(Answer):
    """How numbers were found: exactly or simulated, from how many draws, with how many numbers to each."""

    name = fields.String()
    draws = fields.Integer()
    replicates = fields.Integer()


class QuantileSchema(Answer):
    """The least count that is not exceeded with a probability."""

    probability = fields.Float(validate=SHARE)
    count = fields.Integer()


class TotalSchema(CountSchema):
    """The distribution of the number of defections in all."""

    quantiles = fields.List(fields.Nested(QuantileSchema))


class AtLeastSchema(ChanceSchema):
    """The probability of at least so many."""

    count = fields.Integer()
    possible = fields.Boolean(metadata={"description": "Whether so many are in the force."})


class DecisiveAtLeastSchema(ChanceSchema):
    """The probability of at least so many decisive ones."""

    count = fields.Integer()


class DatesSchema(Answer):
    """Between which days the first comes; null where the window ends before."""

    kind = fields.String()
    probability = fields.Float()
    lower = fields.Date(allow_none=True)
    upper = fields.Date(allow_none=True)


class FirstSchema(Answer):
    """When the first defection comes, to the day, or to the month where it was simulated by month."""

    probability_none = fields.Float(validate=SHARE)
    monte_carlo_error = fields.Float()
    median_date = fields.Date(allow_none=True)
    intervals = fields.List(fields.Nested(DatesSchema))
    resolution = fields.String()


class DecisiveSchema(ChanceSchema):
    """The probability of at least one decisive defection, how many are expected, and when the first comes."""

    possible = fields.Boolean(metadata={"description": "Whether any such could be in the force."})
    expected = fields.Float()
    at_least = fields.List(fields.Nested(DecisiveAtLeastSchema))
    first = fields.Nested(FirstSchema)


class PointSchema(Answer):
    """How many had defected before a day."""

    until = fields.Date()
    mean = fields.Float()
    median = fields.Integer()
    intervals = fields.List(fields.Nested(IntervalSchema))
    decisive_probability = fields.Float(validate=SHARE)


class ScenarioSchema(Answer):
    """How many of a force defect, who, and when."""

    method = fields.Nested(MethodSchema)
    defections = fields.Nested(TotalSchema)
    at_least = fields.List(fields.Nested(AtLeastSchema))
    by_attribute = fields.Dict(
        keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Nested(CountSchema))
    )
    first = fields.Nested(FirstSchema)
    decisive = fields.Nested(DecisiveSchema)
    over_time = fields.List(fields.Nested(PointSchema))
    strength = fields.Nested(StrengthSchema, metadata=optional("Where it is asked for, or a move is in force."))


class MovesAnswerSchema(Answer):
    """The moves in force with their numbers and claims, what they changed, and the outlook without them."""

    in_force = fields.List(fields.Nested(InForceSchema))
    rests = fields.Nested(RestsSchema)
    changed = fields.Nested(ChangedSchema)
    without = fields.Nested(ScenarioSchema)


class OutlookAnswerSchema(ScenarioSchema):
    """The answer about a force."""

    model = fields.Nested(ModelNameSchema)
    window = fields.Nested(StatedWindowSchema)
    force = fields.Nested(ForceSchema)
    decisive_are = fields.List(fields.Nested(SelectedSchema))
    seed = fields.Integer()
    in_words = fields.String()
    moves = fields.Nested(MovesAnswerSchema, metadata=optional("Only where any was in force."))


def _example(study: Study) -> dict[str, Any]:
    plain, known = examples.spoken(study), examples.whole(study)
    last, community = study.vocabulary.names[-1], study.vocabulary.community
    supposed = {
        "contagion": {"ratio": 1.2},
        "watch": {"share": 0.3, "of": {community.name: [plain[community.name]]}},
        "punish": {"factor": 0.5, "same": [community.name]},
        "confine": {"above": 0.2, "factor": 0.5},
        "militias": {"men": 10, "factor": 0.5, "of": {last: known[last]}, "from": examples.first_half_year(study)},
    }
    return {
        "force": [{**plain, "count": 20}, {**known, "count": 3}],
        "at_least": [1, 5],
        "decisive": [{last: [known[last]]}],
        "moves": supposed,
        "strength": {"reliable_below": 0.1, "unit": {"men": 10, "loses": 0.2}},
    } | examples.terms(study)


@resource.question(
    "/v1/outlooks",
    takes=OutlookQuestionSchema,
    gives=OutlookAnswerSchema,
    example=_example,
    size=lambda asked: len(asked["force"]),
    is_large=lambda _: True,  # none takes little
)
def foresee_force(asked: Asked, served: Served) -> dict[str, Any]:
    """Answer a question about a force as a whole: how many defect, who, when, and what is left to fight with.

    What is not known of the model moves all of the force together; given a draw of it, men defect independently, unless
    a move ties them. With moves the force is simulated forward by month, and the answer says what they change.
    """
    supposed = moves(asked["moves"], served, asked["window"].start)
    found = outlook(
        served.table,
        Force.of(asked["force"], served.table.vocabulary),
        **terms(asked),
        at_least=asked.get("at_least"),
        decisive_are=_decisive(asked, served.study),
        moves=supposed,
        strength=strength_terms(asked.get("strength", {}), served.study) if supposed or "strength" in asked else None,
        seed=asked["seed"],
    )
    return headed(asked, served) | found.as_dict()


def _decisive(asked: Asked, study: Study) -> Sequence[Selection]:
    widened = study.decisive_widened if asked.get("decisive_widened") else ()
    stated: Sequence[Selection] = asked.get("decisive", (*study.decisive, *widened))
    return stated
