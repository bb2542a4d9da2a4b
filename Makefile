# The whole manual. CI calls the same targets; `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export PYTHON ?=

ENV ?= dev
BIN := .venv/bin
AGENTIC := $(BIN)/agentic

.PHONY: help setup engine promtool relay-proxy examples api-server up down plan test rehearse check lint types layers workflows docs-check golden bench docs lock pins clean

help: ## list the targets
	@echo "agentic-platform: make TARGET [ENV=dev|staging|prod]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## make the environment (.venv) from the hashed lock; nothing else
	@"$$(scripts/find-python)" scripts/setup.py

engine: setup ## find the Pulumi engine, or install or build it once (5 to 10 minutes where it has to be built)
	@$(BIN)/python scripts/engine.py

up: setup ## stand the stack up in the local sandbox on the real engine, and prove it
	@$(AGENTIC) sandbox up $(ENV) --prove

down: setup ## destroy the sandbox stack and show that nothing is left
	@$(AGENTIC) sandbox destroy $(ENV)

plan: setup ## what the stack would be: no engine, no account, seconds
	@$(AGENTIC) plan $(ENV)

promtool: setup ## find promtool, or build it once (1 to 4 minutes where it has to be built)
	@$(BIN)/python scripts/promtool.py

relay-proxy: setup ## LiteLLM's own proxy in an environment apart, for the tests that run the relay inside it
	@$(BIN)/python scripts/relay_proxy.py

examples: setup ## make the environments of examples, for the tests that run them
	@$(BIN)/python scripts/examples.py rag $(if $(CI),,--optional)

test: check promtool relay-proxy examples ## lint, types, layers, then every tier that needs no build beyond the engine
	@AGENTIC_LITE_TESTS=$(if $(CI),required) $(BIN)/python -m pytest -n 2 --dist loadfile -m "not apiserver"

api-server: setup ## find the programs of a Kubernetes API server, or build them once (5 to 10 minutes on two cores)
	@$(BIN)/python scripts/api_server.py

rehearse: api-server engine ## every stack before a real API server, which first proves that it refuses what it should
	@AGENTIC_API_SERVER_TESTS=required $(BIN)/python -m pytest -n 2 --dist loadfile -m apiserver
	@$(AGENTIC) rehearse dev staging prod --require-schemas

check: setup lint types layers workflows docs-check ## lint, types, import layers, workflows, generated pages

lint: setup
	@echo "lint"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: setup
	@echo "types"
	@$(BIN)/basedpyright --warnings

layers: setup
	@echo "layers"
	@mkdir -p .cache
	@$(BIN)/lint-imports --no-logo > .cache/layers.log 2>&1 || { cat .cache/layers.log; exit 1; }

workflows: setup
	@echo "workflows"
	@$(BIN)/zizmor --quiet --offline --no-progress --persona=pedantic .github

docs-check: setup
	@echo "generated pages"
	@$(AGENTIC) docs --check

golden: setup ## rewrite snapshots; the diff shows what changed
	@$(BIN)/python -m pytest -q --snapshot-update $$(grep -rl --include='test_*.py' 'snapshot: ' tests)

bench: setup ## capture time and memory against the SDK's own floor
	@$(AGENTIC) bench

docs: setup ## rewrite the generated reference pages and diagrams
	@$(AGENTIC) docs

lock: setup ## renew the hashed locks from requirements*.in and tools/*.in
	@for name in requirements requirements-dev tools/uv tools/relay; do \
	  echo "lock $$name.txt"; \
	  $(BIN)/uv pip compile --quiet --system-certs --universal --python-version 3.11 --generate-hashes --no-header \
	    $(LOCK_FLAGS) "$$name.in" -o "$$name.txt"; \
	done

pins: setup ## fill in image digests where registries can be reached
	@$(AGENTIC) pins
	@$(BIN)/ruff format --quiet components/charts/images.py

clean: ## remove the environment and everything derived; sandbox state stays
	@rm -rf .venv .cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist ./*.egg-info
	@find . -name __pycache__ -type d -not -path './.sandbox/*' -prune -exec rm -rf {} +
