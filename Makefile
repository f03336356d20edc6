# Two commands: `make run` and `make test`. Each does all of its own set-up in .venv, needs
# Python 3.11 or later and nothing else, and is quick from the second time on.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
VPYTHON := $(VENV)/bin/python
ARGS ?=

# Named after what the locks hold, so that a changed lock is installed and an old one is not
# taken for it. The development lock holds everything of the other one as well.
fingerprint = $(shell sha256sum $(1) | cut -c 1-16)
RUNTIME := $(VENV)/runtime-$(call fingerprint,requirements.lock)
DEVELOPMENT := $(VENV)/development-$(call fingerprint,requirements-dev.lock)
LOAD := $(VENV)/load-$(call fingerprint,requirements-load.lock)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
INSTALL = $(VPYTHON) -m pip install --quiet --quiet --require-hashes --only-binary :all:

.PHONY: help run test test-mass lint format bench faults load lock messages
.DEFAULT_GOAL := help

help:
	@echo "make run       install, prepare the data and serve the site with its demo world"
	@echo "make test      install and run all tests          (ARGS='tests/learners -x')"
	@echo "make lint      everything that is asked of the code before it is shared"
	@echo "make format    mend what a machine can mend"
	@echo "make bench     what things cost, as ratios of one run"
	@echo "make test-mass 1,000 papers, the worker killed at number 431"
	@echo "make faults    kill real processes, then see what holds (needs postgresql, redis-server)"
	@echo "make load      a day of many learners squeezed into minutes (the same)"
	@echo "make lock      compile the locks anew from pyproject.toml"
	@echo "make messages  collect and compile translations   (needs gettext)"

run: $(RUNTIME)
	@exec $(VPYTHON) manage.py run_site $(ARGS)

test: $(DEVELOPMENT)
	@$(VPYTHON) -m pytest -n auto --dist worksteal $(ARGS)

test-mass: $(DEVELOPMENT)
	@MASS_PAPERS=1000 $(VPYTHON) -m pytest tests/certificates/test_mass.py $(ARGS)

lint: export DJANGO_SETTINGS_MODULE = tests.settings
lint: $(DEVELOPMENT)
	$(VPYTHON) -m ruff check .
	$(VPYTHON) -m ruff format --check .
	$(VPYTHON) -m mypy
	$(VPYTHON) -c "from importlinter import cli; raise SystemExit(cli.lint_imports())"
	$(VPYTHON) -m djlint --quiet --lint templates
	$(VPYTHON) manage.py makemigrations --check --dry-run
	@command -v msgfmt >/dev/null || { echo "msgfmt is missing: apt-get install gettext"; exit 1; }
	@find locale -name '*.po' -print0 | while IFS= read -r -d '' catalogue; do \
		msgfmt --check --output-file=/dev/null "$$catalogue" || exit 1; done

format: $(DEVELOPMENT)
	$(VPYTHON) -m ruff check --fix .
	$(VPYTHON) -m ruff format .

bench: $(DEVELOPMENT)
	@$(VPYTHON) -m tests.bench $(ARGS)

faults: $(DEVELOPMENT)
	@$(VPYTHON) -m tests.faults $(ARGS)

load: $(LOAD)
	@$(VPYTHON) -m tests.load $(ARGS)

# uv resolves for every platform at once; docs/decisions/0002-two-commands.md says why it
# does nothing else here.
lock:
	set -e; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/python" -m pip install --quiet uv; \
	compile() { "$$tools/bin/python" -m uv pip compile --system-certs --quiet --universal \
		--python-version 3.11 --generate-hashes --only-binary :all: --no-header \
		pyproject.toml "$$@"; }; \
	compile --output-file requirements.lock; \
	compile --group dev --constraints requirements.lock --output-file requirements-dev.lock; \
	compile --extra s3 --constraints requirements-dev.lock --output-file requirements-s3.lock; \
	compile --group dev --group load --constraints requirements-dev.lock \
		--output-file requirements-load.lock

messages: $(DEVELOPMENT)
	@command -v msgfmt >/dev/null || { echo "gettext is missing: apt-get install gettext"; exit 1; }
	$(VPYTHON) manage.py makemessages --locale vi --add-location file --no-wrap \
		--ignore .venv --ignore .cache --ignore var --ignore tests
	$(VPYTHON) manage.py compilemessages --ignore .venv

$(RUNTIME): | environment
	@echo "Installing what the site needs (about a minute) ..."
	@$(INSTALL) --requirement requirements.lock
	@rm -f $(VENV)/runtime-*; touch $@

$(DEVELOPMENT): | environment
	@echo "Installing what tests need (about two minutes) ..."
	@$(INSTALL) --requirement requirements-dev.lock
	@rm -f $(VENV)/development-* $(VENV)/runtime-*; touch $@ $(RUNTIME)

$(LOAD): | $(DEVELOPMENT)
	@$(INSTALL) --requirement requirements-load.lock
	@rm -f $(VENV)/load-*; touch $@

.PHONY: environment
environment:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or later is needed; name it with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv is missing: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
