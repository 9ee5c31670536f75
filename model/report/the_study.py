"""The study: what was asked, of whom and of when, and by which articles."""

from __future__ import annotations

from model.report.material import Material
from model.report.section import Section
from model.report.words import counted_in_words, day, listed
from priors.claims import Article


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
        },
    )


def articles(material: Material) -> Section:
    """Return the section on the articles: what each is, what it says, and the claims that were read out of it."""
    told = material.study.articles
    title = "The article" if len(told) == 1 else f"The {counted_in_words(len(told), 'article')}"
    return Section(
        "articles", title, content={"articles": [(article, _claims_of(material, article)) for article in told]}
    )


def _claims_of(material: Material, article: Article) -> list[str]:
    return [claim["id"] for claim in material.manifest["claims"] if claim["source"] == article.name]


def _classes(material: Material) -> str:
    """Return the classes of service, with their heads where the study states them."""
    heads = material.study.heads.by_class
    told = (f"{name} ({heads[name]:,})" if name in heads else name for name in material.study.corps.classes)
    return listed(told)
