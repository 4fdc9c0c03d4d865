# Everything needed is installed by the targets themselves, into .venv; nothing but Python 3.11+, make and git is assumed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The build backend is a program, and is looked for where programs are.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test long interop fuzz postgres browser screenshots transcripts check format lint types walls bench bench-gates wheel ci lock clean

# The main job on a fresh machine: a simulated organisation, the REST door, and a tour through both.
run: $(VENV)/run.stamp
	$(BIN)/webex-connector demo $(if $(PORT),--port $(PORT))

# The tests that need nothing but Python, on every core. Those of the store run on PostgreSQL too, where a server is
# installed (Debian: make postgres).
test: $(VENV)/dev.stamp
	$(BIN)/pytest -m "not long" --numprocesses=auto --dist=worksteal --ignore=tests/browser --ignore=tests/interop

# Those that take seconds each: processes that are killed at every point, hundreds of fault schedules, the tools of others.
long: $(VENV)/dev.stamp
	$(BIN)/pytest -m long --numprocesses=auto --dist=worksteal --ignore=tests/browser --ignore=tests/interop

# The tests of the console in a real browser (Debian: chromium).
browser: $(VENV)/dev.stamp
	$(BIN)/pytest --numprocesses=auto --dist=worksteal tests/browser

# The pictures in docs/images, taken anew.
screenshots: $(VENV)/dev.stamp
	PYTHONPATH=tests $(BIN)/python docs/pages/screenshots.py docs/images

# The terminal sessions in docs/connect.md and docs/probe.md, run anew.
transcripts: $(VENV)/dev.stamp
	PYTHONPATH=tests $(BIN)/python docs/pages/transcripts.py docs/connect.md
	PYTHONPATH=tests $(BIN)/python docs/pages/probing.py docs/probe.md

# Real platforms, written in Java, against our servers. Maven fetches the frameworks that they are built on; without Maven
# the tests are skipped and say so, except on the build server.
interop: $(VENV)/dev.stamp
	INTEROP=1 $(BIN)/pytest -rs --numprocesses=auto --dist=loadfile tests/interop

# The decoder of the connector protocol under a fuzzer that watches the code, for a minute or as many SECONDS. Where the
# fuzzer cannot be installed this is skipped, and says so. Then the SCIM door, by new requests: 300 of each kind, or as many
# EXAMPLES; of its Schemas, and by schemathesis of its OpenAPI document.
fuzz: $(VENV)/dev.stamp
	@if $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt; \
	then PYTHONPATH=tests $(BIN)/python tests/fuzz/remote_decoder.py -max_total_time=$(or $(SECONDS),60); \
	else echo "skipped: the fuzzer cannot be installed here"; fi
	FUZZ_EXAMPLES=$(or $(EXAMPLES),300) $(BIN)/pytest tests/scenarios/test_scim_fuzz.py tests/conformance/test_scim_openapi.py

# What every change has to pass.
check: lint types walls test

# What the build server runs on a clean checkout; its fuzzing is a short one. What waits more than it works runs two at once.
ci: check long
	$(MAKE) --jobs=2 --output-sync=target SECONDS=20 EXAMPLES=60 interop bench-gates browser fuzz wheel

# The server that the store is tested on besides SQLite; the tests run it themselves, in a temporary folder.
postgres:
	apt-get install -qy --no-install-recommends postgresql

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/ruff check src tests bench docs

types: $(VENV)/dev.stamp
	$(BIN)/mypy src tests bench docs

# The house: which room may import which. The contracts are in pyproject.toml.
walls: $(VENV)/dev.stamp
	$(BIN)/lint-imports --no-cache

format: $(VENV)/dev.stamp
	$(BIN)/ruff format src tests bench docs
	$(BIN)/ruff check --fix src tests bench docs
	$(BIN)/python -m webex_connector.cli.reference docs
	$(BIN)/python docs/pages/attributes.py > docs/attributes.md
	$(BIN)/python -m docs.pages.site_attributes > docs/meetings-attributes.md
	$(BIN)/python docs/pages/expressions.py > docs/expressions.md
	PYTHONPATH=tests $(BIN)/python docs/pages/published.py > docs/published.md

bench: $(VENV)/dev.stamp
	PYTHONPATH=tests $(BIN)/python -m bench

# The benchmarks whose figures are exact counts or ratios within one run.
bench-gates: $(VENV)/dev.stamp
	PYTHONPATH=tests $(BIN)/python -m bench --gates

# The wheel installs into an empty environment and its command starts.
wheel: $(VENV)/dev.stamp
	rm -rf dist build/wheel
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	$(PYTHON) -m venv build/wheel
	build/wheel/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	build/wheel/bin/pip install --quiet --disable-pip-version-check --no-deps dist/*.whl
	build/wheel/bin/webex-connector --version
	build/wheel/bin/webex-connector demo --once --people 50 --port 0

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

# Resolve the dependencies anew and pin them by hash.
lock:
	uv pip compile pyproject.toml --group build --generate-hashes --universal --no-header --no-annotate -q -o requirements/run.txt
	uv pip compile pyproject.toml --group dev --generate-hashes --universal --no-header --no-annotate -q -c requirements/run.txt -o requirements/dev.txt
	uv pip compile --group fuzz --python-version 3.11 --generate-hashes --universal --no-header --no-annotate -q -o requirements/fuzz.txt

clean:
	rm -rf $(VENV) dist build
