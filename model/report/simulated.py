"""The moves of a study at work on its whole force: courses with all of them, and without any, by the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.outlook.answer import SEED
from model.outlook.contagion import Contagion
from model.outlook.courses import Courses
from model.outlook.force import Force
from model.outlook.moves import Move, Moves, elicited
from model.outlook.scenarios import DECISIVE, OutlookQuestion, foreseen, limited
from model.outlook.strength import Strength, StrengthTerms, difference, probability
from model.report.material import Material
from priors.moves import Selection
from priors.study import Study
from priors.timeline import Window

Counts = NDArray[np.int64]
Values = NDArray[np.float64]

AT_LEAST: Final = (1,)


@dataclass(frozen=True, eq=False)
class Both:
    """What becomes of the whole force of a study over a window, without its moves and with all of them.

    Attributes
    ----------
    days : tuple of date
        On which heads are counted.
    without, moved : Strength
    """

    days: tuple[date, ...]
    without: Strength
    moved: Strength

    @classmethod
    def of(
        cls,
        material: Material,
        moves: Moves,
        window: Window,
        *,
        decisive: Sequence[Selection] = (),
        also: Iterable[date] = (),
    ) -> Both:
        """Simulate the force.

        Parameters
        ----------
        decisive : sequence of Selection
            Whose defections are counted besides.
        also : iterable of date
            Days of the window, after its first, on which heads are counted besides.
        """
        study = material.study
        question = OutlookQuestion(
            force=Force.of([({}, study.heads.all)], study.vocabulary),
            window=window,
            intervals=(),
            at_least=AT_LEAST,
            decisive=tuple(decisive),
            moves=moves.opening(window.start, study.vocabulary.names),
            seed=SEED,
        )
        draws = limited(material.risks, question)
        courses = Courses.of(draws, question, StrengthTerms.of(study), foreseen(draws, question), also)
        return cls(courses.days, courses.strength(Moves()), courses.strength(question.moves))

    def expected(self) -> tuple[float, float, Mapping[str, Any]]:
        """Return how many of the decisive are expected to defect, without the moves and with them, and the change."""
        before, after = (self._by_draw(self._decisive(each)) for each in (self.without, self.moved))
        return float(before.mean()), float(after.mean()), difference(after - before)

    def at_least(self, least: int) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
        """Return the probability of at least so many of these, without the moves and with them, and the change."""
        before, after = (self._by_draw(self._decisive(each) >= least) for each in (self.without, self.moved))
        return probability(before), probability(after), difference(after - before)

    def men(self, name: str) -> tuple[Counts, Counts]:
        """Return how many serve, or are otherwise counted, on each day without the moves and with them."""
        return self.without.men[name], self.moved.men[name]

    def _by_draw(self, values: NDArray[Any]) -> Values:
        return self.without.runs.by_draw(values)

    @staticmethod
    def _decisive(strength: Strength) -> Counts:
        return np.asarray(strength.runs.by_event[DECISIVE])


def every_move(study: Study, manifest: Mapping[str, Any], opens: date) -> Moves:
    """Return contagion and each move whose numbers the study states, drawn from what was elicited.

    Parameters
    ----------
    manifest : mapping
        Of the version; keeps the distributions.
    opens : date
        First day of the window.
    """
    contagion = None if study.spreading.quantity is None else Contagion.from_prior(manifest, study.spreading)
    drawn = elicited(manifest, study)
    others = (Move.of_study(name, study, drawn[name], opens) for name in study.supposable if name in drawn)
    return Moves(contagion, tuple(others))
