# Everything starts here: `make run` shows the demo, `make test` proves it, `make help` lists the rest.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3.11
BIN := .venv/bin
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup run test test-long check bench format

help: ## List the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/runtime ## Install the locked dependencies into .venv and check the system libraries

run: setup ## Start the demo on http://127.0.0.1:8000 (PORT=…), stop with Ctrl+C
	@PORT=$(PORT) $(BIN)/caseapp demo --ready
	@PORT=$(PORT) $(BIN)/caseapp serve --host $(HOST)

test: .venv/dev chromium postgres ## Run all tests but the long ones
	$(BIN)/pytest -n 2 --dist worksteal -m "not long"

test-long: .venv/dev chromium postgres ## Run all tests, the long ones too
	$(BIN)/pytest -n 2 --dist worksteal

check: .venv/dev ## Linters, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

bench: .venv/dev ## Measure speed against the floors
	$(BIN)/python -m bench

lock: ## Pin the dependencies anew (needs uv)
	uv pip compile $(LOCK) --extra build pyproject.toml -o requirements.lock
	uv pip compile $(LOCK) --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

format: .venv/dev ## Put the code into the project's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null && $(PYTHON) -m venv .venv || python3 -m venv .venv

.venv/runtime: requirements.lock pyproject.toml | .venv/bin/python
	@sh tools/system_packages.sh documents
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: chromium postgres
chromium postgres:
	@sh tools/system_packages.sh $@
