"""Each rule that a study must keep, with known examples of files that break it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from priors.checks import claims, every_mistake, moves, who_serves, words
from priors.errors import StudyError
from priors.study import study_of
from tests.support.made_up import FLEET
from tests.support.rewritten import rewritten

Broken = tuple[str, str, str, str]
"""The file, the passage, what stands in its place, and the line of the fault."""

STUDY, WORDS, CLAIMS, CORPS = "study.yaml", "vocabulary.yaml", "claims.yaml", "corps.yaml"


def attribute(*, levels: int) -> str:
    """Return another attribute of so many levels, and the beginning of the one that it comes before."""
    told = ", ".join(f"r{at}: {{definition: x, source: made up}}" for at in range(levels))
    return f"  rest:\n    definition: x\n    ordered: false\n    reference: r0\n    levels: {{{told}}}\n  kin:\n"


BROKEN: dict[Callable[..., Any], list[Broken]] = {
    words.days_in_order: [
        (STUDY, "from: 1790-01-01, to: 1791-01-01", "from: 1791-01-01, to: 1790-01-01", "window: to: must come after"),
        (STUDY, "to: 1790-02-01", "to: 1790-02-03", "periods: 2: from: must begin where the one before it ends"),
        (STUDY, "December, from: 1790-12-01, to: 1791-01-01", "December, from: 1790-12-01, to: 1790-12-31",
         "periods: 12: to: must end with the window; nearest: 1791-01-01"),
        (STUDY, "name: January", "name: March", "periods: 3: name: must be given once"),
    ],
    words.levels_and_words: [
        (WORDS, "ordered: false", "ordered: true", "attributes: home: ordered: the first attribute divides the forces"),
        (WORDS, "reads: adjective", "reads: noun", "attributes: only one attribute can read as the noun"),
        (WORDS, "reads: of a {}", "reads: of a ship", "attributes: ship: reads: must be `adjective`, `noun`"),
        (WORDS, "reference: hand", "reference: mate", "reference: must be the lowest level"),
        (WORDS, "reference: paid", "reference: payed", "there is no level payed; nearest: paid"),
        (WORDS, "synonyms: [overseas]", "synonyms: [Main-Land]", "'Main-Land' stands for mainland already"),
        (WORDS, "      warranted:", "      mate:", "groups: mate: must have another name; a level is called so"),
        (WORDS, "levels: [mate, master]", "levels: [mate, maste]", "there is no level maste; nearest: master, mate"),
        (WORDS, "  kin:\n", "  kin_share:\n", "attributes: kin_share: must have another name"),
        (WORDS, "  kin:\n", "  kin_over_time:\n", "must have another name; what the model makes of attributes ends in"),
    ],
    words.few_enough: [
        (WORDS, "  kin:\n", attribute(levels=100),
         "attributes: make 10,800 combinations of levels, and a risk table holds at most 10,000"),
        (WORDS, "  kin:\n", attribute(levels=68),
         "attributes: make 39,744 profiles with any attributes left open, and contributions are of at most 20,000"),
    ],
    words.units_stand_for_levels: [
        (WORDS, "attribute: ship\n", "attribute: shop\n", "units: attribute: there is no attribute shop; nearest:"),
        (WORDS, "level: flagship", "level: flag", "units: named: Invincible: level: there is no level flag"),
        (WORDS, "synonyms: [the old ship]}", "synonyms: [x]}\n    X.: {level: sloop}", "'X.' stands for Invincible"),
    ],
    claims.articles_by_name: [
        (STUDY, "  surgeon: {author", "  pooled: {author", "articles: pooled: must have another name"),
    ],
    claims.quantities_declared: [
        (CLAIMS, "married_ratio: {scale: hazard ratio", "married_ratio: {scale: risk", "exactly one must be on the"),
        (CLAIMS, "attribute: kin", "attribute: kind", "there is no attribute kind; nearest: kin"),
        (CLAIMS, "levels: [isles]", "levels: [isle]", "isles_ratio: levels: there is no level isle; nearest: isles"),
        (CLAIMS, "spread: ship_by_home", "spread: ship_by_homes", "there is no spread ship_by_homes; nearest:"),
        (CLAIMS, "period: December", "period: Decembre", "there is no period Decembre; nearest: December"),
        (CLAIMS, "outside_the_fit: made up, ", "", "a hazard ratio must be of one of `attribute` and `period`"),
        (CLAIMS, "class: hands, level: abroad, ", "", "a share, and nothing else, must name a `class` and a `level`"),
        (CLAIMS, "varies_by: home", "varies_by: ship", "ship_ratio: varies_by: must be another attribute"),
        (CLAIMS, "without_claims: [0.05, 0.60]", "without_claims: [0.05, 1.60]", "must stay below 1"),
    ],
    claims.drifts_declared: [
        (CLAIMS, "since: September", "since: January",
         "since: must not be the first period; from then on is all the time; nearest: February, March"),
        (CLAIMS, "since: September", "since: Septembre", "since: there is no period Septembre; nearest: September"),
        (CLAIMS, "attribute: station, without", "attribute: station, since: May, without",
         "station_ratio: since: must be of a hazard ratio that sets `levels` of an `attribute` apart"),
        (CLAIMS, "level: abroad, without", "level: abroad, since: May, without", "hands_share: since: must be of"),
        (CLAIMS, "since: September,", "since: September, spread: course,", "since: must stand without a `spread`"),
    ],
    claims.effects_move: [
        (CLAIMS, "over_time: {station:", "over_time: {staton:", "there is no attribute staton; nearest: station"),
        (CLAIMS, "{station: station_over_time}", "{station: station_over}",
         "over_time: station: there is no spread station_over; nearest: station_over_time"),
        (CLAIMS, "{station: station_over_time}", "{station: course}", "of its own; course is that of the baseline"),
        (CLAIMS, "{station: station_over_time}", "{station: ship_by_home}", "ship_by_home is that of ship_ratio"),
        (CLAIMS, "{station: station_over_time}", "{station: station_over_time, ship: station_over_time}",
         "over_time: ship: must have a spread of its own; station_over_time is that of station"),
    ],
    claims.lists_select: [
        (CLAIMS, "newsworthiness: {station:", "newsworthiness: {home:",
         "newsworthiness: home: there is no ordered attribute home; nearest: station, ship"),
    ],
    claims.quantities_suffice: [
        (CLAIMS, "attribute: station", "attribute: ship", "station is ordered: exactly one must be of it"),
        (CLAIMS, ", levels: [married]", "", "quantities: married_ratio: must name `levels`, since kin has no order"),
        (CLAIMS, "levels: [isles]", "levels: [isles, mainland]", "isles_ratio: levels: must leave out the reference"),
        (CLAIMS, "levels: [isles]", "levels: [abroad]", "exactly one must set home isles apart, not 0"),
    ],
    claims.shares_of_classes: [
        (CLAIMS, "class: hands", "class: hand", "class: there is no class hand; nearest: hands"),
        (CLAIMS, "level: abroad", "level: aboard", "level: there is no level aboard; nearest: abroad"),
    ],
    claims.baseline_moves: [
        (CLAIMS, "level: [June, ", "level: [Jun, ", "baseline: level: there is no period Jun; nearest: June"),
        (CLAIMS, "level: [June, ", "level: [December, ", "baseline: level: must leave out December"),
        (CLAIMS, ", spread: course}", "}", "baseline: must have a `spread` where there is more than one period"),
        (CLAIMS, ", spread: course}", ", spread: curse}", "baseline: spread: there is no spread curse; nearest:"),
    ],
    claims.claims_bear: [
        (CLAIMS, "source: purser", "source: parser", "claims: P1: source: there is no article parser; nearest: purser"),
        (CLAIMS, "{unpaid_ratio: {i", "{unpayed_ratio: {i", "there is no quantity unpayed_ratio; nearest:"),
        (CLAIMS, "[0.02, 0.30]", "[0.02, 1.30]", "P1: bears_on: reference_risk: interval: must stay below 1"),
    ],
    claims.predictions_can_be_judged: [
        (CLAIMS, "of: {pay: unpaid}, ", "of: {pay: unpaide}, ", "P1: prediction: of: pay: there is no level unpaide"),
        (CLAIMS, "of: {station: master}", "of: {stations: master}", "there is no attribute stations; nearest: station"),
        (CLAIMS, "to: {pay: paid}, ", "", "P1: prediction: to: must be there, for the measure `risk ratio`"),
        (CLAIMS, "of: [December]", "of: [Yule]", "C1: prediction: of: there is no period Yule"),
        (CLAIMS, "measure: risk, of", "measure: risk, to: {pay: paid}, of", "to: is not a part, for the measure"),
        (CLAIMS, "below: 0.05", "above: 0.06, below: 0.05", "above: must be less than `below`"),
        (CLAIMS, "of: {pay: unpaid}, ", "of: unpaid, ", "of: must be words by attribute"),
        (CLAIMS, "to: {pay: paid}", "to: 1790-06-01", "P1: prediction: to: must be words by attribute"),
        (CLAIMS, "to: 1791-01-01", "to: {pay: paid}", "C3: prediction: to: must be a date, YYYY-MM-DD"),
        (CLAIMS, "to: 1791-01-01", "to: 1791-01-02", "to: must lie in the window, 1790-01-01 to 1791-01-01; near"),
        (CLAIMS, "from: 1790-07-01", "from: 1789-07-01", "from: must lie in the window, 1790-01-01 to 1791-01-01; nea"),
        (CLAIMS, "to: 1791-01-01", "to: 1790-07-01", "C3: prediction: to: must come after `from`"),
        (CLAIMS, "measure: number of defections", "measure: risk", "C3: prediction: from: is not a part, for"),
    ],
    words.profiles_in_words: [
        (STUDY, "ship: sloop, pay: paid, kin: single", "ship: sloop, pay: paid", "must state every attribute; kin is"),
        (STUDY, "ship: frigate", "ship: frigat", "profiles: 2: profile: ship: there is no level of this name;"),
        (STUDY, "kin: single}", "kin: single, rating: able}", "profile: rating: there is no attribute rating"),
        (STUDY, "name: a master from abroad", "name: a hand of the mainland", "profiles: 3: name: must be given once"),
        (STUDY, "- {station: master, ship: flagship}", "- {station: admiral}", "decisive: 1: station: there is no"),
        (STUDY, "- {station: mate, ship: flagship}", "- {station: admiral}", "decisive_widened: 1: station: there"),
    ],
    words.cases_in_words: [
        (STUDY, "unit: Invincible", "unit: Invisible", "profile: unit: there is no unit of this name; nearest:"),
        (STUDY, "unit: Invincible", "unit: Invincible, ship: sloop", "cases: 1: profile: unit: stands for ship"),
        (STUDY, "by: 1790-08-01", "by: 1791-08-01", "by: must lie in the window, 1790-01-01 to 1791-01-01; nearest: "),
        (STUDY, "claims: [P1]", "claims: [P11]", "cases: 1: claims: there is no claim P11; nearest: P1"),
    ],
    moves.moves_in_words: [
        (STUDY, "claims: [P2]", "claims: [P22, S1]", "moves: punish: claims: there is no claim P22; nearest: P2"),
        (STUDY, "quantity: spread_ratio", "quantity: ship_ratio", "there is no quantity outside the fit ship_ratio"),
        (STUDY, "services: {ship: flagship}", "services: {ship: flags}", "services: ship: there is no level flags"),
        (STUDY, "abroad | isles", "abroad | isle", "moves: purge: of: home: there is no level isle; nearest: isles"),
        (STUDY, "replaced_by: {home: mainland}", "replaced_by: {home: mainland | isles}",
         "moves: purge: replaced_by: home: there is no level of this name; nearest: mainland"),
        (STUDY, "station: hand, home: mainland", "station: warranted, home: mainland",
         "moves: militias: of: station: there is no level of this name; nearest: "),
        (STUDY, "from: 1790-04-01\n    men", "from: 1791-04-01\n    men",
         "moves: militias: from: must lie in the window, 1790-01-01 to 1791-01-01; nearest: 1791-01-01"),
    ],
    moves.moves_bounded: [
        (STUDY, "rate: {interval: [0.005, 0.05]", "rate: {interval: [0.005, 1.05]",
         "moves: purge: rate: interval: must stay below 1, as every monthly rate does"),
        (STUDY, "factor: {interval: [0.4, 1.2]", "factor: {interval: [0.4, 120]",
         "moves: punish: factor: interval: must be at most 100, as the scale `hazard ratio` has it; nearest: 100"),
        (STUDY, "men: {interval: [100, 400]", "men: {interval: [100, 4_000_000]",
         "men: interval: must be at most 1,000,000, as the scale `men` has it; nearest: 1000000"),
    ],
    moves.strength_in_words: [
        (STUDY, "of: {ship: sloop}, spread", "of: {ship: sloops}, spread",
         "strength: unit: of: ship: there is no level sloops; nearest: sloop"),
        (STUDY, "{on: 1790-01-01", "{on: 1788-12-01",
         "strength: known: 1: on: must be within a year of the window, 1790-01-01 to 1791-01-01"),
    ],
    claims.topics_and_roles: [
        (STUDY, "topics: {pay: unpaid_ratio}", "topics: {pay: paid_ratio}", "topics: pay: there is no quantity"),
        (STUDY, "span of rank:", "span of ranks:", "there is no role span of ranks; nearest: span of rank"),
        (STUDY, "{quantity: abroad_ratio}", "{quantity: winter_ratio}", "there is no hazard ratio between levels"),
    ],
    who_serves.classes_divide: [
        (CORPS, "[3_000, 3_413]", "[3_000, 999_999]", "classes: must have at most 1,000,000 men in all, not 1,000,930"),
        (CORPS, "of: {station: mate}", "of: {station: hand}", "classes: every profile must be of exactly one; "),
        (CORPS, "of: {station: mate}", "of: {station: pirate}", "classes: mates: of: station: there is no level"),
    ],
    who_serves.communities_divide: [
        (CORPS, "hands: {mainland: 0.5", "hands: {mainland: 0.6", "by_class: hands: shares must sum to one, not 1.1"),
        (CORPS, "mates: {mainland: 0.7, isles: 0.2", "mates: {mainland: 0.9", "mates: must have a share of isles"),
        (CORPS, "    masters: {main", "    misters: {main", "by_class: masters: must be given, as for every class"),
    ],
    who_serves.tables_divide: [
        (CORPS, "{hand: 1.0}", "{hand: 0.9}", "tables: station: rows: 1: shares: shares must sum to one, not 0.9"),
        (CORPS, "[0.6, 0.3, 0.1]", "[0.6, 0.4]", "ship: rows: 1: shares: must be as many as the `levels` of the table"),
        (CORPS, "{paid: 0.6, unpaid: 0.4}", "{paid: 1.0}", "pay: rows: no row gives a share to mainland, hand, sloop,"),
        (CORPS, "where: {station: warranted}", "where: {station: waranted}", "there is no level waranted; nearest:"),
        (CORPS, "where: {class: mates}", "where: {class: mate}", "where: class: there is no class mate; nearest:"),
        (CORPS, "  kin:\n", "  kith:\n", "tables: there must be one for kin"),
    ],
}  # fmt: skip

EXAMPLES = [(rule, *broken) for rule, each in BROKEN.items() for broken in each]


def faults_of(files: dict[str, bytes]) -> list[str]:
    """Return what is wrong with a study, which must be something."""
    with pytest.raises(StudyError) as caught:
        study_of("made up", files)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("rule", "file", "passage", "by", "told"),
    EXAMPLES,
    ids=[f"{rule.__name__}-{told[:40]}" for rule, *_, told in EXAMPLES],
)
def test_a_broken_rule_is_told_by_file_and_line(
    rule: Callable[..., Any], file: str, passage: str, by: str, told: str
) -> None:
    """A study that breaks a rule is refused; the fault says where, what is wrong, and what is allowed."""
    faults = faults_of(rewritten(FLEET, (file, passage, by)))
    assert rule.__doc__
    assert [fault for fault in faults if fault.startswith(f"{file}, line ") and told in fault], faults


def test_every_rule_has_an_example() -> None:
    """No rule is without a file that is known to break it."""
    assert set(BROKEN) == set(every_mistake.RULES)


def test_a_sound_study_breaks_no_rule() -> None:
    """The study that the examples are made of is sound as it stands."""
    assert study_of("made up", rewritten(FLEET)).name == "made up"


def test_two_claims_to_the_share_of_a_class_are_refused() -> None:
    """The share of one community in a class may be claimed, and no second one beside it."""
    second = "\n  isles_share: {scale: share, definition: x, class: hands, level: isles, without_claims: [0.1, 0.5]}\n"
    faults = faults_of(rewritten(FLEET, (CLAIMS, "\n\nbaseline:", f"{second}\nbaseline:")))
    assert faults == ["claims.yaml, line 21: quantities: isles_share: foreign_hands_share is of this class already"]


def test_a_spread_is_that_of_one_quantity() -> None:
    """Two quantities that name one spread are refused, and so is a group's spread with the name of an attribute."""
    changes = (CLAIMS, "levels: [isles], ", "levels: [isles, abroad], spread: ship_by_home, ")
    assert any("must be that of one quantity only" in fault for fault in faults_of(rewritten(FLEET, changes)))
    named = (CLAIMS, "levels: [isles], ", "levels: [isles, abroad], spread: kin, ")
    assert any("spread: must have another name" in fault for fault in faults_of(rewritten(FLEET, named)))
