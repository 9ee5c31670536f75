"""Lines of the log stay whole whoever writes at once, and those of one request stay together."""

from __future__ import annotations

import json
import logging
import threading
from pathlib import Path

from service.logs import AT_ONCE, JSONLines, WholeLines


def log_to(path: Path) -> tuple[logging.Logger, WholeLines]:
    """Return a logger of its own whose lines go to a file."""
    handler = WholeLines()
    handler.setFormatter(JSONLines())
    handler.setStream(path.open("a", encoding="utf-8"))
    logger = logging.Logger("apart", logging.INFO)  # noqa: LOG001 - no other test shares it
    logger.addHandler(handler)
    return logger, handler


def test_threads_do_not_break_each_others_lines(tmp_path: Path) -> None:
    """Eight threads that write short lines and long ones at once lose none and mix none."""
    logger, handler = log_to(tmp_path / "log")

    def write(thread: int) -> None:
        for number in range(100):
            length = 3 * AT_ONCE if number % 10 == 0 else 50
            logger.info("line", extra={"fields": {"from": thread, "number": number, "text": "x" * length}})

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    handler.stream.close()
    lines = [json.loads(line) for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert sorted((line["from"], line["number"]) for line in lines) == [(t, n) for t in range(8) for n in range(100)]


def test_a_followed_line_waits_for_the_next_of_its_thread(tmp_path: Path) -> None:
    """Lines of other threads neither take it along nor come between."""
    path = tmp_path / "log"
    logger, handler = log_to(path)
    logger.info("first", extra={"followed": True})
    other = threading.Thread(target=logger.info, args=("other",))
    other.start()
    other.join()
    logger.info("second")
    handler.stream.close()
    assert [json.loads(line)["event"] for line in path.read_text(encoding="utf-8").splitlines()] == [
        "other", "first", "second",
    ]  # fmt: skip


def test_a_filter_is_heard(tmp_path: Path) -> None:
    """A line that a filter keeps back is not written."""
    path = tmp_path / "log"
    logger, handler = log_to(path)
    handler.addFilter(lambda record: record.getMessage() != "not this")
    logger.info("not this")
    logger.info("this")
    handler.stream.close()
    assert path.read_text(encoding="utf-8").count("\n") == 1
