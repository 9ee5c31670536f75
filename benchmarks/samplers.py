"""One sampler on the default problem, or bambi on officers, in a process of its own: seconds, draws, means.

`python -m benchmarks.samplers nutpie` (or pymc, numpyro), or `... bambi OFFICERS.parquet`.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import arviz as az
import numpy as np
import pyarrow.parquet as pq
import xarray as xr

from model.evidence.officers import read_officers
from model.evidence.reading import bundled_evidence
from model.fit.problem import pose
from model.fit.samplers import make_sampler
from model.fit.sampling import Sampling, unwatched
from priors.elicitation import elicit_prior_set
from priors.study import load_study


def ours(sampler: str) -> dict[str, Any]:
    """Fit the bundled evidence under pooled priors at the default draws."""
    study = load_study()
    vocabulary = study.vocabulary
    rows, nobody = bundled_evidence(study), read_officers([], vocabulary)
    problem = pose(study, elicit_prior_set(study, "pooled"), rows, nobody)
    sampling = Sampling(sampler=sampler)
    start = time.perf_counter()
    made = make_sampler(problem, sampler)
    draws, _ = made.sample(problem, sampling, unwatched)
    first = time.perf_counter() - start
    # What is left to compile is compiled in the first call, so that a second one shows the sampling alone.
    again = time.perf_counter()
    made.sample(problem, sampling, unwatched)
    return described(draws, total=first, sampled=time.perf_counter() - again)


def by_bambi(path: str) -> dict[str, Any]:
    """Fit officers row by row: a logistic regression of whether each defected on the four attributes."""
    import bambi  # noqa: PLC0415 - only where it is compared with

    frame = pq.read_table(path).to_pandas()
    frame = frame.assign(
        defected=frame["defected"].astype(int),
        months=[(end - start).days / 30.4375 for start, end in zip(frame["from"], frame["to"], strict=True)],
    )
    start = time.perf_counter()
    model = bambi.Model("defected ~ sect + rank + eliteness + proximity + months", frame, family="bernoulli")
    options = {"draws": 1000, "tune": 1000, "chains": 4, "cores": 2, "random_seed": 1, "progressbar": False}
    tree = model.fit(inference_method="nutpie", **options)
    done = time.perf_counter()
    found = described(tree["posterior"].to_dataset(), total=done - start, sampled=done - start)
    predicted = model.predict(tree, kind="response_params", inplace=False)["posterior"]["p"].mean(("chain", "draw"))
    return found | {"predicted": float(predicted.sum()), "defected": int(frame["defected"].sum())}


def described(parameters: xr.Dataset, *, total: float, sampled: float) -> dict[str, Any]:
    """Return seconds, the fewest effective draws, the largest R-hat, and every mean with its Monte Carlo error."""
    ess = min(float(value.min()) for value in az.ess(parameters, method="bulk").data_vars.values())
    rhat = max(float(value.max()) for value in az.rhat(parameters).data_vars.values())
    flat = {name: np.ravel(value.mean(("chain", "draw")).to_numpy()) for name, value in parameters.data_vars.items()}
    error = {name: np.ravel(value.to_numpy()) for name, value in az.mcse(parameters, method="mean").data_vars.items()}
    return {
        "total": total,
        "sampled": sampled,
        "ess": ess,
        "rhat": rhat,
        "means": np.concatenate(list(flat.values())).tolist(),
        "errors": np.concatenate([error[name] for name in flat]).tolist(),
    }


def main() -> None:
    """Print what was found, as JSON."""
    name, *rest = sys.argv[1:]
    print(json.dumps(by_bambi(*rest) if name == "bambi" else ours(name)))  # noqa: T201 - read by another process


if __name__ == "__main__":
    main()
