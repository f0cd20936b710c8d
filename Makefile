# make rehearse  play every scenario against the embedded stage    make up        start the stage and keep it
# make test      lint, types, laws and the quick tests             make test-all  the same, and the slow rest
# make bench     measure, beside WireMock, Prism and Mockoon (needs node and java); rewrites docs/benchmarks.md
# make bench-all the same, then a million fuzzed calls (20 minutes), the cost of --durable, and modules per call
# make dist      the wheel and its bill of materials (CycloneDX)  make lock      requirements.lock anew (needs uv)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: rehearse test test-rest test-all wiremock bench bench-all dist lock up clean

rehearse: $(VENV)/.ready
	$(BIN)/generalproeve test embedded: --out rehearsal

up: $(VENV)/.ready
	$(BIN)/generalproeve up

test: $(VENV)/.ready wiremock
	$(BIN)/python tools/check.py

test-rest: $(VENV)/.ready wiremock
	$(BIN)/python tools/check.py --rest

test-all: test test-rest

wiremock:  # an independent receiver for the tests; they are skipped, and say so, where it is missing
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory node_modules/.ready || echo "WireMock could not be installed: its tests are skipped"; \
	else echo "npm is missing: the tests with WireMock are skipped"; fi

bench: $(VENV)/.ready node_modules/.ready benchmarks/npm/node_modules/.ready
	$(BIN)/python benchmarks/bench.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/in_process.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/peak.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/batch.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/reads_during_batch.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/messages.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/suite.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/load.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/overload.py --write docs/benchmarks.md

bench-all: bench
	$(BIN)/python benchmarks/fuzz.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/durable.py
	$(BIN)/python benchmarks/trace_modules.py

$(VENV)/.ready: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

node_modules/.ready: package.json package-lock.json
	npm ci --no-audit --no-fund --silent
	touch $@

benchmarks/npm/node_modules/.ready: benchmarks/npm/package.json benchmarks/npm/package-lock.json
	cd benchmarks/npm && npm ci --no-audit --no-fund --silent || echo "Prism and Mockoon could not be installed: they are left out"
	mkdir -p $(@D) && touch $@

dist: $(VENV)/.ready
	$(BIN)/python tools/dist.py

lock:  # within the limits of pyproject.toml; new versions only where UPGRADE=--upgrade is given
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-annotate --no-header --quiet $(UPGRADE) --output-file requirements.lock

clean:
	rm -rf $(VENV) node_modules benchmarks/npm/node_modules rehearsal
