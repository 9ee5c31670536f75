"""What a fit is about, and the model that it amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from model.fit.design import Design, make_design
from priors.corps import Corps
from priors.elicitation import PriorSet
from priors.study import Study
from priors.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pymc as pm

    from model.evidence.officers import Officers
    from model.evidence.rows import EvidenceRow


@dataclass(frozen=True)
class Problem:
    """Everything one fit is about: what is believed, who serves, and what is known.

    Attributes
    ----------
    prior_set : PriorSet
    corps : Corps
    vocabulary : Vocabulary
    design : Design
        The evidence.
    """

    prior_set: PriorSet
    corps: Corps
    vocabulary: Vocabulary
    design: Design
    reported: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @cached_property
    def model(self) -> pm.Model:
        """The PyMC model, its dimensions fixed, which compilers make use of."""
        from pymc.model.transform.optimization import freeze_dims_and_data  # noqa: PLC0415 - heavy

        from model.fit.model import build_model  # noqa: PLC0415 - heavy

        model: pm.Model = freeze_dims_and_data(
            build_model(self.prior_set, self.corps, self.vocabulary, self.design), data=[]
        )
        return model

    @cached_property
    def middle(self) -> dict[str, NDArray[np.float64]]:
        """The middle of the prior, on the scales that a sampler moves on, by the names of the values."""
        return {str(name): np.asarray(value, dtype=float) for name, value in self.model.initial_point().items()}

    @property
    def data(self) -> dict[str, NDArray[Any]]:
        """What differs between problems of one structure: priors and what evidence reports, by name."""
        shared = {name: each for name, each in self.model.named_vars.items() if hasattr(each, "get_value")}
        given = {name: each.get_value() for name, each in shared.items()}
        # Of the model's own type: what is compiled takes no other.
        return {name: np.asarray(self.reported.get(name, value), dtype=value.dtype) for name, value in given.items()}

    def reporting(self, values: Mapping[str, NDArray[Any]]) -> Problem:
        """Return the same problem, and the same model, where the observed nodes report something else.

        Parameters
        ----------
        values : mapping of str to ndarray
            By the name of the node.
        """
        reported = {f"{node}_reported": value for node, value in values.items()}
        other = replace(self, reported=reported, design=self.design.reporting(values))
        other.__dict__.update(model=self.model, middle=self.middle)
        return other


def pose(study: Study, prior_set: PriorSet, rows: tuple[EvidenceRow, ...], officers: Officers) -> Problem:
    """Return the problem that a prior set, evidence rows and officers make."""
    return Problem(prior_set, study.corps, study.vocabulary, make_design(rows, officers, study.vocabulary))
