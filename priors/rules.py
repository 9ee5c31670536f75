"""What the files of a study must keep together, so that a model can be built of it; every rule is tried.

A rule takes sections of the files by their names, and yields the path, the words and the nearest allowed values of each
mistake. One whose sections are misshapen is left out: what it would say follows from that.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from math import prod
from typing import Any, Final

import numpy as np

from priors.cases import ROLES
from priors.claims import POOLED
from priors.corps import class_cells, fitting_rows, row_shares
from priors.errors import ContradictoryProfileError, Fault, UnknownWordError
from priors.shapes import TAKEN, file_of
from priors.timeline import Timeline, Window
from priors.vocabulary import UNIT, Vocabulary, fold
from priors.yaml_files import Document, Path

MOST_CELLS: Final = 10_000
"""Combinations of levels: 4,000 draws of each, of posterior and prior, are a third of a gigabyte."""

MOST_OPEN: Final = 20_000
"""The same with any attributes left open, which contributions are worked out from: 4,000 draws of each, too."""

NEVER: Final = Timeline(Window(date.min, date.min), ())
"""For a vocabulary whose words alone are looked up."""

ROUNDING: Final = 1e-6
CLASS_ROUNDING: Final = 0.005
"""Shares of classes are written to two digits."""

PARTS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "share of defections": (frozenset({"of"}), frozenset({"among"})),
    "share of the forces": (frozenset({"of"}), frozenset({"among"})),
    "risk": (frozenset({"of"}), frozenset()),
    "risk ratio": (frozenset({"of", "to"}), frozenset()),
    "hazard over time": (frozenset({"of", "to"}), frozenset()),
    "quantity": (frozenset({"of"}), frozenset()),
}
"""By measure, the parts that a prediction must and may have."""

OF_EFFECTS: Final = ("_effect", "_step", "_steps", "_shape", "_share", "_offset", "_between", "_compared")
"""How variables of the model are called that are made of an attribute's name."""

Broken = Iterator[tuple[Path, str, tuple[str, ...]]]
Data = Mapping[str, Any]


def broken_rules(documents: Mapping[str, Document], data: Data) -> list[Fault]:
    """Return every mistake in what the sections of a study say together.

    Parameters
    ----------
    documents : mapping of str to Document
        By file.
    data : mapping
        The sections that are well-formed.
    """
    found: list[Fault] = []
    for rule in RULES:
        asked = inspect.signature(rule).parameters
        if set(asked) <= set(data):
            broken = list(rule(**{name: data[name] for name in asked}))
            found += [documents[file_of(path[0])].fault(path, words, near) for path, words, near in broken]
            if broken and rule in OF_WORDS:
                data = {name: section for name, section in data.items() if name not in {"attributes", "units"}}
    return found


def _unknown(path: Path, what: str, word: Any, known: Iterable[str]) -> Broken:
    """Yield a mistake if a word is not one of those known, with the nearest of them, or all."""
    known = tuple(known)
    if word not in known:
        near = difflib.get_close_matches(str(word), known) or known
        yield path, f"there is no {what} {word}", tuple(near[:8])


def _vocabulary(attributes: Data, units: Data | None) -> Vocabulary:
    return Vocabulary.from_data({"attributes": attributes, "everyone": "", "units": units}, NEVER)


def _sums_to_one(path: Path, shares: Collection[float]) -> Broken:
    if abs(sum(shares) - 1) > ROUNDING:
        yield path, f"shares must sum to one, not {sum(shares):.6g}", ()


def days_in_order(window: Data, periods: tuple[Data, ...]) -> Broken:
    """Hold the periods to the window, one after the other."""
    if window["end"] <= window["start"]:
        yield ("window", "to"), "must come after `from`", ()
        return
    for place, (before, after) in enumerate(pairwise([window["start"], *(each["end"] for each in periods)])):
        each = periods[place]
        if each["start"] != before:
            rule = "must begin where the one before it ends" if place else "must begin with the window"
            yield ("periods", place, "from"), rule, (str(before),)
        if after <= each["start"]:
            yield ("periods", place, "to"), "must come after `from`", ()
    if periods[-1]["end"] != window["end"]:
        yield ("periods", len(periods) - 1, "to"), "must end with the window", (str(window["end"]),)
    yield from _repeated("periods", periods)


