# Koinonia's commands. `make` alone prints them; each works on a machine with Python 3.11+ only.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ARGS   ?=
WORKERS ?= 2

PACKAGES := $(wildcard libs/*) $(wildcard services/*)
DEVKIT   := libs/devkit
CLIENT   := clients/typescript
MODULES  := $(CLIENT)/node_modules/.ready
WEB      := web
WEB_MODULES := $(WEB)/node_modules/.ready
PAGES    := $(WEB)/dist/.built
WITH_NODE := PATH="$(abspath $(BIN)):$$PATH"

.DEFAULT_GOAL := help
.PHONY: help icons pages web web-lock demo up down status logs migrate test check lint style types format bench break soak lock client client-lock events-doc schema-doc openapi env clean

help: ## Print these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY) ## Start everything, let a demo church text 500 people, check the sums
	@$(PAGES_IF_THEY_CAN_BE_BUILT)
	@$(BIN)/python -m koinonia.devkit demo $(ARGS)

up: $(READY) ## Start servers and services in the background, wait until they are ready
	@$(PAGES_IF_THEY_CAN_BE_BUILT)
	@$(BIN)/python -m koinonia.devkit up $(ARGS)

down: $(READY) ## Stop what `up` started and leave nothing behind
	@$(BIN)/python -m koinonia.devkit down $(ARGS)

status: $(READY) ## Show what runs where
	@$(BIN)/python -m koinonia.devkit status $(ARGS)

logs: $(READY) ## Follow the logs of all services (ARGS="messaging billing" for some)
	@$(BIN)/python -m koinonia.devkit logs $(ARGS)

migrate: $(READY) ## Bring every schema and queue of the running system to the present state
	@$(BIN)/python -m koinonia.devkit migrate $(ARGS)

# A part of the suite runs in one process: workers would take longer to begin than they save.
test: $(READY) $(MODULES) $(PAGES) ## Run the whole suite on real PostgreSQL, RabbitMQ and Redis (ARGS="services/billing" a part)
	@$(BIN)/pytest $(or $(ARGS),-n $(WORKERS))

break: $(READY) $(PAGES) ## Kill each process and server in the middle of broadcasts and storms (half an hour)
	@$(BIN)/pytest tests/breaking $(ARGS)

check: style types ## What lint does, and every test that needs no server, in two minutes
	@$(BIN)/pytest -q --pure -n $(WORKERS)

lint: style types ## Style, types, import contracts, architecture, manifests
	@$(BIN)/pytest -q tests/architecture

style: $(READY) $(MODULES) $(WEB_MODULES)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m koinonia.devkit docs --check
	@cd $(WEB) && $(WITH_NODE) npm run --silent lint

types: $(READY) $(MODULES) $(WEB_MODULES) ## Strict mypy over all packages and the benchmark, strict tsc over the client and the pages
	@$(BIN)/mypy libs/*/src services/*/src tests/load
	@$(BIN)/node $(CLIENT)/node_modules/typescript/bin/tsc -p $(CLIENT)
	@cd $(WEB) && $(WITH_NODE) npm run --silent types

format: $(READY) ## Put the code into its form
	@$(BIN)/ruff check --fix -q
	@$(BIN)/ruff format
	@[ ! -f $(WEB_MODULES) ] || (cd $(WEB) && $(WITH_NODE) npm run --silent format)

soak: $(READY) ## Hostile carriers and made-up requests, as long as you like (ARGS="contract --minutes N --seed S" or "carrier --seeds N --start K")
	@$(BIN)/python -m tests.soak $(ARGS)

screenshots: $(READY) ## Take the pictures of the README, from the church of `make demo`
	@$(BIN)/python -m tests.web.screenshots

icons: $(READY) ## Draw the icons of the pages as an app, from web/public/icon.svg
	@$(BIN)/python -m tests.web.icons

bench: $(READY) ## Measure the main paths, each beside a floor of the same run
	@$(BIN)/python -m tests.load $(ARGS)

events-doc: $(READY) ## Write docs/events.md and docs/asyncapi.json from the event classes
	@$(BIN)/python -m koinonia.devkit docs

schema-doc: $(READY) ## Write docs/schema.md from a database that is migrated for it
	@$(BIN)/python -m koinonia.devkit schema-doc

openapi: $(MODULES) events-doc ## Write the gateway's openapi.json from the routes, and the client's types from it

env: $(READY) ## Write .env, the secrets of docker-compose.yml, unless there is one
	@$(BIN)/python -m koinonia.devkit env

# What runs in production, and what developers need besides: images install the first alone.
lock: ## Resolve all dependencies again, with hashes (needs uv)
	@uv pip compile $(addsuffix /pyproject.toml,$(filter-out $(DEVKIT),$(PACKAGES))) $(LOCK_FLAGS) \
		-o requirements.lock
	@uv pip compile $(DEVKIT)/pyproject.toml --group dev -c requirements.lock $(LOCK_FLAGS) \
		$$(sed -nE 's/^([a-z0-9-]+)==.*/--no-emit-package \1/p' requirements.lock) \
		-o requirements-dev.lock

client: $(MODULES) ## Install what the TypeScript client needs, once

client-lock: $(READY) ## Resolve the packages of the TypeScript client again
	@cd $(CLIENT) && rm -rf node_modules package-lock.json && $(abspath $(BIN))/npm install --loglevel=error
	@touch $(MODULES)

pages: $(PAGES) ## Build the pages, which the gateway serves

web: $(WEB_MODULES) ## Serve the pages as they are written, with the running system behind them (make up)
	@cd $(WEB) && $(WITH_NODE) npm run --silent dev

web-lock: $(READY) ## Resolve the packages of the pages again
	@cd $(WEB) && rm -rf node_modules package-lock.json && $(WITH_NODE) npm install --loglevel=error
	@touch $(WEB_MODULES)

clean: ## Remove the virtual environment, caches and everything `up` left
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m koinonia.devkit down || true; fi
	@rm -rf $(VENV) $(CLIENT)/node_modules $(WEB)/node_modules $(WEB)/dist .run .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q \
	--no-emit-package koinonia-common --no-emit-package koinonia-carriers \
	--no-emit-package koinonia-media --no-emit-package koinonia-mail

# The stamp is of the lock alone: a new virtual environment brings the same Node.
$(MODULES): $(CLIENT)/package-lock.json $(CLIENT)/package.json $(CLIENT)/.npmrc | $(READY)
	@echo "Installing the locked packages of the TypeScript client into $(CLIENT)/node_modules (once) ..."
	@cd $(CLIENT) && $(abspath $(BIN))/npm ci --loglevel=error || \
		{ echo "The packages of the TypeScript client cannot be installed: is the npm registry within reach? Then: make client"; exit 1; }
	@touch $@

$(WEB_MODULES): $(WEB)/package-lock.json $(WEB)/package.json $(WEB)/.npmrc | $(READY)
	@echo "Installing the locked packages of the pages into $(WEB)/node_modules (once) ..."
	@cd $(WEB) && $(WITH_NODE) npm ci --loglevel=error --no-progress || \
		{ echo "There are no new pages, since their packages cannot be installed: is the npm registry within reach? Then: make pages"; exit 1; }
	@touch $@

$(PAGES): $(WEB_MODULES) $(wildcard $(WEB)/*.html $(WEB)/*.ts $(WEB)/*.json) \
		$(shell find $(WEB)/src $(WEB)/build $(WEB)/public $(CLIENT)/src -type f 2>/dev/null)
	@echo "Building the pages into $(WEB)/dist ..."
	@cd $(WEB) && $(WITH_NODE) npm run --silent build -- --logLevel warn || \
		{ echo "There are no new pages, since building them failed as said above. Then: make pages"; exit 1; }
	@touch $@

# Who has no registry has everything else; why there are no pages was said.
PAGES_IF_THEY_CAN_BE_BUILT = $(MAKE) --no-print-directory $(PAGES) || true

# The virtual environment is made anew whenever a lock or a package's declaration changes.
$(READY): requirements.lock requirements-dev.lock pyproject.toml $(addsuffix /pyproject.toml,$(PACKAGES))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Koinonia needs Python 3.11 or newer; $(PYTHON) is older. Name one: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Installing the locked dependencies into $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-input --require-hashes \
		-r requirements.lock -r requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-input --no-deps \
		--no-build-isolation $(addprefix -e ,$(PACKAGES))
	@touch $@
