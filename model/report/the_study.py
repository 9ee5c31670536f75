"""The study: what was asked, of whom and of when, and by which articles."""

from __future__ import annotations

from model.report.material import Material
from model.report.section import Section
from model.report.words import day, listed


def the_study(material: Material) -> Section:
    """Return the section that says what the study is."""
    study, window = material.study, material.study.timeline.window
    return Section(
        "study",
        "The study",
        content={
            "facts": {
                "Name": study.name,
                "Title": study.title,
                "Question": study.question,
                "Limits": study.limits,
                "Window": f"{day(str(window.start))} to {day(str(window.end))}",
                "Periods": ", ".join(study.timeline.period_names),
                "Who serves": f"{study.heads.all:,} {study.vocabulary.everyone}",
                "Classes of service": _classes(material),
                "Files": f"sha256 {study.digest}",
            },
            "attributes": study.vocabulary.attributes,
            "articles": study.articles,
        },
    )


def _classes(material: Material) -> str:
    """Return the classes of service, with their heads where the study states them."""
    heads = material.study.heads.by_class
    told = (f"{name} ({heads[name]:,})" if name in heads else name for name in material.study.corps.classes)
    return listed(told)
