"""Rules on moves and strength: claims that there are, words of the study, days near it, intervals within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from priors.checks.telling import Broken, Data, in_words_of, profile_known, unknown, words_known
from priors.moves import BOUNDS, NUMBERS

PROFILES: Final[Mapping[str, tuple[str, ...]]] = {
    "purge": ("replaced_by",), "intake": ("of",), "militias": ("of",),
}  # fmt: skip
"""By move, the members that state one level of an attribute: what a man who comes is like."""

NEAR: Final = 366
"""Days from the window within which a number of men may be known."""


def moves_in_words(
    moves: Data, claims: Data, quantities: Data, *, attributes: Data, units: Data | None, window: Data
) -> Broken:
    """Have each move stand on claims that there are, or on a quantity beside the fit, in the study's words and days."""
    vocabulary = in_words_of(attributes, units)
    for move, each in moves.items():
        path = ("moves", move)
        for claim in each.get("claims", ()):
            yield from unknown((*path, "claims"), "claim", claim, claims)
        if "quantity" in each:
            carried = [name for name, quantity in quantities.items() if "outside_the_fit" in quantity]
            yield from unknown((*path, "quantity"), "quantity outside the fit", each["quantity"], carried)
        for member in ("of", "services", "replaced_by"):
            known = profile_known if member in PROFILES.get(move, ()) else words_known
            yield from known((*path, member), each.get(member, {}), vocabulary)
        if "start" in each and not window["start"] <= each["start"] <= window["end"]:
            rule = f"must lie in the window, {window['start']} to {window['end']}"
            yield (*path, "from"), rule, (str(min(max(each["start"], window["start"]), window["end"])),)


def moves_bounded(moves: Data) -> Broken:
    """Have each interval of a move's number lie within the bounds of its scale; every interval rises from above 0."""
    for move, numbers in NUMBERS.items():
        for number, scale in numbers.items():
            upper, highest = moves.get(move, {}).get(number, {"interval": (0, 0)})["interval"][1], BOUNDS[scale][1]
            path = ("moves", move, number, "interval")
            if highest == 1 and upper >= 1:
                yield path, f"must stay below 1, as every {scale} does", ()
            elif upper > highest:
                rule = f"must be at most {highest:,.0f}, as the scale `{scale}` has it"
                yield path, rule, (f"{highest:.0f}",)


def strength_in_words(strength: Data, attributes: Data, units: Data | None, window: Data) -> Broken:
    """Have the unit that may break told in the study's words, and known numbers be of days near its window."""
    unit = strength.get("unit", {})
    yield from words_known(("strength", "unit", "of"), unit.get("of", {}), in_words_of(attributes, units))
    for place, each in enumerate(strength.get("known", ())):
        path = ("strength", "known", place, "on")
        if (window["start"] - each["on"]).days > NEAR or (each["on"] - window["end"]).days > NEAR:
            yield path, f"must be within a year of the window, {window['start']} to {window['end']}", ()
