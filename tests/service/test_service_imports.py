"""The service stays small: answering a question loads nothing of what fits a model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from service import Settings

PROJECT = Path(__file__).parents[2]
HEAVY = {
    "arviz", "arviz_base", "arviz_plots", "arviz_stats", "jax", "joblib", "matplotlib", "numba", "numpyro", "nutpie",
    "pandas", "preliz", "pyarrow", "pymc", "pytensor", "scipy", "xarray",
}  # fmt: skip
ANSWER = """
import json, sys
from pathlib import Path
from service import Settings, create_app
import service.gunicorn_settings
client = create_app(Settings(home=Path(sys.argv[1]))).test_client()
answer = client.post("/v1/assessments", json={"officers": [{"rank": "colonel"}]})
print(json.dumps({"status": answer.status_code, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def test_answering_loads_numpy_and_not_pymc(settings: Settings) -> None:
    """A fresh interpreter that imports the service and answers a question has loaded none of the fitting stack."""
    command = [sys.executable, "-c", ANSWER, str(settings.home)]
    output = json.loads(subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE).stdout)
    assert output["status"] == 200
    assert "numpy" in output["loaded"]
    assert not HEAVY & set(output["loaded"])
