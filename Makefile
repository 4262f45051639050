# Two commands on a fresh machine with only python3 (+venv), make and git: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export DO_NOT_TRACK := 1

.PHONY: demo test test-all vectors lint bench lock clean

demo: .venv/ready
	$(BIN)/samaran demo demo

test: lint vectors
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow"

test-all: lint vectors
	$(BIN)/pytest -n 2 --dist worksteal

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Vectors of other people's, for our opening path: fetched, checked by their digest in the test, not kept in the repository.
vectors: tests/vectors/cctv-age-0.2.0.tgz

tests/vectors/%.tgz:
	@mkdir -p tests/vectors
	@cd tests/vectors && { npm pack --silent "$$(echo $* | sed 's/-\([0-9.]*\)$$/@\1/')" >/dev/null 2>&1 && test -s $*.tgz; } \
	  || echo "SKIPPED: $* could not be fetched (npm and a network are needed); its tests are skipped."

bench: .venv/ready
	for table in benchmarks/*.py; do $(BIN)/python $$table || exit 1; done

# uv where it is, else pip; either way exactly what the lock says, which names every dependency of every dependency.
.venv/ready: requirements.lock pyproject.toml setup.py
	if command -v uv >/dev/null; then \
	  uv venv -q --clear --python $(PYTHON) .venv && uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(PYTHON) -m venv .venv && $(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
	  $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	touch $@

lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev --no-header --no-annotate pyproject.toml -o requirements.lock

clean:
	rm -rf .venv build dist *.egg-info
