"""Folders that are no study: each is refused by file, line and rule, and never with a traceback."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priors.checks.shapes import SHAPES
from priors.checks.words import MOST_CELLS
from priors.errors import StudyError
from priors.study import Study, load_study, study_of
from priors.yaml_files import DEEPEST, LARGEST
from tests.support.made_up import FLEET, GARRISON
from tests.support.rewritten import Files, rewritten, written

STUDY, WORDS, CLAIMS, CORPS = SHAPES
PERIOD = "{name: both years, from: 1901-01-01, to: 1903-01-01}"


def replaced(file: str, passage: str, by: str) -> Callable[[Path], object]:
    """Return what writes the garrison to a folder with a passage replaced."""
    return lambda folder: written(folder, rewritten(GARRISON, (file, passage, by)))


def instead(file: str, content: bytes) -> Callable[[Path], object]:
    """Return what writes the garrison to a folder with other content in a file."""
    return lambda folder: written(folder, rewritten(GARRISON) | {file: content})


def without(file: str) -> Callable[[Path], object]:
    """Return what writes the garrison to a folder without one of its files."""
    return lambda folder: (written(folder, rewritten(GARRISON)) / file).unlink()


def linked(file: str) -> Callable[[Path], object]:
    """Return what writes the garrison to a folder with a link out of it in place of a file."""

    def write(folder: Path) -> None:
        path = written(folder, rewritten(GARRISON)) / file
        path.rename(folder.with_name("elsewhere.yaml"))
        path.symlink_to(folder.with_name("elsewhere.yaml"))

    return write


def many_levels(folder: Path) -> None:
    """Write the garrison with more combinations of levels than a risk table holds."""
    levels = "".join(f"\n      l{at}: {{definition: x, source: made up}}" for at in range(400))
    grades = "".join(f"\n      g{at}: {{definition: x, source: made up}}" for at in range(100))
    changes = [(WORDS, f"    levels:\n      {first}:", f"    levels:{more}\n      {first}:")
               for first, more in (("plain", levels), ("gunner", grades))]  # fmt: skip
    written(folder, rewritten(GARRISON, *changes))


BOMB = "a: &a [x, x]\n" + "".join(f"{each}: &{each} [{', '.join(f'*{before}' for _ in range(9))}]\n"
                                   for before, each in pairwise("abcdefghi"))  # fmt: skip
DEEP = "title: " + "[" * 5_000 + "]" * 5_000

BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing file": (without(CORPS), "corps.yaml, line 1: must be there; a study has study.yaml"),
    "no evidence": (without("evidence.csv"), "evidence.csv, line 1: must be there"),
    "synonyms in a circle": (
        lambda folder: written(folder, rewritten(GARRISON, (WORDS, "lowlands", "hill"), (WORDS, "highlands", "plain"))),
        "attributes: origin: levels: hill: 'plain' stands for plain already",
    ),
    "shares that do not sum to one": (
        replaced(CORPS, "{plain: 0.7, hill: 0.3}", "{plain: 0.7, hill: 0.4}"),
        "corps.yaml, line 10: communities: by_class: all: shares must sum to one, not 1.1",
    ),
    "a claim on an unknown quantity": (
        replaced(CLAIMS, "{hill_ratio: {", "{hil_ratio: {"),
        "claims: W2: bears_on: hil_ratio: there is no quantity hil_ratio; nearest: hill_ratio",
    ),
    "periods that overlap": (
        replaced(STUDY, PERIOD, "{name: one, from: 1901-01-01, to: 1902-02-01}\n"
                 "  - {name: two, from: 1902-01-01, to: 1903-01-01}"),
        "study.yaml, line 11: periods: 2: from: must begin where the one before it ends; nearest: 1902-02-01",
    ),
    "a gap between periods": (
        replaced(STUDY, PERIOD, "{name: one, from: 1901-01-01, to: 1901-12-01}\n"
                 "  - {name: two, from: 1902-01-01, to: 1903-01-01}"),
        "study.yaml, line 11: periods: 2: from: must begin where the one before it ends; nearest: 1901-12-01",
    ),
    "a quote without a source": (
        replaced(CLAIMS, "    source: witness\n    quote: one in ten", "    quote: one in ten"),
        "claims: W1: source: must be given",
    ),
    "a quote that is too long": (
        replaced(CLAIMS, "quote: no ensign", f"quote: {'on and ' * 8}no ensign"),
        "claims: W3: quote: must have at most 15 words",
    ),
    "keys given twice": (
        replaced(CORPS, "tables:\n", "classes: {}\ntables:\n"),
        "corps.yaml, line 12: classes: must be given once; it is also on line 3",
    ),
    "a bomb of aliases": (instead(STUDY, BOMB.encode()), "study.yaml, line 1: must not refer from one entry"),
    "50 MB": (instead(CLAIMS, b"# " + b"x" * (50 << 20)), f"claims.yaml, line 1: must be at most {LARGEST:,} bytes"),
    "a link out of the folder": (linked(CLAIMS), "claims.yaml, line 1: must be a plain file in the folder"),
    "nesting without end": (instead(STUDY, DEEP.encode()), f"line 1: must be nested at most {DEEPEST} deep"),
    "a list where names are wanted": (
        replaced(CORPS, "  all: {heads", "  - {heads"), "corps.yaml, line 3: classes: must be names with",
    ),
    "an unknown entry": (
        replaced(STUDY, "question:", "questions:"), "questions: there is no entry of this name; nearest: question",
    ),
    "an unknown word in a profile": (
        replaced(STUDY, "{origin: plain, grade: gunner}", "{origin: plains, grade: gunner}"),
        "profiles: 1: profile: origin: there is no level of this name; nearest: plain",
    ),
    "a prediction on an unknown level": (
        replaced(CLAIMS, "of: {grade: ensign}, to", "of: {grade: ensing}, to"),
        "claims: W3: prediction: of: grade: there is no level ensing; nearest: ensign",
    ),
    "a move on an unknown claim": (
        replaced(STUDY, "decisive:", "moves: {offers: {says: x, claims: [V1]}}\ndecisive:"),
        "study.yaml, line 27: moves: offers: claims: there is no claim V1; nearest: W1",
    ),
    "a move that there is not": (
        replaced(STUDY, "decisive:", "moves: {purges: {says: x}}\ndecisive:"),
        "moves: purges: there is no entry of this name; nearest: purge",
    ),
    "a member of another move": (
        replaced(STUDY, "decisive:", "moves: {punish: {says: x, rate: 0.1}}\ndecisive:"),
        "moves: punish: rate: there is no entry of this name; nearest: ",
    ),
    "a number of a move without its source": (
        replaced(STUDY, "decisive:",
                 "moves: {watch: {says: x, share: {interval: [0.1, 0.2], basis: figure}}}\ndecisive:"),
        "moves: watch: share: source: must be given",
    ),
    "a number of a move on a basis that is no word": (
        replaced(STUDY, "decisive:",
                 "moves: {watch: {says: x, share: {interval: [0.1, 0.2], basis: guess, source: x}}}\ndecisive:"),
        "moves: watch: share: basis: must be one of figure, wording, inferred, compiler",
    ),
    "a move that does not say what is done": (
        replaced(STUDY, "decisive:", "moves: {deaths: {}}\ndecisive:"), "moves: deaths: says: must be given",
    ),
    "a unit without a source": (
        replaced(STUDY, "decisive:", "strength: {unit: {spread: 1.2}}\ndecisive:"),
        "strength: unit: source: must be given",
    ),
    "a share of more than all": (
        replaced(STUDY, "decisive:", "strength: {reliable_below: 20}\ndecisive:"),
        "strength: reliable_below: must be from 0.001 to 1; nearest: 1",
    ),
    "no table for an attribute": (
        replaced(CORPS, "  grade:\n", "  origin:\n"), "tables: there must be one for grade",
    ),
    "no tables at all": (
        lambda folder: (written(folder, rewritten(GARRISON)) / CORPS).write_text(
            rewritten(GARRISON)[CORPS].decode().partition("tables:")[0]
        ),
        "corps.yaml, line 1: tables: there must be one for grade",
    ),
    "too many combinations of levels": (
        many_levels, f"make 41,004 combinations of levels, and a risk table holds at most {MOST_CELLS:,}",
    ),
    "a file that is not UTF-8": (
        instead(STUDY, rewritten(GARRISON)[STUDY] + "\n# caf\xe9".encode("latin-1")),
        "study.yaml, line 30: must be text in UTF-8",
    ),
    "an attribute named count": (
        replaced(WORDS, "  grade:\n", "  count:\n"), "attributes: count: must have another name; this one is taken",
    ),
    "an attribute named after the bounds' owner": (
        replaced(WORDS, "  grade:\n", "  bound_by:\n"), "bound_by: must have another name; this one is taken",
    ),
    "a date that there is not": (
        replaced(STUDY, "to: 1903-01-01, source", "to: 1903-02-29, source"),
        "study.yaml, line 7: window: to: must be plain text, a number or a date that there is",
    ),
    "a number where a word is wanted": (
        replaced(CLAIMS, "source: witness", "source: 3"), "claims: W1: source: must be a string",
    ),
    "a number without end": (
        replaced(CORPS, "[900, ", "[1" + "0" * 400 + ", "), "heads: interval: 1: must be a number of at most 1e+15",
    ),
    "a table that is sure of nothing": (
        replaced(CORPS, "strength: 10.0", "strength: 0"),
        "corps.yaml, line 14: tables: grade: strength: must be above 0, and at most 1,000,000; nearest: 4",
    ),
    "a table that does not say how sure it is": (
        replaced(CORPS, "    strength: 10.0\n", ""), "corps.yaml, line 13: tables: grade: strength: must be given",
    ),
    "heads the wrong way round": (
        replaced(CORPS, "[900, 1_111]", "[1_111, 900]"),
        "corps.yaml, line 4: classes: all: heads: interval: must rise, not from 1111 to 900; nearest: [900, 1111]",
    ),
    "less than one man": (
        replaced(CORPS, "[900, 1_111]", "[0.5, 1_111]"),
        "corps.yaml, line 4: classes: all: heads: interval: must be of at least one man; nearest: [1, 1111]",
    ),
    "more men than an army has": (
        replaced(CORPS, "[900, 1_111]", "[900, 1_000_001]"),
        "classes: all: heads: interval: must be of at most 1,000,000 men; nearest: 1000000",
    ),
    "heads without a source": (
        replaced(CORPS, ", source: made up}}", "}}"), "corps.yaml, line 4: classes: all: heads: source: must be given",
    ),
    "a share of a class": (
        replaced(CORPS, "  all: {", "  all: {share: 1.0, "), "classes: all: share: there is no entry of this name",
    ),
    "a basis that is no word": (
        replaced(CLAIMS, "basis: figure", "basis: figures"),
        "bears_on: reference_risk: basis: must be one of figure, wording, inferred, compiler; nearest: figure",
    ),
    "a claim on a quantity without its horizon": (
        replaced(CLAIMS, ", horizon: both years}}", "}}"),
        "claims.yaml, line 30: claims: W1: bears_on: reference_risk: horizon: must be given",
    ),
    "a horizon that says nothing": (
        replaced(CLAIMS, "horizon: both years", "horizon: ' '"), "reference_risk: horizon: must not be empty",
    ),
    "a claim's interval the wrong way round": (
        replaced(CLAIMS, "interval: [1.0, 8.0]", "interval: [8.0, 1.0]"),
        "W2: bears_on: hill_ratio: interval: must rise, not from 8 to 1; nearest: [1, 8]",
    ),
    "an effect over time of a study with one period": (
        replaced(CLAIMS, "step_", "over_time: {grade: drift}\nspreads: {drift: {sigma: 1, definition: x}}\nstep_"),
        "claims.yaml, line 21: over_time: grade: must be left out where there is only one period",
    ),
    "a type of another language": (
        replaced(STUDY, "title: A", "title: !!python/name:os.system A"), "line 3: must not name a type by `!`",
    ),
    "no YAML": (replaced(CLAIMS, "claims:\n", "claims: [\n"), "must be YAML: "),
}  # fmt: skip

HANGS = 20
"""Seconds that tell a hang from an answer, on whatever machine; on a quiet one the slowest takes half a second."""

LINE = re.compile(r"[a-z]+\.(yaml|csv), line [1-9][0-9]*: .+")


def faults_of(read: Callable[[], Study]) -> list[str]:
    """Return what is wrong with a study, which must be something that is found, and not searched for without end."""
    start = time.perf_counter()
    with pytest.raises(StudyError) as caught:
        read()
    assert time.perf_counter() - start < HANGS
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(("make", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_is_refused_by_file_line_and_rule(
    tmp_path: Path, make: Callable[[Path], object], told: str
) -> None:
    """What is wrong is told where it stands, in a line."""
    make(tmp_path / "mine")
    faults = faults_of(lambda: load_study(tmp_path / "mine"))
    assert any(told in fault for fault in faults), faults
    assert all(LINE.fullmatch(fault) for fault in faults), faults


def test_mistakes_in_several_files_are_told_in_one_go() -> None:
    """Each mistake has its line, in the order of the files and of their lines."""
    files = rewritten(
        GARRISON,
        (CORPS, "strength: 10.0", "strength: much"),
        (STUDY, "  - {grade: ensign}", "  - {grade: admiral}"),
        (CLAIMS, "source: witness", "source: winess"),
        (STUDY, "title:", "titel:"),
        (WORDS, "reference: gunner", "reference: guner"),
    )
    assert faults_of(lambda: study_of("mine", files)) == [
        "study.yaml, line 1: title: must be given",
        "study.yaml, line 3: titel: there is no entry of this name; nearest: title",
        "study.yaml, line 28: decisive: 1: grade: there is no level admiral; nearest: gunner, ensign",
        "vocabulary.yaml, line 18: attributes: grade: reference: there is no level guner; nearest: gunner",
        "claims.yaml, line 26: claims: W1: source: there is no article winess; nearest: witness",
        "corps.yaml, line 14: tables: grade: strength: must be a number; nearest: 4",
    ]


def test_words_are_judged_once_the_words_are_sound() -> None:
    """Where units stand for what there is not, nothing is said of words elsewhere; once that is mended, it is."""
    broken, elsewhere = (WORDS, "level: flagship", "level: flag"), (STUDY, "unit: Invincible", "unit: Invisible")
    assert len(faults_of(lambda: study_of("mine", rewritten(FLEET, broken, elsewhere)))) == 1
    assert "cases" in faults_of(lambda: study_of("mine", rewritten(FLEET, elsewhere)))[0]


@pytest.mark.parametrize("file", SHAPES)
@pytest.mark.parametrize(
    "content",
    [
        "", "null", "3", "[]", "- a\n- b", "'", "? [a]\n: b", "a: 1\n---\nb: 2", "<<: {a: 1}", "=: 1", "\0",
        "\ufeffa: 1",
        "a: .nan", "a: -.inf", "a: 1e999", "a: 0b_", "a: 1:59:59", "a: 2011-02-30", "a: 2011-01-01T00:00:00+99:99",
        "a: !!bool b", "a: &a 1", "*a", "%YAML 9.9\n---\na: 1", "a:\t1\n\tb: 2",
        "k: 1\n" * 200_000, "\n".join(f"k{at}: 1" for at in range(100_000)), "a: [" + "1," * 400_000 + "]",
        "a: 0x" + "f" * 900_000, "a: 1" + ":59" * 300_000, "{" * 900_000, "- " * 400_000, " " * 1_000_000,
    ],
    ids=lambda content: repr(content[:20]),
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(file: str, content: str) -> None:
    """Whatever stands in a file, well-formed or not, small or large, is told of in lines."""
    faults = faults_of(lambda: study_of("mine", rewritten(GARRISON) | {file: content.encode()}))
    assert all(LINE.fullmatch(fault) for fault in faults)


def spoilt(files: Files, file: str, at: float, length: int, by: bytes) -> Files:
    """Return files of which a stretch of one is replaced."""
    content = files[file]
    start = int(at * len(content))
    return files | {file: content[:start] + by + content[start + length :]}


pieces = st.one_of(
    st.binary(max_size=20),
    st.sampled_from(
        [b"", b"\n", b": ", b"- ", b"[", b"{}", b"null", b"-1", b"1e9", b"true", b"1901-06-01", b"hill", b"|"]
    ),
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(
    study=st.sampled_from([GARRISON, FLEET]),
    file=st.sampled_from(list(SHAPES)),
    content=st.one_of(
        st.binary(max_size=300).map(lambda content: (0.0, 1 << 20, content)),
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), pieces),
    ),
)
def test_any_bytes_make_a_study_or_are_told_of(study: str, file: str, content: tuple[float, int, bytes]) -> None:
    """Any bytes in place of a file, or of a stretch of it, give a study or faults, and no other error."""
    files = spoilt(rewritten(study), file, *content)
    try:
        told = study_of("mine", files).files == files
    except StudyError as error:
        told = bool(error.faults) and all(LINE.match(str(fault)) for fault in error.faults)
    assert told
