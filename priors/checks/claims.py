"""Rules on what is claimed: quantities that the model can be built of, claims on them, and what stands on claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from priors.cases import ROLES
from priors.checks.shapes import PARTS, TAKEN
from priors.checks.telling import (
    Broken,
    Data,
    in_words_of,
    unknown,
    words_known,
)
from priors.claims import POOLED
from priors.vocabulary import Vocabulary
from priors.yaml_files import Path

DAYS: Final[Mapping[str, frozenset[str]]] = {"number of defections": frozenset({"from", "to"})}
"""By measure, the parts that are days."""


def articles_by_name(articles: Data) -> Broken:
    """Have no article take the name of all together."""
    if POOLED in articles:
        yield ("articles", POOLED), "must have another name; this one is that of all articles together", ()


def quantities_declared(quantities: Data, attributes: Data, periods: tuple[Data, ...], spreads: Data) -> Broken:
    """Have each quantity be of what its scale asks for, in the words of the study."""
    of_risk = [name for name, each in quantities.items() if each["scale"] == "risk"]
    if len(of_risk) != 1:
        yield ("quantities",), f"exactly one must be on the scale `risk`, that of the reference, not {len(of_risk)}", ()
    for name, each in quantities.items():
        path = ("quantities", name)
        yield from _scale(path, each)
        for member in ("attribute", "varies_by"):
            if member in each:
                yield from unknown((*path, member), "attribute", each[member], attributes)
        for level in each["levels"]:
            yield from unknown(
                (*path, "levels"), "level", level, attributes.get(each.get("attribute"), {}).get("levels", ())
            )
        if "spread" in each:
            yield from unknown((*path, "spread"), "spread", each["spread"], spreads)
            if each["levels"] and (each["spread"] in attributes or each["spread"] in TAKEN):
                yield (*path, "spread"), "must have another name; an attribute or a variable of the model has it", ()
        if "period" in each:
            yield from unknown((*path, "period"), "period", each["period"], [period["name"] for period in periods])
    named = [each["spread"] for each in quantities.values() if "spread" in each]
    for spread in sorted({each for each in named if named.count(each) > 1}):
        yield ("spreads", spread), "must be that of one quantity only", ()


def _scale(path: Path, each: Data) -> Broken:
    ratio, share = each["scale"] == "hazard ratio", each["scale"] == "share"
    about = [member for member in ("attribute", "period", "outside_the_fit") if member in each]
    if ratio and len(about) != 1:
        yield path, "a hazard ratio must be of one of `attribute` and `period`, or say why it is `outside_the_fit`", ()
    if not ratio and about:
        yield (*path, about[0]), "only a hazard ratio has it", ()
    if share != ("service_class" in each and "level" in each):
        yield path, "a share, and nothing else, must name a `class` and a `level`", ()
    if each["levels"] and "attribute" not in each:
        yield (*path, "levels"), "must stand beside their `attribute`", ()
    if ("varies_by" in each) and ("spread" not in each or "attribute" not in each or each["levels"]):
        yield (*path, "varies_by"), "must stand beside the `attribute` whose whole scale varies, and a `spread`", ()
    if "varies_by" in each and each["varies_by"] == each.get("attribute"):
        yield (*path, "varies_by"), "must be another attribute", ()
    if "spread" in each and "varies_by" not in each and len(each["levels"]) < 2:  # noqa: PLR2004 - several
        yield (*path, "spread"), "must be of several `levels`, or of a scale that `varies_by` another attribute", ()
    if not ratio and each["without_claims"][1] >= 1:
        yield (*path, "without_claims"), "must stay below 1, as risks and shares do", ()


def drifts_declared(quantities: Data, periods: tuple[Data, ...]) -> Broken:
    """Have a ratio that holds since a period be one that multiplies the effect of levels, and not from the first on."""
    for name, each in quantities.items():
        if "since" in each:
            yield from _since(("quantities", name, "since"), each, [period["name"] for period in periods])


def _since(path: Path, each: Data, periods: list[str]) -> Broken:
    if each["scale"] != "hazard ratio" or "attribute" not in each or not each["levels"]:
        yield path, "must be of a hazard ratio that sets `levels` of an `attribute` apart", ()
    if "spread" in each:
        yield path, "must stand without a `spread`", ()
    later = periods[1:] or periods
    if each["since"] == periods[0]:
        yield path, "must not be the first period; from then on is all the time", tuple(later[:8])
    else:
        yield from unknown(path, "period", each["since"], later)


def quantities_suffice(quantities: Data, attributes: Data) -> Broken:
    """Span each ordered scale by one quantity, and set each level of another attribute apart by one."""
    lasting = {quantity: each for quantity, each in quantities.items() if "since" not in each}
    for name, attribute in attributes.items():
        own = {quantity: each["levels"] for quantity, each in lasting.items() if each.get("attribute") == name}
        if attribute["ordered"]:
            if [*own.values()] != [()]:
                yield ("quantities",), f"{name} is ordered: exactly one must be of it, without `levels`", ()
            continue
        if attribute["reference"] not in attribute["levels"]:
            continue
        apart = [level for levels in own.values() for level in levels]
        for quantity, levels in own.items():
            if not levels:
                yield ("quantities", quantity), f"must name `levels`, since {name} has no order", ()
            if attribute["reference"] in levels:
                yield (
                    ("quantities", quantity, "levels"),
                    "must leave out the reference, which others are set against",
                    (),
                )
        for level in attribute["levels"]:
            wanted = level != attribute["reference"]
            if wanted and apart.count(level) != 1:
                yield ("quantities",), f"exactly one must set {name} {level} apart, not {apart.count(level)}", ()


def shares_of_classes(quantities: Data, attributes: Data, classes: Data) -> Broken:
    """Have each share be of a class and of a community, at most one of each class."""
    community = attributes[next(iter(attributes))]["levels"]
    seen: dict[str, str] = {}
    for name, each in quantities.items():
        if each["scale"] == "share" and "service_class" in each and "level" in each:
            yield from unknown(("quantities", name, "class"), "class", each["service_class"], classes)
            yield from unknown(("quantities", name, "level"), "level", each["level"], community)
            if seen.setdefault(each["service_class"], name) != name:
                yield ("quantities", name), f"{seen[each['service_class']]} is of this class already", ()


def baseline_moves(baseline: Data, quantities: Data, periods: tuple[Data, ...], spreads: Data) -> Broken:
    """Set the level by some periods, of which none has a claimed ratio to it."""
    names = [each["name"] for each in periods]
    claimed = [each["period"] for each in quantities.values() if "period" in each]
    for period in baseline["level"]:
        yield from unknown(("baseline", "level"), "period", period, names)
        if period in claimed:
            yield ("baseline", "level"), f"must leave out {period}, whose ratio to the level is a quantity", ()
    for period in sorted({each for each in claimed if claimed.count(each) > 1}):
        yield ("quantities",), f"only one may be of the period {period}", ()
    if "spread" in baseline:
        yield from unknown(("baseline", "spread"), "spread", baseline["spread"], spreads)
    elif len(names) > 1:
        yield ("baseline",), "must have a `spread` where there is more than one period", ()


def effects_move(
    over_time: Data, attributes: Data, spreads: Data, *, quantities: Data, baseline: Data, periods: tuple[Data, ...]
) -> Broken:
    """Have what moves over time be effects of attributes, each with a spread of its own, where there are periods."""
    taken = {each["spread"]: name for name, each in quantities.items() if "spread" in each}
    taken |= {baseline["spread"]: "the baseline"} if "spread" in baseline else {}
    for attribute, spread in over_time.items():
        path = ("over_time", attribute)
        yield from unknown(path, "attribute", attribute, attributes)
        yield from unknown(path, "spread", spread, spreads)
        if taken.setdefault(spread, attribute) != attribute:
            yield path, f"must have a spread of its own; {spread} is that of {taken[spread]}", ()
        if len(periods) == 1:
            yield path, "must be left out where there is only one period", ()


def lists_select(newsworthiness: Data, attributes: Data) -> Broken:
    """Have lists prefer men by steps of attributes that are ordered."""
    ordered = [name for name, each in attributes.items() if each["ordered"]]
    for name in newsworthiness:
        yield from unknown(("newsworthiness", name), "ordered attribute", name, ordered)


def claims_bear(claims: Data, quantities: Data, articles: Data) -> Broken:
    """Have each claim be an article's, and bear on quantities within their bounds."""
    for name, claim in claims.items():
        yield from unknown(("claims", name, "source"), "article", claim["source"], articles)
        for quantity, link in claim["bears_on"].items():
            path = ("claims", name, "bears_on", quantity)
            yield from unknown(path, "quantity", quantity, quantities)
            bounded = quantities.get(quantity, {"scale": "hazard ratio"})["scale"] != "hazard ratio"
            if bounded and link["interval"][1] >= 1:
                yield (*path, "interval"), "must stay below 1, as risks and shares do", ()


