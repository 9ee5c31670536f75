"""Drawings as they stand in the page."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from model.report.svg import page_svg

DRAWN = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="10pt" viewBox="0 0 10 10">
 <metadata><date>2012-08-02</date></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round}</style><clipPath id="p1"><rect x="0" y="0"/></clipPath></defs>
 <g id="figure_1"><defs><path id="m1" d="M 0 0 L 0.123456 3.5" style="stroke: #123456; stroke-width: 0.8"/></defs>
 <use xlink:href="#m1" x="1.999999" style="stroke: #654321" clip-path="url(#p1)"/>
 <text style="font-size: 10px; font-family: 'Arial'; text-anchor: end" transform="rotate(-0 1 2)">a &lt; b</text>
 </g></svg>"""


def test_what_becomes_of_a_drawing() -> None:
    """Styles become attributes, colours the page's, ids the drawing's own; dates, fonts and long decimals go."""
    written = page_svg(DRAWN, name="figure-x", alt='a "text"', colours={"#123456": "var(--ink)"})
    for gone in ("style", "2012", "Arial", "http", "figure_1", "xlink", "rotate", 'width="10pt"', "#123456"):
        assert gone not in written
    root = ET.fromstring(written)  # noqa: S314 - just written
    assert root.attrib == {"viewBox": "0 0 10 10", "role": "img", "aria-label": 'a "text"', "class": "plot"}
    path, use, text = (root.find(f".//{tag}") for tag in ("path", "use", "text"))
    assert path is not None
    assert path.attrib == {"id": "figure-x-m1", "d": "M 0 0 L 0.12 3.5", "stroke": "var(--ink)", "stroke-width": "0.8"}
    assert use is not None
    assert use.attrib == {
        "href": "#figure-x-m1", "x": "2", "stroke": "var(--muted)", "clip-path": "url(#figure-x-p1)",
    }  # fmt: skip
    assert text is not None
    assert text.text == "a < b"
    assert text.attrib == {"font-size": "10px", "text-anchor": "end"}