def _repeated(section: str, entries: tuple[Data, ...]) -> Broken:
    seen: set[str] = set()
    for place, each in enumerate(entries):
        if each["name"] in seen:
            yield (section, place, "name"), "must be given once", ()
        seen.add(each["name"])


def few_enough(attributes: Data) -> Broken:
    """Have more than one combination of levels, and no more than can be worked with."""
    cells = prod(len(each["levels"]) for each in attributes.values())
    opened = prod(len(each["levels"]) + 1 for each in attributes.values())
    if cells == 1:
        yield ("attributes",), "must have at least two levels between them, or there is nothing to tell apart", ()
    elif cells > MOST_CELLS:
        rule = f"make {cells:,} combinations of levels, and a risk table holds at most {MOST_CELLS:,}"
        yield ("attributes",), rule, ()
    elif opened > MOST_OPEN:
        rule = f"make {opened:,} profiles with any attributes left open, and contributions are of at most {MOST_OPEN:,}"
        yield ("attributes",), rule, ()


def levels_and_words(attributes: Data) -> Broken:
    """Have each word stand for one level, and references be levels, the lowest where there is an order."""
    first = next(iter(attributes))
    if attributes[first]["ordered"]:
        yield (
            ("attributes", first, "ordered"),
            "the first attribute divides the forces and must be unordered",
            ("false",),
        )
    if len([name for name, each in attributes.items() if each.get("reads") == "noun"]) > 1:
        yield ("attributes",), "only one attribute can read as the noun of a sentence", ()
    for name, each in attributes.items():
        if name.endswith(OF_EFFECTS):
            rule = f"must have another name; what the model makes of attributes ends in {name[name.rindex('_') :]}"
            yield ("attributes", name), rule, ()
        yield from _attribute(name, each)


def _attribute(name: str, each: Data) -> Broken:
    path, levels = ("attributes", name), list(each["levels"])
    yield from _unknown((*path, "reference"), "level", each["reference"], levels)
    if each["ordered"] and len(levels) == 1:
        yield (*path, "levels"), "must be at least two where they have an order", ()
    if each["ordered"] and each["reference"] in levels[1:]:
        yield (*path, "reference"), "must be the lowest level where levels have an order", (levels[0],)
    reads = each.get("reads", "{}")
    if reads not in {"adjective", "noun"} and reads.count("{}") != 1:
        yield (*path, "reads"), "must be `adjective`, `noun`, or words with {} in place of the level", ()
    stands: dict[str, str] = {}
    for level, entry in each["levels"].items():
        for word in (level, *entry["synonyms"]):
            if stands.setdefault(fold(word), level) != level:
                yield (*path, "levels", level), f"{word!r} stands for {stands[fold(word)]} already", ()
    for group, entry in each["groups"].items():
        if fold(group) in stands:
            yield (*path, "groups", group), "must have another name; a level is called so", ()
        for level in entry["levels"]:
            yield from _unknown((*path, "groups", group, "levels"), "level", level, levels)


def units_stand_for_levels(attributes: Data, units: Data | None) -> Broken:
    """Have each unit stand for a level of one attribute, and each name for one unit."""
    if units is None:
        return
    yield from _unknown(("units", "attribute"), "attribute", units["attribute"], attributes)
    levels = attributes.get(units["attribute"], {"levels": ()})["levels"]
    stands: dict[str, str] = {}
    for name, unit in units["named"].items():
        if levels:
            yield from _unknown(("units", "named", name, "level"), "level", unit["level"], levels)
        for word in (name, *unit["synonyms"]):
            if stands.setdefault(fold(word), name) != name:
                yield ("units", "named", name), f"{word!r} stands for {stands[fold(word)]} already", ()


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
                yield from _unknown((*path, member), "attribute", each[member], attributes)
        for level in each["levels"]:
            yield from _unknown(
                (*path, "levels"), "level", level, attributes.get(each.get("attribute"), {}).get("levels", ())
            )
        if "spread" in each:
            yield from _unknown((*path, "spread"), "spread", each["spread"], spreads)
            if each["levels"] and (each["spread"] in attributes or each["spread"] in TAKEN):
                yield (*path, "spread"), "must have another name; an attribute or a variable of the model has it", ()
        if "period" in each:
            yield from _unknown((*path, "period"), "period", each["period"], [period["name"] for period in periods])
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


