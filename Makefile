# The two to know: `make run` and `make test`. Both set up what they need in .venv first.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
export DEFECTION_RISK_HOME ?= var

# Chains and workers run in parallel already: one thread each, or they fight over the cores.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export NUMEXPR_NUM_THREADS := 1

# Where a Python may be found; a pyenv shim can be on the PATH and still fail when it runs, so each one is tried.
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.14 python3 \
	$(wildcard $(HOME)/.pyenv/versions/3.1[234].*/bin/python) /usr/local/bin/python3 /usr/bin/python3)
USABLE := import ensurepip, sys, venv; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))

# Hosts that an exported lock may leave behind (in brackets, so that this file does not name one either).
REGISTRIES := [p]ypi\.org|[p]ythonhosted\.org|[n]pmjs\.(org|com)|[d]eb\.debian\.org

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-header $(UPGRADE)
# uv does not read pip's configuration: hand it the index that pip is set to, if there is one.
UV_INDEX = export UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get \
	global.index-url 2>/dev/null || true)}}"; [ -n "$$UV_DEFAULT_INDEX" ] || unset UV_DEFAULT_INDEX

.PHONY: help setup run test test-slow bench sbc lint format openapi model-graph tutorial fuzz soak lock clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

setup: .venv/ready  ## create .venv with the locked packages and this project

run: setup  ## fit a first model if there is none, then serve it on 127.0.0.1:8000
	@[ -e "$$DEFECTION_RISK_HOME/current" ] || $(BIN)/defection-risk refit
	@exec $(BIN)/defection-risk serve --host $(HOST) --port $(PORT)

test: setup  ## run the tests but the slow ones, two at a time
	@$(BIN)/python -m pytest -m "not slow" -n 2 $(PYTEST_ARGS)

test-slow: setup  ## run the slow tests: real fits, recovery from simulated officers
	@$(BIN)/python -m pytest -m slow $(PYTEST_ARGS)

sbc: setup  ## calibrate: 200 refits of simulated data, as docs/calibration.md reports (SBC_ARGS for more)
	@$(BIN)/defection-risk calibrate --refits 200 --ranks docs/calibration-ranks.csv $(SBC_ARGS)

lint: setup  ## style, types, the walls between rooms, and what the tree may not name
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	@! grep -n '://' requirements/*.txt || { echo 'a lock carries an index address: run make lock' >&2; exit 1; }
	@! git grep -nIE '$(REGISTRIES)' || { echo 'a tracked file names a package registry' >&2; exit 1; }

format: setup  ## format the tree and fix what ruff can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/bench  ## measure speed against peers and limits for half an hour, and write docs/performance.md
	@command -v wrk >/dev/null || { echo 'make bench drives the service with wrk: apt install wrk' >&2; exit 2; }
	@for room in fit growth serve files; do $(BIN)/python -m benchmarks.$$room; done
	@$(BIN)/python -m benchmarks.page

openapi: setup  ## write docs/openapi.json anew, after a change of routes, schemas or words
	@$(BIN)/python -c 'import json, pathlib, tempfile; from model.archive import Archive; \
	from service import Settings, create_app; from tests.service.publishing import publish; \
	folder = tempfile.TemporaryDirectory(); home = pathlib.Path(folder.name); publish(Archive(home)); \
	text = json.dumps(create_app(Settings(home=home)).test_client().get("/openapi.json").json, indent=2) + "\n"; \
	pathlib.Path("docs/openapi.json").write_text(text, encoding="utf-8")'

model-graph: setup  ## draw docs/model-graph.svg anew, after a change of the model
	@$(BIN)/python -c 'import pathlib; from model.evidence.officers import read_officers; \
	from model.evidence.reading import bundled_evidence; from model.fit.graph import model_graph; \
	from model.fit.problem import pose; from model.report.graph import write_graph; \
	from priors.elicitation import elicit_prior_set; from priors.study import load_study; study = load_study(); \
	rows, nobody = bundled_evidence(study), read_officers([], study.vocabulary); \
	problem = pose(study, elicit_prior_set(study, study.claims.all_together), rows, nobody); \
	write_graph(model_graph(problem), pathlib.Path("docs/model-graph.svg"))'

tutorial: setup  ## run docs/tutorial.ipynb anew on the current version, and keep its outputs
	@$(BIN)/python -m tests.support.notebooks "$$DEFECTION_RISK_HOME"

fuzz: setup  ## ask the service what its contract allows and what it does not, for minutes; FUZZ_EXAMPLES, FUZZ_SEED
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-500} FUZZ_SEED=$${FUZZ_SEED:-$$RANDOM} \
	$(BIN)/python -m pytest -s tests/service/test_contract.py $(PYTEST_ARGS)

soak: setup  ## put every fault into the running service for four minutes, under 16 clients; SOAK_SECONDS
	@$(BIN)/python -m trials.faults --seconds $${SOAK_SECONDS:-240}

lock: $(BIN)/uv  ## resolve the locks anew; UPGRADE=--upgrade takes the newest versions
	@$(UV_INDEX); \
	$(LOCK) pyproject.toml --extra fit -o requirements/fit.txt; \
	$(LOCK) pyproject.toml -c requirements/fit.txt -o requirements/serve.txt; \
	$(LOCK) pyproject.toml --extra fit --group dev -c requirements/fit.txt -o requirements/dev.txt; \
	$(LOCK) pyproject.toml --extra fit --group dev --group bench -c requirements/dev.txt -o requirements/bench.txt; \
	$(LOCK) --group tools -c requirements/dev.txt -o requirements/tools.txt

clean:  ## remove what setup, tests and linters made; fitted models in var/ stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv: requirements/tools.txt
	@python=; for candidate in $(PYTHONS); do \
		if "$$candidate" -c '$(USABLE)' >/dev/null 2>&1; then python=$$candidate; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo 'No Python 3.12, 3.13 or 3.14 that can make virtual environments was found; tried: $(PYTHONS).' >&2; \
		echo 'Install one (Debian, Ubuntu: apt install python3.13 python3.13-venv; anywhere: pyenv install 3.13)' >&2; \
		echo 'or name one: make setup PYTHON=/path/to/python3.13' >&2; \
		exit 2; \
	fi; \
	echo "Setting up .venv with $$("$$python" --version)" >&2; \
	"$$python" -m venv --clear .venv; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt; \
	touch $@

.venv/bench: setup requirements/bench.txt
	@$(UV_INDEX); export VIRTUAL_ENV=.venv; \
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/bench.txt; \
	touch $@

# Redone only when a lock or pyproject.toml changes.
.venv/ready: $(BIN)/uv pyproject.toml requirements/dev.txt
	@$(UV_INDEX); export VIRTUAL_ENV=.venv; \
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/dev.txt; \
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .; \
	touch $@
