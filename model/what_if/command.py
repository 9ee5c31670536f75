"""The `refit` command that makes a fit of what was only supposed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from model.what_if.changes import Changes
from priors.study import DEFAULT


def refit_command(manifest: Mapping[str, Any], changes: Changes) -> str:
    """Return the command that fits as a version was fitted, but for changes, and leaves current what is.

    Parameters
    ----------
    manifest : mapping
        The version's; its `refit` are the options that it was made with.

    Examples
    --------
    >>> manifest = {"study": {"name": "fleet"}, "prior_set": "pooled", "refit": []}
    >>> refit_command(manifest, Changes(without_claims=("C1",), authors={"purser": 2.0}))
    'defection-risk --study fleet refit --priors pooled --without C1 --weight purser=2 --no-promote'
    """
    study = str(manifest["study"]["name"])
    named = [] if study == DEFAULT else ["--study", study]
    options = ["--priors", str(manifest["prior_set"]), *manifest["refit"], *changes.options, "--no-promote"]
    return shlex.join(["defection-risk", *named, "refit", *options])
