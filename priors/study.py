"""A study: a folder that holds all that is of one case, read and checked as a whole."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from priors.backtest import BACKTEST, Backtest, broken_backtest, read_backtest
from priors.cases import Case, Role
from priors.checks.every_mistake import broken_rules, broken_shapes
from priors.checks.shapes import SHAPES
from priors.claims import Article, Claims
from priors.corps import Corps, Heads
from priors.errors import Fault, StudyError, UnknownStudyError
from priors.moves import NUMBERS, Move, Selection, Spreading, Strength
from priors.timeline import Timeline
from priors.vocabulary import Vocabulary, nearest
from priors.yaml_files import LARGEST, Document, read_yaml

STUDIES: Final = Path(__file__).parent / "studies"
"""The folders that come with the project."""

TEMPLATE: Final = Path(__file__).parent / "template"
"""What a new study begins as."""

DEFAULT: Final = "syria"
EVIDENCE: Final = "evidence.csv"
FILES: Final = (*SHAPES, EVIDENCE)


@dataclass(frozen=True)
class Study:
    """All that is of one case.

    Attributes
    ----------
    name : str
        That of its folder.
    title, question, limits : str
        What it is called, what is asked, and what its answers are not for.
    profiles : mapping of str to mapping
        Those that reports show, complete, by what they are called.
    decisive : tuple of Selection
        Whose leaving counts as decisive unless a question says otherwise.
    decisive_widened : tuple of Selection
        Whose leaving counts besides, where a question asks for that.
    spreading : Spreading
        What stands behind contagion.
    moves : mapping of str to Move
        What an outlook may suppose of the regime and of those who call men over, in the order of `NUMBERS`.
    strength : Strength
        What of a force is counted on, the unit that may break, and what is known of numbers.
    roles : mapping of str to Role
        By which it may be set beside another study.
    topics : mapping of str to str
        On which the articles differ, each with the quantity that claims on it bear on.
    files : mapping of str to bytes
        What it was read from.
    """

    name: str
    title: str
    question: str
    limits: str
    vocabulary: Vocabulary
    claims: Claims
    corps: Corps
    heads: Heads
    profiles: Mapping[str, Mapping[str, str]]
    decisive: tuple[Selection, ...]
    decisive_widened: tuple[Selection, ...]
    spreading: Spreading
    moves: Mapping[str, Move]
    strength: Strength
    roles: Mapping[str, Role]
    topics: Mapping[str, str]
    cases: tuple[Case, ...]
    files: Mapping[str, bytes]

    @property
    def timeline(self) -> Timeline:
        """The window in which anything is asked or known, and its periods."""
        return self.vocabulary.timeline

    @property
    def articles(self) -> tuple[Article, ...]:
        """Whose claims are weighed."""
        return self.claims.articles

    @cached_property
    def digest(self) -> str:
        """The sha256 of its files."""
        parts = (f"{name} {hashlib.sha256(self.files[name]).hexdigest()}" for name in FILES)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def backtest(self) -> Backtest | None:
        """The back-test that is kept beside the files, which makes no difference to any fit."""
        return read_backtest(self.files[BACKTEST]) if BACKTEST in self.files else None

    @property
    def supposable(self) -> tuple[str, ...]:
        """The moves of which it states every number, contagion first where it has a quantity, by name."""
        contagion = () if self.spreading.quantity is None else ("contagion",)
        whole = (name for name, move in self.moves.items() if move.numbers.keys() == NUMBERS[name].keys())
        return (*contagion, *whole)

    @property
    def summary(self) -> dict[str, str]:
        """How a version, and every answer from it, names the study."""
        return {"name": self.name, "title": self.title, "digest": self.digest}


def load_study(named: str | Path = DEFAULT) -> Study:
    """Read a study.

    Parameters
    ----------
    named : str or Path
        The name of one that comes with the project, or a folder.

    Raises
    ------
    UnknownStudyError
        If there is no such study, and no such folder.
    StudyError
        If it breaks a rule; it carries every mistake that was found.
    """
    folder = study_folder(named)
    return study_of(folder.resolve().name, read_files(folder))


def study_names() -> tuple[str, ...]:
    """Return the names of the studies that come with the project."""
    return tuple(sorted(path.name for path in STUDIES.iterdir() if (path / "study.yaml").is_file()))


def study_folder(named: str | Path) -> Path:
    """Return the folder of a study, given by name or by path.

    Raises
    ------
    UnknownStudyError
        If there is none.
    """
    if str(named) in study_names():
        return STUDIES / str(named)
    folder = Path(named)
    if not folder.is_dir():
        near = ", ".join(nearest(str(named), {name: name for name in study_names()}, study_names()))
        raise UnknownStudyError(f"study: there is no study and no folder {named}; nearest: {near}")
    return folder


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, and its back-test if it keeps one.

    Raises
    ------
    StudyError
        If one is missing, is no plain file in it, or is too large.
    """
    faults, files = [], {}
    for name in (*FILES, BACKTEST):
        path = folder / name
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode):
                faults.append(Fault(name, 1, "", "must be a plain file in the folder, and no link out of it"))
            elif found.st_size > LARGEST:
                faults.append(Fault(name, 1, "", f"must be at most {LARGEST:,} bytes, not {found.st_size:,}"))
            else:
                files[name] = path.read_bytes()
        except FileNotFoundError:
            if name == BACKTEST:
                continue
            beside = tuple(sorted(each.name for each in folder.iterdir()))
            near = nearest(name, {each: each for each in beside if each not in FILES}, ())
            faults.append(Fault(name, 1, "", f"must be there; a study has {', '.join(FILES)}", near))
        except OSError as error:
            faults.append(Fault(name, 1, "", f"cannot be read: {error.strerror}"))
    if faults:
        raise StudyError(faults)
    return files