def quantities_suffice(quantities: Data, attributes: Data) -> Broken:
    """Span each ordered scale by one quantity, and set each level of another attribute apart by one."""
    for name, attribute in attributes.items():
        own = {quantity: each["levels"] for quantity, each in quantities.items() if each.get("attribute") == name}
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
            yield from _unknown(("quantities", name, "class"), "class", each["service_class"], classes)
            yield from _unknown(("quantities", name, "level"), "level", each["level"], community)
            if seen.setdefault(each["service_class"], name) != name:
                yield ("quantities", name), f"{seen[each['service_class']]} is of this class already", ()


def baseline_moves(baseline: Data, quantities: Data, periods: tuple[Data, ...], spreads: Data) -> Broken:
    """Set the level by some periods, of which none has a claimed ratio to it."""
    names = [each["name"] for each in periods]
    claimed = [each["period"] for each in quantities.values() if "period" in each]
    for period in baseline["level"]:
        yield from _unknown(("baseline", "level"), "period", period, names)
        if period in claimed:
            yield ("baseline", "level"), f"must leave out {period}, whose ratio to the level is a quantity", ()
    for period in sorted({each for each in claimed if claimed.count(each) > 1}):
        yield ("quantities",), f"only one may be of the period {period}", ()
    if "spread" in baseline:
        yield from _unknown(("baseline", "spread"), "spread", baseline["spread"], spreads)
    elif len(names) > 1:
        yield ("baseline",), "must have a `spread` where there is more than one period", ()


def claims_bear(claims: Data, quantities: Data, articles: Data) -> Broken:
    """Have each claim be an article's, and bear on quantities within their bounds."""
    for name, claim in claims.items():
        yield from _unknown(("claims", name, "source"), "article", claim["source"], articles)
        for quantity, (_, upper) in claim["bears_on"].items():
            path = ("claims", name, "bears_on", quantity)
            yield from _unknown(path, "quantity", quantity, quantities)
            if quantities.get(quantity, {"scale": "hazard ratio"})["scale"] != "hazard ratio" and upper >= 1:
                yield path, "must stay below 1, as risks and shares do", ()


def predictions_can_be_judged(
    claims: Data, quantities: Data, attributes: Data, units: Data | None, periods: tuple[Data, ...]
) -> Broken:
    """Have each prediction state the parts of its measure, in the study's words, and bounds in order."""
    vocabulary = _vocabulary(attributes, units)
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
        for part in sorted(parts & (required | may)):
            yield from _part((*path, part), prediction, prediction[part], (vocabulary, names, quantities))


def _part(path: Path, prediction: Data, part: Any, known: tuple[Vocabulary, list[str], Data]) -> Broken:
    vocabulary, periods, quantities = known
    if prediction["measure"] == "quantity":
        judged = [name for name, each in quantities.items() if each["scale"] != "share"]
        yield from _unknown(path, "risk or hazard ratio", part, judged)
    elif prediction["measure"] == "hazard over time":
        for period in part if isinstance(part, tuple) else (part,):
            yield from _unknown(path, "period", period, periods)
    elif not isinstance(part, dict):
        yield path, "must be words by attribute", vocabulary.names
    else:
        yield from _words(path, part, vocabulary)


def _words(path: Path, words: Data, vocabulary: Vocabulary, *, also: tuple[str, ...] = ()) -> Broken:
    """Yield a mistake for each attribute, level or group of levels that there is not."""
    for name, told in words.items():
        if name not in also:
            yield from _unknown((*path, name), "attribute", name, vocabulary.names)
        if name in vocabulary.names:
            for word in vocabulary.alternatives({name: told})[name]:
                try:
                    vocabulary.levels(name, word)
                except UnknownWordError as error:
                    yield (*path, name), f"there is no level {word}", error.nearest[:8]


