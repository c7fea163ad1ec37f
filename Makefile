# Everything runs in .venv in this checkout; nothing is installed outside it.

PAIRS   ?= 88
WORKERS ?= 2
OUT     ?= results/devon

ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif

# The Python to make .venv with: the first of these that runs and is 3.11 or later.
PYTHON ?= python3 python3.13 python3.12 python3.11 python
STAMP  := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help .venv devon test fast coverage equality edges councils kill recovery lint format docs bench backtest clean

help:
	@echo "make .venv    set up the environment in .venv"
	@echo "make devon    run the Devon comparison (PAIRS=$(PAIRS) WORKERS=$(WORKERS) OUT=$(OUT))"
	@echo "make test     lint, type-check, hold the coverage and run every test"
	@echo "make fast     run the fast tests only"
	@echo "make coverage hold that tests reach 95 % of the lines of stories and actions"
	@echo "make equality hold the two engines together on the complete grid"
	@echo "make edges    try every published council, generated ones and hostile files"
	@echo "make councils make, check and run every council of 2021 (COUNCILS=\"--year 2019\": others)"
	@echo "make kill     kill each shipped sweep twenty times, and resume it (KILL=\"--pairs 4\": less)"
	@echo "make recovery simulate tables with known numbers and read them back (some minutes)"
	@echo "make lint     ruff check, ruff format --check and mypy"
	@echo "make format   put the code into the project's format"
	@echo "make docs     build the pages in docs/, with the code's reference, into build/docs"
	@echo "make bench    measure the speed of both engines, and whole studies"
	@echo "make backtest write docs/backtest_*.md anew, and score all councils (results/backtest)"
	@echo "make clean    remove .venv, caches and build products (results/ is kept)"

.venv: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
		for python in $(PYTHON); do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				echo "Setting up .venv with $$("$$python" --version)"; \
				exec "$$python" -m venv .venv; \
			fi; \
		done; \
		echo "Python 3.11 or later is needed; name one with: make PYTHON=..." >&2; \
		exit 1; \
	fi
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		-c constraints.txt -e ".[dev]"
	@touch $@

devon: $(STAMP)
	$(BIN)/caseholder compare devon_2021 devon_package_48_fte devon_package_mostly_support \
		devon_package_mostly_social_workers --replications $(PAIRS) --hiring-pairs 12 --demand-pairs 8 --seed 2021 \
		--workers $(WORKERS) --out $(OUT)

test: lint coverage
	$(BIN)/python -m pytest -n 2 --dist loadfile

fast: $(STAMP)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m fast

# Compiled code is not traced: these tests run the same text as Python, with SimPy, at three times
# their usual time. So only some are asked.
COVERING := $(addprefix tests/behaviour/test_,absence.py conservation.py dated_rules.py \
	pipeline_measures.py posts_that_end.py reaction.py) tests/theory/test_agency_levels.py

coverage: $(STAMP)
	$(BIN)/python -m pytest $(COVERING) -n 2 --dist loadfile -m fast --cov-fail-under=95 \
		--cov=sim.engine.stories --cov=sim.engine.actions --cov-report=term-missing:skip-covered

equality: export TWIN_GRID := complete
equality: $(STAMP)
	$(BIN)/python -m pytest tests/twin -n 2 --dist loadfile

edges: export EDGES := complete
edges: $(STAMP)
	$(BIN)/python -m pytest tests/edges -n 2 --dist loadfile

councils: $(STAMP)
	$(BIN)/python -m tests.edges.every_council --workers $(WORKERS) $(COUNCILS)

kill: $(STAMP)
	$(BIN)/python -m tests.kill $(KILL)

recovery: $(STAMP)
	$(BIN)/python -m tests.recovery
	$(BIN)/python -m tests.recovery.elasticity

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: .venv/.docs
	$(BIN)/python -m mkdocs build --strict --config-file docs/site/mkdocs.yml
	@echo "build/docs/index.html"

.venv/.docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		-c constraints.txt -e ".[docs]"
	@touch $@

bench: $(STAMP)
	$(BIN)/python -m tests.bench

backtest: $(STAMP)
	$(BIN)/python -m tests.backtest.devon
	$(BIN)/python -m tests.backtest.herefordshire
	$(BIN)/python -m tests.backtest.devon_cases
	$(BIN)/caseholder backtest --start 2018 --until 2021 --workers $(WORKERS) \
		--out results/backtest --resume

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find sim tests -type d -name __pycache__ -prune -exec rm -rf {} +
