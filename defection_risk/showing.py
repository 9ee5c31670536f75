"""Tables of a fitted model, and how a notebook shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from defection_risk.fitted import Fitted

CHECKED = ["value", "rule", "threshold", "passed", "gates", "where", "reason", "remedy"]

SHOWN = ["prior", "posterior", "bayes_factor", "verdict"]
"""Columns of the ledger that a notebook shows."""


def checks_frame(checks: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the checks of a manifest, by name."""
    import pandas as pd  # noqa: PLC0415 - heavy

    return pd.DataFrame(checks, columns=["name", *CHECKED]).set_index("name")


def ledger_frame(claims: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return the ledger of a manifest, by the ids of the claims."""
    import pandas as pd  # noqa: PLC0415 - heavy

    rows = [
        {
            "id": claim["id"],
            "source": claim["source"],
            "says": claim["says"],
            "prior": claim["probability"]["prior"],
            "posterior": claim["probability"]["posterior"],
            "bayes_factor": claim["bayes_factor"],
            "verdict": claim["verdict"],
            "hangs_on": ", ".join(claim["hangs_on"]),
        }
        for claim in claims
    ]
    return pd.DataFrame(rows).set_index("id")


def fitted_html(fitted: Fitted) -> str:
    """Return what was fitted, its checks and its ledger, as tables."""
    manifest = fitted.manifest
    study = manifest["study"]
    without = f", without {', '.join(manifest['without'])}" if manifest["without"] else ""
    outcome = "passed" if fitted.passed else "FAILED"
    below = ", ".join(each["name"] for each in manifest["checks"] if not each["passed"])
    said = {
        "version": fitted.version,
        "study": f"{study['name']}: {study['title']}",
        "priors": f"{fitted.prior_set}{without}",
        "evidence": f"{len(manifest['evidence']['rows'])} rows, {manifest['officers']['count']:,} officers",
        "checks": f"{outcome}; {below}" if below else outcome,
    }
    rows = "".join(f"<tr><th>{name}</th><td>{escape(each)}</td></tr>" for name, each in said.items())
    ledger = fitted.ledger().dropna(subset="posterior")[SHOWN].to_html(float_format="{:.3g}".format, na_rep="")
    return f"<table>{rows}</table><details><summary>claims that can be tested</summary>{ledger}</details>"