def _profile(path: Path, words: Data, vocabulary: Vocabulary) -> Broken:
    """Yield a mistake where words are no profile."""
    unknown = False
    for name in words:
        for each in _unknown((*path, name), "attribute", name, vocabulary.members):
            unknown = True
            yield each
    if unknown:
        return
    try:
        vocabulary.profile(words)
    except UnknownWordError as error:
        yield (
            (*path, error.field),
            f"there is no {'unit' if error.field == UNIT else 'level'} of this name",
            error.nearest[:8],
        )
    except ContradictoryProfileError as error:
        yield path, str(error), ()


def profiles_in_words(
    profiles: tuple[Data, ...], decisive: tuple[Data, ...], attributes: Data, units: Data | None
) -> Broken:
    """Have profiles that reports show, and those who are decisive, told in the study's words."""
    vocabulary = _vocabulary(attributes, units)
    for place, each in enumerate(profiles):
        path = ("profiles", place, "profile")
        if broken := [*_profile(path, each["profile"], vocabulary)]:
            yield from broken
        elif missing := [name for name in vocabulary.names if name not in vocabulary.profile(each["profile"])]:
            yield path, f"must state every attribute; {', '.join(missing)} is left open", ()
    for place, words in enumerate(decisive):
        yield from _words(("decisive", place), words, vocabulary)
    yield from _repeated("profiles", profiles)


def cases_in_words(cases: tuple[Data, ...], claims: Data, window: Data, attributes: Data, units: Data | None) -> Broken:
    """Have each case told in the study's words, of a day of its window, by claims that there are."""
    vocabulary = _vocabulary(attributes, units)
    for place, case in enumerate(cases):
        yield from _profile(("cases", place, "profile"), case["profile"], vocabulary)
        if not window["start"] <= case["by"] < window["end"]:
            rule = f"must lie in the window, {window['start']} to {window['end']}"
            yield ("cases", place, "by"), rule, (str(min(max(case["by"], window["start"]), window["end"])),)
        for claim in case["claims"]:
            yield from _unknown(("cases", place, "claims"), "claim", claim, claims)


def levers_stand_on_claims(
    levers: Data, claims: Data, quantities: Data, attributes: Data, units: Data | None
) -> Broken:
    """Have each lever name claims, or a quantity that is carried beside the fit."""
    for lever, each in levers.items():
        for claim in each.get("claims", ()):
            yield from _unknown(("levers", lever, "claims"), "claim", claim, claims)
        if "quantity" in each:
            carried = [name for name, quantity in quantities.items() if "outside_the_fit" in quantity]
            yield from _unknown(("levers", lever, "quantity"), "quantity outside the fit", each["quantity"], carried)
            yield from _words(("levers", lever, "services"), each["services"], _vocabulary(attributes, units))


def topics_and_roles(topics: Data, roles: Data, quantities: Data) -> Broken:
    """Have topics and roles be those of quantities."""
    ratios = [name for name, each in quantities.items() if each["scale"] == "hazard ratio" and "attribute" in each]
    for topic, quantity in topics.items():
        yield from _unknown(("topics", topic), "quantity", quantity, quantities)
    for role, each in roles.items():
        yield from _unknown(("roles", role), "role", role, ROLES)
        yield from _unknown(("roles", role, "quantity"), "hazard ratio between levels", each["quantity"], ratios)


def classes_divide(classes: Data, attributes: Data, units: Data | None) -> Broken:
    """Divide all the forces between the classes, and have every profile be of exactly one."""
    yield from _sums_to_one(("classes",), [each["share"] for each in classes.values()])
    vocabulary = _vocabulary(attributes, units)
    if broken := [*_class_words(classes, vocabulary)]:
        yield from broken
        return
    count = sum(cells.astype(int) for cells in class_cells(classes, vocabulary).values())
    for times, rule in ((0, "of none"), (2, "of more than one")):
        cells = np.flatnonzero(count == 0 if times == 0 else count >= times)
        if len(cells):
            yield (
                ("classes",),
                f"every profile must be of exactly one; {', '.join(vocabulary.cells[cells[0]])} is {rule}",
                (),
            )


def _class_words(classes: Data, vocabulary: Vocabulary) -> Broken:
    for name, each in classes.items():
        yield from _words(("classes", name, "of"), each["of"], vocabulary)


