"""Under threads an answer is what it is without them, to the byte."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from priors.vocabulary import Vocabulary
from service import Settings, create_app

THREADS = 64
ROUNDS = 4


def bodies(vocabulary: Vocabulary) -> list[bytes]:
    """Return as many bodies as threads, each with a profile, and an interval, that no other has."""
    cells = islice(vocabulary.cells, 0, None, len(vocabulary.cells) // THREADS)
    names = [attribute.name for attribute in vocabulary.attributes]
    return [
        json.dumps({"officers": [dict(zip(names, cell, strict=True))], "intervals": [(number + 1) / 100]}).encode()
        for number, cell in enumerate(islice(cells, THREADS))
    ]


def test_each_of_64_threads_gets_its_own_answer(settings: Settings, vocabulary: Vocabulary) -> None:
    """Sixty-four threads ask at one moment, each about a profile of its own; each answer is the single-threaded one."""
    asked = bodies(vocabulary)
    alone = create_app(settings).test_client()
    expected = [alone.post("/v1/assessments", data=body, content_type="application/json").data for body in asked]
    assert len(set(expected)) == THREADS
    for _ in range(ROUNDS):
        app, together = create_app(settings), threading.Barrier(THREADS)

        def ask(body: bytes) -> bytes:
            client = app.test_client()  # noqa: B023 - every round ends before the next begins
            together.wait(30)  # noqa: B023
            return client.post("/v1/assessments", data=body, content_type="application/json").data

        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(ask, asked)) == expected
