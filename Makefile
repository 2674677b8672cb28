# `make help` lists the targets. The first one that needs it makes `.venv` with everything pinned.
PYTHON ?= python3
STACK ?= dev
ARGS ?=
SEED ?= 0
BIN := .venv/bin
READY := .venv/.ready
# Universal: one lock for every system and every Python from 3.11 on.
UV := uv==0.13.9
COMPILE := .cache/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock"

# Recipes take these two from the environment, word for word: written into a recipe, the text of `STACK='x; ...'` or
# `STACK='$(shell ...)'` would be run.
override STACK := $(value STACK)
override ARGS := $(value ARGS)
export STACK ARGS

.DEFAULT_GOAL := help
.PHONY: help sandbox rehearse pulumi preview up destroy test format-check lint types unit fuzz format docs lock bench clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@echo
	@echo "  STACK=prod             the stack of Pulumi.prod.yaml (default: dev)"
	@echo "  ARGS='--yes --diff'    further arguments, separated by spaces; without a terminal, 'make up' needs --yes"
	@echo "  PYTHON=python3.12      the Python that creates .venv (default: python3)"

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

sandbox: $(READY) ## Create the stack STACK in an in-memory AWS account
	@$(BIN)/python -m sandbox --stack="$$STACK"

rehearse: $(READY) ## Run one build of the stack STACK on a small sample repository; takes ARGS
	@set -f; $(BIN)/python -m rehearsal --stack="$$STACK" $$ARGS

pulumi: ## Check that the Pulumi CLI is installed
	@command -v pulumi >/dev/null || { \
		echo "The Pulumi CLI is needed for this: https://www.pulumi.com/docs/install/"; \
		echo "Without it, 'make sandbox' creates the same resources in an in-memory AWS account."; \
		exit 1; }

# `set -f`: ARGS is split into words, and a `*` in it stays what it is.
preview: pulumi $(READY) ## Show what `make up` would change in AWS; takes ARGS
	@set -f; pulumi preview --stack="$$STACK" $$ARGS

up: pulumi $(READY) ## Create or update the stack STACK in AWS; takes ARGS
	@set -f; pulumi up --stack="$$STACK" $$ARGS

destroy: pulumi $(READY) ## Delete the resources of the stack STACK from AWS; takes ARGS
	@set -f; pulumi destroy --stack="$$STACK" $$ARGS

test: format-check lint types unit ## Check formatting, lint and types, and run all tests

format-check: $(READY) ## Check the formatting without changing anything
	$(BIN)/ruff format --check .

lint: $(READY) ## Check the code with the linter
	$(BIN)/ruff check .

types: $(READY) ## Check the types
	$(BIN)/mypy

unit: $(READY) ## Run all tests in parallel
	$(BIN)/pytest -n auto --dist worksteal

fuzz: $(READY) ## Try 10,000 hostile stack files; SEED=n chooses others
	$(BIN)/python -m tests.fuzz --seed $(SEED)

format: $(READY) ## Format the code, and fix what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(READY) ## Generate the tables, the policies in docs/ and the JSON Schemas
	$(BIN)/python -m docs.generate

lock: ## Write requirements.txt and requirements-dev.txt, with hashes
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet --disable-pip-version-check $(UV)
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt --constraint requirements.txt

bench: $(READY) ## Measure time and memory, compared with bare resources
	$(BIN)/python -m benchmarks

clean: ## Delete the virtual environment and all caches
	rm -rf .venv .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache
