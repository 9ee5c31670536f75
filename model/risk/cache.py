"""A bounded memory of answers already given, safe to share between threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class Cache:
    """Remembers the answers used last.

    Unlike `functools.lru_cache` on a method it holds no reference to what computes the answers, so that a risk table
    that is replaced is freed at once.

    Parameters
    ----------
    size : int
        How many answers are kept; the one unused for longest goes first.
    """

    def __init__(self, *, size: int) -> None:
        self._size = size
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Hashable, compute: Callable[[], Answer]) -> Answer:
        """Return the answer to a question, computing it where it is not remembered.

        Two threads may compute one answer at once; answers are immutable, so either serves.
        """
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                known: Answer = self._answers[question]
                return known
        answer = compute()
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
        return answer
