"""Small made-up files to try things with, in the words of the study that comes first."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from priors.study import DEFAULT, STUDIES

if TYPE_CHECKING:
    import pandas as pd

FOLDER: Final = STUDIES / DEFAULT / "examples"


def load_example(name: str) -> pd.DataFrame:
    """Return a made-up file: `officers`, watched one by one, to be fitted to; or `force`, with head counts.

    Its first line, which `attrs` keeps, says that it is made up.

    Raises
    ------
    ValueError
        If there is none of the name; it gives the nearest.

    Examples
    --------
    >>> force = dr.load_example("force")
    >>> int(force["count"].sum()), force.attrs["note"]
    (58, 'Made up: a force that never was, to try things with.')
    """
    import pandas as pd  # noqa: PLC0415 - heavy

    names = sorted(path.stem for path in FOLDER.glob("*.csv"))
    if name not in names:
        near = ", ".join(get_close_matches(str(name), names) or names)
        raise ValueError(f"example: must be one of {', '.join(names)}; nearest: {near}")
    with (FOLDER / f"{name}.csv").open(encoding="utf-8") as file:
        note = file.readline().removeprefix("#").strip()
        frame = pd.read_csv(file, dtype_backend="numpy_nullable")
    frame.attrs["note"] = note
    return frame
