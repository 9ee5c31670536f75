"""Matplotlib's SVG made fit to stand in the page: no inline styles, colours that follow the page, no ids that clash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree import ElementTree as ET

NUMBER = re.compile(r"-?\d+\.\d+")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
COLOUR = re.compile(r"#[0-9a-f]{6}")
KEPT_STYLES = frozenset({
    "fill", "fill-opacity", "font-size", "font-weight", "opacity", "stroke", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "stroke-opacity", "stroke-width", "text-anchor",
})  # fmt: skip
"""Style properties that may be written as attributes; fonts and the rest are the page's."""

ROUNDED = ("d", "x", "y", "width", "height", "transform", "stroke-dasharray", "stroke-width", "font-size", "viewBox")
DROPPED = frozenset({"metadata", "style"})
OTHER_COLOUR = "var(--muted)"


def page_svg(source: str, *, name: str, alt: str, colours: Mapping[str, str]) -> str:
    """Return a figure's SVG as an element of the page.

    A strict content security policy refuses style attributes, so each becomes attributes of the element itself;
    colours become the page's variables, so that they turn with light and dark.

    Parameters
    ----------
    source : str
        As Matplotlib writes it, with text as text.
    name : str
        Unique in the page; starts every id.
    alt : str
        What the figure shows, for those who do not see it.
    colours : mapping of str to str
        The page's colour for each colour drawn with.
    """
    root = ET.fromstring(source)  # noqa: S314 - our own drawing
    _drop(root)
    elements = list(root.iter())
    referenced = set(_references(elements))
    for element in elements:
        element.tag = _local(element.tag)
        _restyle(element, colours)
        _rename(element, name, referenced)
    box = root.get("viewBox", "")
    root.attrib.clear()
    root.attrib |= {"viewBox": box, "role": "img", "aria-label": alt, "class": "plot"}
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _drop(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in [child for child in parent if _local(child.tag) in DROPPED]:
            parent.remove(child)


def _references(elements: Iterable[ET.Element]) -> Iterator[str]:
    for element in elements:
        for name, value in element.attrib.items():
            if _local(name) == "href":
                yield value.removeprefix("#")
            yield from REFERENCE.findall(value)


def _restyle(element: ET.Element, colours: Mapping[str, str]) -> None:
    declarations = (part.partition(":") for part in element.attrib.pop("style", "").split(";"))
    styles = {name.strip(): value.strip() for name, _, value in declarations if name.strip() in KEPT_STYLES}
    attributes = {_local(name): value for name, value in element.attrib.items()} | styles
    attributes.pop("type", None)
    for name in ("fill", "stroke"):
        if COLOUR.fullmatch(attributes.get(name, "")):
            attributes[name] = colours.get(attributes[name], OTHER_COLOUR)
    for name in ROUNDED:
        if name in attributes:
            attributes[name] = " ".join(NUMBER.sub(_shortened, attributes[name]).split())
    if re.fullmatch(r"rotate\(-?0 .*\)", attributes.get("transform", "")):
        del attributes["transform"]
    element.attrib.clear()
    element.attrib |= attributes


def _rename(element: ET.Element, name: str, referenced: set[str]) -> None:
    own = element.attrib.pop("id", None)
    if own in referenced:
        element.set("id", f"{name}-{own}")
    for attribute, value in element.attrib.items():
        if attribute == "href":
            element.set(attribute, f"#{name}-{value.removeprefix('#')}")
        else:
            element.set(attribute, REFERENCE.sub(rf"url(#{name}-\1)", value))


def _shortened(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")


def _local(name: str) -> str:
    return name.rpartition("}")[2]
