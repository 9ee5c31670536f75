"""Whole commands in processes of their own: what they took, and the most memory that they held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Run:
    """A command that ended well.

    Attributes
    ----------
    seconds : float
        By the wall clock.
    mebibytes : float
        Peak resident memory of the process.
    output : str
    """

    seconds: float
    mebibytes: float
    output: str


def run(*arguments: object, caches: Path, cold: bool = False) -> Run:
    """Run Python with arguments and one thread, compiled code being kept in a folder of its own.

    Raises
    ------
    RuntimeError
        If it fails.
    """
    stated = {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "DEFECTION_RISK_CACHE": str(caches / "jax"),
        "NUMBA_CACHE_DIR": str(caches / "numba"),
        "PYTENSOR_FLAGS": f"base_compiledir={caches / 'pytensor'}",
    }
    if cold and caches.exists():
        raise RuntimeError(f"{caches} is not cold")
    with (caches.parent / f"{caches.name}.out").open("w+b") as output, (caches.parent / "errors").open("w+b") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)], cwd=PROJECT, env=os.environ | stated, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise RuntimeError(f"{arguments}: {errors.read().decode()[-2000:]}")
        return Run(seconds, usage.ru_maxrss / 1024, output.read().decode())


def command(*arguments: object, caches: Path, cold: bool = False) -> Run:
    """Run `defection-risk` with arguments."""
    return run("-c", "from cli import main; main()", *arguments, caches=caches, cold=cold)


def asked(module: str, *arguments: object, caches: Path) -> Any:
    """Run a module of the benchmarks and return the JSON that it prints last."""
    return json.loads(run("-m", module, *arguments, caches=caches).output.splitlines()[-1])
