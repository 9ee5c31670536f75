"""A study in tables: all that its files say, for a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import click
import numpy as np

from cli.output import print_table
from priors.claims import Quantity
from priors.moves import Selection
from priors.study import Study

NORMAL_90: Final = 1.645
"""Standard deviations from the middle of a normal to either end of its central 90 %."""


def show_study(study: Study, *, rows: int) -> None:
    """Print a study.

    Parameters
    ----------
    rows : int
        How many rows of evidence it has.
    """
    click.echo(f"{study.title}\n{study.question}\n{study.limits}\n")
    click.echo(f"study     {study.name}, sha256 {study.digest}")
    click.echo(f"window    {study.timeline.window}, the last day left out")
    click.echo(f"served    about {study.heads.all:,} {study.vocabulary.everyone} when it begins")
    click.echo(f"evidence  {rows} rows; `defection-risk --study {study.name} evidence show` prints them")
    for title, columns, told in TABLES:
        found = [*told(study)]
        if found:
            click.echo()
            print_table(columns, found, title=title)


def _periods(study: Study) -> Iterator[Sequence[str]]:
    for period in study.timeline.periods:
        yield period.name, str(period.window.start), str(period.window.end)


def _levels(study: Study) -> Iterator[Sequence[str]]:
    for attribute in study.vocabulary.attributes:
        for level in attribute.levels:
            first = level is attribute.levels[0]
            mark = "reference" if level.name == attribute.reference else ""
            order = ("ordered" if attribute.ordered else "unordered") if first else ""
            yield attribute.name if first else "", order, level.name, mark, ", ".join(level.synonyms), level.definition


def _groups(study: Study) -> Iterator[Sequence[str]]:
    for attribute in study.vocabulary.attributes:
        for group in attribute.groups:
            yield attribute.name, group.name, ", ".join(group.levels)


def _units(study: Study) -> Iterator[Sequence[str]]:
    for unit in study.vocabulary.units:
        yield unit.name, f"{study.vocabulary.unit_attribute} {unit.level}", ", ".join(unit.synonyms)


def _classes(study: Study) -> Iterator[Sequence[str]]:
    corps, communities = study.corps, study.vocabulary.community.names
    for name, heads, shares in zip(corps.classes, corps.heads.tolist(), corps.community_shares.tolist(), strict=True):
        split = ", ".join(f"{level} {share:g}" for level, share in zip(communities, shares, strict=True))
        yield name, "{:,.0f} to {:,.0f}".format(*heads), split


def _tables(study: Study) -> Iterator[Sequence[str]]:
    """Yield how sure the tables of who serves are."""
    for table in study.corps.tables:
        yield table.attribute, f"{table.strength:g}", f"{np.exp(NORMAL_90 / table.strength**0.5):.2g}"


def _articles(study: Study) -> Iterator[Sequence[str]]:
    for article in study.articles:
        cited = ". ".join(filter(None, (f"{article.title}", article.published, article.link)))
        yield article.name, article.author, article.date, cited, article.says


def _quantities(study: Study) -> Iterator[Sequence[str]]:
    for quantity in study.claims.quantities:
        speaking = [claim.id for claim in study.claims.claims if quantity.name in claim.bears_on]
        silent = "{:g} to {:g}".format(*quantity.without_claims)
        yield quantity.name, quantity.scale, _of(quantity), ", ".join(speaking), silent, quantity.definition


def _of(quantity: Quantity) -> str:
    """Return what a quantity is of."""
    if quantity.outside_the_fit is not None:
        return "outside the fit"
    if quantity.service_class is not None:
        return f"{quantity.level} among {quantity.service_class}"
    if quantity.attribute is not None:
        since = "" if quantity.since is None else f" since {quantity.since}"
        return f"{quantity.attribute} {'|'.join(quantity.levels) or 'from lowest to highest'}{since}"
    return quantity.period or "the reference"


def _claims(study: Study) -> Iterator[Sequence[str]]:
    for claim in study.claims.claims:
        yield claim.id, claim.source, claim.strength, claim.quote, claim.says


def _links(study: Study) -> Iterator[Sequence[str]]:
    for claim in study.claims.claims:
        for quantity, link in claim.bears_on.items():
            yield claim.id, quantity, "{:g} to {:g}".format(*link.interval), link.basis, link.horizon


def _moving(study: Study) -> Iterator[Sequence[str]]:
    """Yield what varies that no article speaks of: effects over time, and what lists prefer."""
    sigma = {spread.name: spread for spread in study.claims.spreads}
    for attribute, spread in study.claims.over_time.items():
        yield attribute, "effect over time", f"sigma {sigma[spread].sigma:g}", sigma[spread].definition
    for attribute, news in study.claims.newsworthiness.items():
        yield attribute, "newsworthiness", "{:g} to {:g}".format(*news.interval), news.definition


def _prior_sets(study: Study) -> Iterator[Sequence[str]]:
    for name, articles in study.claims.prior_sets.items():
        yield name, ", ".join(articles), "taken where none is named" if name == study.claims.all_together else ""


def _profiles(study: Study) -> Iterator[Sequence[str]]:
    for name, profile in study.profiles.items():
        yield name, _words({attribute: [level] for attribute, level in profile.items()})


def _moves(study: Study) -> Iterator[Sequence[str]]:
    spreading = study.spreading
    if spreading.quantity is not None:
        yield "contagion", "", ", ".join(spreading.claims), f"Its ratio is drawn from {spreading.quantity}."
    for name, move in study.moves.items():
        yield name, _words(move.of), ", ".join(move.claims), move.says


def _suppositions(study: Study) -> Iterator[Sequence[str]]:
    """Yield the numbers of moves that are not known."""
    for name, move in study.moves.items():
        for number, told in move.numbers.items():
            yield name, f"{number} ({told.scale})", "{:,g} to {:,g}".format(*told.interval), told.basis, told.source


def _strength(study: Study) -> Iterator[Sequence[str]]:
    """Yield what is counted on, the unit that may break, and what is known of numbers."""
    strength = study.strength
    yield "counted on", f"predicted risk below {strength.reliable_below:g}", ""
    unit = strength.unit
    yield "unit", f"{unit.men:,} men, breaks as it loses {unit.loses:.0%} in a month", unit.source
    for known in strength.known:
        yield f"known on {known.on}", f"{known.men:,} men", known.source


def _told(study: Study) -> Iterator[Sequence[str]]:
    """Yield what is asked of the study besides risks."""
    for words in study.decisive:
        yield "decisive", _words(words), ""
    for words in study.decisive_widened:
        yield "decisive, widened", _words(words), ""
    for role, of in study.roles.items():
        yield "role", role, f"{'1 / ' if of.inverse else ''}{of.quantity}"
    for topic, quantity in study.topics.items():
        yield "topic", topic, quantity
    for case in study.cases:
        yield "case", case.title, f"by {case.by}: {'happened' if case.happened else 'did not happen'}"


def _words(selection: Selection) -> str:
    return ", ".join(f"{attribute} {'|'.join(words)}" for attribute, words in selection.items())


TABLES: Final[tuple[tuple[str, tuple[str, ...], Callable[[Study], Iterator[Sequence[str]]]], ...]] = (
    ("periods", ("period", "from", "to"), _periods),
    ("attributes", ("attribute", "order", "level", "", "synonyms", "definition"), _levels),
    ("groups of levels", ("attribute", "group", "levels"), _groups),
    ("units", ("unit", "stands for", "synonyms"), _units),
    ("classes of service", ("class", "men, 90 %", "expected shares"), _classes),
    ("tables of who serves", ("attribute", "strength", "odds within a factor of"), _tables),
    ("articles", ("article", "author", "date", "where", "says"), _articles),
    ("quantities", ("quantity", "scale", "of", "claims", "90 % without claims", "definition"), _quantities),
    ("claims", ("claim", "article", "strength", "quote", "says"), _claims),
    ("what claims bear on", ("claim", "quantity", "90 %", "basis", "horizon"), _links),
    ("what varies besides", ("attribute", "what", "how far", "definition"), _moving),
    ("prior sets", ("name", "articles", ""), _prior_sets),
    ("profiles", ("profile", "words"), _profiles),
    ("moves", ("move", "of", "claims", "says"), _moves),
    ("numbers of moves", ("move", "number", "90 %", "basis", "source"), _suppositions),
    ("strength", ("what", "", "source"), _strength),
    ("what is asked besides", ("what", "of", ""), _told),
)
