"""Lines of the log stay whole whoever writes at once."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

from service.observability.logs import JSONLines


def test_threads_do_not_break_each_others_lines(tmp_path: Path) -> None:
    """Eight threads that write short lines and long ones at once lose none and mix none."""
    handler = logging.FileHandler(tmp_path / "log")
    handler.setFormatter(JSONLines())
    logger = logging.Logger("apart", logging.INFO)  # noqa: LOG001 - no other test shares it
    logger.addHandler(handler)

    def write(thread: int) -> None:
        for number in range(100):
            text = "x" * (12_000 if number % 10 == 0 else 50)
            logger.info("line", extra={"fields": {"from": thread, "number": number, "text": text}})

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handler.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert sorted((line["from"], line["number"]) for line in lines) == [(t, n) for t in range(8) for n in range(100)]
