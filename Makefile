# make run    set everything up and serve the dashboard on this machine
# make setup  set .venv up and no more
# make test   set everything up, Debian's PostgreSQL and Chromium included, and run every test
# make quick  under a minute: style, rooms, rules, files, figures and pages of small tables; see QUICK
# make soak   the same tests with all their repetitions
# make bench  the benchmarks, and one table; RTT_BENCH_TODAY=CHECKOUT of an earlier build to compare with it
# make bench-lake  a lake at growing sizes, beside DuckDB and on a Spark cluster of this machine
# make pictures  pictures of every page in both widths and themes, to look at, and those of the documents
# make lock   write the lock files anew from pyproject.toml

SHELL := /bin/sh
BIN := .venv/bin
# The environment is complete when this file exists. Its name changes with the lock file, the project's
# settings and the place of the checkout, so any of these sets the environment up again.
READY := .venv/ready-$(shell { cat requirements.lock pyproject.toml; pwd; } | sha256sum | cut -c 1-16)
SUITABLE := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))

# Left out of `make quick`: what needs a server, a browser, PostgreSQL, the sample or the published files (marked by
# the fixtures that a test asks for); what takes long (types, simulations, back-tests, forecasts on pages); loading,
# store, packs, mail, screens, commands, access and disclosure on pages, which start from a loaded database.
QUICK := tests/test_project.py tests/spec tests/rtt tests/ingest/files tests/ingest/extracts/monthly \
    tests/ingest/extracts/published $(addprefix tests/ingest/extracts/ptl/test_,ptl_open_list.py ptl_week.py tokens.py) \
    tests/dashboard/figures tests/dashboard/scope tests/dashboard/layouts tests/dashboard/test_filters.py
LONG := tests/rtt/forecast/weekly tests/ingest/extracts/monthly/test_national_rtt.py \
    $(addprefix tests/rtt/forecast/monthly/test_,sums_of_cells.py commissioned_levels.py backtest.py) \
    $(addprefix tests/dashboard/layouts/test_,forecast_pages.py breaches_list_score.py)
QUICKLY := not (browser or postgresql or equipped or slow or soak)

.PHONY: run setup test quick soak bench bench-lake pictures lock

run: $(READY)
	@RTT_ACCESS=single-user exec $(BIN)/rtt serve --demo-if-empty

setup: $(READY)

test: $(READY)
	@exec sh tests/run.sh

quick: $(READY)
	@exec $(BIN)/python -m pytest -q -m "$(QUICKLY)" $(QUICK) $(addprefix --ignore ,$(LONG))

soak: $(READY)
	@RTT_SOAK=1 exec sh tests/run.sh

bench: $(READY)
	@exec $(BIN)/python -m benchmarks

# DuckDB is no part of the environment: it lies beside it, with the programs that tests of the lake use.
bench-lake: $(READY)
	@PYTHONPATH="$$($(BIN)/python -m tests.lake_programs)" exec $(BIN)/python -m benchmarks.lake

pictures: $(READY)
	@exec $(BIN)/python -m tests.pictures

# The checkout may have been moved since .venv was made: its programs name the place where it lay then.
$(READY):
	@for python in python3 /usr/bin/python3 python3.13 python3.12 python3.11 none; do \
	    "$$python" -c '$(SUITABLE)' 2>/dev/null && break; done; \
	if [ "$$python" = none ]; then \
	    echo "Python 3.11 or later with venv is needed: apt install make python3-venv" >&2; exit 1; fi; \
	grep -qsF "$(CURDIR)/.venv/bin/python" $(BIN)/pip && $(BIN)/python -c '$(SUITABLE)' 2>/dev/null || \
	    { echo "Setting up .venv"; "$$python" -m venv --clear .venv; }
	@echo "Installing the packages of requirements.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
	    --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f .venv/ready-* && touch $@

# Locks for Python 3.11 and later on any processor; setuptools is there to install the project itself. What is
# installed beside the environment has a lock of its own, without what the environment has.
LOCKED := var/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
    --generate-hashes --no-header --no-annotate --no-config --upgrade
BESIDE = --constraint requirements.lock $$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.lock)

lock:
	@python3 -m venv var/lock && var/lock/bin/pip install --quiet --disable-pip-version-check uv
	@echo 'setuptools>=77' | $(LOCKED) --extra test --output-file requirements.lock pyproject.toml -
	@$(LOCKED) --extra spark $(BESIDE) --output-file requirements-spark.lock pyproject.toml
	@$(LOCKED) --extra lake-test $(BESIDE) --output-file tests/requirements-lake.lock pyproject.toml
