# make rehearse  play every scene against the embedded stage      make test   lint, types, import laws, all tests
# make bench     measure, beside WireMock, Prism and Mockoon (needs node, java)      make up     start the stage and keep it
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: rehearse test wiremock bench up clean

rehearse: $(VENV)/.klar
	$(BIN)/generalproeve test embedded: --out rehearsal

up: $(VENV)/.klar
	$(BIN)/generalproeve up

test: $(VENV)/.klar wiremock
	$(BIN)/python tools/check.py

wiremock:  # a stranger as receiver in the tests; they are skipped, and say so, where it is missing
	@if command -v npm >/dev/null 2>&1; then $(MAKE) --no-print-directory node_modules/.klar || echo "WireMock could not be installed: its tests are skipped"; \
	else echo "npm is missing: the tests with WireMock are skipped"; fi

bench: $(VENV)/.klar node_modules/.klar benchmarks/npm/node_modules/.klar
	$(BIN)/python benchmarks/bench.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/i_proces.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/spids.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/batch.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/reads_during_batch.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/beskeder.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/suite.py --write docs/benchmarks.md
	$(BIN)/python benchmarks/belastning.py --write docs/benchmarks.md

$(VENV)/.klar: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[dev]'
	touch $@

node_modules/.klar: package.json package-lock.json
	npm ci --no-audit --no-fund --silent
	touch $@

benchmarks/npm/node_modules/.klar: benchmarks/npm/package.json benchmarks/npm/package-lock.json
	cd benchmarks/npm && npm ci --no-audit --no-fund --silent || echo "Prism and Mockoon could not be installed: they are left out"
	mkdir -p $(@D) && touch $@

clean:
	rm -rf $(VENV) node_modules benchmarks/npm/node_modules rehearsal
