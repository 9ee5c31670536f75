"""Promises about the memory of answers."""

from __future__ import annotations

from model.risk.cache import Cache


def test_the_answer_unused_for_longest_goes_first() -> None:
    """A full memory forgets what was not asked for, and keeps what was."""
    cache, computed = Cache(size=2), []

    def ask(question: str) -> None:
        cache.get(question, lambda: computed.append(question))

    for question in ("a", "b", "a", "c", "a", "b"):
        ask(question)
    assert computed == ["a", "b", "c", "b"]
