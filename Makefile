# The commands people use. Each makes what it needs and no more.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
TORCH := torch==2.13.0
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run dev test test-python test-frontend test-browser check check-python check-generated generate lock bench faults clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-14s %s\n", $$1, $$2 }'

run: $(RUN) ## Set everything up and open the app on http://127.0.0.1:8000 (HOST, PORT, DATA_DIR)
	@$(BIN)/python tools/frontend.py build
	@exec $(BIN)/python -m backend

dev: $(DEV) ## The same with both sides reloading on every change
	@$(BIN)/python tools/frontend.py install
	@$(BIN)/python tools/dev.py

test: test-python test-frontend test-browser ## All tests: Python, TypeScript, browser

test-python: $(DEV) ## The tests of models/ and backend/
	@$(BIN)/python -m pytest tests --ignore=tests/browser -n 2 --dist loadfile $(ARGS)

test-frontend: $(RUN) ## The tests of frontend/
	@$(BIN)/python tools/frontend.py npm test --silent

test-browser: $(DEV) ## Whole journeys in a real browser against a real server
	@tools/browser.sh $(BIN)
	@$(BIN)/python tools/frontend.py build
	@$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile $(ARGS)

check: $(DEV) ## Format, lint, types, import rules, generated files, lock files
	@$(MAKE) --no-print-directory -j 2 check-python check-generated

check-python: $(DEV)
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/vulture
	@$(BIN)/python tools/locks.py
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/yamllint --strict docker-compose.yml .github
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.compose-spec docker-compose.yml
	@$(BIN)/check-jsonschema -q --builtin-schema vendor.github-workflows .github/workflows/ci.yml

check-generated: $(DEV)
	@$(BIN)/python tools/frontend.py npm run check --silent
	@$(BIN)/python -m tools.generate --check

generate: $(DEV) ## Renew the OpenAPI document, the frontend's types, docs/reference and the README's tree
	@$(BIN)/python -m tools.generate

lock: $(DEV) ## Renew the Python lock files from pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --python-version 3.11 --no-emit-package torch --no-annotate --no-header -o requirements/run.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group test --group quality --python-version 3.11 --no-emit-package torch --no-annotate --no-header -o requirements/dev.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group test --group bench --python-version 3.11 --no-emit-package torch --no-annotate --no-header -o requirements/bench.lock

bench: $(DEV) ## Measure against the peers, as ratios in one run (installs the peers itself)
	@tools/browser.sh $(BIN)
	@$(BIN)/python tools/frontend.py build
	@test -x .venv-bench/bin/python || tools/bootstrap.sh .venv-bench
	@.venv-bench/bin/python -m pip install -q --disable-pip-version-check $(TORCH) -r requirements/bench.lock
	@.venv-bench/bin/python -m bench $(ARGS)

faults: $(DEV) ## Kill servers and workers and fill the disk at random, 200 times, and report what survived
	@$(BIN)/python -m tests.backend.runs.faults $(ARGS)

clean: ## Remove what was built and installed; your data stays
	rm -rf $(VENV) .venv-bench frontend/node_modules backend/static dist

$(BIN)/python:
	@tools/bootstrap.sh $(VENV)

$(RUN): requirements/run.lock | $(BIN)/python
	@echo "Installing what Neuroloom needs to run …"
	@$(PIP) $(TORCH) -r requirements/run.lock
	@touch $@

$(DEV): requirements/run.lock requirements/dev.lock | $(BIN)/python
	@echo "Installing what Neuroloom needs to run and to be tested …"
	@$(PIP) $(TORCH) -r requirements/dev.lock
	@touch $(RUN) $@
