# One command each; `make` alone lists them. Everything goes into .venv, nothing needs root.
.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PLAYER := web/player

# A Python that can simulate comes first: PyBullet has wheels for CPython up to 3.11 on Linux x86-64.
PYTHON ?= $(shell for p in python3.11 python3.10 python3 python; do \
	if $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then echo $$p; break; fi; done)

.PHONY: help demo test quick lint format bundle bundle-check bench recording pictures constraints clean

help:
	@echo 'make demo          set up, then one battery swap in your browser'
	@echo 'make test          every test, on all cores; those with a browser when a Chromium is there'
	@echo 'make quick         the tests that take no time, under two minutes'
	@echo 'make lint          style, types, and which room imports which'
	@echo 'make format        put the style right'
	@echo 'make bench         the numbers, side by side'
	@echo 'make recording     simulate the shipped recording again'
	@echo 'make pictures      draw the pictures of the documentation again (needs a Chromium)'
	@echo 'make bundle        build the page'"'"'s player again (needs node)'
	@echo 'make bundle-check  the committed player is what its sources give (needs node)'
	@echo 'make constraints   find newer versions and pin them (needs python3.10 and python3.11)'

$(READY): pyproject.toml constraints.txt
	@if [ -z "$(PYTHON)" ]; then \
	  echo 'SwapTwin needs Python 3.10 or newer with its venv module (on Debian or Ubuntu: apt install python3-venv).'; exit 1; fi
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sim,dev]'
	@$(BIN)/python -c 'import pybullet' 2>/dev/null || echo \
	  'Simulating needs PyBullet: Linux x86-64 with Python 3.10 or 3.11. Viewing, replaying and info work without it.'
	@touch $@

demo: $(READY)
	@if $(BIN)/python -c 'import pybullet' 2>/dev/null; then $(BIN)/swaptwin view nominal_swap; else $(BIN)/swaptwin view; fi

# On all cores, a file by one of them: its tests share what they make. A browser without a graphics card draws with all
# of them by itself, so those tests come one after another.
PYTEST := $(BIN)/python -m pytest
ON_ALL_CORES := -n logical --dist loadfile

test: $(READY)
	$(PYTEST) $(ON_ALL_CORES) -m 'not browser'
	$(PYTEST) -m browser

quick: $(READY)
	$(PYTEST) $(ON_ALL_CORES) -m 'not slow and not browser'

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[sim,dev,bench]'
	$(BIN)/python -m benchmarks

recording: $(READY)
	@mkdir -p assets/recordings
	$(BIN)/swaptwin run nominal_swap --out assets/recordings/nominal_swap.mcap

pictures: $(READY)
	$(BIN)/python tools/station_plan.py
	$(BIN)/python tools/screenshots.py

bundle:
	cd $(PLAYER) && npm ci --no-fund --no-audit && npm run build

bundle-check:
	cd $(PLAYER) && npm ci --no-fund --no-audit && npm test && npm run check

constraints: $(READY)
	$(BIN)/python tools/pin_versions.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
