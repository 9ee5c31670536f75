"""Schemathesis asks the service all that its contract allows and much that it does not, and holds answers to it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from model.archive import Archive
from priors.study import DEFAULT, load_study
from service.security.keys import KeyFile, Scope
from tests.service.publishing import publish
from tests.support.made_up import FLEET, GARRISON, STUDIES
from tests.support.servers import PROJECT
from tests.support.serving import serving

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "5")
"""For each route and way of drawing requests; `make fuzz` asks for more, and for other ones each time."""

FEW_RUNS = "from model.outlook import simulation; simulation.FEWEST_RUNS = simulation.MOST_RUNS = 40"
"""Half of what is asked are outlooks, and how finely they are simulated is no matter of the contract."""

REPORT = b"<!doctype html><title>Report</title>"
SEED = os.environ.get("FUZZ_SEED", "20110315")


@pytest.mark.parametrize(
    "named",
    [
        pytest.param(DEFAULT, id=DEFAULT),
        pytest.param(str(STUDIES / GARRISON), id=GARRISON),
        pytest.param(str(STUDIES / FLEET), id=FLEET, marks=pytest.mark.slow),
    ],
)
def test_every_answer_keeps_the_contract(tmp_path: Path, named: str) -> None:
    """With all checks on, no request makes a failure, an undocumented answer, or an answer to what is not allowed."""
    study = load_study(named)
    more: dict[str, Any] = {"study": study, "named": True, "passed": True, "files": {"report.html": REPORT}}
    for seed, name in enumerate(study.claims.prior_sets, start=1):
        publish(Archive(tmp_path), seed=seed, prior_set=name, **more)
    keys = KeyFile(tmp_path / "keys.json")
    token = keys.add("fuzz", Scope.ADMIN, now=datetime(2026, 11, 21, tzinfo=UTC))
    with serving(tmp_path, before=FEW_RUNS, KEYS=str(keys.path), RATE_LIMIT="off") as port:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{port}/openapi.json"),
            # The largest question that is allowed, 10,000 officers, is among them; how long it takes is no matter here.
            *("--checks", "all", "--request-timeout", "120"),
            *("--seed", SEED, "--max-examples", EXAMPLES, "--no-color", "--continue-on-failure", "--workers", "2"),
            *("--header", f"Authorization: Bearer {token}", "--generation-database", ":memory:"),
        ]
        # In a folder of its own: it keeps what it learned about a service beside itself.
        hooks = {"SCHEMATHESIS_HOOKS": "tests.support.contract_hooks", "FUZZED_STUDY": named}
        environment = os.environ | hooks | {"PYTHONPATH": str(PROJECT)}
        run = subprocess.run(
            command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    report = run.stdout.decode(errors="replace")
    print(report[-20_000:])  # noqa: T201 - what `make fuzz` shows, and what pytest shows of a failure
    assert run.returncode == 0
