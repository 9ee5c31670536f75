"""`GET /v1/study`: the case that a version was fitted to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import fields

from priors.claims import BASES
from priors.moves import BOUNDS, Move
from priors.study import Study
from service.api.resource import JSON, Resource, asked_by_query
from service.api.responses import cacheable, encoded
from service.api.schemas import Answer, ModelNameSchema, StatedWindowSchema, VersionQuestionSchema, optional

resource = Resource("study")


def words_by_attribute(description: str) -> fields.Dict:
    """Return a field for words by attribute, any of which will do."""
    return fields.Dict(keys=fields.String(), values=fields.List(fields.String()), metadata={"description": description})


class PeriodSchema(Answer):
    """A part of the window in which the baseline hazard is constant."""

    name = fields.String()
    window = fields.Nested(StatedWindowSchema)


class HeadsSchema(Answer):
    """How many are expected to have served when the study begins, in all and by class: the middles of its intervals."""

    all = fields.Integer()
    by_class = fields.Dict(keys=fields.String(), values=fields.Integer())


class ClassSchema(Answer):
    """A class of service, of whom it is, and how many are expected to have served in it."""

    name = fields.String()
    of = words_by_attribute("Words for levels, or names of groups of levels; all who serve where there are none.")
    heads = fields.Integer()


class ArticleSchema(Answer):
    """An article whose claims are weighed."""

    name = fields.String(metadata={"description": "As the source of claims, and as the prior set of these alone."})
    author = fields.String()
    called = fields.String(metadata={"description": "The author, in a sentence."})
    date = fields.String(metadata={"description": "As far as it is known: a year, a month or a day."})
    title = fields.String()
    published = fields.String()
    link = fields.String(metadata={"description": "Empty where there is none."})
    stands = fields.String(metadata={"description": "How far into the case it was written."})
    says = fields.String(metadata={"description": "What it says, in a paragraph."})


class SpreadingSchema(Answer):
    """What contagion draws its ratio from, among whom defections may count more, and the claims behind it."""

    quantity = fields.String()
    services = words_by_attribute("Words for levels, or names of groups of levels; empty where there are none.")
    claims = fields.List(fields.String())


class SuppositionSchema(Answer):
    """A number of a move that is not known."""

    scale = fields.String(metadata={"enum": [*BOUNDS]})
    interval = fields.List(fields.Float(), metadata={"description": "The 90 % interval.", "minItems": 2, "maxItems": 2})
    basis = fields.String(metadata={"description": "Whose the interval is.", "enum": [*BASES]})
    source = fields.String(metadata={"description": "What it rests on."})


class StudyMoveSchema(Answer):
    """What the study says of a move."""

    says = fields.String(metadata={"description": "What is done, in a sentence."})
    claims = fields.List(fields.String(), metadata={"description": "Those that speak of it."})
    of = words_by_attribute("Whom it falls on, or who comes, unless a question says otherwise; empty for everyone.")
    replaced_by = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "Of a purge: the levels that whoever comes has instead of those of the man removed."},
    )
    above = fields.Float(metadata=optional("Of confinement: the predicted risk from which on men are kept in."))
    start = fields.Date(data_key="from", metadata=optional("Where it begins later than the window."))
    numbers = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(SuppositionSchema),
        metadata={"description": "Those that are drawn where a question does not state them."},
    )


def _stated() -> fields.Nested:
    return fields.Nested(StudyMoveSchema, metadata=optional("Where the study speaks of it."))


class StudyMovesSchema(Answer):
    """What an outlook may suppose; of a move that is missing the study says nothing, and a question must state all."""

    contagion = fields.Nested(SpreadingSchema, metadata=optional("Where it is missing a ratio must be stated."))
    watch = _stated()
    purge = _stated()
    punish = _stated()
    confine = _stated()
    deaths = _stated()
    intake = _stated()
    militias = _stated()
    allies = _stated()
    offers = _stated()


class UnitThatBreaksSchema(Answer):
    """The unit of which it is asked whether it breaks, unless a question says otherwise."""

    men = fields.Integer()
    of = words_by_attribute("Of whom it is made up; empty for all who serve.")
    loses = fields.Float(metadata={"description": "Share of its men, within a month, whose loss breaks it."})
    spread = fields.Float(metadata={"description": "Standard deviation of the log of a unit's hazard; 0 for none."})
    source = fields.String(metadata={"description": "Of the spread."})


class KnownStrengthSchema(Answer):
    """How many served on a day, by a source."""

    on = fields.Date()
    men = fields.Integer()
    source = fields.String()


class StudyStrengthSchema(Answer):
    """What of a force is counted on, the unit that may break, and what is known of numbers."""

    reliable_below = fields.Float(metadata={"description": "The predicted risk below which men are counted on."})
    unit = fields.Nested(UnitThatBreaksSchema)
    known = fields.List(
        fields.Nested(KnownStrengthSchema),
        metadata={"description": "What a simulated force is set beside, and not fitted to."},
    )


class RoleSchema(Answer):
    """The quantity that stands for a role, or of which one over it does."""

    quantity = fields.String()
    inverse = fields.Boolean()


class CaseToWeighSchema(Answer):
    """A kind of man of whom at least one had left by a day or, where it did not happen, none."""

    title = fields.String()
    profile = fields.Dict(keys=fields.String(), values=fields.String())
    by = fields.Date()
    happened = fields.Boolean()
    rests = fields.String(metadata={"description": "What is to be known before it is weighed."})
    claims = fields.List(fields.String(), metadata={"description": "Those that speak of it."})


class StudySchema(Answer):
    """All of the case that a reader of answers needs."""

    model = fields.Nested(ModelNameSchema)
    name = fields.String()
    title = fields.String()
    digest = fields.String(metadata={"description": "The sha256 of its files."})
    question = fields.String()
    limits = fields.String(metadata={"description": "What its answers are not for."})
    window = fields.Nested(StatedWindowSchema, metadata={"description": "In which anything is asked or known."})
    periods = fields.List(fields.Nested(PeriodSchema))
    everyone = fields.String(metadata={"description": "What those who serve are called together."})
    heads = fields.Nested(HeadsSchema)
    classes = fields.List(fields.Nested(ClassSchema))
    articles = fields.List(fields.Nested(ArticleSchema))
    prior_sets = fields.List(fields.String(), metadata={"description": "The last is taken where none is named."})
    profiles = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.String()),
        metadata={"description": "Those that reports show, by what they are called."},
    )
    decisive = fields.List(words_by_attribute("Whose leaving counts as decisive unless a question says otherwise."))
    decisive_widened = fields.List(words_by_attribute("Whose leaving counts besides, where a question asks for that."))
    moves = fields.Nested(StudyMovesSchema)
    strength = fields.Nested(StudyStrengthSchema)
    roles = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(RoleSchema),
        metadata={"description": "By which it may be set beside another study."},
    )
    topics = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "On which the articles differ, each with the quantity that claims on it bear on."},
    )
    cases = fields.List(fields.Nested(CaseToWeighSchema), metadata={"description": "By which articles are weighed."})


@resource.document("/v1/study", tag="What is known", gives=StudySchema, asks=VersionQuestionSchema)
def show_study() -> Response:
    """Tell the case that the version was fitted to: its question, its articles, and who served."""
    _, served = asked_by_query()
    return cacheable(encoded({"model": served.summary} | described(served.study)), JSON)


def described(study: Study) -> dict[str, Any]:
    """Return a study as it stands in an answer."""
    return {
        **study.summary,
        "question": study.question,
        "limits": study.limits,
        "window": study.timeline.window.as_dict(),
        "periods": [{"name": period.name, "window": period.window.as_dict()} for period in study.timeline.periods],
        "everyone": study.vocabulary.everyone,
        "heads": {"all": study.heads.all, "by_class": dict(study.heads.by_class)},
        "classes": [
            {"name": name, "of": study.corps.of[name], "heads": study.heads.by_class[name]}
            for name in study.corps.classes
        ],
        "articles": [asdict(article) for article in study.articles],
        "prior_sets": list(study.claims.prior_sets),
        "profiles": study.profiles,
        "decisive": list(study.decisive),
        "decisive_widened": list(study.decisive_widened),
        "moves": _moves(study),
        "strength": asdict(study.strength),
        "roles": {name: asdict(role) for name, role in study.roles.items()},
        "topics": study.topics,
        "cases": [asdict(case) for case in study.cases],
    }


def _moves(study: Study) -> dict[str, Any]:
    spreading = {} if study.spreading.quantity is None else {"contagion": asdict(study.spreading)}
    return spreading | {name: _move(move) for name, move in study.moves.items()}


def _move(move: Move) -> dict[str, Any]:
    """Return a move, without the members that it does not have."""
    told = {name: value for name, value in asdict(move).items() if value is not None}
    start = {"from": told.pop("start")} if "start" in told else {}
    return told | start
