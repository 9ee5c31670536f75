"""The page as a file: templates filled in, one style block, and a security policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from model.report.words import anchor, counted, counted_in_words, flat, listed, measured, percent

NO_BREAK = "\u00a0"
TEMPLATES = Path(__file__).parent / "templates"


def render_page(template: str, **content: Any) -> str:
    """Return a page in the one look that all have.

    Parameters
    ----------
    template : str
        Which extends `base.html`.
    content : mapping
        What it shows, its sections among it.
    """
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    style = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip()
    page = render(template, style=style, policy=policy(style), **content)
    return re.sub(r"(?<=\d) %", f"{NO_BREAK}%", page)


def render(template: str, **content: Any) -> str:
    """Return a template filled in; in HTML whatever it is given is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals |= {
        "anchor": anchor,
        "counted": counted,
        "listed": listed,
        "percent": percent,
        "counted_in_words": counted_in_words,
    }
    environment.filters |= {"flat": flat, "measured": measured}
    return environment.get_template(template).render(**content)


def policy(style: str) -> str:
    """Return the content security policy of a page whose one style block has the given text."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
