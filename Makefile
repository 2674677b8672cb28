# `make help` lists the targets. The first one that needs it makes `.venv` with everything pinned.
PYTHON ?= python3
STACK ?= dev
SEED ?= 0
BIN := .venv/bin
READY := .venv/.ready
# Universal: one lock for every system and every Python from 3.11 on.
UV := uv==0.13.9
COMPILE := .cache/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help sandbox test format-check lint types unit fuzz format docs lock bench preview up destroy clean pulumi

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

sandbox: $(READY) ## Make the stack STACK (default dev) in an embedded AWS; needs no account
	@$(BIN)/python -m sandbox --stack $(STACK)

test: format-check lint types unit ## Check everything: format, lint, types, tests

format-check: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest -n auto

fuzz: $(READY) ## Try 10,000 hostile stack files; SEED=n for others
	$(BIN)/python -m tests.fuzz --seed $(SEED)

format: $(READY) ## Format the code, and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(READY) ## Generate the configuration tables and the JSON Schema again
	$(BIN)/python -m docs.generate

lock: ## Lock again what requirements.in and requirements-dev.in name, with hashes of all that they bring along
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet --disable-pip-version-check $(UV)
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt --constraint requirements.txt

bench: $(READY) ## Measure against the floor of bare resources
	$(BIN)/python -m benchmarks

pulumi:
	@command -v pulumi >/dev/null || { \
		echo "The Pulumi CLI is needed for this: https://www.pulumi.com/docs/install/"; \
		echo "Until it is there, 'make sandbox STACK=$(STACK)' makes the same resources in an embedded AWS."; \
		exit 1; }

preview: pulumi $(READY) ## Show what `make up` would change in AWS
	pulumi preview --stack $(STACK)

up: pulumi $(READY) ## Make the stack STACK in AWS
	pulumi up --stack $(STACK)

destroy: pulumi $(READY) ## Remove the stack STACK from AWS
	pulumi destroy --stack $(STACK)

clean: ## Remove the virtual environment and all caches
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
