# Two commands matter: make demo, and make test. Both set up .venv first, if it is not there.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench bench-peers requirements clean
MAKEFLAGS += --no-print-directory

# make setup PYTHON=/path/to/python3.12; left out, the newest fit one on the path is taken.
PYTHON ?=
export PYTHON
SETUP := @sh tools/setup.sh
BROWSER := @sh tools/browser.sh

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s%s\n", $$1, $$2 }' Makefile

setup: ## .venv with the command .venv/bin/loopbaan
	$(SETUP) run

demo: ## everything at work on an invented year; SERVE=0 does not serve, FRESH=1 fills anew
	$(SETUP) run
	@.venv/bin/loopbaan demo $(strip $(if $(filter 0,$(SERVE)),--no-serve) $(if $(filter 1,$(FRESH)),--fresh))

test: ## the tests (as root it installs Chromium, once); ARGS="-k ordering" chooses among them
	$(SETUP) dev
	$(BROWSER)
	@.venv/bin/python -m pytest $(ARGS)

check: ## format, lint, types, imports and tests, each timed
	$(SETUP) dev
	$(BROWSER)
	@.venv/bin/python tools/check.py

bench: ## the measured figures, also written to build/bench.json
	$(SETUP) dev
	@.venv/bin/python -m bench

bench-peers: ## two other engines beside us on one rule, also added to build/bench-peers.json
	$(SETUP) dev
	@sh tools/peers.sh
	@.venv/bin/python -m bench.peers

requirements: ## pin the newest releases in requirements/ again
	@sh tools/requirements.sh

clean: ## take away what was made here, .venv included
	@rm -rf .venv .venv-peers .demo .lab build dist .hypothesis .*_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
