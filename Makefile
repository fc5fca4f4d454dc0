# `make run` and `make test` need Python 3.11 or newer and package registries, nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
ARGS ?=

# Some images set it; without byte code every start takes four times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run stop test check-fast fmt lint types imports lock messages schema coverage fuzz mutate bench logs install install-dev
.DEFAULT_GOAL := help

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: install ## Start everything here and print its address (CRM_PORT, CRM_HOST); Ctrl-C stops it
	@$(BIN)/python -m crm.local.run

stop: install ## Stop servers and processes left behind
	@$(BIN)/python -m crm.local.stop

logs: ## Follow what web, worker and beat say
	@tail -n 20 -F $${CRM_DATA_DIR:-.data}/logs/*.log

test: install-dev ## Run every check and test; ARGS="tests/visits -k cadence" runs those tests only
	@$(BIN)/python -m crm.local.check --pytest='$(ARGS)'

check-fast: install-dev ## The same without browser tests
	@$(BIN)/python -m crm.local.check --fast --pytest='$(ARGS)'

fmt: install-dev ## Format the code and mend what the linter can
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lint: install-dev ## Check format and lint rules
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .

imports: install-dev ## Check who imports whom
	@$(BIN)/lint-imports

types: install-dev ## Check types
	@$(BIN)/python -m crm.local.check --only types

fuzz: install-dev ## Damage files at random for SECONDS (60) and read them
	@DJANGO_SETTINGS_MODULE=crm.settings DATABASE_URL=postgres:///none REDIS_URL=unix:///none $(BIN)/python -m tests.fuzz $(or $(SECONDS),60)

mutate: install-dev ## Change the scoping code in every small way: each change must be noticed
	@$(BIN)/python -m pytest -n0 tests/scoping

bench: install-dev ## Measure speed in a scratch database; ARGS are passed on
	@$(BIN)/python manage.py bench $(ARGS)

schema: install-dev ## Write docs/openapi.yaml from the code
	@$(BIN)/python manage.py spectacular --validate --file docs/openapi.yaml

coverage: install-dev ## Write docs/coverage.md: which tests hold which rule
	@$(BIN)/python -m tests.coverage_table

messages: install-dev ## Collect texts to translate into locale/ (needs GNU gettext)
	@$(BIN)/python manage.py makemessages --locale zh_Hans --no-location --no-wrap --no-obsolete \
		--ignore .venv --ignore .data --ignore frontend --ignore tests

lock: install-dev ## Pin every package after a change of requirements*.txt
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
		requirements.txt -o requirements.lock
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url \
		--constraint requirements.lock requirements-dev.txt -o requirements-dev.lock

install:
	@$(or $(PYTHON),$(error Python 3.11 or newer is needed)) crm/local/install.py run

install-dev:
	@$(or $(PYTHON),$(error Python 3.11 or newer is needed)) crm/local/install.py dev
