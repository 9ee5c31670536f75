"""Rules on days and words: periods that fill the window, levels that words stand for, profiles told in them."""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Final

from priors.checks.telling import (
    Broken,
    Data,
    in_words_of,
    named_once,
    profile_known,
    unknown,
    words_known,
)
from priors.vocabulary import fold

MOST_CELLS: Final = 10_000
"""Combinations of levels: 4,000 draws of each, of posterior and prior, are a third of a gigabyte."""

MOST_OPEN: Final = 20_000
"""The same with any attributes left open, which contributions are worked out from: 4,000 draws of each, too."""

OF_EFFECTS: Final = (
    "_effect", "_step", "_steps", "_shape", "_share", "_offset", "_between", "_compared", "_over_time",
    "_newsworthiness", "_entry",
)  # fmt: skip
"""How variables of the model are called that are made of an attribute's name."""


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
    yield from named_once("periods", periods)


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
    yield from unknown((*path, "reference"), "level", each["reference"], levels)
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
            yield from unknown((*path, "groups", group, "levels"), "level", level, levels)


def units_stand_for_levels(attributes: Data, units: Data | None) -> Broken:
    """Have each unit stand for a level of one attribute, and each name for one unit."""
    if units is None:
        return
    yield from unknown(("units", "attribute"), "attribute", units["attribute"], attributes)
    levels = attributes.get(units["attribute"], {"levels": ()})["levels"]
    stands: dict[str, str] = {}
    for name, unit in units["named"].items():
        if levels:
            yield from unknown(("units", "named", name, "level"), "level", unit["level"], levels)
        for word in (name, *unit["synonyms"]):
            if stands.setdefault(fold(word), name) != name:
                yield ("units", "named", name), f"{word!r} stands for {stands[fold(word)]} already", ()


def profiles_in_words(
    profiles: tuple[Data, ...],
    decisive: tuple[Data, ...],
    decisive_widened: tuple[Data, ...],
    *,
    attributes: Data,
    units: Data | None,
) -> Broken:
    """Have profiles that reports show, and those who are decisive, told in the study's words."""
    vocabulary = in_words_of(attributes, units)
    for place, each in enumerate(profiles):
        path = ("profiles", place, "profile")
        if broken := [*profile_known(path, each["profile"], vocabulary)]:
            yield from broken
        elif missing := [name for name in vocabulary.names if name not in vocabulary.profile(each["profile"])]:
            yield path, f"must state every attribute; {', '.join(missing)} is left open", ()
    for section, told in (("decisive", decisive), ("decisive_widened", decisive_widened)):
        for place, words in enumerate(told):
            yield from words_known((section, place), words, vocabulary)
    yield from named_once("profiles", profiles)


def cases_in_words(cases: tuple[Data, ...], claims: Data, window: Data, attributes: Data, units: Data | None) -> Broken:
    """Have each case told in the study's words, of a day of its window, by claims that there are."""
    vocabulary = in_words_of(attributes, units)
    for place, case in enumerate(cases):
        yield from profile_known(("cases", place, "profile"), case["profile"], vocabulary)
        if not window["start"] <= case["by"] < window["end"]:
            rule = f"must lie in the window, {window['start']} to {window['end']}"
            yield ("cases", place, "by"), rule, (str(min(max(case["by"], window["start"]), window["end"])),)
        for claim in case["claims"]:
            yield from unknown(("cases", place, "claims"), "claim", claim, claims)
