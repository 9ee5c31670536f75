"""The names of the bundled prior sets, for whoever must know them without reading the claims."""

from __future__ import annotations

from typing import Final

PRIOR_SETS: Final = ("al-kattan", "stratfor", "pooled")
DEFAULT_PRIOR_SET: Final = "pooled"
