"""How it was made: what went in, with which seed and packages, and the commands that make it again."""

from __future__ import annotations

import shlex
from typing import Any

from model.evidence.known import told
from model.report.material import Material
from model.report.section import Section
from model.report.words import counted

SAMPLING_OPTIONS = ("draws", "tune", "chains", "cores", "target_accept", "sampler", "seed")


def provenance(material: Material) -> Section:
    """Return the section on how the fit was made."""
    manifest, study = material.manifest, material.study
    evidence, individuals = manifest["evidence"], manifest["officers"]
    return Section(
        "provenance",
        "How it was made",
        content={
            "facts": {
                "Version": manifest["version"],
                "Study": f"{study.title} ({study.name}), sha256 {study.digest}",
                "Priors": _priors(material),
                "Evidence": f"{counted(len(evidence['rows']), 'row')}, sha256 {evidence['digest']}",
                **({"As of": told(manifest["as_of"])} if manifest.get("as_of") else {}),
                "Files of individuals": f"{counted(individuals['count'], 'individual')}, sha256 {individuals['digest']}"
                if individuals["count"]
                else "none",
                "Sampling": ", ".join(
                    f"{name.replace('_', ' ')} {value}" for name, value in manifest["sampling"].items()
                ),
                "Packages": ", ".join(f"{name} {value}" for name, value in manifest["packages"].items() if value),
                "Made": manifest["created"],
            },
            "commands": commands(material),
            "bundled": "--evidence" not in manifest["refit"],
            "study": study.name,
            "individuals": individuals["count"],
            "files": manifest.get("files", {}),
        },
    )


def _priors(material: Material) -> str:
    without = material.manifest["without"]
    dropped = f", without {', '.join(without)}" if without else ""
    return f"{material.manifest['prior_set']}{dropped}"


def commands(material: Material) -> tuple[str, ...]:
    """Return the commands that make the fit and this report again."""
    manifest = material.manifest
    sampling: dict[str, Any] = manifest["sampling"]
    words = ["defection-risk", "--study", material.study.name, "refit", "--priors", manifest["prior_set"]]
    words += manifest["refit"]
    for name in SAMPLING_OPTIONS:
        words += [f"--{name.replace('_', '-')}", str(sampling[name])]
    return shlex.join(words), shlex.join(("defection-risk", "report", manifest["version"]))