def heads_agree(heads: Data, classes: Data) -> Broken:
    """Hold the heads of a class to its share of all."""
    for name, count in heads["by_class"].items():
        path = ("heads", "by_class", name)
        yield from _unknown(path, "class", name, classes)
        if name in classes and abs(count / heads["all"] - classes[name]["share"]) > CLASS_ROUNDING:
            share = classes[name]["share"]
            yield path, f"must be the share {share:g} of all, as in `classes`", (f"{round(share * heads['all'])}",)


def communities_divide(communities: Data, classes: Data, attributes: Data) -> Broken:
    """Divide each class between all communities."""
    levels = attributes[next(iter(attributes))]["levels"]
    for name in communities["by_class"]:
        yield from _unknown(("communities", "by_class", name), "class", name, classes)
    for name in classes:
        path = ("communities", "by_class", name)
        shares = communities["by_class"].get(name)
        if shares is None:
            yield path, "must be given, as for every class", ()
            continue
        yield from _sums_to_one(path, shares.values())
        yield from _levels(path, shares, levels)
        for level in levels:
            if level not in shares:
                yield path, f"must have a share of {level}", ()


def _levels(path: Path, shares: Data, levels: Iterable[str]) -> Broken:
    for level in shares:
        yield from _unknown((*path, level), "level", level, levels)


def tables_divide(tables: Data, attributes: Data, units: Data | None, classes: Data) -> Broken:
    """Have a table for each attribute but the first, of whose rows one gives every profile a share."""
    names = list(attributes)[1:]
    for name in tables:
        yield from _unknown(("tables", name), "attribute, but the first,", name, names)
    vocabulary = _vocabulary(attributes, units)
    for name in names:
        if name not in tables:
            yield ("tables",), f"there must be one for {name}", ()
        elif broken := [*_rows(("tables", name), tables[name], vocabulary, classes)]:
            yield from broken
        elif not [*_class_words(classes, vocabulary)]:
            yield from _cells(("tables", name), tables[name], vocabulary, classes)


def _rows(path: Path, table: Data, vocabulary: Vocabulary, classes: Data) -> Broken:
    levels = vocabulary[str(path[1])].names
    for level in table.get("levels", ()):
        yield from _unknown((*path, "levels"), "level", level, levels)
    for place, row in enumerate(table["rows"]):
        here = (*path, "rows", place)
        yield from _words((*here, "where"), row["where"], vocabulary, also=("class",))
        if "class" in row["where"]:
            yield from _unknown((*here, "where", "class"), "class", row["where"]["class"], classes)
        shares = row["shares"]
        if isinstance(shares, tuple) and len(shares) != len(table.get("levels", ())):
            yield (*here, "shares"), "must be as many as the `levels` of the table", ()
            continue
        if isinstance(shares, dict):
            yield from _levels((*here, "shares"), shares, levels)
        yield from _sums_to_one((*here, "shares"), shares.values() if isinstance(shares, dict) else shares)


def _cells(path: Path, table: Data, vocabulary: Vocabulary, classes: Data) -> Broken:
    of_class = class_cells(classes, vocabulary)
    axis = vocabulary.names.index(str(path[1]))
    shares = [row_shares(table, row) for row in table["rows"]]
    for row, cell in zip(fitting_rows(table, of_class, vocabulary), vocabulary.cells, strict=True):
        if row < 0 or cell[axis] not in shares[row]:
            yield (*path, "rows"), f"no row gives a share to {', '.join(cell)}", ()
            return


OF_WORDS: Final = (few_enough, units_stand_for_levels)
"""Without which no word can be looked up."""

RULES: Final[tuple[Callable[..., Broken], ...]] = (
    *OF_WORDS,
    levels_and_words,
    days_in_order,
    articles_by_name,
    quantities_declared,
    quantities_suffice,
    shares_of_classes,
    baseline_moves,
    claims_bear,
    predictions_can_be_judged,
    profiles_in_words,
    cases_in_words,
    levers_stand_on_claims,
    topics_and_roles,
    classes_divide,
    heads_agree,
    communities_divide,
    tables_divide,
)
