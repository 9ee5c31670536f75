"""Lines of the log stay whole whoever writes at once; on a terminal they are short, elsewhere JSON."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from service.observability.logs import JSONLines, ShortLines


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


LOGGING = """
import logging
from service.observability import logs

logs.configure()
said = {"request_id": "r-1", "method": "POST", "route": "/v1/assessments", "status": 200, "seconds": 0.0123}
logging.getLogger("service.requests").info("request", extra={"fields": said})
logging.getLogger("service.audit").info("audit", extra={"fields": {"request_id": "r-1", "count": 1}})
logging.getLogger("service").warning("refused", extra={"fields": {"version": "v"}})
"""


def test_on_a_terminal_lines_are_for_people() -> None:
    """Where standard error is a terminal a request is what was asked, how it ended and how long it took."""
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", LOGGING], stderr=theirs, check=True)
    os.close(theirs)
    lines = os.read(ours, 10_000).decode().splitlines()
    os.close(ours)
    assert [re.sub("^[0-9]{2}:[0-9]{2}:[0-9]{2} ", "", line) for line in lines] == [
        "POST /v1/assessments 200 in 12 ms",
        "WARNING: refused version=v",
    ]


def test_elsewhere_lines_are_json() -> None:
    """Where it is none each line is JSON with all that is known, and what is for audit is among them."""
    written = subprocess.run([sys.executable, "-c", LOGGING], stderr=subprocess.PIPE, check=True).stderr
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["event"] for line in lines] == ["request", "audit", "refused"]
    assert lines[0]["request_id"] == "r-1"


def test_a_failure_quotes_no_profile_on_a_terminal_either(caplog: pytest.LogCaptureFixture) -> None:
    """What failed is told by its kind and its place, without the text of an error that could quote a caller."""
    words = "sunni colonel"
    try:
        int(words)
    except ValueError:
        logging.getLogger("service").exception("failed")
    line = ShortLines().format(caplog.records[0])
    assert "ERROR: failed error=ValueError" in line
    assert "test_a_failure_quotes_no_profile" in line
    assert words not in line
