"""YAML read strictly: with the line of every entry, without duplicate keys, references, or anything but plain data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from priors.errors import Fault, StudyError

LARGEST: Final = 1 << 20
"""Bytes of a file of a study."""

DEEPEST: Final = 12
"""Levels of nesting."""

MOST: Final = 30_000
"""Of what the parser finds: many times what a study of ten thousand profiles needs, and read in half a second."""

LONGEST: Final = 10_000
"""Characters of an entry."""

LARGEST_NUMBER: Final = 1e15
"""What a float tells apart from its neighbours, and far more than is counted here."""

Path = tuple[str | int, ...]
"""The keys, and places in lists, that lead to an entry."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """What a file holds, and on which line each entry of it begins."""

    file: str
    data: Any
    lines: Mapping[Path, int]

    def fault(self, path: Path, rule: str, nearest: tuple[str, ...] = ()) -> Fault:
        """Return a fault of an entry, at its own line, or at that of the nearest entry around it that there is."""
        found = next(path[:length] for length in range(len(path), -1, -1) if path[:length] in self.lines)
        return Fault(self.file, self.lines[found], told(path), rule, nearest)


def told(path: Path) -> str:
    """Return the way to an entry, counting places in lists from 1."""
    return ": ".join(str(each + 1) if isinstance(each, int) else each for each in path)


def read_yaml(file: str, content: bytes) -> Document:
    """Read a file.

    Parameters
    ----------
    file : str
        How errors call it.
    content : bytes

    Raises
    ------
    StudyError
        If it is too large, no YAML in UTF-8, nested too deep, refers to itself, names a type, or states a key twice.
    """
    if len(content) > LARGEST:
        raise StudyError([Fault(file, 1, "", f"must be at most {LARGEST:,} bytes, not {len(content):,}")])
    reader = _Reader(file)
    try:
        text = content.decode("utf-8")
        _check_events(file, text)
        node = yaml.compose(text, Loader=_Loader)
        data = None if node is None else reader.data(node, ())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StudyError([Fault(file, line, "", "must be text in UTF-8")]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        raise StudyError([Fault(file, mark.line + 1 if mark else 1, "", f"must be YAML: {problem}")]) from error
    if reader.faults:
        raise StudyError(reader.faults)
    return Document(file, data, reader.lines)


def _check_events(file: str, text: str) -> None:
    """Raise StudyError where a file holds more than a study needs, before anything is built of it."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        rule = _refused(event, count=count, depth=depth)
        if rule:
            raise StudyError([Fault(file, event.start_mark.line + 1, "", rule)])  # type: ignore[union-attr] # a parsed event has one


def _refused(event: Any, *, count: int, depth: int) -> str | None:
    """Return why an event of the parser has no place in a study."""
    if count > MOST:
        return f"must have at most {MOST:,} entries, names and brackets"
    if depth > DEEPEST:
        return f"must be nested at most {DEEPEST} deep"
    if len(getattr(event, "value", "")) > LONGEST:
        return f"must have at most {LONGEST:,} characters in one entry"
    if getattr(event, "anchor", None):
        return "must not refer from one entry to another by `&` and `*`; write each out"
    if getattr(event, "tag", None):
        return "must not name a type by `!`"
    return None


class _Reader:
    """What is read of the nodes of a file: plain data, the line of each entry, and mistakes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {(): 1}
        self.faults: list[Fault] = []
        self._constructor = yaml.constructor.SafeConstructor()

    def data(self, node: Any, path: Path) -> Any:
        """Return the data of a node."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self.data(each, (*path, place)) for place, each in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        try:
            value = self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError, OverflowError):  # a date that there is not, digits without end
            self._fault(node, path, "must be plain text, a number or a date that there is")
            return None
        if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:
            self._fault(node, path, f"must be a number of at most {LARGEST_NUMBER:g}")
            return None
        return value

    def _entries(self, node: Any, path: Path) -> Iterator[tuple[str, Any]]:
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            where = (*path, key)
            if key in seen:
                self._fault(key_node, where, f"must be given once; it is also on line {seen[key]}")
            elif not key:
                self._fault(key_node, path, "must have names for its entries")
            seen.setdefault(key, line)
            self.lines[where] = line
            yield key, self.data(value, where)

    def _fault(self, node: Any, path: Path, rule: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, told(path), rule))
