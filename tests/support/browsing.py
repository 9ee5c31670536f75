"""A real browser for tests of the page: the system's Chromium, and what it was seen to do."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).parents[1] / "browser" / "vendor" / "axe-4.14.1.min.js"
ANSWERS = "performance.getEntriesByName('answer').map((entry) => entry.duration)"
PATIENCE = 20
"""Seconds after which something that does not happen is taken to have failed; nothing is measured by them."""


def require_chromium() -> str:
    """Return the path of Chromium; without it fail where every change is tested, and skip elsewhere."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("Chromium is not installed: apt-get install chromium")
    if found is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Chromium without a window until the end of the block."""
    path = require_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visit:
    """A page that is being visited, and what the browser had to say of it.

    Attributes
    ----------
    page : Page
    base : str
        The address of the service.
    complaints : list of str
        Errors and warnings on the console, errors of scripts.
    asked : list of str
        The addresses of all requests.
    """

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def watch(self) -> Visit:
        """Begin to note what happens."""
        self.page.on(
            "console",
            lambda message: (
                self.complaints.append(message.text) if message.type in {"error", "warning", "assert"} else None
            ),
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        return self

    def go(self, state: str = "", *, answered: bool = True) -> Visit:
        """Open the page in a state, and wait for its answer."""
        self.page.goto(f"{self.base}/#{state}")
        if answered:
            self.wait_for_answers(1)
        return self

    def turn(self, state: str) -> Visit:
        """Go to another state of the page, which stays loaded, and wait for its answer."""
        self.after(lambda: self.page.goto(f"{self.base}/#{state}"))
        return self

    def answers(self) -> list[float]:
        """Return how many milliseconds each answer so far took, from the question to its drawing."""
        found: list[float] = self.page.evaluate(ANSWERS)
        return found

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many answers have been drawn since the page was loaded."""
        self.wait(lambda: len(self.answers()) >= count)

    def wait(self, happened: Any) -> None:
        """Wait until something holds; the page's policy forbids Playwright's own way, which evaluates strings later."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end, "it did not happen"
            self.page.wait_for_timeout(20)

    def after(self, act: Any) -> None:
        """Do something that asks the service anew, and wait until the answer is drawn."""
        before = len(self.answers())
        act()
        self.wait_for_answers(before + 1)

    def hash(self) -> str:
        """Return the state in the address."""
        return self.page.url.partition("#")[2]

    def foreign(self) -> list[str]:
        """Return the requests that left the service."""
        return [url for url in self.asked if not url.startswith((f"{self.base}/", "data:", "blob:"))]

    def violations(self) -> list[dict[str, Any]]:
        """Return what axe finds serious or critical, with the elements concerned."""
        self.page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
        found = self.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        return [
            {"id": each["id"], "impact": each["impact"], "nodes": [node["html"][:200] for node in each["nodes"]]}
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
        ]


Visiting = Callable[..., Visit]
"""What begins a visit; it takes `base`, what may be complained of, whether `apart`, and options of a context."""
