"""Who serves: the men of each class and of each level, before and after the evidence."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from model.report.material import Material, quantiles
from model.report.section import Section
from model.report.words import day, number


def who_serves(material: Material) -> Section:
    """Return the section on how many men serve."""
    before, after = (material.tree[group]["cell_heads"] for group in ("prior", "posterior"))
    vocabulary = material.vocabulary
    return Section(
        "corps",
        "Who serves",
        content={
            "day": day(str(vocabulary.timeline.window.start)),
            "parts": [
                ("in all", [(vocabulary.everyone, *_told(before, after, np.ones(len(vocabulary.cells), dtype=bool)))]),
                (
                    "by class",
                    [
                        (name, *_told(before, after, material.study.corps.class_of == place))
                        for place, name in enumerate(material.study.corps.classes)
                    ],
                ),
                *(
                    (
                        f"by {attribute.name}",
                        [
                            (level, *_told(before, after, vocabulary.agreeing({attribute.name: [level]})))
                            for level in attribute.names
                        ],
                    )
                    for attribute in vocabulary.attributes
                ),
            ],
        },
    )


def _told(before: xr.DataArray, after: xr.DataArray, cells: NDArray[np.bool_]) -> tuple[str, str, str]:
    """Return the 90 % interval of the men of some cells before the evidence, and the interval and median after."""
    low, _, high = quantiles(_men(before, cells))
    lower, median, upper = quantiles(_men(after, cells))
    return f"{number(low)} to {number(high)}", f"{number(lower)} to {number(upper)}", number(median)


def _men(cell_heads: xr.DataArray, cells: NDArray[np.bool_]) -> xr.DataArray:
    """Return draws of the men of some cells, dimensions chain and draw."""
    by_cell = cell_heads.to_numpy().reshape(*cell_heads.shape[:2], -1)
    return xr.DataArray(by_cell[..., cells].sum(axis=-1, dtype=float), dims=("chain", "draw"))
