# `make help` lists the targets. The first one that needs it makes `.venv` with everything pinned.
PYTHON ?= python3
STACK ?= dev
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help sandbox rehearse test format-check lint types unit format docs bench preview up destroy clean pulumi

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

$(READY): requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

sandbox: $(READY) ## Make the stack STACK (default dev) in an embedded AWS; needs no account
	@$(BIN)/python -m sandbox --stack $(STACK)

rehearse: $(READY) ## Run one build of the stack STACK here, on a sample repository; ARGS= as in docs/rehearsal.md
	@$(BIN)/python -m rehearsal --stack $(STACK) $(ARGS)

test: format-check lint types unit ## Check everything: format, lint, types, tests

format-check: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

unit: $(READY)
	$(BIN)/pytest -n auto

format: $(READY) ## Format the code, and mend what the linter can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

docs: $(READY) ## Generate the configuration tables and the JSON Schema again
	$(BIN)/python -m docs.generate

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