def predictions_can_be_judged(
    claims: Data, quantities: Data, attributes: Data, *, units: Data | None, periods: tuple[Data, ...], window: Data
) -> Broken:
    """Have each prediction state the parts of its measure, in the study's words and days, and bounds in order."""
    vocabulary = in_words_of(attributes, units)
    names = [each["name"] for each in periods]
    for claim, each in claims.items():
        if "prediction" not in each:
            continue
        prediction, path = each["prediction"], ("claims", claim, "prediction")
        required, may = PARTS[prediction["measure"]]
        parts = set(prediction) - {"measure", "above", "below"}
        for part in sorted(required ^ (parts - may)):
            rule = "must be there" if part in required else "is not a part"
            yield (*path, part), f"{rule}, for the measure `{prediction['measure']}`", ()
        if prediction.get("above", -1) >= prediction.get("below", np.inf):
            yield (*path, "above"), "must be less than `below`", ()
        for part in sorted((parts & (required | may)) - DAYS.get(prediction["measure"], frozenset())):
            yield from _part((*path, part), prediction, prediction[part], (vocabulary, names, quantities))
        if prediction["measure"] in DAYS:
            yield from _days(path, prediction, window)


def _days(path: Path, prediction: Data, window: Data) -> Broken:
    """Hold the days of a prediction, which are those of the study where they are left out, to the study."""
    start, end = prediction.get("from", window["start"]), prediction.get("to", window["end"])
    if not isinstance(end, date):
        yield (*path, "to"), "must be a date, YYYY-MM-DD", ()
        return
    inside = f"must lie in the window, {window['start']} to {window['end']}"
    for part, day in (("from", start), ("to", end)):
        if not window["start"] <= day <= window["end"]:
            yield (*path, part), inside, (str(min(max(day, window["start"]), window["end"])),)
    if end <= start:
        yield (*path, "to"), "must come after `from`", ()


def _part(path: Path, prediction: Data, part: Any, known: tuple[Vocabulary, list[str], Data]) -> Broken:
    vocabulary, periods, quantities = known
    if prediction["measure"] == "quantity":
        judged = [name for name, each in quantities.items() if each["scale"] != "share"]
        yield from unknown(path, "risk or hazard ratio", part, judged)
    elif prediction["measure"] == "hazard over time":
        for period in part if isinstance(part, tuple) else (part,):
            yield from unknown(path, "period", period, periods)
    elif not isinstance(part, dict):
        yield path, "must be words by attribute", vocabulary.names
    else:
        yield from words_known(path, part, vocabulary)


def topics_and_roles(topics: Data, roles: Data, quantities: Data) -> Broken:
    """Have topics and roles be those of quantities."""
    ratios = [name for name, each in quantities.items() if each["scale"] == "hazard ratio" and "attribute" in each]
    for topic, quantity in topics.items():
        yield from unknown(("topics", topic), "quantity", quantity, quantities)
    for role, each in roles.items():
        yield from unknown(("roles", role), "role", role, ROLES)
        yield from unknown(("roles", role, "quantity"), "hazard ratio between levels", each["quantity"], ratios)
