"""An outlook in words and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from cli.output import print_table, say

WIDTH: Final = 100
DATES: Final = 5
"""Told of what is left to fight with."""

WHOLE: Final = 100
"""From which on a number of a move is told without a point."""

LEFT: Final = ("serving", "deployable", "reliable")
HEADS: Final = ("start", "intake", "replaced", "defected", "interdicted", "purged", "died", "serving")


def show_outlook(answer: Mapping[str, Any]) -> None:
    """Print the answer to a question about a force."""
    method = answer["method"]
    by = f"{method['name']}, {method['draws']} draws x {method['replicates']}"
    say(f"version {answer['model']['version']} ({answer['model']['priors']} priors), {by}")
    click.echo(f"{answer['in_words']}\n")
    _show_numbers(answer)
    several = [each for each in answer["decisive"]["at_least"] if each["probability"] > 0 and each["count"] > 1]
    for each in several:
        error = f"(s.e. {each['monte_carlo_error']:.2g})"
        click.echo(f"at least {each['count']:,} decisive ones: {each['probability']:.4g} {error}")
    first, to = answer["first"]["median_date"], answer["first"]["resolution"]
    told = "more likely none" if first is None else f"as likely as not by {first}, to the {to}"
    click.echo(f"\nfirst defection: {told}\n")
    levels = [
        (level, _told(count["mean"], 4), f"{count['median']:,}", _interval(count))
        for attribute in answer["by_attribute"].values()
        for level, count in attribute.items()
        if count["mean"] > 0
    ]
    print_table(("defections by level", "mean", "median", "interval"), levels)
    if "strength" in answer:
        _show_strength(answer)
    if "moves" in answer:
        _show_moves(answer["moves"])


def _show_numbers(answer: Mapping[str, Any]) -> None:
    """Print what is expected, and where moves are in force what they changed."""
    rows = [
        (name, _told(value, 4), _told(entry["monte_carlo_error"], 2))
        if entry.get("possible", True)
        else (name, "cannot happen", "")
        for name, value, entry in _numbers(answer)
    ]
    if "moves" not in answer:
        print_table(("", "", "s.e."), rows)
        return
    changed = answer["moves"]["changed"]
    entries = [changed["defections"], *changed["at_least"], *(changed[name] for name in ("decisive", *LEFT, "breaks"))]
    differences = [(_told(each["difference"], 3, "+"), _told(each["monte_carlo_error"], 2)) for each in entries]
    columns = ("", "", "s.e.", "changed by the moves", "s.e.")
    print_table(columns, [(*row, *difference) for row, difference in zip(rows, differences, strict=True)])


def _numbers(answer: Mapping[str, Any]) -> Iterator[tuple[str, float, Mapping[str, Any]]]:
    yield "defections expected", answer["defections"]["mean"], answer["defections"]
    for each in answer["at_least"]:
        yield f"at least {each['count']:,}", each["probability"], each
    yield "a decisive one", answer["decisive"]["probability"], answer["decisive"]
    if "strength" in answer:
        at_end = answer["strength"]["over_time"][-1]
        yield from ((f"{name} at the end", at_end[name]["mean"], at_end[name]) for name in LEFT)
        breaks = answer["strength"]["unit"]["breaks"]
        yield "a unit that breaks", breaks["probability"], breaks | {"possible": answer["strength"]["unit"]["possible"]}


def _show_strength(answer: Mapping[str, Any]) -> None:
    """Print what is left to fight with at a few dates, where the heads went, and the unit that may break."""
    strength, points = answer["strength"], answer["strength"]["over_time"]
    places = sorted({round(at * (len(points) - 1) / (DATES - 1)) for at in range(DATES)})
    widest = points[-1]["serving"]["intervals"][-1]["probability"]
    title = f"left to fight with, of {strength['start']:,.0f}: median and {widest:.0%} interval"
    rows = [(points[at]["until"], *(_short(points[at][name]) for name in LEFT)) for at in places]
    click.echo(f"\n{title}")
    print_table(("before", *LEFT), rows)
    ledgers = [("with the moves" if "moves" in answer else "", strength["ledger"])]
    if "moves" in answer:
        ledgers.append(("without", answer["moves"]["without"]["strength"]["ledger"]))
    heads = [(name, *(f"{ledger[each]:,.0f}" for each in HEADS)) for name, ledger in ledgers]
    click.echo("\nheads in the army at the end, means")
    print_table(("", *HEADS), heads)
    click.echo()
    for line in _said_of_strength(strength, points[-1]):
        _echo(line)


def _said_of_strength(strength: Mapping[str, Any], at_end: Mapping[str, Any]) -> Iterator[str]:
    unit, below = strength["unit"], strength["reliable_below"]
    yield "deployable: not kept in, with militias and allies"
    yield f"reliable: deployable, and of a risk over the window, as fitted, below {below:g}"
    of = _words(unit["of"]) or "anybody"
    breaks = f"{unit['breaks']['probability']:.3g} (s.e. {unit['breaks']['monte_carlo_error']:.2g})"
    told = breaks if unit["possible"] else "no such men serve"
    yield f"a unit of {unit['men']:,} ({of}) loses {unit['loses']:.0%} of its men within some month: {told}"
    if "militias" in strength:
        men = strength["militias"]
        left = f"{men['joined']:,.0f} joined, {men['defected']:,.0f} defected, {men['serving']:,.0f} serve"
        yield f"militias: {left}"
        yield f"militiamen needed to make up for those gone or kept in: {_short(at_end['militiamen_needed'])}"
    if "allies" in strength:
        yield f"allies: {strength['allies']:,.0f}"
    if "made_up" in at_end:
        yield f"probability that militias and allies make up for these: {at_end['made_up']['probability']:.3g}"


def _show_moves(moves: Mapping[str, Any]) -> None:
    """Print the moves in force, each with its numbers and claims, and what the answer rests on."""
    for move in moves["in_force"]:
        said = f" {move['says']}" if move["says"] else ""
        _echo(f"\n{move['name']}:{said} Claims: {', '.join(move['claims']) or 'none'}.")
        if options := _options(move):
            _echo(f"  {options}")
        for name, number in move["numbers"].items():
            interval = number.get("interval_90")
            drawn = "" if interval is None else f", 90 %: {_digits(interval[0])} to {_digits(interval[1])}"
            basis = f", {number['basis']}" if "basis" in number else ""
            _echo(f"  {name} {_digits(number['median'])} ({number['whose']}{drawn}{basis})")
    click.echo()
    for sentence in moves["rests"].values():
        _echo(sentence)


def _options(move: Mapping[str, Any]) -> str:
    """Return on whom, when and how a move works, as far as that is stated."""
    told = [f"of {_words(move['of']) or 'everyone'}"] if "of" in move else []
    told += [f"replaced by {_words(move['replaced_by']) or 'nobody'}"] if "replaced_by" in move else []
    told += [f"{name} {move[name]}" for name in ("above", "against", "from") if move.get(name) is not None]
    return "; ".join([*told, *([f"for {move['months']} months"] if move.get("months") else [])])


def _words(selected: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {words if isinstance(words, str) else ' or '.join(words)}" for name, words in selected.items()
    )


def _told(number: float, digits: int, sign: str = "") -> str:
    """Return a number to some significant digits, or in whole units where it has more before the point."""
    return f"{number:{sign},.0f}" if abs(number) >= 10**digits else f"{number:{sign}.{digits}g}"


def _echo(text: str) -> None:
    click.echo(click.wrap_text(text, WIDTH, subsequent_indent="  ") if text.strip() else text)


def _digits(number: float) -> str:
    return f"{number:,.0f}" if number >= WHOLE else f"{number:.3g}"


def _interval(count: Mapping[str, Any]) -> str:
    widest = count["intervals"][-1]
    return f"{widest['lower']:,} to {widest['upper']:,} ({widest['probability']:.0%})"


def _short(count: Mapping[str, Any]) -> str:
    widest = count["intervals"][-1]
    return f"{count['median']:,} ({widest['lower']:,}-{widest['upper']:,})"