def study_of(name: str, files: Mapping[str, bytes]) -> Study:
    """Return the study that files state.

    Parameters
    ----------
    name : str
        What it is called.
    files : mapping of str to bytes
        `study.yaml`, `vocabulary.yaml`, `claims.yaml`, `corps.yaml` and `evidence.csv`, the last as it is; and
        `backtest.json`, if it is kept.

    Raises
    ------
    StudyError
        If they break a rule; it carries every mistake that was found.
    """
    documents: dict[str, Document] = {}
    faults: list[Fault] = []
    for file in SHAPES:
        try:
            documents[file] = read_yaml(file, files[file])
        except StudyError as error:
            faults += error.faults
    data, misshapen = broken_shapes(documents)
    faults += [*misshapen, *broken_rules(documents, data), *broken_backtest(files)]
    if faults:
        raise StudyError(sorted(faults, key=lambda fault: ((*FILES, BACKTEST).index(fault.file), fault.line)))
    return _study(name, files, data)


def _study(name: str, files: Mapping[str, bytes], data: Mapping[str, Any]) -> Study:
    vocabulary = Vocabulary.from_data(data, Timeline.from_data(data["window"], data["periods"]))
    claims = Claims.from_data(data["articles"], data)
    corps = Corps.from_data(data, vocabulary)
    bears_on = {claim.id: claim.bears_on for claim in claims.claims}
    moves = data["moves"]
    return Study(
        name=name,
        title=data["title"],
        question=data["question"],
        limits=data["limits"],
        vocabulary=vocabulary,
        claims=claims,
        corps=corps,
        heads=corps.expected,
        profiles={entry["name"]: vocabulary.profile(entry["profile"]) for entry in data["profiles"]},
        decisive=tuple(vocabulary.alternatives(entry) for entry in data["decisive"]),
        decisive_widened=tuple(vocabulary.alternatives(entry) for entry in data["decisive_widened"]),
        spreading=Spreading.from_data(moves.get("contagion"), bears_on),
        moves={name: Move.from_data(name, moves[name], vocabulary) for name in NUMBERS if name in moves},
        strength=Strength.from_data(data["strength"]),
        roles={role: Role(**entry) for role, entry in data["roles"].items()},
        topics=data["topics"],
        cases=tuple(Case(**entry) for entry in data["cases"]),
        files=dict(files),
    )
