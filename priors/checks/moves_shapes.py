"""What `study.yaml` may state of the moves that an outlook can suppose, and of the strength that is left."""

from __future__ import annotations

from priors.checks.fields import Date, Described, Entry, Interval, Listed, Profile, Words
from priors.claims import BASES
from priors.corps import LARGEST_ARMY
from priors.strict import Number, OneOf, StrictSchema, Text, Whole


class SuppositionShape(StrictSchema):
    """A number that is not known."""

    interval = Interval(required=True)
    basis = OneOf(*BASES, required=True)
    source = Words(required=True)


class ContagionShape(StrictSchema):
    """What contagion draws its ratio from, and who stand in services that watch."""

    quantity = Text(required=True)
    services = Described(load_default=dict)


class MoveShape(StrictSchema):
    """What is done, and the claims that speak of it."""

    says = Words(required=True)
    claims = Listed(Text(), at_least=0, load_default=())


class WatchShape(MoveShape):
    """A share of those who set out to leave are stopped."""

    of = Described(load_default=dict)
    share = Entry(SuppositionShape)


class PurgeShape(MoveShape):
    """Some are removed, and others come in their places."""

    of = Described(load_default=dict)
    replaced_by = Profile(load_default=dict)
    rate = Entry(SuppositionShape)


class PunishShape(MoveShape):
    """After a defection those alike leave the less readily, or the more."""

    factor = Entry(SuppositionShape)


class ConfineShape(MoveShape):
    """Those from whom leaving is to be expected are kept in."""

    above = Number(0, 1)
    factor = Entry(SuppositionShape)


class DeathsShape(MoveShape):
    """Some die."""

    of = Described(load_default=dict)
    rate = Entry(SuppositionShape)


class IntakeShape(MoveShape):
    """Some are called up, or kept when their time is over."""

    of = Profile(load_default=dict)
    men = Entry(SuppositionShape)


class MilitiasShape(MoveShape):
    """Some serve beside the army."""

    of = Profile(load_default=dict)
    start = Date(data_key="from")
    men = Entry(SuppositionShape)
    factor = Entry(SuppositionShape)


class AlliesShape(MoveShape):
    """Others come who do not leave."""

    start = Date(data_key="from")
    men = Entry(SuppositionShape)


class OffersShape(MoveShape):
    """Those who would leave are offered something."""

    of = Described(load_default=dict)
    factor = Entry(SuppositionShape)


class MovesShape(StrictSchema):
    """The moves that a study speaks of."""

    contagion = Entry(ContagionShape)
    watch = Entry(WatchShape)
    purge = Entry(PurgeShape)
    punish = Entry(PunishShape)
    confine = Entry(ConfineShape)
    deaths = Entry(DeathsShape)
    intake = Entry(IntakeShape)
    militias = Entry(MilitiasShape)
    allies = Entry(AlliesShape)
    offers = Entry(OffersShape)


class UnitThatBreaksShape(StrictSchema):
    """The unit of which it is asked whether it breaks."""

    men = Whole(1, LARGEST_ARMY)
    of = Described()
    loses = Number(0.001, 1)
    spread = Number(0, 10)
    source = Words(required=True)


class KnownShape(StrictSchema):
    """How many served on a day."""

    on = Date(required=True)
    men = Whole(1, LARGEST_ARMY, required=True)
    source = Words(required=True)


class StrengthShape(StrictSchema):
    """What is left to fight with."""

    reliable_below = Number(0.001, 1)
    unit = Entry(UnitThatBreaksShape)
    known = Listed(Entry(KnownShape), at_least=0)
